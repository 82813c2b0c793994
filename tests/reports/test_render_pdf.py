"""PDF: tagged, archivable, with the printed digits; long tables keep their header and lose nothing."""

from __future__ import annotations

import re
import shutil
import subprocess
from dataclasses import replace
from decimal import Decimal
from functools import cache
from io import BytesIO
from itertools import pairwise
from pathlib import Path
from typing import Any

import pikepdf
import pytest

from roder.core.numbers import Unit
from roder.reports import charts
from roder.reports.document import Chart, Column, Document, Heading, Note, Number, Paragraph, Row, Table
from roder.reports.render import layout, pdf

from . import sample_document as sample

needs_pdftotext = pytest.mark.skipif(shutil.which("pdftotext") is None, reason="poppler-utils saknas")
PDF_NAMESPACES = {"pdfuaid": "http://www.aiim.org/pdfua/ns/id/", "pdfaid": "http://www.aiim.org/pdfa/ns/id/"}


@cache
def rendered(draft: bool = False) -> bytes:
    return pdf.render(sample.document(draft=draft))


def elements(node: Any, found: list[Any] | None = None) -> list[Any]:
    """Every structure element under a node."""
    found = [] if found is None else found
    if isinstance(node, pikepdf.Array):
        for child in node:
            elements(child, found)
    elif isinstance(node, pikepdf.Dictionary):
        if "/S" in node:
            found.append(node)
        if "/K" in node:
            elements(node.K, found)
    return found


def text(content: bytes, tmp_path: Path, page: int | None = None) -> str:
    path = tmp_path / "out.pdf"
    path.write_bytes(content)
    pages = ["-f", str(page), "-l", str(page)] if page else []
    return subprocess.run(
        ["pdftotext", "-layout", *pages, str(path), "-"], capture_output=True, check=True
    ).stdout.decode()


def test_claims_ua_1_and_a_2a_and_has_title_language_and_tags() -> None:
    with pikepdf.open(BytesIO(rendered())) as file:
        root = file.Root
        assert str(root.Lang) == "sv"
        assert bool(root.MarkInfo.Marked) is True
        assert bool(root.ViewerPreferences.DisplayDocTitle) is True
        assert elements(root.StructTreeRoot.K)
        with file.open_metadata() as about:
            assert about[f"{{{PDF_NAMESPACES['pdfuaid']}}}part"] == "1"
            assert about[f"{{{PDF_NAMESPACES['pdfaid']}}}part"] == "2"
            assert about[f"{{{PDF_NAMESPACES['pdfaid']}}}conformance"] == "A"
            assert about["dc:title"] == "Månadsuppföljning maj 2022"
            assert about["dc:creator"] == ["Vård- och omsorgsnämnden"]


def test_every_figure_has_a_text_alternative_and_tables_have_headers() -> None:
    with pikepdf.open(BytesIO(rendered(draft=True))) as file:
        found = elements(file.Root.StructTreeRoot.K)
        kinds = [str(one.S) for one in found]
        figures = [one for one in found if one.S == "/Figure"]
        assert [str(one.Alt) for one in figures] == [sample.line().description]
        tables = [one for one in found if one.S == "/Table"]
        assert len(tables) == 5  # the empty one is a sentence; the chart's numbers are a table
        for table in tables:
            inside = [str(one.S) for one in elements(table.K)]
            assert inside.count("/THead") == 1
            assert "/TH" in inside
        assert kinds.count("/Caption") >= 5
        assert {"/Title", "/H1", "/H2", "/L", "/LI", "/TOC"} <= set(kinds)


def test_a_heading_level_that_skips_is_raised_and_not_refused() -> None:
    with pikepdf.open(BytesIO(rendered())) as file:
        kinds = {str(one.S) for one in elements(file.Root.StructTreeRoot.K)}
    assert "/H3" not in kinds


def test_fonts_are_embedded_and_ours() -> None:
    with pikepdf.open(BytesIO(rendered())) as file:
        fonts = [
            item
            for item in file.objects
            if isinstance(item, pikepdf.Dictionary) and item.get("/Type") == "/FontDescriptor"
        ]
        names = {re.sub(r"^/?[A-Z]{6}\+", "", str(font.FontName)) for font in fonts}
        assert all(any(f"/FontFile{kind}" in font for kind in ("", "2", "3")) for font in fonts)
    assert all(name.startswith(("SourceSans3", "LibertinusSerif")) for name in names)
    assert any("Libertinus" in name for name in names)


