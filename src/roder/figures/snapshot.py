"""Taking a snapshot: the tables behind the figures, as known now, for an occasion. It exists whole or not at all.

The rows are written to an unfinished folder; then the row in the database is written; when that is committed the
folder gets its own name. So a folder with its own name is always whole and always has a row. What a killed process
left is told apart by ``sweep``: an unfinished folder with a row is finished, one without is removed. While a snapshot
is being taken its code is locked in the database, and the lock goes with the process.
"""

from __future__ import annotations

import hashlib
import os
import secrets
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.db import connection, transaction
from django.utils import timezone
from django.utils.text import slugify
from psycopg import IsolationLevel

from roder import __version__, access
from roder.access.matrix import Action, Resource
from roder.core.locks import Lock
from roder.figures.manifest import MANIFEST, snapshots_dir, to_text, unfinished_folder
from roder.figures.models import Snapshot
from roder.figures.parquet import write_table
from roder.figures.registry import committee_of
from roder.figures.schema import SCHEMA_VERSION, TABLES

if TYPE_CHECKING:
    from roder.organisation.models import Person
    from roder.steering.models import Occasion

#: First half of the advisory lock; the second is made of the code.


def new_code(occasion: Occasion) -> str:
    """A code for a snapshot of the occasion, such as ``alingsas-von-2022-05-3f9a1c``."""
    committee = committee_of(occasion).slug[:30].rstrip("-")
    return f"{committee}-{slugify(occasion.code)}-{secrets.token_hex(3)}"


def _lock_of(code: str) -> int:
    return int.from_bytes(hashlib.sha256(code.encode()).digest()[:4], "big", signed=True)


@contextmanager
def _claimed(code: str) -> Iterator[None]:
    """Hold the code's lock: to the end of the block, or of the transaction we are already in."""
    inside = connection.in_atomic_block
    with connection.cursor() as cursor:
        function = "pg_advisory_xact_lock" if inside else "pg_advisory_lock"
        cursor.execute(f"SELECT {function}(%s, %s)", [Lock.SNAPSHOT, _lock_of(code)])
    try:
        yield
    finally:
        if not inside:
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_unlock(%s, %s)", [Lock.SNAPSHOT, _lock_of(code)])


@contextmanager
def _still() -> Iterator[None]:
    """Read everything as it stood at one moment.

    A transaction of its own is begun as REPEATABLE READ. Inside somebody else's transaction, where that can no longer
    be chosen, the tables are locked against writing instead.
    """
    if connection.in_atomic_block:
        with connection.cursor() as cursor:
            cursor.execute(f"LOCK TABLE {', '.join(_tables_read())} IN SHARE MODE")
        yield
        return
    connection.ensure_connection()
    session = connection.connection
    before = session.isolation_level
    session.isolation_level = IsolationLevel.REPEATABLE_READ
    try:
        with transaction.atomic():
            yield
    finally:
        if not session.closed:
            session.isolation_level = before


def _tables_read() -> list[str]:
    """The database tables that the schema's SELECTs read."""
    from django.apps import apps  # noqa: PLC0415

    rooms = (
        "organisation", "steering", "economy", "measures", "quality", "casework", "tasks", "meetings", "control",
        "registers",
    )  # fmt: skip
    known = {
        table
        for room in rooms
        for model in apps.get_app_config(room).get_models(include_auto_created=True)
        if model._meta.managed
        for table in [model._meta.db_table]
    }
    words = {word for spec in TABLES.values() for word in spec.sql.replace("(", " ").split()}
    return sorted(known & words)


def _fsync(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _write(folder: Path, occasion: Occasion, by: Person | None, code: str) -> dict[str, Any]:
    """Write every table and the manifest to ``folder``; all of it is on disk on return."""
    model = occasion.model
    with _still(), connection.cursor() as cursor:
        taken_at = timezone.now()
        tables = {
            name: write_table(cursor, spec, occasion.committee_id, folder) for name, spec in TABLES.items()
        }
    manifest = {
        "code": code,
        "committee": committee_of(occasion).slug,
        "occasion": occasion.code,
        "cut_off": occasion.cut_off.isoformat(),
        "taken_at": taken_at.isoformat(),
        "taken_by": by.gid if by else None,
        "schema_version": SCHEMA_VERSION,
        "roder": __version__,
        "steering_model": {
            "year": model.year, "version": model.version, "sha256": model.sha256, "content": model.content,
        },
        "rows": sum(table["rows"] for table in tables.values()),
        "tables": tables,
    }  # fmt: skip
    text = to_text(manifest).encode()
    with (folder / MANIFEST).open("xb") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    _fsync(folder)
    return {**manifest, "taken_at": taken_at, "sha256": hashlib.sha256(text).hexdigest()}


def _finish(code: str) -> None:
    """Give a whole snapshot's folder its own name, unless another process has swept it into place already."""
    root = snapshots_dir()
    with suppress(FileNotFoundError):
        unfinished_folder(code).rename(root / code)
    _fsync(root)


def take_snapshot(occasion: Occasion, by: Person | None = None) -> Snapshot:
    """Take a snapshot of everything the figures of the occasion's committee read.

    ``by`` None: the system itself (the demo, the command line). Inside a transaction the snapshot can be read at once,
    and is there for others when the transaction is committed. What interrupted attempts left is swept first.
    Raises NotAllowedError.
    """
    if by is not None:
        access.require(by, Action.EDIT, Resource.FIGURES, occasion.committee_id)
    sweep()
    code = new_code(occasion)
    folder = unfinished_folder(code)
    with _claimed(code):
        recorded = False
        try:
            folder.mkdir(mode=0o700)
            manifest = _write(folder, occasion, by, code)
            with transaction.atomic():
                snapshot = Snapshot.objects.create(
                    code=code,
                    committee_id=occasion.committee_id,
                    occasion=occasion,
                    cut_off=occasion.cut_off,
                    taken_at=manifest["taken_at"],
                    taken_by=by,
                    schema_version=SCHEMA_VERSION,
                    rows=manifest["rows"],
                    manifest_sha256=manifest["sha256"],
                )
                sha256 = manifest["sha256"]
                access.record(by, "snapshot.taken", snapshot, code=code, rows=snapshot.rows, sha256=sha256)
                recorded = True
        except BaseException:
            if (
                not recorded
            ):  # else the row may be there, though the answer to COMMIT was lost: ``sweep`` finds out
                shutil.rmtree(folder, ignore_errors=True)
            raise
        transaction.on_commit(lambda: _finish(code))
    return snapshot


def sweep() -> list[str]:
    """Put right what interrupted snapshots left: whole ones are finished, others removed. Gives the codes removed.

    Finished folders are never touched, nor those that another process is writing. Does nothing inside a transaction,
    which may have an unfinished snapshot of its own.
    """
    swept: list[str] = []
    if connection.in_atomic_block:
        return swept
    for folder in sorted(snapshots_dir().glob(f"{unfinished_folder('').name}*")):
        code = folder.name.removeprefix(unfinished_folder("").name)
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SELECT pg_try_advisory_xact_lock(%s, %s)", [Lock.SNAPSHOT, _lock_of(code)])
            if not cursor.fetchone()[0]:
                continue
            if not Snapshot.objects.filter(code=code).exists():
                shutil.rmtree(folder)
                swept.append(code)
            else:
                _finish(code)
    return swept
