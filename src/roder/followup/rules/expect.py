"""Who is expected to report what: shares, the part's own rule where a subject has none, and departments above."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Set
from dataclasses import dataclass, field

Key = tuple[str, int]


@dataclass(frozen=True)
class Shared:
    """A share that holds: of a subject, to a unit (None: to every unit that reports), with what is under it or not."""

    subject: Key
    unit: int | None = None
    with_below: bool = True


@dataclass(frozen=True)
class Tree:
    """The units that take part: the parent of each (None at the top), and which report and which summarise."""

    parents: Mapping[int, int | None]
    reporting: Set[int]
    summarising: Set[int] = field(default_factory=frozenset)

    @property
    def taking_part(self) -> set[int]:
        """Everybody who has a sheet of their own."""
        return set(self.reporting) | set(self.summarising)

    def above(self, unit: int) -> list[int]:
        """The units above one, the nearest first. A ring, which the data does not have, ends where it begins."""
        found: list[int] = []
        at = self.parents.get(unit)
        while at is not None and at != unit and at not in found:
            found.append(at)
            at = self.parents.get(at)
        return found


def receivers(shared: Shared, tree: Tree) -> set[int]:
    """The units that a share tells to report."""
    if shared.unit is None:
        return tree.taking_part
    found = {shared.unit} & tree.taking_part
    if shared.with_below:
        found |= {one for one in tree.taking_part if shared.unit in tree.above(one)}
    return found


def expected(
    subjects: Iterable[Key], default: Mapping[Key, Set[int]], shares: Iterable[Shared], tree: Tree
) -> dict[int, list[Key]]:
    """Unit -> what it is expected to report, in the order of ``subjects``.

    A subject with shares goes to those they name and no others. One without goes where the part's own rule
    (``default``) says. A unit that summarises has everything that units under it have, besides its own.
    """
    told: dict[Key, set[int]] = {}
    for one in shares:
        told.setdefault(one.subject, set()).update(receivers(one, tree))
    lines = {unit: [one for one in tree.above(unit) if one in tree.summarising] for unit in tree.taking_part}
    found: dict[int, list[Key]] = {}
    for subject in subjects:
        direct = told.get(subject, default.get(subject, frozenset())) & tree.taking_part
        whole = set(direct)
        for unit in direct:
            whole.update(lines[unit])
        for unit in whole:
            found.setdefault(unit, []).append(subject)
    return found
