"""Rounds: each time a control is made, for an occasion. Opened as a task, finished with a result, or moved."""

from __future__ import annotations

from datetime import date

from django.db import transaction
from django.db.models import Max, QuerySet
from django.utils import timezone

from roder import access, tasks
from roder.access import Action, NotAllowedError, Resource
from roder.control.models import Control, ControlPlan, ControlRound, SampleItem
from roder.control.rules import plans as rules
from roder.control.services.plan_parts import PlanFault, adopted, created, locked, needed, saved
from roder.control.services.tallies import Tally, tally_of
from roder.organisation.models import Person
from roder.steering.models import Occasion

TASK = "control.round"
State = ControlRound.State


# --- opened ----------------------------------------------------------------------------------------------------------


def occasions_of(plan: ControlPlan) -> list[Occasion]:
    """The year's occasions at which something of the plan may be told: interim and annual, and those that a control's
    months point at. In order of cut-off. Two queries."""
    rows = list(
        Occasion.objects.filter(committee=plan.committee_id, year=plan.year)
        .exclude(kind__in=[Occasion.Kind.PLAN, *Occasion.QUALITY_KINDS])
        .order_by("cut_off", "pk")
    )
    months = {
        month
        for (found,) in Control.objects.filter(point__plan=plan).exclude(months=[]).values_list("months")
        for month in found
    }
    cut_offs = [one.cut_off for one in rows]
    return [one for one in rows if rules.told_at(rules.TOLD_AT, months, one.kind, one.cut_off, cut_offs)]


def told_then(control: Control, occasion: Occasion, occasions: list[Occasion]) -> bool:
    """Whether the control is told at the occasion."""
    cut_offs = [one.cut_off for one in occasions]
    return rules.told_at(control.occasions, control.months, occasion.kind, occasion.cut_off, cut_offs)


def to_open(plan: ControlPlan, occasion: Occasion) -> list[Control]:
    """The controls whose round for the occasion is not opened yet: those told then, and those that were moved to no
    later than then and have not been taken up since."""
    occasions = occasions_of(plan)
    rows = (
        Control.objects.filter(point__plan=plan, state=Control.State.PLANNED)
        .select_related("point", "unit", "committee")
        .order_by("point__position", "point_id", "number")
    )
    opened: dict[int, list[ControlRound]] = {}
    for one in ControlRound.objects.filter(control__point__plan=plan).order_by("number"):
        opened.setdefault(one.control_id, []).append(one)
    found = []
    for control in rows:
        own = opened.get(control.pk, [])
        if any(one.occasion_id == occasion.pk for one in own):
            continue
        last = own[-1] if own else None
        moved = last is not None and last.state == State.MOVED and last.moved_to is not None
        if moved and last is not None and last.moved_to is not None and last.moved_to > occasion.cut_off:
            continue
        if moved or told_then(control, occasion, occasions):
            found.append(control)
    return found


def told_nowhere(plan: ControlPlan, occasions: list[Occasion] | None = None) -> list[Control]:
    """The controls that are told at no occasion the steering model has for the year, and have no open round. They are
    opened without an occasion."""
    if occasions is None:
        occasions = occasions_of(plan)
    rows = (
        Control.objects.filter(point__plan=plan, state=Control.State.PLANNED)
        .exclude(rounds__state=State.OPEN)
        .select_related("point", "unit", "committee")
        .order_by("point__position", "point_id", "number")
    )
    return [one for one in rows if not any(told_then(one, occasion, occasions) for occasion in occasions)]


@transaction.atomic
def open_rounds(
    plan: ControlPlan, occasion: Occasion | None, by: Person, *, due_on: date | None = None
) -> list[ControlRound]:
    """Open a round for each control told at the occasion, with a task for the role that makes it. Those that are open
    already are left alone. Gives the new ones.

    ``due_on`` is the last day, else the occasion's cut-off. Without an occasion those are opened that are told at none
    of the year's, by ``due_on``. Raises NotAllowedError; PlanFault for a plan that is not adopted, an occasion of
    another committee or year, or no day at all.
    """
    access.require(by, Action.EDIT, plan)
    plan = locked(plan)
    if not adopted(plan):
        raise PlanFault("Planen är ett utkast. Anta den innan kontrollerna börjar.")
    if occasion is not None:
        of_plan(plan, occasion)
    end = due_on or (occasion.cut_off if occasion is not None else None)
    if end is None:
        raise PlanFault({"due_on": "Skriv vilken dag kontrollerna ska vara klara."})
    if end.year < plan.year:
        raise PlanFault({"due_on": f"Välj en dag under {plan.year} eller senare."})
    controls = to_open(plan, occasion) if occasion is not None else told_nowhere(plan)
    cut_off = occasion.cut_off if occasion is not None else min(end, date(plan.year, 12, 31))
    start, period_to = rules.period_of(plan.year, cut_off, [one.cut_off for one in occasions_of(plan)])
    numbers = dict(
        ControlRound.objects.filter(control__in=controls)
        .values_list("control")
        .annotate(last=Max("number"))
        .order_by()
    )
    made = []
    for control in controls:
        one: ControlRound = created(
            ControlRound(
                committee=plan.committee, control=control, occasion=occasion, number=numbers.get(control.pk, 0) + 1,
                period_from=start, period_to=period_to, due_on=end,
            )
        )  # fmt: skip
        tasks.open_task(
            TASK, one, owner=owner_of(control), due=one.due_on, by=by, what=_task_words(control, occasion)
        )
        made.append(one)
    access.record(
        by, "control.rounds_opened", plan, occasion=occasion.code if occasion else "", rounds=len(made)
    )
    return made


