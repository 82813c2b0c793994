"""The points that a file of controls brings to the year's plan: made, named as the file names them, and taken back.

What ``batch.done`` keeps of them: ``points``, those that were made, and ``named``, those that stood, as they were and
as the file left them.
"""

from __future__ import annotations

from typing import Any

from django.db.models import Q

from roder.control.models import Control, ControlPlan, ControlPoint, RiskAnalysis
from roder.core.faults import UserFault
from roder.core.models import ImportBatch, Link
from roder.core.uses import pointing_at
from roder.imports.cells import Context
from roder.imports.control_cells import of_year
from roder.imports.refusals import UndoFault, events_of
from roder.imports.staging import Staging
from roder.organisation.models import Person

MOST_NAMED = 20  # points without a control that are named one by one
#: What tells whether somebody has changed a point.
_KEPT = ("number", "position", "title", "area", "process", "obligatory", "by_committee", "added_reason")
_NAMED = ("number", "position")


def open_plan(context: Context, by: Person | None) -> dict[str, Any]:
    """The year's plan with a point for each risk that the analysis sends to it, made when they are not there. Gives the
    points that were made; the plan stays when they go."""
    from roder.control.rules.plans import next_number  # noqa: PLC0415 - rooms are loaded first
    from roder.control.services import plans  # noqa: PLC0415

    plan = of_year(ControlPlan.objects.all(), context)
    if plan is None:
        analysis = of_year(RiskAnalysis.objects.all(), context)
        if analysis is None:
            raise UserFault("läs in riskerna först (roder import risks): kontrollerna hör till risker.")
        plan = ControlPlan.objects.create(
            committee=context.committee, year=analysis.year, title="Internkontrollplan", analysis=analysis
        )
    if plan.state != ControlPlan.State.DRAFT:
        return {}
    numbers = list(plan.points.values_list("number", flat=True))
    made = {}
    for risk in plans.wanted_risks(plan):
        numbers.append(next_number(numbers))
        point = ControlPoint.objects.create(
            committee=context.committee,
            plan=plan,
            number=numbers[-1],
            position=len(numbers),
            **plans.point_of(risk),
        )
        made[str(point.pk)] = _values(point, _KEPT)
    return {"points": made}


def name_points(staging: Staging, batch: ImportBatch) -> None:
    """What the file calls the points, and their order; and that an adopted plan is not changed by a file."""
    rows = staging.sql.execute(
        "SELECT point_id, max(point_number), row_number() OVER (ORDER BY min(n)) FROM parsed GROUP BY point_id"
    ).fetchall()
    points = ControlPoint.objects.select_related("plan").in_bulk([pk for pk, _, _ in rows])
    adopted = next(
        (point.plan for point in points.values() if point.plan.state != ControlPlan.State.DRAFT), None
    )
    if adopted is not None:
        raise UserFault(
            f"planen för {adopted.year} är antagen {adopted.adopted_on}. Ändra kontrollerna en och en på planens sida, "
            "så att historiken syns. Ingenting har lästs in."
        )
    made, named = batch.done.get("points", {}), {}
    wanted = {}
    for pk, number, place in rows:
        point = points[pk]
        said = {"number": number or point.number, "position": place}
        before = _values(point, _NAMED)
        if before == said:
            continue
        wanted[pk] = said
        if str(pk) in made:
            made[str(pk)] |= said
        else:
            named[str(pk)] = {"before": before, "after": said}
    _name({pk: (points[pk], said) for pk, said in wanted.items()})
    batch.done = {"points": made, "named": named} if made or named else {}


def _name(wanted: dict[int, tuple[ControlPoint, dict[str, Any]]]) -> None:
    """Give points their numbers and places. A number that another of them has now is let go first."""
    holders = {point.number: pk for pk, (point, _) in wanted.items()}
    for pk, (_, said) in wanted.items():
        holder = holders.get(said["number"], pk)
        if holder != pk:
            ControlPoint.objects.filter(pk=holder).update(number=f"~{holder}")
    for point, said in wanted.values():
        point.save_over(point.revision, **said)


