"""What a report knows of the recovery plan. Plain data."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal


@dataclass(frozen=True)
class MeasureFact:
    """A measure of the plan: what, whose, by when, its money in kronor (None: not known)."""

    key: str
    what: str
    owner: str
    due: dt.date | None
    amount: Decimal
    so_far: Decimal | None
    done: bool


@dataclass(frozen=True)
class RecoveryFact:
    """The committee's recovery plan at an occasion: why, what is done, and the decision (none: a draft)."""

    cause: str
    measures: tuple[MeasureFact, ...]
    decided_on: dt.date | None = None
    decision: str = ""
    deficit: Decimal | None = None
    remaining: Decimal | None = None
