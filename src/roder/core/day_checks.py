"""Refusing a day that the program does not reckon with, as Django refuses a value: see `roder.core.days`."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.db.backends.postgresql.psycopg_any import DateRange

from roder.core.days import fault_of


def reckoned(value: Any) -> None:
    """A validator: refuse a day, a moment of a day, or a span of days, that is not reckoned with."""
    for day in _days_of(value):
        if fault := fault_of(day):
            raise ValidationError(fault, code="day_out_of_reach")


def _days_of(value: Any) -> list[date]:
    if isinstance(value, DateRange):  # half open: the day after the last may be the one after the last of all
        upper = value.upper - timedelta(days=1) if value.upper not in (None, date.min) else value.upper
        return [day for day in (value.lower, upper) if day is not None]
    if isinstance(value, datetime):
        return [value.date()]
    return [value] if isinstance(value, date) else []


def require(field: str, day: date | None, *, may_be_empty: bool = False) -> None:
    """Raise ValidationError at ``field`` for a day that is not reckoned with; None is no day."""
    if day is not None and (fault := fault_of(day, may_be_empty=may_be_empty)):
        raise ValidationError({field: fault})
