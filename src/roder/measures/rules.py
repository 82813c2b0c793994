"""Rules for key figures: does an outcome meet its target, how is it graded, which way is it going. Pure functions."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from enum import StrEnum

from roder.core.numbers import round_half_away


class Trend(StrEnum):
    """The direction since the outcome before. Whether up is good belongs to the measure."""

    NONE = "none"
    UP = "up"
    SAME = "same"
    DOWN = "down"


@dataclass(frozen=True)
class Band:
    """Values up to and including ``up_to`` (None: no upper end) get ``status``."""

    up_to: Decimal | None
    status: str


def meets(outcome: Decimal, operator: str, target: Decimal) -> bool:
    """Whether an outcome meets a target written with >, >=, =, <= or <. Raises ValueError for another operator."""
    match operator:
        case ">":
            return outcome > target
        case ">=":
            return outcome >= target
        case "=":
            return outcome == target
        case "<=":
            return outcome <= target
        case "<":
            return outcome < target
    raise ValueError(f"okänt villkor {operator!r}")


def in_band(value: Decimal, bands: Sequence[Band], *, boundary_below: bool = True) -> str:
    """The status of the band that ``value`` falls in. Bands come from the lowest and up.

    ``boundary_below``: a value on a boundary belongs to the band below it, so that exactly 100 % of the target is
    still "utan anmärkning" (Uppföljningsanvisningar för chefer 2022, Anvisningar bedömning).
    Raises ValueError when the last band has an upper end and the value is above it.
    """
    for band in bands:
        if band.up_to is None or value < band.up_to or (boundary_below and value == band.up_to):
            return band.status
    raise ValueError(f"värdet {value} ligger över det högsta bandet")


def percent_of_target(outcome: Decimal, target: Decimal) -> Decimal | None:
    """Outcome in per cent of the target, unrounded. None when the target is zero: a share of nothing is undefined."""
    return None if target == 0 else outcome / target * 100


def against_mean(outcome: Decimal, mean: Decimal, digits: int) -> int:
    """1, 0 or -1: the outcome is over, equal to or under the mean, at the precision the mean is published with.

    Source: Uppföljningsanvisningar 2022, Anvisningar bedömning ("Lika med rikets medelvärde", whole per cent).
    """
    left, right = round_half_away(outcome, digits), round_half_away(mean, digits)
    return (left > right) - (left < right)


def trend(outcome: Decimal | None, before: Decimal | None, digits: int) -> Trend:
    """The direction since the outcome before, at the printed precision. Without one of them there is no trend."""
    if outcome is None or before is None:
        return Trend.NONE
    step = against_mean(outcome, before, digits)
    return {1: Trend.UP, 0: Trend.SAME, -1: Trend.DOWN}[step]


def is_worse(target: Decimal, baseline: Decimal, direction: str) -> bool:
    """Whether a target is worse than the baseline it starts from (for a measure with a wanted direction)."""
    if direction == "higher":
        return target < baseline
    return direction == "lower" and target > baseline


@dataclass(frozen=True)
class Defined:
    """A definition from a day until another (None: still). ``breaks``: values before the day cannot be compared."""

    start: date
    end: date | None
    text: str
    breaks: bool = False


def defined(
    before: Sequence[Defined], text: str, start: date | None, breaks: bool | None, first: date
) -> list[Defined]:
    """The definitions when somebody has said a text, and perhaps from which day and whether it breaks the series.

    Without a day it is another wording of the latest definition (from ``first`` when there is none). From a day it
    takes over from the one that holds that day, which then ends; said in the same words it is no new definition.
    """
    kept = sorted(before, key=lambda one: one.start)
    day = start or (kept[-1].start if kept else first)
    there = next((one for one in kept if one.start <= day and (one.end is None or day < one.end)), None)
    if there is not None and (there.start == day or (there.text == text and not breaks)):
        said = replace(there, text=text, breaks=there.breaks if breaks is None else breaks)
        return [said if one is there else one for one in kept]
    after = next((one.start for one in kept if one.start > day), None)
    end = there.end if there is not None else after
    kept = [replace(one, end=day) if one is there else one for one in kept]
    return sorted([*kept, Defined(day, end, text, bool(breaks))], key=lambda one: one.start)
