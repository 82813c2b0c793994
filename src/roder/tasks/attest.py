"""Ticking off by hand: the owner marks a task ready; where the kind wants it, a leader approves it or gives it back."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from roder import access
from roder.access.rights import NotAllowedError
from roder.organisation.models import Person
from roder.tasks import kinds, notices, texts
from roder.tasks.alerting import schedule
from roder.tasks.listing import open_for, to_attest_for, waiting_for
from roder.tasks.models import LIVE, State, Task
from roder.tasks.services import confirm, finish


class NotByHandError(ValidationError):
    """The task is done where it is about, not ticked off in a list."""


def mark_ready(task: Task, by: Person, note: str = "", *, expected_revision: int | None = None) -> Task:
    """Mark a task of one's own as ready. Without a role that approves it, it is done.

    Marked twice is no fault. Raises NotAllowedError for somebody else's task, NotByHandError for a kind that only its
    own room completes, ValidationError for a task that somebody has changed meanwhile.
    """
    with transaction.atomic():
        row = _locked(task)
        if not row.live or row.state == State.READY:
            return row
        _require_same(row, expected_revision)
        if not open_for(by).filter(pk=row.pk).exists():
            raise NotAllowedError(
                "Uppgiften är inte din. Det är bara den som har uppdraget som klarmarkerar."
            )
        declared = kinds.known(row.kind)
        if not declared.by_hand:
            raise NotByHandError(
                "Uppgiften blir klar när det som den gäller är gjort. Öppna den och gör det där."
            )
        _check(row, by, "ready")
        _note(row, note)
        if not row.attest_role:
            return _done(row, by)
        row.state, row.ready_at, row.ready_by, row.attend_at = State.READY, timezone.now(), by, None
        _save(row, "state", "ready_at", "ready_by", "attend_at", "note")
        access.record(by, "task.marked_ready", row, kind=row.kind, about=row.subject_gid)
        if (marked := declared.deeds.get("marked")) is not None:
            marked(row)
        else:
            key = f"task:{row.pk}:ready:{row.revision}"
            notices.tell(row, f"Att godkänna: {row.what}", texts.READY, key=key, to_role=row.attest_role)
        return row


def approve(task: Task, by: Person, note: str = "", *, expected_revision: int | None = None) -> Task:
    """Approve what is marked ready. Nobody approves their own. Raises NotAllowedError, ValidationError."""
    with transaction.atomic():
        row = _for_attest(task, by, expected_revision)
        if row.state == State.DONE:
            return row
        _check(row, by, "approve")
        _note(row, note)
        return _done(row, by)


def return_task(task: Task, by: Person, note: str, *, expected_revision: int | None = None) -> Task:
    """Give back what is marked ready, with what is missing. Its owner is told and it is their turn again."""
    if not note.strip():
        raise ValidationError({"note": "Skriv vad som saknas."})
    with transaction.atomic():
        row = _for_attest(task, by, expected_revision)
        if row.state != State.READY:
            return row
        _return(row, by, note)
        return row


def _return(row: Task, by: Person | None, note: str) -> None:
    _note(row, note)
    row.state, row.ready_at, row.ready_by = State.RETURNED, None, None
    _save(row, "state", "ready_at", "ready_by", "note")
    access.record(by, "task.returned", row, kind=row.kind, about=row.subject_gid)
    _tell_returned(row)


def give_back(task: Task, note: str) -> Task:
    """Give back what is marked ready because something has been added to it since. By the program, not a person."""
    with transaction.atomic():
        row = _locked(task)
        if row.state != State.READY:
            return row
        _return(row, None, note)
        return row


def reopen(task: Task, by: Person, reason: str, *, expected_revision: int | None = None) -> Task:
    """Open again what one has approved oneself: it is its owner's turn once more, and they are told.

    Raises ValidationError without a reason, for a task that is not done or was never for approval, and when a new one
    of the same kind is open already; NotAllowedError for anybody but the one who approved it.
    """
    if not reason.strip():
        raise ValidationError({"note": "Skriv varför uppgiften öppnas igen."})
    with transaction.atomic():
        row = _locked(task)
        if row.state == State.RETURNED:
            return row
        if row.state != State.DONE or not row.attest_role:
            raise ValidationError("Bara en godkänd uppgift kan öppnas igen.")
        _require_same(row, expected_revision)
        if row.closed_by_id != by.pk:
            raise NotAllowedError("Bara den som godkände uppgiften kan öppna den igen.")
        if still_open(row):
            raise ValidationError("Det finns redan en ny öppen uppgift av samma slag. Gör ändringen i den.")
        _note(row, reason)
        row.state, row.closed_at, row.closed_by, row.ready_at, row.ready_by = (
            State.RETURNED, None, None, None, None,
        )  # fmt: skip
        row.alerts_done, row.attend_at = schedule(row)
        _save(
            row, "state", "closed_at", "closed_by", "ready_at", "ready_by", "note", "alerts_done", "attend_at"
        )
        access.record(by, "task.reopened", row, kind=row.kind, about=row.subject_gid)
        _tell_returned(row, again=True)
        return row


def still_open(row: Task) -> bool:
    """Whether another task of the same kind, subject and key is open."""
    same = Task.objects.filter(
        kind=row.kind, subject_kind=row.subject_kind, subject_id=row.subject_id, key=row.key, state__in=LIVE
    )
    return same.exclude(pk=row.pk).exists()


def _tell_returned(row: Task, *, again: bool = False) -> None:
    title = f"{'Öppnad igen' if again else 'Återlämnad'}: {row.what}"
    notices.tell(row, title, texts.RETURNED, key=f"task:{row.pk}:returned:{row.revision}")


def _check(row: Task, by: Person, what: str) -> None:
    """Let the task's room refuse."""
    check = kinds.known(row.kind).checks.get(what)
    if check is not None:
        check(row, by)


