"""Telling people: a notice in the program in the deed's own transaction, and a letter by the job queue after it.

A letter says what and where, with a link, and never the text of a case or a reference to a person: it may be read on
any screen, and lies in systems that Roder knows nothing of.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from roder.core import jobs
from roder.core.models import Record
from roder.organisation.models import Body, Person, Role
from roder.tasks import kinds, texts
from roder.tasks.models import Notice, Task
from roder.tasks.owners import Owner, committee_of, people_of
from roder.tasks.rules import Due

Recipients = Owner | Person | Iterable[Owner | Person]


def notify(
    recipients: Recipients,
    subject_line: str,
    body: str = "",
    about: Record | None = None,
    *,
    key: str = "",
    task: Task | None = None,
) -> list[Notice]:
    """Tell people: in the program at once, and by letter after the transaction. Gives the new notices.

    ``subject_line`` and ``body`` go into the letter: they must not hold the text of a case, a reference or a name.
    ``key``: nobody is told twice with the same key. Owners are those who hold the mandate today, and their deputies.
    """
    messages = [Message(person, subject_line, body, task) for person in _people(recipients, about)]
    return notify_each(messages, about, key=key)


def untell(start: str) -> None:
    """Take back what was told with keys that begin with ``start``: it is not so any more."""
    Notice.objects.filter(key__startswith=start).delete()


@dataclass(frozen=True)
class Message:
    """What one person is told."""

    person: Person
    title: str
    body: str = ""
    task: Task | None = None


def notify_each(messages: Iterable[Message], about: Record | None = None, *, key: str = "") -> list[Notice]:
    """Tell each person something of their own, as ``notify`` does; the first of several to the same person.

    The number of statements does not grow with the people (but a letter is a job for each). Gives the new notices."""
    told: dict[int, Message] = {}
    for one in messages:
        if one.person.is_active:
            told.setdefault(one.person.pk, one)
    where = {} if about is None else {"subject_kind": about._meta.label_lower, "subject_id": about.pk}
    with transaction.atomic():
        if key:
            known = Notice.objects.filter(recipient__in=told, key=key).values_list("recipient_id", flat=True)
            for pk in list(known):
                del told[pk]
        rows = [
            Notice(
                recipient=one.person,
                title=one.title[:200],
                body=one.body[:1000],
                key=key,
                task=one.task,
                **where,
            )
            for one in told.values()
        ]
        Notice.objects.bulk_create(rows, ignore_conflicts=bool(key))
        if rows and settings.SENDS_MAIL:
            fresh = [row.pk for row in rows if row.pk]
            if not fresh:  # with ignore_conflicts the numbers do not come back
                fresh = list(
                    Notice.objects.filter(recipient__in=told, key=key, mailed_at=None).values_list(
                        "pk", flat=True
                    )
                )
            _mail_later(fresh)
    return rows


def _mail_later(numbers: list[int]) -> None:
    from roder.tasks.jobs import mail_notice  # noqa: PLC0415 - the job asks this module what to write

    for number in numbers:
        jobs.defer(mail_notice, notice_id=number)


def _people(recipients: Recipients, about: Record | None) -> list[Person]:
    if isinstance(recipients, Person):
        return [recipients] if recipients.is_active else []
    if isinstance(recipients, Owner):
        committee = committee_of(about) if about is not None else None
        return list(people_of(recipients, committee=committee))
    return [person for one in recipients for person in _people(one, about)]


def tell_opened(task: Task) -> list[Notice]:
    """Tell the owner that a task has been opened (or handed over) to them."""
    due = Due(task.due_at, task.whole_day) if task.due_at else None
    body = texts.opened(due, timezone.now(), by_hand=kinds.known(task.kind).by_hand)
    return tell(task, f"Ny uppgift: {task.what}", body, key=f"task:{task.pk}:opened:{task.revision}")


def tell(task: Task, title: str, body: str, *, key: str, to_role: str = "") -> list[Notice]:
    """Tell a task's owner about it, or another role for the same unit. When nobody has the role, the next in the line
    above is told instead, so that nothing falls between chairs."""
    role, unit, committee = to_role or task.role, task.unit, task.committee
    owner = Owner(role, unit=unit, committee=committee, person=None if to_role else task.person)
    people = list(people_of(owner))
    if not people:
        people = _next_in_line(role, task, committee)
        if people and role:
            body = f"{body} Ingen har uppdraget {Role(role).label} just nu.".strip()
    return notify(people, title, body, task.subject, key=key, task=task)


def _next_in_line(role: str, task: Task, committee: Body) -> list[Person]:
    start = kinds.LEADERS.index(role) + 1 if role in kinds.LEADERS else 0
    for above in kinds.LEADERS[start:]:
        people = list(people_of(Owner(above, unit=task.unit, committee=committee)))
        if people:
            return people
    return []


def unread(user: Any) -> int:
    """How many notices the person has not read."""
    return Notice.objects.filter(recipient=user, read_at=None).count()
