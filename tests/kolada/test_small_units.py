"""Small units are found from the model's list and from their staff budget, and their sheets are graded by it."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from roder.economy.models import BudgetLine, BudgetVersion
from roder.followup.facts import outcomes_of
from roder.followup.small_units import small_units
from roder.measures.models import Measure, MeasureValue
from roder.organisation.models import Unit
from roder.steering.models import AccountGroup, Occasion
from roder.steering.services import model_of
from tests.economy.real import Town


@pytest.fixture
def town(db: None) -> Town:
    return Town("alingsas")


def test_units_are_graded_by_their_own_bands(town: Town) -> None:
    occasion = Occasion.objects.get(committee=town.committee, code="2022-08")
    model = model_of(occasion)
    version = BudgetVersion.objects.create(
        committee=town.committee, year=2022, code="b", name="Budget", applies_from=date(2022, 1, 1)
    )
    staff = AccountGroup.objects.get(committee=town.committee, code="personal")
    listed = Unit.objects.create(committee=town.committee, code="81222", name="Boendet", kind="unit")
    for unit, amount in ((town.unit, 9_999_999), (town.other_unit, 10_000_000)):
        BudgetLine.objects.create(version=version, unit=unit, group=staff, amount=Decimal(-amount))
    units = {town.unit.pk, town.other_unit.pk, listed.pk}
    assert small_units(model, units, occasion) == {town.unit.pk, listed.pk}

    measure = Measure.objects.create(
        committee=town.committee, code="fler_an_sex_tillfallen", title="Fler än sex tillfällen", unit="antal"
    )
    for place in units:
        MeasureValue.objects.create(
            measure=measure,
            unit_id=place,
            value=3,
            period_start=date(2022, 1, 1),
            period_end=date(2022, 8, 1),
        )
    found = outcomes_of([measure], units, occasion, model)
    codes = {place: found.fact(measure.pk, place)["code"] for place in units}
    assert codes == {
        town.unit.pk: "med_anmarkning", town.other_unit.pk: "nara_malvarde", listed.pk: "med_anmarkning",
    }  # fmt: skip
