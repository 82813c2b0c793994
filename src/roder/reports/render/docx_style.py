"""Styles, page, header and footer of the Word file.

Real styles, so that a municipality can pour the report into its own template: Rubrik 1-3 (Word's built-in
headings, shown by their Swedish names in a Swedish Word), Brödtext (built-in Body Text), Beskrivning
(Caption) and the table style Tabell. What a template already has is left as it is; what it lacks is added.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from docx.document import Document as WordDocument
from docx.enum.style import WD_STYLE_TYPE
from docx.enum.text import WD_TAB_ALIGNMENT
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.shared import Mm, Pt, RGBColor
from docx.text.paragraph import Paragraph

from roder.reports.document import Document
from roder.reports.render import layout

# Fonts every Word has; Arial has a free twin of the same widths elsewhere, so tables keep their lines.
SERIF, SANS = "Cambria", "Arial"
TABLE_STYLE = "Tabell"
TABLE_TEXT = "Tabelltext"
NOTE_STYLE = "Upplysning"
NOTE_WARNING = "Upplysning varning"
FACTS = "Dokumentfakta"
BODY, CAPTION, BULLET, NUMBERED, TITLE = "Body Text", "Caption", "List Bullet", "List Number", "Title"

_TABLE_STYLE_XML = f"""
<w:style {nsdecls("w")} w:type="table" w:customStyle="1" w:styleId="{TABLE_STYLE}">
  <w:name w:val="{TABLE_STYLE}"/><w:basedOn w:val="TableNormal"/><w:uiPriority w:val="99"/><w:qFormat/>
  <w:tblPr>
    <w:tblBorders>
      <w:top w:val="single" w:sz="8" w:space="0" w:color="{layout.INK[1:]}"/>
      <w:bottom w:val="single" w:sz="8" w:space="0" w:color="{layout.INK[1:]}"/>
    </w:tblBorders>
    <w:tblCellMar>
      <w:top w:w="28" w:type="dxa"/><w:left w:w="80" w:type="dxa"/>
      <w:bottom w:w="28" w:type="dxa"/><w:right w:w="80" w:type="dxa"/>
    </w:tblCellMar>
  </w:tblPr>
  <w:tblStylePr w:type="firstRow">
    <w:rPr><w:b/></w:rPr>
    <w:tcPr>
      <w:tcBorders><w:bottom w:val="single" w:sz="4" w:space="0" w:color="{layout.INK[1:]}"/></w:tcBorders>
      <w:vAlign w:val="bottom"/>
    </w:tcPr>
  </w:tblStylePr>
</w:style>"""


@dataclass(frozen=True)
class TableStyles:
    """The identifiers under which the file keeps the styles a table's XML names (a template has its own)."""

    table: str
    text: str


def prepare(word: WordDocument, own_page: bool) -> TableStyles:
    """Give the document its styles. ``own_page`` is True without a template: then the page and all styles
    are ours.
    """
    if own_page:
        _page(word)
        _builtin_styles(word)
    _add_missing_styles(word)
    return TableStyles(word.styles[TABLE_STYLE].style_id, word.styles[TABLE_TEXT].style_id)


def _page(word: WordDocument) -> None:
    section = word.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.left_margin = section.right_margin = Mm(25)
    section.top_margin, section.bottom_margin = Mm(30), Mm(27)
    section.header_distance, section.footer_distance = Mm(12), Mm(12)


def _builtin_styles(word: WordDocument) -> None:
    defaults = word.styles.element.find(qn("w:docDefaults"))
    for language in defaults.iter(qn("w:lang")):
        language.set(qn("w:val"), "sv-SE")
        language.set(qn("w:eastAsia"), "sv-SE")
    _shape(word, "Normal", SERIF, 10.5, after=6, line=1.25)
    _shape(word, BODY, SERIF, 10.5, after=7, line=1.25)
    _shape(word, TITLE, SANS, 22, bold=True, colour=layout.ACCENT, before=2, after=6)
    for level, size, before in ((1, 15, 20), (2, 12, 15), (3, 10, 12)):
        colour = layout.ACCENT if level < 3 else layout.INK
        style = _shape(word, f"Heading {level}", SANS, size, bold=True, colour=colour, before=before, after=5)
        style.paragraph_format.keep_with_next = True
    caption = _shape(word, CAPTION, SANS, 8.5, bold=True, colour=layout.INK, before=12, after=4)
    caption.paragraph_format.keep_with_next = True
    for name in (BULLET, NUMBERED):
        _shape(word, name, SERIF, 10.5, after=3, line=1.25)
    for name in ("Header", "Footer"):
        _shape(word, name, SANS, 7.5, colour=layout.MUTED)
    border = word.styles[TITLE].element.find(qn("w:pPr")).find(qn("w:pBdr"))
    if border is not None:
        border.getparent().remove(border)
    _border(word.styles[TITLE], "bottom", layout.ACCENT, 12)


