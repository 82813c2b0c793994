"""The pages of factors, audits, evidence, inspections and incidents: as people use them, and what they are told."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from roder.control.models import Audit, CriticalFactor, Evidence, FactorReview, Incident, Recommendation
from roder.control.services import audits, evidence, factors
from roder.questionnaires.models import Answer
from tests.control.test_audits import audit_of
from tests.control.test_evidence import document, form_of_audit, secret_case
from tests.control.test_factors import factor, governed, measure
from tests.control.walk_samples_audit import samples
from tests.control.world import Room

__all__ = ["governed"]


def url(room: Room, name: str, *given: Any) -> str:
    """The address of a page of the committee's year."""
    return reverse(f"control:{name}", args=[room.committee.slug, 2022, *given])


def text_of(answer: Any) -> str:
    """The page as text."""
    return str(answer.content.decode())


def test_every_page_opens(governed: Room) -> None:
    strategist = governed.client("quality_strategist")
    for name, given in samples(governed.committee, governed.world.people, governed.unit).items():
        address = reverse(name, args=[governed.committee.slug, 2022, *given])
        answer = strategist.get(address)
        assert answer.status_code in (200, 405), (name, answer.status_code)


def test_an_audit_is_registered_answered_and_its_late_recommendation_is_seen(room: Room) -> None:
    client = room.client("secretary")
    sent = {
        "kind": "deep", "title": "Granskning av placeringar", "auditor": "Revisorerna", "received_on": "2022-02-01",
        "answer_by": "2022-01-01",
    }  # fmt: skip
    refused = client.post(url(room, "audit_new"), sent)
    assert "kan inte vara före ankomsten (2022-02-01)" in text_of(refused)
    assert "Granskning av placeringar" in text_of(refused)
    client.post(url(room, "audit_new"), sent | {"answer_by": "2022-04-30"})
    audit = Audit.objects.get()
    assert audit.year == 2022
    deed = url(room, "audit_deed", "granskning", audit.pk, "rekommendation")
    Audit.objects.filter(pk=audit.pk).update(number="2022.227 VON")
    assert "2022.227 VON" not in text_of(client.get(deed)).partition("<form")[2], (
        "the audit's number is not its own"
    )
    client.post(deed, {"text": "Följ upp placeringarna.", "revision": audit.revision})
    advice = Recommendation.objects.get()
    deed = url(room, "audit_deed", "rekommendation", advice.pk, "svar")
    refused = client.post(
        deed, {"state": "accepted", "answer": "En rutin tas fram.", "revision": advice.revision}
    )
    assert refused.status_code == 400
    assert "Ange vem som ansvarar" in text_of(refused)
    assert "En rutin tas fram." in text_of(refused)
    sent = {
        "state": "accepted", "answer": "En rutin.", "responsible": "Chefen", "due_on": "2022-06-01",
        "revision": str(advice.revision),
    }  # fmt: skip
    assert client.post(deed, sent).status_code == 302
    page = text_of(room.client("auditor").get(url(room, "audits")))
    assert "Försenade rekommendationer" in page
    late = text_of(room.client("auditor").get(url(room, "recommendations") + "?lage=sena"))
    assert "Följ upp placeringarna." in late
    assert 'Försenad sedan <time datetime="2022-06-01">2022-06-01</time>' in late


def test_two_who_judge_at_once_see_both_texts(room: Room) -> None:
    audit = audit_of(room)
    old = audit.revision
    audits.judge_audit(audit, room.by("secretary"), "no", "Deras text")
    deed = url(room, "audit_deed", "granskning", audit.pk, "bedomning")
    sent = {"judgement": "yes", "judgement_text": "Min text", "revision": old}
    answer = room.client("quality_strategist").post(deed, sent)
    assert answer.status_code == 409
    assert "Deras text" in text_of(answer)
    assert "Min text" in text_of(answer)
    audit.refresh_from_db()
    assert audit.judgement_text == "Deras text"


