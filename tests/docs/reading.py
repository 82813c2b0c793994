"""What the documentation says: its pages, links, commands, and the names it mentions."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
DOCS = ROOT / "docs"
HANDBOOK = DOCS / "handbok"
TEMPLATE = DOCS / "mall"

#: Every page that people read. Decisions are history and may name what no longer is.
PAGES = sorted(
    {ROOT / name for name in ("README.md", "CONTRIBUTING.md", "SECURITY.md", "examples/README.md")}
    | {path for path in DOCS.rglob("*.md") if "decisions" not in path.parts}
)

_LINK = re.compile(r"!?\[[^\]]*\]\(([^)\s]+)\)")
_FENCE = re.compile(r"^```(\w*)\n(.*?)^```", re.MULTILINE | re.DOTALL)
_INLINE = re.compile(r"(?<!`)`([^`\n]+)`(?!`)")


def name_of(path: Path) -> str:
    """The page's name, for the names of tests."""
    return str(path.relative_to(ROOT))


def links(path: Path) -> list[str]:
    """Addresses of links and pictures, without those inside code."""
    return _LINK.findall(_INLINE.sub("", _FENCE.sub("", path.read_text(encoding="utf-8"))))


def fences(path: Path, language: str) -> list[str]:
    """The fenced blocks of a language."""
    return [body for found, body in _FENCE.findall(path.read_text(encoding="utf-8")) if found == language]


def inline_code(path: Path) -> list[str]:
    """What stands between single backticks."""
    return _INLINE.findall(_FENCE.sub("", path.read_text(encoding="utf-8")))


def code_lines(path: Path) -> Iterator[str]:
    """Lines of code: indented by four, inside a fence, or between backticks."""
    text = path.read_text(encoding="utf-8")
    for _, body in _FENCE.findall(text):
        yield from body.splitlines()
    yield from (line.strip() for line in text.splitlines() if line.startswith("    "))
    yield from inline_code(path)


@dataclass(frozen=True)
class Command:
    """A ``roder`` command as it is written: its words, and the options it is given."""

    line: str
    words: tuple[str, ...]
    options: tuple[str, ...]


def commands(path: Path) -> list[Command]:
    """Every ``roder …`` of a page."""
    found = []
    for line in map(str.strip, code_lines(path)):
        match = re.search(r"^(?:sudo -u \S+ (?:\w+=\S+ )*)?(?:\S*/)?roder (?=[a-z-])(.*)", line)
        if match is None:
            continue
        rest = re.split(r" #|\s{2,}|[|<>]| && |…", match[1])[0]
        try:
            parts = shlex.split(rest)
        except ValueError:
            parts = rest.split()
        options = tuple(part for part in parts if part.startswith("--"))
        found.append(Command(line, tuple(part for part in parts if not part.startswith("-")), options))
    return found
