"""Evidence: numbered attachments, many on a question, only what one may see, and seen from both ends."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext

from roder import questionnaires
from roder.access import NotAllowedError
from roder.control.models import Audit, Evidence
from roder.control.services import audits, evidence
from roder.meetings.models import Case
from roder.questionnaires.models import Answer
from roder.registers.models import SteeringDocument
from roder.steering.models import Goal
from tests.control.test_audits import FORM, audit_of
from tests.control.test_incidents import NUMBER, faults_of
from tests.control.world import Room


def document(room: Room, title: str = "Budget 2022–2024") -> SteeringDocument:
    """A steering document of the committee."""
    return SteeringDocument.objects.create(
        committee=room.committee, type="plan", title=title, decided_by="Nämnden"
    )


def form_of_audit(room: Room, **given: Any) -> tuple[Audit, Answer]:
    """An audit with the auditors' form begun."""
    by = room.by("quality_strategist")
    questionnaires.load_set(FORM, room.committee, by)
    audit = audit_of(room, kind="basic", title="Årlig grundläggande granskning", **given)
    answer = audits.begin_form(audit, by)
    audit.refresh_from_db()
    return audit, answer


def test_the_same_document_keeps_its_number_on_every_question(room: Room) -> None:
    by, audit = room.by("quality_strategist"), audit_of(room)
    budget, plan = document(room), room.plan
    first = evidence.add_evidence(audit, by, question="f2_1_bevis", target=budget, page="7")
    second = evidence.add_evidence(audit, by, question="f1_1_bevis", target=plan)
    third = evidence.add_evidence(audit, by, question="f1_1_bevis", target=budget, page="5–6")
    outside = evidence.add_evidence(
        audit, by, question="f1_1_bevis", document="Kommunens styrmodell", page="7"
    )
    again = evidence.add_evidence(
        audit, by, question="f1_2_bevis", document="kommunens  styrmodell", page="9"
    )
    assert [one.number for one in (first, second, third, outside, again)] == [1, 2, 1, 3, 3]
    assert evidence.renumber(audit, by, ["f1_1_bevis", "f1_2_bevis", "f2_1_bevis"]) == 3
    listed = evidence.attachments(evidence.evidence_of(audit, by))
    assert [(one.number, one.title) for one in listed] == [
        (1, "Budget 2022–2024"), (2, "Internkontrollplan 2022"), (3, "Kommunens styrmodell")
    ]  # fmt: skip
    assert listed[0].questions == ("f1_1_bevis", "f2_1_bevis")
    evidence.remove_evidence(second, by)
    assert [one.number for one in evidence.attachments(evidence.evidence_of(audit, by))] == [1, 3]
    assert evidence.renumber(audit, by, ["f1_2_bevis", "f1_1_bevis", "f2_1_bevis"]) == 2
    assert evidence.attachments(evidence.evidence_of(audit, by))[0].title == "Kommunens styrmodell"


def test_what_cannot_be_evidence(room: Room) -> None:
    by, audit = room.by("quality_strategist"), audit_of(room)
    budget = document(room)
    evidence.add_evidence(audit, by, question="q", target=budget, page="7")
    with pytest.raises(ValidationError) as error:
        evidence.add_evidence(audit, by, question="q", target=budget, page="7")
    assert "finns redan" in faults_of(error)["page"][0]
    with pytest.raises(ValidationError) as error:
        evidence.add_evidence(audit, by, question="q")
    assert "Välj något" in faults_of(error)["document"][0]
    with pytest.raises(ValidationError) as error:
        evidence.add_evidence(audit, by, question="q", document=f"Beslut om {NUMBER}")
    assert "personnummer" in faults_of(error)["document"][0]
    with pytest.raises(NotAllowedError):
        evidence.add_evidence(audit, room.by("auditor"), question="q", target=budget)
    audits.answer_audit(audit, by, date(2022, 3, 1))
    with pytest.raises(ValidationError, match="besvarad"):
        evidence.add_evidence(audit, by, question="q", target=budget)
    with pytest.raises(ValidationError, match="besvarad"):
        evidence.remove_evidence(Evidence.objects.get(), by)


