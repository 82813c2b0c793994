"""Pages of meetings: who sees what, what is typed is never lost, what is secret is never shown."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from roder.core.jobs import run_pending
from roder.meetings.models import AgendaItem, ItemNote, Meeting, Pack
from roder.meetings.papers.pack import make_pack
from roder.meetings.services import agenda
from tests.meetings.walk_samples_agenda import samples
from tests.meetings.world import Chain


def url(chain: Chain, name: str, *args: Any) -> str:
    """A page of the committee's year."""
    return reverse(f"meetings:{name}", args=[chain.committee.slug, 2022, *args])


@pytest.fixture
def secrets(chain: Chain) -> Chain:
    """The meeting with an open point with an open and a secret paper, and a secret point; the summons is sent."""
    chain.meeting.items.all().delete()
    by = chain.by("secretary")
    one = agenda.add_item(chain.meeting, by, kind="decision", title="Öppen taxa", case=chain.new_case("Taxa"))
    agenda.add_paper(one, chain.new_document(one.case, "Öppen bilaga"), by)  # type: ignore[arg-type]
    hidden = chain.new_document(one.case, "HEMLIG bilaga", secret=True)  # type: ignore[arg-type]
    agenda.add_paper(one, hidden, by)
    case = chain.new_case("HEMLIGT avtal", secret=True)
    agenda.add_item(
        chain.meeting, by, kind="decision", title="HEMLIGT avtal", case=case, presenter="HEMLIG gäst"
    )
    agenda.summon(chain.meeting, by)
    return chain


SEES_SECRETS = ("secretary", "member", "chair", "head_administration")
SEES_NOT = ("controller", "sas", "auditor", "central_office", "unit_manager")


@pytest.mark.parametrize("role", SEES_SECRETS)
def test_those_with_the_right_see_the_secret_point(secrets: Chain, role: str) -> None:
    page = secrets.client(role).get(url(secrets, "meeting", secrets.meeting.pk)).content.decode()
    assert "HEMLIGT avtal" in page and "HEMLIG bilaga" in page


@pytest.mark.parametrize("role", SEES_NOT)
def test_others_see_its_number_and_the_law(secrets: Chain, role: str) -> None:
    client = secrets.client(role)
    page = client.get(url(secrets, "meeting", secrets.meeting.pk))
    if page.status_code != 200:
        assert page.status_code in (403, 404)
        return
    text = page.content.decode()
    assert "HEMLIG" not in text and "Sekretess enligt OSL 26:1" in text and "Öppen bilaga" in text
    summons = client.get(url(secrets, "summons_file", secrets.meeting.pk))
    assert summons.status_code == 200 and b"HEMLIG" not in summons.content
    item = AgendaItem.objects.get(title="HEMLIGT avtal")
    assert client.post(url(secrets, "note", item.pk), {"text": "x"}).status_code == 404


def test_the_whole_pack_is_not_for_those_without_the_right(secrets: Chain) -> None:
    by = secrets.by("secretary")
    whole, public = make_pack(secrets.meeting, by), make_pack(secrets.meeting, by, public=True)
    for role in SEES_SECRETS:
        assert secrets.client(role).get(url(secrets, "pack_file", whole.pk)).status_code == 200
    for role in SEES_NOT:
        client = secrets.client(role)
        assert client.get(url(secrets, "pack_file", whole.pk)).status_code in (403, 404)
        assert (
            f"/handlingar/{whole.pk}/"
            not in client.get(url(secrets, "pack", secrets.meeting.pk)).content.decode()
        )
    answer = secrets.client("auditor").get(url(secrets, "pack_file", public.pk))
    assert answer["Content-Type"] == "application/pdf"
    assert b"".join(answer.streaming_content).startswith(b"%PDF")  # type: ignore[arg-type, attr-defined]


def test_members_see_the_agenda_when_they_are_summoned(chain: Chain) -> None:
    chain.meeting.items.all().delete()
    by = chain.by("secretary")
    agenda.add_item(chain.meeting, by, kind="decision", title="Ny taxa")
    working = make_pack(chain.meeting, by)
    page = url(chain, "meeting", chain.meeting.pk)
    assert "Ny taxa" not in chain.client("member").get(page).content.decode()
    assert "Ny taxa" in chain.client("chair").get(page).content.decode()
    assert "Ny taxa" in chain.client("controller").get(page).content.decode()
    assert chain.client("member").get(url(chain, "pack_file", working.pk)).status_code == 404
    assert chain.client("member").get(url(chain, "summons_file", chain.meeting.pk)).status_code == 404
    agenda.summon(chain.meeting, by)
    assert "Ny taxa" in chain.client("member").get(page).content.decode()


