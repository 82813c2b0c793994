"""Where the rows of a bookkeeping file are booked, as numbers, and what they add up to."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

from roder.economy.sie.book import Objects
from roder.economy.sie.fields import FieldError, split
from roder.economy.sie.reader import Reader
from roder.economy.sie.records import objects_of, row_of
from roder.economy.sie_parts import nth

if TYPE_CHECKING:
    import pyarrow as pa

MANY = 200_000  # different texts that are remembered, and sums that are held before they are added together
AT_A_TIME = 10_000  # sums that are plain values at the same time
_KEYS = ["account", "objects", "month"]


class Places:
    """Gives accounts and object lists numbers, and reads each different text of them once."""

    def __init__(self, reader: Reader, dimensions: frozenset[str] | None) -> None:
        self.reader, self.dimensions = reader, dimensions
        self.accounts: list[str] = []
        self.objects: list[Objects] = []
        self._known: tuple[dict[bytes, int], dict[bytes, int]] = ({}, {})
        self._account_numbers: dict[str, int] = {}
        self._object_numbers: dict[Objects, int] = {}
        self._unlisted: dict[tuple[str, str], int] = {}

    @property
    def unlisted(self) -> dict[tuple[str, str], int]:
        """Objects that rows have and the file does not list, with the first line of each."""
        return {pair: line for pair, line in self._unlisted.items() if pair not in self.reader.book.objects}

    def of(self, whole: Any, lines: Any) -> tuple[Any, Any]:
        """The numbers of each row's account and objects; -1 where the plain reading must say what is wrong.

        Each different text is read once.
        """
        import pyarrow as pa  # noqa: PLC0415
        import pyarrow.compute as pc  # noqa: PLC0415

        parts = pc.split_pattern(whole.dictionary, b" {", max_splits=1)
        answers = []
        for place, known in enumerate(self._known):
            coded = nth(parts, place).dictionary_encode()
            if len(known) > MANY:
                known.clear()
            values = []
            for code, text in enumerate(coded.dictionary.to_pylist()):
                if text not in known:
                    read = self.reader.charset.text(text)
                    if place:
                        at = lambda code=code, coded=coded: lines[  # noqa: E731
                            pc.index(whole.indices, pc.index(coded.indices, code)).as_py()
                        ].as_py()
                        known[text] = self._read_objects(read, at)
                    else:
                        known[text] = self._read_account(read)
                values.append(known[text])
            codes = pc.fill_null(pa.array(values, pa.int32()).take(coded.indices), -1)
            answers.append(codes.take(whole.indices))
        return answers[0], answers[1]

    def _read_account(self, text: str) -> int:
        try:
            return self.account(row_of([*split(text), (), "0"]).account)
        except FieldError:
            return -1

    def _read_objects(self, text: str, first_line: Callable[[], int]) -> int:
        try:
            [value] = split("{" + text + "}")
            pairs = objects_of(value)
        except (FieldError, ValueError):
            return -1
        return self.object_list(pairs, first_line)

    def account(self, account: str) -> int:
        """The number of an account."""
        found = self._account_numbers.get(account)
        if found is None:
            found = self._account_numbers[account] = len(self.accounts)
            self.accounts.append(account)
        return found

    def object_list(self, pairs: Objects, first_line: Callable[[], int]) -> int:
        """The number of an object list, less what no one asks of; objects that the file does not list are noted."""
        for pair in pairs:
            if pair not in self.reader.book.objects and pair not in self._unlisted:
                self._unlisted[pair] = first_line()
        kept = pairs if self.dimensions is None else tuple(one for one in pairs if one[0] in self.dimensions)
        found = self._object_numbers.get(kept)
        if found is None:
            found = self._object_numbers[kept] = len(self.objects)
            self.objects.append(kept)
        return found


class Sums:
    """What rows add up to by account, objects and month, held as tables until it is asked for."""

    def __init__(self) -> None:
        self._tables: list[pa.Table] = []
        self._summed = 0

    def add(self, rows: Any) -> None:
        """Add the rows of a part."""
        grouped = rows.group_by(_KEYS, use_threads=False).aggregate(
            [("ore", "sum"), ("line", "min"), ("ore", "count")]
        )
        self._tables.append(grouped.rename_columns([*_KEYS, "ore", "line", "rows"]))
        self._summed += grouped.num_rows
        if self._summed > MANY:
            self._add_together()

    def _add_together(self) -> None:
        import pyarrow as pa  # noqa: PLC0415

        if len(self._tables) > 1:
            grouped = pa.concat_tables(self._tables).group_by(_KEYS, use_threads=False)
            added = grouped.aggregate([("ore", "sum"), ("line", "min"), ("rows", "sum")])
            self._tables = [added.rename_columns([*_KEYS, "ore", "line", "rows"])]
        self._summed = 0

    def all(self, *, objects: bool = True) -> Iterator[tuple[int, ...]]:
        """Account, objects (0 when they are left out), month, öre, first line and how many rows."""
        import pyarrow as pa  # noqa: PLC0415

        self._add_together()
        for table in self._tables:
            found = table
            if not objects:
                grouped = table.group_by(["account", "month"], use_threads=False)
                added = grouped.aggregate([("ore", "sum"), ("line", "min"), ("rows", "sum")])
                found = added.rename_columns(["account", "month", "ore", "line", "rows"]).add_column(
                    1, "objects", pa.repeat(pa.scalar(0, pa.int32()), added.num_rows)
                )
            for batch in found.to_batches(AT_A_TIME):
                yield from zip(*(column.to_pylist() for column in batch.columns), strict=True)
