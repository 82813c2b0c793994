"""Search over what exists: each kind of record declared once, Swedish stems and plain words together, access asked.

Swedish stemming finds "avvikelse" for "avvikelser" but not "kostnad" for "kostnader"; every word is therefore also
looked for as it is written, as the beginning of a word.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from django.contrib.postgres.search import (
    CombinedSearchVector,
    SearchQuery,
    SearchRank,
    SearchVector,
    SearchVectorField,
)
from django.db.models import F, Func, Model, QuerySet

from roder import access
from roder.access.rights import User
from roder.measures.models import Measure
from roder.organisation.models import Body, Unit
from roder.reports.kinds import report_class
from roder.reports.models import Report
from roder.steering.models import Activity, Assignment, Goal, Occasion
from roder.web.scope import Scope

CONFIGS = ("swedish", "simple")
WORDS = re.compile(r"\w+")
MOST_WORDS = 12
SHOWN = 10
SNIPPET = 180


@dataclass(frozen=True)
class Searchable:
    """A kind of record that can be searched for: what is read, who it is for, and where a hit leads."""

    title: str
    model: type[Model]
    fields: tuple[str, ...]
    name: Callable[[Any], str]
    text: Callable[[Any], str]
    url: Callable[[Scope, Any], str]
    rows: Callable[[QuerySet[Any], Sequence[Body]], QuerySet[Any]]
    vector: Callable[[], Any] | None = None

    def searched(self) -> Any:
        """What is searched: the fields by both configurations."""
        if self.vector is not None:
            return self.vector()
        return words_of(*self.fields)


def words_of(*fields: str) -> CombinedSearchVector | SearchVector:
    """The fields as search words, by stem and as written."""
    first, second = (SearchVector(*fields, config=config) for config in CONFIGS)
    return first + second


def _document() -> Func:
    return Func(
        F("document"),
        template="(to_tsvector('swedish', %(expressions)s) || to_tsvector('simple', %(expressions)s))",
        output_field=SearchVectorField(),
    )


def _in(path: str) -> Callable[[QuerySet[Any], Sequence[Body]], QuerySet[Any]]:
    return lambda rows, committees: rows.filter(**{f"{path}__in": committees})


SEARCHED = (
    Searchable(
        "Mål",
        Goal,
        ("number", "title", "text", "motive"),
        lambda row: str(row),
        lambda row: row.text,
        lambda scope, row: scope.url("steering:goal", row.pk),
        lambda rows, committees: rows.filter(municipality__in=[one.municipality_id for one in committees]),
    ),
    Searchable(
        "Uppdrag",
        Assignment,
        ("title", "text", "case_number"),
        lambda row: row.title,
        lambda row: row.text,
        lambda scope, row: scope.url("steering:assignment", row.pk),
        _in("committee"),
    ),
    Searchable(
        "Aktiviteter",
        Activity,
        ("what", "why"),
        lambda row: row.what,
        lambda row: row.why,
        lambda scope, row: scope.url("steering:goal", row.goal_id),
        _in("committee"),
    ),
    Searchable(
        "Nyckeltal",
        Measure,
        ("title", "code", "kolada_id", "factor", "source"),
        lambda row: row.title,
        lambda row: row.source,
        lambda scope, row: scope.url("measures:measure", row.pk),
        _in("committee"),
    ),
    Searchable(
        "Rapporter",
        Report,
        (),
        lambda row: f"{report_class(row.kind).title} – {row.occasion.name}, version {row.number}",
        lambda row: f"Låst {row.locked_at:%Y-%m-%d}" if row.locked_at else "Utkast",
        lambda scope, row: scope.url("reports:version", row.kind, row.occasion.code, row.number),
        lambda rows, committees: rows.filter(committee__in=committees, document__isnull=False).select_related(
            "occasion"
        ),
        _document,
    ),
    Searchable(
        "Tillfällen",
        Occasion,
        ("name", "code"),
        lambda row: f"{row.name} {row.year}",
        lambda row: f"Brytdatum {row.cut_off:%Y-%m-%d}",
        lambda scope, row: f"{scope.url('steering:occasions')}#t-{row.code}",
        _in("committee"),
    ),
    Searchable(
        "Enheter",
        Unit,
        ("name", "code"),
        lambda row: f"{row.name} ({row.code})",
        lambda row: row.get_kind_display(),
        lambda scope, row: scope.url("organisation:tree"),
        _in("committee"),
    ),
)


@dataclass(frozen=True)
class Hit:
    """Something found."""

    name: str
    text: str
    url: str
    place: str


@dataclass(frozen=True)
class Group:
    """What was found of one kind; ``more`` when there is more than is shown."""

    title: str
    hits: list[Hit]
    more: bool


def query_of(text: str) -> SearchQuery | None:
    """The query for what somebody typed; None when there is no word in it. Every word must be found."""
    words = WORDS.findall(text)[:MOST_WORDS]
    if not words:
        return None
    raw = " & ".join(f"'{word}':*" for word in words)
    first, second = (SearchQuery(raw, config=config, search_type="raw") for config in CONFIGS)
    return first | second


def search(user: User, text: str, committees: Sequence[Body]) -> list[Group]:
    """Everything the person may see that holds the words, grouped by kind: one query a kind."""
    query = query_of(text)
    if query is None or not committees:
        return []
    homes = {one.pk: one for one in committees}
    by_municipality = {one.municipality_id: one for one in reversed(committees)}
    groups = []
    for kind in SEARCHED:
        rows = access.visible(user, kind.rows(kind.model._default_manager.all(), committees))
        vector = kind.searched()
        found = list(
            rows.annotate(words=vector)
            .filter(words=query)
            .order_by(SearchRank(F("words"), query).desc(), "pk")[: SHOWN + 1]
        )
        hits = []
        for row in found[:SHOWN]:
            home = homes.get(getattr(row, "committee_id", None) or 0) or by_municipality[row.municipality_id]
            scope = Scope(user, home, _year(row))
            hits.append(Hit(kind.name(row), _short(kind.text(row)), kind.url(scope, row), home.short_name))
        if hits:
            groups.append(Group(kind.title, hits, len(found) > SHOWN))
    return groups


def _year(row: Any) -> int:
    if isinstance(row, Report):
        return int(row.occasion.year)
    found = getattr(row, "year", None) or getattr(row, "from_year", None)
    if found:
        return int(found)
    from django.utils import timezone  # noqa: PLC0415

    return timezone.localdate().year


def _short(text: str) -> str:
    return text if len(text) <= SNIPPET else f"{text[:SNIPPET].rsplit(' ', 1)[0]} …"
