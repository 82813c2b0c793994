"""The filters above a list: a django-filter set built from the declaration."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from html import escape
from typing import TYPE_CHECKING, Any

import django_filters
from django import forms
from django.db import models
from django.db.models import Q, QuerySet
from django.forms.models import ModelChoiceIterator
from django.forms.utils import flatatt
from django.utils.safestring import SafeString, mark_safe

from roder import access
from roder.core.dayfield import DayFilter
from roder.core.register.declaration import Filter, model_field, spoken_choice
from roder.core.words import capital_first

if TYPE_CHECKING:
    from roder.core.register.declaration import Register
    from roder.web.scope import Scope


def escaped(value: Any) -> str:
    """A value as HTML. The same as Django's ``conditional_escape`` in a third of the time, which adds up in a list."""
    return value if isinstance(value, SafeString) else escape(str(value))


def _escaped(choices: list[tuple[str, Any]]) -> tuple[list[str], list[str]]:
    """The keys and the labels as HTML: all of them in one go, which takes a third of the time of one by one."""
    keys, labels = [key for key, _ in choices], [label for _, label in choices]
    if not any(isinstance(one, SafeString) for one in labels):
        parts = escape("\0".join([*keys, *map(str, labels)])).split("\0")
        if len(parts) == 2 * len(choices):
            return parts[: len(choices)], parts[len(choices) :]
    return [escaped(one) for one in keys], [escaped(one) for one in labels]


class Select(forms.Select):
    """A choice drawn here: with hundreds of options a template for each of them is what the page's time goes to."""

    def render(self, name: str, value: Any, attrs: Any = None, renderer: Any = None) -> SafeString:
        """The element with its options. Django's own drawing where options stand in groups."""
        choices: list[tuple[str, Any]] = [
            ("" if key is None else str(key), label) for key, label in self.choices
        ]
        if any(isinstance(label, list | tuple) for _, label in choices):
            return super().render(name, value, attrs, renderer)
        chosen = self.format_value(value)
        options = "\n".join(
            f'<option value="{safe}"{" selected" if key in chosen else ""}>{label}</option>'
            for (key, _), safe, label in zip(choices, *_escaped(choices), strict=True)
        )
        own = flatatt(self.build_attrs(self.attrs, {**(attrs or {}), "name": name}))
        return mark_safe(f"<select{own}>\n{options}\n</select>")  # noqa: S308 - every part is escaped above


class _Read(ModelChoiceIterator):
    """The choices of a relation, read at once: a cursor for a few hundred names costs three questions."""

    def __iter__(self) -> Iterator[Any]:
        if self.field.empty_label is not None:
            yield "", self.field.empty_label
        field: Any = self.field
        if field.named:
            yield from self.queryset.values_list("pk", field.named)
            return
        named = field.label_from_instance
        for row in self.queryset:
            yield row.pk, named(row)


class _RecordField(django_filters.fields.ModelChoiceField):
    """The field of a relation's filter."""

    iterator = _Read

    def __init__(self, *args: Any, named: str = "", **options: Any) -> None:
        self.named = named
        super().__init__(*args, **options)


class _RecordFilter(django_filters.ModelChoiceFilter):
    """A filter by a related record."""

    field_class = _RecordField


class _Own(dict[str, Any]):
    """Parts that belong to this page alone. Copying them, as is done for what pages share, is a tenth of a page."""

    def __deepcopy__(self, memo: Any) -> _Own:
        return self


class _Set(django_filters.FilterSet):
    """A filter set whose filters and fields were made for this page."""

    def get_form_class(self) -> type[forms.Form]:
        """The form's class, made for this page."""
        made: Any = super().get_form_class()
        made.base_fields = _Own(made.base_fields)
        return made


WORDS = 8  # a search in a list takes this many words; the rest are left aside


def filter_set(register: Register, data: Any, rows: QuerySet[Any], scope: Scope) -> django_filters.FilterSet:
    """The filter set of a register, bound to the address's parameters."""
    parts: dict[str, Any] = {}
    if register.search:
        parts["q"] = django_filters.CharFilter(
            label="Filtrera",
            method=_found(register.search, scope)
            if callable(register.search)
            else _searcher(tuple(register.search)),
            widget=forms.TextInput(
                attrs={"type": "search", "placeholder": "Skriv för att filtrera", "maxlength": "200"}
            ),
        )
    for given in register.filters:
        parts.update(_made(register, Filter(given) if isinstance(given, str) else given, scope))
    cls: Any = type(f"{register.model.__name__}Filters", (_Set,), parts)
    cls.base_filters = _Own(cls.base_filters)
    return cls(data, queryset=rows)


