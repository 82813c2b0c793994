"""Tables as people really make them: each ugly file with what it is expected to give, and what is said about it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal
from itertools import product
from pathlib import Path

import openpyxl
import pytest

from roder.economy.models import ForecastLine, VolumeLine
from roder.imports.kinds import KINDS
from roder.imports.services import preview
from tests.imports.conftest import World

pytestmark = pytest.mark.django_db

HEAD = ["tillfalle", "enhet", "kontogrupp", "belopp", "orsak"]
GOOD = [["2022-05", None, "personal", -1250000], ["2022-05", None, "ovriga", -7]]
EXPECTED = {"personal": Decimal(-1250000), "ovriga": Decimal(-7)}
Cells = list[list[object]]
Change = Callable[[openpyxl.Workbook], None]


def book(folder: Path, rows: Cells, change: Change | None = None, name: str = "bok.xlsx") -> Path:
    """A workbook with these rows, and what a person then did to it."""
    made = openpyxl.Workbook()
    for row in rows:
        made.active.append(row)
    if change is not None:
        change(made)
    made.save(folder / name)
    return folder / name


def amounts() -> dict[str, Decimal]:
    return {line.group.code: line.amount for line in ForecastLine.objects.select_related("group")}


def _merged_heading(made: openpyxl.Workbook) -> None:
    """The heading's cells are merged over two rows, as under a heading of groups."""
    for column in "ABCDE":
        made.active.merge_cells(f"{column}1:{column}2")


def _other_sheets(made: openpyxl.Workbook) -> None:
    made.create_sheet("Diagram", 0).append(["Bara en text"])
    made.create_sheet("Noter").append(["Ring mig om något är fel"])


UGLY: dict[str, tuple[Cells, Change | None, str]] = {
    "title rows above": (
        [
            ["Omsorgsnämnden"],
            ["Prognos efter maj"],
            ["Uttag 2022-06-03 09:12"],
            [],
            *[[f"Villkor {number}"] for number in range(9)],
            HEAD,
            *GOOD,
        ],
        None,
        "Rubrikraden är rad 14",
    ),
    "a heading of two rows, groups above": (
        [[None, "Organisation", None, "Kronor"], HEAD, *GOOD],
        None,
        "Rubrikraden är rad 2",
    ),
    "a heading merged over two rows": ([HEAD, [], *GOOD], _merged_heading, "sammanslagna"),
    "blank rows in between": ([[], HEAD, [], GOOD[0], [], [], GOOD[1]], None, ""),
    "a sum at the end": (
        [HEAD, *GOOD, ["Summa", None, None, -1250007]],
        None,
        "Rad 4 (”Summa”) är en summarad",
    ),
    "a sum with the word in a column that is read as something else": (
        [HEAD, *GOOD, [None, "Totalt", None, -1250007]],
        None,
        "är en summarad",
    ),
    "a sum without a word": (
        [HEAD, *GOOD, [None, None, None, -1250007]],
        None,
        "har bara tal och lästes inte",
    ),
    "a note under the table": (
        [HEAD, *GOOD, [], ["Källa: ekonomisystemet, preliminära siffror"]],
        None,
        "är en anteckning",
    ),
    "a note right under the table": ([HEAD, *GOOD, ["* preliminärt"]], None, "är en anteckning"),
    "sums and notes": (
        [HEAD, *GOOD, ["Delsumma", None, None, -7], ["Summa", None, None, -7], [], ["Kontakt: controllern"]],
        None,
        "är en anteckning",
    ),
    "several sheets": ([HEAD, *GOOD], _other_sheets, "Bara bladet ”Sheet” lästes"),
    "numbers as text": (
        [HEAD, ["2022-05", None, "personal", "-1 250 000"], ["2022-05", None, "ovriga", "7-"]],
        None,
        "",
    ),
    "headings in capitals with blanks": (
        [[" TILLFÄLLE", "Enhet ", "Kontogrupp\n", "BELOPP", "Orsak"], *GOOD],
        None,
        "",
    ),
    "a table that does not begin in the first column": (
        [[None, None, *HEAD], *[[None, None, *row] for row in GOOD]],
        None,
        "",
    ),
}


