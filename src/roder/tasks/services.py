"""What is done to tasks: open, complete, cancel, move in time, pause, hand over. Each is one transaction, can be
called again without harm, and is written in the trail. The room that calls has asked for the right to its own deed.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.apps import apps
from django.core.exceptions import ValidationError
from django.db import IntegrityError, models, transaction
from django.db.models import QuerySet
from django.utils import timezone

from roder import access
from roder.core.models import Record
from roder.organisation.models import Person
from roder.tasks import kinds, notices
from roder.tasks.alerting import schedule
from roder.tasks.models import LIVE, State, Task
from roder.tasks.owners import Owner
from roder.tasks.rules import Due, DueRule, by_day, from_data, to_data


@dataclass(frozen=True)
class Condition:
    """What a task waits for: that a record reaches one of ``states``, or that a person confirms ``text``.

    With a record ``field`` names its state (``state`` unless said otherwise).
    """

    text: str = ""
    record: models.Model | None = None
    states: Sequence[str] = ()
    field: str = "state"

    def __post_init__(self) -> None:
        if (self.record is None) == (not self.text.strip()):
            raise ValidationError(
                {"condition": "Ett villkor är antingen en text att bekräfta eller en annan post."}
            )
        if self.record is not None and not self.states:
            raise ValidationError({"condition": "Ange vilket läge posten ska nå."})

    def data(self) -> dict[str, Any]:
        """As plain JSON values."""
        if self.record is None:
            return {"text": self.text.strip()}
        return {
            "kind": self.record._meta.label_lower,
            "id": self.record.pk,
            "field": self.field,
            "states": list(self.states),
        }

    @property
    def met(self) -> bool:
        """Whether the record is there already. A text must always be confirmed."""
        if self.record is None:
            return False
        stored = type(self.record)._base_manager.filter(pk=self.record.pk)
        return stored.filter(**{f"{self.field}__in": list(self.states)}).exists()


def open_task(
    kind: str,
    subject: Record,
    *,
    owner: Owner,
    due: datetime | date | Due | None = None,
    what: str = "",
    key: str = "",
    rule: DueRule | None = None,
    recurs: bool = False,
    condition: Condition | None = None,
    by: Person | None = None,
    at: datetime | None = None,
) -> Task:
    """Open a task about a record, or give the one that is open already with the same kind, subject and key.

    ``due`` is a moment, a date (the whole day is good) or nothing; otherwise ``rule`` says when, counted from ``at``
    (now) or from the moment that ``condition`` is met. ``recurs``: when it is done the next one is opened by the rule.
    ``what`` is a sentence with a verb, without anything about a person; the kind's label when empty. The owner is told.

    Raises LookupError for a kind that nobody has declared, ValidationError for a personal number in ``what``.
    """
    declared = kinds.find(kind)
    moment = at or timezone.now()
    if recurs and rule is None:
        raise ValidationError({"rule": "En återkommande uppgift behöver en tidsregel."})
    with transaction.atomic():
        found = _live(kind, subject, key).first()
        if found is not None:
            return found
        waiting = condition is not None and not condition.met
        task = new_task(declared, subject, owner, what=what, key=key, by=by, at=moment)
        task.state = State.WAITING if waiting else State.OPEN
        task.rule, task.recurs = to_data(rule) if rule else None, recurs
        task.condition = condition.data() if condition else None
        when = as_due(due)
        if when is None and rule is not None and not waiting:
            when = rule.due(moment, kinds.meetings_of(task.committee))
        set_due(task, when)
        task.clean_fields(exclude=["subject_kind", "subject_id"])
        try:
            with transaction.atomic():
                task.save(force_insert=True)
        except IntegrityError:  # somebody opened the same one at the same moment
            twin = _live(kind, subject, key).first()
            if twin is None:
                raise
            return twin
        access.record(by, "task.opened", task, kind=kind, about=task.subject_gid)
        if declared.tells and not waiting:
            notices.tell_opened(task)
    return task


def new_task(
    kind: kinds.Kind,
    subject: Record,
    owner: Owner,
    *,
    what: str,
    key: str,
    by: Person | None,
    at: datetime,
    attest_role: str = "",
) -> Task:
    """A task as it begins: open, without a due moment, not yet saved. ``attest_role``: the kind's own when empty."""
    task = Task(
        kind=kind.name,
        key=key,
        what=what.strip() or kind.label,
        state=State.OPEN,
        attest_role=attest_role or kind.attest,
        opened_at=at,
        opened_by=by,
        **owner.columns(subject),
    )
    task.subject = subject
    return task


