"""The file of key figures: what is measured, how it is defined and what is wanted."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any, ClassVar

from django.utils import timezone

from roder.access.matrix import Action, Resource
from roder.core.numbers import Unit as CountUnit
from roder.core.put import put
from roder.imports.cells import YES_OR_MEASURED, Choice, CodeCell, Day, Number, Year, YesNo
from roder.imports.declaration import Column, Import, Rule
from roder.imports.economy_columns import SOURCE
from roder.imports.goal_cells import GroupsCell, Month, measure_codes
from roder.imports.measure_files import put_definition, put_target
from roder.imports.quality_cells import FreeText
from roder.imports.record_deeds import (
    Book,
    Key,
    RecordDeeds,
    Row,
    Said,
    number_words,
    own_fields,
    plain,
    said_of_fields,
)
from roder.imports.shares import COUNTED_IN_SHARES
from roder.imports.staging import Staging
from roder.measures.models import GROUPS, Definition, Direction, Measure, MeasureValue, Operator, Target
from roder.measures.rules import Defined, defined

READS = (Action.IMPORT, Resource.IMPORTS)
UNITS = Choice(
    tuple((one.value, one.value) for one in CountUnit),
    also={
        "procent": "%", "andel": "%", "kronor": "kr", "tusen kronor": "tkr", "miljoner kronor": "mkr", "st": "antal",
        "styck": "antal", "tim": "timmar", "dygn": "dagar", "per 1 000 invånare": "per 1 000 inv",
        "per 1000 invånare": "per 1 000 inv", "per 1000 inv": "per 1 000 inv", "ja eller nej": "ja/nej",
    },
)  # fmt: skip
DIRECTIONS = Choice(
    tuple((one.value, str(one.label)) for one in Direction),
    also={
        "högre": "higher", "upp": "higher", "öka": "higher", "lägre": "lower", "ner": "lower", "minska": "lower",
        "ingen": "neither",
    },
)  # fmt: skip
COLUMNS = (
    Column(
        "kod", CodeCell(measure_codes, 60), ("code",), required=True, filled=True, key=True,
        help="nyckeltalets kod, som filer med värden och mål sedan använder; ändras inte",
    ),
    Column("nyckeltal", FreeText(250), ("title",), required=True, filled=True, help="vad som mäts"),
    Column("mattenhet", UNITS, ("unit",), required=True, filled=True, help="vad det räknas i"),
    Column(
        "riktning", DIRECTIONS, ("direction",), empty=(Direction.NEITHER.value,),
        help="vad som är bättre; tom för varken eller",
    ),
    Column("decimaler", Number(2, 0), ("decimals",), help="så många som visas, högst 4; tom för det som är vanligt"),
    Column("malvarde", YES_OR_MEASURED, ("target_value",), help="målvärdet för året i mal_ar"),
    Column("mal_i_ord", FreeText(200), ("target_text",), help="målet när det inte är ett tal"),
    Column("mal_ar", Year(), ("target_year",), help="året målvärdet gäller; tom för det år filen läses in för"),
    Column(
        "mal_villkor", Choice(tuple((one.value, str(one.label)) for one in Operator)), ("target_operator",),
        help="hur målvärdet ska nås; tom: minst, eller högst när lägre är bättre",
    ),
    Column("mal_grund", FreeText(120), ("target_basis",), help="vad målvärdet kommer av, till exempel riksgenomsnitt"),
    Column("definition", FreeText(), ("definition",), help="hur det räknas"),
    Column(
        "definition_fran", Day(), ("defined_from",),
        help="första dagen definitionen gäller; tom: den som gäller skrivs om, en första gäller från årets början",
    ),
    Column("bryter_serien", YesNo(), ("breaks",), help="ja om värden före dagen inte går att jämföra"),
    Column("ansvarig", FreeText(120), ("responsible",), empty=("",), help="befattning, aldrig namn"),
    Column("mats", FreeText(60), ("frequency",), empty=("",), help="hur ofta, till exempel varje år"),
    Column("publiceras", Month(), ("publication_month",), help="månaden då värdet brukar finnas"),
    Column("redovisas_i", FreeText(200), ("reported_in",), empty=("",), help="handlingar som det står i"),
    Column(
        "grupper", GroupsCell(), ("groups",), empty=("[]",),
        help="vad det är till för, till exempel nämndens mål; flera med | mellan",
    ),
    Column("perspektiv", FreeText(40), ("perspective",), empty=("",), help="den kritiska faktorns perspektiv"),
    Column("kritisk_faktor", FreeText(200), ("factor",), empty=("",), help="den kritiska faktor som det mäter"),
    Column("kolada_id", FreeText(20), ("kolada_id",), empty=("",), help="id i Kolada, om värden ska hämtas därifrån"),
    SOURCE,
)  # fmt: skip


class MeasureBook(Book[Measure]):
    """The committee's measures with their definitions and wanted values."""

    model = Measure
    fields: ClassVar = own_fields(COLUMNS, Measure)
    own: ClassVar = frozenset({Definition, Target})

    def standing(self) -> Iterable[Measure]:
        """In the order they are listed."""
        return Measure.objects.filter(committee=self.committee).prefetch_related("definitions", "targets")

    def stands(self, record: Measure) -> Said:
        """With every definition and every year's wanted value."""
        return {
            **super().stands(record),
            "definition": [
                [plain(one.valid.lower), plain(one.valid.upper), one.text, one.breaks_series, one.source]
                for one in record.definitions.all()
            ],
            "malvarde": {
                str(one.year): [one.operator, plain(one.value), one.text, one.basis, one.source]
                for one in record.targets.all()
            },
        }

    def cells(self, record: Measure) -> dict[str, str]:
        """With the latest definition, and what is wanted of the year that the row is about."""
        stands, year = self.stands(record), str(self.context.year)
        start, _, text, breaks, _ = (stands["definition"] or [["", "", "", False, ""]])[-1]
        wanted = stands["malvarde"].get(year)
        operator, value, words, basis, _ = wanted or ["", None, "", "", ""]
        return {
            **super().cells(record),
            "kod": record.code,
            "grupper": " | ".join(GROUPS.get(one, one) for one in stands["grupper"]),
            "definition": text,
            "definition_fran": start,
            "bryter_serien": ("ja" if breaks else "nej") if text else "",
            "malvarde": number_words(value),
            "mal_i_ord": words,
            "mal_ar": year if wanted else "",
            "mal_villkor": str(Operator(operator).label) if wanted else "",
            "mal_grund": basis,
        }

    def said(self, values: Said, stands: Said | None, present: set[str]) -> Said:
        """A definition or a wanted value that is left empty is not spoken of."""
        found = said_of_fields(self, values, stands, present)
        if values["decimals"] is None:
            found.pop("decimaler", None)
            if stands is None and values["unit"] is not None:
                found["decimaler"] = CountUnit(values["unit"]).default_digits
        if values["definition"]:
            found["definition"] = self._defined(values, (stands or {}).get("definition", []))
        year = values["target_year"] or self.context.year
        if year is not None and (values["target_value"] is not None or values["target_text"]):
            targets = dict((stands or {}).get("malvarde", {}))
            direction = found.get("riktning", (stands or {}).get("riktning"))
            targets[str(year)] = _target(values, targets.get(str(year)), direction, present)
            found["malvarde"] = targets
        return found

    def _defined(self, values: Said, before: list[list[Any]]) -> list[list[Any]]:
        first = date(self.context.year or timezone.localdate().year, 1, 1)
        sources = {start: source for start, *_, source in before}
        there = [
            Defined(date.fromisoformat(start), date.fromisoformat(end) if end else None, text, breaks)
            for start, end, text, breaks, _ in before
        ]
        now = defined(there, values["definition"], values["defined_from"], values["breaks"], first)
        return [
            [plain(one.start), plain(one.end), one.text, one.breaks, sources.get(plain(one.start), "")]
            for one in now
        ]

    def check(self, staging: Staging, rows: list[Row]) -> None:
        """Values stand in the unit they were read in with, and a wanted value is written as the unit is."""
        moved = {
            self.records[row.key].pk: row
            for row in rows
            if row.stands is not None and "mattenhet" in row.changed
        }
        valued = MeasureValue.objects.filter(measure__in=moved).values_list("measure", flat=True).distinct()
        for pk in valued:
            row = moved[pk]
            what = f"nyckeltalet räknas i {(row.stands or {})['mattenhet']} och har värden"
            staging.note_cell(
                row.n, "mattenhet", what, "Behåll måttenheten, eller lägg upp ett nytt nyckeltal."
            )
        if self.context.year is None:
            for n, value, words, year in staging.values("target_value", "target_text", "target_year"):
                if (value is not None or words) and year is None:
                    staging.note_cell(n, "mal_ar", "året för målvärdet saknas", "Skriv året.")
        if "malvarde" in staging.present:
            _check_words(staging)

    def write(self, key: Key, said: Said, code: str, *, new: bool) -> Measure:
        """The measure, then its definitions and wanted values."""
        values = self.values_of(said)
        if new:
            values["position"] = self.next_position()
        what = f"nyckeltalet {code}"
        measure, _ = put(Measure, {"committee": self.committee, "code": code}, values, what)
        if "definition" in said:
            _set_definitions(measure, said["definition"], what)
        if "malvarde" in said:
            measure.targets.exclude(year__in=list(said["malvarde"])).delete()
            for year, one in said["malvarde"].items():
                names = ("operator", "value", "text", "basis", "source")
                target = dict(zip(names, one, strict=True))
                target["value"] = Target._meta.get_field("value").to_python(target["value"])
                put_target(measure, int(year), target, what)
        return measure

    def show(self, name: str, value: Any) -> str:
        """A definition by its latest wording, wanted values by their years."""
        if name == "definition" and value:
            start, _, text, breaks, _ = value[-1]
            return f"{text} (från {start}{', bryter serien' if breaks else ''})"
        if name == "malvarde" and value:
            return ", ".join(f"{year}: {_target_words(value[year])}" for year in sorted(value))
        if name == "grupper" and value:
            return ", ".join(GROUPS.get(one, one) for one in value)
        return super().show(name, value)


