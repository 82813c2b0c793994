"""The shelf: which pages of the documentation are shown as help, and what stands in them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from roder.core.paths import shipped
from roder.web.addresses import address
from roder.web.help.rendering import Rendered, render

#: The pages shown, by the folder's or file's place in ``docs``. Decisions and the glossary are for those who change the
#: code, in English.
SHOWN = ("handbok/*.md", "referens/*.md", "drift.md")
CONTENTS = "handbok/README.md"
PICTURES = "bilder"
PICTURE_KINDS = {".png": "image/png", ".svg": "image/svg+xml"}


@dataclass(frozen=True)
class Section:
    """A heading with the text under it up to the next, as plain words for the search."""

    title: str
    anchor: str
    text: str


@dataclass(frozen=True)
class HelpPage:
    """One page of help. ``path`` is its place in ``docs``, ``slug`` its place in Roder."""

    path: str
    slug: str
    title: str
    rendered: Rendered

    @property
    def anchors(self) -> set[str]:
        """Every place of the page that a link may point at."""
        return {one.anchor for one in self.rendered.headings}


def docs_dir() -> Path | None:
    """The folder of documentation: beside the source of a checkout, or in the installed package; None when neither."""
    return next((place for place in shipped("docs") if (place / CONTENTS).is_file()), None)


def slug_of(path: str) -> str:
    """Where a page of ``docs`` is shown: ``handbok/avvikelser.md`` -> ``avvikelser``; ``referens/siffror.md`` ->
    ``referens-siffror``."""
    folder, _, name = path.removesuffix(".md").rpartition("/")
    return name if folder in ("", "handbok") else f"{folder}-{name}"


@cache
def pages() -> dict[str, HelpPage]:
    """Every page of help by its slug, without the table of contents. Read once; they come with the program."""
    return {slug_of(path): _read(path) for path in paths()}


@cache
def contents() -> HelpPage | None:
    """The handbook's first page, which lists the others; None where no documentation is installed."""
    return _read(CONTENTS) if docs_dir() else None


@cache
def paths() -> tuple[str, ...]:
    """The pages shown, as places in ``docs``."""
    root = docs_dir()
    if root is None:
        return ()
    found = {str(path.relative_to(root)) for pattern in SHOWN for path in root.glob(pattern)}
    return tuple(sorted(found - {CONTENTS}))


@cache
def pictures() -> dict[str, Path]:
    """The pictures of the documentation by file name."""
    root = docs_dir()
    files = (root / PICTURES).iterdir() if root and (root / PICTURES).is_dir() else ()
    return {path.name: path for path in files if path.suffix in PICTURE_KINDS}


def _read(path: str) -> HelpPage:
    root = docs_dir()
    assert root is not None  # noqa: S101 - asked only for what was found there
    rendered = render((root / path).read_text(encoding="utf-8"), path, shown_at)
    return HelpPage(path, slug_of(path), rendered.title, rendered)


def shown_at(path: str) -> str | None:
    """The address inside the help of a file in ``docs``; None for what is not shown there."""
    if path == CONTENTS:
        return address("help:contents")
    if path in paths():
        return address("help:page", slug_of(path))
    if path.startswith(f"{PICTURES}/") and path.removeprefix(f"{PICTURES}/") in pictures():
        return address("help:picture", path.removeprefix(f"{PICTURES}/"))
    return None


def sections() -> Iterator[tuple[HelpPage, Section]]:
    """Every section of every page, for the search."""
    for page in pages().values():
        for heading in page.rendered.headings:
            yield page, Section(heading.title, heading.anchor, heading.text)
