"""Documents: added, versioned, marked, read, converted; what is refused says why."""

from __future__ import annotations

import io
from datetime import date
from pathlib import Path
from typing import Any

import pikepdf
import pytest
from django.contrib.postgres.search import SearchQuery
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import DatabaseError, transaction

from roder import access, files
from roder.access.rights import NotAllowedError
from roder.core.faults import UserFault
from roder.core.jobs import run_pending, waiting
from roder.core.models import StaleRecordError
from roder.files import disk
from roder.meetings import convert
from roder.meetings.models import Document, DocumentVersion
from roder.meetings.services import cases, documents
from tests.files import samples
from tests.meetings.world import LETTER, Chain, pdf_bytes

DAY = date(2022, 9, 15)


def upload(content: bytes, name: str = "yttrande.pdf") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content)


def add(
    chain: Chain, content: bytes | None = None, name: str = "yttrande.pdf", by: str = "secretary", **more: Any
) -> DocumentVersion:
    values: dict[str, Any] = {"dated_on": DAY, **more}
    sent = upload(content or samples.pdf("Samrådsyttrande"), name)
    made = documents.add_document(chain.case, "statement", "Yttrande", chain.by(by), upload=sent, **values)
    return documents.current(made)


def locked_pdf() -> bytes:
    target = io.BytesIO()
    with pikepdf.open(io.BytesIO(pdf_bytes())) as made:
        made.save(target, encryption=pikepdf.Encryption(owner="ägare", user="hemligt"))
    return target.getvalue()


def docx(*paragraphs: str) -> bytes:
    joined = "</w:t></w:p><w:p><w:t>".join(paragraphs)
    return samples.docx(joined)


def test_a_pdf_is_its_own_pdf_and_is_found_by_its_words(chain: Chain) -> None:
    version = add(chain, received_on=date(2022, 9, 16), sender="Regionen")
    assert (version.pdf_state, version.pages, version.number) == ("done", 1, 1)
    assert version.pdf == version.file_version.blob
    assert documents.number_of(version.document) == "2022.001 VON-003"
    run_pending()
    words = SearchQuery("samrådsyttrande", config="swedish")
    assert Document.objects.filter(search=words).get() == version.document
    assert documents.text_of(version) == "Samrådsyttrande"


def test_a_version_more_takes_over_and_the_earlier_stays(chain: Chain) -> None:
    first = add(chain, docx("Ett", "Fyra ändringar görs."), "skrivelse.docx")
    by = chain.by("secretary")
    second = documents.add_document_version(
        first.document, by, upload=upload(docx("Ett", "Nio ändringar görs.", "Ny rad."), "ny.docx"),
        dated_on=date(2022, 9, 22), note="Fem ändringar till",
    )  # fmt: skip
    first.refresh_from_db()
    assert (first.current, second.current, second.number) == (False, True, 2)
    assert [tuple(one) for one in documents.difference(first, second)] == [
        ("equal", "Ett", "Ett"),
        ("changed", "Fyra ändringar görs.", "Nio ändringar görs."),
        ("added", "", "Ny rad."),
    ]
    with pytest.raises(UserFault, match="samma innehåll"):
        documents.add_document_version(
            first.document, by, upload=upload(docx("Ett", "Nio ändringar görs.", "Ny rad."), "ny.docx"), dated_on=DAY
        )  # fmt: skip
    assert files.of(first.document).get().versions.count() == 2