def _add_missing_styles(word: WordDocument) -> None:
    names = {style.name for style in word.styles}
    if TABLE_STYLE not in names:
        word.styles.element.append(parse_xml(_TABLE_STYLE_XML))
    base = "Normal"
    for name, size, colour in (
        (TABLE_TEXT, 8.5, layout.INK),
        (NOTE_STYLE, 9, layout.INK),
        (NOTE_WARNING, 9, layout.INK),
        (FACTS, 8, layout.MUTED),
    ):
        if name in names:
            continue
        word.styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH).base_style = word.styles[base]
        gap = 0 if name == TABLE_TEXT else 8
        style = _shape(
            word, name, SANS, size, colour=colour, before=gap, after=gap, line=1.0 if not gap else 1.15
        )
        if name in (NOTE_STYLE, NOTE_WARNING):
            tone = layout.ACCENT if name == NOTE_STYLE else layout.TONES["near"]
            _border(style, "left", tone, 18)
            style.paragraph_format.left_indent = Mm(4)
    for name in (BODY, CAPTION, BULLET, NUMBERED, TITLE, "Heading 1", "Heading 2", "Heading 3"):
        if name not in names:
            style = word.styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH, builtin=True)
            style.base_style = word.styles[base]


def _shape(
    word: WordDocument,
    name: str,
    font: str,
    size: float,
    *,
    bold: bool = False,
    colour: str = layout.INK,
    before: float = 0,
    after: float = 0,
    line: float = 1.0,
) -> Any:
    style: Any = word.styles[name]
    style.font.name, style.font.size, style.font.bold = font, Pt(size), bold
    style.font.italic = False
    style.font.color.rgb = RGBColor.from_string(colour[1:].upper())
    # A theme font or another script's font would win over the name.
    fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
    for attribute in ("asciiTheme", "hAnsiTheme", "eastAsiaTheme", "cstheme"):
        fonts.attrib.pop(qn(f"w:{attribute}"), None)
    for attribute in ("ascii", "hAnsi", "cs", "eastAsia"):
        fonts.set(qn(f"w:{attribute}"), font)
    for extra in style.element.rPr.findall(qn("w:spacing")) + style.element.rPr.findall(qn("w:kern")):
        style.element.rPr.remove(extra)
    text = style.paragraph_format
    text.space_before, text.space_after, text.line_spacing = Pt(before), Pt(after), line
    return style


def _border(style: Any, side: str, colour: str, eighths: int) -> None:
    space = 4 if side == "bottom" else 8
    border = f'<w:{side} w:val="single" w:sz="{eighths}" w:space="{space}" w:color="{colour[1:]}"/>'
    properties = style.element.get_or_add_pPr()
    properties.insert_element_before(
        parse_xml(f"<w:pBdr {nsdecls('w')}>{border}</w:pBdr>"),
        *("w:shd", "w:tabs", "w:suppressAutoHyphens", "w:spacing", "w:ind", "w:contextualSpacing", "w:jc"),
        "w:outlineLvl",
    )


def header_and_footer(word: WordDocument, document: Document) -> None:
    """Municipality, committee, kind, number, date and "3 (12)" above; snapshot and cut-off below.

    A template that has something in its header or footer keeps it.
    """
    section = word.sections[0]
    who, what = layout.header_lines(document)
    if not _has_text(section.header):
        first = section.header.paragraphs[0]
        _right_tab(first)
        first.add_run(who).bold = True
        first.add_run("\t")
        field(first, "PAGE")
        first.add_run(" (")
        field(first, "NUMPAGES")
        first.add_run(")")
        second = section.header.add_paragraph(style=first.style)
        _right_tab(second)
        second.add_run(what)
        if document.draft:
            second.add_run(f"\t{layout.DRAFT}").bold = True
    if not _has_text(section.footer):
        section.footer.paragraphs[0].add_run(layout.footer_line(document))


def _has_text(part: Any) -> bool:
    return not part.is_linked_to_previous and any(paragraph.text.strip() for paragraph in part.paragraphs)


def _right_tab(paragraph: Paragraph) -> None:
    """One tab stop at the right margin; those of the style (centre and right of another page) are put out
    of play.
    """
    inherited = paragraph.style.paragraph_format.tab_stops if paragraph.style is not None else ()
    for stop in inherited:
        paragraph.paragraph_format.tab_stops.add_tab_stop(stop.position, WD_TAB_ALIGNMENT.CLEAR)
    paragraph.paragraph_format.tab_stops.add_tab_stop(Mm(layout.TEXT_WIDTH_MM), WD_TAB_ALIGNMENT.RIGHT)


def field(paragraph: Paragraph, instruction: str, shown: str = "1") -> None:
    """A field Word computes itself, with what is shown until then."""
    for kind in ("begin", None, "separate", "text", "end"):
        run = paragraph.add_run()
        if kind is None:
            run._r.append(
                parse_xml(f'<w:instrText {nsdecls("w")} xml:space="preserve"> {instruction} </w:instrText>')
            )
        elif kind == "text":
            run.text = shown
        else:
            run._r.append(parse_xml(f'<w:fldChar {nsdecls("w")} w:fldCharType="{kind}"/>'))
