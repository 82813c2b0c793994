"""Deviations that have come with a file: the tasks of the steps they stand in, many at once, nobody told of each."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterator
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from roder import tasks
from roder.organisation.models import Person, Unit
from roder.quality.models import Deviation, Step
from roder.quality.rules import deviations as rules
from roder.quality.services.handling import case_of, owner_of, planned, task_kind, task_words
from roder.quality.services.practice import Practice, practice_of
from roder.tasks.models import LIVE

AT_A_TIME = 1000
KINDS = [task_kind(rule.code) for rule in rules.FLOW]


def settle_tasks(rows: QuerySet[Deviation], by: Person | None) -> Counter[Unit]:
    """Make the tasks agree with how far the deviations have come; gives how many cases of each unit got some.

    Open cases get the tasks of the steps that can be done now, with the due moments that the model gives; tasks of
    steps that the file says are done, and of cases that it says are closed, are struck. Nobody is told of each, nor
    reminded of what was late already: time that runs out from now on is told as for all. Done piece by piece, each a
    transaction where one is not in one already; it bears to be done again.
    """
    got: Counter[Unit] = Counter()
    _strike_closed(rows, by)
    practices: dict[tuple[int, int], Practice] = {}
    for several in _open_cases(rows):
        with transaction.atomic():
            openings, ready = _openings(several, practices)
            _strike_done(several, ready, by)
            made = tasks.open_many(openings, by=by, quiet=True)
        about = {task.subject_id for task in made}
        got.update(one.unit for one in several if one.pk in about)
    return got


def _open_cases(rows: QuerySet[Deviation]) -> Iterator[list[Deviation]]:
    waiting = rows.exclude(state__in=rules.SHUT).select_related("committee", "unit__committee").order_by("pk")
    last = 0
    while several := list(waiting.filter(pk__gt=last).defer("search")[:AT_A_TIME]):
        yield several
        last = several[-1].pk


def _openings(
    several: Collection[Deviation], practices: dict[tuple[int, int], Practice]
) -> tuple[list[tasks.Opening], set[tuple[int, str]]]:
    """The tasks to open, and (case, kind) of those that are to be open."""
    ids = [one.pk for one in several]
    steps: dict[int, dict[str, Step]] = defaultdict(dict)
    for step in Step.objects.filter(deviation__in=ids):
        steps[step.deviation_id][step.code] = step
    actions: dict[int, list[Any]] = defaultdict(list)
    for action in tasks.Action.objects.filter(subject_kind=Deviation.record_kind(), subject_id__in=ids):
        actions[action.subject_id].append(action)
    openings, ready = [], set()
    for one in several:
        place = (one.committee_id, timezone.localtime(one.reported_at).year)
        if place not in practices:
            practices[place] = practice_of(one.committee, one.reported_at)
        begun = planned(one, steps[one.pk], practices[place])
        case = case_of(one, begun.values(), actions[one.pk])
        for rule in rules.ready(case):
            if not rule.optional:
                ready.add((one.pk, task_kind(rule.code)))
                openings.append(
                    tasks.Opening(
                        task_kind(rule.code), one, owner_of(rule.code, one, case), begun[rule.code].due_at,
                        task_words(rule.code, one),
                    )
                )  # fmt: skip
    return openings, ready


def _live(several: Collection[int] | QuerySet[Any]) -> QuerySet[tasks.Task]:
    about = {"subject_kind": Deviation.record_kind(), "subject_id__in": several}
    return tasks.Task.objects.filter(kind__in=KINDS, state__in=LIVE, **about)


def _strike_done(several: Collection[Deviation], ready: set[tuple[int, str]], by: Person | None) -> None:
    cases = {one.pk: one for one in several}
    for task in _live(list(cases)):
        if (task.subject_id, task.kind) not in ready:
            tasks.cancel(task.kind, cases[task.subject_id], "Steget är gjort enligt en inläst fil.", by=by)


def _strike_closed(rows: QuerySet[Deviation], by: Person | None) -> None:
    waiting = list(_live(rows.filter(state__in=rules.SHUT).order_by().values("pk")))
    cases = Deviation.objects.in_bulk([task.subject_id for task in waiting])
    for task in waiting:
        tasks.cancel(task.kind, cases[task.subject_id], "Avvikelsen är avslutad enligt en inläst fil.", by=by)
