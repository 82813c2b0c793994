"""What the committee is told at an occasion: outcomes, the table as printed, moved points, and the conclusion."""

from __future__ import annotations

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from roder import tasks
from roder.access import NotAllowedError
from roder.control.models import ControlPoint, ControlRound, PointReview
from roder.control.services import follow_up, plans, rounds
from roder.core.models import Link, StaleRecordError
from roder.steering.models import Occasion
from tests.control.test_plans import CONTROL, draft, refused
from tests.control.world import Room

AUGUST = date(2022, 8, 31)


def test_a_point_is_assessed_once_and_changed_over_its_revision(room: Room) -> None:
    by, point = room.by("quality_strategist"), room.points[0]
    review = follow_up.review_point(point, room.interim, by, "without", "Riktlinjen beslutades i juni")
    assert (review.outcome, review.assessed_by) == ("without", by)
    changed = follow_up.review_point(
        point, room.interim, by, "with", "Tre dokument saknas", "Tas fram i höst",
        expected_revision=review.revision,
    )  # fmt: skip
    assert changed.pk == review.pk
    with pytest.raises(StaleRecordError):
        follow_up.review_point(point, room.interim, by, "without", "Sent", expected_revision=1)
    with pytest.raises(NotAllowedError):
        follow_up.review_point(point, room.interim, room.by("member"), "without", "Nej")
    follow_up.withdraw_review(changed, by, "Fel punkt")
    assert not PointReview.objects.exists()


def test_bad_input_is_told_at_the_field(room: Room) -> None:
    by, (first, _) = room.by("quality_strategist"), room.points
    told = refused(lambda: follow_up.review_point(first, room.interim, by, "bra", "", assumed=True))
    assert set(told) == {"outcome", "result", "assumed_reason"}
    assert "action" in refused(lambda: follow_up.review_point(first, room.interim, by, "with", "Brister"))
    told = refused(lambda: follow_up.review_point(first, room.interim, by, "moved", ""))
    assert set(told) == {"moved_to", "result"}
    told = refused(
        lambda: follow_up.review_point(
            first, room.interim, by, "moved", "Sen", moved_to=date(2022, 9, 30), today=timezone.localdate()
        )
    )
    assert "har varit" in str(told["moved_to"])
    other = Occasion.objects.create(
        committee=room.committee, model=room.model, year=2023, code="2023-08", kind="interim", name="Delår",
        cut_off=date(2023, 8, 31),
    )  # fmt: skip
    assert "nämnd och år" in str(
        refused(lambda: follow_up.review_point(first, other, by, "without", "Allt är bra"))
    )
    new = plans.add_point(draft(room), by, title="Ny")
    assert "utkast" in str(refused(lambda: follow_up.review_point(new, other, by, "without", "Allt är bra")))


def test_an_action_answers_for_the_remarks(room: Room) -> None:
    by, point = room.by("quality_strategist"), room.points[0]
    follow_up.add_action(point, by, what="Ta fram riktlinjen", role="head_administration", due=None)
    follow_up.review_point(point, room.interim, by, "with", "Riktlinjen saknas")
    line = follow_up.table(room.plan, room.interim)[0]
    assert [one.what for one in line.actions] == ["Ta fram riktlinjen"]
    assert "due" in refused(
        lambda: follow_up.add_action(point, by, what="Sent", role="sas", due=date(2022, 1, 1))
    )


def test_the_table_is_as_the_municipality_prints_it(room: Room) -> None:
    by, sas = room.by("quality_strategist"), room.by("sas")
    _, sample = rounds.open_rounds(room.plan, room.interim, by)
    rounds.finish_round(sample, sas, result="Motivering saknas", action="Utbildning", checked=42, deviating=6)
    first, second = follow_up.table(room.plan, room.interim)
    assert (first.told, first.assessment, first.when) == (True, "", "delårsbokslut")
    assert second.controls[0].figures == "6 av 42 har brist (14 %)"
    assert second.suggested == "6 av 42 har brist (14 %). Motivering saknas"
    assert second.suggested_action == "Utbildning"
    assert [one.told for one in second.controls] == [True, False]
    follow_up.review_point(
        room.points[1], room.interim, by, "with", second.suggested, second.suggested_action, assumed=True,
        assumed_reason="Källan säger inte vilken",
    )  # fmt: skip
    lines = follow_up.table(room.plan, room.interim)
    assert lines[1].assessment == "Genomförd med anmärkning (antagen)"
    assert follow_up.counts(room.plan, room.interim) == (2, 1, 0, 1, 0)
    assert follow_up.summary(lines) == (
        "1 av 2 punkter är följd upp: 0 utan anmärkning, 1 med. 1 bedömning är antagen: "
        "källan säger inte vilken den är."
    )
    annual = follow_up.table(room.plan, room.annual)
    assert (annual[1].outcome, annual[1].here) == ("with", False), "det som är sagt vid delåret gäller året"
    may = Occasion.objects.get(committee=room.committee, code="2022-05")
    assert follow_up.counts(room.plan, may) == (2, 0, 0, 0, 0)
    assert follow_up.table(room.plan, may)[0].assessment == "Redovisas vid delårsbokslut"


