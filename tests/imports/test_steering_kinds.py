"""Key figures, goals and assignments from files: what rows do, what is refused, what undoing takes back."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date
from decimal import Decimal
from pathlib import Path

import openpyxl
import pytest
from django.db.backends.postgresql.psycopg_any import DateRange
from django.test import Client

from roder.access.models import AuditRecord
from roder.access.rights import NotAllowedError
from roder.core.faults import UserFault
from roder.core.models import Link
from roder.imports.blank import example_row, write_xlsx
from roder.imports.cells import Context
from roder.imports.kinds import KINDS
from roder.imports.services import ImportFault, undo
from roder.measures.models import Definition, Measure, MeasureValue, Target
from roder.measures.proposals import measures_of
from roder.organisation.models import Body, Person, Role
from roder.steering.models import Activity, Assessment, Assignment, FocusArea, Goal, Occasion, Vision
from tests.imports.conftest import World

FIGURES = "kod;nyckeltal;mattenhet;riktning;malvarde;mal_ar;definition;definition_fran;ansvarig\n"
FIGURE = (
    FIGURES + "svar;Direkt svar i telefon;%;högre är bättre;90;2022;Andel som får svar.;2022-01-01;Strateg\n"
)
GOALS = "kod;mal;niva;fran_ar;till_ar;bidrar_till;nyckeltal;indikatorer;fokusomrade;vision;ansvarig\n"
CHAIN = (
    GOALS
    + (
        "M1;Svar direkt;nämnden;2022;2024;P1;nojda | plan;nojda;;;Förvaltningschef\n"  # before what it contributes to
        "P1;God service;kommunfullmäktige;2022;2024;;;nojda;Trygg omsorg;Vision 2040;\n"
    )
)
TOLD = "kod;uppdrag;givet_av;fran_ar;till_ar;klart_senast;beslutat;paragraf\n"
TASKED = TOLD + "U1;Plan mot ensamhet;nämnden;2022;2022;2022-11-30;2021-12-15;84\n"
TEXTS = {"nyckeltal": FIGURE, "mal": CHAIN, "uppdrag": TASKED}


def faults(world: World, kind: str, text: str) -> list[tuple[int | None, str | None, str]]:
    return [(one.row, one.column, one.message) for one in world.preview(kind, text).faults]


def linked(goal: Goal, kind: Link.Kind = Link.Kind.MEASURED_BY) -> list[str]:
    rows = Link.objects.filter(source_kind=Goal.record_kind(), source_id=goal.pk, kind=kind).order_by(
        "position"
    )
    codes = dict(Measure.objects.values_list("pk", "code"))
    return [codes[pk] for pk in rows.values_list("target_id", flat=True)]


def everything() -> list[Iterable[object]]:
    tables = (Measure, Definition, Target, Vision, FocusArea, Goal, Assignment, Link)
    return [list(table._default_manager.order_by("pk").values()) for table in tables]


def without_marks(found: list[Iterable[object]]) -> list[object]:
    """What stands, but for what every change moves."""
    marks = ("revision", "changed_at", "created_at", "id", "pk")
    return [
        sorted(str({name: value for name, value in row.items() if name not in marks}) for row in rows)  # type: ignore[attr-defined]
        for rows in found
    ]


# Key figures


def test_a_key_figure_comes_with_its_definition_and_wanted_value(world: World) -> None:
    done = world.commit("nyckeltal", FIGURE)
    assert (done.counts.new, done.counts.changed) == (1, 0)
    made = Measure.objects.get(code="svar")
    assert (made.title, made.unit, made.direction, made.decimals, made.responsible) == (
        "Direkt svar i telefon", "%", "higher", 1, "Strateg",
    )  # fmt: skip
    target, definition = made.targets.get(), made.definitions.get()
    assert (target.year, target.operator, target.value) == (2022, ">=", Decimal(90))
    assert (definition.text, definition.valid.lower, definition.valid.upper) == (
        "Andel som får svar.", date(2022, 1, 1), None,
    )  # fmt: skip
    assert AuditRecord.objects.filter(deed="import.committed", detail__kind="nyckeltal").exists()


@pytest.mark.parametrize("kind", TEXTS)
def test_the_same_file_again_does_nothing(world: World, kind: str) -> None:
    rows = TEXTS[kind].count("\n") - 1
    assert world.commit(kind, TEXTS[kind]).counts.new == rows
    there = everything()
    again = world.commit(kind, TEXTS[kind])
    assert again.batch is None and again.counts.unchanged == rows
    assert everything() == there


def test_only_what_the_file_says_is_changed(world: World) -> None:
    world.commit("nyckeltal", FIGURE)
    text = "kod;nyckeltal;mattenhet;malvarde;mal_ar\nSVAR;Svar direkt;procent;95 %;2022\n"
    seen = world.preview("nyckeltal", text)
    assert [(one.column, one.old, one.new) for one in seen.changes] == [
        ("nyckeltal", "Direkt svar i telefon", "Svar direkt"),
        ("malvarde", "2022: minst 90", "2022: minst 95"),
    ]
    world.commit("nyckeltal", text)
    made = Measure.objects.get(code="svar")
    assert (made.title, made.direction, made.responsible) == ("Svar direkt", "higher", "Strateg")
    assert made.targets.get().value == 95
    assert made.definitions.get().text == "Andel som får svar."
    world.commit("nyckeltal", "kod;nyckeltal;mattenhet;riktning;malvarde;mal_ar\nsvar;Svar direkt;%;;;\n")
    made.refresh_from_db()
    assert made.direction == "neither", "a column that is there and empty is empty"
    assert made.targets.get().value == 95, "but no wanted value says nothing of it"


def test_another_year_and_another_definition_stand_beside_the_first(world: World) -> None:
    world.commit("nyckeltal", FIGURE)
    world.commit(
        "nyckeltal",
        "kod;nyckeltal;mattenhet;malvarde;mal_ar;mal_villkor;definition;definition_fran;bryter_serien\n"
        "svar;Direkt svar i telefon;%;92;2023;över;Andel inom en minut.;2023-07-01;ja\n",
    )
    made = Measure.objects.get(code="svar")
    assert list(made.targets.order_by("year").values_list("year", "operator", "value")) == [
        (2022, ">=", 90), (2023, ">", 92),
    ]  # fmt: skip
    assert [(one.valid.lower, one.valid.upper, one.breaks_series) for one in made.definitions.order_by("valid")] == [
        (date(2022, 1, 1), date(2023, 7, 1), False), (date(2023, 7, 1), None, True),
    ]  # fmt: skip


def test_groups_are_written_in_words(world: World) -> None:
    text = "kod;nyckeltal;mattenhet;grupper\nko;Väntetid;dagar;Nämndens mål | eget ord\n"
    world.commit("nyckeltal", text)
    assert Measure.objects.get(code="ko").groups == ["goal", "eget ord"]
    seen = world.preview("nyckeltal", text.replace(" | eget ord", ""))
    assert [(one.old, one.new) for one in seen.changes] == [("nämndens mål, eget ord", "nämndens mål")]


def test_less_is_better_is_wanted_at_most(world: World) -> None:
    text = "kod;nyckeltal;mattenhet;riktning;malvarde\nko;Väntetid;dagar;lägre är bättre;30\n"
    world.commit("nyckeltal", text)
    assert Target.objects.get().operator == "<=" and Target.objects.get().year == 2022
    assert Measure.objects.get(code="ko").decimals == 0


def test_the_unit_of_a_measure_with_values_stays(world: World) -> None:
    world.commit("mattvarden", "matt;period;varde\nnojda;2022;87\n")
    text = "kod;nyckeltal;mattenhet\nnojda;Nöjda brukare;antal\nplan;Plan finns;antal\n"
    assert [(row, column) for row, column, _ in faults(world, "nyckeltal", text)] == [(2, "mattenhet")]
    assert "räknas i % och har värden" in faults(world, "nyckeltal", text)[0][2]


@pytest.mark.parametrize(
    ("text", "place", "said"),
    [
        ("kod;nyckeltal;mattenhet\nx;X;liter\n", (2, "mattenhet"), "”liter” finns inte. Skriv något av kr"),
        ("kod;nyckeltal;mattenhet\nx;X;procet\n", (2, "mattenhet"), "Menade du ”procent”?"),
        ("kod;nyckeltal;mattenhet\nx;X;\n", (2, "mattenhet"), "cellen mattenhet är tom"),
        ("kod;nyckeltal;mattenhet\nx;X;%\nx;Y;%\n", (3, None), "samma sak som rad 2"),
        ("kod;nyckeltal;mattenhet\nx;X;%\nX;Y;%\n", (3, "kod"), "finns redan i filen, skriven ”x”"),
        ("kod;nyckeltal;mattenhet;decimaler\nx;X;%;7\n", (2, "decimaler"), "Skriv 0 till 4"),
        ("kod;nyckeltal;mattenhet;malvarde\nx;X;antal;7 %\n", (2, "malvarde"), "räknas i antal"),
        (
            "kod;nyckeltal;mattenhet;malvarde\nx;X;antal;ja\n",
            (2, "malvarde"),
            "ändra måttenheten till ja/nej",
        ),
        ("kod;nyckeltal;mattenhet;malvarde;mal_ar\nx;X;%;;2022\n", (2, "malvarde"), "målvärdet saknas"),
        ("kod;nyckeltal;mattenhet;mal_ar;malvarde\nx;X;%;22;5\n", (2, "mal_ar"), "”22” är inte ett år"),
        (
            "kod;nyckeltal;mattenhet;definition;definition_fran\nx;X;%;;2022-01-01\n",
            (2, "definition"),
            "saknas",
        ),
        ("kod;nyckeltal;mattenhet;publiceras\nx;X;%;13\n", (2, "publiceras"), "ingen månad"),
        ("kod;nyckeltal;mattenhet;ansvarig\nx;X;%;19121212-1212\n", (2, "ansvarig"), "personnummer"),
        ("kod;nyckeltal\nx;X\n", (1, "mattenhet"), "kolumnen mattenhet saknas"),
    ],
)
def test_what_is_wrong_with_a_key_figure_is_said_at_row_and_column(
    world: World, text: str, place: tuple[int, str | None], said: str
) -> None:
    found = faults(world, "nyckeltal", text)
    assert any((row, column) == place and said in what for row, column, what in found), found
    with pytest.raises(ImportFault):
        world.commit("nyckeltal", text)
    assert Measure.objects.count() == 2


def test_a_wanted_value_without_a_year_needs_one(world: World) -> None:
    bare = World(world.committee, Context(world.committee), world.folder)
    text = "kod;nyckeltal;mattenhet;malvarde\nx;X;%;7\n"
    assert [(row, column) for row, column, _ in faults(bare, "nyckeltal", text)] == [(2, "mal_ar")]


# Goals


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


def test_without_years_a_goal_is_for_the_year_the_file_is_read_in_for(world: World) -> None:
    world.commit("mal", "kod;mal\nM1;Svar direkt\n")
    goal = Goal.objects.get()
    assert (goal.from_year, goal.to_year, goal.level) == (2022, 2022, "committee")


# Assignments


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


# Undoing


@pytest.mark.parametrize("kind", TEXTS)
def test_a_file_is_taken_back_whole(world: World, kind: str) -> None:
    before = everything()
    batch = world.commit(kind, TEXTS[kind]).batch
    assert batch is not None
    assert undo(KINDS[kind], batch).rows == TEXTS[kind].count("\n") - 1
    assert everything() == before


CHANGES = {
    "nyckeltal": "kod;nyckeltal;mattenhet;decimaler;malvarde;mal_ar;definition;definition_fran;bryter_serien\n"
    "svar;Nytt namn;%;2;95;2022;Ny lydelse.;2022-06-01;ja\nny;En ny;antal;;1;2022;;;\n",
    "mal": "kod;mal;niva;bidrar_till;nyckeltal;fokusomrade;till_ar\n"
    "M1;Nytt namn;;P2;plan;Nytt område;2025\nP1;Nytt också;KF;;plan;;2025\nM2;Ett nytt;;P1;;;2025\n"
    "P2;Ett nytt från KF;KF;;;;2025\n",
    "uppdrag": "kod;uppdrag;givet_av;klart_senast\nU1;Nytt namn;KF;\nU2;Ett nytt;KS;2022-12-31\n",
}


@pytest.mark.parametrize("kind", TEXTS)
def test_a_file_that_changed_what_stood_gives_it_back(world: World, kind: str) -> None:
    world.commit(kind, TEXTS[kind])
    before = without_marks(everything())
    batch = world.commit(kind, CHANGES[kind]).batch
    assert batch is not None and without_marks(everything()) != before
    assert undo(KINDS[kind], batch).rows == CHANGES[kind].count("\n") - 1
    assert without_marks(everything()) == before
    assert world.commit(kind, TEXTS[kind]).batch is None


@pytest.mark.parametrize("kind", TEXTS)
def test_what_a_later_file_has_changed_is_taken_back_after_it(world: World, kind: str) -> None:
    before = everything()
    first, second = world.commit(kind, TEXTS[kind]).batch, world.commit(kind, CHANGES[kind]).batch
    assert first is not None and second is not None
    with pytest.raises(UserFault, match="har ändrats efter inläsningen"):
        undo(KINDS[kind], first)
    undo(KINDS[kind], second)
    undo(KINDS[kind], first)
    assert everything() == before


def test_key_figures_that_are_used_are_not_taken_back(world: World) -> None:
    batch = world.commit("nyckeltal", FIGURE).batch
    assert batch is not None
    goals = world.commit("mal", "kod;mal;nyckeltal\nM1;Svar direkt;svar\n").batch
    with pytest.raises(UserFault, match=r"arbetat vidare med 1 av raderna.*Direkt svar i telefon"):
        undo(KINDS["nyckeltal"], batch)
    assert goals is not None
    undo(KINDS["mal"], goals)
    values = world.commit("mattvarden", "matt;period;varde\nsvar;2022;87\n").batch
    with pytest.raises(UserFault, match=r"arbetat vidare med 1 av raderna \(utfall\)"):
        undo(KINDS["nyckeltal"], batch)
    assert values is not None
    undo(KINDS["mattvarden"], values)
    undo(KINDS["nyckeltal"], batch)
    assert not Measure.objects.filter(code="svar").exists()


@pytest.mark.parametrize("kind", ["mal", "uppdrag"])
def test_what_has_been_assessed_is_not_taken_back(world: World, kind: str) -> None:
    batch = world.commit(kind, TEXTS[kind]).batch
    assert batch is not None
    subject = Goal.objects.get(code="M1") if kind == "mal" else Assignment.objects.get()
    Assessment.objects.create(
        occasion=Occasion.objects.get(code="2022-03"), subject_kind=subject.record_kind(), subject_id=subject.pk,
        analysis="Det går framåt.",
    )  # fmt: skip
    with pytest.raises(UserFault, match=r"arbetat vidare med 1 av raderna \(bedömning\)"):
        undo(KINDS[kind], batch)
    assert Assessment.objects.exists()


def test_goals_with_activities_or_goals_under_them_are_not_taken_back(world: World) -> None:
    batch = world.commit("mal", GOALS + "P1;God service;KF;2022;2024;;;;;;\n").batch
    own = world.commit("mal", GOALS + "M1;Svar direkt;;2022;2024;P1;;;;;\n").batch
    assert batch is not None and own is not None
    with pytest.raises(UserFault, match="arbetat vidare"):
        undo(KINDS["mal"], batch)
    activity = Activity.objects.create(
        committee=world.committee, goal=Goal.objects.get(code="M1"), what="Ny växel", year=2022
    )
    with pytest.raises(UserFault, match="aktivitet"):
        undo(KINDS["mal"], own)
    activity.delete()
    undo(KINDS["mal"], own)
    undo(KINDS["mal"], batch)
    assert not Goal.objects.exists()


# Who may, blank files, and what comes after


@pytest.mark.parametrize("role", list(Role))
@pytest.mark.parametrize("kind", TEXTS)
def test_those_who_keep_the_goals_read_them_in(
    world: World, person: Callable[[Role], Person], role: Role, kind: str
) -> None:
    if role in (Role.CONTROLLER, Role.QUALITY_STRATEGIST):
        batch = world.commit(kind, TEXTS[kind], person(role)).batch
        assert batch is not None and batch.imported_by is not None
        return
    with pytest.raises(NotAllowedError):
        world.commit(kind, TEXTS[kind], person(role))


@pytest.mark.parametrize("kind", TEXTS)
def test_the_blank_workbook_can_be_read_in_as_it_is_filled(world: World, kind: str) -> None:
    context = Context(world.committee, 2022)
    path: Path = world.folder / f"{kind}.xlsx"
    write_xlsx(KINDS[kind], context, path)
    seen = world.preview(kind, path)
    assert seen.rows == 0 and any("exempelrad" in one for one in seen.warnings)
    book = openpyxl.load_workbook(path)
    sheet = book["Fyll i"]
    sheet["A2"] = "egen-kod"
    book.save(path)
    assert [one.message for one in world.preview(kind, path).faults] == []
    assert world.commit(kind, path).counts.new == 1
    lists = {cell.value: cell.column for cell in book["Listor"][1]}
    wanted = {"nyckeltal": "mattenhet", "mal": "nyckeltal", "uppdrag": "givet_av"}[kind]
    assert wanted in lists


def test_a_committee_that_has_nothing_gets_figures_goals_and_values_from_files_alone(world: World) -> None:
    Measure.objects.all().delete()
    for kind in ("nyckeltal", "mal"):
        row = {**example_row(KINDS[kind]), "kod": "egen" if kind == "nyckeltal" else "M9"}
        row["nyckeltal"] = "egen" if kind == "mal" else row["nyckeltal"]
        text = f"{';'.join(row)}\n{';'.join(row.values())}\n"
        assert world.commit(kind, text).counts.new == 1
    assert world.commit("mattvarden", "matt;period;varde\negen;2022;87\n").counts.new == 1
    goal = Goal.objects.get(code="M9")
    assert linked(goal) == ["egen"] and MeasureValue.objects.get().measure.code == "egen"


def test_what_a_folders_files_made_is_the_same_as_what_tables_say(world: World) -> None:
    """The definition that a file of the other form gave is met, not doubled."""
    measure = Measure.objects.get(code="nojda")
    Definition.objects.create(measure=measure, text="Enkät.", valid=DateRange(date(2020, 1, 1), None))
    text = "kod;nyckeltal;mattenhet;definition;definition_fran\nnojda;Nöjda brukare;%;Enkät.;2022-01-01\n"
    assert world.commit("nyckeltal", text).batch is None


@pytest.mark.parametrize(("role", "may"), [(Role.QUALITY_STRATEGIST, True), (Role.MEMBER, False)])
def test_the_lists_lead_to_the_file_for_who_may(
    world: World, person: Callable[[Role], Person], role: Role, may: bool
) -> None:
    client = Client()
    client.force_login(person(role))
    for page, kind in (("mal", "mal"), ("uppdrag", "uppdrag"), ("nyckeltal", "nyckeltal")):
        shown = client.get(f"/provby-on/2022/{page}/").content.decode()
        assert (f"/provby-on/2022/inlasning/{kind}/" in shown) is may
