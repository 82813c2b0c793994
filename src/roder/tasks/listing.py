"""Reading tasks: what is mine to do, what waits for my approval, what is about a record, and the running clocks."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.core.paginator import Paginator
from django.db import connection
from django.db.models import F, Q, QuerySet
from django.utils import timezone

from roder.access.rights import User, grants
from roder.core.models import Record
from roder.organisation.models import Deputy
from roder.tasks import kinds
from roder.tasks.models import TURN, State, Task
from roder.tasks.rules import Due, is_late, lateness

_MINE = "_roder_task_places"


def _places(user: User) -> dict[str, tuple[set[int], set[int]]]:
    """Role -> (whole committees, units and those below) of the person's mandates and of those they stand in for."""
    found: dict[str, tuple[set[int], set[int]]] = defaultdict(lambda: (set(), set()))
    for grant in grants(user):
        whole, units = found[grant.role]
        if grant.unit_id is None:
            whole.add(grant.committee_id)
        else:
            units.update(grant.units)
    return found


def _held(user: User, column: str) -> Q:
    """The rows whose role (in ``column``) the person holds for the row's committee or unit."""
    condition = Q(pk__in=())
    for role, (whole, units) in _places(user).items():
        place = Q(committee__in=whole) if whole else Q(pk__in=())
        if units:
            committees = {grant.committee_id for grant in grants(user) if grant.role == role}
            # A task for a role of units in the whole committee is everybody's who has the role in it.
            place |= Q(unit__in=sorted(units)) | Q(committee__in=committees, unit=None)
        condition |= Q(**{column: role}) & place
    return condition


def _own(user: User) -> Q:
    """The rows that are the person's own by name, or that of somebody they stand in for."""
    away = Deputy.objects.filter(stand_in=user.pk, valid__contains=date.today(), person__isnull=False)
    return Q(person=user.pk) | Q(person__in=away.values("person"))


def _sorted(rows: QuerySet[Task]) -> QuerySet[Task]:
    return rows.select_related("unit", "committee", "person").order_by(F("due_at").asc(nulls_last=True), "pk")


def open_for(user: User) -> QuerySet[Task]:
    """The tasks that it is the person's turn to do, by mandate, by name or as deputy; the first due first.

    One condition in the query; what is paused or waits for something is not in it.
    """
    if not user.is_authenticated or not user.is_active:
        return Task.objects.none()
    mine = _own(user) | (Q(person=None) & _held(user, "role"))
    return _sorted(Task.objects.filter(mine, state__in=TURN, paused_at=None))


def to_attest_for(user: User) -> QuerySet[Task]:
    """The tasks that somebody has marked ready and that the person's role approves."""
    if not user.is_authenticated or not user.is_active:
        return Task.objects.none()
    rows = Task.objects.filter(_held(user, "attest_role"), state=State.READY, paused_at=None)
    return _sorted(rows.exclude(attest_role=""))


def waiting_for(user: User) -> QuerySet[Task]:
    """The person's tasks that wait for something to happen or for a text that somebody confirms."""
    if not user.is_authenticated or not user.is_active:
        return Task.objects.none()
    mine = _own(user) | (Q(person=None) & _held(user, "role"))
    return _sorted(Task.objects.filter(mine, state=State.WAITING, paused_at=None))


def of(subject: Record) -> QuerySet[Task]:
    """Every task about a record, open or not. The caller has asked for the right to see the record."""
    return _sorted(Task.objects.filter(subject_kind=subject._meta.label_lower, subject_id=subject.pk))


def count_for(user: User) -> int:
    """How many tasks it is the person's turn to do or approve: the number in the header. One query."""
    sql, parameters = counting(user)
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters)
        count: int = cursor.fetchone()[0]
        return count


def counting(user: User) -> tuple[str, tuple[Any, ...]]:
    """The query of ``count_for`` with its parameters, for somebody who asks the database something else as well."""
    if not user.is_authenticated or not user.is_active or not grants(user):
        return "SELECT 0", ()
    sql, parameters = _turns(user)
    return f"SELECT count(*) FROM ({sql}) AS turn", parameters  # noqa: S608 - made by Django


#: (person, mandates, day) -> the count's SQL. It stands on every page, and composing it costs ten times what the
#: database needs for it.
_COUNTINGS: dict[tuple[Any, ...], tuple[str, tuple[Any, ...]]] = {}
_MOST_COUNTINGS = 4096


def _turns(user: User) -> tuple[str, tuple[Any, ...]]:
    """The rows that ``count_for`` counts, as SQL with its parameters."""
    key = (user.pk, grants(user), date.today())
    if key not in _COUNTINGS:
        mine = _own(user) | (Q(person=None) & _held(user, "role"))
        turn = mine & Q(state__in=[state.value for state in TURN])
        ready = _held(user, "attest_role") & Q(state=State.READY) & ~Q(attest_role="")
        rows = Task.objects.filter(turn | ready, paused_at=None).order_by().values("pk")
        if len(_COUNTINGS) >= _MOST_COUNTINGS:
            _COUNTINGS.clear()
        _COUNTINGS[key] = rows.query.sql_with_params()
    return _COUNTINGS[key]


@dataclass(frozen=True)
class Line:
    """A task as a line of a list: what, where it leads, and how much time is left."""

    task: Task
    url: str
    left: str
    late: bool

    @property
    def what(self) -> str:
        """What is to be done."""
        return self.task.what

    @property
    def label(self) -> str:
        """The kind in a word or two."""
        return kinds.known(self.task.kind).label

    @property
    def due(self) -> datetime | None:
        """When it is due."""
        return self.task.due_at

    @property
    def last_day(self) -> date | None:
        """The day it is due on."""
        return Due(self.task.due_at, self.task.whole_day).day if self.task.due_at else None

    @property
    def by_hand(self) -> bool:
        """Whether it is ticked off in the list."""
        return kinds.known(self.task.kind).by_hand


def lines(tasks: Any, now: datetime | None = None) -> list[Line]:
    """Tasks as lines. What they are about is read with one query for each kind of record."""
    from roder.tasks.addresses import addresses  # noqa: PLC0415 - asks for addresses of pages

    moment = now or timezone.now()
    rows = list(tasks)
    urls = addresses(rows)
    found = []
    for task in rows:
        due = Due(task.due_at, task.whole_day) if task.due_at else None
        left = lateness(due, moment) if due else ""
        found.append(Line(task, urls[task.pk], left, bool(due and is_late(due, moment))))
    return found


def clock_lines(user: User, limit: int = 8, *, only: tuple[str, ...] = ()) -> list[Line]:
    """The person's tasks with a running clock (kinds declared with ``clock=True``, or those in ``only``), the first due
    first, for the start page: ``1 h 12 min kvar``. Two queries and one for each kind of record."""
    rows = open_for(user).filter(kind__in=only or kinds.clocks(), due_at__isnull=False)
    return lines(rows[:limit])


def page_of(tasks: QuerySet[Task], number: str | None, size: int = 50) -> Any:
    """A page of a list."""
    return Paginator(tasks, size).get_page(number)
