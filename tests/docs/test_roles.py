"""The pages of roles: the same form on each, menus and buttons by their real names, and none that nobody finds."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from roder.core.words import anchor
from roder.web.help.places import ROLE_PAGES
from tests.docs.reading import DOCS, HANDBOOK, PAGES, ROOT, links, name_of

PARTS = (
    "Det här gör Roder för dig",
    "Dagen, månaden, året",
    "Det du oftast gör",
    "Vad andra ser",
    "Vanliga frågor",
)
ROLES = sorted({HANDBOOK / f"{slug}.md" for slug in ROLE_PAGES.values()} | {HANDBOOK / "medborgare.md"})
#: Words of emphasis that are no words of the program's.
NO_BUTTONS = {"nyss", "handläggning"}


def part(text: str, title: str) -> str:
    return text.split(f"\n## {title}\n")[1].split("\n## ", maxsplit=1)[0]


@pytest.mark.parametrize("page", ROLES, ids=name_of)
def test_every_page_of_a_role_has_the_same_form(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    headings = [line.removeprefix("## ") for line in text.splitlines() if line.startswith("## ")]
    assert tuple(headings[: len(PARTS)]) == PARTS
    steps = part(text, PARTS[2]).split("\n### ")[1:]
    assert 3 <= len(steps) <= 6
    assert all("\n1. " in step for step in steps)
    assert part(text, PARTS[1]).count("\n| ") >= 4


def said() -> str:
    """Everything that the program can say: its templates and its own texts."""
    files = [*(ROOT / "src").rglob("*.html"), *(ROOT / "src").rglob("*.py")]
    text = " ".join(path.read_text(encoding="utf-8") for path in files if "migrations" not in path.parts)
    return re.sub(r"\s+", " ", text.replace("\u00ad", ""))


PROGRAM = said()


@pytest.mark.parametrize("page", ROLES, ids=name_of)
def test_every_button_named_is_in_the_program(page: Path) -> None:
    text = part(page.read_text(encoding="utf-8"), PARTS[2])
    named = set(re.findall(r"(?<!\*)\*([^*\n]+)\*(?!\*)", text)) - NO_BUTTONS
    missing = [
        name
        for name in named
        if not all(piece.strip() in PROGRAM for piece in name.split("…") if piece.strip())
    ]
    assert missing == []


def test_every_page_is_reached_from_the_handbook() -> None:
    """From the first page, link by link."""
    reached, waiting = set(), [HANDBOOK / "README.md"]
    while waiting:
        page = waiting.pop()
        if page in reached:
            continue
        reached.add(page)
        targets = [(page.parent / link.split("#")[0]).resolve() for link in links(page) if "://" not in link]
        waiting += [target for target in targets if target.suffix == ".md" and target.is_file()]
    pages = {*HANDBOOK.glob("*.md"), *(DOCS / "referens").glob("*.md"), DOCS / "drift.md"}
    assert sorted(name_of(page) for page in pages - reached) == []


@pytest.mark.parametrize("page", [*PAGES, ROOT / "CHANGELOG.md"], ids=name_of)
def test_every_place_that_a_link_names_is_a_heading(page: Path) -> None:
    for link in links(page):
        file, _, place = link.partition("#")
        if not place or "://" in link:
            continue
        aimed = (page.parent / file).resolve() if file else page
        headings = [
            anchor(re.sub(r"[`*]|\]\([^)]*\)", "", line.lstrip("#")))
            for line in aimed.read_text(encoding="utf-8").splitlines()
            if line.startswith("#")
        ]
        assert place in headings, link
