"""Which days the program reckons with: one bound for everything that people and other systems write.

A day is followed by another, and has deadlines before it. The first and last days of the calendar have neither, and
9999-12-31 is how many systems write that something holds until further notice: here that is an empty date.
"""

from __future__ import annotations

from datetime import date

FIRST_DAY, LAST_DAY = date(1900, 1, 1), date(2999, 12, 31)
#: What to do instead, where the day may be left out.
OR_EMPTY = "Lämna tomt om det gäller tills vidare."


def fault_of(day: date, *, may_be_empty: bool = False) -> str:
    """What is wrong with a day that is not reckoned with, in Swedish; empty for every other day."""
    if FIRST_DAY <= day <= LAST_DAY:
        return ""
    told = f"Skriv en dag från {FIRST_DAY} till och med {LAST_DAY}."
    return f"{told} {OR_EMPTY}" if may_be_empty else told


class DayError(ValueError):
    """The text is not a day that the program reckons with; the message is Swedish."""


def read_day(text: str, example: date | None = None) -> date:
    """A day that an address or a hidden field carries, written 2022-05-31. Raises DayError for any other text and for
    a day that is not reckoned with; ``example`` is the day that is shown instead."""
    plain = text.strip()
    try:
        found = date.fromisoformat(plain)
    except ValueError:
        raise DayError(f"”{plain[:40]}” är inget datum. Skriv det som {example or '2022-05-31'}.") from None
    if fault := fault_of(found):
        raise DayError(f"”{found}” ligger för långt bort. {fault}")
    return found
