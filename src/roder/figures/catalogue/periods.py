"""What the figures of quality are built of: the same part of five years, years in use, rows that are zero.

The period is the occasion's own (``At.period_start`` to ``At.period_end``) and, under the key ``ar``, the same days of
the four years before. State is that at the period's end: what was closed later is open in it.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

import ibis
from ibis import _

from roder.core.numbers import Unit
from roder.figures.registry import At, years_before

if TYPE_CHECKING:
    from ibis.expr.types import Table

#: How many years the periods of figures with the key ``ar`` go back, the occasion's own included.
YEARS = 5
#: The key of what has no service area.
NO_AREA = "utan_omrade"
#: The key of what has no cause.
NO_CAUSE = "utan_orsak"
COUNT: dict[str, Any] = {"unit": Unit.COUNT}
SHARE: dict[str, Any] = {"unit": Unit.PERCENT, "ratio": 100}


def last_day(at: At) -> date:
    """The last day of the occasion's period: its year is the period's, under the key ``ar``."""
    return at.period_end - timedelta(days=1)


def years(at: At) -> list[str]:
    """The years that figures with the key ``ar`` have, latest first."""
    return [str(last_day(at).year - back) for back in range(YEARS)]


def _end_of(at: At, year: Any) -> Any:
    """The day after the period of a year (a column of whole numbers)."""
    last = last_day(at)
    if (last.month, last.day) == (2, 29):
        return ibis.date(year, 3, 1)
    return (ibis.date(year, last.month, last.day) + ibis.interval(days=1)).cast("date")


def dated(rows: Table, at: At, column: str) -> Table:
    """The rows whose date falls in the period, or in the same part of the four years before, with ``ar``: the year."""
    start, last = at.period_start, last_day(at)
    first = start.month * 100 + start.day
    end = 1301 if (last.month, last.day) == (12, 31) else at.period_end.month * 100 + at.period_end.day
    within = rows.filter(rows[column] >= years_before(start, YEARS - 1), rows[column] < at.period_end)
    day = within[column]
    place, year = day.month() * 100 + day.day(), day.year()
    if start.year == last.year:
        return within.filter(place >= first, place < end).mutate(ar=year.cast("string"))
    found = within.filter((place >= first) | (place < end))
    return found.mutate(ar=(place < end).ifelse(year, year + 1).cast("string"))


def ended(rows: Table, at: At) -> Table:
    """Rows of periods (with ``ar``) with ``ends``: the day after their period."""
    return rows.mutate(ends=_end_of(at, rows.ar.cast("int32")))


def current(rows: Table, at: At, column: str) -> Table:
    """The rows whose date falls in the occasion's own period."""
    return rows.filter(rows[column] >= at.period_start, rows[column] < at.period_end)


def years_in_use(at: At, *dates: Any) -> Table:
    """The years (``ar``) whose period ended after the first of the dates: before it nothing is known, so nothing is 0.

    Each of ``dates`` is a column of dates.
    """
    firsts = [column.as_table().agg(first=_[column.get_name()].min()) for column in dates]
    first = (ibis.union(*firsts) if len(firsts) > 1 else firsts[0]).agg(first=_.first.min())
    spread = first.mutate(ar=ibis.array(years(at)).unnest())
    return spread.filter(_.first < _end_of(at, _.ar.cast("int32"))).select("ar")


def months(at: At, first: date) -> list[str]:
    """Every month (2022-01) from that of ``first`` to that of the period's last day."""
    last = at.period_end - timedelta(days=1)
    count = (last.year - first.year) * 12 + last.month - first.month + 1
    places = [first.year * 12 + first.month - 1 + number for number in range(count)]
    return [f"{place // 12}-{place % 12 + 1:02d}" for place in places]


def in_every(spine: Table, rows: Table, keys: tuple[str, ...], **aggregates: Any) -> Table:
    """Each row of ``spine`` with the rows counted in it: ``value`` is 0 where there are none.

    ``aggregates`` are other counts than that of rows, also 0 where there are none.
    """
    counts = rows.group_by(list(keys)).agg(**(aggregates or {"value": _.count()}))
    names = tuple(aggregates) or ("value",)
    renamed = counts.select(
        **{f"its_{key}": counts[key] for key in keys}, **{f"n_{name}": counts[name] for name in names}
    )
    joined = spine.left_join(renamed, [spine[key] == renamed[f"its_{key}"] for key in keys])
    filled = {name: ibis.coalesce(joined[f"n_{name}"], 0).cast("int64") for name in names}
    return joined.select(*spine.columns, **filled)


def named(terms: Table, key: str) -> Table:
    """The codes of a list of terms as key, label and position."""
    return terms.select(**{key: terms.code, f"{key}_label": terms.label, "position": terms.position})


def named_as(labels: dict[str, str], column: Any) -> Any:
    """What a code is called, by a fixed list."""
    return ibis.cases(*((column == code, label) for code, label in labels.items()), else_=column)


def placed(labels: dict[str, str], column: Any) -> Any:
    """The place of a code in a fixed list."""
    return ibis.cases(*((column == code, place) for place, code in enumerate(labels)), else_=len(labels))


def fixed(anchor: Table, key: str, labels: dict[str, str]) -> Table:
    """A fixed list as a table of key, label and position. ``anchor`` is any table: it gives the one row to begin
    with."""
    one = anchor.agg(**{"rows": _.count()})
    spread = one.mutate(**{key: ibis.array(list(labels)).unnest()})
    return spread.select(
        key, **{f"{key}_label": named_as(labels, spread[key]), "position": placed(labels, spread[key])}
    )


def crossed(left: Table, right: Table) -> Table:
    """Every row of one with every row of the other; positions are kept in the order left, right."""
    if "position" not in left.columns or "position" not in right.columns:
        return left.cross_join(right)
    other = right.rename(position_within="position")
    both = left.cross_join(other)
    return both.mutate(position=both.position * 1000 + both.position_within).drop("position_within")


def percentile(column: Any, share: float, unit_minutes: int) -> Any:
    """A percentile of whole minutes (or days), interpolated, as an exact decimal of hours (or days).

    A percentile of whole numbers at a tenth is a whole number of tenths, and a tenth of a minute in hours is never half
    way between two numbers of four decimals: both engines round to the same.
    """
    return (column.cast("float64").quantile(share) / unit_minutes).cast("decimal(18, 4)")
