"""What is sent to whom: planned when attested, mailed once, noted, and the task until all is done."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from django.core import mail
from django.core.exceptions import ValidationError
from django.utils import timezone

from roder.access.rights import NotAllowedError
from roder.core.jobs import run_pending
from roder.files.models import Blob
from roder.files.services import keep_bytes
from roder.meetings.models import Dispatch, MinuteItem
from roder.meetings.papers import extract
from roder.meetings.services import dispatch
from roder.meetings.services import minutes as services
from roder.tasks.models import Task
from tests.meetings.minutes_world import attested, opened
from tests.meetings.world import Chain


@pytest.fixture(autouse=True)
def _mails(settings: Any) -> None:
    settings.SENDS_MAIL = True


def _extract(row: MinuteItem) -> Blob:
    return keep_bytes(extract.extract_of(row), "pdf")


def _lines(chain: Chain, **more: Any) -> list[Dispatch]:
    record = attested(chain, **more)
    return list(
        Dispatch.objects.filter(paragraph__item__meeting=record.meeting_id)
        .select_related("paragraph__item__meeting")
        .order_by("paragraph__number", "pk")
    )


def test_an_extract_is_mailed_once(chain: Chain) -> None:
    first = _lines(chain)[0]
    by = chain.by("secretary")
    dispatch.queue_mail(first, by, _extract(first.paragraph), "chef@example.se")
    first.refresh_from_db()
    assert first.sent_at is None
    run_pending()
    assert dispatch.deliver(first.pk) is False
    first.refresh_from_db()
    assert first.sent_at is not None
    (letter,) = [one for one in mail.outbox if one.attachments]
    assert letter.to == ["chef@example.se"]
    assert "§ 3 2022-09-27" in letter.subject
    name, content, kind = letter.attachments[0]
    assert (name, kind) == ("protokollsutdrag-2022-09-27-par-3.pdf", "application/pdf")
    assert content == extract.extract_of(first.paragraph)
    with pytest.raises(dispatch.DispatchFault, match="redan skickat"):
        dispatch.queue_mail(first, by, _extract(first.paragraph), "chef@example.se")


def test_the_task_stays_until_all_is_sent(chain: Chain) -> None:
    by, lines = chain.by("secretary"), _lines(chain)
    task = Task.objects.get(kind="meetings.dispatch")
    for one in lines[:-1]:
        dispatch.note_sent(one, by, "post", _extract(one.paragraph), date(2022, 10, 4))
    task.refresh_from_db()
    assert task.state == "open"
    dispatch.remove(lines[-1], by)
    task.refresh_from_db()
    assert task.state == "done"
    assert timezone.localdate(Dispatch.objects.order_by("pk")[0].sent_at) == date(2022, 10, 4)


def test_what_cannot_be_sent(chain: Chain, settings: Any) -> None:
    by, (one, *_) = chain.by("secretary"), _lines(chain)
    copy = _extract(one.paragraph)
    with pytest.raises(dispatch.DispatchFault, match="e-postadress"):
        dispatch.queue_mail(one, by, copy, "ingen")
    with pytest.raises(dispatch.DispatchFault, match="Välj hur"):
        dispatch.note_sent(one, by, "duva", copy)
    with pytest.raises(dispatch.DispatchFault, match="inte varit än"):
        dispatch.note_sent(one, by, "post", copy, timezone.localdate() + timedelta(days=1))
    with pytest.raises(dispatch.DispatchFault, match="före sammanträdet"):
        dispatch.note_sent(one, by, "post", copy, date(2022, 9, 1))
    with pytest.raises(ValidationError, match="redan bland"):
        dispatch.add_recipient(one.paragraph, by, one.recipient.upper(), "FK")
    with pytest.raises(NotAllowedError):
        dispatch.note_sent(one, chain.by("chair"), "post", copy)
    settings.SENDS_MAIL = False
    with pytest.raises(dispatch.DispatchFault, match="RODER_SMTP"):
        dispatch.queue_mail(one, by, copy, "chef@example.se")


def test_nothing_secret_goes_by_open_mail(chain: Chain) -> None:
    by, lines = chain.by("secretary"), _lines(chain, secret=True)
    secret = next(one for one in lines if one.paragraph.item.secret)
    with pytest.raises(dispatch.DispatchFault, match="vanlig e-post"):
        dispatch.queue_mail(secret, by, _extract(secret.paragraph), "chef@example.se")
    dispatch.note_sent(secret, by, "hand", _extract(secret.paragraph))
    assert mail.outbox == []


def test_a_draft_is_not_sent(chain: Chain) -> None:
    record = opened(chain)
    row = services.paragraphs_of(record.meeting)[2]
    with pytest.raises(dispatch.DispatchFault, match="inte justerad"):
        dispatch.plan(row, chain.by("secretary"))
    with pytest.raises(dispatch.DispatchFault, match="inte justerad"):
        dispatch.add_recipient(row, chain.by("secretary"), "Akten", "FK")


def test_planning_twice_adds_only_what_is_new(chain: Chain) -> None:
    one = _lines(chain)[0]
    assert dispatch.plan(one.paragraph, chain.by("secretary")) == []
    dispatch.add_recipient(one.paragraph, chain.by("secretary"), "Akten", "FK", "akten@example.se")
    assert one.paragraph.dispatches.count() == 3
