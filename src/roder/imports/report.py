"""What a file would do, whole and to keep: counts, remarks, every fault and every value that would change."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator
from itertools import chain, islice
from pathlib import Path

from roder.imports.comparing import Change, Counts
from roder.imports.staging import Staging

HEADINGS = ("slag", "rad", "kolumn", "vad", "åtgärd", "nu", "blir")
MOST = 1_000_000  # rows that a sheet has room for; the CSV file has all
Line = tuple[str, int | None, str, str, str, str, str]


def write_report(staging: Staging, counts: Counts, changes: Iterable[Change], path: Path) -> None:
    """Write the report: a workbook when the file is called ``.xlsx``, else CSV (UTF-8 with mark, semicolons: opens
    right in Excel). Nothing but the row at hand is kept in memory."""
    write = _write_xlsx if path.suffix.lower() == ".xlsx" else _write_csv
    write(path, chain(_summary(staging, counts), _faults(staging), _changes(changes)))


def _summary(staging: Staging, counts: Counts) -> Iterator[Line]:
    context = staging.context
    for what, count in (
        ("rader i filen", staging.rows),
        ("fel", staging.fault_count),
        ("nya rader", counts.new),
        ("rader som ändras", counts.changed),
        ("rader som redan finns", counts.unchanged),
    ):
        yield "antal", None, "", f"{count} {what}", "", "", ""
    yield "läst", None, "", staging.described, "", "", ""
    for ours, theirs in context.mapping.items():
        yield "koppling", None, theirs, f"läses som {ours}", "", "", ""
    for ours, text in context.constants.items():
        yield "koppling", None, "", f"{ours} är ”{text}” på alla rader", "", "", ""
    for warning in staging.warnings:
        yield "anmärkning", None, "", warning, "", "", ""


def _faults(staging: Staging) -> Iterator[Line]:
    for fault in staging.every_fault():
        yield "fel", fault.row, fault.column or "", fault.what, fault.do, "", ""


def _changes(changes: Iterable[Change]) -> Iterator[Line]:
    for change in changes:
        yield "ändring", change.row, change.column, "", "", change.old, change.new


def _write_csv(path: Path, lines: Iterator[Line]) -> None:
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file, delimiter=";", lineterminator="\r\n")
        writer.writerow(HEADINGS)
        writer.writerows(("" if cell is None else _harmless(cell) for cell in line) for line in lines)


def _harmless(cell: str | int) -> str | int:
    """A spreadsheet shows a text that begins as a formula, and does not carry it out."""
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(("=", "+", "@")) else cell


def _write_xlsx(path: Path, lines: Iterator[Line]) -> None:
    import xlsxwriter  # noqa: PLC0415 - only who makes a workbook needs it

    options = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(path, options) as book:
        head = book.add_format({"bold": True, "bg_color": "#0f4c5c", "font_color": "#ffffff"})
        wrap = book.add_format({"text_wrap": True, "valign": "top"})
        sheet = book.add_worksheet("Granskning")
        for place, width in enumerate((12, 8, 20, 60, 50, 24, 24)):
            sheet.set_column(place, place, width)
        sheet.freeze_panes(1, 0)
        sheet.write_row(0, 0, HEADINGS, head)
        row = 0
        for row, line in enumerate(islice(lines, MOST), 1):
            for place, cell in enumerate(line):
                if cell not in (None, ""):
                    sheet.write(row, place, cell, wrap)
        if row == MOST:
            sheet.write_string(row + 1, 3, "Resten får inte plats i ett blad. Hämta rapporten som CSV.", wrap)
        sheet.autofilter(0, 0, max(row, 1), len(HEADINGS) - 1)
