"""What every deed on a deviation has in common: the case locked and read, who may, the steps and tasks kept right."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.utils import timezone

from roder import access, tasks
from roder.access import Action, NotAllowedError
from roder.organisation.models import Person
from roder.quality.models import CaseEvent, Deviation, Step
from roder.quality.rules import deviations as rules
from roder.quality.services.practice import Practice, practice_of


@dataclass
class Held:
    """A case that somebody has taken hold of: locked to the end of the transaction."""

    deviation: Deviation
    by: Person
    roles: frozenset[str]
    steps: dict[str, Step]
    case: rules.Case
    practice: Practice
    now: datetime


def roles_at(by: Person, deviation: Deviation) -> frozenset[str]:
    """The roles that somebody has for the deviation's unit: of the whole committee, the unit, or a unit above it."""
    held = [one for one in access.grants(by) if one.committee_id == deviation.committee_id]
    return frozenset(one.role for one in held if one.covers(deviation.unit_id))


def case_of(
    deviation: Deviation, steps: Collection[Step] | None = None, actions: Collection[Any] | None = None
) -> rules.Case:
    """A deviation as the rules see it. Steps and actions are read when they are not given."""
    steps = deviation.steps.all() if steps is None else steps
    actions = tasks.actions_of(deviation) if actions is None else actions
    return rules.Case(
        law=deviation.law,
        clinical=deviation.law == "hsl",
        serious=deviation.serious,
        done=frozenset(one.code for one in steps if one.done_at is not None),
        actions=tuple(
            rules.ActionState(
                one.group, one.created_at, one.effect, one.effect_at, dropped=one.dropped_at is not None
            )
            for one in actions
        ),
        closed=deviation.state == "closed",
        merged=deviation.state == "merged",
    )


def locked(deviation: Deviation | int) -> Deviation:
    """The deviation as it is now, locked: nobody else changes it before this transaction is over."""
    pk = deviation if isinstance(deviation, int) else deviation.pk
    rows = Deviation.objects.select_for_update(of=("self",))
    return rows.select_related("committee", "unit", "reporter").get(pk=pk)


def hold(deviation: Deviation, by: Person, now: datetime | None = None) -> Held:
    """Take hold of a case for a deed. Raises NotAllowedError for somebody whose mandates do not cover it."""
    found = locked(deviation)
    if not access.visible(by, Deviation.objects.filter(pk=found.pk), Action.COMMENT, own=False).exists():
        raise NotAllowedError("Dina mandat ger inte rätt att handlägga den här avvikelsen.")
    steps = _begun(found, {one.code: one for one in found.steps.all()})
    return Held(
        found, by, roles_at(by, found), steps, case_of(found, steps.values()),
        practice_of(found.committee, found.reported_at), now or timezone.now(),
    )  # fmt: skip


def _begun(deviation: Deviation, held: dict[str, Step]) -> dict[str, Step]:
    """The steps of a case, made for one that has come from another system with its state only."""
    begun = planned(deviation, held)
    for step in begun.values():
        if step.pk is None:
            step.save(force_insert=True)
    return begun


def planned(deviation: Deviation, held: dict[str, Step], practice: Practice | None = None) -> dict[str, Step]:
    """The steps of a case; one that has come from another system with its state only has those that follow from the
    state, which are not saved until somebody does something. ``practice`` is read when it is not given."""
    case = case_of(deviation, held.values(), ())
    missing = [rule.code.value for rule in rules.steps(case) if rule.code not in held]
    if not case.open or not missing:
        return held
    done = rules.implied(case, deviation.state, classified=deviation.classified_at is not None)
    practice = practice or practice_of(deviation.committee, deviation.reported_at)
    when = deviation.classified_at or deviation.reported_at
    return held | _steps(deviation, missing, practice, dict.fromkeys(done, when))


def _made(
    deviation: Deviation, codes: Collection[str], practice: Practice, done: Mapping[str, datetime]
) -> dict[str, Step]:
    """Steps made for a case, with when they are due. ``done``: when those that are done already were."""
    made = _steps(deviation, codes, practice, done)
    for step in made.values():
        step.save(force_insert=True)
    return made


def _steps(
    deviation: Deviation, codes: Collection[str], practice: Practice, done: Mapping[str, datetime]
) -> dict[str, Step]:
    """As ``_made``, and not saved."""
    clock = rules.Clock(deviation.discovered_at, deviation.reported_at, practice.deadlines)
    made = {}
    for code in codes:
        due = rules.due(code, clock)
        made[code] = Step(
            deviation=deviation, code=code, due_at=due.at if due else None, done_at=done.get(code)
        )
    return made


def hold_for(code: str, deviation: Deviation, by: Person, now: datetime | None = None) -> Held:
    """Take hold of a case for a step. Raises NotAllowedError for those whose step it is not, ValidationError with the
    reason when it cannot be done now (the case is closed, something must come first)."""
    held = hold(deviation, by, now)
    if not held.roles & set(rules.doers(code, held.case)):
        raise NotAllowedError(rules.refusal(code, replaced_open(held.case), held.roles))
    if reason := rules.refusal(code, held.case, held.roles):
        raise ValidationError(reason, code="refused")
    return held


