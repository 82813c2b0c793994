"""When something is due, how late it is, and who hears of it when: pure arithmetic of time, with Swedish holidays.

Hours are real hours, day and night, also over the change of clocks. Days are calendar days in Swedish time, and what
is due on a day is due when that day ends. Working days are Monday to Friday that are no public holiday.

Källa: Lag (1989:253) om allmänna helgdagar; lag (1930:173) om beräkning av lagstadgad tid, 2 § (en tid som slutar
på helgdag, lördag, midsommar-, jul- eller nyårsafton löper ut nästa vardag).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any, Literal

from roder.tasks.days import (
    DAY,
    SWEDEN,
    DueRuleError,
    add_hours,
    add_months,
    add_working_days,
    day_of,
    end_of,
    is_working_day,
    last_of_month,
    next_working_day,
)

# --- rules ----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Due:
    """A moment; with ``whole_day`` the end of the day that is meant."""

    at: datetime
    whole_day: bool = False

    @property
    def day(self) -> date:
        """The Swedish day it is due on."""
        return day_of(self.at, whole_day=self.whole_day)


def by_day(day: date) -> Due:
    """Due when the day ends."""
    return Due(end_of(day), whole_day=True)


Unit = Literal["hours", "days", "working_days", "weeks", "months", "years"]


@dataclass(frozen=True)
class DueRule:
    """What all due rules can: say when something is due that was begun at a moment. ``meetings`` are the days the
    body meets. None: nothing is known yet (no more meetings)."""

    def due(self, begun: datetime, meetings: Iterable[date] = ()) -> Due | None:
        """When it is due."""
        raise NotImplementedError

    def following(self, last: Due, meetings: Iterable[date] = ()) -> Due | None:
        """When it is due the next time, for what recurs."""
        return self.due(last.at, meetings)


@dataclass(frozen=True)
class Within(DueRule):
    """So long after it began. Hours run day and night. ``or_next_working_day``: where that is more generous, the end of
    the first working day after the beginning (`24 timmar eller nästa arbetsdag`). ``on_working_day``: a last day that
    is no working day is put off to the next one (1930:173)."""

    amount: int
    unit: Unit
    or_next_working_day: bool = False
    on_working_day: bool = False

    def __post_init__(self) -> None:
        if self.amount < 0:
            raise DueRuleError("Tiden kan inte vara negativ.")
        if self.unit not in ("hours", "days", "working_days", "weeks", "months", "years"):
            raise DueRuleError(f"Okänd tidsenhet: {self.unit}.")

    def due(self, begun: datetime, meetings: Iterable[date] = ()) -> Due | None:
        """The moment (hours) or the last day (all else)."""
        start = day_of(begun)
        found = Due(add_hours(begun, self.amount)) if self.unit == "hours" else by_day(self._last(start))
        if self.or_next_working_day:
            other = by_day(next_working_day(start + DAY))
            if not is_working_day(found.day) and other.at > found.at:
                found = other
        return found

    def _last(self, start: date) -> date:
        days = {
            "days": lambda: start + DAY * self.amount,
            "weeks": lambda: start + DAY * 7 * self.amount,
            "working_days": lambda: add_working_days(start, self.amount),
            "months": lambda: add_months(start, self.amount),
            "years": lambda: add_months(start, 12 * self.amount),
        }
        last = days[self.unit]()
        return next_working_day(last) if self.on_working_day else last


@dataclass(frozen=True)
class OnDay(DueRule):
    """A date, once."""

    day: date

    def due(self, begun: datetime, meetings: Iterable[date] = ()) -> Due | None:
        """That day, whenever it was begun."""
        return by_day(self.day)

    def following(self, last: Due, meetings: Iterable[date] = ()) -> Due | None:
        """Never again."""
        return None


@dataclass(frozen=True)
class InMonths(DueRule):
    """In certain months of the year, by a day of the month (the last when the month is shorter, or when None)."""

    months: tuple[int, ...]
    day: int | None = None

    def __post_init__(self) -> None:
        if not self.months or any(not 1 <= month <= 12 for month in self.months):
            raise DueRuleError("Månader skrivs som tal från 1 till 12.")
        if self.day is not None and not 1 <= self.day <= 31:
            raise DueRuleError("Dagen i månaden är 1 till 31.")

    def due(self, begun: datetime, meetings: Iterable[date] = ()) -> Due | None:
        """The first such day, the day it was begun included."""
        return by_day(self._first(day_of(begun)))

    def following(self, last: Due, meetings: Iterable[date] = ()) -> Due | None:
        """The first such day after the last one."""
        return by_day(self._first(last.day + DAY))

    def _first(self, start: date) -> date:
        for year in (start.year, start.year + 1):
            for month in sorted(self.months):
                last = last_of_month(year, month)
                found = last if self.day is None else date(year, month, min(self.day, last.day))
                if found >= start:
                    return found
        raise DueRuleError("Ingen sådan dag finns.")  # pragma: no cover - one of twelve months always comes


@dataclass(frozen=True)
class EveryQuarter(DueRule):
    """So many days after each quarter has ended."""

    days_after: int = 0

    def due(self, begun: datetime, meetings: Iterable[date] = ()) -> Due | None:
        """For the quarter that the moment is in."""
        return by_day(self._end(day_of(begun)) + DAY * self.days_after)

    def following(self, last: Due, meetings: Iterable[date] = ()) -> Due | None:
        """For the quarter after the one that the last was for."""
        return by_day(self._end(last.day - DAY * self.days_after + DAY) + DAY * self.days_after)

    @staticmethod
    def _end(day: date) -> date:
        return last_of_month(day.year, (day.month - 1) // 3 * 3 + 3)


@dataclass(frozen=True)
class EveryMeeting(DueRule):
    """So many days before each meeting, but those of certain months or on certain days (`alla sammanträden utom …`)."""

    days_before: int = 0
    except_months: tuple[int, ...] = ()
    except_days: tuple[date, ...] = ()

    def due(self, begun: datetime, meetings: Iterable[date] = ()) -> Due | None:
        """For the first meeting whose last day for this is not over; None when no more meetings are known."""
        return self._first(day_of(begun), meetings)

    def following(self, last: Due, meetings: Iterable[date] = ()) -> Due | None:
        """For the meeting after."""
        return self._first(last.day + DAY, meetings)

    def _first(self, start: date, meetings: Iterable[date]) -> Due | None:
        wanted = (
            day - DAY * self.days_before
            for day in sorted(meetings)
            if day.month not in self.except_months and day not in self.except_days
        )
        return next((by_day(day) for day in wanted if day >= start), None)


#: The longest time that a body is without meetings, over a summer: what comes later is of another year's calendar.
BREAK = timedelta(days=100)


@dataclass(frozen=True)
class AtMeetings(DueRule):
    """At a meeting in each of certain spans of months (1 to 12, both included), every year or in one ``year``.

    In a single month it is the first meeting; in a longer span (a quarter, the year) the last, since that is as long
    as it may take. Where no meeting is held in the span it is the first one after it, if that comes before ``BREAK`` is
    over; else (the meetings are not known) the last day of the span. What was meant for a year is due then, whenever it
    was begun.
    """

    spans: tuple[tuple[int, int], ...]
    year: int | None = None

    def __post_init__(self) -> None:
        if not self.spans or any(not 1 <= first <= last <= 12 for first, last in self.spans):
            raise DueRuleError("Månader skrivs som tal från 1 till 12, den första före den sista.")

    def due(self, begun: datetime, meetings: Iterable[date] = ()) -> Due | None:
        """The first such meeting from the day it was begun; of one year the last when all are over."""
        start = day_of(begun)
        if self.year is None:
            return by_day(next(day for day in self._from(start, meetings) if day >= start))
        found = self._days([self.year], sorted(meetings))
        return by_day(next((day for day in found if day >= start), found[-1]))

    def following(self, last: Due, meetings: Iterable[date] = ()) -> Due | None:
        """The first such meeting after the last one; of one year none when all are over. A month is not asked twice,
        also where its meeting has come to be known, or been moved, since."""
        day, known = last.day, sorted(meetings)
        years = range(day.year - 1, day.year + 3) if self.year is None else (self.year,)
        found = [
            self._day(year, span, known)
            for year in years
            for span in self.spans
            if (date(year, span[0], 1) if span[0] == span[1] else last_of_month(year, span[1])) > day
        ]
        after = min((one for one in found if one > day), default=None)
        return by_day(after) if after else None

    def put_off(self, day: date) -> bool:
        """Whether a day that it is due on lies outside its months, because no meeting was held in them."""
        inside = any(first <= day.month <= last for first, last in self.spans)
        return not inside or (self.year is not None and day.year != self.year)

    def _from(self, start: date, meetings: Iterable[date]) -> list[date]:
        """The days for the spans that are not over on a day: what was over is not put off to a meeting long after."""
        known = sorted(meetings)
        spans = ((year, span) for year in range(start.year - 1, start.year + 3) for span in self.spans)
        return sorted({self._day(*one, known) for one in spans if last_of_month(one[0], one[1][1]) >= start})

    def _days(self, years: Iterable[int], meetings: Sequence[date]) -> list[date]:
        return sorted({self._day(year, span, meetings) for year in years for span in self.spans})

    @staticmethod
    def _day(year: int, span: tuple[int, int], meetings: Sequence[date]) -> date:
        start, end = date(year, span[0], 1), last_of_month(year, span[1])
        inside = [day for day in meetings if start <= day <= end]
        if inside:
            return inside[0] if span[0] == span[1] else inside[-1]
        return next((day for day in meetings if end < day <= end + BREAK), end)


@dataclass(frozen=True)
class FirstMeeting(DueRule):
    """At the first meeting from a day on, once."""

    day: date

    def due(self, begun: datetime, meetings: Iterable[date] = ()) -> Due | None:
        """That meeting, whenever it was begun; None while it is not known."""
        return next((by_day(day) for day in sorted(meetings) if day >= self.day), None)

    def following(self, last: Due, meetings: Iterable[date] = ()) -> Due | None:
        """Never again."""
        return None


_RULES: dict[str, type[DueRule]] = {
    rule.__name__: rule
    for rule in (Within, OnDay, InMonths, EveryQuarter, EveryMeeting, AtMeetings, FirstMeeting)
}


def to_data(rule: DueRule) -> dict[str, Any]:
    """A rule as plain JSON values."""

    def plain(value: Any) -> Any:
        if isinstance(value, date):
            return value.isoformat()
        return [plain(one) for one in value] if isinstance(value, tuple) else value

    return {"rule": type(rule).__name__, **{name: plain(value) for name, value in asdict(rule).items()}}


def from_data(data: Mapping[str, Any]) -> DueRule:
    """The rule that ``to_data`` wrote. Raises DueRuleError for an unknown one."""

    def tupled(value: Any) -> Any:
        return tuple(tupled(one) for one in value) if isinstance(value, list) else value

    values = dict(data)
    kind = _RULES.get(values.pop("rule", ""))
    if kind is None:
        raise DueRuleError("Okänd tidsregel.")
    for name, value in values.items():
        if name == "except_days":
            values[name] = tuple(date.fromisoformat(one) for one in value)
        elif name == "day" and isinstance(value, str):
            values[name] = date.fromisoformat(value)
        else:
            values[name] = tupled(value)
    return kind(**values)


# --- how late -------------------------------------------------------------------------------------------------------


def _span(length: timedelta) -> str:
    """A length of time in the two largest fitting units: ``1 h 12 min``, ``35 min``, ``3 dagar``, ``4 månader``."""
    minutes = int(length.total_seconds() // 60)
    if minutes < 60:
        return f"{minutes}\u00a0min"
    if minutes < 24 * 60:
        hours, rest = divmod(minutes, 60)
        return f"{hours}\u00a0h {rest}\u00a0min" if rest else f"{hours}\u00a0h"
    return _days(minutes // (24 * 60))


def lateness(due: Due, now: datetime) -> str:
    """How long is left or how late it is, in Swedish: ``1 h 12 min kvar``, ``i dag``, ``2 dagar sen``."""
    if due.whole_day:
        days = (due.day - day_of(now)).days
        if days == 0:
            return "i dag"
        if days == 1:
            return "i morgon"
        return f"{_days(days)} kvar" if days > 0 else f"{_days(-days)} sen"
    if now >= due.at:
        length = now - due.at
        return "nyss försenad" if length < timedelta(minutes=1) else f"{_span(length)} sen"
    length = due.at - now
    return "mindre än 1\u00a0min kvar" if length < timedelta(minutes=1) else f"{_span(length)} kvar"


def _days(count: int) -> str:
    """So many days; from two months on in months, from two years on in years: nobody counts 1 606 days."""
    if count < 60:
        return "1\u00a0dag" if count == 1 else f"{count}\u00a0dagar"
    months = count * 12 // 365
    return f"{months}\u00a0månader" if months < 24 else f"{months // 12}\u00a0år"


def is_late(due: Due, now: datetime) -> bool:
    """Whether the time is out."""
    return now >= due.at


# --- who hears when -------------------------------------------------------------------------------------------------

AlertKind = Literal["remind", "late", "escalate"]


@dataclass(frozen=True)
class Alert:
    """Somebody is told at a moment: the owner before (``remind``) and when it is late, others after (``escalate``)."""

    at: datetime
    kind: AlertKind
    role: str = ""


def alerts(
    due: Due, remind: Sequence[timedelta] = (), escalate: Sequence[tuple[timedelta, str]] = ()
) -> tuple[Alert, ...]:
    """Everything that happens around a due moment, in order. Lengths of whole days are counted in Swedish days, so
    that a reminder for a day comes at 8 in the morning."""
    found = [Alert(_before(due, length), "remind") for length in remind]
    found.append(Alert(due.at, "late"))
    found += [Alert(due.at + length, "escalate", role) for length, role in escalate]
    return tuple(sorted(found, key=lambda alert: (alert.at, alert.kind != "remind", alert.kind != "late")))


def _before(due: Due, length: timedelta) -> datetime:
    if due.whole_day:
        return datetime.combine(due.day - length, time(8), SWEDEN)
    return (due.at.astimezone(UTC) - length).astimezone(SWEDEN)
