"""What a page shows, as a file: XLSX with formulas for sums, CSV with amounts in kronor."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from datetime import date

from django.http import HttpResponse, HttpResponseBase

from roder import access
from roder.core.numbers import Unit
from roder.core.register.export import BOM, csv_value
from roder.reports.document import Block, Cell, Chart, Column, Document, Number, Table, cell_text
from roder.reports.render import MEDIA_TYPES, xlsx
from roder.steering.models import Occasion
from roder.web.scope import CommitteeRequest

FORMATS = ("csv", "xlsx")
XLSX = MEDIA_TYPES["xlsx"]


def as_file(
    request: CommitteeRequest,
    name: str,
    title: str,
    blocks: Sequence[Block],
    occasion: Occasion | None = None,
    *,
    kind: str = "Ekonomi",
) -> HttpResponseBase | None:
    """The page's tables in the format that the address asks for, or None when it asks for none.

    The trail says who took what out.
    """
    wanted = request.GET.get("format", "")
    tables = [block for block in blocks if isinstance(block, Table | Chart)]
    if wanted not in FORMATS or not tables:
        return None
    scope = request.scope
    part = occasion.code if occasion else str(scope.year)
    access.record(request.user, "exported", f"{scope.committee.slug}/{name}", format=wanted, occasion=part)
    document = Document(
        title=title,
        kind=kind,
        municipality=scope.committee.municipality.name,
        committee=scope.committee.name,
        date=date.today(),
        occasion=occasion.name if occasion else "",
        cut_off=occasion.cut_off if occasion else None,
        blocks=tuple(tables),
    )
    if wanted == "xlsx":
        answer = HttpResponse(xlsx.render(document), content_type=XLSX)
    else:
        answer = HttpResponse(to_csv(document), content_type="text/csv; charset=utf-8")
    answer.headers["Content-Disposition"] = (
        f'attachment; filename="{scope.committee.slug}-{name}-{part}.{wanted}"'
    )
    return answer


def to_csv(document: Document) -> str:
    """The document's tables as CSV: semicolons, decimal comma, money in kronor, missing values empty.

    One table is its heading and rows; of several each stands under its caption, with an empty line between.
    """
    target = io.StringIO()
    writer = csv.writer(target, delimiter=";", lineterminator="\r\n")
    tables = [block for block in document.blocks if isinstance(block, Table)]
    for place, table in enumerate(tables):
        if place:
            writer.writerow([])
        if len(tables) > 1:
            writer.writerow([csv_value(table.caption)])
        writer.writerow([csv_value(_heading(column)) for column in table.columns])
        for row in table.rows:
            writer.writerow([_value(row.cells.get(column.key), column) for column in table.columns])
    return BOM + target.getvalue()


def _heading(column: Column) -> str:
    unit = column.unit
    if unit is None or unit is Unit.COUNT:
        return column.title
    return f"{column.title} ({'kr' if unit.is_money else unit.value})"


def _value(cell: Cell, column: Column) -> str:
    if isinstance(cell, Number):
        value = cell.value
        if value is None:
            return ""
        return csv_value(value.quantize(1) if value == value.to_integral_value() else value.normalize())
    return csv_value(cell_text(cell, column) if cell is not None else "")
