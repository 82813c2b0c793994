"""What people are told of a task: the day in words, one thing to do."""

from __future__ import annotations

from datetime import date, datetime

from roder.tasks import texts
from roder.tasks.days import SWEDEN
from roder.tasks.rules import Due, by_day

NOW = datetime(2022, 8, 20, 8, tzinfo=SWEDEN)
DAY, HOUR = by_day(date(2022, 8, 23)), Due(datetime(2022, 9, 13, 12, tzinfo=SWEDEN))


def test_when_it_is_to_be_done() -> None:
    assert texts.due_words(DAY, NOW) == "23 augusti"
    assert texts.due_words(HOUR, NOW) == "13 september kl. 12.00"
    assert texts.due_words(by_day(date(2023, 1, 19)), NOW) == "19 januari 2023"


def test_one_thing_to_do() -> None:
    assert texts.opened(DAY, NOW, by_hand=True) == (
        "Ska vara klar senast 23 augusti (3\xa0dagar kvar). Öppna uppgiften. Klarmarkera den när du är klar."
    )
    assert texts.opened(None, NOW, by_hand=False) == "Öppna uppgiften. Gör det som den gäller."
    assert texts.reminder(DAY, NOW).startswith("Ska vara klar senast 23 augusti")
    after = datetime(2022, 8, 24, 8, tzinfo=SWEDEN)
    assert texts.late(DAY, after).startswith("Skulle ha varit klar 23 augusti (1\xa0dag sen). Gör den i dag")
    assert "Uppgiften är för enhetschef, Björken. Fråga vad som hindrar" in texts.escalated(
        DAY, after, "enhetschef, Björken"
    )
