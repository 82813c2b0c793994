"""A real browser on a real server: headless Chromium, with what it complains about kept."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from roder.reports import services
from tests.browser.chromium import FLAGS, chromium
from tests.conftest import empty_the_queue
from tests.reports import committee as committees
from tests.reports.committee import Committee
from tests.reports.conftest import alingsas, data_dir

__all__ = ["alingsas", "data_dir"]


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=chromium(), args=FLAGS)
        yield started
        started.close()


@pytest.fixture
def transactional_db(_may_be_emptied: None, _django_db_helper: None) -> None:
    """As pytest-django's own, which ``live_server`` asks for, but the audit trail may be emptied afterwards, and no job
    waits of a committee that the test before this one had."""
    empty_the_queue()


@pytest.fixture
def site(live_server: Any, alingsas: Committee) -> Committee:
    """Alingsås' committee on a live server: goals, a locked report and a draft."""
    goal = committees.goal(alingsas, "M1", "Fler platser i särskilt boende", "helt_uppfyllt")
    committees.goal(alingsas, "M2", "Fler är nöjda med maten")
    committees.assignment(alingsas, "U1", "Se över resursfördelningen", "paborjad")
    assert goal.pk
    controller = alingsas.people["controller"]
    services.open_draft(alingsas.occasion("2022-04"), "fordjupad-manadsuppfoljning", controller)
    services.lock(
        services.open_draft(alingsas.occasion("2022-05"), "manadsuppfoljning", controller), controller
    )
    return alingsas


Open = Callable[..., Page]


@pytest.fixture
def open_as(browser: Browser, live_server: Any, site: Committee) -> Iterator[Open]:
    """``open_as("controller", width=360)``: a page of somebody logged in; what it says is in ``page.complaints``."""
    contexts: list[BrowserContext] = []

    def opened(role: str | None, width: int = 1280, height: int = 900, **options: Any) -> Page:
        context = browser.new_context(
            base_url=live_server.url, viewport={"width": width, "height": height}, locale="sv-SE", **options
        )
        contexts.append(context)
        if role is not None:
            client = Client()
            client.force_login(site.people[role], "django.contrib.auth.backends.ModelBackend")
            cookie = client.cookies[settings.SESSION_COOKIE_NAME].value
            context.add_cookies(
                [{"name": settings.SESSION_COOKIE_NAME, "value": cookie, "url": live_server.url}]
            )
        page = context.new_page()
        complaints: list[str] = []
        page.on(
            "console",
            lambda said: complaints.append(said.text) if said.type in ("error", "warning") else None,
        )
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.complaints = complaints  # type: ignore[attr-defined]
        return page

    yield opened
    for context in contexts:
        context.close()
