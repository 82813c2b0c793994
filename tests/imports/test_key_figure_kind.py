"""Key figures from files: what rows do, and what is refused."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from roder.access.models import AuditRecord
from roder.imports.cells import Context
from roder.imports.services import ImportFault
from roder.measures.models import Measure, Target
from tests.imports.conftest import World
from tests.imports.steering_files import FIGURE, TEXTS, everything, faults


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
