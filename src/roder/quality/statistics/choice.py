"""What the statistics are about: two periods and a selection, read from the address. The address is the state."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from django.db import models

from roder.organisation.models import Body, Unit
from roder.quality.models.deviations import Direction, Law
from roder.steering.models import DeviationCause, DeviationType, ServiceArea

if TYPE_CHECKING:
    from django.http import QueryDict

EARLIEST = date(1990, 1, 1)
LATEST = date(2100, 12, 31)
#: name -> (first month, number of months)
PARTS = {
    "Första halvåret": (1, 6), "Andra halvåret": (7, 6), "Hela året": (1, 12), "Kvartal 1": (1, 3),
    "Kvartal 2": (4, 3), "Kvartal 3": (7, 3), "Kvartal 4": (10, 3),
}  # fmt: skip


@dataclass(frozen=True)
class Span:
    """A period from a first day to a last, both in it."""

    first: date
    last: date

    @property
    def text(self) -> str:
        """As it is called: 2022, första halvåret 2022, mars 2022, or the two dates."""
        year = self.first.year
        for name, part in PARTS.items():
            if self == span_of(year, *part):
                return str(year) if name == "Hela året" else f"{name.lower()} {year}"
        return f"{self.first:%Y-%m-%d} – {self.last:%Y-%m-%d}"

    def years_before(self, years: int) -> Span:
        """The same part of an earlier year. The end of February stays the end of February."""
        return Span(_shifted(self.first, years), _shifted(self.last, years))


def _shifted(day: date, years: int) -> date:
    year = day.year - years
    end_of_month = day.day == monthrange(day.year, day.month)[1]
    days = monthrange(year, day.month)[1]
    return date(year, day.month, days if end_of_month else min(day.day, days))


def span_of(year: int, first_month: int, months: int) -> Span:
    """Whole months of a year."""
    last = first_month + months - 1
    return Span(date(year, first_month, 1), date(year, last, monthrange(year, last)[1]))


@dataclass(frozen=True)
class Choice:
    """What is counted: a period, the period it is compared with, and which deviations. Empty means all."""

    period: Span
    compared: Span
    unit: Unit | None = None
    types: tuple[DeviationType, ...] = ()
    cause: DeviationCause | None = None
    severities: tuple[int, ...] = ()
    law: str = ""
    direction: str = Direction.INTERNAL
    area: ServiceArea | None = None
    faults: tuple[str, ...] = ()

    def whole_months(self) -> Choice:
        """The same for periods of whole months: shorter ones could point somebody out."""
        return replace(self, period=_whole(self.period), compared=_whole(self.compared))

    @property
    def narrowed(self) -> bool:
        """Whether anything but the periods and the usual direction is chosen."""
        chosen = (self.unit, self.types, self.cause, self.severities, self.law, self.area)
        return any(chosen) or self.direction != Direction.INTERNAL


def _whole(span: Span) -> Span:
    return Span(span.first.replace(day=1), _end_of_month(span.last))


def _end_of_month(day: date) -> date:
    return day.replace(day=monthrange(day.year, day.month)[1])


def usual(year: int, today: date) -> Span:
    """The period shown first: the year so far, in whole months; else the whole year, in January the one before."""
    if today.year != year:
        return span_of(year, 1, 12)
    return span_of(year, 1, today.month - 1) if today.month > 1 else span_of(year - 1, 1, 12)


def last_month_over(last: date, today: date) -> date:
    """The last day of the month that ``last`` is in, or of the latest one that is over: half a month is always low."""
    return min(_end_of_month(last), today.replace(day=1) - timedelta(days=1))


@dataclass(frozen=True)
class Words:
    """What can be chosen in a committee."""

    units: list[Unit]
    types: list[DeviationType]
    causes: list[DeviationCause]
    areas: list[ServiceArea]
    severities: tuple[int, ...]

    @classmethod
    def of(cls, committee: Body, severities: Iterable[int]) -> Words:
        """The committee's units and the words of its steering model."""
        return cls(
            list(Unit.objects.filter(committee=committee).order_by("name", "pk")),
            list(DeviationType.objects.filter(committee=committee).order_by("position", "pk")),
            list(
                DeviationCause.objects.filter(committee=committee)
                .select_related("type")
                .order_by("type__position", "position", "pk")
            ),
            list(ServiceArea.objects.filter(committee=committee).order_by("position", "pk")),
            tuple(severities),
        )


def _day(data: QueryDict, name: str, label: str, faults: list[str]) -> date | None:
    text = data.get(name, "").strip()
    if not text:
        return None
    try:
        found = date.fromisoformat(text)
    except ValueError:
        faults.append(f"{label}: skriv datumet som 2022-06-30.")
        return None
    if not EARLIEST <= found <= LATEST:
        faults.append(f"{label}: {found} ligger utanför {EARLIEST.year}–{LATEST.year}.")
        return None
    return found


def _span(data: QueryDict, name: str, label: str, otherwise: Span, faults: list[str]) -> Span:
    first = _day(data, f"{name}fran", f"{label} från", faults)
    last = _day(data, f"{name}till", f"{label} till", faults)
    if first and last and first > last:
        faults.append(f"{label}: slutar innan den börjar. Byt plats på datumen.")
        return otherwise
    if first and not last:
        last = max(first, otherwise.last)
    elif last and not first:
        first = min(last, otherwise.first)
    return Span(first, last) if first and last else otherwise


def read(data: QueryDict, words: Words, year: int, today: date) -> Choice:
    """The choice of an address. What cannot be understood is left out and said in ``faults``."""
    faults: list[str] = []

    def one(rows: Iterable[Any], name: str, label: str) -> Any:
        wanted = data.get(name, "")
        found = next((row for row in rows if wanted and str(row.pk) == wanted), None)
        if wanted and found is None:
            faults.append(f"{label}: valet finns inte längre.")
        return found

    def known(choices: type[models.TextChoices], name: str, otherwise: str) -> str:
        wanted = data.get(name, otherwise)
        return wanted if wanted in (*choices.values, "") else otherwise

    period = _span(data, "", "Perioden", usual(year, today), faults)
    compared = _span(data, "jmf_", "Jämförelsen", period.years_before(1), faults)
    types = data.getlist("typ")
    return Choice(
        period=period,
        compared=compared,
        unit=one(words.units, "enhet", "Enhet"),
        types=tuple(row for row in words.types if str(row.pk) in types),
        cause=one(words.causes, "orsak", "Orsak"),
        severities=tuple(value for value in words.severities if str(value) in data.getlist("grad")),
        law=known(Law, "lagrum", ""),
        direction=known(Direction, "riktning", Direction.INTERNAL),
        area=one(words.areas, "omrade", "Verksamhetsområde"),
        faults=tuple(faults),
    )


def months_of(first: date, last: date) -> list[date]:
    """The first day of every month from one date to another."""
    found, month = [], first.replace(day=1)
    while month <= last:
        found.append(month)
        month = (month + timedelta(days=32)).replace(day=1)
    return found
