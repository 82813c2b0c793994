"""Minutes from draft to attested: numbers, texts, who may do what, and what is refused."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, InternalError, transaction
from django.utils import timezone

from roder import access
from roder.access.rights import NotAllowedError
from roder.core.models import StaleRecordError
from roder.meetings.models import Attestation, Dispatch, Meeting, MinuteItem, Minutes, Presence
from roder.meetings.rules.minutes import MinutesFault
from roder.meetings.services import minutes as services
from roder.tasks.models import Task
from tests.meetings.minutes_world import attested, held_meeting, opened
from tests.meetings.world import Chain

DATABASE_REFUSES = (IntegrityError, InternalError)


def _open(chain: Chain, meeting: Meeting, role: str = "secretary", **more: object) -> Minutes:
    values = {"chair": chain.seats["M1"], "attesters": [chain.seats["S1"]], **more}
    return services.open_minutes(meeting, chain.by(role), **values)  # type: ignore[arg-type]


def test_every_item_gets_a_paragraph_in_order(chain: Chain) -> None:
    record = opened(chain)
    rows = services.paragraphs_of(record.meeting)
    assert [(one.number, one.heading) for one in rows] == [
        (1, "Upprop och val av justerare"),
        (2, "Information och överläggningar"),
        (3, "Revidering av delegationsordningen"),
        (4, "Svar till revisionen"),
        (5, "Anmälan av delegationsbeslut"),
        (6, "Meddelanden"),
    ]
    assert "Ledamot S1 (S) och Ledamot S2 (S)" in rows[0].points.get().text
    assert rows[1].summary == "A. Delårsbokslut"
    assert rows[2].summary.startswith("Delegationsordningen behöver")
    assert "skrivelse den 15 september 2022" in rows[2].preparation
    assert (
        rows[2].recipients[0]["name"] == "Förvaltningschef"
    )  # what was decided in session is not written over
    assert services.problems(record) == []


def test_numbers_go_on_through_the_year_and_in_order_of_meetings(chain: Chain) -> None:
    opened(chain, first=67)
    later = chain.new_meeting(date(2022, 10, 25))
    early = chain.new_meeting(date(2022, 10, 11))
    for meeting in (later, early):
        chain.new_item(meeting, "Upprop", kind="formality")
        chain.all_present(meeting)
        Meeting.objects.filter(pk=meeting.pk).update(state="ended", ended_at=timezone.now())
    with pytest.raises(MinutesFault, match="2022-10-11 har inget protokoll"):
        _open(chain, later)
    with pytest.raises(MinutesFault, match="Nästa lediga är § 73"):
        _open(chain, early, first=70)
    _open(chain, early)
    _open(chain, later)
    assert [one.number for one in services.paragraphs_of(later)] == [74]


def test_what_cannot_be_opened(chain: Chain) -> None:
    with pytest.raises(MinutesFault, match="inte avslutat"):
        _open(chain, chain.meeting)
    meeting = held_meeting(chain)
    for role in ("member", "chair", "head_administration", "controller", "auditor"):
        with pytest.raises(NotAllowedError):
            _open(chain, meeting, role)
    Presence.objects.filter(meeting=meeting, member=chain.seats["S1"]).update(status="absent", serves=False)
    with pytest.raises(MinutesFault, match="inte närvarande"):
        _open(chain, meeting)
    with pytest.raises(MinutesFault, match="senast 14 dagar"):
        _open(chain, meeting, attesters=[chain.seats["S2"]], attest_on=date(2022, 10, 12))
    _open(chain, meeting, attesters=[chain.seats["S2"]])
    with pytest.raises(MinutesFault, match="redan öppnat"):
        _open(chain, meeting, attesters=[chain.seats["S2"]])


def test_texts_and_points_are_edited_and_two_secretaries_are_told(chain: Chain) -> None:
    record = opened(chain)
    row = services.paragraphs_of(record.meeting)[2]
    seen, by = row.revision, chain.by("secretary")
    services.edit_paragraph(
        row, by, seen, heading="Ny rubrik", points=["Ett", " ", "Två", "Tre"],
        recipients=[{"name": " Kommunchef ", "purpose": "FK"}, {"name": ""}],
    )  # fmt: skip
    row.refresh_from_db()
    assert row.decided == "1. Ett\n2. Två\n3. Tre"
    assert row.recipients == [{"name": "Kommunchef", "purpose": "FK"}]
    with pytest.raises(StaleRecordError) as caught:
        services.edit_paragraph(row, by, seen, heading="Min rubrik")
    assert caught.value.current.heading == "Ny rubrik"  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"heading": ""}, "heading"),
        ({"heading": "Om 19121212-1212"}, "heading"),
        ({"points": ["Personen 19121212-1212 får avslag."]}, "points"),
        ({"points": ["x"] * 41}, "points"),
        ({"recipients": [{"name": "A", "purpose": "??"}]}, "recipients"),
        ({"recipients": [{"name": "A"}, {"name": "a"}]}, "recipients"),
        ({"recipients": [{"name": "x" * 201}]}, "recipients"),
        ({"recipients": [{"name": "19121212-1212"}]}, "recipients"),
        ({"summary": "NUL \x00"}, "summary"),
    ],
)
def test_bad_texts_are_said_at_their_field(chain: Chain, given: dict[str, object], field: str) -> None:
    record = opened(chain)
    row = services.paragraphs_of(record.meeting)[2]
    with pytest.raises(ValidationError) as caught:
        services.edit_paragraph(row, chain.by("secretary"), row.revision, **given)  # type: ignore[arg-type]
    assert field in caught.value.message_dict


def test_a_draft_with_gaps_is_not_checked(chain: Chain) -> None:
    record = opened(chain)
    row = services.paragraphs_of(record.meeting)[2]
    services.edit_paragraph(row, chain.by("secretary"), row.revision, points=[])
    with pytest.raises(MinutesFault, match="§ 3 saknar beslut") as caught:
        services.check(record, chain.by("secretary"))
    assert caught.value.missing[0][0] == row.pk


def test_attesting_logged_in_and_on_paper(chain: Chain) -> None:
    record = opened(chain)
    with pytest.raises(MinutesFault, match="utkast"):
        services.attest(record, chain.seats["M1"], chain.by("chair"))
    services.check(record, chain.by("secretary"))
    owners = {one.person_id or one.role for one in Task.objects.filter(kind="meetings.attest", state="open")}
    assert owners == {chain.by("chair").pk, chain.by("member").pk, "secretary"}
    with pytest.raises(NotAllowedError):
        services.attest(record, chain.seats["S2"], chain.by("chair"))
    with pytest.raises(MinutesFault, match="på papper"):
        services.attest(record, chain.seats["S1"], chain.by("secretary"))
    with pytest.raises(NotAllowedError):
        services.attest(record, chain.seats["S1"], chain.by("member"), on_paper=date(2022, 10, 3))
    with pytest.raises(MinutesFault, match="före sammanträdet"):
        services.attest(record, chain.seats["S1"], chain.by("secretary"), on_paper=date(2022, 9, 1))
    with pytest.raises(MinutesFault, match="valda justerarna"):
        services.attest(record, chain.seats["V1"], chain.by("secretary"), on_paper=date(2022, 10, 3))
    services.attest(record, chain.seats["S1"], chain.by("secretary"), on_paper=date(2022, 10, 3))
    services.attest(record, chain.seats["S2"], chain.by("member"))
    with pytest.raises(MinutesFault, match="redan justerat"):
        services.attest(record, chain.seats["S2"], chain.by("member"))
    services.attest(record, chain.seats["M1"], chain.by("chair"))
    assert record.state == "attested"
    assert not Task.objects.filter(kind="meetings.attest", state="open").exists()
    assert Task.objects.filter(kind="meetings.notice", state="open").get().due_at is not None
    assert Dispatch.objects.count() == 4


def test_minutes_attested_by_one_who_was_absent(chain: Chain) -> None:
    record = opened(chain)
    services.check(record, chain.by("secretary"))
    Presence.objects.filter(meeting=record.meeting, member=chain.seats["S1"]).update(
        status="absent", serves=False
    )
    with pytest.raises(MinutesFault, match="var inte närvarande"):
        services.attest(record, chain.seats["S1"], chain.by("secretary"), on_paper=date(2022, 10, 3))
    with pytest.raises(DATABASE_REFUSES, match="inte närvarande"), transaction.atomic():
        Attestation.objects.create(minutes=record, member=chain.seats["S1"], at=timezone.now())


def test_checked_minutes_are_opened_again_with_a_reason(chain: Chain) -> None:
    record = opened(chain)
    by = chain.by("secretary")
    services.check(record, by)
    services.attest(record, chain.seats["M1"], chain.by("chair"))
    row = services.paragraphs_of(record.meeting)[2]
    with pytest.raises(MinutesFault, match="Öppna det för ändring"):
        services.edit_paragraph(row, by, row.revision, heading="Ny")
    with pytest.raises(MinutesFault, match="varför"):
        services.reopen(record, by, " ")
    services.reopen(record, by, "Fel paragraf")
    assert not record.attestations.exists()
    services.edit_paragraph(row, by, row.revision, heading="Ny")
    services.check(record, by)
    assert Task.objects.filter(kind="meetings.attest", state="open").count() == 3


def test_attested_minutes_do_not_change(chain: Chain) -> None:
    record = attested(chain)
    by = chain.by("secretary")
    row = services.paragraphs_of(record.meeting)[2]
    with pytest.raises(MinutesFault, match="justerat och kan inte ändras"):
        services.edit_paragraph(row, by, row.revision, heading="Ny")
    for deed in (lambda: services.reopen(record, by, "x"), lambda: services.check(record, by)):
        with pytest.raises(MinutesFault):
            deed()


def test_one_item_is_attested_at_once(chain: Chain) -> None:
    record = opened(chain)
    by = chain.by("secretary")
    row = services.paragraphs_of(record.meeting)[2]
    with pytest.raises(MinutesFault, match="ska inte justeras omedelbart"):
        services.attest_at_once(row, chain.seats["M1"], chain.by("chair"))
    row = services.edit_paragraph(row, by, row.revision, immediate=True)
    services.attest_at_once(row, chain.seats["M1"], chain.by("chair"))
    services.attest_at_once(row, chain.seats["S2"], chain.by("member"))
    with pytest.raises(MinutesFault, match="omedelbart justerad"):
        services.edit_paragraph(row, by, row.revision, heading="Ny")
    services.attest_at_once(row, chain.seats["S1"], by, on_paper=date(2022, 9, 27))
    assert row.attested_at is not None
    assert row.dispatches.count() == 2
    member = chain.by("member")
    assert list(services.paragraphs_for(member, record)) == [row]  # the rest is still a draft
    services.post_notice(record, by, timezone.localdate(), paragraph=row)
    row.refresh_from_db()
    assert row.down_on is not None and row.down_on - timezone.localdate() > timedelta(days=21)


def test_a_notice_goes_up_after_the_attestation_and_comes_down_after_three_weeks(chain: Chain) -> None:
    record = opened(chain)
    by = chain.by("secretary")
    with pytest.raises(MinutesFault, match="inte justerat"):
        services.post_notice(record, by, timezone.localdate())
    record = _all_attest(chain, record)
    with pytest.raises(MinutesFault, match="inte varit än"):
        services.post_notice(record, by, timezone.localdate() + timedelta(days=1))
    with pytest.raises(MinutesFault, match="före justeringen"):
        services.post_notice(record, by, date(2022, 9, 28))
    with pytest.raises(NotAllowedError):
        services.post_notice(record, chain.by("chair"), timezone.localdate())
    services.post_notice(record, by, timezone.localdate())
    record.refresh_from_db()
    assert record.posted_on == timezone.localdate()
    assert not Task.objects.filter(kind="meetings.notice", state="open").exists()


def _all_attest(chain: Chain, record: Minutes) -> Minutes:
    services.check(record, chain.by("secretary"))
    for key in ("M1", "S1", "S2"):
        services.attest(record, chain.seats[key], chain.by("secretary"), on_paper=date(2022, 10, 3))
    record.refresh_from_db()
    return record


READS_DRAFTS = {"secretary": True, "chair": True, "head_administration": True}


@pytest.mark.parametrize(
    "role", ["secretary", "chair", "head_administration", "controller", "auditor", "sas"]
)
def test_drafts_are_for_those_who_make_them(chain: Chain, role: str) -> None:
    record = opened(chain)
    may = READS_DRAFTS.get(role, False)
    assert services.minutes_for(chain.by(role)).filter(pk=record.pk).exists() is may
    assert services.paragraphs_for(chain.by(role), record).exists() is may
    assert access.visible(chain.by(role), MinuteItem.objects.all()).exists() is may


def test_attesters_read_when_it_is_checked_and_others_when_it_is_attested(chain: Chain) -> None:
    record = opened(chain, secret=True)
    member, other = chain.by("member"), chain.person("ny@example.se", "member")
    assert not services.minutes_for(member).exists()
    services.check(record, chain.by("secretary"))
    assert services.minutes_for(member).get() == record
    assert services.paragraphs_for(member, record).count() == 6
    assert not services.minutes_for(other).exists()
    for key, role in (("M1", "chair"), ("S2", "member")):
        services.attest(record, chain.seats[key], chain.by(role))
    services.attest(record, chain.seats["S1"], chain.by("secretary"), on_paper=date(2022, 10, 3))
    for person, count in ((other, 6), (chain.by("auditor"), 5), (chain.by("controller"), 5)):
        assert services.minutes_for(person).get() == record
        assert services.paragraphs_for(person, record).count() == count  # one is secret
