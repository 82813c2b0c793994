"""Letters are sent through the municipality's server, or not at all; what is not sent is not offered."""

from __future__ import annotations

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.test import Client

from roder.core.settings import _mail


def test_without_a_server_nothing_is_sent_or_logged() -> None:
    assert _mail("")["EMAIL_BACKEND"] == "django.core.mail.backends.dummy.EmailBackend"


def test_the_server_is_read_from_its_address() -> None:
    found = _mail("smtp://roder:p%40ss@post.example:2525")
    assert (found["EMAIL_HOST"], found["EMAIL_PORT"]) == ("post.example", 2525)
    assert (found["EMAIL_HOST_USER"], found["EMAIL_HOST_PASSWORD"]) == ("roder", "p@ss")
    assert found["EMAIL_USE_TLS"]
    assert not found["EMAIL_USE_SSL"]


def test_tls_from_the_start() -> None:
    found = _mail("smtps://post.example")
    assert (found["EMAIL_PORT"], found["EMAIL_USE_SSL"], found["EMAIL_USE_TLS"]) == (465, True, False)


@pytest.mark.parametrize("address", ["post.example:25", "http://post.example", "smtp://"])
def test_another_address_is_refused(address: str) -> None:
    with pytest.raises(ImproperlyConfigured, match="RODER_SMTP"):
        _mail(address)


@pytest.mark.django_db
@pytest.mark.parametrize("sends", [True, False])
def test_a_forgotten_password_is_helped_by_mail_only_where_there_is_mail(
    client: Client, settings: pytest.FixtureRequest, sends: bool
) -> None:
    settings.SENDS_MAIL = sends  # type: ignore[attr-defined]
    assert ("Glömt lösenordet?" in client.get("/konto/login/").content.decode()) is sends
    assert ("Skicka länken" in client.get("/konto/password/reset/").content.decode()) is sends
