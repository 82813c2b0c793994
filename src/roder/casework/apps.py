"""The casework room."""

from django.apps import AppConfig


class CaseworkConfig(AppConfig):
    name = "roder.casework"
    label = "casework"
    verbose_name = "Handläggning"
