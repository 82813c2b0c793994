"""A sheet from hand to hand: filled in, marked ready, given back, completed by a deputy, approved, opened again."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db.backends.postgresql.psycopg_any import DateRange
from django.utils import timezone

from roder import tasks
from roder.access import NotAllowedError
from roder.control.models import CriticalFactor, FactorMeasure
from roder.core.models import StaleRecordError
from roder.followup.faults import MissingFault, SheetFault
from roder.followup.models import Line, Sheet
from roder.followup.rules.states import Progress
from roder.followup.services import sheets
from roder.followup.services.overview import overview, side_by_side, summaries_for
from roder.followup.services.rounds import close_for, close_round, open_round
from roder.followup.services.telling import remind
from roder.organisation.models import Deputy
from roder.tasks.days import SWEDEN
from roder.tasks.models import Notice, State, Task
from tests.followup.test_rounds import measure, value
from tests.followup.world import START, Town


@pytest.fixture
def opened(town: Town) -> Town:
    open_round(town.occasion, by=town.by("strateg"), today=START)
    Notice.objects.all().delete()
    return town


def sheet_of(town: Town, code: str, part: str = "goals") -> Sheet:
    rows = Sheet.objects.select_related("unit", "above", "round__occasion", "committee")
    return rows.get(unit=town.units[code], part=part)


def fill(town: Town, code: str, name: str, part: str = "goals", text: str = "Vi tränar balans.") -> Sheet:
    """Comment on every line as a person."""
    for line in Line.objects.filter(sheet=sheet_of(town, code, part)):
        sheets.save_line(line, town.by(name), expected_revision=line.revision, comment=text)
    return sheet_of(town, code, part)


def deputy(town: Town, away: str, name: str) -> None:
    today = timezone.localdate()
    Deputy.objects.create(
        person=town.people[away],
        stand_in=town.people[name],
        valid=DateRange(today, today + timedelta(days=7)),
    )


# --- written ---------------------------------------------------------------------------------------------------------


def test_all_the_way(opened: Town) -> None:
    sheet = fill(opened, "111", "u111")
    assert sheets.progress(sheet) is Progress.WRITING
    sheets.mark_ready(sheet, opened.by("u111"))
    notice = Notice.objects.get(recipient=opened.people["avd1"])
    assert notice.title == "Att godkänna: Delårsbokslut 2022, Björken: 1 blad"
    assert list(sheets.to_attest_for(opened.by("avd1"))) == [sheet]
    sheets.return_sheet(sheet, opened.by("avd1"), "Skriv vilken effekt det fick.")
    assert sheets.progress(sheet) is Progress.RETURNED
    assert Notice.objects.filter(recipient=opened.people["u111"], title__startswith="Återlämnad").exists()
    deputy(opened, "u111", "u112")
    assert sheet in sheets.sheets_for(opened.by("u112"))
    fill(opened, "111", "u112", text="Färre föll i juli.")
    sheets.mark_ready(sheet, opened.by("u112"))
    task = sheets.attest(sheet, opened.by("avd1"))
    assert task.state == State.DONE and sheets.progress(sheet) is Progress.ATTESTED
    sheets.reopen(sheet, opened.by("avd1"), "Siffran för juli är rättad.")
    assert sheets.progress(sheet) is Progress.RETURNED and sheet in sheets.sheets_for(opened.by("u111"))


def test_what_is_missing_is_told_one_by_one(opened: Town) -> None:
    sheet = sheet_of(opened, "111")
    with pytest.raises(MissingFault) as fault:
        sheets.mark_ready(sheet, opened.by("u111"))
    assert fault.value.missing == [
        "Skriv en kommentar till ”1 Fallolyckorna minskar”.",
        "Skriv en kommentar till ”2 Fler är nöjda”.",
        "Skriv en kommentar till ”3 Frånvaron minskar”.",
    ]
    for line in sheet.lines.all():
        sheets.save_line(line, opened.by("u111"), expected_revision=1, skipped=True)
    with pytest.raises(MissingFault, match="Skriv varför i sammanfattningen"):
        sheets.mark_ready(sheet, opened.by("u111"))
    sheets.save_summary(sheet, opened.by("u111"), "Enheten öppnar i höst.", sheet.revision)
    sheets.mark_ready(sheet, opened.by("u111"))


def test_ticking_off_in_the_list_asks_the_same(opened: Town) -> None:
    task = sheets.task_of(sheet_of(opened, "111"))
    assert task is not None
    with pytest.raises(MissingFault):
        tasks.mark_ready(task, opened.by("u111"))


def test_a_summary_needs_a_text_and_not_every_comment(opened: Town) -> None:
    sheet = sheet_of(opened, "11")
    by = opened.by("avd1")
    with pytest.raises(MissingFault, match="Skriv en sammanfattning"):
        sheets.mark_ready(sheet, by)
    sheets.save_summary(sheet, by, "Avdelningen är på väg.", sheet.revision)
    sheets.mark_ready(sheet, by)
    assert sheets.attest(sheet, opened.by("forvaltning")).state == State.DONE


@pytest.fixture
def graded(town: Town) -> Town:
    """With a factor whose outcome is near its target."""
    factor = CriticalFactor.objects.create(
        committee=town.committee, year=2022, perspective="ekonomi", title="Friska"
    )
    made = measure(town)
    value(made, 2022, "8.6", town.units["111"])
    FactorMeasure.objects.create(factor=factor, measure=made)
    open_round(town.occasion, today=START)
    return town


def test_departing_from_the_proposal_says_why(graded: Town) -> None:
    by, sheet = graded.by("u111"), sheet_of(graded, "111", "factors")
    line = sheet.lines.get()
    assert line.proposed_status == "nara"
    with pytest.raises(SheetFault) as fault:
        sheets.save_line(line, by, expected_revision=1, comment="x", status="utan")
    assert set(fault.value.message_dict) == {"override_reason"}
    with pytest.raises(SheetFault, match="finns inte på skalan"):
        sheets.save_line(line, by, expected_revision=1, comment="x", status="helt")
    sheets.save_line(
        line, by, expected_revision=1, comment="x", status="utan", override_reason="Frånvaron är planerad."
    )
    line.refresh_from_db()
    sheets.save_line(line, by, expected_revision=2, comment="x", status="nara", override_reason="Glömt kvar.")
    line.refresh_from_db()
    assert line.override_reason == ""
    sheets.save_line(line, by, expected_revision=3, comment="x")
    with pytest.raises(MissingFault, match="Välj en bedömning av ”Friska”"):
        sheets.mark_ready(sheet, by)


def test_two_who_write_the_same_line(opened: Town) -> None:
    line = sheet_of(opened, "111").lines.first()
    assert line is not None
    again = Line.objects.get(pk=line.pk)
    sheets.save_line(line, opened.by("u111"), expected_revision=1, comment="Den ena")
    with pytest.raises(StaleRecordError) as stale:
        sheets.save_line(again, opened.by("u111"), expected_revision=1, comment="Den andra")
    assert isinstance(stale.value.current, Line) and stale.value.current.comment == "Den ena"
    with pytest.raises(ValidationError, match="personnummer"):
        sheets.save_line(
            stale.value.current, opened.by("u111"), expected_revision=2, comment="19121212-1212 föll"
        )


# --- by whom ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["u112", "avd1", "strateg", "forvaltning", "ledamot"])
def test_only_whose_turn_it_is_writes(opened: Town, name: str) -> None:
    line = sheet_of(opened, "111").lines.first()
    assert line is not None
    with pytest.raises(NotAllowedError):
        sheets.save_line(line, opened.by(name), expected_revision=1, comment="Inte mitt")
    with pytest.raises(NotAllowedError):
        sheets.mark_ready(sheet_of(opened, "111"), opened.by(name))


def test_what_is_ready_is_not_written_in(opened: Town) -> None:
    sheet = fill(opened, "111", "u111")
    sheets.mark_ready(sheet, opened.by("u111"))
    line = sheet.lines.all()[0]
    with pytest.raises(SheetFault, match="klarmarkerad"):
        sheets.save_line(line, opened.by("u111"), expected_revision=line.revision, comment="Mer")


def test_nobody_approves_their_own_nor_what_they_wrote_as_a_deputy(opened: Town) -> None:
    deputy(opened, "u111", "avd1")
    sheet = fill(opened, "111", "avd1")
    fill(opened, "111", "u111")  # the holder of the post writes over all of it, and marks it ready
    sheets.mark_ready(sheet, opened.by("u111"))
    assert not sheets.rights(sheet_of(opened, "111"), opened.by("avd1")).attest
    with pytest.raises(NotAllowedError, match="själv skrivit"):
        sheets.attest(sheet, opened.by("avd1"))
    for name in ("avd2", "u111", "strateg"):
        with pytest.raises(NotAllowedError):
            sheets.attest(sheet, opened.by(name))
    opened.person("avd1b", "head_department", "11")
    assert sheets.attest(sheet, opened.by("avd1b")).state == State.DONE


def test_the_deputy_of_both_does_not_approve_what_they_marked_ready(opened: Town) -> None:
    sheet = fill(opened, "111", "u111")
    deputy(opened, "u111", "u112")
    deputy(opened, "avd1", "u112")
    sheets.mark_ready(sheet, opened.by("u112"))
    with pytest.raises(NotAllowedError, match="sin egen"):
        sheets.attest(sheet, opened.by("u112"))


def test_opened_again_only_by_whoever_approved_with_a_reason(opened: Town) -> None:
    sheet = fill(opened, "111", "u111")
    opened.person("avd1b", "head_department", "11")
    for state in ("open", "ready"):
        with pytest.raises(ValidationError, match="Bara en godkänd"):
            sheets.reopen(sheet, opened.by("avd1"), "Fel siffra.")
        if state == "open":
            sheets.mark_ready(sheet, opened.by("u111"))
    sheets.attest(sheet, opened.by("avd1"))
    for name in ("avd1b", "u111", "strateg"):
        assert not sheets.rights(sheet, opened.by(name)).reopen
        with pytest.raises(NotAllowedError, match="Bara den som godkände"):
            sheets.reopen(sheet, opened.by(name), "Fel siffra.")
    with pytest.raises(ValidationError, match="Skriv varför"):
        sheets.reopen(sheet, opened.by("avd1"), " ")
    assert sheets.rights(sheet, opened.by("avd1")).reopen
    sheets.reopen(sheet, opened.by("avd1"), "Fel siffra.")
    task = sheets.task_of(sheet)
    assert task is not None and (task.state, task.closed_at, task.ready_by, task.note) == (
        State.RETURNED, None, None, "Fel siffra.",
    )  # fmt: skip
    with pytest.raises(ValidationError, match="Skriv vad som saknas"):
        sheets.return_sheet(sheet, opened.by("avd1"), "")


def test_a_locked_report_includes_what_is_approved(opened: Town) -> None:
    for code, name in (("111", "u111"), ("112", "u112")):
        sheets.mark_ready(fill(opened, code, name), opened.by(name))
    sheets.attest(sheet_of(opened, "111"), opened.by("avd1"))
    made = close_for(opened.occasion, opened.by("strateg"))
    assert made is not None and made.closed_at and close_round(made).revision == made.revision
    states = {code: sheets.progress(sheet_of(opened, code)) for code in ("111", "112", "31")}
    assert states == {"111": Progress.INCLUDED, "112": Progress.LEFT, "31": Progress.LEFT}
    assert not tasks.open_for(opened.by("u31")).exists()
    with pytest.raises(SheetFault, match="stängd"):
        sheets.reopen(sheet_of(opened, "111"), opened.by("avd1"), "För sent.")
    assert close_for(opened.april, None) is None


# --- seen from above -------------------------------------------------------------------------------------------------


def test_who_is_late_and_how_far_the_others_have_come(
    opened: Town, django_assert_max_num_queries: Callable
) -> None:
    deputy(opened, "u112", "u111")
    sheets.mark_ready(fill(opened, "112", "u111"), opened.by("u111"))
    made = sheet_of(opened, "111").round
    before = overview(made, opened.by("forvaltning"), now=datetime(2022, 8, 23, 23, 59, tzinfo=SWEDEN))
    assert before.late == [] and [one.name for one in before.departments] == [
        "Äldreboende", "Hemtjänst", "Direkt under förvaltningen",
    ]  # fmt: skip
    shown = overview(made, opened.by("forvaltning"), now=datetime(2022, 8, 24, tzinfo=SWEDEN))
    assert [row.code for row in shown.late] == ["111", "211", "31"]
    cell = shown.departments[0].units[1].cells["goals"]
    assert (cell.progress, cell.by, cell.deputy, cell.late) == (Progress.READY, "U111", True, False)
    assert shown.departments[0].ready("goals") == (1, 2) and shown.departments[0].late_units == 1
    assert shown.sentence == "6 uppgifter: 5 inte påbörjade, 1 klarmarkerad."
    head = opened.by("forvaltning")
    with django_assert_max_num_queries(7):
        overview(made, head)
    own = overview(made, opened.by("u211"), now=datetime(2022, 8, 24, tzinfo=SWEDEN))
    assert [row.code for one in own.departments for row in one.rows] == ["211"]
    assert overview(made, opened.by("ledamot")).departments == []


def test_texts_side_by_side_and_what_is_told_upward(
    opened: Town, django_assert_max_num_queries: Callable
) -> None:
    fill(opened, "111", "u111", text="Vi i Björken.")
    goal, department = opened.goals[0], sheet_of(opened, "11")
    line = department.lines.get(subject_id=goal.pk)
    sheets.save_line(line, opened.by("avd1"), expected_revision=1, comment="Avdelningen säger.")
    head = opened.by("avd1")
    with django_assert_max_num_queries(6):
        shown = side_by_side(department.round, "goals", head, above=opened.units["11"])
    first = shown.subjects[0]
    assert [(one.unit.code, one.line.comment, one.progress) for one in first.told] == [
        ("111", "Vi i Björken.", Progress.WRITING), ("112", "", Progress.ASSIGNED),
    ]  # fmt: skip
    assert first.own is not None and first.own.comment == "Avdelningen säger." and shown.own == department
    one = side_by_side(department.round, "goals", head, subject=("steering.goal", goal.pk))
    assert len(one.subjects) == 1 and one.own is None and len(one.subjects[0].told) == 3
    told = summaries_for(opened.occasion, goal, opened.by("strateg"))
    assert [(said.unit.code, said.comment, said.says) for said in told] == [
        ("11", "Avdelningen säger.", True), ("21", "", False), ("31", "", False),
    ]  # fmt: skip
    assert summaries_for(opened.occasion, goal, opened.by("ledamot")) == []


# --- told ------------------------------------------------------------------------------------------------------------


def titles(town: Town, name: str) -> list[str]:
    rows = Notice.objects.filter(recipient=town.people[name]).order_by("pk")
    return list(rows.values_list("title", flat=True))


def test_reminded_once_and_late_told_to_the_line(opened: Town) -> None:
    sheets.mark_ready(fill(opened, "112", "u112"), opened.by("u112"))
    Notice.objects.all().delete()
    assert remind(datetime(2022, 8, 19, 8, tzinfo=SWEDEN)) == 0
    assert remind(datetime(2022, 8, 20, 8, tzinfo=SWEDEN)) == 3
    assert remind(datetime(2022, 8, 21, 8, tzinfo=SWEDEN)) == 0  # once
    assert titles(opened, "u111") == [
        "Påminnelse: Delårsbokslut 2022: 1 uppgift kvar, klart senast 23 augusti"
    ]
    remind(datetime(2022, 8, 24, 8, tzinfo=SWEDEN))
    remind(datetime(2022, 8, 25, 8, tzinfo=SWEDEN))
    assert titles(opened, "u111")[1:] == ["Försenat: Delårsbokslut 2022: 1 uppgift"]
    assert titles(opened, "avd1") == ["Försenat: Delårsbokslut 2022: 1 enhet har inte klarmarkerat"]
    assert titles(opened, "forvaltning") == [
        "Försenat: Delårsbokslut 2022: 1 enhet har inte klarmarkerat"
    ]  # 31 is hers
    remind(datetime(2022, 8, 27, 8, tzinfo=SWEDEN))
    further = "Försenat: Delårsbokslut 2022: 2 enheter har inte klarmarkerat"
    assert titles(opened, "forvaltning")[1:] == [further]
    assert not Task.objects.filter(
        attend_at__isnull=False
    ).exists()  # the clockwork says nothing of each task


def test_whoever_approves_hears_once_when_the_unit_has_marked_all_of_it(graded: Town) -> None:
    Notice.objects.all().delete()
    by = graded.by("u111")
    sheets.mark_ready(fill(graded, "111", "u111"), by)
    assert not Notice.objects.exists()
    line = sheet_of(graded, "111", "factors").lines.get()
    sheets.save_line(line, by, expected_revision=1, comment="På väg.", status="nara")
    sheets.mark_ready(sheet_of(graded, "111", "factors"), by)
    assert titles(graded, "avd1") == ["Att godkänna: Delårsbokslut 2022, Björken: 2 blad"]
