"""Key figures, goals and assignments from files: what undoing takes back, who may, and what comes after."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path

import openpyxl
import pytest
from django.db.backends.postgresql.psycopg_any import DateRange
from django.test import Client

from roder.access.rights import NotAllowedError
from roder.core.faults import UserFault
from roder.imports.blank import example_row, write_xlsx
from roder.imports.cells import Context
from roder.imports.kinds import KINDS
from roder.imports.services import undo
from roder.measures.models import Definition, Measure, MeasureValue
from roder.organisation.models import Person, Role
from roder.steering.models import Activity, Assessment, Assignment, Goal, Occasion
from tests.imports.conftest import World
from tests.imports.steering_files import FIGURE, GOALS, TEXTS, everything, linked, without_marks


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