def complete(
    kind: str,
    subject: Record,
    by: Person | None,
    *,
    key: str = "",
    at: datetime | None = None,
    note: str = "",
) -> Task | None:
    """Close the open task of a kind about a record as done; the next one of a recurring task is opened.

    Gives the task, or None when none was open: completing twice is no fault, and of two who complete at once the
    first is written down.
    """
    with transaction.atomic():
        task = _live(kind, subject, key).select_for_update(of=("self",)).first()
        if task is None:
            return None
        return finish(task, by, at=at, note=note)


def finish(task: Task, by: Person | None, *, at: datetime | None = None, note: str = "") -> Task:
    """Close a task whose row is locked as done, and open the next one when it recurs."""
    _close(task, State.DONE, by, at or timezone.now(), note)
    access.record(by, "task.completed", task, kind=task.kind, about=task.subject_gid)
    open_next(task)
    return task


def open_next(task: Task) -> Task | None:
    """The next one of a recurring task that is closed, unless its rule has no more days."""
    if not task.recurs or not task.rule or task.subject is None:
        return None
    rule, last = from_data(task.rule), due_of(task)
    meetings = kinds.meetings_of(task.committee)
    following = rule.following(last, meetings) if last else rule.due(timezone.now(), meetings)
    if following is None:
        return None
    return open_task(
        task.kind,
        task.subject,
        owner=owner_of(task),
        due=following,
        what=task.what,
        key=task.key,
        rule=rule,
        recurs=True,
    )


def cancel(
    kind: str, subject: Record, reason: str, *, key: str = "", by: Person | None = None
) -> Task | None:
    """Strike the open task of a kind about a record, with the reason. None when none was open.

    Raises ValidationError without a reason."""
    _require_reason(reason)
    with transaction.atomic():
        task = _live(kind, subject, key).select_for_update(of=("self",)).first()
        if task is not None:
            _strike(task, reason, by)
        return task


def cancel_all(subject: Record, reason: str, *, by: Person | None = None, keep: Sequence[str] = ()) -> int:
    """Strike every open task about a record but those of the kinds in ``keep``. Gives how many."""
    _require_reason(reason)
    with transaction.atomic():
        rows = Task.objects.filter(
            subject_kind=subject._meta.label_lower, subject_id=subject.pk, state__in=LIVE
        ).exclude(kind__in=keep)
        tasks = list(rows.select_for_update(of=("self",)).order_by("pk"))
        for task in tasks:
            _strike(task, reason, by)
    return len(tasks)


def reschedule(
    kind: str,
    subject: Record,
    due: datetime | date | Due | None,
    key: str = "",
    *,
    by: Person | None = None,
) -> Task | None:
    """Give the open task another due moment or date; reminders are counted anew. None when none is open."""
    with transaction.atomic():
        task = _live(kind, subject, key).select_for_update(of=("self",)).first()
        if task is None:
            return None
        when = as_due(due)
        if when == due_of(task):
            return task
        before = task.due_at
        set_due(task, when)
        _save(task, "due_at", "whole_day", "alerts_done", "attend_at")
        access.record(
            by,
            "task.rescheduled",
            task,
            before=before.isoformat() if before else None,
            after=task.due_at.isoformat() if task.due_at else None,
        )
        return task


def hand_over(
    kind: str, subject: Record, owner: Owner, *, key: str = "", by: Person | None = None
) -> Task | None:
    """Give the open task another owner, who is told. None when none is open."""
    with transaction.atomic():
        task = _live(kind, subject, key).select_for_update(of=("self",)).first()
        if task is None or owner_of(task) == owner:
            return task
        for name, value in owner.columns(subject).items():
            setattr(task, name, value)
        set_due(task, due_of(task))
        _save(task, "role", "unit", "committee", "person", "alerts_done", "attend_at")
        access.record(by, "task.handed_over", task, role=owner.role)
        if kinds.known(task.kind).tells:
            notices.tell_opened(task)
        return task


def pause(kind: str, subject: Record, reason: str, *, key: str = "", by: Person | None = None) -> Task | None:
    """Let the open task rest: it is in no list and nobody is reminded until it is resumed."""
    _require_reason(reason)
    with transaction.atomic():
        task = _live(kind, subject, key).select_for_update(of=("self",)).first()
        if task is not None and task.paused_at is None:
            task.paused_at, task.pause_reason, task.attend_at = timezone.now(), reason.strip(), None
            _save(task, "paused_at", "pause_reason", "attend_at")
            access.record(by, "task.paused", task)
        return task


def resume(kind: str, subject: Record, *, key: str = "", by: Person | None = None) -> Task | None:
    """Take up a paused task. Its due moment is the same; reschedule it when it should be another."""
    with transaction.atomic():
        task = _live(kind, subject, key).select_for_update(of=("self",)).first()
        if task is not None and task.paused_at is not None:
            set_due(task, due_of(task))
            task.paused_at, task.pause_reason = None, ""
            _save(task, "paused_at", "pause_reason", "alerts_done", "attend_at")
            access.record(by, "task.resumed", task)
        return task


