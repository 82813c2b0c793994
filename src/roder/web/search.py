"""Search over what exists: each kind of record declared once, Swedish stems and plain words together, access asked.

Swedish stemming finds "avvikelse" for "avvikelser" but not "kostnad" for "kostnader"; every word is therefore also
looked for as it is written, as the beginning of a word. Each kind has an index (``migrations/0001_search.py``).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from django.contrib.postgres.search import SearchQuery
from django.db import models
from django.db.models import Model, QuerySet
from django.db.models.expressions import RawSQL
from django.utils.html import conditional_escape, format_html
from django.utils.safestring import SafeString, mark_safe

from roder import access
from roder.access.rights import User
from roder.files.models import StoredFile
from roder.measures.models import Measure
from roder.organisation.models import Body, Unit
from roder.reports.kinds import report_class
from roder.reports.models import Report
from roder.steering.models import Activity, Assignment, Goal, Occasion
from roder.web.addresses import address
from roder.web.scope import Scope, default_year

CONFIGS = ("swedish", "simple")
WORDS = re.compile(r"\w+")
MOST_WORDS = 12
SHOWN = 10
SNIPPET = 200
SHORTEST_STEM = 4  # letters that are enough to mark a word in a snippet


@dataclass(frozen=True)
class Searchable:
    """A kind of record that can be searched for: what is read, how a hit is named, and where it leads.

    ``fields`` are the columns of the kind's index; ``stored`` is a column that holds the words already.
    """

    title: str
    model: type[Model]
    fields: tuple[str, ...]
    name: Callable[[Any], str]
    text: Callable[[Any], str]
    url: Callable[[Scope, Any], str]
    rows: Callable[[QuerySet[Any], Sequence[Body]], QuerySet[Any]]
    stored: str = ""

    def found(self, rows: QuerySet[Any], query: Query) -> QuerySet[Any]:
        """The rows that hold the words, the best first."""
        if self.stored:
            return rows.filter(**{self.stored: query.expression})
        words, params = words_of(self.model, self.fields), query.params
        holds = RawSQL(f"({words} @@ {query.SQL})", params, models.BooleanField())  # noqa: S611 - own names only
        rank = RawSQL(f"ts_rank({words}, {query.SQL})", params, models.FloatField())  # noqa: S611
        return rows.filter(holds).order_by(rank.desc(), "pk")


@dataclass(frozen=True)
class Query:
    """What is looked for, as text of ``to_tsquery``: by stem or as written."""

    raw: str
    SQL = "(" + " || ".join(f"to_tsquery('{config}'::regconfig, %s)" for config in CONFIGS) + ")"

    @property
    def params(self) -> list[str]:
        """The values of ``SQL``."""
        return [self.raw] * len(CONFIGS)

    @property
    def expression(self) -> SearchQuery:
        """The same for Django's own lookups."""
        first, second = (SearchQuery(self.raw, config=config, search_type="raw") for config in CONFIGS)
        return first | second


@cache
def words_of(model: type[Model], fields: tuple[str, ...]) -> str:
    """SQL of the fields as search words, by stem and as written. Made once: expressions cost more than the search."""
    table = model._meta.db_table
    text = " || ' ' || ".join(f'COALESCE("{table}"."{name}", \'\')' for name in fields)
    return "(" + " || ".join(f"to_tsvector('{config}'::regconfig, {text})" for config in CONFIGS) + ")"


def _in(path: str) -> Callable[[QuerySet[Any], Sequence[Body]], QuerySet[Any]]:
    return lambda rows, committees: rows.filter(**{f"{path}__in": committees})


def _locked(rows: QuerySet[Any], committees: Sequence[Body]) -> QuerySet[Any]:
    """Locked reports, the latest first; the heavy document stays in the database."""
    kept = rows.filter(committee__in=committees, state=Report.State.LOCKED)
    return (
        kept.select_related("occasion", "found").defer("document").order_by("-occasion__cut_off", "-number")
    )


def _files(rows: QuerySet[Any], committees: Sequence[Body]) -> QuerySet[Any]:
    """Files of the committees' records, and of what the whole municipality shares."""
    shared = models.Q(committee=None, municipality__in=[one.municipality_id for one in committees])
    kept = rows.filter(models.Q(committee__in=committees) | shared, removed_at=None)
    return kept.select_related("current__blob").order_by("-pk")


