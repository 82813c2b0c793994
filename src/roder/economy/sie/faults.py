"""What is wrong with a bookkeeping file, said with its line and what to do. All is told, up to a limit."""

from __future__ import annotations

from dataclasses import dataclass, field

KEPT = 1000  # faults kept with their words; the rest are counted
AGAIN = "Ta ut filen igen ur ekonomisystemet."


@dataclass(frozen=True)
class Fault:
    """One fault. ``line`` counts from 1; None when it concerns the whole file."""

    line: int | None
    what: str
    do: str


@dataclass
class Faults:
    """The faults of a file in the order they were found."""

    kept: list[Fault] = field(default_factory=list)
    count: int = 0

    def add(self, line: int | None, what: str, do: str) -> None:
        """Note a fault; the first thousand keep their words."""
        self.count += 1
        if len(self.kept) < KEPT:
            self.kept.append(Fault(line, what, do))
