"""Bad input: accepted or refused with row, column and reason; nothing half saved."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import openpyxl
import pytest

from roder.core.models import ImportBatch
from roder.economy.models import ForecastLine, OutcomeLine, VolumeLine
from roder.imports.kinds import KINDS
from roder.imports.services import ImportFault, preview
from roder.measures.models import MeasureValue
from tests.imports.conftest import World

HEAD = "tillfalle;enhet;kontogrupp;belopp;orsak\n"


def amounts() -> dict[str, Decimal]:
    return {line.group.code: line.amount for line in ForecastLine.objects.select_related("group")}


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_encodings_are_accepted(world: World, encoding: str) -> None:
    content = HEAD + "2022-05;;personal;-100;Färre sökande än väntat\n"
    world.commit("prognos", world.file(content, encoding=encoding))
    assert ForecastLine.objects.get().cause == "Färre sökande än väntat"


@pytest.mark.parametrize(
    "text",
    [
        "-1 234 567,50",
        "-1\u00a0234\u00a0567,50",
        "-1.234.567,50",
        "-1'234'567,5",
        "−1234567,50",
        "(1 234 567,50)",
        "1234567,50-",
        "-1234567.50",
    ],
)
def test_ways_to_write_minus_and_thousands(world: World, text: str) -> None:
    world.commit("prognos", HEAD + f"2022-05;;personal;{text};\n")
    assert amounts() == {"personal": Decimal("-1234567.50")}


@pytest.mark.parametrize(
    ("row", "column", "what"),
    [
        ("2022-05;;personal;tolv;", "belopp", "”tolv” är inte ett tal"),
        ("2022-05;;personal;;", "belopp", "cellen belopp är tom"),
        ("2022-05;;personal;-1,234;", "belopp", "har fler än 2 decimaler"),
        ("2022-05;;personal;12345678901234567;", "belopp", "är för stort"),
        ("2022-06;;personal;1;", "tillfalle", "tillfället ”2022-06” finns inte"),
        ("2022-05;;persnal;1;", "kontogrupp", "kontogruppen ”persnal” finns inte"),
        ("2022-05;vast;personal;1;", "enhet", "enheten ”vast” finns inte"),
        (";;personal;1;", "tillfalle", "cellen tillfalle är tom"),
        ("2022-05;;personal;1;" + "x" * 4001, "orsak", "4001 tecken"),
        ("2022-05;;personal;1", None, "raden har 4 celler men rubriken 5"),
        ("2022-05;;personal;1;a;b", None, "raden har 6 celler men rubriken 5"),
    ],
)
def test_a_faulty_row_is_refused_with_row_and_column(
    world: World, row: str, column: str | None, what: str
) -> None:
    seen = world.preview("prognos", HEAD + "2022-05;;ovriga;1;\n" + row + "\n")
    assert [(fault.row, fault.column) for fault in seen.faults] == [(3, column)]
    assert what in seen.faults[0].what
    assert seen.faults[0].do
    with pytest.raises(ImportFault):
        world.commit("prognos", HEAD + "2022-05;;ovriga;1;\n" + row + "\n")
    assert not ForecastLine.objects.exists()
    assert not ImportBatch.objects.exists()


def test_an_unknown_code_gets_a_suggestion(world: World) -> None:
    seen = world.preview("prognos", HEAD + "2022-05;;persnal;1;\n")
    assert "Menade du ”personal”?" in seen.faults[0].do


def test_all_faults_are_said_at_once(world: World) -> None:
    content = (
        HEAD + "2022-05;;personal;tolv;\n2022-06;vast;persnal;;\n2022-05;;ovriga;1;\n2022-05;;ovriga;2;\n"
    )
    seen = world.preview("prognos", content)
    assert [(fault.row, fault.column) for fault in seen.faults] == [
        (2, "belopp"),
        (3, "tillfalle"),
        (3, "enhet"),
        (3, "kontogrupp"),
        (3, "belopp"),
        (5, None),
    ]
    assert "samma sak som rad 4" in seen.faults[-1].what


def test_dates_that_do_not_exist(world: World) -> None:
    head = "period;enhet;verksamhet;kontogrupp;belopp\n"
    seen = world.preview("utfall", head + "2021-06-31;;;personal;1\n2021-13;;;personal;1\nmaj;;;personal;1\n")
    assert [fault.what for fault in seen.faults] == [
        "datumet 2021-06-31 finns inte",
        "datumet 2021-13 finns inte",
        "”maj” är inte en period (skriv 2022, 2022-08, 2022-01..2022-07 eller 2022-03-31)",
    ]
    seen = world.preview("volymer", "matdatum;insats;regi;antal;timmar\n2021-06-31;hemtjanst;egen;1;\n")
    assert seen.faults[0].what == "datumet 2021-06-31 finns inte"


def test_columns(world: World) -> None:
    missing = world.preview("prognos", "tillfalle;enhet;belopp\n2022-05;;1\n")
    assert [(fault.row, fault.column, fault.what) for fault in missing.faults] == [
        (1, "kontogrupp", "kolumnen kontogrupp saknas")
    ]
    double = world.preview("prognos", "tillfalle;kontogrupp;belopp;Belopp\n2022-05;personal;1;2\n")
    assert double.faults[0].what == "kolumnen belopp finns två gånger"
    unknown = world.preview("prognos", "Tillfälle;Kontogrupp;Belopp;Min kolumn\n2022-05;personal;1;2\n")
    assert not unknown.faults
    assert "”Min kolumn”" in unknown.warnings[0]


def test_a_heading_twice_and_a_title_above(world: World) -> None:
    twice = world.preview("prognos", HEAD + "2022-05;;personal;1;\n" + HEAD)
    assert [(fault.row, fault.what) for fault in twice.faults] == [(3, "rubrikraden står två gånger")]
    above = world.preview("prognos", "Prognos maj;;;;\n;;;;\n" + HEAD + "2022-05;;personal;1;\n")
    assert not above.faults
    assert above.warnings == ["Rubrikraden är rad 3; raderna ovanför lästes inte."]
    assert above.counts.new == 1


@pytest.mark.parametrize("content", ["", "\n\n", HEAD, HEAD + ";;;;\n\n"])
def test_empty_files(world: World, content: str) -> None:
    seen = world.preview("prognos", content)
    assert seen.fault_count == 1
    assert "tom" in seen.faults[0].what or "ingen rad" in seen.faults[0].what
    with pytest.raises(ImportFault):
        world.commit("prognos", content)


def test_other_blanks_are_taken_off(world: World) -> None:
    world.commit("prognos", HEAD + "2022-05\u00a0;\u00a0;\tpersonal;\u00a0-5 ;\u00a0\n")
    line = ForecastLine.objects.get()
    assert (line.amount, line.unit, line.cause) == (Decimal(-5), None, "")


def test_a_sheet(world: World) -> None:
    book = openpyxl.Workbook()
    for row in (
        ["Tillfälle", "Kontogrupp", "Belopp"],
        ["2022-05", "personal", -1234.5],
        ["2022-05", "ovriga", -7],
    ):
        book.active.append(row)
    book.save(world.folder / "bok.xlsx")
    world.commit("prognos", world.folder / "bok.xlsx")
    assert amounts() == {"personal": Decimal("-1234.50"), "ovriga": Decimal(-7)}


def test_a_month_that_the_sheet_made_a_date(world: World) -> None:
    book = openpyxl.Workbook()
    book.active.append(["tillfalle", "kontogrupp", "belopp"])
    book.active.append([date(2022, 5, 1), "personal", 1])
    book.save(world.folder / "bok.xlsx")
    seen = world.preview("prognos", world.folder / "bok.xlsx")
    assert "sparat tillfället som datumet 2022-05-01" in seen.faults[0].what
    book = openpyxl.Workbook()
    book.active.append(["period", "enhet", "verksamhet", "kontogrupp", "belopp"])
    book.active.append([date(2022, 5, 1), "", "", "personal", 1])
    book.active.append([date(2022, 5, 31), "", "", "personal", 1])
    book.save(world.folder / "bok.xlsx")
    seen = world.preview("utfall", world.folder / "bok.xlsx")
    assert [(fault.row, fault.column) for fault in seen.faults] == [(2, "period")]


def test_a_missing_value_needs_its_reason(world: World) -> None:
    head = "matt;period;enhet;kon;varde;status;orsak\n"
    seen = world.preview(
        "mattvarden", head + "nojda;2022;;;;;\nnojda;2021;;;;missing;\nnojda;2020;;;5;saknas;x\n"
    )
    assert [(fault.row, fault.column) for fault in seen.faults] == [(2, "varde"), (3, "orsak"), (4, "status")]
    world.commit("mattvarden", head + "nojda;2022;;;;missing;Mäts i höst\nplan;2022;;;ja;;\n")
    assert [
        (row.measure.code, row.value, row.status) for row in MeasureValue.objects.order_by("measure__code")
    ] == [
        ("nojda", None, "missing"),
        ("plan", Decimal(1), "final"),
    ]


def test_a_denominator_of_zero(world: World) -> None:
    seen = world.preview("mattvarden", "matt;period;varde;taljare;namnare\nnojda;2022;5;1;0\n")
    assert [(fault.row, fault.column) for fault in seen.faults] == [(2, "namnare")]


def test_a_volume_counts_something(world: World) -> None:
    head = "matdatum;insats;regi;antal;timmar;prognos\n"
    seen = world.preview("volymer", head + "2022-01-31;hemtjanst;egen;;;nej\n")
    assert seen.faults[0].column == "antal"
    world.commit(
        "volymer",
        head + "2022-01-31;Hemtjänst;egen regi;528;22 150,5;nej\n2022-12-31;hemtjanst;egen;530;;ja\n",
    )
    assert VolumeLine.objects.get(is_forecast=False).hours == Decimal("22150.5")


def test_the_administration_is_the_whole_committee(world: World) -> None:
    head = "period;enhet;verksamhet;kontogrupp;belopp\n"
    world.commit(
        "utfall",
        head + "2022-05;of;;personal;-1\n2022-05;nord;;personal;-2\n2022-05;Enhet Syd;55;personal;-3\n",
    )
    assert {
        (line.unit and line.unit.code, line.service and line.service.code)
        for line in OutcomeLine.objects.all()
    } == {
        (None, None),
        ("nord", None),
        ("syd", "55"),
    }


def test_many_faults_are_counted_and_reported_whole(world: World) -> None:
    path = world.file(HEAD + "".join(f"2022-05;;personal;fel{row};\n" for row in range(1000)))
    report = world.folder / "granskning.csv"
    seen = preview(KINDS["prognos"], world.context, path, report=report)
    assert (seen.fault_count, len(seen.faults)) == (1000, 200)
    lines = report.read_text(encoding="utf-8-sig").splitlines()
    assert lines[0] == "slag;rad;kolumn;vad;åtgärd;nu;blir"
    faults = [line for line in lines if line.startswith("fel;")]
    assert len(faults) == 1000
    assert faults[0].startswith("fel;2;belopp;")
