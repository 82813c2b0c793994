"""The workbook read back: kronor in the cells, formulas that give the printed numbers, texts as texts."""

from __future__ import annotations

import re
from dataclasses import replace
from decimal import Decimal
from functools import cache
from io import BytesIO

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from roder.core.numbers import Unit
from roder.reports.document import (
    HOW_FIGURES_WERE_MADE,
    Column,
    Document,
    Heading,
    Number,
    Paragraph,
    Row,
    Table,
)
from roder.reports.render import xlsx
from roder.reports.render.xlsx_cells import number_format

from . import sample_document as sample

MAY = "T1 Driftuppföljning maj 2022"


@cache
def rendered() -> bytes:
    return xlsx.render(sample.document())


def book(content: bytes | None = None, values: bool = False) -> openpyxl.Workbook:
    return openpyxl.load_workbook(BytesIO(content or rendered()), data_only=values)


def sheet_of(table: Table, values: bool = False) -> openpyxl.worksheet.worksheet.Worksheet:
    content = xlsx.render(Document("T", "", "", "", blocks=(table,)))
    return book(content, values).worksheets[1]


def test_a_sheet_per_table_after_the_contents_and_the_account_of_the_figures_last() -> None:
    names = book().sheetnames
    assert names == [
        "Innehåll", MAY, "T2 Nyckeltal", "D1 Siffrorna i diagrammet", "T3 Utan uppgifter", "T4 Aktiviteter",
        HOW_FIGURES_WERE_MADE,
    ]  # fmt: skip
    front = book()["Innehåll"]
    links = [cell.hyperlink.location for row in front.iter_rows() for cell in row if cell.hyperlink]
    assert links == [f"'{name}'!A1" for name in names[1:]]
    ending = [cell.value for row in book()[HOW_FIGURES_WERE_MADE].iter_rows() for cell in row if cell.value]
    assert "Varje belopp avrundas för sig." in ending
    assert "ekonomi.drift.prognosavvikelse" in ending


def test_cells_hold_kronor_and_sums_are_formulas() -> None:
    sheet = book()[MAY]
    rows = {row[0].value: row for row in sheet.iter_rows(min_row=5, max_row=13)}
    assert rows["Övriga kostnader"][1].value == -77_411_000
    assert rows["Övriga kostnader"][3].value == "=C9-B9"
    assert rows["Verksamhetens kostnader"][2].value == "=C6+C7+C8+C9"
    assert rows["Verksamhetens nettokostnader"][2].value == "=C5+C10"
    assert rows["Årets resultat"][2].value == "=C11+C12"
    assert rows["Verksamhetens kostnader"][2].font.bold


def test_viewers_without_a_calculator_see_the_computed_values() -> None:
    rows = {
        row[0].value: [cell.value for cell in row]
        for row in book(values=True)[MAY].iter_rows(min_row=5, max_row=13)
    }
    assert rows["Verksamhetens kostnader"][1:] == [-1_048_700_000, -1_065_656_000, -16_956_000]
    assert rows["Årets resultat"][1:] == [0, 10_000_000, 10_000_000]


def test_formulas_give_what_is_written_beside_them() -> None:
    """Recomputed by hand from the other cells' values."""
    formulas, values = book()[MAY], book(values=True)[MAY]
    checked = 0
    for row in formulas.iter_rows(min_row=5):
        for cell in row:
            if isinstance(cell.value, str) and cell.value.startswith("="):
                text = re.sub(r"[A-Z]+\d+", lambda found: f"({values[found[0]].value})", cell.value[1:])
                assert eval(text) == values[cell.coordinate].value  # noqa: S307
                checked += 1
    assert checked == 9 + 3 * 2


def test_amounts_are_shown_as_tkr_and_mkr_with_the_printed_minus() -> None:
    assert book()[MAY]["B5"].number_format == '#,##0,;"−"#,##0,;#,##0,'
    assert number_format(Number(Decimal(-3_400_000), Unit.MKR)) == '#,##0.0,,;"−"#,##0.0,,;#,##0.0,,'
    assert number_format(Number(Decimal(5), Unit.COUNT, sign=True)) == '"+"#,##0;"−"#,##0;#,##0'
    assert number_format(Number(Decimal("9.5"), Unit.PERCENT)).startswith("#,##0.0;")
    # Rounds to zero: no minus in print, none on the sheet.
    assert number_format(Number(Decimal(-400), Unit.TKR)) == "#,##0,;#,##0,;#,##0,"


def shown(value: float, code: str) -> str:
    """What Excel shows, for the format codes used here, with Swedish separators."""
    section = code.split(";")[0 if value > 0 else 1 if value < 0 else 2]
    literal, digits, scale = re.fullmatch(r'(?:"(.)")?#,##0(?:\.(0+))?(,*)', section).groups()  # type: ignore[union-attr]
    scaled = abs(Decimal(str(value))) / 1000 ** len(scale)
    rounded = scaled.quantize(Decimal(1).scaleb(-len(digits or "")), rounding="ROUND_HALF_UP")
    text = f"{rounded:,.{len(digits or '')}f}".replace(",", "\u00a0").replace(".", ",")
    return (literal or "") + text


@settings(max_examples=300, deadline=None)
@given(
    st.decimals(min_value=-(10**10), max_value=10**10, places=2),
    st.sampled_from([Unit.KRONOR, Unit.TKR, Unit.MKR, Unit.PERCENT, Unit.COUNT]),
    st.integers(0, 2),
    st.booleans(),
)
def test_the_format_shows_the_printed_digits(value: Decimal, unit: Unit, digits: int, sign: bool) -> None:
    number = Number(value, unit, digits, sign)
    assert shown(float(value), number_format(number)) == number.text


