"""The pages of official letters, as those who write, read and must not see them meet them."""

from __future__ import annotations

from typing import Any

import pytest

from roder import questionnaires
from roder.meetings.models import Case, Document, DocumentVersion
from roder.meetings.services import documents
from roder.meetings.services import letters as services
from roder.questionnaires.models import Answer
from roder.reports import services as reports
from roder.reports.models import Report
from tests.meetings.world import LETTER, Chain
from tests.reports.committee import Committee
from tests.reports.conftest import alingsas

__all__ = ["alingsas"]


def form_of(letter: dict[str, Any], **changes: str) -> dict[str, str]:
    """What the browser sends for a letter."""
    return {
        **{name: letter[name] for name in ("heading", "to", "date", "summary", "background", "assessment")},
        "worker_name": letter["worker"]["name"],
        "worker_title": letter["worker"]["title"],
        "proposal": "\n".join(letter["proposal"]),
        "documents": "\n".join(letter["documents"]),
        "recipients_action": "Förvaltningens chefer",
        "recipients_information": "",
        "signatories": "Förvaltningschefen, Förvaltningschef",
        **letter["assessments"],
        **changes,
    }


def test_a_letter_is_written_saved_half_done_and_finished(chain: Chain) -> None:
    client, case = chain.client("quality_strategist"), chain.new_case("Ny taxa")
    new = f"{chain.root}skrivelser/ny/{case.pk}/"
    shown = client.get(new)
    assert shown.status_code == 200 and b'value="Ny taxa"' in shown.content
    answer = client.post(
        new, {"heading": "Ny taxa", "proposal": "1. Taxan antas.\n2. Den gäller från januari."}
    )
    document = case.documents.get()
    assert answer.status_code == 302 and answer["Location"] == f"{chain.root}skrivelser/{document.pk}/"
    letter = documents.current(document).letter
    assert letter is not None and letter["proposal"] == ["Taxan antas.", "Den gäller från januari."]
    page = client.get(answer["Location"])
    assert "Sammanfattningen saknas" in page.content.decode()
    edit = f"{answer['Location']}skriv/"
    page = client.get(edit)
    assert "Ekonomisk bedömning: Skriv en bedömning" in page.content.decode()
    done = client.post(edit, form_of(LETTER, revision="1", not_miljo="on"), follow=True)
    text = done.content.decode()
    assert (
        "Skrivelsen är sparad och komplett." in text
        and "Berörs inte. Förslaget påverkar inte miljön." in text
    )


def test_two_who_write_at_once_both_keep_their_words(chain: Chain) -> None:
    edit = f"{chain.root}skrivelser/{chain.letter.document_id}/skriv/"
    first, second = chain.client("quality_strategist"), chain.client("secretary")
    assert first.post(edit, form_of(LETTER, revision="1", summary="Den första")).status_code == 302
    refused = second.post(edit, form_of(LETTER, revision="1", summary="Den andra"))
    text = refused.content.decode()
    assert refused.status_code == 409 and "Den första" in text and text.count("Den andra") >= 2
    revision = DocumentVersion.objects.get(pk=chain.letter.pk).revision
    assert second.post(edit, form_of(LETTER, revision=str(revision), summary="Båda")).status_code == 302


def test_a_personal_number_is_refused_at_its_field_and_nothing_is_lost(chain: Chain) -> None:
    edit = f"{chain.root}skrivelser/{chain.letter.document_id}/skriv/"
    answer = chain.client("secretary").post(
        edit, form_of(LETTER, revision="1", ekonomi="Gäller 19121212-1212", recipients_action="121212-1212")
    )
    text = answer.content.decode()
    assert answer.status_code == 400 and text.count("innehåller ett personnummer") == 2
    assert "Gäller 19121212-1212" in text


def test_a_sent_version_is_followed_by_a_new_one(chain: Chain) -> None:
    documents.freeze(chain.letter)
    client, home = chain.client("quality_strategist"), f"{chain.root}skrivelser/{chain.letter.document_id}/"
    assert client.get(f"{home}skriv/")["Location"] == f"{home}ny-version/"
    late = client.post(f"{home}skriv/", form_of(LETTER, revision="1", summary="Skrivet för sent"))
    assert late.status_code == 422 and "Skrivet för sent" in late.content.decode()
    assert client.post(f"{home}ny-version/", {"dated_on": "2022-09-22", "note": ""}).status_code == 400
    made = client.post(f"{home}ny-version/", {"dated_on": "2022-09-22", "note": "nio ändringar"})
    assert made["Location"] == f"{home}skriv/"
    page = client.get(home).content.decode()
    assert "Version 2" in page and "nio ändringar" in page
    assert client.get(f"{home}?version=1").content.decode().count("senare version") == 1


