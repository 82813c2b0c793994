"""Parts of the report of action plans: the degree of completion, and each unit's plan. See `roder.reports.base`."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from roder.core.words import joined
from roder.reports.base import Col, FigureTable, Line, Page
from roder.reports.document import Cell, Column, Heading, Inline, Paragraph, Row, Status, Strong, Table
from roder.reports.facts_year import ActivityFact, PlanFact
from roder.reports.year_parts import year

TOTAL = "totalt"
COUNT, DONE, DUE = "aktiviteter.antal", "aktiviteter.klara", "aktiviteter.skulle_vara_klara"
SHARE, IN_TIME = "aktiviteter.genomforda", "aktiviteter.genomforda_i_tid"
MOST_NAMED = 12  # units without a plan that are named


def has_activities(page: Page) -> bool:
    """Whether the year's plans have any activity."""
    return any(one.goals for one in year(page).plans)


def _columns(page: Page) -> tuple[Col, ...]:
    columns: tuple[Col, ...] = (
        Col("antal", "Aktiviteter", COUNT),
        Col("klara", "Klara", DONE),
        Col("skulle", "Skulle vara klara", DUE),
        Col("grad", "Klara av alla, %", SHARE),
    )
    return columns[:1] if page.facts.kind == "plan" else columns


def _goal_lines(page: Page) -> Iterable[Line]:
    for code, label in year(page).goals:
        yield Line((code, TOTAL), label)
    yield Line((TOTAL, TOTAL), "Totalt", "sum")


def _unit_lines(page: Page) -> Iterable[Line]:
    for one in year(page).plans:
        if one.goals:
            yield Line((TOTAL, one.unit), one.name)
    yield Line((TOTAL, TOTAL), "Totalt", "sum")


BY_GOAL = FigureTable(
    "Aktiviteter per mål", "Mål", _goal_lines, _columns, unit_note="", anchor="aktiviteter-mal"
)
BY_UNIT = FigureTable(
    "Aktiviteter per enhet", "Enhet", _unit_lines, _columns, unit_note="", anchor="aktiviteter-enhet"
)


@dataclass(frozen=True)
class Completion:
    """In a few sentences: how many activities, how many done, of which should be; and which plans are missing."""

    def write(self, page: Page) -> None:
        """Write them."""
        facts = year(page)
        total = page.number(COUNT, TOTAL, TOTAL)
        words: list[Inline] = ["Enheternas handlingsplaner har ", total, " aktiviteter."]
        if page.facts.kind != "plan":
            done, share = page.number(DONE, TOTAL, TOTAL), page.number(SHARE, TOTAL, TOTAL, suffix=True)
            words += [" Vid brytdatum är ", done, " klara, ", share, " av alla."]
            due, in_time = page.number(DUE, TOTAL, TOTAL), page.number(IN_TIME, TOTAL, TOTAL, suffix=True)
            if due.value:
                words += [" Av de ", due, " som skulle vara klara är ", in_time, " det."]
        page.add(Paragraph(tuple(words)))
        if facts.expected:
            said = f"{facts.decided} av {facts.expected} planer är beslutade."
            page.add(Paragraph((said, _without(facts.without))))


def _without(names: tuple[str, ...]) -> str:
    if not names:
        return ""
    if len(names) > MOST_NAMED:
        return f" {len(names)} enheter har ingen plan."
    return f" Ingen plan har {joined(names)}."


@dataclass(frozen=True)
class Plans:
    """Each unit's plan: what, why, who, when, how it is followed up, and how it stands."""

    def write(self, page: Page) -> None:
        """Write a heading and a table for each."""
        for one in year(page).plans:
            if not one.goals and not one.introduction:
                continue
            page.add(Heading(2, one.name))
            about: list[Inline] = [Strong(one.decided)] if one.decided else []
            if about:
                page.add(Paragraph(tuple(about)))
            if one.introduction:
                page.add(*(Paragraph((part,)) for part in one.introduction.splitlines() if part.strip()))
            if one.goals:
                page.add(_table(one, followed=page.facts.kind != "plan"))


COLUMNS = (
    Column("vad", "Vad", "text"),
    Column("varfor", "Varför", "text"),
    Column("vem", "Vem", "text"),
    Column("nar", "När", "text"),
    Column("hur", "Hur det följs upp", "text"),
    Column("lage", "Läge", "status"),
    Column("sagt", "Uppföljning", "text"),
)


def _table(plan: PlanFact, *, followed: bool) -> Table:
    every: list[Any] = [one for goal in plan.goals for one in goal.activities]
    said = {"vad", "nar"} | ({"lage"} if followed else set())
    said |= {key for key, name in _OPTIONAL.items() if any(getattr(one, name) for one in every)}
    if not followed:
        said.discard("sagt")
    columns = tuple(one for one in COLUMNS if one.key in said)
    rows: list[Row] = []
    for place, goal in enumerate(plan.goals):
        rows.append(Row(f"mal-{place}", {"vad": goal.goal}, "sub"))
        rows += [_row(one, said) for one in goal.activities]
    return Table(f"Handlingsplan, {plan.name}", columns, tuple(rows), "", anchor=f"plan-{plan.unit}")


_OPTIONAL = {"varfor": "why", "vem": "who", "hur": "how", "sagt": "said"}


def _row(one: ActivityFact, shown: set[str]) -> Row:
    cells: dict[str, Cell] = {
        "vad": one.what, "varfor": one.why, "vem": one.who, "nar": one.when, "hur": one.how,
        "lage": Status(one.state, one.tone), "sagt": one.said,
    }  # fmt: skip
    return Row(one.code, {key: cell for key, cell in cells.items() if key in shown})
