"""What the addresses of the annual wheel and the action plans are opened with."""

from __future__ import annotations

from typing import Any

from roder.followup import feed
from roder.organisation.models import Body, Person, Unit
from roder.steering.models import Activity, Goal


def samples(body: Body, people: dict[str, Person], unit: Unit) -> dict[str, list[Any]]:
    """One of each, which exists: an activity of a unit, and a calendar's secret address."""
    goal = Goal.objects.filter(committee=body, from_year__lte=2022, to_year__gte=2022).first()
    made = Activity.objects.create(committee=body, goal=goal, unit=unit, what="Följ upp maten", year=2022)
    own: list[Any] = []
    return {
        "followup:wheel": own, "followup:wheel_list": own, "followup:wheel_subscribe": own,
        "followup:wheel_ical": [feed.make_address(people["quality_strategist"], body)],
        "followup:plans": own, "followup:plans_ask": own, "followup:aktiviteter": own,
        "followup:plan": [unit.code],
        "followup:activity": [made.pk], "followup:activity_done": [made.pk], "followup:activity_remove": [made.pk],
    }  # fmt: skip
