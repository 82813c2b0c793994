"""The workshop's deeds: who may, what comes too late, what is the same, what the group decides, several at once."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import date
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import connections

from roder.access import NotAllowedError
from roder.control.models import Risk, RiskAnalysis, Workshop, WorkshopDecision, WorkshopScore
from roder.control.services import workshops
from roder.control.services.workshops import SameWordsFault, TooLateFault, WorkshopFault
from roder.core.models import StaleRecordError
from roder.organisation.models import Person
from tests.control.world import Room, build_room


@pytest.fixture
def workshop(room: Room, strategist: Person) -> Workshop:
    return workshops.start(room.analysis, strategist, "Riskworkshop", date(2021, 10, 5))


def test_everybody_with_a_say_suggests_scores_and_the_group_decides(
    room: Room, workshop: Workshop, strategist: Person, member: Person, manager: Person
) -> None:
    one = workshops.suggest(workshop, member, "  Medarbetare slutar  ", cause="Löneläget")
    other = workshops.suggest(workshop, manager, "El och värme faller bort")
    assert (one.state, one.text, one.suggested_by, one.origin) == (
        "suggested", "Medarbetare slutar", member, "workshop",
    )  # fmt: skip
    assert one.code != other.code and one.code.startswith("R-")
    workshops.step(workshop, strategist, "scoring")
    for person, score in ((strategist, (3, 4)), (member, (2, 2)), (manager, (2, 4))):
        workshops.my_score(workshop, one, person, *score)
    workshops.my_score(workshop, one, member, 2, 3, "Vi har haft det värre")
    found = workshops.spread(workshop, one)
    assert (found.count, found.proposed, found.lowest_value, found.highest_value) == (3, (2, 4), 6, 12)
    assert workshops.spreads(workshop) == {one.pk: found}
    with pytest.raises(TooLateFault):
        workshops.settle(workshop, one, strategist, 2, 4)
    workshops.step(workshop, strategist, "deciding")
    settled = workshops.settle(workshop, one, strategist, 3, 4, "Vi tar det säkra")
    assert (settled.state, settled.likelihood, settled.impact, settled.value) == ("active", 3, 4, 12)
    workshops.settle(workshop, one, strategist, 3, 3)
    decision = WorkshopDecision.objects.get()
    assert (decision.likelihood, decision.impact, decision.reason, decision.decided_by) == (
        3,
        3,
        "",
        strategist,
    )
    closed = workshops.close(workshop, strategist)
    assert closed.state == "closed" and closed.closed_at
    assert Risk.objects.get(pk=other.pk).state == "suggested"
    assert WorkshopScore.objects.count() == 3


def test_those_without_a_say_take_no_part_and_only_leaders_lead(
    room: Room, workshop: Workshop, member: Person
) -> None:
    for role in ("auditor", "care_staff", "central_office"):
        with pytest.raises(NotAllowedError):
            workshops.suggest(workshop, room.by(role), "En risk")
        with pytest.raises(NotAllowedError):
            workshops.my_score(workshop, room.risks["1"], room.by(role), 1, 1)
    for deed in (
        lambda: workshops.start(room.analysis, member, "Min egen", date(2021, 10, 5)),
        lambda: workshops.step(workshop, member, "scoring"),
        lambda: workshops.settle(workshop, room.risks["1"], member, 1, 1),
        lambda: workshops.strike(workshop, room.risks["1"], member),
        lambda: workshops.talk_about(workshop, member, None),
        lambda: workshops.show_names(workshop, member, True),
    ):
        with pytest.raises(NotAllowedError):
            deed()


def test_the_same_words_are_told_and_others_are_not(workshop: Workshop, member: Person) -> None:
    first = workshops.suggest(workshop, member, "Nyckelpersoner slutar!")
    with pytest.raises(SameWordsFault, match="redan föreslagit") as told:
        workshops.suggest(workshop, member, " nyckelpersoner   SLUTAR")
    assert told.value.risk == first
    with pytest.raises(SameWordsFault, match="finns redan"):
        workshops.suggest(workshop, member, "Rekrytering.")
    with pytest.raises(WorkshopFault, match="Skriv vad"):
        workshops.suggest(workshop, member, " – ")
    with pytest.raises(ValidationError):
        workshops.suggest(workshop, member, "Det gäller 19121212-1212")
    assert workshops.suggest(workshop, member, "Nyckelpersoner slutar inte")


def test_a_suggestion_is_merged_or_struck_and_a_risk_is_not(
    room: Room, workshop: Workshop, strategist: Person, member: Person
) -> None:
    one = workshops.suggest(workshop, member, "Chefer slutar")
    other = workshops.suggest(workshop, member, "Chefer orkar inte")
    workshops.step(workshop, strategist, "scoring")
    workshops.my_score(workshop, other, member, 3, 3)
    kept = workshops.merge(workshop, other, one, strategist, text="Chefer orkar inte och slutar")
    assert kept.text == "Chefer orkar inte och slutar"
    assert not Risk.objects.filter(pk=other.pk).exists() and not WorkshopScore.objects.exists()
    with pytest.raises(WorkshopFault, match="finns inte längre"):
        workshops.strike(workshop, other, strategist)
    with pytest.raises(WorkshopFault, match="inte ett förslag"):
        workshops.strike(workshop, room.risks["1"], strategist)
    with pytest.raises(WorkshopFault, match="annan risk"):
        workshops.merge(workshop, one, one, strategist)
    workshops.strike(workshop, one, strategist)
    with pytest.raises(TooLateFault, match="struken"):
        workshops.my_score(workshop, one, member, 3, 3)


def test_the_steps_follow_each_other_and_go_back(workshop: Workshop, strategist: Person, room: Room) -> None:
    with pytest.raises(WorkshopFault, match="kan inte gå från"):
        workshops.step(workshop, strategist, "deciding")
    seen = workshops.step(workshop, strategist, "scoring")
    with pytest.raises(StaleRecordError):
        workshops.step(workshop, strategist, "collecting", expected_revision=seen.revision - 1)
    with pytest.raises(WorkshopFault, match="Ingen har bedömt"):
        workshops.step(workshop, strategist, "deciding")
    workshops.my_score(workshop, room.risks["1"], strategist, 4, 4)
    workshops.step(workshop, strategist, "deciding")
    assert workshops.talk_about(workshop, strategist, room.risks["1"]).current == room.risks["1"]
    back = workshops.step(workshop, strategist, "scoring")
    assert back.current is None and WorkshopScore.objects.count() == 1
    workshops.step(workshop, strategist, "deciding")
    workshops.close(workshop, strategist)
    with pytest.raises(WorkshopFault):
        workshops.step(workshop, strategist, "collecting")
    assert workshops.step(workshop, strategist, "deciding").closed_at is None


def test_what_comes_too_early_too_late_or_outside_the_scale(
    room: Room, workshop: Workshop, strategist: Person, member: Person
) -> None:
    risk = room.risks["7"]
    with pytest.raises(TooLateFault, match="inte börjat"):
        workshops.my_score(workshop, risk, member, 2, 2)
    workshops.step(workshop, strategist, "scoring")
    with pytest.raises(TooLateFault, match="samlar inte"):
        workshops.suggest(workshop, member, "Något nytt")
    for likelihood, impact, field in ((5, 1, "likelihood"), (1, 0, "impact"), (None, 2, "likelihood")):
        with pytest.raises(ValidationError) as wrong:
            workshops.my_score(workshop, risk, member, likelihood, impact)
        assert field in wrong.value.message_dict
    with pytest.raises(ValidationError) as both:
        workshops.my_score(workshop, risk, member, None, None)
    assert set(both.value.message_dict) == {"likelihood", "impact"}
    workshops.my_score(workshop, risk, member, 2, 2)
    with pytest.raises(WorkshopFault, match="utan namn"):
        workshops.show_names(workshop, strategist, True)
    workshops.step(workshop, strategist, "deciding")
    with pytest.raises(TooLateFault, match="inte sparad"):
        workshops.my_score(workshop, risk, member, 3, 3)
    assert WorkshopScore.objects.get().likelihood == 2


def test_a_risk_of_an_older_scale_is_scored_by_the_analysis_s(
    room: Room, workshop: Workshop, strategist: Person, member: Person
) -> None:
    RiskAnalysis.objects.filter(pk=room.analysis.pk).update(scale=room.scale5)
    now = Workshop.objects.get(pk=workshop.pk)
    workshops.step(now, strategist, "scoring")
    workshops.my_score(now, room.risks["2"], member, 5, 5)
    workshops.step(now, strategist, "deciding")
    assert workshops.settle(now, room.risks["2"], strategist, 5, 4).scale == room.scale5


def test_a_decided_analysis_has_no_workshop(
    room: Room, workshop: Workshop, strategist: Person, member: Person
) -> None:
    RiskAnalysis.objects.filter(pk=room.analysis.pk).update(state="decided", decided_on=date(2021, 12, 17))
    with pytest.raises(WorkshopFault, match="beslutad"):
        workshops.start(room.analysis, strategist, "Ännu en", date(2021, 12, 20))
    with pytest.raises(WorkshopFault, match="beslutad"):
        workshops.suggest(workshop, member, "Något nytt")


def test_the_revision_changes_with_everything_that_the_screen_shows(
    room: Room, workshop: Workshop, strategist: Person, member: Person, django_assert_num_queries: Any
) -> None:
    seen = [workshops.revision_of(workshop)]

    def changed() -> bool:
        seen.append(workshops.revision_of(workshop))
        return seen[-1] not in seen[:-1]

    assert workshops.revision_of(workshop) == seen[0]
    one = workshops.suggest(workshop, member, "Ett")
    assert changed()
    workshops.step(workshop, strategist, "scoring")
    assert changed()
    workshops.my_score(workshop, one, member, 2, 2)
    assert changed()
    workshops.my_score(workshop, one, member, 2, 2)
    assert changed()
    workshops.step(workshop, strategist, "deciding")
    workshops.talk_about(workshop, strategist, one)
    assert changed()
    workshops.settle(workshop, one, strategist, 2, 2)
    assert changed()
    with django_assert_num_queries(1):
        workshops.revision_of(workshop)


def _in_threads(deeds: list[Any]) -> list[Any]:
    def run(deed: Any) -> Any:
        try:
            return deed()
        except Exception as error:
            return error
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(deeds)) as pool:
        return list(pool.map(run, deeds))


@pytest.mark.usefixtures("committed")
def test_many_score_while_the_leader_goes_on_and_two_suggest_the_same() -> None:
    room = build_room()
    leader = room.by("quality_strategist")
    people = [room.by(role) for role in ("member", "chair", "unit_manager", "head_department", "sas", "mas")]
    workshop = workshops.start(room.analysis, leader, "Riskworkshop", date(2021, 10, 5))
    told = _in_threads([lambda one=one: workshops.suggest(workshop, one, "Samma risk") for one in people])
    assert sum(isinstance(one, Risk) for one in told) == 1
    assert sum(isinstance(one, SameWordsFault) for one in told) == len(people) - 1
    workshops.step(workshop, leader, "scoring")
    workshops.my_score(workshop, room.risks["1"], leader, 1, 1)
    deeds: list[Any] = [
        lambda one=one, n=n: workshops.my_score(workshop, room.risks["1"], one, n % 4 + 1, 4)
        for n, one in enumerate([*people, *people])
    ]
    deeds.insert(6, lambda: workshops.step(workshop, room.by("quality_strategist"), "deciding"))
    found = _in_threads(deeds)
    assert all(isinstance(one, (WorkshopScore, TooLateFault, Workshop)) for one in found), found
    # a person who was told that it was saved has a score, and nobody has two
    saved = {one.person_id for one in found if isinstance(one, WorkshopScore)}
    kept = list(WorkshopScore.objects.values_list("person_id", flat=True))
    assert sorted(kept) == sorted({leader.pk, *saved})
    assert Workshop.objects.get().state == "deciding"
