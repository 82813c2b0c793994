"""The committee on the start page: the next meeting with its papers, and what became of what was decided."""

from __future__ import annotations

from datetime import date, timedelta

from django.utils import timezone

from roder.meetings.models import Meeting, MinuteItem, Watch
from roder.meetings.services import minutes, minutes_tasks
from roder.tasks.models import Task
from tests.meetings.minutes_world import held_meeting
from tests.meetings.world import Chain


def attested(chain: Chain) -> MinuteItem:
    """A paragraph that anybody may read: decided, and attested at once."""
    held_meeting(chain)
    paragraph = MinuteItem.objects.get(heading="Revidering av delegationsordningen")
    MinuteItem.objects.filter(pk=paragraph.pk).update(attested_at=timezone.now(), number=71, immediate=True)
    return paragraph


def test_the_next_meeting_comes_first_with_when_its_papers_come(chain: Chain) -> None:
    today, home = timezone.localdate(), chain.world.committee
    for days in (20, 3):
        Meeting.objects.create(
            committee=home, body=home, date=today + timedelta(days=days), starts="14:00",
            summons_by=today + timedelta(days=1),
        )  # fmt: skip
    text = chain.client("member").get(chain.world.root).content.decode()
    assert "Nästa sammanträde" in text
    assert f"{(today + timedelta(days=3)).day}\u00a0" in text or f"{(today + timedelta(days=3)).day} " in text
    assert "Handlingarna kommer med kallelsen" in text
    assert "Läs handlingarna" in chain.client("secretary").get(chain.world.root).content.decode()


def test_without_a_coming_meeting_the_last_one_is_shown(chain: Chain) -> None:
    held_meeting(chain)
    text = chain.client("member").get(chain.world.root).content.decode()
    assert "Senaste sammanträdet" in text
    assert "Inget nytt sammanträde är planerat" in text


def test_decisions_say_what_became_of_them(chain: Chain) -> None:
    paragraph = attested(chain)
    before = chain.client("member").get(chain.world.root).content.decode()
    assert "Revidering av delegationsordningen" in before
    assert "Inget uppdrag att bevaka" in before
    Watch.objects.create(
        committee=chain.world.committee, title="Delegationsordningen", what="Redovisa erfarenheterna",
        paragraph=paragraph, opened_on=date(2022, 9, 27), state="done", closed_on=date(2022, 12, 1),
        closed_why="Redovisad",
    )  # fmt: skip
    text = chain.client("member").get(chain.world.root).content.decode()
    assert "Redovisa erfarenheterna" in text
    assert "Klar" in text


def test_the_tasks_of_minutes_say_whose(chain: Chain) -> None:
    record = minutes.open_minutes(
        held_meeting(chain), chain.by("secretary"), chair=chain.seats["M1"], attesters=[chain.seats["S1"]]
    )
    minutes_tasks.to_dispatch(record, chain.by("secretary"))
    said = Task.objects.get(kind="meetings.dispatch").what
    assert said == f"Expediera besluten {record.meeting.body.short_name} {record.meeting.date}"
