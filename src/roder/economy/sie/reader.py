"""Reading a file line by line: every record to its book, every voucher as it ends, every fault with its line.

This is the plain reading of the format. Large files are read by columns in ``economy.sie_columns``, which
hands this module every line that is not of the ordinary form, and gives the same answer.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import BinaryIO

from roder.economy.sie.book import Book, Voucher
from roder.economy.sie.charset import BLOCK, Charset, blocks, lines
from roder.economy.sie.faults import AGAIN, Faults
from roder.economy.sie.fields import Field, FieldError, amount_text, split
from roder.economy.sie.order import (
    ALLOWED,
    CLOSE,
    HEAD,
    INSIDE,
    OPEN,
    OTHER,
    ROW,
    cut_fault,
    order_fault,
    unbalanced,
)
from roder.economy.sie.records import ROWS, head_of, row_of, take
from roder.economy.sie.seal import Seal

BLANK = " \t\r\n\x0b\x0c"


def kind_of(text: str) -> int:
    """What a line is to the order of the file; 0 when it is blank."""
    if text in ("{", "}"):
        return OPEN if text == "{" else CLOSE
    if not text:
        return 0
    label = text.split(None, 1)[0].split("{", 1)[0].upper()
    return HEAD if label == "#VER" else ROW if label in ROWS else OTHER


class Reader:
    """Reads one file. ``book``, ``faults`` and ``charset`` are whole when the vouchers have been gone through."""

    def __init__(self, file: BinaryIO, block: int = BLOCK) -> None:
        self.file, self.block = file, block
        self.book, self.faults, self.charset, self.seal = Book(), Faults(), Charset(), Seal()
        self.count = 0  # lines so far
        self.before = OTHER

    def raw_blocks(self) -> Iterator[bytes]:
        """The file in parts of whole lines; ``charset`` reads them."""
        for block in blocks(self.file, self.block):
            self.seal.add(block)
            self.charset.meet(block)
            # A sign that no program writes parts the lines for the reading by columns; to a person it is a blank.
            yield block.replace(b"\x01", b" ") if b"\x01" in block else block

    def other(self, line: int, fields: list[Field]) -> None:
        """Take a record that is no part of a voucher."""
        if fields[0] == "#KSUMMA":
            self.seal.record(line, fields)
        else:
            take(self.book, fields, line, self.faults)

    def end(self, line: int) -> None:
        """Check what can only be known at the end of the file."""
        if self.before in INSIDE:
            fault = cut_fault()
            self.faults.add(line, fault.what, fault.do)
        if self.charset.broken:
            self.faults.add(None, f"filen har tecken som inte går att läsa som {self.charset.words}", AGAIN)
        self.seal.check(self.faults)

    def vouchers(self) -> Iterator[Voucher]:
        """Every voucher of the file, as it ends. Those with a fault in their head are not given."""
        open_voucher: Voucher | None = None
        for block in self.raw_blocks():
            for raw in lines(self.charset.text(block)):
                self.count += 1
                one = raw.strip(BLANK)
                kind = kind_of(one)
                if not kind:
                    continue
                if 10 * self.before + kind not in ALLOWED:
                    fault = order_fault(self.before, kind)
                    self.faults.add(self.count, fault.what, fault.do)
                self.before = kind
                if kind == HEAD:
                    open_voucher = None
                if kind == CLOSE and open_voucher is not None:
                    self._close(open_voucher)
                    yield open_voucher
                    open_voucher = None
                if kind in (OPEN, CLOSE):
                    continue
                try:
                    fields = split(one)
                    if kind == HEAD:
                        open_voucher = Voucher(head_of(fields), [], self.count)
                    elif kind == ROW:
                        row = row_of(fields, self.count)
                        if open_voucher is not None:
                            open_voucher.rows.append(row)
                    else:
                        self.other(self.count, fields)
                except FieldError as fault:
                    self.faults.add(self.count, fault.what, fault.do)
        self.end(self.count)

    def _close(self, voucher: Voucher) -> None:
        if voucher.left:
            fault = unbalanced(voucher.head.series, voucher.head.number, amount_text(voucher.left))
            self.faults.add(voucher.line, fault.what, fault.do)
