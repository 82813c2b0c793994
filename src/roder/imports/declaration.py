"""An import is declared once: its columns, what they become, what makes a row the same row, and what must hold.

Everything else (reading, faults, preview, comparison with what is there, writing, undo) is the same for all kinds.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Protocol

from django.db import models

from roder.access.matrix import Action, Resource
from roder.imports.cells import Cell, Context

if TYPE_CHECKING:
    from roder.core.models import ImportBatch
    from roder.imports.comparing import Change, Counts
    from roder.imports.readers import Table
    from roder.imports.staging import Staging
    from roder.organisation.models import Person


@dataclass(frozen=True)
class Column:
    """A column of the file.

    ``into``: the database columns it fills. ``required``: the file must have the column; ``filled``: and every row a
    text in it. ``key``: part of what makes a row the same row. ``empty``: the values of an empty cell or a column
    that is not there. ``reads``: the file's columns that the cell is read from, when more than the one it is named
    after; ``reads_empty``: the cell's reader is asked about an empty text too. A column that is not in the file
    leaves what already stands in the database alone, unless it is ``always`` written. ``optional``: those of
    ``reads`` that a file may lack though the column is required. ``held``: the values are no columns of the table;
    derived columns and rows of other tables are made of them, or ``saved`` keeps them: then ``standing`` is
    PostgreSQL for what stands of the value for the row ``t``, and ``says`` DuckDB for when the row ``p`` says
    anything of it. ``help`` says what stands in the column; ``helps`` what stands in each of the others that it is
    read from.
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
    optional: tuple[str, ...] = ()
    held: bool = False
    standing: str = ""
    says: str = "TRUE"
    help: str = ""
    helps: Mapping[str, str] = field(default_factory=dict)

    def about(self, name: str) -> str:
        """What stands in one of the file's columns that it is read from."""
        return self.helps.get(name, self.help)

    @property
    def sources(self) -> tuple[str, ...]:
        """The file's columns it is read from."""
        return self.reads or (self.name,)


@dataclass(frozen=True)
class Rule:
    """What must hold for a row beyond its single cells: an SQL condition on the staged values that marks a fault.

    Asked when the file has the column, or ``always``."""

    broken: str
    column: str
    what: str
    do: str
    always: bool = False


@dataclass(frozen=True)
class Derived:
    """A database column computed from the row's other staged values: ``sql`` is DuckDB's, on the row ``p``.

    A row that stands already gets it when the file has any of the columns ``of``.
    """

    name: str
    kind: str
    sql: str
    of: tuple[str, ...]


@dataclass(frozen=True)
class Below:
    """Rows of a table below the row, made of a held text with an item for each (``|`` between), always in one order.

    ``parent``: the column that points at the row; ``columns``: database column -> DuckDB SQL on ``item`` and ``p``.
    ``standing``: PostgreSQL that gives the same text for the row ``t`` as it stands; ``mine``: which rows ``c`` of the
    table that are the import's to replace.
    """

    held: str
    model: type[models.Model]
    parent: str
    columns: Mapping[str, str]
    standing: str
    mine: str = "TRUE"

    @property
    def table(self) -> str:
        """The database table."""
        return self.model._meta.db_table


@dataclass(frozen=True)
class Above:
    """A row of another table that the row points at, made for it when the held text is not empty.

    ``pointer``: the column that points; ``columns`` and ``standing`` as for ``Below`` (``item`` is the whole text).
    """

    held: str
    model: type[models.Model]
    pointer: str
    columns: Mapping[str, str]
    standing: str
    constants: Callable[[Context], dict[str, Any]] = lambda context: {"committee_id": context.committee.pk}

    @property
    def table(self) -> str:
        """The database table."""
        return self.model._meta.db_table


