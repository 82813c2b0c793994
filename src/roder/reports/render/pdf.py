"""PDF by Typst: PDF/UA-1 and PDF/A-2a in one file, tagged, with embedded fonts, the same bytes for the same
document.

Typst refuses to write the file if a title, a text alternative or a heading level is missing, so what comes
out keeps what it claims as far as a machine can see; the tests read the structure back with pikepdf. Texts
travel as JSON and are never read as Typst markup.
"""

from __future__ import annotations

import datetime as dt
import json
import re
from functools import cache
from typing import TYPE_CHECKING, Any

from roder.reports.document import (
    Bullets,
    Cell,
    Chart,
    Contents,
    Document,
    DocumentError,
    Heading,
    Inline,
    Note,
    Number,
    PageBreak,
    Paragraph,
    Particulars,
    Reference,
    Row,
    Signatures,
    Status,
    Strong,
    Table,
    contents_of,
    inline_text,
)
from roder.reports.render import drawing, layout

if TYPE_CHECKING:
    import typst

STANDARDS: list[Any] = ["ua-1", "a-2a"]
# Tables of at most this many lines stay on one page; longer ones break between rows.
KEEP_TOGETHER = 18
# A chart's numbers stand on its page when both together take at most this much of it (millimetres); else they may
# follow on the next one.
KEEP_WITH_CHART = 130.0
LINE_MM = 5.0
_VIEW_BOX = re.compile(r'viewBox="[\d.-]+ [\d.-]+ ([\d.]+) ([\d.]+)"')
# Rows never break, but one too high for a page (somebody's long comment) must, or its end would be lost.
TALL_ROW = 35
LONG_NOTE = 2500

# What stands for a sign that cannot be printed.
REPLACEMENT = "□"

_MOST_ATTEMPTS = 40
_ASCII = 127
_UNDRAWABLE = re.compile(r'the text `"(.+?)"` could not be displayed')
_CODE = re.compile(r"\\u\{([0-9a-f]+)\}")
# Control characters, private use, and what is no character at all.
_FORBIDDEN = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ue000-\uf8ff\ufdd0-\ufdef\ufffe\uffff"
    "\U000f0000-\U0010ffff]"
)
# Scripts whose signs are many: when one cannot be drawn, none can.
_SCRIPTS = (
    *(range(start, start + 0x100) for start in range(0x0500, 0x1E00, 0x100)),
    range(0x2E80, 0xE000),
    range(0xF900, 0xFB00),
    range(0x10000, 0x1F000),
    range(0x1F000, 0x20000),
    range(0x20000, 0x40000),
)
_EPOCH = dt.date(2000, 1, 1)


def render(document: Document) -> bytes:
    """The document as PDF. Raises typst.TypstError if the standards cannot be kept."""
    day = document.date or document.cut_off or _EPOCH
    return typeset(_template(), _data(document), day)


def typeset(template: bytes, data: dict[str, Any], day: dt.date, standards: list[Any] | None = None) -> bytes:
    """A template of Typst with its data as PDF, with the fonts of all documents; ``standards`` those of reports unless
    said otherwise. ``day`` is the time of making: the same data gives the same bytes. Raises typst.TypstError."""
    import typst  # noqa: PLC0415 - large, and rarely used

    stamp = dt.datetime(day.year, day.month, day.day, tzinfo=dt.UTC)
    compiler = typst.Compiler(font_paths=_fonts(), ignore_system_fonts=True, root=str(layout.ASSETS))
    text = json.dumps(_printable(data), ensure_ascii=False)
    for _ in range(_MOST_ATTEMPTS):
        try:
            out = compiler.compile(
                template,
                format="pdf",
                sys_inputs={"data": text},
                pdf_standards=STANDARDS if standards is None else standards,
                timestamp=stamp,
            )
        except typst.TypstError as error:
            text = _without_undrawable(text, error)
        else:
            if isinstance(out, bytes):
                return out
            raise TypeError("Typst gav ingen PDF")
    raise DocumentError("Dokumentet innehåller för många tecken som inget typsnitt har")