def test_files_and_who_may(chain: Chain) -> None:
    file = f"{chain.root}skrivelser/fil/{chain.letter.pk}/"
    member = chain.client("member")
    assert member.get(f"{file}pdf/").content.startswith(b"%PDF")
    assert member.get(f"{file}docx/").content.startswith(b"PK")
    assert member.get(f"{file}exe/").status_code == 404
    home = f"{chain.root}skrivelser/{chain.letter.document_id}/"
    assert member.get(home).status_code == 200 and "Ny version" not in member.get(home).content.decode()
    for address in (f"{home}skriv/", f"{home}ny-version/", f"{chain.root}skrivelser/ny/{chain.case.pk}/"):
        assert member.get(address).status_code == 403
    assert chain.client("care_staff").get(home).status_code == 403


def test_a_secret_letter_does_not_exist_for_others(chain: Chain) -> None:
    case = chain.new_case("Hemligt ärende", secret=True)
    version = chain.new_letter(case)
    for address in (
        f"skrivelser/{version.document_id}/", f"skrivelser/fil/{version.pk}/pdf/", f"skrivelser/ny/{case.pk}/",
        f"skrivelser/{version.document_id}/skriv/",
    ):  # fmt: skip
        assert chain.client("quality_strategist").get(chain.root + address).status_code == 404, address
        assert chain.client("secretary").get(chain.root + address).status_code == 200, address


def test_the_best_interests_of_children_are_tried_in_the_case(chain: Chain) -> None:
    home = f"{chain.root}skrivelser/{chain.letter.document_id}/"
    client = chain.client("secretary")
    answer = client.post(f"{home}barnets-basta/", follow=True)
    assert "inget formulär" in answer.content.decode()
    questionnaires.load_text(
        "format: 1\ncode: barnets-basta\ntitle: Barnets bästa\naudience: object\nsections:\n"
        "  - code: a\n    title: A\n    questions:\n      - {code: vad, type: text, text: Vad?, required: true}\n",
        chain.committee,
    )
    answer = client.post(f"{home}barnets-basta/")
    made = Answer.objects.get()
    assert (made.subject_kind, made.subject_id) == ("meetings.case", chain.case.pk)
    assert f"/fragor/svar/{made.pk}/" in answer["Location"]
    assert "Prövning påbörjad" in client.get(home).content.decode()


# --- from a report ----------------------------------------------------------------------------------------------------


@pytest.fixture
def locked(alingsas: Committee) -> Report:
    """A locked monthly report."""
    by = alingsas.people["controller"]
    return reports.lock(reports.open_draft(alingsas.occasion("2022-05"), "manadsuppfoljning", by), by)


def test_a_locked_report_becomes_a_letter_in_one_click(
    alingsas: Committee, locked: Report, client: Any
) -> None:
    client.force_login(alingsas.people["controller"], "django.contrib.auth.backends.ModelBackend")
    root = f"/{alingsas.body.slug}/2022/"
    page = client.get(f"{root}rapporter/{locked.kind}/2022-05/").content.decode()
    address = f"{root}skrivelser/av-rapport/{locked.kind}/2022-05/1/"
    assert f'href="{address}"' in page
    form = client.get(address)
    assert form.status_code == 200 and "Det här fylls i" in form.content.decode()
    assert client.post(address, {"title": ""}).status_code == 400
    made = client.post(address, {"title": "Månadsuppföljning maj 2022"})
    assert made.status_code == 302
    case = Case.objects.get(committee=alingsas.body)
    kinds = list(case.documents.order_by("number").values_list("kind", flat=True))
    assert kinds == ["report", "letter"]
    letter = documents.current(case.documents.get(kind="letter")).letter
    assert letter is not None and letter["proposal"] and letter["documents"] and letter["heading"]
    assert set(services.of_source(locked)) == set(case.documents.values_list("pk", flat=True))
    again = client.post(address, {"case": case.pk})
    assert again["Location"] == made["Location"] and Document.objects.filter(case=case).count() == 2


def test_a_draft_gives_no_letter(alingsas: Committee, client: Any) -> None:
    by = alingsas.people["controller"]
    draft = reports.open_draft(alingsas.occasion("2022-04"), "fordjupad-manadsuppfoljning", by)
    client.force_login(by, "django.contrib.auth.backends.ModelBackend")
    address = f"/{alingsas.body.slug}/2022/skrivelser/av-rapport/{draft.kind}/2022-04/1/"
    answer = client.get(address)
    assert answer.status_code == 422 and "Lås den först" in answer.content.decode()
    assert client.post(address, {"title": "X"}).status_code == 422 and not Case.objects.exists()


def test_the_summons_tells_of_letters_that_lack_something(chain: Chain) -> None:
    item = chain.new_item(chain.meeting, "Taxa", chain.case)
    item.papers.create(version=chain.letter, position=1)
    page = chain.client("secretary").get(f"{chain.root}sammantraden/{chain.meeting.pk}/kallelse/")
    assert "inte kompletta" not in page.content.decode()
    DocumentVersion.objects.filter(pk=chain.letter.pk).update(letter={**LETTER, "summary": ""})
    page = chain.client("secretary").get(f"{chain.root}sammantraden/{chain.meeting.pk}/kallelse/")
    assert "inte kompletta" in page.content.decode() and "Sammanfattningen saknas." in page.content.decode()
