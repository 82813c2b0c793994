"""The sheets and lines of a round: inserted in bulk, filled in with outcomes, proposals and what was said last."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils import timezone

from roder import tasks
from roder.core.copying import copy_rows
from roder.followup.facts import proposed_of
from roder.followup.models import Line, Round, Sheet
from roder.followup.parts import Declared, FactsOf, Scope, Subject
from roder.followup.rules.expect import Key
from roder.followup.services.sheet_states import tasks_about
from roder.organisation.models import Unit
from roder.steering.rules import StatusStep
from roder.tasks.models import LIVE, State

AT_A_TIME = 1000


@dataclass(frozen=True)
class Wanted:
    """What a unit is expected to report of a part: its subjects with their place in the order."""

    part: Declared
    unit: Unit
    subjects: Sequence[tuple[int, Subject]]
    facts: FactsOf


@dataclass(frozen=True)
class Filled:
    """How many sheets and lines are new, were not added to approved sheets, and were taken away."""

    sheets: int
    lines: int
    left: int
    removed: int


def fill(made: Round, scope: Scope, wanted: Mapping[tuple[int, str], Wanted]) -> Filled:
    """Add the sheets and lines that are expected and not there; take away untouched ones that nobody expects.

    A sheet that is marked ready goes back to its owner when something is added; an approved one is left as it is.
    """
    there = {(one.unit_id, one.part): one for one in made.sheets.all()}
    states = _states(made)
    removed = _prune(made, there, wanted, states)
    fresh = Sheet.objects.bulk_create(
        [
            Sheet(round=made, committee=made.committee, unit=one.unit, above_id=scope.tree.parents.get(unit), part=part)
            for (unit, part), one in wanted.items()
            if (unit, part) not in there
        ],
        batch_size=AT_A_TIME,
    )  # fmt: skip
    there |= {(one.unit_id, one.part): one for one in fresh}
    known: set[tuple[int, str, int]] = set(
        Line.objects.filter(sheet__round=made).values_list("sheet_id", "subject_kind", "subject_id")
    )
    said = _said(scope, {subject.key for one in wanted.values() for _, subject in one.subjects})
    scales: dict[tuple[str, str], list[StatusStep]] = {}
    lines: list[tuple[Any, ...]] = []
    now = timezone.now().isoformat()
    touched: set[int] = set()
    left = 0
    for place, one in wanted.items():
        sheet = there[place]
        mark = (one.part.code, one.unit.kind)
        if mark not in scales:
            scales[mark] = one.part.scale(scope.model, scope.occasion.kind, one.unit.kind)
        for position, subject in one.subjects:
            if (sheet.pk, *subject.key) in known:
                continue
            if states.get(sheet.pk) == State.DONE:
                left += 1
                continue
            touched.add(sheet.pk)
            lines.append(_line(sheet, position, subject, one, scales[mark], said, now))
    copy_rows(Line, _COLUMNS, lines)
    _give_back(touched, states)
    return Filled(len(fresh), len(lines), left, removed)


#: The columns of a line that are filled in, and those that are empty at first.
_FILLED = (
    "sheet_id", "subject_kind", "subject_id", "heading", "title", "position", "facts", "proposed_status",
    "proposal_reason", "last_comment", "last_said", "created_at", "changed_at",
)  # fmt: skip
_EMPTY: dict[str, Any] = {
    "revision": 1, "status": "", "override_reason": "", "comment": "", "outlook": "", "measures_taken": "",
    "skipped": False,
}  # fmt: skip
_COLUMNS = (*_FILLED, *_EMPTY)


def _line(
    sheet: Sheet,
    position: int,
    subject: Subject,
    one: Wanted,
    scale: list[StatusStep],
    said: Mapping[tuple[int, Key], tuple[str, str]],
    now: str,
) -> tuple[Any, ...]:
    """A line as it is copied into the table: thousands of them as records would take most of the time."""
    facts = one.facts(subject.key, one.unit.pk)
    proposed = proposed_of(facts, scale)
    comment, when = said.get((one.unit.pk, subject.key), ("", ""))
    return (
        sheet.pk, *subject.key, subject.heading, subject.title, position, json.dumps(facts, ensure_ascii=False),
        proposed.code, proposed.reason, comment, when, now, now, *_EMPTY.values(),
    )  # fmt: skip


def _states(made: Round) -> dict[int, str]:
    """Sheet -> the state of its task."""
    rows = tasks_about(made.sheets.all())
    return dict(rows.order_by("pk").values_list("subject_id", "state"))


def _said(scope: Scope, keys: set[Key]) -> dict[tuple[int, Key], tuple[str, str]]:
    """What each unit wrote last of each subject, at an occasion before this, and when. One query."""
    rows = (
        Line.objects.filter(
            sheet__unit__in=list(scope.units), sheet__round__occasion__cut_off__lt=scope.occasion.cut_off,
            subject_kind__in={kind for kind, _ in keys},
        )
        .exclude(comment="")
        .order_by("sheet__unit_id", "subject_kind", "subject_id", "-sheet__round__occasion__cut_off")
        .distinct("sheet__unit_id", "subject_kind", "subject_id")
    )  # fmt: skip
    columns = ("sheet__unit_id", "subject_kind", "subject_id", "comment", "sheet__round__occasion__name")
    return {
        (unit, (kind, pk)): (comment, when)
        for unit, kind, pk, comment, when in rows.values_list(*columns)
        if (kind, pk) in keys
    }


def _give_back(touched: set[int], states: Mapping[int, str]) -> None:
    """Sheets that were ready have got something more to answer."""
    ready = [pk for pk in touched if states.get(pk) == State.READY]
    for task in tasks_about(ready).filter(state=State.READY):
        tasks.give_back(task, "Det har kommit till något att svara på. Fyll i det och klarmarkera igen.")


def _prune(
    made: Round,
    there: dict[tuple[int, str], Sheet],
    wanted: Mapping[tuple[int, str], Wanted],
    states: Mapping[int, str],
) -> int:
    """Take away lines, and sheets without lines, that nobody expects and nobody has written in. Gives how many."""
    keep = {place: {subject.key for _, subject in one.subjects} for place, one in wanted.items()}
    place_of = {one.pk: place for place, one in there.items()}
    rows = Line.objects.filter(sheet__round=made, revision=1, sheet__summary="")
    gone = [
        pk
        for pk, sheet, kind, subject in rows.values_list("pk", "sheet_id", "subject_kind", "subject_id")
        if states.get(sheet) in (None, State.OPEN) and (kind, subject) not in keep.get(place_of[sheet], set())
    ]
    if gone:
        Line.objects.filter(pk__in=gone).delete()
    unexpected = {one.pk: one for place, one in there.items() if place not in keep}
    if unexpected:
        written = set(Line.objects.filter(sheet__in=list(unexpected)).values_list("sheet_id", flat=True))
        bare = {
            pk: one
            for pk, one in unexpected.items()
            if pk not in written and not one.summary and states.get(pk) in (None, State.OPEN, State.CANCELLED)
        }
        for task in tasks_about(bare).filter(state__in=LIVE):
            tasks.cancel(task.kind, bare[task.subject_id], "Ingenting väntas längre av enheten.")
        Sheet.objects.filter(pk__in=list(bare)).delete()
        for one in bare.values():
            del there[one.unit_id, one.part]
    return len(gone)
