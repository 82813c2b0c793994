"""What people hear of a round: one notice a person when it opens, one before it is due, and one when it is late.

Everything is counted together: nobody gets a letter for each task. Who holds a post is read for all units at once.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import partial

from django.utils import timezone

from roder import tasks
from roder.core.words import listed
from roder.followup.models import Round, Sheet
from roder.followup.parts import Scope
from roder.followup.rules import words
from roder.followup.services.sheet_states import tasks_about
from roder.organisation.models import Person
from roder.tasks.days import day_of
from roder.tasks.kinds import LEADERS
from roder.tasks.models import TURN, Task
from roder.tasks.notices import tell
from roder.tasks.owners import holders

#: How long before the last day people are reminded, and after it that they and their superiors are told.
REMIND, ESCALATE_FURTHER = timedelta(days=3), timedelta(days=3)


@dataclass
class Load:
    """What a person has to do in a round: own tasks, tasks of units where nobody has the post, and the last day."""

    own: int = 0
    orphaned: int = 0
    last: date | None = None
    units: set[str] = field(default_factory=set)

    def add(self, task: Task, *, orphaned: bool) -> None:
        """One task more."""
        if orphaned:
            self.orphaned += 1
        else:
            self.own += 1
        if task.due_at is not None:
            day = day_of(task.due_at, whole_day=task.whole_day)
            self.last = max(day, self.last) if self.last else day
        if task.unit is not None:
            self.units.add(task.unit.name)

    @property
    def count(self) -> int:
        """How many tasks in all."""
        return self.own + self.orphaned


def loads(rows: Iterable[Task], day: date) -> dict[int, Load]:
    """Person -> what they have to do of the tasks, as holders of the post or their deputies. Where nobody has the post,
    the next in the line above has it. Four queries at most for each role, however many tasks."""
    every = list(rows)
    line: dict[str, Mapping[int, set[int]]] = {}
    units = {task.unit_id for task in every if task.unit_id is not None}
    found: dict[int, Load] = defaultdict(Load)
    for task in every:
        start = LEADERS.index(task.role) if task.role in LEADERS else 0
        for place, role in enumerate(LEADERS[start:]):
            if role not in line:
                line[role] = holders(role, units, day)
            people = line[role].get(task.unit_id or 0, set())
            for person in people:
                found[person].add(task, orphaned=place > 0)
            if people:
                break
    return dict(found)


def tell_opened(made: Round, opened: Iterable[Task], scope: Scope, day: date) -> int:
    """Tell each person once what the round asks of them. Gives how many were told."""
    rows = list(opened)
    if not rows:
        return 0
    name, moment = scope.occasion.name, timezone.now().isoformat()
    return _tell(
        made, loads(rows, day), f"opened:{moment}",
        lambda load: (
            words.opened_title(name, load.count, load.last, day),
            words.opened_body(load.own, load.orphaned),
        ),
    )  # fmt: skip


def _tell(made: Round, every: Mapping[int, Load], key: str, said: Callable[[Load], tuple[str, str]]) -> int:
    """Tell each person what their load says, once for the key. Gives how many were told."""
    people = Person.objects.in_bulk(every)
    messages = [tasks.Message(people[pk], *said(load)) for pk, load in every.items()]
    return len(tasks.notify_each(messages, made, key=f"round:{made.pk}:{key}"))


def tell_ready(task: Task) -> None:
    """Tell whoever approves, once the unit has nothing left to mark ready in the round: one notice a unit."""
    sheet = Sheet.objects.select_related("unit", "round__occasion").filter(pk=task.subject_id).first()
    if sheet is None:
        return
    rows = tasks_about(Sheet.objects.filter(round=sheet.round_id, unit=sheet.unit_id))
    if rows.filter(state__in=TURN).exists():
        return
    count = rows.filter(state=Task.State.READY).count()
    title = words.ready_title(sheet.round.occasion.name, sheet.unit.name, count)
    body = "Läs det. Godkänn, eller lämna tillbaka med en kommentar."
    tell(task, title, body, key=f"task:{task.pk}:ready:{task.revision}", to_role=task.attest_role)


def remind(now: datetime | None = None) -> int:
    """Remind those who have something left of the open rounds three days before the last day, and tell those who are
    late, and their superiors, once the day has passed. Each is told once. Gives how many were told."""
    moment = now or timezone.now()
    today = day_of(moment)
    told = 0
    for made in Round.objects.filter(closed_at=None).select_related("occasion", "committee"):
        rows = list(_left(made))
        coming = [task for task in rows if task.due_at is not None and moment < task.due_at]
        near = [task for task in coming if _last(task) - today <= REMIND]
        late = [task for task in rows if task.due_at is not None and moment >= task.due_at]
        told += _remind(made, near, today)
        told += _tell_late(made, late, today)
    return told


def _left(made: Round) -> Iterable[Task]:
    rows = tasks_about(made.sheets.all()).filter(state__in=TURN, paused_at=None)
    return rows.select_related("unit").order_by("pk")


def _last(task: Task) -> date:
    return day_of(task.due_at or timezone.now(), whole_day=task.whole_day)


def _by_day(rows: Iterable[Task]) -> dict[date, list[Task]]:
    found: dict[date, list[Task]] = defaultdict(list)
    for task in rows:
        found[_last(task)].append(task)
    return found


def _remind(made: Round, near: list[Task], today: date) -> int:
    told = 0
    for last, rows in _by_day(near).items():
        told += _tell(made, loads(rows, today), f"remind:{last}", partial(_reminder, made, last, today))
    return told


def _reminder(made: Round, last: date, today: date, load: Load) -> tuple[str, str]:
    title = words.remind_title(made.occasion.name, load.count, last, today)
    return title, "Öppna dina uppföljningar. Fyll i det som är kvar och klarmarkera."


def _tell_late(made: Round, late: list[Task], today: date) -> int:
    """The owner at once; the superior the same day; the head of the administration three days later."""
    told = 0
    name = made.occasion.name
    for last, rows in _by_day(late).items():
        told += _tell(
            made, loads(rows, today), f"late:{last}",
            lambda load: (
                words.late_title(name, load.count),
                "Tiden har gått ut. Fyll i det som är kvar och klarmarkera i dag.",
            ),
        )  # fmt: skip
        told += _tell_above(made, rows, today, last, further=False)
        if today - last > ESCALATE_FURTHER:
            told += _tell_above(made, rows, today, last, further=True)
    return told


def _tell_above(made: Round, rows: list[Task], today: date, last: date, *, further: bool) -> int:
    """Tell the superiors which units have not marked their sheets ready."""
    by_role: dict[str, list[Task]] = defaultdict(list)
    for task in rows:
        role = LEADERS[-1] if further else task.attest_role
        if role and not (further and task.attest_role == role):
            by_role[role].append(task)
    told = 0
    for role, group in by_role.items():
        whose = holders(role, {task.unit_id for task in group if task.unit_id is not None}, today)
        units: dict[int, Load] = defaultdict(Load)
        for task in group:
            for person in whose.get(task.unit_id or 0, set()):
                units[person].add(task, orphaned=False)
        told += _tell(
            made, units, f"{'further' if further else 'above'}:{role}:{last}",
            lambda load: (
                words.missing_title(made.occasion.name, len(load.units)),
                f"{listed(sorted(load.units))}. Fråga vad som hindrar dem.",
            ),
        )  # fmt: skip
    return told
