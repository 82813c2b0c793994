"""Template tags that every page may use without loading them.

Numbers go through ``roder.core.numbers``, so that page, PDF, Word and Excel show the same digits.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django import template
from django.template.base import Node, NodeList, Parser, Token
from django.template.context import RequestContext
from django.utils import timezone
from django.utils.html import conditional_escape, format_html
from django.utils.safestring import SafeString, mark_safe

from roder.core.numbers import MISSING, Unit, format_number, format_value
from roder.core.words import MONTHS
from roder.web.addresses import address

register = template.Library()

#: tone -> the path of its sign; the shapes differ so that colour is never needed to tell them apart
SIGNS = {
    "good": "M8 1a7 7 0 1 0 0 14A7 7 0 0 0 8 1Zm3.3 5.2-4 4.6a.8.8 0 0 1-1.2 0L4.6 9.2l1.1-1 1 1 3.5-4Z",
    "near": "M8 1.2 15.4 14.6H.6Zm-.8 4.6v4.2h1.6V5.8Zm0 5.4v1.6h1.6v-1.6Z",
    "bad": "M8 .6 15.4 8 8 15.4.6 8Zm-2 4.3L4.9 6 6.9 8l-2 2L6 11.1l2-2 2 2L11.1 10l-2-2 2-2L10 4.9l-2 2Z",
    "none": "M8 1a7 7 0 1 0 0 14A7 7 0 0 0 8 1Zm0 1.6a5.4 5.4 0 1 1 0 10.8A5.4 5.4 0 0 1 8 2.6Z",
}
_DAY = re.compile(r"\b[12][0-9]{3}-[01][0-9]-[0-3][0-9]\b")
TONE_WORDS = {"good": "bra", "near": "nära", "bad": "inte bra", "none": "ingen bedömning"}


# --- numbers -------------------------------------------------------------------------------------------------------


@register.filter
def number(value: Decimal | int | None, digits: int = 0) -> str:
    """``{{ value|number:1 }}``: Swedish number; None is ``iu.``."""
    return format_number(value, digits)


@register.filter
def signed(value: Decimal | int | None, digits: int = 0) -> str:
    """``{{ change|signed }}``: as number, with plus before what is positive."""
    return format_number(value, digits, sign=True)


@register.filter
def amount(value: Decimal | int | None, unit: str = "tkr") -> str:
    """``{{ kronor|amount:"tkr" }}``: kronor printed as kr, tkr or mkr, without the unit's word."""
    return format_value(value, Unit(unit))


@register.filter
def money(value: Decimal | int | None, unit: str = "tkr") -> str:
    """``{{ kronor|money:"mkr" }}``: as amount, with the unit's word after."""
    return format_value(value, Unit(unit), suffix=True)


@register.filter
def percent(value: Decimal | int | None, digits: int = 1) -> str:
    """``{{ share|percent }}``: 9.5 becomes ``9,5 %``."""
    return format_value(value, Unit.PERCENT, digits, suffix=True)


@register.simple_tag
def value(
    amount: Decimal | int | None,
    unit: str,
    digits: int | None = None,
    *,
    sign: bool = False,
    suffix: bool = True,
) -> str:
    """``{% value number unit digits sign=True suffix=False %}``: a value in any unit of ``roder.core.numbers.Unit``."""
    return format_value(amount, Unit(unit), digits, sign=sign, suffix=suffix)


# --- status --------------------------------------------------------------------------------------------------------


@register.simple_tag
def status(label: str, tone: str = "none") -> SafeString:
    """``{% status "Uppfyllt" "good" %}``: sign and word. Tones: good, near, bad, none. A date in it is marked as one,
    which keeps it on a line of its own rather than broken at a hyphen."""
    known = tone if tone in SIGNS else "none"
    sign = format_html(
        '<svg viewBox="0 0 16 16" aria-hidden="true"><path fill-rule="evenodd" d="{}"/></svg>', SIGNS[known]
    )
    return format_html(
        '<span class="chip {}">{}{}</span>', known, sign, _dated(label or TONE_WORDS[known].capitalize())
    )


