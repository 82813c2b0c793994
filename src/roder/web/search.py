"""Search over what exists: Swedish stems and plain words together, access asked in the question itself.

``search`` gives the best of each kind, ``search_kind`` all of one kind in pages, the newest first. Which kinds there
are is in ``searched``; how words are asked for in ``words``.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import connection, transaction
from django.db.models import Q, QuerySet
from django.utils.safestring import SafeString

from roder import access
from roder.access.questions import remembered
from roder.access.rights import User
from roder.core.prepared import rows_of
from roder.files.secrecy import kinds_with_files
from roder.meetings.models import Case, Document, MinuteItem
from roder.meetings.rules import numbers
from roder.organisation.models import Body
from roder.web.scope import Scope, default_year
from roder.web.searched import SEARCHED, Searchable, Sql
from roder.web.words import Around, Query, query_of, snippet, words_in

__all__ = ["SEARCHED", "Group", "Hit", "query_of", "search", "search_kind", "snippet", "words_in"]

SHOWN = 8
PER_PAGE = 25
LAST_PAGE = 40
_SETTINGS = (
    "SELECT set_config('enable_seqscan', '{}', true), set_config('jit', '{}', true),"
    " set_config('max_parallel_workers_per_gather', '{}', true), set_config('plan_cache_mode', '{}', true)"
)
ANY = Query("\0")  # stands for the words in a question that is kept
PARAGRAPH = re.compile(r"^§\s*(\d{1,5})$")


@dataclass(frozen=True)
class Hit:
    """Something found. ``gid`` is the record's global id."""

    name: str
    text: SafeString
    url: str
    place: str
    about: str = ""
    also: list[tuple[str, str]] = field(default_factory=list)
    gid: str = ""


@dataclass(frozen=True)
class Group:
    """What was found of one kind; ``more`` when there is more than is shown."""

    title: str
    hits: list[Hit]
    more: bool
    code: str = ""


@dataclass
class _Question:
    """Who asks for what, and where hits lead."""

    user: User
    text: str
    committees: Sequence[Body]
    here: Scope | None
    words: list[str]
    query: Query
    _years: dict[int, int] = field(default_factory=dict)

    def rows(self, kind: Searchable) -> QuerySet[Any]:
        """The rows of a kind that the person may see."""
        return access.visible(self.user, kind.rows(kind.model._default_manager.all(), self.committees))

    def hits(self, kind: Searchable, pks: Sequence[int]) -> list[Hit]:
        """The hits with these keys, in their order."""
        rows = kind.full(kind.model._default_manager.filter(pk__in=pks))
        if kind.body:
            rows = rows.annotate(part=Around(kind.body, self.words))
        by_key = {row.pk: row for row in rows}
        return [self._hit(kind, by_key[pk]) for pk in pks if pk in by_key]

    def _hit(self, kind: Searchable, row: Any) -> Hit:
        home = self._home(kind, row)
        scope = Scope(self.user, home, kind.year(row) or self._year(home))
        return Hit(
            kind.name(row), snippet(kind.text(row) or "", self.words), kind.url(scope, row), home.short_name,
            kind.about(row), kind.also(scope, row), f"{kind.model._meta.label_lower}:{row.pk}",
        )  # fmt: skip

    def _home(self, kind: Searchable, row: Any) -> Body:
        """The committee that a row belongs to, or the first one of its municipality."""
        for one in self.committees:
            if one.pk == kind.home(row):
                return one
        return next(one for one in self.committees if one.municipality_id == row.municipality_id)

    def _year(self, home: Body) -> int:
        """For what belongs to no year: the year one is in, or else the committee's own latest."""
        if self.here and home.pk == self.here.committee.pk:
            return self.here.year
        if home.pk not in self._years:
            self._years[home.pk] = default_year(home)
        return self._years[home.pk]


def _question(user: User, text: str, committees: Sequence[Body], here: Scope | None) -> _Question | None:
    words = words_in(text)
    query = query_of(words)
    return _Question(user, text, committees, here, words, query) if query and committees else None


def _together(parts: Sequence[tuple[int, Sql]]) -> Sql:
    """One question for (place of the kind, key) of every hit."""
    sql = " UNION ALL ".join(f"SELECT {place}, part.id FROM ({one}) AS part" for place, (one, _) in parts)  # noqa: S608
    return sql, [value for _, (_, params) in parts for value in params]


