"""The reports of the year: the wheel with its picture, and the plans, in all four formats."""

from __future__ import annotations

from datetime import date

import pytest

from roder.followup.rules.wheel import stops
from roder.followup.services import plans
from roder.reports import services
from roder.reports.document import Chart, Document, Table, cell_text
from roder.reports.facts_year import YearFacts
from roder.reports.gather_year import gather_year
from roder.reports.kinds.arshjul import AnnualWheelReport
from roder.reports.kinds.handlingsplaner import ActionPlansReport
from roder.reports.render import docx, html, pdf, xlsx
from roder.reports.year_parts import wheel_table
from roder.steering.loading import load_model
from roder.steering.models import Goal, Occasion
from tests.followup.year.test_wheel import year_text
from tests.web.world import World

PLAN = """\
  - code: 2022-plan
    kind: plan
    name: Budget 2022
    cut_off: 2021-12-31
    decided_by: VON
    receives: [KS]
"""


def draft(world: World, code: str, kind: str) -> Document:
    occasion = Occasion.objects.select_related("committee__municipality", "model").get(code=code)
    with services.written(services.open_draft(occasion, kind, None)) as assembly:
        return assembly.document


@pytest.fixture
def planned(world: World) -> World:
    load_model(world.committee, year_text().replace("occasions:\n", f"occasions:\n{PLAN}"))
    return world


def test_the_wheel_is_a_picture_and_a_list_with_the_same_numbers(planned: World) -> None:
    document = draft(planned, "2022-plan", "arshjul")
    assert document.title == "Årshjul 2022/2023"
    [chart] = [block for block in document.blocks if isinstance(block, Chart)]
    [listed] = [block for block in document.blocks if isinstance(block, Table) and block.anchor == "arshjul"]
    drawn = {
        value["t"]
        for layer in chart.spec["layer"]
        if layer["mark"]["type"] == "text"
        for value in layer["data"]["values"]
        if value["t"].isdigit() and len(value["t"]) < 4
    }
    told = {cell_text(row.cells["nr"]) for row in listed.rows if row.kind == "normal"}
    assert drawn == told and "1" in told
    words = [cell_text(row.cells.get("vad")) for row in listed.rows]
    assert "Delårsbokslut: Enhetschefernas uppföljning" in words and "Egenkontroll" not in "".join(words)
    assert "uppföljning 4" in chart.description


def test_both_in_four_formats(planned: World) -> None:
    manager = planned.people["unit_manager"]
    goal = Goal.objects.filter(committee=planned.committee).first()
    assert goal is not None
    made = plans.add_activity(
        planned.unit, 2022, manager, goal=goal, what="Fallrond varje vecka", why="Färre fall"
    )
    plans.follow_up(made, manager, 1, progress=100, done_on=date(2022, 5, 1))
    document = draft(planned, "2022-08", "handlingsplaner")
    assert document.title == "Handlingsplaner, delårsbokslut"
    for one in (document, draft(planned, "2022-plan", "arshjul")):
        assert pdf.render(one)[:5] == b"%PDF-"
        assert docx.render(one)[:2] == xlsx.render(one)[:2] == b"PK"
        assert one.title in html.render(one)
    text = html.render(document)
    assert "Fallrond varje vecka" in text and "Klar" in text and "Färre fall" in text


def test_a_plan_is_told_without_what_is_yet_to_be_followed_up(planned: World) -> None:
    goal = Goal.objects.filter(committee=planned.committee).first()
    assert goal is not None
    plans.add_activity(
        planned.unit, 2022, planned.people["unit_manager"], goal=goal, what="Ny meny", quarter=1
    )
    document = draft(planned, "2022-plan", "handlingsplaner")
    table = next(
        block for block in document.blocks if isinstance(block, Table) and block.anchor == "plan-111"
    )
    assert [column.key for column in table.columns] == ["vad", "nar"]


def test_no_report_where_there_is_nothing_to_say(planned: World) -> None:
    occasion = Occasion.objects.select_related("committee").get(code="2022-plan")
    facts = gather_year(occasion)
    assert AnnualWheelReport.has_year(facts) and not ActionPlansReport.has_year(facts)
    assert not AnnualWheelReport.has_year(YearFacts()) and not AnnualWheelReport.has_year(None)


def test_an_empty_wheel_makes_an_empty_table() -> None:
    assert stops([]) == []
    assert wheel_table([], 2022).rows == ()
