"""Cells shown as per cent: read as a person would have typed them, in workbooks and in text."""

from __future__ import annotations

import tempfile
import zipfile
from decimal import Decimal
from itertools import islice
from pathlib import Path

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from roder.imports import markup
from roder.imports.cells import MEASURED, MONEY, CellFault
from roder.imports.guessing import first_rows
from roder.imports.markup import is_per_cent, per_cent_cells
from roder.imports.readers import FileFault, open_table
from roder.imports.sheets import _share_text
from roder.measures.models import MeasureValue
from roder.steering.loading import load_model
from tests.imports.conftest import MODEL, World

HEAD = ["matt", "period", "varde"]
#: Number formats -> whether a number is shown a hundred times larger.
FORMATS = {
    "0%": True,
    "0.00%": True,
    "0.0\\ %": True,
    "#,##0.0\\ %;[Red]\\-#,##0.0\\ %": True,
    "_-* 0.0%_-": True,
    '0.0" procent"': False,
    '0.0"%"': False,
    "0.0\\%": False,
    "0.0_%": False,
    "0*%": False,
    "[$%-41D]0.0": False,
    "General": False,
}


def book(path: Path, rows: list[list[object]], formats: dict[str, str]) -> Path:
    """A workbook with these rows, and the number formats of some cells."""
    made = openpyxl.Workbook()
    for row in rows:
        made.active.append(row)
    for place, code in formats.items():
        made.active[place].number_format = code
    made.save(path)
    return path


def texts(path: Path) -> list[list[str]]:
    return [cells for _, cells in open_table(path).rows]


@pytest.mark.parametrize("code", FORMATS)
def test_which_formats_show_per_cent(code: str, tmp_path: Path) -> None:
    assert is_per_cent(code) is FORMATS[code]
    path = book(tmp_path / "bok.xlsx", [["a", "b"], [0.074, 0.074]], {"B2": code})
    assert texts(path)[1] == ["0,074", "7,4 %" if FORMATS[code] else "0,074"]


@given(st.integers(-(10**9), 10**9), st.integers(0, 4))
def test_a_share_becomes_exactly_what_was_typed(number: int, digits: int) -> None:
    """What a person types as 7,4 % the workbook keeps as the binary number nearest to 0,074."""
    typed = Decimal(number).scaleb(-digits)
    text = _share_text(float(typed.scaleb(-2)), "")
    assert MEASURED.reader(None)(text) == (typed,)  # type: ignore[arg-type]


@given(st.floats(allow_nan=False, allow_infinity=False) | st.booleans() | st.text(max_size=5))
def test_every_cell_has_a_text(cell: float | str | bool) -> None:
    text = _share_text(cell, "som den är")
    assert text.endswith(" %") if isinstance(cell, float) else text == "som den är"


@given(
    st.dictionaries(
        st.tuples(st.integers(1, 40), st.integers(1, 30)), st.booleans(), min_size=1, max_size=40
    ),
    st.sampled_from([100, 1 << 20]),
)
@settings(max_examples=30, deadline=None)
def test_the_cells_are_found_where_they_stand(cells: dict[tuple[int, int], bool], chunk: int) -> None:
    """Wherever the table begins, whatever is empty, however the markup is cut into parts."""
    with tempfile.TemporaryDirectory() as folder, pytest.MonkeyPatch.context() as patch:
        patch.setattr(markup, "CHUNK", chunk)
        made = openpyxl.Workbook()
        for (row, column), shown in cells.items():
            made.active.cell(row, column, 0.5).number_format = "0.0%" if shown else "0.0"
        made.save(path := Path(folder) / "bok.xlsx")
        found = {
            (number, column): text
            for number, row in open_table(path).rows
            for column, text in enumerate(row, 1)
            if text
        }
    assert found == {place: "50 %" if shown else "0,5" for place, shown in cells.items()}


def test_only_numbers_are_shares(tmp_path: Path) -> None:
    row: list[object] = ["0,5", True, None, "=1/0", 0.5, 1]
    path = book(tmp_path / "bok.xlsx", [row], dict.fromkeys(("A1", "B1", "C1", "D1", "E1", "F1"), "0%"))
    assert texts(path) == [["0,5", "ja", "", "", "50 %", "100 %"]]


