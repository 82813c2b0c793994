"""Plain numbers in Swedish text, held against the figures they ought to be.

Pure functions. `amounts` finds every number with a unit; `contradictions` lists those that equal no figure of the
comment's subject in any printed rounding, with the nearest figures beside them. What is not an amount (dates,
paragraphs, years, case numbers, ages) is left alone.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from roder.core.numbers import Unit, format_value, parse_number, round_half_away
from roder.reports.document import FigureRef

_THOUSANDS = "[ \u00a0\u2009\u202f.]"
_SPACE = "[ \u00a0\u2009\u202f]"
_NUMBER = rf"(?:\d{{1,3}}(?:{_THOUSANDS}\d{{3}}(?!\d))+|\d+)(?:,\d+|\.\d{{1,2}}(?!\d))?"
# A dash with a space after it is a dash of the sentence; only the minus sign itself may stand apart.
_SIGN = rf"(?P<sign>[-–+](?=\d)|−{_SPACE}?|\b(?:minus|plus){_SPACE})?"

# What may be counted. The words are those of a committee's follow-up; compounds ("gruppboendeplatser") count too.
_COUNTED = (
    "st|stycken|personer|personerna|platser|platserna|brukare|ärenden|hushåll|individer|medarbetare|anställda|årsarbetare|"
    "heltider|tjänster|insatser|beslut|kvinnor|män|barn|ungdomar|besök|avvikelser|lägenheter|boende|enheter|uppdrag|mål|"
    "kunder|elever|ansökningar|placeringar"
)
_UNITS: tuple[tuple[str, Unit, int], ...] = (
    (rf"miljarder(?:{_SPACE}(?:kronor|kr))?|mdkr|mdr{_SPACE}?kr", Unit.KRONOR, 1_000_000_000),
    (rf"miljon(?:er)?(?:{_SPACE}(?:kronor|kr|SEK))?|mkr|mnkr|mn{_SPACE}?kr|msek", Unit.KRONOR, 1_000_000),
    (rf"tusen{_SPACE}(?:kronor|kr)|tkr|kkr|tsek", Unit.KRONOR, 1_000),
    ("kronor|kr|sek", Unit.KRONOR, 1),
    (rf"procentenhet(?:er)?|%{_SPACE}?-?enhet(?:er)?|p\.?e\.?(?=\s)", Unit.PERCENTAGE_POINTS, 1),
    ("procent(?!enhet)|%", Unit.PERCENT, 1),
    ("[a-zåäö]*timmar|[a-zåäö]*timme|tim|h", Unit.HOURS, 1),
    ("[a-zåäö]*dagar|dygn", Unit.DAYS, 1),
    ("år", Unit.SCALE, 1),
    (rf"(?:[a-zåäö]+[ae]{_SPACE})?[a-zåäö]*(?:{_COUNTED})", Unit.COUNT, 1),
)
_UNIT = "|".join(f"(?P<u{index}>{words})" for index, (words, _, _) in enumerate(_UNITS))
_AMOUNT = re.compile(
    rf"(?<![\w.,:/§]){_SIGN}(?P<number>{_NUMBER}){_SPACE}?-?(?:{_UNIT})(?![a-zåäö0-9])", re.IGNORECASE
)
_JOINED = re.compile(
    rf"(?<![\w.,:/§]){_SIGN}(?P<number>{_NUMBER})(?P<by>{_SPACE}*[-–]{_SPACE}*|{_SPACE}(?:och|till|eller|respektive|mot){_SPACE})$",
    re.IGNORECASE,
)
_NEAR = 60  # characters before a number that can say what it is
_PARAGRAPH = re.compile(
    rf"(?:§|\bkap\.?|\bnr|\bbilaga|\bpunkt|\btabell){_SPACE}*(?:\d+{_SPACE}*[a-z]?{_SPACE}*)?$", re.IGNORECASE
)
_AGE = re.compile(
    rf"{_SPACE}(?:och|eller){_SPACE}(?:äldre|yngre)|s\b|s?{_SPACE}?(?:ålder|gammal|gamla)", re.IGNORECASE
)


@dataclass(frozen=True)
class Amount:
    """A number with a unit in a text. ``value`` is in kronor for money, unsigned; ``factor`` is the written unit's
    size in kronor, ``digits`` the decimals written, ``sign`` -1, +1 or 0 when none is written.
    """

    start: int
    end: int
    text: str
    value: Decimal
    unit: Unit
    factor: int
    digits: int
    sign: int


def amounts(text: str) -> list[Amount]:
    """Every number with a unit, in order. A number joined to one ("2–3 mkr", "från 22 till 27 mkr") has its unit."""
    found: dict[int, Amount] = {}
    for match in _AMOUNT.finditer(text):
        unit, factor = next((u, f) for i, (_, u, f) in enumerate(_UNITS) if match[f"u{i}"])
        amount = _amount(match, match.end(), text, unit, factor)
        if not _is_amount(amount, match, text):
            continue
        found[amount.start] = amount
        while joined := _JOINED.search(text, max(0, amount.start - _NEAR), amount.start):
            amount = _amount(joined, joined.end("number"), text, unit, factor)
            if (
                amount.start in found
                or _looks_like_year(joined["number"])
                or _follows_paragraph(joined, text)
            ):
                break
            found[amount.start] = amount
    return [found[start] for start in sorted(found)]


def _amount(match: re.Match[str], end: int, text: str, unit: Unit, factor: int) -> Amount:
    written = match["number"]
    value = parse_number(written)
    sign, start = (match["sign"] or "").strip().lower(), match.start()
    if not sign:
        start = match.start("number")
    exponent = value.as_tuple().exponent
    digits = -exponent if isinstance(exponent, int) and exponent < 0 else 0
    direction = 0 if not sign else (1 if sign in ("+", "plus") else -1)
    return Amount(start, end, text[start:end], value * factor, unit, factor, digits, direction)


def _looks_like_year(written: str) -> bool:
    return len(written) == 4 and written.isdigit() and 1900 <= int(written) <= 2100


def _follows_paragraph(match: re.Match[str], text: str) -> bool:
    start = match.start("number")
    return bool(_PARAGRAPH.search(text[max(0, start - _NEAR) : start]))


def _is_amount(amount: Amount, match: re.Match[str], text: str) -> bool:
    """Leave out years, ages, paragraphs ("1 § 2 st") and case numbers."""
    if _follows_paragraph(match, text):
        return False
    if amount.unit is Unit.SCALE:  # "år": a year or an age is not an amount
        return not (_looks_like_year(match["number"]) or _AGE.match(text, amount.end))
    return not (amount.unit is Unit.COUNT and _looks_like_year(match["number"]))


@dataclass(frozen=True)
class Candidate:
    """A figure that a plain number may be.

    ``higher``: the sign of the value when what it is about grows (costs are negative, so -1 for them). ``better``: the
    sign that is good, 0 when that says nothing. ``is_difference``: a variance or a change, not a level.
    """

    ref: FigureRef
    label: str
    value: Decimal
    unit: Unit
    is_difference: bool = False
    higher: int = 1
    better: int = 0


class Why(StrEnum):
    """Why a plain number is listed. The member's value is what people read."""

    NO_FIGURE = "stämmer inte med någon siffra"
    SIGN = "har fel tecken"
    DIRECTION = "går åt fel håll enligt orden omkring"


