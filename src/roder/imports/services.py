"""What a person does with a file: look at it, read it in, take it back. Nothing is ever half saved."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from django.db import IntegrityError, connection, transaction

from roder import access
from roder.core.faults import UserFault, constraint_of
from roder.core.locks import Lock
from roder.core.models import ImportBatch
from roder.imports.cells import Context
from roder.imports.comparing import SHOWN_CHANGES, Change, Counts, compare, every_change
from roder.imports.declaration import Import
from roder.imports.faults import Fault
from roder.imports.refusals import WHAT_TO_DO, UndoFault
from roder.imports.report import write_report
from roder.imports.staging import Staging
from roder.imports.undoing import Effect, effects, take_back, tally
from roder.imports.uploads import keep_original
from roder.imports.writing import write
from roder.organisation.models import Body, Person


@dataclass(frozen=True)
class Preview:
    """What a file holds and would change. Nothing has been saved."""

    described: str
    rows: int
    counts: Counts
    columns: list[str]
    first_rows: list[tuple[int, list[str]]]
    changes: list[Change]
    faults: list[Fault]
    fault_count: int
    warnings: list[str]
    sheet: str | None = None
    sheets: tuple[
        str, ...
    ] = ()  # that have the columns, or, when none has them, all that have anything in them

    @property
    def ok(self) -> bool:
        """Whether the file can be read in as it is."""
        return self.fault_count == 0 and self.rows > 0


@dataclass(frozen=True)
class Committed:
    """What was read in. ``batch`` is None when everything stood there already."""

    batch: ImportBatch | None
    counts: Counts
    rows: int
    warnings: list[str]


class ImportFault(UserFault):
    """A file that was refused as a whole, with its first faults and how many there are."""

    def __init__(self, faults: list[Fault], fault_count: int, file_name: str) -> None:
        shown = "\n".join(fault.line(file_name) for fault in faults)
        rest = fault_count - len(faults)
        more = f"\n… och {rest} fel till." if rest > 0 else ""
        super().__init__(f"{shown}{more}\n{fault_count} fel; ingenting har lästs in.")
        self.faults, self.fault_count, self.file_name = faults, fault_count, file_name


def require_rights(what: Import, committee: Body, by: Person | None) -> None:
    """Raise NotAllowedError unless the person may read in this kind. ``None`` is the operator at the command line."""
    if by is None:
        return
    for action, resource in what.rights:
        access.require(by, action, resource, committee)


def may_import(what: Import, committee: Body, by: Any) -> bool:
    """Whether the person may read in this kind of file for the committee."""
    return all(access.may(by, action, resource, committee) for action, resource in what.rights)


def sha256_of(path: Path) -> str:
    """The file's hash."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def preview(
    what: Import, context: Context, path: Path, by: Person | None = None, report: Path | None = None
) -> Preview:
    """Read the file through and compare it with what stands in the database, without saving anything.

    Everything that was found is written to ``report`` (CSV or XLSX, by its name) when it is given. Raises
    NotAllowedError.
    """
    require_rights(what, context.committee, by)
    with _looking(what, context, by), Staging(what, context, path) as staging:
        staging.read()
        comparable = staging.heading is not None and not set(what.required_columns) - staging.present
        counts, changed = _compared(staging) if comparable else (Counts(0, 0, 0), lambda limit: ())
        columns, first_rows = staging.first_rows()
        if not staging.fault_count and not staging.rows:
            staging.say_empty()
        fault_count = staging.fault_count
        if report is not None:
            write_report(staging, counts, changed(None), report)
        table = staging.table
        return Preview(
            described=staging.described,
            rows=staging.rows,
            counts=counts,
            columns=columns,
            first_rows=first_rows,
            changes=list(changed(SHOWN_CHANGES)),
            faults=staging.faults(),
            fault_count=fault_count,
            warnings=staging.warnings,
            sheet=table.sheet if table else None,
            sheets=(table.alike or table.sheets) if table else (),
        )


