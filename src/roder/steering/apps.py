from django.apps import AppConfig


class SteeringConfig(AppConfig):
    name = "roder.steering"
    label = "steering"
    verbose_name = "Styrning"
    default_auto_field = "django.db.models.BigAutoField"
