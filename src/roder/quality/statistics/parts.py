"""What the statistics page is made of: cards, sections, and cells that hide what is small."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from functools import cached_property

from roder.core.numbers import Unit
from roder.organisation.models import Body
from roder.quality.statistics import queries, rules
from roder.quality.statistics.choice import Choice, Words
from roder.reports.document import Cell, Chart, Number, Table

#: What stands instead of a number that is not shown.
HIDDEN = "dolt"


@dataclass(frozen=True)
class Card:
    """A number in a box: what it is, how it has changed, and how it stands to its target."""

    title: str
    value: str
    detail: str
    tone: str = ""
    word: str = ""


@dataclass(frozen=True)
class Heat:
    """A cell of the heat map: what stands in it, its shade, and the choice that it opens."""

    text: str
    shade: int
    unit: int | None = None
    kind: int | None = None


@dataclass
class Section:
    """A part of the page: its finding, what it means, the chart, and all its numbers."""

    code: str
    title: str
    table: Table
    chart: Chart | None = None
    words: tuple[str, ...] = ()
    heat: list[tuple[str, int | None, list[Heat]]] = field(default_factory=list)


@dataclass(frozen=True)
class Practice:
    """What the steering model says: targets in per cent, the smallest number shown, what the grades are called."""

    closed: int | None
    classified: int | None
    below: int
    grades: Mapping[int, str]


@dataclass(frozen=True)
class Page:
    """Everything that is shown. ``closed`` says why nothing is."""

    cards: list[Card]
    sections: list[Section]
    closed: str = ""


class Counted:
    """The counts of a choice, as cells. ``exact`` is False for those who may not see the cases themselves; ``today``
    tells which months are over."""

    def __init__(
        self, committee: Body, choice: Choice, words: Words, practice: Practice, *, exact: bool, today: date
    ) -> None:
        self.committee, self.words, self.practice, self.today = committee, words, practice, today
        self.choice = choice if exact else choice.whole_months()
        self.below = 0 if exact else practice.below
        self.now, self.then = queries.totals(committee, self.choice)
        self.titles = (self.choice.period.text.capitalize(), self.choice.compared.text.capitalize())
        if self.titles[0] == self.titles[1]:
            self.titles = (self.titles[0], f"{self.titles[1]} (jämförelse)")

    @cached_property
    def matters(self) -> tuple[queries.Matters, queries.Matters]:
        """Types and causes of both periods."""
        return queries.matters(self.committee, self.choice)

    def _number(self, value: int, *, hidden: bool = False) -> Number | str:
        return HIDDEN if hidden or rules.small(value, self.below) else Number(Decimal(value), Unit.COUNT)

    def _list(self, values: Mapping[str, int]) -> dict[str, Number | str]:
        """The numbers of a list as cells, those hidden that must be."""
        hidden = rules.hide_in_list(values, self.below)
        return {key: self._number(value, hidden=key in hidden) for key, value in values.items()}

    @staticmethod
    def _change(now: Cell, then: Cell) -> Cell:
        if (
            not isinstance(now, Number)
            or not isinstance(then, Number)
            or now.value is None
            or then.value is None
        ):
            return ""
        change = rules.change(int(now.value), int(then.value))
        return "" if change is None else Number(change, Unit.PERCENT, 0, sign=True)

    @staticmethod
    def _shown(cell: Cell) -> Number | None:
        return cell if isinstance(cell, Number) else None

    def _hides_serious(self) -> bool:
        cells = self._list({str(grade): count for grade, count in self.now.severity.items()})
        return any(cell == HIDDEN for cell in cells.values())
