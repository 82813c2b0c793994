"""Check the sums and differences a municipality has printed against its own figures.

A ``tryckta-summor.yaml`` file holds tables exactly as they stand in the source document, which rows and
columns are said to be sums of others, and single statements in running text ("a rise of 34,8 mkr").
Everything printed is recomputed and given a verdict:

* ``exact``: the printed number is the computed one, rounded to the printed decimals,
* ``rounding``: off by at most one in the last digit of the least precise number involved (the source has
  added unrounded figures),
* ``wrong``: off by more than rounding can explain.

Pure: no database, no Django.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any, Literal

from ruamel.yaml import YAML

from roder.core.numbers import MINUS, MISSING, format_number, parse_number, round_half_away

Verdict = Literal["exact", "rounding", "wrong"]
Amounts = dict[str, Decimal | None]

VERDICTS: dict[Verdict, str] = {"exact": "stämmer", "rounding": "avrundning", "wrong": "fel i källan"}
_EMPTY = ("", "-", MISSING, "i.u.")


class PrintedSumsError(ValueError):
    """The file of printed sums is not usable. The message is Swedish and names the table and the row."""


@dataclass(frozen=True)
class PrintedTable:
    """A table as printed: ``cells[row][column]``; a cell the source leaves empty is None.

    ``sums`` says which rows are sums of other rows (in every column), ``differences`` which columns are
    computed from other columns (in every row). A term with a leading ``-`` is subtracted.
    """

    id: str
    source: str
    unit: str
    columns: tuple[str, ...]
    cells: Mapping[str, Amounts]
    sums: Mapping[str, tuple[str, ...]]
    differences: Mapping[str, tuple[str, ...]]


@dataclass(frozen=True)
class Statement:
    """One printed number computed from cells of the tables (``table:row@column``) or from literal numbers.

    ``scale`` multiplies the sum of the terms (0.001 for tkr to mkr). With ``share_of`` the result is the per
    cent that the terms are of those terms.
    """

    id: str
    source: str
    unit: str
    printed: Decimal
    terms: tuple[str, ...]
    share_of: tuple[str, ...] = ()
    scale: Decimal = Decimal(1)
    note: str = ""


@dataclass(frozen=True)
class PrintedFile:
    """The content of one file of printed sums."""

    tables: tuple[PrintedTable, ...]
    statements: tuple[Statement, ...]


@dataclass(frozen=True)
class PrintedSum:
    """One printed sum or difference beside the computed one, in the unit it is printed in."""

    id: str
    source: str
    printed: Decimal
    computed: Decimal
    unit: str
    verdict: Verdict
    note: str = ""


def load(path: Path) -> PrintedFile:
    """Read a file of printed sums.

    Raises PrintedSumsError when a row has another number of cells than the table has columns, or when a sum
    names a row or column that does not exist; NumberError when a cell is not a number.
    """
    raw: dict[str, Any] = YAML(typ="safe").load(path.read_text(encoding="utf-8")) or {}
    tables = tuple(_table(entry) for entry in raw.get("tables") or ())
    return PrintedFile(tables, tuple(_statement(entry) for entry in raw.get("statements") or ()))


def check(content: PrintedFile) -> list[PrintedSum]:
    """Recompute everything printed, table by table and then the statements, in the order of the file.

    An empty cell adds nothing to a sum. A sum that is not printed, or whose terms are all empty, is left out.
    """
    found: list[PrintedSum] = []
    for table in content.tables:
        found += _check_table(table)
    cells = {
        f"{table.id}:{row}@{column}": value
        for table in content.tables
        for row, columns in table.cells.items()
        for column, value in columns.items()
    }
    found += [_check_statement(statement, cells) for statement in content.statements]
    return found


def not_exact(sums: Iterable[PrintedSum]) -> list[PrintedSum]:
    """Only what does not add up exactly, rounding and wrong."""
    return [item for item in sums if item.verdict != "exact"]


def as_text(sums: Iterable[PrintedSum]) -> str:
    """The sums as a table in plain text, with the difference and the verdict in Swedish."""
    head = ("Summa", "Enhet", "Tryckt", "Beräknad", "Skillnad", "Bedömning", "Anmärkning")
    body = [
        (
            item.id,
            item.unit,
            _show(item.printed),
            _show(item.computed),
            _show(item.printed - item.computed),
            VERDICTS[item.verdict],
            item.note,
        )
        for item in sums
    ]
    widths = [max(len(row[index]) for row in [head, *body]) for index in range(len(head))]
    numeric = {2, 3, 4}
    lines = [
        "  ".join(
            cell.rjust(width) if index in numeric else cell.ljust(width)
            for index, (cell, width) in enumerate(zip(row, widths, strict=True))
        ).rstrip()
        for row in [head, *body]
    ]
    return "\n".join(lines) + "\n"


def verdict(printed: Decimal, computed: Decimal, terms: Iterable[Decimal]) -> Verdict:
    """Judge a printed number against the computed one; ``terms`` are the numbers it was computed from."""
    digits = _decimals(printed)
    if round_half_away(computed, digits) == printed:
        return "exact"
    coarsest = min([digits, *(_decimals(term) for term in terms)])
    return "rounding" if abs(printed - computed) <= Decimal(1).scaleb(-coarsest) else "wrong"


def _check_table(table: PrintedTable) -> list[PrintedSum]:
    found: list[PrintedSum] = []
    for row, terms in table.sums.items():
        for column in table.columns:
            values = {name: table.cells[name][column] for name in map(_name, terms)}
            found += _compare(table, f"{row}@{column}", table.cells[row][column], terms, values)
    for column, terms in table.differences.items():
        for row, cells in table.cells.items():
            found += _compare(table, f"{row}@{column}", cells[column], terms, cells)
    return found


def _compare(
    table: PrintedTable,
    cell: str,
    printed: Decimal | None,
    terms: tuple[str, ...],
    values: Mapping[str, Decimal | None],
) -> list[PrintedSum]:
    """The printed cell against its terms; nothing when the cell or all its terms are empty."""
    known = [_signed(term, value) for term in terms if (value := values[_name(term)]) is not None]
    if printed is None or not known:
        return []
    computed = sum(known, Decimal(0))
    name = f"{table.id}:{cell} = {_formula(terms)}"
    return [PrintedSum(name, table.source, printed, computed, table.unit, verdict(printed, computed, known))]


def _check_statement(statement: Statement, cells: Mapping[str, Decimal | None]) -> PrintedSum:
    known = [_resolve(term, cells, statement.id) * statement.scale for term in statement.terms]
    computed = sum(known, Decimal(0))
    if statement.share_of:
        computed = (
            100
            * computed
            / sum((_resolve(term, cells, statement.id) for term in statement.share_of), Decimal(0))
        )
        judged = verdict(statement.printed, computed, [])
    else:
        judged = verdict(statement.printed, computed, known)
    return PrintedSum(
        statement.id, statement.source, statement.printed, computed, statement.unit, judged, statement.note
    )


def _resolve(term: str, cells: Mapping[str, Decimal | None], where: str) -> Decimal:
    """The value of a term: a cell reference (it has a colon) or a literal number, with its sign."""
    if ":" not in term:
        return parse_number(term)
    value = cells.get(_name(term))
    if value is None:
        raise PrintedSumsError(f"{where}: cellen ”{_name(term)}” finns inte eller är tom")
    return _signed(term, value)


def _table(entry: dict[str, Any]) -> PrintedTable:
    columns = tuple(entry["columns"])
    cells: dict[str, Amounts] = {}
    for row, texts in entry["rows"].items():
        if len(texts) != len(columns):
            raise PrintedSumsError(
                f"{entry['id']}: raden ”{row}” har {len(texts)} celler men tabellen {len(columns)} kolumner"
            )
        cells[str(row)] = {column: _cell(text) for column, text in zip(columns, texts, strict=True)}
    sums = {str(row): tuple(map(str, terms)) for row, terms in (entry.get("sums") or {}).items()}
    differences = {column: tuple(terms) for column, terms in (entry.get("differences") or {}).items()}
    for known, formulas, kind in ((set(cells), sums, "raden"), (set(columns), differences, "kolumnen")):
        for result, terms in formulas.items():
            for name in (result, *map(_name, terms)):
                if name not in known:
                    raise PrintedSumsError(f"{entry['id']}: {kind} ”{name}” finns inte")
    source = f"{entry['document']}, {entry['section']}"
    return PrintedTable(entry["id"], source, entry["unit"], columns, cells, sums, differences)


def _statement(entry: dict[str, Any]) -> Statement:
    return Statement(
        id=entry["id"],
        source=f"{entry['document']}, {entry['section']}",
        unit=entry["unit"],
        printed=parse_number(str(entry["printed"])),
        terms=tuple(map(str, entry["terms"])),
        share_of=tuple(map(str, entry.get("share_of") or ())),
        scale=Decimal(str(entry.get("scale", 1))),
        note=entry.get("note", ""),
    )


def _cell(text: object) -> Decimal | None:
    return None if text is None or str(text).strip() in _EMPTY else parse_number(str(text))


def _name(term: str) -> str:
    return term.removeprefix("-")


def _signed(term: str, value: Decimal) -> Decimal:
    return -value if term.startswith("-") else value


def _formula(terms: tuple[str, ...]) -> str:
    """The terms as a reader writes them: ``prognos − budget``."""
    text = "".join(f" {MINUS} {_name(term)}" if term.startswith("-") else f" + {term}" for term in terms)
    return text.removeprefix(" + ").strip()


def _decimals(value: Decimal) -> int:
    exponent = value.as_tuple().exponent
    return max(0, -exponent) if isinstance(exponent, int) else 0


def _show(value: Decimal) -> str:
    """A number with its own decimals, at most three."""
    return format_number(value, min(3, _decimals(value)))
