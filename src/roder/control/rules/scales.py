"""Risk scales: what a score is worth, what the handling rule proposes, and where a choice departs from it (5.1).

Pure: no Django, no database. A scale is the steering model's own; nothing of a municipality is written here. The rule
proposes and never blocks: whatever a rule in a model says, every score has an answer, and a higher risk value is never
given a milder one than a lower value. A scale without a handling rule proposes nothing, and nothing departs from it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from roder.core.words import joined, small_first

#: What a risk may lead to, in words. The codes are the steering model's.
HANDLINGS = {
    "none": "Ingen åtgärd",
    "goal": "Mål",
    "control_point": "Internkontrollpunkt",
    "critical_factor": "Kritisk verksamhetsfaktor",
    "assignment": "Uppdrag",
    "immediate_action": "Omedelbar åtgärd",
}
#: How much a handling asks of the committee; those alike are alternatives to each other.
STRENGTH = {
    "none": 0,
    "critical_factor": 1,
    "goal": 2,
    "control_point": 2,
    "assignment": 2,
    "immediate_action": 3,
}


@dataclass(frozen=True)
class Step:
    """A step of likelihood or impact. The texts are empty where only the number is printed."""

    value: int
    label: str = ""
    meaning: str = ""

    @property
    def words(self) -> str:
        """The number with its label: ``3 Möjlig``."""
        return f"{self.value} {self.label}".rstrip()


@dataclass(frozen=True)
class Axis:
    """Likelihood or impact: what it is called here and its steps from the lowest."""

    label: str
    steps: tuple[Step, ...]

    @property
    def lowest(self) -> int:
        """The lowest value."""
        return self.steps[0].value

    @property
    def highest(self) -> int:
        """The highest value."""
        return self.steps[-1].value

    @property
    def values(self) -> tuple[int, ...]:
        """Every value, from the lowest."""
        return tuple(step.value for step in self.steps)

    def step(self, value: int | None) -> Step | None:
        """The step of a value, None for a value that is not on the axis."""
        return next((step for step in self.steps if step.value == value), None)


@dataclass(frozen=True)
class Level:
    """A named level of the matrix, such as Kritisk; ``tone`` is good, near, bad or none."""

    code: str
    label: str
    tone: str


@dataclass(frozen=True)
class Proposal:
    """A handling that the rule proposes, some only when the likelihood is low enough."""

    handling: str
    likelihood_at_most: int | None = None
    meaning: str = ""

    def fits(self, likelihood: int) -> bool:
        """Whether it is proposed at a likelihood."""
        return self.likelihood_at_most is None or likelihood <= self.likelihood_at_most


@dataclass(frozen=True)
class Band:
    """What is proposed for risk values from ``lowest`` to ``highest``, both included."""

    lowest: int
    highest: int
    proposals: tuple[Proposal, ...]
    meaning: str = ""

    def at(self, likelihood: int) -> tuple[str, ...]:
        """The handlings for a likelihood; all of the band's where none fits, so that a risk is never left without."""
        fitting = [one.handling for one in self.proposals if one.fits(likelihood)]
        return tuple(dict.fromkeys(fitting or [one.handling for one in self.proposals]))


