"""Word: real styles, real tables with repeated header rows, alternative texts, so that it can be worked on
further.

Charts are pictures (Word takes no SVG from python-docx) with their numbers in a table under them.
"""

from __future__ import annotations

import datetime as dt
import io
import zipfile
from pathlib import Path

import docx
from docx.document import Document as WordDocument
from docx.enum.text import WD_BREAK
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.shared import Mm
from docx.text.paragraph import Paragraph as WordParagraph

from roder.reports.document import (
    Bullets,
    Chart,
    Contents,
    Document,
    Heading,
    Inline,
    Note,
    PageBreak,
    Paragraph,
    Particulars,
    Reference,
    Signatures,
    Strong,
    Table,
    contents_of,
)
from roder.reports.render import drawing, layout
from roder.reports.render.docx_style import (
    BODY,
    BULLET,
    CAPTION,
    FACTS,
    NOTE_STYLE,
    NOTE_WARNING,
    NUMBERED,
    TITLE,
    TableStyles,
    header_and_footer,
    prepare,
)
from roder.reports.render.docx_table import clean, runs_xml, table_xml

_ZIP_DAY = (1980, 1, 1, 0, 0, 0)


def render(document: Document, template: Path | None = None) -> bytes:
    """The document as .docx, in the municipality's ``template`` (.docx) when given.

    A template's styles, page, header and footer are kept; its text, if any, stands before the report.
    """
    word = docx.Document(str(template) if template else None)
    ids = prepare(word, own_page=template is None)
    _properties(word, document)
    header_and_footer(word, document)
    placed = layout.place(document)
    _title_block(word, document)
    if contents_of(document) is None and layout.estimated_pages(document) >= 3:
        _contents(word, placed)
    for number, one in enumerate(placed, start=1):
        if isinstance(one.block, Contents):
            _contents(word, placed, one.block.depth)
        else:
            _block(word, one, number, ids)
    return _same_every_time(word)


def _properties(word: WordDocument, document: Document) -> None:
    core = word.core_properties
    core.title, core.subject = clean(document.title), clean(document.kind)
    core.author, core.language = clean(document.committee or document.municipality), "sv-SE"
    core.keywords = clean(
        ", ".join(word for word in (document.registration_number, document.snapshot_id) if word)
    )
    core.comments, core.last_modified_by = "", ""
    day = document.date or document.cut_off or dt.date(2000, 1, 1)
    core.created = core.modified = dt.datetime(day.year, day.month, day.day)


def _same_every_time(word: WordDocument) -> bytes:
    """Save with fixed file times: the same document gives the same bytes, so a locked report's hash can be
    checked.
    """
    saved, fixed = io.BytesIO(), io.BytesIO()
    word.save(saved)
    with zipfile.ZipFile(saved) as source, zipfile.ZipFile(fixed, "w", zipfile.ZIP_DEFLATED) as target:
        for name in source.namelist():
            target.writestr(zipfile.ZipInfo(name, _ZIP_DAY), source.read(name), zipfile.ZIP_DEFLATED)
    return fixed.getvalue()


def _title_block(word: WordDocument, document: Document) -> None:
    who, _ = layout.header_lines(document)
    if document.draft:
        _text(word, (Strong(layout.DRAFT),), FACTS)
    _text(word, (who,), FACTS)
    _text(word, (document.title,), TITLE)
    parts: list[Inline] = []
    for name, value in layout.facts(document):
        parts += [f"{' · ' if parts else ''}{name}: ", Strong(value.replace(" ", "\u00a0"))]
    _text(word, tuple(parts), FACTS)


def _contents(word: WordDocument, placed: tuple[layout.Placed, ...], depth: int = 2) -> None:
    """A contents field with links; Word fills in page numbers when the reader updates it (F9)."""
    entries = [
        (number, one.block)
        for number, one in enumerate(placed, start=1)
        if isinstance(one.block, Heading) and one.block.level <= depth
    ]
    for position, (number, heading) in enumerate(entries):
        paragraph = _text(word, (), BODY)
        paragraph.paragraph_format.left_indent = Mm(5 * (heading.level - 1))
        paragraph.paragraph_format.space_after = 0
        link = (
            f'<w:hyperlink {nsdecls("w")} w:anchor="{_bookmark(number)}" w:history="1">'
            f"{runs_xml((heading.text,))}</w:hyperlink>"
        )
        if position == 0:
            for part in (
                '<w:r {0}><w:fldChar w:fldCharType="begin"/></w:r>',
                f'<w:r {{0}}><w:instrText xml:space="preserve"> TOC \\o "1-{depth}" \\h \\z \\u </w:instrText></w:r>',
                '<w:r {0}><w:fldChar w:fldCharType="separate"/></w:r>',
            ):
                paragraph._p.append(parse_xml(part.format(nsdecls("w"))))
        paragraph._p.append(parse_xml(link))
        if position == len(entries) - 1:
            paragraph._p.append(parse_xml(f'<w:r {nsdecls("w")}><w:fldChar w:fldCharType="end"/></w:r>'))


