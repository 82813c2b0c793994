"""Word read back: styles, header rows, alternative texts, digits; a municipality's template is kept."""

from __future__ import annotations

from functools import cache
from io import BytesIO
from pathlib import Path

import docx
from docx.document import Document as WordDocument
from docx.enum.style import WD_STYLE_TYPE
from docx.oxml.ns import qn
from docx.shared import Mm

from roder.reports.document import Document, Paragraph
from roder.reports.render import docx as renderer

from . import sample_document as sample


@cache
def rendered() -> bytes:
    return renderer.render(sample.document(draft=True))


def opened(content: bytes | None = None) -> WordDocument:
    return docx.Document(BytesIO(content or rendered()))


def cells(table: object) -> list[list[str]]:
    return [
        ["".join(node.text or "" for node in cell.iter(qn("w:t"))) for cell in row.findall(qn("w:tc"))]
        for row in table._tbl.findall(qn("w:tr"))  # type: ignore[attr-defined]
    ]


def test_real_styles() -> None:
    word = opened()
    styles = {paragraph.style.name for paragraph in word.paragraphs if paragraph.style is not None}
    assert {
        "Title",
        "Heading 1",
        "Heading 2",
        "Body Text",
        "List Bullet",
        "Caption",
        "Upplysning varning",
    } <= styles
    headings = [
        one.text for one in word.paragraphs if one.style is not None and one.style.name == "Heading 1"
    ]
    assert headings == ["Ekonomi", "Mål", "Aktiviteter", "Så är siffrorna framtagna"]
    assert all(table.style is not None and table.style.name == "Tabell" for table in word.tables)


def test_swedish_a4_with_header_and_footer() -> None:
    word = opened()
    language = word.styles.element.find(qn("w:docDefaults")).find(f".//{qn('w:lang')}")
    assert language.get(qn("w:val")) == "sv-SE"
    section = word.sections[0]
    assert (round(section.page_width.mm), round(section.left_margin.mm)) == (210, 25)
    header = " ".join(paragraph.text for paragraph in section.header.paragraphs)
    assert "Alingsås kommun · Vård- och omsorgsnämnden" in header
    assert "VON 2022-041 · 2022-06-20" in header
    assert "UTKAST" in header
    fields = [node.text.strip() for node in section.header._element.iter(qn("w:instrText"))]
    assert fields == ["PAGE", "NUMPAGES"]
    assert "2022-05-31-a1b2c3" in section.footer.paragraphs[0].text
    assert word.core_properties.title == "Månadsuppföljning maj 2022"


def test_tables_hold_the_printed_digits() -> None:
    may = cells(opened().tables[0])
    assert may[0] == ["Kontogrupp", "Budget 2022", "Prognos helår", "Avvikelse"]
    assert ["Verksamhetens kostnader", "−1\u00a0048\u00a0700", "−1\u00a0065\u00a0656", "−16\u00a0956"] in may
    assert may[-1] == ["Årets resultat", "0", "10\u00a0000", "10\u00a0000"]
    text = "\n".join(paragraph.text for paragraph in opened().paragraphs)
    assert "10,0\u00a0mkr" in text
    assert "−822\u00a0tkr" in text


def test_every_table_repeats_its_header_splits_no_row_and_has_a_text_alternative() -> None:
    tables = opened().tables
    assert len(tables) == 5
    for table in tables:
        first, *rest = table._tbl.findall(qn("w:tr"))
        assert first.find(qn("w:trPr")).find(qn("w:tblHeader")) is not None
        assert all(row.find(qn("w:trPr")).find(qn("w:tblHeader")) is None for row in rest)
        assert all(row.find(qn("w:trPr")).find(qn("w:cantSplit")) is not None for row in (first, *rest))
        assert table._tbl.tblPr.find(qn("w:tblCaption")).get(qn("w:val"))


def test_a_long_table_has_all_rows_and_missing_values_as_iu() -> None:
    long = next(cells(table) for table in opened().tables if "Aktivitet" in cells(table)[0])
    assert [row[0] for row in long[1:]] == [f"A{number}" for number in range(1, 61)]
    assert long[3][-1] == "iu."
    assert long[1][2] == "▲\u00a0Nära"


def test_charts_have_alternative_text() -> None:
    word = opened()
    assert len(word.inline_shapes) == 1
    properties = word.inline_shapes[0]._inline.docPr
    assert properties.get("descr") == sample.line().description
    assert properties.get("title") == sample.line().title


def test_contents_link_to_bookmarks_that_exist() -> None:
    body = opened().element.body
    names = {node.get(qn("w:name")) for node in body.iter(qn("w:bookmarkStart"))}
    links = [node.get(qn("w:anchor")) for node in body.iter(qn("w:hyperlink"))]
    assert links
    assert set(links) <= names
    assert [node.get(qn("w:fldCharType")) for node in body.iter(qn("w:fldChar"))] == [
        "begin",
        "separate",
        "end",
    ]


def test_a_template_keeps_its_styles_page_and_header(tmp_path: Path) -> None:
    template = docx.Document()
    template.styles["Heading 1"].font.name = "Kommunens typsnitt"
    table_style = template.styles.add_style("Tabell", WD_STYLE_TYPE.TABLE)
    table_style.element.set(qn("w:styleId"), "KommunTabell")
    template.sections[0].left_margin = Mm(40)
    template.sections[0].header.paragraphs[0].text = "Kommunens brevhuvud"
    template.add_paragraph("Försättstext")
    path = tmp_path / "mall.docx"
    template.save(str(path))

    word = opened(renderer.render(sample.document(), path))
    assert word.styles["Heading 1"].font.name == "Kommunens typsnitt"
    assert round(word.sections[0].left_margin.mm) == 40
    assert [one.text for one in word.sections[0].header.paragraphs] == ["Kommunens brevhuvud"]
    assert word.paragraphs[0].text == "Försättstext"
    assert word.tables[0]._tbl.tblPr.find(qn("w:tblStyle")).get(qn("w:val")) == "KommunTabell"
    assert "2022-05-31-a1b2c3" in word.sections[0].footer.paragraphs[0].text


def test_the_same_document_gives_the_same_bytes() -> None:
    assert renderer.render(sample.document(draft=True)) == rendered()


def test_control_characters_and_markup_are_text() -> None:
    document = Document("<b>T</b>", "", "", "", blocks=(Paragraph(("a\x00\x0bb & <w:p/>\nny rad",)),))
    word = opened(renderer.render(document))
    assert word.paragraphs[-1].text == "ab & <w:p/>\nny rad"
    assert any(paragraph.text == "<b>T</b>" for paragraph in word.paragraphs)
