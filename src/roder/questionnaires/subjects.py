"""What the rooms say of the records that question sets are answered for."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Subject:
    """A kind of record that is answered for. See ``about``."""

    takes: Callable[[Any], bool] = lambda record: True
    own: bool = True
    keeps: Callable[[Any], Any] = lambda record: record


_SUBJECTS: dict[str, Subject] = {}


def about(
    record_kind: str,
    *,
    takes: Callable[[Any], bool] = lambda record: True,
    own: bool = True,
    keeps: Callable[[Any], Any] = lambda record: record,
) -> None:
    """Declare how a kind of record is answered for. Without it: whenever somebody may comment on the record, and read
    by all who see it.

    ``takes``: whether the record takes answers now. ``own`` False: who sees the record only because it is their own (a
    reporter, say) does not see the answers. ``keeps`` gives the record that files of the answer belong to.
    """
    _SUBJECTS[record_kind] = Subject(takes, own, keeps)


def find(record_kind: str) -> Subject:
    """What the room has said of a kind of record."""
    return _SUBJECTS.get(record_kind, _ANY)


_ANY = Subject()
