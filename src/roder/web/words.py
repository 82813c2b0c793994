"""What somebody typed, as a question to the database's full text search, and as marked words in a snippet.

Rows hold their words both by Swedish stem and as written ("kostnad" has the stem "kostn", "kostnader" has "kostnad").
A word is looked for as its stem, as the beginning of a word: a Swedish stem is always the beginning of its word, so
that finds everything that the word as written would find. Only words that the stemming leaves out altogether (och,
att) are looked for as written.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from django.contrib.postgres.search import SearchQuery, SearchVectorExact
from django.db import models
from django.db.models import QuerySet
from django.db.models.functions import Cast
from django.utils.html import conditional_escape, format_html
from django.utils.safestring import SafeString, mark_safe

M = TypeVar("M", bound=models.Model)

CONFIGS = ("swedish", "simple")
WORDS = re.compile(r"\w+")
MOST_WORDS = 12
SNIPPET = 200
SHORTEST_STEM = 4  # letters that are enough to mark a word in a snippet
SHORTEST_BEGINNING = (
    3  # fewer letters are the beginning of so many words that they are taken as a word of their own
)
#: How much of a text is fetched for a snippet, in characters, and how much of it stands before the word.
PART, BEFORE = 700, 150
#: How far into a text a snippet is looked for.
READ = 400_000


class StemQuery(SearchQuery):
    """The question by stem, or as written where stemming leaves nothing. A constant when the query is planned."""

    SQL = (
        "(CASE WHEN numnode(to_tsquery('swedish'::regconfig, %s)) > 0"
        " THEN to_tsquery('swedish'::regconfig, %s) ELSE to_tsquery('simple'::regconfig, %s) END)"
    )

    def __init__(self, raw: str, **options: Any) -> None:
        super().__init__(raw, config="swedish", search_type="raw")
        self.raw = raw

    def as_sql(self, compiler: Any, connection: Any, *args: Any, **kwargs: Any) -> Any:
        """SQL and its values (a list: the lookup adds its own)."""
        return self.SQL, [self.raw] * 3


@dataclass(frozen=True)
class Query:
    """What is looked for, as text of ``to_tsquery``."""

    raw: str
    SQL = StemQuery.SQL

    @property
    def params(self) -> list[str]:
        """The values of ``SQL``."""
        return [self.raw] * 3

    @property
    def expression(self) -> SearchQuery:
        """The same for Django's own lookups: ``rows.filter(search=query.expression)``."""
        return StemQuery(self.raw)


class Plainly(models.Func):
    """A condition that the database may not answer with an index: it is asked of each row that the rest has left."""

    template = "(%(expressions)s) IS TRUE"
    output_field = models.BooleanField()


def with_words(rows: QuerySet[M], text: str, *, few: bool = False) -> QuerySet[M]:
    """The rows that have every word, by stem or as the beginning of a word, in their column ``search``.

    ``few``: the rows are known to be few. Then the index of words, which would give everybody's rows with them, is
    slower than looking at each.
    """
    query = query_of(words_in(text))
    if query is None:
        return rows.none()
    if few:
        return rows.filter(Plainly(SearchVectorExact(models.F("search"), query.expression)))
    return rows.filter(search=query.expression)


def words_in(text: str) -> list[str]:
    """The words of what somebody typed. Everything that is not a letter or a digit only separates them."""
    return WORDS.findall(text)[:MOST_WORDS]


def query_of(words: Sequence[str]) -> Query | None:
    """The query for the words; None when there are none. Every word must be found, as the beginning of a word."""
    parts = [f"'{word}':*" if len(word) >= SHORTEST_BEGINNING else f"'{word}'" for word in words]
    return Query(" & ".join(parts)) if parts else None


def stems(words: Sequence[str]) -> list[str]:
    """The beginnings that are enough to mark a word in a snippet."""
    return [word[: max(SHORTEST_STEM, len(word) - 2)] for word in words]


class Around(models.Func):
    """The part of a text where one of the words stands, worked out by the database: long texts stay where they are."""

    output_field = models.TextField()

    def __init__(self, column: str, words: Sequence[str]) -> None:
        super().__init__(Cast(models.F(column), models.TextField()))
        self.stems = [stem.lower() for stem in stems(words)]

    def as_sql(
        self, compiler: Any, connection: Any, *args: Any, **kwargs: Any
    ) -> tuple[str, tuple[Any, ...]]:
        """SQL and its values. The text's beginning when no word is found in it."""
        column, given = compiler.compile(self.source_expressions[0])
        text = f"lower(left({column}, {READ}))"
        # The beginning of a word first; a word inside another is better than nothing.
        found = ", ".join(f"NULLIF(strpos({text}, %s), 0), NULLIF(strpos({text}, %s), 0)" for _ in self.stems)
        values: list[Any] = []
        for stem in self.stems:
            values += [*given, f" {stem}", *given, stem]
        place = f"COALESCE({found}, 1)"
        sql = f"substr({column}, GREATEST(1, {place} - {BEFORE}), {PART})"
        return sql, (*given, *values)


def snippet(text: str, words: Sequence[str]) -> SafeString:
    """The part of the text where the words stand, with the words marked. A stem is enough to mark a word."""
    hit = re.compile(rf"\b(?:{'|'.join(re.escape(stem) for stem in stems(words))})\w*", re.IGNORECASE)
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
