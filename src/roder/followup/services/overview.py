"""What those above see of a round: who has reported, how far the others have come, and who is late.

Read in a constant number of queries, as plain values: a round may have thousands of sheets.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime

from django.db.models import QuerySet
from django.utils import timezone

from roder import access
from roder.followup.models import Round, Sheet
from roder.followup.parts import Declared, declared, parts_of
from roder.followup.rules.states import Progress, counted, progress_of, sentence
from roder.followup.services.compared import (
    Compared,
    SideBySide,
    Summary,
    Told,
    departments_of,
    side_by_side,
    summaries_for,
)
from roder.followup.services.sheet_states import TaskState, task_states
from roder.organisation.models import Mandate, Person, Unit
from roder.tasks.days import day_of
from roder.tasks.models import TURN


@dataclass(frozen=True, slots=True)
class Cell:
    """A sheet in the overview. ``by`` is who marked it ready, else who wrote last; ``deputy``: that person does
    not hold the post, but stood in for whoever does. ``late``: it is the owner's turn and the time is out."""

    sheet: int
    part: str
    progress: Progress
    late: bool
    due: date | None
    by: str = ""
    deputy: bool = False
    approved_by: str = ""
    written_at: datetime | None = None
    yours: bool = False


@dataclass(slots=True)
class UnitRow:
    """A unit with its sheets by part."""

    pk: int
    code: str
    name: str
    kind: str
    cells: dict[str, Cell] = field(default_factory=dict)

    @property
    def late(self) -> int:
        """How many of its sheets that are late."""
        return sum(cell.late for cell in self.cells.values())

    @property
    def reported(self) -> int:
        """How many that are marked ready."""
        return sum(cell.progress.reported for cell in self.cells.values())


@dataclass(slots=True)
class DepartmentRow:
    """A department (or what stands right under the administration: ``own`` is then None) with its units."""

    name: str
    own: UnitRow | None
    units: list[UnitRow] = field(default_factory=list)

    @property
    def rows(self) -> list[UnitRow]:
        """The department's own row first, then its units'."""
        return [*([self.own] if self.own is not None else []), *self.units]

    @property
    def late(self) -> int:
        """How many sheets under it, its own included, that are late."""
        return sum(row.late for row in self.rows)

    @property
    def late_units(self) -> int:
        """How many of its units that are late with something."""
        return sum(bool(row.late) for row in self.units)

    def ready(self, part: str) -> tuple[int, int]:
        """(units that have marked the part ready, units that are expected to)."""
        cells = [row.cells[part] for row in self.units if part in row.cells]
        return sum(cell.progress.reported for cell in cells), len(cells)


@dataclass(slots=True)
class Overview:
    """A round as somebody sees it."""

    round: Round
    parts: list[Declared]
    departments: list[DepartmentRow]

    @property
    def cells(self) -> list[Cell]:
        """Every sheet."""
        return [cell for one in self.departments for row in one.rows for cell in row.cells.values()]

    @property
    def counts(self) -> dict[Progress, int]:
        """How many sheets there are of each progress."""
        return counted(cell.progress for cell in self.cells)

    @property
    def sentence(self) -> str:
        """``12 uppgifter: 3 godkända, 9 inte påbörjade.``"""
        return sentence(self.counts)

    @property
    def late(self) -> list[UnitRow]:
        """The units and departments that are late with something."""
        return [row for one in self.departments for row in one.rows if row.late]


_COLUMNS = (
    "pk", "part", "unit_id", "unit__code", "unit__name", "unit__kind", "above_id", "above__name", "above__kind",
    "written_at", "written_by_id", "included_at",
)  # fmt: skip


def overview(made: Round, user: Person, *, now: datetime | None = None) -> Overview:
    """The departments with their units and sheets, as far as the person may see. Six queries however many there are."""
    return _overview(made, access.visible(user, Sheet.objects.filter(round=made)), user.pk, now)


def overview_of_all(made: Round, *, now: datetime | None = None) -> Overview:
    """As ``overview`` of every sheet, for those who run the program."""
    return _overview(made, Sheet.objects.filter(round=made), 0, now)