@pytest.mark.parametrize("name", UGLY)
def test_an_ugly_workbook(name: str, world: World, tmp_path: Path) -> None:
    rows, change, said = UGLY[name]
    path = book(tmp_path, rows, change)
    seen = world.preview("prognos", path)
    assert seen.faults == [], seen.faults
    assert said in "\n".join(seen.warnings), seen.warnings
    world.commit("prognos", path)
    assert amounts() == EXPECTED


@pytest.mark.parametrize(
    ("tail", "said"),
    [
        ("Summa;;;-1250007;\n", "är en summarad"),
        (";;;-1250007;\n", "har bara tal"),
        ("Summa\n", "Rad 4 (”Summa”)"),
        ("\nKälla: ekonomisystemet\n", "är en anteckning"),
        ("\n;;;;\n* preliminärt;;;;\n", "är en anteckning"),
    ],
)
def test_what_stands_under_a_text_file(tail: str, said: str, world: World) -> None:
    content = ";".join(HEAD) + "\n2022-05;;personal;-1250000;\n2022-05;;ovriga;-7;\n" + tail
    seen = world.preview("prognos", content)
    assert seen.faults == [] and seen.rows == 2, seen.faults
    assert said in "\n".join(seen.warnings)


def test_what_looks_like_a_note_in_the_middle_is_a_fault(world: World) -> None:
    content = ";".join(HEAD) + "\n2022-05;;personal;-1250000;\nObs: nästa rad\n2022-05;;ovriga;-7;\n"
    seen = world.preview("prognos", content)
    assert [(fault.row, fault.what) for fault in seen.faults] == [(3, "raden har 1 celler men rubriken 5")]


def test_a_file_that_was_cut_off_is_a_fault(world: World) -> None:
    seen = world.preview("prognos", ";".join(HEAD) + "\n2022-05;;personal;-1250000;\n2022-0")
    assert [fault.row for fault in seen.faults] == [3]


SEPARATORS = {
    "space": "\u0020",
    "no-break": "\u00a0",
    "narrow": "\u202f",
    "dot": ".",
    "apostrophe": "'",
    "none": "",
}
SIGNS = {
    "hyphen": "-{}",
    "minus": "−{}",
    "dash": "–{}",
    "parentheses": "({})",
    "trailing": "{}-",
    "trailing minus": "{} −",
}


@pytest.mark.parametrize(("separator", "sign"), list(product(SEPARATORS, SIGNS)))
def test_every_way_to_write_an_amount(separator: str, sign: str, world: World) -> None:
    text = SIGNS[sign].format(SEPARATORS[separator].join(("1", "250", "000")))
    seen = world.preview("prognos", ";".join(HEAD) + f"\n2022-05;;personal;{text};\n")
    assert seen.faults == []
    world.commit("prognos", ";".join(HEAD) + f"\n2022-05;;personal;{text};\n")
    assert amounts() == {"personal": Decimal(-1250000)}


@pytest.mark.parametrize(
    ("encoding", "delimiter"),
    list(product(["utf-8", "utf-8-sig", "cp1252", "utf-16", "utf-16-le", "utf-16-be"], [";", ",", "\t"])),
)
def test_every_encoding_and_delimiter(encoding: str, delimiter: str, world: World) -> None:
    rows = [
        HEAD,
        [
            "2022-05",
            "",
            "personal",
            '"-1 250 000,50"',
            '"Färre, ”äldre”"' if encoding != "cp1252" else '"Färre, äldre"',
        ],
    ]
    content = "\r\n".join(delimiter.join(row) for row in rows) + "\r\n"
    world.commit("prognos", world.file(content, encoding=encoding))
    line = ForecastLine.objects.get()
    assert line.amount == Decimal("-1250000.5") and line.cause.startswith("Färre, ")


