# ruff: noqa: S608 - the SQL is put together from text written in this module only; values are parameters
"""The questions that the statistics page asks the database: each one statement, summed there."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.db import connection, transaction

from roder.organisation.models import Body, Unit
from roder.quality.statistics.choice import Choice

ZONE = "Europe/Stockholm"
#: The parts of the way: from, to, and what the part is called.
LEADS = {
    "till_rapport": ("occurred_at", "reported_at", "Från händelse till rapport"),
    "till_klassificering": ("reported_at", "classified_at", "Från rapport till klassificering"),
    "till_avslut": ("reported_at", "closed_at", "Från rapport till avslut"),
}
_MOMENT = f"(%s::date::timestamp AT TIME ZONE '{ZONE}')"


@dataclass
class Selection:
    """The condition of a choice as SQL, with its parameters; ``d`` is the deviation."""

    sql: str
    parameters: list[Any] = field(default_factory=list)

    @classmethod
    def of(cls, committee: Body, choice: Choice) -> Selection:
        """Everything but the period."""
        found = cls("d.committee_id = %s AND d.state <> 'merged'", [committee.pk])
        if choice.direction:
            found.also("d.direction = %s", choice.direction)
        if choice.law:
            found.also("d.law = %s", choice.law)
        if choice.severities:
            found.also("d.severity = ANY(%s)", list(choice.severities))
        if choice.area:
            found.also("d.service_area_id = %s", choice.area.pk)
        if choice.unit:
            found.also(
                "d.unit_id IN (SELECT descendant_id FROM organisation_unit_path WHERE ancestor_id = %s)",
                choice.unit.pk,
            )
        matter = "EXISTS (SELECT FROM quality_deviationmatter x WHERE x.deviation_id = d.id AND "
        if choice.types:
            found.also(f"{matter} x.type_id = ANY(%s))", [row.pk for row in choice.types])
        if choice.cause:
            found.also(f"{matter} x.cause_id = %s)", choice.cause.pk)
        return found

    def also(self, sql: str, parameter: Any) -> None:
        """Add a condition."""
        self.sql += f" AND {sql}"
        self.parameters.append(parameter)


@contextmanager
def roomy() -> Iterator[None]:
    """Lets the questions in the block sort in memory: a year of a large municipality does not fit in the usual 4 MB."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL work_mem = '64MB'")
        yield


def _run(sql: str, parameters: list[Any]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters)
        rows: list[tuple[Any, ...]] = cursor.fetchall()
        return rows


def _both(committee: Body, choice: Choice) -> tuple[str, list[Any]]:
    """The deviations of the two periods as a table ``d``, with ``n`` (0 and 1) and ``after`` (the moment after the
    period). Written as two selections, since a join with the periods is not read by the index on the time."""
    where, parts, parameters = Selection.of(committee, choice), [], []
    for number, span in enumerate((choice.period, choice.compared)):
        parts.append(
            f"SELECT {number} AS n, {_MOMENT} AS after, d.* FROM quality_deviation d "
            f"WHERE d.reported_at >= {_MOMENT} AND d.reported_at < {_MOMENT} AND {where.sql}"
        )
        after = span.last + timedelta(days=1)
        parameters += [after, span.first, after, *where.parameters]
    return f"({' UNION ALL '.join(parts)}) AS d", parameters


@dataclass
class Totals:
    """The counts of a period. Closed and classified are those that were so at its end."""

    deviations: int = 0
    serious: int = 0
    classified: int = 0
    closed: int = 0
    severity: Counter[int | None] = field(default_factory=Counter)
    unit: Counter[int] = field(default_factory=Counter)


def totals(committee: Body, choice: Choice) -> tuple[Totals, Totals]:
    """Counts of the period and of the one it is compared with."""
    selected, parameters = _both(committee, choice)
    rows = _run(
        f"""
        SELECT d.n, d.unit_id, d.severity, count(*), count(*) FILTER (WHERE d.serious),
               count(*) FILTER (WHERE d.classified_at < d.after), count(*) FILTER (WHERE d.closed_at < d.after)
        FROM {selected} GROUP BY 1, 2, 3
        """,
        parameters,
    )
    found = (Totals(), Totals())
    for number, unit, severity, count, serious, classified, closed in rows:
        one = found[number]
        one.deviations += count
        one.serious += serious
        one.classified += classified
        one.closed += closed
        one.severity[severity] += count
        one.unit[unit] += count
    return found


@dataclass
class Matters:
    """The types and causes of a period: deviations of each type (id) at each unit (id), and of each type and cause."""

    unit_and_type: Counter[tuple[int, int]] = field(default_factory=Counter)
    cause: Counter[tuple[int, int | None]] = field(default_factory=Counter)


