"""The meetings room."""

from django.apps import AppConfig


class MeetingsConfig(AppConfig):
    name = "roder.meetings"
    label = "meetings"
    verbose_name = "Sammanträden"