@dataclass(frozen=True)
class Scale:
    """A risk scale as a steering model has it."""

    code: str
    label: str
    likelihood: Axis
    impact: Axis
    levels: tuple[Level, ...] = ()
    matrix: tuple[tuple[str, ...], ...] = ()
    bands: tuple[Band, ...] = ()
    obligatory_points: bool = False
    retired_value: int | None = None

    @classmethod
    def read(cls, content: Mapping[str, Any]) -> Scale:
        """The scale of the JSON that the steering model keeps it as (``modelfile.control.RiskScale``)."""
        likelihood, impact = _axis(content["likelihood"]), _axis(content["impact"])
        rows = {row["likelihood"]: tuple(row["levels"]) for row in content.get("matrix") or ()}
        return cls(
            code=content["code"],
            label=content["label"],
            likelihood=likelihood,
            impact=impact,
            levels=tuple(
                Level(one["code"], one["label"], one["tone"]) for one in content.get("levels") or ()
            ),
            matrix=tuple(rows.get(value, ()) for value in likelihood.values) if rows else (),
            bands=tuple(sorted(map(_band, content.get("handling") or ()), key=lambda band: band.lowest)),
            obligatory_points=bool(content.get("obligatory_points")),
            retired_value=content.get("retired_value"),
        )

    @property
    def values(self) -> tuple[int, ...]:
        """Every risk value that can occur, from the lowest."""
        return tuple(sorted({value(one, other) for one, other in self.cells()}))

    @property
    def size(self) -> str:
        """The size in words: ``4 × 4``."""
        return f"{len(self.likelihood.steps)} × {len(self.impact.steps)}"

    @property
    def axes(self) -> tuple[Axis, Axis]:
        """Likelihood and impact."""
        return self.likelihood, self.impact

    def cells(self) -> Iterable[tuple[int, int]]:
        """Every pair of likelihood and impact, from the lowest."""
        return ((one, other) for one in self.likelihood.values for other in self.impact.values)

    @cached_property
    def _proposed(self) -> dict[tuple[int, int], tuple[str, ...]]:
        """What is proposed in each cell. Where the model's rule is milder for a higher value, the stricter goes on."""
        found: dict[tuple[int, int], tuple[str, ...]] = {}
        floor: tuple[str, ...] = ()
        for worth in self.values:
            cells = [cell for cell in self.cells() if value(*cell) == worth]
            for cell in cells:
                own = self._band_of(worth).at(cell[0])
                found[cell] = own if strength(own) >= strength(floor) else floor
            floor = max([floor, *(found[cell] for cell in cells)], key=strength)
        return found

    def _band_of(self, worth: int) -> Band:
        """The band of a risk value; in a hole between two bands the one below, and below all of them the first."""
        below = [band for band in self.bands if band.lowest <= worth]
        return next((band for band in below if worth <= band.highest), below[-1] if below else self.bands[0])


def _axis(content: Mapping[str, Any]) -> Axis:
    steps = (Step(one["value"], one.get("label") or "", one.get("meaning") or "") for one in content["steps"])
    return Axis(content["label"], tuple(sorted(steps, key=lambda step: step.value)))


def _band(content: Mapping[str, Any]) -> Band:
    return Band(
        content["lowest"],
        content["highest"],
        tuple(
            Proposal(one["handling"], one.get("likelihood_at_most"), one.get("meaning") or "")
            for one in content["proposals"]
        ),
        content.get("meaning") or "",
    )


def strength(handlings: Iterable[str]) -> int:
    """How much the strongest of some handlings asks of the committee (-1 for none at all)."""
    return max((STRENGTH[one] for one in handlings), default=-1)


def value(likelihood: int, impact: int) -> int:
    """The risk value: likelihood times impact, in every scale."""
    return likelihood * impact


def outside(scale: Scale, likelihood: int | None, impact: int | None) -> dict[str, str]:
    """What is wrong with a score: a Swedish sentence for each field, empty when it is within the scale.

    No score at all is within every scale; half a score is not.
    """
    if likelihood is None and impact is None:
        return {}
    wrong = {}
    for name, axis, given in (
        ("likelihood", scale.likelihood, likelihood),
        ("impact", scale.impact, impact),
    ):
        if given is None:
            wrong[name] = f"{axis.label} saknas. Ange båda värdena, eller inget av dem."
        elif axis.step(given) is None:
            wrong[name] = (
                f"{axis.label} {given} finns inte i skalan {scale.label}. "
                f"Ange ett värde mellan {axis.lowest} och {axis.highest}."
            )
    return wrong


def level(scale: Scale, likelihood: int | None, impact: int | None) -> Level | None:
    """The named level of a score, None where the scale has no levels or the score is not in it."""
    if not scale.matrix or scale.likelihood.step(likelihood) is None or scale.impact.step(impact) is None:
        return None
    row = scale.matrix[scale.likelihood.values.index(likelihood or 0)]
    column = scale.impact.values.index(impact or 0)
    code = row[column] if column < len(row) else None
    return next((one for one in scale.levels if one.code == code), None)


#: How a band is shown where the scale names no levels: by the strongest handling that it proposes.
_TONES = {0: "good", 1: "near", 2: "near", 3: "bad"}


