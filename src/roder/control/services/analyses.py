"""The year's risk analysis: opened, carried over from last year, moved to a new scale, decided (5.1).

Raised: NotAllowedError without the right; RiskFault in Swedish, at its field where it has one.
"""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from roder import access, tasks
from roder.access import Action, Resource
from roder.control.models import Risk, RiskAnalysis, ScaleVersion
from roder.control.rules import risks as rules
from roder.control.services.keeping import saved
from roder.control.services.risks import RiskFault, locked, require_open
from roder.control.services.scales import is_in_force, scale_for, scale_of
from roder.core.put import created
from roder.organisation.models import Body, Person
from roder.tasks.owners import Owner

TASK = "control.risk_analysis"
#: What a risk brings with it from one year to the next. Scores and choices are made anew.
CARRIED = (
    "code", "number", "text", "category", "process", "activity", "cause", "consequence", "existing_controls",
    "obligatory", "common", "owner_role", "responsible", "unit_id",
)  # fmt: skip


@transaction.atomic
def open_analysis(
    committee: Body,
    year: int,
    by: Person,
    *,
    title: str = "",
    scale: ScaleVersion | None = None,
    **values: Any,
) -> RiskAnalysis:
    """Open the risk analysis for a year, by the steering model's scale unless another is given. Once a year.

    Whoever leads the work with quality gets the task to have it decided by the end of November before the year.
    Raises ScaleFault when there is no scale; RiskFault when the year has an analysis.
    """
    access.require(by, Action.EDIT, Resource.RISKS, committee)
    if RiskAnalysis.objects.filter(committee=committee, year=year).exists():
        raise RiskFault(f"Nämnden har redan en riskanalys för {year}. Arbeta vidare i den.")
    analysis = created(
        RiskAnalysis(
            committee=committee, year=year, title=title.strip() or "Riskanalys",
            scale=scale or scale_for(committee, year), **values,
        )
    )  # fmt: skip
    access.record(by, "risk_analysis.opened", analysis, year=year)
    _remind(analysis, by)
    return analysis


def _remind(analysis: RiskAnalysis, by: Person) -> None:
    """The task to have it decided, while there is time: an analysis of a year gone by gives nobody anything to do."""
    due = date(analysis.year - 1, 11, 30)
    if due >= timezone.localdate():
        owner = Owner("quality_strategist", committee=analysis.committee)
        what = f"Ta riskanalysen för {analysis.year} till beslut"
        tasks.open_task(TASK, analysis, owner=owner, due=due, what=what, by=by)


@transaction.atomic
def change_analysis(
    analysis: RiskAnalysis, by: Person, *, title: str, introduction: str, expected_revision: int | None = None
) -> RiskAnalysis:
    """Change what an open analysis is called and what stands first in it."""
    access.require(by, Action.EDIT, analysis)
    held = locked(analysis)
    require_open(held)
    saved(held, expected_revision, title=title.strip(), introduction=introduction.strip())
    access.record(by, "risk_analysis.changed", held)
    return held


def latest_before(analysis: RiskAnalysis) -> RiskAnalysis | None:
    """The committee's latest analysis of an earlier year."""
    rows = RiskAnalysis.objects.filter(committee=analysis.committee_id, year__lt=analysis.year)
    return rows.order_by("-year").first()


def left_to_carry(analysis: RiskAnalysis, source: RiskAnalysis) -> QuerySet[Risk]:
    """The risks of an earlier year that are in force there and not yet in the analysis."""
    return source.risks.filter(state=Risk.State.ACTIVE).exclude(code__in=analysis.risks.values("code"))


@transaction.atomic
def carry_over(analysis: RiskAnalysis, from_analysis: RiskAnalysis, by: Person) -> list[Risk]:
    """Take an earlier year's risks over: same codes, last year's value beside, unscored until somebody has looked.

    Retired risks and suggestions are left out, and those that are there already. Gives the new rows, none the second
    time. A printed number that is taken is left empty. Raises RiskFault for an analysis that is not of an earlier year.
    """
    access.require(by, Action.EDIT, Resource.RISKS, analysis.committee_id)
    held = locked(analysis)
    require_open(held)
    if from_analysis.committee_id != held.committee_id or from_analysis.year >= held.year:
        raise RiskFault(
            {"from_analysis": f"Välj en riskanalys från ett tidigare år än {held.year}, från samma nämnd."}
        )
    taken = set(held.risks.values_list("number", flat=True))
    place = max(held.risks.values_list("position", flat=True), default=0)
    made = [
        Risk(
            committee_id=held.committee_id, analysis=held, scale_id=held.scale_id, previous=one,
            previous_value=one.value, origin=Risk.Origin.CARRIED, origin_note=str(from_analysis)[:200],
            position=place + order,
            **{name: getattr(one, name) for name in CARRIED} | ({"number": ""} if one.number in taken else {}),
        )
        for order, one in enumerate(left_to_carry(held, from_analysis).order_by("position", "id"), start=1)
    ]  # fmt: skip
    Risk.objects.bulk_create(made)
    access.record(by, "risk_analysis.carried_over", held, from_year=from_analysis.year, risks=len(made))
    return made


