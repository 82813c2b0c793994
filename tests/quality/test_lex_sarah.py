"""Lex Sarah: anybody reports, the SAS investigates and decides, the committee hears of every decision."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import connection

from roder.access.rights import NotAllowedError
from roder.core.models import StaleRecordError
from roder.organisation.models import Person
from roder.quality.models import LexSarahCase
from roder.quality.services import lex
from roder.quality.services.lex import Investigation, Report
from tests.quality.case_world import build_cases, deviation, moment, world
from tests.web.world import World

__all__ = ["world"]

FOUND = Investigation(
    what="Larmet var avstängt en natt.", shortcoming=True, consequence=True,
    consequence_text="Låg på golvet i två timmar.", cause="Rutinen var okänd.", actions_text="Genomgång på möte.",
)  # fmt: skip
NOW = moment("2022-05-02 08:00")
TODAY = date(2022, 5, 31)


def reported(world: World, when: str = "2022-05-02 08:00", **more: Any) -> LexSarahCase:
    what = Report(**{"what": "Larmet var avstängt.", "unit": world.unit, **more})
    return lex.report(world.committee, world.people["care_staff"], what, now=moment(when))


def investigated(world: World, when: str = "2022-05-02 08:00", found: Investigation = FOUND) -> LexSarahCase:
    case = reported(world, when)
    return lex.investigate(case, world.people["sas"], found, expected_revision=1, finished=True, now=NOW)


def decided(
    world: World, *cases: LexSarahCase, outcome: str = "misconduct", on: date = date(2022, 5, 20)
) -> Any:
    return lex.decide(
        cases, world.people["sas"], outcome=outcome, motive="Brist och påtaglig risk.",
        line="Larm avstängt en natt: missförhållande.", decided_on=on, today=TODAY,
    )  # fmt: skip


@pytest.mark.parametrize(
    "role", ["care_staff", "licensed", "unit_manager", "sas", "mas", "quality_strategist"]
)
def test_staff_report_and_see_their_own(world: World, role: str) -> None:
    case = lex.report(world.committee, world.people[role], Report("Larmet var avstängt."), now=NOW)
    assert case.number == "2022-001"
    assert case.state == "reported"
    assert case.reporter == world.people[role]


@pytest.mark.parametrize("role", ["member", "controller", "secretary", "auditor", "provider", "nobody"])
def test_others_do_not_report(world: World, role: str) -> None:
    with pytest.raises(NotAllowedError):
        lex.report(world.committee, world.people[role], Report("Larmet var avstängt."))
    assert not LexSarahCase.objects.exists()


def test_numbers_follow_each_other_in_the_year_of_the_report(world: World) -> None:
    numbers = [
        reported(world, when).number for when in ("2021-12-31 22:30", "2021-12-31 23:30", "2022-05-02 08:00")
    ]
    assert numbers == ["2021-001", "2022-001", "2022-002"]  # half past midnight in Stockholm


def test_a_number_that_came_with_a_file_is_passed(world: World) -> None:
    for taken in ("2022-001", "2022-002", "2022-004"):
        LexSarahCase.objects.create(
            committee=world.committee, municipality=world.municipality, number=taken, reported_at=NOW
        )
    assert [reported(world).number, reported(world).number] == ["2022-003", "2022-005"]


def test_two_at_once_get_two_numbers_without_a_gap(committed: None) -> None:
    world = build_cases()

    def one(_: int) -> str:
        try:
            return reported(world).number
        finally:
            connection.close()

    with ThreadPoolExecutor(6) as pool:
        numbers = sorted(pool.map(one, range(12)))
    assert numbers == [f"2022-{n:03d}" for n in range(1, 13)]


@pytest.mark.parametrize(
    ("more", "field"),
    [
        ({"what": "  "}, "what"),
        ({"what": "Anna 19121212-1212 föll"}, "what"),
        ({"what": "x" * 20_001}, "what"),
        ({"reference": "19121212-1212"}, "reference"),
        ({"law": "abc"}, "law"),
    ],
)
def test_a_bad_report_says_where(world: World, more: dict[str, Any], field: str) -> None:
    with pytest.raises(ValidationError) as refused:
        reported(world, **more)
    assert field in refused.value.message_dict
    assert reported(world).number == "2022-001"  # nothing was used up


def test_from_a_deviation_with_what_it_says(world: World) -> None:
    source = deviation(world)
    case = lex.open_lex_sarah(source, world.people["sas"], now=NOW)
    assert (case.deviation, case.unit, case.law, case.reference) == (source, world.unit, "hsl", "B-17")
    assert case.type is not None and case.type.code == "fall"
    assert lex.open_lex_sarah(source, world.people["mas"], now=NOW) == case  # open already


def test_a_deviation_that_cannot_be_seen_opens_nothing(world: World) -> None:
    source = deviation(world, reporter=world.people["sas"])
    with pytest.raises(NotAllowedError):
        lex.open_lex_sarah(source, world.people["care_staff"])


def test_only_the_sas_investigates(world: World) -> None:
    case = reported(world)
    for role in ("care_staff", "unit_manager", "mas", "quality_strategist"):
        with pytest.raises(NotAllowedError):
            lex.investigate(case, world.people[role], FOUND, expected_revision=1)


def test_an_unfinished_investigation_may_be_saved_but_not_finished(world: World) -> None:
    case = reported(world)
    half = Investigation(what="Larmet var avstängt.", consequence=True)
    case = lex.investigate(case, world.people["sas"], half, expected_revision=1)
    assert case.state == "reported"
    with pytest.raises(ValidationError) as refused:
        lex.investigate(case, world.people["sas"], half, expected_revision=2, finished=True)
    assert set(refused.value.message_dict) == {"shortcoming", "consequence_text", "cause", "actions_text"}


def test_the_second_of_two_savers_is_told(world: World) -> None:
    case = reported(world)
    lex.investigate(case, world.people["sas"], FOUND, expected_revision=1)
    with pytest.raises(StaleRecordError) as stale:
        lex.investigate(case, world.people["sas"], Investigation("Annat."), expected_revision=1)
    assert stale.value.current.cause == FOUND.cause  # type: ignore[attr-defined]


def test_several_are_decided_together(world: World) -> None:
    cases = [investigated(world), investigated(world)]
    decision = decided(world, *cases)
    assert {case.decision_id for case in LexSarahCase.objects.all()} == {decision.pk}
    assert set(LexSarahCase.objects.values_list("state", flat=True)) == {"decided"}


def test_a_decision_needs_the_investigation_and_agrees_with_it(world: World) -> None:
    raw = reported(world)
    with pytest.raises(ValidationError, match="inte färdigutrett"):
        decided(world, raw)
    decided(world, raw, outcome="not_own")
    with pytest.raises(ValidationError, match="redan beslutat"):
        decided(world, raw, outcome="not_own")
    with pytest.raises(ValidationError, match="missförhållande"):
        decided(world, investigated(world), outcome="not_misconduct")


def test_decisions_have_a_motive_a_line_and_a_possible_day(world: World) -> None:
    case = investigated(world)
    with pytest.raises(ValidationError) as refused:
        lex.decide(
            [case], world.people["sas"], outcome="misconduct", motive="", line=" ", decided_on=date(2022, 6, 1),
            today=TODAY,
        )  # fmt: skip
    assert set(refused.value.message_dict) == {"motive", "line", "decided_on"}
    with pytest.raises(ValidationError, match="rapporterades efter"):
        decided(world, case, on=date(2022, 5, 1))
    with pytest.raises(NotAllowedError):
        lex.decide(
            [case],
            world.people["mas"],
            outcome="misconduct",
            motive="m",
            line="l",
            decided_on=TODAY,
            today=TODAY,
        )


def test_a_serious_case_goes_to_ivo_and_is_closed_when_ivo_has_answered(world: World) -> None:
    sas, case = world.people["sas"], investigated(world)
    decided(world, case, outcome="serious")
    steps: list[tuple[str, Callable[[], Any]]] = [
        ("först anmälas", lambda: lex.close(case, sas, TODAY, today=TODAY)),
        ("inte anmält", lambda: lex.answer_from_ivo(case, sas, "Avslutat.", TODAY, today=TODAY)),
        ("från beslutets dag", lambda: lex.notify_ivo(case, sas, date(2022, 5, 19), today=TODAY)),
    ]
    for words, deed in steps:
        with pytest.raises(ValidationError, match=words):
            deed()
    lex.notify_ivo(case, sas, date(2022, 5, 21), today=TODAY)
    with pytest.raises(ValidationError, match="inte svarat"):
        lex.close(case, sas, TODAY, today=TODAY)
    lex.answer_from_ivo(case, sas, "Rätt åtgärder. Avslutas.", date(2022, 5, 25), today=TODAY)
    closed = lex.close(case, sas, TODAY, today=TODAY)
    assert (closed.state, closed.closed_on) == ("closed", TODAY)
    with pytest.raises(ValidationError, match="bara en gång"):
        lex.close(case, sas, TODAY, today=TODAY)


def test_only_a_serious_decision_is_notified(world: World) -> None:
    case = investigated(world)
    decided(world, case)
    with pytest.raises(ValidationError, match="Bara ett allvarligt"):
        lex.notify_ivo(case, world.people["sas"], TODAY, today=TODAY)


def test_the_committee_hears_of_decisions_since_last_with_last_years_apart(world: World) -> None:
    old = investigated(world, "2021-11-05 08:00")
    new = investigated(world)
    decided(world, old, new, on=date(2022, 5, 3))
    decided(world, reported(world), outcome="not_own", on=date(2022, 5, 20))
    heard = lex.since_last(world.committee, date(2022, 5, 2), date(2022, 5, 31))
    assert [(row.outcome, row.case_count, row.carried_over) for row in heard] == [  # type: ignore[attr-defined]
        ("misconduct", 2, 1),
        ("not_own", 1, 0),
    ]
    assert not lex.since_last(world.committee, date(2022, 5, 20), date(2022, 5, 31))
    assert lex.reported_per_month(world.committee, date(2021, 10, 31), TODAY) == [
        (date(2021, 11, 1), 1),
        (date(2022, 5, 1), 2),
    ]


def test_two_decide_at_once_and_one_is_told(committed: None) -> None:
    world = build_cases()
    case = investigated(world)

    def one(outcome: str) -> str:
        try:
            decided(world, case, outcome=outcome)
        except ValidationError as error:
            return str(error)
        finally:
            connection.close()
        return "decided"

    with ThreadPoolExecutor(2) as pool:
        answers = sorted(pool.map(one, ["misconduct", "serious"]))
    assert answers[0] == "decided"
    assert "redan beslutat" in answers[1]


def test_seen_by_the_reporter_the_unit_and_the_sas_only(world: World) -> None:
    from roder import access

    case = reported(world, unit=world.unit)
    elsewhere = reported(world, unit=None)

    def seen(role: str) -> set[str]:
        someone: Person = world.people[role]
        return set(access.visible(someone, LexSarahCase.objects.all()).values_list("number", flat=True))

    assert seen("care_staff") == {case.number, elsewhere.number}  # reported both
    assert seen("unit_manager") == {case.number}
    assert seen("sas") == {case.number, elsewhere.number}
    for role in ("member", "licensed", "secretary", "provider", "controller"):
        assert seen(role) == set()
