"""The compilation of grants: the same numbers in four formats, the finding about 2022, and its sums as formulas."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import pypdfium2
import pytest
from openpyxl import load_workbook

from roder.core.faults import UserFault
from roder.organisation.models import Body
from roder.registers.papers.grants import document_of, write_grants
from roder.reports.document import Chart, Note, from_json, inline_text, to_json
from tests.registers.test_grants import oxelosund

__all__ = ["oxelosund"]


def test_the_document_says_what_was_found(oxelosund: Body) -> None:
    document = document_of(oxelosund, 2024)
    assert from_json(to_json(document)) == document
    warnings = [
        inline_text(one.inlines).replace("\u00a0", " ") for one in document.blocks if isinstance(one, Note)
    ]
    assert warnings == [
        "2022: raderna blir 392 850 kr, men tryckt summa är 405 000 kr. 12 150 kr saknas.",
        "2022: Kvinno- och tjejjouren MIRA har 70 % av det som raderna blir. I handlingen står 68 %.",
    ]
    (chart,) = [one for one in document.blocks if isinstance(one, Chart)]
    assert chart.title.replace("\u00a0", " ") == "Summan växer med 120 000 kr från 2021 till 2024"
    assert [cell.text.replace("\u00a0", " ") for cell in list(chart.table.rows[0].cells.values())[1:]] == [  # type: ignore[union-attr]
        "395 000", "392 850", "415 000", "515 000",
    ]  # fmt: skip


def test_four_files_with_the_same_numbers(oxelosund: Body, tmp_path: Path) -> None:
    paths = write_grants(oxelosund, 2024, tmp_path / "out")
    assert sorted(one.name for one in paths) == [
        f"foreningsbidrag-2024.{kind}" for kind in ("docx", "html", "pdf", "xlsx")
    ]
    by_kind = {one.suffix: one.read_bytes() for one in paths}
    pdf = pypdfium2.PdfDocument(by_kind[".pdf"])
    texts = {
        "pdf": "".join(page.get_textpage().get_text_range() for page in pdf),
        "html": by_kind[".html"].decode(),
        "docx": zipfile.ZipFile(io.BytesIO(by_kind[".docx"])).read("word/document.xml").decode(),
    }
    for kind, text in texts.items():
        plain = text.replace("\u00a0", " ").replace("\u202f", " ").replace("&nbsp;", " ")
        for number in ("268 600", "392 850", "12 150", "405 000", "54 525", "515 000"):
            assert number in plain, f"{number} i {kind}"
    sheets = load_workbook(io.BytesIO(by_kind[".xlsx"]))
    cells = [cell.value for sheet in sheets for row in sheet for cell in row]
    assert 275_400 in cells
    assert any(isinstance(value, str) and value.startswith("=") for value in cells), "sums are formulas"


def test_a_year_without_a_call_is_told(oxelosund: Body, tmp_path: Path) -> None:
    with pytest.raises(UserFault, match="ingen utlysning av föreningsbidrag 2030"):
        write_grants(oxelosund, 2030, tmp_path)
    assert list(tmp_path.iterdir()) == []
