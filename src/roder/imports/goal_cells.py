"""Cells of the files of measures, goals and assignments."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from roder.core.numbers import whole_number
from roder.core.words import MONTHS
from roder.imports.cells import CellFault, Context, Reader, Values, close_to, without_sheet_date
from roder.imports.quality_cells import FreeText, items_of
from roder.measures.models import GROUPS, Measure
from roder.organisation.models import Body
from roder.steering.models import Goal


def measure_codes(committee: Body) -> Iterable[str]:
    """The codes of the committee's measures."""
    return (
        Measure.objects.filter(committee=committee)
        .order_by("position", "code")
        .values_list("code", flat=True)
    )


@dataclass(frozen=True)
class Month:
    """A month of the year, by number or name."""

    types: tuple[str, ...] = ("SMALLINT",)

    def offered(self, context: Context, name: str) -> tuple[str, ...]:
        """The names."""
        return MONTHS

    def reader(self, context: Context) -> Reader:
        """1 and ”januari” are the same."""

        def read(text: str) -> Values:
            word = text.casefold()
            number = MONTHS.index(word) + 1 if word in MONTHS else whole_number(word, 2)
            if number is None or not 1 <= number <= 12:
                raise CellFault(f"”{text}” är ingen månad", "Skriv månadens namn, eller 1 till 12.")
            return (number,)

        return read


@dataclass(frozen=True)
class MeasuresCell:
    """Measures of the committee by their codes (``|`` or a comma between), in order."""

    types: tuple[str, ...] = ("VARCHAR",)

    def offered(self, context: Context, name: str) -> tuple[str, ...]:
        """The committee's measures."""
        return tuple(measure_codes(context.committee))

    def reader(self, context: Context) -> Reader:
        """Looks the measures up once."""
        known = {code.casefold(): code for code in measure_codes(context.committee)}

        def read(text: str) -> Values:
            words = [
                word
                for item in items_of(text)
                for word in ([item] if item.casefold() in known else map(str.strip, item.split(",")))
            ]
            found = []
            for word in words:
                if word.casefold() not in known:
                    there = close_to(word, known.values()) if known else " Läs in nyckeltalen först."
                    raise CellFault(
                        f"nyckeltalet ”{word}” finns inte bland nämndens nyckeltal",
                        f"Skriv nyckeltalets kod; skilj flera åt med |.{there}",
                    )
                found.append(known[word.casefold()])
            return ("|".join(dict.fromkeys(found)),)

        return read


@dataclass(frozen=True)
class GoalCell:
    """One of the committee's own goals by its code."""

    types: tuple[str, ...] = ("BIGINT",)

    def offered(self, context: Context, name: str) -> tuple[str, ...]:
        """The codes of the goals of the file's year, or of all."""
        rows = Goal.objects.filter(committee=context.committee)
        if context.year is not None:
            rows = rows.filter(from_year__lte=context.year, to_year__gte=context.year)
        return tuple(rows.order_by("position", "code").values_list("code", flat=True))

    def reader(self, context: Context) -> Reader:
        """Looks the goals up once."""
        rows = Goal.objects.filter(committee=context.committee).values_list("code", "pk")
        known = {code.casefold(): (code, pk) for code, pk in rows}

        def read(text: str) -> Values:
            word = without_sheet_date(text)
            if word.casefold() not in known:
                codes = [code for code, _ in known.values()]
                there = close_to(word, codes) if codes else " Läs in målen först."
                raise CellFault(f"målet ”{word}” finns inte bland nämndens mål", f"Skriv målets kod.{there}")
            return (known[word.casefold()][1],)

        return read


@dataclass(frozen=True)
class GroupsCell:
    """The groups that a measure belongs to (``|`` between), as a list in JSON; a word of one's own is a group too."""

    longest: int = 40
    types: tuple[str, ...] = ("VARCHAR",)

    def offered(self, context: Context, name: str) -> tuple[str, ...]:
        """Those that pages have words for."""
        return tuple(GROUPS.values())

    def reader(self, context: Context) -> Reader:
        """By code or word."""
        codes = {word.casefold(): code for code, word in GROUPS.items()} | {code: code for code in GROUPS}

        def read(text: str) -> Values:
            found = [codes.get(item.casefold(), item) for item in items_of(text)]
            if long := next((item for item in found if len(item) > self.longest), None):
                raise CellFault(
                    f"gruppen ”{long}” har {len(long)} tecken", f"Högst {self.longest} får plats."
                )
            return (json.dumps(list(dict.fromkeys(found))),)

        return read


@dataclass(frozen=True)
class Offered(FreeText):
    """Words that may be new, with those that stand already to choose from. ``known``: what stands for a committee."""

    known: Callable[[Body], Iterable[str]] = lambda committee: ()

    def offered(self, context: Context, name: str) -> tuple[str, ...]:
        """What stands already."""
        return tuple(self.known(context.committee))
