"""What the cross checks look at, and what they say."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from roder.steering.modelfile.faults import Path, suggestion
from roder.steering.modelfile.view import View


@dataclass(frozen=True)
class Remark:
    """Something wrong at a path, in Swedish."""

    path: Path
    message: str


@dataclass(frozen=True)
class Look:
    """The file as plain data, and the sections that could not be read at all (nothing is said about
    those)."""

    root: View
    unreadable: frozenset[str] = field(default_factory=frozenset)

    def unknown(self, reference: View, known: Iterable[str], section: str, what: str) -> Iterator[Remark]:
        """A remark when a reference names a code that ``section`` does not hold."""
        names = list(known)
        code = reference.text
        if code is None or code in names or section in self.unreadable:
            return
        where = f"”{section}”" if names else f"”{section}”, som saknas eller är tomt"
        yield Remark(
            reference.path,
            f"{what.capitalize()} ”{code}” finns inte i {where}.{suggestion(code, names)} "
            f"Rätta koden eller lägg till {what} där.",
        )