def _dated(text: str) -> str:
    """The text with its dates as such; in an element around both, for a chip lays out its parts one by one."""
    if not _DAY.search(text):
        return text
    inside = _DAY.sub(r'<time datetime="\g<0>">\g<0></time>', conditional_escape(text))
    return format_html("<span>{}</span>", mark_safe(inside))  # noqa: S308 - escaped, and a date is digits and hyphens


# --- dates ---------------------------------------------------------------------------------------------------------


def _as_date(moment: date | datetime | str | None) -> date | None:
    if isinstance(moment, datetime):
        return timezone.localtime(moment).date() if timezone.is_aware(moment) else moment.date()
    if isinstance(moment, str):
        return date.fromisoformat(moment) if moment else None
    return moment


@register.filter
def day(moment: date | datetime | str | None) -> str:
    """``{{ cut_off|day }}``: ``31 maj 2022``."""
    found = _as_date(moment)
    return f"{found.day}\u00a0{MONTHS[found.month - 1]} {found.year}" if found else ""


@register.filter
def moment(value: datetime | None) -> str:
    """``{{ taken_at|moment }}``: ``31 maj 2022 kl. 14.05``."""
    if value is None:
        return ""
    local = timezone.localtime(value) if timezone.is_aware(value) else value
    return f"{day(local)} kl.\u00a0{local:%H.%M}"


@register.filter
def days_left(due: date | None) -> str:
    """``{{ cut_off|days_left }}``: ``om 3 dagar``, ``i dag``, ``för 2 dagar sedan``."""
    if due is None:
        return ""
    left = (due - timezone.localdate()).days
    if left == 0:
        return "i dag"
    if abs(left) > 60:
        months = round(abs(left) / 30.4)
        span = f"{months}\u00a0månader" if months < 24 else f"{months // 12}\u00a0år"
    else:
        span = f"{abs(left)}\u00a0{'dag' if abs(left) == 1 else 'dagar'}"
    return f"om {span}" if left > 0 else f"för {span} sedan"


@register.filter
def is_past(due: date | None) -> bool:
    """``{% if due|is_past %}``: whether the day is before today."""
    return due is not None and due < timezone.localdate()


@register.filter
def period(valid: Any) -> str:
    """``{{ mandate.valid|period }}``: a date range as ``2022-01-01 – 2022-12-31`` (last day included) or ``från …``."""
    if valid is None:
        return ""
    from datetime import timedelta  # noqa: PLC0415

    start = valid.lower.isoformat() if valid.lower else ""
    end = (valid.upper - timedelta(days=1)).isoformat() if valid.upper else ""
    if start and end:
        return f"{start} – {end}"
    return f"från {start}" if start else (f"till {end}" if end else "tills vidare")


# --- addresses -----------------------------------------------------------------------------------------------------


@register.simple_tag(takes_context=True)
def page(context: RequestContext, name: str, *args: Any) -> str:
    """``{% page "steering:goal" goal.pk %}``: address of a page of the committee and year shown."""
    scope = context["scope"]
    return address(name, scope.committee.slug, scope.year, *args)


@register.simple_tag(takes_context=True)
def query(context: RequestContext, **changes: Any) -> str:
    """``{% query sida=2 sortera=None %}``: this address's query string with changes; None takes a part away."""
    parameters = context["request"].GET.copy()
    for name, new in changes.items():
        if new is None or new == "":
            parameters.pop(name, None)
        elif isinstance(new, list | tuple):
            parameters.setlist(name, [str(part) for part in new])
        else:
            parameters[name] = str(new)
    text = parameters.urlencode()
    return f"?{text}" if text else context["request"].path


@register.simple_tag(takes_context=True)
def sort_link(context: RequestContext, table: Any, column: Any) -> str:
    """The address that orders a table by a column, the other way if it already does."""
    return query(
        context,
        **{table.prefixed_order_by_field: column.order_by_alias.next, table.prefixed_page_field: None},
    )


