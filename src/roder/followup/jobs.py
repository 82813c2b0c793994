"""The jobs of follow-up: rounds whose phase begins in the morning, and those who are reminded or late."""

from __future__ import annotations

from roder.core.jobs import periodic
from roder.followup.services import rounds, telling


@periodic("30 4 * * *")
def open_rounds() -> None:
    """Every night, so that the tasks are there in the morning of the day that the phase begins."""
    rounds.open_due()


@periodic("0 7 * * *")
def remind_of_rounds() -> None:
    """Every morning: what is left three days before the last day, and what is late."""
    telling.remind()