def points_taken_back(batch: ImportBatch) -> list[str]:
    """Points that stood are called what they were; those that the file brought go, when nobody has worked with them.
    Says which were left, and why.

    Points that an import that is undone already had to leave go too, now that nothing holds them. Raises UndoFault when
    the plan is adopted.
    """
    _refuse_adopted(batch)
    left = _names_given_back(batch.done.get("named", {}))
    own = batch.done.get("points", {})
    brought: dict[str, Any] = {}
    undone = ImportBatch.objects.filter(committee=batch.committee, kind=batch.kind, undone_at__isnull=False)
    for one in undone.order_by("pk"):
        brought |= one.done.get("points", {})
    drafts = ControlPoint.objects.filter(plan__state=ControlPlan.State.DRAFT)
    points = drafts.in_bulk([int(pk) for pk in {**brought, **own}])
    for pk, values in {**brought, **own}.items():
        point = points.get(int(pk))
        if point is None:
            continue
        if _values(point, _KEPT) == values and not _used(point):
            point.delete()
        elif pk in own:
            left.append(
                f"Punkt {point.number} ({point.title}) ligger kvar i planen: "
                "den används eller har ändrats efter inläsningen."
            )
    return left


def _names_given_back(named: dict[str, Any]) -> list[str]:
    """Points get the numbers and places back that a file changed, where nobody has changed them since; says which do
    not."""
    points = ControlPoint.objects.select_related("plan").in_bulk([int(pk) for pk in named])
    before = {pk: named[str(pk)]["before"] for pk in points}
    back = {pk for pk, point in points.items() if _values(point, _NAMED) == named[str(pk)]["after"]}
    while stopped := {pk for pk in back if _is_taken(before[pk]["number"], points[pk].plan, back)}:
        back -= stopped
    _name({pk: (points[pk], before[pk]) for pk in sorted(back)})
    return [
        f"Punkt {point.number} ({point.title}) får inte tillbaka numret {before[pk]['number']}: "
        "numreringen har ändrats efter inläsningen."
        for pk, point in points.items()
        if pk not in back
    ]


def _is_taken(number: str, plan: ControlPlan, back: set[int]) -> bool:
    """Whether a point that keeps its number has this one."""
    return plan.points.filter(number=number).exclude(pk__in=back).exists()


def _refuse_adopted(batch: ImportBatch) -> None:
    controls = events_of(Control)._base_manager.filter(batch_id=batch.pk)
    plans = ControlPlan.objects.filter(points__in=controls.values("point_id"))
    adopted = plans.exclude(state=ControlPlan.State.DRAFT).first()
    if adopted is not None:
        raise UndoFault(
            f"planen för {adopted.year} är antagen {adopted.adopted_on}",
            "Ändra kontrollerna en och en på planens sida, så att historiken syns.",
        )


def _values(point: ControlPoint, names: tuple[str, ...]) -> dict[str, Any]:
    return {name: getattr(point, name) for name in names}


def _used(point: ControlPoint) -> bool:
    """Whether anything points at the point, other than the risk that it came of."""
    if any(
        model._default_manager.filter(**{name: point.pk}).exists()
        for model, name in pointing_at(ControlPoint)
    ):
        return True
    kind = ControlPoint.record_kind()
    return Link.objects.filter(
        Q(source_kind=kind, source_id=point.pk) | Q(target_kind=kind, target_id=point.pk)
    ).exists()


def say_bare_points(staging: Staging) -> None:
    """Remark on the points of the plan that have no control, neither in the file nor from before: the plan cannot be
    adopted with them, and a row that was forgotten is seen nowhere else."""
    plan = of_year(ControlPlan.objects.all(), staging.context)
    if plan is None or plan.state != ControlPlan.State.DRAFT:
        return
    given = {point for _, point in staging.values("point_id") if point is not None}
    rows = plan.points.exclude(pk__in=given).exclude(controls__state=Control.State.PLANNED)
    bare = list(rows.select_related("risk").order_by("position", "pk"))
    for point in bare[:MOST_NAMED]:
        risk = f", risk {point.risk.number}" if point.risk is not None and point.risk.number else ""
        staging.warnings.append(
            f"Punkt {point.number} ({point.title}{risk}) har ingen kontroll, varken i filen eller i planen. "
            "Lägg till en: planen kan inte antas utan."
        )
    if len(bare) > MOST_NAMED:
        staging.warnings.append(f"Ytterligare {len(bare) - MOST_NAMED} punkter har ingen kontroll.")
