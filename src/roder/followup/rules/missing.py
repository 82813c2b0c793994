"""What is to be written before a sheet can be marked ready."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Answer:
    """What a line has: a comment, a status, or that it does not concern the unit."""

    title: str
    comment: bool = False
    status: bool = False
    skipped: bool = False


def missing_of(answers: Sequence[Answer], *, graded: bool, summary: bool, sums_up: bool) -> list[str]:
    """What is missing, one sentence each.

    A unit comments on each subject that concerns it, and grades it where the part is graded. A summary needs a text of
    its own, or a comment to each subject.
    """
    found: list[str] = []
    silent = [one.title for one in answers if not one.skipped and not one.comment]
    if sums_up:
        if not summary and (silent or not answers):
            found.append("Skriv en sammanfattning, eller en kommentar till varje rad.")
        return found
    found += [f"Skriv en kommentar till {_quoted(title)}." for title in silent]
    if graded:
        found += [
            f"Välj en bedömning av {_quoted(one.title)}."
            for one in answers
            if not one.skipped and not one.status
        ]
    if answers and all(one.skipped for one in answers) and not summary:
        found.append(
            "Inget av detta berör enheten, enligt det du har svarat. Skriv varför i sammanfattningen."
        )
    return found


def _quoted(title: str) -> str:
    short = title if len(title) <= 80 else f"{title[:79].rstrip()}…"
    return f"”{short}”"
