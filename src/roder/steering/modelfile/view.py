"""A forgiving look at plain data, so that cross checks can run even where other things are wrong.

A step into something that is missing or of the wrong kind gives an empty view; that it is missing or wrong is
said elsewhere, so the checks need not mind.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, time
from decimal import Decimal
from typing import Any

from pydantic_core import PydanticCustomError

from roder.steering.modelfile.faults import Path
from roder.steering.modelfile.parts import read_date, read_decimal, read_time


@dataclass(frozen=True)
class View:
    """A value and the path it was found at."""

    value: Any
    path: Path = ()

    def __getitem__(self, key: str) -> View:
        """The value of a key (empty view when this is no mapping, or has no such key)."""
        inner = self.value.get(key) if isinstance(self.value, dict) else None
        return View(inner, (*self.path, key))

    def __iter__(self) -> Iterator[View]:
        """The items of a list (none when this is no list)."""
        if isinstance(self.value, list):
            for index, item in enumerate(self.value):
                yield View(item, (*self.path, index))

    @property
    def missing(self) -> bool:
        """True when there is nothing here."""
        return self.value is None

    @property
    def text(self) -> str | None:
        """The value if it is text."""
        return self.value if isinstance(self.value, str) else None

    @property
    def number(self) -> int | None:
        """The value if it is a whole number."""
        return self.value if isinstance(self.value, int) and not isinstance(self.value, bool) else None

    @property
    def decimal(self) -> Decimal | None:
        """The value if it is a number."""
        try:
            return None if self.missing else read_decimal(self.value)
        except PydanticCustomError:
            return None

    @property
    def day(self) -> date | None:
        """The value if it is a date that exists."""
        try:
            return None if self.missing else read_date(self.value)
        except PydanticCustomError:
            return None

    @property
    def clock(self) -> time | None:
        """The value if it is a time of day."""
        try:
            return None if self.missing else read_time(self.value)
        except PydanticCustomError:
            return None

    def codes(self, key: str = "code") -> list[str]:
        """The codes of the items of this list."""
        return [code for item in self if (code := item[key].text) is not None]
