"""Action plans: asked for, begun, filled, decided, followed up; who may, and what is refused."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.utils import timezone

from roder import tasks
from roder.access import NotAllowedError
from roder.core.models import StaleRecordError
from roder.figures import At, LiveSource, SnapshotSource, compute, take_snapshot
from roder.followup.models import ActionPlan
from roder.followup.services import plans
from roder.organisation.models import Person, Unit, UnitPlacement
from roder.reports.gather_year import gather_year
from roder.steering.models import Activity, Goal, Occasion
from roder.tasks.models import Notice
from tests.web.world import SINCE_2020, World

DAY = date(2022, 6, 1)


def goal(world: World, number: int = 1) -> Goal:
    return Goal.objects.get(committee=world.committee, number=str(number))


def manager(world: World) -> Person:
    return world.people["unit_manager"]


def add(world: World, what: str = "Gå igenom alla fall varje vecka", **more: Any) -> Activity:
    values = {
        "goal": goal(world),
        "why": "Färre fall",
        "who": "Fallombud",
        "quarter": 2,
        "followed_how": "Statistik",
    }
    return plans.add_activity(world.unit, 2022, manager(world), what=what, **{**values, **more})


def plan(world: World) -> ActionPlan:
    return ActionPlan.objects.get(unit=world.unit, year=2022)


# --- the plan --------------------------------------------------------------------------------------------------------


def test_a_plan_is_asked_for_filled_and_decided(world: World) -> None:
    strategist = world.people["quality_strategist"]
    assert (
        plans.ask(world.committee, 2022, strategist, today=date(2022, 1, 10)) == 2
    )  # the unit and the administration
    assert plans.ask(world.committee, 2022, strategist, today=date(2022, 1, 10)) == 0
    [task] = tasks.of(plan(world)).filter(kind=plans.TASK)
    assert (task.role, task.unit, task.what) == (
        "unit_manager", world.unit, "Besluta handlingsplanen 2022 för Björkens äldreboende",
    )  # fmt: skip
    assert task.due_at is not None
    assert timezone.localtime(task.due_at - timedelta(hours=1)).date() == date(2022, 2, 28)
    [told] = Notice.objects.filter(recipient=manager(world))
    assert told.title == "Besluta handlingsplanen för Björkens äldreboende"
    assert told.body.startswith("Senast 28 februari 2022.")
    with pytest.raises(ValidationError, match="ingen aktivitet"):
        plans.decide(plan(world), manager(world), 1, today=DAY)
    add(world)
    with pytest.raises(ValidationError, match="inte varit än"):
        plans.decide(plan(world), manager(world), 1, date(2022, 6, 2), today=DAY)
    decided = plans.decide(plan(world), manager(world), 1, date(2022, 2, 14), today=DAY)
    assert (decided.state, decided.decided_on, decided.decided_by) == (
        "decided",
        date(2022, 2, 14),
        manager(world),
    )
    assert not tasks.of(decided).filter(kind=plans.TASK, state="open").exists()
    with pytest.raises(ValidationError, match="redan beslutad"):
        plans.decide(plan(world), manager(world), decided.revision, today=DAY)


def test_a_plan_is_begun_once_and_by_those_who_may(world: World) -> None:
    plans.begin(world.unit, 2022, manager(world), "Viktigast i år är maten.", today=date(2022, 3, 20))
    [task] = tasks.of(plan(world)).filter(kind=plans.TASK)
    assert task.due_at is not None  # begun late: two weeks all the same
    assert timezone.localtime(task.due_at - timedelta(hours=1)).date() == date(2022, 4, 3)
    with pytest.raises(ValidationError, match="redan en handlingsplan"):
        plans.begin(world.unit, 2022, manager(world))
    for role in ("member", "licensed", "auditor"):
        with pytest.raises(NotAllowedError):
            plans.begin(world.unit, 2023, world.people[role])
    with pytest.raises(NotAllowedError):
        plans.begin(world.administration, 2022, manager(world))
    with pytest.raises(NotAllowedError):
        plans.ask(world.committee, 2022, manager(world))


def test_who_leads_several_units_is_told_once(world: World) -> None:
    for number in range(6):
        unit = Unit.objects.create(
            committee=world.committee, code=f"8{number}", name=f"Enhet {number}", kind="unit"
        )
        UnitPlacement.objects.create(unit=unit, parent=world.unit, valid=SINCE_2020)
    assert plans.ask(world.committee, 2022, None, today=date(2022, 1, 3)) == 8
    [told] = Notice.objects.filter(recipient=manager(world))
    assert told.title == "Besluta 7 handlingsplaner"


def test_two_who_change_the_introduction(world: World) -> None:
    made = plans.begin(world.unit, 2022, manager(world))
    plans.change(made, manager(world), "Först", 1)
    with pytest.raises(StaleRecordError) as stale:
        plans.change(plan(world), manager(world), "Sedan", 1)
    assert stale.value.current.introduction == "Först"  # type: ignore[attr-defined]


def test_a_decided_plan_is_opened_again_with_a_reason(world: World) -> None:
    add(world)
    plans.decide(plan(world), manager(world), 1, today=DAY)
    with pytest.raises(ValidationError, match="varför"):
        plans.reopen(plan(world), manager(world), " ", plan(world).revision)
    with pytest.raises(ValidationError, match="personnummer"):
        plans.reopen(plan(world), manager(world), "Om 19121212-1212", plan(world).revision)
    plans.reopen(plan(world), manager(world), "Ett mål har ändrats", plan(world).revision, today=DAY)
    assert plan(world).decided_on is None
    assert tasks.of(plan(world)).filter(kind=plans.TASK, state="open").count() == 1


def test_the_night_asks_where_there_were_plans_the_year_before(world: World) -> None:
    assert plans.open_due(date(2023, 1, 2)) == 0
    plans.begin(world.unit, 2022, manager(world), today=date(2022, 1, 10))
    assert plans.open_due(date(2023, 1, 2)) == 2
    assert plans.open_due(date(2023, 1, 3)) == 0
    assert plans.open_due(date(2023, 3, 1)) == 0


def test_units_of_others_and_those_that_are_gone_are_not_expected(world: World) -> None:
    external = Unit.objects.create(
        committee=world.committee, code="x", name="Extern", kind="unit", external=True
    )
    later = Unit.objects.create(committee=world.committee, code="y", name="Senare", kind="unit")
    for unit, since in ((external, SINCE_2020), (later, type(SINCE_2020)(date(2024, 1, 1), None))):
        UnitPlacement.objects.create(unit=unit, parent=world.administration, valid=since)
    assert {one.code for one in plans.expected(world.committee, 2022)} == {"1", "111"}
    assert "y" in {one.code for one in plans.expected(world.committee, 2024)}


# --- activities ------------------------------------------------------------------------------------------------------


def test_an_activity_begins_the_plan_and_is_followed_up(world: World) -> None:
    made = add(world)
    assert plan(world).state == "draft" and (made.unit, made.year, made.quarter) == (world.unit, 2022, 2)
    halfway = plans.follow_up(made, manager(world), 1, progress=40, followed_up="Halva vägen", today=DAY)
    assert (halfway.progress, halfway.done_on) == (40, None)
    done = plans.mark_done(halfway, manager(world), 2, today=DAY)
    assert (done.progress, done.done_on, done.followed_up) == (100, DAY, "Halva vägen")
    again = plans.follow_up(done, manager(world), 3, progress=90, followed_up="Inte riktigt", today=DAY)
    assert (again.progress, again.done_on) == (90, None)


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"progress": 120}, "progress"),
        ({"done_on": date(2022, 6, 2)}, "done_on"),
        ({"done_on": date(2022, 5, 2), "progress": 80}, "progress"),
    ],
)
def test_what_cannot_be_said_of_progress(world: World, values: dict[str, Any], field: str) -> None:
    made = add(world)
    with pytest.raises(ValidationError) as refused:
        plans.follow_up(made, manager(world), 1, today=DAY, **values)
    assert field in refused.value.message_dict


def test_the_goal_is_one_of_the_committees_of_the_year(world: World) -> None:
    old = Goal.objects.create(
        municipality=world.municipality, committee=world.committee, level="committee", code="gammalt", title="Gammalt",
        from_year=2019, to_year=2020,
    )  # fmt: skip
    with pytest.raises(ValidationError) as refused:
        add(world, goal=old)
    assert "goal" in refused.value.message_dict and not ActionPlan.objects.exists()
    with pytest.raises(ValidationError):
        add(world, what=" ")
    with pytest.raises(ValidationError):
        add(world, quarter=5)


def test_an_activity_is_removed_only_from_a_draft(world: World) -> None:
    made = add(world)
    plans.remove_activity(made, manager(world))
    assert not Activity.objects.exists()
    kept = add(world)
    plans.follow_up(kept, manager(world), 1, progress=10, today=DAY)
    with pytest.raises(ValidationError, match="följd upp"):
        plans.remove_activity(kept, manager(world))
    other = add(world, "Annat")
    plans.decide(plan(world), manager(world), 1, today=DAY)
    with pytest.raises(ValidationError, match="beslutad"):
        plans.remove_activity(other, manager(world))


def test_activities_of_another_unit_are_not_ones_to_change(world: World) -> None:
    made = Activity.objects.create(
        committee=world.committee, goal=goal(world), unit=world.administration, what="Utbilda", year=2022
    )
    with pytest.raises(NotAllowedError):
        plans.change_activity(made, manager(world), 1, what="Annat")
    with pytest.raises(NotAllowedError):
        plans.follow_up(made, manager(world), 1, progress=10)
    plans.change_activity(made, world.people["quality_strategist"], 1, what="Utbilda alla")
    made.refresh_from_db()
    assert made.what == "Utbilda alla"


# --- figures and facts -----------------------------------------------------------------------------------------------


def test_the_figures_are_the_same_on_both_engines(
    world: World, tmp_path: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("RODER_DATA_DIR", str(tmp_path))
    for quarter, done, unit in ((1, date(2022, 3, 1), world.unit), (2, None, world.unit), (4, None, world.unit),
                                (2, date(2022, 9, 30), None)):  # fmt: skip
        Activity.objects.create(
            committee=world.committee, goal=goal(world), unit=unit, what=f"{quarter} {done}", year=2022,
            quarter=quarter, done_on=done, progress=100 if done else None,
        )  # fmt: skip
    occasion = Occasion.objects.select_related("committee__municipality", "model").get(code="2022-08")
    at, snapshot = At.of(occasion), take_snapshot(occasion)
    wanted = {"antal": 4, "klara": 1, "skulle_vara_klara": 3, "genomforda": 25}
    with LiveSource(world.committee) as live, SnapshotSource.open(snapshot) as frozen:
        for name, value in wanted.items():
            one, other = (compute(f"aktiviteter.{name}", source, at) for source in (live, frozen))
            assert one.rows == other.rows
            assert one.get("totalt", "totalt").value == value  # type: ignore[union-attr]
        share = compute("aktiviteter.genomforda_i_tid", live, at)
        assert str(share.get("totalt", "totalt").value)[:5] == "33.33"  # type: ignore[union-attr]
        units = compute("aktiviteter.antal", live, at)
        assert units.get("mal-1", "111").value == 3 and units.get("totalt", "hela").value == 1  # type: ignore[union-attr]


def test_where_the_year_is_planned_the_plans_decided_since_are_counted(world: World) -> None:
    """The number of decided plans and each plan's own day say the same: plans are decided after that cut-off."""
    add(world)
    plans.decide(plan(world), manager(world), 1, date(2022, 5, 1), today=DAY)
    occasion = Occasion.objects.select_related("committee").get(code="2022-08")
    Occasion.objects.filter(pk=occasion.pk).update(kind="plan", cut_off=date(2021, 12, 31))
    occasion.refresh_from_db()
    facts = gather_year(occasion)
    assert facts is not None
    assert (facts.plans[0].decided, facts.decided) == ("Beslutad 2022-05-01", 1)


