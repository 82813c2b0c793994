"""Which mandates a person's groups give, and which they no longer give. Pure: no Django, no database."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

UNIT = "{unit}"


@dataclass(frozen=True, order=True)
class Rule:
    """A group and the mandate it gives. ``unit`` None: the whole committee. ``{unit}`` in both ``group`` and ``unit``:
    the code of the unit stands in the group's name."""

    group: str
    role: str
    committee: str
    unit: str | None = None


@dataclass(frozen=True)
class Wanted:
    """A mandate that a group gives: role, committee and unit's code (None: the whole committee)."""

    role: str
    committee: str
    unit: str | None


@dataclass(frozen=True)
class Held:
    """A mandate that holds today. ``source`` is the code of the provider it came from, empty for one given by hand."""

    key: int
    place: Wanted
    source: str


@dataclass(frozen=True)
class Nowhere:
    """A group that a rule speaks of, but whose committee or unit does not exist."""

    group: str
    rule: Rule
    committee_exists: bool


@dataclass(frozen=True)
class Outcome:
    """What is to be done, and what there is to say about it."""

    given_by: Mapping[Wanted, str]  # every mandate that the groups give, and the group that gives it
    give: tuple[Wanted, ...]  # those of them that are missing
    end: tuple[Held, ...]  # those of the provider's that no group gives any more
    unmatched: tuple[str, ...]  # groups that no rule speaks of
    nowhere: tuple[Nowhere, ...]


def folded(text: str) -> str:
    """A group's name or a unit's code as it is compared: a directory does not tell capitals from small letters."""
    return text.strip().casefold()


def unit_code(pattern: str, group: str) -> str | None:
    """What stands in the place of ``{unit}`` in the group's name, None when the name is another."""
    start, _, end = folded(pattern).partition(UNIT)
    name = folded(group)
    if not (name.startswith(start) and name.endswith(end) and len(name) > len(start) + len(end)):
        return None
    return name[len(start) : len(name) - len(end)]


def compute(
    rules: Iterable[Rule],
    groups: Iterable[str],
    units: Mapping[str, Iterable[str]],
    held: Iterable[Held],
    source: str,
) -> Outcome:
    """What a login with ``groups`` means for the mandates ``held`` today.

    ``units``: the codes of each committee's units, by the committee's slug. Mandates that were given by hand, or came
    from another provider, are never ended; one that is held already is not given again, however it came about.
    """
    rules, held = tuple(rules), tuple(held)
    codes = {committee: {folded(code): code for code in found} for committee, found in units.items()}
    given_by: dict[Wanted, str] = {}
    unmatched: list[str] = []
    nowhere: list[Nowhere] = []
    for group in sorted({one.strip() for one in groups} - {""}):
        spoken = [rule for rule in rules if _speaks_of(rule, group)]
        if not spoken:
            unmatched.append(group)
        for rule in spoken:
            place = _place(rule, group, codes)
            if place is None:
                nowhere.append(Nowhere(group, rule, rule.committee in codes))
            else:
                given_by.setdefault(place, group)
    places = {one.place for one in held}
    return Outcome(
        given_by=given_by,
        give=tuple(place for place in given_by if place not in places),
        end=tuple(one for one in held if one.source == source and one.place not in given_by),
        unmatched=tuple(unmatched),
        nowhere=tuple(nowhere),
    )


def _speaks_of(rule: Rule, group: str) -> bool:
    if UNIT in rule.group:
        return unit_code(rule.group, group) is not None
    return folded(rule.group) == folded(group)


def _place(rule: Rule, group: str, codes: Mapping[str, Mapping[str, str]]) -> Wanted | None:
    if rule.committee not in codes:
        return None
    if rule.unit is None:
        return Wanted(rule.role, rule.committee, None)
    wanted = unit_code(rule.group, group) if rule.unit == UNIT else folded(rule.unit)
    code = codes[rule.committee].get(wanted or "")
    return Wanted(rule.role, rule.committee, code) if code is not None else None
