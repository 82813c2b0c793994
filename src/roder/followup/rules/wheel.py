"""The annual wheel: what stands on it, in which order and with which number, and where it is drawn. Pure.

The wheel of a year is twelve months. What happens in January and February of the year after belongs to the year's own
follow-up (the annual accounts); it has its place in the same two months of the picture, and is drawn hollow.
"""

from __future__ import annotations

import calendar
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from math import cos, hypot, pi, sin


class Ring(StrEnum):
    """The rings of the wheel, outermost first."""

    PLANNING = "planning"
    FOLLOW_UP = "follow_up"
    CONTROL = "control"
    STATUTORY = "statutory"
    QUALITY = "quality"

    @property
    def label(self) -> str:
        """What it is called."""
        return LABELS[self]


LABELS = {
    Ring.PLANNING: "Planering",
    Ring.FOLLOW_UP: "Uppföljning",
    Ring.CONTROL: "Kontroll",
    Ring.STATUTORY: "Lagstadgat och statsbidrag",
    Ring.QUALITY: "Kvalitet",
}

MONTHS = (
    "januari", "februari", "mars", "april", "maj", "juni", "juli", "augusti", "september", "oktober", "november",
    "december",
)  # fmt: skip
#: The last month of the year after that belongs to a year's wheel.
TAIL_MONTH = 2


@dataclass(frozen=True)
class Event:
    """Something on the wheel: on a day, or from ``day`` to ``end``.

    ``key`` tells it from the others of its source (a calendar knows it again by that). ``url`` is a page by its name
    and its arguments after committee and year (``year`` when it is not the wheel's own), or a whole address. ``role``
    and ``body`` say whose it is, ``whom`` what it is about (a unit). ``done`` None: nobody says when it is done.
    ``record`` (kind, number): only those who may see the record see it. Events of one source with the same ``group``
    and days are shown as one; ``many`` is then what is said of how many (``{n} enheter``), ``many_url`` where it leads.
    """

    day: date
    title: str
    ring: Ring
    end: date | None = None
    role: str = ""
    body: str = ""
    url: tuple[str, tuple[object, ...]] | str = ""
    done: bool | None = None
    key: str = ""
    clock: str = ""
    whom: str = ""
    note: str = ""
    year: int = 0
    record: tuple[str, int] | None = None
    group: str = ""
    many: str = ""
    many_url: tuple[str, tuple[object, ...]] | str = ""
    count: int = 1
    source: str = ""

    def __post_init__(self) -> None:
        if self.end is not None and self.end < self.day:
            raise ValueError(f"{self.title}: slutar {self.end}, före {self.day}")

    @property
    def last(self) -> date:
        """The last day."""
        return self.end or self.day

    @property
    def uid(self) -> str:
        """What tells it from every other event of the committee."""
        return f"{self.source}-{self.key or self.day}"

    def standing(self, today: date) -> tuple[str, str]:
        """How it stands: the word and the tone."""
        if self.done:
            return "Klart", "good"
        if self.last < today:
            return ("Försenat", "bad") if self.done is False else ("Passerat", "none")
        return ("Pågår", "near") if self.day <= today else ("Kommer", "none")


def span_of(year: int) -> tuple[date, date]:
    """The first and the last day of a year's wheel: from January to the end of February of the year after."""
    return date(year, 1, 1), date(year + 1, TAIL_MONTH, calendar.monthrange(year + 1, TAIL_MONTH)[1])


def months_of(year: int) -> list[tuple[int, int]]:
    """The months of a year's wheel as (year, month)."""
    return [(year, month) for month in range(1, 13)] + [
        (year + 1, month) for month in range(1, TAIL_MONTH + 1)
    ]


def month_name(year: int, month: int) -> str:
    """``Januari 2022``."""
    return f"{MONTHS[month - 1].capitalize()} {year}"


def when(first: date, last: date) -> str:
    """Days in words: ``12 augusti 2022``, ``12–23 augusti 2022``, ``28 mars–2 april 2022``; a whole month by its
    name."""
    if first == last:
        return f"{first.day} {MONTHS[first.month - 1]} {first.year}"
    if first.year != last.year:
        return f"{when(first, first)}–{when(last, last)}"
    if first.month != last.month:
        return f"{first.day} {MONTHS[first.month - 1]}–{when(last, last)}"
    if first.day == 1 and last.day == calendar.monthrange(last.year, last.month)[1]:
        return f"{MONTHS[first.month - 1]} {first.year}"
    return f"{first.day}–{when(last, last)}"


