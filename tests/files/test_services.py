"""Storing, versions, restoring, removing; content kept once; nothing half done."""

from __future__ import annotations

import errno
import hashlib
import io
import os
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import DatabaseError, connection, transaction

from roder import files
from roder.access.models import AuditRecord
from roder.access.rights import NotAllowedError, visible
from roder.core.faults import UserFault
from roder.core.models import StaleRecordError
from roder.files import disk, services
from roder.files.models import Blob, FileVersion, StoredFile
from roder.quality.models import Deviation
from roder.steering.models import Goal
from tests.files import samples
from tests.files.conftest import make_deviation
from tests.web.world import World, build_world


def upload(content: bytes = b"hej", name: str = "fil.txt") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content)


def on_disk(root: Path) -> list[str]:
    return sorted(
        path.name for path in (root / "files").rglob("*") if path.is_file() and path.suffix != ".png"
    )


def test_a_file_is_stored_with_its_record(world: World, deviation: Deviation, data_dir: Path) -> None:
    content = samples.pdf("Fallrapport")
    file = files.store(
        upload(content, "rapport.pdf"), deviation, world.people["unit_manager"], title="Rapport"
    )
    sha = hashlib.sha256(content).hexdigest()
    assert list(files.of(deviation)) == [file]
    assert (file.title, file.committee, file.municipality) == ("Rapport", world.committee, world.municipality)
    version = file.versions.get()
    assert (version.number, version.name, version.size, version.sha256) == (
        1,
        "rapport.pdf",
        len(content),
        sha,
    )
    assert (data_dir / "files" / sha[:2] / sha).read_bytes() == content
    assert files.open_version(version).read_bytes() == content
    deed = AuditRecord.objects.get(deed="file.stored")
    assert (deed.subject, deed.detail) == (file.gid, {"owner": deviation.gid, "sha256": sha})


def test_equal_content_is_kept_once(world: World, deviation: Deviation, data_dir: Path) -> None:
    by = world.people["unit_manager"]
    first = files.store(upload(name="a.txt"), deviation, by)
    second = files.store(upload(name="b.txt"), deviation, by)
    assert Blob.objects.count() == 1
    assert len(on_disk(data_dir)) == 1
    files.remove(first, "fel fil", by)
    assert len(on_disk(data_dir)) == 1, "den andra filen behöver innehållet"
    assert files.open_version(second.versions.get()).read_bytes() == b"hej"


def test_what_is_refused_leaves_nothing(world: World, deviation: Deviation, data_dir: Path) -> None:
    by = world.people["unit_manager"]
    for content, name in ((b"MZ", "a.exe"), (b"", "tom.txt"), (samples.bomb(), "b.docx")):
        with pytest.raises(UserFault):
            files.store(upload(content, name), deviation, by)
    with pytest.raises(files.FileFault, match=r"högst 1.kB ryms"):
        files.store(upload(b"x" * 1025), deviation, by, most=1024)
    assert not StoredFile.objects.exists()
    assert on_disk(data_dir) == []


def test_a_file_is_never_whole_in_memory(world: World, deviation: Deviation) -> None:
    class Endless:
        name, read = "stor.txt", 0

        def chunks(self) -> Iterator[bytes]:
            for _ in range(10_000):
                self.read += 65536
                yield b"a" * 65536

    large = Endless()
    with pytest.raises(files.FileFault, match="för stor"):
        files.store(large, deviation, None, most=1024 * 1024)
    assert large.read < 2 * 1024 * 1024, "läste vidare efter gränsen"


