"""Files in: which are read, as what, and which are refused with a reason."""

from __future__ import annotations

import datetime
import io
import zipfile
from pathlib import Path

import openpyxl
import pytest

from roder.imports.readers import FAST_ABOVE, FileFault, IrregularError, open_table

TEXT = "ar;namn;belopp\r\n2022;Årets äpplen;1 234,50\r\n"


def rows(path: Path) -> list[tuple[int, list[str]]]:
    return list(open_table(path).rows)


@pytest.mark.parametrize(
    ("encoding", "named"),
    [
        ("utf-8", "UTF-8"),
        ("utf-8-sig", "UTF-8"),
        ("utf-16", "UTF-16"),
        ("utf-16-le", "UTF-16"),
        ("utf-16-be", "UTF-16"),
        ("cp1252", "Windows-1252"),
        ("latin-1", "Windows-1252"),
    ],
)
def test_encodings(tmp_path: Path, encoding: str, named: str) -> None:
    path = tmp_path / "fil.csv"
    path.write_bytes(TEXT.encode(encoding))
    assert named in open_table(path).described
    assert rows(path) == [(1, ["ar", "namn", "belopp"]), (2, ["2022", "Årets äpplen", "1 234,50"])]


@pytest.mark.parametrize("delimiter", [";", ",", "\t"])
def test_delimiters_and_quotes(tmp_path: Path, delimiter: str) -> None:
    path = tmp_path / "fil.csv"
    path.write_text(delimiter.join(["a", "b"]) + "\n" + delimiter.join(['"x; y, ""z"""', "2"]) + "\n")
    assert rows(path) == [(1, ["a", "b"]), (2, ['x; y, "z"', "2"])]


COMMAS = "nr;risk;sannolikhet;konsekvens\n1;Att det, som ofta, om än sällan, brister, går fel;3;3\n"


@pytest.mark.parametrize("more", ["", "2;Kort;1;2\n", "2;A, b;1;2\n"])
def test_a_text_with_many_commas_does_not_part_the_file_by_commas(tmp_path: Path, more: str) -> None:
    path = tmp_path / "fil.csv"
    path.write_text(COMMAS + more)
    assert {len(cells) for _, cells in rows(path)} == {4}


def test_the_row_that_is_a_heading_says_what_parts_the_cells(tmp_path: Path) -> None:
    path = tmp_path / "fil.csv"
    path.write_text("Lista\nnr;risk\n" + "1;A, b, c, d, e\n" * 9)
    table = open_table(path, lambda cells: {"nr", "risk"} <= set(cells))
    assert "semikolon" in table.described
    assert [len(cells) for _, cells in table.rows] == [1, *[2] * 10]


@pytest.mark.parametrize("delimiter", [";", ",", "\t"])
def test_titles_above_do_not_hide_what_parts_the_cells(tmp_path: Path, delimiter: str) -> None:
    path = tmp_path / "fil.csv"
    path.write_text("Lista\n" + delimiter.join("abcd") + "\n")
    assert rows(path)[-1] == (2, list("abcd"))


def test_a_cell_with_line_breaks_is_one_row(tmp_path: Path) -> None:
    path = tmp_path / "fil.csv"
    path.write_text('a;b\n"rad 1\nrad 2";1\nx;2\n')
    assert rows(path)[2] == (3, ["x", "2"])


