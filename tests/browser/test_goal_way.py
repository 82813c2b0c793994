"""A goal on a page: added on a phone, read, changed on a desktop, and taken away."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Open
from tests.browser.looking import axe, sticks_out
from tests.reports.committee import Committee

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]


def looked(page: Page) -> None:
    assert axe(page) == []
    assert list(sticks_out(page, "fönstret")) == []


def test_a_goal_is_added_changed_and_taken_away(open_as: Open, site: Committee) -> None:
    phone = open_as("controller", width=360, height=740)
    phone.goto(f"/{site.body.slug}/2022/mal/")
    phone.get_by_role("link", name="Lägg till mål").click()
    looked(phone)
    phone.get_by_label("Kod", exact=True).fill("M9")
    phone.get_by_label("Målet", exact=True).fill("Fler är trygga hemma")
    phone.get_by_label("Till år").fill("2021")
    phone.get_by_role("button", name="Spara").click()
    expect(phone.locator(".errorlist").first).to_contain_text("”Till år”")
    looked(phone)
    phone.get_by_label("Till år").fill("2024")
    phone.get_by_role("button", name="Spara").click()
    expect(phone.locator(".messages .success")).to_contain_text("är sparat")
    expect(phone.get_by_role("heading", level=1)).to_contain_text("Fler är trygga hemma")

    desk = open_as("controller")
    desk.goto(phone.url)
    desk.get_by_role("link", name="Ändra målet").click()
    looked(desk)
    expect(desk.get_by_label("Från år")).to_have_value("2022")
    desk.get_by_label("Motiv").fill("Fler bor kvar hemma")
    desk.get_by_role("button", name="Spara").click()
    expect(desk.get_by_text("Fler bor kvar hemma").first).to_be_visible()
    desk.get_by_role("link", name="Ändra målet").click()
    desk.get_by_role("link", name="Ta bort").click()
    looked(desk)
    desk.get_by_role("button", name="Ta bort").click()
    expect(desk.locator(".messages .success")).to_contain_text("är borttaget")
