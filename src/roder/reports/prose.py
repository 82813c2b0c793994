"""What people write in a report, with figures bound by name: ``{{ekonomi.drift.prognosavvikelse[personal]|mkr:1}}``.

Pure functions without Django and database. A bound figure is ``{{name[key1,key2]|unit:digits}}``; key, unit and digits
may be left out. ``|utan tecken`` last prints the amount without its sign, for "2,7 mkr högre kostnader"; the direction
that the words around it give is then checked (see `roder.reports.amounts`).
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from itertools import product
from typing import Literal

from roder.core.numbers import Unit, format_value
from roder.reports.document import Bullets, FigureRef, Inline, Number, Paragraph

UNITS: dict[str, Unit] = {
    "kr": Unit.KRONOR,
    "kronor": Unit.KRONOR,
    "tkr": Unit.TKR,
    "mkr": Unit.MKR,
    "mnkr": Unit.MKR,
    "%": Unit.PERCENT,
    "procent": Unit.PERCENT,
    "procentenheter": Unit.PERCENTAGE_POINTS,
    "antal": Unit.COUNT,
    "st": Unit.COUNT,
    "timmar": Unit.HOURS,
    "dagar": Unit.DAYS,
    "skala": Unit.SCALE,
    "index": Unit.INDEX,
}
MAX_DIGITS = 4

_BRACES = re.compile(r"\{\{([^{}]*)\}\}")
_INSIDE = re.compile(
    r"\s*(?P<name>[^\[\]|{}\s]+)\s*(?:\[(?P<key>[^\[\]|{}]*)\])?\s*"
    r"(?:\|\s*(?P<unit>[^|:{}\s]+)\s*(?::\s*(?P<digits>\d+)\s*)?)??"
    r"(?P<unsigned>\|\s*utan\s+tecken\s*)?"
)


@dataclass(frozen=True)
class Bound:
    """A figure named in a text, where it stands, and how it is to be printed (None: as the figure itself says)."""

    name: str
    key: tuple[str, ...]
    unit: str | None
    digits: int | None
    unsigned: bool
    start: int
    end: int
    text: str


@dataclass(frozen=True)
class Malformed:
    """Braces that cannot be read as a figure."""

    start: int
    end: int
    text: str


@dataclass(frozen=True)
class Known:
    """A figure with its rows, as far as a text can name them. Money is kronor.

    ``defaults`` gives what keys that are left out become, best first (the year of the occasion, else the latest);
    ``labels`` a row's name for people; ``units`` the unit and decimals of rows that have their own.
    """

    name: str
    per: tuple[str, ...]
    unit: Unit
    show: Unit
    digits: int | None
    sign: bool
    label: str
    rows: Mapping[tuple[str, ...], Decimal | None]
    defaults: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    labels: Mapping[tuple[str, ...], str] = field(default_factory=dict)
    units: Mapping[tuple[str, ...], tuple[Unit, int]] = field(default_factory=dict)

    def printed_in(self, key: tuple[str, ...]) -> tuple[Unit, int | None]:
        """The unit a row is shown in, and its decimals (None: the unit's own)."""
        return self.units.get(key, (self.show, self.digits))

    def complete(self, key: tuple[str, ...]) -> tuple[str, ...]:
        """The key with the parts that may be left out filled in."""
        for rest in product(*(self.defaults.get(part, ()) for part in self.per[len(key) :])):
            if (*key, *rest) in self.rows:
                return (*key, *rest)
        return key

    def ref(self, key: tuple[str, ...]) -> FigureRef:
        """The row as the document model names it."""
        return FigureRef(self.name, tuple(zip(self.per, key, strict=True)))

    def describe(self, key: tuple[str, ...]) -> str:
        """The row for people: ``Prognosavvikelse, Personalkostnader``."""
        row = self.labels.get(key) or ", ".join(key)
        return f"{self.label}, {row}" if row else self.label

    def placeholder(self, key: tuple[str, ...]) -> str:
        """What to write in a text to name the row."""
        inside = f"[{','.join(key)}]" if key else ""
        return f"{{{{{self.name}{inside}}}}}"


Lookup = Callable[[str], Known | None]


@dataclass(frozen=True)
class UnknownFigure:
    """A figure or a row of it that does not exist, with the nearest that do. A report with one cannot be locked."""

    start: int
    end: int
    text: str
    why: str
    suggestions: tuple[str, ...] = ()


def parts(text: str) -> Iterator[str | Bound | Malformed]:
    """The text cut in plain pieces and bound figures, in order. Braces never closed come as Malformed."""
    at = 0
    for found in _BRACES.finditer(text):
        if found.start() > at:
            yield from _plain(text[at : found.start()], at)
        yield _bound(found)
        at = found.end()
    if at < len(text):
        yield from _plain(text[at:], at)


def _plain(piece: str, offset: int) -> Iterator[str | Malformed]:
    """A piece without figures; an opening or closing pair of braces in it is a figure somebody mistyped."""
    at = 0
    for found in re.finditer(r"\{\{|\}\}", piece):
        start = found.start()
        end = len(piece) if found.group() == "{{" else found.end()
        if start < at:
            continue
        if start > at:
            yield piece[at:start]
        yield Malformed(offset + start, offset + end, piece[start:end])
        at = end
    if at < len(piece):
        yield piece[at:]


def _bound(found: re.Match[str]) -> Bound | Malformed:
    inside = _INSIDE.fullmatch(found.group(1))
    if inside is None:
        return Malformed(found.start(), found.end(), found.group())
    key = tuple(part.strip() for part in inside["key"].split(",")) if inside["key"] else ()
    digits = int(inside["digits"]) if inside["digits"] else None
    return Bound(
        name=inside["name"],
        key=key,
        unit=inside["unit"],
        digits=digits,
        unsigned=bool(inside["unsigned"]),
        start=found.start(),
        end=found.end(),
        text=found.group(),
    )


def bound(text: str) -> list[Bound]:
    """Every figure named in the text."""
    return [part for part in parts(text) if isinstance(part, Bound)]


def fault(part: Bound | Malformed, lookup: Lookup, names: Iterable[str]) -> UnknownFigure | None:
    """Why a named figure cannot be printed, or None when it can. ``names`` are all figures, for suggestions."""
    here = (part.start, part.end, part.text)
    if isinstance(part, Malformed):
        return UnknownFigure(*here, "går inte att läsa: skriv {{namn[nyckel]|enhet:decimaler}}")
    known = lookup(part.name)
    if known is None:
        near = difflib.get_close_matches(part.name, list(names), 3, 0.5)
        return UnknownFigure(*here, f"siffran {part.name} finns inte", tuple(near))
    key = known.complete(part.key)
    if key not in known.rows:
        return UnknownFigure(*here, _why_no_row(known, part.key), _near_rows(known, key))
    if part.unit is not None:
        unit = UNITS.get(part.unit.lower())
        own, _ = known.printed_in(key)
        if unit is None or not _shows(own, unit):
            return UnknownFigure(*here, f"{part.name} kan inte visas i {part.unit}", _units_for(own))
    if part.digits is not None and part.digits > MAX_DIGITS:
        return UnknownFigure(*here, f"{part.digits} decimaler är för många (högst {MAX_DIGITS})")
    return None


def unknown(text: str, lookup: Lookup, names: Iterable[str]) -> list[UnknownFigure]:
    """Every figure in the text that cannot be printed, with why and the nearest that exist."""
    all_names = list(names)
    faults = (fault(part, lookup, all_names) for part in parts(text) if not isinstance(part, str))
    return [found for found in faults if found is not None]


def _why_no_row(known: Known, key: tuple[str, ...]) -> str:
    left_out = known.per[len(key) :]
    if len(key) > len(known.per) or any(part not in known.defaults for part in left_out):
        wanted = ", ".join(known.per) or "ingen nyckel"
        return f"{known.name} ska ha nyckeln [{wanted}]" if known.per else f"{known.name} har ingen nyckel"
    return f"{known.name} har ingen rad [{', '.join(key)}]"


def _near_rows(known: Known, key: tuple[str, ...]) -> tuple[str, ...]:
    rows = {",".join(row): row for row in known.rows}
    near = difflib.get_close_matches(",".join(key), list(rows), 3, 0.4) or list(rows)[:3]
    return tuple(f"{known.name}[{row}]" for row in near)


def _shows(own: Unit, wanted: Unit) -> bool:
    """Whether a value kept in one unit can be printed in the other: money in money, else only in its own."""
    return own is wanted or (own.is_money and wanted.is_money)


def _units_for(own: Unit) -> tuple[str, ...]:
    return ("kr", "tkr", "mkr") if own.is_money else (own.value,)


def number(part: Bound, known: Known) -> Number:
    """The number that a named figure becomes, with its unit after it. The row must exist (see `fault`)."""
    key = known.complete(part.key)
    value = known.rows[key]
    own, own_digits = known.printed_in(key)
    unit = UNITS[part.unit.lower()] if part.unit else own
    digits = part.digits if part.digits is not None else (own_digits if unit is own else None)
    if part.unsigned and value is not None:
        value = abs(value)
    return Number(
        value, unit, digits, known.sign and not part.unsigned, known.ref(key), suffix=value is not None
    )


def inlines(text: str, lookup: Lookup) -> tuple[Inline, ...]:
    """A piece of running text with its figures as numbers. What cannot be printed stands as it was written."""
    found: list[Inline] = []
    for part in parts(text):
        if isinstance(part, str):
            found.append(part)
        elif isinstance(part, Bound) and fault(part, lookup, ()) is None:
            known = lookup(part.name)
            assert known is not None  # noqa: S101 - `fault` has just found it
            found.append(number(part, known))
        else:
            found.append(part.text)
    return tuple(found)


def blocks(text: str, lookup: Lookup) -> list[Paragraph | Bullets]:
    """A whole comment as paragraphs (blank line between) and lists (lines that begin with ``-``, ``*`` or ``•``)."""
    made: list[Paragraph | Bullets] = []
    for paragraph in re.split(r"\n[ \t]*\n", text.replace("\r\n", "\n").strip()):
        lines = [line.strip() for line in paragraph.split("\n") if line.strip()]
        for kind, group in _runs(lines):
            if kind == "list":
                made.append(Bullets(tuple(inlines(re.sub(r"^[-*•]\s+", "", line), lookup) for line in group)))
            else:
                made.append(Paragraph(inlines(" ".join(group), lookup)))
    return made


def _runs(lines: list[str]) -> Iterator[tuple[Literal["list", "text"], list[str]]]:
    """Neighbouring lines of the same kind together."""
    group: list[str] = []
    before: Literal["list", "text"] = "text"
    for line in lines:
        kind: Literal["list", "text"] = "list" if re.match(r"[-*•]\s", line) else "text"
        if group and kind != before:
            yield before, group
            group = []
        group.append(line)
        before = kind
    if group:
        yield before, group


def plain(text: str, lookup: Lookup) -> str:
    """The comment as it will be read, without mark-up, for lists and previews."""
    return "".join(part if isinstance(part, str) else part.text for part in inlines(text, lookup))


def choices(figures: Iterable[Known], key_value: str | None = None) -> list[tuple[str, str]]:
    """What a writer can insert: (placeholder, description with value), for all rows or those of one subject."""
    offered = []
    for known in figures:
        for key, value in known.rows.items():
            if key_value is None or key_value in key:
                unit, digits = known.printed_in(key)
                shown = format_value(value, unit, digits, sign=known.sign, suffix=True)
                offered.append((known.placeholder(key), f"{known.describe(key)}: {shown}"))
    return offered
