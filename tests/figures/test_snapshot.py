"""Snapshots: whole or not at all, verifiable to the byte, without text and people, and late rows are listed."""

from __future__ import annotations

import json
import shutil
import signal
import subprocess
import sys
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import pytest
from django.db import OperationalError, connection, transaction

from roder import access
from roder.access import trail
from roder.access.models import AuditRecord
from roder.core.locks import Lock
from roder.economy.models import BudgetLine, ForecastLine
from roder.figures import (
    SnapshotFault,
    SnapshotSource,
    late_since,
    sweep,
    take_snapshot,
    verify_snapshot,
)
from roder.figures import manifest as manifest_module
from roder.figures.late import previous_of
from roder.figures.manifest import folder_of, read_manifest, unfinished_folder
from roder.figures.models import Snapshot
from roder.figures.schema import SCHEMA_VERSION, TABLES
from roder.organisation.models import Mandate, Person
from roder.reports.jobs import sweep_folders
from tests.figures.chance import generated
from tests.figures.world import World, alingsas


def person(world: World, role: str) -> Person:
    """Somebody with a mandate in the committee."""
    somebody = Person.objects.create_user(f"{role}@example.org", name="Någon Testsson")
    Mandate.objects.create(person=somebody, role=role, body=world.committee, valid=(date(2020, 1, 1), None))
    return somebody


def folders() -> list[str]:
    """What stands in the folder of snapshots."""
    return sorted(path.name for path in manifest_module.snapshots_dir().iterdir())


def test_a_snapshot_says_what_it_holds(alingsas: World) -> None:
    by = person(alingsas, "controller")
    snapshot = take_snapshot(alingsas.occasions["2022-05"], by)
    manifest = read_manifest(snapshot)
    assert snapshot.code.startswith("alingsas-von-2022-05-")
    assert manifest["cut_off"] == "2022-05-31"
    assert manifest["schema_version"] == SCHEMA_VERSION
    assert manifest["taken_by"] == by.gid
    assert by.name not in json.dumps(manifest, ensure_ascii=False)
    assert manifest["steering_model"]["version"] == 1
    assert manifest["tables"]["economy_forecast"]["rows"] == 14
    assert snapshot.rows == sum(table["rows"] for table in manifest["tables"].values())
    assert set(manifest["tables"]) == set(TABLES)
    assert verify_snapshot(snapshot) == []
    record = AuditRecord.objects.get(deed="snapshot.taken")
    assert record.subject == f"figures.snapshot:{snapshot.pk}"
    assert record.detail["sha256"] == snapshot.manifest_sha256


def test_only_those_who_may_edit_figures_take_snapshots(alingsas: World) -> None:
    with pytest.raises(access.NotAllowedError):
        take_snapshot(alingsas.occasions["2022-05"], person(alingsas, "member"))
    assert folders() == []


def test_values_are_stored_exactly(empty: World) -> None:
    text = 'O\'Brien "ett",\r\ntvå; 100 %'
    empty.units["vof"].name = text
    empty.units["vof"].save()
    empty.forecast("2022-05", personal="-12345678901234.56", lokaler="0.01")
    snapshot = take_snapshot(empty.occasions["2022-05"])
    with duckdb.connect() as con:
        folder = folder_of(snapshot)
        amounts = con.execute(
            f"SELECT amount, unit_code FROM '{folder}/economy_forecast.parquet' ORDER BY 1"
        ).fetchall()
        names = con.execute(f"SELECT name, parent_code, valid_to FROM '{folder}/units.parquet'").fetchall()
        types = con.execute(f"DESCRIBE SELECT * FROM '{folder}/economy_forecast.parquet'").fetchall()
    assert amounts == [(Decimal("-12345678901234.56"), None), (Decimal("0.01"), None)]
    assert names == [(text, None, None)]
    assert {row[0]: row[1] for row in types}["amount"] == "DECIMAL(16,2)"


def test_every_row_has_its_global_id_and_when_it_was_registered(db: None) -> None:
    snapshot = take_snapshot(generated(3).occasions["2022-05"])
    with duckdb.connect() as con:
        for name in TABLES:
            path = folder_of(snapshot) / f"{name}.parquet"
            query = f"""SELECT count(*), count(*) FILTER (regexp_matches(gid, '^[a-z]+\\.[a-z]+:[0-9]+$')),
                               count(registered_at) FROM '{path}'"""
            rows, with_gid, registered = con.execute(query).fetchone() or (0, 0, 0)
            assert rows == with_gid == registered, name


def test_free_text_and_people_are_never_in_a_snapshot(alingsas: World) -> None:
    by = person(alingsas, "controller")
    ForecastLine.objects.update(cause="FRITEXT", source="KÄLLTEXT", registered_by=by)
    BudgetLine.objects.update(source="KÄLLTEXT", registered_by=by)
    folder = folder_of(take_snapshot(alingsas.occasions["2022-05"], by))
    with duckdb.connect() as con:
        for name in TABLES:
            rows = con.execute(f"SELECT * FROM '{folder}/{name}.parquet'").fetchall()
            found = str(rows)
            assert "FRITEXT" not in found
            assert "KÄLLTEXT" not in found
            assert by.name not in found
            assert not {
                column
                for column, kind in TABLES[name].columns.items()
                if (column.endswith("_by") and kind != "date") or column == "text"
            }


