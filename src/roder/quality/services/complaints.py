"""Complaints and suggestions as people handle them: register, acknowledge, hand out, answer, close."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone

from roder import access, tasks
from roder.access.matrix import Action, Resource
from roder.organisation.models import Body, Person, Unit
from roder.quality.models import Complaint, ComplaintMatter
from roder.quality.rules.complaints import can_be_answered, must_be_answered
from roder.quality.rules.lex import add_working_days
from roder.quality.services.numbering import free_number
from roder.quality.services.terms import model_on
from roder.steering.models import ComplaintSubject, ServiceArea

RECEIVE, ANSWER = "quality.complaint_receive", "quality.complaint_answer"
TAKEN = "Diarienumret finns redan. Skriv ett annat, eller lämna fältet tomt."
Kind, Channel, State = Complaint.Kind, Complaint.Channel, Complaint.State


@dataclass(frozen=True)
class Received:
    """What came in. ``number`` is a registration number given elsewhere; without one the series gives it."""

    kind: str
    channel: str
    text: str
    received_at: datetime | None = None
    complainant: str = ""
    anonymous: bool = False
    name: str = ""
    contact: str = ""
    unit: Unit | None = None
    service_area: ServiceArea | None = None
    concerns_declaration: bool = False
    subjects: Sequence[ComplaintSubject] = field(default_factory=tuple)
    number: str = ""


@transaction.atomic
def register(
    committee: Body, by: Person | None, what: Received, *, form_token: str = "", now: datetime | None = None
) -> Complaint:
    """Register what came in, in the register of cases. ``by`` None: it came with the public form.

    Raises NotAllowedError; ValidationError (per field) for a personal identity number, a day in the future, another
    committee's unit, a number that is taken, an anonymous complaint with a name, or one without a text.
    """
    if by is not None:
        access.require(by, Action.EDIT, Resource.COMPLAINTS, committee)
    elif not form_token:
        raise ValueError("det som inte är registrerat av någon kommer med formuläret och dess kvittensnyckel")
    at = now or timezone.now()
    _refuse(committee, what, at)
    received = what.received_at or at
    complaint = Complaint(
        committee=committee,
        municipality_id=committee.municipality_id,
        number=what.number.strip() or "–",
        received_at=received,
        kind=what.kind,
        channel=what.channel,
        complainant=what.complainant,
        anonymous=what.anonymous,
        name=what.name.strip(),
        contact=what.contact.strip(),
        text=what.text.strip(),
        unit=what.unit,
        service_area=what.service_area,
        concerns_declaration=what.concerns_declaration,
        form_token=form_token,
    )
    complaint.full_clean()
    if not what.number.strip():
        year = timezone.localtime(received).year
        complaint.number = free_number(Complaint, committee.municipality_id, "complaint", year, 4)
    try:
        with transaction.atomic():
            complaint.save()
    except IntegrityError as error:
        if "complaint_number_once" not in str(error):
            raise
        raise ValidationError({"number": TAKEN}) from error
    _set_subjects(complaint, what.subjects)
    access.record(by, "complaint.registered", complaint, channel=what.channel, anonymous=what.anonymous)
    _open_receipt(complaint, by)
    return complaint


def _refuse(committee: Body, what: Received, at: datetime) -> None:
    errors = {}
    if not what.text.strip():
        errors["text"] = "Skriv vad det gäller."
    if what.received_at is not None and what.received_at > at:
        errors["received_at"] = "Tidpunkten är efter nu. Skriv när det kom in."
    if what.unit is not None and what.unit.committee_id != committee.pk:
        errors["unit"] = f"Enheten hör inte till {committee.short_name}. Välj en av nämndens enheter."
    number = what.number.strip()
    if number and Complaint.objects.filter(municipality=committee.municipality_id, number=number).exists():
        errors["number"] = TAKEN
    if what.anonymous and (what.name.strip() or what.contact.strip()):
        errors["anonymous"] = (
            "Den som är anonym har varken namn eller kontaktuppgift: ta bort dem, eller krysset."
        )
    if errors:
        raise ValidationError(errors)


def _set_subjects(complaint: Complaint, subjects: Sequence[ComplaintSubject]) -> None:
    wanted = {one.pk for one in subjects}
    complaint.matters.exclude(subject__in=wanted).delete()
    known = set(complaint.matters.values_list("subject_id", flat=True))
    ComplaintMatter.objects.bulk_create(
        ComplaintMatter(complaint=complaint, subject_id=pk) for pk in sorted(wanted - known)
    )


def _open_receipt(complaint: Complaint, by: Person | None) -> None:
    model = model_on(complaint.committee, timezone.localdate(complaint.received_at))
    days = model.complaints.acknowledge_days if model and model.complaints else None
    deed = "Ta hand om" if complaint.anonymous else "Bekräfta"
    tasks.open_task(
        RECEIVE,
        complaint,
        owner=tasks.Owner("secretary", committee=complaint.committee),
        due=add_working_days(timezone.localdate(complaint.received_at), days) if days else None,
        what=f"{deed} {complaint.get_kind_display()} {complaint.number}",
        by=by,
    )


# --- handling -------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Sorting:
    """What the municipality says that a complaint is about."""

    kind: str
    complainant: str = ""
    unit: Unit | None = None
    service_area: ServiceArea | None = None
    concerns_declaration: bool = False
    subjects: Sequence[ComplaintSubject] = field(default_factory=tuple)


@transaction.atomic
def sort(complaint: Complaint, by: Person, what: Sorting, *, expected_revision: int) -> Complaint:
    """Say what it is about: kind, matters, unit, service area, and whether it is against the service declaration.

    An open task to answer follows to another unit's manager; without a unit it comes back to the secretary.

    Raises NotAllowedError (also when it would go to a unit outside one's mandate and no longer be one's own);
    StaleRecordError; ValidationError."""
    access.require(by, Action.EDIT, complaint)
    row = locked(complaint)
    _refuse_closed(row)
    if what.unit is not None and what.unit.committee_id != row.committee_id:
        raise ValidationError({"unit": "Enheten hör till en annan nämnd. Välj en av nämndens enheter."})
    moved = what.unit != row.unit
    row.save_over(
        expected_revision,
        kind=what.kind,
        complainant=what.complainant,
        unit=what.unit,
        service_area=what.service_area,
        concerns_declaration=what.concerns_declaration,
    )
    _set_subjects(row, what.subjects)
    access.record(by, "complaint.sorted", row)
    if moved:
        tasks.hand_over(ANSWER, row, _answers(row), by=by)
    return row


@transaction.atomic
def acknowledge(complaint: Complaint, by: Person, *, at: datetime | None = None) -> Complaint:
    """Note that the sender has been told that it was received. Raises NotAllowedError; ValidationError when nobody can
    be told, it is done already, or the moment is before it came in or in the future."""
    access.require(by, Action.EDIT, complaint)
    row = locked(complaint)
    _refuse_closed(row)
    if not can_be_answered(row.anonymous):
        raise ValidationError("Den som lämnade detta är anonym. Det går inte att bekräfta mottagandet.")
    if row.acknowledged_at is not None:
        raise ValidationError("Mottagandet är redan bekräftat.")
    moment = at or timezone.now()
    if not row.received_at <= moment <= timezone.now():
        raise ValidationError(
            {"at": "Bekräftelsen skickades efter att det kom in, och senast nu. Rätta tidpunkten."}
        )
    values = {"acknowledged_at": moment}
    if row.state == State.RECEIVED:
        values["state"] = State.ACKNOWLEDGED  # type: ignore[assignment]
    row.save_over(row.revision, **values)
    access.record(by, "complaint.acknowledged", row)
    tasks.complete(RECEIVE, row, by)
    return row


@transaction.atomic
def assign(complaint: Complaint, by: Person, unit: Unit, *, now: datetime | None = None) -> Complaint:
    """Give the answer to a unit's manager, who gets a task, due by the model's days to answer.

    Raises NotAllowedError; ValidationError for another committee's unit or what is answered already."""
    access.require(by, Action.EDIT, complaint)
    row = locked(complaint)
    _refuse_closed(row)
    if unit.committee_id != row.committee_id:
        raise ValidationError({"unit": "Enheten hör till en annan nämnd. Välj en av nämndens enheter."})
    if row.answered_at is not None:
        raise ValidationError("Det är redan besvarat.")
    if row.unit_id != unit.pk:
        row.save_over(row.revision, unit=unit)
    start = timezone.localdate(row.acknowledged_at or now or timezone.now())
    model = model_on(row.committee, start)
    days = model.complaints.unanswered_days if model and model.complaints else None
    owner = _answers(row)
    deed = "Besvara" if can_be_answered(row.anonymous) else "Ta hand om"
    if tasks.hand_over(ANSWER, row, owner, by=by) is None:
        tasks.open_task(
            ANSWER,
            row,
            owner=owner,
            due=start + timedelta(days=days) if days else None,
            what=f"{deed} {row.get_kind_display()} {row.number}",
            by=by,
        )
    access.record(by, "complaint.assigned", row, unit=unit.code)
    return row


