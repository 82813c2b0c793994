"""Risk analyses through the services: scales, scores, handling, years; and what is refused, in Swedish."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import DatabaseError, IntegrityError, transaction
from django.db.models import ProtectedError

from roder import tasks
from roder.access import NotAllowedError
from roder.access.models import AuditRecord
from roder.control.models import CriticalFactor, Risk, RiskAnalysis, ScaleVersion
from roder.control.services import analyses, risks, scales
from roder.control.services.risks import RiskFault
from roder.core.models import Link, StaleRecordError
from roder.organisation.models import Person
from roder.steering.models import Goal, SteeringModelVersion
from tests.control.world import DEPARTING, Room, content


def told(error: ValidationError) -> dict[str, str]:
    """A fault's messages by field."""
    by_field = error.message_dict if hasattr(error, "error_dict") else {"": error.messages}
    return {name: " ".join(texts) for name, texts in by_field.items()}


def next_model(room: Room, year: int, **changes: Any) -> SteeringModelVersion:
    """A later steering model, whose first risk scale has these values changed."""
    held = content()
    first, *rest = held["risk_scales"]
    scales_ = [first | changes, *rest]
    return SteeringModelVersion.objects.create(
        committee=room.committee, year=year, version=9, content=held | {"risk_scales": scales_}, source="",
        sha256="9" * 64,
    )  # fmt: skip


# --- scales ----------------------------------------------------------------------------------------------------------


def test_each_use_has_its_own_scale_and_the_same_is_kept_once(room: Room) -> None:
    found = scales.scale_for(room.committee, 2022)
    assert (found.code, scales.scale_of(found).size) == ("vasentlighet", "4 × 4")
    assert scales.scale_for(room.committee, 2025) == found  # the latest model of an earlier year
    other = scales.scale_for(room.committee, 2022, "internal_control")
    assert (other.code, other.impact_highest, scales.scale_of(other.pk).retired_value) == (
        "internkontroll",
        5,
        0,
    )


def test_a_scale_for_another_use_is_lent_and_none_is_told(room: Room) -> None:
    next_model(room, 2030, used_for=["internal_control"])
    assert scales.scale_for(room.committee, 2030).code in ("vasentlighet", "internkontroll")
    SteeringModelVersion.objects.create(
        committee=room.committee, year=2031, version=1, content={}, source="", sha256="8" * 64
    )
    with pytest.raises(scales.ScaleFault, match="Styrmodellen för 2031 har ingen riskskala"):
        scales.scale_for(room.committee, 2031)
    with pytest.raises(scales.ScaleFault, match="ingen styrmodell för 1999"):
        scales.scale_for(room.committee, 1999)


def test_a_kept_scale_is_never_changed(room: Room) -> None:
    with pytest.raises(DatabaseError), transaction.atomic():
        ScaleVersion.objects.filter(pk=room.scale.pk).update(label="Annan")


# --- the year --------------------------------------------------------------------------------------------------------


def test_an_analysis_is_opened_once_a_year_by_who_may(room: Room, strategist: Person, member: Person) -> None:
    made = analyses.open_analysis(room.committee, 2060, strategist)
    assert made.scale.code == "vasentlighet" and str(made) == "Riskanalys 2060"
    task = tasks.of(made)[0]
    assert task.due_at is not None
    assert (task.kind, tasks.rules.day_of(task.due_at, whole_day=True)) == (analyses.TASK, date(2059, 11, 30))
    with pytest.raises(RiskFault, match="har redan en riskanalys för 2060"):
        analyses.open_analysis(room.committee, 2060, strategist)
    with pytest.raises(NotAllowedError):
        analyses.open_analysis(room.committee, 2061, member)


def test_risks_are_carried_over_once_without_scores(room: Room, strategist: Person) -> None:
    risks.retire(room.risks["16"], strategist, "Platserna är byggda")
    later = analyses.open_analysis(room.committee, 2023, strategist)
    made = analyses.carry_over(later, room.analysis, strategist)
    assert len(made) == 16 and analyses.carry_over(later, room.analysis, strategist) == []
    first = later.risks.get(code="R-0001")
    assert (first.likelihood, first.handling, first.in_plan) == (None, "", None)
    assert (first.previous, first.previous_value, first.number) == (room.risks["1"], 8, "1")
    assert risks.movement_of(first).words == "inte bedömd, förra året 8"
    scored = risks.score(first, strategist, 4, 3)
    assert (scored.value, risks.movement_of(scored).words) == (12, "upp från 8")
    with pytest.raises(RiskFault, match="tidigare år"):
        analyses.carry_over(room.analysis, later, strategist)


