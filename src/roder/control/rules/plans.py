"""The plan of internal control as rules: what a plan lacks, what is told when, and how a follow-up is summed up.

Pure: no Django and no database. The words are those of the municipalities' own plans and follow-ups.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from typing import NamedTuple

from roder.control.rules.outcomes import MOVED, WITH, WITHOUT, Words
from roder.core.words import joined

MONTHS = "januari februari mars april maj juni juli augusti september oktober november december".split()
#: The kinds of occasion that a control may be told at, as plans print them.
TOLD_AT = {"interim": "delårsbokslut", "annual": "årsbokslut"}
SAMPLE = "sample"
PROGRAMS_OWN = Words()


# --- what a plan lacks -----------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class ControlFacts:
    """A control as far as the rule needs it. ``told``: whether anything says when it is told to the committee."""

    what: str
    responsible: str
    owner_role: str
    told: bool
    method: str = ""
    frame: str = ""


@dataclass(frozen=True)
class PointFacts:
    """A control point with those of its controls that are to be made. ``key`` is whatever the caller knows it by."""

    key: int
    number: str
    title: str
    controls: tuple[ControlFacts, ...] = ()


@dataclass(frozen=True)
class RiskFacts:
    """A risk that should have a point and has none. ``obligatory``: the municipality has decided that it must."""

    number: str
    text: str
    obligatory: bool


@dataclass(frozen=True)
class Missing:
    """Something the plan lacks. ``stops``: it cannot be adopted with it. ``point``: the key of the point it is in."""

    text: str
    stops: bool = True
    point: int | None = None


def missing(points: Sequence[PointFacts], left_out: Sequence[RiskFacts] = ()) -> tuple[Missing, ...]:
    """Everything a plan lacks, all at once: first what stops the adoption, then what is only worth a look.

    ``left_out``: risks that the analysis sends to the plan and that no point takes up.
    """
    found: list[Missing] = []
    if not points:
        found.append(
            Missing("Planen har ingen kontrollpunkt. Hämta punkter ur riskanalysen eller lägg till en.")
        )
    for point in points:
        found += _missing_in(point)
    for risk in left_out:
        name = f"Risk {risk.number} ({risk.text})" if risk.number else f"Risken ”{risk.text}”"
        if risk.obligatory:
            found.append(
                Missing(f"{name} är obligatorisk men har ingen kontrollpunkt. Hämta den ur riskanalysen.")
            )
        else:
            found.append(
                Missing(f"{name} ska med enligt riskanalysen men har ingen kontrollpunkt.", stops=False)
            )
    return tuple(sorted(found, key=lambda one: not one.stops))


def _missing_in(point: PointFacts) -> Iterable[Missing]:
    name = f"Punkt {point.number}"
    if not point.controls:
        yield Missing(f"{name} ({point.title}) har ingen kontroll. Lägg till minst en.", point=point.key)
    for control in point.controls:
        where = f"{name}, ”{control.what}”" if control.what.strip() else f"{name}, en kontroll utan text"
        if not control.what.strip():
            yield Missing(f"{where}: skriv vad som kontrolleras.", point=point.key)
        if not control.responsible.strip():
            yield Missing(f"{where}: ange kontrollansvarig.", point=point.key)
        if not control.owner_role.strip():
            yield Missing(f"{where}: ange vilken roll som får uppgiften.", point=point.key)
        if not control.told:
            yield Missing(f"{where}: ange när den redovisas.", point=point.key)
        if control.method == SAMPLE and not control.frame.strip():
            yield Missing(f"{where}: det står inte vad stickprovet dras ur.", stops=False, point=point.key)


# --- what is told when -----------------------------------------------------------------------------------------------


def told_at(
    kinds: Collection[str], months: Collection[int], kind: str, cut_off: date, cut_offs: Iterable[date] = ()
) -> bool:
    """Whether a control with these kinds and months is told at the occasion with this kind and cut-off.

    A month belongs to the occasion that is cut off in it, else to the one cut off the month before: what is cut off in
    April is told in May. ``cut_offs``: those of all the year's occasions.
    """
    if kind in kinds:
        return True
    cut_in = {one.month for one in cut_offs} | {cut_off.month}
    return any(
        cut_off.month == month or (month not in cut_in and cut_off.month == month - 1) for month in months
    )


def told_words(kinds: Sequence[str], months: Sequence[int], text: str = "") -> str:
    """When a control is told, as a plan prints it: ``delårs- och årsbokslut``, ``maj och november``, or its own."""
    if text.strip():
        return text.strip()
    if set(TOLD_AT) <= set(kinds):
        parts = ["delårs- och årsbokslut"]
    else:
        parts = [TOLD_AT[one] for one in TOLD_AT if one in kinds]
    parts += [MONTHS[month - 1] for month in sorted(set(months)) if 1 <= month <= 12]
    return joined(parts)


def period_of(year: int, cut_off: date, earlier: Iterable[date] = ()) -> tuple[date, date]:
    """The period a round is about: from the day after the last earlier cut-off (else the year's first) to its own."""
    before = [one for one in earlier if one < cut_off and one.year == year]
    start = max(before) + timedelta(days=1) if before else date(year, 1, 1)
    return min(start, cut_off), cut_off


def later_day(to: date, due: date | None, today: date) -> str | None:
    """What is wrong with the day something is moved to, in Swedish; None when it is good: after today and after the
    day it was due."""
    if to < today:
        return f"Dagen {to.isoformat()} har varit. Välj en dag framåt."
    if due is not None and to <= due:
        return f"Välj en dag efter {due.isoformat()}, som gäller nu."
    return None


def figures_fault(checked: int | None, deviating: int | None) -> tuple[str, str] | None:
    """What is wrong with a round's figures: the field and what to do, in Swedish. None when they agree."""
    if deviating is not None and checked is None:
        return "checked", "Skriv hur många som granskades."
    if checked is not None and checked < 0:
        return "checked", "Antalet kan inte vara mindre än noll."
    if deviating is not None and deviating < 0:
        return "deviating", "Antalet kan inte vara mindre än noll."
    if checked is not None and deviating is not None and deviating > checked:
        return (
            "deviating",
            f"{deviating} med brist är fler än de {checked} som granskades. Rätta ett av talen.",
        )
    return None


# --- how a follow-up is summed up ------------------------------------------------------------------------------------


class Counts(NamedTuple):
    """How many points a plan has, how many are followed up, without and with remarks, and how many are moved."""

    points: int
    followed_up: int
    without: int
    with_remarks: int
    moved: int


def counts(outcomes: Iterable[str | None]) -> Counts:
    """Count the points of a plan; each is its outcome, or None when it has not been followed up yet."""
    rows = list(outcomes)
    without, remarks, moved = (rows.count(one) for one in (WITHOUT, WITH, MOVED))
    return Counts(len(rows), without + remarks, without, remarks, moved)


def sentence(found: Counts, assumed: int = 0, words: Words = PROGRAMS_OWN) -> str:
    """The summary in words: ``4 av 7 punkter är följda upp: 2 utan anmärkning, 2 med.``"""
    if not found.points:
        return "Planen har inga punkter."
    many = "punkter" if found.points != 1 else "punkt"
    said = f"{found.followed_up} av {found.points} {many} är {'följda' if found.followed_up != 1 else 'följd'} upp"
    if found.followed_up:
        said += f": {words.tally(found.without, found.with_remarks)}"
    said += "."
    if found.moved:
        said += f" {found.moved} är {'flyttade' if found.moved != 1 else 'flyttad'} till senare."
    if assumed:
        what = "bedömningar är antagna" if assumed != 1 else "bedömning är antagen"
        said += f" {assumed} {what}: källan säger inte vilken den är."
    return said


def share(part: int | None, whole: int | None) -> int | None:
    """The share in whole percent, rounded half up; None when there is nothing to share."""
    if part is None or not whole:
        return None
    return int((Decimal(part) * 100 / Decimal(whole)).quantize(Decimal(1), ROUND_HALF_UP))


def figures_words(checked: int | None, deviating: int | None) -> str:
    """A round's figures in words: ``6 av 42 har brist (14 %)``; empty when nothing is counted."""
    if checked is None:
        return ""
    if deviating is None:
        return f"{checked} granskade"
    percent = share(deviating, checked)
    tail = f" ({percent} %)" if percent is not None else ""
    return f"{deviating} av {checked} har brist{tail}"


def next_number(taken: Iterable[str]) -> str:
    """The number of a new point: one more than the largest, written as the others are (``IK7`` gives ``IK8``)."""
    largest, form = 0, ""
    for one in taken:
        digits = one.strip().rstrip(".")
        end = len(digits)
        while end and digits[end - 1].isdecimal() and digits[end - 1].isascii():
            end -= 1
        if end < len(digits) and int(digits[end:]) > largest:
            largest, form = int(digits[end:]), digits[:end]
    return f"{form}{largest + 1}"
