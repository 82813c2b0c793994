"""How a case goes: moved forwards, withdrawn, returned, deferred, resumed, closed, opened again."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from roder import access, tasks
from roder.access.matrix import Action
from roder.access.rights import User
from roder.meetings.models import AgendaItem, Case, CaseDependency, CaseStep, Watch
from roder.meetings.rules import cases as rules
from roder.meetings.services.case_tasks import follow_up
from roder.organisation.models import Person


def write_over(case: Case, **values: Any) -> None:
    """Write values on the case as it stands now, and on the object at hand."""
    now = Case.objects.select_for_update().get(pk=case.pk)
    for name, value in values.items():
        setattr(now, name, value)
    now.revision += 1
    now.full_clean(exclude=["number_key"])
    now.save(update_fields=[*values, "revision", "changed_at"])
    case.refresh_from_db()


def _held(case: Case, by: Person, action: Action = Action.EDIT) -> Case:
    """The case as it is now, held to the end of the transaction. Raises NotAllowedError."""
    access.require(by, action, case)
    return Case.objects.select_for_update().get(pk=case.pk)


def waits(case: Case) -> list[CaseDependency]:
    """What the case waits for in vain so far. Access is not asked."""
    rows = case.waits_for.select_related("on").order_by("pk")
    return [one for one in rows if rules.is_waiting(one.on.phase, one.on.course, one.until)]


def name_for(case: Case, by: User) -> str:
    """The case's number, unless the person may not know of it."""
    return case.number if not case.secret or access.may(by, Action.VIEW, case) else "ett ärende med sekretess"


#: What other rooms say before a case is decided: why it cannot be, in Swedish, or nothing.
_GATES: list[Callable[[Case], str]] = []


def before_decision(gate: Callable[[Case], str]) -> None:
    """Let another room say why a case cannot be decided yet, such as a report that lacks something it must have."""
    if gate not in _GATES:
        _GATES.append(gate)


def why_not_decided(case: Case, by: User, *, unions: bool = True) -> str:
    """Why the case cannot be decided yet, in Swedish: what it waits for, what other rooms say and, with ``unions``,
    missing consultation. Empty when it can, when it has been already, and when it is withdrawn."""
    if case.course == Case.Course.WITHDRAWN or rules.is_decided(case.phase):
        return ""
    if fault := rules.decide_fault(
        [name_for(one.on, by) for one in waits(case)], unions and _union_missing(case)
    ):
        return fault
    return next((told for gate in _GATES if (told := gate(case))), "")


def _union_missing(case: Case) -> bool:
    return case.union_due and case.union_on is None


def move(
    case: Case,
    phase: str,
    by: Person,
    *,
    on: date | None = None,
    item: AgendaItem | None = None,
    note: str = "",
) -> Case:
    """Move a case forwards to a phase; phases may be skipped. A returned or deferred case goes on by it.

    Raises ValidationError (field ``phase``) when it may not, NotAllowedError.
    """
    with transaction.atomic():
        now = _held(case, by)
        names = [name_for(one.on, by) for one in waits(now)]
        if fault := rules.move_fault(now.phase, now.course, phase, names, _union_missing(now)):
            raise ValidationError({"phase": fault})
        day = _day(now, on, item)
        write_over(case, phase=phase, course=Case.Course.ACTIVE)
        body = item.meeting.body if item is not None else None
        CaseStep.objects.create(
            case=case, on=day, phase=phase, body=body, item=item, note=note.strip(), by=by
        )
        access.record(by, "case.moved", case, phase=phase)
        follow_up(case, by)
        _tell_waiting(case)
    return case


def _day(case: Case, on: date | None, item: AgendaItem | None) -> date:
    day = on or (item.meeting.date if item is not None else timezone.localdate())
    if day < case.opened_on:
        raise ValidationError({"on": f"Dagen är före {case.opened_on:%Y-%m-%d}, då ärendet registrerades."})
    return day


def _tell_waiting(case: Case) -> None:
    """Tell that the case has come further: tasks that waited for it open, and those responsible for cases that waited
    for it hear of it."""
    tasks.reached(case)
    for one in case.waited_for_by.select_related("case", "case__responsible"):
        if not rules.is_waiting(case.phase, case.course, one.until) and one.case.responsible is not None:
            known = access.may(one.case.responsible, Action.VIEW, case)
            what = (
                f"{case.number} är nu {case.get_phase_display()}" if known else "Det som väntades på är klart"
            )
            line = f"{what}: {one.case.number} behöver inte vänta längre."
            tasks.notify([one.case.responsible], line, about=one.case)


