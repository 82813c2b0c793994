"""What every page's frame needs: where we are, and the menu of what exists and may be seen."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe

from roder import access, tasks
from roder.access.rights import Grant
from roder.setup.first import nobody_yet
from roder.web.addresses import address
from roder.web.help.places import help_address
from roder.web.scope import Scope, home_scope, is_panel
from roder.web.urls import entries

#: The order of the menu's headings. A heading without lines for the person is not shown.
BLOCKS = (
    "",
    "Mål och resultat",
    "Kvalitet",
    "Ekonomi",
    "Risk och kontroll",
    "Uppföljning",
    "Nämnden",
    "Register",
    "System",
)


#: What each role comes for: the headings that are open in its menu. The others are one press away.
OPEN = {
    "member": {"Mål och resultat", "Nämnden"},
    "chair": {"Mål och resultat", "Nämnden"},
    "head_administration": {"Mål och resultat", "Ekonomi", "Uppföljning"},
    "head_department": {"Mål och resultat", "Kvalitet", "Uppföljning"},
    "unit_manager": {"Kvalitet", "Uppföljning"},
    "sas": {"Kvalitet", "Uppföljning"},
    "mas": {"Kvalitet", "Uppföljning"},
    "controller": {"Ekonomi", "Uppföljning"},
    "quality_strategist": {"Mål och resultat", "Risk och kontroll", "Uppföljning"},
    "casework_manager": {"Kvalitet", "Register"},
    "secretary": {"Nämnden"},
    "auditor": {"Risk och kontroll", "Uppföljning"},
    "central_office": {"Risk och kontroll", "Uppföljning"},
    "administrator": {"Register", "System"},
}
#: A menu of at most so many lines is all open.
SHORT = 16


@dataclass(frozen=True)
class Line:
    """A link of the menu."""

    label: str
    url: str


@dataclass(frozen=True)
class Block:
    """A heading of the menu with its links."""

    title: str
    lines: tuple[Line, ...]
    opened: bool = True


def _scope(request: HttpRequest) -> Scope | None:
    scope: Scope | None = getattr(request, "scope", None)
    if scope is None and getattr(request, "user", None) is not None and request.user.is_authenticated:
        scope = home_scope(request)
    return scope


@lru_cache(maxsize=2000)
def _blocks(
    held: tuple[Grant, ...], committee: int | None, place: tuple[str, int] | None
) -> tuple[Block, ...]:
    """The menu that mandates give in a committee and a year; made once for all pages there."""
    blocks = [Block("", (Line("Start", address("web:start", *place)),))] if place else []
    seen = [
        entry
        for entry in entries()
        if (place or not entry.needs_committee)
        and access.give(held, entry.action, entry.resource, committee if entry.needs_committee else None)
    ]
    wanted = set().union(*(OPEN.get(grant.role, ()) for grant in held)) if len(seen) > SHORT else set(BLOCKS)
    for title in BLOCKS:
        mine = sorted((entry for entry in seen if entry.block == title), key=lambda entry: entry.order)
        lines = tuple(
            Line(entry.label, address(entry.url_name, *((place or ()) if entry.needs_committee else ())))
            for entry in mine
        )
        if lines:
            blocks.append(Block(title, lines, not title or title in wanted))
    return tuple(blocks)


@lru_cache(maxsize=2000)
def _drawn(blocks: tuple[Block, ...], current: str) -> SafeString:
    """The menu as HTML. Drawn here and kept: as a template it costs as much as a list of fifty rows."""

    def line(one: Line) -> SafeString:
        here = mark_safe(' aria-current="page"' if one.url == current else "")  # noqa: S308 - own words
        return format_html('<li><a href="{}"{}>{}</a></li>\n', one.url, here, one.label)

    parts = []
    for block in blocks:
        lines = format_html(
            "<ul>\n{}</ul>\n", format_html_join("", "{}", ((line(one),) for one in block.lines))
        )
        if not block.title:
            parts.append(lines)
            continue
        shown = block.opened or any(one.url == current for one in block.lines)
        opened = mark_safe(" open") if shown else ""
        parts.append(
            format_html(
                "<details{}><summary><h2>{}</h2></summary>\n{}</details>\n", opened, block.title, lines
            )
        )
    return format_html_join("", "{}", ((part,) for part in parts))


def menu(request: HttpRequest, scope: Scope | None) -> SafeString:
    """The menu for the person at this page. The line whose address is the longest start of this one is current; that of
    the start page only there."""
    held = access.grants(request.user)
    place = (scope.committee.slug, scope.year) if scope else None
    blocks = _blocks(held, scope.committee.pk if scope else None, place)
    home = address("web:start", *place) if place else ""
    starts = (
        line.url
        for block in blocks
        for line in block.lines
        if request.path == line.url or (line.url != home and request.path.startswith(line.url))
    )
    return _drawn(blocks, max(starts, key=len, default=""))


def layout(request: HttpRequest) -> dict[str, Any]:
    """Values for the page frame, computed only if the template asks for them."""
    found = cache(lambda: _scope(request))
    return {
        "scope": SimpleLazyObject(found),
        "menu": SimpleLazyObject(lambda: menu(request, found())),
        "panel": is_panel(request),
        "help_address": help_address(request.resolver_match.view_name if request.resolver_match else ""),
        "tasks_open": SimpleLazyObject(lambda: _waiting(request, found())),
        "sends_mail": settings.SENDS_MAIL,
        "password_for_all": settings.IDENTITY.local_login == "all",
        "nobody_yet": SimpleLazyObject(nobody_yet),
    }


def _waiting(request: HttpRequest, scope: Scope | None) -> int:
    return scope.frame[1] if scope else tasks.count_for(request.user)
