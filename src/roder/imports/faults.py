"""What is wrong with a file, said so that a person can mend it."""

from __future__ import annotations

from dataclasses import dataclass

SHOWN = 200  # faults shown on a page and on the command line; the rest are counted, and in the report


@dataclass(frozen=True)
class Fault:
    """One fault. ``row`` counts from 1 with the heading, as in a spreadsheet; None when it concerns the whole file."""

    row: int | None
    column: str | None
    what: str
    do: str

    @property
    def message(self) -> str:
        """What is wrong, and what to do about it."""
        return f"{self.what}. {self.do}"

    def line(self, file_name: str) -> str:
        """``FIL:RAD:KOLUMN: message``, as compilers write it."""
        place = ":".join(str(part) for part in (file_name, self.row, self.column) if part is not None)
        return f"{place}: {self.message}"
