"""Grades by the rules of Alingsås' steering model, with the figures of its register of critical factors 2022."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from roder.measures.grading import propose_grade, rule_for, scale_of
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
