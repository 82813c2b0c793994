"""Lex Sarah as people do it: report, investigate, decide (several together), tell the inspectorate, close."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from roder import access
from roder.access.matrix import Action, Resource
from roder.organisation.models import Body, Person, Unit
from roder.quality.models import Deviation, LexSarahCase, LexSarahDecision
from roder.quality.models.deviations import Direction, Law
from roder.quality.rules.lex import CONSEQUENCES, contradiction
from roder.quality.services import lex_duties as duties
from roder.quality.services.lex_heard import is_carried_over, reported_per_month, since_last
from roder.quality.services.lex_maria import hand_to_lex_maria, open_lex_maria
from roder.quality.services.numbering import free_number
from roder.steering.models import DeviationType, ServiceArea

__all__ = [
    "Investigation",
    "Report",
    "answer_from_ivo",
    "close",
    "decide",
    "investigate",
    "is_carried_over",
    "notify_ivo",
    "open_lex_maria",
    "open_lex_sarah",
    "report",
    "reported_per_month",
    "since_last",
]

Case, Decision = LexSarahCase, LexSarahDecision
WAITING = (Case.State.REPORTED, Case.State.INVESTIGATED)


@dataclass(frozen=True)
class Report:
    """What somebody reports under lex Sarah."""

    what: str
    unit: Unit | None = None
    service_area: ServiceArea | None = None
    law: str = Law.SOL
    type: DeviationType | None = None
    external: bool = False
    reference: str = ""


@dataclass(frozen=True)
class Investigation:
    """What an investigation has found so far. ``shortcoming`` and ``consequence`` are None until it is known."""

    what: str
    shortcoming: bool | None = None
    consequence: bool | None = None
    consequence_text: str = ""
    cause: str = ""
    actions_text: str = ""


# --- reporting ------------------------------------------------------------------------------------------------------


@transaction.atomic
def report(committee: Body, by: Person, what: Report, *, now: datetime | None = None) -> LexSarahCase:
    """Report (risk of) misconduct, which is the duty of all staff. The SAS is told and gets a task.

    Raises NotAllowedError; ValidationError (per field) when nothing is said of what happened, when a text holds a
    personal identity number, or when the unit is another committee's. Källa: 14 kap. 3 § SoL (2001:453).
    """
    access.require(by, Action.REPORT, Resource.LEX_SARAH, committee)
    errors = {}
    if not what.what.strip():
        errors["what"] = "Skriv vad som har hänt, eller vad det finns risk för."
    if what.unit is not None and what.unit.committee_id != committee.pk:
        errors["unit"] = f"Enheten hör inte till {committee.short_name}. Välj en av nämndens enheter."
    if errors:
        raise ValidationError(errors)
    return _open(committee, by, what, None, now)


@transaction.atomic
def open_lex_sarah(deviation: Deviation, by: Person, *, now: datetime | None = None) -> LexSarahCase:
    """Open a lex Sarah case from a deviation, with what it says. A case that is open already is given back.

    Raises NotAllowedError when ``by`` may not see the deviation, or not report under lex Sarah in its committee.
    """
    access.require(by, Action.VIEW, deviation)
    access.require(by, Action.REPORT, Resource.LEX_SARAH, deviation.committee_id)
    Deviation.objects.select_for_update().get(pk=deviation.pk)  # two at once open one case
    existing = deviation.lex_sarah.exclude(state=Case.State.CLOSED).first()
    if existing is not None:
        return existing
    matter = deviation.matters.select_related("type").order_by("pk").first()
    what = Report(
        what=deviation.what,
        unit=deviation.unit,
        service_area=deviation.service_area,
        law=deviation.law,
        type=matter.type if matter else None,
        external=deviation.direction == Direction.EXTERNAL or deviation.unit.external,
        reference=deviation.reference,
    )
    return _open(deviation.committee, by, what, deviation, now)


def _open(
    committee: Body, by: Person, what: Report, deviation: Deviation | None, now: datetime | None
) -> LexSarahCase:
    at = now or timezone.now()
    case = LexSarahCase(
        committee=committee,
        municipality_id=committee.municipality_id,
        number="–",
        deviation=deviation,
        reporter=by,
        reported_at=at,
        unit=what.unit,
        service_area=what.service_area,
        law=what.law,
        type=what.type,
        external=what.external or (what.unit is not None and what.unit.external),
        reference=what.reference.strip(),
        what=what.what.strip(),
    )
    case.full_clean()
    case.number = free_number(
        LexSarahCase, committee.municipality_id, "lex_sarah", timezone.localtime(at).year, 3
    )
    case.save()
    access.record(by, "lex_sarah.reported", case, deviation=deviation.number if deviation else "")
    duties.reported(case, by)
    return case


# --- investigation --------------------------------------------------------------------------------------------------


@transaction.atomic
def investigate(
    case: LexSarahCase,
    by: Person,
    found: Investigation,
    *,
    expected_revision: int,
    finished: bool = False,
    now: datetime | None = None,
) -> LexSarahCase:
    """Save what the investigation has found; ``finished`` makes it ready to be decided.

    Raises NotAllowedError; StaleRecordError; ValidationError when the case is decided, or when a finished
    investigation leaves out what happened, the shortcoming, the consequences, the cause or the actions.
    """
    access.require(by, Action.EDIT, case)
    current = _locked(case)
    if current.state not in WAITING:
        raise ValidationError("Ärendet är beslutat. Utredningen kan inte längre ändras.")
    errors = {}
    if finished:
        errors = {name: text for name, text, given in _needed(found) if not given}
    if found.consequence and not found.consequence_text.strip() and finished:
        errors["consequence_text"] = "Skriv vilka följderna blev eller kunde ha blivit, fysiskt och psykiskt."
    if errors:
        raise ValidationError(errors)
    values = {
        "what": found.what.strip(),
        "shortcoming": found.shortcoming,
        "consequence": found.consequence,
        "consequence_text": found.consequence_text.strip(),
        "cause": found.cause.strip(),
        "actions_text": found.actions_text.strip(),
        "state": Case.State.INVESTIGATED if finished else Case.State.REPORTED,
        "investigated_at": (now or timezone.now()) if finished else None,
    }
    was_finished = current.state == Case.State.INVESTIGATED
    current.save_over(expected_revision, **values)
    access.record(by, "lex_sarah.investigated" if finished else "lex_sarah.investigation_saved", current)
    if finished:
        duties.investigated(current, by)
    elif was_finished:
        duties.taken_up_again(current, by)
    return current


def _needed(found: Investigation) -> list[tuple[str, str, bool]]:
    return [
        ("what", "Skriv vad som har hänt.", bool(found.what.strip())),
        ("shortcoming", "Säg om det fanns en brist i verksamheten.", found.shortcoming is not None),
        ("consequence", "Säg om det fick konsekvenser eller var en påtaglig risk.", found.consequence is not None),
        ("cause", "Skriv vad det berodde på.", bool(found.cause.strip())),
        ("actions_text", "Skriv vad som har gjorts och ska göras.", bool(found.actions_text.strip())),
    ]  # fmt: skip


# --- decision -------------------------------------------------------------------------------------------------------


@transaction.atomic
def decide(
    cases: Sequence[LexSarahCase],
    by: Person,
    *,
    outcome: str,
    motive: str,
    line: str,
    decided_on: date,
    today: date | None = None,
) -> LexSarahDecision:
    """One decision, on delegation, for one case or several together. ``line`` is what the committee reads: no names.

    What the outcome demands is opened: the notice to IVO, a lex Maria case for the MAS, or the manager's part.
    Raises NotAllowedError; ValidationError when a case is decided already, is not investigated though the outcome
    needs it, or its investigation says otherwise; when the day is in the future or before a report; or a text is
    missing.
    """
    if not cases:
        raise ValidationError({"cases": "Välj minst ett ärende att besluta om."})
    for one in cases:
        access.require(by, Action.DECIDE, one)
    rows = list(
        LexSarahCase.objects.select_for_update(of=("self",))
        .filter(pk__in=[one.pk for one in cases])
        .select_related("committee", "unit")
        .order_by("pk")
    )
    _refuse_decision(rows, outcome, motive, line, decided_on, today or timezone.localdate())
    decision = LexSarahDecision(
        committee=rows[0].committee, outcome=outcome, decided_on=decided_on, decided_by=by,
        motive=motive.strip(), line=line.strip(),
    )  # fmt: skip
    decision.full_clean()
    decision.save()
    for row in rows:
        row.save_over(row.revision, decision=decision, state=Case.State.DECIDED)
        access.record(by, "lex_sarah.decided", row, outcome=outcome, together=len(rows))
        duties.decided(row, decision, by)
        if CONSEQUENCES[outcome].lex_maria:
            hand_to_lex_maria(row, by)
    return decision


def _refuse_decision(
    rows: list[LexSarahCase], outcome: str, motive: str, line: str, decided_on: date, today: date
) -> None:
    errors: dict[str, list[str]] = {}
    if outcome not in CONSEQUENCES:
        errors["outcome"] = ["Välj ett av besluten."]
    if len({row.committee_id for row in rows}) > 1:
        errors["cases"] = ["Ärendena hör till olika nämnder. Besluta om dem var för sig."]
    if not motive.strip():
        errors["motive"] = ["Skriv varför, så att beslutet går att förstå efteråt."]
    if not line.strip():
        errors["line"] = ["Skriv en rad till nämnden, utan namn: vad som hände och vad beslutet blev."]
    if decided_on > today:
        errors["decided_on"] = ["Beslutsdatum kan inte vara efter i dag."]
    for row in rows:
        if row.state not in WAITING:
            errors.setdefault("cases", []).append(f"{row.number} är redan beslutat.")
        elif decided_on < timezone.localdate(row.reported_at):
            errors.setdefault("decided_on", []).append(f"{row.number} rapporterades efter beslutsdatum.")
        elif outcome in CONSEQUENCES and CONSEQUENCES[outcome].investigated:
            if row.state != Case.State.INVESTIGATED:
                errors.setdefault("cases", []).append(
                    f"{row.number} är inte färdigutrett. Gör klart utredningen."
                )
            elif why := contradiction(outcome, row.shortcoming, row.consequence):
                errors.setdefault("outcome", []).append(f"{row.number}: {why}")
    if errors:
        raise ValidationError(errors)


# --- the inspectorate, and closing ----------------------------------------------------------------------------------


@transaction.atomic
def notify_ivo(case: LexSarahCase, by: Person, on: date, *, today: date | None = None) -> LexSarahCase:
    """Note that a serious case was notified to IVO. Raises NotAllowedError; ValidationError."""
    access.require(by, Action.DECIDE, case)
    row = _locked(case)
    if (
        row.state != Case.State.DECIDED
        or row.decision is None
        or row.decision.outcome != Decision.Outcome.SERIOUS
    ):
        raise ValidationError(
            "Bara ett allvarligt missförhållande som är beslutat anmäls till IVO, och bara en gång."
        )
    if on < row.decision.decided_on or on > (today or timezone.localdate()):
        raise ValidationError({"on": "Anmälan görs från beslutets dag och senast i dag. Rätta datumet."})
    row.save_over(row.revision, notified_on=on, state=Case.State.NOTIFIED)
    access.record(by, "lex_sarah.notified", row, on=on.isoformat())
    duties.notified(row, by)
    return row


@transaction.atomic
def answer_from_ivo(
    case: LexSarahCase, by: Person, answer: str, on: date, *, today: date | None = None
) -> LexSarahCase:
    """Note what IVO answered. Raises NotAllowedError; ValidationError before the notice or without a text."""
    access.require(by, Action.EDIT, case)
    row = _locked(case)
    if row.state != Case.State.NOTIFIED or row.notified_on is None:
        raise ValidationError("Ärendet är inte anmält till IVO, eller redan avslutat.")
    errors = {}
    if not answer.strip():
        errors["answer"] = "Skriv vad IVO svarade."
    if on < row.notified_on or on > (today or timezone.localdate()):
        errors["on"] = "Svaret kommer från anmälans dag och senast i dag. Rätta datumet."
    if errors:
        raise ValidationError(errors)
    row.save_over(row.revision, ivo_answer=answer.strip(), ivo_answered_on=on)
    access.record(by, "lex_sarah.ivo_answered", row, on=on.isoformat())
    return row


@transaction.atomic
def close(case: LexSarahCase, by: Person, on: date, *, today: date | None = None) -> LexSarahCase:
    """Close a decided case; a serious one when it is notified and IVO has answered. Raises NotAllowedError;
    ValidationError with what is missing."""
    access.require(by, Action.DECIDE, case)
    row = _locked(case)
    if row.state not in (Case.State.DECIDED, Case.State.NOTIFIED) or row.decision is None:
        raise ValidationError("Bara ett beslutat ärende kan avslutas, och bara en gång.")
    if row.decision.outcome == Decision.Outcome.SERIOUS and row.notified_on is None:
        raise ValidationError("Ärendet ska först anmälas till IVO.")
    if row.notified_on is not None and row.ivo_answered_on is None:
        raise ValidationError("IVO har inte svarat. Skriv in svaret först.")
    if on < max(row.decision.decided_on, row.ivo_answered_on or date.min) or on > (
        today or timezone.localdate()
    ):
        raise ValidationError({"on": "Avslutet kommer efter beslutet och IVO:s svar, och senast i dag."})
    row.save_over(row.revision, state=Case.State.CLOSED, closed_on=on)
    access.record(by, "lex_sarah.closed", row)
    duties.closed(row, by)
    return row


def _locked(case: LexSarahCase) -> LexSarahCase:
    """The case as it stands now, held until the transaction is over."""
    return LexSarahCase.objects.select_for_update(of=("self",)).select_related("committee", "unit", "decision").get(
        pk=case.pk
    )  # fmt: skip
