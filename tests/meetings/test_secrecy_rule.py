"""One rule for what is secret: a lettered point is as secret as the point it stands under, wherever it is printed."""

from __future__ import annotations

import zipfile
from datetime import date
from itertools import product
from typing import Any

import pytest
from django.core import mail

from roder import access
from roder.access import Action
from roder.core.jobs import run_pending
from roder.files.services import keep_bytes
from roder.meetings.models import AgendaItem, Case, DecisionPoint, Dispatch, ItemPaper, MinuteItem, Watch
from roder.meetings.models.meetings import secret_item
from roder.meetings.models.watches import secret_watch
from roder.meetings.papers import archive, balance_list, extract, locking
from roder.meetings.papers import minutes as paper
from roder.meetings.services import agenda, dispatch, watch_times
from roder.meetings.services import minutes_prefill as prefill
from roder.reports.document import to_json
from tests.meetings.minutes_world import attested, held_meeting, opened
from tests.meetings.world import Chain

TOKEN = "Hemligheten"


def secret_child(chain: Chain, **more: Any) -> MinuteItem:
    """Point 2 of the minutes' world made secret, with a decision of its own lettered under it."""
    parent = AgendaItem.objects.get(meeting=chain.meeting, title="Information och överläggningar")
    AgendaItem.objects.filter(pk=parent.pk).update(secret=True)
    item = chain.new_item(
        chain.meeting, f"{TOKEN} under punkten", chain.new_case(f"{TOKEN} ärende"), parent=parent, position=2, **more
    )  # fmt: skip
    row = MinuteItem.objects.create(
        item=item, body=chain.committee, year=2022, heading=f"{TOKEN} rubrik", outcome="approved",
        decided=f"{TOKEN} beslutas.", procedure="Ordföranden finner bifall.",
        recipients=[{"name": "Förvaltningschef", "purpose": "FÅ"}],
    )  # fmt: skip
    DecisionPoint.objects.create(paragraph=row, position=1, text=f"{TOKEN} beslutas.")
    return row


@pytest.fixture
def child(chain: Chain, monkeypatch: pytest.MonkeyPatch) -> MinuteItem:
    """A paragraph of attested minutes that stands under a secret point, and is not secret itself."""

    def held(chain: Chain, *, secret: bool = False) -> Any:
        meeting = held_meeting(chain, secret=secret)
        secret_child(chain)
        return meeting

    monkeypatch.setattr("tests.meetings.minutes_world.held_meeting", held)
    attested(chain)
    return MinuteItem.objects.select_related("item__meeting").get(heading__startswith=TOKEN)


def test_the_rule_for_rows_and_the_rule_for_one_are_the_same(chain: Chain) -> None:
    cases = {True: chain.new_case("Hemligt", secret=True), False: chain.case, None: None}
    for parent, parent_case, own, own_case in product((True, False), cases, (True, False), cases):
        place = AgendaItem.objects.count() + 1
        over = chain.new_item(chain.meeting, "Över", cases[parent_case], secret=parent, position=place)
        item = chain.new_item(chain.meeting, "Under", cases[own_case], parent=over, secret=own, position=1)
        row = MinuteItem.objects.create(item=item, body=chain.committee, year=2022, number=place, heading="x")
        for case in cases.values():
            Watch.objects.create(
                committee=chain.committee, title="Uppdrag", paragraph=row, case=case, opened_on=date(2022, 9, 27)
            )  # fmt: skip
    for case in cases.values():
        Watch.objects.create(
            committee=chain.committee, title="Uppdrag", case=case, opened_on=date(2022, 9, 27)
        )
    items = AgendaItem.objects.all()
    wanted = {one.pk for one in items if one.under_secrecy}
    assert wanted == set(items.filter(secret_item()).values_list("pk", flat=True))
    assert wanted == {one.pk for one in items if agenda.secret(one)}
    assert {one.item_id for one in MinuteItem.objects.all() if dispatch.is_secret(one)} <= wanted
    watches = Watch.objects.all()
    told = {one.pk for one in watches if one.secret}
    assert told == set(watches.filter(secret_watch()).values_list("pk", flat=True))
    assert told.isdisjoint(watches.exclude(secret_watch()).values_list("pk", flat=True))
    assert 0 < len(told) < watches.count() == len(told) + watches.exclude(secret_watch()).count()


def test_nothing_of_it_is_in_what_is_public(child: MinuteItem) -> None:
    record = child.item.meeting.record
    assert paper.has_secrets(record)
    for made in (paper.document_of, extract.workbook_of):
        assert TOKEN in to_json(made(record))
        assert TOKEN not in to_json(made(record, public=True))


def test_locking_makes_a_public_file(chain: Chain, child: MinuteItem) -> None:
    locked = locking.lock(child.item.meeting.record, chain.by("secretary"))
    assert "public" in locked.files


