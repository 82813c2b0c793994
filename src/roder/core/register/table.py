"""The list itself: a django-tables2 table built from the declaration, ordered as Swedes order."""

from __future__ import annotations

from collections.abc import Sequence
from copy import copy
from datetime import date, datetime
from decimal import Decimal
from functools import cache, cached_property
from typing import TYPE_CHECKING, Any

import django_tables2 as tables
from django.contrib.postgres.fields import DateRangeField
from django.core.paginator import EmptyPage, Page, PageNotAnInteger, Paginator
from django.db import models
from django.db.models import F, Func, QuerySet, Value
from django.db.models.functions import Collate, Lower
from django.forms.utils import flatatt
from django.utils import timezone
from django.utils.safestring import SafeString, mark_safe

from roder.core.numbers import MISSING, Unit, format_number, format_value
from roder.core.register.declaration import NUMERIC, Ready, model_field
from roder.core.register.filters import escaped
from roder.core.words import capital_first

if TYPE_CHECKING:
    from roder.core.register.declaration import Register
    from roder.web.scope import Scope

SHORT = 20  # characters of a text that is a number or a code, by its field
COUNTED = 10_000  # rows counted exactly; beyond that "fler än": counting all costs more than the page itself
#: the same for rows found by their words, which cost more each and are read in their order
COUNTED_FOUND = 1_000


def swedish(path: str) -> Collate:
    """An order for text: letters without regard to case, then å, ä, ö last, on every server (the embedded one has no
    Swedish collation). ``{|}`` follow ``z`` in the C collation."""
    folded = Func(Lower(F(path)), Value("åäöÅÄÖéÉ"), Value("{|}{|}ee"), function="translate")
    return Collate(folded, "C")


def _is_text(rows: QuerySet[Any], path: str) -> bool:
    """Whether what one orders by is words, which Swedes order in their own way. A choice is a code, not a word."""
    at = model_field(rows.model, path) or getattr(rows.query.annotations.get(path), "output_field", None)
    return isinstance(at, models.CharField | models.TextField) and not at.choices


def _never_empty(rows: QuerySet[Any], path: str) -> bool:
    parts = path.split("__")
    fields = [model_field(rows.model, "__".join(parts[: end + 1])) for end in range(len(parts))]
    return all(field is not None and not field.null for field in fields)


def in_usual_order(rows: QuerySet[Any], paths: Sequence[str]) -> QuerySet[Any]:
    """``rows`` in a register's own order. What is not words is left as it is, so that an index can give it."""
    terms: list[Any] = []
    for path in paths:
        name = path.lstrip("-")
        if _is_text(rows, name):
            terms.append(swedish(name).desc() if path.startswith("-") else swedish(name).asc())
        else:
            terms.append(path)
    return rows.order_by(*terms, "pk")


def ordered(rows: QuerySet[Any], ready: Ready, descending: bool) -> QuerySet[Any]:
    """``rows`` by a column, what is empty last, and always the same order among equals."""
    terms: list[Any] = []
    for path in ready.sort:
        down = descending != path.startswith("-")
        name = path.lstrip("-")
        source: Any = swedish(name) if _is_text(rows, name) else F(name)
        last = None if _never_empty(rows, name) else True
        terms.append(source.desc(nulls_last=last) if down else source.asc(nulls_last=last))
    return rows.order_by(*terms, "pk")


def shown(ready: Ready, value: Any) -> str:
    """A value as the page prints it."""
    column = ready.column
    if isinstance(value, str):
        return value
    if ready.kind in NUMERIC:
        if value is None:
            return MISSING
        if column.unit is not None:
            return format_value(value, column.unit, column.digits, sign=column.sign)
        digits = column.digits if column.digits is not None else _decimals(value)
        return format_number(value, digits, sign=column.sign)
    if value is None:
        return ""
    if ready.kind == "bool":
        return "Ja" if value else "Nej"
    if isinstance(value, datetime):
        local = timezone.localtime(value) if timezone.is_aware(value) else value
        return f"{local:%Y-%m-%d %H:%M}"
    if isinstance(value, date):
        return value.isoformat()
    if ready.kind == "period":
        from roder.web.templatetags.roder import period  # noqa: PLC0415

        return period(value)
    return str(value)


def _decimals(value: Any) -> int:
    """As many decimals as the value has, at most four; an integer none."""
    if not isinstance(value, Decimal):
        return 0
    exponent = value.normalize().as_tuple().exponent
    return min(4, max(0, -exponent)) if isinstance(exponent, int) else 0


def _is_short(ready: Ready) -> bool:
    """Whether the column holds a number, a time or a code, which are not broken: ``§ 77``, ``2026-0011``."""
    at = model_field(ready.model, ready.column.name)
    if isinstance(at, (models.IntegerField, models.DateField, DateRangeField)) and not at.choices:
        return True
    return isinstance(at, models.CharField) and not at.choices and (at.max_length or SHORT + 1) <= SHORT


