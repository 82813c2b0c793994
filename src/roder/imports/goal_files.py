"""``mal.yaml``: vision, focus areas, goals, assignments, activities, and what was assessed at an occasion."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from pathlib import Path
from typing import Any, TypeVar

from roder.core.faults import UserFault
from roder.core.models import Link
from roder.core.put import put
from roder.core.yamlfile import read_yaml
from roder.followup.models import ActionPlan
from roder.imports.goal_shapes import (
    ActionPlanShape,
    ActivityShape,
    AssessmentShape,
    AssignmentShape,
    CommitteeGoalShape,
    CouncilGoalShape,
    DecisionShape,
    Followed,
    GoalsShape,
)
from roder.measures.models import Measure
from roder.measures.proposals import proposals
from roder.organisation.models import Body, Person, Unit
from roder.steering.models import Activity, Assessment, Assignment, FocusArea, Goal, Occasion, Vision
from roder.steering.rules import needs_reason
from roder.steering.services import model_of, scale_for

T = TypeVar("T")


def read_goals(path: Path) -> GoalsShape:
    """Read the file. Raises UserFault with every fault."""
    return read_yaml(path, GoalsShape)


def load_goals(file: GoalsShape, path: Path, committee: Body) -> int:
    """Make vision, goals, activities and assignments be as the file says; returns how many goals and assignments.

    Raises UserFault naming the first thing that does not fit: a measure, unit or goal that is not there.
    """
    areas = _vision(file, path, committee)
    measures = dict(Measure.objects.filter(committee=committee).values_list("code", "pk"))
    council = {
        goal.code: _council_goal(goal, position, path, committee, areas, measures)
        for position, goal in enumerate(file.council_goals)
    }
    own = {
        goal.code: _committee_goal(goal, position, path, committee, areas, council, measures)
        for position, goal in enumerate(file.committee_goals)
    }
    _activities(file.activities, path, committee, {**council, **own})
    _action_plans(file.action_plans, path, committee)
    for position, assignment in enumerate(file.assignments):
        _assignment(assignment, position, path, committee)
    return len(council) + len(own) + len(file.assignments)


def _vision(file: GoalsShape, path: Path, committee: Body) -> dict[str, FocusArea]:
    if file.vision is None:
        if file.focus_areas:
            raise UserFault(f"{path}: focus_areas kräver en vision (title räcker).")
        return {}
    one = file.vision
    vision, _ = put(
        Vision,
        {"municipality": committee.municipality, "title": one.title},
        {"text": one.text or "", "decision": one.decided.words if one.decided else "", "source": one.source},
        f"{path}: visionen",
    )
    return {
        area.code: put(
            FocusArea,
            {"vision": vision, "code": area.code},
            {"name": area.title, "position": position},
            f"{path}: fokusområdet {area.code}",
        )[0]
        for position, area in enumerate(file.focus_areas)
    }


def _followed(marks: Iterable[Followed]) -> str:
    return (Goal.Followed.INTERIM_AND_ANNUAL if "interim" in marks else Goal.Followed.ANNUAL).value


def _area(code: str | None, areas: dict[str, FocusArea], what: str) -> FocusArea | None:
    if code is None:
        return None
    if code not in areas:
        raise UserFault(f"{what}: fokusområdet {code} finns inte i filen.")
    return areas[code]


def _council_goal(
    goal: CouncilGoalShape,
    position: int,
    path: Path,
    committee: Body,
    areas: dict[str, FocusArea],
    measures: dict[str, int],
) -> Goal:
    what = f"{path}: målet {goal.code}"
    made = put_goal(
        committee,
        Goal.Level.COUNCIL,
        goal.code,
        {
            "number": goal.number or "",
            "title": goal.title,
            "text": goal.text or "",
            "focus_area": _area(goal.focus_area, areas, what),
            "from_year": goal.years[0],
            "to_year": goal.years[1],
            "followed": _followed(goal.followed),
            "position": position,
            "source": goal.source,
        },
        what,
    )
    wanted = [(code, "") for code in goal.indicators] + [
        (code, "stödjande") for code in goal.supporting_indicators
    ]
    link_measures(made, wanted, Link.Kind.INDICATOR, measures, what)
    return made


def _committee_goal(
    goal: CommitteeGoalShape,
    position: int,
    path: Path,
    committee: Body,
    areas: dict[str, FocusArea],
    council: dict[str, Goal],
    measures: dict[str, int],
) -> Goal:
    what = f"{path}: målet {goal.code}"
    if goal.council_goal is not None and goal.council_goal not in council:
        raise UserFault(f"{what}: fullmäktigemålet {goal.council_goal} finns inte i filen.")
    kind = Goal.Kind.WORK_ENVIRONMENT if goal.kind == "work_environment" else Goal.Kind.ORDINARY
    made = put_goal(
        committee,
        Goal.Level.COMMITTEE,
        goal.code,
        {
            "kind": kind.value,
            "number": goal.number or "",
            "title": goal.title,
            "text": goal.text or "",
            "parent": council.get(goal.council_goal or ""),
            "focus_area": _area(goal.focus_area, areas, what),
            "motive": goal.motive or "",
            "agenda2030": goal.agenda2030 or "",
            "responsible": goal.responsible or "",
            "population": goal.population or "",
            "from_year": goal.years[0],
            "to_year": goal.years[1],
            "followed": _followed(goal.followed),
            "position": position,
            "source": goal.source,
        },
        what,
    )
    link_measures(made, [(code, "") for code in goal.measures], Link.Kind.MEASURED_BY, measures, what)
    if goal.indicator:
        link_measures(made, [(goal.indicator, "")], Link.Kind.INDICATOR, measures, what)
    return made


def put_goal(committee: Body, level: Goal.Level, code: str, values: dict[str, Any], what: str) -> Goal:
    """The goal with a code: the council's are the municipality's, the others the committee's own. Raises UserFault."""
    owner = committee if level == Goal.Level.COMMITTEE else None
    key = {"municipality": committee.municipality, "committee": owner, "code": code}
    return put(Goal, key, {"level": level.value, **values}, what)[0]


