"""What a register is: columns, filters and form, declared; and what follows from the model by itself."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from functools import cached_property
from typing import Any, Literal

from django.contrib.postgres.fields import DateRangeField
from django.db import models
from django.db.models import QuerySet
from django.urls import URLPattern
from django.utils.functional import Promise

from roder import access
from roder.access.matrix import Action, Resource
from roder.core.numbers import Unit
from roder.core.words import capital_first
from roder.web.scope import Scope

Kind = Literal["text", "number", "money", "date", "moment", "period", "bool", "status"]
NUMERIC = ("number", "money")


@dataclass(frozen=True)
class Column:
    """A column. Title, kind and sorting follow from the model's field when they are not given.

    ``name``    the field, with ``__`` between relations; or any name when ``value`` is given
    ``value``   a function of the row, for what is not a field (such a column sorts only with ``sort``)
    ``text``    a function of the row: how the page prints the value, when the unit differs from row to row
    ``unit``    makes it a number: money is kept in kronor and printed in this unit
    ``tone``    makes it a status: a function of the row giving good, near, bad or none
    ``link``    True: to the detail page; or a function ``(row, scope) -> address or None``
    ``sort``    the expressions to order by; () for a column that cannot be sorted
    ``shown``   False: only when the reader has chosen it
    ``room``    whether the column gets room before the others; a text that links does, unless told otherwise
    """

    name: str
    title: str = ""
    kind: Kind | None = None
    value: Callable[[Any], Any] | None = None
    text: Callable[[Any], str] | None = None
    unit: Unit | None = None
    digits: int | None = None
    sign: bool = False
    tone: Callable[[Any], str] | None = None
    link: bool | Callable[[Any, Scope], str | None] = False
    sort: Sequence[str] | None = None
    shown: bool = True
    room: bool | None = None


@dataclass(frozen=True)
class Filter:
    """A filter. The way to filter follows from the field: choice, relation, from–to for dates and numbers, text.

    ``apply``  a function (rows, what was chosen) -> rows, for what is not a field of the row; with ``options`` a
    choice, with ``kind`` "date" a day, otherwise a text
    ``options``  what is chosen among: (value, words), or a function of where one stands that gives those or records
    ``named``  the field that names a related record, where it is all its name: the choices are read without making a
    record of each
    """

    name: str
    title: str = ""
    options: (
        Callable[[Scope], QuerySet[Any] | Sequence[tuple[str, str]]] | Sequence[tuple[str, str]] | None
    ) = None
    apply: Callable[[QuerySet[Any], Any], QuerySet[Any]] | None = None
    kind: Literal["", "date"] = ""
    named: str = ""


@dataclass(frozen=True)
class Ready:
    """A column with everything worked out. ``key`` is its name in addresses."""

    column: Column
    key: str
    title: str
    kind: Kind
    sort: tuple[str, ...]
    model: type[models.Model] = models.Model

    @cached_property
    def is_choice(self) -> bool:
        """Whether the value is one of the field's words."""
        at = model_field(self.model, self.column.name) if self.column.value is None else None
        return spoken_choice(at)

    @cached_property
    def value(self) -> Callable[[Any], Any]:
        """A function of the row that gives its value as a plain value: text, Decimal, date, bool or None."""
        return self.column.value or reader(self.model, self.column.name)


def reach(row: Any, path: str) -> Any:
    """Follow ``a__b__c`` from a row; None where a relation is empty. A choice gives its word, a record its name."""
    *relations, last = path.split("__")
    for relation in relations:
        row = getattr(row, relation)
        if row is None:
            return None
    display = getattr(row, f"get_{last}_display", None)
    if display is not None:
        return str(display()) if getattr(row, last) not in (None, "") else ""
    found = getattr(row, last)
    return str(found) if isinstance(found, models.Model | Promise) else found


def reader(model: type[models.Model], path: str) -> Callable[[Any], Any]:
    """``reach`` for one path, with the words of a choice looked up beforehand: it is asked for every cell of a list."""
    at = model_field(model, path)
    if "__" in path or at is None or not at.choices:
        return lambda row: reach(row, path)
    words = {key: str(word) for key, word in at.flatchoices}
    words |= {None: "", "": ""}
    return lambda row: words.get(getattr(row, path), getattr(row, path))


def spoken_choice(at: models.Field[Any, Any] | None) -> bool:
    """Whether a field's choices are words, which begin as a sentence does where they stand alone. Units do not: tkr."""
    return at is not None and bool(at.choices) and "%" not in {str(word) for _, word in at.flatchoices}


def model_field(model: type[models.Model], path: str) -> models.Field[Any, Any] | None:
    """The field at the end of ``a__b__c``; None when the path leaves the model's fields (an annotation, a property)."""
    found: Any = None
    for part in path.split("__"):
        try:
            found = model._meta.get_field(part)
        except Exception:
            return None
        if found.is_relation and found.related_model is not None:
            model = found.related_model
    return found


def _kind(column: Column, at: models.Field[Any, Any] | None) -> Kind:
    if column.kind:
        return column.kind
    if column.tone is not None:
        return "status"
    if column.unit is not None:
        return "money" if column.unit.is_money else "number"
    if isinstance(at, models.DateTimeField):
        return "moment"
    if isinstance(at, models.DateField):
        return "date"
    if isinstance(at, models.BooleanField):
        return "bool"
    if isinstance(at, DateRangeField):
        return "period"
    if isinstance(at, models.DecimalField | models.IntegerField | models.FloatField) and not at.choices:
        return "number"
    return "text"


