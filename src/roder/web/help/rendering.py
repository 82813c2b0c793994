"""From Markdown to HTML: no HTML of the text's own, headings with addresses, tables that scroll in a named box, and
links that stay inside the help."""

from __future__ import annotations

import posixpath
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from urllib.parse import unquote

from django.utils.safestring import SafeString, mark_safe
from markdown_it import MarkdownIt
from markdown_it.token import Token

from roder.core.words import anchor

_MARKDOWN = MarkdownIt("commonmark", {"html": False}).enable("table")


@dataclass(frozen=True)
class Heading:
    """A heading, where it is found, and the words that stand under it."""

    level: int
    title: str
    anchor: str
    text: str


@dataclass(frozen=True)
class Rendered:
    """A page as HTML without its first heading, which the frame draws, and its headings (the first one included)."""

    title: str
    html: SafeString
    headings: tuple[Heading, ...]


def render(text: str, path: str, shown_at: Callable[[str], str | None]) -> Rendered:
    """Draw a page. ``path`` is its place in ``docs``; ``shown_at`` gives the address of another file there, or None
    when it is not shown: such a link becomes its words."""
    tokens = _MARKDOWN.parse(text)
    headings = tuple(_headings(tokens))
    places = iter(headings)
    for token in tokens:
        if token.type == "heading_open":
            token.attrSet("id", next(places).anchor)
        elif token.type == "inline":
            token.children = list(_linked(token.children or [], path, shown_at))
        elif token.type == "th_open":
            token.attrSet("scope", "col")
    first = tokens[:3] if tokens and tokens[0].tag == "h1" else []
    title = headings[0].title if first else posixpath.basename(path)
    drawn = _MARKDOWN.renderer.render(_boxed(tokens[len(first) :]), _MARKDOWN.options, {})
    return Rendered(title, mark_safe(drawn), headings)  # noqa: S308 - drawn with html=False: everything is escaped


def _headings(tokens: Sequence[Token]) -> Iterator[Heading]:
    """The headings with the words under them; a second heading of the same words gets ``-1``, as readers of Markdown
    do."""
    taken: dict[str, int] = {}
    starts = [number for number, token in enumerate(tokens) if token.type == "heading_open"]
    for start, end in zip(starts, [*starts[1:], len(tokens)], strict=True):
        title = _plain(tokens[start + 1])
        place = anchor(title)
        count = taken.setdefault(place, 0)
        taken[place] += 1
        under = " ".join(filter(None, (_plain(token) for token in tokens[start + 3 : end])))
        yield Heading(int(tokens[start].tag[1:]), title, f"{place}-{count}" if count else place, under)


def _plain(token: Token) -> str:
    """The words of a token, without marks."""
    if token.type in ("fence", "code_block"):
        return token.content
    return "".join(
        " " if one.type in ("softbreak", "hardbreak") else one.content for one in token.children or ()
    )


def _linked(children: Sequence[Token], path: str, shown_at: Callable[[str], str | None]) -> Iterator[Token]:
    """The words of a line with links to where they are shown; a link that leads out of the help loses its address."""
    dropped = False
    for one in children:
        if one.type == "link_open":
            found = address(str(one.attrGet("href") or ""), path, shown_at)
            dropped = found is None
            if found is not None:
                one.attrSet("href", found)
                yield one
        elif one.type == "link_close":
            if not dropped:
                yield one
            dropped = False
        elif one.type == "image":
            found = address(str(one.attrGet("src") or ""), path, shown_at)
            if found is not None:
                one.attrSet("src", found)
                one.attrSet("loading", "lazy")
                yield one
        else:
            yield one


def address(link: str, path: str, shown_at: Callable[[str], str | None]) -> str | None:
    """Where a link of the page at ``path`` leads inside the help; None when what it points at is not shown there."""
    if "://" in link or link.startswith(("#", "mailto:")):
        return unquote(link) if link.startswith("#") else link
    file, mark, place = link.partition("#")
    found = shown_at(posixpath.normpath(posixpath.join(posixpath.dirname(path), file)))
    return f"{found}{mark}{unquote(place)}" if found else None


def _boxed(tokens: Sequence[Token]) -> list[Token]:
    """Tables in a box of their own, so that a wide one scrolls without the page."""
    boxed: list[Token] = []
    for token in tokens:
        if token.type == "table_open":
            boxed.append(_raw('<div class="table-wrap">'))
            token.attrSet("class", "dense")
        boxed.append(token)
        if token.type == "table_close":
            boxed.append(_raw("</div>"))
    return boxed


def _raw(html: str) -> Token:
    return Token("html_block", "", 0, content=html)
