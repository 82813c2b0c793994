"""A bookkeeping file by columns: two million rows in bounded memory, as fast as the lines can be parted.

Lines of the ordinary form are read by columns, block by block; every line of another form is handed to the plain
reading in ``roder.economy.sie``, which also says what is wrong. Tests hold the two against each other.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, BinaryIO

from roder.economy.sie.book import Objects
from roder.economy.sie.fields import Field, FieldError, amount_text, day, split
from roder.economy.sie.order import ALLOWED, CLOSE, HEAD, OPEN, ROW, order_fault, unbalanced
from roder.economy.sie.reader import Reader, kind_of
from roder.economy.sie.records import head_of, objects_of, row_of
from roder.economy.sie.totals import Sum

if TYPE_CHECKING:
    import pyarrow as pa

BLOCK = 4 << 20
_FIELD = r'(?:"[^"\\]*"|[^ \t"\\{}]+)'
_AMOUNT = r"^-?[0-9]{1,13}(?:\.[0-9]{1,2})?$"
_NUMBER = rf"^{_FIELD}$"
_HEAD_REST = rf"^{_FIELD}(?: {_FIELD})*$"
_ROW_REST = rf'^(?:""|[0-9]{{8}})(?: {_FIELD})*$'
_NO_DAY = -1
MANY = 200_000  # different heads of rows that are remembered; more are read again


@dataclass
class Columns:
    """A part of the file: its rows as columns.

    ``rows``: line, voucher (counted from 0 in the file), account and objects (their numbers in ``accounts`` and
    ``objects`` of the reader), month (YYYYMM), day (YYYYMMDD), series, number, ore, tail (date, text, quantity and
    sign as written), about (the voucher's text and what follows it as written).
    """

    rows: pa.Table


@dataclass
class _Open:
    """The voucher that a block ended in: what the next block goes on with."""

    index: int = -1
    line: int = 0
    series: str = ""
    number: str = ""
    day: int = _NO_DAY
    about: str | None = None
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
    accounts: list[str] = field(default_factory=list)
    objects: list[Objects] = field(default_factory=list)
    vouchers: int = 0
    rows: int = 0

    def __post_init__(self) -> None:
        self.reader = Reader(self.file, self.block)
        self._open = _Open()
        self._known: tuple[dict[str, int], dict[str, int]] = ({}, {})
        self._account_numbers: dict[str, int] = {}
        self._object_numbers: dict[Objects, int] = {}
        self._days: dict[str, int] = {}
        self._unlisted: dict[tuple[str, str], int] = {}
        self._sums: dict[tuple[int, int, int], list[int]] = {}

    def sums(self) -> list[Sum]:
        """What the rows add up to by month and place; whole when the file has been read."""
        return [
            Sum(month, self.accounts[account], self.objects[objects], ore, line)
            for (account, objects, month), (ore, line, _) in self._sums.items()
        ]

    def counted(self) -> list[tuple[int, str, Objects, int, int]]:
        """Month, account, objects, öre and how many rows."""
        return [
            (month, self.accounts[account], self.objects[objects], ore, count)
            for (account, objects, month), (ore, _, count) in self._sums.items()
        ]

    @property
    def unlisted(self) -> dict[tuple[str, str], int]:
        """Objects that rows have and the file does not list, with the first line of each."""
        return {pair: line for pair, line in self._unlisted.items() if pair not in self.reader.book.objects}

    def parts(self) -> Iterator[Columns]:
        """The file's rows in parts. The faults of the whole file are there when all parts have been taken."""
        for block, text in self.reader.blocks():
            part = self._part(block, text)
            if part is not None:
                yield part
        self._finish_voucher()
        self.reader.end(self.reader.count)

    def _part(self, block: bytes, text: str) -> Columns | None:
        import pyarrow as pa  # noqa: PLC0415
        import pyarrow.compute as pc  # noqa: PLC0415

        found = _lines(block if block.isascii() else text.encode())
        first = self.reader.count + 1
        self.reader.count += len(found)
        is_row, is_head = pc.starts_with(found, "#TRANS "), pc.starts_with(found, "#VER ")
        is_open, is_close = pc.equal(found, "{"), pc.equal(found, "}")
        kinds = pc.case_when(
            pc.make_struct(is_row, is_head, is_open, is_close),
            *(pa.scalar(one, pa.int8()) for one in (ROW, HEAD, OPEN, CLOSE)),
        )
        odd = pc.is_null(kinds)
        apart: list[tuple[int, int, str]] = []  # place in the block, kind, line
        if pc.any(odd).as_py():
            places = pc.indices_nonzero(odd)
            texts = found.take(places).to_pylist()
            codes = [kind_of(one) for one in texts]
            kinds = pc.replace_with_mask(kinds, odd, pa.array(codes, pa.int8()))
            apart = [
                (at, kind, one)
                for at, kind, one in zip(places.to_pylist(), codes, texts, strict=True)
                if kind
            ]
        self._check_order(kinds, first)
        lines = pc.cumulative_sum(pa.repeat(pa.scalar(1, pa.int32()), len(found)), start=first - 1)
        heads, numbers = self._heads(found, lines, kinds, is_head, apart, first)
        rows = self._rows(found, lines, numbers, is_row, apart, first)
        return self._joined(rows, heads, pc.unique(numbers.filter(is_close)))

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

    def _heads(
        self, found: Any, lines: Any, kinds: Any, is_head: Any, apart: list[tuple[int, int, str]], first: int
    ) -> tuple[Any, Any]:
        """The vouchers that the block has rows of, the one left open first; and for each line which of them it is."""
        import pyarrow as pa  # noqa: PLC0415
        import pyarrow.compute as pc  # noqa: PLC0415

        starts = pc.equal(kinds, HEAD)
        numbers = pc.cumulative_sum(starts.cast(pa.int32()))
        parts = pc.split_pattern(found.filter(is_head), " ", max_splits=4)
        series, number, dated, about = (_nth(parts, place) for place in (1, 2, 3, 4))
        plain = pc.and_(
            pc.and_(_matches(series, _NUMBER), _matches(number, _NUMBER)),
            pc.and_(_matches(dated, "^[0-9]{8}$"), pc.or_(pc.is_null(about), _matches(about, _HEAD_REST))),
        )
        columns = {
            "line": lines.filter(is_head),
            "series": _unquoted(series),
            "number": _unquoted(number),
            "day": self._dated(dated, plain),
            "about": about,
        }
        careful = found.filter(is_head).filter(pc.invert(plain)).to_pylist()
        careful_lines = columns["line"].filter(pc.invert(plain)).to_pylist()
        careful += [one for _, kind, one in apart if kind == HEAD]
        careful_lines += [first + at for at, kind, _ in apart if kind == HEAD]
        # A day that is no day of the calendar is read again by the plain reading, which says so.
        wrong = pc.and_(plain, pc.equal(columns["day"], _NO_DAY))
        careful += found.filter(is_head).filter(wrong).to_pylist()
        careful_lines += columns["line"].filter(wrong).to_pylist()
        plain = pc.and_(plain, pc.not_equal(columns["day"], _NO_DAY))
        table = pa.table({name: values.filter(plain) for name, values in columns.items()})
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
        return table, numbers

    def _dated(self, dated: Any, plain: Any) -> Any:
        """The day of each head as a number, or ``_NO_DAY`` where it is none; each different text is read once."""
        import pyarrow as pa  # noqa: PLC0415
        import pyarrow.compute as pc  # noqa: PLC0415

        texts = pc.if_else(plain, dated, None).dictionary_encode()
        values = []
        for text in texts.dictionary.to_pylist():
            if text not in self._days:
                try:
                    day(text)
                    self._days[text] = int(text)
                except FieldError:
                    self._days[text] = _NO_DAY
            values.append(self._days[text])
        return pc.fill_null(pa.array(values, pa.int32()).take(texts.indices), _NO_DAY)

    def _careful_head(self, line: int, text: str) -> tuple[int, str, str, int, str | None]:
        try:
            head = head_of(split(text))
        except FieldError as fault:
            self._fault(line, fault)
            return line, "", "", _NO_DAY, None
        about = " ".join(_quoted(one) for one in (head.text, head.registered, head.sign))
        return line, head.series, head.number, int(f"{head.day:%Y%m%d}"), about

    # Rows

    def _rows(
        self, found: Any, lines: Any, numbers: Any, is_row: Any, apart: list[tuple[int, int, str]], first: int
    ) -> Any:
        """The block's rows: line, voucher within the block, account, objects, tail, ore."""
        import pyarrow as pa  # noqa: PLC0415
        import pyarrow.compute as pc  # noqa: PLC0415

        texts = found.filter(is_row)
        halves = pc.split_pattern(texts, "} ", max_splits=1)
        ends = pc.split_pattern(pc.fill_null(_nth(halves, 1), ""), " ", max_splits=1)
        amount, tail = _nth(ends, 0), _nth(ends, 1)
        line, voucher = lines.filter(is_row), numbers.filter(is_row)
        account, objects = self._placed(_nth(halves, 0), line)
        plain = pc.and_(
            pc.and_(_matches(amount, _AMOUNT), pc.and_(pc.not_equal(account, -1), pc.not_equal(objects, -1))),
            pc.or_(pc.is_null(tail), _matches(tail, _ROW_REST)),
        )
        table = pa.table(
            {"line": line, "voucher": voucher, "account": account, "objects": objects, "tail": tail}
        )
        if not pc.all(plain).as_py():
            others = pc.indices_nonzero(pc.invert(plain))
            apart = apart + list(
                zip(
                    pc.subtract(line.take(others), first).to_pylist(),
                    [ROW] * len(others),
                    texts.take(others).to_pylist(),
                    strict=True,
                )
            )
            table, amount = table.filter(plain), amount.filter(plain)
        ore = pc.round(pc.multiply(amount.cast(pa.float64()), 100)).cast(pa.int64())
        table = table.append_column("ore", ore)
        careful = [
            row
            for at, kind, text in apart
            if kind not in (HEAD, OPEN, CLOSE)
            for row in self._apart(first + at, kind, text, numbers[at].as_py())
        ]
        if careful:
            columns = zip(*careful, strict=True)
            arrays = [pa.array(one, kind) for one, kind in zip(columns, table.schema.types, strict=True)]
            table = pa.concat_tables([table, pa.Table.from_arrays(arrays, schema=table.schema)])
        return table

    def _placed(self, texts: Any, lines: Any) -> tuple[Any, Any]:
        """The numbers of each row's account and objects; -1 where the plain reading must say what is wrong.

        Each different text is read once.
        """
        import pyarrow as pa  # noqa: PLC0415
        import pyarrow.compute as pc  # noqa: PLC0415

        parts = pc.split_pattern(texts, " {", max_splits=1)
        answers = []
        for place, known in enumerate(self._known):
            coded = _nth(parts, place).dictionary_encode()
            if len(known) > MANY:
                known.clear()
            values = []
            for code, text in enumerate(coded.dictionary.to_pylist()):
                if text not in known:
                    known[text] = (
                        self._read_objects(text, lines, coded.indices, code)
                        if place
                        else self._read_account(text)
                    )
                values.append(known[text])
            answers.append(pc.fill_null(pa.array(values, pa.int32()).take(coded.indices), -1))
        return answers[0], answers[1]

    def _read_account(self, text: str) -> int:
        try:
            return self._account(row_of([*split(text), (), "0"]).account)
        except FieldError:
            return -1

    def _read_objects(self, text: str, lines: Any, indices: Any, code: int) -> int:
        import pyarrow.compute as pc  # noqa: PLC0415

        try:
            [value] = split("{" + text + "}")
            pairs = objects_of(value)
        except (FieldError, ValueError):
            return -1
        for pair in pairs:
            if pair not in self.reader.book.objects and pair not in self._unlisted:
                self._unlisted[pair] = lines[pc.index(indices, code).as_py()].as_py()
        return self._objects(pairs)

    def _account(self, account: str) -> int:
        found = self._account_numbers.get(account)
        if found is None:
            found = self._account_numbers[account] = len(self.accounts)
            self.accounts.append(account)
        return found

    def _objects(self, pairs: Objects) -> int:
        kept = pairs if self.dimensions is None else tuple(one for one in pairs if one[0] in self.dimensions)
        found = self._object_numbers.get(kept)
        if found is None:
            found = self._object_numbers[kept] = len(self.objects)
            self.objects.append(kept)
        return found

    def _apart(
        self, line: int, kind: int, text: str, voucher: int
    ) -> Iterator[tuple[int, int, int, int, str, int]]:
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
            tail = " ".join(_quoted(one) for one in (row.day, row.text, row.quantity, row.sign))
            for pair in row.objects:
                self._unlisted.setdefault(pair, line)
            yield line, voucher, self._account(row.account), self._objects(row.objects), tail, row.ore

    # Together

    def _joined(self, rows: Any, table: Any, closed: Any) -> Columns | None:
        """Rows with their vouchers' columns; vouchers that do not balance are noted, and the last one is kept open."""
        import pyarrow as pa  # noqa: PLC0415
        import pyarrow.compute as pc  # noqa: PLC0415

        base = self._open.index
        days = table.column("day").combine_chunks()
        self._check_balance(rows, table, base, closed)
        if not rows.num_rows:
            return None
        voucher = rows.column("voucher").combine_chunks()
        day_of = days.take(voucher)
        # Rows outside every voucher, or of one whose head cannot be read, belong to no month: a fault has said so.
        dated = pc.not_equal(day_of, _NO_DAY)
        joined = pa.table(
            {
                "line": rows.column("line"),
                "voucher": pc.add(rows.column("voucher"), pa.scalar(base, pa.int32())),
                "account": rows.column("account"),
                "objects": rows.column("objects"),
                "month": pc.divide(day_of, 100),
                "day": day_of,
                **{
                    name: table.column(name).combine_chunks().take(voucher)
                    for name in ("series", "number", "about")
                },
                "ore": rows.column("ore"),
                "tail": rows.column("tail"),
            }
        )
        if not pc.all(dated).as_py():
            joined = joined.filter(dated)
        self.rows += joined.num_rows
        self._add_sums(joined)
        return Columns(joined)

    def _add_sums(self, rows: Any) -> None:
        keys = ["account", "objects", "month"]
        grouped = rows.group_by(keys, use_threads=False).aggregate(
            [("ore", "sum"), ("line", "min"), ("ore", "count")]
        )
        columns = [grouped.column(name).to_pylist() for name in (*keys, "ore_sum", "line_min", "ore_count")]
        for account, objects, month, ore, line, count in zip(*columns, strict=True):
            known = self._sums.get((account, objects, month))
            if known is None:
                self._sums[account, objects, month] = [ore, line, count]
            else:
                known[0] += ore
                known[2] += count

    def _check_balance(self, rows: Any, table: Any, base: int, closed: Any) -> None:
        """Note vouchers that end in the block and do not balance; the last one may go on in the next block."""
        import pyarrow as pa  # noqa: PLC0415
        import pyarrow.compute as pc  # noqa: PLC0415

        grouped = rows.group_by("voucher", use_threads=False).aggregate([("ore", "sum")])
        last = table.num_rows - 1
        ends = pa.array([0, last], pa.int32())
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
            self._fault(voucher.line, unbalanced(voucher.series, voucher.number, amount_text(left)))


def _lines(block: bytes) -> Any:
    """The lines of a block without blanks around them."""
    import pyarrow as pa  # noqa: PLC0415
    import pyarrow.compute as pc  # noqa: PLC0415
    from pyarrow import csv  # noqa: PLC0415

    if not block:
        return pa.array([], pa.string())
    found = csv.read_csv(
        pa.BufferReader(block),
        read_options=csv.ReadOptions(column_names=["line"], block_size=len(block) + 1, use_threads=False),
        parse_options=csv.ParseOptions(
            delimiter="\x01", quote_char=False, double_quote=False, ignore_empty_lines=False
        ),
        convert_options=csv.ConvertOptions(column_types={"line": pa.string()}, strings_can_be_null=False),
    )
    return pc.ascii_trim_whitespace(found.column("line").combine_chunks())


def _nth(parts: Any, place: int) -> Any:
    """The part at a place of each list of texts; nothing where the list is shorter."""
    import pyarrow.compute as pc  # noqa: PLC0415

    offsets = parts.offsets.slice(0, len(parts))
    at = pc.add(offsets, place)
    return parts.values.take(pc.if_else(pc.greater(pc.list_value_length(parts), place), at, None))


def _matches(texts: Any, pattern: str) -> Any:
    import pyarrow.compute as pc  # noqa: PLC0415

    return pc.fill_null(pc.match_substring_regex(texts, pattern), fill_value=False)


def _unquoted(texts: Any) -> Any:
    import pyarrow.compute as pc  # noqa: PLC0415

    return pc.ascii_trim(texts, '"')


def _quoted(text: str) -> str:
    """A text as a field, exactly: only quotes are marked."""
    return '"' + text.replace('"', '\\"') + '"'


def _head_at(table: Any, place: int) -> _Open:
    one = {name: table.column(name)[place].as_py() for name in ("line", "series", "number", "day", "about")}
    return _Open(index=-1, **one)
