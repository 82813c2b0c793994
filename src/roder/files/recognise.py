"""What a file really is, by its content; and why it is refused when it is. No Django, no database.

The name never decides what a file is: it may only disagree. Whatever is not known to be harmless is refused.
"""

from __future__ import annotations

import lzma
import re
import zipfile
import zlib
from pathlib import Path, PurePath
from typing import BinaryIO

from roder.core.faults import UserFault
from roder.files.kinds import ALLOWED, KINDS, RUNNING

HEAD = 8192
#: Limits that no honest document comes near: a zip bomb does.
MOST_ENTRIES = 20_000
MOST_UNPACKED = 1024 * 1024 * 1024
MOST_TIMES = 200  # how many times larger an entry may become, when it is large
LARGE_ENTRY = 16 * 1024 * 1024


class RefusedFileError(UserFault):
    """The file is not taken in. The message (Swedish) says what it is, and what is allowed."""


#: signature at the start -> what it is
_REFUSED = (
    (b"MZ", "ett program för Windows"),
    (b"\x7fELF", "ett program för Linux"),
    (b"\xcf\xfa\xed\xfe", "ett program för Mac"),
    (b"\xca\xfe\xba\xbe", "ett program"),
    (b"#!", "ett skript"),
    (b"Rar!\x1a\x07", "ett RAR-arkiv"),
    (b"7z\xbc\xaf\x27\x1c", "ett 7-Zip-arkiv"),
    (b"\x1f\x8b", "ett gzip-arkiv"),
    (b"BZh", "ett bzip2-arkiv"),
    (b"\xfd7zXZ\x00", "ett xz-arkiv"),
    (b"\x28\xb5\x2f\xfd", "ett zstd-arkiv"),
    (b"MSCF", "ett CAB-arkiv"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "ett äldre eller lösenordsskyddat Office-dokument; spara om det som docx, "
                                          "xlsx eller pptx utan lösenord"),
    (b"{\\rtf", "ett RTF-dokument; spara om det som docx"),
    (b"L\x00\x00\x00\x01\x14\x02\x00", "en genväg"),
    (b"%!PS", "en PostScript-fil; spara om den som PDF"),
)  # fmt: skip
_OFFICE = {
    "wordprocessingml.document.main+xml": "docx",
    "spreadsheetml.sheet.main+xml": "xlsx",
    "presentationml.presentation.main+xml": "pptx",
}
_OPEN_DOCUMENT = {KINDS[kind].mime: kind for kind in ("odt", "ods", "odp")}
_HEIC = {b"heic", b"heix", b"heim", b"heis", b"hevc", b"mif1", b"msf1"}
_MARKUP = re.compile(
    rb"<\s*(!doctype\s+html|html|head|body|script|svg|!doctype\s+svg|\?php|%|iframe|img)",
    re.IGNORECASE,
)
_PROLOGUE = {
    b"<?xml": b">",
    b"<!--": b"-->",
}  # what may stand before the first element: how it begins and ends
_ENDING = re.compile(r"[a-z0-9]*[a-z][a-z0-9]*$")
_CONTROL = re.compile(rb"[\x00-\x08\x0e-\x1a\x1c-\x1f\x7f]")


def refused(name: str, what: str) -> RefusedFileError:
    """The fault for a file that is something else than what may be stored."""
    return RefusedFileError(f"”{name}” är {what}. Den går inte att spara. Tillåtet är {ALLOWED}.")


def ending_of(name: str) -> str:
    """The ending of a file's name without its dot, in small letters; empty when there is none ("Protokoll nr. 5")."""
    ending = PurePath(name).suffix.lower().removeprefix(".")
    return ending if _ENDING.match(ending) else ""


def recognise(path: Path, name: str) -> str:
    """The kind of the file at ``path`` (a key of ``KINDS``), checked against its ``name``.

    Raises RefusedFileError when it is not of an allowed kind, is not what its name says, or holds macros.
    """
    ending = ending_of(name)
    with path.open("rb") as file:
        head = file.read(HEAD)
        if not head:
            raise RefusedFileError(f"”{name}” är tom. Välj en fil med innehåll.")
        kind = _by_content(file, head, name, ending)
    allowed = KINDS[kind].endings
    if ending in RUNNING:
        raise refused(name, RUNNING[ending])
    known = next((one for one, known in KINDS.items() if ending in known.endings), None)
    if ending and ending not in allowed:
        is_now = f"{KINDS[kind].label} ({KINDS[kind].endings[0]})"
        said = KINDS[known].label if known else f"en fil med ändelsen .{ending[:20]}"
        raise RefusedFileError(
            f"”{name}” ska enligt namnet vara {said}, men innehållet är {is_now}. Filen är inte vad den säger "
            f"sig vara: kontrollera att det är rätt fil, och ge den ändelsen .{allowed[0]} om den är det."
        )
    return kind


