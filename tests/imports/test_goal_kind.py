"""Goals and assignments from files: what rows do, and what is refused."""

from __future__ import annotations

from datetime import date

import pytest

from roder.core.models import Link
from roder.imports.cells import Context
from roder.imports.kinds import KINDS
from roder.imports.services import ImportFault, undo
from roder.measures.models import Measure
from roder.measures.proposals import measures_of
from roder.organisation.models import Body
from roder.steering.models import Activity, Assessment, Assignment, Goal, Occasion, Vision
from tests.imports.conftest import World
from tests.imports.steering_files import CHAIN, GOALS, TASKED, TOLD, faults, linked


def test_goals_stand_in_the_chain_whatever_the_order_of_the_rows(world: World) -> None:
    seen = world.preview("mal", CHAIN)
    assert seen.warnings == [
        "Fokusområdet ”Trygg omsorg” är nytt och läggs upp.",
        "Visionen ”Vision 2040” är ny och blir hela kommunens.",
    ]
    world.commit("mal", CHAIN)
    own, council = Goal.objects.get(code="M1"), Goal.objects.get(code="P1")
    assert own.parent == council and own.committee == world.committee and council.committee is None
    assert council.focus_area is not None and str(council.focus_area.vision) == "Vision 2040"
    assert (own.from_year, own.to_year, own.followed, own.kind) == (2022, 2024, "interim_annual", "ordinary")
    assert linked(own) == ["nojda", "plan"]
    assert linked(own, Link.Kind.INDICATOR) == linked(council, Link.Kind.INDICATOR) == ["nojda"]
    assert [one.code for one in measures_of([own])[own.pk]] == ["nojda", "plan"]


def test_a_goal_changes_in_what_the_file_says_and_keeps_what_people_wrote(world: World) -> None:
    world.commit("mal", CHAIN)
    goal = Goal.objects.get(code="M1")
    occasion = Occasion.objects.get(code="2022-03")
    Assessment.objects.create(
        occasion=occasion, subject_kind=Goal.record_kind(), subject_id=goal.pk, analysis="Det går framåt."
    )
    activity = Activity.objects.create(
        committee=world.committee,
        goal=goal,
        what="Ny telefonväxel",
        year=2022,
        progress=40,
        followed_up="Upphandlad.",
    )
    seen = world.preview("mal", "kod;mal;nyckeltal\nM1;Svar direkt;plan\n")
    assert [(one.column, one.old, one.new) for one in seen.changes] == [("nyckeltal", "nojda, plan", "plan")]
    world.commit("mal", "kod;mal;nyckeltal\nM1;Svar direkt;plan\n")
    goal.refresh_from_db()
    assert linked(goal) == ["plan"] and linked(goal, Link.Kind.INDICATOR) == ["nojda"]
    assert goal.parent is not None and goal.responsible == "Förvaltningschef"
    assert Assessment.objects.get().analysis == "Det går framåt."
    activity.refresh_from_db()
    assert (activity.progress, activity.followed_up) == (40, "Upphandlad.")


def test_notes_on_measures_stay(world: World) -> None:
    """A supporting indicator is not in the list of a file, and is not taken away by it."""
    world.commit("mal", CHAIN)
    council = Goal.objects.get(code="P1")
    plan = Measure.objects.get(code="plan")
    Link.objects.create(
        source_kind=Goal.record_kind(), source_id=council.pk, target_kind=Measure.record_kind(),
        target_id=plan.pk, kind=Link.Kind.INDICATOR, note="stödjande", position=1,
    )  # fmt: skip
    assert world.commit("mal", CHAIN).batch is None
    assert linked(council, Link.Kind.INDICATOR) == ["nojda", "plan"]


def test_another_committees_indicators_of_a_shared_goal_stay(world: World) -> None:
    world.commit("mal", CHAIN)
    other = Body.objects.create(
        municipality=world.committee.municipality,
        kind="committee",
        name="Skolnämnden",
        short_name="SK",
        slug="provby-sk",
    )
    Measure.objects.create(committee=other, code="betyg", title="Betyg", unit="%")
    theirs = World(other, Context(other, 2022), world.folder)
    text = "kod;mal;niva;indikatorer\nP1;God service;KF;betyg\n"
    assert theirs.preview("mal", text).warnings == [
        "Fullmäktiges mål är gemensamma: det som ändras gäller alla kommunens nämnder."
    ]
    batch = theirs.commit("mal", text).batch
    council = Goal.objects.get(code="P1")
    assert sorted(linked(council, Link.Kind.INDICATOR)) == ["betyg", "nojda"]
    assert batch is not None and undo(KINDS["mal"], batch).rows == 1
    assert linked(council, Link.Kind.INDICATOR) == ["nojda"]