def test_a_new_scale_leaves_old_scores_readable_under_the_old(room: Room, strategist: Person) -> None:
    assert not analyses.has_newer_scale(room.analysis)
    with pytest.raises(RiskFault, match="ingen annan skala"):
        analyses.use_new_scale(room.analysis, strategist)
    five = [{"value": value} for value in range(1, 6)]
    next_model(
        room, 2022, matrix=[], handling=[],
        likelihood={"label": "Sannolikhet", "steps": five}, impact={"label": "Konsekvens", "steps": five},
    )  # fmt: skip
    assert analyses.has_newer_scale(room.analysis)
    Risk.objects.filter(pk=room.risks["17"].pk).update(likelihood=None, impact=None)
    analysis = analyses.use_new_scale(room.analysis, strategist)
    old, empty = (Risk.objects.get(pk=room.risks[number].pk) for number in ("7", "17"))
    assert (old.scale, empty.scale) == (room.scale, analysis.scale)
    assert risks.departs(old) is not None  # by the rule of its own scale
    assert [one.size for one in analyses.older_scales(analysis)] == ["4 × 4"]
    assert analyses.by_old_scale(analysis).count() == 16
    scored = risks.score(old, strategist, 5, 5)
    assert (scored.scale, scored.value, risks.departs(scored)) == (analysis.scale, 25, None)


def test_a_decided_analysis_is_not_changed_until_it_is_opened_again(room: Room, strategist: Person) -> None:
    first = room.risks["1"]
    Risk.objects.filter(pk=room.risks["2"].pk).update(likelihood=None, impact=None)
    suggested = risks.new_risk(room.analysis, None, text="Ett förslag", state="suggested")
    with pytest.raises(RiskFault) as fault:
        analyses.decide_analysis(room.analysis, strategist, date(2021, 12, 17), "§ 84")
    assert str(fault.value) == (
        f"Ta upp förslagen eller ta bort dem: {suggested.code}. Bedöm riskerna eller låt dem utgå: 2."
    )
    suggested = risks.revive(suggested, strategist)
    for one in (suggested, room.risks["2"]):
        risks.score(one, strategist, 3, 4)
    decided = analyses.decide_analysis(room.analysis, strategist, date(2021, 12, 17), "§ 84")
    assert decided.state == "decided" and Risk.objects.get(pk=suggested.pk).number == "18"
    for deed in (
        lambda: risks.score(first, strategist, 1, 1),
        lambda: risks.handle(first, strategist, "goal"),
        lambda: risks.retire(first, strategist, "Borta"),
        lambda: risks.add_risk(decided, strategist, text="En till"),
        lambda: analyses.decide_analysis(decided, strategist, date(2021, 12, 18), ""),
    ):
        with pytest.raises(RiskFault, match="beslutad 2021-12-17"):
            deed()
    analyses.reopen_analysis(decided, strategist)
    assert risks.score(first, strategist, 1, 1).value == 1


# --- scores ----------------------------------------------------------------------------------------------------------


def test_a_score_outside_the_scale_is_told_at_the_field_and_refused_by_the_database(
    room: Room, strategist: Person
) -> None:
    with pytest.raises(RiskFault) as fault:
        risks.score(room.risks["1"], strategist, 5, 2)
    assert told(fault.value) == {
        "likelihood": "Sannolikhet 5 finns inte i skalan Väsentlighets- och riskanalys. "
        "Ange ett värde mellan 1 och 4."
    }
    with pytest.raises(IntegrityError), transaction.atomic():
        Risk.objects.filter(pk=room.risks["1"].pk).update(likelihood=5)
    assert Risk.objects.get(pk=room.risks["1"].pk).value == 8


def test_two_people_scoring_at_once_the_second_sees_the_first(room: Room, strategist: Person) -> None:
    risk = room.risks["1"]
    seen = risk.revision
    first = risks.score(risk, strategist, 4, 4, expected_revision=seen)
    assert first.value == 16
    with pytest.raises(StaleRecordError) as stale:
        risks.score(risk, room.by("controller"), 1, 1, expected_revision=seen)
    current: Any = stale.value.current
    assert (current.likelihood, current.impact) == (4, 4)
    row = AuditRecord.objects.filter(deed="risk.scored").latest("pk")
    assert row.detail == {"likelihood": 4, "impact": 4, "scale": room.scale.pk}


def test_who_may_not_edit_may_not_score(room: Room, member: Person) -> None:
    with pytest.raises(NotAllowedError):
        risks.score(room.risks["1"], member, 1, 1)


def test_a_retired_risk_keeps_its_row_without_scores(room: Room, strategist: Person) -> None:
    risk = room.risks["3"]
    with pytest.raises(RiskFault) as fault:
        risks.retire(risk, strategist, " ")
    assert told(fault.value) == {"retired_reason": "Skriv varför risken utgår."}
    gone = risks.retire(risk, strategist, "Ingår i risk 4")
    assert (gone.value, risks.printed_score(gone)) == (None, ("–", "–", "–"))
    assert risks.printed_score(gone, room.scale5) == ("0", "0", "0")  # as the 5 × 5 scale prints it
    with pytest.raises(RiskFault, match="Ta upp risken igen"):
        risks.score(gone, strategist, 1, 1)
    back = risks.revive(gone, strategist)
    assert (back.state, risks.score(back, strategist, 2, 2).value) == ("active", 4)


# --- handling --------------------------------------------------------------------------------------------------------


def test_exactly_six_of_the_seventeen_depart(analysis: RiskAnalysis) -> None:
    found = risks.departures(analysis)
    assert tuple(risk.number for risk, _ in found) == DEPARTING
    assert all(why and not risk.handling_reason for risk, why in found)  # imported: the reasons are lacking


