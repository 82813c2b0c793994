"""The API room."""

from django.apps import AppConfig


class ApiConfig(AppConfig):
    name = "roder.api"
    label = "api"
    verbose_name = "API"
