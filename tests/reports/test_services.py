"""Opening, commenting, checking, locking and unlocking reports; their files, whole or not at all."""

from __future__ import annotations

import hashlib
import json
import os
from pathlib import Path
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction

from roder import access
from roder.access.models import AuditRecord
from roder.access.rights import NotAllowedError
from roder.core.models import StaleRecordError
from roder.economy.models import ForecastLine
from roder.reports import files, services
from roder.reports.build import FindingKind
from roder.reports.jobs import sweep_folders
from roder.reports.kinds import UnknownReportError
from roder.reports.models import Report, ReportComment, ReportFile
from roder.reports.render import xlsx
from roder.reports.services import (
    CannotLockError,
    NotAcknowledgedError,
    ReportFault,
    check,
    comments_of,
    document_of,
    lock,
    open_draft,
    save_comment,
    unlock,
)
from tests.reports.committee import Committee, goal
from tests.reports.test_build import MAY, printed, table

WRONG = "Köp av tjänster ökar med 4,0 mkr."


def marks(report: Report) -> set[str]:
    return {finding.mark for finding in check(report)}


# --- drafts --------------------------------------------------------------------------------------------------------


def test_a_draft_is_opened_once(alingsas: Committee, draft: Report) -> None:
    again = open_draft(alingsas.occasion("2022-05"), "manadsuppfoljning", alingsas.people["controller"])
    assert again == draft
    assert AuditRecord.objects.filter(deed="report.opened").count() == 1


def test_a_report_is_made_only_at_its_kind_of_occasion(alingsas: Committee) -> None:
    controller = alingsas.people["controller"]
    with pytest.raises(ReportFault, match="görs inte vid Månadsuppföljning maj 2022"):
        open_draft(alingsas.occasion("2022-05"), "delarsbokslut", controller)
    with pytest.raises(UnknownReportError):
        open_draft(alingsas.occasion("2022-05"), "arsbok", controller)


@pytest.mark.parametrize(
    ("role", "may"),
    [("controller", True), ("head_administration", True), ("quality_strategist", True), ("secretary", False),
     ("unit_manager", False), ("member", False), ("auditor", False), ("administrator", False), ("provider", False)],
)  # fmt: skip
def test_who_may_open_a_draft(alingsas: Committee, role: str, may: bool) -> None:
    def opening() -> Report:
        return open_draft(alingsas.occasion("2022-05"), "manadsuppfoljning", alingsas.people[role])

    if may:
        assert opening().state == Report.State.DRAFT
    else:
        with pytest.raises(NotAllowedError):
            opening()


@pytest.mark.parametrize(
    ("role", "may"),
    [("controller", True), ("unit_manager", True), ("head_department", True), ("secretary", False), ("member", False),
     ("chair", False), ("auditor", False), ("central_office", False), ("care_staff", False)],
)  # fmt: skip
def test_who_may_comment(alingsas: Committee, draft: Report, role: str, may: bool) -> None:
    if may:
        save_comment(draft, "sammanfattning", "", "Bra.", alingsas.people[role])
    else:
        with pytest.raises(NotAllowedError):
            save_comment(draft, "sammanfattning", "", "Bra.", alingsas.people[role])
    assert draft.comments.exists() is may


@pytest.mark.parametrize(
    ("role", "sees_draft", "sees_locked"),
    [("controller", True, True), ("unit_manager", True, True), ("secretary", True, True), ("member", False, True),
     ("chair", False, True), ("auditor", False, True), ("care_staff", False, False), ("administrator", False, False)],
)  # fmt: skip
def test_who_sees_drafts_and_locked_reports(
    alingsas: Committee, draft: Report, role: str, sees_draft: bool, sees_locked: bool
) -> None:
    person = alingsas.people[role]
    assert access.may(person, access.Action.VIEW, draft) is sees_draft
    assert access.may(person, access.Action.VIEW, lock(draft, alingsas.people["controller"])) is sees_locked


def test_the_second_saver_sees_both_texts_and_loses_nothing(alingsas: Committee, draft: Report) -> None:
    one, other = alingsas.people["controller"], alingsas.people["head_administration"]
    first = save_comment(draft, "sammanfattning", "", "Från början.", one)
    save_comment(draft, "sammanfattning", "", "Min ändring.", one, first.revision)

    with pytest.raises(StaleRecordError) as stale:
        save_comment(draft, "sammanfattning", "", "En annan ändring.", other, first.revision)
    assert stale.value.current.text == "Min ändring."  # type: ignore[attr-defined]
    with pytest.raises(StaleRecordError):
        save_comment(draft, "sammanfattning", "", "Trodde att det var tomt.", other)
    assert draft.comments.get().text == "Min ändring."


