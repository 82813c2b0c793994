"""Rules of comparisons: years, groups, places and spread."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from roder.core.faults import UserFault
from roder.kolada.rules import (
    Similar,
    choose_group,
    is_preliminary,
    mean,
    missing_reason,
    parse_years,
    read_group,
    spread,
    standing,
)

values = st.lists(st.decimals(-1000, 1000, places=2), min_size=1, max_size=40)


@pytest.mark.parametrize(
    ("text", "years"),
    [("2022", (2022,)), ("2018-2020", (2018, 2019, 2020)), ("2020, 2018–2019,2020", (2018, 2019, 2020))],
)
def test_years_are_read(text: str, years: tuple[int, ...]) -> None:
    assert parse_years(text) == years


@pytest.mark.parametrize("text", ["", "tjugo", "2022-2018", "22", "2018-", "1800-1900"])
def test_years_that_cannot_be_read_are_said(text: str) -> None:
    with pytest.raises(UserFault, match="Skriv till exempel 2018-2022"):
        parse_years(text)


@pytest.mark.parametrize(
    ("title", "read"),
    [
        ("Liknande kommuner äldreomsorg, Alingsås, 2021", ("äldreomsorg", "Alingsås", 2021)),
        ("Liknande kommuner, övergripande, Höör, 2025", ("övergripande", "Höör", 2025)),
        ("Liknande kommuner LSS, Upplands Väsby, 2020", ("lss", "Upplands Väsby", 2020)),
    ],
)
def test_what_a_groups_title_says(title: str, read: tuple[str, str, int]) -> None:
    assert read_group("G1", title) == Similar("G1", *read)


@pytest.mark.parametrize(
    "title", ["Västra Götalands läns kommuner (ovägt medel)", "Liknande kommuner, Alingsås"]
)
def test_other_groups_are_not_taken(title: str) -> None:
    assert read_group("G1", title) is None


GROUPS = [
    Similar("G1", "övergripande", "Alingsås", 2020),
    Similar("G2", "äldreomsorg", "Alingsås", 2019),
    Similar("G3", "äldreomsorg", "Alingsås", 2021),
    Similar("G4", "äldreomsorg", "Lerum", 2021),
]


@pytest.mark.parametrize(
    ("area", "year", "code"),
    [
        ("Äldreomsorg", 2022, "G3"),
        ("Hemtjänst", 2020, "G2"),
        ("Äldreomsorg", 2015, "G2"),  # none so early: the first there is
        ("Samhällsplanering", 2022, "G1"),
        ("Gymnasieskola", 2022, "G1"),  # no group of its own
    ],
)
def test_the_group_that_suits(area: str, year: int, code: str) -> None:
    found = choose_group(GROUPS, "Alingsås", area, year)
    assert found is not None and found.code == code


def test_a_municipality_without_groups() -> None:
    assert choose_group(GROUPS, "Vara", "Äldreomsorg", 2022) is None


def numbers(*texts: str | None) -> list[Decimal | None]:
    return [None if text is None else Decimal(text) for text in texts]


@pytest.mark.parametrize(
    ("own", "others", "direction", "said"),
    [
        ("95", ("88", "96", None), "higher", (2, 3, False)),
        ("95", ("88", "96"), "lower", (2, 3, False)),
        ("95.4", ("95", "94"), "higher", (1, 3, True)),  # 95 and 95 as printed
        ("35", ("24", "30", "40"), "lower", (3, 4, False)),
        ("35", ("24", "30", "40"), "neither", (2, 4, False)),
    ],
)
def test_the_place_among_others(
    own: str, others: tuple[str | None, ...], direction: str, said: tuple[int, int, bool]
) -> None:
    found = standing(Decimal(own), numbers(*others), direction, 0)
    assert found is not None and (found.place, found.of, found.shared) == said


def test_no_place_without_values() -> None:
    assert standing(None, numbers("1"), "higher", 0) is None
    assert standing(Decimal(1), numbers(None), "higher", 0) is None


@given(values, st.sampled_from(["higher", "lower", "neither"]))
def test_a_place_is_between_first_and_last(others: list[Decimal], direction: str) -> None:
    found = standing(others[0], others, direction, 1)
    assert found is not None and 1 <= found.place < found.of


@given(values)
def test_the_spread_is_in_order_and_holds_the_mean(known: list[Decimal]) -> None:
    found, middle = spread(known), mean(known)
    assert found is not None and middle is not None
    assert found.lowest <= found.lower <= found.middle <= found.upper <= found.highest
    assert found.lowest <= middle <= found.highest


def test_the_spread_of_few_values() -> None:
    found = spread(numbers("1", None, "2", "4"))
    assert found is not None
    assert (found.count, found.lower, found.middle, found.upper) == (3, Decimal("1.5"), 2, 3)
    assert spread([]) is None and mean([None]) is None


@pytest.mark.parametrize(
    ("year", "published", "early"),
    [
        (2021, date(2022, 10, 1), True),
        (2020, date(2022, 10, 1), False),
        (2021, date(2022, 8, 1), False),
        (2021, None, False),
    ],
)
def test_preliminary_until_published(year: int, published: date | None, early: bool) -> None:
    assert is_preliminary(year, "2021", published, date(2022, 9, 1)) is early


def test_why_a_value_is_missing() -> None:
    assert missing_reason("Missing") == "Kolada har inget värde"
    assert missing_reason("Private") == "skyddas i Kolada"
    assert missing_reason("Otillförlitlig") == "Kolada anger Otillförlitlig"