SEARCHED = (
    Searchable(
        "Mål",
        Goal,
        ("number", "title", "text", "motive"),
        lambda row: f"{row.number} {row.title or row.text}".strip(),
        lambda row: " ".join(part for part in (row.text, row.motive) if part),
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
        lambda row: ", ".join(part for part in (row.factor, row.source, row.kolada_id) if part),
        lambda scope, row: scope.url("measures:measure", row.pk),
        _in("committee"),
    ),
    Searchable(
        "Låsta rapporter",
        Report,
        (),
        lambda row: f"{report_class(row.kind).title}, {row.occasion.name}, version {row.number}",
        lambda row: row.found.text,
        lambda scope, row: scope.url("reports:version", row.kind, row.occasion.code, row.number),
        _locked,
        stored="found__words",
    ),
    Searchable(
        "Tillfällen",
        Occasion,
        ("name", "code"),
        lambda row: row.name,
        lambda row: f"Brytdatum {row.cut_off:%Y-%m-%d}",
        lambda scope, row: f"{scope.url('steering:occasions')}#t-{row.code}",
        _in("committee"),
    ),
    Searchable(
        "Enheter",
        Unit,
        ("name", "code"),
        lambda row: row.name,
        lambda row: f"{row.get_kind_display()}, {row.code}".capitalize(),
        lambda scope, row: scope.url("organisation:enheter-detail", row.pk),
        _in("committee"),
    ),
    Searchable(
        "Filer",
        StoredFile,
        (),
        lambda row: row.title,
        lambda row: f"{row.current.name}. {row.current.blob.text}",
        lambda scope, row: address("files:file", row.pk),
        _files,
        stored="words",
    ),
)


@dataclass(frozen=True)
class Hit:
    """Something found."""

    name: str
    text: SafeString
    url: str
    place: str


@dataclass(frozen=True)
class Group:
    """What was found of one kind; ``more`` when there is more than is shown."""

    title: str
    hits: list[Hit]
    more: bool


def words_in(text: str) -> list[str]:
    """The words of what somebody typed. Everything that is not a letter or a digit only separates them."""
    return WORDS.findall(text)[:MOST_WORDS]


def query_of(words: Sequence[str]) -> Query | None:
    """The query for the words; None when there are none. Every word must be found, as the beginning of a word."""
    return Query(" & ".join(f"'{word}':*" for word in words)) if words else None


def search(user: User, text: str, committees: Sequence[Body], here: Scope | None = None) -> list[Group]:
    """Everything the person may see that holds the words, grouped by kind: one query a kind.

    A hit that belongs to no year leads to the year of ``here``, or else to the committee's own latest.
    """
    words = words_in(text)
    query = query_of(words)
    if query is None or not committees:
        return []
    homes = {one.pk: one for one in committees}
    by_municipality = {one.municipality_id: one for one in reversed(committees)}
    years = {here.committee.pk: here.year} if here else {}
    groups = []
    for kind in SEARCHED:
        rows = access.visible(user, kind.rows(kind.model._default_manager.all(), committees))
        found = list(kind.found(rows, query)[: SHOWN + 1])
        hits = []
        for row in found[:SHOWN]:
            home = homes.get(getattr(row, "committee_id", None) or 0) or by_municipality[row.municipality_id]
            year = _year(row)
            if year is None and home.pk not in years:
                years[home.pk] = default_year(home)
            url = kind.url(Scope(user, home, year or years[home.pk]), row)
            hits.append(Hit(kind.name(row), snippet(kind.text(row), words), url, home.short_name))
        if hits:
            groups.append(Group(kind.title, hits, len(found) > SHOWN))
    return groups


def _year(row: Any) -> int | None:
    """The year that a row belongs to, or None."""
    home = row.occasion if isinstance(row, Report) else row
    found = getattr(home, "year", None) or getattr(home, "from_year", None)
    return int(found) if found else None


def snippet(text: str, words: Sequence[str]) -> SafeString:
    """The part of the text where the words stand, with the words marked. A stem is enough to mark a word."""
    stems = [re.escape(word[: max(SHORTEST_STEM, len(word) - 2)]) for word in words]
    hit = re.compile(rf"\b(?:{'|'.join(stems)})\w*", re.IGNORECASE)
    flat = " ".join(text.split())
    first = hit.search(flat)
    start = max(0, first.start() - SNIPPET // 3) if first else 0
    if start:
        start = flat.find(" ", start) + 1
    part = flat[start : start + SNIPPET]
    if start + SNIPPET < len(flat):
        part = f"{part.rsplit(' ', 1)[0]} …"
    if start:
        part = f"… {part}"
    marked, at = SafeString(""), 0
    for one in hit.finditer(part):
        marked += conditional_escape(part[at : one.start()]) + format_html("<mark>{}</mark>", one.group())
        at = one.end()
    return mark_safe(marked + conditional_escape(part[at:]))  # noqa: S308 - every part is escaped above
