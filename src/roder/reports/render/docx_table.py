"""A table of the Word file, written as XML in one go (python-docx takes a second for a table of some
hundred cells).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from xml.sax.saxutils import escape, quoteattr

from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls

from roder.reports.document import Cell, Column, Inline, Row, Status, Strong, Table
from roder.reports.render import layout
from roder.reports.render.docx_style import TableStyles

_TWIPS_PER_MM = 56.693
_FORBIDDEN = dict.fromkeys([*range(9), 11, 12, *range(14, 32), 65534, 65535])
BREADTH = 1.12  # Arial beside Source Sans, with something to spare for bold
# Tables with at most this many rows are kept on one page.
KEEP_TOGETHER = 14


@dataclass(frozen=True)
class _Setting:
    """What the cells of one table share."""

    table: Table
    twips: tuple[int, ...]
    half_points: int
    ids: TableStyles
    lacks: dict[tuple[str, str], int]


def table_xml(table: Table, ids: TableStyles) -> Any:
    """The ``w:tbl`` element: style Tabell, repeated header row, rows that do not split, caption as text
    alternative.
    """
    widths = layout.column_widths(table, breadth=BREADTH)
    twips = [round(width * _TWIPS_PER_MM) for width in widths.columns]
    # Arial is set half a point smaller, to look as large as the PDF's letters.
    setting = _Setting(table, tuple(twips), round(widths.size * 2) - 1, ids, layout.missing_places(table))
    keep = len(table.rows) <= KEEP_TOGETHER
    head = "".join(
        _cell_xml((Strong(column.title),), width, column, setting, keep=True)
        for column, width in zip(table.columns, twips, strict=True)
    )
    rows = [
        _row_xml(row, setting, keep=keep and position < len(table.rows) - 1)
        for position, row in enumerate(table.rows)
    ]
    grid = "".join(f'<w:gridCol w:w="{width}"/>' for width in twips)
    return parse_xml(
        f"<w:tbl {nsdecls('w')}><w:tblPr><w:tblStyle w:val={quoteattr(ids.table)}/>"
        f'<w:tblW w:w="{sum(twips)}" w:type="dxa"/><w:tblLayout w:type="fixed"/>'
        '<w:tblLook w:val="0420" w:firstRow="1" w:lastRow="0" w:firstColumn="0" w:lastColumn="0"'
        ' w:noHBand="0" w:noVBand="1"/>'
        f"<w:tblCaption w:val={quoteattr(clean(table.title))}/>"
        f"</w:tblPr><w:tblGrid>{grid}</w:tblGrid>"
        f"<w:tr><w:trPr><w:cantSplit/><w:tblHeader/></w:trPr>{head}</w:tr>{''.join(rows)}</w:tbl>"
    )


def _row_xml(row: Row, setting: _Setting, keep: bool) -> str:
    table, twips = setting.table, setting.twips
    start = "<w:tr><w:trPr><w:cantSplit/></w:trPr>"
    if layout.is_label_row(row, table):
        words: Any = row.cells.get(table.columns[0].key)
        body = _cell_xml(
            _bold(words),
            sum(twips),
            table.columns[0],
            setting,
            keep=True,
            span=len(twips),
            colour=layout.ACCENT,
        )
        return f"{start}{body}</w:tr>"
    cells = []
    for position, (column, width) in enumerate(zip(table.columns, twips, strict=True)):
        cell = layout.printed_cell(row, column)
        lacking = layout.padding_digits(cell, setting.lacks.get((row.key, column.key), 0))
        # Widths of digit and comma in Arial, in twentieths of a point: the commas come under each other.
        right = sum(round(setting.half_points * 10 * (0.278 if char == "," else 0.556)) for char in lacking)
        left = 200 if row.kind == "sub" and position == 0 else 0
        parts = _bold(cell) if row.kind == "sum" else cell
        cells.append(_cell_xml(parts, width, column, setting, keep=keep, right=right, left=left))
    return f"{start}{''.join(cells)}</w:tr>"


def _bold(cell: Cell) -> tuple[Inline, ...]:
    """The same cell in bold; statuses keep their symbol."""
    if cell is None:
        return ()
    parts = cell if isinstance(cell, tuple) else (cell,)
    return tuple(
        part if isinstance(part, (Status, Strong)) else Strong(part if isinstance(part, str) else part.text)
        for part in parts
    )


def _cell_xml(
    cell: Cell,
    width: int,
    column: Column,
    setting: _Setting,
    *,
    keep: bool = False,
    span: int = 1,
    left: int = 0,
    right: int = 0,
    colour: str = "",
) -> str:
    spans = f'<w:gridSpan w:val="{span}"/>' if span > 1 else ""
    keeps = "<w:keepNext/>" if keep else ""
    indent = f'<w:ind w:left="{left}" w:right="{right}"/>' if left or right else ""
    align = '<w:jc w:val="right"/>' if layout.is_numeric(column) and span == 1 else ""
    parts = () if cell is None else cell if isinstance(cell, tuple) else (cell,)
    return (
        f'<w:tc><w:tcPr><w:tcW w:w="{width}" w:type="dxa"/>{spans}</w:tcPr>'
        f"<w:p><w:pPr><w:pStyle w:val={quoteattr(setting.ids.text)}/>{keeps}{indent}{align}</w:pPr>"
        f"{runs_xml(parts, setting.half_points, colour)}</w:p></w:tc>"
    )


def runs_xml(parts: tuple[Inline, ...], half_points: int = 0, colour: str = "") -> str:
    """Running text as ``w:r`` elements. Size 0 means the style's own."""
    size = f'<w:sz w:val="{half_points}"/>' if half_points and half_points != 17 else ""
    tint = f'<w:color w:val="{colour[1:]}"/>' if colour else ""
    out = []
    for part in parts:
        if isinstance(part, Status):
            out.append(_run(part.symbol, f'<w:color w:val="{layout.TONES[part.tone][1:]}"/>{size}'))
            out.append(_run(f"\u00a0{part.label}", tint + size))
        elif isinstance(part, Strong):
            out.append(_run(part.text, f"<w:b/>{tint}{size}"))
        else:
            out.append(_run(part if isinstance(part, str) else part.text, tint + size))
    return "".join(out)


def _run(text: str, properties: str) -> str:
    style = f"<w:rPr>{properties}</w:rPr>" if properties else ""
    lines = "<w:br/>".join(
        f'<w:t xml:space="preserve">{escape(line)}</w:t>' for line in clean(text).split("\n")
    )
    return f"<w:r>{style}{lines}</w:r>"


def clean(text: str) -> str:
    """Without the control characters XML cannot hold."""
    return text.translate(_FORBIDDEN)