@pytest.mark.parametrize(
    "error",
    [
        "#REF!",
        "#N/A",
        "#VALUE!",
        "#DIV/0!",
        "#NAME?",
        "#SAKNAS!",
        "#VÄRDEFEL!",
        "#REFERENS!",
        "#DIVISION/0!",
        "####",
    ],
)
def test_a_formula_that_went_wrong_is_a_fault_where_it_stands(
    error: str, world: World, tmp_path: Path
) -> None:
    """Also in a text cell, where anything else may stand; in a workbook the cell is of a kind of its own."""
    for column, place in (("belopp", 3), ("orsak", 4), ("kontogrupp", 2)):
        row: list[object] = ["2022-05", "", "personal", "1", ""]
        row[place] = error
        text = ";".join(HEAD) + "\n2022-05;;ovriga;1;\n" + ";".join(str(cell) for cell in row) + "\n"
        kept = world.preview("prognos", text)
        assert [(fault.row, fault.column) for fault in kept.faults] == [(3, column)]
        assert f"kalkylprogrammets fel {error}" in kept.faults[0].what

        def spoil(made: openpyxl.Workbook, place: int = place) -> None:
            if error in openpyxl.cell.cell.ERROR_CODES:
                made.active.cell(3, place + 1).data_type = "e"

        path = book(tmp_path, [HEAD, ["2022-05", None, "ovriga", 1], row], spoil)
        seen = world.preview("prognos", path)
        assert [(fault.row, fault.column) for fault in seen.faults] == [(3, column)], error
        assert error in seen.faults[0].what


def test_days_as_the_spreadsheet_keeps_them(world: World, tmp_path: Path) -> None:
    head: list[object] = ["matdatum", "insats", "regi", "antal", "timmar"]
    rows: Cells = [
        head,
        [date(2022, 3, 31), "hemtjanst", "egen", 5, None],
        [datetime(2022, 4, 30, 0, 0), "hemtjanst", "egen", 5, 1.5],
        ["2022-05-31", "hemtjanst", "egen", "5", "1 234,5"],
        ["20220630", "hemtjanst", "egen", 5, None],
        ["2022-07-31 00:00:00", "hemtjanst", "egen", 5, None],
    ]
    world.commit("volymer", book(tmp_path, rows))
    days = VolumeLine.objects.order_by("measured_on").values_list("measured_on", flat=True)
    assert [day.month for day in days] == [3, 4, 5, 6, 7]
    for text in ("2022-06-31", "20220631", "31/5 2022", "2022-03-31 14:05"):
        seen = world.preview("volymer", f"{';'.join(map(str, head))}\n{text};hemtjanst;egen;5;\n")
        assert [(fault.row, fault.column) for fault in seen.faults] == [(2, "matdatum")], text


def test_which_sheet_is_read_is_chosen(world: World, tmp_path: Path) -> None:
    def two(made: openpyxl.Workbook) -> None:
        made.active.title = "April"
        other = made.create_sheet("Maj")
        for row in (HEAD, ["2022-05", None, "personal", -5]):
            other.append(row)
        made.create_sheet("Tom")

    path = book(tmp_path, [HEAD, ["2022-03", None, "personal", -3]], two)
    seen = world.preview("prognos", path)
    assert (seen.sheet, seen.sheets) == ("April", ("April", "Maj"))
    assert any("Välj blad" in warning for warning in seen.warnings)
    chosen = preview(KINDS["prognos"], replace(world.context, sheet="Maj"), path)
    assert chosen.sheet == "Maj" and chosen.first_rows[0][1][0] == "2022-05"
    wrong = preview(KINDS["prognos"], replace(world.context, sheet="Juni"), path)
    assert wrong.faults[0].what == "arbetsboken har inget ifyllt blad ”Juni”"
    assert "”April”, ”Maj”" in wrong.faults[0].do


def test_a_hidden_sheet_is_not_what_is_meant(world: World, tmp_path: Path) -> None:
    def hide(made: openpyxl.Workbook) -> None:
        made.active.sheet_state = "hidden"
        other = made.create_sheet("Synligt")
        for row in (HEAD, *GOOD):
            other.append(row)

    assert world.preview("prognos", book(tmp_path, [HEAD, *GOOD], hide)).sheet == "Synligt"