def _keys(asked: Sql) -> list[tuple[int, int]]:
    """(Place of the kind, key) of every hit.

    The database is told to answer from indexes, one part after the other: that a table looks cheap to read through is
    because it does not count what it costs to fetch and unpack the long words of every row. With that said there is
    but one way to answer, whatever the words are, so the plan is kept: making it takes twice as long as answering.
    """
    sql, params = asked
    if not sql:
        return []
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(_SETTINGS.format("off", "off", "0", "force_generic_plan"))
        found = [(int(place), int(pk)) for place, pk in rows_of(sql, params)]
        cursor.execute(_SETTINGS.format("on", "on", "2", "auto"))
    return found


def _best(asked: _Question) -> Sql:
    """The question for the best of every kind. Put together once for the same mandates and committees; what it depends
    on besides is which kinds of records have files."""
    places = tuple((one.pk, one.municipality_id) for one in asked.committees)

    def put_together() -> Sql:
        parts = []
        for place, kind in enumerate(SEARCHED):
            with suppress(EmptyResultSet):  # of some kinds the person may see nothing at all
                parts.append((place, kind.best(asked.rows(kind), ANY, SHOWN + 1)))
        return _together(parts)

    sql, params = remembered(put_together, "search", asked.user, places, kinds_with_files())
    return sql, [asked.query.raw if value == ANY.raw else value for value in params]


def search(user: User, text: str, committees: Sequence[Body], here: Scope | None = None) -> list[Group]:
    """Everything the person may see that holds the words, grouped by kind: one query for all kinds, and one for each
    kind that has something to show.

    A hit that belongs to no year leads to the year of ``here``, or else to the committee's own latest.
    """
    asked = _question(user, text, committees, here)
    if asked is None:
        return []
    found: dict[int, list[int]] = {}
    for place, pk in _keys(_best(asked)):
        found.setdefault(place, []).append(pk)
    groups = []
    for place, kind in enumerate(SEARCHED):
        pks = list(dict.fromkeys([*_by_number(asked, kind), *found.get(place, [])]))
        if pks:
            groups.append(Group(kind.title, asked.hits(kind, pks[:SHOWN]), len(pks) > SHOWN, kind.code))
    return groups


def search_kind(
    user: User, text: str, committees: Sequence[Body], code: str, number: int, here: Scope | None = None
) -> Group | None:
    """A page of all hits of one kind, the newest first; None when there is no such kind or nothing to look for."""
    kind = next((one for one in SEARCHED if one.code == code), None)
    asked = _question(user, text, committees, here)
    if kind is None or asked is None:
        return None
    start = (min(max(number, 1), LAST_PAGE) - 1) * PER_PAGE
    pks: list[int] = []
    with suppress(EmptyResultSet):
        sql, params = kind.latest(asked.rows(kind), asked.query, start, start + PER_PAGE + 1)
        keys = f"SELECT few.id FROM ({sql}) AS few(id, newest)"  # noqa: S608 - own names only
        pks = [pk for _, pk in _keys(_together([(0, (keys, params))]))]
    if number == 1:
        pks = list(dict.fromkeys([*_by_number(asked, kind), *pks]))
    return Group(kind.title, asked.hits(kind, pks[:PER_PAGE]), len(pks) > PER_PAGE, kind.code)


def _by_number(asked: _Question, kind: Searchable) -> list[int]:
    """What the text is the number of: a case in any spelling and its documents, or a paragraph (``§ 71``)."""
    if kind.model is MinuteItem:
        if not (paragraph := PARAGRAPH.match(asked.text.strip())):
            return []
        rows = asked.rows(kind).filter(number=int(paragraph[1])).order_by("-year", "-pk")
    elif kind.model in (Case, Document) and any(one.isdigit() for one in asked.text):
        key = numbers.key(asked.text)
        if not key:
            return []
        of_case = Q(number_key=key) if kind.model is Case else Q(case__number_key=key)
        rows = asked.rows(kind).filter(of_case).order_by(f"-{kind.newest}", "-pk")
    else:
        return []
    return list(rows.values_list("pk", flat=True)[: SHOWN + 1])
