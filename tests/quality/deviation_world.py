"""A committee with types of deviations, two units and the people of the flow; and the deeds, done briefly."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.utils import timezone

from roder.organisation.models import Body, Mandate, Person, Unit, UnitPlacement
from roder.quality.models import Deviation
from roder.quality.services import deviations as deeds
from roder.quality.services import moves
from roder.quality.services.deviations import Sbar
from roder.quality.services.report import Sent, report
from roder.steering.models import DeviationCause, DeviationType, ServiceArea
from tests.web.world import SINCE_2020, World, build_world


@dataclass
class Quality:
    """What the fixture made."""

    world: World
    sibling: Unit

    @property
    def committee(self) -> Body:
        return self.world.committee

    @property
    def unit(self) -> Unit:
        return self.world.unit

    def who(self, role: str) -> Person:
        """The role's person, fresh: rights are read once for each."""
        return Person.objects.get(pk=self.world.people[role].pk)

    def sent(self, **changes: Any) -> Sent:
        """A report as it comes from the form, an hour ago."""
        values: dict[str, Any] = {
            "unit": self.unit, "occurred_at": timezone.now() - timedelta(hours=1), "types": [("fall", "")],
            "what": "Hittades på golvet bredvid sängen.", "place": "Badrummet", "reference": "A17",
        }  # fmt: skip
        return Sent(**{**values, **changes})

    def report(self, by: str = "care_staff", now: datetime | None = None, **changes: Any) -> Deviation:
        """Reported by a role."""
        return report(self.committee, self.who(by), self.sent(**changes), now=now)

    def social(self, **changes: Any) -> Deviation:
        """A report that is not about health care."""
        return self.report(**{"types": [("bemotande", "")], **changes})


def build_quality() -> Quality:
    """Make it: Björken and Linden under the same department; clinical and social types; a second unit manager."""
    world = build_world()
    body = world.committee
    department = Unit.objects.get(code="11")
    sibling = Unit.objects.create(committee=body, code="112", name="Lindens äldreboende", kind="unit")
    UnitPlacement.objects.create(unit=sibling, parent=department, valid=SINCE_2020)
    other = Person.objects.create_user("unit_manager_2@prov.se", name="Person andra enheten")
    Mandate.objects.create(person=other, role="unit_manager", unit=sibling, valid=SINCE_2020)
    world.people["unit_manager_2"] = other
    away = Person.objects.create_user("licensed_2@prov.se", name="Person legitimerad på Linden")
    Mandate.objects.create(person=away, role="licensed", unit=sibling, valid=SINCE_2020)
    world.people["licensed_2"] = away
    fall = DeviationType.objects.create(
        committee=body, code="fall", label="Fall", category="hsl", category_label="Hälso- och sjukvård",
        clinical=True, icon="fall", position=1,
    )  # fmt: skip
    drug = DeviationType.objects.create(
        committee=body, code="lakemedel", label="Läkemedel", category="hsl", category_label="Hälso- och sjukvård",
        clinical=True, icon="lakemedel", position=2,
    )  # fmt: skip
    conduct = DeviationType.objects.create(
        committee=body, code="bemotande", label="Bemötande", category="social", category_label="Socialtjänst",
        icon="bemotande", position=3,
    )  # fmt: skip
    for kind, code, label in (
        (fall, "egen", "Egen aktivitet"),
        (drug, "dos", "Dos inte överlämnad"),
        (drug, "signering", "Inte signerad"),
        (conduct, "personal", "Personals sätt"),
    ):
        DeviationCause.objects.create(committee=body, type=kind, code=code, label=label)
    ServiceArea.objects.create(committee=body, code="sabo", label="Särskilt boende", law="SoL", units=["11"])
    return Quality(world, sibling)


def classified(
    quality: Quality, case: Deviation, severity: int = 1, by: str = "unit_manager", **more: Any
) -> Deviation:
    """Classified as it was reported."""
    types = [(one.type.code, one.cause.code if one.cause else "") for one in case.matters.all()]
    return deeds.classify(case, quality.who(by), types=types, severity=severity, **more)


def assessed(quality: Quality, case: Deviation, **more: Any) -> Deviation:
    """Assessed by licensed staff."""
    sbar = Sbar(situation="Föll", background="Yrsel", current="Inga skador", recommendation="Observera")
    return deeds.assess(case, quality.who("licensed"), home_visit=False, sbar=sbar, checks=["puls"], **more)


def investigated(quality: Quality, case: Deviation, severity: int = 1) -> Deviation:
    """Everything up to and with the investigation."""
    manager = quality.who("unit_manager")
    if case.law == "hsl":
        assessed(quality, case)
    deeds.give_facts(
        case, manager, when="21.40", what="Föll på väg till toaletten", worked="Kvällspersonalen"
    )
    classified(quality, case, severity)
    if case.law == "hsl":
        classified(quality, Deviation.objects.get(pk=case.pk), severity, by="licensed")
    return deeds.investigate(case, manager, cause="Mattan gled", feedback="Mattan är borttagen.")


def acted(quality: Quality, case: Deviation, group: str = "unit", effect: str = "yes") -> Any:
    """An action planned, done and evaluated."""
    by = quality.who("licensed" if group == "profession" else "unit_manager")
    action = moves.plan_action(case, by, what="Byt matta", group=group, due=date.today() + timedelta(days=9))
    if effect != "not_done":
        moves.finish_action(case, by, action, note="Bytt.")
    return moves.evaluate_action(case, by, action, effect=effect, text="Inga nya fall.")


def followed(quality: Quality, case: Deviation) -> Deviation:
    """Followed up by the unit, and by the profession where it is health care."""
    case = deeds.follow_up(case, quality.who("unit_manager"), note="Klart.")
    if case.law == "hsl":
        case = deeds.profession_follow_up(case, quality.who("licensed"), note="Klart.")
    return case
