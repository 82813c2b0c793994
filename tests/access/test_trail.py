"""The trail of deeds: written with the deed, chained, never changed, and checked."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from itertools import pairwise

import pytest
from click.testing import CliRunner
from django.db import DatabaseError, connection, transaction

from roder import access
from roder.access.cli import audit
from roder.access.models import AuditRecord
from roder.access.trail import last, verify
from roder.organisation.models import Municipality, Person


@pytest.fixture
def deeds(db: None) -> list[AuditRecord]:
    """Five deeds, oldest first."""
    person = Person.objects.create_user("nagon@prov.se", name="Någon")
    for number in range(5):
        access.record(person, f"deed {number}", person, number=number, why={"kod": "å\u001f"})
    return list(AuditRecord.objects.order_by("id"))


@contextmanager
def without_triggers() -> Iterator[None]:
    """What only the owner of the database can do."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE; ALTER TABLE access_auditrecord DISABLE TRIGGER USER")
        yield
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE; ALTER TABLE access_auditrecord ENABLE TRIGGER USER")


def said() -> list[tuple[int, str]]:
    return [(row.id, row.why) for row in verify()]


def test_a_deed_is_written_with_who_what_and_when(deeds: list[AuditRecord]) -> None:
    last = deeds[-1]
    assert last.actor is not None
    assert (last.deed, last.subject, last.detail["number"]) == ("deed 4", last.actor.gid, 4)
    assert last.at is not None


def test_each_row_covers_the_row_before(deeds: list[AuditRecord]) -> None:
    assert deeds[0].previous_hash == ""
    assert all(later.previous_hash == earlier.hash for earlier, later in pairwise(deeds))
    assert len({deed.hash for deed in deeds}) == 5
    assert said() == []


def test_a_deed_that_was_not_done_leaves_no_trace(db: None) -> None:
    with pytest.raises(RuntimeError), transaction.atomic():
        Municipality.objects.create(code="9999", name="Provkommunen", slug="prov")
        access.record(None, "municipality added", "organisation.municipality:1")
        raise RuntimeError
    access.record(None, "system deed")
    assert [deed.deed for deed in AuditRecord.objects.all()] == ["system deed"]
    assert said() == []


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE access_auditrecord SET deed = 'annat'",
        "DELETE FROM access_auditrecord",
        "TRUNCATE access_auditrecord",
        "TRUNCATE organisation_person CASCADE",
    ],
)
def test_the_database_refuses_to_change_or_empty_the_trail(deeds: list[AuditRecord], statement: str) -> None:
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)
    assert AuditRecord.objects.count() == 5
    assert said() == []


def test_a_forged_hash_is_overwritten_by_the_database(deeds: list[AuditRecord]) -> None:
    forged = AuditRecord.objects.create(deed="x", previous_hash="0" * 64, hash="0" * 64)
    forged.refresh_from_db()
    assert forged.previous_hash == deeds[-1].hash
    assert said() == []


@pytest.mark.parametrize(
    "column",
    ["deed = 'annat'", "subject = 'annat'", "actor_id = NULL", "at = at + interval '1 s'", "detail = '{}'"],
)
def test_a_row_altered_behind_the_triggers_is_found(deeds: list[AuditRecord], column: str) -> None:
    with without_triggers(), connection.cursor() as cursor:
        cursor.execute(f"UPDATE access_auditrecord SET {column} WHERE id = %s", [deeds[2].pk])
    assert said() == [(deeds[2].pk, "raden är ändrad")]


def test_a_row_altered_with_its_hash_is_found_at_the_next(deeds: list[AuditRecord]) -> None:
    with without_triggers(), connection.cursor() as cursor:
        cursor.execute("UPDATE access_auditrecord SET deed = 'annat' WHERE id = %s", [deeds[2].pk])
        cursor.execute(
            "UPDATE access_auditrecord AS entry SET hash = roder_audit_hash(entry) WHERE id = %s",
            [deeds[2].pk],
        )
    assert said() == [(deeds[3].pk, "raden före är ändrad eller borttagen")]


@pytest.mark.parametrize("gone", [0, 1, 3])
def test_a_row_that_was_taken_away_is_found(deeds: list[AuditRecord], gone: int) -> None:
    with without_triggers(), connection.cursor() as cursor:
        cursor.execute("DELETE FROM access_auditrecord WHERE id = %s", [deeds[gone].pk])
    assert said() == [(deeds[gone + 1].pk, "raden före är ändrad eller borttagen")]


def test_a_row_put_in_behind_the_triggers_is_found(deeds: list[AuditRecord]) -> None:
    with without_triggers(), connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO access_auditrecord (id, at, deed, subject, detail, previous_hash, hash)"
            " VALUES (%s, now(), 'x', '', '{}', %s, %s)",
            [deeds[-1].pk + 100, deeds[-1].hash, "0" * 64],
        )
    assert said() == [(deeds[-1].pk + 100, "raden är ändrad")]


@pytest.mark.usefixtures("committed")
def test_many_who_write_at_the_same_moment_write_one_chain() -> None:
    def write(who: int) -> None:
        try:
            for number in range(5):
                with transaction.atomic():
                    access.record(None, "deed", f"{who}.{number}")
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(write, range(4)))
    assert AuditRecord.objects.count() == 20
    assert said() == []


def test_the_command_tells_a_whole_trail_from_a_broken_one(deeds: list[AuditRecord]) -> None:
    whole = CliRunner().invoke(audit, ["verify"])
    assert (whole.exit_code, whole.output.splitlines()[0]) == (0, "5 rader kontrollerade, 0 fel.")
    with without_triggers(), connection.cursor() as cursor:
        cursor.execute("UPDATE access_auditrecord SET deed = 'annat' WHERE id = %s", [deeds[1].pk])
    broken = CliRunner().invoke(audit, ["verify"])
    assert broken.exit_code == 1
    assert broken.output.startswith(f"rad {deeds[1].pk}: raden är ändrad\n5 rader kontrollerade, 1 fel.\n")


def test_an_end_that_is_cut_off_is_found_by_a_row_kept_elsewhere(deeds: list[AuditRecord]) -> None:
    kept = last()
    assert kept is not None
    assert verify([kept]) == []
    with without_triggers():
        AuditRecord.objects.filter(pk__gte=deeds[-2].pk).delete()
    assert verify() == [], "the chain alone is whole without its end"
    assert [one.id for one in verify([kept])] == [deeds[-1].pk]
    told = CliRunner().invoke(audit, ["verify", "--known", str(kept)])
    assert told.exit_code == 1
    assert f"rad {kept.id}: raden finns inte" in told.output
    assert f"Sista raden: {last()}" in told.output
    assert CliRunner().invoke(audit, ["verify", "--known", "nej"]).exit_code == 2
