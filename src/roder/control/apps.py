"""The room of risk and internal control."""

from __future__ import annotations

from django.apps import AppConfig


class ControlConfig(AppConfig):
    """Risk and internal control."""

    name = "roder.control"
    verbose_name = "Risk och intern kontroll"
