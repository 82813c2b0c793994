"""Clocks of casework, as pure functions: how long somebody has waited for a caseworker."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from roder.tasks.rules import add_months

#: Months from application to caseworker before a deviation is made, where the steering model does not say.
MONTHS_TO_ASSIGN = 4


@dataclass(frozen=True)
class Wait:
    """An application: when it came in, and when its wait ended (nothing while it lasts)."""

    received: date
    ended: date | None = None


def last_day_reached(received: date, months: int = MONTHS_TO_ASSIGN) -> date:
    """The day an application has waited so many months: the same day of the month, or the month's last when it is
    shorter (31 October and four months is 28 February)."""
    return add_months(received, months)


def too_late(wait: Wait, today: date, months: int = MONTHS_TO_ASSIGN) -> date | None:
    """The day the wait became too long; nothing when it did not, or has not yet.

    Too long is when the assignment came ``months`` months or more after the application, or has not come when that time
    is over. Källa: nämndens egen regel (avvikelse när ansökan tilldelas handläggare efter fyra månader eller mer).
    """
    limit = last_day_reached(wait.received, months)
    return limit if (wait.ended or today) >= limit else None
