"""A block of a bookkeeping file parted into columns: what needs nothing of the blocks before it.

Blocks are parted by threads at the same time; ``sie_columns`` then takes them in their order.
"""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

from roder.economy.sie.order import CLOSE, HEAD, OPEN, ROW

THREADS = 2
_FIELD = r'(?:"[^"\\]*"|[^ \t"\\{}]+)'
_AMOUNT = r"^-?[0-9]{1,13}(?:\.[0-9]{1,2})?$"
_HEAD = rf"^#VER {_FIELD} {_FIELD} [0-9]{{8}}(?: {_FIELD})*$"
_ROW_REST = rf'^(?:""|[0-9]{{8}})(?: {_FIELD})*$'
_AROUND = re.compile(rb"(?m)^[ \t\x0b\x0c]+|[ \t\x0b\x0c]+(?=[\r\n]|\Z)")


@dataclass(frozen=True)
class Parted:
    """A block's lines (bytes) and what can be told of each by itself.

    ``kinds``: as ``sie.order`` has them, 0 for lines to be looked at one by one; ``closes``: masks of closing braces.
    Of the rows (``is_row``): the text before the amount (each once, with its ``place``), the amount in öre, the tail,
    and whether the form is ordinary. Of the heads (``is_head``): the parts and whether the form is ordinary.
    """

    lines: Any
    kinds: Any
    is_row: Any
    is_head: Any
    is_close: Any
    places: Any
    ore: Any
    tail: Any
    row_plain: Any
    series: Any
    number: Any
    dated: Any
    about: Any
    head_plain: Any


def part_ahead(blocks: Iterable[bytes]) -> Iterator[Parted]:
    """The blocks parted, in their order; a few at a time, so that memory stays bounded."""
    with ThreadPoolExecutor(THREADS) as pool:
        waiting: deque[Future[Parted]] = deque()
        for block in blocks:
            waiting.append(pool.submit(part, block))
            if len(waiting) > THREADS:
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()


def part(block: bytes) -> Parted:
    """Part a block of whole lines."""
    import pyarrow as pa  # noqa: PLC0415
    import pyarrow.compute as pc  # noqa: PLC0415

    lines = _lines(block)
    is_row, is_head = pc.starts_with(lines, b"#TRANS "), pc.starts_with(lines, b"#VER ")
    short = pc.equal(pc.binary_length(lines), 1)  # comparing texts takes longer
    is_open = pc.and_(short, pc.starts_with(lines, b"{"))
    is_close = pc.and_(short, pc.starts_with(lines, b"}"))
    kinds = pa.repeat(pa.scalar(0, pa.int8()), len(lines))
    for mask, kind in ((is_row, ROW), (is_head, HEAD), (is_open, OPEN), (is_close, CLOSE)):
        kinds = pc.if_else(mask, pa.scalar(kind, pa.int8()), kinds)
    halves = pc.split_pattern(lines.filter(is_row), b"} ", max_splits=1)
    ends = pc.split_pattern(pc.fill_null(nth(halves, 1), b""), b" ", max_splits=1)
    amount, tail = nth(ends, 0), nth(ends, 1)
    row_plain = pc.match_substring_regex(amount, _AMOUNT)
    if not pc.all(row_plain).as_py():
        amount = pc.if_else(row_plain, amount, None)
    if tail.null_count < len(tail):
        row_plain = pc.and_(
            row_plain, pc.fill_null(pc.match_substring_regex(tail, _ROW_REST), fill_value=True)
        )
    heads = lines.filter(is_head)
    parts = pc.split_pattern(heads, b" ", max_splits=4)
    return Parted(
        lines=lines,
        kinds=kinds,
        is_row=is_row,
        is_head=is_head,
        is_close=is_close,
        places=nth(halves, 0).dictionary_encode(),
        ore=pc.round(pc.multiply(amount.cast(pa.string()).cast(pa.float64()), 100)).cast(pa.int64()),
        tail=tail,
        row_plain=row_plain,
        series=nth(parts, 1),
        number=nth(parts, 2),
        dated=nth(parts, 3),
        about=nth(parts, 4),
        head_plain=pc.match_substring_regex(heads, _HEAD),
    )


def nth(parts: Any, place: int) -> Any:
    """The part at a place of each list of texts; nothing where the list is shorter."""
    import pyarrow.compute as pc  # noqa: PLC0415

    offsets = parts.offsets.slice(0, len(parts))
    at = pc.add(offsets, place)
    if place:
        at = pc.if_else(pc.greater(pc.list_value_length(parts), place), at, None)
    return parts.values.take(at)


def _lines(block: bytes) -> Any:
    """The lines of a block without blanks around them."""
    import pyarrow.compute as pc  # noqa: PLC0415

    found = _parted(block)
    blank = pc.or_(pc.starts_with(found, b" "), pc.ends_with(found, b" "))
    blank = pc.or_(blank, pc.or_(pc.starts_with(found, b"\t"), pc.ends_with(found, b"\t")))
    if pc.any(blank).as_py():
        return _parted(_AROUND.sub(b"", block))
    return found


def _parted(block: bytes) -> Any:
    import pyarrow as pa  # noqa: PLC0415
    from pyarrow import csv  # noqa: PLC0415

    if not block:
        return pa.array([], pa.binary())
    found = csv.read_csv(
        pa.BufferReader(block),
        read_options=csv.ReadOptions(column_names=["line"], block_size=len(block) + 1, use_threads=False),
        parse_options=csv.ParseOptions(
            delimiter="\x01", quote_char=False, double_quote=False, ignore_empty_lines=False
        ),
        convert_options=csv.ConvertOptions(
            column_types={"line": pa.binary()}, strings_can_be_null=False, check_utf8=False
        ),
    )
    return found.column("line").combine_chunks()
