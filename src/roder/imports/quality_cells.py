"""Cells of the files about quality and casework: moments, references, free text, severities, types with causes."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from zoneinfo import ZoneInfo

from django.conf import settings

from roder.core import persons
from roder.core.numbers import whole_number
from roder.core.periods import parse_period
from roder.imports.cells import (
    CellFault,
    Context,
    Period,
    Reader,
    Values,
    close_to,
    without_sheet_date,
)
from roder.imports.readers import SHEET_DATE
from roder.organisation.models import Body, UnitPath
from roder.steering.models import (
    DeviationCause,
    DeviationType,
    ServiceArea,
    SteeringModelVersion,
)

_MOMENT = re.compile(r"(\d{4}-\d{2}-\d{2})(?:[T ](\d{2}:\d{2}(?::\d{2})?)(?:\.\d+)?(Z|[+-]\d{2}:?\d{2})?)?")
_DO = "Skriv datum och klockslag som 2022-03-31 21:40."
FIRST_YEAR, LAST_YEAR = 1990, 2100
#: Blanks that the engine does not take off the ends of a text.
_BLANK_ENDS = r"^[\s\x0b\x1c-\x1f\x{85}\pZ]|[\s\x0b\x1c-\x1f\x{85}\pZ]$"
#: Nine digits (an interim number has a letter for the tenth) with no more between them than ``persons.find`` allows.
_MANY_DIGITS = r"(\p{Nd}[^\p{Nd}]{0,4}){8}\p{Nd}"
#: What every identity number in a plain text looks like (``persons.find``), and some texts besides: read here.
_MAYBE_PERSON = (
    "(^|[^0-9])(1[89]|20)?[ .]?[0-9]{2}[ .]?-?[ .]?(0[1-9]|1[0-2])[ .]?-?[ .]?(0[1-9]|[12][0-9]|3[01]|[6-9][0-9])"
    "[ .]?-?[ .]?([0-9][ .]?[0-9][ .]?[0-9][ .]?|[A-Za-z][0-9]{2})[0-9]($|[^0-9])"
)


@dataclass(frozen=True)
class Moment:
    """A day and a time of day, 2022-03-31 21:40, in Swedish time unless it says otherwise (Z, +01:00).

    A day alone is its beginning, or with ``end_of_day`` its last minute: what followed an event the same day is then
    after it.
    """

    end_of_day: bool = False
    types: tuple[str, ...] = ("TIMESTAMPTZ",)

    def quick(self, text: str, kind: str) -> tuple[str, str]:
        """Plain moments are read by the engine, but not those near the hours that summer time adds or takes away."""
        plain = (
            f"regexp_matches({text}, '^(199|20[0-9])[0-9]-[01][0-9]-[0-3][0-9][ T][0-2][0-9](:[0-5][0-9]){{1,2}}$') "
            f"AND NOT regexp_matches({text}, '-(03|10)-(2[5-9]|3[01])[ T]0[1-3]:') "
            f"AND try_cast({text} AS TIMESTAMP) IS NOT NULL"
        )
        return plain, f"timezone('{settings.TIME_ZONE}', try_cast({text} AS TIMESTAMP))"

    def reader(self, context: Context) -> Reader:
        """Refuses moments that do not exist, such as 02:30 the night summer time begins."""
        zone = ZoneInfo(settings.TIME_ZONE)

        def read(text: str) -> Values:
            plain = without_sheet_date(text)
            match = _MOMENT.fullmatch(plain)
            if not match:
                raise CellFault(f"”{text}” är inte ett datum med klockslag", _DO)
            day, clock, offset = match.groups()
            clock = clock or ("23:59" if self.end_of_day else "00:00")
            try:
                moment = datetime.fromisoformat(f"{day}T{clock}{offset or ''}")
            except ValueError:
                raise CellFault(f"”{text}” finns inte i kalendern eller på klockan", _DO) from None
            if not FIRST_YEAR <= moment.year <= LAST_YEAR:
                raise CellFault(f"året {moment.year} är inte rimligt", "Kontrollera årtalet.")
            if moment.tzinfo is None:
                moment = moment.replace(tzinfo=zone)
                there = moment.astimezone(UTC).astimezone(zone)
                if there.time() != moment.time():
                    raise CellFault(
                        f"klockslaget {clock} finns inte {day}, för då börjar sommartiden",
                        "Rätta klockslaget.",
                    )
            return (moment.astimezone(UTC).isoformat(),)

        return read


@dataclass(frozen=True)
class Reference:
    """A number or reference, up to a length. A personal identity number is refused."""

    longest: int
    types: tuple[str, ...] = ("VARCHAR",)

    def quick(self, text: str, kind: str) -> tuple[str, str]:
        """Plain texts are taken by the engine, but not those with digits in the pattern of an identity number."""
        return (
            f"length({text}) <= {self.longest} AND "
            f"regexp_matches({text}, '^[A-Za-zÅÄÖåäö0-9 ._/:-]+$') AND NOT ends_with({text}, '{SHEET_DATE}') AND "
            f"NOT regexp_matches({text}, '{_MAYBE_PERSON}')",
            text,
        )

    def reader(self, context: Context) -> Reader:
        """Reads one text."""
        return lambda text: (_refusing(without_sheet_date(text), self.longest),)


@dataclass(frozen=True)
class FreeText:
    """Free text. A personal identity number is refused, without being repeated."""

    longest: int = persons.LONGEST
    types: tuple[str, ...] = ("VARCHAR",)

    def quick(self, text: str, kind: str) -> tuple[str, str]:
        """Texts without so many digits together that they could be an identity number are taken by the engine."""
        return (
            f"length({text}) <= {self.longest} AND NOT regexp_matches({text}, '{_BLANK_ENDS}') "
            f"AND NOT regexp_matches({text}, '{_MANY_DIGITS}')",
            text,
        )

    def reader(self, context: Context) -> Reader:
        """Reads one text."""
        return lambda text: (_refusing(text, self.longest),)


def _refusing(text: str, longest: int) -> str:
    if persons.find(text):
        raise CellFault(
            "texten innehåller ett personnummer",
            "Ta bort det och skriv referensen från verksamhetssystemet i stället.",
        )
    if len(text) > longest:
        raise CellFault(f"texten har {len(text)} tecken, högst {longest} får plats", "Korta texten.")
    return text


@dataclass(frozen=True)
class HalfYearOrYear(Period):
    """A period that is a whole year or a half of one: 2022, or 2022-01..2022-06."""

    def reader(self, context: Context) -> Reader:
        """Reads as ``Period`` and refuses other lengths; 2022-h1 is the first half."""
        usual = Period.reader(self, context)

        def read(text: str) -> Values:
            short = re.fullmatch(r"(\d{4})[- ]?[hH]([12])", text.strip())
            if short:
                half = parse_period(
                    f"{short[1]}-01..{short[1]}-06" if short[2] == "1" else f"{short[1]}-07..{short[1]}-12"
                )
                return half.start, half.end
            start, end = usual(text)
            months = (end.year - start.year) * 12 + end.month - start.month
            if (start.day, end.day) != (1, 1) or (start.month, months) not in ((1, 12), (1, 6), (7, 6)):
                raise CellFault(
                    f"perioden ”{text}” är inte ett år eller ett halvår", "Skriv 2022, 2022-h1 eller 2022-h2."
                )
            return start, end

        return read


@cache
def _default_severities() -> dict[int, bool]:
    return {1: False, 2: False, 3: True, 4: True}


def severities(committee: Body) -> dict[int, bool]:
    """The steps of severity of the committee's latest steering model, and whether each is serious."""
    version = SteeringModelVersion.objects.filter(committee=committee).first()
    listed = ((version.content.get("deviations") or {}).get("severities") or []) if version else []
    return {int(one["value"]): bool(one["serious"]) for one in listed} or _default_severities()


