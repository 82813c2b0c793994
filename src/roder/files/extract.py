"""Text and small pictures out of files, within bounds of time and memory. No Django, no database.

A document from outside may be made to harm: XML with declarations is not read at all, an entry is read no further
than a limit whatever the archive says, pages are counted, and what takes too long is left.
"""

from __future__ import annotations

import lzma
import struct
import threading
import time
import zipfile
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from xml.parsers import expat  # declarations are refused below, so entities cannot grow

MOST_TEXT = 200_000  # characters: what is kept for search
MOST_XML = 64 * 1024 * 1024
MOST_PAGES = 500
MOST_SECONDS = 20.0
PARAGRAPHS = frozenset({"p", "h"})  # elements that are paragraphs and headings
WIDTH = 320  # pixels of a small picture
MOST_PIXELS = 80_000_000


_BROKEN = (
    OSError, ValueError, KeyError, RuntimeError, EOFError, NotImplementedError, zipfile.BadZipFile, zlib.error,
    lzma.LZMAError, expat.ExpatError,
)  # fmt: skip
PDFIUM = threading.Lock()  # the library bears one thread at a time


class UnreadableError(Exception):
    """The text cannot be read; the file itself is kept."""


class LockedPdfError(UnreadableError):
    """The PDF cannot be opened without its password."""


def text_of(path: Path, kind: str) -> str:
    """The text of a file for search, at most 200 000 characters. Empty for pictures. Raises UnreadableError."""
    reader = _READERS.get(kind)
    if reader is None:
        return ""
    text = _Text()
    try:
        reader(path, text)
    except _Enough:
        pass
    except _BROKEN as error:
        raise UnreadableError(str(error)) from error
    return text.whole()


def lines_of(path: Path, kind: str) -> list[str]:
    """The text as lines: the paragraphs of a Word document or OpenDocument, the printed lines of a PDF, the lines of a
    text file. At most 200 000 characters. Raises UnreadableError."""
    reader = _READERS.get(kind)
    if reader is None:
        return []
    text = _Text()
    try:
        reader(path, text)
    except _Enough:
        pass
    except _BROKEN as error:
        raise UnreadableError(str(error)) from error
    return text.lines()


def pages_of(path: Path) -> int:
    """How many pages a PDF has, when it can be opened and drawn. Raises LockedPdfError for one with a password,
    UnreadableError for a broken one or one without pages."""
    import pypdfium2  # noqa: PLC0415 - loads a library

    try:
        with PDFIUM, pypdfium2.PdfDocument(path) as document:
            pages = len(document)
            for number in {0, pages - 1} if pages else ():
                document[number].close()
    except (pypdfium2.PdfiumError, OSError, ValueError) as error:
        if "password" in str(error).lower():
            raise LockedPdfError(str(error)) from error
        raise UnreadableError(str(error)) from error
    if not pages:
        raise UnreadableError("inga sidor")
    return pages


class _Enough(Exception):  # noqa: N818 - not an error
    """As much has been read as is kept."""


class _Text:
    """Text that is gathered until there is enough of it, or it has taken too long."""

    def __init__(self) -> None:
        self._parts: list[str] = []
        self._length = 0
        self._until = time.monotonic() + MOST_SECONDS

    def add(self, part: str) -> None:
        self._parts.append(part)
        self._length += len(part)
        if self._length > MOST_TEXT or time.monotonic() > self._until:
            raise _Enough

    def _joined(self) -> str:
        return "".join(self._parts).replace("\x00", " ").encode("utf-8", "ignore").decode()

    def whole(self) -> str:
        return " ".join(self._joined()[: MOST_TEXT * 2].split())[:MOST_TEXT]

    def lines(self) -> list[str]:
        return self._joined()[:MOST_TEXT].splitlines()


def _pdf(path: Path, text: _Text) -> None:
    import pypdfium2  # noqa: PLC0415 - loads a library

    with PDFIUM, pypdfium2.PdfDocument(path) as document:
        for number in range(min(len(document), MOST_PAGES)):
            page = document[number]
            words = page.get_textpage()
            text.add(words.get_text_range() + "\n")
            words.close()
            page.close()


