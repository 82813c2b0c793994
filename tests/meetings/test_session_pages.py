"""The pages of the session: who writes and who follows, faults at their place, two secretaries, nothing lost."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from roder.core.models import Link
from roder.meetings.models import (
    AgendaItem,
    Ballot,
    BodyMember,
    Conflict,
    Election,
    Meeting,
    MinuteItem,
    Presence,
    Proposal,
    Reservation,
    Vote,
    Watch,
)
from roder.meetings.services import session
from tests.meetings.world import Chain

ITEM = "session/punkt/{}/"


@pytest.fixture
def item(chain: Chain) -> AgendaItem:
    chain.all_present(chain.meeting)
    return chain.new_item(chain.meeting, "Ny taxa")


@pytest.fixture
def secretary(chain: Chain) -> Client:
    return chain.client("secretary")


def at(chain: Chain, item: AgendaItem, slug: str = "") -> str:
    """The address of a point, or of a deed on it."""
    return chain.root + ITEM.format(item.pk) + (f"{slug}/" if slug else "")


def write(chain: Chain, client: Client, item: AgendaItem, slug: str, **values: Any) -> Any:
    """Send a deed's form."""
    return client.post(at(chain, item, slug), {f"{slug}-{name}": value for name, value in values.items()})


def decision(**more: Any) -> dict[str, Any]:
    """A decision's form, filled in."""
    return {"point-1": "Taxan antas.", "outcome": "approved", "revision": "0", **more}


def votes(chain: Chain, choices: str) -> dict[str, Any]:
    """The seven's votes in order."""
    keys = "M1 S1 M2 C1 S2 S3 V1".split()
    return {f"rost-{chain.seats[k].pk}": c for k, c in zip(keys, choices.split(), strict=False)}


# --- who ---


@pytest.mark.parametrize("role", ["member", "chair", "auditor", "sas"])
def test_those_who_follow_read_and_do_not_write(chain: Chain, item: AgendaItem, role: str) -> None:
    client = chain.client(role)
    session.propose(item, "reject", [chain.seats["S1"]], "", chain.by("secretary"))
    for address in (f"{chain.root}sammantraden/{chain.meeting.pk}/session/", at(chain, item)):
        page = client.get(address)
        assert page.status_code == 200
        text = page.content.decode()
        assert "avslag" in text and "/yrkande/" not in text and "hx-get" in text
        assert ("Propositionsordning" in text) == (role == "chair")
    for slug, values in (("yrkande", {"kind": "approve"}), ("jav", {}), ("reservation", {}), ("val", {})):
        assert write(chain, client, item, slug, **values).status_code == 403
    assert write(chain, client, item, "beslut", **decision()).status_code == (302 if role == "chair" else 403)
    vote = session.start_vote(item, "bifall", "avslag", chain.by("secretary"))
    address = f"{chain.root}session/votering/{vote.pk}/"
    assert client.get(address).status_code == 200 and client.post(address).status_code == 403


def test_nobody_without_a_mandate(chain: Chain, item: AgendaItem) -> None:
    assert chain.client("nobody").get(at(chain, item)).status_code == 404
    assert chain.client("care_staff").get(at(chain, item)).status_code == 403


def test_the_live_part_is_sent_only_when_something_has_changed(chain: Chain, item: AgendaItem) -> None:
    client = chain.client("member")
    address = f"{chain.root}sammantraden/{chain.meeting.pk}/session/nu/"
    first = client.get(address).content.decode()
    sign = first.split("sett=")[1].split("&")[0]
    assert len(sign) == 16 and client.get(f"{address}?sett={sign}&punkt=").status_code == 204
    session.decide(item, chain.by("secretary"), points=["Taxan antas."], outcome="approved")
    again = client.get(f"{address}?sett={sign}&punkt=")
    assert again.status_code == 200 and "beslutad" in again.content.decode()
    shown = client.get(f"{address}?punkt={item.pk}").content.decode()
    assert "Taxan antas." in shown
    assert client.get(f"{address}?punkt=999999").status_code == 404