def test_every_table_is_a_real_table_and_only_plain_ones_can_be_sorted() -> None:
    tables = {name: sheet.tables for sheet in book().worksheets for name in sheet.tables}
    assert list(tables) == [f"Tabell_{number}" for number in range(1, 6)]
    assert book()[MAY].tables["Tabell_1"].ref == "A4:D13"
    assert book()[MAY].tables["Tabell_1"].autoFilter is None
    assert book()["T4 Aktiviteter"].tables["Tabell_4"].autoFilter is not None
    assert book()["T4 Aktiviteter"].freeze_panes == "B5"
    assert book()["T4 Aktiviteter"].max_row == 64


def test_text_is_never_a_formula_or_a_link() -> None:
    evil = (
        "=1+1",
        '=HYPERLINK("http://x")',
        "+1",
        "-1",
        "@SUM(A1)",
        "{=1}",
        "http://example.org",
        "\t=1",
        "123",
    )
    columns = (Column("a", "=1+1", "text"), Column("b", "=1+1", "text"))
    table = Table(
        "=1+1",
        columns,
        tuple(Row(str(at), {"a": text, "b": "x"}) for at, text in enumerate(evil)),
        "",
        ("=2+2",),
    )
    content = xlsx.render(
        Document(
            "=1", "=2", "=3", "=4", blocks=(table, Heading(1, HOW_FIGURES_WERE_MADE), Paragraph(("=1+1",)))
        )
    )
    for sheet in book(content).worksheets:
        for row in sheet.iter_rows():
            assert all(
                cell.data_type in ("s", "n") and (cell.value is None or cell.data_type == "s") for cell in row
            )
            assert not [cell for cell in row if cell.hyperlink and cell.hyperlink.target]
    got = [row[0].value for row in book(content).worksheets[1].iter_rows(min_row=5, max_row=13)]
    assert got == list(evil)
    assert [cell.value for cell in book(content).worksheets[1][4]] == ["=1+1", "=1+1 (2)"]


def test_missing_values_are_iu_and_stay_out_of_sums() -> None:
    columns = (
        Column("namn", "Post", "text"),
        Column("v", "Värde"),
        Column("w", "Diff", formula=("v", "-", "u")),
        Column("u", "U"),
    )
    rows = (
        Row("a", {"namn": "A", "v": sample.tkr(5), "u": sample.tkr(None), "w": sample.tkr(None)}),
        Row("b", {"namn": "B", "v": None, "u": sample.tkr(2), "w": None}),
        Row("s", {"namn": "S", "v": sample.tkr(5), "u": sample.tkr(None)}, "sum", ("a", "b")),
    )
    sheet = sheet_of(Table("T", columns, rows))
    assert [[cell.value for cell in row] for row in sheet.iter_rows(min_row=5, max_row=7)] == [
        ["A", 5000, "iu.", "iu."],
        ["B", "iu.", "iu.", 2000],
        ["S", "=B5", None, "iu."],
    ]


def test_a_printed_sum_that_differs_from_its_parts_keeps_what_was_printed() -> None:
    columns = (Column("namn", "Post", "text"), Column("v", "Värde"))
    rows = (
        Row("a", {"namn": "A", "v": sample.tkr(5)}),
        Row("s", {"namn": "S", "v": sample.tkr(6)}, "sum", ("a",)),
    )
    sheet = sheet_of(Table("T", columns, rows))
    assert sheet["B6"].value == 6000
    assert "Delarna ger 5" in sheet["B6"].comment.text


@pytest.mark.parametrize(("operator", "expected"), [("+", 12), ("-", 8), ("*", 20), ("/", 5), ("%", 500)])
def test_column_formulas(operator: str, expected: int) -> None:
    columns = (Column("a", "A"), Column("b", "B"), Column("c", "C", formula=("a", operator, "b")))
    count = {key: Number(Decimal(value), Unit.COUNT) for key, value in (("a", 10), ("b", 2), ("c", expected))}
    rows = (
        Row("1", count),
        Row("2", {**count, "b": Number(Decimal(0), Unit.COUNT), "c": Number(None, Unit.COUNT)}),
    )
    table = Table("T", columns, rows, "")
    assert sheet_of(table)["C5"].value == ("=A5/B5*100" if operator == "%" else f"=A5{operator}B5")
    assert sheet_of(table, values=True)["C5"].value == expected
    assert sheet_of(table)["C6"].value == "iu."


def test_sheet_names_excel_accepts() -> None:
    captions = (
        "Åtgärder [2022]: a/b\\c*?",
        "'Citat'",
        "",
        "X" * 50,
        "Samma namn i två tabeller här är",
        "Samma namn i två tabeller här var",
    )
    tables = tuple(
        Table(caption, (Column("a", "", "text"), Column("b", "", "text")), (Row("1", {"a": "x"}),))
        for caption in captions
    )
    names = book(xlsx.render(replace(sample.document(), blocks=tables))).sheetnames
    assert len({name.lower() for name in names}) == len(captions) + 1
    assert all(0 < len(name) <= 31 and not re.search(r"[\[\]:*?/\\]", name) for name in names)


def test_the_same_document_gives_the_same_bytes() -> None:
    assert xlsx.render(sample.document()) == rendered()


def test_a_document_without_tables_is_still_a_workbook() -> None:
    assert book(xlsx.render(Document("T", "", "", ""))).sheetnames == ["Innehåll"]