def _answers(row: Complaint) -> tasks.Owner:
    """Whose task it is to answer: the unit's manager, or the secretary's where it is about no unit."""
    if row.unit is None:
        return tasks.Owner("secretary", committee=row.committee)
    return tasks.Owner("unit_manager", unit=row.unit)


@transaction.atomic
def answer(
    complaint: Complaint,
    by: Person,
    *,
    answer: str,
    action: str = "",
    at: datetime | None = None,
    expected_revision: int,
) -> Complaint:
    """Note the answer that was given and what was done. Raises NotAllowedError; StaleRecordError; ValidationError when
    nobody can be answered (then only ``note_action`` is possible) or a text is missing."""
    access.require(by, Action.COMMENT, complaint)
    row = locked(complaint)
    _refuse_closed(row)
    if not can_be_answered(row.anonymous):
        raise ValidationError(
            "Den som lämnade detta är anonym och kan inte få svar. Skriv i stället vad som gjordes."
        )
    moment = at or timezone.now()
    errors = {}
    if not answer.strip():
        errors["answer"] = "Skriv vad du svarade."
    if not row.received_at <= moment <= timezone.now():
        errors["at"] = "Svaret lämnades efter att det kom in, och senast nu. Rätta tidpunkten."
    if errors:
        raise ValidationError(errors)
    row.save_over(
        expected_revision,
        answer=answer.strip(),
        action=action.strip(),
        answered_at=moment,
        answered_by=by,
        state=State.ANSWERED,
    )
    access.record(by, "complaint.answered", row)
    tasks.complete(ANSWER, row, by)
    tasks.complete(RECEIVE, row, by)
    tasks.reached(row)
    return row