def test_a_year_is_planned_from_a_list(chain: Chain) -> None:
    client, page = chain.client("secretary"), url(chain, "plan")
    typed = {
        "body": chain.committee.pk,
        "days": "2022-10-25\n31/2\n2022-11-22 13.30",
        "starts": "14:00",
        "place": "Rådhuset",
    }
    answer = client.post(page, typed)
    assert answer.status_code == 400
    text = answer.content.decode()
    assert "Rad 2, ”31/2”" in text and "2022-11-22 13.30" in text  # what was typed is there
    assert client.post(page, {**typed, "days": "2022-10-25\n2022-11-22 13.30"}).status_code == 302
    assert Meeting.objects.filter(date__in=[date(2022, 10, 25), date(2022, 11, 22)]).count() == 2
    listed = client.get(url(chain, "meetings")).content.decode()
    assert "Oktober" in listed and "kl. 13.30" in listed


def test_the_agenda_is_written_with_buttons(chain: Chain) -> None:
    chain.meeting.items.all().delete()
    client, page = chain.client("secretary"), url(chain, "agenda", chain.meeting.pk)
    client.post(page, {"deed": "standard"})
    added = client.post(page, {"deed": "add", "kind": "decision", "title": "Ny taxa", "case": chain.case.pk})
    assert added.status_code == 302 and "#punkt-" in added["Location"]
    item = AgendaItem.objects.get(title="Ny taxa")
    assert item.papers.count() == 2  # the newest of the case's documents came along
    for odd in ("²", "9" * 5000, "x"):
        assert client.post(page, {"deed": "up", "item": odd}).status_code == 404
    client.post(page, {"deed": "up", "item": item.pk})
    client.post(page, {"deed": "under", "item": item.pk})
    assert agenda.numbers(chain.meeting)[item.pk] == "2\u00a0A"
    client.post(page, {"deed": "out", "item": item.pk})
    client.post(page, {"deed": "withdraw", "item": item.pk})
    assert "utgår" in client.get(page).content.decode()
    client.post(page, {"deed": "remove", "item": item.pk})
    assert not AgendaItem.objects.filter(pk=item.pk).exists()
    empty = client.post(page, {"deed": "add", "kind": "decision", "title": "", "presenter": "Controller"})
    assert empty.status_code == 400 and "Controller" in empty.content.decode()
    assert client.post(page, {"deed": "up", "item": "9999999"}).status_code == 404
    assert client.post(page, {"deed": "up", "item": "x"}).status_code == 404


def test_a_suggestion_is_taken(chain: Chain) -> None:
    chain.meeting.items.all().delete()
    case = chain.new_case("Väntar på nämnden", phase="committee")
    client, page = chain.client("secretary"), url(chain, "agenda", chain.meeting.pk)
    assert "Väntar på nämnden" in client.get(page).content.decode()
    client.post(page, {"deed": "suggest", "which": f"case-{case.pk}", "kind": "information"})
    assert AgendaItem.objects.get(case=case).kind == "information"
    client.post(page, {"deed": "suggest", "which": f"case-{case.pk}", "kind": "information"})
    assert AgendaItem.objects.filter(case=case).count() == 1


def test_two_who_write_the_same_point_see_both_texts(chain: Chain) -> None:
    by = chain.by("secretary")
    item = agenda.add_item(chain.meeting, by, kind="decision", title="Ny taxa")
    typed = {"deed": "save", "kind": "decision", "title": "Min rubrik", "revision": item.revision}
    agenda.change_item(item, by, item.revision, title="Den andras rubrik")
    client, page = chain.client("secretary"), url(chain, "item", item.pk)
    answer = client.post(page, typed)
    text = answer.content.decode()
    assert answer.status_code == 400 and "Den andras rubrik" in text and 'value="Min rubrik"' in text
    item.refresh_from_db()
    assert client.post(page, {**typed, "revision": item.revision}).status_code == 302
    item.refresh_from_db()
    assert item.title == "Min rubrik"


def test_papers_are_put_on_moved_and_taken_off(chain: Chain) -> None:
    by = chain.by("secretary")
    item = agenda.add_item(chain.meeting, by, kind="decision", title="Taxa", case=chain.new_case("Taxa"))
    one, two = (chain.new_document(item.case, title) for title in ("Ett", "Två"))  # type: ignore[arg-type]
    client, page = chain.client("secretary"), url(chain, "item", item.pk)
    client.post(page, {"deed": "add-paper", "which": one.pk})
    client.post(page, {"deed": "add-all"})
    assert [paper.version_id for paper in item.papers.all()] == [one.pk, two.pk]
    second = item.papers.get(version=two)
    client.post(page, {"deed": "paper-up", "which": second.pk})
    assert [paper.version_id for paper in item.papers.all()] == [two.pk, one.pk]
    client.post(page, {"deed": "remove-paper", "which": second.pk})
    assert item.papers.count() == 1
    assert client.post(page, {"deed": "add-paper", "which": "9999999"}).status_code == 404


