"""The room of comparisons: values of every municipality from the open database Kolada."""

from __future__ import annotations

from django.apps import AppConfig


class KoladaConfig(AppConfig):
    """Comparisons with other municipalities."""

    name = "roder.kolada"
    verbose_name = "Jämförelser"
