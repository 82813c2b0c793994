"""Addresses of pages, worked out once: a page has dozens of them, and the same ones as the page before."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from django.urls import get_script_prefix, reverse


def address(name: str, *args: Any) -> str:
    """The address of a page by its name, as ``reverse`` gives it."""
    return _known(get_script_prefix(), name, args)


@lru_cache(maxsize=10_000)
def _known(prefix: str, name: str, args: tuple[Any, ...]) -> str:
    return reverse(name, args=args)
