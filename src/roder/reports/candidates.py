"""What a plain number in a comment may be: the figures it is held against."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from roder.core.numbers import Unit
from roder.reports.amounts import Candidate

if TYPE_CHECKING:
    from roder.reports import prose
    from roder.reports.base import Slot
    from roder.reports.build import Assembly
    from roder.reports.facts import Facts


def candidates(assembly: Assembly, slot: Slot) -> list[Candidate]:
    """The figures that a plain number in a comment is held against: its subject's, its section's or all."""
    values = assembly.values
    if slot.about == "subject":
        names = dict.fromkeys(ref.name for ref in values.printed)
        refs = {
            known.ref(key): None
            for name in names
            if (known := values.known(name)) is not None
            for key in known.rows
            if set(slot.codes) & set(key)
        }
    elif slot.about == "section":
        refs = dict(assembly.by_chapter.get(slot.chapter, {}))
    else:
        refs = dict(values.printed)
    found = []
    for ref in refs:
        known = values.known(ref.name)
        if known is not None:
            one = candidate(known, tuple(value for _, value in ref.key), assembly.facts)
            if one is not None:
                found.append(one)
                found += _changes(known, tuple(value for _, value in ref.key), one)
    return found


def _changes(known: prose.Known, key: tuple[str, ...], one: Candidate) -> list[Candidate]:
    """How a count of a year has changed since the year before, in number and in per cent: "ökade med 33 %"."""
    if one.unit is not Unit.COUNT or "ar" not in known.per or _is_difference(known):
        return []
    place = known.per.index("ar")
    year = key[place]
    if not year.isdigit():
        return []
    before = known.rows.get((*key[:place], str(int(year) - 1), *key[place + 1 :]))
    if not before:
        return []
    change = one.value - before
    label = f"{one.label}, förändring sedan året före"
    return [
        replace(one, label=label, value=value, unit=unit, is_difference=True)
        for value, unit in ((change, Unit.COUNT), (change / before * 100, Unit.PERCENT))
    ]


def candidate(known: prose.Known, key: tuple[str, ...], facts: Facts) -> Candidate | None:
    """A row of a figure as something a plain number may be, or None when it has no value."""
    value = known.rows.get(key)
    if value is None:
        return None
    unit, _ = known.printed_in(key)
    higher, better = _tendency(known, key, facts)
    return Candidate(
        ref=known.ref(key),
        label=known.describe(key),
        value=value,
        unit=Unit.KRONOR if unit.is_money else unit,
        is_difference=_is_difference(known),
        higher=higher,
        better=better,
    )


def _is_difference(known: prose.Known) -> bool:
    """A variance or a change, as the catalogue names them."""
    return known.name.endswith(("avvikelse", "forandring"))


def _tendency(known: prose.Known, key: tuple[str, ...], facts: Facts) -> tuple[int, int]:
    """The sign of "more" and of "better": costs are negative; an investment's variance is budget minus forecast."""
    named = dict(zip(known.per, key, strict=True))
    if known.name in ("ekonomi.investeringar.avvikelse", "ekonomi.investeringar.bokslutsavvikelse"):
        return -1, 1
    if known.name.startswith("ekonomi.drift."):
        row = facts.row(named.get("rad", ""))
        sign = row.sign if row else "result"
        return (-1 if sign == "cost" else 1), (1 if _is_difference(known) or sign == "result" else 0)
    if known.name.startswith("ekonomi.verksamhet."):
        return (1 if named.get("slag") == "intakter" else -1), (1 if _is_difference(known) else 0)
    return 1, 0