@pytest.mark.parametrize(
    ("row", "place", "said"),
    [
        ("M1;Mål;;2022;2024;;nojd;;;;", (2, "nyckeltal"), "”nojd” finns inte bland nämndens nyckeltal"),
        ("M1;Mål;;2022;2024;;nojd;;;;", (2, "nyckeltal"), "Menade du ”nojda”?"),
        ("M1;Mål;;2022;2024;;nojda | x;;;;", (2, "nyckeltal"), "nyckeltalet ”x” finns inte"),
        ("M1;Mål;;2024;2022;;;;;;", (2, "till_ar"), "sista året är före det första"),
        ("M1;Mål;;2022-24;;;;;;;", (2, "fran_ar"), "är inte ett år"),
        ("M1;Mål;;2022;;P9;;;;;", (2, "bidrar_till"), "finns varken i filen eller sedan tidigare"),
        ("M1;Mål;KF;2022;;P1;;;;;", (2, "bidrar_till"), "bidrar inte till andra mål"),
        ("M1;Mål;;2022;;;;;Trygghet;;", (2, "fokusomrade"), "Skriv visionens rubrik i kolumnen vision"),
        ("M1;Mål;kyrkan;2022;;;;;;;", (2, "niva"), "”kyrkan” finns inte"),
        ("M1;;;2022;;;;;;;", (2, "mal"), "cellen mal är tom"),
        ("M1;Mål;;2022;;;;;;;\nM1;Mål två;;2022;;;;;;;", (3, None), "samma sak som rad 2"),
        ("M1;Mål;;2022;;;;;;;\nm1;Mål två;;2022;;;;;;;", (3, "kod"), "finns redan i filen"),
    ],
)
def test_what_is_wrong_with_a_goal_is_said_at_row_and_column(
    world: World, row: str, place: tuple[int, str | None], said: str
) -> None:
    found = faults(world, "mal", f"{GOALS}{row}\n")
    assert any((one[0], one[1]) == place and said in one[2] for one in found), found
    with pytest.raises(ImportFault):
        world.commit("mal", f"{GOALS}{row}\n")
    assert not Goal.objects.exists() and not Vision.objects.exists()


def test_a_first_year_alone_may_not_pass_the_last_that_stands(world: World) -> None:
    world.commit("mal", CHAIN)
    found = faults(world, "mal", "kod;mal;fran_ar\nM1;Svar direkt;2026\n")
    assert [(row, column) for row, column, _ in found] == [(2, "till_ar")]


@pytest.mark.parametrize(("kind", "named"), [("mal", "kod;mal"), ("uppdrag", "kod;uppdrag;givet_av")])
def test_a_last_year_alone_may_not_be_before_the_year_of_the_file(
    world: World, kind: str, named: str
) -> None:
    row = "M8;Nytt" if kind == "mal" else "M8;Nytt;nämnden"
    found = faults(world, kind, f"{named};till_ar\n{row};2021\n")
    assert [(at, column) for at, column, _ in found] == [(2, "till_ar")]
    assert "från 2022 till 2021" in found[0][2]


def test_without_years_a_goal_is_for_the_year_the_file_is_read_in_for(world: World) -> None:
    world.commit("mal", "kod;mal\nM1;Svar direkt\n")
    goal = Goal.objects.get()
    assert (goal.from_year, goal.to_year, goal.level) == (2022, 2022, "committee")


def test_an_assignment_is_read_in_and_changed(world: World) -> None:
    world.commit("uppdrag", TASKED)
    made = Assignment.objects.get()
    assert (made.title, made.giver, made.due_on, made.decided_on, made.decision_paragraph) == (
        "Plan mot ensamhet", "namnd", date(2022, 11, 30), date(2021, 12, 15), "84",
    )  # fmt: skip
    seen = world.preview(
        "uppdrag", "kod;uppdrag;givet_av;klart_nar\nU1;Plan mot ensamhet;KS;när planen är antagen\n"
    )
    assert [(one.column, one.old, one.new) for one in seen.changes] == [
        ("givet_av", "nämnden", "kommunstyrelsen"), ("klart_nar", "tomt", "när planen är antagen"),
    ]  # fmt: skip
    world.commit("uppdrag", "kod;uppdrag;givet_av;klart_nar\nU1;Plan mot ensamhet;KS;när planen är antagen\n")
    made.refresh_from_db()
    assert (made.giver, made.due_on, made.due_condition) == (
        "KS",
        date(2022, 11, 30),
        "när planen är antagen",
    )


@pytest.mark.parametrize(
    ("row", "place", "said"),
    [
        ("U1;Plan;chefen;2022;2022;;;", (2, "givet_av"), "Skriv något av kommunfullmäktige"),
        ("U1;Plan;nämnden;2023;2022;;;", (2, "till_ar"), "sista året är före det första"),
        ("U1;Plan;nämnden;2022;2022;2022-02-30;;", (2, "klart_senast"), "Skriv datumet som"),
        ("U1;Plan;nämnden;2022;2022;;;\nU1;Plan två;nämnden;2022;2022;;;", (3, None), "samma sak som rad 2"),
    ],
)
def test_what_is_wrong_with_an_assignment_is_said_at_row_and_column(
    world: World, row: str, place: tuple[int, str | None], said: str
) -> None:
    found = faults(world, "uppdrag", f"{TOLD}{row}\n")
    assert any((one[0], one[1]) == place and said in one[2] for one in found), found
    with pytest.raises(ImportFault):
        world.commit("uppdrag", f"{TOLD}{row}\n")
    assert not Assignment.objects.exists()
