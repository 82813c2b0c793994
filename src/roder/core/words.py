"""Words put together as they stand in a Swedish sentence."""

from __future__ import annotations

from collections.abc import Sequence


def joined(words: Sequence[str], last: str = "och") -> str:
    """``a``, ``a och b``, ``a, b och c``; nothing for no words. ``last`` stands before the last one."""
    if len(words) < 2:
        return "".join(words)
    return f"{', '.join(words[:-1])} {last} {words[-1]}"
