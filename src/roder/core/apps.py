"""One AppConfig per room, all alike: the label is the room's name."""

from django.apps import AppConfig


class CoreConfig(AppConfig):
    name = "roder.core"
    label = "core"
    verbose_name = "Kärna"
    default_auto_field = "django.db.models.BigAutoField"
