"""What people do with incidents: report inside the house, assess, tell the authority in time, inform, close (5.4)."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from roder import access, tasks
from roder.access import Action, NotAllowedError, Resource
from roder.access.matrix import allows
from roder.access.rights import User
from roder.control.models import Incident
from roder.control.rules import incidents as rules
from roder.control.services.keeping import ANSWERS, refuse, saved
from roder.core.put import created
from roder.organisation.models import Body, Person, Unit
from roder.tasks.owners import Owner

TASK = "control.incident_report"
State = Incident.State


def units_to_report_for(by: Person, committee: Body) -> QuerySet[Unit]:
    """The units that somebody may report an incident for: their own and those under them, or every one."""
    held = _mandates(by, committee)
    rows = Unit.objects.filter(committee=committee).order_by("name")
    if any(one.unit_id is None for one in held):
        return rows
    return rows.filter(pk__in={unit for one in held for unit in one.units})


def may_report(by: Person, committee: Body, unit: Unit | None = None) -> bool:
    """Whether somebody may report an incident for a unit, or (None) for the committee as a whole."""
    if unit is None:
        return any(one.unit_id is None for one in _mandates(by, committee))
    return units_to_report_for(by, committee).filter(pk=unit.pk).exists()


def _mandates(by: User, committee: Body) -> list[access.Grant]:
    """The mandates that give the right to report."""
    return [
        one
        for one in access.grants(by)
        if one.committee_id == committee.pk
        and (
            allows(one.role, Resource.INCIDENTS, Action.REPORT)
            or allows(one.role, Resource.INCIDENTS, Action.EDIT)
        )
    ]


@transaction.atomic
def report_incident(
    committee: Body,
    by: Person,
    *,
    discovered_at: datetime | None,
    title: str,
    what: str,
    unit: Unit | None = None,
    kind: str = Incident.Kind.PERSONAL_DATA,
    happened_at: datetime | None = None,
    affected: int | None = None,
    data_kinds: str = "",
    measures: str = "",
) -> Incident:
    """Report an incident inside the house. With personal data the clock runs from the discovery: 72 hours to tell the
    authority, as a task with a clock.

    Raises NotAllowedError; ValidationError at the field.
    """
    if not may_report(by, committee, unit):
        if unit is None and _mandates(by, committee):
            refuse({"unit": "Välj vilken av dina enheter incidenten gäller."})
        raise NotAllowedError("Dina mandat ger inte rätt att rapportera en incident här.")
    refuse(rules.moment_faults(happened_at, discovered_at, timezone.now()))
    assert discovered_at is not None  # noqa: S101 - the rule has refused it
    personal = kind == Incident.Kind.PERSONAL_DATA
    row = created(
        Incident(
            committee=committee, unit=unit, kind=kind, title=" ".join(title.split()), what=what.strip(),
            happened_at=happened_at, discovered_at=discovered_at, affected=affected, data_kinds=data_kinds.strip(),
            measures=measures.strip(), report_by=rules.report_by(discovered_at) if personal else None,
        )
    )  # fmt: skip
    access.record(by, "incident.reported_inside", row)
    if personal:
        tasks.open_task(
            TASK, row, owner=Owner(ANSWERS, committee=committee), due=row.report_by, by=by,
            what="Bedöm incidenten och anmäl den till IMY inom 72 timmar",
        )  # fmt: skip
    return row


@transaction.atomic
def describe(row: Incident, by: Person, *, expected_revision: int, **values: Any) -> Incident:
    """Change what is known of an incident. A new moment of discovery moves the clock, until it has been reported.

    Raises NotAllowedError; ValidationError at the field; StaleRecordError.
    """
    access.require(by, Action.EDIT, row)
    discovered = values.get("discovered_at", row.discovered_at)
    refuse(rules.moment_faults(values.get("happened_at", row.happened_at), discovered, timezone.now()))
    personal = values.get("kind", row.kind) == Incident.Kind.PERSONAL_DATA
    values["report_by"] = rules.report_by(discovered) if personal else None
    if row.reported_at is not None:
        refuse(
            rules.report_faults(
                row.reported_at, discovered, values["report_by"], row.late_reason or "-", timezone.now()
            )
        )
    saved(row, expected_revision, **values)
    if row.state == State.OPEN:
        if personal:
            tasks.open_task(
                TASK, row, owner=Owner(ANSWERS, committee=row.committee), due=row.report_by, by=by,
                what="Bedöm incidenten och anmäl den till IMY inom 72 timmar",
            )  # fmt: skip
            tasks.reschedule(TASK, row, row.report_by, by=by)
        else:
            tasks.cancel(TASK, row, "Incidenten rör inte personuppgifter.", by=by)
    access.record(by, "incident.described", row)
    return row


@transaction.atomic
def assess(
    row: Incident, by: Person, *, risk: str, assessment: str, expected_revision: int | None = None
) -> Incident:
    """Assess the risk for those concerned. Raises NotAllowedError; ValidationError at the field; StaleRecordError."""
    access.require(by, Action.EDIT, row)
    _require_not_closed(row)
    faults = {} if risk in Incident.Risk.values else {"risk": "Ange hur stor risken är för de berörda."}
    if not assessment.strip():
        faults["assessment"] = "Skriv hur du kom fram till det."
    if not faults and row.state == State.NOT_REPORTED:
        faults = rules.unreported_faults(row.kind, risk, assessment)
    refuse(faults)
    saved(row, expected_revision, risk=risk, assessment=assessment.strip())
    access.record(by, "incident.assessed", row, risk=risk)
    return row


@transaction.atomic
def report_to_authority(
    row: Incident,
    by: Person,
    *,
    reported_at: datetime | None,
    authority_number: str = "",
    late_reason: str = "",
    expected_revision: int | None = None,
) -> Incident:
    """Write down that the authority was told, and when. After 72 hours it must say why it is late.

    Raises NotAllowedError; ValidationError at the field; StaleRecordError.
    """
    access.require(by, Action.DECIDE, row)
    if row.state == State.CLOSED or row.reported_at is not None:
        raise ValidationError("Incidenten är redan anmäld eller avslutad. Ladda om sidan.")
    refuse(rules.report_faults(reported_at, row.discovered_at, row.report_by, late_reason, timezone.now()))
    saved(
        row, expected_revision, reported_at=reported_at, authority_number=authority_number.strip(),
        late_reason=late_reason.strip(), state=State.REPORTED,
    )  # fmt: skip
    tasks.complete(TASK, row, by, at=reported_at)
    access.record(by, "incident.reported", row)
    return row


@transaction.atomic
def do_not_report(
    row: Incident, by: Person, *, risk: str, assessment: str, expected_revision: int | None = None
) -> Incident:
    """Decide that the authority is not told, with the assessment. Personal data: only where a risk is unlikely.

    Raises NotAllowedError; ValidationError at the field; StaleRecordError.
    """
    access.require(by, Action.DECIDE, row)
    if row.state != State.OPEN:
        raise ValidationError("Det är redan bestämt om incidenten anmäls. Ladda om sidan.")
    refuse(rules.unreported_faults(row.kind, risk, assessment))
    saved(row, expected_revision, risk=risk, assessment=assessment.strip(), state=State.NOT_REPORTED)
    tasks.complete(TASK, row, by, note="Anmäls inte.")
    access.record(by, "incident.not_reported", row)
    return row


@transaction.atomic
def inform(row: Incident, by: Person, on: date | None, *, expected_revision: int | None = None) -> Incident:
    """Write down the day when those concerned were told. Raises ValidationError at the field; StaleRecordError."""
    access.require(by, Action.EDIT, row)
    discovered = timezone.localtime(row.discovered_at).date()
    refuse(rules.inform_faults(on, discovered, timezone.localdate()))
    saved(row, expected_revision, informed_on=on)
    access.record(by, "incident.informed", row, on=str(on))
    return row


@transaction.atomic
def close(row: Incident, by: Person, *, measures: str = "", expected_revision: int | None = None) -> Incident:
    """Close an incident with the measures taken. Raises NotAllowedError; ValidationError that says what is left to do;
    StaleRecordError."""
    access.require(by, Action.EDIT, row)
    _require_not_closed(row)
    refuse(rules.close_faults(row.state, row.kind, row.risk, row.informed_on))
    if not (measures or row.measures).strip():
        refuse({"measures": "Skriv vilka åtgärder incidenten ledde till."})
    saved(row, expected_revision, measures=(measures or row.measures).strip(), state=State.CLOSED)
    access.record(by, "incident.closed", row)
    return row


def _require_not_closed(row: Incident) -> None:
    if row.state == State.CLOSED:
        raise ValidationError("Incidenten är avslutad. Ladda om sidan.")


def may_report_somewhere(by: User, committee: Body) -> bool:
    """Whether somebody may report an incident anywhere in the committee."""
    return bool(_mandates(by, committee))
