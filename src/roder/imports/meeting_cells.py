"""Cells of the files about meetings: registration numbers in any spelling, and who handles a case."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Q

from roder.imports.cells import CellFault, Context, Reader, Values, read_day
from roder.imports.organisation_cells import Email
from roder.imports.quality_cells import Reference
from roder.meetings.rules import numbers
from roder.meetings.services.case_series import writes_year_last
from roder.organisation.models import Person


@dataclass(frozen=True)
class CaseKey:
    """What a case's registration number is looked for by, the same for every spelling."""

    types: tuple[str, ...] = ("VARCHAR",)

    def reader(self, context: Context) -> Reader:
        """Reads a number as the committee writes them."""
        plain, last = Reference(numbers.MOST).reader(context), writes_year_last(context.committee)

        def read(text: str) -> Values:
            key = numbers.key(str(plain(text)[0]), year_last=last)
            if key == "=":
                raise CellFault(
                    f"”{text}” är inget diarienummer", "Skriv det som i diariet, till exempel VON 2026/41."
                )
            return (key,)

        return read


@dataclass(frozen=True)
class CaseYear:
    """The year of a case: that of its number, else of the day it was registered (the second cell)."""

    types: tuple[str, ...] = ("SMALLINT",)

    def reader(self, context: Context) -> Reader:
        """What is wrong with the two cells is said at their own columns."""
        last = writes_year_last(context.committee)

        def read(number: str, day: str) -> Values:
            found = numbers.parse(number, year_last=last)
            if found is not None:
                return (found.year,)
            try:
                return (read_day(day).year,)
            except CellFault:
                return (None,)

        return read


@dataclass(frozen=True)
class Handler:
    """A person with a mandate in the committee, by e-mail address."""

    types: tuple[str, ...] = ("BIGINT",)

    def reader(self, context: Context) -> Reader:
        """Looks up the committee's people once."""
        place = Q(mandates__body=context.committee) | Q(mandates__unit__committee=context.committee)
        known = {one.email.lower(): one.pk for one in Person.objects.filter(place).distinct()}
        address = Email().reader(context)

        def read(text: str) -> Values:
            (email,) = address(text)
            if email not in known:
                raise CellFault(
                    f"ingen med uppdrag i nämnden har e-postadressen {email}",
                    "Läs in personen först, eller lämna cellen tom.",
                )
            return (known[email],)

        return read