def test_a_secret_point_is_not_there_for_those_without_the_right(chain: Chain, item: AgendaItem) -> None:
    secret = chain.new_item(chain.meeting, "Hemligt ärende", secret=True)
    under = AgendaItem.objects.create(
        meeting=chain.meeting, parent=secret, position=1, title="Del av hemligt"
    )
    meeting = f"{chain.root}sammantraden/{chain.meeting.pk}/session/"
    for role, sees in (("secretary", True), ("member", True), ("auditor", False), ("central_office", False)):
        client = chain.client(role)
        for address in (meeting, at(chain, item)):
            text = client.get(address).content.decode()
            assert ("Hemligt ärende" in text) == sees and ("Del av hemligt" in text) == sees
        for one in (secret, under):
            assert client.get(at(chain, one)).status_code == (200 if sees else 404)
            if not sees:
                assert write(chain, client, one, "beslut", **decision()).status_code == 404
    vote = session.start_vote(secret, "ja", "nej", chain.by("secretary"))
    assert chain.client("auditor").get(f"{chain.root}session/votering/{vote.pk}/").status_code == 404


# --- presence, opening, ending ---


def test_presence_first_then_the_meeting_opens_and_ends(chain: Chain, secretary: Client) -> None:
    item = chain.new_item(chain.meeting, "Taxa")
    address = f"{chain.root}sammantraden/{chain.meeting.pk}/session/"
    page = secretary.get(address).content.decode()
    stamp = page.split('name="stamp" value="')[1].split('"')[0]
    there = {f"narvaro-{one.pk}": "present" for key, one in chain.seats.items() if key not in ("S2", "SS2")}
    away = {f"narvaro-{chain.seats['S2'].pk}": "absent"}
    sent = {**there, **away, "stamp": stamp, "kalla": "1", f"distans-{chain.seats['C1'].pk}": "on"}
    answer = secretary.post(address, sent, follow=True).content.decode()
    assert "Ledamot SS1 (S) tjänstgör för Ledamot S2 (S)" in answer and "Beslutför" in answer
    assert Presence.objects.get(member=chain.seats["C1"]).remote
    stale = secretary.post(address, {**sent, f"kom-{chain.seats['M1'].pk}": "18:30"})
    assert stale.status_code == 409 and b"hann spara" in stale.content and b'value="18:30"' in stale.content
    assert secretary.post(f"{address}oppna/").status_code == 302
    left = secretary.post(f"{address}avsluta/")
    assert left.status_code == 409 and "”Taxa” saknar beslut" in left.content.decode()
    assert write(chain, secretary, item, "beslut", **decision()).status_code == 302
    assert secretary.post(f"{address}avsluta/").status_code == 302
    assert Meeting.objects.get(pk=chain.meeting.pk).state == "ended"
    assert secretary.post(f"{address}oppna/").status_code == 302
    assert Meeting.objects.get(pk=chain.meeting.pk).state == "open"


def test_wrong_presence_comes_back_with_what_was_written(chain: Chain, secretary: Client) -> None:
    address = f"{chain.root}sammantraden/{chain.meeting.pk}/session/"
    page = secretary.get(address).content.decode()
    stamp = page.split('name="stamp" value="')[1].split('"')[0]
    m1, ss1 = chain.seats["M1"].pk, chain.seats["SS1"].pk
    sent = {
        f"narvaro-{m1}": "present",
        f"kom-{m1}": "kvart över",
        f"narvaro-{ss1}": "present",
        "stamp": stamp,
    }
    answer = secretary.post(address, sent)
    assert answer.status_code == 422 and "är inget klockslag" in answer.content.decode()
    sent = {**sent, f"kom-{m1}": "", f"for-{ss1}": str(m1)}
    answer = secretary.post(address, sent)
    assert answer.status_code == 422 and "Ingen ersättare behövs" in answer.content.decode()
    assert f'<option value="{m1}" selected>' in answer.content.decode() and not Presence.objects.exists()


