"""Files whose rows are records with more to them than one table: a measure with its definition and wanted value, a goal
with its measures.

What is said of a record is kept by the file's columns, as plain values: what stands, what the file says, and (with the
batch) what stood before. Only what differs is written, and taking back writes what stood.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, ClassVar, Generic, TypeVar

from django.db import models
from django.db.models import Q

from roder.core.models import ImportBatch, Record
from roder.core.numbers import format_number
from roder.core.uses import concerning
from roder.imports.cells import Context
from roder.imports.comparing import SHOWN_CHANGES, Change, Counts
from roder.imports.declaration import Column
from roder.imports.refusals import SHOWN, WHAT_TO_DO, UndoFault
from roder.imports.staging import Staging
from roder.imports.worked_on import refuse_work

R = TypeVar("R", bound=Record)
Key = tuple[str, ...]
Said = dict[str, Any]  # file column -> plain value


def plain(value: Any) -> Any:
    """A value as JSON keeps it, and as two of them can be compared."""
    if isinstance(value, Decimal):
        return str(value.normalize() + 0)  # 90, and not 9E+1
    return value.isoformat() if isinstance(value, date) else value


@dataclass
class Row:
    """A row of the file: what stands of its record (nothing for a new one), and what the file says of it."""

    n: int
    key: Key
    stands: Said | None
    said: Said

    @property
    def changed(self) -> Said:
        """What is to be written."""
        return {
            name: value
            for name, value in self.said.items()
            if self.stands is None or self.stands.get(name) != value
        }


class Book(ABC, Generic[R]):
    """A committee's records of one kind, as they stand and as they are made to stand.

    ``fields``: file column -> field of the model, for what is the record's own. ``own``: tables whose rows are part of
    the record, or follow it by themselves. ``named``: what of a row the record is called by, and cannot be without.
    """

    model: type[R]
    fields: ClassVar[Mapping[str, str]]
    own: ClassVar[frozenset[type[models.Model]]] = frozenset()
    named: ClassVar[str] = "code"

    def __init__(self, context: Context) -> None:
        self.context, self.committee = context, context.committee
        self.records: dict[Key, R] = {self.key(one): one for one in self.standing()}
        self.last = max((int(getattr(one, "position", -1)) for one in self.records.values()), default=-1)

    @abstractmethod
    def standing(self) -> Iterable[R]:
        """The records that stand."""

    def key(self, record: R) -> Key:
        """What makes it the same record. Capital letters do not matter."""
        return (str(self.name_of(record)).casefold(),)

    def name_of(self, record: R) -> Any:
        """What the record is called by."""
        return getattr(record, self.named)

    def key_of(self, values: Said) -> Key:
        """The same, of a row of the file."""
        return (str(values[self.named]).casefold(),)

    def stands(self, record: R) -> Said:
        """What stands of a record."""
        return {name: plain(getattr(record, field)) for name, field in self.fields.items()}

    @abstractmethod
    def said(self, values: Said, stands: Said | None, present: set[str]) -> Said:
        """What a row says. ``values`` by the columns of the declaration; a new record gets all of them, another only
        those that are ``present`` in the file."""

    @abstractmethod
    def check(self, staging: Staging, rows: list[Row]) -> None:
        """Note what only the rows together with what stands can show."""

    @abstractmethod
    def write(self, key: Key, said: Said, code: Any, *, new: bool) -> R:
        """Make a record be as is said; ``code`` is what it is called by. Raises UserFault."""

    def show(self, name: str, value: Any) -> str:
        """A value in words."""
        if value in (None, "", [], {}):
            return "tomt"
        field = self.model._meta.get_field(self.fields[name]) if name in self.fields else None
        choices = dict(getattr(field, "flatchoices", ()))
        return str(choices.get(value, value))

    def cells(self, record: R) -> dict[str, str]:
        """A record as a row of the file has it, by column: read in again it changes nothing."""
        stands = self.stands(record)
        return {name: self.cell_text(name, stands[name]) for name in self.fields}

    def cell_text(self, name: str, value: Any) -> str:
        """A value of one of the record's own fields as a cell has it."""
        if value in (None, "", [], {}):
            return ""
        if isinstance(value, bool):
            return "ja" if value else "nej"
        return self.show(name, value)

    def taken(self, name: str, value: Any) -> Any:
        """A value as a field of the model takes it."""
        field = next(one for one in self.model._meta.concrete_fields if one.name == name)
        return field.to_python(value)

    def values_of(self, said: Said) -> dict[str, Any]:
        """The record's own fields of what is said, as the model takes them."""
        return {field: self.taken(field, said[name]) for name, field in self.fields.items() if name in said}

    def refuse(self, made: list[R], batch: ImportBatch) -> None:
        """Raise UndoFault when what came new may not go for a reason that is the kind's own."""

    def own_links(self) -> Q:
        """The links that are part of the records."""
        return Q(pk__in=())

    def next_position(self) -> int:
        """The place after the last in the list."""
        self.last += 1
        return self.last

    def in_order(self, rows: list[Row]) -> list[Row]:
        """Rows in the order they must be written."""
        return rows

    def beside(self) -> dict[str, list[int]]:
        """What else was made for the rows written so far: kept with the batch."""
        return {}

    def clear(self, beside: Mapping[str, list[int]]) -> None:
        """Take away what was made for the rows, where nothing else needs it."""

    def rows(self, staging: Staging, *, faultless: bool = True) -> list[Row]:
        """The file's rows beside what stands."""
        columns = [name for column in staging.what.columns for name in column.into]
        found = []
        for n, *values in staging.values(*columns, faultless=faultless):
            row = dict(zip(columns, values, strict=True))
            if row[self.named] is None:
                continue  # said at its cell
            key = self.key_of(row)
            record = self.records.get(key)
            stands = self.stands(record) if record is not None else None
            found.append(Row(n, key, stands, self.said(row, stands, staging.present)))
        return found