@dataclass(frozen=True)
class Severity:
    """A step of severity, and whether it is serious by the steering model."""

    types: tuple[str, ...] = ("SMALLINT", "BOOLEAN")

    def offered(self, context: Context, name: str) -> list[str]:
        """The model's steps."""
        return [str(step) for step in sorted(severities(context.committee))]

    def reader(self, context: Context) -> Reader:
        """Looks up the model's steps once."""
        known = severities(context.committee)

        def read(text: str) -> Values:
            word = text.strip()
            step = whole_number(word, 4)
            if step not in known:
                listed = ", ".join(map(str, sorted(known)))
                raise CellFault(
                    f"allvarlighetsgraden ”{text}” finns inte", f"Skriv något av {listed}, eller lämna tomt."
                )
            return step, known[step]

        return read


@dataclass(frozen=True)
class Matters:
    """Types (``|`` between) and their causes, as one text ``type:cause|type:`` of ids in order.

    A cause belongs to the first of the row's types that has it.
    """

    types: tuple[str, ...] = ("VARCHAR",)

    def offered(self, context: Context, name: str) -> list[str]:
        """The committee's types, or their causes."""
        model = DeviationType if name == "typer" else DeviationCause
        labels = model._default_manager.filter(committee=context.committee).order_by("pk")
        return list(dict.fromkeys(labels.values_list("label", flat=True)))

    def reader(self, context: Context) -> Reader:
        """Looks up the committee's types and causes once."""
        kinds = list(DeviationType.objects.filter(committee=context.committee).order_by("pk"))
        by_word = {kind.label.casefold(): kind for kind in kinds} | {
            kind.code.casefold(): kind for kind in kinds
        }
        causes: dict[int, dict[str, int]] = {kind.pk: {} for kind in kinds}
        for cause in DeviationCause.objects.filter(committee=context.committee):
            own = causes.setdefault(cause.type_id, {})
            own.setdefault(cause.label.casefold(), cause.pk)
            own[cause.code.casefold()] = cause.pk

        def read(kinds_text: str, causes_text: str) -> Values:
            named = items_of(kinds_text)
            if not named:
                raise CellFault("cellen typer är tom", "Fyll i minst en typ; skilj flera åt med |.", "typer")
            chosen: list[int] = []
            for word in named:
                kind = by_word.get(word.casefold())
                if kind is None:
                    known = [one.code for one in kinds]
                    raise CellFault(
                        f"typen ”{word}” finns inte",
                        f"Styrmodellens typer är {', '.join(known) or 'inga'}.{close_to(word, known)}",
                        "typer",
                    )
                if kind.pk not in chosen:
                    chosen.append(kind.pk)
            found: set[tuple[int, int]] = set()
            for word in items_of(causes_text):
                home = next((pk for pk in chosen if word.casefold() in causes[pk]), None)
                if home is None:
                    raise CellFault(
                        f"orsaken ”{word}” finns inte för någon av radens typer",
                        "Skriv orsakens kod ur styrmodellen, eller lägg till typen den hör till.",
                        "orsaker",
                    )
                found.add((home, causes[home][word.casefold()]))
            found |= {(pk, 0) for pk in chosen if not any(home == pk for home, _ in found)}
            return ("|".join(f"{pk}:{cause or ''}" for pk, cause in sorted(found)),)

        return read


