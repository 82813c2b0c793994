"""How a control point came out is said in the steering model's words, and in the program's own only without them."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from roder.access.models import AuditRecord
from roder.control.models import PointReview
from roder.control.rules import outcomes as rules
from roder.control.services import board, follow_up, outcomes
from roder.control.services.plan_parts import PlanFault
from roder.reports.facts_control import PlanFact
from roder.reports.gather_control import gather_control
from roder.steering.modelfile import check_text, to_data
from roder.steering.models import Occasion, SteeringModelVersion
from roder.web.scope import Scope
from roder.web.tiles import control_tile
from tests.control.test_plan_pages import text
from tests.control.world import MODEL, Room

SCALE = """\
status_scales:
  - code: kontroll
    subject: control
    occasion_kinds: [interim, annual]
    statuses:
      - {code: brister, label: Fungerar inte, order: 1, tone: bad}
      - {code: delvis, label: Fungerar delvis, order: 2, tone: near}
      - {code: bra, label: Fungerar, order: 3, tone: good}
      - {code: oprovad, label: Inte prövad, order: 4, tone: none}
"""


@pytest.fixture
def own(room: Room) -> Room:
    """The room, whose model has a scale of its own for controls."""
    checked = check_text(MODEL.replace("status_scales:\n", SCALE))
    assert checked.model is not None, checked.lines()
    model = SteeringModelVersion.objects.create(
        committee=room.committee, year=2022, version=3, content=to_data(checked.model), source="", sha256="3" * 64
    )  # fmt: skip
    Occasion.objects.filter(committee=room.committee).update(model=model)
    for one in (room.interim, room.annual):
        one.refresh_from_db()
    return room


def say(room: Room, at: int, code: str, **more: Any) -> PointReview:
    by = room.by("quality_strategist")
    return follow_up.review_point(
        room.points[at], room.interim, by, code, "Så gick det", "Rutinen skrivs om", **more
    )


def test_a_step_is_stored_and_counts_as_its_tone(own: Room) -> None:
    review = say(own, 0, "delvis")
    assert (review.outcome, review.step, outcomes.word_of(review).label) == (
        "with",
        "delvis",
        "Fungerar delvis",
    )
    assert AuditRecord.objects.filter(deed="control_point.reviewed").latest("pk").detail["step"] == "delvis"
    assert (say(own, 1, "bra").outcome, outcomes.word_of(review).tone) == ("without", "near")
    lines = follow_up.table(own.plan, own.interim)
    assert [one.assessment for one in lines] == ["Fungerar delvis", "Fungerar"]
    assert follow_up.summary(lines) == (
        "2 av 2 punkter är följda upp: 1 ”Fungerar”, 1 ”Fungerar inte” eller ”Fungerar delvis”."
    )


def test_what_was_not_tested_is_not_followed_up(own: Room) -> None:
    assert say(own, 0, "oprovad").outcome == "untested"
    assert follow_up.counts(own.plan, own.interim) == (2, 0, 0, 0, 0)
    assert follow_up.table(own.plan, own.interim)[0].assessment == "Inte prövad"


def test_remarks_need_an_action_whatever_they_are_called(own: Room) -> None:
    by = own.by("quality_strategist")
    with pytest.raises(PlanFault) as fault:
        follow_up.review_point(own.points[0], own.interim, by, "delvis", "Brister")
    assert "”Fungerar delvis”" in str(fault.value)
    for code in ("finns_inte", "", "Fungerar"):
        with pytest.raises(PlanFault, match="Välj en bedömning"):
            say(own, 0, code)


def test_files_may_say_what_it_counts_as(own: Room) -> None:
    """Where one step counts as it that is the word; where several do, nobody knows which."""
    assert say(own, 0, "without").step == "bra"
    review = say(own, 1, "with")
    assert (review.outcome, review.step) == ("with", "")
    assert outcomes.word_of(review).label == "Genomförd med anmärkning"


def scope_of(room: Room) -> Scope:
    return Scope(room.by("quality_strategist"), room.committee, 2022)


def test_pages_and_the_form_use_the_words(own: Room) -> None:
    client, scope, point = own.client("quality_strategist"), scope_of(own), own.points[0]
    form = scope.url("control:review", own.interim.code, point.pk)
    page = text(client.get(form))
    for word in ("Fungerar inte", "Fungerar delvis", "Inte prövad", "Flyttad"):
        assert word in page, word
    assert "anmärkning" not in page
    shown = text(client.post(form, {"outcome": "delvis", "result": "Så där", "action": "Rutin"}, follow=True))
    assert "1 av 2 punkter är följd upp: 0 ”Fungerar”, 1 ”Fungerar inte” eller ”Fungerar delvis”" in shown
    assert PointReview.objects.get().step == "delvis"
    assert re.search(r'value="delvis"[^>]* checked', client.get(form).content.decode())
    for address in (
        scope.url("control:plan"),
        scope.url("control:follow_up", own.interim.code),
        scope.url("control:point", point.pk),
        scope.url("control:board"),
    ):
        shown = text(client.get(address))
        assert "Fungerar delvis" in shown, address
        assert "alla-namnder" in address or "anmärkning" not in shown, address


def test_the_report_uses_the_words_and_their_colours(own: Room) -> None:
    say(own, 0, "delvis")
    say(own, 1, "bra")
    facts = gather_control(own.interim)
    assert facts is not None and isinstance(facts.plan, PlanFact)
    told = [(one.assessment.label, one.assessment.tone) for one in facts.plan.points if one.assessment]
    assert told == [("Fungerar delvis", "near"), ("Fungerar", "good")]
    assert facts.plan.said == ("”Fungerar”", "”Fungerar inte” eller ”Fungerar delvis”")


def test_without_a_scale_the_words_are_the_programs_own(room: Room) -> None:
    review = say(room, 0, "with")
    assert (review.step, outcomes.word_of(review).label) == ("", "Genomförd med anmärkning")
    facts = gather_control(room.interim)
    assert facts is not None and facts.plan is not None and facts.plan.said == ()
    assert facts.plan.points[0].assessment is not None
    assert (facts.plan.points[0].assessment.label, facts.plan.points[0].assessment.tone) == (
        "Genomförd med anmärkning", "bad",
    )  # fmt: skip


def test_the_board_and_the_start_page_use_the_words(own: Room) -> None:
    say(own, 0, "delvis")
    row = next(
        one for one in board.compilation(own.by("quality_strategist"), 2022) if one.committee == own.committee
    )
    assert "”Fungerar delvis”" in row.summary and "”Fungerar delvis”" in row.with_remarks
    assert row.remarks[0].word.label == "Fungerar delvis"
    tile = control_tile(scope_of(own))
    assert tile.status == "Fungerar delvis" and "anmärkning" not in tile.text
    review = PointReview.objects.get()
    say(own, 0, "bra", expected_revision=review.revision)
    say(own, 1, "moved", moved_to=date(2022, 12, 15), today=date(2022, 8, 20))
    assert control_tile(scope_of(own)).status == "Fungerar", "en flyttad punkt är inte följd upp"


STEPS = st.lists(
    st.tuples(
        st.sampled_from(["a", "b", "c", "flyttad", "with", "without"]), st.sampled_from(sorted(rules.COUNTS_AS))
    ),
    max_size=6, unique_by=lambda one: one[0],
)  # fmt: skip


@given(STEPS, st.sampled_from(["with", "without", "untested", "moved"]), st.sampled_from(["", "a", "gone"]))
def test_whatever_is_stored_has_a_word(steps: list[tuple[str, str]], outcome: str, step: str) -> None:
    """Also when the scale has changed since; and each word that may be chosen is found again."""
    words = rules.words_of([rules.Word(code, code.upper(), tone, "", "") for code, tone in steps])
    assert words.of(outcome, step).label
    assert any(one.outcome == rules.MOVED for one in words.every), "att flytta går alltid"
    for one in words.every:
        assert words.find(one.code) == one
        assert words.of(one.outcome, one.step) == one or not one.step
    assert words.tally(1, 2)