def matters(committee: Body, choice: Choice) -> tuple[Matters, Matters]:
    """Types and causes of both periods. A deviation is counted once for a type, and once for each of its causes."""
    selected, parameters = _both(committee, choice)
    only = "AND m.type_id = ANY(%s)" if choice.types else ""
    rows = _run(
        f"""
        SELECT n, unit_id, type_id, cause_id, count(*), count(*) FILTER (WHERE place = 1) FROM (
            SELECT d.n, d.unit_id, m.type_id, m.cause_id,
                   row_number() OVER (PARTITION BY d.n, d.id, m.type_id) AS place
            FROM {selected} JOIN quality_deviationmatter m ON m.deviation_id = d.id {only}) AS one
        GROUP BY 1, 2, 3, 4
        """,
        [*parameters, *([[row.pk for row in choice.types]] if choice.types else [])],
    )
    found = (Matters(), Matters())
    for number, unit, kind, cause, count, once in rows:
        found[number].cause[kind, cause] += count
        found[number].unit_and_type[unit, kind] += once
    return found


def by_month(committee: Body, choice: Choice, months: Sequence[date], last: date) -> Counter[date]:
    """How many deviations were reported in each of the months (their first days, in order) until a last day."""
    where = Selection.of(committee, choice)
    # Which month a moment is in is looked up among the months' beginnings: the calendar is asked once for each of them,
    # not for each deviation.
    rows = _run(
        f"""
        SELECT width_bucket(d.reported_at, ARRAY(
            SELECT one::timestamp AT TIME ZONE '{ZONE}' FROM unnest(%s::date[]) AS one ORDER BY one)), count(*)
        FROM quality_deviation d
        WHERE d.reported_at >= {_MOMENT} AND d.reported_at < {_MOMENT} AND {where.sql} GROUP BY 1
        """,
        [list(months), months[0], last + timedelta(days=1), *where.parameters],
    )
    return Counter({months[place - 1]: count for place, count in rows})


@dataclass(frozen=True)
class Lead:
    """The time that a part of the way takes, in hours, for those that had come so far at the period's end."""

    count: int
    median: Decimal | None
    ninety: Decimal | None


def leads(committee: Body, choice: Choice) -> tuple[dict[str, Lead], dict[str, Lead]]:
    """Lead times of both periods: median and the time within which 90 per cent were done."""
    selected, parameters = _both(committee, choice)
    columns = ", ".join(
        f"""count(*) FILTER (WHERE d.{end} < d.after),
            percentile_cont(ARRAY[0.5, 0.9]) WITHIN GROUP (ORDER BY date_part('epoch', d.{end} - d.{start}))
              FILTER (WHERE d.{end} < d.after)"""
        for start, end, _label in LEADS.values()
    )
    rows = _run(f"SELECT d.n, {columns} FROM {selected} GROUP BY 1", parameters)
    found: tuple[dict[str, Lead], dict[str, Lead]] = ({}, {})
    for number, *values in rows:
        for place, code in enumerate(LEADS):
            count, shares = values[2 * place], values[2 * place + 1]
            median, ninety = (_hours(value) for value in shares or (None, None))
            found[number][code] = Lead(count, median, ninety)
    return found


def _hours(seconds: float | None) -> Decimal | None:
    return None if seconds is None else round(Decimal(seconds) / 3600, 2)


def groups_under(committee: Body, node: int | None) -> dict[int, int]:
    """Which child of a unit each unit below it stands under (itself, for a child); without a unit: which top unit.

    Where one top unit only is an administration, its children stand in its place.
    """
    if node is None:
        tops = _run(
            """
            SELECT u.id, u.kind FROM organisation_unit u WHERE u.committee_id = %s AND EXISTS
              (SELECT FROM organisation_unit_path p WHERE p.descendant_id = u.id)
              AND NOT EXISTS (SELECT FROM organisation_unit_path p WHERE p.descendant_id = u.id AND p.depth > 0)
            """,
            [committee.pk],
        )
        own = [top for top, kind in tops if kind == Unit.Kind.ADMINISTRATION]
        if len(own) != 1:
            return _below([top for top, _ in tops])
        return _below([*_children(own[0]), *(top for top, _ in tops if top != own[0])])
    return _below(_children(node))


def _children(node: int) -> list[int]:
    rows = _run(
        "SELECT descendant_id FROM organisation_unit_path WHERE ancestor_id = %s AND depth = 1", [node]
    )
    return [child for (child,) in rows]


def _below(groups: list[int]) -> dict[int, int]:
    rows = _run(
        "SELECT descendant_id, ancestor_id FROM organisation_unit_path WHERE ancestor_id = ANY(%s)", [groups]
    )
    return dict(rows)
