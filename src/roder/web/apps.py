from django.apps import AppConfig


class WebConfig(AppConfig):
    name = "roder.web"
    label = "web"
    verbose_name = "Webb"
    default_auto_field = "django.db.models.BigAutoField"
