"""What can be wrong with a page in a browser: one look at it, at several widths, in light, in dark and on paper."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from axe_playwright_python.base import AXE_FILE_PATH
from playwright.sync_api import Error, Page

#: every rule of WCAG 2.2 A and AA that axe knows, with its advice and the size of targets
AXE = {
    "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22a", "wcag22aa", "best-practice"],
    "rules": {"target-size": {"enabled": True}},
    "resultTypes": ["violations"],
}
#: what may be otherwise in a narrow window than in a wide one
NARROW = {
    "runOnly": {"type": "rule", "values": ["target-size", "scrollable-region-focusable", "aria-hidden-focus",
                                           "button-name", "link-name", "color-contrast"]},
    "resultTypes": ["violations"],
}  # fmt: skip
CONTRAST = {"runOnly": ["color-contrast"], "resultTypes": ["violations"]}
DESKTOP, PHONE = {"width": 1280, "height": 900}, {"width": 360, "height": 740}
#: A4 without margins of 20 mm, in CSS pixels: upright, and for pages with wide tables lying, or A3 lying (12 mm)
PAPER = {"width": 643, "height": 900}
SHEETS = {
    "widest": {"width": 1496, "height": 1031},
    "wide": {"width": 971, "height": 600},
    "report-wide": {"width": 1009, "height": 680},
}
TABS = 60  # steps by keyboard on one page before it is enough

#: the questions that are asked of a page
QUESTIONS = Path(__file__).with_name("looking.js").read_text(encoding="utf-8").strip()


@dataclass
class Look:
    """What was seen of one page."""

    address: str
    status: int = 0
    faults: list[str] = field(default_factory=list)
    weight: dict[str, int] = field(default_factory=dict)
    shape: str = ""
    whole: bool = False  # a page, not a part that is put into one
    links: list[str] = field(default_factory=list)


def listen(page: Page) -> list[str]:
    """Keep what the browser complains of, refusals of the content policy among it."""
    said: list[str] = []
    page.on("console", lambda one: said.append(one.text) if one.type in ("error", "warning") else None)
    page.on("pageerror", lambda error: said.append(str(error)))
    page.on("response", lambda one: said.append(f"{one.status} {one.url}") if one.status >= 400 else None)
    return said


def ask(page: Page, question: str) -> Any:
    """What the page answers to one of the questions of ``looking.js``."""
    return page.evaluate(f"{QUESTIONS}.{question}()")


def visit(page: Page, address: str, said: list[str]) -> Look:
    """Open the page: what the server and the browser say of it, what it weighs and where it leads."""
    said.clear()
    look = Look(address)
    answer = page.goto(address, wait_until="load")
    look.status = answer.status if answer else 0
    look.weight, look.shape, look.links = ask(page, "weight"), ask(page, "shape"), ask(page, "addresses")
    look.whole = bool(page.evaluate("document.doctype !== null && document.contentType === 'text/html'"))
    if (
        look.whole
    ):  # a picture or a style sheet is drawn by the browser itself, and complains of its own drawing
        look.faults += [f"webbläsaren: {one}" for one in said]
        look.faults += [*ask(page, "markup"), *ask(page, "targets")]
    if look.status >= 400:
        look.faults.append(f"svarar {look.status}")
    return look


def deep(page: Page, *, keyboard: bool = True) -> Iterator[str]:
    """The page that is open, looked at in every way; what is wrong, each with how it was looked at."""
    yield from (f"ljus: {one}" for one in axe(page, AXE))
    if keyboard:
        yield from tab_through(page)
    with changed(page, color_scheme="dark"):
        yield from (f"mörk: {one}" for one in axe(page, CONTRAST))
    with changed(page, font="200%"):
        yield from sticks_out(page, "text 200 %")
    with changed(page, size=PAPER, media="print"):
        named = page.evaluate(
            "[...document.querySelectorAll('.page, .report-table')].map((one) => getComputedStyle(one).page)"
        )
    with changed(page, size=next((SHEETS[one] for one in SHEETS if one in named), PAPER), media="print"):
        yield from sticks_out(page, "papper")
    with changed(page, size={"width": 640, "height": 450}):
        yield from sticks_out(page, "zoom 200 %")
    with changed(page, size={"width": 320, "height": 640}):
        yield from sticks_out(page, "320 px")
    with changed(page, size=PHONE):
        yield from sticks_out(page, "360 px")
        yield from (f"360 px: {one}" for one in axe(page, NARROW))
        yield from (f"360 px: {one}" for one in ask(page, "targets"))


def axe(page: Page, rules: dict[str, Any] = AXE) -> list[str]:
    """What axe finds. It is put into the page once.

    A click that leads to another page returns when that page begins to arrive, and for a moment it has no element at
    all to look at: the look waits for it.
    """
    page.wait_for_load_state()
    if page.evaluate("typeof window.axe") == "undefined":
        page.evaluate(AXE_FILE_PATH.read_text(encoding="utf-8"))
    page.evaluate("scrollTo(0, 0)")  # what has been scrolled under the header is no small target
    found = page.evaluate(
        "async (rules) => (await axe.run(rules)).violations.map((one) => "
        "[one.id, one.help, one.nodes.slice(0, 3).map((node) => node.target.join(' ')).join(', ')])",
        rules,
    )
    return [f"axe {name}: {words} ({where})" for name, words, where in found]


def sticks_out(page: Page, how: str) -> Iterator[str]:
    """Whether the page is wider than its window."""
    if (over := ask(page, "over")) > 0:
        yield f"{how}: {over} px utanför fönstret ({ask(page, 'outside')})"


@contextmanager
def changed(page: Page, size: dict[str, int] | None = None, font: str = "", **media: Any) -> Iterator[None]:
    """The page seen in another way for a while."""
    before = page.viewport_size
    if size:
        page.set_viewport_size(size)  # type: ignore[arg-type]
    if media:
        page.emulate_media(**media)
    if font:
        page.evaluate("(size) => { document.documentElement.style.fontSize = size; }", font)
    try:
        yield
    finally:
        if font:
            page.evaluate("() => { document.documentElement.style.fontSize = ''; }")
        if media:
            page.emulate_media(media="screen", color_scheme="light")
        if size and before:
            page.set_viewport_size(before)


def tab_through(page: Page) -> Iterator[str]:
    """Go through the page with the tab key: focus is seen, is not hidden under something, and does not get stuck."""
    page.evaluate("() => { document.activeElement?.blur(); scrollTo(0, 0); }")
    for _ in range(TABS):
        page.keyboard.press("Tab")
        try:
            found = ask(page, "focus")
        except Error:  # the page went somewhere by the key itself
            yield "tangentbord: sidan byttes av tabbtangenten"
            return
        if found is None:
            return
        if found["times"] > 3:
            yield f"tangentbord: fast i {found['what']}"
            return
        if found["times"] > 1:
            return
        if found["inside"] and not found["seen"]:
            yield f"tangentbord: fokus syns inte på {found['what']}"
        if found["inside"] and not found["free"]:
            yield f"tangentbord: fokus skyms på {found['what']}"