def test_letters_have_versions_too(chain: Chain) -> None:
    by, letter = chain.by("controller"), {**LETTER, "summary": "Nio ändringar behövs."}
    new = documents.add_document_version(chain.letter.document, by, letter=letter, dated_on=DAY)
    changes = [one for one in documents.difference(chain.letter, new) if one.op != "equal"]
    assert [one.op for one in changes] == ["removed", "added"]
    assert Document.objects.get(pk=chain.letter.document_id).text.count("Nio ändringar") == 1
    assert new.pdf_state == "waiting"
    with pytest.raises(ValidationError, match="densamma"):
        documents.add_document_version(chain.letter.document, by, letter=letter, dated_on=DAY)
    documents.make_pdf(new, lambda version: pdf_bytes(3))
    new.refresh_from_db()
    assert (new.pdf_state, new.pages) == ("done", 3)
    documents.letter_changed(new)
    assert (new.pdf_state, new.pdf) == ("waiting", None)
    assert any(name.endswith("make_pdf") for name, _ in waiting())


def test_what_has_been_sent_out_stays(chain: Chain) -> None:
    frozen = documents.freeze(documents.freeze(chain.paper))
    assert frozen.frozen_at is not None
    file, by = files.of(chain.paper.document).get(), chain.by("secretary")
    with pytest.raises(UserFault, match="hör till handlingarna i ett sammanträde"):
        files.remove(file, "Fel fil", by)
    letter = documents.freeze(chain.letter)
    with pytest.raises(DatabaseError), transaction.atomic():
        DocumentVersion.objects.filter(pk=letter.pk).update(letter={})


def test_a_file_that_is_removed_takes_its_pdf_with_it_but_not_what_others_hold(chain: Chain) -> None:
    version, by = add(chain), chain.by("secretary")
    sha = version.file_version.sha256
    held = files.keep_bytes(samples.pdf("Samrådsyttrande"), "pdf")
    assert held == version.pdf
    DocumentVersion.objects.filter(pk=chain.paper.pk).update(pdf=held)
    files.remove(files.of(version.document).get(), "Fel fil", by)
    version.refresh_from_db()
    assert (version.pdf, version.pdf_state, version.pdf_fault) == (None, "failed", "Filen är borttagen.")
    assert disk.path_of(sha).is_file()
    files.services.sweep()
    assert disk.path_of(sha).is_file()
    assert documents.paragraphs_of(version) == []


def test_a_locked_or_broken_pdf_is_kept_but_said_not_to_fit_in_a_pack(chain: Chain) -> None:
    locked = add(chain, locked_pdf())
    assert (locked.pdf_state, locked.pdf) == ("failed", None)
    assert "lösenord" in locked.pdf_fault
    assert "ny version" in locked.pdf_fault
    broken = add(chain, b"%PDF-1.7\nnej")
    assert "skadad" in broken.pdf_fault
    heic = add(chain, b"\0\0\0\x18ftypheic" + b"\0" * 40, "bild.heic")
    assert "heic" in heic.pdf_fault


@pytest.mark.parametrize(
    ("content", "name", "said"),
    [
        (samples.docx("x", samples.DOCM), "brev.docx", "makron"),
        (b"MZ\x90\0", "brev.pdf", "program"),
        (b"<html><script>", "brev.pdf", "webbsida"),
        (b"", "brev.pdf", "tom"),
        (samples.pdf(), "19121212-1212.pdf", "personnummer"),
    ],
)
def test_what_is_refused_leaves_nothing(chain: Chain, content: bytes, name: str, said: str) -> None:
    before = Document.objects.count()
    with pytest.raises(UserFault, match=said):
        documents.add_document(
            chain.case, "other", "Brev", chain.by("secretary"), upload=upload(content, name), dated_on=DAY
        )
    assert Document.objects.count() == before


def test_a_name_that_is_a_path_is_only_a_name(chain: Chain) -> None:
    version = add(chain, name="ok.pdf")
    other = documents.add_document_version(
        version.document, chain.by("secretary"), upload=io.BytesIO(pdf_bytes(1)), dated_on=DAY,
        name="..\\..\\etc/passwd\u202e.pdf",
    )  # fmt: skip
    assert other.file_version is not None
    assert other.file_version.name == "passwd.pdf"