@dataclass(frozen=True)
class Nearest:
    """A figure near a plain number, printed as the number was."""

    ref: FigureRef
    label: str
    text: str


@dataclass(frozen=True)
class Contradiction:
    """A plain number that equals no figure, where it stands, and the figures nearest to it."""

    amount: Amount
    why: Why
    nearest: tuple[Nearest, ...]


def contradictions(text: str, candidates: Sequence[Candidate]) -> list[Contradiction]:
    """The amounts of the text that equal no candidate in any printed rounding, sign and direction considered."""
    masked = _masked(text)
    found = amounts(masked)
    listed = []
    for amount, words in zip(found, clauses(masked, found), strict=True):
        why = judge(amount, words, candidates)
        if why is not None:
            listed.append(Contradiction(amount, why, nearest(amount, candidates, why)))
    return listed


def judge(amount: Amount, words: str, candidates: Iterable[Candidate]) -> Why | None:
    """None when some candidate equals the amount; else the least serious reason why none does."""
    reasons = {_compare(amount, words, candidate) for candidate in candidates}
    if None in reasons:
        return None
    return next((why for why in (Why.DIRECTION, Why.SIGN) if why in reasons), Why.NO_FIGURE)


def _compare(amount: Amount, words: str, candidate: Candidate) -> Why | None:
    if not _same_kind(amount.unit, candidate.unit):
        return Why.NO_FIGURE
    shown = round_half_away(abs(candidate.value) / amount.factor, amount.digits)
    if shown != amount.value / amount.factor:
        return Why.NO_FIGURE
    sign = (candidate.value > 0) - (candidate.value < 0)
    if amount.sign:
        return None if sign in (0, amount.sign) or amount.value == 0 else Why.SIGN
    implied = direction(words, candidate)
    return Why.DIRECTION if implied and sign and implied != sign else None


def _same_kind(written: Unit, own: Unit) -> bool:
    return written is own or (written.is_money and own.is_money)


def mismatched_direction(text: str, start: int, end: int, candidate: Candidate) -> bool:
    """Whether the words around a bound figure printed without its sign say the opposite of it."""
    masked = _masked(text)
    here = Amount(start, end, text[start:end], abs(candidate.value), candidate.unit, 1, 0, 0)
    sign = (candidate.value > 0) - (candidate.value < 0)
    bound = (match.span() for match in _BRACES.finditer(text))
    others = [here if at == (start, end) else Amount(*at, "", Decimal(0), here.unit, 1, 0, 0) for at in bound]
    around = sorted([*others, *amounts(masked)], key=lambda one: one.start)
    implied = direction(clauses(masked, around)[around.index(here)], candidate)
    return bool(implied and sign and implied != sign)


