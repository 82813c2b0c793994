"""Questions whose SQL is kept: made once for the same person's mandates, committee and year, asked every time.

Putting a question together, access and all, costs several times what the database needs to answer it, and a page asks
a dozen. What is kept is the question, never an answer, and never for other mandates or another day::

    @kept
    def goals_of(user, municipality: int, year: int) -> QuerySet[Goal]:
        return access.visible(user, Goal.objects.filter(municipality=municipality, from_year__lte=year))

    goals_of(request.user, 1, 2022)  # a list

The function may depend on nothing but what it is given: keys, numbers and words, and a user for their mandates.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from enum import Enum
from functools import wraps
from typing import Any, ParamSpec, TypeVar

from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import EmptyResultSet
from django.db import connections, models
from django.db.models import QuerySet
from django.db.models.query import (
    FlatValuesListIterable,
    ModelIterable,
    ValuesListIterable,
    get_related_populators,
)

from roder.access.rights import grants
from roder.core.prepared import rows_of
from roder.organisation.models import Person

P = ParamSpec("P")
M = TypeVar("M", bound=models.Model)
Sql = tuple[str, tuple[Any, ...]]
MOST = 3000
_plans: dict[tuple[Any, ...], Any] = {}


def key_of(value: Any) -> Any:
    """What a question's text depends on of an argument. Raises TypeError for what may change under its name."""
    if isinstance(value, Person | AnonymousUser):
        return value.pk, value.is_active, grants(value)
    if isinstance(value, tuple):
        return tuple(key_of(one) for one in value)
    if value is None or isinstance(value, int | str | date | Enum):
        return value
    raise TypeError(f"{type(value).__name__} kan inte vara del av en fråga som behålls")


def remembered(make: Callable[[], Any], *parts: Any) -> Any:
    """What ``make`` gave for the same parts today."""
    key = (*(key_of(part) for part in parts), date.today())
    try:
        return _plans[key]
    except KeyError:
        pass
    found = make()
    if len(_plans) >= MOST:
        _plans.clear()
    _plans[key] = found
    return found


def kept(make: Callable[P, QuerySet[M, Any]]) -> Callable[P, list[Any]]:
    """Keep the SQL of the rows that ``make`` gives. The rows are read at once, as a list."""
    name = f"{make.__module__}.{make.__qualname__}"

    @wraps(make)
    def ask(*args: P.args, **kwargs: P.kwargs) -> list[Any]:
        plan: _Plan = remembered(lambda: _Plan(make(*args, **kwargs)), name, args, tuple(kwargs.items()))
        return plan.rows()

    return ask


class _Plan:
    """The SQL of a queryset, and how a row of its answer becomes a record (or stays a tuple)."""

    def __init__(self, rows: Any) -> None:
        if rows._prefetch_related_lookups or rows._known_related_objects:
            raise TypeError("frågan läser mer än sina egna rader")
        self.using = rows.db
        self.kind = rows._iterable_class
        if self.kind not in (ModelIterable, ValuesListIterable, FlatValuesListIterable):
            raise TypeError(f"{self.kind.__name__} kan inte behållas")
        self.sql = ""
        compiler = rows.query.get_compiler(using=self.using)
        try:
            self.sql, params = compiler.as_sql()
        except EmptyResultSet:
            return
        self.params: tuple[Any, ...] = tuple(params)
        if compiler.has_extra_select or (self.kind is not ModelIterable and rows.query.extra_select):
            raise TypeError("frågan har tillagda kolumner")
        select, info = compiler.select, compiler.klass_info
        self.converters = [
            (place, functions, expression)
            for place, (functions, expression) in compiler.get_converters([one[0] for one in select]).items()
        ]
        if self.kind is not ModelIterable:
            return
        fields = info["select_fields"]
        self.model = info["model"]
        self.start, self.end = fields[0], fields[-1] + 1
        self.names = [one[0].target.attname for one in select[self.start : self.end]]
        self.related = get_related_populators(info, select, self.using)  # type: ignore[call-arg]  # of Django 6
        self.annotations = list((compiler.annotation_col_map or {}).items())

    def rows(self) -> list[Any]:
        """Ask, and give the records."""
        if not self.sql:
            return []
        found = rows_of(self.sql, self.params, self.using)
        if self.converters:
            connection = connections[self.using]
            found = [self._converted(list(row), connection) for row in found]
        if self.kind is ModelIterable:
            return [self._record(row) for row in found]
        return [row[0] for row in found] if self.kind is FlatValuesListIterable else found

    def _converted(self, row: list[Any], connection: Any) -> tuple[Any, ...]:
        for place, functions, expression in self.converters:
            value = row[place]
            for function in functions:
                value = function(value, expression, connection)
            row[place] = value
        return tuple(row)

    def _record(self, row: tuple[Any, ...]) -> Any:
        record = self.model.from_db(self.using, self.names, row[self.start : self.end])
        for one in self.related:
            one.populate(row, record)
        for name, place in self.annotations:
            setattr(record, name, row[place])
        return record
