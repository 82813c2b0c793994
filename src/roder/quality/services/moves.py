"""Deeds on the case itself: hand over, merge, split, the patient conference; its actions; and similar events."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from roder import access, questionnaires, tasks
from roder.access import NotAllowedError
from roder.core.persons import checked_texts
from roder.organisation.models import Person, Unit
from roder.quality.models import Deviation, DeviationMatter
from roder.quality.rules import deviations as rules
from roder.quality.services.action_owners import REFUSED, may_own, usual
from roder.quality.services.handling import (
    Held,
    cancel_tasks,
    case_of,
    done,
    hold,
    note_event,
    require_open,
    require_role,
    roles_at,
    settle,
    tell_line,
    undo_steps,
    write,
)
from roder.quality.services.lex_maria import count_again
from roder.quality.services.numbering import free_number
from roder.quality.services.practice import area_of, practice_of
from roder.quality.services.report import TypeCodes, types_of


@transaction.atomic
def hand_over(
    deviation: Deviation,
    by: Person,
    unit: Unit,
    *,
    reason: str,
    expected_revision: int | None = None,
    now: datetime | None = None,
) -> Deviation:
    """Give the case to another unit of the committee, whose manager is told. Raises StaleRecordError if it was changed
    meanwhile, ValidationError for the same unit, another committee's, or without a reason."""
    held = hold(deviation, by, now)
    require_role(held, rules.CLOSES, "lämna över avvikelsen")
    require_open(held)
    texts = checked_texts({"reason": reason}, required=("reason",))
    if unit.committee_id != held.deviation.committee_id:
        raise ValidationError({"unit": "Enheten hör till en annan nämnd."})
    if unit.pk == held.deviation.unit_id:
        raise ValidationError({"unit": "Avvikelsen finns redan hos den enheten."})
    before = held.deviation.unit
    cancel_tasks(held.deviation, "Avvikelsen är överlämnad.", by)
    revision = held.deviation.revision if expected_revision is None else expected_revision
    held.deviation.save_over(revision, unit=unit, service_area=area_of(unit) or held.deviation.service_area)
    questionnaires.moved(held.deviation, unit)
    note_event(held, "handed_over", texts["reason"], from_unit=before.code, to_unit=unit.code)
    title = f"Avvikelse {held.deviation.number} är överlämnad till {unit}"
    tell_line(held.deviation, title, f"Från {before}.")
    return done(held, "deviation.handed_over", from_unit=before.code, to_unit=unit.code)


@transaction.atomic
def merge(
    deviation: Deviation, into: Deviation, by: Person, *, reason: str, now: datetime | None = None
) -> Deviation:
    """Bring a case together with another about the same event. The other goes on; types of both are kept there.

    Raises ValidationError when one is closed, or when a serious case would slip past its decision. Returns the other.
    """
    if deviation.pk == into.pk:
        raise ValidationError({"into": "Välj en annan avvikelse än den här."})
    first, second = sorted((deviation, into), key=lambda one: one.pk)  # the same order for all: no deadlock
    both = {held.deviation.pk: held for held in (hold(first, by, now), hold(second, by, now))}
    held, target = both[deviation.pk], both[into.pk]
    for one in (held, target):
        require_role(one, rules.CLOSES, "föra samman avvikelserna")
    texts = checked_texts({"reason": reason}, required=("reason",))
    if held.deviation.committee_id != target.deviation.committee_id:
        raise ValidationError({"into": "Avvikelserna hör till olika nämnder."})
    if obstacle := rules.merge_obstacle(held.case, target.case):
        raise ValidationError(obstacle, code="refused")
    cancel_tasks(held.deviation, f"Sammanförd med {target.deviation.number}.", by)
    write(held, state="merged", closed_at=held.now, merged_into=target.deviation)
    known = set(target.deviation.matters.values_list("type", "cause"))
    DeviationMatter.objects.bulk_create(
        DeviationMatter(deviation=target.deviation, type=one.type, cause=one.cause)
        for one in held.deviation.matters.all()
        if (one.type_id, one.cause_id) not in known
    )
    if held.deviation.law == "hsl" and target.deviation.law != "hsl":
        write(target, law="hsl")
        target.case = case_of(target.deviation)
    note_event(held, "merged", texts["reason"], into=target.deviation.number)
    note_event(target, "merged", texts["reason"], took_in=held.deviation.number)
    access.record(by, "deviation.merged", held.deviation, into=target.deviation.number)
    settle(target.deviation, target.case, target.practice, by, target.now)
    count_again(target.deviation, by)
    return target.deviation


