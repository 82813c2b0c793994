"""How far a sheet has come, from its task: the words and symbols that people see."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from enum import StrEnum


class Progress(StrEnum):
    """Where a sheet is on its way from being handed out to being part of the report."""

    ASSIGNED = "assigned"
    WRITING = "writing"
    READY = "ready"
    RETURNED = "returned"
    ATTESTED = "attested"
    INCLUDED = "included"
    LEFT = "left"

    @property
    def label(self) -> str:
        """The state in Swedish."""
        return LABELS[self]

    @property
    def symbol(self) -> str:
        """A symbol that differs in shape, not only in colour. Always shown together with the word."""
        return SYMBOLS[self]

    @property
    def tone(self) -> str:
        """good, near, bad or none: the tone that the pages colour it with."""
        return TONES[self]

    @property
    def reported(self) -> bool:
        """Whether whoever was to write has said that it is ready."""
        return self in REPORTED


LABELS = {
    Progress.ASSIGNED: "Inte påbörjad",
    Progress.WRITING: "Pågår",
    Progress.READY: "Klarmarkerad",
    Progress.RETURNED: "Återlämnad",
    Progress.ATTESTED: "Godkänd",
    Progress.INCLUDED: "Med i rapporten",
    Progress.LEFT: "Inte lämnad",
}
SYMBOLS = {
    Progress.ASSIGNED: "○",
    Progress.WRITING: "◐",
    Progress.READY: "◆",
    Progress.RETURNED: "↩",
    Progress.ATTESTED: "✓",
    Progress.INCLUDED: "✔",
    Progress.LEFT: "✕",
}
TONES = {
    Progress.ASSIGNED: "none",
    Progress.WRITING: "none",
    Progress.READY: "near",
    Progress.RETURNED: "bad",
    Progress.ATTESTED: "good",
    Progress.INCLUDED: "good",
    Progress.LEFT: "bad",
}
REPORTED = frozenset({Progress.READY, Progress.ATTESTED, Progress.INCLUDED})


def progress_of(task_state: str, *, written: bool, included: bool = False) -> Progress:
    """The progress of a sheet whose task is in ``task_state`` (a code of tasks' states; nothing when it has none).

    ``written``: somebody has saved something in it. ``included``: the report it belongs to is locked.
    """
    if included:
        return Progress.INCLUDED
    match task_state:
        case "marked_ready":
            return Progress.READY
        case "returned":
            return Progress.RETURNED
        case "done":
            return Progress.ATTESTED
        case "cancelled":
            return Progress.LEFT
    return Progress.WRITING if written else Progress.ASSIGNED


def counted(states: Iterable[Progress]) -> dict[Progress, int]:
    """How many there are of each, in the order of progress; those that nobody is in are left out."""
    found = Counter(states)
    return {one: found[one] for one in Progress if found[one]}


def sentence(counts: dict[Progress, int]) -> str:
    """``12 uppgifter: 3 godkända, 9 inte påbörjade`` as a sentence."""
    total = sum(counts.values())
    if not total:
        return "Inga uppgifter."
    parts = [f"{count} {_PLURAL[one] if count > 1 else one.label.lower()}" for one, count in counts.items()]
    return f"{total} {'uppgift' if total == 1 else 'uppgifter'}: {', '.join(parts)}."


_PLURAL = {
    Progress.ASSIGNED: "inte påbörjade",
    Progress.WRITING: "pågår",
    Progress.READY: "klarmarkerade",
    Progress.RETURNED: "återlämnade",
    Progress.ATTESTED: "godkända",
    Progress.INCLUDED: "med i rapporten",
    Progress.LEFT: "inte lämnade",
}
