from django.apps import AppConfig


class FiguresConfig(AppConfig):
    name = "roder.figures"
    label = "figures"
    verbose_name = "Siffror"
    default_auto_field = "django.db.models.BigAutoField"