@pytest.mark.parametrize(
    ("text", "why"),
    [("a\x00b", "NUL"), ("x" * 20_001, "högst 20\u00a0000"), ("Om 19121212-1212.", "personnummer")],
)
def test_a_text_that_cannot_be_kept_is_refused(
    alingsas: Committee, draft: Report, text: str, why: str
) -> None:
    with pytest.raises(ReportFault, match=why):
        save_comment(draft, "sammanfattning", "", text, alingsas.people["controller"])


# --- checking ------------------------------------------------------------------------------------------------------


def test_a_check_lists_what_is_unknown_wrong_and_missing(alingsas: Committee, draft: Report) -> None:
    by = alingsas.people["controller"]
    save_comment(draft, "prognos", "kop_tjanster", WRONG, by)
    save_comment(draft, "prognos", "ovriga", "Se {{ekonomi.drift.prognosavikelse[ovriga]}}.", by)
    save_comment(draft, "prognos", "personal", "Avvikelsen är 3,3 mkr, alltså lägre kostnader.", by)
    save_comment(
        draft, "prognosforandring", "personal", "Kostnaderna minskar med 10,3 mkr, inte 12,3 mkr.", by
    )
    found = check(draft)

    unknown = [one for one in found if one.kind is FindingKind.UNKNOWN_FIGURE]
    assert [one.suggestions[0] for one in unknown] == ["ekonomi.drift.prognosavvikelse"]
    assert unknown[0].where == "Prognos, Övriga kostnader"
    assert unknown[0].blocks
    numbers = {one.excerpt: one for one in found if one.kind is FindingKind.NUMBER}
    assert set(numbers) == {"4,0 mkr", "12,3 mkr"}
    nearest = [one.text.replace("\u00a0", " ") for one in numbers["4,0 mkr"].nearest]
    assert nearest == ["+2,5 mkr", "−8,7 mkr", "−160,8 mkr"]
    missing = [one.where for one in found if one.kind is FindingKind.MISSING_COMMENT]
    assert "Sammanfattning" in missing
    assert "Prognos, Lokalhyror" in missing
    assert "Prognos, Kommunbidrag" not in missing  # it follows the budget


def test_a_bound_figure_without_sign_is_held_against_the_words(alingsas: Committee, draft: Report) -> None:
    by = alingsas.people["controller"]
    figure = "{{ekonomi.drift.prognosavvikelse[ovriga]|mkr|utan tecken}}"
    comment = save_comment(draft, "prognos", "ovriga", f"Kostnaderna blir {figure} högre.", by)
    assert not [one for one in check(draft) if one.must_be_acknowledged]

    save_comment(draft, "prognos", "ovriga", f"Kostnaderna blir {figure} lägre.", by, comment.revision)
    (found,) = [one for one in check(draft) if one.must_be_acknowledged]
    assert found.kind is FindingKind.DIRECTION
    assert "10,8\u00a0mkr går åt fel håll" in found.message


def test_goals_without_assessment_are_listed(alingsas: Committee) -> None:
    goal(alingsas, "M1", "Fler får svar direkt")
    goal(alingsas, "M2", "Fler trivs", "ej_utvarderad")
    report = open_draft(alingsas.occasion("2022-08"), "delarsbokslut", alingsas.people["controller"])

    assert [one.where for one in check(report) if one.kind is FindingKind.MISSING_ASSESSMENT] == [
        "1. Fler får svar direkt"
    ]


# --- locking -------------------------------------------------------------------------------------------------------


def test_an_unknown_figure_blocks_locking_and_nothing_is_left_behind(
    alingsas: Committee, draft: Report, data_dir: Path
) -> None:
    by = alingsas.people["controller"]
    save_comment(draft, "sammanfattning", "", "Se {{finns.inte}}.", by)

    with pytest.raises(CannotLockError, match=r"finns\.inte"):
        lock(draft, by, marks(draft))
    draft.refresh_from_db()
    assert draft.state == Report.State.DRAFT
    assert not ReportFile.objects.exists()
    assert not (data_dir / "reports").exists()
    assert not (data_dir / "snapshots").exists()


