"""Units and people from files: what rows do, what is refused, what undoing takes back."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path

import openpyxl
import pytest
from django.utils import timezone

from roder.access.rights import NotAllowedError
from roder.core.faults import UserFault
from roder.imports.kinds import KINDS
from roder.imports.services import ImportFault, undo
from roder.organisation import tree
from roder.organisation.models import Mandate, Person, Role, Unit, UnitPlacement
from tests.imports.conftest import World

UNITS = "kod;namn;slag;hor_till;extern;fran;till\n"
PEOPLE = "epost;namn;roll;organ_eller_enhet;fran;till\n"
TREE = UNITS + (
    "b1;Björkgården;enhet;aldre;;2020-01-01;\n"  # before its parent
    "aldre;Äldreomsorg;avdelning;of;;2020-01-01;\n"
    "privat;Privata hemmet;enhet;aldre;ja;2020-01-01;\n"
)


def faults(world: World, kind: str, text: str) -> list[tuple[int | None, str | None, str]]:
    return [(one.row, one.column, one.message) for one in world.preview(kind, text).faults]


def test_units_become_a_tree_whatever_the_order_of_the_rows(world: World) -> None:
    done = world.commit("enheter", TREE)
    assert (done.counts.new, done.counts.changed) == (3, 0)
    (top,), homeless = tree.on(world.committee, date(2026, 1, 1))
    under = {one.unit.code: [leaf.unit.code for leaf in one.children] for one in top.children}
    assert under["aldre"] == ["b1", "privat"]
    assert not homeless
    assert Unit.objects.get(code="privat").external


def test_the_same_file_again_does_nothing(world: World) -> None:
    world.commit("enheter", TREE)
    again = world.commit("enheter", TREE)
    assert again.batch is None
    assert again.counts.unchanged == 3


def test_a_unit_that_moves_keeps_the_place_it_had_until_then(world: World) -> None:
    world.commit("enheter", TREE)
    seen = world.preview("enheter", UNITS + "nord;Enhet Nord;enhet;aldre;;2026-07-01;\n")
    assert [(one.column, one.old, one.new) for one in seen.changes] == [
        ("hor_till", "of från 2020-01-01", "aldre från 2026-07-01")
    ]
    world.commit("enheter", UNITS + "nord;Enhet Nord;enhet;aldre;;2026-07-01;\n")
    places = UnitPlacement.objects.filter(unit__code="nord").order_by("valid")
    assert [(one.parent and one.parent.code, one.valid.lower, one.valid.upper) for one in places] == [
        ("of", date(2020, 1, 1), date(2026, 7, 1)),
        ("aldre", date(2026, 7, 1), None),
    ]


@pytest.mark.parametrize(
    ("row", "place", "said"),
    [
        ("x;X;enhet;finns-inte;;;", (2, "hor_till"), "finns varken i filen"),
        ("of;Omsorgsförvaltningen;förvaltning;nord;;;", (2, "hor_till"), "under sig själv"),
        ("x;X;stuga;;;;", (2, "slag"), "”stuga” finns inte"),
        ("x;;enhet;;;;", (2, "namn"), "cellen namn är tom"),
        ("x;X;enhet;of;;2026-02-01;2026-01-01", (2, "till"), "före den första"),
        ("x;X;enhet;of;;;2026-01-01", (2, "till"), "första dagen saknas"),
        ("x;X;enhet;of;;;\nx;X igen;enhet;of;;;", (3, None), "samma sak som rad 2"),
        ("x;X;enhet;of;;;\nX;X igen;enhet;of;;;", (3, "kod"), "finns redan i filen"),
    ],
)
def test_what_makes_no_tree_is_said_at_row_and_column(
    world: World, row: str, place: tuple[int, str | None], said: str
) -> None:
    found = faults(world, "enheter", UNITS + row + "\n")
    assert any((one[0], one[1]) == place and said in one[2] for one in found), found
    with pytest.raises(ImportFault):
        world.commit("enheter", UNITS + row + "\n")
    assert Unit.objects.count() == 3


def test_title_rows_above_the_heading_of_a_workbook_do_not_matter(world: World) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    for row in (
        ["Organisation 2026"],
        [],
        ["Kod", "Namn", "Slag", "Hör till"],
        ["b1", "Björken", "enhet", "of"],
    ):
        sheet.append(row)
    path = world.folder / "enheter.xlsx"
    book.save(path)
    assert world.commit("enheter", path).counts.new == 1
    assert UnitPlacement.objects.get(unit__code="b1").valid.lower == timezone.localdate()


def test_a_file_of_units_is_taken_back_whole(world: World) -> None:
    before = list(UnitPlacement.objects.order_by("unit", "valid").values_list("unit", "parent", "valid"))
    batch = world.commit("enheter", TREE + "nord;Norra enheten;enhet;aldre;;2026-07-01;\n").batch
    assert batch is not None
    assert undo(KINDS["enheter"], batch).rows == 4
    assert set(Unit.objects.values_list("code", "name")) == {
        ("of", "Omsorgsförvaltningen"), ("nord", "Enhet Nord"), ("syd", "Enhet Syd"),
    }  # fmt: skip
    after = list(UnitPlacement.objects.order_by("unit", "valid").values_list("unit", "parent", "valid"))
    assert after == before


def test_units_that_somebody_has_worked_on_with_are_not_taken_back(world: World) -> None:
    batch = world.commit("enheter", TREE).batch
    assert batch is not None
    world.commit("personer", PEOPLE + "chef@x.se;Chef Chefsson;enhetschef;b1;2026-01-01;\n")
    with pytest.raises(UserFault, match=r"arbetat vidare med 1 av raderna \(mandat\)"):
        undo(KINDS["enheter"], batch)
    unit = Unit.objects.get(code="privat")
    unit.save_over(unit.revision, name="Nytt namn")
    with pytest.raises(UserFault, match="1 av enheterna har bytt namn"):
        undo(KINDS["enheter"], batch)
    assert Unit.objects.filter(code="b1").exists()


def test_a_person_may_stand_on_many_rows(world: World) -> None:
    done = world.commit(
        "personer",
        PEOPLE + "Anna@x.se;Anna Lind;enhetschef;Enhet Nord;2026-01-01;\n"
        "anna@x.se;;controller;;2026-01-01;2026-12-31\n",
    )
    assert done.counts.new == 2
    anna = Person.objects.get(email="anna@x.se")
    assert not anna.has_usable_password()
    assert {(one.role, one.unit and one.unit.code, one.valid.upper) for one in anna.mandates.all()} == {
        ("unit_manager", "nord", None), ("controller", None, date(2027, 1, 1)),
    }  # fmt: skip


def test_people_again_do_nothing_and_new_dates_are_the_same_mandate(world: World) -> None:
    row = "anna@x.se;Anna Lind;enhetschef;nord;2026-01-01;"
    world.commit("personer", f"{PEOPLE}{row}\n")
    assert world.commit("personer", f"{PEOPLE}{row}\n").batch is None
    changed = world.commit("personer", f"{PEOPLE}{row}2026-08-31\n")
    assert (changed.counts.new, changed.counts.changed) == (0, 1)
    assert Mandate.objects.get().valid.upper == date(2026, 9, 1)
    assert world.commit("personer", f"{PEOPLE}{row}\n").batch is None  # an open row does not begin it again


def test_two_periods_in_one_file_are_two_mandates_and_are_taken_back(world: World) -> None:
    row = "anna@x.se;Anna Lind;enhetschef;nord;"
    world.commit("personer", f"{PEOPLE}{row}2023-01-01;\n")
    stood = Mandate.objects.get().valid
    both = f"{PEOPLE}{row}2026-01-01;\n{row}2023-01-01;2024-12-31\n"
    done = world.commit("personer", both)
    assert (done.counts.new, done.counts.changed) == (1, 1)
    assert [(one.valid.lower, one.valid.upper) for one in Mandate.objects.order_by("valid")] == [
        (date(2023, 1, 1), date(2025, 1, 1)), (date(2026, 1, 1), None),
    ]  # fmt: skip
    assert world.commit("personer", both).batch is None, "the same file again changes nothing"
    assert done.batch is not None
    undo(KINDS["personer"], done.batch)
    assert Mandate.objects.get().valid == stood


@pytest.mark.parametrize(
    ("row", "column", "said"),
    [
        ("anna@x.se;19121212-1212;enhetschef;nord;;", "namn", "personnummer"),
        ("anna@x.se;;enhetschef;nord;;", "namn", "är ny och har inget namn"),
        ("anna;Anna;enhetschef;nord;;", "epost", "ingen e-postadress"),
        ("anna@x.se;Anna;enhetschäf;nord;;", "roll", "Menade du ”enhetschef”?"),
        (
            "anna@x.se;Anna;enhetschef;norrr;;",
            "organ_eller_enhet",
            "varken nämnden, ett utskott eller en enhet",
        ),
        ("anna@x.se;Anna;enhetschef;nord;;\nanna@x.se;Änna;sas;;;", "namn", "på en annan rad"),
    ],
)
def test_what_is_wrong_with_a_person_is_said_and_nothing_is_kept(
    world: World, row: str, column: str, said: str
) -> None:
    found = faults(world, "personer", PEOPLE + row + "\n")
    assert any(one[1] == column and said in one[2] for one in found), found
    assert "121212" not in str(found)
    with pytest.raises(ImportFault):
        world.commit("personer", PEOPLE + row + "\n")
    assert not Person.objects.exists()


def test_people_are_taken_back_with_their_mandates(world: World) -> None:
    batch = world.commit("personer", PEOPLE + "anna@x.se;Anna Lind;enhetschef;nord;2026-01-01;\n").batch
    assert batch is not None
    undo(KINDS["personer"], batch)
    assert not Person.objects.exists()
    assert not Mandate.objects.exists()


def test_somebody_who_has_begun_stays_when_the_mandate_goes(world: World) -> None:
    batch = world.commit("personer", PEOPLE + "anna@x.se;Anna Lind;enhetschef;nord;2026-01-01;\n").batch
    assert batch is not None
    anna = Person.objects.get()
    anna.set_password("lång och hemlig")
    anna.save()
    undo(KINDS["personer"], batch)
    assert Person.objects.filter(pk=anna.pk).exists()
    assert not Mandate.objects.exists()


@pytest.mark.parametrize("role", [Role.CONTROLLER, Role.QUALITY_STRATEGIST, Role.UNIT_MANAGER, Role.MEMBER])
@pytest.mark.parametrize("kind", ["enheter", "personer"])
def test_only_the_administrator_reads_them_in(
    world: World, person: Callable[[Role], Person], role: Role, kind: str
) -> None:
    path: Path = world.file(TREE if kind == "enheter" else PEOPLE + "a@x.se;A;sas;;;\n")
    with pytest.raises(NotAllowedError):
        world.commit(kind, path, person(role))
    assert world.commit(kind, path, person(Role.ADMINISTRATOR)).batch is not None