def _block(word: WordDocument, placed: layout.Placed, number: int, ids: TableStyles) -> None:
    block = placed.block
    if isinstance(block, Heading):
        paragraph = _text(word, (block.text,), f"Heading {block.level}")
        start = f'<w:bookmarkStart {nsdecls("w")} w:id="{number}" w:name="{_bookmark(number)}"/>'
        first = paragraph._p.find(qn("w:r"))
        first.addprevious(parse_xml(start))
        paragraph._p.append(parse_xml(f'<w:bookmarkEnd {nsdecls("w")} w:id="{number}"/>'))
    elif isinstance(block, Paragraph):
        _text(word, block.inlines, BODY)
    elif isinstance(block, Bullets):
        _list(word, block)
    elif isinstance(block, Signatures):
        _signatures(word, block)
    elif isinstance(block, Reference):
        _text(word, (block.text,), FACTS).paragraph_format.space_before = 0
    elif isinstance(block, Particulars):
        _particulars(word, block, ids)
    elif isinstance(block, PageBreak):
        _text(word, (), FACTS).add_run().add_break(WD_BREAK.PAGE)
    elif isinstance(block, Note):
        label = Strong(layout.NOTE_LABELS[block.kind] + " ")
        _text(word, (label, *block.inlines), NOTE_WARNING if block.kind == "warning" else NOTE_STYLE)
    elif isinstance(block, Chart):
        _chart(word, block, placed, ids)
    elif isinstance(block, Table):
        _table(word, block, placed.label, ids)


def _list(word: WordDocument, block: Bullets) -> None:
    """A list in Word's own styles; a numbered one begins at 1, whatever stood before."""
    new = _numbering(word) if block.numbered else None
    for number, item in enumerate(block.items, start=1):
        if block.numbered and new is None:  # a template without numbering: the numbers are written out
            _text(word, (f"{number}. ", *item), BODY)
            continue
        paragraph = _text(word, item, NUMBERED if block.numbered else BULLET)
        if new is not None:
            paragraph._p.get_or_add_pPr().append(
                parse_xml(f'<w:numPr {nsdecls("w")}><w:ilvl w:val="0"/><w:numId w:val="{new}"/></w:numPr>')
            )


def _numbering(word: WordDocument) -> int | None:
    """A numbering of its own for one list, after the pattern of Word's numbered style; None where there is none."""
    used = word.styles[NUMBERED].element.find(f".//{qn('w:numId')}")
    try:
        numbering = word.part.numbering_part.element
        pattern = numbering.num_having_numId(int(used.get(qn("w:val")))).abstractNumId.val
    except (AttributeError, KeyError, NotImplementedError):
        return None
    number = numbering.add_num(pattern)
    number.add_lvlOverride(ilvl=0).add_startOverride(1)
    return int(number.numId)


def _signatures(word: WordDocument, block: Signatures) -> None:
    """Room to sign, a line, and under it who: two beside each other."""
    rows = [block.people[start : start + 2] for start in range(0, len(block.people), 2)]
    width = round(layout.TEXT_WIDTH_MM / 2 * 56.693)
    border = f'<w:pBdr><w:top w:val="single" w:sz="4" w:space="3" w:color="{layout.MUTED[1:]}"/></w:pBdr>'
    drawn = ""
    for row in rows:
        cells = ""
        for name, title in row:
            below = f'<w:p><w:pPr><w:spacing w:after="0"/></w:pPr>{runs_xml((title,))}</w:p>' if title else ""
            cells += (
                f'<w:tc><w:tcPr><w:tcW w:w="{width}" w:type="dxa"/></w:tcPr><w:p><w:pPr><w:keepNext/>{border}'
                '<w:spacing w:before="760" w:after="0"/><w:ind w:right="300"/></w:pPr>'
                f"{runs_xml((Strong(name),))}</w:p>"
                f"{below}</w:tc>"
            )
        if len(row) == 1:
            cells += f'<w:tc><w:tcPr><w:tcW w:w="{width}" w:type="dxa"/></w:tcPr><w:p/></w:tc>'
        drawn += f"<w:tr><w:trPr><w:cantSplit/></w:trPr>{cells}</w:tr>"
    table = (
        f'<w:tbl {nsdecls("w")}><w:tblPr><w:tblW w:w="{2 * width}" w:type="dxa"/>'
        '<w:tblLayout w:type="fixed"/></w:tblPr>'
        f'<w:tblGrid><w:gridCol w:w="{width}"/><w:gridCol w:w="{width}"/></w:tblGrid>{drawn}</w:tbl>'
    )
    word.element.body.insert_element_before(parse_xml(table), "w:sectPr")
    _text(word, (), FACTS).paragraph_format.space_after = 0


