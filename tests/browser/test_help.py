"""Help as a unit manager meets it: the own role's page, the search, and the help of the page one is at."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Open
from tests.browser.looking import axe
from tests.reports.committee import Committee

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]


def faultless(page: Page) -> None:
    assert axe(page) == []
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")


def test_the_page_of_ones_role_is_first_and_the_search_finds(open_as: Open, site: Committee) -> None:
    page = open_as("unit_manager")
    page.goto("/hjalp/")
    page.get_by_role("link", name="För dig som är enhetschef").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Enhetschef")
    expect(page.get_by_role("heading", name="Det du oftast gör")).to_be_visible()
    faultless(page)
    page.get_by_role("navigation", name="Du är här").get_by_role("link", name="Hjälp").click()
    page.get_by_role("searchbox", name="Sök i hjälpen").fill("ersättare")
    page.get_by_role("button", name="Sök i hjälpen").click()
    page.get_by_role("link", name="Uppgifter: Ersättare").click()
    expect(page.get_by_role("heading", name="Ersättare", exact=True)).to_be_in_viewport()
    assert page.complaints == []  # type: ignore[attr-defined]


def test_help_opens_beside_what_one_is_at_and_at_its_place(open_as: Open, site: Committee) -> None:
    page = open_as("controller")
    page.goto(f"/{site.body.slug}/2022/ekonomi/budget/")
    page.get_by_role("link", name="Hjälp", exact=True).click()
    panel = page.get_by_role("dialog")
    expect(panel.get_by_role("heading", name="Budget", exact=True)).to_be_focused()
    faultless(page)
    panel.get_by_role("button", name="Stäng").click()
    expect(page.get_by_role("link", name="Hjälp", exact=True)).to_be_focused()


@pytest.mark.parametrize("path", ["inlasning", "referens-styrmodellens-fil", "drift", "systemforvaltare"])
def test_the_widest_pages_at_320_pixels(open_as: Open, site: Committee, path: str) -> None:
    page = open_as("unit_manager", width=320, height=700)
    page.goto(f"/hjalp/{path}/")
    faultless(page)
