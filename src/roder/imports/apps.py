from django.apps import AppConfig


class ImportsConfig(AppConfig):
    name = "roder.imports"
    label = "imports"
    verbose_name = "Inläsning"
    default_auto_field = "django.db.models.BigAutoField"