def test_the_form_is_answered_with_evidence_found_in_roder(room: Room) -> None:
    audit, answer = form_of_audit(room)
    budget = document(room, "Nämndens budget 2022–2024")
    client = room.client("quality_strategist")
    form = url(room, "audit_form", audit.pk)
    went = client.post(form, {"q-f1_1": "ja", "revision": answer.revision, "bevis": "f1_1_bevis"})
    assert went["Location"].endswith("?fraga=f1_1_bevis")
    answer.refresh_from_db()
    assert answer.content == {"f1_1": "ja"}
    pick = url(room, "evidence_pick", "granskning", audit.pk)
    found = text_of(client.get(pick, {"fraga": "f1_1_bevis", "q": "budget nämnden"}))
    assert f"registers.steeringdocument:{budget.pk}" in found
    sent = {
        "fraga": "f1_1_bevis",
        "q": "budget",
        "target": f"registers.steeringdocument:{budget.pk}",
        "page": "5–6",
    }
    assert client.post(pick, sent).status_code == 302
    again = client.post(pick, sent)
    assert again.status_code == 400
    assert "Beviset finns redan" in text_of(again)
    assert f'value="registers.steeringdocument:{budget.pk}" checked' in text_of(again)
    both = client.post(pick, sent | {"document": "Annat", "page": "9"})
    assert "inte båda" in text_of(both)
    page = text_of(client.get(form))
    assert "Nämndens budget 2022–2024" in page
    assert "s. 5–6" in page
    seen = text_of(room.client("auditor").get(url(room, "audit", audit.pk)))
    assert f"/styrdokument/{budget.pk}/" in seen
    assert "Inget svar än" in seen
    back = text_of(room.client("auditor").get(f"{room.root}styrdokument/{budget.pk}/"))
    assert "Styrker svar i" in back
    assert f">granskningen {audit.title}</a>" in back


def test_a_whole_form_is_handed_in_and_the_audit_answered(room: Room) -> None:
    audit, answer = form_of_audit(room)
    client = room.client("quality_strategist")
    sent = {
        f"q-f{section}_{number}": "vet_ej"
        for section, last in ((1, 5), (2, 4), (3, 8))
        for number in range(1, last + 1)
    }
    sent |= {"q-f4_1": "Fem utmaningar.", "deed": "final", "revision": str(answer.revision)}
    assert client.post(url(room, "audit_form", audit.pk), sent).status_code == 302
    answer.refresh_from_db()
    assert answer.state == Answer.State.FINAL
    deed = url(room, "audit_deed", "granskning", audit.pk, "besvarad")
    assert client.post(deed, {"answered_on": "2022-03-01", "revision": ""}).status_code == 302
    audit.refresh_from_db()
    assert audit.state == "answered"
    pick = url(room, "evidence_pick", "granskning", audit.pk)
    refused = client.post(pick, {"document": "Styrmodellen"})
    assert "besvarad" in text_of(refused)


def test_the_picker_finds_only_what_one_may_see(room: Room) -> None:
    audit, case = audit_of(room), secret_case(room)
    pick = url(room, "evidence_pick", "granskning", audit.pk)
    found = text_of(room.client("quality_strategist").get(pick, {"q": "hemligt"}))
    assert "Hemligt ärende" not in found
    refused = room.client("quality_strategist").post(pick, {"target": f"meetings.case:{case.pk}"})
    assert "får du inte se" in text_of(refused)
    assert not Evidence.objects.exists()
    assert "Hemligt ärende" in text_of(room.client("secretary").get(pick, {"q": "hemligt"}))
    evidence.add_evidence(audit, room.by("secretary"), target=case)
    shown = text_of(room.client("auditor").get(url(room, "audit", audit.pk)))
    assert "Handling som du inte har rätt att läsa" in shown
    assert "Hemligt ärende" not in shown


@pytest.mark.parametrize("word", ["brand", "intern", "styrande"])
def test_the_picker_finds_what_belongs_to_risk_and_control(room: Room, word: str) -> None:
    pick = url(room, "evidence_pick", "granskning", audit_of(room).pk)
    found = text_of(room.client("quality_strategist").get(pick, {"q": word}))
    assert 'value="control.' in found


