"""Audits, recommendations and inspections: the days, the answers, the tasks, and what is refused in Swedish."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from roder import questionnaires, tasks
from roder.access import NotAllowedError
from roder.control.models import Audit, Inspection, Recommendation
from roder.control.rules import audits as rules
from roder.control.services import audits, inspections
from roder.core.models import StaleRecordError
from tests.control.test_incidents import NUMBER, faults_of
from tests.control.world import Room

FORM = Path(__file__).parents[2] / "examples" / "formular" / "revision-fragor.yaml"
DAYS = st.none() | st.dates(date(2020, 1, 1), date(2030, 1, 1))


@given(DAYS, DAYS, DAYS)
def test_the_days_of_an_audit_come_in_order_or_are_refused(
    received: date | None, due: date | None, answered: date | None
) -> None:
    faults = rules.audit_faults(received, due, answered, date(2030, 1, 1))
    wrong = {
        name
        for name, day in (("answer_by", due), ("answered_on", answered))
        if received and day and day < received
    }
    assert set(faults) == wrong


@given(st.lists(st.tuples(st.sampled_from(["q1", "q2", "q3", "x"]), st.sampled_from("abcdef")), max_size=12))
def test_attachments_are_numbered_from_one_without_gaps_in_the_order_of_questions(
    rows: list[tuple[str, str]],
) -> None:
    numbers = rules.in_question_order(rows, ["q1", "q2", "q3"])
    assert sorted(numbers.values()) == list(range(1, len(numbers) + 1))
    assert set(numbers) == {key for _, key in rows}
    first = [question for question, _ in sorted(rows, key=lambda row: "q1 q2 q3 x".index(row[0]))]
    if first:
        assert 1 in {numbers[key] for question, key in rows if question == first[0]}
    taken: list[tuple[int, str]] = []
    for _, key in rows:  # one at a time: the same thing keeps its number
        taken.append((rules.attachment_number(taken, key), key))
    assert len(set(taken)) == len({number for number, _ in taken})


@given(st.sampled_from(Recommendation.State.values), DAYS, st.dates(date(2020, 1, 1), date(2030, 1, 1)))
def test_every_recommendation_stands_somehow(state: str, due: date | None, today: date) -> None:
    words, tone = rules.standing(state, due, today)
    assert words
    assert (tone == "bad") == (state == "accepted" and due is not None and due < today)


def audit_of(room: Room, **given_values: Any) -> Audit:
    """An audit that came on the first of February and is to be answered in ten days."""
    values: dict[str, Any] = {
        "year": 2022, "title": "Granskning av digitaliseringen", "received_on": date(2022, 2, 1),
        "answer_by": timezone.localdate() + timedelta(days=10),
    } | given_values  # fmt: skip
    return audits.register_audit(room.committee, room.by("quality_strategist"), **values)


def test_the_last_day_to_answer_is_a_task_until_it_is_answered(room: Room) -> None:
    by, audit = room.by("quality_strategist"), audit_of(room)
    [task] = tasks.of(audit)
    assert (task.kind, task.state) == ("control.audit_answer", "open")
    due = tasks.rules.day_of(task.due_at, whole_day=True) if task.due_at else None
    assert due == audit.answer_by
    with pytest.raises(ValidationError) as error:
        audits.answer_audit(audit, by, date(2022, 1, 1))
    assert "före ankomsten (2022-02-01)" in faults_of(error)["answered_on"][0]
    with pytest.raises(ValidationError, match="inte besvarad"):
        audits.close_audit(audit, by)
    audits.answer_audit(audit, by, date(2022, 3, 1))
    assert (audit.state, tasks.of(audit).get().state) == ("answered", "done")
    with pytest.raises(ValidationError, match="redan besvarad"):
        audits.answer_audit(audit, by, date(2022, 3, 1))
    with pytest.raises(ValidationError, match="personnummer"):
        audits.reopen_audit(audit, by, "Om 19121212-1212")
    audits.reopen_audit(audit, by, "Ett svar var fel.")
    assert {one.state for one in tasks.of(audit)} == {"done", "open"}


def test_what_an_audit_cannot_be(room: Room) -> None:
    with pytest.raises(ValidationError) as error:
        audit_of(room, answer_by=date(2022, 1, 31))
    assert "före ankomsten" in faults_of(error)["answer_by"][0]
    with pytest.raises(ValidationError) as error:
        audit_of(room, question=f"Om {NUMBER}")
    assert "personnummer" in faults_of(error)["question"][0]
    audit_of(room)
    with pytest.raises(ValidationError, match="finns redan för året"):
        audit_of(room)
    with pytest.raises(NotAllowedError):
        audits.register_audit(room.committee, room.by("auditor"), year=2022, title="Egen")


def test_questions_are_judged_in_the_auditors_words(room: Room) -> None:
    by, audit = room.by("quality_strategist"), audit_of(room)
    first, second = (
        audits.add_question(audit, by, text) for text in ("Finns styrinstrument?", "Följs det upp?")
    )
    assert (first.number, second.number) == (1, 2)
    with pytest.raises(ValidationError):
        audits.judge_question(first, by, "kanske")
    audits.judge_question(first, by, "largely", "Med ett undantag.")
    audits.judge_audit(audit, by, "partly", "I allt väsentligt.")
    assert (first.get_judgement_display(), audit.get_judgement_display()) == ("Ja, i stort", "Delvis")
    with pytest.raises(StaleRecordError):
        audits.judge_audit(audit, by, "no", expected_revision=1)


def test_an_accepted_recommendation_says_what_who_and_when(room: Room) -> None:
    by, audit = room.by("quality_strategist"), audit_of(room)
    one = audits.add_recommendation(audit, by, "Ta fram en plan.")
    with pytest.raises(ValidationError) as error:
        audits.answer_recommendation(one, by, state="accepted", answer="")
    assert set(faults_of(error)) == {"answer", "responsible", "due_on"}
    with pytest.raises(ValidationError) as error:
        audits.answer_recommendation(
            one, by, state="accepted", answer="Plan", responsible="Chefen", due_on=date(2022, 1, 1)
        )
    assert "innan rekommendationen kom" in faults_of(error)["due_on"][0]
    due = timezone.localdate() + timedelta(days=60)
    answered: dict[str, Any] = {
        "state": "accepted",
        "answer": "En plan tas fram.",
        "responsible": "Förvaltningschef",
        "due_on": due,
    }
    audits.answer_recommendation(one, by, owner_role="head_administration", **answered)
    [task] = tasks.of(one)
    assert (task.kind, task.role, task.state) == ("control.recommendation", "head_administration", "open")
    audits.answer_recommendation(one, by, **(answered | {"due_on": due + timedelta(days=30)}))
    [task] = tasks.of(one)  # moved, and handed over to the usual role
    assert task.role == "quality_strategist"
    with pytest.raises(ValidationError) as error:
        audits.finish_recommendation(one, by, done_on=date(2022, 5, 1), effect=" ")
    assert set(faults_of(error)) == {"effect"}
    audits.finish_recommendation(one, by, done_on=date(2022, 5, 1), effect="Planen används.")
    assert (one.state, tasks.of(one).get().state) == ("done", "done")
    with pytest.raises(ValidationError, match="åtgärdad"):
        audits.answer_recommendation(one, by, **answered)


def test_a_declined_one_says_why_and_an_open_one_cannot_be_done(room: Room) -> None:
    by, audit = room.by("quality_strategist"), audit_of(room)
    one = audits.add_recommendation(audit, by, "Slå ihop enheterna.", number=4)
    with pytest.raises(ValidationError) as error:
        audits.add_recommendation(audit, by, "Dubblett", number=4)
    assert "finns redan" in faults_of(error)["number"][0]
    with pytest.raises(ValidationError, match="Besvara"):
        audits.finish_recommendation(one, by, done_on=date(2022, 5, 1), effect="Bra")
    audits.answer_audit(audit, by, date(2022, 3, 1))
    with pytest.raises(ValidationError, match="Rekommendation 4"):
        audits.close_audit(audit, by)
    with pytest.raises(ValidationError) as error:
        audits.answer_recommendation(one, by, state="declined", answer="")
    assert set(faults_of(error)) == {"answer"}
    audits.answer_recommendation(one, by, state="declined", answer="Redan prövat.")
    audits.close_audit(audit, by)
    assert audit.state == "closed"


def test_an_action_for_a_recommendation_is_the_common_one(room: Room) -> None:
    by, audit = room.by("quality_strategist"), audit_of(room)
    one = audits.add_recommendation(audit, by, "Ta fram en plan.")
    due = timezone.localdate() + timedelta(days=20)
    action = audits.add_action(one, by, what="Skriv planen", role="controller", due=due)
    assert (action.finding, action.due_on, list(tasks.actions_of(one))) == (one.text, due, [action])
    with pytest.raises(ValidationError) as error:
        audits.add_action(one, by, what="Skriv planen", role="controller", due=date(2022, 1, 1))
    assert "due" in faults_of(error)


def test_the_form_must_be_handed_in_before_the_audit_is_answered(room: Room) -> None:
    by, audit = room.by("quality_strategist"), audit_of(room)
    with pytest.raises(ValidationError, match="Läs in det"):
        audits.begin_form(audit, by)
    questionnaires.load_set(FORM, room.committee, by)
    answer = audits.begin_form(audit, by)
    audit.refresh_from_db()
    assert audits.begin_form(audit, by) == answer == audit.answer
    with pytest.raises(ValidationError, match="utkast"):
        audits.answer_audit(audit, by, date(2022, 3, 1))
    with pytest.raises(NotAllowedError):
        audits.begin_form(audit, room.by("member"))


def test_an_inspection_is_answered_followed_up_and_closed(room: Room) -> None:
    by = room.by("secretary")
    due = timezone.localdate() + timedelta(days=5)
    row = inspections.register_inspection(
        room.committee, by, title="Tillsyn av boendet", unit=room.unit, held_on=date(2022, 3, 1),
        decided_on=date(2022, 4, 1), findings="Bemanningen nattetid", answer_by=due,
    )  # fmt: skip
    assert (row.state, tasks.of(row).get().kind) == ("answer", "control.inspection_answer")
    with pytest.raises(ValidationError, match="svar ska lämnas"):
        inspections.close_inspection(row, by, follow_up="Klart")
    with pytest.raises(ValidationError) as error:
        inspections.answer_inspection(row, by, on=date(2022, 3, 15), answer="Så här gör vi.")
    assert "före beslutet (2022-04-01)" in faults_of(error)["answered_on"][0]
    inspections.answer_inspection(row, by, on=date(2022, 4, 20), answer="Så här gör vi.")
    one = audits.add_recommendation(row, by, "Höj bemanningen.")
    assert audits.given_on(one) == date(2022, 4, 1)
    with pytest.raises(ValidationError, match="Rekommendation 1"):
        inspections.close_inspection(row, by, follow_up="Klart")
    audits.answer_recommendation(one, by, state="declined", answer="Ny mätning visar annat.")
    inspections.close_inspection(row, by, follow_up="Nytt besök utan anmärkning.")
    assert (row.state, tasks.of(row).get().state) == (Inspection.State.CLOSED, "done")
    with pytest.raises(ValidationError) as error:
        inspections.register_inspection(
            room.committee, by, title="Annan", decided_on=date(2022, 4, 1), answer_by=date(2022, 3, 1)
        )
    assert "Sista dag för svaret" in faults_of(error)["answer_by"][0]