def test_a_style_that_is_everybodys(tmp_path: Path) -> None:
    """Cells that name no style have the first, and cells may leave out where they stand."""
    path = book(tmp_path / "bok.xlsx", [["a", 0.5], [0.074, 0.1]], {})
    parts = {}
    with zipfile.ZipFile(path) as package:
        parts = {name: package.read(name) for name in package.namelist()}
    sheet, styles = "xl/worksheets/sheet1.xml", "xl/styles.xml"
    first = parts[styles].index(b"<cellXfs")
    parts[styles] = parts[styles][:first] + parts[styles][first:].replace(
        b'numFmtId="0"', b'numFmtId="10"', 1
    )
    for name in (b"A1", b"B1", b"A2", b"B2"):
        parts[sheet] = parts[sheet].replace(b' r="' + name + b'"', b"")
    with zipfile.ZipFile(path, "w") as package:
        for name_, content in parts.items():
            package.writestr(name_, content)
    assert texts(path) == [["a", "50 %"], ["7,4 %", "10 %"]]


def test_rows_out_of_order_are_refused_rather_than_misread(tmp_path: Path) -> None:
    path = book(tmp_path / "bok.xlsx", [[0.5], [0.5]], {"A1": "0%"})
    with zipfile.ZipFile(path) as package:
        parts = {name: package.read(name) for name in package.namelist()}
    name = "xl/worksheets/sheet1.xml"
    parts[name] = parts[name].replace(b'<row r="1"', b'<row r="3"', 1)
    with zipfile.ZipFile(path, "w") as package:
        for other, content in parts.items():
            package.writestr(other, content)
    with pytest.raises(FileFault, match="ordning"):
        list(per_cent_cells(path, "Sheet"))


def test_a_large_sheet_is_read_no_further_than_it_is_asked(tmp_path: Path) -> None:
    path = book(tmp_path / "bok.xlsx", [["a"], *([0.25] for _ in range(500))], {"A2": "0%", "A500": "0%"})
    assert list(islice(per_cent_cells(path, "Sheet"), 3)) == [(0, []), (1, [0]), (2, [])]
    assert first_rows(path)[0].rows[1] == (2, ["25 %"])  # also where columns are mapped


ODS = """<office:document-content xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0"
 xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0"
 xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0" office:version="1.2"><office:body><office:spreadsheet>
<table:table table:name="Annat"><table:table-row>{share}</table:table-row></table:table>
<table:table table:name="Blad"><table:table-column/>
<table:table-row table:number-rows-repeated="3"><table:table-cell table:number-columns-repeated="9"/></table:table-row>
<table:table-row><table:table-cell office:value-type="string"><text:p>a</text:p></table:table-cell>
<table:table-cell office:value-type="float" office:value="0.074"><text:p>0,074</text:p></table:table-cell>
</table:table-row><table:table-row table:number-rows-repeated="2"><table:table-cell/>{share}</table:table-row>
<table:table-row><table:table-cell table:number-columns-repeated="2"/>{twice}
<table:table-cell office:value-type="float" office:value="0.5"/></table:table-row>
</table:table></office:spreadsheet></office:body></office:document-content>"""
SHARE = (
    '<table:table-cell{} office:value-type="percentage" office:value="0.074"><text:p>7 %</text:p>'
    "</table:table-cell>"
)


def test_an_open_document(tmp_path: Path) -> None:
    content = ODS.format(share=SHARE.format(""), twice=SHARE.format(' table:number-columns-repeated="2"'))
    content = content.replace("\n", "")  # as the programs write it
    path = tmp_path / "bok.ods"
    with zipfile.ZipFile(path, "w") as package:
        package.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        package.writestr("content.xml", content)
        manifest = "<manifest:manifest xmlns:manifest='urn:oasis:names:tc:opendocument:xmlns:manifest:1.0'/>"
        package.writestr("META-INF/manifest.xml", manifest)
    rows = [
        [cell for cell in row if cell] for row in (cells for _, cells in open_table(path, sheet="Blad").rows)
    ]
    rows = [row for row in rows if row]
    assert rows == [["a", "0,074"], ["7,4 %"], ["7,4 %"], ["7,4 %", "7,4 %", "0,5"]]


