"""A record written on a page as a row of its kind's file: the same columns, checks, history and undoing."""

from __future__ import annotations

import csv
import hashlib
import json
import tempfile
from collections.abc import Mapping
from pathlib import Path

from django.db import transaction

from roder import access
from roder.core.faults import UserFault
from roder.core.models import Record
from roder.core.uses import concerning, pointing_at
from roder.imports.cells import Context
from roder.imports.declaration import Import
from roder.imports.record_deeds import Book, RecordDeeds
from roder.imports.services import Committed, ImportFault, commit, one_at_a_time, preview, require_rights
from roder.organisation.models import Person

FILE_NAME = "skrivet på sidan.csv"  # what the history of imports calls it


class TakenFault(UserFault):
    """There is a record that is called the same."""


class ChangedFault(UserFault):
    """Somebody has changed the record since it was opened. ``cells``: what stands now; ``token``: its mark."""

    def __init__(self, cells: dict[str, str], token: str) -> None:
        super().__init__(
            "Någon har ändrat det här sedan du öppnade sidan. Vid fälten står vad som gäller nu."
        )
        self.cells, self.token = cells, token


def can_be_written(what: Import) -> bool:
    """Whether a kind's records may be written one by one on a page."""
    return isinstance(what.deeds, RecordDeeds) and what.rows_on_page


def keys_of(what: Import) -> list[str]:
    """The columns that make a row the same row: they stay once it stands."""
    return [column.name for column in what.columns if column.key]


def standing(what: Import, context: Context, pk: int) -> tuple[Record, dict[str, str], str] | None:
    """A record of the kind that may be changed: the record, its cells by column, and a token of what stands."""
    book = _book(what, context)
    record = next((one for one in book.records.values() if one.pk == pk), None)
    if record is None:
        return None
    said = json.dumps(book.stands(record), sort_keys=True, default=str)
    return record, book.cells(record), hashlib.sha256(said.encode()).hexdigest()[:20]


def save(
    what: Import,
    context: Context,
    cells: Mapping[str, str],
    by: Person,
    *,
    changes: int | None = None,
    token: str = "",
) -> tuple[Record, Committed]:
    """Write a record as a row of the file says it; ``changes`` is the record's number, None for a new one.

    Raises NotAllowedError; ImportFault with what is wrong by column; TakenFault for a new one that is called as one
    that stands; ChangedFault when what stands is not what ``token`` was made of; UserFault when the record is gone or
    the database refuses.
    """
    require_rights(what, context.committee, by)
    with transaction.atomic(), tempfile.TemporaryDirectory() as folder:
        one_at_a_time(context.committee)
        if changes is not None:
            found = standing(what, context, changes)
            if found is None:
                raise UserFault("Raden finns inte kvar. Någon har tagit bort den.")
            if found[2] != token:
                raise ChangedFault(found[1], found[2])
            cells = {**cells, **{name: found[1][name] for name in keys_of(what)}}
        path = _written(cells, Path(folder))
        seen = preview(what, context, path, by)
        if seen.fault_count:
            raise ImportFault(seen.faults, seen.fault_count, FILE_NAME)
        if changes is None and not seen.counts.new:
            raise TakenFault(
                "Det finns redan en med den koden. Öppna den för att ändra, eller välj en annan kod."
            )
        there = {one.pk for one in _book(what, context).records.values()}
        done = commit(what, context, path, FILE_NAME, by)
        now = {one.pk: one for one in _book(what, context).records.values()}
        return now[changes if changes is not None else next(iter(now.keys() - there))], done


def resting(what: Import, context: Context, record: Record) -> list[str]:
    """What else is there because of a record, in words; empty when it may be taken away."""
    book = _book(what, context)
    named = {
        str(one) for one in concerning(book.model, [record.pk], book.own_links(), book.own).get(record.pk, ())
    }
    pointing = {
        str(table._meta.verbose_name_plural)
        for table, field in pointing_at(book.model)
        if table not in book.own and table._base_manager.filter(**{field: record.pk}).exists()
    }
    return sorted(named | pointing)


def remove(what: Import, context: Context, pk: int, by: Person) -> None:
    """Take away a record that nothing rests on. Its history and the trail are kept.

    Raises NotAllowedError; UserFault when it is gone, or saying what rests on it.
    """
    require_rights(what, context.committee, by)
    with transaction.atomic():
        one_at_a_time(context.committee)
        record = (
            _book(what, context).model._default_manager.select_for_update(of=("self",)).filter(pk=pk).first()
        )
        found = standing(what, context, pk)
        if record is None or found is None:
            raise UserFault("Den finns inte kvar. Någon har redan tagit bort den.")
        if there := resting(what, context, record):
            raise UserFault(
                f"Det kan inte tas bort, för det finns annat som hör till det: {', '.join(there)}."
            )
        access.record(by, "record.removed", record, kind=what.kind, code=found[1]["kod"])
        record.delete()


def _book(what: Import, context: Context) -> Book[Record]:
    assert isinstance(what.deeds, RecordDeeds)  # noqa: S101 - those that can be written on a page
    return what.deeds.book(context)


def _written(cells: Mapping[str, str], folder: Path) -> Path:
    path = folder / "rad.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, delimiter=";").writerows([list(cells), list(cells.values())])
    return path
