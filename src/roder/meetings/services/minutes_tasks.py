"""The tasks that follow minutes: to attest, to lock, to put up the notice, to send out; and the order of numbers."""

from __future__ import annotations

from datetime import date

from django.db import connection

from roder import tasks
from roder.core.locks import Lock
from roder.meetings.models import BodyMember, MinuteItem, Minutes
from roder.meetings.rules import minutes as rules
from roder.organisation.models import Person
from roder.tasks import Owner

ATTEST, NOTICE, DISPATCH, LOCK = (
    "meetings.attest",
    "meetings.notice",
    "meetings.dispatch",
    "meetings.lock_minutes",
)
#: class of the advisory locks under which paragraphs are numbered


def numbering_lock(body: int) -> None:
    """Hold the body's numbers to the end of the transaction: two meetings are not numbered at once."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", [Lock.PARAGRAPHS, body])


def _secretary(minutes: Minutes) -> Owner:
    return Owner("secretary", committee=minutes.meeting.committee)


def _whose(minutes: Minutes) -> str:
    """Whose meeting and when: several wait at the same time."""
    return f"{minutes.meeting.body.short_name} {minutes.meeting.date.isoformat()}"


def attesting_begins(minutes: Minutes, by: Person) -> None:
    """Those who are to attest get a task; the secretary gets those of who does not log in."""
    due = minutes.attest_on or rules.attest_by(minutes.meeting.date)
    what = f"Justera protokollet {_whose(minutes)}"
    signers = [minutes.chair, *minutes.attesters.all()]
    for member in signers:
        if member is None:
            continue
        owner = (
            Owner("", committee=minutes.meeting.committee, person=member.person)
            if member.person
            else _secretary(minutes)
        )
        tasks.open_task(ATTEST, minutes, owner=owner, due=due, what=what, key=str(member.pk), by=by)


def attested_by(minutes: Minutes, member: BodyMember, by: Person) -> None:
    """A member has attested: their task is done."""
    tasks.complete(ATTEST, minutes, by, key=str(member.pk))


def attesting_ends(minutes: Minutes, by: Person, why: str) -> None:
    """The minutes are opened again: nobody has to attest them now."""
    for member in [minutes.chair, *minutes.attesters.all()]:
        if member is not None:
            tasks.cancel(ATTEST, minutes, why, key=str(member.pk), by=by)


def attested(minutes: Minutes, on: date, by: Person) -> None:
    """All have attested: the notice goes up within two days, and the minutes are locked."""
    if not minutes.posted_on:
        tasks.open_task(
            NOTICE, minutes, owner=_secretary(minutes), due=rules.notice_by(on), by=by,
            what=f"Sätt upp anslag om protokollet {_whose(minutes)}",
        )  # fmt: skip
    tasks.open_task(
        LOCK, minutes, owner=_secretary(minutes), due=rules.notice_by(on), by=by,
        what=f"Lås protokollet {_whose(minutes)}",
    )  # fmt: skip


def paragraph_attested(paragraph: MinuteItem, minutes: Minutes, on: date, by: Person) -> None:
    """One item is attested at once: it has a notice of its own."""
    tasks.open_task(
        NOTICE, paragraph, owner=_secretary(minutes), due=rules.notice_by(on), by=by,
        what=f"Sätt upp anslag om § {paragraph.number}, omedelbart justerad",
    )  # fmt: skip


def posted(record: Minutes | MinuteItem, by: Person) -> None:
    """The notice is up."""
    tasks.complete(NOTICE, record, by)


def locked(minutes: Minutes, by: Person) -> None:
    """The minutes are locked."""
    tasks.complete(LOCK, minutes, by)


def to_dispatch(minutes: Minutes, by: Person) -> None:
    """There are extracts to send: a task until all are sent."""
    what = f"Expediera besluten {_whose(minutes)}"
    tasks.open_task(DISPATCH, minutes, owner=_secretary(minutes), what=what, by=by)


def dispatched(minutes: Minutes, by: Person | None) -> None:
    """Everything is sent."""
    tasks.complete(DISPATCH, minutes, by)
