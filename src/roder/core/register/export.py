"""A register as a file: the rows, columns and order that the page shows. Streamed, so that size costs no memory."""

from __future__ import annotations

import csv
import tempfile
from collections.abc import Iterator, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import IO, Any

from django.db.models import QuerySet
from django.http import FileResponse, StreamingHttpResponse
from django.utils import timezone

from roder.core.numbers import Unit
from roder.core.register.declaration import NUMERIC, Ready, plain

BOM = "\ufeff"
CHUNK = 2000
DANGEROUS = ("=", "+", "-", "@", "\t", "\r")


def guarded(text: str) -> str:
    """A text that no spreadsheet runs as a formula: an apostrophe before what would start one."""
    return f"'{text}" if text.startswith(DANGEROUS) else text


def csv_value(value: Any) -> str:
    """A value in a Swedish CSV file: decimal comma, ISO dates, ja/nej, guarded text."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "ja" if value else "nej"
    if isinstance(value, Decimal | int | float):
        return f"{value:f}".replace(".", ",") if isinstance(value, Decimal) else str(value).replace(".", ",")
    if isinstance(value, datetime):
        local = timezone.localtime(value) if timezone.is_aware(value) else value
        return f"{local:%Y-%m-%d %H:%M:%S}"
    if isinstance(value, date):
        return value.isoformat()
    return guarded(str(value))


def _title(ready: Ready) -> str:
    """The heading in a file. Money is in kronor there, whatever the page prints."""
    unit = ready.column.unit
    if unit is None or unit is Unit.COUNT:
        return ready.title
    return f"{ready.title} ({'kr' if unit.is_money else unit.value})"


def _value(ready: Ready, row: Any) -> Any:
    from roder.core.register.table import shown  # noqa: PLC0415 - the table needs nothing of this

    found = ready.value(row)
    return shown(ready, found) if ready.kind == "period" else plain(found)


class _Echo:
    """A file that gives back what is written, for csv.writer to stream through."""

    def write(self, text: str) -> str:
        return text


def as_csv(name: str, columns: Sequence[Ready], rows: QuerySet[Any]) -> StreamingHttpResponse:
    """UTF-8 with BOM and semicolons, as Swedish spreadsheets read it."""

    def lines() -> Iterator[str]:
        writer = csv.writer(_Echo(), delimiter=";", lineterminator="\r\n")
        yield BOM + writer.writerow([_title(ready) for ready in columns])
        batch: list[str] = []
        for row in rows.iterator(chunk_size=CHUNK):
            batch.append(writer.writerow([csv_value(_value(ready, row)) for ready in columns]))
            if len(batch) == CHUNK:
                yield "".join(batch)
                batch.clear()
        yield "".join(batch)

    answer = StreamingHttpResponse(lines(), content_type="text/csv; charset=utf-8")
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}.csv"'
    return answer


def as_xlsx(
    name: str, title: str, columns: Sequence[Ready], rows: QuerySet[Any], about: Sequence[tuple[str, str]]
) -> FileResponse:
    """A workbook: the rows on the first sheet, what they are on the second. Money is kronor, shown in its unit."""
    file: IO[bytes] = tempfile.TemporaryFile()  # noqa: SIM115 - closed by the response when it has been sent
    options = {
        "constant_memory": True,
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "remove_timezone": True,
    }
    import xlsxwriter  # noqa: PLC0415 - only a process that writes workbooks needs it

    with xlsxwriter.Workbook(file, options) as book:
        book.set_properties({"title": title, "comments": "Uttaget ur Roder"})
        sheet = book.add_worksheet(_sheet_name(title))
        head = book.add_format({"bold": True, "bottom": 1, "text_wrap": True, "valign": "bottom"})
        formats = [book.add_format(_format(ready)) for ready in columns]
        sheet.freeze_panes(1, 0)
        for at, ready in enumerate(columns):
            sheet.set_column(at, at, _width(ready))
            sheet.write_string(0, at, _title(ready), head)
        count = 0
        for count, row in enumerate(rows.iterator(chunk_size=CHUNK), start=1):
            for at, ready in enumerate(columns):
                _write(sheet, count, at, _value(ready, row), formats[at])
        sheet.autofilter(0, 0, max(count, 1), len(columns) - 1)
        notes = book.add_worksheet("Om uttaget")
        notes.set_column(0, 0, 22)
        notes.set_column(1, 1, 80)
        for line, (what, said) in enumerate((*about, ("Antal rader", str(count)))):
            notes.write_string(line, 0, what)
            notes.write_string(line, 1, said)
    file.seek(0)
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    return FileResponse(file, as_attachment=True, filename=f"{name}.xlsx", content_type=kind)


def _sheet_name(title: str) -> str:
    return "".join(sign for sign in title if sign not in "[]:*?/\\")[:31] or "Rader"


def _format(ready: Ready) -> dict[str, Any]:
    if ready.kind == "date":
        return {"num_format": "yyyy-mm-dd"}
    if ready.kind == "moment":
        return {"num_format": "yyyy-mm-dd hh:mm"}
    if ready.kind in NUMERIC:
        unit = ready.column.unit
        digits = (
            ready.column.digits
            if ready.column.digits is not None
            else (unit.default_digits if unit else None)
        )
        if digits is None:
            return {"num_format": "#,##0.####" if ready.kind == "number" else "#,##0"}
        scale = {Unit.TKR: ",", Unit.MKR: ",,"}.get(unit, "") if unit else ""
        return {"num_format": "#,##0" + ("." + "0" * digits if digits else "") + scale}
    return {"text_wrap": True, "valign": "top"}


def _width(ready: Ready) -> int:
    return {"text": 36, "status": 22, "period": 24, "moment": 17}.get(ready.kind, 14)


def _write(sheet: Any, row: int, at: int, value: Any, style: Any) -> None:
    if value is None or value == "":
        return
    if isinstance(value, bool):
        sheet.write_string(row, at, "ja" if value else "nej", style)
    elif isinstance(value, datetime):
        sheet.write_datetime(row, at, timezone.localtime(value) if timezone.is_aware(value) else value, style)
    elif isinstance(value, date):
        sheet.write_datetime(row, at, value, style)
    elif isinstance(value, Decimal | int | float):
        sheet.write_number(row, at, float(value), style)
    else:
        sheet.write_string(row, at, str(value)[:32767], style)
