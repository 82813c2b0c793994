"""What people are told about a task: what it is about, when, and the one thing to do. Short sentences, in Swedish.

Nothing here holds the text of a case or anybody's name: a letter may be read on any screen.
"""

from __future__ import annotations

from datetime import datetime

from roder.core.words import day_words
from roder.tasks.days import SWEDEN, day_of
from roder.tasks.rules import Due, lateness

READY = "Uppgiften är klarmarkerad. Läs den. Godkänn den, eller lämna tillbaka den med en kommentar."
RETURNED = "Läs kommentaren. Gör ändringen och klarmarkera uppgiften igen."


def due_words(due: Due, now: datetime) -> str:
    """``23 augusti``, with the time of day where it matters, and the year when it is another."""
    words = day_words(due.day, day_of(now))
    return words if due.whole_day else f"{words} kl. {due.at.astimezone(SWEDEN):%H.%M}"


def opened(due: Due | None, now: datetime, *, by_hand: bool) -> str:
    """The task is new: when it is to be done, and how."""
    when = f"Ska vara klar senast {due_words(due, now)} ({lateness(due, now)}). " if due is not None else ""
    return f"{when}Öppna uppgiften. {'Klarmarkera den när du är klar.' if by_hand else 'Gör det som den gäller.'}"


def reminder(due: Due, now: datetime) -> str:
    """The time will soon be out."""
    return f"Ska vara klar senast {due_words(due, now)} ({lateness(due, now)}). Öppna uppgiften och gör den klar."


def late(due: Due, now: datetime) -> str:
    """The time is out."""
    return (
        f"Skulle ha varit klar {due_words(due, now)} ({lateness(due, now)}). Gör den i dag, eller säg till din chef "
        "vad som hindrar."
    )


def escalated(due: Due, now: datetime, whose: str) -> str:
    """Somebody else's task is late."""
    return (
        f"Skulle ha varit klar {due_words(due, now)} ({lateness(due, now)}). Uppgiften är för {whose}. Fråga vad som "
        "hindrar, och se till att den blir gjord."
    )
