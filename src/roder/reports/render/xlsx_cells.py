"""What a workbook's cells hold: kronor with a number format that shows tkr, and formulas for sums and
differences.

A formula is written only if it gives the number the report prints; where a printed sum differs from its
parts (an old document's rounding) the cell holds the printed value and a comment tells what the parts give.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from decimal import Decimal, DivisionByZero, InvalidOperation

from roder.core.numbers import MISSING, Unit, round_half_away
from roder.reports.document import Cell, Column, Number, Row, Table, cell_text
from roder.reports.render import layout


@dataclass(frozen=True)
class Content:
    """One cell: text, or a value with its number format, perhaps a formula and a comment."""

    text: str = ""
    value: float | None = None
    number_format: str = ""
    formula: str = ""
    comment: str = ""
    tone: str = ""


def contents(table: Table, top: int, left: int = 0) -> list[list[Content]]:
    """The cells of the table's rows when its first row stands on row ``top`` (counted from 0)."""
    places = _Places(
        rows={row.key: row for row in table.rows},
        down={row.key: top + position for position, row in enumerate(table.rows)},
        across={column.key: left + position for position, column in enumerate(table.columns)},
    )
    return [[_content(row, column, places) for column in table.columns] for row in table.rows]


def number_format(number: Number) -> str:
    """The Excel format code that shows the cell's value (kronor for money) with the printed digits.

    Codes are written the American way; Excel shows them with the reader's own separators. A trailing comma
    divides by a thousand. A negative number that rounds to zero is shown without minus, as in print.
    """
    digits = "." + "0" * number.places if number.places else ""
    scale = {Unit.TKR: ",", Unit.MKR: ",,"}.get(number.unit, "")
    suffix = f'"\u00a0{number.unit.suffix}"' if number.suffix and number.unit.suffix else ""
    core = f"#,##0{digits}{scale}{suffix}"
    shown = (
        Decimal(0)
        if number.value is None
        else round_half_away(number.value / number.unit.divisor, number.places)
    )
    plus = '"+"' if number.sign and shown != 0 else ""
    minus = "" if shown == 0 and number.value else '"\u2212"'
    return f"{plus}{core};{minus}{core};{core}"


@dataclass(frozen=True)
class _Places:
    """Where the table's rows and columns stand on the sheet."""

    rows: dict[str, Row]
    down: dict[str, int]
    across: dict[str, int]

    def cell(self, row: str, column: str) -> str:
        from xlsxwriter.utility import xl_rowcol_to_cell  # noqa: PLC0415 - with its library

        return str(xl_rowcol_to_cell(self.down[row], self.across[column]))


def _content(row: Row, column: Column, places: _Places) -> Content:
    cell = layout.printed_cell(row, column)
    number = layout.number_in(cell)
    if number is None or number.value is None or number.unit is Unit.YES_NO:
        tone = getattr(cell, "tone", "")
        return Content(text=cell_text(cell, column), tone=tone)
    plain = Content(value=float(number.value), number_format=number_format(number))
    difference = ""
    for formula, computed in _formulas(row, column, places):
        if computed is None:
            continue
        if replace(number, value=computed).text == number.text:
            return replace(plain, value=float(computed), formula=formula)
        difference = replace(number, value=computed).text
    if difference and row.sum_of:
        return replace(plain, comment=f"Summan som den anges i rapporten. Delarna ger {difference}.")
    return plain


def _formulas(row: Row, column: Column, places: _Places) -> list[tuple[str, Decimal | None]]:
    """The formulas that may stand in the cell, best first, each with what it gives."""
    found: list[tuple[str, Decimal | None]] = []
    if column.formula:
        left, operator, right = column.formula
        first, second = _value(row.cells.get(left)), _value(row.cells.get(right))
        if first is not None and second is not None:
            a, b = (places.cell(row.key, key) for key in (left, right))
            text = f"={a}/{b}*100" if operator == "%" else f"={a}{operator}{b}"
            found.append((text, _apply(first, operator, second)))
    if row.sum_of:
        parts = [
            (key, value)
            for key in row.sum_of
            if (value := _value(places.rows[key].cells.get(column.key))) is not None
        ]
        if parts:
            text = "=" + "+".join(places.cell(key, column.key) for key, _ in parts)
            found.append((text, sum((value for _, value in parts), Decimal(0))))
    return found


def _apply(first: Decimal, operator: str, second: Decimal) -> Decimal | None:
    try:
        match operator:
            case "+":
                return first + second
            case "-":
                return first - second
            case "*":
                return first * second
            case "/":
                return first / second
            case _:
                return first / second * 100
    except (DivisionByZero, InvalidOperation):
        return None


def _value(cell: Cell) -> Decimal | None:
    return cell.value if isinstance(cell, Number) and cell.unit is not Unit.YES_NO else None


def column_width(column: Column, table: Table) -> float:
    """A width in characters that shows every number whole and lets long texts break."""
    texts = [
        cell_text(layout.printed_cell(row, column), column)
        for row in table.rows
        if not layout.is_label_row(row, table)
    ]
    longest = max((len(text) for text in texts), default=0)
    title = max((len(word) for word in column.title.split()), default=0) + 1
    if column.kind == "number":
        return float(max(longest + 3, title + 2, min(len(column.title) + 2, 16), 11, len(MISSING)))
    return float(min(max(longest + 2, title + 2, 8), 60))