def commit(
    what: Import,
    context: Context,
    path: Path,
    file_name: str,
    by: Person | None = None,
    sha256: str | None = None,
) -> Committed:
    """Read the file in: all of it, in one transaction, with one record in the trail; or nothing.

    ``file_name`` is what faults call it; its last part is kept with the batch.
    ``sha256`` is the hash of the file that was looked at; another file is refused. Raises NotAllowedError,
    ImportFault when there is any fault, UserFault when the database refuses.
    """
    require_rights(what, context.committee, by)
    digest = sha256_of(path)
    if sha256 is not None and digest != sha256:
        raise UserFault("filen är inte den som granskades. Välj den igen.")
    with Staging(what, context, path) as staging:
        try:
            with transaction.atomic():
                one_at_a_time(context.committee)
                made = what.prepare(context, by) if what.prepare is not None else {}
                staging.read()
                if not staging.fault_count and not staging.rows:
                    staging.say_empty()
                if staging.fault_count:
                    raise ImportFault(staging.faults(), staging.fault_count, file_name)
                with _checked_at_once():
                    done = _save(staging, file_name, digest, by, made)
                if done.batch is None:
                    transaction.set_rollback(True)  # with nothing new, nothing is prepared for it either
                else:
                    keep_original(path, digest)
                return done
        except IntegrityError as error:
            raise UserFault(_refused(what, error)) from error


def _compared(staging: Staging) -> tuple[Counts, Callable[[int | None], Iterable[Change]]]:
    """What the file would do, and a way to so many of the values that it would change (None: all of them)."""
    deeds = staging.what.deeds
    if deeds is not None:
        counted, found = deeds.compare(staging)
        return counted, lambda limit: found[:limit]
    counts = compare(staging)
    return counts, lambda limit: every_change(staging, limit) if counts.changed else ()


def _save(
    staging: Staging, file_name: str, digest: str, by: Person | None, made: dict[str, Any]
) -> Committed:
    what, committee = staging.what, staging.context.committee
    counts = what.deeds.compare(staging)[0] if what.deeds else compare(staging)
    if not counts.new and not counts.changed and not what.keeps:
        return Committed(None, counts, staging.rows, staging.warnings)
    batch = ImportBatch.objects.create(
        committee=committee,
        kind=what.kind,
        file_name=Path(file_name).name[-255:],
        sha256=digest,
        rows=staging.rows,
        new_rows=counts.new,
        changed_rows=counts.changed,
        imported_by=by,
        mapping_name=staging.context.mapping_name,
        layout=_layout(staging),
        done=made,
    )
    if what.deeds is not None:
        batch.done = what.deeds.write(staging, batch)
    else:
        write(staging, batch)
    if what.saved is not None:
        what.saved(staging, batch)
    if batch.done:
        batch.save(update_fields=["done"])
    access.record(
        by,
        "import.committed",
        batch,
        kind=what.kind,
        committee=committee.slug,
        sha256=digest,
        rows=batch.rows,
        new=counts.new,
        changed=counts.changed,
    )
    # Set last: every change by this import is before this moment, every later one after. Undoing rests on it.
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE core_importbatch SET imported_at = clock_timestamp() WHERE id = %s", [batch.pk]
        )
    batch.refresh_from_db(fields=["imported_at"])
    more = what.then(batch, by) if what.then is not None else []
    return Committed(batch, counts, staging.rows, staging.warnings + more)


def _layout(staging: Staging) -> dict[str, Any]:
    """How the file was read, kept with the batch: a mapping may be changed or removed later."""
    sheet = staging.table.sheet if staging.table else None
    return {**({"blad": sheet} if sheet else {}), **_columns(staging.context)}


def _columns(context: Context) -> dict[str, Any]:
    kept = {"kolumner": dict(context.mapping), "samma": dict(context.constants)}
    return {name: value for name, value in kept.items() if value}


