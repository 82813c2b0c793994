"""What the steering model says of deviations: severities, deadlines, targets. With defaults where it says nothing."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.utils import timezone

from roder.organisation.models import Body, Unit, UnitPath
from roder.quality.rules.deviations import USUAL_SEVERITIES
from roder.quality.services.terms import model_on
from roder.steering.modelfile import SteeringModel
from roder.steering.models import ServiceArea, SteeringModelVersion

#: What the usual four steps are called where the model has no words of its own. Källa: Socialstyrelsens och SKR:s
#: skala för konsekvens i riskanalyser.
USUAL_WORDS = {
    1: "Mindre: obehag eller obetydlig skada",
    2: "Måttlig: övergående skada",
    3: "Betydande: kvarstående måttlig skada, eller risk för det",
    4: "Mycket allvarlig: stor kvarstående skada eller död, eller risk för det",
}


@dataclass(frozen=True)
class Severity:
    """A step of severity."""

    value: int
    label: str
    serious: bool


@dataclass(frozen=True)
class Practice:
    """How a committee works with deviations in a year."""

    severities: tuple[Severity, ...]
    deadlines: Mapping[str, tuple[int, str]] = field(default_factory=dict)
    similar_days: int = 30
    action_kinds: tuple[str, ...] = ()

    def severity(self, value: int | None) -> Severity | None:
        """The step with the value, or None."""
        return next((one for one in self.severities if one.value == value), None)

    def serious(self, value: int | None) -> bool:
        """Whether the model calls the step serious."""
        found = self.severity(value)
        return bool(found and found.serious)


def _severities(model: SteeringModel | None) -> tuple[Severity, ...]:
    stated = model.deviations.severities if model and model.deviations else ()
    return _named([(one.value, one.serious, one.label) for one in stated])


def scale(committee: Body) -> tuple[Severity, ...]:
    """Every step of severity that a case of the committee may have, by value: those of all its steering models, as the
    latest that has the step calls it."""
    versions = SteeringModelVersion.objects.filter(committee=committee).order_by("year", "version")
    found: dict[int, Severity] = {}
    for stated in versions.values_list("content__deviations__severities", flat=True) or [None]:
        steps = [(one["value"], one["serious"], one.get("label")) for one in stated or ()]
        found |= {one.value: one for one in _named(steps)}
    return tuple(found[value] for value in sorted(found))


def _named(stated: Sequence[tuple[int, bool, str | None]]) -> tuple[Severity, ...]:
    """The steps of a model (value, serious, label) with their words; the usual ones where it says nothing."""
    if stated:
        usual = [(value, serious) for value, serious, _ in stated] == list(USUAL_SEVERITIES)
        words = USUAL_WORDS if usual else {}
        return tuple(
            Severity(value, label or words.get(value, f"Grad {value}"), serious)
            for value, serious, label in stated
        )
    return tuple(Severity(value, USUAL_WORDS[value], serious) for value, serious in USUAL_SEVERITIES)


def practice_of(committee: Body, at: datetime) -> Practice:
    """What holds for a case reported at a moment."""
    model = model_on(committee, timezone.localtime(at).date())
    deadlines = {one.code: (one.amount, str(one.unit)) for one in model.deadlines} if model else {}
    days = model.deviations.similar_days if model and model.deviations else 30
    kinds = model.deviations.action_kinds if model and model.deviations else ()
    return Practice(_severities(model), deadlines, days, tuple(one.label for one in kinds))


def area_of(unit: Unit) -> ServiceArea | None:
    """The service area that a unit belongs to: the one that names it, or the nearest unit above it."""
    above = dict(UnitPath.objects.filter(descendant=unit).values_list("ancestor__code", "depth"))
    areas: Iterable[ServiceArea] = ServiceArea.objects.filter(committee=unit.committee_id)
    found = [
        (above[code], area.position, area.pk, area) for area in areas for code in area.units if code in above
    ]
    return min(found, key=lambda one: one[:3])[3] if found else None
