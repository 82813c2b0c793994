"""The files room."""

from django.apps import AppConfig


class FilesConfig(AppConfig):
    name = "roder.files"
    label = "files"
    verbose_name = "Filer"