def test_the_same_document_gives_the_same_bytes() -> None:
    assert pdf.render(sample.document()) == rendered()
    assert pdf.render(replace(sample.document(), title="Annan")) != rendered()


@needs_pdftotext
def test_printed_digits(tmp_path: Path) -> None:
    # The font has one glyph for both spaces, so a reader of the file gets the ordinary one.
    out = text(rendered(), tmp_path)
    for digits in (
        "−1\u00a0065\u00a0656",
        "−16\u00a0956",
        "10\u00a0000",
        "−10\u00a0802",
        "10,0\u00a0mkr",
        "−822\u00a0tkr",
        "iu.",
    ):
        assert digits.replace("\u00a0", " ") in out
    row = next(line for line in out.splitlines() if "Verksamhetens kostnader" in line)
    assert re.split(r" {2,}", row.strip()) == [
        "Verksamhetens kostnader",
        "−1 048 700",
        "−1 065 656",
        "−16 956",
    ]


@needs_pdftotext
def test_a_long_table_repeats_its_header_and_loses_no_row(tmp_path: Path) -> None:
    content = pdf.render(sample.document(rows=200))
    with pikepdf.open(BytesIO(content)) as file:
        pages = len(file.pages)
    assert pages >= 7
    seen: list[str] = []
    for page in range(1, pages + 1):
        out = text(content, tmp_path, page)
        rows = re.findall(r"^ *(A\d+)  ", out, flags=re.M)
        if rows:
            assert re.search(r"Nr +Aktivitet +Status +Andel klar", out)
        seen += rows
        assert f"{page} ({pages})" in out
        assert "Uttag 2022-05-31-a1b2c3 · Siffror till och med 2022-05-31" in out
    assert seen == [f"A{number}" for number in range(1, 201)]


@needs_pdftotext
def test_a_group_s_name_is_never_alone_at_the_foot_of_a_page(tmp_path: Path) -> None:
    """For every place the page may end: what follows a group's name on its page is a row of the group."""
    columns = (Column("nr", "Nr", "text"), Column("vad", "Aktivitet", "text"))
    rows = [
        Row(
            f"{group}.{number}",
            {"nr": f"G{group}" if number == 0 else f"R{group}.{number}"}
            | ({} if number == 0 else {"vad": "Görs"}),
            "sub" if number == 0 else "normal",
        )
        for group in range(12)
        for number in range(6)
    ]
    for before in range(6):
        lines = tuple(Paragraph((f"Stycke {number}.",)) for number in range(before))
        table = Table("Allt", columns, tuple(rows))
        content = pdf.render(replace(sample.document(), blocks=(*lines, table)))
        with pikepdf.open(BytesIO(content)) as file:
            pages = len(file.pages)
        assert pages > 1
        for page in range(1, pages + 1):
            out = re.findall(r"^ *([GR][0-9.]+)", text(content, tmp_path, page), flags=re.M)
            assert out and out[-1].startswith("R"), (before, page, out)
            assert "Aktivitet" in text(content, tmp_path, page)


@needs_pdftotext
def test_a_heading_s_first_words_go_with_the_table_they_introduce(tmp_path: Path) -> None:
    columns = (Column("nr", "Nr", "text"),)
    table = Table("Planen", columns, tuple(Row(str(number), {"nr": f"R{number}"}) for number in range(12)))
    for before in range(20, 34):
        filling = tuple(Paragraph((f"Stycke {number}.",)) for number in range(before))
        blocks = (*filling, Heading(1, "Hemtjänst natt"), Paragraph(("Utkast.",)), table)
        content = pdf.render(replace(sample.document(), blocks=blocks))
        with pikepdf.open(BytesIO(content)) as file:
            pages = [text(content, tmp_path, page + 1) for page in range(len(file.pages))]
        together = [page for page in pages if "Utkast." in page]
        assert len(together) == 1
        assert "Tabell" in together[0], before


