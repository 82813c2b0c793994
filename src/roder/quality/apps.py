"""The quality room."""

from django.apps import AppConfig


class QualityConfig(AppConfig):
    name = "roder.quality"
    label = "quality"
    verbose_name = "Kvalitet"
