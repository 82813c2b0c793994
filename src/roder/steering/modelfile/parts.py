"""What every part of the steering model is made of: strict records and the small types they share.

Unknown keys are refused, numbers and truth values are never guessed from text, and dates must exist.
Every field has a Swedish title: it is what messages, comparisons and the published JSON Schema say.
"""

from __future__ import annotations

import calendar
import re
from datetime import date, time
from decimal import Decimal, InvalidOperation
from typing import Annotated, Any

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    PlainSerializer,
    Strict,
    StringConstraints,
)
from pydantic_core import PydanticCustomError

from roder.core.addresses import SLUG
from roder.core.days import fault_of
from roder.core.words import MONTHS

OWN_MESSAGE = "roder"  # error type of messages that are written in Swedish where they are raised

_DATE = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})")
_TIME = re.compile(r"(\d{1,2}):(\d{2})(?::00)?")
_DIGITS = 12  # more before or after the point is a slip of the hand


def _own(message: str) -> PydanticCustomError:
    """An error whose text is shown as it is."""
    return PydanticCustomError(OWN_MESSAGE, message)


def read_date(value: Any) -> date:
    """Read ``2022-08-31``. Raises an error that says what is wrong with a date that does not exist, or that nobody
    reckons with."""
    day = _existing(value)
    if fault := fault_of(day):
        raise _own(fault)
    return day


def _existing(value: Any) -> date:
    if isinstance(value, date):
        return value
    found = _DATE.fullmatch(value) if isinstance(value, str) else None
    if not found:
        raise _own(f"”{value}” är inte ett datum; skriv år-månad-dag, till exempel 2022-08-31")
    year, month, day = (int(part) for part in found.groups())
    if not 1 <= month <= 12 or year < 1:
        raise _own(f"datumet {value} finns inte: månaden ska vara 01–12")
    last = calendar.monthrange(year, month)[1]
    if not 1 <= day <= last:
        raise _own(f"datumet {value} finns inte: {MONTHS[month - 1]} {year} har {last} dagar")
    return date(year, month, day)


def read_time(value: Any) -> time:
    """Read ``12:00``."""
    if isinstance(value, time):
        return value
    found = _TIME.fullmatch(value) if isinstance(value, str) else None
    if not found or int(found[1]) > 23 or int(found[2]) > 59:
        raise _own(
            f'”{value}” är inte ett klockslag; skriv timme och minut inom citattecken, till exempel "12:00"'
        )
    return time(int(found[1]), int(found[2]))


def read_decimal(value: Any) -> Decimal:
    """Read a number exactly as written. Text with a unit in it is refused: the unit has a field of its
    own."""
    try:
        if isinstance(value, bool) or not isinstance(value, int | float | str | Decimal):
            raise InvalidOperation
        number = Decimal(str(value)).normalize()
        if not number.is_finite() or abs(number.adjusted()) > _DIGITS or number != round(number, _DIGITS):
            raise InvalidOperation
    except InvalidOperation:
        shown = {True: "true", False: "false"}.get(value, value) if isinstance(value, bool) else value
        raise _own(f"”{shown}” är inte ett tal; skriv bara siffror, med punkt före decimalerna") from None
    return number


def _plain(value: Decimal) -> str:
    return format(value, "f")


Whole = Annotated[int, Strict()]
YesNo = Annotated[bool, Strict()]
Number = Annotated[
    Decimal, BeforeValidator(read_decimal), PlainSerializer(_plain, return_type=str, when_used="json")
]
Day = Annotated[date, BeforeValidator(read_date)]
Clock = Annotated[
    time,
    BeforeValidator(read_time),
    PlainSerializer(lambda value: value.strftime("%H:%M"), return_type=str, when_used="json"),
]
Code = Annotated[str, StringConstraints(pattern=r"^[A-Za-zÅÄÖåäö0-9][A-Za-zÅÄÖåäö0-9_.-]*$", max_length=60)]
AddressCode = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9_-]*$", max_length=20)]
Slug = Annotated[str, StringConstraints(pattern=SLUG, max_length=50)]
Short = Annotated[str, StringConstraints(min_length=1, max_length=120)]
Text = Annotated[str, StringConstraints(min_length=1, max_length=250)]
Label = Annotated[str, StringConstraints(min_length=1, max_length=200)]
"""A text that a column of the database holds: as long as the column."""
Long = Annotated[str, StringConstraints(min_length=1, max_length=2000)]
Year = Annotated[int, Strict(), Field(ge=1990, le=2100)]


class Part(BaseModel):
    """A part of the steering model: frozen, and nothing in it that the schema does not know."""

    model_config = ConfigDict(extra="forbid", frozen=True, str_strip_whitespace=True)


class Sourced(Part):
    """A part that says which document and section it comes from."""

    source: Long | None = Field(
        None, title="källa", description="Handlingen och avsnittet som uppgifterna kommer ur."
    )
    note: Long | None = Field(
        None, title="anmärkning", description="Fri anmärkning till dem som sköter modellen."
    )


class Term(Sourced):
    """A word of the municipality's own with the code rows point at."""

    code: Code = Field(
        title="kod",
        description="Koden som filer och andra delar hänvisar till. Byt den inte när den har använts; byt "
        "label i stället.",
    )
    label: Text = Field(title="benämning", description="Ordet som visas och trycks.")


class Word(Term):
    """A term that is kept in the database, where rows point at it."""

    label: Label = Field(title="benämning", description="Ordet som visas och trycks.")