@needs_pdftotext
def test_rows_are_not_printed_over_each_other(tmp_path: Path) -> None:
    """The known fault of long tables inside figures: words of two rows in one place. Boxes tell."""
    path = tmp_path / "out.pdf"
    path.write_bytes(pdf.render(sample.document(rows=200)))
    boxes = subprocess.run(
        ["pdftotext", "-bbox", str(path), "-"], capture_output=True, check=True
    ).stdout.decode()
    for page in boxes.split("<page ")[1:]:
        words = re.findall(
            r'xMin="([\d.]+)" yMin="([\d.]+)" xMax="([\d.]+)" yMax="([\d.]+)">(A\d+|Nr)<', page
        )
        tops = sorted(float(word[1]) for word in words if float(word[0]) < 90)
        assert all(after - before > 8 for before, after in pairwise(tops))
        assert all(float(word[3]) < 842 - 27 * 2.83 + 2 for word in words)


@needs_pdftotext
def test_contents_list_from_three_pages_and_draft_mark(tmp_path: Path) -> None:
    long = text(rendered(), tmp_path, 1)
    assert "Innehåll" in long
    short = replace(sample.document(), blocks=(Heading(1, "Ekonomi"), Paragraph(("Kort.",))))
    assert "Innehåll" not in text(pdf.render(short), tmp_path)
    assert "UTKAST" not in long
    draft = text(rendered(draft=True), tmp_path)
    assert draft.count("UTKAST") > 1
    assert not re.search(r"^ *(UT|KA|ST)$", draft, flags=re.M)


@needs_pdftotext
def test_typst_markup_and_code_are_only_text(tmp_path: Path) -> None:
    hostile = 'a *b* _c_ #panic("x") $x^2$ <etikett> @ref \\ [x] \\u0001 // y'
    block = Chart("T #panic()", "Text *alt*", sample.line().spec, sample.line().table)
    shown = replace(
        sample.document(), blocks=(Heading(1, hostile), Paragraph((hostile,)), block), title=hostile
    )
    out = " ".join(text(pdf.render(shown), tmp_path).split())
    assert '#panic("x") $x^2$ <etikett> @ref \\ [x] \\u0001 // y' in out
    assert "T #panic()" in out


def test_smallest_document_and_odd_characters() -> None:
    assert pdf.render(Document("T", "", "", "")).startswith(b"%PDF")
    assert pdf.render(Document("T", "", "", "", blocks=(Paragraph(("a\nb\tc",)), Paragraph(())))).startswith(
        b"%PDF"
    )


@needs_pdftotext
def test_signs_no_font_has_are_replaced_and_do_not_stop_the_report(tmp_path: Path) -> None:
    odd = "Å\u0301 中文字符 😀🎉 \u200b\ue000\x01\x7f\u202e עברית العربية हिन्दी Ж Ω ₂ ✓ → é"
    out = text(pdf.render(replace(sample.document(), title=odd, blocks=(Paragraph((odd,)),))), tmp_path)
    assert "□□□□" in out
    assert "Ж" in out
    assert "→" in out


@needs_pdftotext
def test_what_is_higher_than_a_page_is_continued_and_not_cut(tmp_path: Path) -> None:
    long = " ".join(f"ord{number}" for number in range(1, 2001))
    columns = (Column("a", "A", "text"), Column("b", "B", "text"))
    table = Table("Kommentarer", columns, (Row("1", {"a": "x", "b": long}),), "")
    bars = [(f"Enhet {number}", Number(Decimal(number), Unit.COUNT)) for number in range(1, 81)]
    chart = charts.bar_chart("Många", "Staplar.", bars, unit=Unit.COUNT)
    shown = replace(sample.document(), blocks=(table, Note("info", (long,)), chart))
    out = text(pdf.render(shown), tmp_path)
    for number in range(1, 2001):
        assert len(re.findall(rf"\bord{number}\b", out)) == 2
    for number in range(1, 81):
        assert len(re.findall(rf"\bEnhet {number}\b", out)) == 2  # beside its bar and in the table


def test_a_table_with_very_many_columns_still_fits_the_page() -> None:
    months = [f"Månad {number}" for number in range(1, 16)]
    columns = (Column("namn", "Post", "text"), *(Column(month, month) for month in months))
    cells = {month: Number(Decimal(1_234_567_000), Unit.TKR) for month in months}
    table = Table("Brett", columns, (Row("r", {"namn": "Verksamhetens nettokostnader", **cells}),))
    assert sum(layout.column_widths(table).columns) <= layout.TEXT_WIDTH_MM + 0.01
    assert pdf.render(replace(sample.document(), blocks=(table,))).startswith(b"%PDF")