def _by_content(file: BinaryIO, head: bytes, name: str, ending: str) -> str:
    if head.startswith(b"PK"):
        return _zip(file, name)
    for signature, what in _REFUSED:
        if head.startswith(signature):
            raise refused(name, what)
    if head[257:262] == b"ustar":
        raise refused(name, "ett tar-arkiv")
    if head.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"%PDF-"):
        return "pdf"
    if head.startswith(b"\x89PNG\r\n\x1a\n") and head[12:16] == b"IHDR":
        return "png"
    if head.startswith(b"\xff\xd8\xff"):
        return "jpeg"
    if head[4:8] == b"ftyp" and head[8:12] in _HEIC:
        return "heic"
    return _text(file, head, name, ending)


def _text(file: BinaryIO, head: bytes, name: str, ending: str) -> str:
    """Plain text, when it is text all through and neither a web page nor a script."""
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        try:
            head = head[: len(head) & ~1].decode("utf-16").encode()
        except UnicodeDecodeError:
            raise refused(name, _guess(head)) from None
    else:
        file.seek(0)
        while chunk := file.read(1024 * 1024):
            if _CONTROL.search(chunk):
                raise refused(name, _guess(head))
    if _MARKUP.match(_first_element(head.removeprefix(b"\xef\xbb\xbf"))):
        what = (
            "en SVG-bild, som kan innehålla skript"
            if b"<svg" in head.lower()
            else "en webbsida eller ett skript"
        )
        raise refused(name, what)
    return "csv" if ending in KINDS["csv"].endings else "txt"


def _first_element(head: bytes) -> bytes:
    """What follows the declarations and comments of a page. Each is cut away once: a pattern that may divide them in
    many ways would never end with a file made for it."""
    rest = head.lstrip()
    while end := next((end for start, end in _PROLOGUE.items() if rest[: len(start)].lower() == start), None):
        rest = rest.partition(end)[2].lstrip()
    return rest


def _guess(head: bytes) -> str:
    """What a file of an unknown kind seems to be, in words, for the message only."""
    import puremagic  # noqa: PLC0415 - reads its tables when imported

    try:
        found = puremagic.magic_string(head)
    except (puremagic.PureError, ValueError):
        found = []
    name = found[0].name if found and found[0].confidence >= 0.3 else ""
    return f"av ett slag som inte tas emot ({name})" if name else "av ett okänt slag"


def _zip(file: BinaryIO, name: str) -> str:
    """The kind of a document that is a zip file. Archives, macros and zip bombs are refused."""
    try:
        with zipfile.ZipFile(file) as archive:
            entries = archive.infolist()
            _no_bomb(entries, name)
            return _document(archive, entries, name)
    except (
        zipfile.BadZipFile,
        zipfile.LargeZipFile,
        NotImplementedError,
        EOFError,
        OSError,
        RuntimeError,
        ValueError,
        zlib.error,
        lzma.LZMAError,
    ) as error:
        raise RefusedFileError(
            f"”{name}” är skadad eller avbruten och går inte att öppna. Spara om den och försök igen."
        ) from error


def _no_bomb(entries: list[zipfile.ZipInfo], name: str) -> None:
    """Refuse an archive that unpacks to far more than a document does."""
    too_many = len(entries) > MOST_ENTRIES or sum(one.file_size for one in entries) > MOST_UNPACKED
    if too_many or any(
        one.file_size > LARGE_ENTRY and one.file_size > MOST_TIMES * max(one.compress_size, 1)
        for one in entries
    ):
        raise refused(name, "en fil som packas upp till orimligt mycket (en så kallad zip-bomb)")
    if any(one.flag_bits & 0x1 for one in entries):
        raise refused(name, "lösenordsskyddad; spara den utan lösenord")


def _document(archive: zipfile.ZipFile, entries: list[zipfile.ZipInfo], name: str) -> str:
    names = [one.filename for one in entries]
    if len(set(names)) != len(names):
        raise refused(name, "en fil där samma del förekommer två gånger")
    if "[Content_Types].xml" in names:
        types = read_entry(archive, "[Content_Types].xml").decode("utf-8", "replace")
        lowered = [one.lower() for one in names]
        if "macroEnabled" in types or any(one.endswith(("vbaproject.bin", "vbadata.xml")) for one in lowered):
            raise refused(name, "ett Office-dokument med makron; spara om det utan makron")
        if any(
            one.endswith((".exe", ".dll", ".js", ".vbs", ".ps1", ".bat", ".cmd", ".scr")) for one in lowered
        ):
            raise refused(name, "ett Office-dokument med ett inbäddat program")
        for part, kind in _OFFICE.items():
            if part in types:
                return kind
        raise refused(name, "ett Office-dokument av ett slag som inte tas emot")
    if "mimetype" in names and "content.xml" in names:
        if any(one.startswith(("Basic/", "Scripts/")) for one in names):
            raise refused(name, "ett OpenDocument med makron; spara om det utan makron")
        said = read_entry(archive, "mimetype").decode("ascii", "replace").strip()
        if said in _OPEN_DOCUMENT:
            return _OPEN_DOCUMENT[said]
    raise refused(name, "ett zip-arkiv; packa upp det och bifoga filerna var för sig")


def read_entry(archive: zipfile.ZipFile, name: str, most: int = LARGE_ENTRY) -> bytes:
    """At most ``most`` bytes of an entry, whatever size the archive says that it has."""
    with archive.open(name) as entry:
        return entry.read(most)