def standing_import(what: Import, path: Path, context: Context) -> ImportBatch | None:
    """The import of the same file, its columns read in the same way, that stands."""
    same = ImportBatch.objects.filter(
        committee=context.committee, kind=what.kind, sha256=sha256_of(path), undone_at=None
    )
    wanted = _columns(context)
    return next((one for one in same if {**one.layout, "blad": None} == {**wanted, "blad": None}), None)


@dataclass(frozen=True)
class Undone:
    """What taking a file back did, or would do: how many of its rows, what of the rest had to be ``left`` and why, and
    in a plan what happens to each table."""

    rows: int
    left: list[str]
    effects: list[Effect] = field(default_factory=list)


def undo(what: Import, batch: ImportBatch, by: Person | None = None) -> Undone:
    """Take a read-in file back: its new rows go, the rows it replaced come back.

    Raises NotAllowedError; UserFault when it is undone already, cannot be undone, or when somebody has changed any
    of its rows since (then nothing is touched).
    """
    committee = _undoable(what, batch, by)
    with transaction.atomic():
        batch, done = _take_back(what, batch, committee)
        with connection.cursor() as cursor:
            cursor.execute(
                "UPDATE core_importbatch SET undone_at = clock_timestamp(), undone_by_id = %s WHERE id = %s",
                [by.pk if by is not None else None, batch.pk],
            )
        access.record(by, "import.undone", batch, kind=what.kind, sha256=batch.sha256, rows=done.rows)
    return done


def undo_plan(what: Import, batch: ImportBatch, by: Person | None = None) -> Undone:
    """What taking the file back would do to each table. It is done, counted, and not kept. Raises as ``undo``."""
    committee = _undoable(what, batch, by)
    with transaction.atomic():
        before = tally()
        _, done = _take_back(what, batch, committee)
        done = replace(done, effects=effects(before, tally()))
        transaction.set_rollback(True)
    return done


def _undoable(what: Import, batch: ImportBatch, by: Person | None) -> Body:
    """The committee whose rows they are. Raises UserFault, NotAllowedError."""
    if batch.committee is None:
        raise UserFault(f"{what.title} kan inte ångras: inläsningen hör inte till en nämnd.")
    require_rights(what, batch.committee, by)
    return batch.committee


def _take_back(what: Import, batch: ImportBatch, committee: Body) -> tuple[ImportBatch, Undone]:
    """Inside a transaction: the batch, locked, and what was done."""
    one_at_a_time(committee)
    batch = ImportBatch.objects.select_for_update(of=("self",)).get(pk=batch.pk)
    if batch.undone_at is not None:
        raise UserFault("inläsningen är redan ångrad.")
    try:
        with transaction.atomic(), _checked_at_once():
            rows = what.deeds.take_back(batch) if what.deeds else take_back(what, batch)
            return batch, Undone(rows, what.undone(batch) if what.undone is not None else [])
    except IntegrityError as error:
        raise UndoFault("någon har arbetat vidare med raderna", WHAT_TO_DO) from error


@contextmanager
def _looking(what: Import, context: Context, by: Person | None) -> Iterator[None]:
    """While a file is looked at, what it needs stands; then it is gone again."""
    if what.prepare is None:
        yield
        return
    with transaction.atomic():
        what.prepare(context, by)
        yield
        transaction.set_rollback(True)


def one_at_a_time(committee: Body) -> None:
    """Hold the lock that everything read in for a committee holds, to the end of the transaction."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", [Lock.READING_IN, committee.pk])


@contextmanager
def _checked_at_once() -> Iterator[None]:
    """Foreign keys are checked by each statement.

    Were they put off, every row's history would go through the whole list of checks that wait: its trigger asks for a
    context that is not there, and so rolls back a savepoint. A hundred thousand rows would take an hour.
    """
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    yield
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")


def _refused(what: Import, error: IntegrityError) -> str:
    """What the database's refusal means for the person."""
    name = constraint_of(error)
    words = what.constraints.get(name)
    if words is None:
        words = f"databasen godtar inte någon av raderna ({name or 'okänd regel'})"
    return f"{words.rstrip('.')}. Ingenting har lästs in."
