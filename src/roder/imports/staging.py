"""The file on its way in: staged in DuckDB as text, then as values, with every fault found on the way.

The engine holds a million rows in bounded memory and reads each distinct text of a column once, with the functions
of ``cells``; so a large file costs little more than the database's own COPY, and a small one obeys the same rules.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from pathlib import Path
from types import TracebackType
from typing import Any

from roder.imports.cells import CellFault, Context, Reader, refuse_sheet_error
from roder.imports.declaration import Column, Import
from roder.imports.engine import Engine
from roder.imports.faults import SHOWN, Fault
from roder.imports.headings import Heading, find_heading, has_heading
from roder.imports.leftovers import drop_example, drop_tail
from roder.imports.readers import FileFault, Table, open_table
from roder.imports.sql import literal, quoted
from roder.imports.texts import BATCH, TextTable

SEPARATOR = "\x1f"


class Staging:
    """A file staged for one kind of import. Use as a context manager: what it keeps on disk goes with it."""

    def __init__(self, what: Import, context: Context, path: Path) -> None:
        self.what, self.context, self.path = what, context, path
        self.warnings: list[str] = []
        self.described = ""
        self.present: set[str] = set()
        self.heading: Heading | None = None
        self.table: Table | None = None
        self.kept: Any = None  # what ``opens`` leaves for ``saved``
        self._pending: list[tuple[int | None, int, str | None, str, str]] = []
        self._folder = tempfile.TemporaryDirectory(prefix="roder-import-")
        self.folder = Path(self._folder.name)
        self.sql = Engine(self.folder, path.stat().st_size)
        self.sql.execute(
            "CREATE TABLE faults (n BIGINT, place BIGINT, col VARCHAR, what VARCHAR, todo VARCHAR)"
        )

    def __enter__(self) -> Staging:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.sql.close()
        self._folder.cleanup()

    # Reading

    def read(self) -> None:
        """Read the file and turn every cell into values. Faults are kept in the table ``faults``, never raised."""
        try:
            table = self.table = self._open()
            self.described = table.described
            self.warnings += table.warnings
            self.heading, rows = find_heading(
                self.what, self.context, table.rows, self._fault, self.warnings.append
            )
            self.present = set(self.heading.at)
            TextTable(self.sql, self.heading, self._fault, self.warnings.append).load(rows, table)
            names = list(self.heading.at)
            if names and self.what.opens is None:
                drop_example(self.sql, names, self.what, self.context, self.warnings.append)
                drop_tail(self.sql, names, self.what, self.context, self.warnings.append)
            self._add_constants()
        except FileFault as fault:
            self._fault(fault.row, None, fault.what, fault.do)
        self._flush_faults()
        if self.heading is None:
            return
        self._parse()
        if self.what.checked is not None and not set(self.what.required_columns) - self.present:
            self.what.checked(self)
            self._flush_faults()
        self._check_rules()
        self._check_doubles()
        if self.what.deeds is not None and not set(self.what.required_columns) - self.present:
            self.what.deeds.check(self)
            self._flush_faults()

    def _open(self) -> Table:
        if self.what.opens is not None:
            return self.what.opens(self)
        return open_table(self.path, has_heading(self.what, self.context), self.context.sheet)

    def _add_constants(self) -> None:
        """What is the same on every row becomes a column of the text, as if it stood in the file."""
        for name, text in self.context.constants.items():
            if name not in self.present:
                self.sql.execute(
                    f"ALTER TABLE raw ADD COLUMN {quoted(name)} VARCHAR DEFAULT {literal(text.strip())}"
                )
                self.present.add(name)

    def called(self, column: str) -> str:
        """What a column is called in the file."""
        return self.context.mapping.get(column, column)

    def note(self, row: int | None, what: str, do: str) -> None:
        """Note a fault that ``opens`` has found, at a line of the file."""
        self._fault(row, None, what, do)

    def note_cell(self, row: int, column: str, what: str, do: str) -> None:
        """Note a fault that ``deeds`` have found, at a cell of the file."""
        self._fault(row, column, what, do)

    def values(self, *columns: str, faultless: bool = False) -> list[tuple[Any, ...]]:
        """The row numbers and staged values of the rows, in the order of the file."""
        listed = "".join(f", {quoted(name)}" for name in columns)
        clean = "WHERE n NOT IN (SELECT n FROM faults WHERE n IS NOT NULL)" if faultless else ""
        found: list[tuple[Any, ...]] = self.sql.execute(
            f"SELECT n{listed} FROM parsed {clean} ORDER BY n"  # noqa: S608 - own names
        ).fetchall()
        return found

    def _fault(self, row: int | None, column: str | None, what: str, do: str) -> None:
        self._pending.append((row, self._place(column), column, what, do))

    def _flush_faults(self) -> None:
        import pyarrow as pa  # noqa: PLC0415

        if not self._pending:
            return
        kinds = (pa.int64(), pa.int64(), pa.string(), pa.string(), pa.string())
        columns = zip(*self._pending, strict=True)
        arrays = [pa.array(column, kind) for column, kind in zip(columns, kinds, strict=True)]
        self.sql.register("found", pa.table(arrays, names=["n", "place", "col", "what", "todo"]))
        self.sql.execute("INSERT INTO faults SELECT * FROM found")
        self.sql.unregister("found")
        self._pending.clear()

    def _place(self, column: str | None) -> int:
        names = self.what.file_columns
        return names.index(column) if column in names else -1

    # Values

    def _parse(self) -> None:
        """The table ``parsed``: row number and one column per database column, NULL where a cell had a fault."""
        selects, joins = ["raw.n"], []
        for index, column in enumerate(self.what.columns):
            if not self._can_read(column):
                types = column.cell.types
                selects += [
                    f"CAST({literal(value)} AS {kind}) AS {quoted(name)}"
                    for name, kind, value in zip(column.into, types, column.empty, strict=True)
                ]
                continue
            text = self._text(column)
            quick = self._quick(column, text)
            distinct = self._read_distinct(index, column, text, quick)
            if distinct:
                joins.append(f"LEFT JOIN read_{index} AS r{index} ON r{index}.text = {text}")
            selects += self._values(index, column, text, quick, read=distinct)
            self._cell_faults(index, column, text)
        staged = f"SELECT {', '.join(selects)} FROM raw {' '.join(joins)}"  # noqa: S608 - own names
        derived = "".join(
            f", CAST({one.sql} AS {one.kind}) AS {quoted(one.name)}" for one in self.what.derived
        )
        if derived:
            staged = f"SELECT p.*{derived} FROM ({staged}) AS p"  # noqa: S608
        self.sql.execute(f"CREATE TABLE parsed AS {staged}")

    def _can_read(self, column: Column) -> bool:
        """Whether the file has what the column is read from (that a required one is missing has been said once)."""
        missing = [
            name for name in column.sources if name not in self.present and name not in column.optional
        ]
        return not missing or (column.reads_empty and not column.required)

    def _text(self, column: Column) -> str:
        """The SQL of a column's text; several file columns are joined with a sign that no person types."""
        parts = [f"raw.{quoted(name)}" if name in self.present else "NULL" for name in column.sources]
        if len(parts) == 1 and not column.reads_empty:
            return parts[0]
        filled = [f"coalesce({part}, '')" for part in parts]
        return f" || {literal(SEPARATOR)} || ".join(filled)

    def _quick(self, column: Column, text: str) -> tuple[str, str] | None:
        """The condition under which the engine itself reads the text, and the value."""
        quick = getattr(column.cell, "quick", None)
        return quick(text, column.cell.types[0]) if quick is not None else None

    def _read_distinct(self, index: int, column: Column, text: str, quick: tuple[str, str] | None) -> int:
        """Read each distinct text once, into the table ``read_<index>`` (text, values, what is wrong); how many."""
        read = column.cell.reader(self.context)
        values = [(f"v{number}", kind) for number, kind in enumerate(column.cell.types)]
        columns = "".join(f", {name} {kind}" for name, kind in values)
        self.sql.execute(
            f"CREATE TABLE read_{index} (text VARCHAR{columns}, col VARCHAR, what VARCHAR, todo VARCHAR)"
        )
        careful = f"AND NOT ({quick[0]})" if quick else ""
        distinct = self.sql.read(
            f"SELECT DISTINCT {text} AS text FROM raw WHERE {text} IS NOT NULL {careful}"  # noqa: S608
        )
        count = 0
        while texts := distinct.fetchmany(BATCH):
            count += len(texts)
            rows = [(one, *self._read_one(column, read, one)) for (one,) in texts]
            self._insert_read(index, [kind for _, kind in values], rows)
        return count

    def _read_one(self, column: Column, read: Reader, text: str) -> tuple[Any, ...]:
        """A text as values and three empty places, or as no values and what is wrong with it."""
        parts = (
            [part.strip() for part in text.split(SEPARATOR)] if len(column.sources) > 1 else [text.strip()]
        )
        nothing = (None,) * len(column.into)
        try:
            if (
                not any(parts) and not column.reads_empty
            ):  # only blanks that the engine does not count as space
                if column.filled:
                    raise CellFault(
                        f"cellen {self.called(column.name)} är tom", f"Fyll i {column.about(column.name)}."
                    )
                return *column.empty, None, None, None
            for part in parts:
                refuse_sheet_error(part)
            return *read(*parts), None, None, None
        except CellFault as fault:
            return *nothing, fault.column or column.name, fault.what, fault.do

    def _insert_read(self, index: int, kinds: list[str], rows: list[tuple[Any, ...]]) -> None:
        """Values go in as text and are cast: exact for decimals, and one path for all types."""
        import pyarrow as pa  # noqa: PLC0415

        texts = [
            [None if value is None else str(value) for value in column] for column in zip(*rows, strict=True)
        ]
        names = ["text", *(f"v{number}" for number in range(len(kinds))), "col", "what", "todo"]
        self.sql.register("batch", pa.table([pa.array(column, pa.string()) for column in texts], names=names))
        casts = ", ".join(f"CAST(v{number} AS {kind})" for number, kind in enumerate(kinds))
        self.sql.execute(f"INSERT INTO read_{index} SELECT text, {casts}, col, what, todo FROM batch")  # noqa: S608
        self.sql.unregister("batch")

    def _values(
        self, index: int, column: Column, text: str, quick: tuple[str, str] | None, *, read: int
    ) -> list[str]:
        """The SQL of a column's values: as read by the engine, by ``cells``, or what an empty cell means."""
        selects = []
        for number, (name, kind, empty) in enumerate(
            zip(column.into, column.cell.types, column.empty, strict=True)
        ):
            value = f"r{index}.v{number}" if read else f"CAST(NULL AS {kind})"
            if quick:
                value = f"CASE WHEN {quick[0]} THEN {quick[1]} ELSE {value} END"
            if empty is not None:
                value = f"CASE WHEN {text} IS NULL THEN CAST({literal(empty)} AS {kind}) ELSE {value} END"
            selects.append(f"{value} AS {quoted(name)}")
        return selects

    def _cell_faults(self, index: int, column: Column, text: str) -> None:
        places = " ".join(
            f"WHEN {literal(name)} THEN {place}" for place, name in enumerate(self.what.file_columns)
        )
        row, what = "raw.n", "r.what"
        if self._is_constant(column):  # said once, and not for each row
            row, what = "CAST(NULL AS BIGINT)", "r.what || ' (samma värde på alla rader)'"
        self.sql.execute(
            f"INSERT INTO faults SELECT DISTINCT {row}, CASE r.col {places} ELSE -1 END, r.col, {what}, r.todo "  # noqa: S608
            f"FROM raw JOIN read_{index} AS r ON r.text = {text} WHERE r.what IS NOT NULL"
        )
        if column.filled:
            for name in column.sources:
                self.sql.execute(
                    f"INSERT INTO faults SELECT n, {self._place(name)}, {literal(name)}, "  # noqa: S608
                    f"{literal(f'cellen {self.called(name)} är tom')}, {literal(f'Fyll i {column.about(name)}.')} "
                    f"FROM raw WHERE {quoted(name)} IS NULL"
                )

    def _is_constant(self, column: Column) -> bool:
        return all(name in self.context.constants for name in column.sources)

    def _check_rules(self) -> None:
        """Rules across cells, for rows without other faults in the same row."""
        for rule in self.what.rules:
            if rule.column not in self.present and not rule.always:
                continue
            self.sql.execute(
                f"INSERT INTO faults SELECT n, {self._place(rule.column)}, {literal(rule.column)}, "  # noqa: S608
                f"{literal(rule.what)}, {literal(rule.do)} FROM parsed WHERE ({rule.broken}) "
                "AND n NOT IN (SELECT n FROM faults WHERE n IS NOT NULL)"
            )

    def _check_doubles(self) -> None:
        """The same row twice in the file: the later ones name the first."""
        if set(self.what.required_columns) - self.present:
            return
        if self._one("SELECT count(*) FROM faults WHERE n IS NULL"):
            return  # with a constant that could not be read, rows may look alike that are not
        key = ", ".join(quoted(name) for name in self.what.key)
        self.sql.execute(
            f"""INSERT INTO faults
            WITH clean AS (SELECT * FROM parsed WHERE n NOT IN (SELECT n FROM faults WHERE n IS NOT NULL)),
                 doubled AS (SELECT {key}, min(n) AS first FROM clean GROUP BY ALL HAVING count(*) > 1)
            SELECT clean.n, -1, NULL, 'raden gäller samma sak som rad ' || first,
                   'Ta bort den ena, eller summera dem.'
            FROM clean JOIN doubled ON {self.same("clean", "doubled")} WHERE clean.n > first"""  # noqa: S608
        )

    # Answers

    def same(self, left: str, right: str) -> str:
        """The SQL for two rows being the same row; nothing equals nothing."""
        return " AND ".join(
            f"{left}.{quoted(name)} IS NOT DISTINCT FROM {right}.{quoted(name)}" for name in self.what.key
        )

    def say_empty(self) -> None:
        """A fault for a file with a heading and nothing under it."""
        row = self.heading.row if self.heading else None
        self._fault(row, None, "filen har ingen rad under rubriken", "Kontrollera att rätt fil valdes.")
        self._flush_faults()

    @property
    def rows(self) -> int:
        """How many rows of data the file has."""
        return self._one("SELECT count(*) FROM raw") if self.heading else 0

    @property
    def fault_count(self) -> int:
        """How many faults there are."""
        return self._one("SELECT count(*) FROM faults")

    def _one(self, query: str) -> int:
        found = self.sql.execute(query).fetchone()
        return int(found[0]) if found else 0

    def faults(self, limit: int = SHOWN) -> list[Fault]:
        """The first faults in the order of the file."""
        rows = self.sql.execute(
            "SELECT n, col, what, todo FROM faults ORDER BY n NULLS FIRST, place, what LIMIT ?", [limit]
        ).fetchall()
        return [self._as_fault(row) for row in rows]

    def every_fault(self) -> Iterator[Fault]:
        """All faults in the order of the file, a part at a time."""
        rows = self.sql.read("SELECT n, col, what, todo FROM faults ORDER BY n NULLS FIRST, place, what")
        while part := rows.fetchmany(BATCH):
            yield from map(self._as_fault, part)

    def _as_fault(self, row: tuple[Any, ...]) -> Fault:
        number, column, what, do = row
        return Fault(number, self.called(column) if column else None, what, do)

    def first_rows(self, limit: int = 10) -> tuple[list[str], list[tuple[int, list[str]]]]:
        """The columns that were read and the first rows, as they stand in the file."""
        if self.heading is None:
            return [], []
        names = [*self.heading.at, *(name for name in self.context.constants if name in self.present)]
        listed = "".join(f", {quoted(name)}" for name in names)
        rows = self.sql.execute(f"SELECT n{listed} FROM raw ORDER BY n LIMIT {limit}").fetchall()  # noqa: S608
        return [self.called(name) for name in names], [
            (row[0], ["" if cell is None else cell for cell in row[1:]]) for row in rows
        ]
