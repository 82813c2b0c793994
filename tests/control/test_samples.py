"""Frames, draws and checked items: reproducible, drawn once, counted, and closed with the round."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, time
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connections, transaction

from roder import access, questionnaires
from roder.access import Action, NotAllowedError
from roder.access.models import AuditRecord
from roder.casework.models import CaseworkEvent
from roder.control.models import ControlRound, ControlSample, SampleFrame, SampleItem
from roder.control.registers_frames import REGISTERS
from roder.control.rules import sampling
from roder.control.rules.frames import FrameFault
from roder.control.rules.sampling import SampleFault
from roder.control.services import frames, samples, tallies
from roder.core.faults import UserFault
from roder.core.models import StaleRecordError
from roder.meetings.models import AgendaItem, Case, DelegatedReport, Meeting, MinuteItem
from roder.organisation.models import Person
from roder.quality.models import Complaint, Deviation
from roder.registers.models import Agreement, ItSystem, RecordCheck
from tests.control.world import Room, build_room

FORMS = Path(__file__).parents[2] / "examples" / "formular"
REFERENCES = [f"SoL 2022-{number}" for number in range(1, 430)]


def a_round(room: Room, control: int = 1, **more: Any) -> ControlRound:
    """The control of point 2 (10 % of the decisions), under way at the interim report."""
    return ControlRound.objects.create(
        committee=room.committee, control=room.controls[control], occasion=room.interim, number=1,
        period_from=date(2022, 1, 1), period_to=date(2022, 5, 31), due_on=date(2022, 8, 31), **more,
    )  # fmt: skip


@pytest.fixture
def made(room: Room) -> ControlRound:
    """A round under way."""
    return a_round(room)


@pytest.fixture
def sas(room: Room) -> Person:
    """Who makes the control."""
    return room.by("sas")


def a_sample(made: ControlRound, by: Person, count: int = 429, **more: Any) -> ControlSample:
    frame = frames.take_frame(made, by, f"Beslut {count}", references=REFERENCES[:count], source="beslut.csv")
    return samples.draw_sample(frame, by, **more)


# --- frames and draws ------------------------------------------------------------------------------------------------


def test_ten_per_cent_of_429_decisions_are_42_and_anybody_gets_the_same(
    made: ControlRound, sas: Person
) -> None:
    sample = a_sample(made, sas)
    assert (sample.frame.size, sample.size) == (429, 42)
    assert sample.seed == sample.frame.seed
    assert sample.rule["method"] == "sha256-rank-1"
    assert sample.rule["words"] == "10\u00a0%, avrundat nedåt"
    items = list(sample.items.values_list("reference", flat=True))
    assert tuple(items) == sampling.draw(sorted(REFERENCES, reverse=True), sample.seed, 42)
    assert samples.agrees(sample)
    deeds = set(AuditRecord.objects.values_list("deed", flat=True))
    assert {"frame.taken", "sample.drawn"} <= deeds


def test_a_frame_has_one_sample_whoever_draws_and_nobody_draws_again(
    made: ControlRound, sas: Person, room: Room
) -> None:
    sample = a_sample(made, sas)
    assert samples.draw_sample(sample.frame, room.by("quality_strategist")) == sample
    with pytest.raises(SampleFault, match="redan ett stickprov: 42 av 429"):
        samples.draw_sample(sample.frame, sas, seed="annat")
    with pytest.raises(SampleFault, match="redan ett stickprov"):
        samples.draw_sample(sample.frame, sas, number=7)
    with pytest.raises(FrameFault, match="Samma referenser"):
        frames.take_frame(made, sas, "En gång till", references=reversed(REFERENCES))


def test_the_size_may_be_asked_for_and_the_frame_is_the_limit(made: ControlRound, sas: Person) -> None:
    frame = frames.take_frame(made, sas, "Sextio", references=REFERENCES[:60])
    with pytest.raises(SampleFault, match="61 av 60"):
        samples.draw_sample(frame, sas, number=61)
    sample = samples.draw_sample(frame, sas, seed=" frö-7 ", share=Decimal("12.5"))
    assert (sample.size, sample.seed, sample.rule["seed_given"]) == (7, "frö-7", True)
    assert sample.rule["words"] == "12,5\u00a0%, avrundat nedåt"


def test_the_database_refuses_what_the_service_would_have(made: ControlRound) -> None:
    keys = {"round": made, "name": "x", "source": "x", "sha256": "2" * 64}
    with pytest.raises(IntegrityError, match="twice"), transaction.atomic():
        SampleFrame.objects.create(refs=["a", "a"], **keys)
    frame = SampleFrame.objects.create(refs=["a", "b"], **keys)
    with pytest.raises(IntegrityError, match="larger"), transaction.atomic():
        ControlSample.objects.create(frame=frame, seed="x", size=3, rule={})


@pytest.mark.parametrize(
    ("references", "told"),
    [(["A1", "", "A2"], "Rad 2: raden är tom"), (["A1", "A1"], "Rad 2: ”A1” står redan på rad 1"),
     (["A1", "19121212-1212"], "Rad 2: raden har ett personnummer"), (["x" * 81], "81 tecken"), ([], "tom")],
)  # fmt: skip
def test_a_list_with_faults_is_told_and_nothing_is_saved(
    made: ControlRound, sas: Person, references: list[str], told: str
) -> None:
    with pytest.raises(FrameFault, match=told) as fault:
        frames.take_frame(made, sas, "Beslut", references=references)
    assert "19121212" not in str(fault.value)
    assert not SampleFrame.objects.exists()


def test_a_frame_from_a_register_says_its_condition_and_what_is_left_out(
    made: ControlRound, room: Room
) -> None:
    for day, unit in ((3, room.unit), (3, room.unit), (9, room.world.administration)):
        CaseworkEvent.objects.create(
            committee=room.committee, unit=unit, reference="SoL 17" if day == 3 else "SoL 18", kind="decided",
            at=datetime(2022, 2, day, 9 + CaseworkEvent.objects.count(), tzinfo=UTC),
        )  # fmt: skip
    CaseworkEvent.objects.create(
        committee=room.committee, reference="SoL 19", kind="decided", at=datetime(2022, 6, 1, tzinfo=UTC)
    )
    frame = frames.take_frame(made, room.by("sas"), "Alla beslut", register="casework_decided")
    assert frame.refs == ["SoL 17 2022-02-03", "SoL 17 2022-02-03 (2)", "SoL 18 2022-02-09"]
    assert frame.source == "Roder: beslut i handläggningen under perioden, 2022-01-01–2022-05-31"
    ControlRound.objects.filter(pk=made.pk).update(number=9)
    other = a_round(room)
    room.controls[1].unit = room.unit
    room.controls[1].save()
    part = frames.take_frame(other, room.by("casework_manager"), "Enhetens", register="casework_decided")
    assert part.refs == ["SoL 17 2022-02-03", "SoL 17 2022-02-03 (2)"]
    assert part.source.endswith("utom det som den som hämtade ramen inte får se")


def test_every_register_can_be_asked_and_an_empty_one_says_so(
    made: ControlRound, sas: Person, room: Room
) -> None:
    for one in REGISTERS.values():
        assert one.take(room.committee, date(2022, 1, 1), date(2022, 5, 31), sas).references == ()
    with pytest.raises(FrameFault, match="ingenting mellan 2022-01-01 och 2022-05-31"):
        frames.take_frame(made, sas, "Klagomål", register="complaints")
    with pytest.raises(FrameFault, match="finns inte"):
        frames.take_frame(made, sas, "Klagomål", register="nothing")
    ControlRound.objects.filter(pk=made.pk).update(period_from=None)
    made.refresh_from_db()
    with pytest.raises(FrameFault, match="vilken period"):
        frames.take_frame(made, sas, "Klagomål", register="complaints")


def test_the_references_of_each_register(room: Room) -> None:
    body, at = room.committee, datetime(2022, 3, 1, 9, tzinfo=UTC)
    town = body.municipality
    Deviation.objects.create(
        committee=body, municipality=town, number="AVV-1", unit=room.unit, law="sol", occurred_at=at, discovered_at=at,
        reported_at=at, state="closed", closed_at=at,
    )  # fmt: skip
    Complaint.objects.create(
        committee=body, municipality=town, number="K-1", received_at=at, kind="klagomal", channel="post"
    )
    Case.objects.create(
        committee=body,
        number="2022.1 VON",
        number_key="2022-1-VON",
        year=2022,
        title="Ärende",
        opened_on=at.date(),
    )
    for kind in ("opened", "closed"):
        CaseworkEvent.objects.create(committee=body, reference=f"SoL {kind}", kind=kind, at=at)
    CaseworkEvent.objects.create(committee=body, reference="LSS 2", kind="decided", at=at)
    ItSystem.objects.create(committee=body, name="Verksamhetssystemet " * 5)
    ItSystem.objects.create(committee=body, name="Avvecklat", ended_on=date(2021, 1, 1))
    agreement = Agreement.objects.create(committee=body, kind="other", title="Avtal", party="Part")
    RecordCheck.objects.create(
        committee=body, unit=room.unit, reference="R-1", law="Lag", shown_on=at.date(), issued_on=at.date(),
        seen_by=room.by("unit_manager"),
    )  # fmt: skip
    meeting = Meeting.objects.create(committee=body, body=body, date=at.date(), starts=time(9))
    item = AgendaItem.objects.create(meeting=meeting, position=4, title="Delegationsbeslut", kind="delegated")
    DelegatedReport.objects.create(
        item=item, position=2, delegate="Enhetschef", period="mars", content="Bistånd"
    )
    MinuteItem.objects.create(item=item, body=body, year=2022, number=17, heading="Delegationsbeslut")
    taken = {
        one.name: one.take(body, date(2022, 1, 1), date(2022, 5, 31), None).references
        for one in REGISTERS.values()
    }
    systems = taken.pop("it_systems")
    assert len(systems) == 1
    assert (len(systems[0]), systems[0][-1]) == (80, "…")
    assert taken == {
        "deviations_closed": ("AVV-1",), "deviations_reported": ("AVV-1",), "casework_decided": ("LSS 2 2022-03-01",),
        "casework_opened": ("SoL opened 2022-03-01",), "casework_closed": ("SoL closed 2022-03-01",),
        "complaints": ("K-1",), "cases": ("2022.1 VON",), "paragraphs": ("VON 2022 § 17",),
        "delegated": ("VON 2022-03-01 punkt 4 rad 2",), "agreements": (f"Avtal {agreement.pk}",),
        "record_checks": ("R-1",),
    }  # fmt: skip


def test_who_may(made: ControlRound, sas: Person, room: Room) -> None:
    sample = a_sample(made, sas)
    auditor, member = room.by("auditor"), room.by("member")
    assert access.may(auditor, Action.VIEW, sample)
    assert not access.may(member, Action.VIEW, sample)
    assert not access.may(member, Action.VIEW, sample.items.get(position=1))
    item = sample.items.get(position=1)
    for person in (auditor, member, room.by("care_staff")):
        with pytest.raises(NotAllowedError):
            frames.take_frame(made, person, "Egen", references=["A1"])
        with pytest.raises(NotAllowedError):
            samples.check_item(item, person, True, "Fel")


def test_the_role_that_makes_the_control_makes_it_also_from_a_unit(room: Room) -> None:
    """The control of the whole committee, made by heads of department: each has the mandate in a unit."""
    made = a_round(room, control=0)
    head, manager = room.by("head_department"), room.by("unit_manager")
    frame = frames.take_frame(made, head, "Dokument", references=["A1", "A2"])
    item = samples.draw_sample(frame, head).items.get(position=1)
    assert access.may(manager, Action.VIEW, item)
    with pytest.raises(NotAllowedError):
        samples.check_item(item, manager, False)
    assert samples.check_item(item, head, False).checked_at is not None


# --- items -----------------------------------------------------------------------------------------------------------


def test_checked_items_are_counted_on_the_round(made: ControlRound, sas: Person) -> None:
    sample = a_sample(made, sas, 60)
    first, second, *_ = sample.items.all()
    with pytest.raises(ValidationError, match="Skriv vad som brister"):
        samples.check_item(first, sas, True)
    with pytest.raises(ValidationError, match="Välj"):
        samples.check_item(first, sas, None)
    samples.check_item(first, sas, True, "Datum saknas")
    samples.check_item(second, sas, False)
    made.refresh_from_db()
    assert (made.checked, made.deviating, made.revision) == (2, 1, 1)
    found = samples.result_of(sample)
    assert (found.tally.drawn, found.tally.checked, found.tally.deviating, found.tally.left) == (6, 2, 1, 4)
    assert found.tally.words == "1 av 2"
    assert tallies.tallies([made]) == {made.pk: found.tally}
    third = samples.next_item(sample, second.position)
    assert third is not None
    assert third.position == 3


def test_the_second_of_two_at_an_item_is_told(made: ControlRound, sas: Person) -> None:
    sample = a_sample(made, sas, 60)
    mine, theirs = SampleItem.objects.get(sample=sample, position=1), sample.items.get(position=1)
    samples.check_item(theirs, sas, False, expected_revision=1)
    with pytest.raises(StaleRecordError):
        samples.check_item(mine, sas, True, "Datum saknas", expected_revision=1)


def test_a_closed_round_takes_nothing_more(made: ControlRound, sas: Person) -> None:
    sample = a_sample(made, sas, 60)
    ControlRound.objects.filter(pk=made.pk).update(state="done", done_at=datetime(2022, 8, 1, tzinfo=UTC))
    item = SampleItem.objects.get(sample=sample, position=1)
    with pytest.raises(UserFault, match="genomförd"):
        samples.check_item(item, sas, False)
    made.refresh_from_db()
    with pytest.raises(UserFault, match="genomförd"):
        frames.take_frame(made, sas, "Ny", references=["A1"])


def test_a_checklist_tells_what_deviates_and_counts_each_question(room: Room, sas: Person) -> None:
    """6 deviate from the guidelines; of those 4 have a dated motive and 1 the right code."""
    version = questionnaires.load_set(FORMS / "stickprov-bistandsbeslut.yaml", room.committee)
    room.controls[1].question_set = version.question_set
    room.controls[1].save()
    made = a_round(room)
    sample = a_sample(made, sas, 120)
    for item in sample.items.all():
        values = {"foljer_norm": "ja"}
        if item.position <= 6:
            values = {"foljer_norm": "nej", "daterad_motivering": "ja" if item.position <= 4 else "nej",
                      "ratt_kod": "ja" if item.position == 1 else "nej"}  # fmt: skip
        answer = samples.answer_of(item, sas)
        samples.save_checklist(item, answer, sas, values, expected_revision=answer.revision, final=True)
    made.refresh_from_db()
    assert (made.checked, made.deviating) == (12, 6)
    found = samples.result_of(sample)
    assert found.tally.words == "6 av 12"
    counts = {one.question.code: (one.answered, one.count("ja"), one.count("nej")) for one in found.questions}
    assert counts == {"foljer_norm": (12, 6, 6), "daterad_motivering": (6, 4, 2), "ratt_kod": (6, 1, 5)}

    item = SampleItem.objects.get(sample=sample, position=1)
    with pytest.raises(ValidationError, match="checklista"):
        samples.check_item(item, sas, False)
    with pytest.raises(ValidationError, match="varför"):
        samples.reopen_item(item, sas, " ")
    samples.reopen_item(item, sas, "Fel beslut granskat")
    made.refresh_from_db()
    item.refresh_from_db()
    assert (made.checked, made.deviating, item.deviates, item.checked_at) == (11, 5, None, None)


# --- at once ---------------------------------------------------------------------------------------------------------


def test_two_who_draw_at_once_get_the_same_sample(committed: None) -> None:
    room = build_room()
    made = a_round(room)
    frame = frames.take_frame(made, room.by("sas"), "Beslut", references=REFERENCES)
    people = [room.by("sas"), room.by("quality_strategist"), room.by("mas")]

    def drawn(by: Person) -> tuple[int, list[str]]:
        try:
            sample = samples.draw_sample(SampleFrame.objects.get(pk=frame.pk), by)
            return sample.pk, list(sample.items.values_list("reference", flat=True))
        finally:
            connections.close_all()

    with ThreadPoolExecutor(3) as pool:
        found = list(pool.map(drawn, people))
    assert found[0] == found[1] == found[2]
    assert len(found[0][1]) == 42
    assert ControlSample.objects.count() == 1

    items = list(SampleItem.objects.filter(position__lte=3))

    def check(item: SampleItem, by: Person) -> None:
        try:
            samples.check_item(item, by, True, "Datum saknas")
        finally:
            connections.close_all()

    with ThreadPoolExecutor(3) as pool:
        list(pool.map(check, items, people))
    made.refresh_from_db()
    assert (made.checked, made.deviating) == (3, 3)
