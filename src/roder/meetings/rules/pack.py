"""The arithmetic of a pack: which part begins on which page, what each page is called, and where its number stands.

Lengths are points (1/72 inch). A page's box and rotation are as in the PDF: the number is put at the bottom as people
see the page, so that it stands right on landscape and rotated pages too.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

FRONT = "front"
FRONT_TITLE = "Framsida och ärendelista"
SIZE = 8.0  # the number's letters
BASE = 9.0  # from the bottom of the page to the line it stands on
BAND = 20.0  # how high a strip the number needs
EDGE = 28.0  # from the side of the page


@dataclass(frozen=True)
class Part:
    """Something that is put in the pack whole: a document, by the hash of its PDF."""

    gid: str
    title: str
    sha256: str
    pages: int


@dataclass(frozen=True)
class Placed:
    """A part with its pages in the pack, counted from 1."""

    part: Part
    first: int

    @property
    def last(self) -> int:
        """Its last page. A part without pages ends before it begins."""
        return self.first + self.part.pages - 1

    def as_data(self) -> dict[str, Any]:
        """A line of the pack's manifest."""
        return {
            "gid": self.part.gid, "title": self.part.title, "sha256": self.part.sha256, "pages": self.part.pages,
            "first": self.first,
        }  # fmt: skip


def place(parts: Iterable[Part]) -> list[Placed]:
    """The parts after each other, each with its first page."""
    placed, first = [], 1
    for part in parts:
        placed.append(Placed(part, first))
        first += part.pages
    return placed


def total(placed: Sequence[Placed]) -> int:
    """How many pages there are in all."""
    return placed[-1].last if placed else 0


def label(page: int, pages: int) -> str:
    """What stands on a page: ``Sida 12 av 337``."""
    return f"Sida {page} av {pages}"


def same(manifest: Sequence[dict[str, Any]], wanted: Sequence[Part]) -> bool:
    """Whether a finished pack holds these parts and no others, in this order. The front's pages are known first when it
    is set, so its hash speaks for it."""
    said = [(one.get("gid"), one.get("title"), one.get("sha256")) for one in manifest]
    return said == [(part.gid, part.title, part.sha256) for part in wanted]


def changes(manifest: Sequence[dict[str, Any]], wanted: Sequence[Part]) -> list[str]:
    """What is another since the pack was made, in Swedish, part by part."""
    before = {one["gid"]: one for one in manifest if one.get("gid") != FRONT}
    now = {part.gid: part for part in wanted if part.gid != FRONT}
    told = [f"Ny: {part.title}" for gid, part in now.items() if gid not in before]
    told += [f"Ändrad: {part.title}" for gid, part in now.items()
             if gid in before and before[gid]["sha256"] != part.sha256]  # fmt: skip
    return told + [f"Borta: {one['title']}" for gid, one in before.items() if gid not in now]


# --- where the number stands ----------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Page:
    """A page as it is seen: its box (left, bottom, right, top) before it is turned, and how far it is turned."""

    left: float
    bottom: float
    right: float
    top: float
    rotate: int = 0

    @property
    def turned(self) -> int:
        """The rotation as 0, 90, 180 or 270."""
        return self.rotate % 360 // 90 * 90

    @property
    def width(self) -> float:
        """As people see it."""
        across = self.turned in (90, 270)
        return self.top - self.bottom if across else self.right - self.left

    @property
    def height(self) -> float:
        """As people see it."""
        across = self.turned in (90, 270)
        return self.right - self.left if across else self.top - self.bottom


def starts(width: float, text: float) -> tuple[float, float, float]:
    """Where a text of this width may begin, in the order wanted: at the right, in the middle, at the left."""
    room = max(width - text, 0.0)
    edge = min(EDGE, room / 2)
    return room - edge, room / 2, edge


def matrix(page: Page, across: float, up: float) -> tuple[float, float, float, float, float, float]:
    """The text matrix that puts upright text ``across`` points from the left and ``up`` from the bottom of the page as
    it is seen."""
    turned = page.turned
    if turned == 90:
        return 0, 1, -1, 0, page.right - up, page.bottom + across
    if turned == 180:
        return -1, 0, 0, -1, page.right - across, page.top - up
    if turned == 270:
        return 0, -1, 1, 0, page.left + up, page.top - across
    return 1, 0, 0, 1, page.left + across, page.bottom + up


def longer(page: Page, by: float = BAND) -> Page:
    """The page with an empty strip added at the bottom as it is seen, where no spot on it is free."""
    left, bottom, right, top = page.left, page.bottom, page.right, page.top
    turned = page.turned
    if turned == 90:
        right += by
    elif turned == 180:
        top += by
    elif turned == 270:
        left -= by
    else:
        bottom -= by
    return Page(left, bottom, right, top, page.rotate)


#: How wide the letters of the number are, in thousandths of their size (Helvetica, from its public metrics).
_WIDTHS = {"S": 667, "i": 222, "d": 556, "a": 556, "v": 500, " ": 278}


def text_width(text: str) -> float:
    """How wide a page's number is, in points."""
    return sum(_WIDTHS.get(sign, 556) for sign in text) * SIZE / 1000