def _check_words(staging: Staging) -> None:
    """A per cent sign needs a measure in per cent, and yes or no one that is answered so."""
    texts = dict(staging.sql.execute("SELECT n, malvarde FROM raw WHERE malvarde IS NOT NULL").fetchall())
    for n, unit in staging.values("unit"):
        text = texts.get(n, "")
        if unit is None:
            continue
        if "%" in text and unit not in COUNTED_IN_SHARES:
            what = f"”{text}” är en andel i procent, men nyckeltalet räknas i {unit}"
            staging.note_cell(n, "malvarde", what, "Skriv talet utan procent, eller rätta måttenheten.")
        if text.casefold() in ("ja", "nej") and unit != CountUnit.YES_NO:
            what = f"”{text}” är inget tal, och nyckeltalet räknas i {unit}"
            staging.note_cell(n, "malvarde", what, "Skriv ett tal, eller ändra måttenheten till ja/nej.")


def _target(values: Said, before: list[Any] | None, direction: str | None, present: set[str]) -> list[Any]:
    """A year's wanted value: what stood, with what the file's columns say in its place."""
    default = Operator.AT_MOST if direction == Direction.LOWER else Operator.AT_LEAST
    operator, value, text, basis, source = before or [default.value, None, "", "", ""]
    if "malvarde" in present:
        value = plain(values["target_value"])
    if "mal_i_ord" in present:
        text = values["target_text"] or ""
    if "mal_grund" in present:
        basis = values["target_basis"] or ""
    return [values["target_operator"] or operator, value, text, basis, source]