def shown_level(scale: Scale, likelihood: int | None, impact: int | None) -> Level | None:
    """What a score is shown as: its named level; in a scale without names the band of its handling rule (``6–12``), by
    how much the rule asks there; None where the scale says neither."""
    if scale.matrix or not scale.bands:
        return level(scale, likelihood, impact)
    proposed = proposals(scale, likelihood, impact)
    if not proposed or likelihood is None or impact is None:
        return None
    band = scale._band_of(value(likelihood, impact))
    words = f"{band.lowest}–{band.highest}" if band.lowest < band.highest else str(band.lowest)
    return Level(words, f"Riskvärde {words}", _TONES[strength(proposed)])


def proposals(scale: Scale, likelihood: int | None, impact: int | None) -> tuple[str, ...]:
    """The handlings that the rule proposes for a score, in the rule's order.

    Never empty for a score within a scale that has a rule; empty for no score and for a scale without a rule.
    """
    if not scale.bands or likelihood is None or impact is None:
        return ()
    return scale._proposed.get((likelihood, impact), ())


def reasons(scale: Scale, likelihood: int | None, impact: int | None) -> dict[str, str]:
    """When each proposed handling is meant, as the model words it: handling -> sentence or ''."""
    proposed = proposals(scale, likelihood, impact)
    if not proposed or likelihood is None or impact is None:
        return {}
    said = {one.handling: one.meaning for one in scale._band_of(value(likelihood, impact)).proposals}
    return {handling: said.get(handling, "") for handling in proposed}


def departure(
    scale: Scale, likelihood: int | None, impact: int | None, handling: str, *, obligatory: bool = False
) -> str | None:
    """Why a chosen handling departs from the rule, in Swedish; None when it does not.

    An unscored risk, one without a choice, and a scale without a rule depart from nothing. An obligatory point is a
    control point whatever its value, where the model has obligatory points.
    """
    proposed = proposals(scale, likelihood, impact)
    if not handling or not proposed or handling in proposed or likelihood is None or impact is None:
        return None
    if obligatory and scale.obligatory_points and handling == "control_point":
        return None
    worth = value(likelihood, impact)
    said = f"Riskvärdet är {worth} och regeln föreslår {listed(proposed)}, inte {_lower(handling)}."
    limit = next(
        (
            one.likelihood_at_most
            for one in scale._band_of(worth).proposals
            if one.handling == handling and one.likelihood_at_most is not None
        ),
        None,
    )
    if limit is not None:
        said += (
            f" {HANDLINGS[handling]} föreslås bara vid {small_first(scale.likelihood.label)} {limit} eller lägre; "
            f"här är värdet {likelihood}."
        )
    return said


def listed(handlings: Iterable[str]) -> str:
    """Handlings in a sentence: ``mål, internkontrollpunkt eller uppdrag``."""
    return joined([_lower(one) for one in handlings], "eller")


def _lower(handling: str) -> str:
    return small_first(HANDLINGS[handling])


@dataclass(frozen=True)
class Movement:
    """How a risk value has moved since last year. ``direction``: up, down, same, new, unscored or other_scale."""

    direction: str
    now: int | None
    before: int | None

    @property
    def arrow(self) -> str:
        """The arrow that is drawn, '' where nothing can be compared."""
        return {"up": "↑", "down": "↓", "same": "→"}.get(self.direction, "")

    @property
    def words(self) -> str:
        """The movement in words."""
        return {
            "up": f"upp från {self.before}",
            "down": f"ner från {self.before}",
            "same": "oförändrat",
            "new": "inget värde förra året",
            "unscored": "inte bedömd" if self.before is None else f"inte bedömd, förra året {self.before}",
            "other_scale": f"förra året {self.before} på en annan skala",
        }[self.direction]


def movement(now: int | None, before: int | None, *, same_scale: bool = True) -> Movement:
    """How a risk value has moved. Values of scales of different sizes are shown beside each other, not compared."""
    if now is None:
        return Movement("unscored", now, before)
    if before is None:
        return Movement("new", now, before)
    if not same_scale:
        return Movement("other_scale", now, before)
    return Movement("up" if now > before else "down" if now < before else "same", now, before)