def confirm_condition(task: Task, by: Person) -> Task:
    """Confirm the text that one's own waiting task waits for. Raises NotAllowedError."""
    if task.state == State.WAITING and not waiting_for(by).filter(pk=task.pk).exists():
        raise NotAllowedError("Uppgiften är inte din.")
    return confirm(task, by)


def _for_attest(task: Task, by: Person, expected_revision: int | None) -> Task:
    row = _locked(task)
    if row.state == State.READY:
        _require_same(row, expected_revision)
        if not to_attest_for(by).filter(pk=row.pk).exists():
            raise NotAllowedError("Det är inte din roll som godkänner uppgiften.")
        if row.ready_by_id == by.pk:
            raise NotAllowedError("Ingen godkänner sin egen uppgift. Be någon annan med samma roll.")
    elif row.state not in (State.DONE, State.RETURNED):
        raise ValidationError("Uppgiften är inte klarmarkerad.")
    return row


def _done(row: Task, by: Person) -> Task:
    finish(row, by)
    deed = kinds.known(row.kind).deeds.get("closed")
    if deed is not None:
        deed(row)
    return row


def _locked(task: Task) -> Task:
    rows = Task.objects.select_for_update(of=("self",)).select_related("unit", "committee", "person")
    return rows.get(pk=task.pk)


def _require_same(row: Task, expected_revision: int | None) -> None:
    if expected_revision is not None and row.revision != expected_revision:
        raise ValidationError("Någon har ändrat uppgiften medan du hade den uppe. Läs den igen.")


def _note(row: Task, note: str) -> None:
    if note.strip():
        row.note = note.strip()
        row.clean_fields(exclude=[one.name for one in Task._meta.fields if one.name != "note"])


def _save(row: Task, *fields: str) -> None:
    row.revision += 1
    row.save(update_fields=[*fields, "revision", "changed_at"])