_BRACES = re.compile(r"\{\{[^{}]*\}\}")


def _masked(text: str) -> str:
    """The text with its bound figures blotted out, every other character in its place."""
    return _BRACES.sub(lambda found: "\x00" * len(found.group()), text)


_HIGHER = re.compile(
    r"\b(?:\w*(?:ökar|ökat|ökade|ökning\w*|öka)|högre|mer|fler|större|stiger|stigit|överskrider|överskridande\w*)\b|"
    r"\böver budget",
    re.IGNORECASE,
)
_LOWER = re.compile(
    r"\b(?:\w*(?:minskar|minskat|minskade|minskning\w*|minska)|lägre|mindre|färre|sjunker|sjunkit|underskrider|"
    r"underskridande\w*)\b|\bunder budget",
    re.IGNORECASE,
)
_BETTER = re.compile(r"\b(?:\w*överskott\w*|bättre|positiv\w*|besparing\w*|förbättr\w*)\b", re.IGNORECASE)
_WORSE = re.compile(
    r"\b(?:\w*underskott\w*|sämre|negativ\w*|merkostnad\w*|fördyring\w*|dyrare|försämr\w*)\b", re.IGNORECASE
)
_NEGATED = re.compile(r"\b(?:inte|ej|ingen|inget|inga|aldrig|varken)\b", re.IGNORECASE)


def direction(words: str, candidate: Candidate) -> int:
    """The sign that the words of a clause give a figure: -1, +1, or 0 when they say nothing or both.

    "Kostnaderna ökar" is minus, since costs are negative. Negated clauses are left alone.
    """
    if _NEGATED.search(words):
        return 0
    implied = set()
    if candidate.is_difference:
        if _HIGHER.search(words):
            implied.add(candidate.higher)
        if _LOWER.search(words):
            implied.add(-candidate.higher)
    if candidate.better:
        if _BETTER.search(words):
            implied.add(candidate.better)
        if _WORSE.search(words):
            implied.add(-candidate.better)
    return implied.pop() if len(implied) == 1 else 0


_SENTENCE = re.compile(
    r"(?<!\bt\.ex)(?<!\bbl\.a)(?<!\bdvs)(?<!\bca)(?<!\bkl)(?<!\bs\.k)[.!?](?=\s|$)|[;\n]|"
    r"\b(?:medan|men|däremot|samtidigt)\b",
    re.IGNORECASE,
)
_LONGEST_CLAUSE = 1_000  # characters; nobody writes longer ones
_SOFT = re.compile(r",\s|\s(?:och|samt|vilket|varav|respektive|som)\s", re.IGNORECASE)


def clauses(text: str, found: Sequence[Amount]) -> list[str]:
    """The words that speak of each amount: its sentence, cut at the first comma or "och" between it and its neighbours.

    ``found`` are all amounts of the text, in order.
    """
    ends = [match.span() for match in _SENTENCE.finditer(text)]
    starts = [0, *(end for _, end in ends)]
    stops = [*(start for start, _ in ends), len(text)]
    words = []
    for place, amount in enumerate(found):
        sentence = bisect_right(starts, amount.start) - 1
        start, stop = starts[sentence], max(stops[sentence], amount.end)
        if place and found[place - 1].end > start:
            cut = _SOFT.search(text, found[place - 1].end, amount.start)
            start = cut.end() if cut else start
        if place + 1 < len(found) and found[place + 1].start < stop:
            cut = _SOFT.search(text, amount.end, found[place + 1].start)
            stop = cut.start() if cut else stop
        words.append(text[start:stop][:_LONGEST_CLAUSE])
    return words


def nearest(amount: Amount, candidates: Iterable[Candidate], why: Why, count: int = 3) -> tuple[Nearest, ...]:
    """The candidates of the same kind nearest in size (in sign and size when a sign is written)."""

    def distance(candidate: Candidate) -> tuple[bool, Decimal]:
        away = abs(abs(candidate.value) - amount.value)
        wrong_side = bool(amount.sign) and why is Why.NO_FIGURE and candidate.value * amount.sign < 0
        return (wrong_side, away)

    close = sorted((one for one in candidates if _same_kind(amount.unit, one.unit)), key=distance)[:count]
    return tuple(Nearest(one.ref, one.label, _as_written(amount, one)) for one in close)


_SHOWN = {1_000_000: Unit.MKR, 1_000: Unit.TKR, 1: Unit.KRONOR}


def _as_written(amount: Amount, candidate: Candidate) -> str:
    """The candidate in the unit of the amount, with at least its decimals."""
    if not amount.unit.is_money:
        digits = max(amount.digits, 1 if candidate.value % 1 else 0)
        return format_value(
            candidate.value, candidate.unit, digits, sign=candidate.is_difference, suffix=True
        )
    unit = _SHOWN.get(amount.factor, Unit.MKR)
    digits = max(amount.digits, unit.default_digits)
    return format_value(candidate.value, unit, digits, sign=candidate.is_difference, suffix=True)
