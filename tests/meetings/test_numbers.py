"""Registration numbers: every spelling finds the same, no two numbers are taken for one another."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from roder.meetings.rules import numbers
from roder.meetings.rules.numbers import Number, PatternError

WORDS = st.sampled_from(["VON", "SN", "KS", "IF", "ÄN", "VOF AU", "Ks"])
NUMBERS = st.builds(
    Number, st.integers(1950, 2090), st.integers(1, 99_999).filter(lambda one: one not in numbers.YEARS),
    WORDS.map(lambda word: word.upper().replace(" ", "-")), st.none() | st.integers(0, 999),
)  # fmt: skip
GAPS = st.sampled_from([" ", "\u00a0", "\u202f", ".", "-", "/", "  ", "\u2013", " / ", ". ", "_", "\t"])
LEADS = st.sampled_from(
    ["", "Dnr ", "dnr: ", "Diarienr\u00a0", "Diarienummer: ", "Ärendenr. ", "D.nr ", "DNR."]
)


@st.composite
def spelled(draw: st.DrawFn, number: Number) -> str:
    """One of the ways that people write a number."""
    gap, words = draw(GAPS), number.prefix.replace("-", draw(GAPS))
    words = draw(st.sampled_from([words, words.lower(), words.title()]))
    digits = f"{number.number:0{draw(st.integers(1, 6))}d}"
    pair = [str(number.year), digits] if draw(st.booleans()) else [digits, str(number.year)]
    body = gap.join(pair)
    where = draw(st.sampled_from(["before", "after", "twice", "both"]))
    text = {
        "before": f"{words}{gap}{body}",
        "after": f"{body}{gap}{words}",
        "twice": f"{words} {words}{gap}{body}",
        "both": f"{words}{gap}{body} {words}",
    }[where]
    if number.sub is not None:
        text += f"-{number.sub:0{draw(st.integers(1, 3))}d}"
    return draw(LEADS) + text + draw(st.sampled_from(["", " ", ".", "\u00a0"]))


@given(st.data(), NUMBERS)
def test_every_spelling_has_the_same_key(data: st.DataObject, number: Number) -> None:
    text = data.draw(spelled(number))
    assert numbers.parse(text) == number
    assert numbers.key(text) == number.key


@given(st.data(), NUMBERS, NUMBERS)
def test_two_numbers_are_never_taken_for_one_another(data: st.DataObject, one: Number, other: Number) -> None:
    keys = numbers.key(data.draw(spelled(one))), numbers.key(data.draw(spelled(other)))
    assert (keys[0] == keys[1]) == (one == other)


@given(st.text(max_size=60) | NUMBERS.map(lambda one: one.key))
def test_a_key_is_its_own_key(text: str) -> None:
    key = numbers.key(text)
    assert numbers.key(key) == key
    assert len(key) <= numbers.MOST


@given(
    st.sampled_from(["{year}.{number:03d} VON", "VON.{year}.{number}", "SN {year}/{number}", "IF-{year}-{number:05d}",
                     "KS {number}/{year}"]),
    st.integers(1950, 2090),
    st.integers(1, 99_999),
)  # fmt: skip
def test_what_a_pattern_writes_is_read_back(pattern: str, year: int, number: int) -> None:
    text = numbers.write(pattern, year, number)
    found = numbers.parse(text, year_last=numbers.year_is_last(pattern))
    assert found is not None
    assert (found.year, found.number) == (year, number)


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("2022.228 VON", "2022-228-VON"),
        ("VON VON 2022.228", "2022-228-VON"),
        ("von 2022-228", "2022-228-VON"),
        ("Dnr: 2022.228\u00a0VON", "2022-228-VON"),
        ("VON.2023.55", "2023-55-VON"),
        ("VON2023.055", "2023-55-VON"),
        ("SN 2023/70", "2023-70-SN"),
        ("sn 70/2023", "2023-70-SN"),
        ("IF-2024-00012", "2024-12-IF"),
        ("KS 2023.180", "2023-180-KS"),
        ("2022.210 VON-010", "2022-210-VON/10"),
        ("２０２２.２２８ VON", "2022-228-VON"),
        ("2021/2022", "2021-2022"),
        ("Kf §98", "=KF-98"),
        ("", "="),
    ],
)
def test_the_forms_of_real_municipalities(text: str, key: str) -> None:
    assert numbers.key(text) == key


def test_a_word_more_makes_another_number() -> None:
    assert not numbers.same("2022.228 VON", "2022.228 SN")
    assert not numbers.same("2022.228 VON", "2022.228")
    assert not numbers.same("1 23", "12 3")
    assert numbers.key("x" * 80).startswith("#")


def test_a_documents_number_leads_to_its_cases() -> None:
    document = numbers.parse(numbers.write_sub("2022.210 VON", 10))
    assert document is not None
    assert document.case.key == numbers.key("VON 2022.210")


@pytest.mark.parametrize(
    "pattern",
    ["VON", "{year}", "{year}{number}", "{number.real} {year}", "{year!r} {number}", "{year} {number:>5}", "{year",
     "{0} {year} {number}", "1 {year}/{number}", "{year}.{number} " + "X" * 40, "{year}/{number} {number}"],
)  # fmt: skip
def test_a_pattern_that_gives_no_numbers_is_refused(pattern: str) -> None:
    with pytest.raises(PatternError, match="Skriv till exempel"):
        numbers.check_pattern(pattern)


def test_a_committee_without_a_pattern_gets_one() -> None:
    assert numbers.write(numbers.default_pattern("SN"), 2023, 70) == "SN 2023/70"
    assert numbers.write(numbers.default_pattern("{VoO 2}"), 2023, 70) == "VOO 2023/70"
    assert numbers.write(numbers.default_pattern("123"), 2023, 70) == "2023/70"