class Cell(tables.Column):
    """A column of the table: prints its value, as a link, a status or a number."""

    def __init__(self, ready: Ready, register: Register, **options: Any) -> None:
        self.ready, self.register = ready, register
        align = {"class": "num"} if ready.kind in NUMERIC else {}
        kept = (
            {"class": "nowrap"} if ready.kind in ("date", "moment", "period") or _is_short(ready) else align
        )
        room = ready.column.link and ready.kind == "text" if ready.column.room is None else ready.column.room
        main = {"class": "main"} if room else kept
        super().__init__(
            verbose_name=heading(ready),
            orderable=bool(ready.sort),
            empty_values=(),
            attrs={"th": {**align, "scope": "col"}, "td": main},
            **options,
        )

    def __deepcopy__(self, memo: Any) -> Cell:
        """A column of one page's table; the declaration it draws is shared, not copied with all that it knows."""
        return copy(self)

    def render(self, record: Any, table: Any) -> str | SafeString:
        """The cell as HTML."""
        return cell(self.ready, self.register, record, table.scope)


def cell(
    ready: Ready, register: Register, row: Any, scope: Scope, *, own_page: bool = False
) -> str | SafeString:
    """One value as HTML: the word, number or date; a status with its sign; a link where the column has one.

    On the row's ``own_page`` nothing links to that page.
    """
    text = ready.column.text(row) if ready.column.text else shown(ready, ready.value(row))
    if ready.is_choice:
        text = capital_first(text)
    if ready.column.tone is not None:
        from roder.web.templatetags.roder import status  # noqa: PLC0415

        return status(text, ready.column.tone(row)) if text else ""
    link = ready.column.link
    if link is True and own_page:
        return text
    address = (
        register.url(scope, "detail", row.pk)
        if link is True
        else (link(row, scope) if callable(link) else None)
    )
    if not address:
        return text
    return mark_safe(f'<a href="{escaped(address)}">{escaped(text or "Visa")}</a>')  # noqa: S308 - both are escaped


def body(table: Any) -> SafeString:
    """The rows of the page as HTML, put together here: a template that asks for each cell costs four times as much."""
    shown_columns = [
        (column.column.ready, SafeString(f"<td{flatatt(column.column.attrs['td'])}>"))
        for column in table.columns
    ]
    register: Any = next((column.column.register for column in table.columns), None)
    scope = table.scope
    rows = [
        "".join(
            f"{opening}{escaped(cell(ready, register, row, scope))}</td>" for ready, opening in shown_columns
        )
        for row in table.paginated_rows.data
    ]
    return mark_safe("".join(f"<tr>{row}</tr>\n" for row in rows))  # noqa: S308 - every cell is escaped above


def heading(ready: Ready) -> str:
    """The column's heading, with the unit for amounts and shares."""
    unit = ready.column.unit
    if unit is None or unit in (Unit.COUNT, Unit.YES_NO, Unit.SCALE, Unit.INDEX) or unit.value in ready.title:
        return ready.title
    return f"{ready.title} ({unit.value})"


@cache
def table_class(register: Register) -> type[tables.Table]:
    """The django-tables2 class of a register (made once)."""
    parts: dict[str, Any] = {}
    for ready in register.ready:
        key = ready.key
        parts[key] = Cell(ready, register, accessor="pk")

        def order(
            self: Any, rows: QuerySet[Any], is_descending: bool, ready: Ready = ready
        ) -> tuple[QuerySet[Any], bool]:
            return ordered(rows, ready, is_descending), True

        parts[f"order_{key}"] = order
    parts["body"] = property(body)
    parts["Meta"] = type(
        "Meta",
        (),
        {
            "order_by_field": "sortera",
            "page_field": "sida",
            "attrs": {"class": "dense"},
            "template_name": "web/table.html",
        },
    )
    return type(f"{register.model.__name__}Table", (tables.Table,), parts)


class CappedPaginator(Paginator):
    """Counts at most ``counted`` rows, so that a page of a large register costs as much as one of a small."""

    def __init__(self, *args: Any, counted: int = COUNTED, **options: Any) -> None:
        super().__init__(*args, **options)
        self.counted = counted

    @cached_property
    def _found(self) -> int:
        """The number of rows, one more than ``counted`` at most."""
        rows = self.object_list
        while not isinstance(rows, QuerySet) and hasattr(rows, "data"):  # inside the table's own wrappings
            rows = rows.data
        if not isinstance(rows, QuerySet):
            return len(rows)
        # What only is shown (names, lists of types) is not worked out for the rows that are counted.
        return rows.order_by().select_related(None).values("pk")[: self.counted + 1].count()

    @property
    def count(self) -> int:
        """The number of rows, or ``counted`` when there are more (see ``more``)."""
        return min(self._found, self.counted)

    @property
    def more(self) -> bool:
        """Whether there are more rows than were counted."""
        return self._found > self.counted

    def page(self, number: Any) -> Page[Any]:
        """The page, the first or the last for a number that does not exist."""
        try:
            return super().page(number)
        except PageNotAnInteger:
            return super().page(1)
        except EmptyPage:
            return super().page(self.num_pages)