def _plain(path: Path, text: _Text) -> None:
    with path.open("rb") as file:
        content = file.read(MOST_TEXT * 4)
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        text.add(content.decode("utf-16", "replace"))
        return
    try:
        text.add(content.decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        cut = error.reason == "unexpected end of data"
        text.add(content.decode("utf-8-sig", "ignore") if cut else content.decode("cp1252", "replace"))


def _parts(names: list[str]) -> Callable[[zipfile.ZipFile], Iterator[str]]:
    """The entries of an archive whose names begin as one of ``names``, in that order."""

    def chosen(archive: zipfile.ZipFile) -> Iterator[str]:
        for start in names:
            found = [one for one in archive.namelist() if one.startswith(start) and one.endswith(".xml")]
            yield from sorted(found, key=lambda name: (len(name), name))

    return chosen


def _xml(
    parts: Callable[[zipfile.ZipFile], Iterator[str]], breaks: frozenset[str]
) -> Callable[[Path, _Text], None]:
    """A reader of documents that are XML in a zip. After the elements ``breaks`` a word ends."""

    def read(path: Path, text: _Text) -> None:
        with zipfile.ZipFile(path) as archive:
            for name in parts(archive):
                _element_text(archive, name, breaks, text)
                text.add(" ")

    return read


def _element_text(archive: zipfile.ZipFile, name: str, breaks: frozenset[str], text: _Text) -> None:
    def refuse(*_: Any) -> Any:
        raise UnreadableError("XML med deklarationer läses inte")

    def end(element: str) -> None:
        name = element.rpartition(":")[2]
        if name in breaks:
            text.add("\n" if name in PARAGRAPHS else " ")

    parser = expat.ParserCreate()
    parser.buffer_text = True
    parser.StartDoctypeDeclHandler = refuse
    parser.EntityDeclHandler = refuse
    parser.ExternalEntityRefHandler = refuse
    parser.CharacterDataHandler = text.add
    parser.EndElementHandler = end
    left = MOST_XML
    with archive.open(name) as entry:
        while left > 0 and (piece := entry.read(min(65536, left))):
            left -= len(piece)
            parser.Parse(piece, False)
    if left > 0:
        parser.Parse(b"", True)


_ODF = _xml(_parts(["content.xml"]), frozenset({"p", "h", "span", "table-cell", "tab", "s", "line-break"}))
_READERS: dict[str, Callable[[Path, _Text], None]] = {
    "pdf": _pdf,
    "txt": _plain,
    "csv": _plain,
    "docx": _xml(
        _parts(["word/document", "word/header", "word/footer", "word/footnotes", "word/comments"]),
        frozenset({"p", "tab", "br", "tc"}),
    ),
    "xlsx": _xml(
        _parts(["xl/workbook.xml", "xl/sharedStrings", "xl/worksheets/sheet"]), frozenset({"si", "c", "v", "f"})
    ),
    "pptx": _xml(_parts(["ppt/slides/slide", "ppt/notesSlides/"]), frozenset({"p", "br"})),
    "odt": _ODF,
    "ods": _ODF,
    "odp": _ODF,
}  # fmt: skip


def thumbnail_of(path: Path, kind: str) -> bytes | None:
    """A small PNG of a PDF's first page or of a picture; None for other files. Raises UnreadableError."""
    try:
        if kind == "pdf":
            return _first_page(path)
        if kind in ("png", "jpeg"):
            return _small_picture(path)
    except (OSError, ValueError, RuntimeError, SyntaxError, MemoryError) as error:
        raise UnreadableError(str(error)) from error
    return None


def _first_page(path: Path) -> bytes | None:
    import pypdfium2  # noqa: PLC0415

    with PDFIUM, pypdfium2.PdfDocument(path) as document:
        if not len(document):
            return None
        page = document[0]
        width, height = page.get_size()
        if not (width > 0 and height > 0):
            return None
        scale = min(WIDTH / width, 2 * WIDTH / height)
        bitmap = page.render(scale=scale, rev_byteorder=True, prefer_bgrx=False, force_bitmap_format=None)
        rows, stride, channels = bytes(bitmap.buffer), bitmap.stride, bitmap.n_channels
        return png(bitmap.width, bitmap.height, rows, stride, channels)


def png(width: int, height: int, rows: bytes, stride: int, channels: int) -> bytes:
    """A PNG of rows of pixels: grey (1), RGB (3) or RGBA (4) with 8 bits each. Källa: ISO/IEC 15948."""
    colour = {1: 0, 3: 2, 4: 6}[channels]
    raw = b"".join(b"\0" + rows[y * stride : y * stride + width * channels] for y in range(height))

    def chunk(name: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))

    head = struct.pack(">IIBBBBB", width, height, 8, colour, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", head)
        + chunk(b"IDAT", zlib.compress(raw, 6))
        + chunk(b"IEND", b"")
    )


def _small_picture(path: Path) -> bytes | None:
    """A picture made small, without its metadata (place, camera). None where Pillow is not installed."""
    try:
        from PIL import Image, ImageOps  # noqa: PLC0415 - an extra
    except ImportError:
        return None
    import io  # noqa: PLC0415

    try:
        opened = Image.open(path, formats=("PNG", "JPEG"))
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise UnreadableError("bilden är för stor") from error
    with opened as picture:
        if picture.width * picture.height > MOST_PIXELS:
            raise UnreadableError("bilden är för stor")
        picture.draft("RGB", (WIDTH * 2, WIDTH * 2))
        turned = ImageOps.exif_transpose(picture)
        turned.thumbnail((WIDTH, 2 * WIDTH))
        target = io.BytesIO()
        turned.convert("RGB").save(target, "PNG")
        return target.getvalue()
