"""Every address of the project in a browser, once: as somebody who may see it, and what care staff see on a phone."""

from __future__ import annotations

import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any

import pytest
from django.urls import reverse
from playwright.sync_api import Browser, Error, Page

from tests.access.task_samples import COMMON as TASKS
from tests.access.test_walk import COMMON, EXTRA, MATRIX, quick_papers, samples
from tests.browser.conftest import Open
from tests.browser.looking import AXE, DESKTOP, PHONE, axe, listen, sticks_out, visit
from tests.reports.committee import Committee

__all__ = ["quick_papers"]

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]

#: who opens an address: the first of these who may. They see the most of the pages, and all of what is on them.
ROLES = (
    "quality_strategist", "head_administration", "secretary", "controller", "mas", "unit_manager", "casework_manager",
    "licensed", "care_staff", "provider", "auditor", "administrator", "central_office", "chair", "head_department",
)  # fmt: skip


@pytest.fixture
def site(live_server: Any, alingsas: Committee) -> Committee:
    """The committee alone: the samples make what there is to see."""
    return alingsas


def who_may() -> dict[str, list[str]]:
    """The roles that may open each address, out of the printed matrix; only what is opened with GET."""
    text = MATRIX.read_text(encoding="utf-8").splitlines()
    order = [line[1:].strip() for line in text if line.startswith("# ") and line[2:].strip()]
    order = order[order.index("member") :]
    found = {}
    for line in text:
        if line and not line.startswith(("#", "P")):
            name, signs = line[2 : -2 * len(order)].strip(), line.split()[-len(order) :]
            found[name] = [role for role, sign in zip(order, signs, strict=True) if sign == "+"]
    return found


def addresses(site: Committee) -> tuple[dict[str, list[str]], list[str]]:
    """Each address once, under the first of the roles who may open it; and all that care staff may open."""
    known, may = samples(site), who_may()
    once: dict[str, list[str]] = {}
    staff: list[str] = []
    for name, arguments in known.items():
        if name in EXTRA or not may.get(name):
            continue
        address = reverse(
            name, args=[*([] if name in COMMON | TASKS else [site.body.slug, 2022]), *arguments]
        )
        if by := next((one for one in ROLES if one in may[name]), None):
            once.setdefault(by, []).append(address)
        if "care_staff" in may[name]:
            staff.append(address)
    return once, staff


def wrong(page: Page, addresses: list[str], width: int) -> list[str]:
    """What is wrong with the pages."""
    found = []
    said = listen(page)
    for address in addresses:
        try:
            look = visit(page, address, said)
        except Error as error:
            if "Download is starting" in str(error):
                continue
            raise
        if look.whole:
            look.faults += axe(page, AXE)
        look.faults += sticks_out(page, f"{width} px")
        found += [f"{address}: {one}" for one in look.faults]
    return found


def test_every_address_is_accessible_to_somebody_who_may_open_it(
    open_as: Open, site: Committee, quick_papers: None
) -> None:
    once, staff = addresses(site)
    assert sum(map(len, once.values())) > 300
    found = [fault for by, own in once.items() for fault in wrong(open_as(by), own, DESKTOP["width"])]
    found += wrong(open_as("care_staff", width=PHONE["width"]), staff, PHONE["width"])
    assert not found, "\n".join(found)


def test_the_look_waits_for_a_page_that_has_only_begun_to_arrive(browser: Browser) -> None:
    """What a click gives back control at: the answer has come, and not one element of it."""

    class Slow(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            self.end_headers()
            self.wfile.write(b"<!doctype html>")
            self.wfile.flush()
            time.sleep(2)
            self.wfile.write(b"<title>Sen</title><main><h1>Sen</h1><img src='data:,'></main>")

        def log_message(self, *_: Any) -> None: ...

    with ThreadingHTTPServer(("127.0.0.1", 0), Slow) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        page = browser.new_page()
        page.goto(f"http://127.0.0.1:{server.server_address[1]}/", wait_until="commit")
        found = axe(page, {"runOnly": ["wcag2a"], "resultTypes": ["violations"]})
        page.close()
        server.shutdown()
    assert [one.split(":")[0] for one in found] == ["axe html-has-lang", "axe image-alt"]
