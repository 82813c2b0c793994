"""The words for how a control point came out: those of the steering model's scale, else the program's own.

What is stored is which of the scale's steps somebody chose, and what it counts as: without remarks, with, not tested,
or moved. The step gives word and tone; what it counts as follows from its tone, so that figures are the same whatever
a municipality calls its steps (docs/decisions/0036). Pure: no Django and no database.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Protocol

from roder.core.words import joined

WITHOUT, WITH, UNTESTED, MOVED = "without", "with", "untested", "moved"
#: What a step counts as, by its tone.
COUNTS_AS = {"good": WITHOUT, "near": WITH, "bad": WITH, "none": UNTESTED}
#: The codes of a step that is about moving a point to a later occasion, which is no assessment.
MOVING = frozenset({"moved", "flyttad"})


class Step(Protocol):
    """A step of a scale."""

    @property
    def code(self) -> str: ...

    @property
    def label(self) -> str: ...

    @property
    def tone(self) -> str: ...


@dataclass(frozen=True)
class Word:
    """A word that may be chosen: ``outcome`` is what it counts as, ``step`` the scale's own code or nothing."""

    code: str
    label: str
    tone: str
    outcome: str
    short: str
    step: str = ""


OWN = (
    Word(
        WITHOUT,
        "Genomförd utan anmärkning eller med försumbar anmärkning",
        "good",
        WITHOUT,
        "Utan anmärkning",
    ),
    Word(WITH, "Genomförd med anmärkning", "bad", WITH, "Med anmärkning"),
    Word(MOVED, "Flyttad", "near", MOVED, "Flyttad"),
)
_KEPT = {one.outcome: one for one in OWN} | {
    UNTESTED: Word(UNTESTED, "Inte genomförd", "none", UNTESTED, "Inte genomförd")
}
_IN_TEXT = {WITHOUT: "utan anmärkning", WITH: "med anmärkning"}


@dataclass(frozen=True)
class Words:
    """The words of an occasion, in order."""

    every: tuple[Word, ...] = OWN

    @property
    def are_own(self) -> bool:
        """Whether they are the program's own, for want of a scale."""
        return self.every == OWN

    def find(self, code: str) -> Word | None:
        """The word with that code; else that of what it counts as, for files and programs that say only that."""
        return next((one for one in self.every if one.code == code), None) or self._only(code)

    def _only(self, outcome: str) -> Word | None:
        alike = [one for one in self.every if one.outcome == outcome]
        return alike[0] if len(alike) == 1 else _KEPT.get(outcome)

    def of(self, outcome: str, step: str) -> Word:
        """The word for what is stored. One whose step is not known, or not any more, has the program's own word unless
        only one step counts as the same."""
        chosen = next((one for one in self.every if step and one.step == step), None)
        return chosen or self._only(outcome) or _KEPT[outcome]

    def said(self, outcome: str) -> str:
        """How what counts as without remarks, or with, is said inside a sentence."""
        labels = [f"”{one.label}”" for one in self.every if one.outcome == outcome]
        return _IN_TEXT[outcome] if self.are_own or not labels else joined(labels, "eller")

    def tally(self, without: int, remarks: int) -> str:
        """``2 utan anmärkning, 2 med``, in these words."""
        if self.are_own:
            return f"{without} utan anmärkning, {remarks} med"
        return f"{without} {self.said(WITHOUT)}, {remarks} {self.said(WITH)}"


def words_of(steps: Iterable[Step]) -> Words:
    """The words of a scale; the program's own when it has no steps. That a point is moved can always be said."""
    found = tuple(
        Word(
            one.code, one.label, one.tone, MOVED if one.code in MOVING else COUNTS_AS[one.tone], one.label,
            one.code,
        )
        for one in steps
    )  # fmt: skip
    if not found:
        return Words()
    moved = () if any(one.outcome == MOVED for one in found) else (_KEPT[MOVED],)
    return Words((*found, *moved))
