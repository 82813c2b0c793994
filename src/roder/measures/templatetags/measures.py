"""Tags of the pages of key figures."""

from __future__ import annotations

from decimal import Decimal

from django import template

from roder.core.numbers import format_number
from roder.core.periods import Period
from roder.core.words import MONTHS
from roder.measures.models import MeasureValue
from roder.reports.document import Cell, Column, cell_text

register = template.Library()


@register.filter
def cell(cells: dict[str, Cell], column: Column) -> str:
    """``{{ row.cells|cell:column }}``: a cell of a document's table as text."""
    return cell_text(cells.get(column.key), column)


@register.filter
def month_name(number: int) -> str:
    """``{{ 12|month_name }}``: december."""
    return MONTHS[number - 1]


@register.filter
def period_label(row: MeasureValue) -> str:
    """``{{ value|period_label }}``: the period as people write it, such as 2022 or 2022-01..2022-07."""
    return Period(row.period_start, row.period_end).label


@register.filter
def plain_number(value: Decimal | None) -> str:
    """A number with the decimals it has; nothing when there is none (a missing numerator is not ``iu.``)."""
    if value is None:
        return ""
    trimmed = value.normalize()
    exponent = trimmed.as_tuple().exponent
    return format_number(trimmed, max(0, -exponent) if isinstance(exponent, int) else 0)
