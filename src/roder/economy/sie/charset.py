"""The bytes of a file as lines of text: PC8 (code page 437) as published, and UTF-8, which many systems write."""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator
from typing import BinaryIO

BLOCK = 8 << 20
LONGEST = 64 << 20  # a line, or a file without lines, that is longer is no bookkeeping file
PC8, UTF8, WINDOWS = "cp437", "utf-8", "cp1252"
_ENDS = re.compile("\r\n|\r|\n")
_SWEDISH = {PC8: "åäöÅÄÖ".encode(PC8), WINDOWS: "åäöÅÄÖ".encode(WINDOWS)}


def blocks(file: BinaryIO, size: int = BLOCK) -> Iterator[bytes]:
    """The file in parts that end where a line ends, without the mark that UTF-8 may begin with."""
    rest = file.read(3)
    rest = b"" if rest == codecs.BOM_UTF8 else rest
    while chunk := file.read(size):
        rest += chunk
        cut = rest.rfind(b"\n") + 1
        if not cut and len(rest) < LONGEST:
            continue
        cut = cut or len(rest)
        yield rest[:cut]
        rest = rest[cut:]
    if rest:
        yield rest


class Charset:
    """Reads the bytes of one file. Which letters it has is decided by the first block that is more than ASCII."""

    def __init__(self) -> None:
        self.name = ""
        self.broken = False

    def meet(self, block: bytes) -> None:
        """Take notice of a block: which letters it has, and whether they can be read (``broken``)."""
        if not self.name and not block.isascii():
            self.name = _guess(block)
        if self.name in (UTF8, WINDOWS):
            try:
                block.decode(self.name)
            except UnicodeDecodeError:
                self.broken = True

    def text(self, part: bytes) -> str:
        """A part of a block that has been met, as text. Letters that cannot be read become marks."""
        return part.decode(self.name or "ascii", errors="replace")

    @property
    def words(self) -> str:
        """The set of letters as people call it."""
        return {PC8: "PC8", UTF8: "UTF-8", WINDOWS: "Windows-1252"}.get(self.name, "bara ASCII")


def _guess(block: bytes) -> str:
    """UTF-8 when it is; else PC8, unless the Swedish letters are plainly those of Windows."""
    try:
        block.decode(UTF8)
    except UnicodeDecodeError:
        counts = {name: sum(block.count(one) for one in letters) for name, letters in _SWEDISH.items()}
        return WINDOWS if counts[WINDOWS] > counts[PC8] else PC8
    return UTF8


def lines(text: str) -> list[str]:
    """The lines of a block, whichever of the three line ends it has."""
    found = _ENDS.split(text)
    if found and not found[-1]:
        found.pop()
    return found
