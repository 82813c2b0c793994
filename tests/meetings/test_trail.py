"""What became of it: the whole chain both ways, nothing secret in it, and as many questions for a long chain."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from roder.core.models import Link
from roder.meetings.models import Case, Dispatch, ItemPaper, Meeting, MinuteItem, Minutes, Watch, WatchReport
from roder.meetings.services.trail import Trail, trail_of, trail_of_case, trail_of_watch
from roder.steering.models import Assignment
from roder.tasks.models import Task
from tests.meetings.world import Chain


def paragraph(
    chain: Chain, meeting: Meeting, title: str, case: Case | None, number: int, **more: Any
) -> MinuteItem:
    """A paragraph of attested minutes."""
    secret = more.pop("secret", False)
    item = chain.new_item(meeting, title, case, secret=secret)
    Minutes.objects.update_or_create(meeting=meeting, defaults={"state": "attested"})
    return MinuteItem.objects.create(
        item=item, body=meeting.body, year=meeting.date.year, number=number, heading=title, outcome="approved", **more
    )  # fmt: skip


@pytest.fixture
def decided(chain: Chain) -> MinuteItem:
    """The case from an assignment to a decision, its dispatch, its watch with a task, and what was told of it."""
    chain.case.responsible = None
    chain.case.save()
    before = chain.new_meeting(date(2022, 9, 13), chain.subcommittee)
    paragraph(chain, before, "Delegationsordning", chain.case, 12)
    made = paragraph(chain, chain.meeting, "Delegationsordning", chain.case, 71, decided="Ordningen antas.")
    made.points.create(position=1, text="Ordningen antas.")
    Dispatch.objects.create(paragraph=made, recipient="Förvaltningen", purpose="FÅ")
    watch = Watch.objects.create(
        committee=chain.committee, title="Följ upp ordningen", what="Återkom efter ett halvår", paragraph=made,
        opened_on=date(2022, 9, 27), responsible="Förvaltningschef",
    )  # fmt: skip
    later = chain.new_meeting(date(2023, 3, 28))
    item = chain.new_item(later, "Återrapport om delegationsordningen")
    WatchReport.objects.create(
        watch=watch, on=later.date, meeting=later, item=item, note="Ordningen fungerar."
    )
    Minutes.objects.create(meeting=later, state="attested")
    MinuteItem.objects.create(item=item, body=chain.committee, year=2023, number=20, heading=item.title)
    own = chain.new_case("Uppföljning av ordningen")
    paper = chain.new_document(own, "Rapport om ordningen")
    ItemPaper.objects.create(item=item, version=paper, position=1)
    Task.objects.create(
        subject_kind="meetings.watch", subject_id=watch.pk, committee=chain.committee, role="head_administration",
        kind="meetings.watch", what="Återrapportera", opened_at=timezone.now(),
        due_at=datetime(2023, 3, 14, tzinfo=UTC),
    )  # fmt: skip
    source = Assignment.objects.create(
        committee=chain.committee,
        code="u1",
        title="Se över delegationen",
        giver="KF",
        from_year=2022,
        to_year=2022,
    )
    Link.objects.create(
        source_kind="steering.assignment", source_id=source.pk, target_kind="meetings.case",
        target_id=chain.case.pk, kind="led_to",
    )  # fmt: skip
    anew = paragraph(chain, chain.new_meeting(date(2024, 2, 1)), "Ny ordning", None, 5)
    MinuteItem.objects.filter(pk=anew.pk).update(repeals=made)
    return made


def said(trail: Trail) -> list[str]:
    """The steps as text."""
    return [f"{step.on} {step.label}: {step.what}" for step in trail.steps]


WHOLE = [
    "2022-08-22 Ärende registrerat: 2022.001 VON Revidering av nämndens delegationsordning",
    "2022-09-13 Beredning: § 12 Delegationsordning",
    "2022-09-15 Tjänsteskrivelse: Revidering av delegationsordning",
    "2022-09-15 Bilaga: Förslag till delegationsordning",
    "2022-09-27 Beslut: § 71 Delegationsordning",
    "2022-09-27 Bevakning: Återkom efter ett halvår",
    "2023-03-14 Uppgift: Återrapportera",
    "2023-03-28 Underlag vid återrapporten: Rapport om ordningen",
    "2023-03-28 Uppföljning i protokollet: § 20 Återrapport om delegationsordningen",
    "2023-03-28 Redovisat: Ordningen fungerar.",
    "2024-02-01 Beslut som upphäver ett tidigare: § 5 Ny ordning",
]


def test_the_whole_chain_from_a_decision(chain: Chain, decided: MinuteItem) -> None:
    trail = trail_of(decided, chain.by("secretary"))
    told = said(trail)
    assert [one for one in told if "uppdrag" not in one and "expedieras" not in one] == WHOLE
    assert "Bygger på: " in next(one for one in told if "Se över delegationen" in one)
    assert told[-1] == "None Ska expedieras: Utdrag till Förvaltningen, för åtgärd"
    assert [step.here for step in trail.steps if step.record == decided] == [True]
    assert (trail.points, trail.open_watches) == (["Ordningen antas."], 1)
    assert trail.repealed_by is not None and trail.repealed_by.number == 5
    assert trail.told is not None and trail.told.note == "Ordningen fungerar."


def test_the_same_chain_from_the_case_from_the_watch_and_from_what_came_after(
    chain: Chain, decided: MinuteItem
) -> None:
    user = chain.by("secretary")
    whole = said(trail_of(decided, user))
    assert said(trail_of_case(chain.case, user)) == whole
    assert said(trail_of_watch(Watch.objects.get(), user)) == whole
    assert WHOLE[4] in said(trail_of(MinuteItem.objects.get(number=5), user))


def test_a_later_case_continues_the_chain_but_not_through_a_secret_one(
    chain: Chain, decided: MinuteItem
) -> None:
    between = chain.new_case("Mellanled", continues=chain.case)
    last = chain.new_case("Sista ledet", continues=between)
    assert "Sista ledet" in str(said(trail_of(decided, chain.by("auditor"))))
    Case.objects.filter(pk=between.pk).update(secret=True, secrecy_section="OSL 26:1")
    for_all, with_right = (str(said(trail_of(decided, chain.by(role)))) for role in ("auditor", "secretary"))
    assert "Mellanled" not in for_all and "Sista ledet" not in for_all
    assert "Mellanled" in with_right and "Sista ledet" in with_right
    assert "Mellanled" not in str(said(trail_of_case(last, chain.by("auditor"))))


def test_secret_steps_are_not_there_without_the_right(chain: Chain, decided: MinuteItem) -> None:
    chain.new_document(chain.case, "Hemlig bilaga", secret=True)
    hidden = chain.new_case("Hemligt ärende", secret=True)
    WatchReport.objects.create(watch=Watch.objects.get(), on=date(2023, 5, 1), note="Öppen redovisning")
    paragraph(chain, chain.new_meeting(date(2023, 6, 1)), "Hemlig punkt", chain.case, 30, secret=True)
    Watch.objects.create(
        committee=chain.committee, title="Hemlig bevakning", case=hidden, paragraph=decided, opened_on=date(2022, 9, 27)
    )  # fmt: skip
    for role in ("auditor", "central_office", "controller"):
        told = str(said(trail_of(decided, chain.by(role))))
        assert "Hemlig" not in told and "Öppen redovisning" in told, role
    for role in ("secretary", "member", "chair", "head_administration"):
        told = str(said(trail_of(decided, chain.by(role))))
        assert told.count("Hemlig") == 3, role


def test_a_long_chain_takes_no_more_questions(chain: Chain, decided: MinuteItem) -> None:
    def count() -> int:
        user = chain.by("secretary")
        with CaptureQueriesContext(connection) as asked:
            trail_of(MinuteItem.objects.select_related("item__case").get(pk=decided.pk), user)
        return len(asked)

    few = count()
    for number in range(5):
        chain.new_document(chain.case, f"Bilaga {number}")
        paragraph(
            chain,
            chain.new_meeting(date(2023, 1, 10 + number)),
            f"Återremiss {number}",
            chain.case,
            40 + number,
        )
        watch = Watch.objects.create(
            committee=chain.committee, title=f"Uppdrag {number}", case=chain.case, opened_on=date(2022, 9, 27)
        )
        WatchReport.objects.create(watch=watch, on=date(2023, 5, 1))
    assert count() == few <= 22


def test_the_pages_of_the_chain(chain: Chain, decided: MinuteItem) -> None:
    client = chain.client("member")
    page = client.get(f"{chain.root}beslut/{decided.pk}/folj/")
    assert page.status_code == 200
    text = page.content.decode()
    for words in ("Så står det nu", "Upphävt", "1 av 1 bevakning", "Ordningen fungerar.", "här är du"):
        assert words in text, words
    assert client.get(f"{chain.root}arenden/{chain.case.pk}/folj/").status_code == 200
    assert client.get(f"{chain.root}balanslista/{Watch.objects.get().pk}/folj/").status_code == 200
    for path in ("beslut/999/folj/", "arenden/999/folj/", "balanslista/999/folj/"):
        assert client.get(chain.root + path).status_code == 404
    Case.objects.filter(pk=chain.case.pk).update(secret=True, secrecy_section="OSL 26:1")
    assert chain.client("auditor").get(f"{chain.root}beslut/{decided.pk}/folj/").status_code == 404


def test_what_is_not_attested_is_nobody_elses_yet(chain: Chain) -> None:
    item = chain.new_item(chain.meeting, "Ojusterat", chain.case)
    Meeting.objects.filter(pk=chain.meeting.pk).update(state="summoned")
    Minutes.objects.create(meeting=chain.meeting, state="draft")
    MinuteItem.objects.create(item=item, body=chain.committee, year=2022, number=1, heading="Ojusterat")
    seen = {role: str(said(trail_of_case(chain.case, chain.by(role)))) for role in ("member", "secretary")}
    assert "§ 1" not in seen["member"] and "§ 1" in seen["secretary"]
    assert "På dagordningen: Ojusterat" in seen["member"]


def test_the_register_of_decisions(chain: Chain, decided: MinuteItem) -> None:
    client = chain.client("member")
    root = f"{chain.root}beslut/"

    def shown(query: str = "") -> str:
        answer = client.get(f"{root}{query}")
        assert answer.status_code == 200
        return answer.content.decode()

    assert all(words in shown() for words in ("§ 71", "§ 12", "§ 20", "Följ beslutet"))
    assert "§ 12" not in shown("?q=§ 71") and "§ 71" in shown("?q=§ 71")
    assert "§ 71" in shown("?q=VON 2022-1") and "§ 20" not in shown("?q=VON 2022-1")
    assert "§ 20" in shown("?ar=2023") and "§ 71" not in shown("?ar=2023")
    assert "§ 12" in shown(f"?organ={chain.subcommittee.pk}") and "§ 71" not in shown(
        f"?organ={chain.subcommittee.pk}"
    )
    assert "§ 71" in shown("?q=ordningarna&outcome=approved")
