"""What a workbook's own markup says of its cells and the reader does not: errors, and numbers shown as per cent.

The markup is read as a stream: of a sheet with a million rows nothing is kept but the cells in error.
"""

from __future__ import annotations

import html
import re
import zipfile
from collections.abc import Generator, Iterator
from itertools import repeat
from pathlib import Path
from typing import IO

from roder.imports.readers import FileFault

MAX_ERRORS = 10_000  # cells that are said one by one
MAX_STYLES = 64 << 20  # bytes of a workbook's styles
CHUNK = 1 << 20
LONGEST_CELL = 70_000  # bytes of a cell's markup with a formula of the greatest length
LONGEST_TAG = 4_000_000  # bytes of one tag

Place = tuple[int, int]  # row and column, counted from 0

# Cells in error, which the reader gives as empty.

_TAG = r"<(?:\w+:)?{}\b([^>]*)>"
_SHEET = re.compile(_TAG.format("sheet"))
_RELATION = re.compile(_TAG.format("Relationship"))
_ERROR = re.compile(
    rb"<(?:\w+:)?c\b([^>]*\bt=\"e\"[^>]*)>(?:(?!</(?:\w+:)?c>).)*?<(?:\w+:)?v>([^<]{1,40})</", re.DOTALL
)
_PLACE = re.compile(rb"(?:^|\s)r=[\"']([A-Z]{1,3})([0-9]{1,7})[\"']")


def cells_in_error(path: Path, sheet: str) -> dict[int, dict[int, str]]:
    """What stands in the cells of an Excel sheet whose formula went wrong (#REF!): row -> column -> text, from 0."""
    with zipfile.ZipFile(path) as package:
        part = _part_of(package, sheet)
        if part is None:
            return {}
        found: dict[int, dict[int, str]] = {}
        count = 0
        with package.open(part) as file:
            tail = b""
            while chunk := file.read(CHUNK):
                text = tail + chunk
                end = 0
                if b't="e"' in text:
                    for match in _ERROR.finditer(text):
                        end = match.end()
                        count += _note_error(found, match)
                        if count > MAX_ERRORS:
                            raise FileFault(
                                "bladet har orimligt många celler med fel",
                                "Rätta formlerna i kalkylprogrammet.",
                            )
                tail = text[max(end, len(text) - LONGEST_CELL) :]
        return found


def _note_error(found: dict[int, dict[int, str]], match: re.Match[bytes]) -> int:
    place = _place(match[1])
    if place is None:
        return 0
    found.setdefault(place[0], {})[place[1]] = html.unescape(match[2].decode("utf-8", "replace"))
    return 1


def _place(cell: bytes) -> Place | None:
    """Which cell the attributes of a cell's tag say that it is."""
    found = _PLACE.search(cell)
    if found is None:
        return None
    column = 0
    for letter in found[1]:
        column = column * 26 + letter - 64
    return int(found[2]) - 1, column - 1


# Numbers shown as per cent, which the reader gives as shares: 7,4 % as 0.074.

_PER_CENT = {9, 10}  # the formats that every workbook has: 0 % and 0,00 %
_FORMAT = re.compile(_TAG.format("numFmt"))
_FORMATS = re.compile(r"<(?:\w+:)?numFmts\b.*?</(?:\w+:)?numFmts>", re.DOTALL)
_STYLE = re.compile(_TAG.format("xf"))
_STYLES = re.compile(r"<(?:\w+:)?cellXfs\b.*?</(?:\w+:)?cellXfs>", re.DOTALL)
#: What a format only writes: text in quotes, a sign after a backslash or for its width or to fill with, a condition.
_ONLY_WRITTEN = re.compile(r"\"[^\"]*\"?|\\.|_.|\*.|\[[^\]]*\]", re.DOTALL)
_TABLE_TAG = re.compile(
    rb"<(/?)table:(table|table-row|table-cell|covered-table-cell)(?=[\s/>])([^>]*?)(/?)>", re.DOTALL
)
_WIDEST = 16_384  # columns of a sheet


def is_per_cent(code: str) -> bool:
    """Whether a number format shows a number a hundred times larger: a per cent sign in it is not only written."""
    return "%" in _ONLY_WRITTEN.sub("", code)


def per_cent_cells(path: Path, sheet: str) -> Generator[tuple[int, list[int]]]:
    """The rows of a sheet in order, and in each the columns with cells shown as per cent, counted from 0. Nothing when
    the workbook shows no number so. Raises FileFault for rows out of order."""
    with zipfile.ZipFile(path) as package:
        if "content.xml" in package.namelist():
            with package.open("content.xml") as file:
                yield from _open_document(_tags(file, _TABLE_TAG), sheet)
            return
        part, styles = _part_of(package, sheet), _styles(package)
        if part is not None and styles:
            with package.open(part) as file:
                yield from _in_order(_excel(_tags(file, _tag_of(styles)), styles))


def _tags(file: IO[bytes], pattern: re.Pattern[bytes]) -> Iterator[re.Match[bytes]]:
    """The tags that match, a part of the file at a time."""
    rest = b""
    while chunk := file.read(CHUNK):
        text = rest + chunk
        opened = text.rfind(b"<")
        cut = opened if opened > text.rfind(b">") else len(text)
        yield from pattern.finditer(text, 0, cut)
        rest = text[cut:]
        if len(rest) > LONGEST_TAG:
            raise FileFault("arbetsboken går inte att läsa", "Öppna den i Excel och spara den på nytt.")


