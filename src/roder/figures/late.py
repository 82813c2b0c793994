"""What came late: rows about the time before a snapshot's cut-off, registered or changed after it was taken."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from roder.figures.manifest import check_readable
from roder.figures.schema import TABLES, TableSpec

if TYPE_CHECKING:
    import duckdb

    from roder.figures.models import Snapshot

NEW, CHANGED, REMOVED = "ny", "ändrad", "borttagen"


@dataclass(frozen=True)
class LateRow:
    """A row that is not as it was: which table and record, what happened, what day it is about, when registered."""

    table: str
    title: str
    gid: str
    what: str
    concerns: date
    registered_at: datetime


def _query(spec: TableSpec, now: Path, then: Path) -> str:
    """Rows about the time up to the cut-off that differ between two snapshots' files of the same table."""
    compared = [name for name in spec.columns if name not in ("gid", "registered_at")]
    same = " AND ".join(f'now."{name}" IS NOT DISTINCT FROM before."{name}"' for name in compared)
    files = [str(folder / f"{spec.name}.parquet").replace("'", "''") for folder in (now, then)]
    return f"""
        SELECT coalesce(now.gid, before.gid),
               CASE WHEN before.gid IS NULL THEN '{NEW}' WHEN now.gid IS NULL THEN '{REMOVED}' ELSE '{CHANGED}' END,
               coalesce(now."{spec.concerns}", before."{spec.concerns}"),
               coalesce(now.registered_at, before.registered_at)
        FROM read_parquet('{files[0]}') AS now
        FULL JOIN read_parquet('{files[1]}') AS before ON before.gid = now.gid
        WHERE least(now."{spec.concerns}", before."{spec.concerns}") <= ?
          AND (now.gid IS NULL OR before.gid IS NULL OR NOT ({same}))
        ORDER BY 3, 1
    """  # noqa: S608


def late_since(snapshot: Snapshot, previous: Snapshot) -> list[LateRow]:
    """What ``snapshot`` holds about the time up to ``previous``'s cut-off that was new, changed or gone since then.

    Both must be of the same committee. Raises SnapshotFault, and ValueError for different committees.
    """
    import duckdb  # noqa: PLC0415

    if snapshot.committee_id != previous.committee_id:
        raise ValueError("uttagen hör till olika nämnder")
    now, then = check_readable(snapshot), check_readable(previous)
    found: list[LateRow] = []
    connection: duckdb.DuckDBPyConnection
    with duckdb.connect() as connection:
        for spec in TABLES.values():
            if spec.concerns is None or not (then / f"{spec.name}.parquet").is_file():
                continue
            rows = connection.execute(_query(spec, now, then), [previous.cut_off]).fetchall()
            found += [
                LateRow(spec.name, spec.title, gid, what, concerns, registered.replace(tzinfo=UTC))
                for gid, what, concerns, registered in rows
            ]
    return found


def previous_of(snapshot: Snapshot) -> Snapshot | None:
    """The committee's snapshot taken before this one, if any."""
    earlier = type(snapshot).objects.filter(committee=snapshot.committee_id, taken_at__lt=snapshot.taken_at)
    return earlier.order_by("-taken_at").first()
