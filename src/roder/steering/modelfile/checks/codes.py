"""Codes that must be unique within their list."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import count

from roder.steering.modelfile.checks.look import Look, Remark
from roder.steering.modelfile.view import View

_KEYS = ("code", "role", "kind")
_KIND_LISTS = {"units"}  # lists where the kind is the identity; elsewhere many items share a kind


def duplicate_codes(look: Look) -> Iterator[Remark]:
    """Two items of one list with the same code (or the same role, or the same kind of unit, in ``words``)."""
    yield from _walk(look.root, "")


def _walk(view: View, name: str) -> Iterator[Remark]:
    if isinstance(view.value, dict):
        for key in view.value:
            yield from _walk(view[key], key)
        return
    seen: dict[tuple[str, str], int] = {}
    for position, item in zip(count(1), view, strict=False):
        for key in _KEYS:
            word = item[key].text
            if (
                word is None
                or (key == "role" and name != "roles")
                or (key == "kind" and name not in _KIND_LISTS)
            ):
                continue
            if (key, word) in seen:
                first = seen[key, word]
                yield Remark(
                    item[key].path,
                    f"Koden ”{word}” används redan av post {first} i samma lista; ge den här posten "
                    "en egen kod.",
                )
            else:
                seen[key, word] = position
        yield from _walk(item, name)


CHECKS = (duplicate_codes,)
