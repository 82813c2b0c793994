"""Excel: a sheet per table, cells in kronor shown as tkr or mkr, sums and differences as formulas.

Every table is a real Excel table (a named range with a header a screen reader announces); where rows are
sums of other rows it has no sort buttons, since sorting would break them. Texts are always texts: nothing
somebody has typed is read as a formula.
"""

from __future__ import annotations

import datetime as dt
import io
import math
import re
from collections.abc import Iterable
from typing import Any

from roder.reports.document import (
    HOW_FIGURES_WERE_MADE,
    Bullets,
    Chart,
    Document,
    Heading,
    Note,
    Paragraph,
    Signatures,
    Table,
    inline_text,
    tables,
)
from roder.reports.render import layout
from roder.reports.render.xlsx_cells import Content, column_width, contents

CONTENTS_SHEET = "Innehåll"
EXPLAINED = (
    "Belopp ligger i cellerna i kronor och visas i den enhet tabellens rubrik anger. Summor är formler."
)
_NAME_LIMIT = 31
_CELL_LIMIT = 32_767


def render(document: Document) -> bytes:
    """The document's tables as .xlsx. The same document gives the same bytes."""
    import xlsxwriter  # noqa: PLC0415 - only a process that writes workbooks needs it

    target = io.BytesIO()
    options = {
        "in_memory": True, "strings_to_formulas": False, "strings_to_urls": False,
        "strings_to_numbers": False,
        "default_format_properties": {"font_name": "Calibri", "font_size": 11},
    }  # fmt: skip
    book = xlsxwriter.Workbook(target, options)
    day = document.date or document.cut_off or dt.date(2000, 1, 1)
    book.set_properties(
        {
            "title": document.title,
            "subject": document.kind,
            "author": document.committee or document.municipality,
            "created": dt.datetime(day.year, day.month, day.day),
        }
    )
    _Book(book, document).write()
    book.close()
    return target.getvalue()


