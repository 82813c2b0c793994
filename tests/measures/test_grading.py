"""Grades by the rules of Alingsås' steering model, with the figures of its register of critical factors 2022."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from roder.measures.grading import has_small_units, is_small, propose_grade, rule_for, scale_of
from roder.measures.models import Measure, MeasureValue, Target
from roder.measures.proposals import MeasureYear
from roder.steering.modelfile import SteeringModel, check_file

EXAMPLES = Path(__file__).parents[2] / "examples"


@pytest.fixture(scope="module")
def model() -> SteeringModel:
    found = check_file(EXAMPLES / "alingsas" / "styrmodell.yaml").model
    assert found is not None
    return found


def year(
    code: str, outcome: str | None, *, of: int = 2021, target: str | None = None, mean: str | None = None
) -> MeasureYear:
    measure = Measure(code=code, title=code, unit="%", decimals=1)
    entry = MeasureYear(measure, 2022)
    if outcome is not None:
        entry.outcomes[of] = MeasureValue(
            value=Decimal(outcome), period_start=date(of, 1, 1), period_end=date(of + 1, 1, 1)
        )
    if target is not None:
        entry.target = Target(year=2022, operator="<=", value=Decimal(target))
    if mean is not None:
        entry.country[2020] = Decimal(mean)
    return entry


@pytest.mark.parametrize(
    ("entry", "status"),
    [
        (year("U21468", "95", of=2020, mean="88"), "utan_anmarkning"),
        (year("U23471", "81.3", of=2020, mean="81"), "nara_malvarde"),
        (year("U23471", "80.4", of=2020, mean="81"), "med_anmarkning"),
        (year("sjukfranvaro_total", "8.0", target="8.0"), "utan_anmarkning"),
        (year("sjukfranvaro_total", "8.8", target="8.0"), "nara_malvarde"),
        (year("sjukfranvaro_total", "10.2", target="8.0"), "med_anmarkning"),
        (year("sjukfranvaro_total", None, target="8.0"), "inget_varde"),
        (year("sjukfranvaro_total", "10.2"), "inget_varde"),
        (year("U21468", "95", of=2020), "inget_varde"),
        (year("fler_an_sex_tillfallen", "3"), "nara_malvarde"),
    ],
)
def test_the_grade_by_rule(model: SteeringModel, entry: MeasureYear, status: str) -> None:
    rule = rule_for(model, entry.measure)
    assert rule is not None
    proposal = propose_grade(entry, rule)
    assert proposal.code == status
    assert proposal.code in {step.code for step in scale_of(model, rule)}


def test_the_reason_says_the_figures(model: SteeringModel) -> None:
    entry = year("sjukfranvaro_total", "10.2", target="8.0")
    rule = rule_for(model, entry.measure)
    assert rule is not None
    assert propose_grade(entry, rule).reason == "10,2\u00a0% (2021) är 127,5 % av målvärdet."


def test_a_measure_without_rule_is_not_graded(model: SteeringModel) -> None:
    assert rule_for(model, Measure(code="telefon_aldre")) is None


def proposed(
    model: SteeringModel, code: str, outcome: str, *, small: bool = False, **known: str | None
) -> str:
    """The proposed status of an outcome of 2021 by the model's rule for the measure."""
    entry = year(code, outcome, target=known.get("target"), mean=known.get("mean"))
    entry.small = small
    rule = rule_for(model, entry.measure)
    assert rule is not None
    return propose_grade(entry, rule).code


@pytest.mark.parametrize(
    ("code", "outcome", "mean", "status"),
    [  # the municipality's outcomes and the nation's means as printed: register of critical factors 2022
        ("U28524", "80", "83", "med_anmarkning"),
        ("U28531", "85", "76", "utan_anmarkning"),
        ("U28538", "84", "83", "utan_anmarkning"),
        ("U28638", "67", "84", "med_anmarkning"),
        ("U28522", "73", "75", "med_anmarkning"),
        ("U28529", "77", "68", "utan_anmarkning"),
        ("U28536", "86", "83", "utan_anmarkning"),
        ("U28631", "83", "83", "nara_malvarde"),
        ("U23471", "80.5", "81.4", "nara_malvarde"),  # 81 and 81 as published
        ("U23471", "81.5", "81.4", "utan_anmarkning"),  # 82 and 81
    ],
)
def test_higher_equal_or_lower_than_the_nation(
    model: SteeringModel, code: str, outcome: str, mean: str, status: str
) -> None:
    assert proposed(model, code, outcome, mean=mean) == status


@pytest.mark.parametrize("code", ["sjukfranvaro_total", "sjukfranvaro_kort"])
@pytest.mark.parametrize(
    ("outcome", "status"),
    [
        ("0", "utan_anmarkning"),
        ("8.0", "utan_anmarkning"),  # exactly 100 % of the target
        ("8.01", "nara_malvarde"),
        ("8.8", "nara_malvarde"),  # exactly 110 %
        ("8.81", "med_anmarkning"),
    ],
)
def test_sick_leave_in_per_cent_of_its_target(
    model: SteeringModel, code: str, outcome: str, status: str
) -> None:
    assert proposed(model, code, outcome, target="8.0") == status


@pytest.mark.parametrize(
    ("persons", "ordinary", "small"),
    [
        ("0", "utan_anmarkning", "utan_anmarkning"),
        ("1", "utan_anmarkning", "utan_anmarkning"),
        ("2", "utan_anmarkning", "nara_malvarde"),
        ("3", "nara_malvarde", "med_anmarkning"),
        ("4", "med_anmarkning", "med_anmarkning"),
    ],
)
def test_many_spells_of_sickness_in_ordinary_and_small_units(
    model: SteeringModel, persons: str, ordinary: str, small: str
) -> None:
    code = "fler_an_sex_tillfallen"
    assert proposed(model, code, persons) == ordinary
    assert proposed(model, code, persons, small=True) == small


@pytest.mark.parametrize(
    ("code", "name", "budget", "small"),
    [
        ("81222", "Boendet", None, True),
        ("8191", "Ekonomi", None, True),
        ("x", "Tuvegården", None, True),
        ("82000", "Bjärkegården", None, False),
        ("82000", "Bjärkegården", "9999999", True),
        ("82000", "Bjärkegården", "-9999999", True),
        ("82000", "Bjärkegården", "10000000", False),
        ("82000", "Bjärkegården", "0", False),  # no budget at all says nothing of its size
    ],
)
def test_which_units_are_small(
    model: SteeringModel, code: str, name: str, budget: str | None, small: bool
) -> None:
    rule = rule_for(model, Measure(code="fler_an_sex_tillfallen"))
    assert is_small(rule, code, name, Decimal(budget) if budget else None) is small
    assert has_small_units(model)
    assert not is_small(rule_for(model, Measure(code="U21468")), code, name, Decimal(1))


def test_the_bands_of_small_units_and_a_target_of_nothing_are_said(model: SteeringModel) -> None:
    entry = year("fler_an_sex_tillfallen", "2")
    entry.small = True
    rule = rule_for(model, entry.measure)
    assert rule is not None
    assert propose_grade(entry, rule).reason.endswith("mot styrmodellens gränser för små enheter.")
    nothing = year("sjukfranvaro_total", "2", target="0")
    rule = rule_for(model, nothing.measure)
    assert rule is not None
    assert propose_grade(nothing, rule).reason == "Målvärdet är 0; det går inte att räkna procent av det."
