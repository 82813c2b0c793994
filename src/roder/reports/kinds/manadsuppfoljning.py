"""Månadsuppföljning: the forecast of operations and how it has changed (March, May, October)."""

from __future__ import annotations

from typing import ClassVar

from roder.reports.base import Comments, Report, Section
from roder.reports.parts import Goals
from roder.reports.recovery_part import RECOVERY
from roder.reports.shared import (
    CHANGE_COMMENTS,
    CHANGE_TABLE,
    FORECAST_COMMENTS,
    FORECAST_TABLE,
    INVESTMENT_FORECAST_TABLE,
    VARIANCE_CHART,
)


class MonthlyFollowUp(Report):
    """What the committee gets every month of its forecast. Uppföljningsanvisningar, månadsuppföljning."""

    slug = "manadsuppfoljning"
    title = "Månadsuppföljning"
    kinds = frozenset({"monthly"})
    sections: ClassVar = (
        Section(
            "Sammanfattning",
            (Comments("sammanfattning", ask="Vad är viktigast att veta om läget?", about="document"),),
        ),
        Section("Prognos", (FORECAST_TABLE, VARIANCE_CHART, FORECAST_COMMENTS), content="operations"),
        Section(
            "Prognosförändring",
            (CHANGE_TABLE, CHANGE_COMMENTS),
            content="operations",
            when=lambda page: bool(page.facts.compares_with),
        ),
        RECOVERY,
        Section("Mål", (Goals(judged=True, ask="Hur går det mot målet?"),), content="goals", optional=True),
        Section(
            "Investeringar",
            (
                INVESTMENT_FORECAST_TABLE,
                Comments("investeringar", ask="Vad väntas användas, och till vad?", subject="prognos"),
            ),
            content="investments",
            optional=True,
        ),
    )