def own_fields(columns: Iterable[Column], model: type[models.Model]) -> dict[str, str]:
    """The columns that are fields of the model itself, beside the code."""
    known = {field.name for field in model._meta.concrete_fields}
    return {
        column.name: column.into[0]
        for column in columns
        if len(column.into) == 1 and column.into[0] in known and not column.key
    }


def said_of_fields(book: Book[Any], values: Said, stands: Said | None, present: set[str]) -> Said:
    """The record's own fields as a row says them."""
    return {
        name: plain(book.taken(field, values[field]))
        for name, field in book.fields.items()
        if stands is None or name in present
    }


@dataclass(frozen=True)
class RecordDeeds:
    """Adds records and changes what the file says of them. Nothing is removed: what is not in the file stays."""

    book: type[Book[Any]]

    def check(self, staging: Staging) -> None:
        """A code is written in one way, and what the kind itself must see to."""
        book = self.book(staging.context)
        spelled: dict[Key, str] = {}
        columns = [column for column in staging.what.columns if column.key]
        names = [name for column in columns for name in column.into]
        for n, *values in staging.values(*names):
            row = dict(zip(names, values, strict=True))
            code = row[book.named]
            if code is not None and spelled.setdefault(book.key_of(row), code) != code:
                first = spelled[book.key_of(row)]
                column = next(one.name for one in columns if book.named in one.into)
                word = "koden" if book.named == "code" else column
                own = "egen kod" if book.named == "code" else "egen benämning"
                what = f"{word} ”{code}” finns redan i filen, skriven ”{first}”"
                staging.note_cell(n, column, what, f"Skriv på samma sätt, eller ge raden en {own}.")
        book.check(staging, book.rows(staging, faultless=False))

    def compare(self, staging: Staging) -> tuple[Counts, list[Change]]:
        """New records, and those of which the file says something else than what stands."""
        book = self.book(staging.context)
        rows = book.rows(staging)
        new = sum(row.stands is None for row in rows)
        changed = [row for row in rows if row.stands is not None and row.changed]
        shown = [
            Change(
                row.n,
                staging.called(name),
                book.show(name, (row.stands or {}).get(name)),
                book.show(name, value),
            )
            for row in changed[:SHOWN_CHANGES]
            for name, value in row.changed.items()
        ]
        return Counts(new, len(changed), len(rows) - new - len(changed)), shown[:SHOWN_CHANGES]

    def write(self, staging: Staging, batch: ImportBatch) -> dict[str, Any]:
        """What differs is written. What stood, and what stands then, is kept."""
        book = self.book(staging.context)
        codes = dict(staging.values(book.named, faultless=True))
        made: list[int] = []
        before: dict[int, Said] = {}
        for row in book.in_order(book.rows(staging)):
            if row.stands is not None and not row.changed:
                continue
            record = book.write(row.key, row.changed, codes[row.n], new=row.stands is None)
            if row.stands is None:
                made.append(record.pk)
            else:
                before[record.pk] = {name: row.stands.get(name) for name in row.changed}
        now = self.book(staging.context)
        stands = {one.pk: one for one in now.records.values()}
        return {
            "made": made,
            "left": {str(pk): now.stands(stands[pk]) for pk in made},
            "changed": {
                str(pk): {
                    "before": said,
                    "after": {name: value for name, value in now.stands(stands[pk]).items() if name in said},
                }
                for pk, said in before.items()
            },
            **book.beside(),
        }

    def take_back(self, batch: ImportBatch) -> int:
        """What stood is written, and what was new goes; unless somebody has changed or used any of it."""
        done = batch.done
        assert batch.committee is not None  # noqa: S101 - asked before
        book = self.book(Context(batch.committee))
        standing = {one.pk: one for one in book.records.values()}
        left = {int(pk): said for pk, said in done["left"].items()}
        left |= {int(pk): one["after"] for pk, one in done["changed"].items()}
        _refuse_changes(book, standing, left)
        for pk, one in done["changed"].items():
            record = standing[int(pk)]
            book.write(book.key(record), one["before"], book.name_of(record), new=False)
        made = [standing[pk] for pk in done["made"]]
        book.refuse(made, batch)
        _refuse_use(book, made)
        for pk in reversed(done["made"]):  # those that point at others were made after them
            standing[pk].delete()
        book.clear(done)
        return len(done["made"]) + len(done["changed"])


