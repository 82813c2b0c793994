"""Rules of key figures, with the figures of the documents as cases."""

import itertools
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from roder.measures.rules import (
    Band,
    Defined,
    Trend,
    against_mean,
    defined,
    in_band,
    is_worse,
    meets,
    percent_of_target,
    trend,
)

numbers = st.decimals(-10_000, 10_000, places=2)
ABSENCE = (Band(Decimal(100), "utan"), Band(Decimal(110), "nara"), Band(None, "med"))


@pytest.mark.parametrize(
    ("percent", "status"),
    [("0", "utan"), ("100", "utan"), ("100.01", "nara"), ("110", "nara"), ("110.5", "med")],
)
def test_exactly_the_target_is_without_remark(percent: str, status: str) -> None:
    assert in_band(Decimal(percent), ABSENCE) == status


def test_sick_leave_2021_against_its_target() -> None:
    share = percent_of_target(Decimal("10.2"), Decimal("8.0"))
    assert share == Decimal("127.5")
    assert in_band(share, ABSENCE) == "med"


@pytest.mark.parametrize(("persons", "status"), [(2, "utan"), (3, "nara"), (4, "med")])
def test_more_than_six_spells_in_an_ordinary_unit(persons: int, status: str) -> None:
    assert (
        in_band(Decimal(persons), (Band(Decimal(2), "utan"), Band(Decimal(3), "nara"), Band(None, "med")))
        == status
    )


def test_a_value_above_closed_bands_is_refused() -> None:
    with pytest.raises(ValueError, match="högsta bandet"):
        in_band(Decimal(3), (Band(Decimal(2), "utan"),))


def test_equal_uses_the_published_precision() -> None:
    assert against_mean(Decimal("81.4"), Decimal("81"), 0) == 0
    assert against_mean(Decimal("81.5"), Decimal("81"), 0) == 1
    assert against_mean(Decimal("95"), Decimal("88"), 0) == 1


def test_a_share_of_nothing_is_undefined() -> None:
    assert percent_of_target(Decimal(3), Decimal(0)) is None


@given(numbers, numbers)
def test_operators_agree_with_each_other(outcome: Decimal, target: Decimal) -> None:
    assert meets(outcome, ">=", target) == (meets(outcome, ">", target) or meets(outcome, "=", target))
    assert meets(outcome, "<=", target) != meets(outcome, ">", target)


def test_an_unknown_operator_is_refused() -> None:
    with pytest.raises(ValueError, match="okänt villkor"):
        meets(Decimal(1), "≈", Decimal(1))


@given(numbers, numbers, st.integers(0, 2))
def test_trend_is_antisymmetric(now: Decimal, before: Decimal, digits: int) -> None:
    turned = {Trend.UP: Trend.DOWN, Trend.DOWN: Trend.UP, Trend.SAME: Trend.SAME}
    assert trend(before, now, digits) == turned[trend(now, before, digits)]


def test_no_trend_without_both_values() -> None:
    assert trend(Decimal(1), None, 0) is Trend.NONE
    assert trend(None, Decimal(1), 0) is Trend.NONE


def test_a_target_below_the_baseline_is_worse_only_when_higher_is_better() -> None:
    # 82 % wanted where the outcome already is 83 % (Alingsås 2022, trivs alltid hemma).
    assert is_worse(Decimal(82), Decimal(83), "higher")
    assert not is_worse(Decimal(82), Decimal(83), "lower")
    assert not is_worse(Decimal(82), Decimal(83), "neither")


FIRST = date(2022, 1, 1)
days = st.dates(date(2020, 1, 1), date(2030, 1, 1))
said = st.tuples(st.sampled_from("abc"), st.none() | days, st.none() | st.booleans())


def test_a_definition_without_a_day_is_another_wording_of_the_latest() -> None:
    first = defined([], "Andel svar.", None, None, FIRST)
    assert first == [Defined(FIRST, None, "Andel svar.")]
    later = defined(first, "Andel inom en minut.", date(2023, 7, 1), True, FIRST)
    assert later == [
        Defined(FIRST, date(2023, 7, 1), "Andel svar."),
        Defined(date(2023, 7, 1), None, "Andel inom en minut.", True),
    ]
    assert defined(later, "Andel inom två minuter.", None, None, FIRST)[1:] == [
        Defined(date(2023, 7, 1), None, "Andel inom två minuter.", True)
    ]
    assert defined(later, "Andel inom en minut.", date(2024, 1, 1), None, FIRST) == later, "the same words"


@given(st.lists(said, max_size=8))
def test_there_is_one_definition_at_a_time(deeds: list[tuple[str, date | None, bool | None]]) -> None:
    now: list[Defined] = []
    for text, start, breaks in deeds:
        now = defined(now, text, start, breaks, FIRST)
        assert defined(now, text, start, breaks, FIRST) == now, "said again it is nothing new"
        assert all(
            one.end is not None and one.start < one.end <= after.start
            for one, after in itertools.pairwise(now)
        )