def _searcher(paths: tuple[str, ...]) -> Callable[[QuerySet[Any], str, str], QuerySet[Any]]:
    def search(rows: QuerySet[Any], name: str, text: str) -> QuerySet[Any]:
        """Rows where every word stands in some of the searched fields."""
        for word in text.replace("\0", " ").split()[:WORDS]:
            condition = Q()
            for path in paths:
                condition |= Q(**{f"{path}__icontains": word})
            rows = rows.filter(condition)
        return rows

    return search


def _found(
    search: Callable[[QuerySet[Any], str, Scope], QuerySet[Any]], scope: Scope
) -> Callable[..., QuerySet[Any]]:
    def found(rows: QuerySet[Any], name: str, text: str) -> QuerySet[Any]:
        """The rows that the register's own search finds."""
        return search(rows, text, scope)

    return found


def _applied(apply: Callable[[QuerySet[Any], Any], QuerySet[Any]]) -> Callable[..., QuerySet[Any]]:
    """A declaration's own way to filter, as django-filter calls it."""

    def method(rows: QuerySet[Any], name: str, value: Any) -> QuerySet[Any]:
        return apply(rows, value)

    return method


def _own(given: Filter, title: str, scope: Scope) -> dict[str, Any]:
    """A filter with a way of its own."""
    assert given.apply is not None  # noqa: S101 - asked for by the caller
    common: dict[str, Any] = {"label": title, "method": _applied(given.apply)}
    every = {"empty_label": "Alla", "widget": Select}
    options = given.options(scope) if callable(given.options) else given.options
    if isinstance(options, QuerySet):
        return {given.name: _RecordFilter(queryset=options, named=given.named, **common, **every)}
    if options is not None:
        return {given.name: django_filters.ChoiceFilter(choices=list(options), **common, **every)}
    if given.kind == "date":
        return {given.name: DayFilter(**common)}
    return {given.name: django_filters.CharFilter(**common)}


def choosable(related: Any, scope: Scope) -> QuerySet[Any]:
    """What may be chosen of a related kind: what the person may see, and of this committee when it belongs to one."""
    rows = related._default_manager.all()
    if hasattr(related, "Access"):
        rows = access.visible(scope.user, rows)
    belongs = any(field.name == "committee" for field in related._meta.fields)
    return rows.filter(committee=scope.committee) if belongs else rows


def _made(register: Register, given: Filter, scope: Scope) -> dict[str, Any]:
    """The filter or filters (from and to) of one declaration."""
    at = model_field(register.model, given.name)
    key = given.name
    title = given.title or (str(at.verbose_name) if at is not None else given.name)
    title = capital_first(title)
    if given.apply is not None:
        return _own(given, title, scope)
    common = {"field_name": given.name, "label": title}
    every = {"empty_label": "Alla", "widget": Select}
    if given.options is not None and not callable(given.options):
        return {key: django_filters.ChoiceFilter(choices=list(given.options), **common, **every)}
    if at is not None and at.is_relation:
        options = given.options(scope) if callable(given.options) else choosable(at.related_model, scope)
        return {key: _RecordFilter(queryset=options, named=given.named, **common, **every)}
    if at is not None and at.choices:
        begun = spoken_choice(at)
        choices = [(code, capital_first(str(word)) if begun else word) for code, word in at.flatchoices]
        return {key: django_filters.ChoiceFilter(choices=choices, **common, **every)}
    if isinstance(at, models.BooleanField):
        answers = [("", "Alla"), ("true", "Ja"), ("false", "Nej")]
        return {
            key: django_filters.TypedChoiceFilter(
                choices=answers, coerce=lambda one: one == "true", widget=Select, **common
            )
        }
    if isinstance(at, models.DateTimeField | models.DateField):
        by_day = "date__" if isinstance(at, models.DateTimeField) else ""
        return {
            f"{key}_fran": DayFilter(
                field_name=given.name, lookup_expr=f"{by_day}gte", label=f"{title} från"
            ),
            f"{key}_till": DayFilter(
                field_name=given.name, lookup_expr=f"{by_day}lte", label=f"{title} till"
            ),
        }
    if isinstance(at, models.IntegerField | models.DecimalField):
        return {key: django_filters.NumberFilter(**common)}
    return {key: django_filters.CharFilter(lookup_expr="icontains", **common)}