def items_of(text: str) -> list[str]:
    """The items of a cell that may hold several, with ``|`` between."""
    return [item.strip() for item in without_sheet_date(text).split("|") if item.strip()]


def areas_of_units(committee: Body) -> dict[int, int]:
    """The service area that each unit belongs to by default: its own, or that of the nearest unit above it."""
    wanted = {
        code: area.pk
        for area in ServiceArea.objects.filter(committee=committee).order_by("-position")
        for code in area.units
    }
    found: dict[int, int] = {}
    paths = UnitPath.objects.filter(ancestor__committee=committee, ancestor__code__in=wanted).order_by(
        "-depth"
    )
    for code, unit in paths.values_list("ancestor__code", "descendant_id"):
        found[unit] = wanted[code]  # the nearest comes last
    return found


@dataclass(frozen=True)
class AreaOfUnit:
    """The service area by code or name; where the cell is empty, the one that the unit belongs to."""

    types: tuple[str, ...] = ("BIGINT",)

    def offered(self, context: Context, name: str) -> list[str]:
        """The committee's service areas; what a unit is called is said by the unit's own column."""
        areas = ServiceArea.objects.filter(committee=context.committee).order_by("position")
        return list(areas.values_list("label", flat=True)) if name == "verksamhet" else []

    def reader(self, context: Context) -> Reader:
        """Looks up areas and units once."""
        from roder.imports.lookups import UnitCell  # noqa: PLC0415 - the two look at each other

        areas = list(ServiceArea.objects.filter(committee=context.committee))
        known = {area.label.casefold(): area.pk for area in areas} | {
            area.code.casefold(): area.pk for area in areas
        }
        default = areas_of_units(context.committee)
        unit_of = UnitCell().reader(context)

        def read(area: str, unit: str) -> Values:
            word = without_sheet_date(area).casefold()
            if word:
                if word not in known:
                    codes = [one.code for one in areas]
                    raise CellFault(
                        f"verksamhetsområdet ”{area}” finns inte",
                        f"Styrmodellens områden är {', '.join(codes) or 'inga'}.{close_to(area, codes)}",
                        "verksamhet",
                    )
                return (known[word],)
            if not unit:
                return (None,)
            try:
                (found,) = unit_of(unit)
            except CellFault:
                return (None,)  # the unit's own column says what is wrong
            return (default.get(found),)

        return read


def ids_as_text(found: Iterable[int | None]) -> str:
    """Ids as a held text, in order."""
    return "|".join(str(one) for one in sorted(one for one in found if one is not None))
