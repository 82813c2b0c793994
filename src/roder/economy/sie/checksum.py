"""#KSUMMA: CRC-32 over the labels and the contents of the fields between the two records.

Not counted are what stands between fields (spaces, tabs, line ends), the quotes around a field, the mark before a
quote inside it, and braces. Programs differ in two things, so four sums are kept and any of them is right: with or
without the sign before the label, and with or without spaces inside a field.
"""

from __future__ import annotations

import zlib
from dataclasses import dataclass, field

_BETWEEN = b" \t\r\n\x0b\x0c{}"
_SPACES = b" \t"


@dataclass
class Checksum:
    """The sums so far, after each part of the file that holds whole lines."""

    sums: list[int] = field(default_factory=lambda: [0, 0, 0, 0])

    def add(self, block: bytes) -> None:
        """Add lines as they stand in the file."""
        parts = block.replace(b"\x00", b"").replace(b'\\"', b"\x01").split(b'"')
        outside = b"\x00".join(parts[::2])
        # A sign at the start of a line is the label's; the first line has no line end before it.
        unmarked = (b"\n" + outside.replace(b"\r", b"\n")).replace(b"\n#", b"\n")
        for place, between in enumerate((outside, unmarked)):
            parts[::2] = between.translate(None, _BETWEEN).split(b"\x00")
            counted = b"".join(parts).replace(b"\x01", b'"')
            self.sums[place] = zlib.crc32(counted, self.sums[place])
            self.sums[place + 2] = zlib.crc32(counted.translate(None, _SPACES), self.sums[place + 2])

    @property
    def published(self) -> int:
        """The sum that the published rules give."""
        return self.sums[0]

    def agrees(self, value: int) -> bool:
        """Whether a sum of the file is right; some programs write it as a number with a sign."""
        return value % (1 << 32) in self.sums
