from django.apps import AppConfig


class SetupConfig(AppConfig):
    name = "roder.setup"
    verbose_name = "uppsättning"
