from pathlib import Path

from django.apps import AppConfig
from django.conf import settings


class WebConfig(AppConfig):
    """The web room. The folder for collected static files must exist before whitenoise looks for it."""

    name = "roder.web"
    label = "web"
    verbose_name = "Webb"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Make the folder that whitenoise serves from; without it every process starts with a warning."""
        Path(settings.STATIC_ROOT).mkdir(parents=True, exist_ok=True)
