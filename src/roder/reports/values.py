"""The figures of one report: each computed once, and remembered when it is printed.

Whatever a report prints goes through `Values.number`, so every number knows which figure it is, and the last section
can say how each of them was made.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from functools import cached_property
from typing import TYPE_CHECKING

from roder.core.numbers import Unit
from roder.reports.document import FigureRef, Number
from roder.reports.prose import Known

if TYPE_CHECKING:
    from roder.figures import At, Figure, FigureRow, Result

Key = tuple[str, ...]


class Values:
    """The figures of a report at an occasion. ``compute`` gives a figure by its name, ``names`` are all there are."""

    def __init__(self, compute: Callable[[str], Result], at: At, catalogue: dict[str, Figure]) -> None:
        self._compute, self.at, self._catalogue = compute, at, catalogue
        self._results: dict[str, Result] = {}
        self._rows: dict[str, dict[Key, FigureRow]] = {}
        self._known: dict[str, Known] = {}
        self.printed: dict[FigureRef, None] = {}

    @cached_property
    def names(self) -> tuple[str, ...]:
        """Every figure of the catalogue."""
        return tuple(self._catalogue)

    def result(self, name: str) -> Result:
        """A figure with all its rows. Raises UnknownFigureError."""
        if name not in self._results:
            self._results[name] = self._compute(name)
        return self._results[name]

    def rows(self, name: str) -> dict[Key, FigureRow]:
        """The rows of a figure by their keys, in print order."""
        if name not in self._rows:
            result = self.result(name)
            self._rows[name] = {
                tuple(row.key[part] for part in result.figure.per): row for row in result.rows
            }
        return self._rows[name]

    def number(
        self, name: str, *key: str, unit: Unit | None = None, digits: int | None = None, suffix: bool = False
    ) -> Number:
        """One number, as the figure prints it (``unit`` and ``digits``: as money so instead). No such row: ``iu.``."""
        result, row = self.result(name), self.rows(name).get(key)
        figure = result.figure
        if row is None:
            return Number(None, unit or figure.show, digits if unit else figure.digits, figure.sign)
        ref = FigureRef(name, tuple(zip(figure.per, key, strict=True)))
        self.printed[ref] = None
        money = unit if unit is not None and row.unit.is_money else None
        if money is None or (digits is None and money is row.show):
            digits = row.digits
        return Number(row.value, money or row.show, digits, row.sign, ref, suffix)

    def label(self, name: str, part: str, value: str) -> str:
        """What a key value of a figure is called."""
        return self.result(name).labels.get(part, {}).get(value, value)

    def has_values(self, *names: str) -> bool:
        """Whether any row of the figures has a value."""
        return any(row.value is not None for name in names for row in self.rows(name).values())

    def known(self, name: str) -> Known | None:
        """A figure as texts may name it, or None when there is none."""
        if name not in self._catalogue:
            return None
        if name not in self._known:
            result = self.result(name)
            rows = self.rows(name)
            figure = result.figure
            self._known[name] = Known(
                name=name,
                per=figure.per,
                unit=figure.unit,
                show=figure.show,
                digits=figure.digits,
                sign=figure.sign,
                label=figure.label,
                rows={key: row.value for key, row in rows.items()},
                defaults=self._defaults(figure.per, rows),
                labels={key: result.label(row) for key, row in rows.items()},
                units={key: (row.show, row.digits) for key, row in rows.items()},
            )
        return self._known[name]

    def _defaults(self, per: Key, rows: Iterable[Key]) -> dict[str, tuple[str, ...]]:
        """What the keys that are left out become, the best first: this year, the total, the latest measured."""
        found: dict[str, tuple[str, ...]] = {}
        for place, part in enumerate(per):
            if part == "ar":
                years = {key[place] for key in rows if key[place] <= str(self.at.year)}
                found[part] = (str(self.at.year), *sorted(years - {str(self.at.year)}, reverse=True))
            elif part == "matdatum":
                found[part] = tuple(
                    sorted({key[place] for key in rows if not key[place].endswith("p")}, reverse=True)
                )
            elif part == "regi":
                found[part] = ("totalt",)
            elif part == "slag":
                found[part] = ("netto",)
        return found

    def figures_printed(self) -> Iterator[Figure]:
        """The figures that the report prints, in the catalogue's order."""
        used = {ref.name for ref in self.printed}
        return (figure for name, figure in self._catalogue.items() if name in used)
