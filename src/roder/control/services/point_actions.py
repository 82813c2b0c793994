"""Actions that points and rounds led to, and the risks that are handled at once (5.2)."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

from django.db.models import Q, QuerySet
from django.utils import timezone

from roder import access, tasks
from roder.access import Action
from roder.control.models import ControlPlan, ControlPoint, ControlRound, Risk
from roder.control.models.risks import Handling
from roder.control.services.plan_parts import PlanFault
from roder.core.models import Link
from roder.organisation.models import Person


def actions_of(points: QuerySet[ControlPoint]) -> dict[int, list[tasks.Action]]:
    """Point -> the actions that it and its rounds led to, without those that are struck. Two queries at most."""
    mine = points.order_by().values("pk")
    made = ControlRound.objects.filter(control__point__in=mine).order_by()
    rows = list(
        tasks.Action.objects.filter(
            Q(subject_kind=ControlPoint.record_kind(), subject_id__in=mine)
            | Q(subject_kind=ControlRound.record_kind(), subject_id__in=made.values("pk")),
            dropped_at=None,
        )
        .select_related("unit", "committee", "person")
        .order_by("pk")
    )
    about = [one.subject_id for one in rows if one.subject_kind == ControlRound.record_kind()]
    by_round = dict(made.filter(pk__in=about).values_list("pk", "control__point")) if about else {}
    found: dict[int, list[tasks.Action]] = {}
    for one in rows:
        about_round = one.subject_kind == ControlRound.record_kind()
        found.setdefault(by_round[one.subject_id] if about_round else one.subject_id, []).append(one)
    return found


def add_action(
    subject: ControlPoint | ControlRound,
    by: Person,
    *,
    what: str,
    role: str,
    due: date | None,
    expected_effect: str = "",
) -> tasks.Action:
    """Add an action that a point or a round led to; the role owns it.

    Raises NotAllowedError; PlanFault and ValidationError at the field."""
    access.require(by, Action.EDIT, subject)
    if due is not None and due < timezone.localdate():
        raise PlanFault({"due": "Dagen har varit. Välj en dag framåt, eller lämna fältet tomt."})
    unit = subject.control.unit if isinstance(subject, ControlRound) else None
    return tasks.add_action(
        subject, by, finding=str(subject), what=what, due=due, expected_effect=expected_effect,
        owner=tasks.Owner(role, unit=unit, committee=subject.committee),
    )  # fmt: skip


@dataclass
class Immediate:
    """A risk that is handled as an immediate action, with the actions that came of it."""

    risk: Risk
    actions: list[tasks.Action] = field(default_factory=list)

    @property
    def open(self) -> bool:
        """Whether something is left to do, or nothing has been begun."""
        return not self.actions or any(one.done_at is None for one in self.actions)


def immediate(plan: ControlPlan) -> list[Immediate]:
    """The risks of the plan's analysis that are handled as immediate actions, with the actions about them or linked
    from them. Three queries."""
    if plan.analysis_id is None:
        return []
    risks = Risk.objects.filter(
        analysis=plan.analysis_id, handling=Handling.IMMEDIATE_ACTION, state=Risk.State.ACTIVE
    )
    found = {one.pk: Immediate(one) for one in risks}
    kind = Risk.record_kind()
    links = Link.objects.filter(
        source_kind=kind,
        source_id__in=list(found),
        kind=Link.Kind.LED_TO,
        target_kind=tasks.Action.record_kind(),
    )
    linked = dict(links.values_list("target_id", "source_id"))
    rows = tasks.Action.objects.filter(
        Q(subject_kind=kind, subject_id__in=list(found)) | Q(pk__in=list(linked)), dropped_at=None
    ).select_related("unit", "committee", "person")
    for action in rows.order_by("pk"):
        risk = linked.get(action.pk) or action.subject_id
        if risk in found:
            found[risk].actions.append(action)
    return list(found.values())