@dataclass(eq=False)  # a register is itself and no other: it is a key in caches
class Register:
    """A register, declared once. See the package's docstring for an example."""

    model: type[models.Model]
    name: str
    title: str
    lead: str
    columns: Sequence[Column | str]
    empty: str
    rows: Callable[[QuerySet[Any], Scope], QuerySet[Any]] = lambda rows, scope: rows
    filters: Sequence[Filter | str] = ()
    #: fields that the text above the list is looked for in; or a function (rows, text, scope) -> rows
    search: Sequence[str] | Callable[[QuerySet[Any], str, Scope], QuerySet[Any]] = ()
    order: Sequence[str] = ()
    detail: Sequence[Column | str] | bool = True
    form: Sequence[str] = ()
    new: Callable[[Scope], models.Model] | None = None
    per_page: int = 50
    #: (user, rows) -> rows the user may see; for models whose place ``access.visible`` cannot read from one path
    seen: Callable[[Any, QuerySet[Any]], QuerySet[Any]] | None = None
    #: what the pages ask for when the model has no Access class of its own
    resource: Resource | None = None
    #: extra links on a detail page: (row, scope) -> [(label, address)]
    links: Callable[[Any, Scope], list[tuple[str, str]]] | None = None
    #: extra links over the list: scope -> [(label, address)]
    tools: Callable[[Scope], list[tuple[str, str]]] | None = None
    #: name of a template drawn under the facts on the detail page, and (row, scope) -> what it needs
    below: str = ""
    below_context: Callable[[Any, Scope], dict[str, Any]] | None = None
    #: name of a template drawn over the list, and scope -> what it needs
    above: str = ""
    above_context: Callable[[Scope], dict[str, Any]] | None = None
    #: called in the same transaction when a row has been added or changed: (row, person). May raise ValidationError
    saved: Callable[[Any, Any], None] | None = None
    namespace: str = field(default="", init=False)

    def __post_init__(self) -> None:
        spec = getattr(self.model, "Access", None)
        if self.resource is None and spec is not None:
            self.resource = Resource(spec.resource)
        if self.seen is None and spec is None:
            raise LookupError(
                f"registret {self.name}: ge modellen en Access-klass eller registret en seen-funktion"
            )

    # --- what the pages are made from ---

    @cached_property
    def ready(self) -> tuple[Ready, ...]:
        """Every column with title, kind and order worked out."""
        return tuple(self._ready(column) for column in self.columns)

    @cached_property
    def facts(self) -> tuple[Ready, ...]:
        """What the detail page shows."""
        if isinstance(self.detail, bool):
            return self.ready
        return tuple(self._ready(column) for column in self.detail)

    def _ready(self, given: Column | str) -> Ready:
        column = Column(given) if isinstance(given, str) else given
        at = None if column.value is not None else model_field(self.model, column.name)
        kind = _kind(column, at)
        sort = tuple(column.sort) if column.sort is not None else ()
        if column.sort is None and at is not None:
            sort = self._natural_order(column.name, at)
        title = column.title or (str(at.verbose_name) if at is not None else column.name)
        return Ready(column, column.name, capital_first(title), kind, sort, self.model)

    @staticmethod
    def _natural_order(path: str, at: models.Field[Any, Any]) -> tuple[str, ...]:
        """A relation is ordered by its own model's order when that is made of fields."""
        related: Any = at.related_model if at.is_relation else None
        if related is None:
            return (path,)
        names = [name for name in related._meta.ordering if isinstance(name, str)]
        return tuple(
            f"{path}__{name}" if not name.startswith("-") else f"-{path}__{name[1:]}" for name in names
        ) or (path,)

    def visible(self, scope: Scope) -> QuerySet[Any]:
        """The rows of this committee and year that the person may see, with the relations the columns need."""
        rows = self.model._default_manager.all()
        rows = self.seen(scope.user, rows) if self.seen else access.visible(scope.user, rows)
        return self.rows(rows, scope).select_related(*self._relations)

    @cached_property
    def _relations(self) -> list[str]:
        found: set[str] = set()
        for ready in (*self.ready, *self.facts):
            if ready.column.value is not None:
                continue
            parts = ready.column.name.split("__")
            at = model_field(self.model, ready.column.name)
            relations = parts if at is not None and at.is_relation else parts[:-1]
            if relations and model_field(self.model, "__".join(relations)) is not None:
                found.add("__".join(relations))
        return sorted(found)

    def may_edit(self, scope: Scope, row: models.Model | None = None) -> bool:
        """Whether the person may change a row (some row of the register when none is given)."""
        if self.resource is None or not (self.form or self.new):
            return False
        if row is None or self.seen is not None:
            return scope.may(Action.EDIT, self.resource)
        return access.may(scope.user, Action.EDIT, row)

    def url(self, scope: Scope, part: str = "", pk: int | None = None) -> str:
        """The address of the list, or of ``detail``, ``edit`` and ``new``."""
        name = f"{self.namespace}:{self.name}" + (f"-{part}" if part else "")
        return scope.url(name, *([pk] if pk is not None else []))

    def urls(self, namespace: str) -> list[URLPattern]:
        """The register's addresses, for the room's ``urlpatterns``."""
        from roder.core.register.views import patterns  # noqa: PLC0415 - views need the declaration

        self.namespace = namespace
        return patterns(self)


def plain(value: Any) -> Any:
    """A value as a spreadsheet takes it: Decimal, int, float, date, datetime, bool, text; ranges become text."""
    if value is None or isinstance(value, Decimal | int | float | datetime | date | str):
        return value
    if isinstance(value, Mapping | list | tuple):
        return ", ".join(str(part) for part in value)
    return str(value)
