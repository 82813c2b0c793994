"""The jobs of follow-up: rounds whose phase begins in the morning, those who are reminded or late, the calendar's dates
and the year's action plans."""

from __future__ import annotations

from roder.core.jobs import periodic
from roder.followup.services import calendar, plans, rounds, telling


@periodic("30 4 * * *")
def open_rounds() -> None:
    """Every night, so that the tasks are there in the morning of the day that the phase begins."""
    rounds.open_due()


@periodic("35 4 * * *")
def open_year() -> None:
    """Every night: the dates of the wheel that are near become tasks, and plans are asked for at New Year."""
    calendar.open_due()
    plans.open_due()


@periodic("0 7 * * *")
def remind_of_rounds() -> None:
    """Every morning: what is left three days before the last day, and what is late."""
    telling.remind()