def _refuse_changes(book: Book[Any], standing: Mapping[int, Record], left: Mapping[int, Said]) -> None:
    """Raise UndoFault when what the file wrote has been changed or removed since, by people or by another file."""
    gone = [pk for pk in left if pk not in standing]
    touched = [
        standing[pk]
        for pk, said in left.items()
        if pk in standing
        and any(book.stands(standing[pk]).get(name) != value for name, value in said.items())
    ]
    count = len(gone) + len(touched)
    if count:
        named = [*map(str, touched), *(f"rad {pk} (borttagen)" for pk in gone)][:SHOWN]
        raise UndoFault(f"{count} av raderna har ändrats efter inläsningen", WHAT_TO_DO, named, count)


def _refuse_use(book: Book[Any], made: list[Record]) -> None:
    """Raise UserFault when anything else stands on a record that came new with the file."""
    ids = [one.pk for one in made]
    refuse_work(book.model, ids, set(book.own))
    used = concerning(book.model, ids, book.own_links(), book.own)
    if used:
        rows = [str(one) for one in made if one.pk in used]
        words = ", ".join(sorted({str(word) for words in used.values() for word in words}))
        raise UndoFault(
            f"någon har arbetat vidare med {len(rows)} av raderna ({words})",
            WHAT_TO_DO,
            rows[:SHOWN],
            len(rows),
        )


def number_words(value: str | None) -> str:
    """A kept number as people read it."""
    if value is None:
        return ""
    number = Decimal(value)
    exponent = number.normalize().as_tuple().exponent
    return format_number(number, max(0, -exponent) if isinstance(exponent, int) else 0)
