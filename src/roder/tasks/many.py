"""Opening many tasks at once: a follow-up round hands out thousands, with a constant number of statements."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db import IntegrityError, transaction
from django.utils import timezone

from roder import access
from roder.core.models import Record
from roder.organisation.models import Person
from roder.tasks import kinds, notices
from roder.tasks.models import LIVE, Task
from roder.tasks.owners import Owner
from roder.tasks.rules import Due
from roder.tasks.services import as_due, new_task, set_due

AT_A_TIME = 1000


@dataclass(frozen=True)
class Opening:
    """A task to open; see ``open_task`` for what each means. ``attest_role`` says who approves this one, where that is
    another than its kind says."""

    kind: str
    subject: Record
    owner: Owner
    due: datetime | date | Due | None = None
    what: str = ""
    key: str = ""
    attest_role: str = ""


def open_many(
    openings: Iterable[Opening], *, by: Person | None = None, at: datetime | None = None, quiet: bool = False
) -> list[Task]:
    """Open tasks about many records. One that is open already with the same kind, subject and key is left as it is.

    Gives the tasks that were opened, in order. Owners are told where the kind says so, and each task is in the trail
    then; kinds with ``tells=False`` are told, and written in the trail, by the room that opens them. ``quiet``: nobody
    is told of any, nor of what is late already, and the room writes them all in the trail: they have come with a file.
    Raises LookupError for a kind that nobody has declared, ValidationError for a personal number in ``what``.
    """
    wanted = list(openings)
    for attempt in (1, 2):
        try:
            with transaction.atomic():
                return _open(wanted, by, at or timezone.now(), quiet)
        except IntegrityError:  # somebody opened one of them at the same moment: ask again which are there
            if attempt == 2:
                raise
    return []  # pragma: no cover - the loop returns or raises


def _open(wanted: Sequence[Opening], by: Person | None, moment: datetime, quiet: bool) -> list[Task]:
    there = _open_already(wanted)
    rows: list[Task] = []
    for one in wanted:
        mark = (one.kind, one.subject._meta.label_lower, one.subject.pk, one.key)
        if mark in there:
            continue
        there.add(mark)
        rows.append(_task(one, by, moment, quiet))
    field = Task._meta.get_field("what")
    for text in {row.what for row in rows}:
        field.clean(text, None)
    made = Task.objects.bulk_create(rows, batch_size=AT_A_TIME)
    for task in made:
        if kinds.known(task.kind).tells and not quiet:
            access.record(by, "task.opened", task, kind=task.kind, about=task.subject_gid)
            notices.tell_opened(task)
    return made


def _open_already(wanted: Sequence[Opening]) -> set[tuple[str, str, int, str]]:
    """What is open of the same, one query for each kind of task and record."""
    groups: dict[tuple[str, str], set[int]] = defaultdict(set)
    for one in wanted:
        groups[one.kind, one.subject._meta.label_lower].add(one.subject.pk)
    found: set[tuple[str, str, int, str]] = set()
    for (kind, label), ids in groups.items():
        rows = Task.objects.filter(kind=kind, subject_kind=label, subject_id__in=ids, state__in=LIVE)
        found.update((kind, label, pk, key) for pk, key in rows.values_list("subject_id", "key"))
    return found


def _task(one: Opening, by: Person | None, moment: datetime, quiet: bool) -> Task:
    task = new_task(
        kinds.find(one.kind), one.subject, one.owner,
        what=one.what, key=one.key, by=by, at=moment, attest_role=one.attest_role,
    )  # fmt: skip
    set_due(task, as_due(one.due), quiet=quiet)
    return task
