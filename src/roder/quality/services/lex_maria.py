"""Lex Maria as the MAS does it: event analysis, the patient informed, notice to IVO or not, outcome, closing."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from roder import access
from roder.access.matrix import Action
from roder.access.rights import NotAllowedError, allows, grants
from roder.organisation.models import Person
from roder.quality.models import Deviation, LexMariaCase, LexSarahCase
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
    """Open a lex Maria case from a deviation; the notice is due two months after the event was first reported (the
    model's ``lex_maria_anmalan``, ``reported_on``). A case that is open already is given back.

    Raises NotAllowedError: lex Maria is the MAS' alone, where the mandate covers the unit.
    """
    access.require(by, Action.VIEW, deviation)
    _require_mandate(by, deviation)
    return _open_of(deviation) or _open(by, deviation, None, now)


@transaction.atomic
def hand_to_lex_maria(sarah: LexSarahCase, by: Person, *, now: datetime | None = None) -> LexMariaCase:
    """Open the lex Maria case that a lex Sarah case is moved to; or give the one that its deviation has open.

    It is a part of the decision of the SAS, who has no right to lex Maria: NotAllowedError for those who may not
    decide the lex Sarah case.
    """
    access.require(by, Action.DECIDE, sarah)
    found = _open_of(sarah.deviation) if sarah.deviation else None
    return found or _open(by, sarah.deviation, sarah, now)


def of_sarah(sarah: LexSarahCase) -> QuerySet[LexMariaCase]:
    """The lex Maria cases about what a lex Sarah case is about. Access is not asked here."""
    same = Q(lex_sarah=sarah) | Q(deviation__isnull=False, deviation=sarah.deviation_id)
    return LexMariaCase.objects.filter(same).order_by("pk")


def sarah_of(maria: LexMariaCase) -> QuerySet[LexSarahCase]:
    """The lex Sarah cases about what a lex Maria case is about. Access is not asked here."""
    same = Q(pk=maria.lex_sarah_id) | Q(deviation__isnull=False, deviation=maria.deviation_id)
    return LexSarahCase.objects.filter(same).order_by("pk")


def reported_on(deviation: Deviation | None, sarah: LexSarahCase | None = None) -> date:
    """The day the event was first reported, which the time to IVO counts from: of the reports that speak of it the
    earliest. A case that was split off counts from what it was split from, one that took in others from them too.
    """
    told = [sarah.reported_at] if sarah is not None else []
    seen: set[int] = set()
    waiting = [deviation] if deviation is not None else []
    while waiting:
        told += [one.reported_at for one in waiting]
        seen |= {one.pk for one in waiting}
        above = {one.split_from_id for one in waiting}
        of_same = Q(pk__in=above) | Q(merged_into__in=[one.pk for one in waiting])
        waiting = list(Deviation.objects.filter(of_same).exclude(pk__in=seen))
    return timezone.localdate(min(told))


def count_again(deviation: Deviation, by: Person) -> None:
    """The deviation took in an earlier report: the time to IVO of its open lex Maria case is counted from that."""
    for case in deviation.lex_maria.select_for_update(of=("self",)).filter(state=Case.State.OPEN):
        due = deadline(deviation.committee, "lex_maria_anmalan", reported_on(deviation, case.lex_sarah))
        if due < case.due_on:
            case.save_over(case.revision, due_on=due)
            duties.maria_moved(case, by)


def _open_of(deviation: Deviation) -> LexMariaCase | None:
    Deviation.objects.select_for_update().get(pk=deviation.pk)  # two at once open one case
    return deviation.lex_maria.exclude(state=Case.State.CLOSED).first()


def _open(
    by: Person, deviation: Deviation | None, sarah: LexSarahCase | None, now: datetime | None
) -> LexMariaCase:
    source = deviation or sarah
    assert source is not None  # noqa: S101 - it comes from one of them; the database holds it too
    at = now or timezone.now()
    year = timezone.localtime(at).year
    case = LexMariaCase(
        committee_id=source.committee_id,
        municipality_id=source.municipality_id,
        number=free_number(LexMariaCase, source.municipality_id, "lex_maria", year, 3),
        deviation=deviation,
        lex_sarah=sarah,
        unit=source.unit,
        service_area=source.service_area,
        opened_at=at,
        due_on=deadline(source.committee, "lex_maria_anmalan", reported_on(deviation, sarah)),
    )
    case.full_clean()
    case.save()
    said = {"deviation": deviation.number if deviation else "", "lex_sarah": sarah.number if sarah else ""}
    access.record(by, "lex_maria.opened", case, **{name: number for name, number in said.items() if number})
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
        if given is not None and not (_happened(row) or date.min) <= given <= last:
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


def _happened(case: LexMariaCase) -> date | None:
    """The day of the event; a lex Sarah report says only that it was before the report."""
    return timezone.localdate(case.deviation.occurred_at) if case.deviation else None


def _locked(case: LexMariaCase) -> LexMariaCase:
    """The case as it stands now, held until the transaction is over."""
    return LexMariaCase.objects.select_for_update(of=("self",)).select_related("deviation", "committee", "unit").get(
        pk=case.pk
    )  # fmt: skip
