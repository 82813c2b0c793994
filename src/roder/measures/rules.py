"""Rules for key figures: does an outcome meet its target, how is it graded, which way is it going. Pure functions."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
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
