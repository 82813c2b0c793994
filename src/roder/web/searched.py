"""What can be searched for: each kind of record declared once, with its words, how a hit is named and where it leads.

Each kind has an index of its words (``migrations/0001_search.py`` and ``0002_search_registers.py``, or a column that
holds them). The order here is the order on the page.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from django.contrib.postgres.search import SearchVectorField
from django.db import models
from django.db.models import F, Model, QuerySet
from django.db.models.expressions import RawSQL

from roder.core.words import day_words
from roder.files.models import StoredFile
from roder.measures.models import Measure
from roder.meetings.models import Case, Document, MinuteItem, Watch
from roder.organisation.models import Body, Unit
from roder.quality.models import Complaint, Deviation
from roder.registers.models import Agreement, SteeringDocument
from roder.reports.kinds import report_class
from roder.reports.models import Report
from roder.steering.models import Activity, Assignment, Goal, Occasion
from roder.web.addresses import address
from roder.web.scope import Scope
from roder.web.words import CONFIGS, Query

Rows = Callable[[QuerySet[Any], Sequence[Body]], QuerySet[Any]]
#: So many hits, the newest, are compared with each other; the best of them are shown first. Comparing means reading
#: the words of each, and a common word stands in tens of thousands of documents.
COMPARED = 150
#: Of so many hits, the newest, it is asked first whether the person may see them; more than any page comes to.
ASKED_FIRST = 2_000
LONGEST_CODE = 60  # characters: longer columns are texts
Sql = tuple[str, list[Any]]


@dataclass(frozen=True)
class Searchable:
    """A kind of record that can be searched for: what is read, how a hit is named, and where it leads.

    ``fields`` are the columns of the kind's index; ``stored`` is a column that holds the words already; ``bounded``
    says that a text may be too long for the database to hold all its words (``roder_words``). ``body`` is a column with
    a long text: only the part around the words is fetched (as ``part``). ``newest`` is a column that says
    what is newest. ``full`` adds to the rows that are shown what their names need. ``home`` is the path to the
    committee. ``also`` gives more links: (words, address).
    """

    code: str
    title: str
    model: type[Model]
    fields: tuple[str, ...]
    name: Callable[[Any], str]
    text: Callable[[Any], str]
    url: Callable[[Scope, Any], str]
    rows: Rows
    stored: str = ""
    bounded: bool = False
    body: str = ""
    newest: str = "pk"
    compared: bool = True
    about: Callable[[Any], str] = lambda row: ""
    full: Callable[[QuerySet[Any]], QuerySet[Any]] = lambda rows: rows
    home: Callable[[Any], int | None] = lambda row: getattr(row, "committee_id", None)
    year: Callable[[Any], int | None] = lambda row: getattr(row, "year", None)
    also: Callable[[Scope, Any], list[tuple[str, str]]] = field(default=lambda scope, row: [])

    def holding(self, rows: QuerySet[Any], query: Query) -> QuerySet[Any]:
        """The rows that hold the words."""
        if self.stored:
            return rows.filter(**{self.stored: query.expression})
        words = words_of(self.model, self.fields, bounded=self.bounded)
        holds = RawSQL(f"({words} @@ {query.SQL})", query.params, models.BooleanField())  # noqa: S611 - own names only
        return rows.filter(holds)

    def latest(self, rows: QuerySet[Any], query: Query, start: int, stop: int) -> Sql:
        """SQL of the keys of the rows that hold the words, the newest first; with each what says how new it is.

        Where the words are a column of the table they are asked for first and alone, so that nothing but their index
        can answer: long words lie outside the table, and to try them row by row takes seconds (the database does not
        count that). The rest of the question is then put to what was found, under the table's own name.
        """
        newest = models.Func(F(self.newest), function="GREATEST")  # an order that no index has
        own = bool(self.stored) and "__" not in self.stored
        rows = rows if own else self.holding(rows, query)
        rows = rows.order_by(newest.desc(nulls_last=True), "-pk")
        sql, given = rows.values_list("pk", newest)[start:stop].query.sql_with_params()
        if not own:
            return sql, list(given)
        table, columns = self.model._meta.db_table, ", ".join(f'"{one}"' for one in narrow(self.model))
        found = f'SELECT {columns} FROM "{table}" WHERE "{self.stored}" @@ {query.SQL}'  # noqa: S608 - own names only
        every, params = f'WITH "{table}" AS MATERIALIZED ({found}) {sql}', [*query.params, *given]
        fields = {one.name: one.column for one in self.model._meta.concrete_fields}
        if self.newest not in fields:
            return every, params
        # A common word stands in most rows: whether the person may see them is asked of the newest of them first, and
        # of all only when too few of those were for the person's eyes. The answer is the same.
        order = f'GREATEST("{fields[self.newest]}") DESC NULLS LAST, "id" DESC LIMIT {ASKED_FIRST}'
        return (
            f"WITH newly AS MATERIALIZED ({found} ORDER BY {order}), "  # noqa: S608 - own names only
            f'seen(id, newest) AS MATERIALIZED (WITH "{table}" AS (SELECT * FROM newly) {sql}), '
            f"enough(said) AS (SELECT (SELECT count(*) FROM newly) < {ASKED_FIRST} "
            f"OR (SELECT count(*) FROM seen) = {stop - start}) "
            "SELECT seen.id, seen.newest FROM seen WHERE (SELECT said FROM enough) UNION ALL "
            f"SELECT every.id, every.newest FROM ({every}) AS every(id, newest) WHERE NOT (SELECT said FROM enough)"
        ), [*params, *params]

    def best(self, rows: QuerySet[Any], query: Query, most: int) -> Sql:
        """SQL of the keys of the best of the newest rows that hold the words; the newest first where none is better."""
        if not self.compared:
            sql, params = self.latest(rows, query, 0, most)
            return f"SELECT few.id FROM ({sql}) AS few(id, newest)", params  # noqa: S608 - own names only
        sql, params = self.latest(rows, query, 0, COMPARED)
        words = f'"{self.stored}"' if self.stored else words_of(self.model, self.fields, bounded=self.bounded)
        return (
            f'SELECT few.id FROM ({sql}) AS few(id, newest) JOIN "{self.model._meta.db_table}" USING (id)'  # noqa: S608
            f" ORDER BY ts_rank({words}, {query.SQL}) DESC, few.newest DESC NULLS LAST, few.id DESC LIMIT {most}",
            [*params, *query.params],
        )


def narrow(model: type[Model]) -> list[str]:
    """The columns of a table that a question about access, place and age may be about: none that holds a text."""
    wide = (models.TextField, models.JSONField, models.GeneratedField, SearchVectorField)
    return [
        one.column
        for one in model._meta.concrete_fields
        if one.column and not isinstance(one, wide) and (one.max_length or 0) <= LONGEST_CODE
    ]


@cache
def words_of(model: type[Model], fields: tuple[str, ...], *, bounded: bool = False) -> str:
    """SQL of the fields as search words, by stem and as written. Made once: expressions cost more than the search."""
    table = model._meta.db_table
    if bounded:
        columns = ", ".join(f'"{table}"."{name}"' for name in fields)
        return f"roder_words({columns})"
    text = " || ' ' || ".join(f'COALESCE("{table}"."{name}", \'\')' for name in fields)
    return "(" + " || ".join(f"to_tsvector('{config}'::regconfig, {text})" for config in CONFIGS) + ")"


def _in(path: str) -> Rows:
    return lambda rows, committees: rows.filter(**{f"{path}__in": committees})


def _locked(rows: QuerySet[Any], committees: Sequence[Body]) -> QuerySet[Any]:
    """Locked reports."""
    return rows.filter(committee__in=committees, state=Report.State.LOCKED)


def _files(rows: QuerySet[Any], committees: Sequence[Body]) -> QuerySet[Any]:
    """Files of the committees' records, and of what the whole municipality shares. Those of a case's documents are
    found as documents."""
    shared = models.Q(committee=None, municipality__in=[one.municipality_id for one in committees])
    kept = rows.filter(models.Q(committee__in=committees) | shared, removed_at=None)
    return kept.exclude(subject_kind=Document._meta.label_lower)


def _only(*names: str) -> Callable[[QuerySet[Any]], QuerySet[Any]]:
    """Only these columns, with the relations that they name."""
    relations = {name.rpartition("__")[0] for name in names} - {""}
    return lambda rows: rows.select_related(*relations).only(*names)


def _joined(*parts: Any) -> str:
    return ", ".join(str(part) for part in parts if part)


def _became(name: str) -> Callable[[Scope, Any], list[tuple[str, str]]]:
    """A link to what became of it."""
    return lambda scope, row: [("Vad blev det av det?", scope.url(name, row.pk))]


SEARCHED = (
    Searchable(
        "arenden",
        "Ärenden",
        Case,
        (),
        lambda row: f"{row.number} {row.title}",
        lambda row: row.summary,
        lambda scope, row: scope.url("meetings:case", row.pk),
        _in("committee"),
        stored="search",
        newest="opened_on",
        about=lambda row: _joined(
            row.get_kind_display().capitalize(), f"registrerat {row.opened_on}", row.get_phase_display()
        ),
        full=_only("number", "title", "summary", "kind", "opened_on", "phase", "year", "committee_id"),
        also=_became("meetings:trail_case"),
    ),
    Searchable(
        "handlingar",
        "Handlingar",
        Document,
        (),
        lambda row: row.title,
        lambda row: row.part,
        lambda scope, row: scope.url("meetings:document", row.pk),
        _in("committee"),
        stored="search",
        body="text",
        newest="dated_on",
        about=lambda row: _joined(
            row.get_kind_display().capitalize(), row.dated_on, row.sender, f"ärende {row.case.number}"
        ),
        full=_only("title", "kind", "dated_on", "sender", "committee_id", "case__number", "case__year"),
        year=lambda row: row.case.year,
    ),
    Searchable(
        "beslut",
        "Beslut",
        MinuteItem,
        (),
        lambda row: _joined(
            f"{row.body.short_name} § {row.number or 'utan nummer'} {row.item.meeting.date}", row.heading
        ),
        lambda row: row.part,
        lambda scope, row: scope.url("meetings:paragraph", row.pk),
        _in("item__meeting__committee"),
        stored="search",
        body="decided",
        newest="item__meeting__date",
        full=_only(
            "heading",
            "number",
            "year",
            "outcome",
            "body__short_name",
            "item__meeting__date",
            "item__meeting__committee_id",
        ),
        about=lambda row: row.get_outcome_display().capitalize(),
        home=lambda row: row.item.meeting.committee_id,
        also=_became("meetings:trail"),
    ),
    Searchable(
        "bevakningar",
        "Bevakningar",
        Watch,
        (),
        lambda row: row.title,
        lambda row: row.what,
        lambda scope, row: scope.url("meetings:watch", row.pk),
        _in("committee"),
        stored="search",
        newest="opened_on",
        about=lambda row: _joined(row.get_state_display().capitalize(), row.number_text, row.responsible),
        full=_only("title", "what", "state", "number_text", "responsible", "committee_id"),
        also=_became("meetings:trail_watch"),
    ),
    Searchable(
        "mal",
        "Mål",
        Goal,
        ("number", "title", "text", "motive"),
        lambda row: f"{row.number} {row.title or row.text}".strip(),
        lambda row: " ".join(part for part in (row.text, row.motive) if part),
        lambda scope, row: scope.url("steering:goal", row.pk),
        lambda rows, committees: rows.filter(municipality__in=[one.municipality_id for one in committees]),
        year=lambda row: row.from_year,
    ),
    Searchable(
        "uppdrag",
        "Uppdrag",
        Assignment,
        ("title", "text", "case_number"),
        lambda row: row.title,
        lambda row: row.text,
        lambda scope, row: scope.url("steering:assignment", row.pk),
        _in("committee"),
        year=lambda row: row.from_year,
    ),
    Searchable(
        "aktiviteter",
        "Aktiviteter",
        Activity,
        ("what", "why"),
        lambda row: row.what,
        lambda row: row.why,
        lambda scope, row: scope.url("steering:goal", row.goal_id),
        _in("committee"),
    ),
    Searchable(
        "nyckeltal",
        "Nyckeltal",
        Measure,
        ("title", "code", "kolada_id", "factor", "source"),
        lambda row: row.title,
        lambda row: _joined(row.factor, row.source, row.kolada_id),
        lambda scope, row: scope.url("measures:measure", row.pk),
        _in("committee"),
    ),
    Searchable(
        "rapporter",
        "Låsta rapporter",
        Report,
        (),
        lambda row: f"{report_class(row.kind).title}, {row.occasion.name}, version {row.number}",
        lambda row: row.part,
        lambda scope, row: scope.url("reports:version", row.kind, row.occasion.code, row.number),
        _locked,
        stored="found__words",
        body="found__text",
        newest="occasion__cut_off",
        compared=False,
        full=_only("kind", "number", "committee_id", "occasion__name", "occasion__code", "occasion__year"),
        year=lambda row: row.occasion.year,
    ),
    Searchable(
        "tillfallen",
        "Tillfällen",
        Occasion,
        ("name", "code"),
        lambda row: row.name,
        lambda row: f"Brytdatum {day_words(row.cut_off)} {row.cut_off.year}",
        lambda scope, row: f"{scope.url('steering:occasions')}#t-{row.code}",
        _in("committee"),
    ),
    Searchable(
        "styrdokument",
        "Styrdokument",
        SteeringDocument,
        ("title", "number", "decided_by", "valid_for", "responsible", "text"),
        lambda row: row.title,
        lambda row: row.part,
        lambda scope, row: scope.url("registers:styrdokument-detail", row.pk),
        _in("committee"),
        bounded=True,
        body="text",
        newest="decided_on",
        about=lambda row: _joined(
            row.get_type_display().capitalize(), row.decided_by, row.decided_on, row.number
        ),
        full=_only("title", "type", "decided_by", "decided_on", "number", "committee_id"),
    ),
    Searchable(
        "avtal",
        "Avtal",
        Agreement,
        ("title", "party", "number", "responsible", "follow_up"),
        lambda row: row.title,
        lambda row: row.follow_up,
        lambda scope, row: scope.url("registers:avtal-detail", row.pk),
        _in("committee"),
        bounded=True,
        newest="signed_on",
        about=lambda row: _joined(row.party, row.number),
    ),
    Searchable(
        "avvikelser",
        "Avvikelser",
        Deviation,
        (),
        lambda row: f"Avvikelse {row.number}",
        lambda row: row.what,
        lambda scope, row: scope.url("quality:deviation", row.pk),
        _in("committee"),
        stored="search",
        newest="reported_at",
        full=_only("number", "what", "committee_id"),
    ),
    Searchable(
        "klagomal",
        "Klagomål och synpunkter",
        Complaint,
        (),
        str,
        lambda row: row.text,
        lambda scope, row: scope.url("quality:complaint", row.pk),
        _in("committee"),
        stored="search",
        newest="received_at",
        full=_only("number", "kind", "text", "committee_id"),
    ),
    Searchable(
        "enheter",
        "Enheter",
        Unit,
        ("name", "code"),
        lambda row: row.name,
        lambda row: f"{row.get_kind_display()}, {row.code}".capitalize(),
        lambda scope, row: scope.url("organisation:enheter-detail", row.pk),
        _in("committee"),
    ),
    Searchable(
        "filer",
        "Filer",
        StoredFile,
        (),
        lambda row: row.title,
        lambda row: f"{row.current.name}. {row.part}" if row.current else "",
        lambda scope, row: address("files:file", row.pk),
        _files,
        stored="words",
        body="current__blob__text",
        compared=False,
        full=_only("title", "committee_id", "municipality_id", "current__name"),
    ),
)
