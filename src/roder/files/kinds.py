"""The kinds of files that are taken in. Pure data: neither Django nor files."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Kind:
    """A kind of file: what it is called, which endings its name may have, and how it is served."""

    label: str
    endings: tuple[str, ...]
    mime: str
    inline: bool = False  # may be shown in the browser: images that nothing can run in


KINDS: dict[str, Kind] = {
    "pdf": Kind("PDF", ("pdf",), "application/pdf"),
    "docx": Kind(
        "Word-dokument",
        ("docx",),
        "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    ),
    "xlsx": Kind(
        "Excel-arbetsbok", ("xlsx",), "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    ),
    "pptx": Kind(
        "PowerPoint-presentation",
        ("pptx",),
        "application/vnd.openxmlformats-officedocument.presentationml.presentation",
    ),
    "odt": Kind("OpenDocument-text", ("odt",), "application/vnd.oasis.opendocument.text"),
    "ods": Kind("OpenDocument-kalkylblad", ("ods",), "application/vnd.oasis.opendocument.spreadsheet"),
    "odp": Kind("OpenDocument-presentation", ("odp",), "application/vnd.oasis.opendocument.presentation"),
    "png": Kind("PNG-bild", ("png",), "image/png", inline=True),
    "jpeg": Kind("JPEG-bild", ("jpg", "jpeg"), "image/jpeg", inline=True),
    "heic": Kind("HEIC-bild", ("heic", "heif"), "image/heic"),
    "txt": Kind("textfil", ("txt", "text", "md", "log"), "text/plain; charset=utf-8"),
    "csv": Kind("CSV-fil", ("csv", "tsv"), "text/csv; charset=utf-8"),
}
#: What may be stored, for people.
ALLOWED = (
    "PDF, Word (docx), Excel (xlsx), PowerPoint (pptx), OpenDocument (odt, ods, odp), bild (png, jpeg, heic), "
    "text och csv"
)
#: For ``<input type="file" accept>``.
ACCEPT = ",".join(f".{ending}" for kind in KINDS.values() for ending in kind.endings)

#: endings that make a text file something that runs or is drawn by a browser
RUNNING = {
    ending: words
    for words, endings in {
        "ett skript": "js mjs cjs ts vbs vbe jse ws wsf wsh ps1 psm1 bat cmd sh bash py pyw pl rb "
        "php asp aspx jsp hta lua",
        "en webbsida": "html htm xhtml mht mhtml shtml",
        "en SVG-bild, som kan innehålla skript": "svg svgz",
        "en genväg eller ett registerskript": "lnk url reg scf inf desktop",
        "ett program": "exe dll com scr msi msix jar apk app deb rpm cpl sys",
        "ett Office-dokument med makron": "docm dotm xlsm xltm xlam pptm potm ppsm xlsb",
        "ett arkiv": "zip rar 7z tar gz tgz bz2 xz zst cab iso img arj lz",
    }.items()
    for ending in endings.split()
}
