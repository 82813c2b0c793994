"""Controls of a plan: added and edited while it is a draft; afterwards changed only by deeds that say why."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.db import transaction
from django.db.models import Max

from roder import access, tasks
from roder.access import Action
from roder.control.models import Control, ControlPoint, ControlRound
from roder.control.rules import plans as rules
from roder.control.services import rounds
from roder.control.services.plan_parts import PlanFault, adopted, created, locked, needed, saved, trimmed
from roder.core.models import Link
from roder.organisation.models import Person
from roder.quality.models import SelfCheck

#: What says how a control is made; ``state`` and its reason are changed by deeds only.
FIELDS = (
    "what", "method", "method_text", "scope", "scope_number", "scope_share", "scope_text", "frame_text", "frequency",
    "times_a_year", "responsible", "owner_role", "unit", "occasions", "months", "reported_text", "question_set",
)  # fmt: skip
#: What may still be changed, with a reason, when the plan is adopted: when it is told, who makes it, and with what.
AFTER = (
    "occasions",
    "months",
    "reported_text",
    "responsible",
    "owner_role",
    "unit",
    "frame_text",
    "question_set",
)


def _checked(committee_id: int, fields: Mapping[str, Any]) -> dict[str, Any]:
    """The fields as they are kept. Raises PlanFault at each field that is wrong, all at once."""
    unknown = set(fields) - set(FIELDS)
    if unknown:
        raise TypeError(f"en kontroll har inte {', '.join(sorted(unknown))}")
    found = trimmed(fields)
    errors: dict[str, str] = {}
    if not found.get("what"):
        errors["what"] = "Skriv vad som kontrolleras."
    if not found.get("responsible"):
        errors["responsible"] = "Skriv vem som ansvarar för kontrollen. Ange funktionen, inte ett namn."
    if not found.get("owner_role"):
        errors["owner_role"] = "Välj vilken roll som får uppgiften."
    scope = found.get("scope") or Control.Scope.ALL
    if scope == Control.Scope.NUMBER and not found.get("scope_number"):
        errors["scope_number"] = "Skriv hur många som granskas varje gång."
    if scope == Control.Scope.SHARE and not found.get("scope_share"):
        errors["scope_share"] = "Skriv hur stor andel som granskas, i procent."
    found["scope_number"] = found.get("scope_number") if scope == Control.Scope.NUMBER else None
    found["scope_share"] = found.get("scope_share") if scope == Control.Scope.SHARE else None
    if wrong := [one for one in found.get("occasions") or () if one not in rules.TOLD_AT]:
        errors["occasions"] = f"Slaget {wrong[0]} finns inte. Välj delårsbokslut eller årsbokslut."
    if [one for one in found.get("months") or () if one not in range(1, 13)]:
        errors["months"] = "Skriv månaderna som tal mellan 1 och 12."
    for name, label in (("unit", "Enheten"), ("question_set", "Checklistan")):
        other = found.get(name)
        if other is not None and other.committee_id != committee_id:
            errors[name] = f"{label} hör till en annan nämnd. Välj en av den här nämndens."
    if errors:
        raise PlanFault(errors)
    found["occasions"] = [one for one in rules.TOLD_AT if one in (found.get("occasions") or ())]
    found["months"] = sorted(set(found.get("months") or ()))
    return found


@transaction.atomic
def add_control(point: ControlPoint, by: Person, *, reason: str = "", **fields: Any) -> Control:
    """Add a control to a point. In an adopted plan only with the reason.

    Raises NotAllowedError; PlanFault at the field: no text, nobody responsible, a number or share that is missing, a
    control that the point has already.
    """
    access.require(by, Action.EDIT, point)
    plan = locked(point.plan)
    if adopted(plan):
        reason = needed(reason, text="Planen är antagen. Skriv varför kontrollen läggs till.")
    values = _checked(point.committee_id, fields)
    last = point.controls.aggregate(last=Max("number"))["last"] or 0
    made: Control = created(
        Control(
            committee=point.committee, point=point, number=last + 1, state_reason=reason.strip(), **values
        ),
        told_at="what",
    )
    access.record(by, "control.added", made, after_adoption=adopted(plan))
    return made


@transaction.atomic
def edit_control(
    control: Control, by: Person, expected_revision: int | None = None, *, reason: str = "", **fields: Any
) -> Control:
    """Change a control. In an adopted plan only when it is told, who makes it and with what, and with a reason; its
    open tasks go to the new role. The fields that are not given stay.

    Raises NotAllowedError; PlanFault at the field; StaleRecordError.
    """
    access.require(by, Action.EDIT, control)
    plan = locked(control.point.plan)
    if control.state != Control.State.PLANNED:
        raise PlanFault(f"Kontrollen är {control.get_state_display()} och kan inte ändras.")
    now = {name: getattr(control, name) for name in FIELDS}
    values = _checked(control.committee_id, {**now, **fields})
    changed = {name: value for name, value in values.items() if value != now[name]}
    if adopted(plan) and changed:
        if fixed := sorted(set(changed) - set(AFTER)):
            told = "Planen är antagen. Det här går inte att ändra: låt kontrollen utgå och lägg till en ny."
            raise PlanFault(dict.fromkeys(fixed, told))
        changed["state_reason"] = needed(reason, text="Planen är antagen. Skriv varför kontrollen ändras.")
    saved(control, expected_revision, **changed)
    if {"owner_role", "unit"} & set(changed):
        for one in control.rounds.filter(state=ControlRound.State.OPEN):
            tasks.hand_over(rounds.TASK, one, rounds.owner_of(control), by=by)
    access.record(by, "control.changed", control, fields=sorted(changed), after_adoption=adopted(plan))
    return control


def move_control(
    control: Control, by: Person, *, occasions: Sequence[str], months: Sequence[int] = (), reason: str
) -> Control:
    """Change when a control is told, with the reason. Raises NotAllowedError; PlanFault at the field."""
    if not occasions and not months:
        raise PlanFault({"occasions": "Välj när kontrollen redovisas i stället."})
    why = needed(reason, text="Skriv varför kontrollen flyttas.")
    return edit_control(
        control, by, reason=why, occasions=list(occasions), months=list(months), reported_text=""
    )


@transaction.atomic
def remove_control(control: Control, by: Person) -> None:
    """Take a control out of a draft. Raises NotAllowedError; PlanFault when the plan is adopted or it has rounds."""
    access.require(by, Action.EDIT, control)
    if adopted(locked(control.point.plan)):
        raise PlanFault("Planen är antagen. Låt kontrollen utgå med ett skäl i stället.")
    if control.rounds.exists():
        raise PlanFault("Kontrollen har genomföranden och kan inte tas bort. Låt den utgå i stället.")
    access.record(by, "control.removed", control, point=control.point_id)
    control.delete()


def _out(control: Control, by: Person, state: str, reason: str, rounds_to: str) -> None:
    access.require(by, Action.EDIT, control)
    locked(control.point.plan)
    control.refresh_from_db()
    if control.state != Control.State.PLANNED:
        raise PlanFault(f"Kontrollen är redan {control.get_state_display()}.")
    saved(control, None, state=state, state_reason=reason)
    rounds.stop_rounds(control.rounds.all(), by, rounds_to, reason)


@transaction.atomic
def hand_over(control: Control, by: Person, reason: str, self_check: SelfCheck | None = None) -> Control:
    """Hand a control over to self-check, with the reason: its open rounds are closed and it is not opened again.
    ``self_check`` is the one that does it now; a link is kept.

    Raises NotAllowedError; PlanFault without a reason, for a control that is out already, or a self-check of another
    committee.
    """
    why = needed(reason, text="Skriv varför kontrollen lämnas över till egenkontroll.")
    if self_check is not None and self_check.plan.committee_id != control.committee_id:
        raise PlanFault({"self_check": "Egenkontrollen hör till en annan nämnd. Välj en av nämndens egna."})
    _out(control, by, Control.State.HANDED_OVER, why, ControlRound.State.HANDED_OVER)
    if self_check is not None:
        Link.objects.get_or_create(
            source_kind=control.record_kind(), source_id=control.pk, kind=Link.Kind.LED_TO,
            target_kind=self_check.record_kind(), target_id=self_check.pk,
        )  # fmt: skip
    access.record(
        by, "control.handed_over", control, self_check=self_check.pk if self_check is not None else None
    )
    return control


@transaction.atomic
def withdraw(control: Control, by: Person, reason: str) -> Control:
    """Let a control go out of the plan, with the reason: what is done stays, its open rounds are cancelled.

    Raises NotAllowedError; PlanFault without a reason or for a control that is out already."""
    why = needed(reason, text="Skriv varför kontrollen utgår.")
    _out(control, by, Control.State.WITHDRAWN, why, ControlRound.State.CANCELLED)
    access.record(by, "control.withdrawn", control)
    return control
