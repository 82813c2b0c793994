"""The register of decisions: every paragraph that a person may see, from all years."""

from __future__ import annotations

import re
from datetime import date

from django.db.models import QuerySet

from roder.core.numbers import whole_number
from roder.core.register import Column, Filter, Register
from roder.meetings.models import MinuteItem
from roder.meetings.rules import numbers
from roder.organisation.models import Body
from roder.web.scope import Scope
from roder.web.words import with_words

PARAGRAPH = re.compile(r"^§?\s*(\d{1,5})$")
FIRST_YEAR = 1990


def _number(row: MinuteItem) -> str:
    return f"§ {row.number}" if row.number else "–"


def _page(row: MinuteItem, scope: Scope) -> str:
    return scope.url("meetings:paragraph", row.pk)


def _trail(row: MinuteItem, scope: Scope) -> str:
    return scope.url("meetings:trail", row.pk)


def _case(row: MinuteItem, scope: Scope) -> str | None:
    return scope.url("meetings:case", row.item.case_id) if row.item.case_id else None


def found(rows: QuerySet[MinuteItem], text: str, scope: Scope) -> QuerySet[MinuteItem]:
    """With every word, by stem or as the beginning of a word; with the number (§ 71); or about the case (any spelling
    of its registration number)."""
    if paragraph := PARAGRAPH.match(text.strip()):
        return rows.filter(number=int(paragraph[1]))
    if numbers.parse(text) is not None:
        return rows.filter(item__case__number_key=numbers.key(text))
    return with_words(rows, text)


def _bodies(scope: Scope) -> QuerySet[Body]:
    """The bodies whose meetings are kept in the committee's house."""
    return Body.objects.filter(meetings__committee=scope.committee).distinct().order_by("name")


def _of_body(rows: QuerySet[MinuteItem], body: Body) -> QuerySet[MinuteItem]:
    return rows.filter(body=body)


def _of_year(rows: QuerySet[MinuteItem], text: str) -> QuerySet[MinuteItem]:
    year = whole_number(text.strip(), 4) or 0
    return rows.filter(year=year) if FIRST_YEAR <= year <= date.today().year + 1 else rows.none()


decisions = Register(
    MinuteItem,
    name="beslut",
    title="Beslut",
    lead="Paragraferna i justerade protokoll, från alla år. Öppna Följ beslutet för att se vad det blev av det.",
    rows=lambda rows, scope: (
        rows.filter(item__meeting__committee=scope.committee)
        .select_related("item__meeting", "item__case", "body")
        .defer(
            "search",
            "summary",
            "preparation",
            "procedure",
            "decided",
            "item__case__search",
            "item__case__summary",
        )
    ),
    columns=(
        Column("item__meeting__date", title="Dag"),
        Column("body__short_name", title="Organ", sort=("body__short_name",)),
        Column("number", title="§", kind="text", value=_number, sort=("year", "number")),
        Column("heading", link=_page, room=True),
        Column("outcome"),
        Column("item__case__number", title="Ärende", link=_case, room=False, sort=()),
        Column(
            "trail",
            title="Vad blev det?",
            value=lambda row: "Följ beslutet",
            link=_trail,
            room=False,
            sort=(),
        ),
        Column("year", title="År", kind="text", shown=False),
        Column("immediate", title="Omedelbart justerad", shown=False),
    ),
    filters=(
        Filter("organ", title="Organ", options=_bodies, apply=_of_body),
        Filter("ar", title="År", apply=_of_year),
        "outcome",
    ),
    search=found,
    order=("-item__meeting__date", "-number"),
    detail=False,
    empty="Här kommer nämndens beslut när ett protokoll har justerats.",
)
