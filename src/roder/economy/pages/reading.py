"""The figures of a page: read from the live database in one query, each number knowing which figure it is."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from roder.core.numbers import Unit
from roder.figures.calculate import compiled
from roder.figures.registry import At, find
from roder.figures.source import LiveSource
from roder.organisation.models import Body
from roder.reports.document import FigureRef, Number
from roder.steering.models import Occasion

Key = tuple[str, ...]


@dataclass(frozen=True)
class Value:
    """One number of a figure, unrounded, with what its first key is called and its place in print."""

    key: Key
    label: str
    position: int
    value: Decimal | None


class Reading:
    """Figures of a committee at an occasion (or several). Ask for all of them at once: that is one query.

    Values are printed as their figures say, money in ``money`` with ``digits`` decimals (the municipality's own tables;
    None: as many as the unit usually has). Figures
    that divide (ratios) are not for this: use ``roder.figures.compute``.
    """

    def __init__(
        self, committee: Body, occasion: Occasion, money: Unit = Unit.TKR, digits: int | None = None
    ) -> None:
        self.source = LiveSource(committee)
        self.money, self.digits = money, digits
        self.committee = committee
        self.at = self.at_of(occasion)
        self._rows: dict[tuple[str, str], dict[Key, Value]] = {}

    def at_of(self, occasion: Occasion) -> At:
        """Another occasion of the same committee."""
        occasion.committee = self.committee  # known here: not fetched again
        return At.of(occasion)

    def fetch(self, names: Iterable[str], elsewhere: Iterable[tuple[str, At]] = ()) -> None:
        """Read figures at this occasion, and others at ``elsewhere``."""
        asked = [*((name, self.at) for name in names), *elsewhere]
        parts, tables = [], set[str]()
        for place, (name, at) in enumerate(asked):
            made, per = compiled(name, at, self.source.dialect), find(name).per
            keys = ", ".join(f't."{part}"::text' for part in per)
            label = f't."{per[0]}_label"::text' if f"{per[0]}_label" in made.columns else "NULL::text"
            position = "t.position::bigint" if "position" in made.columns else "0::bigint"
            parts.append(
                f"SELECT {place} AS place, ARRAY[{keys}] AS key, {label} AS label, {position} AS position, "  # noqa: S608
                f"t.value::numeric AS value FROM (\n{made.sql}\n) AS t"
            )
            tables |= set(made.tables)
            self._rows[name, at.code] = {}
        if not parts:
            return
        for place, key, label, position, value in self.source.run(
            "\nUNION ALL\n".join(parts), sorted(tables)
        ):
            name, at = asked[place]
            self._rows[name, at.code][tuple(key)] = Value(tuple(key), label or key[0], position or 0, value)

    def rows(self, name: str, code: str = "") -> list[Value]:
        """A figure's rows in print order."""
        return sorted(
            self._rows[name, code or self.at.code].values(), key=lambda row: (row.position, row.key)
        )

    def value(self, name: str, *key: str, code: str = "") -> Decimal | None:
        """One value, unrounded; None when it is missing or there is no such row."""
        row = self._rows[name, code or self.at.code].get(key)
        return None if row is None else row.value

    def has_values(self, *names: str) -> bool:
        """Whether any of the figures has any value at this occasion."""
        return any(row.value is not None for name in names for row in self._rows[name, self.at.code].values())

    def number(
        self,
        name: str,
        *key: str,
        code: str = "",
        unit: Unit | None = None,
        suffix: bool = False,
        sign: bool | None = None,
    ) -> Number:
        """One number as printed, with its figure. A figure of another occasion has no reference: its page is there."""
        figure = find(name)
        shown = unit or (self.money if figure.show.is_money else figure.show)
        digits = figure.digits if shown is figure.show else None
        if unit is None and figure.show.is_money and self.digits is not None:
            digits = self.digits
        known = (code or self.at.code) == self.at.code and key in self._rows[name, self.at.code]
        ref = FigureRef(name, tuple(zip(figure.per, key, strict=True))) if known else None
        signed = figure.sign if sign is None else sign
        return Number(self.value(name, *key, code=code), shown, digits, signed, ref, suffix)