class Deeds(Protocol):
    """Rows that are deeds rather than rows of one table: a unit with its place in the tree, a mandate with its person.

    Reading, faults, preview, history and undo are those of every import; only what the rows do is said here.
    """

    def check(self, staging: Staging) -> None:
        """Note the faults that only all rows together show."""
        ...

    def compare(self, staging: Staging) -> tuple[Counts, list[Change]]:
        """What the rows would do."""
        ...

    def write(self, staging: Staging, batch: ImportBatch) -> dict[str, Any]:
        """Do it, in the transaction one is in. Gives what undoing must know, as plain JSON values."""
        ...

    def take_back(self, batch: ImportBatch) -> int:
        """Undo it; how many rows. Raises UserFault, and nothing is touched, when somebody has worked on."""
        ...


@dataclass(frozen=True)
class Import:
    """A kind of file that can be read in.

    ``rights``: what the person must be allowed. ``constants``: database columns that are the same for every row, from
    the context. ``on_insert``: SQL on the staged row for columns that only a new row gets (``p.n`` is its row in the
    file). ``constraints``: words for what the database refuses, by the constraint's name. ``for_readers``: columns
    that files have for people, and that are not read. ``below`` and ``above``: rows of other tables that come with
    the row. ``prepare``: what must stand before the file is read (a year's list that its rows belong to); taken back
    when the file is only looked at, or gives nothing new. It gives what ``undone`` must know of it. ``checked``:
    notes the faults that rules on single rows cannot see. ``saved``: what more of the staged rows is kept, in the
    same transaction, with what ``undone`` must know in ``batch.done``; ``undone`` takes it back, and says what had to
    be left. ``then``: what follows from a file that has been read in; its answers are shown as remarks. ``example``:
    file column -> what stands in the blank file's example row, where the column's own list or kind of value does not
    say it. ``opens``: reads a file that is no table, notes its faults, and gives the table that its rows are made of.
    ``keeps``: what is kept beside the rows, in a sentence; such a file is read in also when no row changes.
    ``deeds``: the rows are deeds, not rows of ``model``, which else knows what file its rows came with (``batch``):
    every file can be taken back. ``rows_on_page``: a row may be written on a page too, when its deeds are a record's.
    """

    kind: str
    title: str
    about: str
    model: type[models.Model]
    columns: tuple[Column, ...]
    rights: tuple[tuple[Action, Resource], ...]
    owned_by_committee: bool = False
    owned_by_municipality: bool = False
    rules: tuple[Rule, ...] = ()
    on_insert: Mapping[str, str] = field(default_factory=dict)
    constraints: Mapping[str, str] = field(default_factory=dict)
    for_readers: tuple[str, ...] = ()
    example: Mapping[str, str] = field(default_factory=dict)
    derived: tuple[Derived, ...] = ()
    below: tuple[Below, ...] = ()
    above: tuple[Above, ...] = ()
    prepare: Callable[[Context, Person | None], dict[str, Any]] | None = None
    checked: Callable[[Staging], None] | None = None
    saved: Callable[[Staging, ImportBatch], None] | None = None
    then: Callable[[ImportBatch, Person | None], list[str]] | None = None
    undone: Callable[[ImportBatch], list[str]] | None = None
    opens: Callable[[Staging], Table] | None = None
    keeps: str = ""
    deeds: Deeds | None = None
    rows_on_page: bool = False

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
        return tuple(
            name
            for column in self.columns
            if column.required
            for name in column.sources
            if name not in column.optional
        )

    @property
    def key(self) -> tuple[str, ...]:
        """The database columns that make a row the same row, without the constant ones."""
        return tuple(name for column in self.columns if column.key for name in column.into)

    @property
    def edited_by_people(self) -> bool:
        """Whether the rows carry a revision for optimistic locking."""
        return any(item.name == "revision" for item in self.model._meta.fields)

    def constants(self, context: Context) -> dict[str, Any]:
        """The database columns that are the same for every row."""
        own: dict[str, Any] = {}
        if self.owned_by_committee:
            own["committee_id"] = context.committee.pk
        if self.owned_by_municipality:
            own["municipality_id"] = context.committee.municipality_id
        return own