def replaced_open(case: rules.Case) -> rules.Case:
    """The case as if it were open, for saying whose step it is."""
    from dataclasses import replace  # noqa: PLC0415

    return replace(case, closed=False, merged=False)


def require_role(held: Held, wanted: Collection[str], deed: str) -> None:
    """Raise NotAllowedError unless one of the roles is held for the case's unit."""
    if not held.roles & set(wanted):
        raise NotAllowedError(f"Dina mandat ger inte rätt att {deed}.")


def require_open(held: Held) -> None:
    """Raise ValidationError when the case is closed or merged."""
    if held.case.merged:
        raise ValidationError("Avvikelsen är sammanförd med en annan. Arbeta vidare i den.", code="refused")
    if held.case.closed:
        raise ValidationError("Avvikelsen är avslutad. Öppna den igen för att ändra något.", code="refused")


def finish(held: Held, code: str, *, note: str = "", revision: int | None = None, **detail: Any) -> Step:
    """Write a step and mark it done. The first time counts as when it was done; a later change is kept in the history.

    Raises StaleRecordError when somebody else has written the step since ``revision`` was read.
    """
    step = held.steps[code]
    done = {} if step.done_at else {"done_at": held.now, "done_by": held.by}
    step.save_over(step.revision if revision is None else revision, note=note, detail=detail, **done)
    held.case = rules.with_done(held.case, code)
    return step


def undo_steps(held: Held, codes: Collection[str]) -> None:
    """Mark steps as not done: they must be done again."""
    for code in codes:
        step = held.steps.get(code)
        if step is not None and step.done_at is not None:
            step.save_over(step.revision, done_at=None, done_by=None)
    held.case = case_of(held.deviation, held.steps.values())


def write(held: Held, **values: Any) -> None:
    """Change the deviation without counting up its revision: that is about the classification and the unit, which two
    may change at once. The row is locked, and the history keeps every state."""
    changed = {name: value for name, value in values.items() if getattr(held.deviation, name) != value}
    if not changed:
        return
    for name, value in changed.items():
        setattr(held.deviation, name, value)
    skipped = [one.name for one in Deviation._meta.fields if one.name not in changed]
    held.deviation.full_clean(exclude=skipped)
    Deviation.objects.filter(pk=held.deviation.pk).update(changed_at=held.now, **changed)


def note_event(held: Held, kind: str, note: str = "", **detail: Any) -> CaseEvent:
    """Keep what was done with the case itself, with the reason."""
    return CaseEvent.objects.create(
        deviation=held.deviation, kind=kind, at=held.now, by=held.by, note=note, detail=detail
    )


# --- steps and tasks --------------------------------------------------------------------------------------------------


def task_kind(code: str) -> str:
    """The kind of task of a step."""
    return f"quality.{code}"


def owner_of(code: str, deviation: Deviation, case: rules.Case) -> Any:
    """Whose a step is: the first of the roles that may do it, where it happened."""
    role = rules.doers(code, case)[0]
    return tasks.Owner(role, unit=deviation.unit)


def settle(
    deviation: Deviation, case: rules.Case, practice: Practice, by: Person | None, now: datetime
) -> None:
    """Make steps, tasks and state agree with what is done: the same answer however many times it is asked."""
    held = {one.code: one for one in deviation.steps.all()}
    wanted = {rule.code.value: rule for rule in rules.steps(case)}
    for code, step in held.items():
        if code not in wanted:
            step.delete()
            tasks.cancel(task_kind(code), deviation, "Steget behövs inte längre.", by=by)
        elif step.done_at is not None and by is not None:
            tasks.complete(task_kind(code), deviation, by)
    held |= _made(deviation, [code for code in wanted if code not in held], practice, {})
    for rule in rules.ready(case):
        if not rule.optional:
            open_task(deviation, case, held[rule.code], by)
    state = rules.state(case)
    if state != deviation.state and case.open:
        deviation.state = state
        Deviation.objects.filter(pk=deviation.pk).update(state=state, changed_at=now)


def open_task(deviation: Deviation, case: rules.Case, step: Step, by: Person | None) -> None:
    """Open the task of a step that can be done now (once, however many times it is asked)."""
    tasks.open_task(
        task_kind(step.code), deviation, owner=owner_of(step.code, deviation, case), due=step.due_at,
        what=task_words(step.code, deviation), by=by,
    )  # fmt: skip


def task_words(code: str, deviation: Deviation) -> str:
    """What the task of a step says."""
    return f"{rules.RULES[code].deed}: avvikelse {deviation.number}"


def cancel_tasks(deviation: Deviation, reason: str, by: Person | None) -> None:
    """No step of the case waits for anybody any more."""
    for rule in rules.FLOW:
        tasks.cancel(task_kind(rule.code), deviation, reason, by=by)


def tell_line(deviation: Deviation, title: str, body: str) -> None:
    """Tell the unit's manager; where nobody is that today, the next in the line above. No text of the case."""
    for role in ("unit_manager", "head_department", "head_administration"):
        if tasks.notify(tasks.Owner(role, unit=deviation.unit), title, body, about=deviation):
            return


def done(held: Held, deed: str, **detail: Any) -> Deviation:
    """End a deed: steps, tasks and state agree, and the trail says what was done."""
    settle(held.deviation, held.case, held.practice, held.by, held.now)
    access.record(held.by, deed, held.deviation, **detail)
    return held.deviation
