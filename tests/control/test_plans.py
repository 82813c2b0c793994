"""The plan: opened, filled from the analysis, adopted once, changed afterwards by deeds that say why; its rounds."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from threading import Barrier, Thread
from typing import Any

import pytest
from django.db import connection
from django.utils import timezone

from roder import tasks
from roder.access import NotAllowedError
from roder.control.models import Control, ControlPlan, ControlPoint, ControlRound, RiskAnalysis
from roder.control.services import plans, rounds
from roder.control.services.plan_parts import PlanFault
from roder.core.faults import UserFault
from roder.core.models import Link, StaleRecordError
from roder.steering.models import Occasion
from roder.tasks.models import Task
from tests.control.world import Room, build_room

CONTROL: dict[str, Any] = {
    "what": "Att planerna finns", "responsible": "Avdelningschef", "owner_role": "head_administration",
    "occasions": ["interim"],
}  # fmt: skip
SOON = timezone.localdate() + timedelta(days=30)


def draft(room: Room, year: int = 2023) -> ControlPlan:
    """A draft for another year, that follows from this year's analysis."""
    return plans.open_plan(room.committee, year, room.by("quality_strategist"), analysis=room.analysis)


def refused(deed: Callable[[], Any]) -> dict[str, list[str]]:
    """What a deed is refused with, by field."""
    with pytest.raises(PlanFault) as told:
        deed()
    assert isinstance(told.value, UserFault)
    assert str(told.value)
    return told.value.message_dict if hasattr(told.value, "error_dict") else {"__all__": told.value.messages}


# --- opened and filled -----------------------------------------------------------------------------------------------


def test_a_plan_is_filled_from_the_analysis(room: Room) -> None:
    by, plan = room.by("quality_strategist"), draft(room)
    made = plans.points_from_analysis(plan, by)
    assert [one.risk.number for one in made if one.risk] == ["1", "2", "3", "4", "5", "6", "9"]
    assert [one.number for one in made] == [str(number) for number in range(1, 8)]
    assert made[0].process == "Styrprocessen"
    assert Link.objects.filter(
        source_kind="control.risk", source_id=room.risks["1"].pk, kind="led_to", target_kind="control.controlpoint",
        target_id=made[0].pk,
    ).exists()  # fmt: skip
    assert plans.points_from_analysis(plan, by) == [], "en andra gång läggs inget till"


def test_one_plan_a_year(room: Room) -> None:
    by = room.by("quality_strategist")
    assert "redan en internkontrollplan för 2022" in str(
        refused(lambda: plans.open_plan(room.committee, 2022, by))
    )
    analysis = RiskAnalysis.objects.create(committee=room.world.other, year=2022, title="X", scale=room.scale)
    assert "analysis" in refused(lambda: plans.open_plan(room.committee, 2025, by, analysis=analysis))
    with pytest.raises(NotAllowedError):
        plans.open_plan(room.committee, 2025, room.by("secretary"))


def test_a_control_needs_somebody_responsible(room: Room) -> None:
    by, plan = room.by("quality_strategist"), draft(room)
    point = plans.add_point(plan, by, title="Brandskydd")
    told = refused(lambda: plans.add_control(point, by, **{**CONTROL, "responsible": " ", "owner_role": ""}))
    assert set(told) == {"responsible", "owner_role"}
    told = refused(lambda: plans.add_control(point, by, **{**CONTROL, "scope": "number", "months": [13]}))
    assert set(told) == {"scope_number", "months"}
    told = refused(lambda: plans.add_control(point, by, **{**CONTROL, "occasions": ["midsommar"]}))
    assert "midsommar finns inte" in str(told["occasions"])
    first = plans.add_control(point, by, **CONTROL)
    told = refused(lambda: plans.add_control(point, by, **CONTROL))
    assert "har redan den kontrollen" in str(told["what"])
    second = plans.add_control(
        point, by, **{**CONTROL, "what": "En till", "scope": "share", "scope_share": 10}
    )
    assert (first.number, second.number) == (1, 2)


