"""The stream of synthetic deviations: five years from a seed, the same every time, with the printed totals."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from random import Random

from roder.quality.demo.plan import AREAS, BESIDE, HALVES, SECOND, SPREAD, SPREAD_2022, TYPES, UNITS, Half
from roder.quality.demo.words import DONE, EVENTS, PLACES, REGION

SEED = 1489
LAST_MOMENT = datetime(2022, 12, 31, 23, 0)
#: Events happen in the hours of care: falls in the morning and evening, medicine at its rounds.
HOURS = {
    "fall": (3, 2, 2, 2, 3, 5, 8, 9, 7, 5, 5, 4, 4, 4, 4, 4, 5, 6, 7, 8, 8, 7, 5, 4),
    "lakemedel": (1, 0, 0, 0, 0, 1, 4, 14, 14, 6, 2, 2, 8, 4, 6, 2, 2, 8, 4, 3, 12, 6, 2, 1),
}
_DAYTIME = (1, 1, 1, 1, 1, 2, 5, 8, 8, 8, 7, 6, 6, 7, 7, 6, 5, 5, 5, 4, 4, 3, 2, 1)


@dataclass(frozen=True)
class Event:
    """A synthetic deviation. Moments are Swedish wall-clock time; ``matters`` are (type, cause or nothing)."""

    occurred: datetime
    discovered: datetime
    reported: datetime
    area: str
    unit: str
    law: str
    direction: str
    matters: tuple[tuple[str, str], ...]
    severity: int | None = None
    classified: datetime | None = None
    closed: datetime | None = None
    counterpart: str = ""
    reporter: str = ""
    reference: str = ""
    place: str = ""
    what: str = ""
    action: str = ""
    number: str = ""

    @property
    def types(self) -> tuple[str, ...]:
        """The codes of its types."""
        return tuple(dict.fromkeys(kind for kind, _ in self.matters))

    @property
    def serious(self) -> bool:
        """Severity 3 or 4."""
        return (self.severity or 0) >= 3


def events(seed: int = SEED) -> list[Event]:
    """All events in the order they were reported, numbered within the year (YYYY-NNNN)."""
    chance = Random(seed)  # noqa: S311 - the same every time is the point
    found = [event for half in HALVES for event in _half(half, chance)]
    found.sort(key=lambda event: (event.reported, event.unit, event.occurred))
    numbers: dict[int, int] = {}
    numbered = []
    for event in found:
        year = event.reported.year
        numbers[year] = numbers.get(year, 0) + 1
        numbered.append(replace(event, number=f"{year}-{numbers[year]:04}"))
    return numbered


def _half(half: Half, chance: Random) -> list[Event]:
    made = list(_internal(half, chance))
    made += [_region(half, "till_region", chance) for _ in range(half.sent)]
    made += [_region(half, "fran_region", chance) for _ in range(half.received)]
    made += [_external(half, chance) for _ in range(half.external)]
    return _handled(half, made, chance)


def _internal(half: Half, chance: Random) -> Iterator[Event]:
    counts = dict(zip(TYPES, half.types, strict=True))
    second = _seconds(half, counts)
    first = {kind: counts[kind] - second.get(kind, 0) for kind in TYPES}
    beside: dict[str, list[str]] = {kind: [] for kind in TYPES}
    for kind, count in second.items():
        homes = BESIDE[kind]
        for number in range(count):
            beside[homes[number % len(homes)]].append(kind)
    serious = {"fall": half.serious_falls, "lakemedel": half.serious_drugs}
    for kind in TYPES:
        areas = [
            (area, True) for area, n in zip(AREAS, serious.get(kind, ()), strict=False) for _ in range(n)
        ]
        areas += [(area, False) for area in _areas(half, kind, first[kind] - len(areas), chance)]
        extra = beside[kind]
        calm = len([one for one in areas if not one[1]])
        with_second = set(chance.sample(range(calm), len(extra))) if extra else set()
        extra = extra.copy()
        chance.shuffle(extra)
        place = 0
        for area, grave in areas:
            kinds = [kind]
            if not grave:
                if place in with_second:
                    kinds.append(extra.pop())
                place += 1
            event = _event(half, area, kinds, chance)
            yield replace(event, severity=4 if chance.random() < 0.15 else 3) if grave else event


def _seconds(half: Half, counts: dict[str, int]) -> dict[str, int]:
    """How many of each type stand beside another type, so that types and deviations both add up."""
    left = half.doubled
    second: dict[str, int] = {}
    for kind, share in SECOND.items():
        second[kind] = min(left, int(counts[kind] * share))
        left -= second[kind]
    second["lakemedel"] = left
    return second


def _areas(half: Half, kind: str, count: int, chance: Random) -> list[str]:
    if kind == "medicinteknik" and half.equipment:
        return [area for area, n in zip(AREAS, half.equipment, strict=True) for _ in range(n)]
    spread = SPREAD_2022.get(kind, SPREAD[kind]) if half.year >= 2022 else SPREAD[kind]
    return chance.choices(AREAS, spread, k=count)


def _event(half: Half, area: str, kinds: list[str], chance: Random) -> Event:
    occurred, discovered, reported = _moments(half, kinds[0], chance)
    unit = _pick(UNITS[area], chance)
    cause, what = _what(kinds[0], chance)
    matters = [(kinds[0], cause), *((kind, _what(kind, chance)[0]) for kind in kinds[1:])]
    clinical = any(kind in ("fall", "lakemedel", "medicinteknik") for kind in kinds)
    lss = area.startswith("lss")
    where = "lss" if lss else ("boende" if area == "sol_boende" else "hem")
    return Event(
        occurred=occurred,
        discovered=discovered,
        reported=reported,
        area=area,
        unit=unit,
        law="hsl" if clinical else ("lss" if lss else "sol"),
        direction="intern",
        matters=tuple(matters),
        reporter="provider" if area == "privat_hemtjanst" else "",
        reference=f"{unit[:3].upper()}-{min(int(chance.expovariate(1 / 14)) + 1, 60):02}"
        if chance.random() < 0.8
        else "",
        place=chance.choice(PLACES[where]),
        what=what,
        action=chance.choice(DONE[kinds[0]]),
    )


def _what(kind: str, chance: Random) -> tuple[str, str]:
    causes = EVENTS[kind]
    cause = chance.choices(list(causes), [share for share, _ in causes.values()])[0]
    return cause, chance.choice(causes[cause][1])


def _moments(half: Half, kind: str, chance: Random) -> tuple[datetime, datetime, datetime]:
    """Reported within the half-year; most within hours of the event, some after days."""
    first = date(half.year, half.first_month, 1)
    days = (date(half.year + half.first_month // 7, 7 if half.half == 1 else 1, 1) - first).days
    day = first + timedelta(days=chance.randrange(days))
    if chance.random() < 0.12:  # more in the summer, when substitutes work
        day = date(half.year, 6 if half.half == 1 else 7, chance.randrange(1, 31))
    hour = chance.choices(range(24), HOURS.get(kind, _DAYTIME))[0]
    occurred = datetime(day.year, day.month, day.day, hour, chance.randrange(60))
    found = chance.choices((0, chance.randrange(5, 60), chance.randrange(60, 600)), (70, 20, 10))[0]
    told = chance.choices(
        (
            chance.randrange(3, 50),
            chance.randrange(50, 480),
            chance.randrange(480, 2880),
            chance.randrange(2880, 11000),
        ),
        (48, 34, 14, 4),
    )[0]
    start = datetime(first.year, first.month, first.day)
    end = start + timedelta(days=days)
    reported = occurred + timedelta(minutes=found + told)
    if reported >= end:  # the half-year is that of the report
        back = reported - end + timedelta(minutes=chance.randrange(1, 600))
        occurred, reported = occurred - back, reported - back
    occurred = max(occurred, start)
    discovered = min(occurred + timedelta(minutes=found), reported)
    return occurred, discovered, max(reported, discovered)


def _region(half: Half, direction: str, chance: Random) -> Event:
    kind = chance.choices(("informationsoverforing", "lakemedel", "omvardnad"), (55, 33, 12))[0]
    event = _event(half, chance.choices(AREAS[:2], (60, 40))[0], [kind], chance)
    return replace(
        event,
        direction=direction,
        law="hsl",
        counterpart=chance.choices(("hospital", "primary"), (62, 38))[0],
        reporter="other" if direction == "fran_region" else "",
        what=chance.choice(REGION[direction]),
    )


def _external(half: Half, chance: Random) -> Event:
    kind = chance.choices(("omvardnad", "bemotande", "informationsoverforing"), (70, 15, 15))[0]
    event = _event(half, "privat_hemtjanst", [kind], chance)
    return replace(event, direction="extern_utforare", reporter="provider")


def _handled(half: Half, made: list[Event], chance: Random) -> list[Event]:
    """Which were classified and closed, and when: shares of the half-year's, all before the data end.

    What was neither is the oldest debt of the system: in 2021 many were left without either (printed: 43 % and 53 %).
    """
    internal = [number for number, event in enumerate(made) if event.direction == "intern"]
    others = [number for number, event in enumerate(made) if event.direction != "intern"]
    end = datetime(half.year, 6, 30, 22) if half.half == 1 else datetime(half.year, 12, 31, 22)
    limit = datetime(2021, 12, 31, 22) if half.year == 2021 else min(LAST_MOMENT, end + timedelta(days=150))
    rated = {number for number in internal if made[number].severity}
    for group in (internal, others):
        early = [n for n in group if n not in rated and limit - made[n].reported > timedelta(days=6)]
        wanted = round(half.classified * len(group)) - (len(rated) if group is internal else 0)
        rated |= set(chance.sample(early, max(0, min(wanted, len(early)))))
    closed: set[int] = set()
    for group in (internal, others):
        early = [n for n in group if limit - made[n].reported > timedelta(days=12)]
        first = [n for n in early if n in rated]
        rest = [n for n in early if n not in rated]
        wanted = round(half.closed * len(group))
        chosen = chance.sample(first, min(len(first), round(wanted * 0.75)))
        closed |= set(chosen) | set(chance.sample(rest, min(len(rest), wanted - len(chosen))))
    return [
        _closing(event, number in rated, number in closed, limit, chance) for number, event in enumerate(made)
    ]


def _closing(event: Event, rated: bool, closed: bool, limit: datetime, chance: Random) -> Event:
    grave = event.serious
    when = end = None
    if rated:
        when = event.reported + timedelta(hours=chance.lognormvariate(3.3 if grave else 4.0, 0.9))
        when = min(when.replace(microsecond=0), limit - timedelta(hours=3))
        when = max(when, event.reported)
    if closed:
        end = (when or event.reported) + timedelta(days=chance.lognormvariate(3.6 if grave else 2.9, 0.7))
        end = max(min(end.replace(microsecond=0), limit), when or event.reported)
    severity = event.severity or (chance.choices((1, 2), (64, 36))[0] if rated else None)
    return replace(event, severity=severity, classified=when, closed=end)


def _pick(weights: dict[str, int], chance: Random) -> str:
    return chance.choices(list(weights), list(weights.values()))[0]