def link_measures(
    goal: Goal, wanted: list[tuple[str, str]], kind: Link.Kind, measures: dict[str, int], what: str
) -> None:
    """Exactly these links of the kind among the committee's measures, in order. Those of other committees stay."""
    source = {"source_kind": Goal._meta.label_lower, "source_id": goal.pk, "kind": kind.value}
    target_kind = Measure._meta.label_lower
    own = Link.objects.filter(**source, target_kind=target_kind, target_id__in=measures.values())
    there = {link.target_id: link for link in own}
    for position, (code, note) in enumerate(wanted):
        if code not in measures:
            raise UserFault(f"{what}: nyckeltalet {code} finns inte bland nämndens nyckeltal.")
        link = there.pop(measures[code], None)
        if link is None:
            Link.objects.create(
                **source, target_kind=target_kind, target_id=measures[code], position=position, note=note
            )
        elif (link.position, link.note) != (position, note):
            link.position, link.note = position, note
            link.save(update_fields=["position", "note"])
    for link in there.values():
        link.delete()


def _activities(
    activities: Iterable[ActivityShape], path: Path, committee: Body, goals: dict[str, Goal]
) -> None:
    units = {unit.code: unit for unit in Unit.objects.filter(committee=committee)}
    for one in activities:
        what = f"{path}: aktiviteten ”{one.what}”"
        if one.goal not in goals:
            raise UserFault(f"{what}: målet {one.goal} finns inte i filen.")
        if one.unit is not None and one.unit not in units:
            raise UserFault(f"{what}: enheten {one.unit} finns inte i organisationen.")
        key = {
            "committee": committee,
            "goal": goals[one.goal],
            "what": one.what,
            "year": one.year,
            "unit": units.get(one.unit or ""),
        }
        put(
            Activity,
            key,
            {
                "why": one.why or "",
                "who": one.who or "",
                "quarter": one.quarter,
                "followed_how": one.followed_how or "",
                "source": one.source,
                **_reported(one, Activity.objects.filter(**key).first()),
            },
            what,
        )


def _reported(one: ActivityShape, there: Activity | None) -> dict[str, Any]:
    """What the file says of how the activity went: until somebody has reported, then that is left as it is."""
    if there is not None and (there.progress is not None or there.followed_up or there.done_on):
        return {}
    return {
        "progress": 100 if one.done_on else one.progress,
        "followed_up": one.followed_up or "",
        "done_on": one.done_on,
    }


