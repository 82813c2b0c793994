"""The quality room."""

from django.apps import AppConfig


class QualityConfig(AppConfig):
    name = "roder.quality"
    label = "quality"
    verbose_name = "Kvalitet"

    def ready(self) -> None:
        """How deviations and self-checks are answered for is known before anybody answers."""
        from roder.quality.services.questions import declare  # noqa: PLC0415 - needs the models

        declare()
