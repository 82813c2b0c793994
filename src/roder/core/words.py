"""Words put together as they stand in a Swedish sentence."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date

MONTHS = (
    "januari", "februari", "mars", "april", "maj", "juni", "juli", "augusti", "september", "oktober", "november",
    "december",
)  # fmt: skip


def small_first(text: str) -> str:
    """A text as it begins inside a sentence: ``uppföljning av mål``."""
    return text[:1].lower() + text[1:]


def capital_first(text: str) -> str:
    """A text as it begins a sentence."""
    return text[:1].upper() + text[1:]


def anchor(heading: str) -> str:
    """The address of a heading inside its page, as the usual readers of Markdown make it: small letters, a hyphen for
    every space, and nothing else but letters, digits, hyphens and underscores.

    ``Från risk till plan`` -> ``från-risk-till-plan``.
    """
    return re.sub(r"[^\w\- ]", "", heading.strip().lower()).replace(" ", "-")


def joined(words: Sequence[str], last: str = "och") -> str:
    """``a``, ``a och b``, ``a, b och c``; nothing for no words. ``last`` stands before the last one."""
    if len(words) < 2:
        return "".join(words)
    return f"{', '.join(words[:-1])} {last} {words[-1]}"


def listed(names: Sequence[str], most: int = 10) -> str:
    """``A, B``; ``A, B och 3 till`` when there are more than ``most``."""
    if len(names) <= most:
        return ", ".join(names)
    return f"{', '.join(names[:most])} och {len(names) - most} till"


def day_words(day: date, today: date | None = None) -> str:
    """``23 augusti``, with the year when it is another than today's."""
    words = f"{day.day} {MONTHS[day.month - 1]}"
    return words if today is None or today.year == day.year else f"{words} {day.year}"
