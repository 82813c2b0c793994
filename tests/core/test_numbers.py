"""Numbers are printed as the municipalities print them and read back from what people type."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from roder.core.numbers import (
    MINUS,
    MISSING,
    NBSP,
    NumberError,
    Unit,
    format_number,
    format_value,
    parse_number,
    round_half_away,
    whole_number,
)

numbers = st.decimals(min_value=-(10**13), max_value=10**13, places=4, allow_nan=False)
digits = st.integers(min_value=0, max_value=3)


@given(numbers, digits)
def test_rounding_moves_a_number_at_most_half_a_step(value: Decimal, places: int) -> None:
    assert abs(round_half_away(value, places) - value) * 2 <= Decimal(1).scaleb(-places)


@given(numbers, digits)
def test_rounding_is_the_same_on_both_sides_of_zero(value: Decimal, places: int) -> None:
    assert round_half_away(-value, places) == -round_half_away(value, places)


@given(numbers, digits)
def test_rounding_twice_changes_nothing_more(value: Decimal, places: int) -> None:
    once = round_half_away(value, places)
    assert round_half_away(once, places) == once


@given(st.integers(min_value=-(10**9), max_value=10**9), digits)
def test_exactly_half_goes_away_from_zero(whole: int, places: int) -> None:
    step = Decimal(1).scaleb(-places)
    value = whole * step + (step / 2 if whole >= 0 else -step / 2)
    assert abs(round_half_away(value, places)) == (abs(whole) + 1) * step


@pytest.mark.parametrize(
    ("value", "places", "expected"),
    [("12.5", 0, "13"), ("-12.5", 0, "-13"), ("2.5", 0, "3"), ("0.45", 1, "0.5"), ("1250", -2, "1300")],
)
def test_known_roundings(value: str, places: int, expected: str) -> None:
    assert round_half_away(Decimal(value), places) == Decimal(expected)


@given(st.decimals(min_value="-0.4999", max_value="0.4999", places=4), digits)
def test_zero_never_has_a_minus(value: Decimal, places: int) -> None:
    rounded = round_half_away(value, places)
    assert rounded != 0 or not rounded.is_signed()
    assert round_half_away(value).is_zero()
    assert format_number(value) == "0"
    assert format_number(value, sign=True) == "0"


@given(numbers, digits, st.booleans())
def test_what_is_printed_is_read_back_as_the_rounded_number(value: Decimal, places: int, sign: bool) -> None:
    assert parse_number(format_number(value, places, sign=sign)) == round_half_away(value, places)


@given(
    st.integers(min_value=0, max_value=10**12),
    st.sampled_from([" ", NBSP, "\u2009", "\u202f", "\u2007", ".", "'", "’"]),
    st.sampled_from(["", ",5", ",04"]),
    st.sampled_from(["{}", "-{}", "\u2212{}", "\u2013{}", "{}-", "({})", "+{}", " {} "]),
)
def test_every_way_to_write_thousands_and_minus_is_read(
    whole: int, separator: str, decimals: str, form: str
) -> None:
    text = form.format(f"{whole:,}".replace(",", separator) + decimals)
    value = Decimal(f"{whole}{decimals.replace(',', '.')}")
    assert parse_number(text) == (value if form.strip() in ("{}", "+{}") else -value)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("35.040", "35040"),
        ("88.9", "88.9"),
        ("88,9", "88.9"),
        ("1.234.567", "1234567"),
        ("0.125", "0.125"),
        ("-0.500", "-0.5"),
        ("12.3456", "12.3456"),
        ("1 234,50", "1234.50"),
        (f"{MINUS}2{NBSP}300", "-2300"),
        ("(1 000)", "-1000"),
        ("( 12 )", "-12"),
        ("007", "7"),
    ],
)
def test_texts_from_the_municipalities_own_tables(text: str, value: str) -> None:
    assert parse_number(text) == Decimal(value)


@pytest.mark.parametrize("text", ["-0", "0-", "(0)", f"{MINUS}0,0", "-0.000"])
def test_minus_zero_is_read_as_zero(text: str) -> None:
    value = parse_number(text)
    assert value.is_zero()
    assert not value.is_signed()


@pytest.mark.parametrize(
    "text",
    [
        "", " ", "-", "()", "iu.", "ett", "12 kr", "5 %", "1,2,3", "1.2.3", "1 00", "1 0000", "12 34 567",
        "--5", "-5-", "(5", "5)", "(-5)", "-(5)", "+-5", "1e5", "0x10", "NaN", "Infinity", "1 234'567", ",5", "5,", "²",
    ],
)  # fmt: skip
def test_what_is_not_a_number_is_refused_in_swedish(text: str) -> None:
    with pytest.raises(NumberError) as refused:
        parse_number(text)
    assert f"”{text}”" in str(refused.value)
    assert "är inte ett tal" in str(refused.value) or "minustecken" in str(refused.value)


@given(st.text(max_size=12))
def test_any_text_is_a_number_or_a_number_error(text: str) -> None:
    try:
        value = parse_number(text)
    except NumberError:
        return
    assert value.is_finite()


def test_numbers_are_printed_in_swedish() -> None:
    assert format_number(Decimal("1234567.5")) == f"1{NBSP}234{NBSP}568"
    assert format_number(Decimal("-1234.56"), 1) == f"{MINUS}1{NBSP}234,6"
    assert format_number(12, sign=True) == "+12"
    assert format_number(None) == MISSING


@pytest.mark.parametrize(
    ("value", "unit", "expected"),
    [
        (Decimal("35040499"), Unit.TKR, f"35{NBSP}040{NBSP}tkr"),
        (Decimal("-1250000"), Unit.MKR, f"{MINUS}1,3{NBSP}mkr"),
        (Decimal("9.45"), Unit.PERCENT, f"9,5{NBSP}%"),
        (Decimal(12), Unit.COUNT, "12"),
        (Decimal(1), Unit.YES_NO, "ja"),
        (Decimal(0), Unit.YES_NO, "nej"),
        (None, Unit.TKR, MISSING),
    ],
)
def test_values_are_printed_in_their_unit(value: Decimal | None, unit: Unit, expected: str) -> None:
    assert format_value(value, unit, suffix=True) == expected


@given(st.text() | st.integers(-10, 10**30).map(str) | st.text(alphabet="0123456789²١٣ -+_.", max_size=25))
def test_a_whole_number_is_the_ten_digits_and_no_longer_than_asked(text: str) -> None:
    for digits in (1, 9, 18):
        number = whole_number(text, digits)
        wanted = bool(text) and len(text) <= digits and set(text) <= set("0123456789")
        assert (number is not None) == wanted
        assert number is None or (number == int(text) and 0 <= number < 10**digits)


@given(st.integers(0, 10**18 - 1))
def test_a_key_is_read_as_it_is_written(number: int) -> None:
    assert whole_number(str(number)) == number


@pytest.mark.parametrize("text", [None, "", "²", "١٢", "-1", "+1", " 1", "1_0", "1.0", "9" * 5000])
def test_what_is_no_whole_number(text: str | None) -> None:
    assert whole_number(text) is None