def test_the_meeting_is_moved_and_cancelled_in_the_browser(chain: Chain) -> None:
    client, pk = chain.client("secretary"), chain.meeting.pk
    page = url(chain, "meeting_change", pk)
    typed = {
        "date": "2022-10-04",
        "starts": "18:00",
        "place": "Brunnsgården",
        "revision": chain.meeting.revision,
    }
    wrong = client.post(page, {**typed, "ends": "17:00"})
    assert wrong.status_code == 400 and "Sluttiden är före starttiden" in wrong.content.decode()
    assert client.post(page, typed).status_code == 302
    stale = client.post(page, {**typed, "place": "Annan plats"})
    assert stale.status_code == 400 and "Brunnsgården" in stale.content.decode()
    assert "Annan plats" in stale.content.decode()
    assert client.post(url(chain, "meeting_cancel", pk), {"reason": ""}).status_code == 400
    assert client.post(url(chain, "meeting_cancel", pk), {"reason": "För få ärenden"}).status_code == 302
    assert "Inställt" in client.get(url(chain, "meeting", pk)).content.decode()


def test_a_note_is_seen_by_oneself_only_and_not_in_the_pack(secrets: Chain) -> None:
    item = AgendaItem.objects.get(title="Öppen taxa")
    client = secrets.client("member")
    client.post(url(secrets, "note", item.pk), {"text": "MIN FRÅGA"})
    assert ItemNote.objects.get().text == "MIN FRÅGA"
    page = url(secrets, "meeting", secrets.meeting.pk)
    assert "MIN FRÅGA" in client.get(page).content.decode()
    assert "MIN FRÅGA" not in secrets.client("chair").get(page).content.decode()
    made = make_pack(secrets.meeting, secrets.by("secretary"))
    assert "MIN FRÅGA" not in str(made.manifest)


def test_the_summons_makes_both_packs(chain: Chain) -> None:
    chain.meeting.items.all().delete()
    agenda.add_item(chain.meeting, chain.by("secretary"), kind="decision", title="Ny taxa")
    client, page = chain.client("secretary"), url(chain, "summons", chain.meeting.pk)
    assert "Person member" in client.get(page).content.decode()
    assert client.post(page).status_code == 302
    assert "Handlingarna görs" in client.get(url(chain, "pack", chain.meeting.pk)).content.decode()
    run_pending()
    assert set(Pack.objects.values_list("public", flat=True)) == {True, False}
    text = client.get(url(chain, "pack", chain.meeting.pk)).content.decode()
    assert "Allt är med" in text and "Handlingarna görs" not in text
    agenda.withdraw_item(chain.meeting.items.get(), chain.by("secretary"))
    assert "Ändrad: ärendelistan" in client.get(url(chain, "pack", chain.meeting.pk)).content.decode()


def test_no_summons_without_its_packs(chain: Chain, monkeypatch: pytest.MonkeyPatch) -> None:
    """Killed between the two: neither is done, and the secretary sends the summons again."""

    def killed(*args: Any, **options: Any) -> None:
        raise RuntimeError("strömmen gick")

    chain.new_item(chain.meeting, "Ny taxa")
    monkeypatch.setattr("roder.meetings.pages.pack.defer", killed)
    with pytest.raises(RuntimeError):
        chain.client("secretary").post(url(chain, "summons", chain.meeting.pk))
    chain.meeting.refresh_from_db()
    assert chain.meeting.state == Meeting.State.PLANNED


def test_every_address_opens_for_the_secretary(chain: Chain) -> None:
    people = {role: chain.by(role) for role in ("secretary",)}
    client = chain.client("secretary")
    for name, args in samples(chain.committee, people).items():
        answer = client.get(reverse(name, args=[chain.committee.slug, 2022, *args]))
        assert answer.status_code == (405 if name == "meetings:note" else 200), name


def test_the_meeting_page_asks_as_much_however_long_the_agenda(chain: Chain) -> None:
    client, page = chain.client("secretary"), url(chain, "meeting", chain.meeting.pk)

    def grow(numbers: range) -> int:
        for number in numbers:
            case = chain.new_case(f"Ärende {number}")
            item = chain.new_item(chain.meeting, f"Punkt {number}", case, position=20 + number)
            agenda.add_paper(item, chain.new_document(case, f"Bilaga {number}"), chain.by("secretary"))
        client.get(page)
        with CaptureQueriesContext(connection) as asked:
            client.get(page)
        return len(asked)

    assert grow(range(1)) == grow(range(1, 8))