def _overview(made: Round, sheets: QuerySet[Sheet], user: int, now: datetime | None) -> Overview:
    moment = now or timezone.now()
    rows = list(sheets.order_by().values_list(*_COLUMNS))
    tasks = task_states(sheets)
    writers = {row[10] for row in rows if row[10]}
    for task in tasks.values():
        writers.update(one for one in (task.ready_by, task.closed_by) if one)
    names = {pk: name or email for pk, name, email in _people(writers)}
    posts = _posts(writers, day_of(moment))
    units: dict[int, UnitRow] = {}
    above: dict[int, tuple[int | None, str, str]] = {}
    for (
        pk,
        part,
        unit,
        code,
        name,
        kind,
        over,
        over_name,
        over_kind,
        written_at,
        written_by,
        included_at,
    ) in rows:
        row = units.get(unit)
        if row is None:
            row = units[unit] = UnitRow(unit, code, name, kind)
            above[unit] = (over, over_name or "", over_kind or "")
        row.cells[part] = _cell(
            pk, part, unit, tasks.get(pk), written_at, written_by, included_at, names, posts, moment, user
        )
    return Overview(made, _parts(made, units.values()), _departments(units, above))


def _people(ids: set[int]) -> list[tuple[int, str, str]]:
    return list(Person.objects.filter(pk__in=ids).values_list("pk", "name", "email")) if ids else []


def _posts(people: set[int], day: date) -> set[tuple[int, str, int]]:
    """(person, role, unit) for the posts that people hold themselves, with every unit under them."""
    if not people:
        return set()
    held = Mandate.objects.filter(person__in=people, valid__contains=day)
    rows = held.filter(unit__isnull=False).values_list("person_id", "role", "unit__paths_down__descendant_id")
    found = {(person, role, unit) for person, role, unit in rows if unit is not None}
    whole = held.filter(body__isnull=False).values_list("person_id", "role")
    return found | {(person, role, 0) for person, role in whole}


def _cell(
    pk: int, part: str, unit: int, task: TaskState | None, written_at: datetime | None, written_by: int | None,
    included_at: datetime | None, names: dict[int, str], posts: set[tuple[int, str, int]], moment: datetime, user: int,
) -> Cell:  # fmt: skip
    state = task.state if task else ""
    progress = progress_of(state, written=written_at is not None, included=included_at is not None)
    who = (task.ready_by if task else None) or written_by
    late = bool(task and state in TURN and task.due_at is not None and moment >= task.due_at)
    role = task.role if task else ""
    return Cell(
        pk, part, progress, late,
        day_of(task.due_at, whole_day=task.whole_day) if task and task.due_at else None,
        names.get(who, "") if who else "",
        bool(who) and (who, role, unit) not in posts and (who, role, 0) not in posts,
        names.get(task.closed_by, "") if task and task.closed_by and state == "done" else "",
        written_at,
        who == user,
    )  # fmt: skip


def _parts(made: Round, rows: Iterable[UnitRow]) -> list[Declared]:
    there = {part for row in rows for part in row.cells}
    brought = [one for one in parts_of(made.occasion) if one.code in there]
    known = {one.code for one in brought}
    return [*brought, *(declared(part) for part in sorted(there - {str(one) for one in known}))]


def _departments(
    units: dict[int, UnitRow], above: dict[int, tuple[int | None, str, str]]
) -> list[DepartmentRow]:
    """Under each department its units; what has none above it comes last, by the name of what it stands under."""
    found: dict[int, DepartmentRow] = {}
    for row in sorted(units.values(), key=lambda one: one.code):
        if row.kind == Unit.Kind.DEPARTMENT:
            found[row.pk] = DepartmentRow(row.name, row)
    rest: dict[int, DepartmentRow] = {}
    for row in sorted(units.values(), key=lambda one: one.code):
        if row.kind == Unit.Kind.DEPARTMENT:
            continue
        over, name, kind = above[row.pk]
        if over in found:
            found[over].units.append(row)
        elif kind == Unit.Kind.DEPARTMENT:
            rest.setdefault(over or 0, DepartmentRow(name, None)).units.append(row)
        else:
            rest.setdefault(0, DepartmentRow("Direkt under förvaltningen", None)).units.append(row)
    return [*found.values(), *rest.values()]


__all__ = [
    "Cell", "Compared", "DepartmentRow", "Overview", "SideBySide", "Summary", "Told", "UnitRow", "departments_of",
    "overview", "overview_of_all", "side_by_side", "summaries_for",
]  # fmt: skip
