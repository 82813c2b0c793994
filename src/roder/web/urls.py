"""The web's addresses: the start page, search, and every room's pages under its committee and year."""

from __future__ import annotations

from functools import cache
from importlib import import_module
from importlib.util import find_spec

from django.urls import URLPattern, URLResolver, include, path

from roder.web import views
from roder.web.scope import Entry

#: Rooms with pages under ``/<committee>/<year>/``, each with its own part of the address.
COMMITTEE_ROOMS = (
    "organisation",
    "steering",
    "measures",
    "economy",
    "quality",
    "casework",
    "meetings",
    "registers",
    "control",
    "followup",
    "kolada",
    "questionnaires",
    "figures",
    "reports",
    "imports",
    "setup",
)
#: Rooms with pages outside the committees.
COMMON_ROOMS = ("access", "files", "tasks", "api")


def _existing(rooms: tuple[str, ...]) -> list[str]:
    """The rooms that have pages."""
    return [room for room in rooms if find_spec(f"roder.{room}.urls")]


def _pages(rooms: tuple[str, ...], prefix: str) -> list[URLPattern | URLResolver]:
    return [path(prefix, include((f"roder.{room}.urls", room))) for room in _existing(rooms)]


@cache
def entries() -> tuple[Entry, ...]:
    """Every line of the menu that the rooms have declared."""
    rooms = _existing((*COMMITTEE_ROOMS, *COMMON_ROOMS))
    return tuple(
        entry for room in rooms for entry in getattr(import_module(f"roder.{room}.urls"), "navigation", ())
    )


web = [
    path("", views.home, name="home"),
    path("sok/", views.search, name="search"),
    path("<slug:committee>/<int:year>/", views.start, name="start"),
]

urlpatterns: list[URLPattern | URLResolver] = [
    path("favicon.ico", views.icon, name="icon"),
    path("synpunkter/", include(("roder.quality.pages.public_urls", "public"))),
    path("hjalp/", include(("roder.web.help.urls", "help"))),
    path("anslag/", include(("roder.meetings.pages.notice_urls", "notices"))),
    path("kom-igang/", include(("roder.setup.pages.first_urls", "first"))),
    *_pages(COMMON_ROOMS, ""),  # before the committees: /uppgifter/12/ is no committee's year 12
    path("", include((web, "web"))),
    *_pages(COMMITTEE_ROOMS, "<slug:committee>/<int:year>/"),
]