def test_a_flipped_byte_is_found(alingsas: World) -> None:
    snapshot = take_snapshot(alingsas.occasions["2022-05"])
    path = folder_of(snapshot) / "economy_forecast.parquet"
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)
    assert verify_snapshot(snapshot) == ["economy_forecast.parquet är ändrad"]


def test_a_missing_an_added_and_a_truncated_file_are_found(alingsas: World) -> None:
    snapshot = take_snapshot(alingsas.occasions["2022-05"])
    folder = folder_of(snapshot)
    (folder / "goals.parquet").unlink()
    (folder / "extra.txt").write_text("x")
    assert verify_snapshot(snapshot) == ["goals.parquet saknas", "extra.txt hör inte till uttaget"]
    with pytest.raises(SnapshotFault, match="goals"):
        SnapshotSource.open(snapshot)


def test_another_manifest_is_not_accepted(alingsas: World) -> None:
    snapshot = take_snapshot(alingsas.occasions["2022-05"])
    path = folder_of(snapshot) / "manifest.json"
    path.write_text(path.read_text().replace('"2022-05-31"', '"2022-06-30"'))
    assert "inte den som skrevs" in verify_snapshot(snapshot)[0]
    with pytest.raises(SnapshotFault):
        SnapshotSource.open(snapshot)
    shutil.rmtree(path.parent)
    assert "saknar sina filer" in verify_snapshot(snapshot)[0]


def test_a_snapshot_of_another_schema_is_refused_in_plain_words(alingsas: World) -> None:
    snapshot = take_snapshot(alingsas.occasions["2022-05"])
    snapshot.schema_version = SCHEMA_VERSION + 1
    with pytest.raises(SnapshotFault, match="schemaversion"):
        SnapshotSource.open(snapshot)


