"""Tables of key figures for the yearly reports of quality: outcome of two years, the target, and whether it is reached.

Each writes itself on a `Page`; see `roder.reports.base` and `roder.reports.register_parts`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal

from roder.core.numbers import Unit
from roder.reports.area_parts import CLASSIFIED, CLOSED, WHOLE
from roder.reports.base import Page
from roder.reports.document import Cell, Column, Number, Row, Status, Table
from roder.reports.facts_quality import Followed
from roder.reports.findings import lower_first, printed
from roder.reports.parts import OPERATOR_SIGNS, TARGET
from roder.reports.quality_parts import PER_TYPE, Asked, quality, text
from roder.reports.register_parts import ALL, MONTHS, REGISTER, WHOLE_YEAR, settings

#: Key figures that are counted from the deviations themselves, where nobody has registered an outcome.
COUNTED: dict[str, tuple[str, tuple[str, ...]]] = {
    "fallavvikelser": (PER_TYPE, ("fall",)),
    "lakemedelsavvikelser": (PER_TYPE, ("lakemedel",)),
    "avvikelser_bemotande": (PER_TYPE, ("bemotande",)),
    "avslutade_utredningar": (CLOSED, (WHOLE,)),
    "klassificerade_avvikelser": (CLASSIFIED, (WHOLE,)),
}
REACHED: dict[str, Callable[[Decimal, Decimal], bool]] = {
    ">=": lambda value, wanted: value >= wanted,
    ">": lambda value, wanted: value > wanted,
    "<=": lambda value, wanted: value <= wanted,
    "<": lambda value, wanted: value < wanted,
    "=": lambda value, wanted: value == wanted,
}


@dataclass(frozen=True)
class MeasureTable:
    """Key figures in a table: those that are to be reported in ``reported_in``, or whose code begins with a prefix.

    Each setting has its row. ``grouped`` puts them under what they are a sign of (the critical factor). Where there are
    none, that is said if the table is ``needed``.
    """

    caption: str
    reported_in: str = ""
    prefixes: tuple[str, ...] = ()
    grouped: bool = False
    needed: bool = True
    asked: Asked | None = None

    def write(self, page: Page) -> None:
        """Write the table, and the place for analysis."""
        caption = text(page, self.caption)
        chosen = [one for one in quality(page).followed if self._takes(one)]
        rows: list[Row] = []
        group = ""
        for one in chosen:
            if self.grouped and one.group and one.group != group:
                group = one.group
                rows.append(Row(f"grupp-{len(rows)}", {"matt": group}, "sub"))
            rows += _rows(page, one)
        if not rows and self.needed:
            page.absent(caption)
        if rows:
            year = page.facts.year
            columns = (
                Column("matt", "Nyckeltal", "text"),
                Column("fore", f"Utfall {year - 1}"),
                Column("nu", f"Utfall {year}"),
                Column("mal", f"Mål {year}", "text"),
                Column("nar", "Når målet", "status"),
            )
            page.add(Table(caption, columns, tuple(rows), "", tuple(_shorter(page, chosen))))
        if self.asked is not None:
            self.asked.write(page, caption)

    def _takes(self, one: Followed) -> bool:
        return (bool(self.reported_in) and self.reported_in in one.reported_in) or one.code.startswith(
            self.prefixes or ("\0",)
        )


def outcome(page: Page, code: str, part: str, year: int) -> Number:
    """A key figure's outcome of a year: what is registered, else what the deviations give."""
    if part == ALL and code in COUNTED and (code, ALL, str(year)) not in page.values.rows(REGISTER):
        figure, key = COUNTED[code]
        if year == page.facts.year:
            return page.number(figure, *key, str(year), suffix=figure != PER_TYPE)
    return page.number(REGISTER, code, part, str(year), suffix=True)


def _rows(page: Page, one: Followed) -> list[Row]:
    """The key figure as a whole where it is known, and each setting. A target for a number is one for the whole."""
    parts = settings(page, one.code)
    whole = any(key[:2] == (one.code, ALL) for key in page.values.rows(REGISTER))
    if whole and parts != [("Alla", ALL)]:
        parts = [("Alla", ALL), *parts]
    return [_row(page, one, name, part) for name, part in parts]


def _row(page: Page, one: Followed, name: str, part: str) -> Row:
    year = page.facts.year
    now = outcome(page, one.code, part, year)
    target = page.number(TARGET, one.code, str(year), suffix=True)
    judged = part == ALL or now.unit is not Unit.COUNT
    cells: dict[str, Cell] = {
        "matt": one.title if part == ALL else f"{one.title}, {lower_first(name)}",
        "fore": outcome(page, one.code, part, year - 1),
        "nu": now,
        "mal": wanted(one, target) if judged else "",
        "nar": reached(now, target, one.operator) if judged else "",
    }
    return Row(f"{one.code}/{part}", cells)


def wanted(one: Followed, target: Number) -> Cell:
    """A target in a table: its number with the condition, else its words."""
    if target.value is None:
        return one.text or "inget målvärde"
    sign = (
        {">=": "minst", "=": ""}.get(one.operator)
        if one.operator not in OPERATOR_SIGNS
        else OPERATOR_SIGNS[one.operator]
    )
    return (f"{sign}\u00a0", target) if sign else (target,)


def reached(now: Number, target: Number, operator: str) -> Status:
    """Whether the outcome as printed meets the target; that it cannot be said, where either is unknown."""
    if target.value is None:
        return Status("Bedöms i text", "none")
    if now.value is None:
        return Status("Utfall saknas", "none")
    return (
        Status("Ja", "good")
        if REACHED[operator or ">="](printed(now), target.value)
        else Status("Nej", "bad")
    )


def _shorter(page: Page, chosen: list[Followed]) -> list[str]:
    """A note for what does not cover the whole year: half a year is not to be taken for one."""
    rows = page.values.rows(MONTHS)
    notes = []
    for year in (page.facts.year, page.facts.last_year):
        months: dict[int, dict[str, None]] = {}
        for one in chosen:
            for _, part in settings(page, one.code):
                row = rows.get((one.code, part, str(year)))
                if row is not None and row.value is not None and 0 < row.value < WHOLE_YEAR:
                    months.setdefault(int(row.value), {})[one.title] = None
        notes += [
            f"Utfallet {year} avser {count} månader: {', '.join(titles)}."
            for count, titles in sorted(months.items())
        ]
    return notes
