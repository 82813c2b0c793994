"""The parts of a pack put together to one PDF: page numbers on every page, links from the agenda, bookmarks.

The pages are copied as they are with qpdf (pikepdf), their content is never decoded or written again; the number is a
short content stream of its own after the page's. So the time goes with the number of pages and not with what is on
them, and a thousand pages are put together anew in a second or two: nothing of a pack needs to be kept between two
makings.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pikepdf
from pikepdf import Array, Dictionary, Name, OutlineItem, Pdf, String

from roder.meetings.papers.pack_parts import LEFT, MIDDLE, NOWHERE, RIGHT, SCHEME
from roder.meetings.rules import pack as rules

FONT = Name("/RoderSida")
#: What the front's links say of the part they lead to, until it is known where that is.


@dataclass(frozen=True)
class Piece:
    """A part on disk: the front or a document."""

    path: Path
    pages: int
    spots: str


@dataclass
class Mark:
    """A bookmark: its words, the page it leads to (from 1), and those under it."""

    title: str
    page: int
    under: list[Mark] = field(default_factory=list)


def merge(
    pieces: Sequence[Piece], marks: Sequence[Mark], targets: Mapping[str, int], title: str, out: Path
) -> int:
    """Write the pack to ``out``. ``targets``: the key of a link on the front -> the page it leads to. Gives how many
    pages.

    Raises pikepdf.PdfError when a part cannot be read after all."""
    with ExitStack() as opened:
        pack = opened.enter_context(Pdf.new())
        for piece in pieces:
            part = opened.enter_context(pikepdf.open(piece.path))
            _settle_names(part)
            pack.pages.extend(part.pages)
        pages = [page.obj for page in pack.pages]
        spots = "".join(piece.spots for piece in pieces)
        _number(pack, pages, spots)
        _link(pages[: pieces[0].pages], pages, targets)
        with pack.open_outline() as outline:
            outline.root.extend(_bookmark(mark) for mark in marks)
        pack.Root.Lang = String("sv")
        pack.Root.PageMode = Name.UseOutlines
        pack.Root.ViewerPreferences = Dictionary(DisplayDocTitle=True)
        pack.docinfo["/Title"] = title
        pack.docinfo["/Creator"] = "Roder"
        pack.save(out, object_stream_mode=pikepdf.ObjectStreamMode.generate, deterministic_id=True)
        return len(pages)


# --- numbers --------------------------------------------------------------------------------------------------------


def _number(pack: Pdf, pages: Sequence[Any], spots: str) -> None:
    """Put ``Sida 12 av 337`` on every page, and nothing over what is there."""
    font = pack.make_indirect(
        Dictionary(Type=Name.Font, Subtype=Name.Type1, BaseFont=Name.Helvetica, Encoding=Name.WinAnsiEncoding)
    )
    before = pack.make_stream(
        b"q\n"
    )  # whatever a page leaves behind of scale and colour ends with its own content
    for number, (page, spot) in enumerate(zip(pages, spots, strict=True), start=1):
        text = rules.label(number, len(pages))
        unit = float(page.get("/UserUnit", 1)) or 1.0
        seen = _box(page, unit)
        if spot == NOWHERE:
            seen = rules.longer(seen)
            _lengthen(page, seen, unit)
        width = rules.text_width(text)
        across = dict(zip((RIGHT, MIDDLE, LEFT), rules.starts(seen.width, width), strict=True)).get(spot)
        at = rules.matrix(seen, rules.starts(seen.width, width)[0] if across is None else across, rules.BASE)
        a, b, c, d, e, f = at
        after = (
            f"\nQ\nq /Artifact BMC 0.25 g BT {FONT} {rules.SIZE / unit:.3f} Tf "
            f"{a:g} {b:g} {c:g} {d:g} {e / unit:.2f} {f / unit:.2f} Tm ({text}) Tj ET EMC Q\n"
        )
        own = page.get("/Contents")
        streams = [] if own is None else list(own) if isinstance(own, Array) else [own]
        page.Contents = Array([before, *streams, pack.make_stream(after.encode("ascii"))])
        _with_font(page, font)


def _box(page: Any, unit: float) -> rules.Page:
    """The page as it is seen: what the crop box shows of the media box, in points."""
    media = _corners(page.get("/MediaBox", Array([0, 0, 595, 842])))
    crop = _corners(page.get("/CropBox", Array(list(media))))
    left, bottom = max(media[0], crop[0]), max(media[1], crop[1])
    right, top = min(media[2], crop[2]), min(media[3], crop[3])
    if left >= right or bottom >= top:
        left, bottom, right, top = media
    return rules.Page(left * unit, bottom * unit, right * unit, top * unit, int(page.get("/Rotate", 0)))


def _corners(box: Any) -> tuple[float, float, float, float]:
    """A box with its corners in order."""
    one, two, three, four = (float(value) for value in list(box)[:4])
    return min(one, three), min(two, four), max(one, three), max(two, four)


def _lengthen(page: Any, seen: rules.Page, unit: float) -> None:
    """Give the page its strip, white or the paper's own colour, in every box that says how large it is."""
    corners = [seen.left / unit, seen.bottom / unit, seen.right / unit, seen.top / unit]
    media = _corners(page.get("/MediaBox", Array(corners)))
    page.MediaBox = Array([
        min(media[0], corners[0]), min(media[1], corners[1]), max(media[2], corners[2]), max(media[3], corners[3]),
    ])  # fmt: skip
    page.CropBox = Array(corners)