def of_plan(plan: ControlPlan, occasion: Occasion) -> None:
    """Raise PlanFault unless the occasion is one of the plan's committee and year."""
    if occasion.committee_id != plan.committee_id or occasion.year != plan.year:
        raise PlanFault(f"Tillfället {occasion} hör inte till planens nämnd och år. Välj ett av planens.")


def owner_of(control: Control) -> tasks.Owner:
    """Whose the control's tasks are."""
    return tasks.Owner(control.owner_role, unit=control.unit, committee=control.committee)


def _task_words(control: Control, occasion: Occasion | None) -> str:
    told = f" till {occasion.name}" if occasion is not None else ""
    words = f"Gör kontrollen {control.point.number}{told}: {control.what}"
    return words if len(words) <= 300 else f"{words[:299]}…"


# --- made ------------------------------------------------------------------------------------------------------------


def may_perform(made: ControlRound, by: Person) -> bool:
    """Whether somebody may make the control: by their mandate where it is made, or because the task is their role's."""
    if access.may(by, Action.COMMENT, made):
        return True
    control = made.control
    return (
        control.unit_id is None
        and control.owner_role in access.roles(by, made.committee)
        and access.may(by, Action.COMMENT, Resource.CONTROLS, made.committee)
    )


def _require(made: ControlRound, by: Person) -> None:
    if not may_perform(made, by):
        raise NotAllowedError("Dina mandat ger inte rätt att göra den här kontrollen.")


def counted(made: ControlRound) -> Tally | None:
    """What is counted from the items of the round's samples; None when no sample is drawn. One query."""
    found = tally_of(SampleItem.objects.filter(sample__frame__round=made))
    return found if found.drawn else None


@transaction.atomic
def finish_round(
    made: ControlRound,
    by: Person,
    *,
    result: str,
    action: str = "",
    checked: int | None = None,
    deviating: int | None = None,
    expected_revision: int | None = None,
) -> ControlRound:
    """Write what the control showed, and close its task. Figures are counted from the samples when items are checked,
    else they are those given. A finished round is corrected by giving ``expected_revision``; history keeps both.

    Raises NotAllowedError; PlanFault at the field: no result, more deviating than checked, items not checked yet, a
    round that is moved; StaleRecordError.
    """
    _require(made, by)
    if made.state not in (State.OPEN, State.DONE):
        raise PlanFault(f"Genomförandet är {made.get_state_display()} och kan inte avslutas.")
    if made.state == State.DONE and expected_revision is None:
        raise PlanFault("Kontrollen är redan genomförd. Öppna sidan igen om du vill rätta resultatet.")
    errors: dict[str, str] = {}
    if not result.strip():
        errors["result"] = "Skriv vad kontrollen visade."
    drawn = counted(made)
    if drawn is not None and (drawn.checked or checked is None):
        if left := drawn.left:
            errors["__all__"] = f"{left} av {drawn.drawn} i stickprovet är inte granskade. Granska dem först."
        checked, deviating = drawn.checked, drawn.deviating
    elif fault := rules.figures_fault(checked, deviating):
        errors[fault[0]] = fault[1]
    if errors:
        raise PlanFault(errors)
    first = made.state == State.OPEN
    saved(
        made, expected_revision, state=State.DONE, result=result.strip(), action=action.strip(), checked=checked,
        deviating=deviating, done_at=made.done_at or timezone.now(), done_by=made.done_by or by,
    )  # fmt: skip
    tasks.complete(TASK, made, by)
    deed = "control.round_finished" if first else "control.round_corrected"
    access.record(by, deed, made, checked=checked, deviating=deviating)
    return made


# --- not made --------------------------------------------------------------------------------------------------------


@transaction.atomic
def move_round(
    made: ControlRound, by: Person, to: date, reason: str, *, today: date | None = None
) -> ControlRound:
    """Move a round to a later day with the reason: it is not made now, and is opened again at the occasion then.

    Raises NotAllowedError; PlanFault at the field: a day that has been, no reason, a round that is not open.
    """
    access.require(by, Action.EDIT, made)
    if made.state != State.OPEN:
        raise PlanFault(f"Genomförandet är {made.get_state_display()} och kan inte flyttas.")
    errors: dict[str, str] = {}
    if fault := rules.later_day(to, made.due_on, today or timezone.localdate()):
        errors["to"] = fault
    if not reason.strip():
        errors["reason"] = "Skriv varför kontrollen flyttas."
    if errors:
        raise PlanFault(errors)
    saved(made, None, state=State.MOVED, moved_to=to, moved_reason=" ".join(reason.split()))
    tasks.cancel(TASK, made, f"Flyttad till {to.isoformat()}.", by=by)
    access.record(by, "control.round_moved", made, to=to.isoformat())
    return made


def stop_rounds(rows: QuerySet[ControlRound], by: Person, state: str, reason: str) -> int:
    """Close the open rounds among ``rows`` with a reason, and strike their tasks. Gives how many. The caller has asked
    for the right. Raises PlanFault without a reason."""
    why = needed(reason)
    count = 0
    for one in rows.filter(state=State.OPEN).select_for_update(of=("self",)).order_by("pk"):
        saved(one, None, state=state, moved_reason=why)
        tasks.cancel(TASK, one, why[:300], by=by)
        count += 1
    return count