@register.simple_tag(takes_context=True)
def here(context: RequestContext, **changes: Any) -> str:
    """This page's address for another committee or year: ``{% here year=2023 %}`` (the start page if it has none)."""
    request, scope = context["request"], context["scope"]
    committee = changes.get("committee", scope.committee.slug)
    year = changes.get("year", scope.year)
    match = getattr(request, "resolver_match", None)
    if match and match.kwargs.keys() == {"committee", "year"} and not match.args:
        return address(match.view_name, committee, year)
    return address("web:start", committee, year)


@register.simple_tag(takes_context=True)
def may(context: RequestContext, action: str, resource: str) -> bool:
    """``{% may "edit" "goals" as editable %}``: whether the person may, in the committee shown."""
    from roder.access.matrix import Action, Resource  # noqa: PLC0415

    scope = context["scope"]
    return bool(scope) and scope.may(Action(action), Resource(resource))


# --- pictures ------------------------------------------------------------------------------------------------------


@register.simple_tag
def sparkline(values: Iterable[Decimal | float | None], label: str = "") -> SafeString:
    """``{% sparkline values "Fallen per kvartal" %}``: a small line with a dot at the last value; gaps stay gaps."""
    points = [None if one is None else float(one) for one in values]
    known = [one for one in points if one is not None]
    if not known:
        return format_html('<span class="muted">{}</span>', MISSING)
    low, high = min(known), max(known)
    width, height, pad = 96.0, 24.0, 3.0
    step = (width - 2 * pad) / max(len(points) - 1, 1)

    def at(index: int, one: float) -> tuple[float, float]:
        share = 0.5 if high == low else (one - low) / (high - low)
        return round(pad + index * step, 1), round(height - pad - share * (height - 2 * pad), 1)

    parts: list[str] = []
    pen_down = False
    for index, one in enumerate(points):
        if one is None:
            pen_down = False
            continue
        x, y = at(index, one)
        parts.append(f"{'L' if pen_down else 'M'}{x} {y}")
        pen_down = True
    last = max(index for index, one in enumerate(points) if one is not None)
    x, y = at(last, points[last] or 0.0)
    return format_html(
        '<svg class="spark" viewBox="0 0 {} {}" role="img" aria-label="{}"><path d="{}"/>'
        '<circle cx="{}" cy="{}" r="2.4"/></svg>',
        int(width),
        int(height),
        label or "Utveckling över tid",
        " ".join(parts),
        x,
        y,
    )


# --- parts of pages ------------------------------------------------------------------------------------------------


class _Capture(Node):
    """Keeps what its content rendered to, so that a block can be asked about and shown twice."""

    child_nodelists = ("nodelist",)

    def __init__(self, nodelist: NodeList, name: str) -> None:
        self.nodelist, self.name = nodelist, name

    def render(self, context: template.Context) -> SafeString:
        context[self.name] = mark_safe(self.nodelist.render(context).strip())  # noqa: S308 - rendered and escaped
        return SafeString("")


@register.tag
def capture(parser: Parser, token: Token) -> Node:
    """``{% capture name %}…{% endcapture %}``: the rendered content as a variable."""
    name = token.split_contents()[1]
    nodelist = parser.parse(("endcapture",))
    parser.delete_first_token()
    return _Capture(nodelist, name)


@register.inclusion_tag("web/field.html")
def field(bound: Any) -> dict[str, Any]:
    """``{% field form.name %}``: label, help, error and input of a form field."""
    widget = bound.field.widget
    one_box = getattr(widget, "input_type", "") == "checkbox" and not bound.field.widget.use_fieldset
    return {"field": bound, "is_check": one_box}


@register.filter
def attribute(record: Any, name: str) -> Any:
    """``{{ row|attribute:"code" }}``: an attribute or key chosen by a variable."""
    return record.get(name, "") if isinstance(record, dict) else getattr(record, name, "")
