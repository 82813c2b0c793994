"""A round opens: who is expected to report what, with what is known filled in; it can be run again."""

from __future__ import annotations

from copy import deepcopy
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from roder import tasks
from roder.access import NotAllowedError
from roder.control.models import CriticalFactor, FactorMeasure
from roder.core.models import Link
from roder.followup.faults import RoundFault, SheetFault
from roder.followup.models import Line, Round, Sheet
from roder.followup.services.rounds import close_round, open_due, open_round
from roder.followup.services.shares import share, shareable, unshare
from roder.measures.models import Measure, MeasureValue, Target
from roder.organisation.models import Unit, UnitPlacement
from roder.steering.models import Activity, Assignment, Goal, Occasion
from roder.tasks.days import SWEDEN
from roder.tasks.models import Notice, State, Task
from tests.followup.world import LAST, SINCE, START, SUMMED, Town
from tests.followup.world import content as content_of_town

ALL = {"11", "111", "112", "21", "211", "31"}


def sheets(town: Town, part: str = "goals") -> dict[str, Sheet]:
    rows = Sheet.objects.filter(part=part).select_related("unit", "above", "round__occasion", "committee")
    return {one.unit.code: one for one in rows}


def measure(town: Town, code: str = "franvaro", **more: Any) -> Measure:
    made = Measure.objects.create(
        committee=town.committee, code=code, title=f"Mått {code}", unit="%", decimals=1, **more
    )
    Target.objects.create(measure=made, year=2022, operator="<=", value=Decimal("8"))
    return made


def value(made: Measure, year: int, number: str, unit: Unit | None = None) -> None:
    MeasureValue.objects.create(
        measure=made,
        period_start=date(year, 1, 1),
        period_end=date(year + 1, 1, 1),
        unit=unit,
        value=Decimal(number),
    )


# --- who -------------------------------------------------------------------------------------------------------------


def test_each_unit_has_a_sheet_and_each_department_a_summary(town: Town) -> None:
    opened = open_round(town.occasion, today=START)
    found = sheets(town)
    assert set(found) == ALL  # neither the administration nor the external one
    assert opened.sheets == opened.tasks == 6
    assert {code: one.above.code for code, one in found.items() if one.above} == {
        "11": "1", "111": "11", "112": "11", "21": "1", "211": "21", "31": "1",
    }  # fmt: skip
    lines = Line.objects.filter(sheet=found["111"])
    assert [one.title for one in lines] == [
        "1 Fallolyckorna minskar",
        "2 Fler är nöjda",
        "3 Frånvaron minskar",
    ]
    assert [one.heading for one in lines] == ["Nämndens mål", "Nämndens mål", "Arbetsmiljömål"]


def test_whose_task_it_is_and_when(town: Town) -> None:
    open_round(town.occasion, by=town.by("strateg"), today=START)
    by_unit = {task.unit.code: task for task in Task.objects.select_related("unit") if task.unit}
    unit, department, alone = by_unit["111"], by_unit["11"], by_unit["31"]
    assert (unit.kind, unit.role, unit.attest_role) == ("followup.report", "unit_manager", "head_department")
    assert unit.what == "Följ upp målen: Björken, Delårsbokslut 2022"
    assert (department.kind, department.role) == ("followup.summary", "head_department")
    assert department.what == "Sammanfatta målen: Äldreboende, Delårsbokslut 2022"
    assert {department.attest_role, alone.attest_role} == {"head_administration"}
    # The whole of the last day is good, in Swedish time: midnight when the next day begins.
    assert unit.due_at == datetime(2022, 8, 24, tzinfo=SWEDEN) and unit.whole_day
    assert department.due_at == datetime(2022, 8, 31, tzinfo=SWEDEN)
    assert list(tasks.open_for(town.by("u111"))) == [unit] and list(tasks.open_for(town.by("avd1"))) == [
        department
    ]