def test_the_archive_marks_it_secret(chain: Chain, child: MinuteItem, tmp_path: Any) -> None:
    found = archive.paragraphs_of(child.item.case, None).get()
    assert found.item.under_secrecy
    made = archive.export_case(child.item.case, tmp_path, chain.by("secretary"))
    with zipfile.ZipFile(made) as package:
        (name,) = [one for one in package.namelist() if one.endswith("arende.xml")]
        assert 'sekretess="ja"' in package.read(name).decode().split("<paragraf", 1)[1].split(">", 1)[0]


def test_its_extract_does_not_go_by_open_mail(chain: Chain, child: MinuteItem, settings: Any) -> None:
    settings.SENDS_MAIL = True
    by, line = chain.by("secretary"), Dispatch.objects.get(paragraph=child)
    made = keep_bytes(extract.extract_of(child), "pdf")
    with pytest.raises(dispatch.DispatchFault, match="vanlig e-post"):
        dispatch.queue_mail(line, by, made, "chef@example.se")


def test_a_letter_that_waits_does_not_go_when_it_has_become_secret(chain: Chain, settings: Any) -> None:
    settings.SENDS_MAIL = True
    record = attested(chain)
    line = Dispatch.objects.filter(
        paragraph__item__meeting=record.meeting_id, paragraph__item__case=chain.case
    ).first()
    assert line is not None
    made = keep_bytes(extract.extract_of(line.paragraph), "pdf")
    dispatch.queue_mail(line, chain.by("secretary"), made, "chef@example.se")
    Case.objects.filter(pk=chain.case.pk).update(secret=True, secrecy_section="OSL 26:1")
    run_pending()
    assert [one for one in mail.outbox if one.attachments] == []
    line.refresh_from_db()
    assert line.sent_at is None


def test_a_watch_that_was_decided_there_is_secret(chain: Chain, child: MinuteItem) -> None:
    def watch(**more: Any) -> Watch:
        return Watch.objects.create(
            committee=chain.committee, title=f"{TOKEN} uppdrag", opened_on=date(2022, 9, 27), paragraph=child, **more
        )  # fmt: skip

    one = watch()
    assert one.secret
    assert TOKEN not in watch_times._words(one, watch_times.TASK)
    assert balance_list.rows_on(chain.committee, date(2022, 10, 1)) == []
    assert not access.may(chain.by("sas"), Action.VIEW, one)


def test_a_watch_is_secret_by_the_case_of_its_paragraph(chain: Chain) -> None:
    item = chain.new_item(chain.meeting, "En punkt", chain.new_case("Hemligt", secret=True))
    row = MinuteItem.objects.create(item=item, body=chain.committee, year=2022, number=1, heading="x")
    watch = Watch.objects.create(
        committee=chain.committee, title=f"{TOKEN} uppdrag", opened_on=date(2022, 9, 27), paragraph=row
    )
    assert watch.secret
    assert balance_list.rows_on(chain.committee, date(2022, 10, 1)) == []


def test_an_open_paragraph_does_not_begin_with_the_titles_of_secret_points(chain: Chain) -> None:
    record = opened(chain)
    parent = AgendaItem.objects.get(meeting=record.meeting_id, title="Information och överläggningar")
    chain.new_item(record.meeting, f"{TOKEN} lägesbild", parent=parent, position=9, secret=True)
    MinuteItem.objects.filter(item=parent).update(summary="")
    items = list(AgendaItem.objects.filter(meeting=record.meeting_id))
    row = MinuteItem.objects.get(item=parent)
    filled = prefill.fill(row, parent, record, prefill.children_of(items)[parent.pk])
    assert filled.summary == "A. Delårsbokslut\nB. Sekretess"


def test_what_an_open_paragraph_repeals_is_not_named_in_public(chain: Chain) -> None:
    earlier = chain.new_item(chain.new_meeting(date(2022, 8, 30)), f"{TOKEN} förr", secret=True)
    old = MinuteItem.objects.create(
        item=earlier, body=chain.committee, year=2022, number=2, heading=f"{TOKEN} rubrik", outcome="approved"
    )  # fmt: skip
    record = opened(chain, first=3)
    row = MinuteItem.objects.get(item__meeting=record.meeting_id, item__case=chain.case)
    MinuteItem.objects.filter(pk=row.pk).update(repeals=old)
    assert paper.has_secrets(record)
    assert TOKEN in to_json(paper.document_of(record))
    public = to_json(paper.document_of(record, public=True))
    assert TOKEN not in public
    assert "upphäver § 2 den 2022-08-30." in public
    page = chain.client("auditor").get(f"{chain.root}session/punkt/{row.item_id}/").content.decode()
    assert TOKEN not in page


def test_the_extract_of_an_open_paragraph_names_no_secret_paper(chain: Chain) -> None:
    attested(chain)
    row = MinuteItem.objects.get(item__case=chain.case)
    hidden = chain.new_document(chain.case, f"{TOKEN} bilaga", secret=True)
    ItemPaper.objects.create(item=row.item, version=hidden, position=3)
    assert TOKEN not in to_json(extract.document_of(row))
