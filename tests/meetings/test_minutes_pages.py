"""The pages of minutes: from opening to the notice, as each role sees them."""

from __future__ import annotations

from typing import Any
from unittest.mock import patch

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from roder.meetings.models import Dispatch, MinuteItem, Minutes
from roder.meetings.rules.minutes import MinutesFault
from roder.meetings.services import minutes as services
from tests.meetings.minutes_world import attested, held_meeting, opened
from tests.meetings.world import Chain


def _at(chain: Chain, path: str) -> str:
    return f"{chain.root}{path}"


def _record(chain: Chain) -> str:
    return _at(chain, f"sammantraden/{chain.meeting.pk}/protokoll/")


def test_the_secretary_opens_writes_and_checks(chain: Chain) -> None:
    held_meeting(chain)
    browser, here = chain.client("secretary"), _record(chain)
    assert browser.get(here).headers["Location"].endswith("oppna/")
    page = browser.post(f"{here}oppna/", {"chair": chain.seats["M1"].pk, "attest_on": "2022-12-24"})
    assert page.status_code == 422
    given: dict[str, Any] = {
        "chair": chain.seats["M1"].pk,
        "attesters": [chain.seats["S2"].pk],
        "first": "67",
    }
    page = browser.post(f"{here}oppna/", {**given, "attest_on": "2022-12-24"})
    assert "senast 14 dagar" in page.content.decode()
    assert browser.post(f"{here}oppna/", {**given, "attest_on": "2022-10-03"}).status_code == 302
    assert "§&nbsp;67" in browser.get(here).content.decode()
    row = MinuteItem.objects.get(number=69)
    edit = _at(chain, f"paragraf/{row.pk}/skriv/")
    text = {
        "heading": "Delegationsordning", "points": "Ett\nTvå", "recipients": "Kommunchef FK\nHR-chef (för åtgärd)",
        "revision": row.revision, "outcome": "approved",
    }  # fmt: skip
    assert browser.get(edit).status_code == 200
    assert browser.post(edit, text | {"next": "1"}).headers["Location"] != here
    row.refresh_from_db()
    assert row.decided == "1. Ett\n2. Två"
    assert [one["purpose"] for one in row.recipients] == ["FK", "FÅ"]
    clash = browser.post(edit, text | {"heading": "Min rubrik"})
    assert clash.status_code == 409
    assert "Min rubrik" in clash.content.decode()
    bad = browser.post(edit, text | {"revision": row.revision, "summary": "Om 19121212-1212"})
    assert bad.status_code == 422
    assert "personnummer" in bad.content.decode()
    assert browser.post(f"{here}gor/granska/").status_code == 302
    late = browser.post(edit, text | {"revision": row.revision})
    assert late.status_code == 422
    assert "Det du skrev finns kvar" in late.content.decode()


def test_each_attests_their_own_and_the_minutes_are_locked_and_put_up(chain: Chain) -> None:
    record = opened(chain, secret=True)
    here = _record(chain)
    services.check(record, chain.by("secretary"))
    for role in ("chair", "member"):
        assert "Jag justerar protokollet" in chain.client(role).get(here).content.decode()
    for role, key in (("chair", "M1"), ("member", "S2")):
        assert (
            chain.client(role).post(f"{here}gor/justera/", {"member": chain.seats[key].pk}).status_code == 302
        )
    secretary = chain.client("secretary")
    fault = secretary.post(f"{here}gor/justera/", {"member": chain.seats["S1"].pk, "on_paper": "i går"})
    assert fault.status_code == 422
    assert "inget datum" in fault.content.decode()
    secretary.post(f"{here}gor/justera/", {"member": chain.seats["S1"].pk, "on_paper": "2022-10-03"})
    today = timezone.localdate().isoformat()
    assert secretary.post(f"{here}gor/anslag/", {"posted_on": today}).status_code == 302
    assert secretary.post(f"{here}gor/las/").status_code == 302
    assert Minutes.objects.get().state == "locked"
    assert secretary.post(f"{here}gor/las/").status_code == 422
    for one in ("pdf", "docx", "xlsx", "html"):
        assert secretary.get(f"{here}fil.{one}").status_code == 200
    assert "inte förseglat" in secretary.get(here).content.decode()
    public = chain.client("auditor").get(f"{here}fil.html").content.decode()
    assert "Svar till revisionen" not in public
    assert "Svar till revisionen" not in chain.client("auditor").get(here).content.decode()
    assert "Svar till revisionen" in chain.client("member").get(f"{here}fil.html").content.decode()
    anybody = secretary.__class__()
    board = anybody.get(f"/anslag/{chain.committee.slug}/")
    assert board.status_code == 200
    assert "hela protokollet" in board.content.decode()
    assert anybody.get(f"/anslag/{chain.committee.slug}/{record.pk}.pdf").content.startswith(b"%PDF")
    with patch("roder.meetings.papers.notice.notice_of", side_effect=AssertionError("drawn twice")):
        assert anybody.get(f"/anslag/{chain.committee.slug}/{record.pk}.pdf").content.startswith(b"%PDF")
    assert anybody.get(f"/anslag/{chain.committee.slug}/99999.pdf").status_code == 404


