"""The two #KSUMMA records of a file: where the sum begins, and what it should be at the end."""

from __future__ import annotations

import re

from roder.economy.sie.checksum import Checksum
from roder.economy.sie.faults import AGAIN, Faults
from roder.economy.sie.fields import Field, shown

_RECORD = re.compile(rb"^[ \t]*#KSUMMA\b[^\r\n]*", re.MULTILINE)


class Seal:
    """Follows the file's bytes between the two records; the reader says on which lines they stand."""

    def __init__(self) -> None:
        self.sum = Checksum()
        self.is_open = False
        self._records: list[tuple[int, list[Field]]] = []

    def add(self, block: bytes) -> None:
        """Add a part of the file that holds whole lines."""
        start = 0
        for found in _RECORD.finditer(block) if b"#KSUMMA" in block else ():
            if self.is_open:
                self.sum.add(block[start : found.start()])
            self.is_open, start = not self.is_open, found.end()
        if self.is_open and start < len(block):
            self.sum.add(block[start:])

    def record(self, line: int, fields: list[Field]) -> None:
        """Note a #KSUMMA record: #KSUMMA without a value, and #KSUMMA kontrollsumma at the end."""
        self._records.append((line, fields))

    def check(self, faults: Faults) -> None:
        """Note what is wrong at the end of the file. A file without the records has nothing to check."""
        if not self._records:
            return
        line, fields = self._records[-1]
        if len(self._records) == 1:
            faults.add(
                line,
                "filen har en inledande #KSUMMA men ingen avslutande",
                "Filen är avklippt. Ta ut den igen och kontrollera dess storlek.",
            )
            return
        text = shown(fields[1]) if len(fields) > 1 else ""
        try:
            right = self.sum.agrees(int(text))
        except ValueError:
            right = False
        if not right:
            faults.add(
                line,
                f"kontrollsumman ”{text}” stämmer inte; innehållet ger {self.sum.published}",
                f"Filen har ändrats efter att den togs ut. {AGAIN}",
            )
