"""The file's rows as text in DuckDB, and what among them is no row at all."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

from roder.imports.headings import Heading, Say
from roder.imports.leftovers import is_note
from roder.imports.readers import FileFault, IrregularError, Row, Table
from roder.imports.sql import literal, quoted

if TYPE_CHECKING:
    import pyarrow as pa

    from roder.imports.engine import Engine

BATCH = 20_000
PART_ROWS, PART_BYTES = 61_440, 16 << 20  # what the engine takes at a time; its own groups are two of them


def _schema(names: list[str]) -> pa.Schema:
    """The row number and the texts of a batch."""
    import pyarrow as pa  # noqa: PLC0415 - with DuckDB 50 MB that only a process that reads files needs

    return pa.schema([("n", pa.int64()), *((name, pa.string()) for name in names)])


def _parts(batches: Iterator[pa.RecordBatch]) -> Iterator[list[pa.RecordBatch]]:
    """The batches, so many together that there are few parts, and so few that a part is small."""
    part: list[pa.RecordBatch] = []
    rows = size = 0
    for batch in batches:
        part.append(batch)
        rows, size = rows + batch.num_rows, size + batch.nbytes
        if rows >= PART_ROWS or size >= PART_BYTES:
            yield part
            part, rows, size = [], 0, 0
    if part:
        yield part


class TextTable:
    """The table ``raw`` of a DuckDB connection: ``n`` (the row in the file) and one text column per known column."""

    def __init__(self, sql: Engine, heading: Heading, say: Say, warn: Callable[[str], None]) -> None:
        self.sql, self.heading, self.say, self.warn = sql, heading, say, warn
        self.names = list(heading.at)

    def load(self, rows: Iterator[Row], table: Table) -> None:
        """Load the rows after the heading; rows that are not rows become faults."""
        heading, names = self.heading, self.names
        columns = "".join(f", {quoted(name)} VARCHAR" for name in names)
        self.sql.execute(f"CREATE OR REPLACE TABLE raw (n BIGINT{columns})")
        one_line = heading.row == 1 and not any("\n" in text or "\r" in text for text in heading.cells)
        if not (table.columns and one_line and names and self._load_columns(table.columns)):
            self._load_rows(rows, is_sheet=table.is_sheet)
        self._drop_empty_and_headings(is_sheet=table.is_sheet)

    def _load_columns(self, columns: Callable[[int, list[int]], Iterator[pa.RecordBatch]]) -> bool:
        """Load by columns; False (and nothing loaded) when the file turns out irregular."""
        import pyarrow as pa  # noqa: PLC0415

        irregular = False
        heading, names = self.heading, self.names

        def numbered() -> Iterator[pa.RecordBatch]:
            nonlocal irregular
            number = heading.row + 1
            try:
                for batch in columns(len(heading.texts), [heading.at[name] for name in names]):
                    numbers = pa.array(range(number, number + batch.num_rows), pa.int64())
                    yield pa.record_batch([numbers, *batch.columns], schema=_schema(names))
                    number += batch.num_rows
            except IrregularError:
                irregular = True

        self._stage(numbered())
        if irregular:
            self.sql.execute("DELETE FROM raw")
        return not irregular

    def _load_rows(self, rows: Iterator[Row], *, is_sheet: bool) -> None:
        """Load row by row; what cannot be read any further becomes a fault after the rows before it."""
        import pyarrow as pa  # noqa: PLC0415

        names = self.names
        positions = [self.heading.at[name] for name in names]
        width = len(self.heading.texts)
        notes: list[
            Row
        ] = []  # of one cell: beneath the table they are left out, among its rows they are faults

        def batches() -> Iterator[pa.RecordBatch]:
            numbers: list[int] = []
            kept: list[list[str]] = []

            def batch() -> pa.RecordBatch:
                arrays = [pa.array(numbers, pa.int64())]
                arrays += [pa.array([row[position] for row in kept], pa.string()) for position in positions]
                numbers.clear()
                kept.clear()
                return pa.record_batch(arrays, schema=_schema(names))

            try:
                for number, cells in rows:
                    if not is_sheet and len(cells) < width and is_note(cells):
                        notes.append((number, cells))
                        continue
                    if any(cells):
                        self._say_short(notes, width)
                    if len(cells) != width and not self._right_width(number, cells, width, is_sheet=is_sheet):
                        continue
                    numbers.append(number)
                    kept.append(cells)
                    if len(kept) == BATCH:
                        yield batch()
            except FileFault as fault:
                self.say(fault.row, None, fault.what, fault.do)
            if kept:
                yield batch()

        self._stage(batches())
        for number, cells in notes:
            self.warn(
                f"Rad {number} (”{next(filter(None, cells)).strip()[:40]}”) är en anteckning och lästes inte."
            )

    def _say_short(self, rows: list[Row], width: int) -> None:
        """Rows that looked like notes beneath the table, and were not."""
        for number, cells in rows:
            self._right_width(number, cells, width, is_sheet=False)
        rows.clear()

    def _stage(self, batches: Iterator[pa.RecordBatch]) -> None:
        """Keep the texts; blank ones as nothing. (Other blanks than the space are taken off where texts are read.)

        In large parts: the engine holds on to what a statement reads until it ends, and many statements would cost more
        than the reading.
        """
        import pyarrow as pa  # noqa: PLC0415

        schema = _schema(self.names)
        texts = "".join(f", nullif(trim({quoted(name)}), '')" for name in self.names)
        for part in _parts(batches):
            self.sql.register("rows", pa.RecordBatchReader.from_batches(schema, part))
            self.sql.once(f"INSERT INTO raw SELECT n{texts} FROM rows")  # noqa: S608 - own column names
            self.sql.unregister("rows")
            part.clear()
            pa.default_memory_pool().release_unused()  # else a third of a large file's memory is held for nothing

    def _right_width(self, number: int, cells: list[str], width: int, *, is_sheet: bool) -> bool:
        """Fill up or cut a row to the heading's width; False (and a fault) when that would lose or guess something."""
        if not any(cell.strip() for cell in cells):
            return False
        if len(cells) > width:
            if any(cell.strip() for cell in cells[width:]):
                self.say(
                    number,
                    None,
                    f"raden har {len(cells)} celler men rubriken {width}",
                    "Sätt text som innehåller skiljetecknet inom citattecken.",
                )
                return False
            return True
        if not is_sheet:
            self.say(
                number,
                None,
                f"raden har {len(cells)} celler men rubriken {width}",
                "Skriv ett skiljetecken även för tomma celler.",
            )
            return False
        cells.extend([""] * (width - len(cells)))
        return True

    def _drop_empty_and_headings(self, *, is_sheet: bool) -> None:
        """Rows without any text go; a heading that stands once more is a fault, unless its cells are merged over two
        rows of a sheet."""
        if not self.names:
            return
        empty = " AND ".join(f"{quoted(name)} IS NULL" for name in self.names)
        self.sql.execute(f"DELETE FROM raw WHERE {empty}")  # noqa: S608 - own column names
        cells = self.heading.cells
        repeated = " AND ".join(
            f"{quoted(name)} = {literal(cells[position].strip())}"
            for name, position in self.heading.at.items()
        )
        again = self.sql.execute(f"DELETE FROM raw WHERE {repeated} RETURNING n").fetchall()  # noqa: S608
        for (number,) in again:
            if is_sheet and number == self.heading.row + 1:
                continue
            self.say(number, None, "rubrikraden står två gånger", "Ta bort raden.")
