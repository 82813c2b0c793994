"""The start page by role: sentences counted from what is registered, what is mine to do, my unit's measures."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from decimal import Decimal

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from roder import tasks
from roder.measures.models import Measure, MeasureValue, Target
from roder.reports.models import Report
from roder.steering.models import Assessment, Assignment, Goal, Occasion
from tests.web.world import World

Login = Callable[[str], Client]


def assess(code: str, status: str) -> None:
    """A goal's status at the interim report."""
    goal = Goal.objects.get(code=code)
    Assessment.objects.create(
        occasion=Occasion.objects.get(code="2022-08"),
        subject_kind="steering.goal",
        subject_id=goal.pk,
        status=status,
    )


def test_the_goals_are_counted_in_a_sentence(world: World, as_role: Login) -> None:
    assess("mal-1", "helt")
    text = as_role("member").get(world.root).content.decode()
    assert "1 av 2 uppfyllda" in text
    assert "1 utan bedömning av utfallet vid delårsbokslut" in text


def test_without_a_forecast_the_tile_says_so(world: World, as_role: Login) -> None:
    text = as_role("member").get(world.root).content.decode()
    assert "Ingen prognos är registrerad för 2022." in text


def test_a_goal_without_assessment_is_to_do_for_those_who_assess(world: World, as_role: Login) -> None:
    assess("mal-1", "helt")
    text = as_role("quality_strategist").get(world.root).content.decode()
    assert "Bedöm målet ”Fler ska vara nöjda med maten” vid delårsbokslut" in text
    assert "Fallolyckorna ska minska” vid" not in text
    assert "Försenat" in text
    assert "Bedöm målet" not in as_role("member").get(world.root).content.decode()


def test_a_draft_is_to_do_for_writers_and_unseen_by_members(world: World, as_role: Login) -> None:
    occasion = Occasion.objects.get(code="2022-05")
    Report.objects.create(committee=world.committee, occasion=occasion, kind="manadsuppfoljning")
    assert "Utkast" in as_role("controller").get(world.root).content.decode()
    assert "Utkast" not in as_role("member").get(world.root).content.decode()


def test_a_unit_manager_sees_the_measures_of_the_own_unit(world: World, as_role: Login) -> None:
    measure = Measure.objects.create(
        committee=world.committee, code="fall", title="Fall", unit="antal", direction="lower"
    )
    Target.objects.create(measure=measure, year=2022, operator="<=", value=Decimal(5))
    for year, value in ((2020, 9), (2021, 7), (2022, 4)):
        MeasureValue.objects.create(
            measure=measure, unit=world.unit, value=value,
            period_start=date(year, 1, 1), period_end=date(year + 1, 1, 1),
        )  # fmt: skip
    text = as_role("unit_manager").get(world.root).content.decode()
    assert "Min enhet just nu" in text
    assert "Når målet" in text
    assert "Min enhet just nu" not in as_role("controller").get(world.root).content.decode()


def test_assignments_are_counted_by_giver(world: World, as_role: Login) -> None:
    for code, giver in (("a", "KF"), ("b", "namnd"), ("c", "namnd")):
        Assignment.objects.create(
            committee=world.committee, code=code, title=code, giver=giver, from_year=2022, to_year=2022
        )
    text = as_role("controller").get(world.root).content.decode()
    assert "3 uppdrag" in text
    assert "2 från nämnden, 1 från kommunfullmäktige." in text


def test_a_member_sees_the_state_in_four_tiles(world: World, as_role: Login) -> None:
    text = as_role("member").get(world.root).content.decode()
    titles = re.findall(r'class="tile"[^>]*><h3>([^<]+)</h3>', text)
    assert titles == ["Mål", "Ekonomi", "Kvalitet", "Intern kontroll"]
    assert "Nämnden har ingen internkontrollplan för 2022." in text


def test_tasks_stand_on_the_start_page_late_first(world: World, as_role: Login) -> None:
    owner = tasks.Owner("secretary", committee=world.committee)
    goal = Goal.objects.get(code="mal-1")
    tasks.open_task("tasks.action", goal, owner=owner, due=date(2999, 1, 1), what="Gör sedan", key="b")
    tasks.open_task("tasks.action", goal, owner=owner, due=date(2022, 1, 1), what="Gör först", key="a")
    text = as_role("secretary").get(world.root).content.decode()
    assert text.index("Gör först") < text.index("Gör sedan")
    assert "Försenat" in text
    assert "Gör först" not in as_role("member").get(world.root).content.decode()


def test_an_administrator_and_an_auditor_are_led_to_where_they_begin(world: World, as_role: Login) -> None:
    for role, links in (
        ("administrator", ("/personer/", "/mandat/")),
        ("auditor", ("/granskningar/", "/beslut/")),
    ):
        text = as_role(role).get(world.root).content.decode()
        assert "Börja här" in text
        assert all(link in text.partition("Börja här")[2].partition("</section>")[0] for link in links)
    assert "Börja här" not in as_role("member").get(world.root).content.decode()


def test_a_report_is_a_link_with_its_name(world: World, as_role: Login) -> None:
    occasion = Occasion.objects.get(code="2022-05")
    Report.objects.create(committee=world.committee, occasion=occasion, kind="manadsuppfoljning")
    text = as_role("controller").get(world.root).content.decode()
    assert re.search(r'<a href="[^"]*rapporter/manadsuppfoljning/2022-05/[^"]*">Månadsuppföljning<', text)


def test_a_role_that_reads_nothing_is_told_what_will_come(world: World, as_role: Login) -> None:
    assert as_role("provider").get(world.root).status_code == 200


def test_a_year_without_anything_is_a_calm_page(world: World, as_role: Login) -> None:
    text = as_role("controller").get(f"/{world.committee.slug}/2030/").content.decode()
    assert "Nämnden har inga mål för 2030." in text


def test_the_number_of_queries_does_not_grow_with_goals_and_assignments(world: World, as_role: Login) -> None:
    client = as_role("controller")
    client.get(world.root)
    with CaptureQueriesContext(connection) as few:
        client.get(world.root)
    for place in range(20):
        Goal.objects.create(
            municipality=world.municipality, committee=world.committee, level="committee", code=f"g{place}",
            text="t", from_year=2022, to_year=2022,
        )  # fmt: skip
        Assignment.objects.create(
            committee=world.committee, code=f"u{place}", title="t", giver="KF", from_year=2022, to_year=2022
        )
    with CaptureQueriesContext(connection) as many:
        client.get(world.root)
    assert len(many) == len(few)