def _printable(value: Any) -> Any:
    """The same data without the signs PDF/A never allows."""
    if isinstance(value, str):
        return _FORBIDDEN.sub(REPLACEMENT, value)
    if isinstance(value, dict):
        return {key: _printable(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [_printable(item) for item in value]
    return value


def _without_undrawable(text: str, error: typst.TypstError) -> str:
    """Replace what no shipped font can draw, so that an emoji in a comment does not stop a report.

    PDF/A forbids undrawable signs and Typst names the first. Its whole script goes too (a Chinese sentence
    is then one more attempt, not forty); in the scripts Swedish is written in only the sign itself.
    Raises the error again when it is about something else.
    """
    found = _UNDRAWABLE.search(error.message)
    if found is None:
        raise error
    bad: set[str] = set()
    for sign in _CODE.sub(lambda code: chr(int(code[1], 16)), found[1]):
        block = next((block for block in _SCRIPTS if ord(sign) in block), range(ord(sign), ord(sign) + 1))
        bad |= {other for other in text if ord(other) in block}
    cleaned = text.translate({ord(sign): REPLACEMENT for sign in bad if ord(sign) > _ASCII})
    if cleaned == text:
        raise error
    return cleaned


@cache
def _fonts() -> typst.Fonts:
    """Shipped fonts and Typst's own, never the machine's: a PDF looks the same wherever it is made."""
    import typst  # noqa: PLC0415 - large, and rarely used

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
        "contents-placed": contents_of(document) is not None,
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
        kind = "numbered" if block.numbered else "bullets"
        return {"kind": kind, "items": [_parts(item) for item in block.items]}
    if isinstance(block, Signatures):
        return {"kind": "signatures", "people": [list(one) for one in block.people]}
    if isinstance(block, (Reference, Particulars, Contents, PageBreak)):
        return _furniture(block)
    if isinstance(block, Note):
        colour = layout.TONES["near"] if block.kind == "warning" else layout.ACCENT
        label = layout.NOTE_LABELS[block.kind]
        long = len(inline_text(block.inlines)) > LONG_NOTE
        return {
            "kind": "note",
            "label": label,
            "colour": colour,
            "parts": _parts(block.inlines),
            "breaks": long,
        }
    if isinstance(block, Chart):
        table, svg = _table(block.table, ""), drawing.chart_svg(block)
        words = {"label": placed.label, "title": block.title, "alt": block.description}
        return {
            "kind": "chart",
            **words,
            "svg": svg,
            "table": table,
            "keep": _height(svg) + table.get("lines", 0) * LINE_MM <= KEEP_WITH_CHART,
        }
    return _table(block, placed.label)


def _height(svg: str) -> float:
    """How high a picture becomes at the width of the text, in millimetres."""
    found = _VIEW_BOX.search(svg)
    return layout.TEXT_WIDTH_MM * float(found[2]) / float(found[1]) if found else 0.0


def _furniture(block: Reference | Particulars | Contents | PageBreak) -> dict[str, Any]:
    """What minutes are made of besides running text."""
    if isinstance(block, Reference):
        return {"kind": "reference", "text": block.text}
    if isinstance(block, Particulars):
        rows = [{"name": name, "lines": list(lines)} for name, lines in block.rows]
        return {"kind": "particulars", "rows": rows}
    return (
        {"kind": "contents", "depth": block.depth} if isinstance(block, Contents) else {"kind": "pagebreak"}
    )


def _table(table: Table, label: str) -> dict[str, Any]:
    common = {"label": label, "title": table.title, "notes": list(table.notes)}
    if not table.rows:
        return {"kind": "empty-table", "text": layout.EMPTY_TABLE, **common}
    widths = layout.column_widths(table)
    lacks = layout.missing_places(table)
    head = [{"text": column.title, "right": layout.is_numeric(column)} for column in table.columns]
    lines = [layout.row_lines(row, table, widths) for row in table.rows]
    rows = [_row(row, table, lacks, tall > TALL_ROW) for row, tall in zip(table.rows, lines, strict=True)]
    return {
        "kind": "table",
        "widths": widths.columns,
        "size": widths.size,
        "keep": sum(lines) <= KEEP_TOGETHER,
        "lines": sum(lines),
        "head": head,
        "rows": rows,
        **common,
    }


def _row(row: Row, table: Table, lacks: dict[tuple[str, str], int], breaks: bool) -> dict[str, Any]:
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
    return {"span": False, "cells": cells, "breaks": breaks}


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