def test_a_full_disk_is_said_and_leaves_nothing(
    world: World, deviation: Deviation, data_dir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(descriptor: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(UserFault, match="disken på servern är full"):
        files.store(upload(), deviation, None)
    assert on_disk(data_dir) == []
    assert not StoredFile.objects.exists()


def test_a_crash_before_commit_leaves_only_what_is_swept(
    world: World, deviation: Deviation, data_dir: Path
) -> None:
    with pytest.raises(RuntimeError), transaction.atomic():
        files.store(upload(), deviation, None)
        raise RuntimeError("strömmen går")
    assert not Blob.objects.exists()
    assert len(on_disk(data_dir)) == 1
    kept = files.store(upload(b"kvar"), deviation, None)
    unfinished = data_dir / "files" / f"{disk.UNFINISHED}gammal"
    unfinished.write_bytes(b"halv")
    os.utime(unfinished, (0, 0))
    assert services.sweep() == 2
    assert on_disk(data_dir) == [kept.versions.get().sha256]


@pytest.mark.parametrize(
    "name", ["../../etc/passwd.txt", "C:\\temp\\passwd.txt", "a\x00b\u202etxt.passwd.txt", "  .txt"]
)
def test_names_are_only_names(world: World, deviation: Deviation, name: str) -> None:
    file = files.store(io.BytesIO(b"x"), deviation, None, name=name)
    stored = file.versions.get().name
    assert not set(stored) & {"/", "\\", "\x00", "\u202e"}
    assert stored


def test_a_long_name_keeps_its_ending(world: World, deviation: Deviation) -> None:
    stored = files.store(io.BytesIO(b"x"), deviation, None, name="å" * 300 + ".txt").versions.get().name
    assert (len(stored), stored[-4:]) == (200, ".txt")


def test_personal_numbers_may_stand_in_a_file_but_not_in_its_name(world: World, deviation: Deviation) -> None:
    content = b"Personnummer 811218-9876."
    files.store(upload(content), deviation, None)
    for name, title in (("811218-9876.txt", ""), ("a.txt", "Om 19811218 9876")):
        with pytest.raises(files.FileFault, match="personnummer"):
            files.store(upload(content, name), deviation, None, title=title)


def test_versions_and_restoring(world: World, deviation: Deviation) -> None:
    by = world.people["unit_manager"]
    file = files.store(upload(b"ett"), deviation, by)
    assert files.add_version(file, upload(b"tva", "fil2.txt"), by).number == 2
    with pytest.raises(files.FileFault, match="samma innehåll"):
        files.add_version(file, upload(b"tva"), by)
    with pytest.raises(files.FileFault, match="gäller redan"):
        files.restore(file, 2, by)
    with pytest.raises(files.FileFault, match="finns inte"):
        files.restore(file, 9, by)
    restored = files.restore(file, 1, by)
    assert (restored.number, restored.restored_from, restored.name) == (3, 1, "fil.txt")
    file.refresh_from_db()
    assert file.current == restored
    assert Blob.objects.count() == 2


def test_a_removed_file_is_a_tombstone(world: World, deviation: Deviation, data_dir: Path) -> None:
    by = world.people["unit_manager"]
    file = files.store(upload(b"ett", "hemligt.txt"), deviation, by)
    files.add_version(file, upload(b"tva", "hemligt2.txt"), by)
    with pytest.raises(files.FileFault, match="varför"):
        files.remove(file, "  ", by)
    files.remove(file, "Fel ärende", by)
    services.sweep()
    file.refresh_from_db()
    assert (file.title, file.current, file.removed_by, file.removed_why) == ("", None, by, "Fel ärende")
    assert [(one.name, one.blob) for one in file.versions.all()] == [("", None), ("", None)]
    assert on_disk(data_dir) == []
    assert not files.of(deviation).exists()
    assert AuditRecord.objects.get(deed="file.removed").detail["versions"] == 2
    for deed in (
        lambda: files.add_version(file, upload(b"tre"), by),
        lambda: files.restore(file, 1, by),
        lambda: files.remove(file, "igen", by),
    ):
        with pytest.raises(files.FileFault, match="har tagits bort"):
            deed()


@pytest.mark.parametrize(
    "statement",
    [
        "DELETE FROM files_storedfile",
        "DELETE FROM files_fileversion",
        "UPDATE files_fileversion SET name = 'annat'",
        "UPDATE files_storedfile SET removed_at = now()",
        "INSERT INTO files_blob (sha256, size, type, text, text_state, thumbnail)"
        " VALUES ('../x', 1, 'pdf', '', 'done', false)",
        "INSERT INTO files_storedfile (subject_kind, subject_id, title, created_at, changed_at, revision, removed_why)"
        " VALUES ('quality.deviation', 99999999, 'x', now(), now(), 1, '')",
    ],
)
def test_the_database_refuses(world: World, deviation: Deviation, statement: str) -> None:
    files.store(upload(), deviation, None)
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)


def test_renaming_asks_who_was_first(world: World, deviation: Deviation) -> None:
    by = world.people["unit_manager"]
    file = files.store(upload(), deviation, by)
    seen = file.revision
    files.rename(file, "Nytt namn", seen, by)
    with pytest.raises(StaleRecordError):
        files.rename(file, "Annat", seen, by)
    assert StoredFile.objects.get().title == "Nytt namn"


def test_the_owner_record_decides_who_may(world: World, deviation: Deviation) -> None:
    people = world.people
    own = files.store(upload(b"eget"), deviation, people["care_staff"])
    other = files.store(upload(b"chefens"), deviation, people["unit_manager"])
    seeing = {role for role, person in people.items() if files.may_see(person, own)}
    assert seeing == {
        role for role, person in people.items() if visible(person, Deviation.objects.filter(pk=deviation.pk))
    }
    assert "care_staff" in seeing, "rapportören"
    for person in people.values():
        assert set(visible(person, StoredFile.objects.all())) == (
            {own, other} if files.may_see(person, own) else set()
        )
    for role in ("controller", "member", "administrator", "nobody"):
        with pytest.raises(NotAllowedError):
            files.store(upload(), deviation, people[role])
    with pytest.raises(NotAllowedError):
        files.remove(other, "vill", people["care_staff"])
    files.remove(own, "mitt", people["care_staff"])


def test_files_of_several_kinds_of_records_are_asked_in_one_question(
    world: World, deviation: Deviation, django_assert_max_num_queries: Any
) -> None:
    goal = Goal.objects.get(number="1")
    files.store(upload(b"a"), deviation, None)
    files.store(upload(b"b"), goal, None)
    member = world.people["member"]
    visible(member, StoredFile.objects.all()).exists()
    with django_assert_max_num_queries(2):
        assert [one.subject_gid for one in visible(member, StoredFile.objects.all())] == [goal.gid]


def test_all_files_of_a_record_can_be_forgotten(world: World, deviation: Deviation, data_dir: Path) -> None:
    files.store(upload(b"a"), deviation, None)
    files.store(upload(b"b"), deviation, None)
    assert files.forget(deviation, "gallring", None) == 2
    services.sweep()
    assert on_disk(data_dir) == []


@pytest.mark.usefixtures("committed")
def test_two_who_store_the_same_content_at_once_keep_it_once(data_dir: Path) -> None:
    world = build_world()
    deviation = make_deviation(world)
    together = Barrier(4)

    def one(number: int) -> int:
        try:
            together.wait()
            return files.store(upload(b"samma", f"{number}.txt"), deviation, None).pk
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        assert len(set(pool.map(one, range(4)))) == 4
    assert (Blob.objects.count(), FileVersion.objects.count(), len(on_disk(data_dir))) == (1, 4, 1)

    # one removes the last holder while another stores the same content: it is there, or the file has it
    for file in StoredFile.objects.all()[1:]:
        files.remove(file, "prov", None)
    last = StoredFile.objects.get(removed_at=None)
    pair = Barrier(2)

    def removing() -> None:
        try:
            pair.wait()
            files.remove(last, "prov", None)
        finally:
            connection.close()

    def storing() -> None:
        try:
            pair.wait()
            files.store(upload(b"samma"), deviation, None)
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        for done in [pool.submit(removing), pool.submit(storing)]:
            done.result()
    left = StoredFile.objects.get(removed_at=None)
    assert files.open_version(left.versions.get()).read_bytes() == b"samma"