def month_days(year: int, month: int) -> tuple[date, date]:
    """The first and the last day of a month."""
    return date(year, month, 1), date(year, month, calendar.monthrange(year, month)[1])


# --- what is shown ---------------------------------------------------------------------------------------------------


def merged(events: Iterable[Event]) -> list[Event]:
    """The events in order of day, those of a group as one."""
    alone: list[Event] = []
    groups: dict[tuple[object, ...], list[Event]] = {}
    for one in events:
        if one.group:
            groups.setdefault((one.source, one.group, one.day, one.end, one.role), []).append(one)
        else:
            alone.append(one)
    return sorted([*alone, *(_together(found) for found in groups.values())], key=order)


def order(event: Event) -> tuple[object, ...]:
    """By day, then by ring from the outermost, then by name."""
    return event.day, list(Ring).index(event.ring), event.last, event.title, event.whom


def _together(found: Sequence[Event]) -> Event:
    first = found[0]
    if len(found) == 1:
        return first
    said = [one.done for one in found]
    done = None if None in said else all(said)
    made = sum(bool(one) for one in said)
    whom = (first.many or "{n} gånger").format(n=len(found))
    return replace(
        first,
        whom=f"{whom}, {made} klara" if made and not done else whom,
        done=done,
        count=len(found),
        url=first.many_url or first.url,
        key=f"{first.group}-{first.day}",
        record=None,
    )


@dataclass(frozen=True)
class Stop:
    """A mark of the picture with its number: everything that happens in a ring on a day."""

    number: int
    day: date
    ring: Ring
    events: tuple[Event, ...]

    @property
    def last(self) -> date:
        """The last day of what goes on longest."""
        return max(one.last for one in self.events)


def stops(events: Iterable[Event]) -> list[Stop]:
    """The marks in order, numbered from one. The list has the same numbers."""
    found: dict[tuple[date, Ring], list[Event]] = {}
    for one in sorted(events, key=order):
        found.setdefault((one.day, one.ring), []).append(one)
    return [
        Stop(number, day, ring, tuple(inside))
        for number, ((day, ring), inside) in enumerate(found.items(), 1)
    ]


# --- where it is drawn -----------------------------------------------------------------------------------------------

SIZE = 788
CENTRE = SIZE / 2
MARK = 11.0  # radius of a mark
#: ring -> its inner and outer radius. The two that everybody follows are broader.
BANDS = {
    Ring.PLANNING: (282.0, 340.0),
    Ring.FOLLOW_UP: (218.0, 276.0),
    Ring.CONTROL: (182.0, 212.0),
    Ring.STATUTORY: (146.0, 176.0),
    Ring.QUALITY: (110.0, 140.0),
}
LABEL = 368.0  # radius of the months' names


def turn(day: date) -> float:
    """Where in its year a day is, as an angle in radians clockwise from the top. Months are equally broad."""
    length = calendar.monthrange(day.year, day.month)[1]
    return 2 * pi * (day.month - 1 + (day.day - 0.5) / length) / 12


def point(angle: float, radius: float) -> tuple[float, float]:
    """The point at an angle and a distance from the centre, with one decimal."""
    return round(CENTRE + radius * sin(angle), 1), round(CENTRE - radius * cos(angle), 1)


@dataclass(frozen=True)
class Placed:
    """A mark with its place. ``hollow``: of the year after. ``lane`` is the distance of its arc from the centre."""

    stop: Stop
    x: float
    y: float
    angle: float
    lane: float
    hollow: bool


def placed(found: Iterable[Stop], year: int) -> list[Placed]:
    """Every mark in its ring at its day, moved just so far that none covers another."""
    taken: dict[Ring, list[Placed]] = {ring: [] for ring in Ring}
    for stop in found:
        here = taken[stop.ring]
        here.append(_free(stop, here, stop.day.year > year))
    return [one for ring in Ring for one in taken[ring]]


def lanes(ring: Ring) -> tuple[float, ...]:
    """The distances from the centre at which marks of a ring may stand."""
    inner, outer = BANDS[ring]
    if outer - inner < 4 * MARK + 8:
        return ((inner + outer) / 2,)
    return outer - MARK - 3, inner + MARK + 3


