"""The registers room."""

from django.apps import AppConfig


class RegistersConfig(AppConfig):
    name = "roder.registers"
    label = "registers"
    verbose_name = "Register"
