from django.apps import AppConfig


class ReportsConfig(AppConfig):
    name = "roder.reports"
    label = "reports"
    verbose_name = "Rapporter"
    default_auto_field = "django.db.models.BigAutoField"
