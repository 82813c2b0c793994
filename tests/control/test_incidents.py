"""Incidents: the 72 hours, also over the change of clocks; late, not reported, those concerned; who may see them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from roder import access, tasks
from roder.access import NotAllowedError
from roder.control.models import Incident
from roder.control.rules import incidents as rules
from roder.control.services import incidents
from roder.core.models import StaleRecordError
from roder.organisation.models import Unit
from tests.control.world import Room

SWEDEN = ZoneInfo("Europe/Stockholm")
NUMBER = "19121212" + "-" + "1212"  # the tax agency's own test number


def faults_of(error: Any) -> dict[str, list[str]]:
    """The messages by field."""
    found: dict[str, list[str]] = error.value.message_dict
    return found


@given(st.datetimes(datetime(2018, 5, 25), datetime(2040, 1, 1), timezones=st.just(SWEDEN)))
def test_the_time_is_always_72_real_hours(discovered: datetime) -> None:
    due = rules.report_by(discovered)
    assert due.astimezone(UTC) - discovered.astimezone(UTC) == timedelta(hours=72)
    assert not rules.is_late(due, due)
    assert rules.is_late(due.astimezone(UTC) + timedelta(seconds=1), due)


def test_the_clock_on_the_wall_moves_an_hour_over_the_change_of_clocks() -> None:
    spring = rules.report_by(datetime(2026, 3, 27, 12, tzinfo=SWEDEN))  # the clocks go forward on the 29th
    assert (spring.day, spring.hour) == (30, 13)
    autumn = rules.report_by(datetime(2026, 10, 24, 12, tzinfo=SWEDEN))  # and back on the 25th
    assert (autumn.day, autumn.hour) == (27, 11)


def test_a_moment_without_a_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="tidszon"):
        rules.report_by(datetime(2026, 1, 1))


@given(
    st.sampled_from(Incident.Kind.values), st.sampled_from(["", *Incident.Risk.values]), st.text(max_size=5)
)
def test_only_an_unlikely_risk_for_personal_data_may_stay_in_the_house(
    kind: str, risk: str, why: str
) -> None:
    allowed = not rules.unreported_faults(kind, risk, why)
    assert allowed == (bool(why.strip()) and (kind != "personal_data" or risk == "unlikely"))


def reported(room: Room, **given_values: Any) -> Incident:
    """An incident discovered an hour ago, reported by the unit's manager."""
    values: dict[str, Any] = {
        "discovered_at": timezone.now() - timedelta(hours=1), "title": "Brev till fel adress", "what": "Ett beslut.",
        "unit": room.unit,
    } | given_values  # fmt: skip
    return incidents.report_incident(room.committee, room.by("unit_manager"), **values)


def test_a_manager_reports_and_the_strategist_gets_a_task_with_a_clock(room: Room) -> None:
    row = reported(room)
    [task] = tasks.of(row)
    assert (task.kind, task.role, task.due_at) == (
        "control.incident_report",
        "quality_strategist",
        row.report_by,
    )
    assert "control.incident_report" in tasks.kinds.clocks()
    assert access.visible(room.by("unit_manager"), Incident.objects.all()).get() == row


def test_a_manager_sees_the_own_units_incidents_only(room: Room) -> None:
    elsewhere = Unit.objects.create(committee=room.committee, code="9", name="Annan enhet", kind="unit")
    with pytest.raises(NotAllowedError):
        reported(room, unit=elsewhere)
    with pytest.raises(ValidationError) as error:
        reported(room, unit=None)
    assert "dina enheter" in faults_of(error)["unit"][0]
    hidden = Incident.objects.create(
        committee=room.committee, unit=elsewhere, title="Annat", what="Annat", discovered_at=timezone.now()
    )
    assert hidden not in access.visible(room.by("unit_manager"), Incident.objects.all())
    assert hidden in access.visible(room.by("quality_strategist"), Incident.objects.all())
    assert not access.visible(room.by("member"), Incident.objects.all()).exists()


def test_discovered_before_it_happened_or_in_time_to_come(room: Room) -> None:
    now = timezone.now()
    with pytest.raises(ValidationError) as error:
        reported(room, happened_at=now)
    assert "upptäcktes" in faults_of(error)["happened_at"][0]
    with pytest.raises(ValidationError) as error:
        reported(room, discovered_at=now + timedelta(hours=1))
    assert "framtiden" in faults_of(error)["discovered_at"][0]
    with pytest.raises(ValidationError) as error:
        reported(room, what=f"Gällde {NUMBER}")
    assert "personnummer" in faults_of(error)["what"][0]


def test_a_late_report_says_why(room: Room) -> None:
    by = room.by("quality_strategist")
    row = reported(room, discovered_at=timezone.now() - timedelta(hours=80))
    at = timezone.now() - timedelta(minutes=1)
    with pytest.raises(ValidationError) as error:
        incidents.report_to_authority(row, by, reported_at=at)
    assert "72 timmar" in faults_of(error)["late_reason"][0]
    incidents.report_to_authority(row, by, reported_at=at, late_reason="Helg", authority_number="IMY-2022-1")
    assert row.state == Incident.State.REPORTED
    assert tasks.of(row).get().state == "done"
    with pytest.raises(ValidationError, match="redan anmäld"):
        incidents.report_to_authority(row, by, reported_at=at, late_reason="Helg")


def test_the_secretary_describes_but_does_not_decide(room: Room) -> None:
    row = reported(room)
    with pytest.raises(NotAllowedError):
        incidents.report_to_authority(row, room.by("secretary"), reported_at=timezone.now())


def test_not_reporting_needs_an_assessment_of_an_unlikely_risk(room: Room) -> None:
    by, row = room.by("quality_strategist"), reported(room)
    with pytest.raises(ValidationError) as error:
        incidents.do_not_report(row, by, risk="high", assessment="")
    assert set(faults_of(error)) == {"risk", "assessment"}
    incidents.do_not_report(row, by, risk="unlikely", assessment="Brevet kom tillbaka oöppnat.")
    assert (row.state, tasks.of(row).get().state) == ("not_reported", "done")
    with pytest.raises(ValidationError) as error:
        incidents.assess(row, by, risk="high", assessment="Mer än vi trodde")
    assert "ska incidenten anmälas" in faults_of(error)["risk"][0]
    incidents.report_to_authority(row, by, reported_at=timezone.now())  # thought better of
    incidents.assess(row, by, risk="high", assessment="Mer än vi trodde")
    with pytest.raises(ValidationError, match="De berörda"):
        incidents.close(row, by, measures="Ny rutin")
    with pytest.raises(ValidationError) as error:
        incidents.inform(row, by, timezone.localdate() - timedelta(days=3))
    assert "innan" in faults_of(error)["informed_on"][0]
    incidents.inform(row, by, timezone.localdate())
    incidents.close(row, by, measures="Ny rutin")
    assert row.state == "closed"


def test_a_new_moment_of_discovery_moves_the_clock(room: Room) -> None:
    by, row = room.by("quality_strategist"), reported(room)
    earlier = timezone.now() - timedelta(hours=10)
    incidents.describe(row, by, expected_revision=row.revision, discovered_at=earlier)
    assert tasks.of(row).get().due_at == earlier + timedelta(hours=72)
    with pytest.raises(StaleRecordError):
        incidents.describe(row, by, expected_revision=1, title="Annan")
    row.refresh_from_db()
    incidents.describe(row, by, expected_revision=row.revision, kind="other")
    assert tasks.of(row).get().state == "cancelled"
    assert row.report_by is None
