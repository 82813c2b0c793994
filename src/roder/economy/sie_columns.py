"""A bookkeeping file by columns: two million rows in bounded memory, as fast as the lines can be parted.

Lines of the ordinary form are read by columns, block by block; every line of another form is handed to the plain
reading in ``roder.economy.sie``, which also says what is wrong. Tests hold the two against each other.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, BinaryIO

from roder.economy.sie.book import Objects
from roder.economy.sie.fields import Field, FieldError, amount_text, day, split
from roder.economy.sie.order import ALLOWED, CLOSE, HEAD, OPEN, ROW, order_fault, unbalanced
from roder.economy.sie.reader import Reader, kind_of
from roder.economy.sie.records import head_of, row_of
from roder.economy.sie.totals import Sum, check
from roder.economy.sie_parts import Parted, part_ahead
from roder.economy.sie_places import Places, Sums

if TYPE_CHECKING:
    import pyarrow as pa

BLOCK = 1 << 21  # larger ones cost less a line and hold more
_NO_DAY = -1


@dataclass
class Columns:
    """A part of the file as columns. Texts are bytes as they stand in the file: ``Charset`` reads them.

    ``rows``: line, voucher (counted from 0 in the file), account and objects (their numbers in ``accounts`` and
    ``objects`` of the reader), month (YYYYMM), ore, tail (date, text, quantity and sign as written).
    ``vouchers``: line, series, number, day (YYYYMMDD), about (text and what follows as written), voucher. One that goes
    on in the next part stands in both.
    """

    rows: pa.Table
    vouchers: pa.Table


@dataclass
class _Open:
    """The voucher that a block ended in: what the next block goes on with."""

    index: int = -1
    line: int = 0
    series: bytes = b""
    number: bytes = b""
    day: int = _NO_DAY
    about: bytes | None = None
    left: int = 0
    closed: bool = False


@dataclass
class ColumnReader:
    """Reads a file by columns. ``reader`` holds the book and the faults; ``accounts`` and ``objects`` what the rows'
    numbers mean.

    ``dimensions``: those whose objects the rows keep (all when None). Objects such as invoices may be as many as the
    rows; they are only held against the file's list.
    """

    file: BinaryIO
    block: int = BLOCK
    dimensions: frozenset[str] | None = None
    vouchers: int = 0
    rows: int = 0

    def __post_init__(self) -> None:
        self.reader = Reader(self.file, self.block)
        self._open = _Open()
        self._in_order = True
        self.places = Places(self.reader, self.dimensions)
        self._days: dict[bytes, int] = {}
        self._sums = Sums()

    @property
    def accounts(self) -> list[str]:
        """The accounts that the rows' numbers mean."""
        return self.places.accounts

    @property
    def objects(self) -> list[Objects]:
        """The object lists that the rows' numbers mean."""
        return self.places.objects

    def sums(self, *, objects: bool = True) -> list[Sum]:
        """What the rows add up to by month, account and (unless ``objects`` is False) object list; whole when the file
        has been read."""
        return [
            Sum(month, self.accounts[account], self.objects[place] if objects else (), ore, line)
            for account, place, month, ore, line, _ in self._sums.all(objects=objects)
        ]

    def check(self) -> None:
        """Hold the file against itself when it has been read: lists, balances, vouchers. Faults are noted."""
        book = self.reader.book
        by_object = any(one.label == "PSALDO" and one.objects and one.year == 0 for one in book.balances)
        check(book, self.sums(objects=by_object), self.reader.faults, self.places.unlisted, self.dimensions)

    def counted(self) -> Iterator[tuple[int, str, Objects, int, int]]:
        """Month, account, objects, öre and how many rows."""
        for account, objects, month, ore, _, count in self._sums.all():
            yield month, self.accounts[account], self.objects[objects], ore, count

    def parts(self) -> Iterator[Columns]:
        """The file's rows in parts. The faults of the whole file are there when all parts have been taken."""
        for parted in part_ahead(self.reader.raw_blocks()):
            yield self._part(parted)
        self._finish_voucher()
        self.reader.end(self.reader.count)
        import pyarrow as pa  # noqa: PLC0415

        pa.default_memory_pool().release_unused()

    def _part(self, block: Parted) -> Columns:
        import pyarrow as pa  # noqa: PLC0415
        import pyarrow.compute as pc  # noqa: PLC0415

        found, kinds = block.lines, block.kinds
        first = self.reader.count + 1
        self.reader.count += len(found)
        odd = pc.equal(kinds, 0)
        apart: list[tuple[int, int, str]] = []  # place in the block, kind, line
        places = pc.indices_nonzero(odd)
        if len(places):
            texts = [self.reader.charset.text(one) for one in found.take(places).to_pylist()]
            codes = [kind_of(one) for one in texts]
            kinds = pc.replace_with_mask(kinds, odd, pa.array(codes, pa.int8()))
            apart = [
                (at, kind, one)
                for at, kind, one in zip(places.to_pylist(), codes, texts, strict=True)
                if kind
            ]
        self._check_order(kinds, first)
        lines = pc.cumulative_sum(pa.repeat(pa.scalar(1, pa.int32()), len(found)), start=first - 1)
        numbers = pc.cumulative_sum(pc.equal(kinds, HEAD).cast(pa.int32()))
        heads = self._heads(block, lines, apart, first)
        rows = self._rows(block, lines, numbers, apart, first)
        return self._joined(rows, heads, pc.unique(numbers.filter(block.is_close)))

    # Order

    def _check_order(self, kinds: Any, first: int) -> None:
        import pyarrow as pa  # noqa: PLC0415
        import pyarrow.compute as pc  # noqa: PLC0415

        filled = pc.not_equal(kinds, 0)
        places = pc.indices_nonzero(filled)
        kept = kinds.take(places)
        if not len(kept):
            return
        before = pa.concat_arrays([pa.array([self.reader.before], pa.int8()), kept.slice(0, len(kept) - 1)])
        pairs = pc.add(pc.multiply(before, pa.scalar(10, pa.int8())), kept)
        wrong = pc.invert(pc.is_in(pairs, pa.array(sorted(ALLOWED), pa.int8())))
        if pc.any(wrong).as_py():
            for at in pc.indices_nonzero(wrong).to_pylist():
                fault = order_fault(before[at].as_py(), kept[at].as_py())
                self._fault(first + places[at].as_py(), fault)
        self.reader.before = kept[-1].as_py()

    def _fault(self, line: int, fault: FieldError) -> None:
        self.reader.faults.add(line, fault.what, fault.do)

    # Heads of vouchers

    def _heads(self, block: Parted, lines: Any, apart: list[tuple[int, int, str]], first: int) -> Any:
        """The vouchers that the block has rows of, the one left open first."""
        import pyarrow as pa  # noqa: PLC0415
        import pyarrow.compute as pc  # noqa: PLC0415

        at = lines.filter(block.is_head)
        days = self._dated(block.dated, block.head_plain)
        # What is not of the ordinary form is read again by the plain reading, which also says what is wrong.
        plain = pc.and_(block.head_plain, pc.not_equal(days, _NO_DAY))
        columns = {
            "line": at,
            "series": block.series,
            "number": block.number,
            "day": days,
            "about": block.about,
        }
        table = pa.table(columns)
        careful: list[str] = []
        careful_lines: list[int] = []
        if not pc.all(plain).as_py():
            others = block.lines.filter(block.is_head).filter(pc.invert(plain))
            careful = [self.reader.charset.text(one) for one in others.to_pylist()]
            careful_lines = at.filter(pc.invert(plain)).to_pylist()
            table = table.filter(plain)
        careful += [one for _, kind, one in apart if kind == HEAD]
        careful_lines += [first + place for place, kind, _ in apart if kind == HEAD]
        opened = self._open
        others = [(opened.line, opened.series, opened.number, opened.day, opened.about)]
        others += [self._careful_head(line, text) for line, text in zip(careful_lines, careful, strict=True)]
        arrays = [
            pa.array(one, kind)
            for one, kind in zip(zip(*others, strict=True), table.schema.types, strict=True)
        ]
        table = pa.concat_tables([pa.Table.from_arrays(arrays, schema=table.schema), table])
        if careful:
            table = table.sort_by("line")
        return table

    def _dated(self, dated: Any, plain: Any) -> Any:
        """The day of each head as a number, or ``_NO_DAY`` where it is none; each different text is read once."""
        import pyarrow as pa  # noqa: PLC0415
        import pyarrow.compute as pc  # noqa: PLC0415

        texts = pc.if_else(plain, dated, None).dictionary_encode()
        values = []
        for text in texts.dictionary.to_pylist():
            if text not in self._days:
                try:
                    day(text.decode("ascii"))
                    self._days[text] = int(text)
                except (FieldError, UnicodeDecodeError):
                    self._days[text] = _NO_DAY
            values.append(self._days[text])
        return pc.fill_null(pa.array(values, pa.int32()).take(texts.indices), _NO_DAY)

    def _careful_head(self, line: int, text: str) -> tuple[int, bytes, bytes, int, bytes | None]:
        try:
            head = head_of(split(text))
        except FieldError as fault:
            self._fault(line, fault)
            return line, b"", b"", _NO_DAY, None
        series, number, about = (
            self._written(*one)
            for one in ((head.series,), (head.number,), (head.text, head.registered, head.sign))
        )
        return line, series, number, int(f"{head.day:%Y%m%d}"), about

    def _written(self, *texts: str) -> bytes:
        """Texts as fields of the file: only quotes are marked."""
        fields = " ".join('"' + one.replace('"', '\\"') + '"' for one in texts)
        return fields.encode(self.reader.charset.name or "ascii", errors="replace")

    # Rows

    def _rows(
        self, block: Parted, lines: Any, numbers: Any, apart: list[tuple[int, int, str]], first: int
    ) -> Any:
        """The block's rows: line, voucher within the block, account, objects, tail, ore."""
        import pyarrow as pa  # noqa: PLC0415
        import pyarrow.compute as pc  # noqa: PLC0415

        line, voucher = lines.filter(block.is_row), numbers.filter(block.is_row)
        account, objects = self.places.of(block.places, line)
        plain = pc.and_(block.row_plain, pc.and_(pc.greater_equal(account, 0), pc.greater_equal(objects, 0)))
        table = pa.table(
            {
                "line": line,
                "voucher": voucher,
                "account": account,
                "objects": objects,
                "tail": block.tail,
                "ore": block.ore,
            }
        )
        if not pc.all(plain).as_py():
            others = pc.indices_nonzero(pc.invert(plain))
            apart = [*apart]
            apart += list(
                zip(
                    pc.subtract(line.take(others), first).to_pylist(),
                    [ROW] * len(others),
                    [
                        self.reader.charset.text(one)
                        for one in block.lines.filter(block.is_row).take(others).to_pylist()
                    ],
                    strict=True,
                )
            )
            table = table.filter(plain)
        careful = [
            row
            for at, kind, text in apart
            if kind not in (HEAD, OPEN, CLOSE)
            for row in self._apart(first + at, kind, text, numbers[at].as_py())
        ]
        self._in_order = not careful
        if careful:
            columns = zip(*careful, strict=True)
            arrays = [pa.array(one, kind) for one, kind in zip(columns, table.schema.types, strict=True)]
            table = pa.concat_tables([table, pa.Table.from_arrays(arrays, schema=table.schema)])
        return table

    def _apart(
        self, line: int, kind: int, text: str, voucher: int
    ) -> Iterator[tuple[int, int, int, int, bytes, int]]:
        """A line of another form: a row is given, a record goes to the book, a fault is noted."""
        try:
            fields: list[Field] = split(text)
            if kind != ROW:
                self.reader.other(line, fields)
                return
            row = row_of(fields, line)
        except FieldError as fault:
            self._fault(line, fault)
            return
        if row.label == "TRANS":
            tail = self._written(row.day, row.text, row.quantity, row.sign)
            account, objects = (
                self.places.account(row.account),
                self.places.object_list(row.objects, lambda: line),
            )
            yield line, voucher, account, objects, tail, row.ore

    # Together

    def _joined(self, rows: Any, table: Any, closed: Any) -> Columns:
        """Rows with their months; vouchers that do not balance are noted, and the last one is kept open."""
        import pyarrow as pa  # noqa: PLC0415
        import pyarrow.compute as pc  # noqa: PLC0415

        base = self._open.index
        voucher = rows.column("voucher").combine_chunks()
        days = table.column("day").combine_chunks()
        months = pc.if_else(pc.equal(days, _NO_DAY), _NO_DAY, pc.divide(days, 100))
        self._check_balance(rows, table, base, closed)
        joined = rows.set_column(
            rows.schema.get_field_index("voucher"), "voucher", pc.add(voucher, pa.scalar(base, pa.int32()))
        ).append_column("month", months.take(voucher))
        # Rows outside every voucher, or of one whose head cannot be read, belong to no month: a fault has said so.
        if pc.any(pc.equal(days, _NO_DAY)).as_py():
            joined = joined.filter(pc.not_equal(joined.column("month"), _NO_DAY))
        self.rows += joined.num_rows
        self._sums.add(joined)
        index = pc.cumulative_sum(pa.repeat(pa.scalar(1, pa.int32()), table.num_rows), start=base - 1)
        return Columns(joined, table.append_column("voucher", index))

    def _check_balance(self, rows: Any, table: Any, base: int, closed: Any) -> None:
        """Note vouchers that end in the block and do not balance; the last one may go on in the next block."""
        import pyarrow as pa  # noqa: PLC0415
        import pyarrow.compute as pc  # noqa: PLC0415

        last = table.num_rows - 1
        ends = pa.array([0, last], pa.int32())
        voucher = rows.column("voucher").combine_chunks()
        ore = rows.column("ore").combine_chunks()
        if self._in_order:
            # What is left after each voucher's last row, less what was left before it.
            changes = pc.indices_nonzero(
                pc.not_equal(voucher.slice(1), voucher.slice(0, max(len(voucher) - 1, 0)))
            )
            stops = pa.concat_arrays(
                [changes.cast(pa.int64()), pa.array([len(voucher) - 1] if len(voucher) else [], pa.int64())]
            )
            so_far = pc.cumulative_sum(ore).take(stops)
            before = pa.concat_arrays(
                [pa.array([0] if len(so_far) else [], pa.int64()), so_far.slice(0, max(len(so_far) - 1, 0))]
            )
            grouped = pa.table({"voucher": voucher.take(stops), "ore_sum": pc.subtract(so_far, before)})
        else:
            grouped = rows.group_by("voucher", use_threads=False).aggregate([("ore", "sum")])
        chosen = pc.or_(
            pc.and_(pc.not_equal(grouped.column("ore_sum"), 0), pc.is_in(grouped.column("voucher"), closed)),
            pc.is_in(grouped.column("voucher"), ends),
        )
        left = {one["voucher"]: one["ore_sum"] for one in grouped.filter(chosen).to_pylist()}
        is_closed = set(pc.filter(closed, pc.is_in(closed, ends)).to_pylist())
        self._open.left += left.pop(0, 0)
        self._open.closed |= 0 in is_closed
        if last:
            self._finish_voucher()
            for at in sorted(left.keys() - {last}):
                self._unbalanced(_head_at(table, at), left[at])
            self._open = _head_at(table, last)
            self._open.index, self._open.left = base + last, left.get(last, 0)
            self._open.closed = last in is_closed
            self.vouchers = self._open.index + 1

    def _finish_voucher(self) -> None:
        if self._open.left and self._open.closed:
            self._unbalanced(self._open, self._open.left)

    def _unbalanced(self, voucher: _Open, left: int) -> None:
        if voucher.day != _NO_DAY:
            series, number = (
                self.reader.charset.text(one).strip('"').replace('\\"', '"')
                for one in (voucher.series, voucher.number)
            )
            self._fault(voucher.line, unbalanced(series, number, amount_text(left)))


def _head_at(table: Any, place: int) -> _Open:
    one = {name: table.column(name)[place].as_py() for name in ("line", "series", "number", "day", "about")}
    return _Open(index=-1, **one)
