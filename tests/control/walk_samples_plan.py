"""What the addresses of the plan, its follow-up and the board's compilation are opened with."""

from __future__ import annotations

from typing import Any

from roder.control.models import ControlPlan
from roder.control.services import plans
from roder.organisation.models import Body, Person


def samples(body: Body, people: dict[str, Person], occasion: str = "2022-08") -> dict[str, list[Any]]:
    """One of each, which exists: a draft of the year with a point and a control, unless the year has a plan."""
    by = people["quality_strategist"]
    plan = ControlPlan.objects.filter(committee=body, year=2022).first() or plans.open_plan(body, 2022, by)
    reason = "" if plan.state == ControlPlan.State.DRAFT else "Till provet"
    point = plans.add_point(plan, by, title="Diarieföring", reason=reason)
    control = plans.add_control(
        point, by, what="Handlingar är diarieförda", responsible="Nämndsekreterare", owner_role="secretary",
        occasions=["interim"], reason=reason,
    )  # fmt: skip
    own: list[Any] = []
    return {
        **{f"control:{name}": own for name in (
            "plan", "plan_begin", "plan_edit", "plan_fill", "plan_carry", "plan_adopt", "plan_open_without",
            "point_new", "board",
        )},
        **{f"control:{name}": [occasion] for name in ("plan_open", "follow_up", "conclude")},
        **{f"control:{name}": [point.pk] for name in ("point", "point_edit", "point_remove", "control_new")},
        **{f"control:{name}": [control.pk] for name in ("control", "control_edit", "control_remove")},
        "control:review": [occasion, point.pk],
        "control:review_withdraw": [occasion, point.pk],
        "control:board_file": ["html"],
    }  # fmt: skip