class Endless:
    """600 MB that nobody has made: pieces on demand, counted."""

    name = "stor.pdf"

    def __init__(self) -> None:
        self.taken = 0

    def chunks(self) -> Any:
        for _ in range(600):
            self.taken += 1
            yield b"%PDF-1.7" + b"\0" * (1024 * 1024 - 8)


def test_a_file_of_600_mb_is_refused_as_it_comes(chain: Chain, settings: Any, data_dir: Path) -> None:
    settings.FILE_MAX_BYTES, sent = 3 * 1024 * 1024, Endless()
    with pytest.raises(UserFault, match="högst 3\u00a0MB"):
        documents.add_document(chain.case, "other", "Stor", chain.by("secretary"), upload=sent, dated_on=DAY)
    assert sent.taken == 4
    assert not list((data_dir / "files").glob(".ofardig-*"))


def test_secrets_need_their_law_and_the_right(chain: Chain) -> None:
    with pytest.raises(ValidationError) as fault:
        add(chain, secret=True)
    assert "secrecy_section" in fault.value.message_dict
    with pytest.raises(NotAllowedError):
        add(chain, by="controller", secret=True, secrecy_section="OSL 26:1")
    version = add(chain, secret=True, secrecy_section="OSL 26:1")
    document, file = version.document, files.of(version.document).get()
    for role, seen in (("secretary", True), ("member", True), ("controller", False), ("auditor", False)):
        for one in (document, version, file):
            assert access.may(chain.by(role), access.Action.VIEW, one) is seen, (role, one)
    with pytest.raises(NotAllowedError):
        documents.update_document(document, chain.by("sas"), document.revision, title="Ny")


def test_a_document_is_changed_by_one_at_a_time(chain: Chain) -> None:
    by, document = chain.by("secretary"), chain.paper.document
    seen = Document.objects.get(pk=document.pk)
    documents.update_document(document, by, document.revision, title="Först")
    with pytest.raises(StaleRecordError):
        documents.update_document(seen, by, seen.revision, title="Sedan")
    with pytest.raises(ValidationError) as fault:
        documents.update_document(document, by, document.revision, received_on=date(2020, 1, 1))
    assert "received_on" in fault.value.message_dict
    with pytest.raises(TypeError):
        documents.update_document(document, by, document.revision, text="x")


def test_a_closed_case_takes_no_more_documents(chain: Chain) -> None:
    cases.withdraw(chain.case, chain.by("secretary"), "Behövs inte.")
    cases.close_case(chain.case, chain.by("secretary"))
    with pytest.raises(ValidationError, match="avslutat"):
        add(chain)
    with pytest.raises(NotAllowedError):
        add(chain, by="member")
    with pytest.raises(ValidationError):
        documents.add_document_version(chain.paper.document, chain.by("secretary"), dated_on=DAY)


def test_word_is_converted_in_a_job_and_faults_are_said(
    chain: Chain, monkeypatch: pytest.MonkeyPatch
) -> None:
    made: list[Path] = []

    def converts(path: Path, kind: str) -> bytes:
        made.append(path)
        if len(made) == 1:
            raise convert.MissingProgramFault(convert.INSTALL)
        return pdf_bytes(4)

    monkeypatch.setattr(convert, "to_pdf", converts)
    version = add(chain, docx("Bilaga ett"), "bilaga.docx")
    assert version.pdf_state == "waiting"
    run_pending()
    version.refresh_from_db()
    assert version.pdf_state == "failed"
    assert "apt install" in version.pdf_fault
    assert Document.objects.get(pk=version.document_id).text == "Bilaga ett"
    documents.try_pdf_again(version, chain.by("secretary"))
    run_pending()
    version.refresh_from_db()
    assert (version.pdf_state, version.pages, version.pdf_fault) == ("done", 4, "")
    documents.make_pdf(version)
    assert len(made) == 2
    with pytest.raises(NotAllowedError):
        documents.try_pdf_again(version, chain.by("member"))
