"""Letters: sent once, through a real mail server, after commit, and without anything that is secret."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session
from django.core import mail

from roder import tasks
from roder.core import jobs
from roder.core.settings import _mail
from roder.tasks import letters
from roder.tasks.models import Notice
from tests.tasks.conftest import Town


class Postman:
    """Keeps what arrives; refuses while ``closed``."""

    def __init__(self) -> None:
        self.letters: list[EmailMessage] = []
        self.closed = False

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802 - its name
        if self.closed:
            return "451 Kom tillbaka senare"
        assert isinstance(envelope.content, bytes)
        self.letters.append(message_from_bytes(envelope.content, policy=policy.default))  # type: ignore[arg-type]
        return "250 OK"


@pytest.fixture
def postman(settings: Any) -> Iterator[Postman]:
    """A mail server on this computer, and settings that send to it."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    handler = Postman()
    server = Controller(handler, hostname="127.0.0.1", port=port)
    server.start()
    for name, value in _mail(f"smtp://127.0.0.1:{port}").items():
        setattr(settings, name, value)
    settings.SENDS_MAIL = True
    settings.DEFAULT_FROM_EMAIL = "roder@prov.se"
    settings.BASE_URL = "https://roder.prov.se"
    yield handler
    server.stop()


def test_a_new_task_goes_as_a_letter_to_those_who_hold_the_mandate(town: Town, postman: Postman) -> None:
    tasks.open_task(
        "prov.klocka",
        town.home,
        owner=tasks.Owner("licensed", unit=town.home),
        what="Bedöm avvikelse 2026-0001 åäö",
    )
    assert postman.letters == []  # not before the job is run, after commit
    jobs.run_pending()
    [letter] = postman.letters
    assert letter["To"] == "nora@prov.se" and letter["From"] == "roder@prov.se"
    assert letter["Subject"].strip() == "Ny uppgift: Bedöm avvikelse 2026-0001 åäö"
    notice = Notice.objects.get()
    assert f"https://roder.prov.se/aviseringar/{notice.pk}/" in letter.get_content()
    assert notice.mailed_at is not None


def test_a_letter_is_sent_once(town: Town, postman: Postman) -> None:
    [notice] = tasks.notify(town.people["nora"], "Hej", "Något har hänt.")
    jobs.run_pending()
    assert not letters.send(notice.pk)
    assert len(postman.letters) == 1


def test_a_server_that_refuses_is_asked_again(town: Town, postman: Postman) -> None:
    [notice] = tasks.notify(town.people["nora"], "Hej")
    postman.closed = True
    with pytest.raises(OSError, match="Kom tillbaka"):
        letters.send(notice.pk)
    postman.closed = False
    assert letters.send(notice.pk)


def test_a_line_break_in_a_title_cannot_add_a_recipient(town: Town, postman: Postman) -> None:
    tasks.notify(town.people["nora"], "Hej\r\nBcc: alla@prov.se")
    jobs.run_pending()
    assert postman.letters[0]["Bcc"] is None and "Bcc" in postman.letters[0]["Subject"]


def test_without_a_server_nothing_is_put_in_the_queue(town: Town) -> None:
    tasks.notify(town.people["nora"], "Hej")
    assert jobs.waiting() == [] and Notice.objects.count() == 1 and mail.outbox == []


def test_the_demonstration_writes_letters_to_the_terminal() -> None:
    assert _mail("console")["EMAIL_BACKEND"].endswith("console.EmailBackend")  # type: ignore[attr-defined]


def test_nobody_is_told_twice_with_the_same_key(town: Town, postman: Postman) -> None:
    owner = tasks.Owner("unit_manager", committee=town.committee)
    assert len(tasks.notify(owner, "Hej", key="a")) == 2
    assert tasks.notify([owner, town.people["maja"]], "Hej", key="a")[0].recipient == town.people["maja"]
    jobs.run_pending()
    assert sorted(letter["To"] for letter in postman.letters) == [
        "erik@prov.se",
        "ewa@prov.se",
        "maja@prov.se",
    ]


def test_those_who_have_left_are_not_told(town: Town) -> None:
    nora = town.people["nora"]
    nora.is_active = False
    nora.save()
    assert tasks.notify(nora, "Hej") == []
    assert tasks.notify(tasks.Owner("licensed", unit=town.home), "Hej") == []
