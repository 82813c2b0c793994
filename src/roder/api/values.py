"""Values that calls bring, checked at the edge: what no database can keep never comes further."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Callable, Sequence
from datetime import date, datetime
from typing import Annotated, Any, TypeVar

from django.db import models
from django.db.models import Q, QuerySet
from django.http import Http404
from django.utils import timezone
from ninja import Path, Query
from pydantic import AfterValidator, AwareDatetime, BaseModel, ConfigDict, Field, StringConstraints

from roder import access
from roder.access.rights import User
from roder.core.days import fault_of
from roder.organisation.models import Body

M = TypeVar("M", bound=models.Model)


def _storable(text: str) -> str:
    if "\x00" in text:
        raise ValueError("Texten innehåller ett tecken som inte går att spara (NUL). Ta bort det.")
    try:
        text.encode()
    except UnicodeEncodeError:
        raise ValueError("Texten innehåller ett halvt tecken som inte går att spara. Ta bort det.") from None
    return text


def _in_our_time(value: Any) -> Any:
    if fault := fault_of(value.date() if isinstance(value, datetime) else value):
        raise ValueError(fault)
    return value


def text(longest: int, shortest: int = 0) -> tuple[Any, ...]:
    """What a text has to be: ``Annotated[str, *text(200)]``."""
    return StringConstraints(min_length=shortest, max_length=longest), AfterValidator(_storable)


Code = Annotated[str, *text(100, 1)]
Number = Annotated[int, Field(ge=1, le=2**62)]
Moment = Annotated[AwareDatetime, AfterValidator(_in_our_time)]
Day = Annotated[date, AfterValidator(_in_our_time)]
Id = Annotated[Number, Path(description="Numret i listan (id).")]
Committee = Annotated[Code | None, Query(description="Nämndens adressnamn, till exempel alingsas-von.")]
Limit = Annotated[int, Query(ge=1, le=200, description="Hur många rader som ges, högst 200.")]
After = Annotated[Code | None, Query(description="Värdet next ur förra svaret, för nästa sida.")]


class Input(BaseModel):
    """A body. What it does not have is refused rather than left aside."""

    model_config = ConfigDict(extra="forbid")


def later(key: Sequence[object]) -> str:
    """The place of a row in a list, as a text to continue from."""
    parts = [one.isoformat() if isinstance(one, (datetime, date)) else str(one) for one in key]
    return base64.urlsafe_b64encode("|".join(parts).encode()).decode().rstrip("=")


def _place(text: str, read: Callable[[str], Any]) -> tuple[Any, int]:
    """The place that ``later`` wrote. Raises Http404 for what it did not."""
    try:
        first, number = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)).decode("ascii").split("|")
        value, pk = _in_our_time(read(first)), int(number)
        if isinstance(value, datetime) and timezone.is_naive(value):
            raise ValueError("utan tidszon")
    except (ValueError, binascii.Error) as error:
        raise Http404("Sidan finns inte: after ska vara värdet next ur ett tidigare svar.") from error
    if not 0 < pk < 2**62:
        raise Http404("Sidan finns inte: after ska vara värdet next ur ett tidigare svar.")
    return value, pk


def a_page(
    rows: QuerySet[M],
    column: str,
    after: str | None,
    limit: int,
    read: Callable[[str], Any] = datetime.fromisoformat,
) -> tuple[list[M], str | None]:
    """The rows after a place, the latest first, and the place to continue from. Costs the same on every page."""
    rows = rows.order_by(f"-{column}", "-pk")
    if after:
        value, pk = _place(after, read)
        rows = rows.filter(
            Q(**{f"{column}__lt": value}) | Q(**{column: value, "pk__lt": pk}), **{f"{column}__lte": value}
        )
    found = list(rows[: limit + 1])
    more = len(found) > limit
    last = found[limit - 1] if more else None
    return found[:limit], later((getattr(last, column), last.pk)) if last is not None else None


def committee_of(user: User, slug: str) -> Body:
    """A committee that the person has a mandate in. Raises Http404."""
    for body in access.committees(user):
        if body.slug == slug:
            return body
    raise Http404("Nämnden finns inte.")


def within(user: User, rows: QuerySet[M], slug: str | None, path: str = "committee") -> QuerySet[M]:
    """The rows of a committee, when one is asked for. Raises Http404 when the person has no mandate in it."""
    return rows.filter(**{path: committee_of(user, slug)}) if slug else rows


def start_of(day: date) -> datetime:
    """The moment when a day begins here."""
    return timezone.make_aware(datetime(day.year, day.month, day.day))
