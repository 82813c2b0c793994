"""A committee to report on: Alingsås' real tables and steering model, with people in every role."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.db.backends.postgresql.psycopg_any import DateRange

from roder.access.matrix import RIGHTS
from roder.core.models import Link
from roder.measures.models import Target
from roder.organisation.models import Body, Mandate, Person
from roder.steering.modelfile import check_file, to_data
from roder.steering.models import Assessment, Assignment, Goal, Occasion
from tests.figures import world as worlds

SINCE_2020 = DateRange(date(2020, 1, 1), None)
PASSWORD = "ett-langt-losenord-1"
EXAMPLES = Path(__file__).parents[2] / "examples"


@dataclass
class Committee:
    """What there is to report on, by name."""

    world: worlds.World
    people: dict[str, Person] = field(default_factory=dict)

    @property
    def body(self) -> Body:
        """The committee itself."""
        return self.world.committee

    def occasion(self, code: str) -> Occasion:
        """An occasion by its code, with what a report reads of it."""
        return Occasion.objects.select_related("committee__municipality", "model").get(
            committee=self.body, code=code
        )


def alingsas(monkeypatch: pytest.MonkeyPatch) -> Committee:
    """Alingsås with its own steering model, budget, forecasts, investments, volumes and sick leave."""
    model = check_file(EXAMPLES / "alingsas" / "styrmodell.yaml").model
    assert model is not None
    monkeypatch.setattr(worlds, "CONTENT", to_data(model))
    world = worlds.alingsas()
    for occasion in world.occasions.values():
        name = next(one.name for one in model.occasions if one.code == occasion.code)
        Occasion.objects.filter(pk=occasion.pk).update(name=name)
    made = Committee(world)
    for role in RIGHTS:
        made.people[role] = person = Person.objects.create_user(
            f"{role}@prov.se", PASSWORD, name=f"Person {role}"
        )
        Mandate.objects.create(person=person, role=role, body=world.committee, valid=SINCE_2020)
    return made


def goal(committee: Committee, code: str, text: str, status: str = "", **more: Any) -> Goal:
    """A goal with a key figure, its target and outcomes, assessed at the interim report."""
    made = Goal.objects.create(
        municipality=committee.body.municipality, committee=committee.body, level="committee", code=code,
        number=code[1:], text=text, from_year=2022, to_year=2022, position=int(code[1:]), **more,
    )  # fmt: skip
    measured = worlds.measure(committee.world, f"nyckeltal_{code.lower()}", "%", 0)
    Link.objects.create(
        source_kind="steering.goal", source_id=made.pk, target_kind="measures.measure", target_id=measured.pk,
        kind=Link.Kind.MEASURED_BY,
    )  # fmt: skip
    Target.objects.create(measure=measured, year=2022, operator=">=", value=50)
    worlds.outcome_of(measured, 2021, "33")
    worlds.outcome_of(measured, 2022, None, reason="Kommer i december")
    if status:
        Assessment.objects.create(
            occasion=committee.occasion("2022-08"),
            subject_kind="steering.goal",
            subject_id=made.pk,
            status=status,
        )
    return made


def assignment(committee: Committee, code: str, title: str, status: str = "") -> Assignment:
    """An assignment, assessed at the interim report."""
    made = Assignment.objects.create(
        committee=committee.body, code=code, title=title, giver="KF", from_year=2022, to_year=2022,
        decision_paragraph="84", case_number="2021.232",
    )  # fmt: skip
    if status:
        Assessment.objects.create(
            occasion=committee.occasion("2022-08"), subject_kind="steering.assignment", subject_id=made.pk,
            status=status,
        )  # fmt: skip
    return made