def _free(stop: Stop, here: Sequence[Placed], hollow: bool) -> Placed:
    """The place nearest to the stop's day, later rather than earlier, that no mark has taken. When the whole ring is
    full it stands at its day all the same."""
    start = turn(stop.day)
    for step in range(_STEPS):
        for lane in lanes(stop.ring):
            angle = start + step * 2.0 / lane
            x, y = point(angle, lane)
            if all(hypot(x - one.x, y - one.y) >= 2 * MARK + 1 for one in here):
                return Placed(stop, x, y, angle, lane, hollow)
    lane = lanes(stop.ring)[0]
    x, y = point(start, lane)
    return Placed(stop, x, y, start, lane, hollow)


_STEPS = 1100  # of two units each along the innermost lane: more than once around


def arc(start: float, stop: float, radius: float) -> str:
    """An SVG path along a ring, clockwise."""
    (x0, y0), (x1, y1) = point(start, radius), point(stop, radius)
    large = 1 if stop - start > pi else 0
    return f"M{x0} {y0}A{radius} {radius} 0 {large} 1 {x1} {y1}"


def sector(month: int, ring: Ring) -> str:
    """The SVG path of a month's part of a ring."""
    inner, outer = BANDS[ring]
    start, stop = 2 * pi * (month - 1) / 12, 2 * pi * month / 12
    (a, b), (c, d), (e, f), (g, h) = (
        point(start, inner), point(start, outer), point(stop, outer), point(stop, inner),
    )  # fmt: skip
    return f"M{a} {b}L{c} {d}A{outer} {outer} 0 0 1 {e} {f}L{g} {h}A{inner} {inner} 0 0 0 {a} {b}Z"


def spans(marks: Iterable[Placed]) -> list[tuple[Placed, str]]:
    """The marks that go on for more than a day, each with the SVG path of its time."""
    found = []
    for one in marks:
        first, last = turn(one.stop.day), turn(one.stop.last)
        if one.stop.last > one.stop.day and one.stop.last.year == one.stop.day.year:
            found.append((one, arc(first, max(last, first + 0.02), one.lane)))
    return found


# --- what the law says -----------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Statutory:
    """Something the law asks for every year: in certain months, by a day of the month or (None) during the month."""

    code: str
    title: str
    months: tuple[int, ...]
    day: int | None
    role: str
    source: str
    from_day: date | None = None
    to_day: date | None = None


#: Källor: patientsäkerhetslag (2010:659) 3 kap. 10 §; socialtjänstlag (2001:453) 16 kap. 6 f § (till och med 30 juni
#: 2025); lag (1993:387) om stöd och service 28 f §. Inspektionen says which day of the month: it is not stated here.
STATUTORY = (
    Statutory(
        "patientsakerhetsberattelse", "Patientsäkerhetsberättelsen ska vara klar", (3,), 1, "mas",
        "Patientsäkerhetslag (2010:659) 3 kap. 10 §",
    ),
    Statutory(
        "ivo_kvartal", "Rapport till IVO om beslut som inte har verkställts", (1, 4, 7, 10), None, "casework_manager",
        "Socialtjänstlag (2001:453) 16 kap. 6 f § och LSS 28 f §", to_day=date(2025, 6, 30),
    ),
    Statutory(
        "ivo_kvartal", "Rapport till IVO om beslut som inte har verkställts", (1, 4, 7, 10), None, "casework_manager",
        "Socialtjänstlag (2025:400) och LSS 28 f §", from_day=date(2025, 7, 1),
    ),
)  # fmt: skip


def statutory(start: date, end: date, except_codes: Iterable[str] = ()) -> list[Event]:
    """What the law asks for between two days, but what the committee's own calendar has (``except_codes``)."""
    own, found = set(except_codes), []
    for rule in STATUTORY:
        for year in range(start.year, end.year + 1):
            for month in rule.months if rule.code not in own else ():
                first, last = month_days(year, month)
                if rule.day is not None:
                    first = last = date(year, month, rule.day)
                if last < start or first > end or not _in_force(rule, last):
                    continue
                title = f"{rule.title}, {_quarter_before(first)}" if rule.day is None else rule.title
                found.append(
                    Event(
                        first,
                        title,
                        Ring.STATUTORY,
                        end=last if last != first else None,
                        role=rule.role,
                        note=rule.source,
                        key=f"{rule.code}-{first}",
                    )
                )
    return found


def _in_force(rule: Statutory, day: date) -> bool:
    return (rule.from_day is None or day >= rule.from_day) and (rule.to_day is None or day <= rule.to_day)


def _quarter_before(day: date) -> str:
    """The quarter that ended before a day: ``kvartal 4 2021``."""
    quarter = (day.month - 1) // 3
    return f"kvartal {quarter} {day.year}" if quarter else f"kvartal 4 {day.year - 1}"
