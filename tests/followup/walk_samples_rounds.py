"""What the addresses of follow-up rounds are opened with."""

from __future__ import annotations

from typing import Any

from roder.followup.models import Line, Part, Round, Share, Sheet, Step
from roder.organisation.models import Body, Person, Unit
from roder.steering.models import Goal, Occasion
from roder.tasks import Owner, open_task


def samples(body: Body, people: dict[str, Person], unit: Unit) -> dict[str, list[Any]]:
    """A round that is open at the interim report, with a sheet of the unit and a row in it."""
    occasion = Occasion.objects.get(committee=body, code="2022-08")
    goal = Goal.objects.filter(committee=body).order_by("pk")[0]
    made, _ = Round.objects.get_or_create(occasion=occasion, defaults={"committee": body})
    sheet = Sheet.objects.create(round=made, committee=body, unit=unit, part=Part.GOALS)
    line = Line.objects.create(
        sheet=sheet, subject_kind=Goal.record_kind(), subject_id=goal.pk, title=goal.title or goal.text
    )
    owner = Owner("unit_manager", unit=unit, committee=body)
    open_task("followup.report", sheet, owner=owner, what="Följ upp målen")
    share = Share.objects.create(
        committee=body,
        subject_kind=Goal.record_kind(),
        subject_id=goal.pk,
        unit=unit,
        from_year=2022,
        to_year=2022,
    )
    Step.objects.create(occasion=occasion, phase="dialog", held_on="2022-09-27")
    at, own = [occasion.code], [sheet.pk]
    return {
        "followup:my": [], "followup:sheet": own, "followup:sheet_summary": own, "followup:line": [line.pk],
        "followup:sheet_attest": own, "followup:sheet_return": own, "followup:sheet_reopen": own,
        "followup:rounds": [], "followup:round": at, "followup:round_open": at, "followup:steps": at,
        "followup:step_remove": [*at, "dialog"], "followup:compare": [*at, "goals"],
        "followup:compare_attest": [*at, "goals"], "followup:shares": [], "followup:unshare": [share.pk],
    }  # fmt: skip