@pytest.mark.parametrize(
    ("content", "what"),
    [
        (b"", "tom"),
        (b"a;b\n1;\x002\n", "NUL"),
        (b"a;b\n\x81\x8d;2\n", "tecken"),
        (b"%PDF-1.7 ...", "inte en tabell"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1", "Excelfil"),
        (b'a;b\n"aldrig slut;1\n', "avslutas aldrig"),
        (b"PK\x03\x04 inte en zip", "skadad"),
    ],
)
def test_refused(tmp_path: Path, content: bytes, what: str) -> None:
    path = tmp_path / "fil.csv"
    path.write_bytes(content)
    with pytest.raises(FileFault) as fault:
        rows(path)
    assert what in str(fault.value)


def test_a_nul_is_said_at_its_row(tmp_path: Path) -> None:
    path = tmp_path / "fil.csv"
    path.write_bytes(b"a;b\n1;2\n3;\x00\n")
    with pytest.raises(FileFault) as fault:
        open_table(path)
    assert fault.value.row == 3


def sheet(tmp_path: Path, cells: dict[tuple[int, int], object]) -> Path:
    book = openpyxl.Workbook()
    for (row, column), value in cells.items():
        book.active.cell(row, column, value)
    path = tmp_path / "bok.xlsx"
    book.save(path)
    return path


def test_a_sheet_gives_what_people_would_have_typed(tmp_path: Path) -> None:
    cells = {
        (1, 1): "a",
        (2, 1): 35.125,
        (3, 1): 81132,
        (4, 1): datetime.date(2022, 5, 1),
        (5, 1): True,
        (6, 1): 0.1 + 0.2,
    }
    texts = [row[1][0] for row in rows(sheet(tmp_path, cells))]
    assert texts == ["a", "35,125", "81132", "2022-05-01T00:00", "ja", "0,3"]


def test_rows_of_a_sheet_keep_their_numbers(tmp_path: Path) -> None:
    found = [
        (number, cells) for number, cells in rows(sheet(tmp_path, {(3, 2): "a", (6, 2): "x"})) if any(cells)
    ]
    assert [number for number, _ in found] == [3, 6]


def test_other_sheets_are_mentioned(tmp_path: Path) -> None:
    path = sheet(tmp_path, {(1, 1): "a"})
    book = openpyxl.load_workbook(path)
    book.create_sheet("Blad två")["A1"] = "b"
    book.save(path)
    assert "Blad två" in open_table(path).warnings[0]


def package(path: Path, parts: dict[str, bytes]) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as file:
        for name, content in parts.items():
            file.writestr(name, content)
    return path


def test_macros_zip_bombs_and_other_zips_are_refused(tmp_path: Path) -> None:
    cases = {
        "makron": {"xl/workbook.xml": b"<x/>", "xl/vbaProject.bin": b"x"},
        "zip-bomb": {"xl/workbook.xml": b"<x/>", "xl/worksheets/sheet1.xml": b"0" * 30_000_000},
        "inte en arbetsbok": {"brev.txt": b"hej"},
        "går inte att läsa": {"xl/workbook.xml": b"<x/>"},
    }
    for what, parts in cases.items():
        with pytest.raises(FileFault) as fault:
            open_table(package(tmp_path / "bok.xlsx", parts))
        assert what in str(fault.value)


def big(line: str) -> bytes:
    out = io.StringIO()
    out.write("a;b;c\n")
    while out.tell() < FAST_ABOVE + 100:
        out.write(line)
    return out.getvalue().encode()


def test_a_large_regular_file_is_read_by_columns(tmp_path: Path) -> None:
    path = tmp_path / "fil.csv"
    path.write_bytes(big('1;"två; och tre";x\n'))
    table = open_table(path)
    assert table.columns is not None
    batches = list(table.columns(3, [1, 0]))
    assert batches[0].column(0)[0].as_py() == "två; och tre"
    assert sum(batch.num_rows for batch in batches) == len(rows(path)) - 1


@pytest.mark.parametrize("bad", ["1;2\n", "1;2;3;4\n", '1;"aldrig slut;3\n'])
def test_an_irregular_row_is_left_to_the_careful_reader(tmp_path: Path, bad: str) -> None:
    path = tmp_path / "fil.csv"
    path.write_bytes(big("1;2;3\n") + bad.encode())
    table = open_table(path)
    assert table.columns is not None
    with pytest.raises(IrregularError):
        list(table.columns(3, [0]))


def test_blank_lines_are_counted_by_both_readers(tmp_path: Path) -> None:
    path = tmp_path / "fil.csv"
    path.write_bytes(big("1;2;3\n") + b"\n4;5;6\n\n")
    table = open_table(path)
    assert table.columns is not None
    fast = [cell for batch in table.columns(3, [0]) for cell in batch.column(0).to_pylist()]
    careful = [cells[0] if cells else "" for _, cells in rows(path)][1:]
    assert fast == careful


def test_odd_quotes_are_left_to_the_careful_reader(tmp_path: Path) -> None:
    path = tmp_path / "fil.csv"
    path.write_bytes(big('1;"ab"c;3\n'))
    assert open_table(path).columns is None
