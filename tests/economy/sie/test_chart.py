"""From the bookkeeping's codes to the committee's words, and what the steering model may say of them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from roder.economy.rules.ledger import Chart, Ranges, book, from_period_balances
from roder.economy.sie.book import Balance
from roder.steering.modelfile import check_text
from tests.economy.sie.conftest import coded

CHART = Chart(
    (("intakter", Ranges(("3000-3999",))), ("ovriga", Ranges(("4010", "6000-7999")))),
    unit_dimension="1",
    counterpart_dimension="3",
    internal_accounts=Ranges(("3990-3999",)),
    internal_counterparts=Ranges(("800-899", "INT")),
    own=Ranges(("81000-81999",)),
)


@given(st.integers(1000, 9999), st.integers(1000, 9999), st.integers(0, 99999))
def test_a_range_holds_what_lies_between(low: int, high: int, code: int) -> None:
    low, high = sorted((low, high))
    ranges = Ranges((f"{low}-{high}",))
    if code >= 1000:
        assert (str(code) in ranges) == (low <= int(str(code)[:4]) <= high)


def test_longer_accounts_belong_where_their_first_figures_do() -> None:
    assert CHART.group_of("30101") == "intakter"
    assert CHART.group_of("4010") == "ovriga" and CHART.group_of("4011") is None
    assert CHART.group_of("300") is None


def test_internal_by_account_or_counterpart() -> None:
    assert CHART.is_internal("3995", ())
    assert CHART.is_internal("6010", (("3", "810"),)) and CHART.is_internal("6010", (("3", "INT"),))
    assert not CHART.is_internal("6010", (("1", "810"),))


def test_rows_of_others_and_of_the_balance_sheet_are_left_out() -> None:
    own, other = (("1", "81132"),), (("1", "70000"),)
    counted = [
        (202201, "6010", own, 100, 2),
        (202201, "6010", other, 900, 1),
        (202201, "1930", own, -100, 1),
        (202201, "5010", own, 7, 1),
        (202201, "6010", (*own, ("3", "810")), 30, 1),
    ]
    found = book(CHART, counted, ["6010", "5010"])
    assert found.unmapped == {"5010": 7}
    assert {
        (key.account, key.unit, key.internal): (one.ore, one.rows) for key, one in found.amounts.items()
    } == {
        ("6010", "81132", False): (100, 2),
        ("5010", "81132", False): (7, 1),
        ("6010", "81132", True): (30, 1),
    }


def test_period_balances_give_what_units_do_not_hold_to_the_whole() -> None:
    balances = [
        Balance("PSALDO", 0, "6010", 100, "202203"),
        Balance("PSALDO", 0, "6010", 70, "202203", (("1", "81132"),)),
        Balance("PSALDO", 0, "6010", 5, "202203", (("6", "P1"),)),
        Balance("PSALDO", -1, "6010", 9, "202103"),
        Balance("PBUDGET", 0, "6010", 9, "202203"),
    ]
    assert from_period_balances(CHART, balances) == [
        (202203, "6010", (("1", "81132"),), 70, 1),
        (202203, "6010", (), 30, 1),
    ]


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (('"5000-5999"', '"5000-6100"'), "står redan på raden ”personal”"),
        (('"5000-5999"', '"5999-5000"'), "är inget intervall"),
        (('"5000-5999"', '"500-5999"'), "är inget intervall"),
        (('"4010"', '"50"'), "står redan på raden ”personal”"),
        (('outside: ["8000-8999"]', 'outside: ["3100"]'), "står redan på raden ”intakter”"),
        (
            ("sum_of: [personal, ovriga]", 'sum_of: [personal, ovriga], accounts: ["9000"]'),
            "har inga egna konton",
        ),
        (('    counterpart_dimension: "3"\n', ""), "behöver counterpart_dimension"),
    ],
)
def test_the_model_is_checked(change: tuple[str, str], words: str) -> None:
    text = coded()
    assert not check_text(text).faults
    assert change[0] in text
    found = [one.message for one in check_text(text.replace(*change)).faults]
    assert any(words in one for one in found), found
