from django.apps import AppConfig


class MeasuresConfig(AppConfig):
    name = "roder.measures"
    label = "measures"
    verbose_name = "Nyckeltal"
    default_auto_field = "django.db.models.BigAutoField"
