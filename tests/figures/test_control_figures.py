"""Figures of risk and control: what they count, the same live and in a snapshot, and as the rules say."""

from __future__ import annotations

from datetime import date
from types import SimpleNamespace
from typing import Any

import pytest
from pydantic import TypeAdapter

from roder.control.models import Audit, ControlRound, Inspection
from roder.control.rules.scales import HANDLINGS, Scale, departure
from roder.control.services.factor_rows import grade_of
from roder.figures import At, LiveSource, SnapshotSource, compute, rows_behind, take_snapshot
from roder.figures.catalogue import counting
from roder.measures.proposals import years_of
from roder.steering.modelfile.followup import StatusScale
from roder.steering.modelfile.grading import GradingRule
from tests.figures.control_world import LEVELS, SCALE, Controls
from tests.figures.graded import GRADED
from tests.figures.world import World, empty_world

AUGUST = "2022-08"


@pytest.fixture
def made(db: None) -> Controls:
    """A world with a scale, an analysis and a plan of 2022."""
    return Controls(empty_world("kontroll-von", "9921"))


def values(made: Controls, name: str, code: str = AUGUST) -> dict[tuple[str, ...], Any]:
    """A figure's values by key, live."""
    occasion = made.world.occasions[code]
    with LiveSource(made.world.committee) as live:
        rows = compute(name, live, At.of(occasion)).rows
    return {tuple(row.key.values()): None if row.value is None else float(row.value) for row in rows}


def test_risks_are_counted_by_level_handling_and_movement(made: Controls) -> None:
    levels = made.make_scale(**LEVELS)
    made.risk(1, 4, 4, handling="immediate_action", category="Ekonomi", previous_value=12)
    made.risk(2, 3, 2, handling="control_point", previous_value=6)
    made.risk(3, 1, 1, handling="none", category="Ekonomi", previous_value=0)
    made.risk(4, scale=levels)
    made.risk(5, 2, 4, scale=levels)
    made.risk(6, state="retired", retired_reason="Borta", previous_value=9)
    made.risk(7, 1, 1, state="suggested")
    assert values(made, "risk.antal") == {
        ("hog",): 1, ("16",): 1, ("6–12",): 1, ("1–4",): 1, ("ej_bedomd",): 1, ("totalt",): 5,
    }  # fmt: skip
    assert values(made, "risk.per_hantering") == {
        ("immediate_action",): 1, ("control_point",): 1, ("none",): 1, ("ej_beslutad",): 2, ("totalt",): 5,
    }  # fmt: skip
    assert values(made, "risk.per_omrade") == {("Ekonomi",): 2, ("utan_omrade",): 3, ("totalt",): 5}
    assert values(made, "risk.rorelse") == {("upp",): 1, ("oforandrad",): 1, ("ny",): 2, ("totalt",): 4}
    assert values(made, "risk.medelvarde") == {(): pytest.approx((16 + 6 + 1 + 8) / 4)}
    assert values(made, "risk.utgangna") == {(): 1}
    assert values(made, "risk.i_plan") == {(): 1}
    assert values(made, "risk.varde")[("R-0006",)] == 0  # what the scale prints for a retired risk
    assert values(made, "risk.varde_foregaende_ar")[("R-0006",)] == 9
    assert values(made, "risk.vardeforandring")[("R-0001",)] == 4


def test_departures_are_those_of_the_rule(made: Controls) -> None:
    """Every score and handling, obligatory or not: the figure counts exactly what the rule calls a departure."""
    scale, expected = Scale.read(SCALE), 0
    number = 0
    for likelihood, impact in scale.cells():
        for handling in (*HANDLINGS, ""):
            number += 1
            obligatory = number % 2 == 0
            made.risk(number, likelihood, impact, handling=handling, obligatory=obligatory)
            expected += departure(scale, likelihood, impact, handling, obligatory=obligatory) is not None
    assert expected
    assert values(made, "risk.avsteg") == {("utan_skal",): expected, ("totalt",): expected}


def _plan(made: Controls) -> None:
    points = [made.point(str(number)) for number in range(1, 8)]
    for point, outcome in zip(points, ("without", "with", "without", "with", "moved"), strict=False):
        made.review(
            point,
            outcome,
            assumed=outcome == "with",
            assumed_reason="Källan tiger" if outcome == "with" else "",
        )
    made.control(
        points[6], state="handed_over", state_reason="Egenkontroll"
    )  # out: nothing was ever said of it


def test_points_are_counted_as_far_as_the_occasion(made: Controls) -> None:
    _plan(made)
    names = ("punkter", "uppfoljda", "utan_anmarkning", "med_anmarkning", "flyttade", "antagna")
    assert [values(made, f"kontroll.{name}")[()] for name in names] == [6, 4, 2, 2, 1, 2]
    assert [values(made, f"kontroll.{name}", "2022-05")[()] for name in names] == [6, 0, 0, 0, 0, 0]


