"""The rules of risk scales: for every scale and rule the proposal is total, monotone in risk value, never blocks."""

from __future__ import annotations

import itertools
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from roder.control.rules import scales
from roder.control.rules.scales import HANDLINGS, Scale
from tests.control.world import DEPARTING, RISKS, scale_content


def scale(code: str = "vasentlighet") -> Scale:
    """A scale of the small model: 4 × 4 with labels, or 5 × 5 without."""
    return Scale.read(scale_content(code))


@st.composite
def any_scale(draw: st.DrawFn) -> dict[str, Any]:
    """Any scale that a model may hold, with any rule: in disorder, with holes, conditions and a milder end too."""

    def axis(name: str) -> dict[str, Any]:
        lowest, count = draw(st.integers(0, 3)), draw(st.integers(2, 6))
        return {"label": name, "steps": [{"value": lowest + step} for step in range(count)]}

    proposal = st.fixed_dictionaries(
        {"handling": st.sampled_from(sorted(HANDLINGS))},
        optional={"likelihood_at_most": st.integers(0, 8), "meaning": st.just("När det behövs")},
    )
    edges = draw(st.lists(st.integers(0, 70), max_size=8, unique=True).map(sorted))
    bands = [
        {"lowest": low, "highest": high, "proposals": draw(st.lists(proposal, min_size=1, max_size=4))}
        for low, high in zip(edges[::2], edges[1::2], strict=False)
    ]
    return {
        "code": "s", "label": "Skala", "likelihood": axis("Sannolikhet"), "impact": axis("Konsekvens"),
        "handling": draw(st.permutations(bands)),
    }  # fmt: skip


@given(any_scale())
def test_for_every_scale_and_rule_the_proposal_is_total_and_monotone(content: dict[str, Any]) -> None:
    held = Scale.read(content)
    by_value: dict[int, list[tuple[str, ...]]] = {}
    for likelihood, impact in held.cells():
        proposed = scales.proposals(held, likelihood, impact)
        assert set(proposed) <= set(HANDLINGS) and bool(proposed) is bool(held.bands)
        by_value.setdefault(likelihood * impact, []).append(proposed)
    worth = sorted(by_value)
    for lower, higher in itertools.pairwise(worth):
        strongest = max(map(scales.strength, by_value[lower]))
        assert min(map(scales.strength, by_value[higher])) >= strongest


@given(any_scale(), st.sampled_from(sorted(HANDLINGS)), st.booleans())
def test_no_choice_is_ever_blocked(content: dict[str, Any], handling: str, obligatory: bool) -> None:
    held = Scale.read(content)
    for likelihood, impact in held.cells():
        proposed = scales.proposals(held, likelihood, impact)
        why = scales.departure(held, likelihood, impact, handling, obligatory=obligatory)
        assert why is None or (handling not in proposed and why.endswith("."))
        assert why is not None or handling in proposed or not proposed
        assert scales.outside(held, likelihood, impact) == {}


@given(any_scale(), st.integers(-5, 20), st.integers(-5, 20))
def test_a_score_outside_the_scale_is_told_and_proposes_nothing(
    content: dict[str, Any], likelihood: int, impact: int
) -> None:
    held = Scale.read(content)
    inside = likelihood in held.likelihood.values and impact in held.impact.values
    wrong = scales.outside(held, likelihood, impact)
    assert bool(wrong) is not inside
    if not inside:
        assert scales.proposals(held, likelihood, impact) == ()
        assert scales.level(held, likelihood, impact) is None
        assert scales.departure(held, likelihood, impact, "goal") is None


@given(st.none() | st.integers(0, 25), st.none() | st.integers(0, 25), st.booleans())
def test_a_movement_has_words_and_an_arrow_only_where_it_compares(
    now: int | None, before: int | None, same: bool
) -> None:
    moved = scales.movement(now, before, same_scale=same)
    assert moved.words
    assert bool(moved.arrow) is (now is not None and before is not None and same)
    if moved.arrow:
        back = scales.movement(before, now)
        assert {moved.direction, back.direction} in ({"up", "down"}, {"same"})


def test_exactly_six_of_seventeen_depart() -> None:
    held = scale()
    departing = [number for number, (_, *score) in RISKS.items() if scales.departure(held, *score)]  # type: ignore[arg-type]
    assert tuple(departing) == DEPARTING


def test_a_departure_says_what_was_proposed_and_why_not() -> None:
    assert scales.departure(scale(), 3, 3, "critical_factor") == (
        "Riskvärdet är 9 och regeln föreslår mål eller internkontrollpunkt, inte kritisk verksamhetsfaktor. "
        "Kritisk verksamhetsfaktor föreslås bara vid sannolikhet 2 eller lägre; här är värdet 3."
    )
    assert scales.departure(scale(), 1, 3, "critical_factor") == (
        "Riskvärdet är 3 och regeln föreslår ingen åtgärd, inte kritisk verksamhetsfaktor."
    )


def test_an_obligatory_point_departs_from_nothing_where_the_model_has_such() -> None:
    assert scales.departure(scale("internkontroll"), 2, 3, "control_point")
    assert scales.departure(scale("internkontroll"), 2, 3, "control_point", obligatory=True) is None
    assert scales.departure(scale(), 1, 3, "control_point", obligatory=True)


@pytest.mark.parametrize(
    ("score", "label"), [((1, 4), "Låg"), ((3, 3), "Medel"), ((4, 3), "Hög"), ((None, None), None), ((9, 9), None)]
)  # fmt: skip
def test_the_matrix_names_the_level(score: tuple[int | None, int | None], label: str | None) -> None:
    found = scales.level(scale(), *score)
    assert (found.label if found else None) == label
    assert scales.level(scale("internkontroll"), 5, 5) is None  # a scale without levels


def test_what_is_outside_says_the_limits_and_what_to_do() -> None:
    assert scales.outside(scale(), 5, 0) == {
        "likelihood": "Sannolikhet 5 finns inte i skalan Väsentlighets- och riskanalys. "
        "Ange ett värde mellan 1 och 4.",
        "impact": "Väsentlighetsgrad 0 finns inte i skalan Väsentlighets- och riskanalys. "
        "Ange ett värde mellan 1 och 4.",
    }
    assert scales.outside(scale(), 3, None) == {
        "impact": "Väsentlighetsgrad saknas. Ange båda värdena, eller inget av dem."
    }
    assert scales.outside(scale(), None, None) == {}
