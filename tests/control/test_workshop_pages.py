"""The workshop's pages: who sees what, faults at their place, nothing lost, and a screen that costs the same always."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from roder.control.models import Risk, RiskAnalysis, Workshop, WorkshopDecision, WorkshopScore
from roder.control.services import risks, workshops
from roder.organisation.models import Person
from tests.control.world import Room


@pytest.fixture
def workshop(room: Room, strategist: Person) -> Workshop:
    return workshops.start(room.analysis, strategist, "Riskworkshop", date(2021, 10, 5))


@pytest.fixture
def at(room: Room, workshop: Workshop) -> str:
    return f"{room.root}riskworkshop/{workshop.pk}/"


@pytest.fixture
def leader(room: Room) -> Client:
    return room.client("quality_strategist")


def text(answer: Any, status: int = 200) -> str:
    assert answer.status_code == status, answer.content.decode()[:2000]
    return str(answer.content.decode())


def go(client: Client, at: str, state: str) -> None:
    assert client.post(f"{at}steg/", {"state": state}).status_code == 302
    assert Workshop.objects.get().state == state


def test_a_workshop_is_opened_by_those_who_lead(room: Room, leader: Client) -> None:
    address = f"{room.root}riskworkshop/"
    assert "Öppna en workshop" in text(leader.get(address))
    sent = {"title": "Hösten", "held_on": "2021-10-05"}
    assert room.client("member").post(address, sent).status_code == 403
    assert "2021-13-05" in text(leader.post(address, {**sent, "held_on": "2021-13-05"}), 400)
    answer = leader.post(address, sent)
    assert answer.status_code == 302 and answer.url.endswith(f"riskworkshop/{Workshop.objects.get().pk}/")
    assert "Hösten" in text(room.client("auditor").get(address))
    RiskAnalysis.objects.update(state="decided", decided_on=date(2021, 12, 1))
    assert "beslutad" in text(leader.post(address, sent), 400)
    assert leader.post(address.replace("2022", "2019"), sent).status_code == 404


def test_a_member_suggests_and_the_same_words_are_told(room: Room, at: str) -> None:
    member = room.client("member")
    assert "Lägg till förslaget" in text(member.get(at))
    assert member.post(f"{at}foresla/", {"text": "Nyckelpersoner slutar"}).status_code == 302
    again = text(
        room.client("chair").post(f"{at}foresla/", {"text": "nyckelpersoner slutar.", "cause": "Lönen"}), 422
    )
    assert "redan föreslagit" in again and 'value="Lönen"' in again
    assert "Skriv vad som kan hända" in text(member.post(f"{at}foresla/", {"text": " "}), 422)
    assert "personnummer" in text(member.post(f"{at}foresla/", {"text": "Om 19121212-1212"}), 422)
    shown = text(room.client("chair").get(at))
    assert "Nyckelpersoner slutar" in shown and ">ditt<" not in shown and ">ditt<" in text(member.get(at))
    auditor = text(room.client("auditor").get(at))
    assert "Lägg till förslaget" not in auditor and "Låt alla bedöma" not in auditor
    assert room.client("auditor").post(f"{at}foresla/", {"text": "Ett"}).status_code == 403
    assert room.client("care_staff").get(at).status_code == 403


def test_a_suggestion_after_the_step_is_told_and_stays(room: Room, at: str, leader: Client) -> None:
    go(leader, at, "scoring")
    answer = text(room.client("member").post(f"{at}foresla/", {"text": "Min sena risk"}), 409)
    assert "Min sena risk" not in answer or "inte sparat" in answer
    assert not Risk.objects.filter(text="Min sena risk").exists()


def test_the_leader_puts_suggestions_together_and_strikes_them(
    room: Room, workshop: Workshop, at: str, leader: Client
) -> None:
    one = workshops.suggest(workshop, room.by("member"), "Chefer slutar")
    other = workshops.suggest(workshop, room.by("chair"), "Chefer orkar inte")
    page = f"{at}forslag/{other.pk}/"
    assert "För ihop med" in text(leader.get(page))
    assert "Välj vilken risk" in text(leader.post(page, {"merge": "1"}), 400)
    assert (
        leader.post(page, {"merge": "1", "into": one.pk, "text": "Chefer slutar och orkar inte"}).status_code
        == 302
    )
    assert Risk.objects.get(pk=one.pk).text == "Chefer slutar och orkar inte"
    assert leader.get(page).status_code == 404
    assert leader.post(f"{at}forslag/{one.pk}/", {"strike": "1"}).status_code == 302
    assert Risk.objects.count() == 17
    assert room.client("member").get(f"{at}forslag/{room.risks['1'].pk}/").status_code == 403


def test_each_scores_on_a_page_of_its_own(room: Room, at: str, leader: Client) -> None:
    go(leader, at, "scoring")
    member, risk = room.client("member"), room.risks["16"]
    page = f"{at}bedom/{risk.pk}/"
    shown = text(member.get(page))
    assert shown.count('type="radio"') == 8 and "Kännbar" in shown and "Praktiskt taget obefintlig" in shown
    wrong = text(member.post(page, {"likelihood": "3", "note": "För att"}), 400)
    assert "Välj ett steg för väsentlighetsgrad" in wrong and 'value="För att"' in wrong
    assert 'value="3" checked' in wrong
    assert "finns inte i skalan" in text(member.post(page, {"likelihood": "9", "impact": "1"}), 400)
    answer = member.post(page, {"likelihood": "3", "impact": "4", "note": "För att"})
    assert answer.url.endswith(f"/bedom/{room.risks['17'].pk}/")
    last = member.post(f"{at}bedom/{room.risks['17'].pk}/", {"likelihood": "1", "impact": "1"})
    assert last.url.endswith(at)
    assert 'value="4" checked' in text(member.get(page))
    mine = text(member.get(at))
    assert "du: 3 × 4" in mine and "Din bedömning: 2 av 17" in mine
    assert "3 × 4" not in text(room.client("chair").get(at))
    assert room.client("auditor").get(page).status_code == 403


def test_a_score_after_the_step_says_so_and_loses_nothing(
    room: Room, workshop: Workshop, at: str, leader: Client
) -> None:
    go(leader, at, "scoring")
    workshops.my_score(workshop, room.risks["1"], room.by("chair"), 2, 2)
    go(leader, at, "deciding")
    page = f"{at}bedom/{room.risks['1'].pk}/"
    member = room.client("member")
    sent = {"likelihood": "4", "impact": "3", "note": "Jag hann inte"}
    late = text(member.post(page, sent), 409)
    assert "Din bedömning är inte sparad" in late and 'value="Jag hann inte"' in late
    assert 'value="4" checked' in late and 'value="3" checked' in late
    assert WorkshopScore.objects.count() == 1
    go(leader, at, "scoring")
    assert member.post(page, sent).status_code == 302
    assert WorkshopScore.objects.count() == 2


def test_the_group_decides_from_the_median(room: Room, workshop: Workshop, at: str, leader: Client) -> None:
    go(leader, at, "scoring")
    risk = room.risks["16"]
    for role, score in (("member", (2, 2)), ("chair", (2, 2)), ("unit_manager", (2, 2)), ("sas", (4, 4))):
        workshops.my_score(workshop, risk, room.by(role), *score, "Det har hänt" if role == "sas" else "")
    page = f"{at}besluta/{risk.pk}/"
    assert leader.get(page).status_code == 302
    go(leader, at, "deciding")
    shown = text(leader.get(page))
    assert shown.count(" checked") == 2 and "En deltagare: <strong>4 × 4</strong> ”Det har hänt”" in shown
    assert str(room.by("sas")) not in shown and "Spara gruppens beslut" in shown
    follower = text(room.client("member").get(page))
    assert "Spara gruppens beslut" not in follower and "spridda" in follower
    assert room.client("member").post(page, {"likelihood": "2", "impact": "3"}).status_code == 403
    stale = {"likelihood": "3", "impact": "3", "revision": str(risk.revision)}
    risks.score(risk, room.by("quality_strategist"), 1, 1)
    clash = text(leader.post(page, stale), 409)
    assert "Någon annan ändrade risken" in clash and "1 × 1" in clash and "du valde 3 × 3" in clash
    fresh = Risk.objects.get(pk=risk.pk).revision
    answer = leader.post(page, {**stale, "revision": str(fresh), "note": "Efter samtal"})
    assert answer.status_code == 302 and "/besluta/" in answer.url
    kept = WorkshopDecision.objects.get()
    assert (kept.likelihood, kept.impact, kept.reason) == (3, 3, "Efter samtal")
    assert Risk.objects.get(pk=risk.pk).value == 9
    go(leader, at, "closed")
    assert "16 risker fick inget beslut" in text(leader.get(at))
    assert "Efter samtal" in text(leader.get(page))
    assert text(leader.post(page, {**stale, "revision": str(fresh + 1)}), 409)


def test_names_are_shown_only_where_it_was_said_from_the_start(
    room: Room, workshop: Workshop, at: str, leader: Client
) -> None:
    leader.post(f"{at}namn/", {"shown": "ja"})
    assert Workshop.objects.get().names_shown
    go(leader, at, "scoring")
    workshops.my_score(workshop, room.risks["1"], room.by("sas"), 2, 2)
    go(leader, at, "deciding")
    assert str(room.by("sas")) in text(leader.get(f"{at}besluta/{room.risks['1'].pk}/"))


def test_names_are_not_shown_once_people_score(room: Room, at: str, leader: Client) -> None:
    go(leader, at, "scoring")
    told = text(leader.post(f"{at}namn/", {"shown": "ja"}, follow=True))
    assert "i efterhand" in told and not Workshop.objects.get().names_shown


def test_a_score_of_a_struck_risk_is_told_with_what_was_chosen(
    room: Room, workshop: Workshop, at: str, leader: Client
) -> None:
    one = workshops.suggest(workshop, room.by("chair"), "Ett förslag")
    go(leader, at, "scoring")
    workshops.strike(workshop, one, room.by("quality_strategist"))
    page = f"{at}bedom/{one.pk}/"
    told = text(room.client("member").post(page, {"likelihood": "3", "impact": "2"}, follow=True))
    assert "Du valde 3 × 2; det är inte sparat" in told
    assert room.client("member").get(page).status_code == 404


def test_two_leaders_who_go_on_at_once_go_one_step(
    room: Room, workshop: Workshop, at: str, leader: Client
) -> None:
    sent = {"state": "scoring", "revision": str(workshop.revision)}
    assert leader.post(f"{at}steg/", sent).status_code == 302
    other = room.client("head_administration").post(
        f"{at}steg/", {**sent, "state": "collecting"}, follow=True
    )
    assert "Någon annan har just lett" in text(other)
    assert Workshop.objects.get().state == "scoring"


def test_the_screen_follows_and_is_silent_when_nothing_has_changed(
    room: Room, workshop: Workshop, at: str, leader: Client
) -> None:
    member = room.client("member")
    assert "<strong>17</strong> risker" in text(leader.get(f"{at}skarm/"))
    live = f"{at}skarm/nu/"
    first = leader.get(live)
    sign = first["ETag"]
    assert leader.get(live, headers={"If-None-Match": sign}).status_code == 304
    assert leader.get(live, {"sett": sign.strip('"')}).status_code == 204
    member.post(f"{at}foresla/", {"text": "Något nytt"})
    assert "Något nytt" in text(leader.get(live, {"sett": sign.strip('"')}))
    assert leader.get(live, headers={"If-None-Match": sign}).status_code == 200
    go(leader, at, "scoring")
    assert "Workshopen har gått vidare" in text(member.get(f"{at}nu/", {"steg": "collecting"}))
    workshops.my_score(workshop, room.risks["1"], room.by("member"), 2, 4, "Tyst")
    shown = text(leader.get(live))
    assert "1 av 1 har bedömt" in shown and "2 × 4" not in shown and "Tyst" not in shown
    go(leader, at, "deciding")
    leader.post(f"{at}visa/{room.risks['1'].pk}/")
    assert "workshop-grid" in text(leader.get(live))
    leader.post(f"{at}visa/{room.risks['1'].pk}/", {"list": "1"})
    assert "<strong>0</strong> av 18 beslutade" in text(leader.get(live))
    assert (
        leader.post(f"{at}besluta/{room.risks['1'].pk}/", {"likelihood": 2, "impact": 4}).status_code == 302
    )
    go(leader, at, "closed")
    assert "hx-get" not in text(leader.get(live))


def _count(client: Client, address: str) -> int:
    client.get(address)
    with CaptureQueriesContext(connection) as asked:
        assert client.get(address).status_code == 200
    return len(asked)


def test_more_risks_and_people_take_no_more_questions(
    room: Room, workshop: Workshop, at: str, leader: Client
) -> None:
    go(leader, at, "scoring")
    workshops.my_score(workshop, room.risks["1"], room.by("member"), 2, 4)
    go(leader, at, "deciding")
    leader.post(f"{at}visa/{room.risks['1'].pk}/")
    paths = [at, f"{at}skarm/", f"{at}skarm/nu/", f"{at}nu/", f"{at}besluta/{room.risks['1'].pk}/"]
    few = [_count(leader, path) for path in paths]
    go(leader, at, "scoring")
    for n in range(40):
        Risk.objects.create(
            committee=room.committee,
            analysis=room.analysis,
            scale=room.scale,
            code=f"R-9{n:03d}",
            text=f"Risk {n}",
        )
    for role in ("chair", "sas", "mas", "unit_manager", "head_department"):
        for risk in Risk.objects.all():
            WorkshopScore.objects.create(
                workshop=workshop, risk=risk, person=room.by(role), likelihood=2, impact=2
            )
    go(leader, at, "deciding")
    leader.post(f"{at}visa/{room.risks['1'].pk}/")
    assert [_count(leader, path) for path in paths] == few
    assert max(few) < 20