@transaction.atomic
def use_new_scale(analysis: RiskAnalysis, by: Person) -> RiskAnalysis:
    """Use the scale that the steering model has now. Scores that are given keep the scale they were given by, and are
    shown by it until the risk is scored again; risks without a score get the new one at once.

    Raises RiskFault when it is the same scale; ScaleFault when there is none.
    """
    access.require(by, Action.EDIT, analysis)
    held = locked(analysis)
    require_open(held)
    scale = scale_for(held.committee, held.year)
    if scale.pk == held.scale_id:
        raise RiskFault("Styrmodellen har ingen annan skala än den som används.")
    saved(held, None, scale=scale)
    held.risks.filter(likelihood=None).update(scale=scale)
    access.record(by, "risk_analysis.scale_changed", held, scale=scale.pk)
    return held


def has_newer_scale(analysis: RiskAnalysis) -> bool:
    """Whether the steering model has another scale than the one in use."""
    return not is_in_force(analysis.scale, analysis.committee, analysis.year)


def by_old_scale(analysis: RiskAnalysis) -> QuerySet[Risk]:
    """The risks whose scores were given by another scale than the analysis's."""
    return analysis.risks.exclude(scale=analysis.scale_id).exclude(likelihood=None)


@transaction.atomic
def decide_analysis(
    analysis: RiskAnalysis, by: Person, on: date, decision: str, *, expected_revision: int | None = None
) -> RiskAnalysis:
    """Decide the analysis: after this nothing in it is changed. Risks without a printed number get one.

    Raises RiskFault listing what is left: suggestions, and risks without a score.
    """
    access.require(by, Action.DECIDE, analysis)
    held = locked(analysis)
    require_open(held)
    rows = list(held.risks.order_by("position", "id"))
    if not any(one.state == Risk.State.ACTIVE for one in rows):
        raise RiskFault("Riskanalysen har ingen risk. Lägg till minst en innan den beslutas.")
    if faults := _left(rows):
        raise RiskFault(faults)
    numbers = [one.number for one in rows]
    for one in rows:
        if not one.number and one.state == Risk.State.ACTIVE:
            one.number = rules.next_number(numbers)
            numbers.append(one.number)
            one.save_over(one.revision, number=one.number)
    saved(held, expected_revision, state=RiskAnalysis.State.DECIDED, decided_on=on, decision=decision.strip())
    access.record(by, "risk_analysis.decided", held, on=on.isoformat())
    tasks.complete(TASK, held, by)
    return held


def _left(rows: list[Risk]) -> list[str]:
    """What is left to do before a decision."""
    suggested = [_named(one) for one in rows if one.state == Risk.State.SUGGESTED]
    unscored = [_named(one) for one in rows if one.state == Risk.State.ACTIVE and one.likelihood is None]
    found = []
    if suggested:
        found.append(f"Ta upp förslagen eller ta bort dem: {', '.join(suggested)}.")
    if unscored:
        found.append(f"Bedöm riskerna eller låt dem utgå: {', '.join(unscored)}.")
    return found


def _named(risk: Risk) -> str:
    return risk.number or risk.code


@transaction.atomic
def reopen_analysis(
    analysis: RiskAnalysis, by: Person, *, expected_revision: int | None = None
) -> RiskAnalysis:
    """Open a decided analysis again, when something has to be changed; it is then decided anew."""
    access.require(by, Action.DECIDE, analysis)
    held = locked(analysis)
    if held.state == RiskAnalysis.State.OPEN:
        raise RiskFault("Riskanalysen är redan öppen. Ladda om sidan.")
    saved(held, expected_revision, state=RiskAnalysis.State.OPEN, decided_on=None, decision="")
    access.record(by, "risk_analysis.reopened", held)
    _remind(held, by)
    return held


def older_scales(analysis: RiskAnalysis) -> list[Any]:
    """The scales, other than the analysis's, that some of its scores were given by: read, in order of use."""
    return [
        scale_of(pk)
        for pk in by_old_scale(analysis).order_by("scale").values_list("scale", flat=True).distinct()
    ]