# --- a point ---


def test_everything_on_a_point(chain: Chain, item: AgendaItem, secretary: Client) -> None:
    seats = {key: one.pk for key, one in chain.seats.items()}
    assert write(
        chain, secretary, item, "jav", member=seats["V1"], reason="Närstående", replaced_by=seats["VS1"]
    ).status_code == 302  # fmt: skip
    write(chain, secretary, item, "yrkande", kind="approve", members=[seats["M1"], seats["C1"]])
    write(chain, secretary, item, "yrkande", kind="reject", members=[seats["S1"]])
    write(chain, secretary, item, "yrkande", kind="add", members=[seats["M2"]], text="Följs upp i maj.")
    page = secretary.get(at(chain, item)).content.decode()
    assert "Propositionsordning" in page and 'value="bifall till förslaget"' in page
    began = write(chain, secretary, item, "votering", yes_means="bifall", no_means="avslag")
    vote = Vote.objects.get()
    assert began["Location"] == f"{chain.root}session/votering/{vote.pk}/"
    sent = votes(chain, "yes no yes yes no no")
    sent[f"rost-{seats['VS1']}"] = "no"
    table = f"{chain.root}session/votering/{vote.pk}/"
    assert "Markören går till nästa namn" in secretary.get(table).content.decode()
    done = secretary.post(table, {**sent, "revision": vote.revision, "avsluta": "1"}, follow=True)
    assert "3 ja och 4 nej" in done.content.decode()
    add = Proposal.objects.get(kind="add")
    answer = write(
        chain, secretary, item, "beslut",
        **decision(outcome="rejected", recipients="Ekonomi (FÅ)\nRevisorerna", carried=[add.pk], immediate="on"),
    )  # fmt: skip
    assert answer.status_code == 302
    paragraph = MinuteItem.objects.get(item=item)
    assert paragraph.recipients == [
        {"name": "Ekonomi", "purpose": "FÅ"}, {"name": "Revisorerna", "purpose": "FK"},
    ] and paragraph.immediate  # fmt: skip
    refused = write(chain, secretary, item, "reservation", kind="reservation", members=[seats["S1"]])
    assert refused.status_code == 422 and "röstade för beslutet" in refused.content.decode()
    write(
        chain,
        secretary,
        item,
        "reservation",
        kind="reservation",
        members=[seats["M1"]],
        text="Vi vill ha taxan.",
    )
    caught = write(
        chain, secretary, item, "uppdrag", title="Ny taxa 2024", role="head_administration", kind="B", when="Mars 2024"
    )  # fmt: skip
    assert caught.status_code == 302 and Watch.objects.get().paragraph == paragraph
    unread = write(chain, secretary, item, "uppdrag", title="X", role="controller", kind="B", when="nångång")
    assert unread.status_code == 422 and "nångång" in unread.content.decode()
    write(
        chain, secretary, item, "val", body=chain.subcommittee.pk, post="substitute", name="Ny person", party="L",
        from_day="2022-09-27",
    )  # fmt: skip
    page = secretary.get(at(chain, item)).content.decode()
    for text in ("3 ja, 4 nej", "Ny person (L)", "Ny taxa 2024", "Reservation", "beslutad", "tjänstgör"):
        assert text in page
    for slug, model in (("reservation", Reservation), ("val", Election)):
        address = f"{at(chain, item)}{slug}/{model.objects.get().pk}/ta-bort/"
        assert secretary.post(address).status_code == 302 and not model.objects.exists()
    conflict = Conflict.objects.get()
    refused = secretary.post(f"{at(chain, item)}jav/{conflict.pk}/ta-bort/")
    assert refused.status_code == 422 and "har röstat i ärendet" in refused.content.decode()
    assert (
        Link.objects.count() >= 0 and secretary.post(f"{at(chain, item)}okant/1/ta-bort/").status_code == 404
    )