def test_a_draft_is_edited_and_two_savers_are_told(room: Room) -> None:
    by, plan = room.by("quality_strategist"), draft(room)
    point = plans.add_point(plan, by, title="Brandskydd")
    control = plans.add_control(point, by, **CONTROL)
    stale = control.revision
    plans.edit_control(control, by, stale, what="Att ronderna görs")
    with pytest.raises(StaleRecordError):
        plans.edit_control(Control.objects.get(pk=control.pk), by, stale, what="Något annat")
    other = plans.add_point(plan, by, title="Diarieföring")
    assert "number" in refused(lambda: plans.edit_point(other, by, other.revision, number=point.number))
    assert "title" in refused(lambda: plans.edit_point(other, by, other.revision, title=" "))
    plans.edit_point(other, by, other.revision + 0, number="9", risk=room.risks["4"])
    plans.remove_control(control, by)
    plans.remove_point(ControlPoint.objects.get(pk=point.pk), by)
    assert plan.points.count() == 1


# --- adopted ---------------------------------------------------------------------------------------------------------


def test_a_plan_is_adopted_when_nothing_is_missing(room: Room) -> None:
    by, secretary, plan = room.by("quality_strategist"), room.by("secretary"), draft(room)
    today = timezone.localdate()
    told = refused(lambda: plans.adopt(plan, secretary, today, "§ 1"))
    assert "ingen kontrollpunkt" in str(told)
    first, second = (plans.add_point(plan, by, title=title) for title in ("Ett", "Två"))
    told = refused(lambda: plans.adopt(plan, secretary, today, "§ 1"))
    assert len(told["__all__"]) == 2, "allt som saknas sägs på en gång"
    for point in (first, second):
        plans.add_control(point, by, **CONTROL)
    assert "on" in refused(lambda: plans.adopt(plan, secretary, today + timedelta(days=1), "§ 1"))
    with pytest.raises(NotAllowedError):
        plans.adopt(plan, room.by("member"), today, "§ 1")
    plans.adopt(plan, secretary, today, "§ 1")
    assert (plan.state, plan.adopted_on, plan.decision) == ("adopted", today, "§ 1")
    assert "antogs redan" in str(refused(lambda: plans.adopt(plan, secretary, today, "§ 2")))


def test_an_obligatory_risk_must_be_in_the_plan(room: Room) -> None:
    by, plan = room.by("quality_strategist"), draft(room)
    point = plans.add_point(plan, by, title="Ett")
    plans.add_control(point, by, **CONTROL)
    room.risks["9"].save_over(1, obligatory=True)
    told = refused(lambda: plans.adopt(plan, by, timezone.localdate(), "§ 1"))
    assert told["__all__"] == [
        "Risk 9 (Biståndsbeslut följer inte riktlinjerna) är obligatorisk men har ingen kontrollpunkt. Hämta den ur "
        "riskanalysen."
    ]


@pytest.mark.usefixtures("committed")
def test_two_who_adopt_at_once_get_a_clear_answer() -> None:
    room = build_room()
    plan = draft(room)
    point = plans.add_point(plan, room.by("quality_strategist"), title="Ett")
    plans.add_control(point, room.by("quality_strategist"), **CONTROL)
    told: list[str] = []
    start = Barrier(2)

    def adopt(role: str) -> None:
        start.wait()
        try:
            plans.adopt(ControlPlan.objects.get(pk=plan.pk), room.by(role), date(2022, 12, 1), f"§ {role}")
            told.append("")
        except PlanFault as fault:
            told.append(str(fault))
        finally:
            connection.close()

    both = [Thread(target=adopt, args=[role]) for role in ("secretary", "quality_strategist")]
    for one in both:
        one.start()
    for one in both:
        one.join()
    assert sorted(told)[0] == ""
    assert "antogs redan 2022-12-01" in sorted(told)[1]


# --- changed after adoption ------------------------------------------------------------------------------------------


