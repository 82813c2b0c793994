"""Secrecy that is set when the papers are made already: what is finished is not given to those without the right."""

from __future__ import annotations

import io

import pypdfium2
import pytest

from roder.meetings.models import AgendaItem, Case, Document, ItemPaper, Pack
from roder.meetings.papers import locking
from roder.meetings.papers.pack import holds_secrets, make_pack
from roder.meetings.services import cases, documents
from tests.meetings.minutes_world import attested
from tests.meetings.world import Chain

DECIDED = "Nämnden antar förslaget till delegationsordning"
LAW = {"secret": True, "secrecy_section": "OSL 26:1"}


def text_of(content: bytes) -> str:
    """What stands in a PDF, without its line breaks."""
    found = pypdfium2.PdfDocument(io.BytesIO(content))
    text = " ".join(page.get_textpage().get_text_range() for page in found)
    found.close()
    return " ".join(text.split())


def hide_case(chain: Chain) -> None:
    """Secrecy is set on the case, as the register does it."""
    case = Case.objects.get(pk=chain.case.pk)
    cases.update_case(case, chain.by("secretary"), case.revision, **LAW)


@pytest.mark.parametrize("secret", [False, True])
def test_locked_minutes_are_not_given_with_what_is_secret_now(chain: Chain, secret: bool) -> None:
    """Whether there was a public file (another point was secret at locking) or none."""
    locked = locking.lock(attested(chain, secret=secret), chain.by("secretary"))
    assert ("public" in locked.files) == secret
    kept = locking.file_of(locked, "pdf", public=True)
    assert kept == locking.final.read_file(locked, "public" if secret else "pdf")
    assert DECIDED in text_of(kept)
    hide_case(chain)
    assert DECIDED not in text_of(locking.file_of(locked, "pdf", public=True))
    assert DECIDED in text_of(locking.file_of(locked, "pdf"))
    answer = chain.client("auditor").get(f"{chain.root}sammantraden/{locked.meeting_id}/protokoll/fil.pdf")
    assert answer.status_code == 200
    assert DECIDED not in text_of(answer.content)


def test_a_paper_that_is_secret_now_is_not_named_in_the_public_minutes(chain: Chain) -> None:
    locked = locking.lock(attested(chain), chain.by("secretary"))
    document = Document.objects.get(pk=chain.paper.document_id)
    assert document.title in text_of(locking.file_of(locked, "pdf", public=True))
    documents.update_document(document, chain.by("secretary"), document.revision, **LAW)
    assert f"{document.title}, 20" not in text_of(locking.file_of(locked, "pdf", public=True))


@pytest.fixture
def pack(chain: Chain) -> Pack:
    """A public pack of a meeting that is summoned, with the case's paper."""
    item = chain.new_item(chain.meeting, "Delegationsordning", chain.case)
    stored = chain.paper.file_version
    assert stored is not None and stored.blob is not None
    type(chain.paper).objects.filter(pk=chain.paper.pk).update(pdf=stored.blob, pdf_state="done")
    ItemPaper.objects.create(item=item, version=chain.paper, position=1)
    chain.new_item(chain.meeting, "En punkt utan handlingar")
    type(chain.meeting).objects.filter(pk=chain.meeting.pk).update(state="summoned")
    made = make_pack(chain.meeting, chain.by("secretary"), public=True)
    assert [part["gid"].partition(":")[0] for part in made.manifest] == ["front", "meetings.itempaper"]
    return made


def hide_document(chain: Chain) -> None:
    """Secrecy is set on the paper."""
    document = Document.objects.get(pk=chain.paper.document_id)
    documents.update_document(document, chain.by("secretary"), document.revision, **LAW)


def hide_paper_taken_off(chain: Chain) -> None:
    """The paper is taken off the agenda, and then secret."""
    ItemPaper.objects.all().delete()
    hide_document(chain)


def hide_item(chain: Chain) -> None:
    """A point without papers is secret: its heading stands on the front."""
    AgendaItem.objects.filter(title="En punkt utan handlingar").update(secret=True)


@pytest.mark.parametrize("hide", [hide_case, hide_document, hide_paper_taken_off, hide_item])
def test_a_public_pack_with_what_is_secret_now_is_withdrawn(chain: Chain, pack: Pack, hide: object) -> None:
    client, secretary = chain.client("auditor"), chain.client("secretary")
    meeting = f"{chain.root}sammantraden/{chain.meeting.pk}/"
    file = f"{chain.root}handlingar/{pack.pk}/mote.pdf"
    addresses = (f"{meeting}handlingar/", meeting)
    assert client.get(file).status_code == 200
    assert file in client.get(addresses[0]).content.decode()
    hide(chain)  # type: ignore[operator]
    assert holds_secrets(pack)
    for who in (client, secretary):
        answer = who.get(file)
        assert answer.status_code == 410
        assert "Handlingarna är tillbakadragna" in answer.content.decode()
        for address in addresses:
            assert file not in who.get(address).content.decode()
    assert "Gör om handlingarna, så blir det en ny" in secretary.get(addresses[0]).content.decode()
    again = make_pack(chain.meeting, chain.by("secretary"), public=True)
    assert again.pk != pack.pk
    assert not holds_secrets(again)
    assert client.get(f"{chain.root}handlingar/{again.pk}/mote.pdf").status_code == 200


def test_what_was_secret_when_it_was_made_does_not_withdraw_a_pack(chain: Chain) -> None:
    hide_case(chain)
    chain.new_item(chain.meeting, "Delegationsordning", Case.objects.get(pk=chain.case.pk))
    chain.new_item(chain.meeting, "En punkt")
    made = make_pack(chain.meeting, chain.by("secretary"), public=True)
    assert not holds_secrets(made)
    chain.new_item(chain.meeting, "En ny punkt", secret=True)
    assert not holds_secrets(made)
