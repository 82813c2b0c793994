"""What somebody who sends the same form again has changed, as lines that are put last in the text that was sent."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

MARK = "\n\nTillägg "
NOT_SAID = "inte angivet"


def changed(text: str, before: Mapping[str, str], now: Mapping[str, str]) -> list[str]:
    """The fields that say something else than what stands, as lines: ``Enhet: Björken``. ``before`` is what was sent
    the first time, by word; what a supplement in ``text`` says already goes before it. An empty value is said too."""
    added = text.partition(MARK)[2].splitlines()
    found = []
    for word, value in now.items():
        line = f"{word}: {value or NOT_SAID}"
        said = [one for one in added if one.startswith(f"{word}: ")]
        if line != (said[-1] if said else f"{word}: {before.get(word, '') or NOT_SAID}"):
            found.append(line)
    return found


def with_supplement(text: str, lines: list[str], at: datetime) -> str:
    """The text with a supplement after it. ``at`` is a moment in local time."""
    return "\n".join([f"{text}{MARK}{at:%Y-%m-%d %H:%M}:", *lines])