def test_an_adopted_plan_changes_only_with_a_reason(room: Room) -> None:
    by, control = room.by("quality_strategist"), room.controls[0]
    assert "what" in refused(lambda: plans.edit_control(control, by, what="Något annat", reason="Fel"))
    control.refresh_from_db()
    assert "reason" in refused(lambda: plans.edit_control(control, by, responsible="Ekonomichef"))
    control.refresh_from_db()
    plans.move_control(control, by, occasions=["annual"], reason="Riktlinjen beslutas i höst")
    assert (control.occasions, control.state_reason) == (["annual"], "Riktlinjen beslutas i höst")
    assert "reason" in refused(lambda: plans.add_point(room.plan, by, title="Ny"))
    point = plans.add_point(room.plan, by, title="Ny", reason="Ny risk i maj")
    assert "reason" in refused(lambda: plans.add_control(point, by, **CONTROL))
    assert plans.add_control(point, by, reason="Ny risk i maj", **CONTROL).state_reason == "Ny risk i maj"
    assert "antagen" in str(refused(lambda: plans.remove_control(control, by)))
    assert "antagen" in str(refused(lambda: plans.edit_point(point, by, point.revision, title="Annat")))
    assert "antagen" in str(refused(lambda: plans.remove_point(point, by)))


def test_a_point_with_results_is_not_removed(room: Room) -> None:
    by = room.by("quality_strategist")
    rounds.open_rounds(room.plan, room.interim, by)
    told = refused(lambda: plans.remove_point(room.points[0], by))
    assert told["__all__"] == [
        "Punkt 1 har resultat och kan inte tas bort. Låt den utgå med ett skäl i stället."
    ]
    plans.withdraw_point(room.points[0], by, "Rutinen är avvecklad")
    assert ControlRound.objects.get(control=room.controls[0]).state == "cancelled"
    assert not Task.objects.filter(kind=rounds.TASK, state="open", role="head_department").exists()


def test_a_control_is_handed_over_to_self_check(room: Room) -> None:
    by, control = room.by("quality_strategist"), room.controls[1]
    rounds.open_rounds(room.plan, room.interim, by)
    assert "reason" in refused(lambda: plans.hand_over(control, by, " "))
    plans.hand_over(control, by, "Enheterna gör det själva varje kvartal")
    assert control.state == "handed_over"
    assert ControlRound.objects.get(control=control).state == "handed_over"
    assert "redan" in str(refused(lambda: plans.withdraw(control, by, "Igen")))
    rounds.open_rounds(room.plan, room.annual, by)
    assert ControlRound.objects.filter(control=control).count() == 1, "den öppnas inte igen"


def test_last_years_plan_is_carried_over(room: Room) -> None:
    by = room.by("quality_strategist")
    plans.withdraw(room.controls[2], by, "Koderna är avvecklade")
    plan = draft(room)
    made = plans.carry_over(plan, room.plan, by)
    assert [one.number for one in made] == ["1", "2"]
    assert [one.controls.count() for one in made] == [1, 1]
    assert made[1].risk == room.risks["9"]
    assert plans.carry_over(plan, room.plan, by) == []
    room.risks["1"].save_over(
        1, state="retired", likelihood=None, impact=None, retired_reason="Borta", in_plan=None
    )
    other = draft(room, 2024)
    assert [one.number for one in plans.carry_over(other, room.plan, by)] == ["2"]


# --- rounds ----------------------------------------------------------------------------------------------------------


def test_rounds_are_opened_for_an_occasion_with_tasks(room: Room) -> None:
    by = room.by("quality_strategist")
    assert [one.code for one in rounds.occasions_of(room.plan)] == ["2022-08", "2022-12"]
    made = rounds.open_rounds(room.plan, room.interim, by)
    assert [one.control.pk for one in made] == [room.controls[0].pk, room.controls[1].pk]
    assert {one.due_on for one in made} == {date(2022, 8, 31)}
    assert (made[0].period_from, made[0].period_to) == (date(2022, 1, 1), date(2022, 8, 31))
    task = tasks.of(made[0]).get()
    assert (task.kind, task.role, task.committee) == ("control.round", "head_department", room.committee)
    assert rounds.open_rounds(room.plan, room.interim, by) == [], "en andra gång öppnas inget"
    with pytest.raises(NotAllowedError):
        rounds.open_rounds(room.plan, room.interim, room.by("member"))
    elsewhere = Occasion.objects.create(
        committee=room.world.other, model=room.model, year=2022, code="2022-08", kind="interim", name="Delår",
        cut_off=date(2022, 8, 31),
    )  # fmt: skip
    assert "nämnd och år" in str(refused(lambda: rounds.open_rounds(room.plan, elsewhere, by)))
    assert "utkast" in str(refused(lambda: rounds.open_rounds(draft(room), room.interim, by)))