def _set_definitions(measure: Measure, wanted: list[list[Any]], what: str) -> None:
    """Exactly these definitions. Those that stand are changed first: what takes over from them needs their time."""
    starts = {one[0] for one in wanted}
    standing = {plain(one.valid.lower): one for one in measure.definitions.all()}
    for start, one in standing.items():
        if start not in starts:
            one.delete()
    for start, end, text, breaks, source in sorted(wanted, key=lambda one: (one[0] not in standing, one[0])):
        put_definition(
            measure,
            date.fromisoformat(start),
            date.fromisoformat(end) if end else None,
            {"text": text, "breaks_series": breaks, "source": source},
            what,
        )


def _target_words(one: list[Any]) -> str:
    operator, value, text, *_ = one
    return text if value is None else f"{Operator(operator).label} {number_words(value)}"


MEASURES = Import(
    kind="nyckeltal",
    title="Nyckeltal",
    about="Vad som mäts: måttenhet, önskad riktning, definition och målvärde. Läs in dem före målen och värdena.",
    example={
        "kod": "direkt_svar",
        "nyckeltal": "Andel som får svar direkt i telefon",
        "mattenhet": "%",
        "riktning": "högre är bättre",
        "decimaler": "0",
        "malvarde": "90",
        "mal_ar": "2026",
        "mal_villkor": "minst",
        "definition": "Andel samtal där frågan besvarades vid första kontakten.",
        "definition_fran": "2026-01-01",
        "ansvarig": "Kvalitetsstrateg",
        "mats": "varje år",
        "grupper": "nämndens mål",
        "publiceras": "december",
    },
    model=Measure,
    rights=(READS, (Action.EDIT, Resource.MEASURES)),
    columns=COLUMNS,
    rules=(
        Rule("decimals NOT BETWEEN 0 AND 4", "decimaler", "så många decimaler sparas inte", "Skriv 0 till 4."),
        Rule(
            "definition IS NULL AND (defined_from IS NOT NULL OR breaks)", "definition", "definitionen saknas",
            "Skriv den, eller ta bort dagen och uppgiften om att serien bryts.",
        ),
        Rule(
            "target_value IS NULL AND target_text IS NULL AND (target_year IS NOT NULL OR target_operator IS NOT NULL "
            "OR target_basis IS NOT NULL)",
            "malvarde", "målvärdet saknas", "Skriv det i malvarde eller mal_i_ord, eller ta bort uppgifterna om målet.",
        ),
    ),
    deeds=RecordDeeds(MeasureBook),
    rows_on_page=True,
)  # fmt: skip