def test_a_time_of_day_and_the_change_of_clocks(town: Town) -> None:
    open_round(town.april, today=date(2022, 5, 2))
    assert {one.due_at for one in Task.objects.all()} == {datetime(2022, 5, 6, 12, tzinfo=SWEDEN)}
    assert set(sheets(town)) == {"111", "112", "211", "31"}  # no phase for departments: they have no sheet
    # A last day that is an hour longer, and one that is an hour shorter, end at Swedish midnight all the same.
    for day, hours in ((date(2022, 10, 30), 25), (date(2022, 3, 27), 23)):
        due = tasks.as_due(day)
        assert due is not None and due.whole_day and due.day == day
        start = datetime(day.year, day.month, day.day, tzinfo=SWEDEN)
        assert (due.at.timestamp() - start.timestamp()) / 3600 == hours


def test_goals_that_are_followed_up_at_the_years_end_only(town: Town) -> None:
    Goal.objects.filter(code="mal-2").update(followed=Goal.Followed.ANNUAL)
    open_round(town.occasion, today=START)
    assert Line.objects.filter(sheet=sheets(town)["111"]).count() == 2


def test_a_share_says_who_and_nobody_else(town: Town) -> None:
    by = town.by("strateg")
    assignment = Assignment.objects.create(
        committee=town.committee, code="u1", title="Korta kön", giver="KF", from_year=2022, to_year=2023
    )
    open_round(town.occasion, today=START)
    assert sheets(town, "assignments") == {}  # not shared: expected of nobody
    share(assignment, town.committee, by, unit=town.units["111"])
    share(town.goals[0], town.committee, by, unit=town.units["21"])
    opened = open_round(town.occasion, by=by, today=START)
    assert (
        set(sheets(town, "assignments")) == {"111", "11"} and opened.tasks == 2
    )  # and the department above it
    told = {
        one.sheet.unit.code for one in Line.objects.filter(subject_id=town.goals[0].pk, sheet__part="goals")
    }
    assert told == {"21", "211"}  # with what is under it; the untouched lines of the others are taken away
    again = open_round(town.occasion, by=by, today=START)
    assert (again.sheets, again.tasks, again.lines, again.told) == (0, 0, 0, 0)


def test_a_share_without_what_is_under(town: Town) -> None:
    share(town.goals[0], town.committee, None, unit=town.units["21"], with_below=False)
    open_round(town.occasion, today=START)
    assert {one.sheet.unit.code for one in Line.objects.filter(subject_id=town.goals[0].pk)} == {"21"}


def test_what_may_not_be_shared(town: Town) -> None:
    by = town.by("strateg")
    made = share(town.goals[0], town.committee, by)
    for wrong, said in (
        ({}, "redan delat till alla enheter"),
        ({"unit": town.units["91"]}, "extern utförare"),
        ({"unit": town.units["11"], "from_year": 2022, "to_year": 2021}, "Till år är före"),
    ):
        with pytest.raises(SheetFault, match=said):
            share(town.goals[0], town.committee, by, **wrong)
    with pytest.raises(SheetFault, match="Välj ett mål"):
        share(town.occasion, town.committee, by, from_year=2022, to_year=2022)
    with pytest.raises(NotAllowedError):
        share(town.goals[1], town.committee, town.by("u111"))
    [goals] = [one for one in shareable(town.committee, town.occasion) if one.part.code == "goals"]
    assert [len(shares) for _, shares in goals.subjects] == [1, 0, 0]
    unshare(made, by)
    share(town.goals[0], town.committee, by)


def test_activities_are_the_units_own(town: Town) -> None:
    Activity.objects.create(
        committee=town.committee, goal=town.goals[0], unit=town.units["112"], what="Genomlysning av fall", year=2022,
        quarter=3, progress=40,
    )  # fmt: skip
    open_round(town.occasion, today=START)
    found = sheets(town, "activities")
    assert set(found) == {"112", "11"}
    line = Line.objects.get(sheet=found["112"])
    assert (
        line.facts[0]["text"] == "Kvartal 3, genomfört till 40 %"
        and line.heading == "1 Fallolyckorna minskar"
    )


