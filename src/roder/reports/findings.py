"""What a chart's title says: the finding, made from its own numbers. Pure functions.

A title never says more than the numbers: an increase is one, a share is rounded as it is printed, and small numbers are
said as numbers ("från 5 till 33"), since a per cent of five says nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from roder.core.numbers import NBSP, Unit, format_value, round_half_away
from roder.core.words import joined, small_first
from roder.reports.document import Number

#: Fewer than this many before: the change is said in numbers, not in per cent.
LEAST_FOR_PERCENT = 20


@dataclass(frozen=True)
class Words:
    """How a change is said. ``what`` is the subject of the sentence, ``now`` and ``before`` name the two periods."""

    what: str
    now: str
    before: str


def change_sentence(words: Words, now: Number | None, before: Number | None) -> str:
    """The change from one period to another as a title: increased or decreased by n %, or unchanged.

    Without the earlier value: the value alone. Without the later: that it is not known.
    """
    if now is None or now.value is None:
        return f"{words.what}: uppgift saknas för {words.now}"
    if before is None or before.value is None:
        return f"{words.what}: {_said(now)} {words.now}"
    moved = moved_words(now, before)
    if not moved:
        return f"{words.what}: oförändrat {_said(now)} jämfört med {words.before}"
    return f"{words.what} {moved} jämfört med {words.before}"


def moved_words(now: Number, before: Number) -> str:
    """The verb and how much: ``minskade med 6 %``, ``ökade från 5 till 33``; empty when nothing moved.

    Both are known.
    """
    later, earlier = printed(now), printed(before)
    if later == earlier:
        return ""
    verb = "ökade" if later > earlier else "minskade"
    if not now.unit.is_money and now.unit is not Unit.COUNT:
        return f"{verb} från {before.text} till {_said(now)}"
    share = round_half_away(abs(later - earlier) / earlier * 100, 0) if earlier > 0 else None
    if share is None or earlier < LEAST_FOR_PERCENT or share == 0:
        return f"{verb} från {before.text} till {now.text}"
    return f"{verb} med {format_value(share, Unit.PERCENT, 0, suffix=True)}"


def settings_sentence(what: str, pairs: Sequence[tuple[str, Number, Number]]) -> str:
    """A title over several groups, each with its value now and before: ``Smärtskattning: eget hem ökade från …``.

    One direction for all is said once. Groups without either value are left out; none at all gives ``what`` alone.
    """
    known = [
        (name, now, before)
        for name, now, before in pairs
        if now.value is not None and before.value is not None
    ]
    if not known:
        return what
    said = []
    verbs = [_verb(now, before) for _, now, before in known]
    for place, ((name, now, before), verb) in enumerate(zip(known, verbs, strict=True)):
        again = place > 0 and verb == verbs[place - 1]
        if verb == "oförändrat":
            said.append(
                f"{lower_first(name)} {'' if again else 'oförändrat '}{_said(now)}".replace("  ", " ")
            )
        else:
            said.append(
                f"{lower_first(name)} {'' if again else verb + ' '}från {before.text} till {_said(now)}"
            )
    return f"{what}: {', '.join(said)}"


def most_sentence(total: Number, parts: Sequence[tuple[str, Number]], what: str) -> str:
    """The title of a distribution: which part is most, ``Flest avvikelser till regionen gällde sjukhus: 20 av 33``."""
    known = [(name, number, printed(number)) for name, number in parts if number.value]
    if not known or not total.value:
        return f"Inga {what}"
    most = max(amount for _, _, amount in known)
    first = [(name, number) for name, number, amount in known if amount == most]
    if len(known) == 1:
        return (
            f"Alla {total.text} {what} gällde {lower_first(first[0][0])}"
            if most == printed(total)
            else _of(first, total, what)
        )
    if len(first) == 1:
        return _of(first, total, what)
    if len(first) == len(known):
        return f"Lika många {what} per grupp: {first[0][1].text} av {total.text} vardera"
    names = joined([lower_first(name) for name, _ in first])
    return f"Flest {what} gällde {names}: {first[0][1].text} av {total.text} vardera"


def _of(first: Sequence[tuple[str, Number]], total: Number, what: str) -> str:
    name, number = first[0]
    return f"Flest {what} gällde {lower_first(name)}: {number.text} av {total.text}"


def part_of_sentence(part: Number, whole: Number, what: str, otherwise: str) -> str:
    """``34 av 38 personer …``; ``otherwise`` where either is unknown or there were none."""
    if part.value is None or not whole.value:
        return otherwise
    return f"{part.text} av {whole.text} {what}"


def printed(number: Number) -> Decimal:
    """The value as printed: what a reader sees is what a sentence must agree with. The value is known."""
    assert number.value is not None  # noqa: S101 - asked by the caller
    return round_half_away(number.value / number.unit.divisor, number.places)


def _verb(now: Number, before: Number) -> str:
    later, earlier = printed(now), printed(before)
    return "ökade" if later > earlier else "minskade" if later < earlier else "oförändrat"


def _said(number: Number) -> str:
    """The number with its unit, where the unit says something."""
    suffix = number.unit.suffix
    return f"{number.text}{NBSP}{suffix}" if suffix and not number.suffix else number.text


def lower_first(name: str) -> str:
    """A name inside a sentence: lower case, but abbreviations (SoL, SÄBO, LSS) as they are."""
    first = name.split(" ", 1)[0].rstrip(",:")
    return name if sum(letter.isupper() for letter in first) > 1 else small_first(name)
