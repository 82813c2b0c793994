"""What is known of a part of a pack from its file alone: its pages, and where on each of them a number may stand.

Looked at once and kept by the content's hash, so that a pack made again after one document has changed looks at that
one.
A page whose bottom is covered everywhere (a scanned page, a drawing to the edge) gets a strip below it instead.
"""

from __future__ import annotations

import io
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO, cast

from roder.core.paths import private_dir
from roder.files import disk, extract
from roder.meetings.rules import pack as rules

VERSION = 1
RIGHT, MIDDLE, LEFT, NOWHERE = "rmlx"
#: What the front's links begin with until they are made to lead inside the pack.
SCHEME = "https://roder.invalid/del/"
#: The widest number that there can be.
_WIDEST = rules.text_width(rules.label(9999, 9999))
_SCALE = 0.75  # pixels a point: enough to see a line of small print
_PAPER = 245  # from here on a pixel is paper


class PartError(Exception):
    """A part cannot be put in the pack. The message is Swedish: why, and what to do."""


@dataclass(frozen=True)
class Facts:
    """How many pages a part has, and for each of them where its number may stand."""

    pages: int
    spots: str


def facts_of(sha256: str) -> Facts:
    """What is known of stored content. Raises PartError when it cannot be put in a pack."""
    kept = _kept(sha256)
    try:
        said = json.loads(kept.read_text(encoding="utf-8"))
        if said["version"] == VERSION:
            return Facts(said["pages"], said["spots"])
    except (OSError, ValueError, KeyError):
        pass
    found = look(disk.path_of(sha256))
    disk.write_beside(
        kept, json.dumps({"version": VERSION, "pages": found.pages, "spots": found.spots}).encode()
    )
    return found


def _kept(sha256: str) -> Path:
    return private_dir("pack-parts") / f"{sha256}.json"


def look(path: Path) -> Facts:
    """Look at a PDF. Raises PartError for one that is protected, broken, empty or gone."""
    import pikepdf  # noqa: PLC0415 - large, and rarely used

    try:
        with pikepdf.open(path) as part:
            pages = len(part.pages)
            # What cannot be read to the end is found here, not in the pack.
            part.save(cast(BinaryIO, _Nowhere()), static_id=True)
    except pikepdf.PasswordError:
        raise PartError(
            "PDF:en är skyddad med lösenord. Spara den utan lösenord och lägg in den som ny version."
        ) from None
    except FileNotFoundError:
        raise PartError(
            "filen saknas på servern. Säg till systemförvaltaren: den finns i säkerhetskopian."
        ) from None
    except (pikepdf.PdfError, OSError, ValueError, TypeError, AttributeError, RuntimeError):
        raise PartError(
            "PDF:en är skadad. Öppna originalet, spara det som PDF på nytt och lägg in den som ny version."
        ) from None
    if not pages:
        raise PartError("PDF:en har inga sidor. Lägg in rätt fil som ny version.")
    return Facts(pages, _spots(path, pages))


class _Nowhere(io.RawIOBase):
    """A file that forgets what is written to it."""

    def __init__(self) -> None:
        self._at = 0

    def writable(self) -> bool:
        """It takes everything."""
        return True

    def write(self, data: Any) -> int:
        """Count, and forget."""
        size = len(memoryview(data))
        self._at += size
        return size

    def tell(self) -> int:
        """How much has been written."""
        return self._at


def _spots(path: Path, pages: int) -> str:
    """The first free of right, middle and left at the bottom of every page."""
    import pypdfium2  # noqa: PLC0415 - large, and rarely used

    try:
        with extract.PDFIUM, pypdfium2.PdfDocument(path) as document:
            found = "".join(_spot(document, number) for number in range(min(pages, len(document))))
    except (pypdfium2.PdfiumError, OSError, ValueError):
        found = ""
    return found.ljust(pages, NOWHERE)


def _spot(document: Any, number: int) -> str:
    import pypdfium2  # noqa: PLC0415 - large, and rarely used

    page = document[number]
    try:
        width, height = page.get_size()
        if height <= 2 * rules.BAND or width <= _WIDEST:
            return NOWHERE
        image = page.render(scale=_SCALE, grayscale=True, crop=(0, 0, 0, height - rules.BAND))
        try:
            return _free(memoryview(image.buffer).cast("B"), image.stride, image.width, image.height, width)
        finally:
            image.close()
    except (pypdfium2.PdfiumError, ValueError):
        return NOWHERE
    finally:
        page.close()


def _free(pixels: memoryview, stride: int, columns: int, rows: int, width: float) -> str:
    for spot, start in zip((RIGHT, MIDDLE, LEFT), rules.starts(width, _WIDEST), strict=True):
        first = max(int((start - 3) * _SCALE), 0)
        last = min(int((start + _WIDEST + 3) * _SCALE) + 1, columns)
        if all(min(pixels[row * stride + first : row * stride + last]) >= _PAPER for row in range(rows)):
            return spot
    return NOWHERE