def test_a_manager_reports_an_incident_and_the_clock_is_seen(room: Room) -> None:
    manager = room.client("unit_manager")
    sent = {
        "unit": room.unit.pk, "kind": "personal_data", "title": "Brev till fel adress", "what": "Ett beslut.",
        "discovered_at": (timezone.localtime() - timedelta(hours=1)).strftime("%Y-%m-%dT%H:%M"),
        "happened_at": timezone.localtime().strftime("%Y-%m-%dT%H:%M"),
    }  # fmt: skip
    refused = manager.post(url(room, "incident_new"), sent)
    assert refused.status_code == 400
    assert "efter att den upptäcktes" in text_of(refused)
    manager.post(url(room, "incident_new"), sent | {"happened_at": ""})
    row = Incident.objects.get()
    assert "kvar" in text_of(manager.get(url(room, "incidents")))
    assert "Anmäl till IMY senast" in text_of(manager.get(url(room, "incident", row.pk)))
    deed = url(room, "audit_deed", "incident", row.pk, "anmals-inte")
    assert manager.get(deed).status_code == 403
    strategist = room.client("quality_strategist")
    refused = strategist.post(deed, {"risk": "risk", "assessment": "Sekretess.", "revision": row.revision})
    assert "ska incidenten anmälas" in text_of(refused)
    done = {"reported_at": timezone.localtime().strftime("%Y-%m-%dT%H:%M"), "revision": row.revision}
    strategist.post(url(room, "audit_deed", "incident", row.pk, "anmald"), done)
    row.refresh_from_db()
    assert row.state == "reported"
    assert room.client("member").get(url(room, "incidents")).status_code == 403


def test_the_factors_are_seen_by_perspective_and_reviewed(governed: Room) -> None:
    one = factor(governed, "Ekonomi i balans", measure(governed, "m1", "3", target="0", operator="<="))
    factor(governed, "Nöjda brukare", measure(governed, "m2", "80", words="ska öka"), perspective="malgrupp")
    client = governed.client("controller")
    page = text_of(client.get(url(governed, "factors")))
    assert "Når inte målvärdet" in page
    assert "Bedöms för hand" in page
    only = text_of(client.get(url(governed, "factors") + "?perspektiv=malgrupp&tillfalle=2022-08"))
    assert "Ekonomi i balans" not in only
    address = url(governed, "factor_review", one.pk, "2022-08")
    assert client.post(address, {"analysis": "", "revision": 0}).status_code == 400
    assert client.post(address, {"analysis": "Underskott.", "revision": 0}).status_code == 302
    stale = client.post(address, {"analysis": "Mitt.", "revision": 0})
    assert stale.status_code == 409
    assert "Underskott." in text_of(stale)
    assert FactorReview.objects.get().analysis == "Underskott."
    assert client.get(url(governed, "factor_year", "beslut")).status_code == 403
    head = governed.client("head_administration")
    head.post(url(governed, "factor_year", "beslut"), {"decided_on": "2022-03-01"})
    client.post(url(governed, "factor_year", "anmalan"), {"told_on": "2022-03-29"})
    assert set(CriticalFactor.objects.values_list("told_on", flat=True)) == {date(2022, 3, 29)}


def test_the_pages_ask_no_more_for_many_rows(governed: Room) -> None:
    audit, _ = form_of_audit(governed)
    one = factor(governed, "En", measure(governed, "m0", "1", target="2"))
    by, client = governed.by("quality_strategist"), governed.client("quality_strategist")
    evidence.add_evidence(audit, by, question="f1_1_bevis", target=document(governed, "Plan"))
    audits.add_recommendation(audit, by, "Första")
    addresses = [url(governed, "factors"), url(governed, "audit", audit.pk), url(governed, "recommendations")]

    def asked() -> list[int]:
        found = []
        for address in addresses:
            client.get(address)
            with CaptureQueriesContext(connection) as seen:
                assert client.get(address).status_code == 200
            found.append(len(seen))
        return found

    few = asked()
    for number in range(1, 8):
        factors.add_measure(one, by, measure(governed, f"m{number}", "1", target="2"))
        evidence.add_evidence(audit, by, question="f1_2_bevis", target=document(governed, f"Plan {number}"))
        audits.add_recommendation(audit, by, f"Nummer {number}")
    assert asked() == few


def test_a_plan_a_risk_and_a_point_say_what_they_prove(room: Room) -> None:
    audit, by = audit_of(room), room.by("quality_strategist")
    targets = [(room.plan, "plan", []), (room.points[0], "point", [room.points[0].pk])]
    targets += [(room.risks["2"], "risk", [room.risks["2"].pk])]
    auditor = room.client("auditor")
    for target, name, given in targets:
        evidence.add_evidence(audit, by, target=target)
        assert f">granskningen {audit.title}</a>" in text_of(auditor.get(url(room, name, *given))), name
    shown = text_of(auditor.get(url(room, "audit", audit.pk)))
    assert all(url(room, name, *given) in shown for _, name, given in targets)
