"""The flow of a deviation: no way to closed round its guards, and the clock at night and over weekends."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import combinations_with_replacement
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from roder.quality.rules import deviations as rules
from roder.quality.rules.deviations import ActionState, Case, Clock, Code

HERE = ZoneInfo("Europe/Stockholm")
START = datetime(2022, 3, 1, tzinfo=UTC)
ROLES = ("unit_manager", "licensed", "mas", "sas", "care_staff", "head_department", "member")
cases = st.builds(
    Case, law=st.sampled_from(["sol", "lss", "hsl"]), clinical=st.booleans(), serious=st.booleans()
)
deeds = st.lists(
    st.one_of(
        st.tuples(st.just("step"), st.sampled_from([code.value for code in Code]), st.sampled_from(ROLES)),
        st.tuples(st.just("act"), st.sampled_from(["unit", "profession"]), st.just("")),
        st.tuples(st.just("effect"), st.sampled_from(["yes", "partly", "no", "not_done"]), st.integers(0, 3)),
        st.tuples(st.just("serious"), st.booleans(), st.sampled_from(ROLES)),
        st.tuples(st.just("close"), st.just(""), st.just("")),
        st.tuples(st.just("reopen"), st.just(""), st.just("")),
    ),
    max_size=40,
)


def apply(case: Case, deed: tuple[str, object, object], clock: int) -> Case:
    """A deed as the services do it: refused by the rules it changes nothing."""
    kind, what, extra = deed
    now = START + timedelta(hours=clock)
    if kind == "step" and not rules.refusal(str(what), case, {str(extra)}):
        return rules.with_done(case, str(what))
    if kind == "act" and case.open:
        group = str(what)
        undone = {code for code, of in rules.FOLLOWS.items() if of == group}
        return replace(case, actions=(*case.actions, ActionState(group, now)), done=case.done - undone)
    if kind == "effect" and case.open and isinstance(extra, int) and extra < len(case.actions):
        one = case.actions[extra]
        if not one.effect:
            stated = replace(one, effect=str(what), stated_at=now)
            return replace(case, actions=(*case.actions[:extra], stated, *case.actions[extra + 1 :]))
    if kind == "serious" and case.open and rules.may_lower({str(extra)}, case.serious, bool(what)):
        return replace(case, serious=bool(what))
    if kind == "close" and not rules.obstacles(case):
        return replace(case, closed=True)
    if kind == "reopen" and case.closed:
        return replace(case, closed=False, done=case.done - rules.undone_by_reopening())
    return case


@given(cases, deeds)
def test_no_way_to_closed_round_the_guards(case: Case, run: list[tuple[str, object, object]]) -> None:
    for clock, deed in enumerate(run):
        case = apply(case, deed, clock)
        if not case.closed:
            continue
        assert not case.serious or Code.DECISION in case.done
        assert all(rule.code in case.done for rule in rules.steps(case) if not rule.optional)
        for group in ("unit", "profession"):
            own = [one for one in case.actions if one.group == group]
            assert all(one.effect for one in own)
            assert not own or not all(one.failed for one in own)
            assert not own or not max(own, key=lambda one: one.added_at).failed


@given(cases)
def test_every_case_can_be_finished(case: Case) -> None:
    """The machine has no dead end: who may do what is ready always leads to closed."""
    for _ in range(len(Code)):
        for rule in rules.ready(case):
            assert rules.refusal(rule.code, case, rules.doers(rule.code, case)) == ""
            case = rules.with_done(case, rule.code)
    assert rules.obstacles(case) == []
    assert rules.state(case) == "followed_up"


@given(
    cases,
    st.sampled_from(["reported", "classified", "investigated", "decided", "followed_up"]),
    st.booleans(),
)
def test_a_case_from_another_system_is_where_it_was(case: Case, said: str, dated: bool) -> None:
    done = rules.implied(case, said, classified=dated)
    now = replace(case, done=case.done | done)
    if said != "reported":
        assert rules.state(now) == said or (said == "decided" and not case.serious)
    assert (Code.CLASSIFICATION in done) == (dated or said != "reported")
    while ready := [one for one in rules.ready(now) if one.code not in now.done]:
        now = rules.with_done(now, ready[0].code)
    assert rules.obstacles(now) == [], "and can be finished from there"


@pytest.mark.parametrize("held", list(combinations_with_replacement(ROLES, 2)))
@pytest.mark.parametrize(
    "case", [Case(law="hsl", clinical=True), Case(law="hsl", clinical=True, serious=True), Case()]
)
def test_nobody_is_hindered_by_holding_two_roles(held: tuple[str, str], case: Case) -> None:
    """Whoever may classify for the unit and for the profession gets to both, one after the other."""
    both = {Code.CLASSIFICATION, Code.PROFESSION_CLASSIFICATION}
    own = {rule.code for rule in rules.steps(case) if rule.code in both and set(held) & set(rule.by)}
    case = rules.with_done(case, Code.ASSESSMENT) if case.clinical else case
    for _ in both:
        code = rules.classifies(held, case)
        if code is not None and not rules.refusal(code, case, held):
            case = rules.with_done(case, code)
    assert both & case.done == own


@given(cases, st.sampled_from(list(Code)), st.sampled_from(ROLES))
def test_only_those_who_do_a_step_do_it(case: Case, code: Code, role: str) -> None:
    if not rules.refusal(code, case, {role}):
        assert role in rules.doers(code, case)
        assert rules.RULES[code] in rules.steps(case)
    assert rules.refusal(code, case, {"care_staff", "member"})


def test_law_decides_who_decides() -> None:
    assert rules.doers(Code.DECISION, Case(law="hsl")) == ("mas",)
    assert rules.doers(Code.DECISION, Case(law="lss")) == ("sas",)
    assert rules.law_of([False, True], "lss") == "hsl"
    assert rules.law_of([False], "LSS") == "lss"
    assert rules.law_of([], "") == "sol"


def test_only_sas_and_mas_make_a_serious_case_less() -> None:
    assert not rules.may_lower({"unit_manager", "licensed"}, True, False)
    assert rules.may_lower({"unit_manager", "sas"}, True, False)
    assert rules.may_lower({"unit_manager"}, False, True)


def test_merging_is_no_way_round_the_decision() -> None:
    case = Case(serious=True)
    assert "allvarlig" in rules.merge_obstacle(case, Case())
    assert rules.merge_obstacle(case, Case(serious=True)) == ""
    assert rules.merge_obstacle(rules.with_done(case, Code.DECISION), Case()) == ""
    assert rules.merge_obstacle(Case(actions=(ActionState("unit", START),)), Case())
    assert rules.merge_obstacle(Case(), Case(closed=True))


def test_dropped_actions_are_left_aside() -> None:
    assert rules.unsettled([ActionState("unit", START, dropped=True)]) == []
    assert rules.unsettled([ActionState("unit", START, "not_done", START)]) != []


def _due(code: str, at: datetime, **stated: tuple[int, str]) -> datetime:
    found = rules.due(code, Clock(at, at, stated))
    assert found is not None
    return found.at.astimezone(HERE)


@pytest.mark.parametrize(
    ("code", "at", "due"),
    [
        ("assessment", datetime(2022, 11, 22, 21, 40), datetime(2022, 11, 22, 23, 40)),
        ("assessment", datetime(2022, 12, 24, 23, 0), datetime(2022, 12, 25, 1, 0)),
        ("assessment", datetime(2022, 3, 27, 1, 0), datetime(2022, 3, 27, 4, 0)),  # summer time begins
        ("assessment", datetime(2022, 10, 30, 1, 30), datetime(2022, 10, 30, 2, 30, fold=1)),  # and ends
        ("facts", datetime(2022, 11, 22, 21, 40), datetime(2022, 11, 23, 21, 40)),
        ("facts", datetime(2022, 11, 25, 21, 40), datetime(2022, 11, 29, 0, 0)),  # Friday night: Monday
        (
            "facts",
            datetime(2022, 4, 14, 8, 0),
            datetime(2022, 4, 20, 0, 0),
        ),  # Maundy Thursday: Tuesday after Easter
        ("investigation", datetime(2022, 11, 22, 21, 40), datetime(2022, 11, 25, 21, 40)),
    ],
)
def test_the_clock(code: str, at: datetime, due: datetime) -> None:
    expected = due.replace(tzinfo=HERE).astimezone(UTC)
    assert _due(code, at.replace(tzinfo=HERE)).astimezone(UTC) == expected


def test_the_steering_models_deadline_goes_first() -> None:
    at = datetime(2022, 11, 22, 12, 0, tzinfo=HERE)
    assert _due("investigation", at, avvikelse_utredning=(24, "hours")) == at + timedelta(hours=24)
    assert rules.due("review", Clock(at, at)) is None


def test_the_times_of_a_report() -> None:
    now = datetime(2022, 11, 22, 21, 40, tzinfo=HERE)
    hour = timedelta(hours=1)
    assert rules.faults_of_times(now - hour, now, now) == {}
    assert rules.faults_of_times(now - hour, None, now) == {}
    assert set(rules.faults_of_times(None, None, now)) == {"occurred_at"}
    assert "framåt" in rules.faults_of_times(now + hour, None, now)["occurred_at"]
    assert "10 år" in rules.faults_of_times(now.replace(year=1982), None, now)["occurred_at"]
    assert "innan den hände" in rules.faults_of_times(now - hour, now - 2 * hour, now)["discovered_at"]
    assert set(rules.faults_of_times(now - hour, now + hour, now)) == {"discovered_at"}