@transaction.atomic
def split(
    deviation: Deviation,
    by: Person,
    *,
    what: str,
    types: TypeCodes,
    reason: str,
    now: datetime | None = None,
) -> Deviation:
    """Take out one of several events in a report as a case of its own, with its own clock from now. Returns the new."""
    held = hold(deviation, by, now)
    require_role(held, rules.CLOSES, "dela avvikelsen")
    require_open(held)
    texts = checked_texts({"what": what, "reason": reason}, required=("what", "reason"))
    if not types:
        raise ValidationError({"types": "Välj minst en typ för den nya avvikelsen."})
    old = held.deviation
    pairs = types_of(old.committee, types)
    area = old.service_area
    new = Deviation(
        committee=old.committee, municipality_id=old.municipality_id, reporter=old.reporter,
        reporter_kind=old.reporter_kind, occurred_at=old.occurred_at, discovered_at=old.discovered_at,
        reported_at=held.now, unit=old.unit, service_area=area, direction=old.direction, counterpart=old.counterpart,
        law=rules.law_of((one.clinical for one, _ in pairs), area.law if area else old.law),
        reference=old.reference, place=old.place, what=texts["what"], split_from=old,
    )  # fmt: skip
    year = timezone.localtime(held.now).year
    new.number = free_number(Deviation, old.municipality_id, "deviation", year)
    new.save()
    DeviationMatter.objects.bulk_create(
        DeviationMatter(deviation=new, type=kind, cause=cause) for kind, cause in pairs
    )
    settle(new, case_of(new, (), ()), held.practice, by, held.now)
    note_event(held, "split", texts["reason"], new=new.number)
    access.record(by, "deviation.split", old, new=new.number)
    return new


@transaction.atomic
def conference(
    deviation: Deviation,
    by: Person,
    *,
    consent: bool,
    on: date | None,
    note: str = "",
    now: datetime | None = None,
) -> Deviation:
    """Keep whether the person consents to the case being taken up at the patient conference, and what was said there.

    Without consent it is not taken up: then there is neither day nor note. Raises ValidationError by field.
    """
    held = hold(deviation, by, now)
    require_role(held, {*rules.LINE, *rules.PROFESSION, "sas"}, "anteckna om patientkonferensen")
    require_open(held)
    texts = checked_texts({"note": note})
    faults = {}
    if consent and on is None:
        faults["on"] = "Ange vilken dag händelsen tas upp."
    if not consent and (on or texts["note"]):
        faults["consent"] = (
            "Utan samtycke tas händelsen inte upp på patientkonferensen: ta bort dag och anteckning."
        )
    if faults:
        raise ValidationError(faults)
    note_event(held, "conference", texts["note"], consent=consent, on=on.isoformat() if on else "")
    return done(held, "deviation.conference_noted", consent=consent)


# --- actions ----------------------------------------------------------------------------------------------------------

GROUPS = {"unit": rules.LINE, "profession": rules.PROFESSION}


def groups_of(roles: frozenset[str], case: rules.Case) -> list[str]:
    """The groups of actions that somebody may plan and evaluate. The profession's too when some are left from when the
    case was theirs."""
    left = any(one.group == "profession" for one in case.actions)
    wanted = ["unit", "profession"] if case.clinical or left else ["unit"]
    extra = {"unit": {"sas", "mas"}, "profession": set()}
    return [one for one in wanted if roles & ({*GROUPS[one]} | extra[one])]


def may_change(row: tasks.Action, by: Person) -> bool:
    """Whether somebody may change an action of a deviation on its own page: as on the case's, while that is open."""
    deviation = row.subject
    if deviation is None:
        return False
    case = case_of(deviation)
    return case.open and row.group in groups_of(roles_at(by, deviation), case)


def _hold_for_actions(deviation: Deviation, by: Person, group: str, now: datetime | None) -> Held:
    held = hold(deviation, by, now)
    if group not in groups_of(held.roles, held.case):
        whose = "professionens" if group == "profession" else "enhetens"
        raise NotAllowedError(f"Dina mandat ger inte rätt till {whose} åtgärder.")
    require_open(held)
    return held


