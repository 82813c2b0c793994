"""What is new in a version of a document: paragraph by paragraph, with the words that came and went.

No Django, no database. Källa: 7-meetings 7.1 (a letter of 15 September with four changes, of 22 September with nine).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from difflib import SequenceMatcher
from typing import NamedTuple

EQUAL, CHANGED, ADDED, REMOVED = "equal", "changed", "added", "removed"
ALIKE = 0.5  # two paragraphs that share less are two different ones
MOST_PAIRS = 4_000  # pairs of paragraphs compared closely; a longer stretch is taken as written anew
_WORD = re.compile(r"\s+|[^\W_]+|[\W_]")
_ITEM = re.compile(r"(?:\d+(?:\.\d+)*[.)]?\s|[-–•*]\s|[a-zåäö]\)\s|§)", re.IGNORECASE)


class Change(NamedTuple):
    """A paragraph: the same in both, changed, only in the new (``old`` empty) or only in the old (``new`` empty)."""

    op: str
    old: str
    new: str


class Part(NamedTuple):
    """Some words of a changed paragraph: ``equal``, ``added`` or ``removed``."""

    op: str
    text: str


def difference(old: Sequence[str], new: Sequence[str]) -> list[Change]:
    """The paragraphs of both versions in order, each said to be equal, changed, added or removed."""
    before, after = _clean(old), _clean(new)
    found: list[Change] = []
    for op, a, b, c, d in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        if op == "equal":
            found += [Change(EQUAL, text, text) for text in before[a:b]]
        else:
            found += _matched(before[a:b], after[c:d])
    return found


def count(changes: Iterable[Change]) -> int:
    """How many paragraphs differ."""
    return sum(one.op != EQUAL for one in changes)


def _clean(paragraphs: Sequence[str]) -> list[str]:
    return [words for one in paragraphs if (words := " ".join(one.split()))]


def _matched(old: list[str], new: list[str]) -> list[Change]:
    """Pair the paragraphs of a stretch that are alike, in order, so that as much as possible is kept."""
    if not old or not new or len(old) * len(new) > MOST_PAIRS:
        return [Change(REMOVED, one, "") for one in old] + [Change(ADDED, "", one) for one in new]
    alike = [[_likeness(one, other) for other in new] for one in old]
    best = [[0.0] * (len(new) + 1) for _ in range(len(old) + 1)]
    for i in reversed(range(len(old))):
        for j in reversed(range(len(new))):
            kept = best[i + 1][j + 1] + alike[i][j] if alike[i][j] >= ALIKE else 0.0
            best[i][j] = max(best[i + 1][j], best[i][j + 1], kept)
    found, i, j = [], 0, 0
    while i < len(old) and j < len(new):
        if alike[i][j] >= ALIKE and best[i][j] == best[i + 1][j + 1] + alike[i][j]:
            found.append(Change(CHANGED, old[i], new[j]))
            i, j = i + 1, j + 1
        elif best[i][j] == best[i + 1][j]:
            found.append(Change(REMOVED, old[i], ""))
            i += 1
        else:
            found.append(Change(ADDED, "", new[j]))
            j += 1
    return found + [Change(REMOVED, one, "") for one in old[i:]] + [Change(ADDED, "", one) for one in new[j:]]


def _likeness(one: str, other: str) -> float:
    words = SequenceMatcher(None, one.split(), other.split(), autojunk=False)
    return words.ratio() if words.real_quick_ratio() >= ALIKE else 0.0


def words(old: str, new: str) -> list[Part]:
    """The words of a changed paragraph: what stayed, what came and what went, in reading order."""
    before, after = _WORD.findall(old), _WORD.findall(new)
    found: list[Part] = []

    def add(op: str, pieces: list[str]) -> None:
        text = "".join(pieces)
        if not text:
            return
        if found and found[-1].op == op:
            found[-1] = Part(op, found[-1].text + text)
        else:
            found.append(Part(op, text))

    for op, a, b, c, d in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        if op == "equal":
            add(EQUAL, before[a:b])
        else:
            add(REMOVED, before[a:b])
            add(ADDED, after[c:d])
    return found


def from_lines(lines: Sequence[str]) -> list[str]:
    """Paragraphs of the printed lines of a PDF, which has none: a line much shorter than the longest ends one, and an
    item of a list begins one. Words divided at the end of a line are put together."""
    stripped = [" ".join(line.split()) for line in lines]
    lengths = sorted(len(line) for line in stripped if line)
    full = lengths[int(len(lengths) * 0.9)] if lengths else 0
    found: list[str] = []
    ended = True
    for line in stripped:
        if not line:
            ended = True
            continue
        if ended or _ITEM.match(line):
            found.append(line)
        elif found[-1].endswith("\u00ad") or (re.search(r"[a-zåäö]-$", found[-1]) and line[0].islower()):
            found[-1] = found[-1][:-1] + line
        else:
            found[-1] = f"{found[-1]} {line}"
        ended = len(line) < full * 0.7
    return found