def test_a_departure_needs_its_reason_and_never_more(room: Room, strategist: Person) -> None:
    risk = room.risks["2"]
    with pytest.raises(RiskFault) as fault:
        risks.handle(risk, strategist, "immediate_action")
    assert told(fault.value) == {
        "handling_reason": "Riskvärdet är 12 och regeln föreslår mål eller internkontrollpunkt, "
        "inte omedelbar åtgärd. Skriv varför ni väljer något annat."
    }
    handled = risks.handle(risk, strategist, "immediate_action", reason="Olyckan är nära")
    assert (handled.handling, handled.in_plan) == ("immediate_action", False)
    assert risks.handle(risk, strategist, "").in_plan is None


def test_a_choice_about_the_plan_that_does_not_follow_says_why(room: Room, strategist: Person) -> None:
    risk = room.risks["2"]
    with pytest.raises(RiskFault) as fault:
        risks.handle(risk, strategist, "control_point", in_plan=False)
    assert "Skriv varför den inte ska med" in told(fault.value)["plan_reason"]
    assert (
        risks.handle(risk, strategist, "control_point", in_plan=False, plan_reason="Görs i år").in_plan
        is False
    )
    with pytest.raises(RiskFault, match="Skriv varför den ändå ska med"):
        risks.handle(risk, strategist, "goal", in_plan=True)
    with pytest.raises(RiskFault, match="finns inte"):
        risks.handle(risk, strategist, "hoppas")


# --- the register ----------------------------------------------------------------------------------------------------


def test_codes_go_on_and_numbers_are_the_next_free(room: Room, strategist: Person) -> None:
    made = risks.add_risk(room.analysis, strategist, text="En  ny risk", likelihood=1, impact=2)
    assert (made.code, made.number, made.text, made.value, made.position) == (
        "R-0018",
        "18",
        "En ny risk",
        2,
        18,
    )
    later = analyses.open_analysis(room.committee, 2023, strategist)
    assert risks.add_risk(later, strategist, text="Nästa år").code == "R-0019"
    with pytest.raises(ValidationError, match="Numret finns redan"):
        risks.add_risk(room.analysis, strategist, text="Samma nummer", number="18")
    with pytest.raises(ValidationError, match="personnummer"):
        risks.add_risk(room.analysis, strategist, text="Gäller 19121212-1212")


def test_a_risk_with_a_control_is_not_removed(room: Room, strategist: Person) -> None:
    with pytest.raises(RiskFault) as fault:
        risks.remove_risk(room.risks["1"], strategist)
    assert str(fault.value) == (
        "Risken går inte att ta bort: den har kontrollpunkt 1 i Internkontrollplan 2022. Låt den utgå i stället."
    )
    with pytest.raises(ProtectedError):
        room.risks["1"].delete()
    CriticalFactor.objects.create(
        committee=room.committee,
        year=2022,
        perspective="medarbetare",
        title="Rekrytering",
        risk=room.risks["8"],
    )
    with pytest.raises(RiskFault, match="kritiska faktorn ”Rekrytering”"):
        risks.remove_risk(room.risks["8"], strategist)
    free = risks.add_risk(room.analysis, strategist, text="Fel rad")
    risks.remove_risk(free, strategist)
    with pytest.raises(NotAllowedError):  # it is gone: nobody may do anything with it
        risks.remove_risk(free, strategist)


def test_what_came_of_a_risk_is_kept_once(room: Room, strategist: Person) -> None:
    risk, goal = room.risks["16"], Goal.objects.filter(committee=room.committee)[0]
    link = risks.created_from(risk, goal, strategist)
    assert risks.created_from(risk, goal, strategist) == link
    with pytest.raises(RiskFault, match="något har kommit ur den"):
        risks.remove_risk(risk, strategist)
    with pytest.raises(RiskFault, match="leder inte till"):
        risks.created_from(risk, room.plan, strategist)
    risks.unlink(risk, strategist, link.pk)
    assert not Link.objects.filter(pk=link.pk).exists() and Goal.objects.filter(pk=goal.pk).exists()


def test_movements_compare_only_what_can_be_compared(room: Room) -> None:
    risk = room.risks["1"]
    assert risks.movement_of(risk).words == "inget värde förra året"
    risk.previous_value = 12
    assert risks.movement_of(risk).words == "ner från 12"
    before = Risk.objects.create(
        committee=room.committee, scale=room.scale5, text="Före", likelihood=5, impact=5, number="99",
        analysis=RiskAnalysis.objects.create(
            committee=room.committee, year=2021, title="Riskanalys", scale=room.scale5
        ),
    )  # fmt: skip
    before.refresh_from_db()
    risk.previous = before
    assert risks.movement_of(risk).words == "förra året 25 på en annan skala"
    kungsor = Risk.objects.create(
        committee=room.committee, analysis=room.analysis, scale=room.scale5, text="Ny", previous_value=0
    )
    kungsor.refresh_from_db()
    assert risks.movement_of(kungsor).before is None
    assert len(risks.movements(room.analysis)) == 18