def test_plain_numbers_must_be_acknowledged(alingsas: Committee, draft: Report) -> None:
    by = alingsas.people["controller"]
    comment = save_comment(draft, "prognos", "kop_tjanster", WRONG, by)

    with pytest.raises(NotAcknowledgedError, match="4,0 mkr stämmer inte"):
        lock(draft, by)
    seen = marks(draft)
    save_comment(draft, "prognos", "kop_tjanster", WRONG.replace("4,0", "5,0"), by, comment.revision)
    with pytest.raises(NotAcknowledgedError):  # what was seen is not what stands there now
        lock(draft, by, seen)
    assert lock(draft, by, marks(draft)).state == Report.State.LOCKED
    assert AuditRecord.objects.get(deed="report.locked").detail["acknowledged"] == 1


def test_a_locked_report_has_snapshot_document_and_four_files(
    alingsas: Committee, draft: Report, data_dir: Path
) -> None:
    locked = lock(draft, alingsas.people["controller"])

    document = document_of(locked)
    assert printed(table(document, "Drift")) == MAY
    assert not document.draft
    assert locked.snapshot is not None
    assert document.snapshot_id == locked.snapshot.code
    assert {file.format for file in locked.files.all()} == {"html", "pdf", "docx", "xlsx"}
    for file in locked.files.all():
        content = (data_dir / "reports" / file.path).read_bytes()
        assert hashlib.sha256(content).hexdigest() == file.sha256
        assert Path(file.path).name == f"manadsuppfoljning-2022-05.{file.format}"
    record = AuditRecord.objects.get(deed="report.locked")
    assert record.actor == alingsas.people["controller"]
    assert record.detail["snapshot"] == locked.snapshot.code


def test_later_data_does_not_change_a_locked_report(alingsas: Committee, draft: Report) -> None:
    by = alingsas.people["controller"]
    save_comment(draft, "prognos", "ovriga", "Det blir {{ekonomi.drift.prognosavvikelse[ovriga]|mkr}}.", by)
    locked = lock(draft, by)
    before = (document_of(locked), {file.format: files.read(file) for file in locked.files.all()})

    ForecastLine.objects.filter(occasion=draft.occasion, group__code="ovriga").update(amount=-1)

    fresh = Report.objects.get(pk=locked.pk)
    assert (document_of(fresh), {file.format: files.read(file) for file in fresh.files.all()}) == before
    with pytest.raises(DatabaseError), transaction.atomic():
        Report.objects.filter(pk=locked.pk).update(registration_number="annat")
    with pytest.raises(DatabaseError), transaction.atomic():
        ReportComment.objects.filter(report=locked).update(text="annat")
    with pytest.raises(ReportFault, match="låst"):
        save_comment(fresh, "sammanfattning", "", "För sent.", by)


@pytest.mark.parametrize(
    ("role", "may"),
    [("controller", True), ("head_administration", True), ("quality_strategist", True), ("secretary", True),
     ("chair", False), ("member", False), ("unit_manager", False), ("sas", False), ("auditor", False)],
)  # fmt: skip
def test_who_may_lock(alingsas: Committee, draft: Report, role: str, may: bool) -> None:
    if may:
        assert lock(draft, alingsas.people[role]).locked_by == alingsas.people[role]
    else:
        with pytest.raises(NotAllowedError):
            lock(draft, alingsas.people[role])


def test_a_report_is_locked_once(alingsas: Committee, draft: Report) -> None:
    lock(draft, alingsas.people["controller"])
    with pytest.raises(ReportFault, match="redan låst"):
        lock(draft, alingsas.people["controller"])
    with pytest.raises(ReportFault, match="Lås upp den"):
        open_draft(alingsas.occasion("2022-05"), "manadsuppfoljning", alingsas.people["controller"])


def test_what_is_written_while_locking_stops_it(
    alingsas: Committee, draft: Report, monkeypatch: pytest.MonkeyPatch, data_dir: Path
) -> None:
    by = alingsas.people["controller"]
    render = files.render_all

    def slow(document: object) -> object:
        save_comment(draft, "sammanfattning", "", "Medan det låstes.", by)
        return render(document)  # type: ignore[arg-type]

    monkeypatch.setattr(files, "render_all", slow)
    with pytest.raises(ReportFault, match="medan den låstes"):
        lock(draft, by)
    assert list((data_dir / "reports").iterdir()) == []
    draft.refresh_from_db()
    assert draft.state == Report.State.DRAFT