def _particulars(word: WordDocument, block: Particulars, ids: TableStyles) -> None:
    """Names and what they are in two columns, a thin line under each."""
    widths = [round(millimetres * 56.693) for millimetres in (44, layout.TEXT_WIDTH_MM - 44)]
    line = f'<w:bottom w:val="single" w:sz="4" w:space="0" w:color="{layout.MUTED[1:]}"/>'
    drawn = ""
    keep = "<w:keepNext/>"
    for position, (name, lines) in enumerate(block.rows):
        style = f'<w:pStyle w:val="{ids.text}"/>{keep if position < len(block.rows) - 1 else ""}'
        texts = ((runs_xml((Strong(name),), colour=layout.MUTED),), tuple(runs_xml((one,)) for one in lines))
        cells = ""
        for width, paragraphs in zip(widths, texts, strict=True):
            inside = "".join(
                f'<w:p><w:pPr>{style}<w:spacing w:before="30" w:after="30"/></w:pPr>{one}</w:p>'
                for one in paragraphs
            )
            cells += (
                f'<w:tc><w:tcPr><w:tcW w:w="{width}" w:type="dxa"/><w:tcBorders>{line}</w:tcBorders></w:tcPr>'
                f"{inside or '<w:p/>'}</w:tc>"
            )
        drawn += f"<w:tr><w:trPr><w:cantSplit/></w:trPr>{cells}</w:tr>"
    table = (
        f'<w:tbl {nsdecls("w")}><w:tblPr><w:tblW w:w="{sum(widths)}" w:type="dxa"/><w:tblLayout w:type="fixed"/>'
        f'</w:tblPr><w:tblGrid><w:gridCol w:w="{widths[0]}"/><w:gridCol w:w="{widths[1]}"/></w:tblGrid>{drawn}</w:tbl>'
    )
    word.element.body.insert_element_before(parse_xml(table), "w:sectPr")
    _text(word, (), FACTS).paragraph_format.space_after = 0


def _bookmark(number: int) -> str:
    return f"avsnitt_{number}"


def _chart(word: WordDocument, chart: Chart, placed: layout.Placed, ids: TableStyles) -> None:
    _caption(word, placed.label, chart.title)
    paragraph = _text(word, (), BODY)
    paragraph.paragraph_format.keep_with_next = bool(chart.table.rows)
    paragraph.paragraph_format.line_spacing = 1.0
    picture = paragraph.add_run().add_picture(
        io.BytesIO(drawing.chart_png(chart)), width=Mm(layout.TEXT_WIDTH_MM)
    )
    properties = picture._inline.docPr
    properties.set("descr", clean(chart.description))
    properties.set("title", clean(chart.title))
    properties.set("name", placed.label)
    if chart.table.rows:
        _table(word, chart.table, "", ids)


def _caption(word: WordDocument, label: str, title: str) -> None:
    paragraph = _text(word, (), CAPTION)
    tinted = runs_xml((Strong(f"{label}  "),), colour=layout.ACCENT) if label else ""
    for run in parse_xml(f"<w:p {nsdecls('w')}>{tinted}{runs_xml((title,))}</w:p>"):
        paragraph._p.append(run)


def _table(word: WordDocument, table: Table, label: str, ids: TableStyles) -> None:
    _caption(word, label, table.title)
    if table.rows:
        # Before the section properties, which must stay last in the body.
        word.element.body.insert_element_before(table_xml(table, ids), "w:sectPr")
    else:
        _text(word, (layout.EMPTY_TABLE,), FACTS)
    for note in table.notes:
        _text(word, (note,), FACTS).paragraph_format.space_before = Mm(1)
    if table.rows and not table.notes:
        # Two tables without anything between them would grow together.
        _text(word, (), FACTS).paragraph_format.space_after = 0


def _text(word: WordDocument, inlines: tuple[Inline, ...], style: str) -> WordParagraph:
    paragraph = word.add_paragraph(style=style)
    if inlines:
        for run in parse_xml(f"<w:p {nsdecls('w')}>{runs_xml(inlines)}</w:p>"):
            paragraph._p.append(run)
    return paragraph
