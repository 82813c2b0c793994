"""The public form on a phone: by keyboard, without a cookie, nothing lost, readable by a screen reader."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from roder.quality.models import Complaint
from roder.quality.services import public
from tests.quality.case_world import build_cases
from tests.web.world import World

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]


@pytest.fixture
def town(live_server: Any) -> World:
    return build_cases()


@pytest.fixture
def phone(browser: Browser, live_server: Any, town: World) -> Iterator[Page]:
    context = browser.new_context(
        base_url=live_server.url,
        viewport={"width": 360, "height": 740},
        locale="sv-SE",
        java_script_enabled=False,
    )
    page = context.new_page()
    page.goto(f"/synpunkter/{town.committee.slug}/")
    yield page
    assert context.cookies() == []
    context.close()


def test_sent_from_a_phone_without_scripts_or_cookies(
    phone: Page, town: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("roder.quality.pages.public.FASTEST", timedelta(0))
    assert phone.evaluate("document.documentElement.scrollWidth") <= 360
    phone.get_by_role("button", name="Skicka").click()
    expect(phone.get_by_role("alert")).to_contain_text("Allt du har skrivit finns kvar")
    expect(phone.get_by_text("Välj vad du vill lämna.")).to_be_visible()

    phone.get_by_label("Klagomål").check()
    phone.get_by_label("Skriv här").fill("Maten är kall. Min mor 19121212-1212.")
    phone.get_by_label("Ja, jag skriver").check()
    phone.get_by_label("E-post eller telefon").fill("anna@example.se")
    phone.get_by_role("button", name="Skicka").click()
    expect(phone.get_by_text("innehåller ett personnummer")).to_be_visible()
    expect(phone.get_by_label("Skriv här")).to_have_value("Maten är kall. Min mor 19121212-1212.")
    expect(phone.get_by_label("E-post eller telefon")).to_have_value("anna@example.se")
    expect(phone.get_by_label("Klagomål")).to_be_checked()

    phone.get_by_label("Skriv här").fill("Maten är kall.")
    phone.get_by_role("button", name="Skicka").click()
    expect(phone.get_by_role("heading", level=1)).to_contain_text("Tack")
    number = Complaint.objects.get(committee=town.committee).number
    expect(phone.get_by_text(number)).to_be_visible()


def test_it_can_be_pressed_and_read(phone: Page) -> None:
    """Targets are at least 44 px high, every field has a name, and the robots' trap is out of the way."""
    for role in ("radio", "button", "textbox", "combobox"):
        for one in phone.get_by_role(role).all():  # type: ignore[arg-type]
            target = one.locator("xpath=ancestor::label") if role == "radio" else one
            box = target.bounding_box()
            assert box is not None and box["height"] >= 44, (role, box)
    assert phone.get_by_role("textbox").count() == 3  # text, name, contact: not the trap
    assert phone.locator("h1").count() == 1
    assert public.FASTEST.total_seconds() <= 5
