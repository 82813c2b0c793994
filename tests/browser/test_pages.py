"""Pages in a browser: accessible, inside the window, with nothing refused by the content policy."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import Page

from roder.steering.models import Goal
from tests.browser.conftest import Open
from tests.browser.looking import AXE, CONTRAST, axe
from tests.reports.committee import Committee

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]

#: the elements that stick out to the right, for the message
OUTSIDE = """() => [...document.querySelectorAll("main *")]
    .filter((one) => one.getBoundingClientRect().right > innerWidth && !one.closest(".table-wrap, .report-table"))
    .map((one) => `${one.tagName}.${one.className} ${one.textContent.trim().slice(0, 30)}`).slice(0, 6).join("; ")"""


def addresses(site: Committee) -> list[str]:
    """A page of every kind, as a controller sees them."""
    root = f"/{site.body.slug}/2022/"
    goal = Goal.objects.get(code="M1")
    inside = [
        "", "mal/", f"mal/{goal.pk}/", "uppdrag/", "nyckeltal/", "ekonomi/", "ekonomi/budget/",
        "ekonomi/investeringar/",
        "ekonomi/volymer/", "ekonomi/personal/", "ekonomi/prognos/2022-05/", "tillfallen/", "rapporter/",
        "rapporter/manadsuppfoljning/2022-05/v/1/", "rapporter/fordjupad-manadsuppfoljning/2022-04/v/1/", "siffror/",
        "siffror/ekonomi.drift.prognosavvikelse/?rad=ovriga", "styrmodell/", "organisation/", "enheter/", "personer/",
        "mandat/", "prognosrader/", "inlasning/",
    ]  # fmt: skip
    outside = ["/sok/?q=platser", "/behorigheter/", "/konto/password/change/", "/konto/2fa/", "/finns-inte/"]
    return [f"{root}{one}" for one in inside] + outside


def faults(page: Page, address: str, rules: dict[str, Any] = AXE) -> list[str]:
    """What is wrong with a page: what axe finds, what the browser complains of, what sticks out of the window."""
    complaints: list[str] = page.complaints  # type: ignore[attr-defined]
    complaints.clear()
    page.goto(address)
    said = [one for one in complaints if "404" not in one]
    found = [f"{address}: webbläsaren: {one}" for one in said]
    wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    if wide > 0:
        found.append(f"{address}: {wide} px utanför fönstret")
    if page.locator("h1").count() != 1:
        found.append(f"{address}: {page.locator('h1').count()} h1")
    if page.locator("main .button.primary:visible").count() > 1:
        found.append(f"{address}: mer än en huvudknapp")
    return found + [f"{address}: {one}" for one in axe(page, rules)]


@pytest.mark.parametrize("width", [1280, 360])
def test_every_kind_of_page_is_accessible(open_as: Open, site: Committee, width: int) -> None:
    page = open_as("controller", width=width)
    found = [fault for address in addresses(site) for fault in faults(page, address)]
    assert not found, "\n".join(found)


def test_the_dark_colours_can_be_read(open_as: Open, site: Committee) -> None:
    page = open_as("controller", color_scheme="dark")
    found = [fault for address in addresses(site) for fault in faults(page, address, CONTRAST)]
    assert not found, "\n".join(found)


@pytest.mark.parametrize("role", ["administrator", "auditor", "member", "unit_manager"])
def test_the_pages_of_other_roles_are_accessible(open_as: Open, site: Committee, role: str) -> None:
    page = open_as(role)
    root = f"/{site.body.slug}/2022/"
    pages = {
        "administrator": [root, f"{root}mandat/ge/", f"{root}enheter/ny/", "/spar/"],
        "auditor": [root, "/spar/?kontrollera=1"],
        "member": [root, f"{root}mal/"],
        "unit_manager": [root, f"{root}ekonomi/prognos/2022-05/"],
    }
    found = [fault for address in pages[role] for fault in faults(page, address)]
    assert not found, "\n".join(found)


@pytest.mark.parametrize("width", [1280, 360])
def test_the_login_page_is_accessible(open_as: Open, width: int) -> None:
    page = open_as(None, width=width)
    addresses = ("/konto/login/", "/konto/password/reset/", "/konto/signup/")
    found = [fault for address in addresses for fault in faults(page, address)]
    assert not found, "\n".join(found)


def test_pages_fit_a_window_of_320_pixels(open_as: Open, site: Committee) -> None:
    page = open_as("controller", width=320, height=700)
    wide = []
    for address in addresses(site):
        page.goto(address)
        if (over := page.evaluate("document.documentElement.scrollWidth") - 320) > 0:
            wide.append(f"{address}: {over} px ({page.evaluate(OUTSIDE)})")
    assert not wide, "\n".join(wide)