def _action_plans(plans: Iterable[ActionPlanShape], path: Path, committee: Body) -> None:
    units = {unit.code: unit for unit in Unit.objects.filter(committee=committee)}
    for one in plans:
        what = f"{path}: handlingsplanen för {one.unit}"
        if one.unit not in units:
            raise UserFault(f"{what}: enheten finns inte i organisationen.")
        decided = (
            {"state": ActionPlan.State.DECIDED.value, "decided_on": one.decided_on} if one.decided_on else {}
        )
        put(
            ActionPlan,
            {"committee": committee, "unit": units[one.unit], "year": one.year},
            {
                "introduction": one.introduction or "",
                "source": one.source,
                **decided,
            },
            what,
        )


def _assignment(one: AssignmentShape, position: int, path: Path, committee: Body) -> None:
    decision = one.decision or DecisionShape()
    put(
        Assignment,
        {"committee": committee, "code": one.code},
        {
            "number": one.number or "",
            "title": one.title,
            "text": one.text or "",
            "giver": one.giver.value,
            "decided_on": decision.day,
            "decision_paragraph": decision.paragraph or "",
            "case_number": decision.case or "",
            "owner": one.owner or "",
            "due_on": one.due if isinstance(one.due, date) else None,
            "due_condition": one.due if isinstance(one.due, str) else "",
            "from_year": one.years[0],
            "to_year": one.years[1],
            "position": position,
            "source": one.source,
        },
        f"{path}: uppdraget {one.code}",
    )


def load_assessments(file: GoalsShape, path: Path, committee: Body, by: Person | None) -> int:
    """Write the file's assessments where nobody has assessed yet; returns how many were written.

    The proposal that the outcomes speak for is kept beside, so that the reason for departing from it is seen.
    Raises UserFault for an unknown occasion, goal, assignment or status, and for a missing reason.
    """
    written = 0
    for code, said in file.assessments.items():
        occasion = Occasion.objects.filter(committee=committee, code=code).first()
        if occasion is None:
            raise UserFault(f"{path}: tillfället {code} finns inte i styrmodellen.")
        goals = {
            goal.code: goal
            for goal in Goal.objects.filter(
                committee=committee, from_year__lte=occasion.year, to_year__gte=occasion.year
            )
        }
        proposed = proposals(list(goals.values()), occasion)
        assignments = {one.code: one for one in Assignment.objects.filter(committee=committee)}
        for goal_code, one in said.goals.items():
            goal = _known(goals, goal_code, f"{path}: {code}: målet")
            proposal = proposed.get(goal.pk)
            written += _assess(
                occasion,
                goal,
                "goal",
                one,
                (proposal.code, proposal.reason) if proposal else ("", ""),
                path,
                by,
            )
        for assignment_code, one in said.assignments.items():
            assignment = _known(assignments, assignment_code, f"{path}: {code}: uppdraget")
            written += _assess(occasion, assignment, "assignment", one, ("", ""), path, by)
    return written


def _known(found: dict[str, T], code: str, what: str) -> T:
    if code not in found:
        raise UserFault(f"{what} {code} finns inte.")
    return found[code]


def _assess(
    occasion: Occasion,
    subject: Goal | Assignment,
    kind: str,
    one: AssessmentShape,
    proposed: tuple[str, str],
    path: Path,
    by: Person | None,
) -> int:
    what = f"{path}: {occasion.code}: {subject.code}"
    key = {
        "occasion": occasion,
        "subject_kind": subject._meta.label_lower,
        "subject_id": subject.pk,
        "unit": None,
    }
    if Assessment.objects.filter(**key).exists():
        return 0
    status = one.status or ""
    scale = {step.code for step in scale_for(model_of(occasion), kind, occasion.kind)}
    if status and status not in scale:
        raise UserFault(
            f"{what}: bedömningen {status} finns inte på skalan ({', '.join(sorted(scale)) or 'ingen'})."
        )
    if needs_reason(status, proposed[0]) and not one.override_reason:
        raise UserFault(
            f"{what}: förslaget är {proposed[0]} ({proposed[1]}): skriv skälet i override_reason."
        )
    put(
        Assessment,
        key,
        {
            "status": status,
            "proposed_status": proposed[0],
            "proposal_reason": proposed[1],
            "override_reason": one.override_reason or "",
            "analysis": one.comment or "",
            "outlook": one.outlook or "",
            "measures_taken": one.measures_taken or "",
            "assessed_by": by,
        },
        what,
    )
    return 1
