"""How a balance list says when something is to come back, read and written: ``Varje nämnd förutom feb och december``,
``Maj, delår, november, bokslut``, ``Q4 2023 dec``, ``Årligen``, ``Paus``, ``När utredningen är klar``.

``read_rhythm`` gives a due rule of ``roder.tasks.rules`` or what it waits for, and says clearly what it cannot read.
``words`` says a rule in Swedish; what it says of a rule that can be read is read as the same rule again.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from roder.core.faults import UserFault
from roder.core.numbers import whole_number
from roder.core.words import MONTHS, joined
from roder.tasks.rules import (
    AtMeetings,
    DueRule,
    EveryMeeting,
    EveryQuarter,
    FirstMeeting,
    InMonths,
    OnDay,
    Within,
)

#: The month in which the accounts come to the committee, where a municipality has not said otherwise.
OCCASIONS: Mapping[str, int] = {"delår": 9, "bokslut": 2}
#: Other words for the occasions.
_ALSO = {
    "delårsrapport": "delår", "delårsbokslut": "delår", "delårsrapporten": "delår", "årsbokslut": "bokslut",
    "bokslutet": "bokslut", "årsredovisning": "bokslut", "verksamhetsberättelse": "bokslut",
}  # fmt: skip
_SHORT = {name[:3]: number for number, name in enumerate(MONTHS, 1)} | {"sept": 9, "janu": 1, "febr": 2}
_MONTH = {name: number for number, name in enumerate(MONTHS, 1)} | _SHORT
QUARTERS = ((1, 3), (4, 6), (7, 9), (10, 12))
TERTIALS = ((1, 4), (5, 8), (9, 12))
HALVES = ((1, 6), (7, 12))
YEAR = ((1, 12),)
EACH_MONTH = tuple((number, number) for number in range(1, 13))
EXAMPLES = (
    "Varje nämnd förutom feb och december; April, augusti och december; Q1 2024; Mars 2024; Årligen; "
    "27 mars 2024; Nästa nämnd; Paus; När utredningen är klar"
)


class RhythmFault(UserFault):
    """A time that cannot be read. The message says what was not understood and shows how it may be written."""


@dataclass(frozen=True)
class Waits:
    """What a rhythm waits for: a text that a person confirms; a ``case`` by its number that is to be decided or
    closed (``phase``: the code of the phase that it is to reach)."""

    text: str
    case: str = ""
    phase: str = ""


@dataclass(frozen=True)
class Reading:
    """What was read: a rule, something to wait for, or that it rests. ``notes`` say how it was understood where the
    words alone do not say it."""

    printed: str
    rule: DueRule | None = None
    waits: Waits | None = None
    paused: bool = False
    notes: tuple[str, ...] = ()


# --- reading --------------------------------------------------------------------------------------------------------

_PAUSE = re.compile(r"^(paus|pausad|pausas|pausat|vilande|vilar|tills vidare vilande)$")
_MEETING = r"(?:nämnd\w*|sammanträde\w*|nämndsammanträde\w*|nämndmöte\w*|möte\w*)"
_BUT = r"(?:förutom|utom|undantaget|undantag för|med undantag för|men inte|inte|ej|dock ej|dock inte)"
_EVERY = re.compile(
    rf"^(?:vid )?(?:varje|alla|samtliga) (?:ordinarie )?{_MEETING}(?:,? {_BUT}(?: i)? (?P<but>.+))?$"
)
_NEXT = re.compile(rf"^(?:vid |till )?(?:nästa|nästkommande) (?:ordinarie )?{_MEETING}$")
_WAITS = re.compile(r"^(när|då|efter|så snart|sedan|om|i samband med|inför|under förutsättning)\b")
_CASE = re.compile(
    r"^(?:när|då|efter att|sedan) ärende(?:t)? (?P<number>.+?) (?:är |har |blivit )*"
    r"(?P<state>beslutat|avgjort|avslutat|verkställt)$"
)
_PHASES = {
    "beslutat": "carried_out",
    "avgjort": "carried_out",
    "verkställt": "carried_out",
    "avslutat": "closed",
}
_YEARLY = re.compile(r"\b(?:årligen|varje år|per år|om året|årlig|en gång)\b")
_REGULAR: Sequence[tuple[re.Pattern[str], tuple[tuple[int, int], ...]]] = (
    (re.compile(r"^(?:varje kvartal|kvartalsvis|en gång (?:per|i|om) kvartal(?:et)?)$"), QUARTERS),
    (re.compile(r"^(?:varje tertial|tertialvis)$"), TERTIALS),
    (re.compile(r"^(?:varje halvår|halvårsvis|två gånger (?:per år|om året))$"), HALVES),
    (re.compile(r"^(?:varje månad|månadsvis|månatligen)$"), EACH_MONTH),
    (
        re.compile(r"^(?:årligen|varje år|en gång (?:per år|om året)|1 gång (?:per år|om året)|1 gång/år)$"),
        YEAR,
    ),
)
_AFTER_QUARTER = re.compile(r"^(?P<days>\d{1,3}) dagar efter varje kvartal$")
_WITHIN = re.compile(r"^(?:inom|om) (?P<count>\w+) (?P<unit>arbetsdag|dag|veck|månad|år)\w*$")
_UNITS = {"arbetsdag": "working_days", "dag": "days", "veck": "weeks", "månad": "months", "år": "years"}
_COUNTS = {word: number for number, word in enumerate(
    ("noll", "en", "två", "tre", "fyra", "fem", "sex", "sju", "åtta", "nio", "tio", "elva", "tolv")
)} | {"ett": 1}  # fmt: skip
_ISO = re.compile(r"\b(\d{4})-(\d{1,2})-(\d{1,2})\b")
_SLASH = re.compile(r"\b(\d{1,2})/(\d{1,2})(?: (20\d\d))?\b")
_DAY = re.compile(
    rf"\b(?:den )?(\d{{1,2}}|sista) ({'|'.join(sorted(_MONTH, key=len, reverse=True))})\b\.?(?: (20\d\d))?"
)
_FROM = re.compile(rf"^(?:det )?första {_MEETING} (?:från|efter|från och med) ")
_AT = re.compile(rf"^(?:vid |till |på )?{_MEETING} (?:den )?")
#: Words that say nothing about when.
_QUIET = frozenset(
    "i och samt under senast den vid på till år året varje ordinarie kv nämnden nämnd sammanträdet sammanträde mötet"
    " kvartal tertial månad per".split()
)


def read_rhythm(text: str, today: date, occasions: Mapping[str, int] | None = None) -> Reading:
    """Read how a list says when. ``occasions`` names the months of the accounts (``delår``, ``bokslut``).

    Raises RhythmFault with what could not be read.
    """
    printed = " ".join(text.split()).strip(" .;")
    low = printed.lower()
    if not low:
        raise RhythmFault(f"Skriv när det ska återrapporteras. Till exempel: {EXAMPLES}.")
    if _PAUSE.match(low):
        return Reading(printed, paused=True)
    regular = next((spans for pattern, spans in _REGULAR if pattern.match(low)), None)
    if regular:
        return Reading(printed, AtMeetings(regular))
    if found := _AFTER_QUARTER.match(low):
        return Reading(printed, EveryQuarter(int(found["days"])))
    if found := _EVERY.match(low):
        return Reading(printed, _every(printed, found["but"]))
    if _NEXT.match(low):
        return Reading(printed, FirstMeeting(today + timedelta(days=1)))
    if found := _WITHIN.match(low):
        return Reading(printed, _within(printed, found))
    if found := _CASE.match(low):
        where = low.index(found["number"])
        number = printed[where : where + len(found["number"])]
        return Reading(printed, waits=Waits(printed, number, _PHASES[found["state"]]))
    if _WAITS.match(low):
        return Reading(printed, waits=Waits(printed))
    return _months(printed, low, today, {**OCCASIONS, **(occasions or {})})


def _fault(printed: str, *unread: str) -> RhythmFault:
    parts = ", ".join(f"”{one}”" for one in unread)
    what = f" Det här förstod jag inte: {parts}." if unread else ""
    return RhythmFault(f"”{printed}” går inte att läsa som en tid.{what} Skriv till exempel: {EXAMPLES}.")


def _words_of(text: str) -> list[str]:
    return [one for one in re.split(r"[\s,;&+]+", text) if one]


def _every(printed: str, but: str | None) -> EveryMeeting:
    words = [one.strip(".") for one in _words_of(but or "") if one not in _QUIET]
    unread = [one for one in words if one not in _MONTH]
    if unread:
        raise _fault(printed, *unread)
    return EveryMeeting(except_months=tuple(sorted({_MONTH[one] for one in words})))


def _within(printed: str, found: re.Match[str]) -> Within:
    written = whole_number(found["count"], 4)
    count = _COUNTS.get(found["count"]) if written is None else written
    if count is None or count > 600:
        raise _fault(printed, found["count"])
    return Within(count, _UNITS[found["unit"]])  # type: ignore[arg-type]  # one of the units


def _day(printed: str, year: int, month: int, day: int) -> date:
    try:
        return date(year, month, day)
    except ValueError:
        raise RhythmFault(f"”{printed}”: {day}/{month} {year} finns inte i kalendern. Rätta dagen.") from None


def _months(printed: str, low: str, today: date, occasions: Mapping[str, int]) -> Reading:
    """Dates, and lists of months, quarters and occasions, in a year or every year."""
    dated = _dates(printed, low, today)
    if dated is not None:
        return dated
    yearly = bool(_YEARLY.search(low))
    rest = _YEARLY.sub(" ", low)
    rest = re.sub(r"\b(första|andra) halvåret\b", lambda m: "h1" if m[1] == "första" else "h2", rest)
    rest = re.sub(r"\b(?:kvartal|kv\.?) ?([1-4])\b", r"q\1", rest)
    rest = re.sub(r"\btertial ?([1-3])\b", r"t\1", rest)
    rest = re.sub(r"\s*[–—]\s*|(?<=[a-zåäö])\s*-\s*(?=[a-zåäö])", "–", rest)
    spans: set[tuple[int, int]] = set()
    years: set[int] = set()
    notes: list[str] = []
    unread: list[str] = []
    for raw in _words_of(rest):
        word = raw.strip(".")
        if re.fullmatch(r"20\d\d", word):
            years.add(int(word))
        elif (span := _span(word)) is not None:
            spans.add(span)
        elif (name := _ALSO.get(word, word)) in occasions:
            month = occasions[name]
            spans.add((month, month))
            notes.append(f"{name} läses som {MONTHS[month - 1]}")
        elif word not in _QUIET:
            unread.append(raw)
    if unread or (not spans and not years):
        raise _fault(printed, *unread)
    if len(years) > 1:
        raise RhythmFault(f"”{printed}” gäller flera år. Skriv en återrapportering för varje år.")
    if years and yearly:
        raise RhythmFault(f"”{printed}” säger både varje år och ett visst år. Skriv det ena.")
    kept = _narrowed(printed, spans or set(YEAR))
    return Reading(printed, AtMeetings(kept, years.pop() if years else None), notes=tuple(notes))


def _span(word: str) -> tuple[int, int] | None:
    """A month, a quarter, a part of the year or a span of months."""
    if word in _MONTH:
        return _MONTH[word], _MONTH[word]
    if found := re.fullmatch(r"([qth])([1-4])", word):
        parts = {"q": QUARTERS, "t": TERTIALS, "h": HALVES}[found[1]]
        number = int(found[2])
        return parts[number - 1] if number <= len(parts) else None
    if word in ("våren", "vår", "vt"):
        return 1, 6
    if word in ("hösten", "höst", "ht"):
        return 8, 12
    first, dash, last = word.partition("–")
    if dash and first in _MONTH and last in _MONTH and _MONTH[first] <= _MONTH[last]:
        return _MONTH[first], _MONTH[last]
    return None


def _narrowed(printed: str, spans: set[tuple[int, int]]) -> tuple[tuple[int, int], ...]:
    """``Q4 dec``: a month said beside the quarter that it lies in says when in the quarter."""
    months = {span for span in spans if span[0] == span[1]}
    longer = spans - months
    if months and longer:
        if any(not any(first <= one <= last for first, last in longer) for one, _ in months):
            raise RhythmFault(f"”{printed}”: månaden ligger utanför kvartalet. Skriv det ena eller rätta.")
        longer = {span for span in longer if not any(span[0] <= one <= span[1] for one, _ in months)}
    return tuple(sorted(months | longer))


def _dates(printed: str, low: str, today: date) -> Reading | None:
    """A date, the first meeting from one, or the same day in some months of every year; None when no day is said."""
    found: list[tuple[int | None, int, int | None]] = []  # year, month, day (None: the last)

    def iso(match: re.Match[str]) -> str:
        found.append((int(match[1]), int(match[2]), int(match[3])))
        return " "

    def slash(match: re.Match[str]) -> str:
        found.append((int(match[3]) if match[3] else None, int(match[2]), int(match[1])))
        return " "

    def named(match: re.Match[str]) -> str:
        day = None if match[1] == "sista" else int(match[1])
        found.append((int(match[3]) if match[3] else None, _MONTH[match[2]], day))
        return " "

    at_meeting = bool(_FROM.match(low) or _AT.match(low))
    rest = _FROM.sub("", low) if _FROM.match(low) else _AT.sub("", low)
    rest = _DAY.sub(named, _SLASH.sub(slash, _ISO.sub(iso, rest)))
    if not found:
        return None
    yearly = bool(_YEARLY.search(rest))
    unread = [one for one in _words_of(_YEARLY.sub(" ", rest)) if one not in _QUIET]
    if unread:
        raise _fault(printed, *unread)
    if yearly:
        return Reading(printed, _every_year(printed, found))
    if len(found) > 1:
        raise RhythmFault(f"”{printed}” har flera dagar. Skriv en återrapportering för varje dag.")
    year, month, number = found[0]
    if number is None:
        raise _fault(printed, "sista")
    day = _day(printed, year or today.year, month, number)
    notes: tuple[str, ...] = ()
    if year is None:
        day = day if day >= today else _day(printed, today.year + 1, month, number)
        notes = (f"läses som {day.isoformat()}",)
    return Reading(printed, FirstMeeting(day) if at_meeting else OnDay(day), notes=notes)


def _every_year(printed: str, found: Sequence[tuple[int | None, int, int | None]]) -> InMonths:
    if any(year is not None for year, _, _ in found):
        raise RhythmFault(f"”{printed}” säger både varje år och ett visst år. Skriv det ena.")
    days = {day for _, _, day in found}
    if len(days) > 1:
        raise RhythmFault(f"”{printed}” har olika dagar i månaden. Skriv en återrapportering för varje.")
    day = days.pop()
    for _, month, number in found:
        _day(printed, 2024, month, number or 1)  # a leap year: 29 February may be meant
    return InMonths(tuple(sorted({month for _, month, _ in found})), day)


# --- writing --------------------------------------------------------------------------------------------------------


def _date(day: date) -> str:
    return f"{day.day} {MONTHS[day.month - 1]} {day.year}"


def _span_words(span: tuple[int, int]) -> str:
    first, last = span
    if first == last:
        return MONTHS[first - 1]
    if span in QUARTERS:
        return f"kvartal {QUARTERS.index(span) + 1}"
    return f"{MONTHS[first - 1]}–{MONTHS[last - 1]}"


def words(rule: DueRule) -> str:
    """A due rule in Swedish, with a small letter first."""
    if isinstance(rule, EveryMeeting):
        but = (
            f" utom i {joined([MONTHS[one - 1] for one in rule.except_months])}" if rule.except_months else ""
        )
        days = f", {rule.days_before} dagar före" if rule.days_before else ""
        out = f", men inte {joined([_date(day) for day in rule.except_days])}" if rule.except_days else ""
        return f"varje sammanträde{but}{days}{out}"
    if isinstance(rule, AtMeetings):
        return _at_meetings(rule)
    if isinstance(rule, FirstMeeting):
        return f"första sammanträdet från {_date(rule.day)}"
    if isinstance(rule, OnDay):
        return _date(rule.day)
    if isinstance(rule, InMonths):
        day = "sista" if rule.day is None else str(rule.day)
        return f"senast {joined([f'{day} {MONTHS[one - 1]}' for one in rule.months])} varje år"
    if isinstance(rule, EveryQuarter):
        return f"{rule.days_after} dagar efter varje kvartal"
    if isinstance(rule, Within):
        units = {"hours": "timmar", "working_days": "arbetsdagar", "days": "dagar", "weeks": "veckor",
                 "months": "månader", "years": "år"}  # fmt: skip
        return f"inom {rule.amount} {units[rule.unit]}"
    raise ValueError(f"okänd tidsregel: {type(rule).__name__}")


def _at_meetings(rule: AtMeetings) -> str:
    if rule.year is None:
        regular = {QUARTERS: "varje kvartal", TERTIALS: "varje tertial", HALVES: "varje halvår", YEAR: "varje år",
                   EACH_MONTH: "varje månad"}  # fmt: skip
        found = regular.get(rule.spans)
        return found or joined([_span_words(span) for span in rule.spans])
    if rule.spans == YEAR:
        return f"under {rule.year}"
    return f"{joined([_span_words(span) for span in rule.spans])} {rule.year}"
