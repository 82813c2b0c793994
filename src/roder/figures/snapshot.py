"""Taking a snapshot: the tables behind the figures, as known now, for an occasion. It exists whole or not at all.

The rows are written to a temporary folder which is then renamed, and the row in the database is written last. While a
snapshot is being taken its code is locked in the database; the lock goes with the process, so ``sweep`` can tell what
was left behind by one that was killed from what another is writing.
"""

from __future__ import annotations

import hashlib
import os
import secrets
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.db import connection, transaction
from django.utils import timezone
from django.utils.text import slugify

from roder import __version__, access
from roder.access.matrix import Action, Resource
from roder.figures.manifest import MANIFEST, snapshots_dir, to_text
from roder.figures.models import Snapshot
from roder.figures.parquet import write_table
from roder.figures.schema import SCHEMA_VERSION, TABLES

if TYPE_CHECKING:
    from roder.organisation.models import Person
    from roder.steering.models import Occasion

UNFINISHED = ".uttag-"
#: First half of the advisory lock; the second is made of the code.
LOCK = 7203312


def new_code(occasion: Occasion) -> str:
    """A code for a snapshot of the occasion, such as ``alingsas-von-2022-05-3f9a1c``."""
    committee = occasion.committee.slug[:30].rstrip("-")
    return f"{committee}-{slugify(occasion.code)}-{secrets.token_hex(3)}"


def _lock_of(code: str) -> int:
    return int.from_bytes(hashlib.sha256(code.encode()).digest()[:4], "big", signed=True)


@contextmanager
def _claimed(code: str) -> Iterator[None]:
    """Hold the code's lock: to the end of the block, or of the transaction we are already in."""
    inside = connection.in_atomic_block
    with connection.cursor() as cursor:
        function = "pg_advisory_xact_lock" if inside else "pg_advisory_lock"
        cursor.execute(f"SELECT {function}(%s, %s)", [LOCK, _lock_of(code)])  # noqa: S608
    try:
        yield
    finally:
        if not inside:
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_unlock(%s, %s)", [LOCK, _lock_of(code)])


@contextmanager
def _still() -> Iterator[None]:
    """Read everything as it stood at one moment.

    A transaction of its own is made REPEATABLE READ. Inside somebody else's transaction, where that can no longer be
    chosen, the tables are locked against writing instead.
    """
    inside = connection.in_atomic_block
    with transaction.atomic(), connection.cursor() as cursor:
        if inside:
            cursor.execute(f"LOCK TABLE {', '.join(_tables_read())} IN SHARE MODE")
        else:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        yield


def _tables_read() -> list[str]:
    """The database tables that the schema's SELECTs read."""
    from django.apps import apps  # noqa: PLC0415

    rooms = ("organisation", "steering", "economy", "measures")
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
        tables = {name: write_table(cursor, spec, occasion.committee_id, folder) for name, spec in TABLES.items()}
    manifest = {
        "code": code,
        "committee": occasion.committee.slug,
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


def take_snapshot(occasion: Occasion, by: Person | None = None) -> Snapshot:
    """Take a snapshot of everything the figures of the occasion's committee read.

    ``by`` None: the system itself (the demo, the command line). What an earlier, interrupted attempt left is swept
    first. Raises NotAllowedError.
    """
    if by is not None:
        access.require(by, Action.EDIT, Resource.FIGURES, occasion.committee)
    sweep()
    root, code = snapshots_dir(), new_code(occasion)
    unfinished, folder = root / f"{UNFINISHED}{code}", root / code
    with _claimed(code):
        try:
            unfinished.mkdir(mode=0o700)
            manifest = _write(unfinished, occasion, by, code)
            with transaction.atomic():
                unfinished.rename(folder)
                _fsync(root)
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
                access.record(by, "snapshot.taken", snapshot, code=code, rows=snapshot.rows, sha256=manifest["sha256"])
        except BaseException:
            shutil.rmtree(unfinished, ignore_errors=True)
            shutil.rmtree(folder, ignore_errors=True)
            raise
    return snapshot


def sweep() -> list[str]:
    """Take away what interrupted snapshots left: folders without a row that nobody is writing. Gives their codes.

    A folder whose row was never committed may hold what was never true, so it is removed, not adopted.
    """
    swept = []
    for path in sorted(snapshots_dir().iterdir()):
        code = path.name.removeprefix(UNFINISHED)
        if not path.is_dir() or (code == path.name and Snapshot.objects.filter(code=code).exists()):
            continue
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SELECT pg_try_advisory_xact_lock(%s, %s)", [LOCK, _lock_of(code)])
            free = cursor.fetchone()[0]
            # Its row may have come between the question and the lock.
            if free and (code != path.name or not Snapshot.objects.filter(code=code).exists()):
                shutil.rmtree(path)
                swept.append(code)
    return swept
