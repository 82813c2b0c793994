"""What a forecast lacks and adds up to: pure functions."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from roder.core.numbers import Unit
from roder.economy.rules import forecast as rules
from roder.economy.rules.forecast import Part

NOT_MADE = "Prognosen är inte lämnad. Lämna den under Ekonomi, Prognos per enhet."
AMOUNTS = st.decimals(min_value=-(10**9), max_value=10**9, places=2)
MAYBE = st.none() | AMOUNTS
PARTS = st.lists(st.builds(Part, st.just("Rad"), MAYBE, MAYBE, st.sampled_from(["", "Orsak"])), max_size=6)


def part(label: str, budget: str | None, forecast: str | None, cause: str = "") -> Part:
    return Part(
        label,
        None if budget is None else Decimal(budget),
        None if forecast is None else Decimal(forecast),
        cause,
    )


def plain(texts: list[str]) -> list[str]:
    return [text.replace("\u00a0", " ") for text in texts]


@pytest.mark.parametrize(
    ("parts", "has_action", "expected"),
    [
        ([], False, [NOT_MADE]),
        ([part("Personal", "-8000", None)], False, [NOT_MADE]),
        ([part("Personal", "-8000", "-8000")], False, []),
        ([part("Personal", "-8000", "-7000")], False, []),
        (
            [part("Intäkter", "1000", "1000"), part("Personal", "-8000", None), part("Övrigt", "-1", None)],
            False,
            ["Prognos saknas för Personal och Övrigt. Skriv ett belopp, 0 om ingenting väntas."],
        ),
        (
            [part("Personal", "-8000000", "-9200000")],
            False,
            [
                "Personal: prognosen är 1 200 tkr sämre än budgeten. Skriv orsaken.",
                "Enhetens prognos är 1 200 tkr sämre än budgeten. Lägg till minst en åtgärd.",
            ],
        ),
        ([part("Personal", "-8000000", "-9200000", "Vikarier")], True, []),
        (
            [part("Personal", "-8000000", "-9200000", "Vikarier")],
            False,
            ["Enhetens prognos är 1 200 tkr sämre än budgeten. Lägg till minst en åtgärd."],
        ),
        # One row worse, the whole not: a cause is asked for, an action is not.
        (
            [part("Personal", "-8000000", "-9200000"), part("Intäkter", "0", "1200000")],
            False,
            ["Personal: prognosen är 1 200 tkr sämre än budgeten. Skriv orsaken."],
        ),
        # A cost that nothing is budgeted for counts in full, and asks why.
        (
            [part("Personal", "-8000000", "-8000000"), part("Viten", None, "-500000")],
            True,
            ["Enhetens prognos är 500 tkr sämre än budgeten. Skriv orsaken på minst en rad."],
        ),
        # Without any budget nothing can be compared: one row says what the forecast builds on.
        ([part("Personal", None, "-12500000")], True, [rules.NO_BUDGET]),
        ([part("Personal", None, "-12500000"), part("Intäkter", None, "12500000")], False, []),
        ([part("Personal", None, "-9000"), part("Viten", None, "-500", "Enligt avtal")], False, []),
    ],
)  # fmt: skip
def test_what_a_units_forecast_lacks(parts: list[Part], has_action: bool, expected: list[str]) -> None:
    assert plain(rules.lacks(parts, has_action=has_action)) == expected


@given(PARTS)
def test_whole_and_not_negative_lacks_nothing_but_causes(parts: list[Part]) -> None:
    """A unit that keeps its budget is never asked for an action, and one with cause and action on all is whole."""
    total = rules.unit_variance(parts)
    found = rules.lacks(parts, has_action=False)
    if total is None or total >= 0:
        assert not any("åtgärd" in text for text in found)
    complete = [Part(one.label, one.budget, one.forecast or Decimal(0), "Orsak") for one in parts]
    if complete:
        assert rules.lacks(complete, has_action=True) == []


@given(st.lists(AMOUNTS, max_size=5), st.lists(AMOUNTS, max_size=5))
def test_the_variance_of_a_unit_is_the_sum_of_its_rows(budgets: list[Decimal], extra: list[Decimal]) -> None:
    parts = [Part("Rad", amount, amount + Decimal(1)) for amount in budgets]
    parts += [Part("Utan budget", None, amount) for amount in extra]
    expected = None if not budgets else Decimal(len(budgets)) + sum(extra, Decimal(0))
    assert rules.unit_variance(parts) == expected


@given(MAYBE, MAYBE)
def test_reliability_is_accounts_minus_forecast(accounts: Decimal | None, forecast: Decimal | None) -> None:
    found = rules.reliability(accounts, forecast)
    assert found is None if accounts is None or forecast is None else found + forecast == accounts


@given(AMOUNTS, st.lists(MAYBE, max_size=5))
def test_measures_never_make_a_surplus_of_a_deficit(deficit: Decimal, effects: list[Decimal | None]) -> None:
    left = rules.covered(deficit, rules.expected_effect(effects))
    assert left is not None
    assert left <= 0


@pytest.mark.parametrize(
    ("amount", "unit", "digits", "expected"),
    [("-499", Unit.TKR, 0, False), ("-500", Unit.TKR, 0, True), ("0", Unit.TKR, 0, False), ("1", Unit.TKR, 0, False),
     ("-49999", Unit.MKR, 1, False), ("-50000", Unit.MKR, 1, True)],
)  # fmt: skip
def test_a_deficit_is_what_is_printed_as_one(amount: str, unit: Unit, digits: int, expected: bool) -> None:
    assert rules.is_deficit(Decimal(amount), unit, digits) is expected
    assert rules.is_deficit(None) is False


@dataclass(frozen=True)
class Row:
    code: str
    sign: str
    sum_of: tuple[str, ...] = ()


def test_the_bottom_row_is_the_result_else_the_last_sum() -> None:
    costs = Row("kostnader", "cost")
    net, result = Row("netto", "cost", ("kostnader",)), Row("resultat", "result", ("netto",))
    finance = Row("finansnetto", "result")
    assert rules.bottom_row([costs, net, finance, result]) is result
    assert rules.bottom_row([costs, net]) is net
    assert rules.bottom_row([costs]) is costs
    assert rules.printed_rows([costs, net], {"kostnader": Decimal(-5)})["netto"] == -5
