"""Days, years and numbers out of all reach, in addresses, filters and hidden fields: answered, never a fault."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client

from tests.web.world import World

Login = Callable[[str], Client]
FAR = ("9999-12-31", "0001-01-01")


@pytest.mark.parametrize("day", FAR)
def test_the_tree_on_a_far_day_says_which_days_there_are(world: World, as_role: Login, day: str) -> None:
    answer = as_role("administrator").get(f"{world.root}organisation/", {"datum": day})
    assert answer.status_code == 200
    assert "Skriv en dag från 1900-01-01 till och med 2999-12-31" in answer.content.decode()


@pytest.mark.parametrize("day", FAR)
def test_the_trail_from_a_far_day_says_which_days_there_are(world: World, as_role: Login, day: str) -> None:
    answer = as_role("administrator").get("/spar/", {"fran": day, "till": day})
    assert answer.status_code == 200
    assert answer.content.decode().count("Skriv en dag från 1900-01-01 till och med 2999-12-31") == 2


@pytest.mark.parametrize("day", FAR)
def test_a_register_filtered_on_a_far_day_says_it_at_the_filter(
    world: World, as_role: Login, day: str
) -> None:
    answer = as_role("controller").get(f"{world.root}avtal/", {"notice_by_till": day})
    assert answer.status_code == 200
    assert "Skriv en dag från 1900-01-01 till och med 2999-12-31.<" in answer.content.decode()


@pytest.mark.parametrize("year", ["0", "1989", "2101", "9999", "10000", "9" * 30])
def test_a_far_year_in_an_address_is_no_page(world: World, as_role: Login, year: str) -> None:
    assert as_role("controller").get(world.root.replace("2022", year)).status_code == 404


@pytest.mark.parametrize(
    ("year", "quarter"), [("9999", "4"), ("9" * 30, "1"), ("", ""), ("²", "1"), ("2022", "9" * 5000)]
)
def test_a_far_quarter_is_refused_in_words(world: World, as_role: Login, year: str, quarter: str) -> None:
    answer = as_role("sas").post(
        f"{world.root}utforare/oppna/", {"year": year, "quarter": quarter}, follow=True
    )
    assert answer.status_code == 200, answer.status_code
    text = answer.content.decode()
    assert "Välj ett kvartal, 1–4." in text or "är inte slut" in text
