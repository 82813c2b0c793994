"""An import is declared once: its columns, what they become, what makes a row the same row, and what must hold.

Everything else (reading, faults, preview, comparison with what is there, writing, undo) is the same for all kinds.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db import models

from roder.access.matrix import Action, Resource
from roder.imports.cells import Cell, Context


@dataclass(frozen=True)
class Column:
    """A column of the file.

    ``into``: the database columns it fills. ``required``: the file must have the column; ``filled``: and every row a
    text in it. ``key``: part of what makes a row the same row. ``empty``: the values of an empty cell or a column that
    is not there. ``reads``: the file's columns that the cell is read from, when more than the one it is named after;
    ``reads_empty``: the cell's reader is asked about an empty text too. A column that is not in the file leaves what
    already stands in the database alone, unless it is ``always`` written.
    """

    name: str
    cell: Cell
    into: tuple[str, ...]
    required: bool = False
    filled: bool = False
    key: bool = False
    empty: tuple[Any, ...] = (None,)
    reads: tuple[str, ...] = ()
    reads_empty: bool = False
    always: bool = False
    help: str = ""

    @property
    def sources(self) -> tuple[str, ...]:
        """The file's columns it is read from."""
        return self.reads or (self.name,)


@dataclass(frozen=True)
class Rule:
    """What must hold for a row beyond its single cells: an SQL condition on the staged values that marks a fault."""

    broken: str
    column: str
    what: str
    do: str


@dataclass(frozen=True)
class Import:
    """A kind of file that can be read in.

    ``rights``: what the person must be allowed. ``constants``: database columns that are the same for every row, from
    the context. ``on_insert``: SQL on the staged row for columns that only a new row gets (``p.n`` is its row in the
    file). ``constraints``: words for what the database refuses, by the constraint's name. ``for_readers``: columns that
    files have for people, and that are not read.
    """

    kind: str
    title: str
    about: str
    model: type[models.Model]
    columns: tuple[Column, ...]
    rights: tuple[tuple[Action, Resource], ...]
    owned_by_committee: bool = False
    rules: tuple[Rule, ...] = ()
    on_insert: Mapping[str, str] = field(default_factory=dict)
    constraints: Mapping[str, str] = field(default_factory=dict)
    for_readers: tuple[str, ...] = ()

    @property
    def table(self) -> str:
        """The database table that the rows go to."""
        return self.model._meta.db_table

    @property
    def file_columns(self) -> tuple[str, ...]:
        """Every column a file may have, in the order they are documented."""
        names: dict[str, None] = {}
        for column in self.columns:
            names |= dict.fromkeys(column.sources)
        return tuple(names)

    @property
    def required_columns(self) -> tuple[str, ...]:
        """The columns a file must have."""
        return tuple(name for column in self.columns if column.required for name in column.sources)

    @property
    def key(self) -> tuple[str, ...]:
        """The database columns that make a row the same row, without the constant ones."""
        return tuple(name for column in self.columns if column.key for name in column.into)

    @property
    def has_batch(self) -> bool:
        """Whether the rows know the file they came with, which is what makes an import possible to undo."""
        return any(item.name == "batch" for item in self.model._meta.fields)

    @property
    def edited_by_people(self) -> bool:
        """Whether the rows carry a revision for optimistic locking."""
        return any(item.name == "revision" for item in self.model._meta.fields)

    def constants(self, context: Context) -> dict[str, Any]:
        """The database columns that are the same for every row."""
        return {"committee_id": context.committee.pk} if self.owned_by_committee else {}