@transaction.atomic
def note_action(complaint: Complaint, by: Person, action: str, *, expected_revision: int) -> Complaint:
    """Note what was done because of it, with or without an answer. Raises NotAllowedError; StaleRecordError."""
    access.require(by, Action.COMMENT, complaint)
    row = locked(complaint)
    _refuse_closed(row)
    if not action.strip():
        raise ValidationError({"action": "Skriv vad som gjordes."})
    row.save_over(expected_revision, action=action.strip())
    access.record(by, "complaint.action_noted", row)
    if row.anonymous:
        tasks.complete(ANSWER, row, by)
    return row


@transaction.atomic
def close(complaint: Complaint, by: Person, *, at: datetime | None = None) -> Complaint:
    """Close it. Raises NotAllowedError; ValidationError when somebody waits for an answer, or when it is anonymous and
    nothing says what was done."""
    access.require(by, Action.EDIT, complaint)
    row = locked(complaint)
    _refuse_closed(row)
    if must_be_answered(row.kind, row.anonymous) and row.answered_at is None:
        raise ValidationError("Den som lämnade detta väntar på svar. Svara innan du avslutar.")
    if row.anonymous and not row.action and row.kind != Kind.PRAISE:
        raise ValidationError("Skriv vad som gjordes innan du avslutar: den som är anonym kan inte få svar.")
    row.save_over(row.revision, state=State.CLOSED, closed_at=at or timezone.now())
    access.record(by, "complaint.closed", row, anonymous=row.anonymous)
    tasks.complete(RECEIVE, row, by)
    tasks.cancel(ANSWER, row, "Ärendet är avslutat.", by=by)
    tasks.reached(row)
    return row


@transaction.atomic
def reopen(complaint: Complaint, by: Person, reason: str) -> Complaint:
    """Open a closed one again. Raises NotAllowedError; ValidationError without a reason."""
    access.require(by, Action.EDIT, complaint)
    row = locked(complaint)
    if row.state != State.CLOSED:
        raise ValidationError("Ärendet är inte avslutat.")
    if not reason.strip():
        raise ValidationError({"reason": "Skriv varför ärendet öppnas igen."})
    if row.contact_erased_at is not None:
        raise ValidationError("Namn och kontakt är raderade. Registrera ett nytt ärende i stället.")
    before = (
        State.ANSWERED if row.answered_at else State.ACKNOWLEDGED if row.acknowledged_at else State.RECEIVED
    )
    row.save_over(row.revision, state=before, closed_at=None)
    access.record(by, "complaint.reopened", row)
    tasks.open_task(
        RECEIVE,
        row,
        owner=tasks.Owner("secretary", committee=row.committee),
        what=f"Ta upp {row.get_kind_display()} {row.number} igen: {reason.strip()}"[:300],
        by=by,
    )
    return row


def locked(complaint: Complaint) -> Complaint:
    """The complaint as it stands now, held until the transaction is over."""
    return (
        Complaint.objects.select_for_update(of=("self",))
        .select_related("committee", "unit")
        .get(pk=complaint.pk)
    )


def _refuse_closed(row: Complaint) -> None:
    if row.state == State.CLOSED:
        raise ValidationError("Ärendet är avslutat. Öppna det igen för att ändra.")