# --- filled in -------------------------------------------------------------------------------------------------------


def test_outcome_grade_and_trend_of_the_units_own(town: Town) -> None:
    made = measure(town)
    factor = CriticalFactor.objects.create(
        committee=town.committee, year=2022, perspective="ekonomi", title="Friska medarbetare"
    )
    FactorMeasure.objects.create(factor=factor, measure=made)
    value(made, 2021, "8.8")
    value(made, 2022, "7.5")
    for year, number in ((2020, "9"), (2021, "8.1"), (2022, "8.6")):
        value(made, year, number, town.units["111"])
    open_round(town.occasion, today=START)
    found = sheets(town, "factors")
    own, whole = (Line.objects.get(sheet=found[code]) for code in ("111", "112"))
    [fact] = own.facts
    assert fact["own"] and (fact["outcome"], fact["previous"], fact["year"], fact["trend"]) == (
        "8.6",
        "8.1",
        2022,
        "up",
    )
    assert (own.proposed_status, fact["proposed"], fact["tone"]) == ("nara", "Nära målvärde", "near")
    assert fact["target"].startswith("högst 8,0") and fact["gid"] == made.gid
    [fact] = whole.facts
    assert (
        not fact["own"]
        and (fact["outcome"], fact["trend"]) == ("7.5", "down")
        and whole.proposed_status == "utan"
    )


def test_a_goals_measures_are_shown_but_units_do_not_grade_goals(town: Town) -> None:
    made = measure(town)
    Link.objects.create(
        source_kind="steering.goal", source_id=town.goals[2].pk, target_kind="measures.measure", target_id=made.pk,
        kind=Link.Kind.MEASURED_BY,
    )  # fmt: skip
    open_round(town.occasion, today=START)
    line = Line.objects.get(sheet=sheets(town)["111"], subject_id=town.goals[2].pk)
    assert line.facts[0]["outcome"] is None and line.facts[0]["reason"] == "Utfall saknas."
    assert line.proposed_status == ""


def test_what_was_said_last_stands_beside(town: Town) -> None:
    open_round(town.april, today=date(2022, 5, 2))
    Line.objects.filter(sheet__unit=town.units["111"], subject_id=town.goals[0].pk).update(
        comment="Golven är torra."
    )
    open_round(town.occasion, today=START)
    line = Line.objects.get(
        sheet__round__occasion=town.occasion, sheet__unit=town.units["111"], subject_id=town.goals[0].pk
    )
    assert (line.last_comment, line.last_said) == ("Golven är torra.", "Fördjupad uppföljning april 2022")


# --- again, and at night ---------------------------------------------------------------------------------------------


def test_what_is_written_stays_and_what_is_new_comes(town: Town) -> None:
    open_round(town.occasion, today=START)
    sheet = sheets(town)["111"]
    line = Line.objects.filter(sheet=sheet).first()
    assert line is not None
    line.save_over(1, comment="Skrivet.")
    for goal in town.goals:
        share(goal, town.committee, None, unit=town.units["31"])
    opened = open_round(town.occasion, today=START)
    assert opened.removed and Line.objects.filter(sheet=sheet).get() == line
    assert set(sheets(town)) == {"111", "31"}  # what nobody had begun is gone
    assert set(Task.objects.filter(state=State.OPEN).values_list("unit__code", flat=True)) == {"111", "31"}


def test_more_to_answer_gives_a_ready_sheet_back_and_leaves_an_approved_one(town: Town) -> None:
    open_round(town.occasion, today=START)
    found = sheets(town)
    Task.objects.filter(subject_id=found["111"].pk).update(
        state=State.READY, ready_at=datetime(2022, 8, 15, tzinfo=SWEDEN)
    )
    Task.objects.filter(subject_id=found["112"].pk).update(
        state=State.DONE, closed_at=datetime(2022, 8, 15, tzinfo=SWEDEN)
    )
    Goal.objects.create(
        municipality=town.committee.municipality, committee=town.committee, level="committee", code="ny", number="4",
        title="Nytt mål", from_year=2022, to_year=2022, position=9,
    )  # fmt: skip
    opened = open_round(town.occasion, today=START)
    assert opened.left == 1 and opened.tasks == 0
    assert (
        Line.objects.filter(sheet=found["111"]).count() == 4
        and Line.objects.filter(sheet=found["112"]).count() == 3
    )
    assert Task.objects.get(subject_id=found["111"].pk).state == State.RETURNED