def test_the_report_knows_the_plans_as_they_stood(world: World) -> None:
    add(world)
    plans.decide(plan(world), manager(world), 1, date(2022, 5, 1), today=DAY)
    occasion = Occasion.objects.select_related("committee").get(code="2022-08")
    facts = gather_year(occasion)
    assert facts is not None and not facts.wheel
    [told] = facts.plans
    assert (told.unit, told.decided, facts.decided, facts.expected) == ("111", "Beslutad 2022-05-01", 1, 2)
    [activity] = told.goals[0].activities
    assert (activity.when, activity.state, activity.tone) == ("Kv. 2", "Försenad", "bad")
    assert facts.without == ("Vård och omsorg",)
    assert gather_year(Occasion.objects.select_related("committee").get(code="2022-05")) is None


# --- the pages -------------------------------------------------------------------------------------------------------


def test_a_manager_writes_the_plan_on_the_pages(world: World, as_role: Callable[[str], Client]) -> None:
    client, page = as_role("unit_manager"), f"{world.root}handlingsplaner/enhet/111/"
    assert "inte börjat på sin plan" in client.get(page).content.decode()
    empty = client.post(page, {"deed": "activity", "what": "", "goal": goal(world).pk, "why": "Färre fall"})
    assert empty.status_code == 422 and "Färre fall" in empty.content.decode()
    values = {
        "deed": "activity",
        "what": "Fallrond varje vecka",
        "goal": goal(world).pk,
        "quarter": "3",
        "who": "Ombud",
    }
    assert client.post(page, values).status_code == 302
    assert (
        client.post(
            page, {"deed": "introduction", "introduction": "Maten först.", "revision": "1"}
        ).status_code
        == 302
    )
    assert client.post(page, {"deed": "decide", "revision": "2"}).status_code == 302
    shown = client.get(page).content.decode()
    assert "Fallrond varje vecka" in shown and "Maten först." in shown and "Beslutad" in shown
    activity = Activity.objects.get()
    own = f"{world.root}handlingsplaner/aktivitet/{activity.pk}/"
    late = client.post(own, {"deed": "follow", "progress": "130", "revision": "1", "followed_up": "Bra"})
    assert late.status_code == 422 and "Bra" in late.content.decode()
    assert (
        client.post(
            own, {"deed": "follow", "progress": "50", "revision": "1", "followed_up": "Bra"}
        ).status_code
        == 302
    )
    stale = client.post(own, {"deed": "follow", "progress": "60", "revision": "1", "followed_up": "Bättre"})
    text = stale.content.decode()
    assert (
        stale.status_code == 422
        and "”Bra”" in text
        and "Bättre" in text
        and 'name="revision" value="2"' in text
    )
    assert client.post(f"{own}klar/", {"revision": "2"}).status_code == 302
    activity.refresh_from_db()
    assert activity.progress == 100
    assert (
        "stannar kvar" in client.post(f"{own}ta-bort/", follow=True).content.decode()
        or Activity.objects.exists()
    )


