"""Lists of key figures and of their outcomes."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

from roder.core.numbers import format_number, format_value
from roder.core.periods import Period
from roder.core.register import Column, Filter, Register
from roder.imports.kinds import KINDS
from roder.imports.services import may_import
from roder.measures.models import GROUPS, Measure, MeasureValue
from roder.web.scope import Scope


def _page(row: Measure, scope: Scope) -> str:
    return scope.url("measures:measure", row.pk)


def _page_of_value(row: MeasureValue, scope: Scope) -> str:
    return scope.url("measures:measure", row.measure_id)


def _reading(scope: Scope) -> list[tuple[str, str]]:
    """Where who may adds key figures and their values."""
    written = may_import(KINDS["nyckeltal"], scope.committee, scope.user)
    return [("Lägg till nyckeltal", scope.url("imports:row", "nyckeltal"))] * written + [
        (f"Läs in {KINDS[kind].title.lower()}", scope.url("imports:upload", kind))
        for kind in ("nyckeltal", "mattvarden")
        if may_import(KINDS[kind], scope.committee, scope.user)
    ]


def _groups(row: Measure) -> str:
    return ", ".join(GROUPS.get(group, group.replace("_", " ")) for group in row.groups)


def _shown(row: MeasureValue) -> str:
    return format_value(row.value, row.measure.count_unit, row.measure.decimals)


def _part(row: MeasureValue) -> str:
    return Period(row.period_start, row.period_end).label


def _number(name: str) -> Callable[[MeasureValue], str]:
    def shown(row: MeasureValue) -> str:
        value: Decimal | None = getattr(row, name)
        return "" if value is None else format_number(value, 0 if value == int(value) else 2)

    return shown


measures = Register(
    Measure,
    name="nyckeltal",
    title="Nyckeltal",
    lead="Vad nämnden mäter, med definition, målvärde och serie. Öppna ett nyckeltal för att se utfallen.",
    rows=lambda rows, scope: rows.filter(committee=scope.committee),
    columns=(
        Column("title", link=_page),
        Column("unit"),
        Column("direction"),
        Column("groups", title="Grupp", value=_groups, sort=("groups",)),
        Column("factor", shown=False),
        Column("perspective", shown=False),
        Column("kolada_id"),
        Column("frequency"),
        Column("publication_month", shown=False),
        Column("source"),
        Column("reported_in", shown=False),
        Column("code", shown=False),
    ),
    filters=("direction", "unit", "perspective"),
    search=("title", "code", "kolada_id", "factor"),
    order=("position", "code"),
    detail=False,
    tools=_reading,
    empty="Här kommer nämndens nyckeltal. Lägg till dem ett och ett, eller läs in en fil.",
)

values = Register(
    MeasureValue,
    name="nyckeltalsvarden",
    title="Nyckeltalens utfall",
    lead="Alla utfall som är registrerade, för hela nämnden och för enheter, med källa.",
    rows=lambda rows, scope: rows.filter(measure__committee=scope.committee),
    columns=(
        Column("measure", link=_page_of_value, sort=("measure__title",)),
        Column("period_start", title="Period", kind="text", value=_part, sort=("period_start",)),
        Column("unit"),
        Column("sex"),
        Column("comparison", shown=False),
        Column("value", title="Värde", text=_shown),
        Column("numerator", text=_number("numerator"), shown=False),
        Column("denominator", text=_number("denominator"), shown=False),
        Column("status"),
        Column("reason", shown=False),
        Column("source"),
    ),
    filters=(
        Filter(
            "measure", options=lambda scope: Measure.objects.filter(committee=scope.committee).only("title")
        ),
        "period_start",
        "sex",
        "comparison",
        "status",
    ),
    search=("measure__title", "source"),
    order=("-period_start", "id"),
    detail=False,
    empty="Här kommer utfallen när en fil med nyckeltalsvärden har lästs in.",
)