def test_the_morning_it_begins_and_not_before(town: Town) -> None:
    assert open_due(date(2022, 8, 11)) == []
    [opened] = open_due(START)
    assert opened.round.occasion == town.occasion and opened.tasks == 6
    [again] = open_due(LAST)
    assert again.tasks == 0
    close_round(opened.round, town.by("strateg"))
    assert open_due(LAST) == [] and open_due(date(2022, 9, 1)) == []


def test_what_cannot_be_opened(town: Town) -> None:
    with pytest.raises(RoundFault, match="ingenting att följa upp"):
        open_round(Occasion.objects.get(code="2022-05"))
    with pytest.raises(NotAllowedError):
        open_round(town.occasion, by=town.by("u111"))
    opened = open_round(town.occasion, today=START)
    close_round(opened.round)
    with pytest.raises(RoundFault, match="är stängd"):
        open_round(town.occasion)


def test_a_new_version_of_the_model_moves_the_last_day(town: Town) -> None:
    open_round(town.occasion, today=START)
    content = deepcopy(content_of_town())
    interim = next(one for one in content["occasions"] if one["code"] == "2022-08")
    next(one for one in interim["phases"] if one["code"] == "enheter")["end"] = "2022-08-22"
    newer = type(town.model).objects.create(
        committee=town.committee, year=2022, version=2, content=content, source="", sha256="2" * 64
    )
    Occasion.objects.update(model=newer)
    open_round(Occasion.objects.get(pk=town.occasion.pk), today=START)
    days = set(Task.objects.filter(role="unit_manager").values_list("due_at", flat=True))
    assert days == {datetime(2022, 8, 23, tzinfo=SWEDEN)}


# --- told ------------------------------------------------------------------------------------------------------------


def test_one_notice_a_person_and_round(town: Town) -> None:
    CriticalFactor.objects.create(committee=town.committee, year=2022, perspective="ekonomi", title="Friska")
    opened = open_round(town.occasion, today=START)
    told = {one.recipient.name: one.title for one in Notice.objects.select_related("recipient")}
    assert opened.told == len(told) == 6
    assert told["U111"] == "Delårsbokslut 2022: 2 uppgifter, klart senast 23 augusti"
    assert told["Avd1"] == "Delårsbokslut 2022: 2 uppgifter, klart senast 30 augusti"


def test_where_nobody_has_the_post_the_next_in_line_is_told(town: Town) -> None:
    town.people["u111"].mandates.all().delete()
    open_round(town.occasion, today=START)
    notice = Notice.objects.get(recipient=town.people["avd1"])
    assert notice.title == "Delårsbokslut 2022: 2 uppgifter, klart senast 30 augusti"
    assert "1 av dem är för enheter där ingen har chefsuppdraget" in notice.body


def test_the_number_of_queries_does_not_grow(town: Town) -> None:
    def queries() -> int:
        with CaptureQueriesContext(connection) as asked:
            open_round(town.occasion, today=START)
        return len(asked)

    open_round(town.occasion, today=START)
    Round.objects.all().delete()
    Task.objects.all().delete()
    few = queries()
    Round.objects.all().delete()
    Task.objects.all().delete()
    Notice.objects.all().delete()
    for number in range(20):
        unit = Unit.objects.create(
            committee=town.committee, code=f"x{number}", name=f"Enhet {number}", kind="unit"
        )
        UnitPlacement.objects.create(unit=unit, parent=town.units["11"], valid=SINCE)
    assert queries() <= few
    assert Sheet.objects.count() == 26 and SUMMED > LAST