@pytest.mark.parametrize("role", ["member", "controller", "auditor"])
def test_a_draft_is_not_shown(chain: Chain, role: str) -> None:
    record = opened(chain)
    page = chain.client(role).get(_record(chain))
    assert "inte justerat än" in page.content.decode()
    row = services.paragraphs_of(record.meeting)[2]
    for path in (f"paragraf/{row.pk}/", f"paragraf/{row.pk}/utdrag.pdf"):
        assert chain.client(role).get(_at(chain, path)).status_code == 404
    assert chain.client(role).get(f"{_record(chain)}fil.pdf").status_code == 404
    assert chain.client(role).get(_at(chain, f"paragraf/{row.pk}/skriv/")).status_code == 403
    assert chain.client(role).post(f"{_record(chain)}gor/granska/").status_code == 404


def test_a_secret_paragraph_does_not_exist_without_the_right(chain: Chain) -> None:
    record = attested(chain, secret=True)
    row = services.paragraphs_of(record.meeting)[3]
    path = _at(chain, f"paragraf/{row.pk}/")
    assert chain.client("member").get(path).status_code == 200
    for one in (path, f"{path}utdrag.pdf"):
        assert chain.client("controller").get(one).status_code == 404


def test_the_paragraph_and_its_extract(chain: Chain) -> None:
    record = attested(chain)
    row = services.paragraphs_of(record.meeting)[2]
    page = chain.client("controller").get(_at(chain, f"paragraf/{row.pk}/")).content.decode()
    assert "Nämnden antar förslaget" in page
    assert "Omröstning" in page
    found = chain.client("controller").get(_at(chain, f"paragraf/{row.pk}/utdrag.pdf"))
    assert found.content.startswith(b"%PDF")
    assert "protokollsutdrag-2022-09-27-par-3.pdf" in found.headers["Content-Disposition"]


def test_the_secretary_sends_and_notes(chain: Chain, settings: Any) -> None:
    settings.SENDS_MAIL = True
    record = attested(chain)
    browser = chain.client("secretary")
    here = _at(chain, f"sammantraden/{record.meeting_id}/expediera/")
    assert "4 av 4" in browser.get(here).content.decode()
    assert "4 utdrag kvar" in browser.get(_at(chain, "expediera/")).content.decode()
    first, second, *_ = Dispatch.objects.order_by("pk")
    deed = _at(chain, f"expediera/{first.pk}/")
    fault = browser.post(f"{deed}e-posta/", {"email": "inte en adress"})
    assert fault.status_code == 422
    assert "inte en adress" in fault.content.decode()
    assert browser.post(f"{deed}e-posta/", {"email": "chef@example.se"}).status_code == 302
    note = _at(chain, f"expediera/{second.pk}/")
    assert browser.post(f"{note}skickat/", {"way": "hand", "on": ""}).status_code == 302
    assert browser.post(f"{note}skickat/", {"way": "hand"}).status_code == 422
    row = services.paragraphs_of(record.meeting)[2]
    add = _at(chain, f"paragraf/{row.pk}/mottagare/")
    assert browser.get(add).status_code == 200
    twice = browser.post(add, {"name": "Förvaltningschef", "purpose": "FK"})
    assert twice.status_code == 422
    assert browser.post(add, {"name": "Akten", "purpose": "FK"}).status_code == 302
    for role in ("chair", "member", "head_administration"):
        assert chain.client(role).get(here).status_code == 403


def test_one_item_attested_at_once_is_read_before_the_rest(chain: Chain) -> None:
    record = opened(chain)
    row = services.paragraphs_of(record.meeting)[2]
    services.edit_paragraph(row, chain.by("secretary"), row.revision, immediate=True)
    path = _at(chain, f"paragraf/{row.pk}/")
    assert "Jag justerar paragrafen" in chain.client("chair").get(path).content.decode()
    assert chain.client("chair").post(f"{path}justera/", {"member": chain.seats["M1"].pk}).status_code == 302
    for key in ("S1", "S2"):
        sent = {"member": chain.seats[key].pk, "on_paper": "2022-09-27"}
        assert chain.client("secretary").post(f"{path}justera/", sent).status_code == 302
    today = timezone.localdate().isoformat()
    assert chain.client("secretary").post(f"{path}justera/", {"posted_on": today}).status_code == 302
    assert chain.client("controller").get(path).status_code == 200
    assert "§ 3 Revidering" in chain.client("controller").get(_record(chain)).content.decode()
    assert (
        chain.client("controller").get(f"/anslag/{chain.committee.slug}/paragraf-{row.pk}.pdf").status_code
        == 200
    )


@pytest.mark.parametrize(
    ("reason", "says"),
    [
        ("Rätta uppgiften om 19121212-1212.", "innehåller ett personnummer"),
        ("Rätta\x00 §3.", "NUL"),
        ("Rätta. " * 60, "högst 300 ryms"),
        ("  ", "Skriv varför"),
    ],
)
def test_a_reason_that_cannot_be_kept_is_told_at_its_field(chain: Chain, reason: str, says: str) -> None:
    record, here = opened(chain), _record(chain)
    services.check(record, chain.by("secretary"))
    answer = chain.client("secretary").post(f"{here}gor/oppna-igen/", {"reason": reason})
    assert answer.status_code == 422
    told = answer.content.decode().split('id="reason-fel"', 1)[1].split("</ul>", 1)[0]
    assert says in told
    assert Minutes.objects.get().state == "checked"
    with pytest.raises((ValidationError, MinutesFault)):
        services.reopen(record, chain.by("secretary"), reason)
