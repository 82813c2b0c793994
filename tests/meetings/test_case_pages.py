"""The pages of cases and documents, as people meet them."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from roder.core.jobs import run_pending
from roder.meetings.models import Case, CaseDependency, Document
from roder.meetings.services import cases, documents
from roder.steering.models import Goal
from tests.files import samples
from tests.meetings.test_documents import docx, upload
from tests.meetings.walk_samples import samples as walk
from tests.meetings.world import Chain


def url(name: str, *args: Any) -> str:
    return reverse(f"meetings:{name}", args=["prov-von", 2022, *args])


def page(client: Client, name: str, *args: Any, **query: Any) -> str:
    answer = client.get(url(name, *args), query)
    assert answer.status_code == 200, (name, answer.status_code)
    return answer.content.decode()


def send(client: Client, page_name: str, /, *args: Any, ok: int = 302, **sent: Any) -> str:
    answer = client.post(url(page_name, *args), sent)
    assert answer.status_code == ok, re.findall(
        r"<ul class=\"errorlist.*?</ul>", answer.content.decode(), re.S
    )
    return answer.content.decode()


NEW = {"title": "Motion om fler platser", "kind": "motion", "opened_on": "2022-09-01", "origin": "S-gruppen"}


def test_a_case_is_registered_with_its_document_on_one_page(chain: Chain) -> None:
    client = chain.client("secretary")
    assert "nästa i serien" in page(client, "case_new")
    send(client, "case_new", **NEW, file=upload(samples.pdf("Motionens text"), "motion.pdf"))
    case = Case.objects.get(title=NEW["title"])
    document = case.documents.get()
    assert (document.kind, document.sender, document.received_on) == ("motion", "S-gruppen", date(2022, 9, 1))
    shown = page(client, "case", case.pk)
    assert "2022.002 VON" in shown
    assert 'aria-current="step"' in shown
    bad = send(client, "case_new", ok=400, **{**NEW, "number": "von 2022-2", "summary": "Kvar i rutan"})
    assert "samma nummer som 2022.002 VON" in bad
    assert "Kvar i rutan" in bad
    macro = upload(samples.docx("x", samples.DOCM), "motion.docx")
    bad = send(client, "case_new", ok=400, **NEW, file=macro)
    assert "makron" in bad
    assert Case.objects.filter(title=NEW["title"]).count() == 1


def test_a_file_that_is_too_large_is_said_at_its_field(chain: Chain, settings: Any) -> None:
    settings.FILE_MAX_BYTES = 10_000
    big = upload(b"%PDF-1.7" + b"\0" * 20_000, "../stor.pdf")
    sent = {"title": "Yttrande", "kind": "statement", "dated_on": "2022-09-15", "sender": "Regionen"}
    shown = send(chain.client("secretary"), "document_new", chain.case.pk, ok=400, **sent, file=big)
    assert "”stor.pdf” är för stor" in shown
    assert "Regionen" in shown
    assert chain.case.documents.count() == 2


def test_the_register_finds_any_spelling_and_kind(chain: Chain) -> None:
    client, by = chain.client("member"), chain.by("secretary")
    cases.register_case(
        chain.committee, "Remiss om vårdval", kind="referral", by=by, opened_on=date(2022, 9, 1),
        answer_by=date(2022, 10, 1),
    )  # fmt: skip
    for text in ("2022.1", "VON VON 2022-001", "dnr 2022/001 von", "delegationsordningen"):
        shown = page(client, "cases", q=text)
        assert "Revidering av nämndens delegationsordning" in shown, text
        assert "Remiss om vårdval" not in shown
    assert "Remiss om vårdval" in page(client, "cases", svar="late")
    assert "Remiss om vårdval" in page(client, "arenden", slag="referral", gang="active", lage="registered")
    assert "Inget i urvalet" in page(client, "cases", oppna="closed")
    assert "Registrera ärende" not in page(client, "cases")
    assert client.get(url("case_new")).status_code == 403


def test_the_deeds_have_pages_of_their_own(chain: Chain) -> None:
    client, pk = chain.client("secretary"), chain.case.pk
    other = cases.register_case(
        chain.committee, "Ett annat", kind="own", by=chain.by("secretary"), opened_on=date(2022, 9, 1)
    )
    day = {"on": "2022-09-27"}
    assert "hoppas över" in page(client, "case_deed", pk, "flytta")
    send(client, "case_deed", pk, "flytta", phase="subcommittee", **day)
    assert "hoppades över" in page(client, "case", pk)
    send(client, "case_deed", pk, "vanta", on="von 2022/2", until="committee")
    assert "Inget ärende i nämnden har numret" in send(
        client, "case_deed", pk, "vanta", ok=400, on="2022.999", until="committee"
    )
    assert "i en ring" in send(
        client, "case_deed", other.pk, "vanta", ok=400, on="2022.1 VON", until="council"
    )
    assert "kan inte beslutas än" in page(client, "case", pk)
    assert "väntar på 2022.002 VON" in page(client, "case_deed", pk, "avsluta")
    send(client, "case_deed", pk, "vanta-inte", rad=CaseDependency.objects.get().pk)
    send(
        client,
        "case_deed",
        pk,
        "fraga",
        name="Pensionärsrådet",
        asked_on="2022-09-01",
        answer_by="2022-09-10",
    )
    asked = chain.case.preparations.get()
    assert "Försenat" in page(client, "case", pk)
    assert "Pensionärsrådet tillfrågades" in page(client, "case_deed", pk, "svar", rad=asked.pk)
    answer = client.post(f"{url('case_deed', pk, 'svar')}?rad={asked.pk}", {"answer": "Tillstyrker", **day})
    assert answer.status_code == 302
    goal = Goal.objects.get(code="mal-1")
    send(client, "case_deed", pk, "koppla", address=f"http://x{chain.root}mal/{goal.pk}/", kind="concerns")
    assert goal.title in page(client, "case", pk)
    assert "finns inget" in send(client, "case_deed", pk, "koppla", ok=400, address="/x/", kind="concerns")
    send(client, "case_deed", pk, "koppla-bort", rad=cases.linked(chain.case, chain.by("secretary"))[0].pk)
    assert "errorlist" in send(client, "case_deed", pk, "aterremittera", ok=400, reason="", **day)
    send(client, "case_deed", pk, "aterremittera", reason="Mer underlag", **day)
    send(client, "case_deed", pk, "ateruppta", reason="Klart", **day)
    send(client, "case_deed", pk, "aterkalla", reason="Behövs inte", **day)
    send(client, "case_deed", pk, "avsluta", on="2022-10-01")
    assert (
        "går inte som ärendet står nu"
        in client.post(url("case_deed", pk, "avsluta"), day, follow=True).content.decode()
    )
    send(client, "case_deed", pk, "oppna", reason="Fel")
    assert client.get(url("case_deed", pk, "nej")).status_code == 404
    assert "Pensionärsrådet" in page(client, "case_history", pk)


def test_two_who_edit_the_same_case_see_both_texts(chain: Chain) -> None:
    client, case = chain.client("secretary"), chain.case
    sent = {
        "title": "Min text", "kind": "own", "opened_on": "2022-08-22", "number": case.number, "revision": case.revision,
    }  # fmt: skip
    cases.update_case(Case.objects.get(pk=case.pk), chain.by("controller"), case.revision, title="Deras text")
    shown = send(client, "case_edit", case.pk, ok=409, **sent)
    assert "Deras text" in shown
    assert "Min text" in shown
    assert "Någon annan hann spara" in shown
    send(client, "case_edit", case.pk, **{**sent, "revision": case.revision + 1})
    assert Case.objects.get(pk=case.pk).title == "Min text"


def test_a_document_with_two_versions_is_compared_and_fetched(chain: Chain) -> None:
    client = chain.client("secretary")
    sent = {"title": "Delegationsordning", "kind": "attachment", "dated_on": "2022-09-15"}
    old = docx("Inledning", "Fyra ändringar görs.", *(f"Rad {n}" for n in range(9)))
    send(client, "document_new", chain.case.pk, **sent, file=upload(old, "ordning.docx"))
    document = Document.objects.get(title="Delegationsordning")
    new = docx("Inledning", "Nio ändringar görs.", *(f"Rad {n}" for n in range(9)), "Till sist.")
    form = {"dated_on": "2022-09-22", "note": "fem till"}
    assert "samma innehåll" in send(
        client, "document_version", document.pk, ok=400, **form, file=upload(old, "o.docx")
    )
    send(client, "document_version", document.pk, **form, file=upload(new, "ordning 2.docx"))
    shown = page(client, "document_compare", document.pk)
    assert "2 stycken skiljer" in shown
    assert "<del>Fyra</del><ins>Nio</ins> ändringar görs." in shown
    assert "lika stycken" in shown
    assert "fem till" in page(client, "document", document.pk)
    version = documents.current(document)
    answer = chain.client("member").get(url("document_file", version.pk))
    assert answer["Content-Disposition"].startswith("attachment")
    assert answer["Content-Security-Policy"].startswith("sandbox")
    assert b"".join(answer.streaming_content) == new


def test_a_file_that_cannot_go_into_a_pack_says_so(chain: Chain, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RODER_SOFFICE", "/finns/inte")
    client = chain.client("secretary")
    sent = {"title": "Bilaga två", "kind": "attachment", "dated_on": "2022-09-15"}
    send(client, "document_new", chain.case.pk, **sent, file=upload(docx("Hej"), "b.docx"))
    run_pending()
    document = Document.objects.get(title="Bilaga två")
    assert "apt install libreoffice" in page(client, "document", document.pk)
    assert "Kan inte läggas i utskick" in page(client, "case", chain.case.pk)
    send(client, "document_pdf_again", documents.current(document).pk)
    assert "görs om till PDF" in page(client, "document", document.pk)
    pdf = client.get(url("document_file", chain.paper.pk))
    assert "2022.001%20VON-002%20F" in pdf["Content-Disposition"]
    assert client.get(url("document_file", chain.letter.pk)).status_code == 404


def test_what_is_secret_is_nowhere_for_those_without_the_right(chain: Chain) -> None:
    secret = chain.new_case("Hemligt ärende", secret=True)
    paper = chain.new_document(secret, "Hemlig bilaga")
    marked = chain.new_document(chain.case, "Hemligt yttrande", secret=True)
    chain.new_item(chain.meeting, "Hemlig punkt", secret, secret=True)
    cases.depend(chain.case, secret, chain.by("secretary"))
    cases.link(chain.case, secret, chain.by("secretary"))
    open_pages = [("cases",), ("case", chain.case.pk), ("case_history", chain.case.pk)]
    hidden = [
        ("case", secret.pk), ("case_edit", secret.pk), ("case_history", secret.pk), ("document", paper.document_id),
        ("document_file", paper.pk), ("document", marked.document_id), ("document_file", marked.pk),
        ("case_deed", secret.pk, "bordlagg"), ("document_new", secret.pk),
    ]  # fmt: skip
    later = chain.new_case("Fortsättning", continues=secret)
    hidden.append(("case_deed", later.pk, "finns-inte"))
    controller, member = chain.client("controller"), chain.client("member")
    assert secret.number not in page(controller, "case", later.pk)
    assert secret.number not in page(controller, "case_edit", later.pk)
    sent = {
        "title": "Ändrad",
        "kind": "own",
        "opened_on": "2022-08-22",
        "number": later.number,
        "revision": 1,
    }
    send(controller, "case_edit", later.pk, **sent)
    assert Case.objects.get(pk=later.pk).continues == secret
    for name, *args in open_pages:
        shown = page(controller, name, *args)
        assert "Hemlig" not in shown, name
        assert secret.number not in shown, name
    for name, *args in hidden:
        assert controller.get(url(name, *args)).status_code == 404, name
    assert "Hemligt ärende" in page(member, "cases")
    assert "Hemligt yttrande" in page(member, "case", chain.case.pk)
    assert "Hemlig bilaga" in page(member, "document", paper.document_id)


def test_every_page_opens(chain: Chain) -> None:
    client = chain.client("secretary")
    for name, args in walk(chain.committee, {"secretary": chain.by("secretary")}).items():
        wanted = url(name.removeprefix("meetings:"), *args)
        assert client.get(wanted).status_code in (200, 302, 405), name
    changed = {"pattern": "SN {year}/{number}", "last": 70}
    send(client, "case_series", **changed)
    assert "går inte att läsa" in send(client, "case_series", ok=400, pattern="{year", last=70)