@pytest.mark.parametrize("step", ["write_table", "to_text"])
def test_a_failure_while_writing_leaves_nothing(
    alingsas: World, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    def fail(*arguments: Any) -> None:
        raise OSError("skivan är full")

    monkeypatch.setattr(f"roder.figures.snapshot.{step}", fail)
    with pytest.raises(OSError, match="skivan är full"):
        take_snapshot(alingsas.occasions["2022-05"])
    assert folders() == []
    assert not Snapshot.objects.exists()


def test_a_failure_when_the_row_is_written_leaves_nothing(
    alingsas: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*arguments: Any, **detail: Any) -> None:
        raise RuntimeError("spåret kan inte skrivas")

    monkeypatch.setattr("roder.access.trail.record", fail)
    with pytest.raises(RuntimeError):
        take_snapshot(alingsas.occasions["2022-05"])
    assert folders() == []
    assert not Snapshot.objects.exists()


def test_a_connection_lost_at_the_commit_takes_nothing_that_the_row_needs(
    committed: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    occasion, record, commit = alingsas().occasions["2022-05"], trail.record, connection._commit

    def recorded(*arguments: Any, **detail: Any) -> None:
        record(*arguments, **detail)
        broken.setattr(connection, "_commit", lost)

    def lost() -> None:
        commit()  # the server has done it; the answer never came
        raise OperationalError("server closed the connection unexpectedly")

    with monkeypatch.context() as broken, pytest.raises(OperationalError):
        broken.setattr("roder.figures.snapshot.access.record", recorded)
        take_snapshot(occasion)
    snapshot = Snapshot.objects.get()
    sweep_folders()
    assert folders() == [snapshot.code]
    assert verify_snapshot(snapshot) == []


def test_sweep_finishes_what_is_whole_and_removes_what_is_not(committed: None) -> None:
    snapshot = take_snapshot(alingsas().occasions["2022-05"])
    whole = folder_of(snapshot)
    assert folders() == [snapshot.code]
    whole.rename(unfinished_folder(snapshot.code))
    unfinished_folder("alingsas-von-2022-05-aaaaaa").mkdir()
    (whole.parent / "annan-katalog").mkdir()
    assert sweep() == ["alingsas-von-2022-05-aaaaaa"]
    assert folders() == [snapshot.code, "annan-katalog"]
    assert verify_snapshot(snapshot) == []


def other_connection() -> Any:
    """Another connection to the test's database."""
    from psycopg import connect

    parameters = connection.get_connection_params()
    wanted = ("host", "port", "user", "dbname", "password")
    return connect(**{key: parameters[key] for key in wanted if parameters.get(key)})


def test_sweep_leaves_a_folder_that_another_is_writing(committed: None) -> None:
    from roder.figures.snapshot import _lock_of

    code = "nagon-annan-2022-05-cccccc"
    unfinished_folder(code).mkdir()
    with other_connection() as other:
        other.execute("SELECT pg_advisory_xact_lock(%s, %s)", [Lock.SNAPSHOT, _lock_of(code)])
        assert sweep() == []
    assert sweep() == [code]


def test_every_table_is_read_as_it_stood_at_one_moment(
    committed: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    from roder.figures import parquet

    world = alingsas()
    written: list[str] = []

    def write_and_disturb(cursor: Any, spec: Any, *rest: Any) -> Any:
        if not written:
            parquet_of_first = parquet.write_table(cursor, spec, *rest)
            with other_connection() as other:
                other.execute("DELETE FROM economy_forecastline")
            written.append(spec.name)
            return parquet_of_first
        return parquet.write_table(cursor, spec, *rest)

    monkeypatch.setattr("roder.figures.snapshot.write_table", write_and_disturb)
    snapshot = take_snapshot(world.occasions["2022-05"])
    assert read_manifest(snapshot)["tables"]["economy_forecast"]["rows"] == 14
    assert not ForecastLine.objects.exists()
    assert trail.verify() == []


def test_a_snapshot_of_a_transaction_that_is_undone_is_swept(committed: None) -> None:
    world = alingsas()
    with pytest.raises(RuntimeError), transaction.atomic():
        snapshot = take_snapshot(world.occasions["2022-05"])
        assert verify_snapshot(snapshot) == [], "kan läsas i sin egen transaktion"
        raise RuntimeError
    assert folders() == [unfinished_folder(snapshot.code).name]
    assert sweep() == [snapshot.code]
    assert folders() == []


def test_a_snapshot_in_a_transaction_is_finished_when_that_is_committed(committed: None) -> None:
    world = alingsas()
    with transaction.atomic():
        snapshot = take_snapshot(world.occasions["2022-05"])
    assert folders() == [snapshot.code]
    assert verify_snapshot(snapshot) == []


KILLED = """
import os, signal, sys
import django
django.setup()
from django.db import connection
connection.settings_dict["NAME"] = sys.argv[1]
from pathlib import Path
from roder.figures import manifest, snapshot
from roder.steering.models import Occasion
manifest.snapshots_dir = snapshot.snapshots_dir = lambda: Path(sys.argv[2])
count = 0
real = snapshot.write_table
def write(*arguments):
    global count
    count += 1
    if count == 5:
        os.kill(os.getpid(), signal.SIGKILL)
    return real(*arguments)
snapshot.write_table = write
snapshot.take_snapshot(Occasion.objects.get(code="2022-05"))
"""


def until_locks_are_gone() -> None:
    """Wait until the server has noticed that the process is dead and let go of what it held."""
    with connection.cursor() as cursor:
        for _ in range(10_000):
            cursor.execute(
                "SELECT count(*) FROM pg_locks JOIN pg_database ON pg_database.oid = pg_locks.database"
                " WHERE locktype = 'advisory' AND classid = %s AND datname = current_database()",
                [Lock.SNAPSHOT],
            )
            if cursor.fetchone() == (0,):
                return
    raise AssertionError("servern håller fortfarande den dödade processens lås")


def test_a_process_killed_in_the_middle_leaves_nothing_that_counts(committed: None, snapshots: Path) -> None:
    world = alingsas()
    database = str(connection.settings_dict["NAME"])
    done = subprocess.run(
        [sys.executable, "-c", KILLED, database, str(snapshots)], capture_output=True, text=True, check=False
    )
    assert done.returncode == -signal.SIGKILL, done.stderr
    assert not Snapshot.objects.exists()
    assert len(folders()) == 1, "den halvskrivna katalogen finns kvar"
    until_locks_are_gone()
    snapshot = take_snapshot(world.occasions["2022-05"])
    assert folders() == [snapshot.code]
    assert verify_snapshot(snapshot) == []


def test_late_rows_are_listed(alingsas: World) -> None:
    first = take_snapshot(alingsas.occasions["2022-03"])
    changed = ForecastLine.objects.get(occasion__code="2022-03", group__code="personal")
    ForecastLine.objects.filter(pk=changed.pk).update(amount=-1)
    alingsas.outcome(date(2022, 1, 1), date(2022, 2, 1), personal=-1)
    alingsas.outcome(date(2022, 4, 1), date(2022, 5, 1), personal=-1)
    gone = BudgetLine.objects.filter(version__year=2021).order_by("pk").first()
    assert gone is not None
    gone_gid = f"economy.budgetline:{gone.pk}"
    gone.delete()
    second = take_snapshot(alingsas.occasions["2022-05"])
    late = late_since(second, first)
    assert {(row.gid, row.what) for row in late if row.what != "ny"} == {
        (changed.gid, "ändrad"), (gone_gid, "borttagen"),
    }  # fmt: skip
    assert [(row.title, row.concerns) for row in late if row.what == "ny"] == [
        ("Utfallsrader", date(2022, 1, 1))
    ]
    assert previous_of(second) == first
    assert previous_of(first) is None
