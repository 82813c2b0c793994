"""Lex Maria as the MAS does it: event analysis, the patient informed, notice to IVO or not, outcome, closing."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from roder import access
from roder.access.matrix import Action
from roder.access.rights import NotAllowedError, allows, grants
from roder.organisation.models import Person
from roder.quality.models import Deviation, LexMariaCase
from roder.quality.services import lex_duties as duties
from roder.quality.services.numbering import free_number
from roder.quality.services.terms import deadline

Case = LexMariaCase


@dataclass(frozen=True)
class Analysis:
    """The event analysis, and whether the patient has been told. ``patient_informed`` None: not known yet."""

    analysis: str
    analysed_on: date | None = None
    patient_informed: bool | None = None
    patient_informed_on: date | None = None


@transaction.atomic
def open_lex_maria(deviation: Deviation, by: Person, *, now: datetime | None = None) -> LexMariaCase:
    """Open a lex Maria case from a deviation; the notice is due two months after the deviation was reported (the
    model's ``lex_maria_anmalan``). A case that is open already is given back.

    Raises NotAllowedError: lex Maria is the MAS' alone, where the mandate covers the unit.
    """
    access.require(by, Action.VIEW, deviation)
    _require_mandate(by, deviation)
    Deviation.objects.select_for_update().get(pk=deviation.pk)  # two at once open one case
    existing = deviation.lex_maria.exclude(state=Case.State.CLOSED).first()
    if existing is not None:
        return existing
    at = now or timezone.now()
    case = LexMariaCase(
        committee_id=deviation.committee_id,
        municipality_id=deviation.municipality_id,
        number=free_number(
            LexMariaCase, deviation.municipality_id, "lex_maria", timezone.localtime(at).year, 3
        ),
        deviation=deviation,
        unit=deviation.unit,
        service_area=deviation.service_area,
        opened_at=at,
        due_on=deadline(deviation.committee, "lex_maria_anmalan", timezone.localdate(deviation.reported_at)),
    )
    case.full_clean()
    case.save()
    access.record(by, "lex_maria.opened", case, deviation=deviation.number)
    duties.maria_opened(case, by)
    return case


def _require_mandate(by: Person, deviation: Deviation) -> None:
    if not any(
        grant.committee_id == deviation.committee_id
        and grant.covers(deviation.unit_id)
        and allows(grant.role, LexMariaCase.Access.resource, Action.EDIT)
        for grant in grants(by)
    ):
        raise NotAllowedError("Ett lex Maria-ärende öppnas av medicinskt ansvarig sjuksköterska (MAS).")


@transaction.atomic
def analyse(
    case: LexMariaCase, by: Person, found: Analysis, *, expected_revision: int, today: date | None = None
) -> LexMariaCase:
    """Save the event analysis and whether the patient is informed. Raises NotAllowedError; StaleRecordError;
    ValidationError per field, and when the case is closed."""
    access.require(by, Action.EDIT, case)
    row = _locked(case)
    if row.state == Case.State.CLOSED:
        raise ValidationError("Ärendet är avslutat. Händelseanalysen kan inte längre ändras.")
    last = today or timezone.localdate()
    errors = {}
    if found.analysed_on is not None and not found.analysis.strip():
        errors["analysis"] = "Skriv händelseanalysen innan du säger att den är klar."
    if found.patient_informed_on is not None and not found.patient_informed:
        errors["patient_informed"] = "Du har skrivit ett datum: svara ja, eller ta bort datumet."
    if found.patient_informed and found.patient_informed_on is None:
        errors["patient_informed_on"] = "Skriv vilken dag patienten informerades."
    for name in ("analysed_on", "patient_informed_on"):
        given = getattr(found, name)
        if given is not None and not timezone.localdate(row.deviation.occurred_at) <= given <= last:
            errors[name] = "Datumet ska vara från dagen då det hände till i dag."
    if errors:
        raise ValidationError(errors)
    row.save_over(
        expected_revision,
        analysis=found.analysis.strip(),
        analysed_on=found.analysed_on,
        patient_informed=found.patient_informed,
        patient_informed_on=found.patient_informed_on,
    )
    access.record(by, "lex_maria.analysed", row, finished=found.analysed_on is not None)
    return row


@transaction.atomic
def decide_lex_maria(
    case: LexMariaCase,
    by: Person,
    *,
    notify: bool,
    motive: str,
    decided_on: date,
    notified_on: date | None = None,
    expected_revision: int,
    today: date | None = None,
) -> LexMariaCase:
    """Decide to notify IVO or not, with the motive. ``notified_on`` is the day the notice went (with ``notify``).

    Raises NotAllowedError; StaleRecordError; ValidationError when the analysis is not finished, when it is decided
    already, or a date or the motive is missing.
    """
    access.require(by, Action.DECIDE, case)
    row = _locked(case)
    if row.state != Case.State.OPEN:
        raise ValidationError("Ärendet är redan beslutat.")
    last, opened = today or timezone.localdate(), timezone.localdate(row.opened_at)
    errors = {}
    if row.analysed_on is None and not notify:
        errors["motive"] = "Gör klart händelseanalysen innan du beslutar att inte anmäla."
    elif not motive.strip():
        errors["motive"] = "Skriv varför händelsen anmäls eller inte anmäls."
    if not opened <= decided_on <= last:
        errors["decided_on"] = "Beslutet fattas från dagen då ärendet öppnades och senast i dag."
    if notify and notified_on is None:
        errors["notified_on"] = "Skriv vilken dag anmälan gick till IVO."
    if notified_on is not None and not notify:
        errors["notified_on"] = "Du har valt att inte anmäla: ta bort datumet."
    elif notified_on is not None and not decided_on <= notified_on <= last:
        errors["notified_on"] = "Anmälan görs från beslutets dag och senast i dag."
    if errors:
        raise ValidationError(errors)
    row.save_over(
        expected_revision,
        state=Case.State.NOTIFIED if notify else Case.State.NOT_NOTIFIED,
        motive=motive.strip(),
        decided_on=decided_on,
        decided_by=by,
        notified_on=notified_on,
    )
    late = notified_on is not None and notified_on > row.due_on
    access.record(by, "lex_maria.decided", row, notified=notify, late=late)
    duties.maria_decided(row, by)
    return row


@transaction.atomic
def outcome_of_lex_maria(
    case: LexMariaCase, by: Person, outcome: str, *, expected_revision: int
) -> LexMariaCase:
    """Note IVO's decision in a notified case. Raises NotAllowedError; StaleRecordError; ValidationError."""
    access.require(by, Action.EDIT, case)
    row = _locked(case)
    if row.state != Case.State.NOTIFIED:
        raise ValidationError("Ärendet är inte anmält till IVO, eller redan avslutat.")
    if not outcome.strip():
        raise ValidationError({"outcome": "Skriv vad IVO beslutade."})
    row.save_over(expected_revision, outcome=outcome.strip())
    access.record(by, "lex_maria.outcome_noted", row)
    return row


@transaction.atomic
def close_lex_maria(case: LexMariaCase, by: Person, on: date, *, today: date | None = None) -> LexMariaCase:
    """Close a decided case: the analysis is finished, it is said whether the patient was informed, and what is
    notified has IVO's decision. Raises NotAllowedError; ValidationError with everything that is missing."""
    access.require(by, Action.DECIDE, case)
    row = _locked(case)
    missing = []
    if row.state not in (Case.State.NOTIFIED, Case.State.NOT_NOTIFIED) or row.decided_on is None:
        raise ValidationError("Bara ett beslutat ärende kan avslutas, och bara en gång.")
    if row.analysed_on is None:
        missing.append("händelseanalysen är inte klar")
    if row.patient_informed is None:
        missing.append("det är inte sagt om patienten är informerad")
    if row.state == Case.State.NOTIFIED and not row.outcome:
        missing.append("IVO:s beslut är inte inskrivet")
    if missing:
        raise ValidationError(f"Ärendet kan inte avslutas än: {', '.join(missing)}.")
    if not max(row.decided_on, row.notified_on or row.decided_on) <= on <= (today or timezone.localdate()):
        raise ValidationError({"on": "Avslutet kommer efter beslutet och senast i dag."})
    row.save_over(row.revision, state=Case.State.CLOSED, closed_on=on)
    access.record(by, "lex_maria.closed", row)
    duties.maria_closed(row, by)
    return row


def _locked(case: LexMariaCase) -> LexMariaCase:
    """The case as it stands now, held until the transaction is over."""
    return LexMariaCase.objects.select_for_update(of=("self",)).select_related("deviation", "committee", "unit").get(
        pk=case.pk
    )  # fmt: skip