class _Book:
    """The workbook while it is written: formats already made and names already taken."""

    def __init__(self, book: Any, document: Document) -> None:
        self.book, self.document = book, document
        self._formats: dict[tuple[tuple[str, Any], ...], Any] = {}
        self._names = {CONTENTS_SHEET.lower(), HOW_FIGURES_WERE_MADE.lower()}
        self._tables = 0

    def format(self, **properties: Any) -> Any:
        """A cell format; the same properties give the same format."""
        key = tuple(sorted(properties.items()))
        if key not in self._formats:
            self._formats[key] = self.book.add_format({"valign": "top", "font_name": "Calibri", **properties})
        return self._formats[key]

    def write(self) -> None:
        """Contents first, then the tables in reading order, last how the figures were made."""
        placed = layout.place(self.document)
        front = self.book.add_worksheet(CONTENTS_SHEET)
        ending = _ending(placed)
        listed: list[tuple[str, str]] = []
        for one in placed:
            if one in ending or not isinstance(one.block, (Table, Chart)):
                continue
            table = one.block if isinstance(one.block, Table) else one.block.table
            title = one.block.title
            name = self._name(f"{_short(one.label)} {table.caption}")
            shown = f"{one.label}  {title}".strip()
            self._table_sheet(self.book.add_worksheet(name), table, shown)
            listed.append((name, shown))
        if ending:
            self._ending_sheet(self.book.add_worksheet(HOW_FIGURES_WERE_MADE), ending)
            listed.append((HOW_FIGURES_WERE_MADE, HOW_FIGURES_WERE_MADE))
        self._front(front, listed)

    def _name(self, wanted: str) -> str:
        """A sheet name Excel accepts: at most 31 characters, none of []:*?/\\, no apostrophe at the ends,
        unique.
        """
        base = re.sub(r"\s+", " ", re.sub(r"[\[\]:*?/\\\x00-\x1f]", " ", wanted)).strip(" '") or "Blad"
        if len(base) > _NAME_LIMIT:
            # Cut between words unless that leaves next to nothing.
            cut = base[: _NAME_LIMIT + 1].rsplit(" ", 1)[0]
            base = (cut if len(cut) > _NAME_LIMIT // 2 else base[:_NAME_LIMIT]).rstrip(" ',-–")
        name, number = base, 1
        while name.lower() in self._names:
            number += 1
            tail = f" ({number})"
            name = base[: _NAME_LIMIT - len(tail)].rstrip() + tail
        self._names.add(name.lower())
        return name

    def _front(self, sheet: Any, listed: Iterable[tuple[str, str]]) -> None:
        sheet.hide_gridlines(2)
        sheet.set_column(0, 0, 26)
        sheet.set_column(1, 1, 80)
        who, _ = layout.header_lines(self.document)
        self._string(sheet, 0, 0, who, self.format(font_color=layout.MUTED))
        self._string(
            sheet, 1, 0, self.document.title, self.format(bold=True, font_size=18, font_color=layout.ACCENT)
        )
        line = 3
        facts = [("Dokument", self.document.kind), *layout.facts(self.document)]
        if self.document.draft:
            facts.insert(0, ("Läge", layout.DRAFT))
        for name, value in facts:
            self._string(sheet, line, 0, name, self.format(font_color=layout.MUTED))
            self._string(sheet, line, 1, value, self.format(bold=True))
            line += 1
        if any(column.kind == "number" for table in tables(self.document) for column in table.columns):
            self._string(sheet, line + 1, 0, EXPLAINED, self.format(italic=True, font_color=layout.MUTED))
        line += 3
        link = self.format(font_color=layout.ACCENT, underline=1)
        for name, title in listed:
            quoted = name.replace("'", "''")
            sheet.write_url(line, 0, f"internal:'{quoted}'!A1", link, _safe(title))
            line += 1
        self._print(sheet, None, wide=False)

    def _table_sheet(self, sheet: Any, table: Table, title: str) -> None:
        sheet.hide_gridlines(2)
        self._string(sheet, 0, 0, title, self.format(bold=True, font_size=14, font_color=layout.ACCENT))
        if table.unit_note and title.endswith(table.unit_note):
            note = (
                f"Visas i {table.unit_note}."
                if table.unit_note in ("tkr", "mkr", "kr")
                else f"Enhet: {table.unit_note}."
            )
        else:
            note = table.title
        self._string(sheet, 1, 0, note, self.format(font_color=layout.MUTED))
        for position, column in enumerate(table.columns):
            sheet.set_column(position, position, column_width(column, table))
        below = self._table(sheet, table, 3)
        sheet.freeze_panes(4, 1 if len(table.columns) > 1 else 0)
        for offset, text in enumerate(table.notes):
            self._string(
                sheet, below + 1 + offset, 0, text, self.format(font_color=layout.MUTED, font_size=10)
            )
        self._print(sheet, 3, wide=sum(column_width(column, table) for column in table.columns) > 95)

    def _table(self, sheet: Any, table: Table, top: int) -> int:
        """Write header and rows; returns the first free row."""
        titles = _headers(table)
        head = [
            self.format(
                bold=True,
                text_wrap=True,
                bottom=1,
                top=2,
                valign="bottom",
                align="right" if column.kind == "number" else "left",
            )
            for column in table.columns
        ]
        if not table.rows:
            for position, title in enumerate(titles):
                self._string(sheet, top, position, title, head[position])
            self._string(sheet, top + 1, 0, layout.EMPTY_TABLE, self.format(font_color=layout.MUTED))
            return top + 2
        self._tables += 1
        bottom = top + len(table.rows)
        plain = all(row.kind == "normal" and not row.sum_of for row in table.rows)
        headers = [{"header": title, "header_format": form} for title, form in zip(titles, head, strict=True)]
        options = {"name": f"Tabell_{self._tables}", "style": None, "autofilter": plain, "columns": headers}
        sheet.add_table(top, 0, bottom, len(titles) - 1, options)
        widths = [column_width(column, table) for column in table.columns]
        self._height(sheet, top, zip(titles, widths, strict=True))
        for position, cells in enumerate(contents(table, top + 1)):
            row = table.rows[position]
            if not layout.is_label_row(row, table):
                self._height(
                    sheet, top + 1 + position, zip((cell.text for cell in cells), widths, strict=True)
                )
            last = {"bottom": 2} if position == len(table.rows) - 1 else {}
            label = layout.is_label_row(row, table)
            for across, (cell, column) in enumerate(zip(cells, table.columns, strict=True)):
                look: dict[str, Any] = {**last, "align": "right" if column.kind == "number" else "left"}
                if row.kind == "sum" or label:
                    look["bold"] = True
                if label:
                    look["font_color"] = layout.ACCENT
                if row.kind == "sub" and not label and across == 0:
                    look["indent"] = 1
                self._cell(sheet, top + 1 + position, across, cell, look)
        return bottom + 1

    def _cell(self, sheet: Any, down: int, across: int, cell: Content, look: dict[str, Any]) -> None:
        if cell.value is None:
            if cell.tone:
                look = {**look, "font_color": layout.TONES[cell.tone]}
            form = self.format(text_wrap=look["align"] == "left", **look)
            self._string(sheet, down, across, cell.text, form)
            return
        form = self.format(**{**look, "num_format": cell.number_format, "align": "right"})
        if cell.formula:
            sheet.write_formula(down, across, cell.formula, form, cell.value)
        else:
            sheet.write_number(down, across, cell.value, form)
        if cell.comment:
            sheet.write_comment(down, across, cell.comment)

    def _ending_sheet(self, sheet: Any, ending: tuple[layout.Placed, ...]) -> None:
        sheet.hide_gridlines(2)
        tables = [one.block for one in ending if isinstance(one.block, Table)]
        for position in range(max((len(table.columns) for table in tables), default=1)):
            widths = [
                column_width(table.columns[position], table)
                for table in tables
                if position < len(table.columns)
            ]
            sheet.set_column(position, position, max([*widths, 30.0 if position == 0 else 8.0]))
        line = 0
        for one in ending:
            block = one.block
            if isinstance(block, Heading):
                size = 14 if block.level == 1 else 12
                self._string(
                    sheet,
                    line,
                    0,
                    block.text,
                    self.format(bold=True, font_size=size, font_color=layout.ACCENT),
                )
                line += 2
            elif isinstance(block, (Paragraph, Note)):
                self._string(sheet, line, 0, inline_text(block.inlines), self.format())
                line += 2
            elif isinstance(block, Bullets):
                for number, item in enumerate(block.items, start=1):
                    mark = f"{number}." if block.numbered else "•"
                    self._string(sheet, line, 0, f"{mark} {inline_text(item)}", self.format())
                    line += 1
                line += 1
            elif isinstance(block, Signatures):
                for name, title in block.people:
                    self._string(
                        sheet, line, 0, ", ".join(part for part in (name, title) if part), self.format()
                    )
                    line += 1
                line += 1
            elif isinstance(block, (Table, Chart)):
                table = block.table if isinstance(block, Chart) else block
                self._string(sheet, line, 0, f"{one.label}  {block.title}", self.format(bold=True))
                line = self._table(sheet, table, line + 1) + 1
                for note in table.notes:
                    self._string(sheet, line, 0, note, self.format(font_color=layout.MUTED, font_size=10))
                    line += 1
        self._print(sheet, None, wide=True)

    def _height(self, sheet: Any, down: int, texts: Iterable[tuple[str, float]]) -> None:
        """Room for texts that break: not every program does that by itself on opening."""
        lines = max(_lines(text, width) for text, width in texts)
        if lines > 1:
            sheet.set_row(down, 15 * min(lines, 27))  # Excel's highest row is 409 points

    def _string(self, sheet: Any, down: int, across: int, text: str, form: Any) -> None:
        if text:
            sheet.write_string(down, across, _safe(text), form)
        else:
            sheet.write_blank(down, across, None, form)

    def _print(self, sheet: Any, header_row: int | None, wide: bool) -> None:
        sheet.set_paper(9)
        sheet.fit_to_pages(1, 0)
        if wide:
            sheet.set_landscape()
        if header_row is not None:
            sheet.repeat_rows(header_row)
        who, what = (text.replace("&", "&&") for text in layout.header_lines(self.document))
        draft = f"\n{layout.DRAFT}" if self.document.draft else ""
        sheet.set_header(f"&L&8{who[:100]}\n{what[:90]}&R&8&P (&N){draft}")
        sheet.set_footer(f"&L&8{layout.footer_line(self.document).replace('&', '&&')[:200]}")


def _ending(placed: tuple[layout.Placed, ...]) -> tuple[layout.Placed, ...]:
    """The section on how the figures were made: its heading and what follows, up to the next of the same
    level.
    """
    for start, one in enumerate(placed):
        if isinstance(one.block, Heading) and one.block.text == HOW_FIGURES_WERE_MADE:
            level = one.block.level
            for stop in range(start + 1, len(placed)):
                block = placed[stop].block
                if isinstance(block, Heading) and block.level <= level:
                    return placed[start:stop]
            return placed[start:]
    return ()


def _headers(table: Table) -> list[str]:
    """Column titles, each different from the others and none empty, as Excel tables demand."""
    titles: list[str] = []
    for position, column in enumerate(table.columns, start=1):
        base = _safe(column.title.strip()).replace("\n", " ")[:250] or f"Kolumn {position}"
        title, number = base, 1
        while title.lower() in {one.lower() for one in titles}:
            number += 1
            title = f"{base} ({number})"
        titles.append(title)
    return titles


def _short(label: str) -> str:
    """``Tabell 3`` as ``T3``: a sheet's name has 31 characters."""
    word, _, number = label.partition("\u00a0")
    return f"{word[:1]}{number}"


def _lines(text: str, width: float) -> int:
    """About how many lines a text takes in a column ``width`` characters wide."""
    return max(1, math.ceil(len(text) / max(width - 1, 1)))


def _safe(text: str) -> str:
    """Without control characters, and no longer than a cell can hold."""
    return re.sub(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]", "", text)[:_CELL_LIMIT]
