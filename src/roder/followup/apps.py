"""The room of follow-up rounds, the annual wheel and action plans."""

from __future__ import annotations

from django.apps import AppConfig


class FollowUpConfig(AppConfig):
    """Follow-up rounds, the annual wheel and action plans."""

    name = "roder.followup"
    verbose_name = "Uppföljning"