def test_the_compilation_counts_and_filters(world: World, as_role: Callable[[str], Client]) -> None:
    add(world)
    add(world, "Ny meny", goal=goal(world, 2), quarter=4)
    client = as_role("controller")
    page = client.get(f"{world.root}handlingsplaner/").content.decode()
    assert "0 av 2" in page and "Björkens äldreboende" in page and "1 enhet" in page
    picked = client.get(f"{world.root}handlingsplaner/?mal={goal(world, 2).pk}&lage=kvar").content.decode()
    assert "Ny meny" in picked and "Gå igenom alla fall" not in picked
    file: Any = client.get(f"{world.root}aktiviteter/?format=csv")
    rows = b"".join(file.streaming_content).decode("utf-8-sig")
    assert "Ny meny" in rows and "Kvartal 4" in rows
    assert "Be enheterna" not in page
    asked = as_role("quality_strategist").post(f"{world.root}handlingsplaner/be-om/", follow=True)
    assert "1 enheter har fått" in asked.content.decode() or ActionPlan.objects.count() == 2


def test_a_manager_is_not_told_that_others_lack_plans_that_they_have(
    world: World, as_role: Callable[[str], Client]
) -> None:
    other = Unit.objects.create(committee=world.committee, code="222", name="Granen", kind="unit")
    UnitPlacement.objects.create(unit=other, parent=world.administration, valid=SINCE_2020)
    ActionPlan.objects.create(committee=world.committee, unit=other, year=2022)
    page = as_role("unit_manager").get(f"{world.root}handlingsplaner/").content.decode()
    assert "Björkens äldreboende" in page, "the own unit has none yet, and may be told so"
    assert "Granen" not in page and "handlingsplaner/enhet/1/" not in page
    assert "Granen" in as_role("controller").get(f"{world.root}handlingsplaner/").content.decode()


