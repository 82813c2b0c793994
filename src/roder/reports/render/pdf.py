"""PDF by Typst: PDF/UA-1 and PDF/A-2a in one file, tagged, with embedded fonts, the same bytes for the same
document.

Typst refuses to write the file if a title, a text alternative or a heading level is missing, so what comes
out keeps what it claims as far as a machine can see; the tests read the structure back with pikepdf. Texts
travel as JSON and are never read as Typst markup.
"""

from __future__ import annotations

import datetime as dt
import json
from functools import cache
from typing import Any

import typst

from roder.reports.document import (
    Bullets,
    Cell,
    Chart,
    Document,
    Heading,
    Inline,
    Note,
    Number,
    Paragraph,
    Row,
    Status,
    Strong,
    Table,
)
from roder.reports.render import drawing, layout

STANDARDS: list[Any] = ["ua-1", "a-2a"]
# Tables with at most this many rows stay on one page; longer ones break between rows.
KEEP_TOGETHER = 14

_EPOCH = dt.date(2000, 1, 1)


def render(document: Document) -> bytes:
    """The document as PDF. Raises typst.TypstError if the standards cannot be kept."""
    day = document.date or document.cut_off or _EPOCH
    # The document's own day as creation time: the same document gives the same bytes.
    stamp = dt.datetime(day.year, day.month, day.day, tzinfo=dt.UTC)
    compiler = typst.Compiler(font_paths=_fonts(), ignore_system_fonts=True, root=str(layout.ASSETS))
    out = compiler.compile(
        _template(),
        format="pdf",
        sys_inputs={"data": json.dumps(_data(document), ensure_ascii=False)},
        pdf_standards=STANDARDS,
        timestamp=stamp,
    )
    if not isinstance(out, bytes):  # pragma: no cover - a list only comes for images, one per page
        raise TypeError("Typst gav ingen PDF")
    return out


@cache
def _fonts() -> typst.Fonts:
    """Shipped fonts and Typst's own, never the machine's: a PDF looks the same wherever it is made."""
    return typst.Fonts(
        include_system_fonts=False, include_embedded_fonts=True, font_paths=[str(layout.FONTS)]
    )


@cache
def _template() -> bytes:
    return (layout.ASSETS / "document.typ").read_bytes()


def _data(document: Document) -> dict[str, Any]:
    who, what = layout.header_lines(document)
    return {
        "title": document.title,
        "author": document.committee or document.municipality or document.kind,
        "keywords": [
            word for word in (document.kind, document.registration_number, document.snapshot_id) if word
        ],
        "lang": document.lang,
        "draft": layout.DRAFT if document.draft else "",
        "header": {"who": who, "what": what, "committee": who},
        "footer": layout.footer_line(document),
        "facts": layout.facts(document),
        "contents": "Innehåll",
        "colours": {"accent": layout.ACCENT, "ink": layout.INK, "muted": layout.MUTED},
        "blocks": [_block(placed) for placed in layout.place(document)],
    }


def _block(placed: layout.Placed) -> dict[str, Any]:
    block = placed.block
    if isinstance(block, Heading):
        return {"kind": "heading", "level": block.level, "text": block.text, "anchor": placed.anchor}
    if isinstance(block, Paragraph):
        return {"kind": "paragraph", "parts": _parts(block.inlines)}
    if isinstance(block, Bullets):
        return {"kind": "bullets", "items": [_parts(item) for item in block.items]}
    if isinstance(block, Note):
        colour = layout.TONES["near"] if block.kind == "warning" else layout.ACCENT
        label = layout.NOTE_LABELS[block.kind]
        return {"kind": "note", "label": label, "colour": colour, "parts": _parts(block.inlines)}
    if isinstance(block, Chart):
        table = _table(block.table, "")
        words = {"label": placed.label, "title": block.title, "alt": block.description}
        return {"kind": "chart", **words, "svg": drawing.chart_svg(block), "table": table}
    return _table(block, placed.label)


def _table(table: Table, label: str) -> dict[str, Any]:
    common = {"label": label, "title": table.title, "notes": list(table.notes)}
    if not table.rows:
        return {"kind": "empty-table", "text": layout.EMPTY_TABLE, **common}
    widths = layout.column_widths(table)
    lacks = layout.missing_places(table)
    head = [{"text": column.title, "right": layout.is_numeric(column)} for column in table.columns]
    rows = [_row(row, table, lacks) for row in table.rows]
    keep = len(rows) <= KEEP_TOGETHER
    return {
        "kind": "table",
        "widths": widths.columns,
        "size": widths.size,
        "keep": keep,
        "head": head,
        "rows": rows,
        **common,
    }


def _row(row: Row, table: Table, lacks: dict[tuple[str, str], int]) -> dict[str, Any]:
    if layout.is_label_row(row, table):
        return {"span": True, "cells": [{"parts": _cell(row.cells.get(table.columns[0].key))}]}
    cells = []
    for position, column in enumerate(table.columns):
        places = lacks.get((row.key, column.key), 0)
        cell = layout.printed_cell(row, column)
        cells.append(
            {
                "parts": _cell(cell),
                "right": layout.is_numeric(column),
                "bold": row.kind == "sum",
                "indent": row.kind == "sub" and position == 0,
                "lacks": layout.padding_digits(cell, places),
            }
        )
    return {"span": False, "cells": cells}


def _cell(cell: Cell) -> list[dict[str, str]]:
    if cell is None:
        return [{"kind": "text", "text": ""}]
    return _parts(cell if isinstance(cell, tuple) else (cell,))


def _parts(inlines: tuple[Inline, ...]) -> list[dict[str, str]]:
    parts = []
    for part in inlines:
        if isinstance(part, Status):
            tone = {"symbol": part.symbol, "colour": layout.TONES[part.tone]}
            parts.append({"kind": "status", "text": part.label, **tone})
        elif isinstance(part, Strong):
            parts.append({"kind": "strong", "text": part.text})
        elif isinstance(part, Number):
            parts.append({"kind": "number", "text": part.text})
        else:
            parts.append({"kind": "text", "text": part})
    return parts or [{"kind": "text", "text": ""}]
