"""What people are told of a round: short sentences, one thing in each."""

from __future__ import annotations

from datetime import date

from roder.core.words import day_words


def tasks_words(count: int) -> str:
    """``1 uppgift``, ``5 uppgifter``."""
    return f"{count} uppgift" if count == 1 else f"{count} uppgifter"


def opened_title(occasion: str, count: int, last: date | None, today: date | None = None) -> str:
    """``Delårsbokslut 2022: 5 uppgifter, klart senast 23 augusti``."""
    due = f", klart senast {day_words(last, today)}" if last is not None else ""
    return f"{occasion}: {tasks_words(count)}{due}"


def opened_body(own: int, orphaned: int) -> str:
    """What to do, and that some of the tasks lack somebody with the post."""
    said = ["Öppna dina uppföljningar. Fyll i dem och klarmarkera dem."]
    if orphaned:
        whose = "De är" if not own else "1 av dem är" if orphaned == 1 else f"{orphaned} av dem är"
        said.append(f"{whose} för enheter där ingen har chefsuppdraget just nu. Se till att någon gör dem.")
    return " ".join(said)


def remind_title(occasion: str, count: int, last: date, today: date | None = None) -> str:
    """``Påminnelse: Delårsbokslut 2022: 3 uppgifter kvar, klart senast 23 augusti``."""
    return f"Påminnelse: {occasion}: {tasks_words(count)} kvar, klart senast {day_words(last, today)}"


def late_title(occasion: str, count: int) -> str:
    """``Försenat: Delårsbokslut 2022: 2 uppgifter``."""
    return f"Försenat: {occasion}: {tasks_words(count)}"


def missing_title(occasion: str, units: int) -> str:
    """For the superior: ``Försenat: Delårsbokslut 2022: 3 enheter har inte klarmarkerat``."""
    return f"Försenat: {occasion}: {units} {'enhet' if units == 1 else 'enheter'} har inte klarmarkerat"


def ready_title(occasion: str, unit: str, count: int) -> str:
    """For whoever approves: ``Att godkänna: Delårsbokslut 2022, Björken: 3 blad``."""
    return f"Att godkänna: {occasion}, {unit}: {count} blad"
