"""Rules of goals: what status the outcomes speak for, and what a goal lacks. Pure functions."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum


@dataclass(frozen=True)
class StatusStep:
    """One status of a scale: ``order`` lowest first; ``tone`` is good, near, bad or none."""

    code: str
    label: str
    order: int
    tone: str


@dataclass(frozen=True)
class MeasureState:
    """What is known of one of a goal's measures: whether it meets the target (None: outcome or target is missing)."""

    title: str
    met: bool | None


@dataclass(frozen=True)
class Proposal:
    """A proposed status and why. An empty code: the scale has no status that fits."""

    code: str
    reason: str


def propose(states: Sequence[MeasureState], scale: Sequence[StatusStep]) -> Proposal:
    """Propose a goal's status from its measures. People decide; an override says why.

    No outcome for some measure: the scale's "not evaluated" status. All met: the highest. None met: the lowest.
    Some met: the step between that lies nearest the share met, never the highest. A scale with two steps has no
    step between, so partly met is its lower one (Uppföljningsanvisningar 2022: year-end has only two signals).
    """
    steps = sorted((step for step in scale if step.tone != "none"), key=lambda step: step.order)
    unknown = next((step.code for step in scale if step.tone == "none"), "")
    missing = [state.title for state in states if state.met is None]
    if not states:
        return Proposal(unknown, "Målet har inget nyckeltal.")
    if missing:
        named = missing[0] if len(missing) == 1 else f"{len(missing)} av {len(states)} nyckeltal"
        return Proposal(unknown, f"Utfall eller målvärde saknas för {named}.")
    if not steps:
        return Proposal("", "Styrmodellen har ingen skala för målet.")
    met = sum(1 for state in states if state.met)
    reason = f"{met} av {len(states)} nyckeltal når målvärdet."
    if met == len(states):
        return Proposal(steps[-1].code, reason)
    if met == 0 or len(steps) == 2:
        return Proposal(steps[0].code, reason)
    between = steps[1:-1]
    return Proposal(between[min(len(between) - 1, met * len(between) // len(states))].code, reason)


class Lack(StrEnum):
    """What a goal may lack. Warned of, never blocked."""

    NO_MEASURE = "Målet har inget nyckeltal."
    NO_TARGET = "Inget av målets nyckeltal har ett målvärde för året."
    NOT_AT_INTERIM = "Nyckeltalet publiceras först efter delårsbokslutet och kan inte bedömas då."
    TARGET_WORSE = "Målvärdet är sämre än nuläget."
    NO_OWNER = "Målet har ingen ansvarig."
    NO_LINK = "Målet saknar koppling till fullmäktiges mål och motiv."


@dataclass(frozen=True)
class GoalFacts:
    """What the warnings look at. Tuples hold the titles of the measures concerned."""

    has_measure: bool
    has_target: bool
    worse_than_baseline: tuple[str, ...]
    published_after_interim: tuple[str, ...]
    has_owner: bool
    has_link_or_motive: bool


def lacks(goal: GoalFacts) -> list[str]:
    """What the goal lacks, as sentences to show. Source: specific, measurable, accepted, realistic, timed (SMART)."""
    found: list[str] = []
    if not goal.has_measure:
        found.append(Lack.NO_MEASURE)
    elif not goal.has_target:
        found.append(Lack.NO_TARGET)
    found += [f"{Lack.TARGET_WORSE.removesuffix('.')}: {title}." for title in goal.worse_than_baseline]
    found += [f"{Lack.NOT_AT_INTERIM.removesuffix('.')}: {title}." for title in goal.published_after_interim]
    if not goal.has_owner:
        found.append(Lack.NO_OWNER)
    if not goal.has_link_or_motive:
        found.append(Lack.NO_LINK)
    return found


def too_many(count: int, most: int | None, what: str) -> str:
    """A warning when there are more goals than the model allows, else an empty string."""
    return (
        f"{count} {what}, men styrmodellen medger högst {most}." if most is not None and count > most else ""
    )


def needs_reason(status: str, proposed: str) -> bool:
    """Whether departing from the proposal must be explained (the database requires the same)."""
    return bool(status and proposed and status != proposed)
