"""The steering model changed by somebody who has never seen YAML: a row on a desk, a row on a phone."""

from __future__ import annotations

import os
from itertools import count

import pytest
from playwright.sync_api import Page, expect

from roder.core.examples import examples_dir
from roder.steering.loading import load_model
from roder.steering.models import SteeringModelVersion
from tests.browser.conftest import Open
from tests.browser.test_deviation_way import check
from tests.reports.committee import Committee

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]
COUNT = count()
PATIENCE = 30_000  # a busy machine is not a fault


def looked(page: Page) -> None:
    """As ``check``; that what is wrong was answered with 400 is what the browser says of it, and right."""
    page.complaints[:] = [one for one in page.complaints if "400 (Bad Request)" not in one]  # type: ignore[attr-defined]
    check(page)
    if folder := os.environ.get("RODER_SHOTS"):
        width = page.viewport_size["width"] if page.viewport_size else 0
        page.screenshot(path=f"{folder}/{next(COUNT):02}-{width}.png", full_page=True)


@pytest.mark.parametrize("width", [1280, 360])
def test_a_status_is_renamed_and_an_account_row_added(open_as: Open, site: Committee, width: int) -> None:
    expect.set_options(timeout=PATIENCE)
    text = (examples_dir() / "alingsas" / "styrmodell.yaml").read_text(encoding="utf-8")
    before = load_model(site.body, text)
    page = open_as("quality_strategist", width=width)
    page.set_default_timeout(PATIENCE)
    page.goto(f"/{site.body.slug}/2022/styrmodell/")
    page.get_by_role("link", name="Ändra delar").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Ändra styrmodellen")
    looked(page)
    page.get_by_role("link", name="Statusskalor").click()
    looked(page)
    page.get_by_role("link", name="Ändra Nämndens mål vid delårsbokslut").click()
    looked(page)
    page.get_by_role("link", name="Statusar").click()
    looked(page)
    page.get_by_role("link", name="Ändra Delvis uppfyllt").click()
    page.get_by_label("Benämning").fill("")
    page.get_by_role("button", name="Granska").click()
    expect(page.locator(".errorlist")).to_contain_text("måste fyllas i")
    looked(page)
    page.get_by_label("Benämning").fill("Till viss del uppfyllt")
    page.get_by_role("button", name="Granska").click()
    expect(page.get_by_text("till ”Till viss del uppfyllt”")).to_be_visible()
    looked(page)
    page.get_by_role("button", name="Spara som ny version").click()
    expect(page.locator(".messages .success")).to_contain_text(f"version {before.version + 1}")
    page.goto(f"/{site.body.slug}/2022/styrmodell/delar/accounts/rows/")
    looked(page)
    half_outside_is_brought_in(page)
    page.get_by_role("link", name="Lägg till").click()
    page.get_by_label("Kod", exact=True).fill("resor")
    page.get_by_label("Benämning").fill("Resor")
    page.get_by_label("Slag").select_option("group")
    page.get_by_label("Tecken").select_option("cost")
    page.get_by_role("button", name="Granska").click()
    expect(page.get_by_text("tillagt ”Resor”")).to_be_visible()
    looked(page)
    page.get_by_role("button", name="Spara som ny version").click()
    expect(page.get_by_role("link", name="Flytta upp Resor")).to_be_visible()
    page.get_by_role("link", name="Flytta upp Resor").click()
    expect(page.get_by_text("(flyttas hit)")).to_be_visible()
    looked(page)
    after = SteeringModelVersion.objects.filter(committee=site.body, year=2022).order_by("-version")[0]
    assert after.version == before.version + 2
    assert len(after.source.split("\n")) == len(before.source.split("\n")) + 1


def half_outside_is_brought_in(page: Page) -> None:
    """A table that is scrolled sideways shows the whole of what the tab key comes to."""
    page.set_viewport_size({"width": 420, "height": 740})
    box = page.locator(".table-wrap").first
    first = box.locator("th a").first
    scrolled = box.evaluate(
        "(box) => { const one = box.querySelector('th a').getBoundingClientRect();"
        " box.scrollLeft = one.left + one.width / 2 - box.getBoundingClientRect().left; return box.scrollLeft; }"
    )
    assert scrolled > 0
    box.focus()
    page.keyboard.press("Tab")
    expect(first).to_be_focused()
    outside = (
        "(one) => one.closest('.table-wrap').getBoundingClientRect().left - one.getBoundingClientRect().left"
    )
    assert first.evaluate(outside) <= 0
    page.set_viewport_size({"width": 1280, "height": 900})