def secret_case(room: Room) -> Case:
    """A case that only those who decide in secret cases may see."""
    return Case.objects.create(
        committee=room.committee, year=2022, number="2022.001", title="Hemligt ärende", opened_on=date(2022, 1, 1),
        secret=True, secrecy_section="26 kap. 1 § OSL",
    )  # fmt: skip


def test_what_a_person_may_not_see_is_neither_pointed_at_nor_read(room: Room) -> None:
    audit, case = audit_of(room), secret_case(room)
    with pytest.raises(ValidationError) as error:
        evidence.add_evidence(audit, room.by("quality_strategist"), question="q", target=case)
    assert "ingen sådan handling" in faults_of(error)["target"][0]
    evidence.add_evidence(audit, room.by("secretary"), question="q", target=case)
    [proof] = evidence.evidence_of(audit, room.by("auditor"))
    assert (proof.hidden, proof.record) == (True, None)
    assert "Hemligt" not in proof.title
    assert evidence.evidence_of(audit, room.by("secretary"))[0].record == case


def test_the_evidence_is_read_in_as_many_questions_as_there_are_kinds(room: Room) -> None:
    by, audit = room.by("quality_strategist"), audit_of(room)
    for number in range(12):
        evidence.add_evidence(audit, by, question=f"f{number % 3}", target=document(room, f"Plan {number}"))
    for goal in Goal.objects.all():
        evidence.add_evidence(audit, by, question="f1", target=goal)
    auditor = room.by("auditor")
    with CaptureQueriesContext(
        connection,
    ) as seen:
        proofs = evidence.evidence_of(audit, auditor)
    assert len(proofs) == 14
    assert not any(one.hidden for one in proofs)
    assert len(seen) <= 4  # the mandates, the evidence, two kinds


def test_a_record_says_what_it_proves_in_one_question(room: Room) -> None:
    by, budget = room.by("quality_strategist"), document(room)
    audit = audit_of(room)
    advice = audits.add_recommendation(audit, by, "Ta fram en plan.")
    evidence.add_evidence(audit, by, question="f1", target=budget, page="1")
    evidence.add_evidence(audit, by, question="f2", target=budget)
    evidence.add_evidence(advice, by, target=budget)
    auditor = room.by("auditor")
    evidence.proves(document(room, "Annan"), auditor)  # the mandates are read
    with CaptureQueriesContext(connection) as seen:
        found = evidence.proves(budget, auditor)
    assert len(seen) == 1
    assert [(one.title, one.page[0]) for one in found] == [
        (f"granskningen {audit.title}", "control:audit"),
        (f"rekommendation 1, {audit.title}", "control:recommendation"),
    ]
    assert evidence.proves(budget, room.world.people["care_staff"]) == []


def test_what_is_handed_in_keeps_its_evidence(room: Room) -> None:
    by = room.by("quality_strategist")
    audit, answer = form_of_audit(room)
    evidence.add_evidence(audit, by, question="f1_1_bevis", target=document(room), page="5–6")
    evidence.add_evidence(audit, by, question="f1_1_bevis", document="Styrmodellen", page="avsnitt 2")
    draft = {"f1_1": "ja", "f1_1_text": "Fyra mål.", "f1_2": "delvis", "f2_4": "nej"}
    audits.save_form(audit, by, draft, expected_revision=answer.revision)
    answer.refresh_from_db()
    said = "Bilaga 1 Budget 2022–2024, s. 5–6; Bilaga 2 Styrmodellen, avsnitt 2"
    assert answer.content["f1_1_bevis"] == {"reference": said}
    sections = evidence.form_of(answer, evidence.evidence_of(audit, by))
    assert [len(one.lines) for one in sections] == [5, 4, 8, 1]
    line = sections[0].lines[0]
    assert (line.said, line.tone, line.description, line.proof_code) == (
        "Ja",
        "good",
        "Fyra mål.",
        "f1_1_bevis",
    )
    assert [one.evidence.number for one in line.proofs] == [1, 2]
    assert [one.question.code for one in evidence.lacking(sections)] == ["f1_2"]
    with pytest.raises(ValidationError) as error:
        audits.save_form(audit, by, draft, expected_revision=answer.revision, final=True)
    assert "f3_1" in faults_of(error)
