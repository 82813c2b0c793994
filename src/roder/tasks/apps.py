"""The tasks room. Loads what every room declares in its ``tasks.py`` when the program starts."""

from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules


class TasksConfig(AppConfig):
    name = "roder.tasks"
    label = "tasks"
    verbose_name = "Uppgifter"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Every kind of task is known before the first one is opened."""
        autodiscover_modules("tasks")