def test_an_answer_lost_at_the_commit_takes_no_files_of_a_locked_report(
    alingsas: Committee, draft: Report, monkeypatch: pytest.MonkeyPatch
) -> None:
    freeze, commit = services._freeze, connection.savepoint_commit

    def lost(sid: str) -> None:
        commit(sid)  # the server has done it; the answer never came
        raise ConnectionError("the answer never came")

    def frozen(*arguments: Any) -> None:
        freeze(*arguments)
        broken.setattr(connection, "savepoint_commit", lost)

    with monkeypatch.context() as broken, pytest.raises(ConnectionError):
        broken.setattr(services, "_freeze", frozen)
        lock(draft, alingsas.people["controller"])
    draft.refresh_from_db()
    assert draft.state == Report.State.LOCKED
    os.utime(files.reports_dir() / Path(draft.files.first().path).parts[0], (0, 0))  # type: ignore[union-attr]
    sweep_folders()
    assert all(files.read(one) for one in draft.files.all()) and draft.files.count() == 4


def test_a_folder_that_no_report_names_is_swept_at_night(data_dir: Path, db: None) -> None:
    left = files.reports_dir() / "prov-2022-05-manadsuppfoljning-v1-aaaaaaaa"
    left.mkdir()
    os.utime(left, (0, 0))
    sweep_folders()
    assert not left.exists()


@pytest.mark.parametrize("fails_at", ["render", "write", "commit"])
def test_a_failure_leaves_all_or_nothing(
    alingsas: Committee, draft: Report, monkeypatch: pytest.MonkeyPatch, data_dir: Path, fails_at: str
) -> None:
    def fail(*_: object, **__: object) -> None:
        raise OSError("disken är full")

    with monkeypatch.context() as broken, pytest.raises(OSError, match="disken är full"):
        if fails_at == "render":
            broken.setattr(xlsx, "render", fail)
        elif fails_at == "write":
            broken.setattr(files.os, "fsync", fail)
        else:
            broken.setattr("roder.reports.services.access.record", fail)
        lock(draft, alingsas.people["secretary"])

    draft.refresh_from_db()
    assert draft.state == Report.State.DRAFT
    assert not ReportFile.objects.exists()
    assert not list(data_dir.glob("reports/*"))
    assert lock(draft, alingsas.people["controller"]).state == Report.State.LOCKED


# --- versions ------------------------------------------------------------------------------------------------------


def test_unlocking_makes_a_new_version_and_keeps_the_old(alingsas: Committee, draft: Report) -> None:
    by = alingsas.people["controller"]
    save_comment(draft, "sammanfattning", "", "Första versionen.", by)
    first = lock(draft, by)
    frozen = json.dumps(first.document)

    second = unlock(first, by, "Fel siffra i bilagan")
    assert (second.number, second.state) == (2, Report.State.DRAFT)
    (comment,) = comments_of(second).values()
    save_comment(second, "sammanfattning", "", "Andra versionen.", by, comment.revision)
    locked = lock(second, by)

    first.refresh_from_db()
    assert json.dumps(first.document) == frozen
    assert locked.snapshot != first.snapshot
    assert AuditRecord.objects.get(deed="report.unlocked").detail["reason"] == "Fel siffra i bilagan"
    with pytest.raises(ReportFault, match="nyare version"):
        unlock(first, by, "Igen")


def test_unlocking_needs_right_and_reason(alingsas: Committee, draft: Report) -> None:
    with pytest.raises(ReportFault, match="utkast"):
        unlock(draft, alingsas.people["controller"], "Av misstag")
    locked = lock(draft, alingsas.people["controller"])
    with pytest.raises(ReportFault, match="varför"):
        unlock(locked, alingsas.people["controller"], "  ")
    with pytest.raises(ReportFault, match="personnummer"):
        unlock(locked, alingsas.people["controller"], "Om 19121212-1212")
    with pytest.raises(ReportFault, match="NUL"):
        unlock(locked, alingsas.people["controller"], "\x00")
    with pytest.raises(NotAllowedError):
        unlock(locked, alingsas.people["chair"], "Vill ändra")
