"""Names as they stand in web addresses."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from roder.core.addresses import SLUG, address_name, municipality_name


@pytest.mark.parametrize(
    ("words", "name"),
    [
        ("Exempelby kommun", "exempelby-kommun"),
        ("ÄNAU", "anau"),
        ("S:t Olof", "st-olof"),
        ("A_B - C", "a-b-c"),
        ("!", ""),
    ],
)
def test_words_become_a_name(words: str, name: str) -> None:
    assert address_name(words) == name


def test_the_word_that_all_municipalities_have_is_left_out() -> None:
    assert municipality_name("Örnsköldsviks kommun") == "ornskoldsviks"


@given(st.text(max_size=60))
def test_whatever_the_words_the_name_is_one_that_is_taken(words: str) -> None:
    assert re.fullmatch(SLUG, address_name(words, "namnd"))
