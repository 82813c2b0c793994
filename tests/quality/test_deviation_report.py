"""Reporting: under a minute when all is well, a plain answer at the field when it is not, and never twice."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from roder import tasks
from roder.access import NotAllowedError
from roder.organisation.models import Mandate
from roder.quality.models import Deviation
from roder.quality.services import deviations as deeds
from roder.quality.services import moves
from roder.quality.services.report import create_by_rule, own_units, reportable_units, supplement
from tests.quality.deviation_world import Quality, build_quality
from tests.web.world import SINCE_2020


@pytest.fixture
def quality(db: None) -> Quality:
    return build_quality()


def faults(quality: Quality, by: str = "care_staff", **changes: Any) -> dict[str, list[str]]:
    with pytest.raises(ValidationError) as caught:
        quality.report(by, **changes)
    assert not Deviation.objects.exists()
    return caught.value.message_dict


def test_a_report_starts_the_clock_and_tells_the_right_people(quality: Quality) -> None:
    case = quality.report()
    year = timezone.localtime().year
    assert (case.number, case.state, case.law, case.unit) == (f"{year}-0001", "reported", "hsl", quality.unit)
    assert case.service_area is not None and case.service_area.code == "sabo"
    steps = {one.code: one for one in case.steps.all()}
    assert set(steps) == {
        "assessment", "facts", "classification", "profession_classification", "investigation", "follow_up",
        "profession_follow_up", "review",
    }  # fmt: skip
    assert steps["assessment"].due_at == case.discovered_at + timedelta(hours=2)
    live = {one.kind: one for one in tasks.of(case) if one.live}
    assert set(live) == {"quality.assessment", "quality.facts", "quality.classification"}
    assert (live["quality.assessment"].role, live["quality.facts"].role) == ("licensed", "unit_manager")
    told = set(tasks.Notice.objects.values_list("recipient__email", flat=True))
    assert told == {"unit_manager@prov.se", "licensed@prov.se"}
    assert not any("golvet" in one.title + one.body + "A17" * 0 for one in tasks.Notice.objects.all())


def test_a_social_event_asks_nobody_of_the_profession(quality: Quality) -> None:
    case = quality.social()
    assert case.law == "sol"
    assert set(case.steps.values_list("code", flat=True)) == {
        "facts", "classification", "investigation", "follow_up"
    }  # fmt: skip


def test_what_the_reporter_finds_serious_is_told_to_those_who_decide(quality: Quality) -> None:
    quality.report(severity=4)
    assert tasks.Notice.objects.filter(recipient__email="mas@prov.se").exists()
    quality.social(severity=3)
    assert tasks.Notice.objects.filter(recipient__email="sas@prov.se").exists()


@pytest.mark.parametrize(
    ("changes", "field", "words"),
    [
        ({"unit": None}, "unit", "var det hände"),
        ({"occurred_at": None}, "occurred_at", "när det hände"),
        ({"occurred_at": timedelta(hours=1)}, "occurred_at", "framåt"),
        ({"occurred_at": timedelta(days=-365 * 40)}, "occurred_at", "10 år"),
        ({"discovered_at": timedelta(hours=-5)}, "discovered_at", "innan den hände"),
        ({"types": []}, "types", "minst en typ"),
        ({"types": [("finns-inte", "")]}, "types", "finns inte"),
        ({"types": [("fall", "dos")]}, "types", "finns inte"),
        ({"what": "  "}, "what", "vad som hände"),
        ({"what": "x" * 200_000}, "what", "200\u00a0000 tecken"),
        ({"what": "Gäller 19121212-1212."}, "what", "personnummer"),
        ({"reference": "121212 1212"}, "reference", "personnummer"),
        ({"told": "sonen, 121212-1212"}, "told", "personnummer"),
        ({"what": "a\x00b"}, "what", "NUL"),
        ({"severity": 7}, "severity", "graderna"),
        ({"direction": "manen"}, "direction", "giltigt"),
    ],
)
def test_bad_reports_are_told_at_the_field(
    quality: Quality, changes: dict[str, Any], field: str, words: str
) -> None:
    now = timezone.now()
    changes = {key: now + one if isinstance(one, timedelta) else one for key, one in changes.items()}
    found = faults(quality, **changes)
    assert words in " ".join(found[field]), found


def test_everything_wrong_is_told_at_once(quality: Quality) -> None:
    assert set(faults(quality, unit=None, occurred_at=None, types=[], what="")) == {
        "unit", "occurred_at", "types", "what"
    }  # fmt: skip


def test_care_staff_report_for_their_own_units(quality: Quality) -> None:
    assert "hör inte till" in faults(quality, unit=quality.sibling)["unit"][0]
    assert quality.report("licensed", unit=quality.sibling).unit == quality.sibling
    person = quality.who("care_staff")
    assert list(reportable_units(person, quality.committee)) == [quality.unit]
    assert list(own_units(person, quality.committee)) == [quality.unit]
    Mandate.objects.create(person=person, role="care_staff", unit=quality.sibling, valid=SINCE_2020)
    assert quality.report(unit=quality.sibling).unit == quality.sibling


@pytest.mark.parametrize(
    "role", ["member", "chair", "controller", "auditor", "secretary", "central_office", "nobody"]
)
def test_those_without_the_right_do_not_report(quality: Quality, role: str) -> None:
    with pytest.raises(NotAllowedError):
        quality.report(role)


def test_sent_twice_it_is_one(quality: Quality) -> None:
    key = uuid4()
    first = quality.report(client_key=key)
    assert quality.report(client_key=key, what="Samma igen") == first
    assert quality.report("unit_manager", client_key=key) != first
    assert Deviation.objects.count() == 2


def test_sent_again_what_is_changed_is_told_in_words(quality: Quality) -> None:
    key, person = uuid4(), quality.who("care_staff")
    case = quality.report(client_key=key, severity=2)
    assert not supplement(
        case, person, quality.sent(client_key=key, severity=2)
    )  # a plain retry says nothing
    at = timezone.now() - timedelta(days=1)
    changes: dict[str, Any] = {
        "severity": 4, "types": [("lakemedel", "dos"), ("fall", "")], "work_environment": True, "occurred_at": at,
        "discovered_at": at, "time_written": True, "direction": "till_region", "counterpart": "hospital",
        "unit": quality.sibling,
    }  # fmt: skip
    again = quality.sent(client_key=key, **changes)
    assert supplement(case, person, again)
    case.refresh_from_db()
    when = f"{timezone.localtime(at):%Y-%m-%d %H:%M}"
    said = case.what.partition("Tillägg ")[2].splitlines()[1:]
    assert said == [
        f"Enhet: {quality.sibling}", "Typ: Fall, Läkemedel (Dos inte överlämnad)",
        "Allvarlighet: 4. Mycket allvarlig: stor kvarstående skada eller död, eller risk för det",
        "Rör arbetsmiljön: ja", "Riktning: Till regionen", "Motpart: sjukhus", f"Hände: {when}", f"Upptäcktes: {when}",
    ]  # fmt: skip
    assert (case.unit, case.severity_reported, case.work_environment) == (quality.unit, 2, False)
    assert not supplement(case, person, again)
    assert supplement(case, person, quality.sent(client_key=key, severity=2))  # changed back
    case.refresh_from_db()
    assert "Rör arbetsmiljön: nej" in case.what.splitlines()


def test_sent_again_what_others_have_changed_is_not_told(quality: Quality) -> None:
    key, person = uuid4(), quality.who("care_staff")
    case = quality.report(client_key=key)
    manager = quality.who("unit_manager")
    deeds.classify(case, manager, types=[("bemotande", "")], severity=1)
    moves.hand_over(case, manager, quality.sibling, reason="Hände hos er.")
    assert not supplement(case, person, quality.sent(client_key=key))


def test_emoji_and_several_types_with_causes(quality: Quality) -> None:
    case = quality.report(
        what="Föll 🤕 i hallen", place="Hallen 🏠",
        types=[("lakemedel", "dos"), ("lakemedel", "signering"), ("lakemedel", ""), ("bemotande", "")],
    )  # fmt: skip
    matters = {(one.type.code, one.cause.code if one.cause else "") for one in case.matters.all()}
    assert matters == {("lakemedel", "dos"), ("lakemedel", "signering"), ("bemotande", "")}
    assert Deviation.objects.get(pk=case.pk).what == "Föll 🤕 i hallen"


def test_a_unit_without_manager_falls_to_the_next_in_the_line(quality: Quality) -> None:
    Mandate.objects.filter(role="unit_manager").delete()
    quality.social()
    assert tasks.Notice.objects.filter(recipient__email="head_department@prov.se").exists() or (
        tasks.Notice.objects.filter(recipient__email="head_administration@prov.se").exists()
    )


def test_a_rule_makes_one_deviation_for_each_reference(quality: Quality) -> None:
    now = timezone.now()
    values: dict[str, Any] = {
        "unit": quality.unit, "occurred_at": now - timedelta(days=130), "rule": "tilldelning", "law": "sol",
        "what": "Ansökan tilldelades efter mer än fyra månader.", "types": ["bemotande", "finns-inte"],
        "reference": "ref-1", "reported_at": now,
    }  # fmt: skip
    case, made = create_by_rule(quality.committee, **values)
    assert made and case.reporter is None and case.reporter_kind == "rule" and case.steps.exists()
    assert create_by_rule(quality.committee, **values) == (case, False)
    other, made = create_by_rule(quality.committee, **{**values, "reference": "ref-2"})
    assert made and other.number != case.number