def test_two_secretaries_at_the_decision_see_both_texts(
    chain: Chain, item: AgendaItem, secretary: Client
) -> None:
    chain.person("annan@prov.se", "secretary")
    assert write(chain, secretary, item, "beslut", **decision()).status_code == 302
    answer = write(
        chain, secretary, item, "beslut", **decision(**{"point-1": "Taxan avslås.", "point-2": "Svar i maj."})
    )  # fmt: skip
    text = answer.content.decode()
    assert answer.status_code == 409 and "hann spara beslutet" in text
    assert "Taxan antas." in text and "Taxan avslås.</textarea>" in text and "Svar i maj.</textarea>" in text
    revision = text.split('name="beslut-revision" value="')[1].split('"')[0]
    again = write(
        chain, secretary, item, "beslut", **decision(**{"point-1": "Taxan avslås.", "revision": revision})
    )  # fmt: skip
    assert again.status_code == 302 and MinuteItem.objects.get().decided == "Taxan avslås."


def test_what_is_wrong_stands_at_its_field(chain: Chain, item: AgendaItem, secretary: Client) -> None:
    for slug, values, says in (
        ("yrkande", {"kind": "approve"}, "Välj minst en"),
        ("yrkande", {"kind": "add", "members": [chain.seats["M1"].pk]}, "Skriv hur ändringen"),
        ("beslut", decision(outcome=""), "Välj vad beslutet blev"),
        ("beslut", decision(**{"point-1": ""}), "Skriv minst en beslutspunkt"),
        ("beslut", decision(**{"point-1": "Om 19121212-1212"}), "personnummer"),
        ("votering", {"yes_means": "x"}, "Nej betyder"),
        ("reservation", {"kind": "reservation", "members": [chain.seats["S1"].pk]}, "inte beslutad än"),
        ("uppdrag", {"title": "A", "role": "sas", "kind": "B", "when": "mars 2024"}, "inte beslutad än"),
        ("val", {"body": chain.committee.pk, "post": "chair", "name": "Ny", "party": "M",
                 "from_day": "2022-09-27"}, "är redan ordförande"),
    ):  # fmt: skip
        answer = write(chain, secretary, item, slug, **values)
        assert answer.status_code == 422, slug
        assert says in answer.content.decode(), (slug, says)
    assert not Proposal.objects.exists() and not MinuteItem.objects.exists()


def test_one_more_point_without_javascript(chain: Chain, item: AgendaItem, secretary: Client) -> None:
    values = decision(**{"point-2": "Andra punkten", "procedure": "Gången"})
    sent = {f"beslut-{name}": value for name, value in values.items()} | {"fler": "1"}
    text = secretary.post(at(chain, item, "beslut"), sent).content.decode()
    assert "Andra punkten</textarea>" in text and "Gången</textarea>" in text and "beslut-point-4" in text
    assert not MinuteItem.objects.exists()


def test_the_letter_fills_in_the_decision(chain: Chain, item: AgendaItem, secretary: Client) -> None:
    item.papers.create(version=chain.letter, position=1)
    text = secretary.get(at(chain, item)).content.decode()
    assert "Nämnden antar förslaget till delegationsordning.</textarea>" in text
    assert "Förvaltningens chefer (FÅ)" in text


# --- votes ---


