"""What the pages of the workshop show: the risks with how far each has come, and the spread of one."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from django.http import Http404
from django.shortcuts import get_object_or_404

from roder import access
from roder.control.models import Risk, Workshop, WorkshopDecision, WorkshopScore
from roder.control.rules import scales
from roder.control.rules.spread import Spread
from roder.control.services import workshops
from roder.web.scope import CommitteeRequest

#: How spread the scores are, in words and tone.
AGREEMENT = {
    "none": ("ingen har bedömt", "none"),
    "one": ("en har bedömt", "none"),
    "agreed": ("eniga", "good"),
    "near": ("nära varandra", "near"),
    "spread": ("spridda", "bad"),
}
STEPS = (
    (Workshop.State.COLLECTING, "Samla risker"),
    (Workshop.State.SCORING, "Bedöm var för sig"),
    (Workshop.State.DECIDING, "Gruppen beslutar"),
    (Workshop.State.CLOSED, "Avslutad"),
)


def find(request: CommitteeRequest, pk: int) -> Workshop:
    """A workshop of the committee that the person may see. Raises Http404."""
    rows = Workshop.objects.filter(committee=request.scope.committee)
    rows = rows.select_related("analysis", "committee", "led_by", "current")
    return get_object_or_404(access.visible(request.user, rows), pk=pk)


def find_risk(workshop: Workshop, pk: int) -> Risk:
    """A risk of the workshop. Raises Http404."""
    found = workshops.risks_of(workshop).filter(pk=pk).first()
    if found is None:
        raise Http404("Risken är inte med i workshopen. Den kan ha strukits eller förts ihop med en annan.")
    return found


@dataclass
class Line:
    """A risk in the workshop's list."""

    risk: Risk
    spread: Spread
    scale: scales.Scale
    mine: WorkshopScore | None = None
    decision: WorkshopDecision | None = None

    @property
    def agreement(self) -> tuple[str, str]:
        """How spread the scores are: words and tone."""
        return AGREEMENT[self.spread.agreement]

    @property
    def level(self) -> scales.Level | None:
        """The level that the group decided, where the scale has levels."""
        if self.decision is None:
            return None
        return scales.level(self.scale, self.decision.likelihood, self.decision.impact)


def lines(workshop: Workshop, user: Any = None) -> list[Line]:
    """The workshop's risks with spread, the person's own score and the group's decision. Four queries or fewer."""
    spreads, scale = workshops.spreads(workshop), workshops.scale_in(workshop)
    decided = {one.risk_id: one for one in WorkshopDecision.objects.filter(workshop=workshop)}
    mine: dict[int, WorkshopScore] = {}
    if user is not None:
        mine = {one.risk_id: one for one in WorkshopScore.objects.filter(workshop=workshop, person=user)}
    return [
        Line(one, spreads.get(one.pk, Spread()), scale, mine.get(one.pk), decided.get(one.pk))
        for one in workshops.risks_of(workshop)
    ]


def to_talk_about(shown: list[Line]) -> list[Line]:
    """The risks in the order that the group takes them: undecided first, the most spread before the others."""
    return sorted(shown, key=lambda one: (one.decision is not None, [-part for part in one.spread.rank]))


def taken_part(workshop: Workshop) -> int:
    """How many people have scored something."""
    return WorkshopScore.objects.filter(workshop=workshop).values("person").distinct().count()


@dataclass
class Cell:
    """A place in the grid."""

    count: int
    tone: str
    label: str
    proposed: bool


@dataclass
class Grid:
    """The distribution of the scores of a risk over the scale, the highest likelihood on top."""

    scale: scales.Scale
    rows: list[tuple[scales.Step, list[Cell]]] = field(default_factory=list)


def grid(scale: scales.Scale, spread: Spread) -> Grid:
    """The grid of a risk's scores."""
    made = Grid(scale)
    for likely in reversed(scale.likelihood.steps):
        row = []
        for hits in scale.impact.steps:
            at = (likely.value, hits.value)
            level = scales.level(scale, *at)
            row.append(
                Cell(
                    spread.cells.get(at, 0),
                    level.tone if level else "none",
                    level.label if level else "",
                    spread.proposed == at,
                )
            )
        made.rows.append((likely, row))
    return made


def half(value: float) -> str:
    """A median as it is written: ``3`` or ``2,5``."""
    return f"{value:g}".replace(".", ",")


def spread_context(workshop: Workshop, risk: Risk) -> dict[str, Any]:
    """The spread of a risk, as words, grid and what those said who differ most. Two queries."""
    scores = list(
        WorkshopScore.objects.filter(workshop=workshop, risk=risk).select_related("person").order_by("id")
    )
    found = workshops.spread_of({one.person_id: (one.likelihood, one.impact) for one in scores})
    furthest = [one for one in scores if one.person_id in found.furthest]
    names, scale = workshop.names_shown, workshops.scale_in(workshop)
    return {
        "spread": found, "agreement": AGREEMENT[found.agreement], "grid": grid(scale, found),
        "axes": [
            {"axis": axis, "of": of, "median": half(of.median), "proposed": axis.step(of.proposed)}
            for axis, of in ((scale.likelihood, found.likelihood), (scale.impact, found.impact)) if of is not None
        ],
        "furthest": [{"score": one, "name": str(one.person) if names else ""} for one in furthest],
        "notes": [{"score": one, "name": str(one.person) if names else ""} for one in scores if one.note],
        "everybody": [{"score": one, "name": str(one.person)} for one in scores] if names else [],
    }  # fmt: skip
