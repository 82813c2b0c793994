"""Activities and action plans from files: what rows do, what is refused, what undoing takes back."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path

import openpyxl
import pytest
from django.utils import timezone

from roder.access.rights import NotAllowedError
from roder.core.faults import UserFault
from roder.followup.models import ActionPlan
from roder.followup.services import plans
from roder.imports.blank import write_xlsx
from roder.imports.cells import Context
from roder.imports.kinds import KINDS
from roder.imports.services import ImportFault, undo
from roder.organisation.models import Body, Person, Role, Unit
from roder.steering.models import Activity, Assessment, Goal, Occasion
from roder.tasks.models import LIVE, Task
from tests.imports.conftest import World

HEAD = "aktivitet;mal;enhet;ar;varfor;vem;kvartal;hur_foljs_upp;genomfort;uppfoljning;klar\n"
DOES = HEAD + (
    "Ny växel;M1;nord;2022;Fler får svar.;Enhetschef;kvartal 2;Mätning;;;\n"
    "Kösvar;m1;Enhet Syd;2022;;;;;40 %;Upphandlad.;\n"
    "Gemensam utbildning;M1;;2022;;;K4;;;;2022-10-01\n"
)
PLANS = "enhet;ar;inledning;beslutad\nnord;2022;Kontinuitet först.;\n"


@pytest.fixture(autouse=True)
def goal(world: World) -> Goal:
    """What the activities are to reach."""
    return Goal.objects.create(
        municipality=world.committee.municipality, committee=world.committee, level="committee", code="M1",
        title="Svar direkt", from_year=2022, to_year=2024,
    )  # fmt: skip


@pytest.fixture
def manager(person: Callable[[Role], Person]) -> Person:
    """Who works on with what came with the file."""
    return person(Role.QUALITY_STRATEGIST)


def faults(world: World, kind: str, text: str) -> list[tuple[int | None, str | None, str]]:
    return [(one.row, one.column, one.message) for one in world.preview(kind, text).faults]


def open_tasks() -> int:
    return Task.objects.filter(kind=plans.TASK, state__in=LIVE).count()


def test_activities_stand_in_the_units_plans(world: World) -> None:
    assert world.commit("aktiviteter", DOES).counts.new == 3
    switch, queue, common = Activity.objects.order_by("pk")
    assert (str(switch.unit), switch.quarter, switch.who, switch.why, switch.progress) == (
        "Enhet Nord", 2, "Enhetschef", "Fler får svar.", None,
    )  # fmt: skip
    assert (str(queue.unit), queue.progress, queue.followed_up, queue.done_on) == (
        "Enhet Syd", 40, "Upphandlad.", None,
    )  # fmt: skip
    assert (common.unit, common.quarter, common.progress, common.done_on) == (None, 4, 100, date(2022, 10, 1))
    assert [one.what for one in plans.activities_of(Unit.objects.get(code="nord"), 2022)] == ["Ny växel"]
    again = world.commit("aktiviteter", DOES)
    assert again.batch is None and again.counts.unchanged == 3


def test_only_what_the_file_says_of_an_activity_is_changed(world: World) -> None:
    world.commit("aktiviteter", DOES)
    text = "aktivitet;mal;enhet;ar;genomfort\nKÖSVAR;M1;syd;2022;60\n"
    seen = world.preview("aktiviteter", text)
    assert [(one.column, one.old, one.new) for one in seen.changes] == [("genomfort", "40", "60")]
    world.commit("aktiviteter", text)
    row = Activity.objects.get(what="Kösvar")
    assert (row.progress, row.followed_up) == (60, "Upphandlad.")
    other = "aktivitet;mal;enhet;ar\nKösvar;M1;nord;2022\n"
    assert world.commit("aktiviteter", other).counts.new == 1, "another unit's is another activity"


@pytest.mark.parametrize(
    ("row", "place", "said"),
    [
        ("Växel;M9;nord;2022;;;;;;;", (2, "mal"), "”M9” finns inte bland nämndens mål"),
        ("Växel;M1;nord;2026;;;;;;;", (2, "ar"), "målet M1 gäller 2022–2024, inte 2026"),
        ("Växel;M1;norr;2022;;;;;;;", (2, "enhet"), "enheten ”norr” finns inte"),
        ("Växel;M1;nord;2022;;;5;;;;", (2, "kvartal"), "”5” finns inte"),
        ("Växel;M1;nord;2022;;;;;120;;", (2, "genomfort"), "Skriv ett tal från 0 till 100"),
        ("Växel;M1;nord;2022;;;;;100;;", (2, "klar"), "Skriv vilken dag aktiviteten blev klar"),
        ("Växel;M1;nord;2022;;;;;50;;2022-03-01", (2, "genomfort"), "är genomförd till 100 procent"),
        ("Växel;M1;nord;2022;;;;;;;2199-03-01", (2, "klar"), "Dagen har inte varit än"),
        ("Växel;M1;nord;2022;;19121212-1212;;;;;", (2, "vem"), "personnummer"),
        ("Växel;M1;nord;2022;;;;;;;\nVäxel;M1;nord;2022;;;;;;;", (3, None), "samma sak som rad 2"),
        ("Växel;M1;nord;2022;;;;;;;\nVÄXEL;M1;nord;2022;;;;;;;", (3, "aktivitet"), "skriven ”Växel”"),
        (";M1;nord;2022;;;;;;;", (2, "aktivitet"), "cellen aktivitet är tom"),
    ],
)
def test_what_is_wrong_with_an_activity_is_said_at_row_and_column(
    world: World, row: str, place: tuple[int, str | None], said: str
) -> None:
    found = faults(world, "aktiviteter", f"{HEAD}{row}\n")
    assert any((one[0], one[1]) == place and said in one[2] for one in found), found
    with pytest.raises(ImportFault):
        world.commit("aktiviteter", f"{HEAD}{row}\n")
    assert not Activity.objects.exists()


def test_another_committees_goal_is_not_ones_own(world: World, goal: Goal) -> None:
    other = Body.objects.create(
        municipality=world.committee.municipality, kind="committee", name="Skolnämnden", short_name="SK", slug="sk"
    )  # fmt: skip
    Goal.objects.filter(pk=goal.pk).update(committee=other)
    assert faults(world, "aktiviteter", DOES)[0][1] == "mal"


def test_activities_are_taken_back_whole_and_what_was_changed_is_given_back(world: World) -> None:
    first = world.commit("aktiviteter", DOES).batch
    text = "aktivitet;mal;enhet;ar;genomfort;klar\nKösvar;M1;syd;2022;100;2022-05-01\nNy;M1;syd;2022;;\n"
    second = world.commit("aktiviteter", text).batch
    assert first is not None and second is not None
    with pytest.raises(UserFault, match="har ändrats efter inläsningen: Kösvar"):
        undo(KINDS["aktiviteter"], first)
    assert undo(KINDS["aktiviteter"], second).rows == 2
    row = Activity.objects.get(what="Kösvar")
    assert (row.progress, row.done_on) == (40, None)
    assert undo(KINDS["aktiviteter"], first).rows == 3
    assert not Activity.objects.exists()


def test_activities_that_somebody_has_worked_on_are_not_taken_back(world: World, manager: Person) -> None:
    batch = world.commit("aktiviteter", DOES).batch
    assert batch is not None
    row = Activity.objects.get(what="Ny växel")
    plans.follow_up(row, manager, row.revision, progress=20)
    with pytest.raises(UserFault, match="1 av raderna har ändrats efter inläsningen: Ny växel"):
        undo(KINDS["aktiviteter"], batch)
    plans.follow_up(row, manager, row.revision)
    Assessment.objects.create(
        occasion=Occasion.objects.get(code="2022-03"), subject_kind=Activity.record_kind(), subject_id=row.pk,
        analysis="Det går framåt.",
    )  # fmt: skip
    with pytest.raises(UserFault, match=r"arbetat vidare med 1 av raderna \(bedömning\)"):
        undo(KINDS["aktiviteter"], batch)
    assert Activity.objects.count() == 3


def test_activities_of_a_decided_plan_are_not_taken_back(world: World, manager: Person) -> None:
    batch = world.commit("aktiviteter", DOES).batch
    assert batch is not None
    plan = plans.begin(Unit.objects.get(code="nord"), 2022, manager)
    plans.decide(plan, manager, plan.revision)
    with pytest.raises(
        UserFault, match=r"1 av aktiviteterna står i en beslutad handlingsplan: Ny växel \(Enhet Nord"
    ):
        undo(KINDS["aktiviteter"], batch)
    plans.reopen(plan, manager, "Fel fil", plan.revision)
    assert undo(KINDS["aktiviteter"], batch).rows == 3


def test_a_plan_comes_as_a_draft_or_decided(world: World) -> None:
    world.commit("handlingsplaner", PLANS)
    plan = ActionPlan.objects.get()
    assert (plan.state, plan.introduction, str(plan.unit)) == ("draft", "Kontinuitet först.", "Enhet Nord")
    decided = PLANS.replace(";\n", ";2022-02-20\n").replace("Kontinuitet först.", "")
    assert "enheten har ingen aktivitet 2022" in faults(world, "handlingsplaner", decided)[0][2]
    world.commit("aktiviteter", DOES)
    batch = world.commit("handlingsplaner", decided).batch
    plan.refresh_from_db()
    assert (plan.state, plan.decided_on, plan.introduction) == ("decided", date(2022, 2, 20), "")
    world.commit("handlingsplaner", PLANS.replace(".;", ".; "))
    plan.refresh_from_db()
    assert plan.state == "decided", "an empty cell opens no decided plan"
    assert batch is not None


@pytest.mark.parametrize(
    ("row", "column", "said"),
    [
        ("nord;2022;;2199-01-01", "beslutad", "har inte varit än"),
        (";2022;;", "enhet", "cellen enhet är tom"),
        ("nord;;;", "ar", "cellen ar är tom"),
        ("nord;2022;a;\nEnhet Nord;2022;b;", None, "samma sak som rad 2"),
        ("nord;2022;19121212-1212;", "inledning", "personnummer"),
    ],
)
def test_what_is_wrong_with_a_plan_is_said_at_row_and_column(
    world: World, row: str, column: str | None, said: str
) -> None:
    found = faults(world, "handlingsplaner", f"enhet;ar;inledning;beslutad\n{row}\n")
    assert any(one[1] == column and said in one[2] for one in found), found


def test_this_years_drafts_give_the_task_to_decide_them_and_undoing_strikes_it(
    world: World, goal: Goal
) -> None:
    year = timezone.localdate().year
    Goal.objects.filter(pk=goal.pk).update(to_year=year)
    world.commit("handlingsplaner", PLANS)
    assert open_tasks() == 0, "a plan of a year that is over waits for nobody"
    now = PLANS.replace("2022", str(year))
    done = world.commit("handlingsplaner", now)
    assert done.warnings == ["1 handlingsplan väntar på beslut. Uppgifterna finns under Att göra."]
    assert open_tasks() == 1
    world.commit("aktiviteter", f"aktivitet;mal;enhet;ar\nVäxel;M1;syd;{year}\n")
    assert done.batch is not None
    undo(KINDS["handlingsplaner"], done.batch)
    assert open_tasks() == 0 and not ActionPlan.objects.filter(year=year).exists()
    world.commit("handlingsplaner", now)
    world.commit("aktiviteter", f"aktivitet;mal;enhet;ar\nVäxel;M1;nord;{year}\n")
    day = f"{year}-01-01"
    decided = world.commit("handlingsplaner", now.replace(";\n", f";{day}\n")).batch
    assert open_tasks() == 0, "a decided plan waits for nobody"
    assert decided is not None
    undo(KINDS["handlingsplaner"], decided)
    assert ActionPlan.objects.get(year=year).state == "draft" and open_tasks() == 1


def test_a_plan_that_somebody_has_worked_on_is_not_taken_back(
    world: World, manager: Person, goal: Goal
) -> None:
    batch = world.commit("handlingsplaner", PLANS).batch
    assert batch is not None
    made = plans.add_activity(Unit.objects.get(code="nord"), 2022, manager, goal=goal, what="Ny växel")
    with pytest.raises(
        UserFault, match="1 av planerna har fått aktiviteter efter inläsningen: Handlingsplan 2022"
    ):
        undo(KINDS["handlingsplaner"], batch)
    plans.remove_activity(made, manager)
    plan = ActionPlan.objects.get()
    plans.change(plan, manager, "Omskriven.", plan.revision)
    with pytest.raises(UserFault, match="har ändrats efter inläsningen"):
        undo(KINDS["handlingsplaner"], batch)


@pytest.mark.parametrize("role", list(Role))
def test_those_who_plan_for_the_whole_committee_read_them_in(
    world: World, person: Callable[[Role], Person], role: Role
) -> None:
    may = {
        "aktiviteter": {Role.QUALITY_STRATEGIST},
        "handlingsplaner": {Role.QUALITY_STRATEGIST, Role.CASEWORK_MANAGER},
    }
    by = person(role)
    for kind, text in (("aktiviteter", DOES), ("handlingsplaner", PLANS)):
        if role in may[kind]:
            assert world.commit(kind, text, by).batch is not None
        else:
            with pytest.raises(NotAllowedError):
                world.commit(kind, text, by)


@pytest.mark.parametrize(
    ("kind", "lists"), [("aktiviteter", {"mal", "enhet", "kvartal"}), ("handlingsplaner", {"enhet"})]
)
def test_the_blank_workbook_has_lists_and_can_be_read_in(world: World, kind: str, lists: set[str]) -> None:
    path: Path = world.folder / f"{kind}.xlsx"
    write_xlsx(KINDS[kind], Context(world.committee, 2022), path)
    seen = world.preview(kind, path)
    assert seen.rows == 0 and any("exempelrad" in one for one in seen.warnings)
    book = openpyxl.load_workbook(path)
    assert {cell.value for cell in book["Listor"][1]} >= lists
    heading = [cell.value for cell in book["Fyll i"][1]]
    book["Fyll i"].cell(
        2, heading.index("inledning" if kind == "handlingsplaner" else "vem") + 1
    ).value = "Annat"
    if "enhet" in heading:
        book["Fyll i"].cell(2, heading.index("enhet") + 1).value = "nord"
    book.save(path)
    assert world.commit(kind, path).counts.new == 1
