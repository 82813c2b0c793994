"""A round opens: who is expected to report what, with what is known filled in; it can be run again."""

from __future__ import annotations

from roder.followup.models import Line, Sheet
from roder.followup.services.rounds import open_round
from tests.followup.world import START, Town


def sheets(town: Town, part: str = "goals") -> dict[str, Sheet]:
    rows = Sheet.objects.filter(part=part).select_related("unit", "above", "round__occasion", "committee")
    return {one.unit.code: one for one in rows}


def test_each_unit_has_a_sheet_and_each_department_a_summary(town: Town) -> None:
    opened = open_round(town.occasion, today=START)
    found = sheets(town)
    assert set(found) == {"11", "111", "112", "21", "211", "31"}  # neither the administration nor the external one
    assert opened.sheets == opened.tasks == 6
    assert {code: one.above.code for code, one in found.items() if one.above} == {
        "11": "1", "111": "11", "112": "11", "21": "1", "211": "21", "31": "1",
    }  # fmt: skip
    lines = Line.objects.filter(sheet=found["111"])
    assert [one.title for one in lines] == ["1 Fallolyckorna minskar", "2 Fler är nöjda", "3 Frånvaron minskar"]
    assert [one.heading for one in lines] == ["Nämndens mål", "Nämndens mål", "Arbetsmiljömål"]
