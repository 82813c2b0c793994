"""``matt.yaml``: key figures with their definitions and wanted values."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

from django.db.backends.postgresql.psycopg_any import DateRange
from pydantic import Field

from roder.core.faults import UserFault
from roder.core.numbers import Unit as CountUnit
from roder.core.numbers import format_number
from roder.core.put import put
from roder.core.words import small_first
from roder.core.yamlfile import Day, Shape, read_yaml
from roder.measures.models import Definition, Direction, Measure, Operator, Target
from roder.organisation.models import Body

FREQUENCIES = {
    "yearly": "varje år",
    "twice_a_year": "två gånger om året",
    "quarterly": "varje kvartal",
    "monthly": "varje månad",
    "continuous": "löpande",
}


class DefinitionShape(Shape):
    """How a measure is defined from a day, and to which last day."""

    text: str
    from_: Day = Field(alias="from")
    to: Day | None = None
    breaks: bool = Field(False, alias="break")
    source: str = ""


class TargetShape(Shape):
    """The wanted value of a year: a number, or words where the source gives only words."""

    year: int
    operator: Operator = Operator.AT_LEAST
    value: Decimal | None = None
    target_text: str | None = None
    basis: str | None = None
    change_percent: Decimal | None = None
    group: str | None = None
    source: str = ""


class MeasureShape(Shape):
    """A measure."""

    code: str
    title: str
    unit: CountUnit
    direction: Direction = Direction.NEITHER
    decimals: int = 0
    group: str | None = None
    also: tuple[str, ...] = ()
    perspective: str = ""
    factor: str = ""
    source: str = ""
    kolada: str | None = None
    frequency: str | None = None
    publication_month: int | None = None
    responsible: str = ""
    population: str | None = None
    reported_in: tuple[str, ...] = ()
    definitions: tuple[DefinitionShape, ...] = ()
    targets: tuple[TargetShape, ...] = ()


class MeasuresShape(Shape):
    """The whole file."""

    measures: tuple[MeasureShape, ...] = ()


def read_measures(path: Path) -> MeasuresShape:
    """The file, checked. Raises UserFault with every fault."""
    return read_yaml(path, MeasuresShape)


def load_measures(path: Path, committee: Body) -> int:
    """Make the committee's measures be as the file says; returns how many there are. Raises UserFault."""
    file = read_measures(path)
    for position, one in enumerate(file.measures):
        what = f"{path}: {one.code}"
        measure, _ = put(
            Measure,
            {"committee": committee, "code": one.code},
            {
                "title": one.title,
                "unit": one.unit.value,
                "decimals": one.decimals,
                "direction": one.direction.value,
                "groups": [*([one.group] if one.group else []), *one.also],
                "perspective": one.perspective,
                "factor": one.factor,
                "source": one.source,
                "kolada_id": one.kolada or "",
                "frequency": FREQUENCIES.get(one.frequency or "", one.frequency or ""),
                "publication_month": one.publication_month,
                "responsible": one.responsible,
                "reported_in": ", ".join(one.reported_in),
                "position": position,
            },
            what,
        )
        for definition in one.definitions:
            _definition(measure, one, definition, what)
        for target in _one_a_year(one, what):
            _target(measure, target, what)
    return len(file.measures)


def _definition(measure: Measure, one: MeasureShape, definition: DefinitionShape, what: str) -> None:
    end = definition.to + timedelta(days=1) if definition.to else None
    if end is not None and end <= definition.from_:
        raise UserFault(
            f"{what}: definitionen slutar ({definition.to}) innan den börjar ({definition.from_})."
        )
    applies = f" Avser {small_first(one.population)}." if one.population else ""
    values = {
        "text": definition.text + applies,
        "breaks_series": definition.breaks,
        "source": definition.source,
    }
    put_definition(measure, definition.from_, end, values, what)


def put_definition(
    measure: Measure, start: date, end: date | None, values: dict[str, Any], what: str
) -> None:
    """The definition that holds from a day, with the day after its last. Raises UserFault that begins with ``what``."""
    put(
        Definition,
        {"measure": measure, "valid": DateRange(start, end)},
        values,
        what,
        find={"measure": measure, "valid__startswith": start},
    )


def _one_a_year(one: MeasureShape, what: str) -> list[TargetShape]:
    """A year has one target. Where a measure belongs to two groups with a target each, a number goes before words."""
    chosen: dict[int, TargetShape] = {}
    for target in one.targets:
        there = chosen.get(target.year)
        if there is None or (there.value is None and target.value is not None):
            chosen[target.year] = target
        elif there.value is not None and target.value is not None and there.value != target.value:
            raise UserFault(f"{what}: två olika målvärden för {target.year}.")
    return list(chosen.values())


def _target(measure: Measure, target: TargetShape, what: str) -> None:
    text = target.target_text or ""
    if target.value is None and not text:
        change = target.change_percent
        text = f"{format_number(change, sign=True)} % jämfört med " if change is not None else ""
        text = f"{text}{target.basis or ''}".strip()
    values = {
        "operator": target.operator.value,
        "value": target.value,
        "text": text,
        "basis": target.basis or "",
        "source": target.source,
    }
    put_target(measure, target.year, values, what)


def put_target(measure: Measure, year: int, values: dict[str, Any], what: str) -> None:
    """The wanted value of a year. Raises UserFault that begins with ``what``."""
    put(Target, {"measure": measure, "year": year}, values, f"{what}: målvärde {year}")