@pytest.mark.parametrize("text", ["7,4 %", "7,4%", "7,4\u00a0%", "7.4 %", " 7,4 % ", "7,4", "+7,4\u202f%"])
def test_a_share_as_people_write_it(text: str) -> None:
    assert MEASURED.reader(None)(text) == (Decimal("7.4"),)  # type: ignore[arg-type]


@pytest.mark.parametrize("text", ["-7,4 %", "−7,4 %", "(7,4 %)", "(7,4) %"])
def test_a_share_below_nothing(text: str) -> None:
    assert MEASURED.reader(None)(text) == (Decimal("-7.4"),)  # type: ignore[arg-type]


@pytest.mark.parametrize("text", ["%", "7 % 4", "7,4 %%", "% 7", "sju %", "7 %-", "(%)"])
def test_what_is_no_share(text: str) -> None:
    with pytest.raises(CellFault, match="inte ett tal"):
        MEASURED.reader(None)(text)  # type: ignore[arg-type]


def test_a_share_of_money_is_a_fault() -> None:
    with pytest.raises(CellFault, match="kolumnen är inte i procent"):
        MONEY.reader(None)("7,4 %")  # type: ignore[arg-type]


@given(st.text(alphabet="0123456789,.% ()-−\u00a0", max_size=12))
def test_a_sign_never_changes_a_number(text: str) -> None:
    """A text with the sign is read as the text without it, or not at all."""
    try:
        value = MEASURED.reader(None)(text)  # type: ignore[arg-type]
    except CellFault:
        return
    assert value == MEASURED.reader(None)(text.replace("%", ""))  # type: ignore[arg-type]


@pytest.mark.django_db
def test_a_measure_in_per_cent_is_read_as_it_is_shown(world: World, tmp_path: Path) -> None:
    rows: list[list[object]] = [[*HEAD], ["nojda", "2022", 0.074], ["nojda", "2021", 7.5]]
    world.commit("mattvarden", book(tmp_path / "bok.xlsx", rows, {"C2": "0.0\\ %"}))
    world.commit("mattvarden", "matt;period;varde\nnojda;2020;7,6\u00a0%\n")
    values = {one.period_start.year: one.value for one in MeasureValue.objects.all()}
    assert values == {2022: Decimal("7.4"), 2021: Decimal("7.5"), 2020: Decimal("7.6")}


@pytest.mark.django_db
def test_a_share_where_none_belongs_is_said_at_its_cell(world: World, tmp_path: Path) -> None:
    seen = world.preview("mattvarden", "matt;period;varde\nplan;2022;ja\nplan;2021;100 %\n")
    assert [(one.row, one.column) for one in seen.faults] == [(3, "varde")]
    assert "nyckeltalet räknas i ja/nej" in seen.faults[0].what
    head = ["tillfalle", "enhet", "kontogrupp", "belopp", "orsak"]
    path = book(tmp_path / "bok.xlsx", [[*head], ["2022-05", None, "personal", 0.5, None]], {"D2": "0%"})
    said = world.preview("prognos", path).faults
    assert [(one.row, one.column) for one in said] == [(2, "belopp")]
    assert "50 %" in said[0].what and "format" in said[0].do


@pytest.mark.django_db
def test_a_measure_of_the_staff_is_counted_as_the_model_says(world: World) -> None:
    staff = """staff:
  measures:
    - {code: sjukfranvaro, label: Sjukfrånvaro, unit: "%"}
    - {code: arsarbetare, label: Årsarbetare, unit: antal}
"""
    load_model(world.committee, MODEL + staff)
    rows = (
        "sjukfranvaro;2022;7,4 %\narsarbetare;2022;740 %\narsarbetare_visstid_tim;2022;1 %\neget;2022;3 %\n"
    )
    seen = world.preview("personal", f"matt;period;varde\n{rows}")
    assert [(one.row, one.column) for one in seen.faults] == [(3, "varde"), (4, "varde")]
    assert "måttet räknas i antal" in seen.faults[0].what


def test_the_binary_kind_says_what_it_cannot_see(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = book(tmp_path / "bok.xlsx", [["a"]], {})
    assert not any("xlsb" in one for one in open_table(path).warnings)
    monkeypatch.setattr("roder.imports.sheets._is_binary", lambda path: True)
    assert any(".xlsb" in one and "0,074" in one for one in open_table(path).warnings)