@transaction.atomic
def plan_action(
    deviation: Deviation,
    by: Person,
    *,
    what: str,
    group: str,
    due: date | None,
    owner: tasks.Owner | None = None,
    expected_effect: str = "",
    kind: str = "",
    now: datetime | None = None,
) -> Any:
    """Plan an action: who does what by when. ``owner`` (one of ``action_owners.candidates``) is the unit's manager or
    its licensed staff when it is not given, and gets a task. ``kind`` is one
    of the steering model's kinds of action, when it has any. A follow-up that was made is undone: there is more to
    follow up. Raises ValidationError by field."""
    held = _hold_for_actions(deviation, by, group, now)
    texts = checked_texts({"what": what, "expected_effect": expected_effect}, required=("what",))
    faults = {}
    if due is None:
        faults["due"] = "Ange när åtgärden ska vara klar."
    elif due < timezone.localtime(held.now).date():
        faults["due"] = "Dagen har redan varit. Ange en dag framåt."
    if owner is not None and not may_own(held.deviation, group, owner):
        faults["owner"] = REFUSED[group]
    if kind and kind not in held.practice.action_kinds:
        faults["kind"] = "Välj ett av de slag av åtgärd som styrmodellen har."
    if len(texts["what"]) > 500:
        faults["what"] = "Skriv åtgärden med högst 500 tecken."
    if faults:
        raise ValidationError(faults)
    action = tasks.add_action(
        held.deviation, by, finding=f"Avvikelse {held.deviation.number}", what=texts["what"],
        owner=owner or usual(held.deviation, group), due=due,
        expected_effect=texts["expected_effect"], group=group, kind=kind, follows=_failed(held, group),
    )  # fmt: skip
    undo_steps(held, {code for code, of in rules.FOLLOWS.items() if of == group})
    done(held, "deviation.action_planned", group=group)
    return action


def _failed(held: Held, group: str) -> Any:
    """The group's last action that was not done or had no effect, if no other has come after it."""
    last = [one for one in tasks.actions_of(held.deviation) if one.group == group and one.dropped_at is None]
    return last[-1] if last and last[-1].effect in ("no", "not_done") else None


@transaction.atomic
def finish_action(
    deviation: Deviation, by: Person, action: Any, *, note: str, now: datetime | None = None
) -> Any:
    """Say that an action is carried out, and what was done."""
    held = _hold_for_actions(deviation, by, action.group, now)
    texts = checked_texts({"note": note}, required=("note",))
    found = tasks.action_done(_of(held, action), by, texts["note"])
    done(held, "deviation.action_done")
    return found


@transaction.atomic
def evaluate_action(
    deviation: Deviation, by: Person, action: Any, *, effect: str, text: str, now: datetime | None = None
) -> Any:
    """Say what effect an action had: yes, partly, no, or not done; after the last two there must be a new action."""
    held = _hold_for_actions(deviation, by, action.group, now)
    texts = checked_texts({"text": text}, required=("text",))
    if effect not in tasks.Action.Effect.values:
        raise ValidationError({"effect": "Välj vilken effekt åtgärden hade."})
    found = tasks.state_effect(_of(held, action), by, tasks.Action.Effect(effect), texts["text"])
    held.case = case_of(held.deviation, held.steps.values())
    done(held, "deviation.action_evaluated", effect=effect)
    return found


@transaction.atomic
def drop_action(
    deviation: Deviation, by: Person, action: Any, *, reason: str, now: datetime | None = None
) -> Any:
    """Take back an action that is not needed, with the reason. One whose effect is stated stays."""
    held = _hold_for_actions(deviation, by, action.group, now)
    texts = checked_texts({"reason": reason}, required=("reason",))
    found = tasks.drop_action(_of(held, action), by, texts["reason"])
    held.case = case_of(held.deviation, held.steps.values())
    done(held, "deviation.action_dropped")
    return found


def _of(held: Held, action: Any) -> Any:
    """The action, if it belongs to the case. Raises ValidationError otherwise."""
    if action.subject_gid != held.deviation.gid:
        raise ValidationError("Åtgärden hör till ett annat ärende.")
    return action


# --- what belongs together --------------------------------------------------------------------------------------------


def similar(deviation: Deviation) -> QuerySet[Deviation]:
    """Other events for the same reference within the model's number of days before or after, latest first.

    Access is not asked here: filter with ``access.visible`` before showing.
    """
    if not deviation.reference:
        return Deviation.objects.none()
    days = timedelta(days=practice_of(deviation.committee, deviation.reported_at).similar_days)
    span = (deviation.occurred_at - days, deviation.occurred_at + days)
    rows = Deviation.objects.filter(
        committee=deviation.committee_id, reference=deviation.reference, occurred_at__range=span
    )
    return rows.exclude(pk=deviation.pk).exclude(state="merged").order_by("-occurred_at")
