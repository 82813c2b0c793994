"""Tags of the economy's pages: tables and sentences of the document model, with numbers that open their figure."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from typing import Any
from urllib.parse import urlencode

from django import template
from django.template.context import RequestContext
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe

from roder.core.numbers import Unit, format_value
from roder.economy.sheets import typed
from roder.reports.charts import chart_svg
from roder.reports.document import (
    Cell,
    Chart,
    Column,
    FigureRef,
    Inline,
    Number,
    Row,
    Strong,
    Table,
    inline_text,
)
from roder.steering.models import Occasion

register = template.Library()


def figure_url(scope: Any, occasion: Occasion | None, ref: FigureRef) -> str:
    """The page of a figure's row at an occasion."""
    address = reverse("figures:figure", args=[scope.committee.slug, scope.year, ref.name])
    chosen = [("tillfalle", occasion.code)] if occasion else []
    return f"{address}?{urlencode([*chosen, *ref.key])}"


def _inline(part: Inline, context: RequestContext) -> SafeString | str:
    if isinstance(part, Strong):
        return format_html("<strong>{}</strong>", part.text)
    if isinstance(part, Number):
        if part.ref is None:
            return part.text
        url = figure_url(context["scope"], context.get("occasion"), part.ref)
        return format_html('<a class="figure" href="{}" data-panel>{}</a>', url, part.text)
    return part if isinstance(part, str) else part.text


@register.simple_tag(takes_context=True)
def sentence(context: RequestContext, inlines: Iterable[Inline]) -> SafeString:
    """``{% sentence finding %}``: running text whose numbers open their figures."""
    return format_html_join("", "{}", ((_inline(part, context),) for part in inlines))


def _cell(cell: Cell, column: Column, context: RequestContext) -> SafeString | str:
    if cell is None:
        return "" if column.kind == "text" else "iu."
    parts = cell if isinstance(cell, tuple) else (cell,)
    return format_html_join("", "{}", ((_inline(part, context),) for part in parts))


@register.inclusion_tag("economy/_table.html", takes_context=True)
def figures(context: RequestContext, table: Table) -> dict[str, Any]:
    """``{% figures table %}``: a table of the document model, with sums bold and numbers that open their figures."""
    first = table.columns[0]

    def line(row: Row) -> dict[str, Any]:
        cells = [
            (_cell(row.cells.get(column.key), column, context), column.kind == "number")
            for column in table.columns
            if column is not first
        ]
        kind = {"sum": "sum", "sub": "part"}.get(row.kind, "")
        return {"head": _cell(row.cells.get(first.key), first, context), "cells": cells, "kind": kind}

    return {"table": table, "columns": table.columns, "lines": [line(row) for row in table.rows]}


@register.inclusion_tag("economy/_chart.html", takes_context=True)
def picture(context: RequestContext, chart: Chart) -> dict[str, Any]:
    """``{% picture chart %}``: the chart with its finding as title and its numbers as a table."""
    svg = mark_safe(chart_svg(chart))  # noqa: S308 - drawn by our own renderer, texts escaped
    inner = {"scope": context["scope"], "occasion": context.get("occasion"), "request": context["request"]}
    return {**inner, "chart": chart, "svg": svg}


@register.simple_tag
def plain_sentence(inlines: Iterable[Inline]) -> str:
    """The same as ``sentence``, without links."""
    return inline_text(tuple(inlines))


@register.filter
def kronor(amount: Decimal | None, unit: Unit) -> str:
    """``{{ row.budget|kronor:sheet.money }}``: an amount in kronor printed in a unit; missing is ``iu.``."""
    return format_value(amount, unit)


@register.filter
def tkr(amount: Decimal | None) -> str:
    """``{{ entry.amount|tkr }}``: an amount in kronor printed in thousands with its unit, and with its sign."""
    return format_value(amount, Unit.TKR, sign=True, suffix=True)


@register.filter
def more_or_less(amount: Decimal) -> str:
    """``{{ change|more_or_less }}``: a change in kronor in words, such as ``1 200 tkr högre än``."""
    if not amount:
        return "detsamma som"
    return f"{format_value(abs(amount), Unit.TKR, suffix=True)} {'högre' if amount > 0 else 'lägre'} än"


@register.filter
def kronor_signed(amount: Decimal | None, unit: Unit) -> str:
    """As ``kronor``, with plus before what is positive: for variances and changes."""
    return format_value(amount, unit, sign=True)


@register.filter
def as_typed(amount: Decimal | None, unit: Unit) -> str:
    """``{{ line.amount|as_typed:sheet.money }}``: as it would be typed in the field."""
    return typed(amount, unit)


@register.filter
def key(mapping: dict[str, Any], name: str) -> Any:
    """``{{ row.faults|key:"amount" }}``: a value of a dictionary, or nothing."""
    return mapping.get(name, "")