def test_votes_that_cannot_be(chain: Chain, item: AgendaItem, secretary: Client) -> None:
    session.declare_conflict(item, chain.seats["V1"], chain.by("secretary"))
    vote = session.start_vote(item, "bifall", "avslag", chain.by("secretary"))
    address, m1 = f"{chain.root}session/votering/{vote.pk}/", chain.seats["M1"].pk
    few = secretary.post(address, {**votes(chain, "yes no yes"), "revision": vote.revision})
    text = few.content.decode()
    assert few.status_code == 422 and "Rösterna är 3, men 6 tjänstgör: 3 för få" in text
    assert (
        text.count("Röst saknas") == 3 and f'name="rost-{m1}" value="yes" data-choice="yes" checked' in text
    )
    twice = {**votes(chain, "yes no yes no yes no"), f"rost-{m1}": ["yes", "no"], "revision": vote.revision}
    assert "mer än en gång" in secretary.post(address, twice).content.decode()
    barred = secretary.post(address, {**votes(chain, "yes no yes no yes no yes"), "revision": vote.revision})
    assert "jävig i ärendet" in barred.content.decode() and not Ballot.objects.exists()
    right = {**votes(chain, "yes no yes no yes no"), "revision": vote.revision}
    assert secretary.post(address, right).status_code == 302
    stale = secretary.post(address, {**votes(chain, "no no no no no no"), "revision": vote.revision})
    assert stale.status_code == 409 and "Sparat: ja" in stale.content.decode()
    now = Vote.objects.get(pk=vote.pk)
    tie = secretary.post(address, {**right, f"rost-{m1}": "abstains", f"rost-{chain.seats['S1'].pk}": "abstains",
                                   "revision": now.revision, "avsluta": "1"})  # fmt: skip
    assert (
        tie.status_code == 422
        and "utslagsröst" in tie.content.decode()
        and 'name="casting"' in tie.content.decode()
    )


def test_a_closed_ballot_on_the_page(chain: Chain, item: AgendaItem, secretary: Client) -> None:
    vote = session.start_vote(item, "A väljs", "B väljs", chain.by("secretary"), closed=True)
    address = f"{chain.root}session/votering/{vote.pk}/"
    sent = {"yes": "4", "no": "4", "abstained": "0", "avsluta": "1", "revision": vote.revision}
    wrong = secretary.post(address, sent)
    assert wrong.status_code == 422 and "8, men 7 tjänstgör" in wrong.content.decode()
    assert secretary.post(address, {**sent, "yes": "x"}).status_code == 422
    assert secretary.post(address, {**sent, "no": "3"}).status_code == 302
    assert Vote.objects.get().won == "yes"
    assert "ja-sidan vinner" in chain.client("member").get(address).content.decode().lower()


# --- the register ---


def test_the_register_of_members(chain: Chain, secretary: Client) -> None:
    address = f"{chain.root}ledamoter/"
    text = secretary.get(address).content.decode()
    assert "Ledamot M1" in text and "Ny plats" in text
    assert "Ny plats" not in chain.client("member").get(address).content.decode()
    assert chain.client("member").get(f"{address}ny/").status_code == 403
    seat = chain.seats["SS1"]
    form = {
        "body": chain.subcommittee.pk, "name": "Ny person", "party": "L", "post": "substitute", "from_day": "2022-01-01"
    }  # fmt: skip
    assert secretary.post(f"{address}ny/", {**form, "until": "2021-01-01"}).status_code == 422
    assert secretary.post(f"{address}ny/", form).status_code == 302
    assert BodyMember.objects.filter(body=chain.subcommittee, name="Ny person").exists()
    edit = f"{address}{seat.pk}/andra/"
    assert 'value="Ledamot SS1"' in secretary.get(edit).content.decode()
    changed = {
        **form,
        "name": "Ledamot SS1",
        "party": "S",
        "from_day": "2019-01-01",
        "revision": seat.revision,
    }
    assert secretary.post(edit, {**changed, "until": "2022-12-31", "order": "3"}).status_code == 302
    stale = secretary.post(edit, {**changed, "party": "MP"})
    assert (
        stale.status_code == 409
        and "hann spara" in stale.content.decode()
        and 'value="MP"' in stale.content.decode()
    )
    assert secretary.get(f"{address}{seat.pk}/").status_code == 200