def test_who_may_not_write(world: World, as_role: Callable[[str], Client]) -> None:
    made = add(world)
    member = as_role("member")
    page = member.get(f"{world.root}handlingsplaner/enhet/111/").content.decode()
    assert "Gå igenom alla fall" in page and "Lägg till en aktivitet" not in page
    assert member.post(f"{world.root}handlingsplaner/enhet/111/", {"deed": "activity"}).status_code == 403
    assert (
        member.post(f"{world.root}handlingsplaner/aktivitet/{made.pk}/", {"deed": "follow"}).status_code
        == 403
    )
    assert member.post(f"{world.root}handlingsplaner/be-om/").status_code == 403
    assert as_role("care_staff").get(f"{world.root}handlingsplaner/").status_code == 403


def test_as_many_questions_whatever_the_number_of_units(
    world: World, as_role: Callable[[str], Client], django_assert_max_num_queries: Any
) -> None:
    for number in range(15):
        unit = Unit.objects.create(
            committee=world.committee, code=f"9{number}", name=f"Enhet {number}", kind="unit"
        )
        UnitPlacement.objects.create(unit=unit, parent=world.administration, valid=SINCE_2020)
        Activity.objects.create(
            committee=world.committee, goal=goal(world), unit=unit, what=f"Nr {number}", year=2022
        )
    client = as_role("controller")
    client.get(f"{world.root}handlingsplaner/")
    with django_assert_max_num_queries(30):
        client.get(f"{world.root}handlingsplaner/")