def test_months_point_at_occasions(room: Room) -> None:
    by, control = room.by("quality_strategist"), room.controls[0]
    plans.move_control(control, by, occasions=[], months=[5], reason="Redovisas i maj")
    assert [one.code for one in rounds.occasions_of(room.plan)] == ["2022-05", "2022-08", "2022-12"]
    may = Occasion.objects.get(committee=room.committee, code="2022-05")
    assert [one.control for one in rounds.open_rounds(room.plan, may, by)] == [control]
    later = rounds.open_rounds(room.plan, room.interim, by)
    assert later[0].period_from == date(2022, 6, 1)


def test_a_round_is_finished_and_corrected(room: Room) -> None:
    strategist, sas = room.by("quality_strategist"), room.by("sas")
    one = rounds.open_rounds(room.plan, room.interim, strategist)[1]
    told = refused(lambda: rounds.finish_round(one, sas, result=" ", checked=42, deviating=43))
    assert set(told) == {"result", "deviating"}
    rounds.finish_round(one, sas, result="Motivering saknas", checked=42, deviating=6)
    assert (one.state, one.checked, one.deviating, one.done_by) == ("done", 42, 6, sas)
    assert tasks.of(one).get().state == "done"
    assert "redan genomförd" in str(refused(lambda: rounds.finish_round(one, sas, result="Igen")))
    rounds.finish_round(
        one, strategist, result="Rättat", checked=42, deviating=5, expected_revision=one.revision
    )
    assert (one.deviating, one.done_by) == (5, sas)
    with pytest.raises(StaleRecordError):
        rounds.finish_round(one, sas, result="Sent", checked=1, expected_revision=1)
    with pytest.raises(NotAllowedError):
        rounds.finish_round(one, room.by("member"), result="Nej", expected_revision=one.revision)


def test_whose_task_it_is_may_make_the_control(room: Room) -> None:
    one = rounds.open_rounds(room.plan, room.interim, room.by("quality_strategist"))[0]
    assert rounds.may_perform(one, room.by("head_department")), (
        "uppgiften är rollens, fast mandatet är en enhets"
    )
    assert not rounds.may_perform(one, room.by("unit_manager"))
    assert not rounds.may_perform(one, room.by("member"))


def test_a_moved_round_is_taken_up_later(room: Room) -> None:
    by = room.by("quality_strategist")
    control = room.controls[0]
    one = rounds.open_rounds(room.plan, room.interim, by)[0]
    told = refused(lambda: rounds.move_round(one, by, date(2022, 9, 30), " "))
    assert set(told) == {"to", "reason"}, "dagen har varit"
    rounds.move_round(one, by, date(2022, 12, 15), "Riktlinjen är ny", today=date(2022, 8, 20))
    assert tasks.of(one).get().state == "cancelled"
    assert "flyttad" in str(refused(lambda: rounds.move_round(one, by, SOON, "Igen")))
    assert "flyttad" in str(refused(lambda: rounds.finish_round(one, by, result="Nu då")))
    again = rounds.open_rounds(room.plan, room.annual, by)
    assert control in [found.control for found in again], "den tas upp vid tillfället den flyttades till"


def test_controls_that_no_occasion_tells_are_opened_to_a_day(room: Room) -> None:
    by, control = room.by("quality_strategist"), room.controls[0]
    assert rounds.told_nowhere(room.plan) == []
    Control.objects.filter(pk=control.pk).update(occasions=[], reported_text="Redovisas i nämndens plan")
    assert "due_on" in refused(lambda: rounds.open_rounds(room.plan, None, by))
    assert "due_on" in refused(lambda: rounds.open_rounds(room.plan, None, by, due_on=date(2021, 12, 31)))
    (one,) = rounds.open_rounds(room.plan, None, by, due_on=date(2023, 1, 31))
    assert (one.control, one.occasion, one.due_on) == (control, None, date(2023, 1, 31))
    assert (one.period_from, one.period_to) == (date(2022, 9, 1), date(2022, 12, 31))
    assert rounds.open_rounds(room.plan, None, by, due_on=date(2023, 1, 31)) == []
