"""Cells of the files with units and people."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db.models import Q

from roder.core.persons import find
from roder.imports.cells import CellFault, Context, Reader, Values, close_to, without_sheet_date
from roder.organisation.models import Body, Unit

COMMITTEE = "body"  # the place that is the committee as a whole


@dataclass(frozen=True)
class Email:
    """An e-mail address, in small letters."""

    types: tuple[str, ...] = ("VARCHAR",)

    def reader(self, context: Context) -> Reader:
        """Refuses what is no address."""

        def read(text: str) -> Values:
            try:
                validate_email(text)
            except ValidationError as error:
                raise CellFault(
                    f"”{text}” är ingen e-postadress", "Skriv den som anna.lind@kommun.se."
                ) from error
            if len(text) > 254:
                raise CellFault("e-postadressen är för lång", "Högst 254 tecken får plats.")
            return (text.lower(),)

        return read


@dataclass(frozen=True)
class PersonName:
    """What a person is called. A personal identity number is refused, and not repeated."""

    longest: int = 120
    types: tuple[str, ...] = ("VARCHAR",)

    def reader(self, context: Context) -> Reader:
        """Refuses numbers and what is too long."""

        def read(text: str) -> Values:
            if find(text):
                raise CellFault(
                    "cellen innehåller ett personnummer", "Skriv bara namnet: Roder behöver inget annat."
                )
            if len(text) > self.longest:
                raise CellFault(f"namnet har {len(text)} tecken", f"Högst {self.longest} får plats.")
            if not any(letter.isalpha() for letter in text):
                raise CellFault(f"”{text}” är inget namn", "Skriv personens för- och efternamn.")
            return (text,)

        return read


def unit_codes(committee: Body) -> Iterable[str]:
    """The codes of the committee's units."""
    return Unit.objects.filter(committee=committee).values_list("code", flat=True)


@dataclass(frozen=True)
class PlaceCell:
    """Where a mandate holds: the committee (an empty cell), one of its subcommittees, or one of its units; by code,
    short name or name. As ``body``, ``body:<id>`` or ``unit:<id>``."""

    types: tuple[str, ...] = ("VARCHAR",)

    def places(self, context: Context) -> tuple[str, ...]:
        """What may be chosen, in words."""
        _, units = self._known(context)
        bodies = [context.committee.short_name, *(one.short_name for one in _subcommittees(context))]
        return (*bodies, *(unit.code for unit in units))

    def _known(self, context: Context) -> tuple[dict[str, set[str]], list[Unit]]:
        known: dict[str, set[str]] = {}

        def add(value: str, *words: str) -> None:
            for word in words:
                known.setdefault(word.casefold(), set()).add(value)

        own = context.committee
        add(COMMITTEE, own.short_name, own.slug, own.name)
        for body in _subcommittees(context):
            add(f"body:{body.pk}", body.short_name, body.slug, body.name)
        units = list(Unit.objects.filter(committee=own).order_by("code"))
        for unit in units:
            add(f"unit:{unit.pk}", unit.code)
        for unit in units:
            if unit.name.casefold() not in {one.code.casefold() for one in units}:
                add(f"unit:{unit.pk}", unit.name)
        return known, units

    def reader(self, context: Context) -> Reader:
        """Looks up the committee's bodies and units once."""
        known, units = self._known(context)

        def read(text: str) -> Values:
            found = known.get(without_sheet_date(text).casefold(), set())
            if len(found) > 1:
                raise CellFault(f"flera heter ”{text}”", "Skriv koden i stället.")
            if not found:
                there = "" if units else " Läs in enheterna först."
                raise CellFault(
                    f"”{text}” är varken nämnden, ett utskott eller en enhet",
                    f"Skriv koden eller namnet, eller lämna cellen tom för hela nämnden.{there}{close_to(text, known)}",
                )
            return (next(iter(found)),)

        return read


def _subcommittees(context: Context) -> list[Body]:
    return list(Body.objects.filter(Q(parent=context.committee)).order_by("short_name"))