def _with_font(page: Any, font: Any) -> None:
    resources = page.get("/Resources")
    if not isinstance(resources, Dictionary):
        page.Resources = resources = Dictionary()
    fonts = resources.get("/Font")
    if not isinstance(fonts, Dictionary):
        resources.Font = fonts = Dictionary()
    fonts[FONT] = font


# --- links ----------------------------------------------------------------------------------------------------------


def _link(front: Sequence[Any], pages: Sequence[Any], targets: Mapping[str, int]) -> None:
    """Turn the links of the front into links to the parts' first pages."""
    for page in front:
        for one in page.get("/Annots", Array([])):
            action = one.get("/A")
            address = str(action.get("/URI", "")) if isinstance(action, Dictionary) else ""
            if address.startswith(SCHEME):
                where = targets[address.removeprefix(SCHEME)]
                one.A = Dictionary(S=Name.GoTo, D=Array([pages[where - 1], Name.Fit]))


def _settle_names(part: Pdf) -> None:
    """Let the links inside a part lead to their pages by themselves: names do not come along to the pack."""
    named: dict[str, Any] | None = None
    for page in part.pages:
        for one in page.obj.get("/Annots", Array([])):
            if not isinstance(one, Dictionary) or one.get("/Subtype") != Name.Link:
                continue
            action = one.get("/A")
            goes = isinstance(action, Dictionary) and action.get("/S") == Name.GoTo
            where = action.get("/D") if goes and action is not None else one.get("/Dest")
            if not isinstance(where, String | Name):
                continue
            named = _names(part) if named is None else named
            target = named.get(str(where))
            if goes and action is not None and target is not None:
                action.D = target
            elif target is not None:
                one.Dest = target


def _names(part: Pdf) -> dict[str, Any]:
    """Every named place of a part."""
    found: dict[str, Any] = {}
    old = part.Root.get("/Dests")
    if isinstance(old, Dictionary):
        found.update(dict(old.items()))
    tree = part.Root.get("/Names")
    if isinstance(tree, Dictionary) and "/Dests" in tree:
        found.update({str(key): value for key, value in pikepdf.NameTree(tree.Dests).items()})
    places = {}
    for key, value in found.items():
        place = value.get("/D") if isinstance(value, Dictionary) else value
        if isinstance(place, Array):
            places[key] = place
    return places


def _bookmark(mark: Mark) -> OutlineItem:
    item = OutlineItem(mark.title, mark.page - 1)
    item.children.extend(_bookmark(one) for one in mark.under)
    return item
