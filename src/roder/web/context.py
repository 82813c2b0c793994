"""What every page's frame needs: where we are, and the menu of what exists and may be seen."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from roder import access, tasks
from roder.web.addresses import address
from roder.web.scope import Entry, Scope, home_scope, is_panel
from roder.web.urls import entries

#: The order of the menu's headings. A heading without lines for the person is not shown.
BLOCKS = ("", "Mål och resultat", "Kvalitet", "Ekonomi", "Uppföljning", "Nämnd", "Register", "System")


@dataclass(frozen=True)
class Line:
    """A link of the menu."""

    label: str
    url: str
    current: bool


@dataclass(frozen=True)
class Block:
    """A heading of the menu with its links."""

    title: str
    lines: tuple[Line, ...]


def _scope(request: HttpRequest) -> Scope | None:
    scope: Scope | None = getattr(request, "scope", None)
    if scope is None and getattr(request, "user", None) is not None and request.user.is_authenticated:
        scope = home_scope(request)
    return scope


def _seen(entry: Entry, request: HttpRequest, scope: Scope | None) -> bool:
    if entry.needs_committee:
        return scope is not None and scope.may(entry.action, entry.resource)
    return access.may(request.user, entry.action, entry.resource)


def menu(request: HttpRequest, scope: Scope | None) -> list[Block]:
    """The menu for the person at this page. The line whose address is the longest start of this one is current."""
    seen = [entry for entry in entries() if _seen(entry, request, scope)]
    urls = {
        entry: address(
            entry.url_name, *((scope.committee.slug, scope.year) if entry.needs_committee and scope else ())
        )
        for entry in seen
    }
    here = max((url for url in urls.values() if request.path.startswith(url)), key=len, default="")
    home = address("web:start", scope.committee.slug, scope.year) if scope else ""
    blocks = [Block("", (Line("Start", home, request.path == home),))] if home else []
    for title in BLOCKS:
        mine = sorted((entry for entry in seen if entry.block == title), key=lambda entry: entry.order)
        lines = tuple(Line(entry.label, urls[entry], urls[entry] == here) for entry in mine)
        if lines:
            blocks.append(Block(title, lines))
    return blocks


def layout(request: HttpRequest) -> dict[str, Any]:
    """Values for the page frame, computed only if the template asks for them."""
    found = cache(lambda: _scope(request))
    return {
        "scope": SimpleLazyObject(found),
        "menu": SimpleLazyObject(lambda: menu(request, found())),
        "panel": is_panel(request),
        "tasks_open": SimpleLazyObject(lambda: tasks.count_for(request.user)),
        "sends_mail": settings.SENDS_MAIL,
    }