def test_samples_give_frame_drawn_checked_and_deviating(made: Controls) -> None:
    control = made.control(made.point("7"))
    held = made.round(control, done=date(2022, 8, 1), checked=12, deviating=2)
    made.sample(held, 20, 10, 2, "Hemtjänst")
    made.sample(held, 9, 2, 0, "LSS")
    alone = made.round(made.control(made.point("8")), done=date(2022, 8, 1), checked=3)
    made.sample(alone, 10, 3, None)
    open_one = made.round(made.control(made.point("9")))
    made.sample(open_one, 5, 2, None)
    assert values(made, "kontroll.ram")[("7.1", "1-1")] == 20
    assert values(made, "kontroll.urval")[("7.1", "totalt")] == 12
    checked = values(made, "kontroll.granskade")
    assert checked == {("7.1", "1-1"): 10, ("7.1", "1-2"): 2, ("7.1", "totalt"): 12,
                       ("8.1", "1-1"): 3, ("8.1", "totalt"): 3}  # fmt: skip
    found = values(made, "kontroll.brister")
    assert found[("7.1", "1-1")] == 2 and found[("7.1", "totalt")] == 2
    assert found[("8.1", "1-1")] is None  # 3 were reviewed; how many deviated is not written
    assert values(made, "kontroll.bristandel")[("7.1", "1-1")] == 20
    with LiveSource(made.world.committee) as live:
        behind = rows_behind(
            "kontroll.brister", live, At.of(made.world.occasions[AUGUST]), {"moment": "7.1", "prov": "1-1"}
        )
    assert len(behind.rows) == 10


def test_measures_are_open_or_late(made: Controls) -> None:
    point = made.point("1")
    held = made.round(made.control(point))
    made.action(held, date(2022, 2, 1), date(2022, 6, 1))
    made.action(point, date(2022, 2, 1), date(2022, 6, 1), date(2022, 5, 1))
    made.action(point, date(2022, 2, 1), date(2022, 12, 1))
    assert values(made, "kontroll.atgarder_oppna") == {(): 2}
    assert values(made, "kontroll.atgarder_sena") == {(): 1}


def test_grades_are_those_of_the_register(made: Controls) -> None:
    made.factor_measure("r1", outcome="7.6", mean="8.4")
    made.factor_measure("r2", "malgrupp", outcome="5", mean="5.4")
    made.factor_measure("p1", outcome="11", target="10")
    made.factor_measure("p2", outcome="5", target="0")
    made.factor_measure("c1", outcome="3")
    made.factor_measure("x1", outcome="5", target="4", operator="<=")
    made.factor_measure("x2", outcome="5", text="över riket")
    made.factor_measure("x3")
    made.factor_measure("x4", target="3", times_a_year=2)
    expected: dict[tuple[str, ...], float] = {}
    model: Any = SimpleNamespace(
        grading_rules=TypeAdapter(list[GradingRule]).validate_python(GRADED["grading_rules"]),
        status_scales=TypeAdapter(list[StatusScale]).validate_python(GRADED["status_scales"]),
    )
    occasion = made.world.occasions[AUGUST]
    measures = made.world.committee.measures.filter(critical_factors__isnull=False)
    for entry in years_of(measures, 2022, until=occasion).values():
        code = (grade_of(entry, model).code,)
        expected[code] = expected.get(code, 0) + 1
    found = values(made, "kvf.per_gradering")
    assert found.pop((counting.TOTAL,)) == 9
    assert found == expected
    assert values(made, "kvf.antal") == {("ekonomi",): 8, ("malgrupp",): 1, ("totalt",): 9}
    assert values(made, "kvf.ganger_per_ar")[("x4",)] == 2


def test_recommendations_by_state_and_late(made: Controls) -> None:
    body = made.world.committee
    audit = Audit.objects.create(
        committee=body, year=2022, title="Grund", auditor="Revisorer", judgement="partly"
    )
    older = Audit.objects.create(committee=body, year=2020, title="Äldre", auditor="Revisorer")
    seen = Inspection.objects.create(committee=body, title="Tillsyn", decided_on=date(2022, 3, 1))
    made.recommendation(audit, 1)
    made.recommendation(audit, 2, "done")
    made.recommendation(audit, 3, "done", done_on=date(2022, 10, 1))  # after the cut-off: it was not done yet
    made.recommendation(older, 1, "accepted", due_on=date(2022, 12, 1))
    made.recommendation(older, 2, "done", done_on=date(2021, 3, 1))  # settled before the year
    made.recommendation(seen, 1, "accepted")
    assert values(made, "revision.rekommendationer") == {
        ("open",): 1, ("accepted",): 3, ("done",): 1, ("totalt",): 5,
    }  # fmt: skip
    assert values(made, "revision.sena") == {(): 2}
    assert values(made, "revision.granskningar") == {("partly",): 1, ("totalt",): 1}


def test_a_snapshot_says_the_same(made: Controls) -> None:
    _plan(made)
    made.risk(1, 3, 4, handling="assignment", previous_value=6)
    held = made.round(made.control(made.point("8")), done=date(2022, 8, 1))
    made.sample(held, 9, 4, 1)
    ControlRound.objects.filter(pk=held.pk).update(checked=4, deviating=1)
    made.factor_measure("r1", outcome="7.6", mean="8.4")
    occasion = made.world.occasions[AUGUST]
    at, snapshot = At.of(occasion), take_snapshot(occasion)
    with LiveSource(made.world.committee) as live, SnapshotSource.open(snapshot) as frozen:
        for name in (
            "risk.varde",
            "risk.avsteg",
            "kontroll.uppfoljda",
            "kontroll.bristandel",
            "kvf.per_gradering",
        ):
            one, other = compute(name, live, at), compute(name, frozen, at)
            assert one.rows and one.rows == other.rows, name


def test_nothing_gives_no_numbers(db: None) -> None:
    world: World = empty_world("tom-von", "9922")
    with LiveSource(world.committee) as live:
        for name in (
            "risk.antal",
            "kontroll.punkter",
            "kontroll.atgarder_oppna",
            "kvf.antal",
            "revision.sena",
        ):
            assert not compute(name, live, At.of(world.occasions[AUGUST])).rows, name