def confirm(task: Task, by: Person | None, note: str = "") -> Task:
    """Confirm the text that a waiting task waits for: it opens, and its time is counted from now. ``note`` is kept on
    the task. Raises ValidationError for a note that cannot be."""
    with transaction.atomic():
        locked = Task.objects.select_for_update(of=("self",)).get(pk=task.pk)
        if locked.state == State.WAITING:
            if note.strip():
                _write_note(locked, note)
                locked.save(update_fields=["note"])
            _begin(locked, by)
        return locked


def reached(record: Record) -> int:
    """Tell that a record has reached a new state: tasks that wait for it open at once (the clockwork finds them
    otherwise). Gives how many opened."""
    rows = Task.objects.filter(
        state=State.WAITING, condition__kind=record._meta.label_lower, condition__id=record.pk
    )
    return begin_met(rows)


def begin_met(rows: QuerySet[Task]) -> int:
    """Open those of the waiting tasks whose record has reached its state: one query for each kind of record."""
    with transaction.atomic():
        waiting = list(rows.select_for_update(of=("self",), skip_locked=True).order_by("pk"))
        asked: dict[tuple[str, str], list[Task]] = {}
        for task in waiting:
            wanted = task.condition or {}
            if "kind" in wanted:
                asked.setdefault((wanted["kind"], wanted["field"]), []).append(task)
        opened = 0
        for (label, field), group in asked.items():
            ids = {task.condition["id"] for task in group}  # type: ignore[index]  # asked for above
            states = dict(apps.get_model(label)._base_manager.filter(pk__in=ids).values_list("pk", field))
            for task in group:
                wanted = task.condition or {}
                if states.get(wanted["id"]) in wanted["states"]:
                    _begin(task, None)
                    opened += 1
    return opened


# --- what they share -----------------------------------------------------------------------------------------------


def owner_of(task: Task) -> Owner:
    """The task's owner."""
    return Owner(task.role, unit=task.unit, committee=task.committee, person=task.person)


def due_of(task: Task) -> Due | None:
    """When the task is due."""
    return Due(task.due_at, task.whole_day) if task.due_at else None


def _live(kind: str, subject: Record, key: str) -> QuerySet[Task]:
    return Task.objects.filter(
        kind=kind,
        subject_kind=subject._meta.label_lower,
        subject_id=subject.pk,
        key=key,
        state__in=LIVE,
    ).select_related("unit", "committee", "person")


def as_due(due: datetime | date | Due | None) -> Due | None:
    """A moment or a date (the whole day is good) as a due moment. Raises ValueError without a time zone."""
    if due is None or isinstance(due, Due):
        return due
    if isinstance(due, datetime):
        if timezone.is_naive(due):
            raise ValueError("tidpunkten saknar tidszon")
        return Due(due)
    return by_day(due)


def set_due(task: Task, due: Due | None, *, quiet: bool = False) -> None:
    """The due moment, and who is to hear of it when; what is past already is passed over but the last of it (``quiet``:
    and that too)."""
    task.due_at, task.whole_day = (due.at, due.whole_day) if due else (None, False)
    task.alerts_done, task.attend_at = schedule(task, quiet=quiet)


def _begin(task: Task, by: Person | None) -> None:
    now = timezone.now()
    task.state = State.OPEN
    due = due_of(task)
    if due is None and task.rule:
        due = from_data(task.rule).due(now, kinds.meetings_of(task.committee))
    set_due(task, due)
    _save(task, "state", "due_at", "whole_day", "alerts_done", "attend_at")
    access.record(by, "task.begun", task)
    if kinds.known(task.kind).tells:
        notices.tell_opened(task)


def _close(task: Task, state: State, by: Person | None, at: datetime, note: str) -> None:
    task.state, task.closed_at, task.closed_by, task.attend_at = state, at, by, None
    if note:
        _write_note(task, note)
    _save(task, "state", "closed_at", "closed_by", "attend_at", "note")


def _write_note(task: Task, note: str) -> None:
    task.note = note.strip()[:1000]
    Task._meta.get_field("note").clean(task.note, task)


def _strike(task: Task, reason: str, by: Person | None) -> None:
    _close(task, State.CANCELLED, by, timezone.now(), reason)
    access.record(by, "task.cancelled", task, kind=task.kind, about=task.subject_gid)


def _save(task: Task, *fields: str) -> None:
    task.revision += 1
    task.save(update_fields=[*fields, "revision", "changed_at"])


def _require_reason(reason: str) -> None:
    if not reason.strip():
        raise ValidationError({"reason": "Skriv varför."})
