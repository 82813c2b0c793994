"""How long a login lasts, and how many times somebody may guess."""

from __future__ import annotations

import time
from typing import Any

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client

from roder.access.limits import STARTED, USED
from roder.access.models import AuditRecord
from tests.access.identity.world import is_in
from tests.web.world import PASSWORD, World

HOUR = 3600


@pytest.fixture
def client(world: World) -> Client:
    client = Client()
    client.force_login(world.people["controller"], "django.contrib.auth.backends.ModelBackend")
    client.get("/sok/")
    return client


def aged(client: Client, started: float, used: float) -> None:
    session = client.session
    session[STARTED], session[USED] = time.time() - started, time.time() - used
    session.save()


def test_a_login_in_use_lasts_until_its_hours_are_over(client: Client) -> None:
    aged(client, 9.9 * HOUR, 50 * 60)
    assert client.get("/sok/").status_code == 200
    assert time.time() - client.session[USED] < 60
    aged(client, 10.1 * HOUR, 10)
    page = client.get("/sok/", follow=True)
    assert not is_in(client)
    assert "en inloggning gäller i högst 10 timmar" in page.content.decode()


def test_a_login_that_nobody_uses_ends(client: Client) -> None:
    aged(client, 2 * HOUR, 61 * 60)
    page = client.get("/sok/", follow=True)
    assert not is_in(client)
    assert "inget har gjorts på 60 minuter" in page.content.decode()


def test_what_a_live_page_asks_by_itself_is_no_use_of_the_login(client: Client) -> None:
    aged(client, HOUR, 30 * 60)
    client.get("/sok/?sett=1", headers={"HX-Request": "true"})
    assert time.time() - client.session[USED] > 29 * 60


def test_a_clock_that_was_set_back_does_not_lengthen_a_login(client: Client) -> None:
    aged(client, -2 * HOUR, 0)
    client.get("/sok/")
    assert not is_in(client)


def test_the_municipality_says_how_long(client: Client, settings: Any) -> None:
    settings.SESSION_IDLE_MINUTES = 15
    aged(client, HOUR, 16 * 60)
    client.get("/sok/")
    assert not is_in(client)


def test_logins_and_wrong_passwords_are_in_the_trail(world: World) -> None:
    cache.clear()
    mas, client = world.people["mas"], Client()
    wrong = {"login": "MAS@prov.se", "password": "fel-losenord-123"}
    client.post("/konto/login/", wrong)
    client.post("/konto/login/", {**wrong, "login": "finns.inte@prov.se"})
    client.post("/konto/login/", {"login": "mas@prov.se", "password": PASSWORD})
    assert is_in(client)
    said = list(AuditRecord.objects.filter(deed__startswith="login").order_by("id"))
    about = f"organisation.person:{mas.pk}"
    assert [(one.deed, one.actor, one.subject, one.detail) for one in said] == [
        ("login.refused", None, about, {}), ("login", mas, about, {}),
    ]  # fmt: skip


def test_after_five_wrong_passwords_the_right_one_must_wait_too(world: World) -> None:
    """The count is in the database: every process of the server sees the same one."""
    cache.clear()
    client = Client()
    for _ in range(5):
        client.post("/konto/login/", {"login": "mas@prov.se", "password": "fel-losenord-123"})
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM roder_cache")
        assert cursor.fetchone()[0] > 0
    page = client.post("/konto/login/", {"login": "mas@prov.se", "password": PASSWORD})
    assert not is_in(client)
    assert "För många" in page.content.decode()
    other = Client(REMOTE_ADDR="192.0.2.7")
    other.post("/konto/login/", {"login": "controller@prov.se", "password": PASSWORD})
    assert is_in(other)