def test_a_moved_point_takes_its_rounds_along(room: Room) -> None:
    by, point = room.by("quality_strategist"), room.points[0]
    one = rounds.open_rounds(room.plan, room.interim, by)[0]
    later = date(2022, 12, 15)
    follow_up.review_point(
        point, room.interim, by, "moved", "Riktlinjen är ny", moved_to=later, today=date(2022, 8, 20)
    )
    one.refresh_from_db()
    assert (one.state, one.moved_to, one.moved_reason) == ("moved", later, "Riktlinjen är ny")
    assert follow_up.counts(room.plan, room.interim) == (2, 0, 0, 0, 1)
    review = follow_up.table(room.plan, room.interim)[0].review
    assert review is not None
    follow_up.review_point(
        point,
        room.interim,
        by,
        "moved",
        "Ny text, samma dag",
        moved_to=later,
        expected_revision=review.revision,
    )


def test_a_point_that_went_out_is_not_counted(room: Room) -> None:
    by = room.by("quality_strategist")
    plans.withdraw_point(room.points[0], by, "Avvecklad")
    assert follow_up.counts(room.plan, room.interim).points == 1
    point = plans.add_point(room.plan, by, title="Ny", reason="Ny risk")
    assert follow_up.counts(room.plan, room.interim).points == 2, "en punkt utan kontroller räknas"
    plans.add_control(point, by, reason="Ny risk", **CONTROL)


def test_the_conclusion_needs_its_reasons(room: Room) -> None:
    by, secretary, today = room.by("quality_strategist"), room.by("secretary"), timezone.localdate()
    told = refused(lambda: follow_up.conclude(room.plan, room.interim, by, "kanske", " ", today))
    assert set(told) == {"conclusion", "reasons"}
    made = follow_up.conclude(
        room.plan, room.interim, secretary, "sufficient", "Kontrollerna visar det", AUGUST
    )
    room.plan.refresh_from_db()
    assert room.plan.state == "adopted", "delåret avslutar inte planen"
    follow_up.conclude(
        room.plan, room.interim, by, "mostly", "Två punkter har anmärkning", AUGUST,
        expected_revision=made.revision,
    )  # fmt: skip
    with pytest.raises(StaleRecordError):
        follow_up.conclude(room.plan, room.interim, by, "mostly", "Sent", AUGUST, expected_revision=1)
    follow_up.conclude(room.plan, room.annual, by, "sufficient", "Allt är gjort", date(2022, 12, 31))
    room.plan.refresh_from_db()
    assert room.plan.state == "concluded"
    with pytest.raises(NotAllowedError):
        follow_up.conclude(room.plan, room.annual, room.by("member"), "sufficient", "Ja", today)


def test_immediate_actions_follow_their_risks(room: Room) -> None:
    by = room.by("quality_strategist")
    risk = room.risks["11"]
    risk.save_over(1, handling="immediate_action")
    about = tasks.add_action(
        risk, by, finding="Risken", what="Inför uppföljning", due=None,
        owner=tasks.Owner("sas", committee=room.committee),
    )  # fmt: skip
    linked = tasks.add_action(
        room.points[0], by, finding="Punkten", what="Avtala om uppföljning", due=None,
        owner=tasks.Owner("sas", committee=room.committee),
    )  # fmt: skip
    Link.objects.create(
        source_kind="control.risk", source_id=risk.pk, kind="led_to", target_kind="tasks.action",
        target_id=linked.pk,
    )  # fmt: skip
    (found,) = follow_up.immediate(room.plan)
    assert [one.pk for one in found.actions] == [about.pk, linked.pk]
    assert found.open
    for one in found.actions:
        tasks.action_done(one, by)
    assert not follow_up.immediate(room.plan)[0].open


def test_the_table_asks_the_same_number_of_questions_however_long(room: Room) -> None:
    def questions() -> int:
        with CaptureQueriesContext(connection) as asked:
            follow_up.table(room.plan, room.annual)
        return len(asked)

    before = questions()
    for number in range(20):
        point = ControlPoint.objects.create(
            committee=room.committee, plan=room.plan, number=f"T{number}", title="Till", position=number + 10
        )
        control = point.controls.create(committee=room.committee, **CONTROL)
        ControlRound.objects.create(
            committee=room.committee, control=control, occasion=room.interim, number=1, due_on=AUGUST
        )
    assert questions() == before <= 8
