"""The town with a round that is open: measures beside the goals, two critical factors, and dialogues to hold."""

from __future__ import annotations

from copy import deepcopy
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from roder.control.models import CriticalFactor, FactorMeasure
from roder.core.models import Link
from roder.followup.models import Line, Round, Sheet
from roder.followup.services.rounds import open_round
from roder.measures.models import Measure, MeasureValue, Target
from roder.steering.models import Occasion, SteeringModelVersion
from tests.followup.world import MODEL, START, Town, build_town

PHASES = [
    {"code": "dialog", "name": "Dialog med presidiet", "step": "dialogue", "role": "chair", "body": None,
     "start": "2022-09-14", "start_time": None, "end": "2022-09-14", "end_time": None, "parallel": False},
    {"code": "samverkan", "name": "Samverkan med facken", "step": "union_consultation", "role": "head_administration",
     "body": None, "start": "2022-09-15", "start_time": None, "end": "2022-09-15", "end_time": None,
     "parallel": False},
]  # fmt: skip


@dataclass
class Opened:
    """The town, and its round."""

    town: Town
    round: Round

    @property
    def world(self) -> Town:
        """What the browser tests look for people in."""
        return self.town

    def sheet(self, unit: str, part: str = "goals") -> Sheet:
        """A unit's sheet of a part, as it stands now."""
        rows = Sheet.objects.select_related("unit", "above", "committee", "round__occasion")
        return rows.get(round=self.round, unit__code=unit, part=part)

    def lines(self, unit: str, part: str = "goals") -> list[Line]:
        """The lines of a unit's sheet."""
        return list(self.sheet(unit, part).lines.all())

    def url(self, rest: str) -> str:
        """The address of a page of rounds."""
        return f"{self.town.root}uppfoljning/{rest}"


def measure(town: Town, code: str, title: str, target: str, numbers: dict[str, tuple[str, str]]) -> Measure:
    """A measure with a target, and this year's and last year's outcome for units (``""``: the committee)."""
    made = Measure.objects.create(committee=town.committee, code=code, title=title, unit="%", decimals=1)
    Target.objects.create(measure=made, year=2022, operator="<=", value=Decimal(target))
    for unit, pair in numbers.items():
        for year, number in zip((2021, 2020), pair, strict=True):
            MeasureValue.objects.create(
                measure=made, period_start=date(year, 1, 1), period_end=date(year + 1, 1, 1),
                unit=town.units[unit] if unit else None, value=Decimal(number),
            )  # fmt: skip
    return made


def build_opened() -> Opened:
    """Make it, with the round open since its first day."""
    town = build_town()
    content = deepcopy(town.model.content)
    next(one for one in content["occasions"] if one["code"] == "2022-08")["phases"].extend(PHASES)
    town.model = SteeringModelVersion.objects.create(
        committee=town.committee, year=2022, version=2, content=content, source=MODEL, sha256="1" * 64
    )
    Occasion.objects.update(model=town.model)
    town.occasion.refresh_from_db()
    falls = measure(town, "fall", "Andel som faller", "8", {"": ("8.2", "9.1"), "111": ("7.4", "8.8")})
    absence = measure(town, "franvaro", "Sjukfrånvaro", "7", {"111": ("7.5", "7.1"), "112": ("6.2", "6.2")})
    Link.objects.create(
        source_kind="steering.goal", source_id=town.goals[0].pk, target_kind="measures.measure", target_id=falls.pk,
        kind=Link.Kind.MEASURED_BY,
    )  # fmt: skip
    for number, (title, perspective) in enumerate(
        (("Låg sjukfrånvaro", "ekonomi"), ("Trygghet", "malgrupp"))
    ):
        factor = CriticalFactor.objects.create(
            committee=town.committee, year=2022, perspective=perspective, title=title, position=number
        )
        if not number:
            FactorMeasure.objects.create(factor=factor, measure=absence, number=1)
    return Opened(town, open_round(town.occasion, today=START).round)
