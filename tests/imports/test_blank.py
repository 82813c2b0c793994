"""Blank files: every kind has one, its example row is left aside, and tables as people really make them are read."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import openpyxl
import pytest
from click.testing import CliRunner

from roder.imports.blank import EXAMPLE_STAYS, LIST_SHEET, asked, csv_text, write_xlsx
from roder.imports.cells import CellFault, Choice, Context, Day, Number, Period, Year, YesNo
from roder.imports.cli import template
from roder.imports.kinds import KINDS
from roder.imports.quality_cells import severities
from roder.imports.services import preview
from roder.steering.models import DeviationCause, DeviationType, ServiceArea
from tests.imports.conftest import World

pytestmark = pytest.mark.django_db

#: Kinds that ask for something else to be read in first say so before they look at the rows.
ALONE = [kind for kind, what in KINDS.items() if what.prepare is None and what.opens is None]
#: Kinds that are tables, not another program's format.
TABLES = [kind for kind, what in KINDS.items() if what.opens is None]


@pytest.mark.parametrize("kind", TABLES)
def test_every_kind_has_a_blank_file_with_an_example(kind: str) -> None:
    what = KINDS[kind]
    heading, example = csv.reader(io.StringIO(csv_text(what).removeprefix("\ufeff")), delimiter=";")
    assert tuple(heading) == what.file_columns
    filled = dict(zip(heading, example, strict=True))
    assert all(filled[name] for column in what.columns if column.filled for name in column.sources)
    assert set(what.example) <= set(what.file_columns)


@pytest.mark.parametrize("kind", TABLES)
def test_the_example_is_written_as_the_reader_wants_it(kind: str, world: World) -> None:
    what, context = KINDS[kind], Context(world.committee, 2022)
    examples = {one.name: one.example for one in asked(what, context)}
    for column in what.columns:
        text = examples[column.sources[0]]
        if (
            text
            and len(column.sources) == 1
            and isinstance(column.cell, Choice | Day | Number | Period | Year | YesNo)
        ):
            try:
                column.cell.reader(context)(text)
            except CellFault as fault:
                pytest.fail(f"{kind}.{column.name}: {text}: {fault}")


@pytest.mark.parametrize("kind", ALONE)
@pytest.mark.parametrize("form", ["csv", "xlsx"])
def test_a_blank_file_has_nothing_to_read_in(kind: str, form: str, world: World, tmp_path: Path) -> None:
    what, context = KINDS[kind], Context(world.committee, 2022)
    path = tmp_path / f"mall.{form}"
    if form == "csv":
        path.write_text(csv_text(what, context), encoding="utf-8", newline="")
    else:
        write_xlsx(what, context, path)
    seen = preview(what, context, path)
    assert seen.rows == 0
    assert any("exempelrad" in warning for warning in seen.warnings), seen.warnings
    assert [fault.what for fault in seen.faults] == ["filen har ingen rad under rubriken"]


def test_the_workbook_explains_and_has_the_committees_own_lists(world: World, tmp_path: Path) -> None:
    path = tmp_path / "budget.xlsx"
    write_xlsx(KINDS["budget"], Context(world.committee, 2022), path)
    book = openpyxl.load_workbook(path)
    assert book.sheetnames == ["Fyll i", "Så fyller du i", LIST_SHEET]
    listed = {
        str(column[0].value): [cell.value for cell in column[1:] if cell.value]
        for column in book[LIST_SHEET].columns
    }
    assert listed["kontogrupp"] == ["Verksamhetens intäkter", "Personalkostnader", "Övriga kostnader"]
    assert listed["verksamhet"] == ["Individ och familj", "Vård och omsorg"]
    rules = {
        str(rule.sqref).split(":")[0]: rule.formula1
        for rule in book["Fyll i"].data_validations.dataValidation
    }
    assert len(rules) == len(listed.keys() - {"None"})
    text = "\n".join(str(cell.value) for row in book["Så fyller du i"].rows for cell in row if cell.value)
    assert EXAMPLE_STAYS in text and "kostnader med minus" in text
    assert book["Fyll i"]["A1"].comment is not None


def test_the_lists_of_deviations_and_risks_are_the_committees_own(world: World) -> None:
    """Where several columns are read together, each still has its list."""
    context = Context(world.committee, 2022)
    own = {
        "typer": DeviationType,
        "orsaker": DeviationCause,
        "verksamhet": ServiceArea,
    }
    listed = {one.name: one.choices for one in asked(KINDS["avvikelser"], context)}
    for name, model in own.items():
        labels = set(model._default_manager.filter(committee=world.committee).values_list("label", flat=True))
        assert set(listed[name]) == labels, name
    assert listed["allvarlighet"] == tuple(str(step) for step in sorted(severities(world.committee)))
    risks = {one.name: one.choices for one in asked(KINDS["risker"], context)}
    assert risks["utgar"] == ("ja", "nej")


def _book(path: Path, sheets: dict[str, list[list[object]]], merge: str = "") -> Path:
    book = openpyxl.Workbook()
    for number, (name, rows) in enumerate(sheets.items()):
        sheet = book.active if number == 0 else book.create_sheet()
        assert sheet is not None
        sheet.title = name
        for row in rows:
            sheet.append(row)
        if merge and number == len(sheets) - 1:
            sheet.merge_cells(merge)
    book.save(path)
    return path


def test_a_table_as_people_make_them(world: World, tmp_path: Path) -> None:
    """Titles above, the table on the second sheet, a merged cell for the group of rows, sums at the end."""
    rows: list[list[object]] = [
        ["Prognos maj", None, None],
        [None, None, None],
        ["tillfalle", "kontogrupp", "belopp"],
        ["2022-05", "intakter", 194_228_000],
        [None, "personal", -717_534_000],
        [None, "ovriga", -77_411_000],
        ["Summa", None, -600_717_000],
        ["Totalt", None, -600_717_000],
    ]
    path = _book(
        tmp_path / "prognos.xlsx", {"Läs mig": [["Kontakta controllern"]], "Prognos": rows}, merge="A4:A6"
    )
    seen = preview(KINDS["prognos"], Context(world.committee, 2022), path)
    assert seen.faults == [] and seen.rows == 3 and seen.counts.new == 3
    said = "\n".join(seen.warnings)
    for word in (
        "Prognos",
        "Läs mig",
        "sammanslagna",
        "Rad 7 (”Summa”)",
        "Rad 8 (”Totalt”)",
        "Rubrikraden är rad 3",
    ):
        assert word in said


def test_a_sum_in_the_middle_is_no_end_and_is_said_to_be_wrong(world: World, tmp_path: Path) -> None:
    path = tmp_path / "prognos.csv"
    path.write_text(
        "tillfalle;kontogrupp;belopp\n2022-05;intakter;1\nSumma;;1\n2022-05;personal;-1\n", encoding="utf-8"
    )
    seen = preview(KINDS["prognos"], Context(world.committee, 2022), path)
    assert seen.rows == 3 and {fault.row for fault in seen.faults} == {3}


def test_the_command(world: World, tmp_path: Path) -> None:
    listed = CliRunner().invoke(template, ["--list"])
    assert listed.exit_code == 0 and all(kind in listed.output for kind in KINDS)
    printed = CliRunner().invoke(template, ["deviations"])
    assert printed.output.splitlines()[0] == ";".join(KINDS["avvikelser"].file_columns)
    out = tmp_path / "avvikelser.xlsx"
    made = CliRunner().invoke(template, ["deviations", "--committee", world.committee.slug, "-o", str(out)])
    assert made.exit_code == 0, made.output
    assert openpyxl.load_workbook(out).sheetnames[0] == "Fyll i"
    assert "finns inte" in str(CliRunner().invoke(template, ["okand"]).exception)