def _turn(
    case: Case, course: str, by: Person, reason: str, item: AgendaItem | None, on: date | None, **more: Any
) -> Case:
    with transaction.atomic():
        now = _held(case, by)
        if fault := rules.course_fault(now.phase, now.course, course):
            raise ValidationError({"course": fault})
        if not reason.strip():
            raise ValidationError({"reason": "Skriv varför."})
        day = _day(now, on, item)
        write_over(case, course=course, **more)
        CaseStep.objects.create(
            case=case, on=day, course=course, phase=more.get("phase", ""), note=reason.strip(), item=item, by=by,
            body=item.meeting.body if item is not None else None,
        )  # fmt: skip
        access.record(by, f"case.{_DEEDS[course]}", case)
        follow_up(case, by)
        _tell_waiting(case)
    return case


_DEEDS = {"withdrawn": "withdrawn", "returned": "sent_back", "deferred": "deferred", "active": "resumed"}


def withdraw(
    case: Case, by: Person, reason: str, item: AgendaItem | None = None, *, on: date | None = None
) -> Case:
    """The case is withdrawn (återkallat): nobody handles it further. Raises ValidationError, NotAllowedError."""
    return _turn(case, Case.Course.WITHDRAWN, by, reason, item, on)


def send_back(
    case: Case, by: Person, reason: str, item: AgendaItem | None = None, *, on: date | None = None
) -> Case:
    """The case is returned (återremitterat) to be prepared once more. Raises ValidationError, NotAllowedError."""
    return _turn(case, Case.Course.RETURNED, by, reason, item, on, phase=rules.RETURNED_TO)


def defer(
    case: Case, by: Person, reason: str, item: AgendaItem | None = None, *, on: date | None = None
) -> Case:
    """The case is deferred (bordlagt) to a later meeting. Raises ValidationError, NotAllowedError."""
    return _turn(case, Case.Course.DEFERRED, by, reason, item, on)


def resume(
    case: Case, by: Person, reason: str, item: AgendaItem | None = None, *, on: date | None = None
) -> Case:
    """A returned, deferred or withdrawn case goes on. Raises ValidationError, NotAllowedError."""
    return _turn(case, Case.Course.ACTIVE, by, reason, item, on)


# --- closing ----------------------------------------------------------------------------------------------------------


def closing_faults(case: Case, by: User) -> list[str]:
    """What must be done before the case can be closed: Swedish sentences, none when it can. Secret cases that it waits
    for are not named to those who may not know of them."""
    today = timezone.localdate()
    coming = AgendaItem.objects.filter(
        case=case,
        withdrawn=False,
        meeting__state__in=["planned", "summoned", "open"],
        meeting__date__gte=today,
    ).select_related("meeting__body")
    asked = case.preparations.filter(answered_on=None, answer="").select_related("body")
    open_watches = Watch.objects.filter(case=case, state__in=["open", "paused"])
    return rules.closing_faults(
        rules.Loose(
            withdrawn=case.course == Case.Course.WITHDRAWN,
            must_answer=case.answered_on is None
            and (case.answer_by is not None or case.kind == Case.Kind.REFERRAL),
            waits_for=[name_for(one.on, by) for one in waits(case)],
            watches=[one.title for one in open_watches],
            asked=[str(one) for one in asked],
            coming_items=sorted({str(one.meeting) for one in coming}),
            union_missing=_union_missing(case),
        )
    )


def close_case(case: Case, by: Person, on: date | None = None) -> Case:
    """Close a case. Raises ValidationError with everything that must be done first, NotAllowedError."""
    with transaction.atomic():
        now = _held(case, by)
        if now.phase == Case.Phase.CLOSED:
            raise ValidationError("Ärendet är redan avslutat.")
        if faults := closing_faults(now, by):
            raise ValidationError(faults)
        day = _day(now, on, None)
        write_over(case, phase=Case.Phase.CLOSED, closed_on=day)
        CaseStep.objects.create(case=case, on=day, phase=Case.Phase.CLOSED, by=by)
        access.record(by, "case.closed", case)
        follow_up(case, by)
        _tell_waiting(case)
    return case


def reopen_case(case: Case, by: Person, reason: str) -> Case:
    """Open a closed case again, in the phase that it had. Raises ValidationError, NotAllowedError."""
    with transaction.atomic():
        now = _held(case, by, Action.DECIDE)
        if now.phase != Case.Phase.CLOSED:
            raise ValidationError("Ärendet är inte avslutat.")
        if not reason.strip():
            raise ValidationError({"reason": "Skriv varför."})
        reached = case.steps.exclude(phase__in=["", Case.Phase.CLOSED]).order_by("-on", "-id").first()
        phase = reached.phase if reached else Case.Phase.REGISTERED
        write_over(case, phase=phase, closed_on=None)
        CaseStep.objects.create(case=case, on=timezone.localdate(), phase=phase, note=reason.strip(), by=by)
        access.record(by, "case.reopened", case)
        follow_up(case, by)
    return case
