"""One AppConfig per room, all alike: the label is the room's name."""

from django.apps import AppConfig


class CoreConfig(AppConfig):
    name = "roder.core"
    label = "core"
    verbose_name = "Kärna"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """See to it that moments are read fast on every connection."""
        from django.db.backends.signals import connection_created  # noqa: PLC0415

        from roder.core import moments  # noqa: PLC0415

        connection_created.connect(moments.use)