def _styles(package: zipfile.ZipFile) -> set[int]:
    """The styles of an Excel workbook that show a number as per cent, as its cells name them."""
    found = next((part for part in package.infolist() if part.filename == "xl/styles.xml"), None)
    if found is None:
        return set()
    if found.file_size > MAX_STYLES:
        raise FileFault("arbetsboken har orimligt många format", "Spara bara det blad som ska läsas in.")
    text = package.read(found).decode("utf-8", "replace")
    formats = set(_PER_CENT)
    own = _FORMATS.search(text)
    for one in _FORMAT.finditer(own[0] if own else ""):
        number = _number(_attribute(one[1], "numFmtId"))
        (formats.add if is_per_cent(_attribute(one[1], "formatCode")) else formats.discard)(number)
    styles = _STYLES.search(text)
    kept = enumerate(_STYLE.finditer(styles[0] if styles else ""))
    return {place for place, one in kept if _number(_attribute(one[1], "numFmtId")) in formats}


def _tag_of(styles: set[int]) -> re.Pattern[bytes]:
    """Finds rows, the cells with one of the styles, and cells that do not say which they are."""
    names = "|".join(map(str, sorted(styles))).encode()
    wanted = rb"(?=[^>]*\ss=[\"'](?:" + names + rb")[\"'])|(?![^>]*\sr=)"
    if 0 in styles:  # which is that of a cell that names none
        wanted += rb"|(?![^>]*\ss=)"
    return re.compile(rb"<(?:\w+:)?(?:row(?=[\s/>])([^>]*)|c(?=[\s/>])((?:" + wanted + rb")[^>]*))>")


def _excel(tags: Iterator[re.Match[bytes]], styles: set[int]) -> Iterator[tuple[int, list[int]]]:
    row, column, columns = -1, -1, list[int]()
    for tag in tags:
        if tag[1] is not None:
            if row >= 0:
                yield row, columns
            number = _number(_attribute(tag[1].decode("utf-8", "replace"), "r"))
            row, column, columns = (number - 1 if number > 0 else row + 1), -1, []
            continue
        place = _place(tag[2])
        column = place[1] if place else column + 1
        if _number(_attribute(tag[2].decode("utf-8", "replace"), "s") or "0") in styles:
            columns.append(column)
    if row >= 0:
        yield row, columns


def _in_order(rows: Iterator[tuple[int, list[int]]]) -> Iterator[tuple[int, list[int]]]:
    last = -1
    for row, columns in rows:
        if row <= last:
            raise FileFault(
                "bladets rader står inte i ordning",
                "Öppna arbetsboken i Excel och spara den på nytt.",
                row + 1,
            )
        last = row
        yield row, columns


def _open_document(tags: Iterator[re.Match[bytes]], sheet: str) -> Iterator[tuple[int, list[int]]]:
    """The rows of an OpenDocument sheet; one that is repeated is given so many times."""
    depth, inside, row, column = 0, False, 0, 0
    columns: list[int] = []
    times = 0
    for tag in tags:
        closes, name, attributes, empty = (
            bool(tag[1]), tag[2], tag[3].decode("utf-8", "replace"), bool(tag[4]))  # fmt: skip
        if name == b"table":
            if not empty:
                depth += -1 if closes else 1
            if inside and depth == 0:
                break
            if depth == 1 and not closes:
                inside = _attribute(attributes, "table:name") == sheet
        if not inside or depth != 1 or closes:
            continue
        if name == b"table-row":
            yield from zip(range(row, row + times), repeat(columns))
            row += times
            times = max(_number(_attribute(attributes, "table:number-rows-repeated")), 1)
            column, columns = 0, []
        elif name != b"table":
            wide = max(_number(_attribute(attributes, "table:number-columns-repeated")), 1)
            if _attribute(attributes, "office:value-type") == "percentage":
                columns += range(column, min(column + wide, _WIDEST))
            column += wide
    yield from zip(range(row, row + times), repeat(columns))


def _number(text: str) -> int:
    """A number of the markup; -1 for what is none."""
    return int(text) if re.fullmatch(r"[0-9]{1,9}", text) else -1


# The parts of a workbook.


def _part_of(package: zipfile.ZipFile, sheet: str) -> str | None:
    """The part of an Excel workbook (.xlsx) that a sheet is kept in."""
    names = set(package.namelist())
    if not {"xl/workbook.xml", "xl/_rels/workbook.xml.rels"} <= names:
        return None
    book = package.read("xl/workbook.xml").decode("utf-8", "replace")
    relations = package.read("xl/_rels/workbook.xml.rels").decode("utf-8", "replace")
    targets = {
        _attribute(one[1], "Id"): _attribute(one[1], "Target") for one in _RELATION.finditer(relations)
    }
    for one in _SHEET.finditer(book):
        if _attribute(one[1], "name") == sheet:
            target = targets.get(_attribute(one[1], "r:id"), "")
            part = target.lstrip("/") if target.startswith("/") else f"xl/{target}"
            return part if part in names else None
    return None


def _attribute(tag: str, name: str) -> str:
    found = re.search(rf"""(?:^|\s){re.escape(name)}=(?:"([^"]*)"|'([^']*)')""", tag)
    return html.unescape(found[1] or found[2] or "") if found else ""
