"""The year's accounts: outcome against budget and forecasts, prepaid income, good economy, staff, departments."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pghistory
import pytest

from roder.economy.models import FundEntry, InvestmentLine, PrepaidIncome, StaffMove, StaffValue
from roder.figures import At, LiveSource
from roder.followup.models import Round, Sheet
from roder.organisation.models import Unit
from roder.reports.build import Assembly, assemble, findings, values_of
from roder.reports.document import (
    Chart,
    Heading,
    Status,
    Table,
    cell_text,
    numbers,
)
from roder.reports.gather import gather
from roder.steering.models import InvestmentCategory, Occasion
from roder.tasks.models import Task
from tests.figures import world as worlds
from tests.reports.committee import Committee
from tests.reports.test_build import printed, table, text

YEAR = {
    "intakter": 229_840,
    "personal": -722_915,
    "lokaler": -94_210,
    "kop_tjanster": -168_480,
    "ovriga": -94_371,
}
LAST_YEAR = {"intakter": 221_350, "personal": -705_480, "lokaler": -91_260, "kop_tjanster": -146_930,
             "ovriga": -90_145}  # fmt: skip
APRIL = {
    "intakter": 217_344,
    "personal": -727_134,
    "lokaler": -93_804,
    "kop_tjanster": -165_151,
    "ovriga": -84_811,
}
AUGUST = {"intakter": 224_144, "personal": -723_434, "lokaler": -94_104, "kop_tjanster": -167_651,
          "ovriga": -92_511}  # fmt: skip


def kronor(rows: dict[str, int], contribution: int) -> dict[str, int]:
    return {code: amount * 1000 for code, amount in rows.items()} | {
        "kommunbidrag": contribution * 1000,
        "finansnetto": 0,
    }


@pytest.fixture
def year_end(alingsas: Committee) -> Occasion:
    """31 December, with the year's outcome, last year's, and the forecasts of April and August."""
    world = alingsas.world
    model = world.occasions["2022-08"].model
    made = Occasion.objects.create(
        committee=world.committee, model=model, year=2022, code="2022-12", kind="annual", name="Årsbokslut 2022",
        cut_off=date(2022, 12, 31),
    )  # fmt: skip
    world.outcome(date(2022, 1, 1), date(2023, 1, 1), **kronor(YEAR, 853_556))
    world.outcome(date(2021, 1, 1), date(2022, 1, 1), **kronor(LAST_YEAR, 818_729))
    world.forecast("2022-04", **kronor(APRIL, 853_556))
    world.forecast("2022-08", **kronor(AUGUST, 853_556))
    return made


def assembled(
    occasion: Occasion, kind: str = "arsbokslut", comments: dict[tuple[str, str], str] | None = None
) -> Assembly:
    found = Occasion.objects.select_related("committee__municipality", "model").get(pk=occasion.pk)
    at = At.of(found)
    with LiveSource(found.committee) as live:
        made = assemble(kind, values_of(live, at), comments or {}, gather(found, live, at))
        findings(made)
        return made


def chapters(made: Assembly) -> list[str]:
    return [one.text for one in made.document.blocks if isinstance(one, Heading) and one.level == 1]


def statuses(one: Table, column: str) -> list[str]:
    cells = (row.cells.get(column) for row in one.rows)
    return [cell.label if isinstance(cell, Status) else "" for cell in cells]


def test_the_accounts_against_the_budget_and_last_year(year_end: Occasion) -> None:
    made = assembled(year_end)
    found = printed(table(made.document, "Drift, årsbokslut 2022"))
    assert found["Verksamhetens intäkter"] == ("195 144", "229 840", "34 696", "221 350", "8 490")
    assert found["Övriga kostnader"] == ("−77 411", "−94 371", "−16 960", "−90 145", "−4 226")
    assert found["Verksamhetens kostnader"] == (
        "−1 048 700",
        "−1 079 976",
        "−31 276",
        "−1 033 815",
        "−46 161",
    )
    assert found["Årets resultat"] == ("0", "3 420", "3 420", "6 264", "−2 844")
    chart = next(one for one in made.document.blocks if isinstance(one, Chart))
    assert (
        chart.title.replace("\u00a0", " ") == "Verksamhetens intäkter avviker mest från budgeten: 34 696 tkr"
    )
    assert "bokslutets avvikelse" in chart.description
    columns = {one.key: one.formula for one in table(made.document, "Drift").columns}
    assert columns["avvikelse"] == ("bokslut", "-", "budget")
    assert "Avvikelser i driften är bokslut minus budget" in text(made.document)
    assert all(one.ref is not None for one in numbers(made.document) if one.value is not None)


def test_a_comment_is_asked_for_where_the_accounts_depart(year_end: Occasion) -> None:
    made = assembled(
        year_end, comments={("bokslut", "personal"): "Kostnaden blev 4,0 mkr högre än budgeten."}
    )
    asked = {slot.subject: slot.required for slot in made.slots if slot.section == "bokslut"}
    assert asked["personal"] and not asked["kommunbidrag"] and not asked["finansnetto"]
    with LiveSource(year_end.committee) as live:
        at = At.of(year_end)
        again = assemble("arsbokslut", values_of(live, at), {("bokslut", "personal"): "Avvikelsen är −4,0 mkr."},
                         gather(year_end, live, at))  # fmt: skip
        listed = [one for one in findings(again) if one.section == "bokslut" and one.excerpt]
    assert [one.excerpt for one in listed] == ["−4,0 mkr"]
    assert any("5,4" in near.text for near in listed[0].nearest)


def test_the_forecasts_of_april_and_august_against_the_accounts(year_end: Occasion) -> None:
    made = assembled(year_end)
    first = table(made.document, "Prognossäkerhet")
    assert [
        tuple(cell_text(row.cells[column.key], column).replace("\u00a0", " ") for column in first.columns)
        for row in first.rows
    ] == [
        ("Fördjupad månadsuppföljning april 2022", "0", "+3 420"),
        ("Delårsbokslut 2022", "0", "+3 420"),
        ("Bokslut 2022", "3 420", ""),
    ]
    per_group = printed(table(made.document, "Bokslutets avvikelse från prognoserna"))
    assert per_group["Verksamhetens intäkter"] == ("+12 496", "+5 696")
    assert per_group["Personalkostnader"] == ("+4 219", "+519")
    assert per_group["Årets resultat"] == ("+3 420", "+3 420")


def test_investments_and_prepaid_income_as_the_accounts_print_them(
    alingsas: Committee, year_end: Occasion
) -> None:
    category = InvestmentCategory.objects.get(committee=alingsas.body, code="reinvestering")
    InvestmentLine.objects.create(
        occasion=year_end, year=2022, category=category, project="Sängar", budget=750_000, outcome=462_000,
        outcome_last_year=655_000,
    )  # fmt: skip
    for place, (name, development) in enumerate((("Gatan", True), ("Parken", False))):
        PrepaidIncome.objects.create(
            occasion=year_end, project=name, development=development, budget=1_000_000, outcome=1_250_000 + place,
            outcome_last_year=900_000, position=place,
        )  # fmt: skip
    made = assembled(year_end)
    assert printed(table(made.document, "Investeringar"))["Totala utgifter"] == (
        "750",
        "462",
        "288",
        "655",
        "−193",
    )
    found = table(made.document, "Förutbetalda intäkter")
    assert [column.title for column in found.columns] == [
        "Belopp i tkr", "Budget 2022", "Bokslut 2022", "Avv. bokslut/budget 2022", "Bokslut 2021",
        "Diff. bokslut 2022/2021",
    ]  # fmt: skip
    rows = printed(found)
    assert rows["varav exploatering"] == ("1 000", "1 250", "250", "900", "350")
    assert rows["Totala inkomster"] == ("2 000", "2 500", "500", "1 800", "700")


def test_prepaid_income_stands_in_the_interim_report_with_its_forecast(alingsas: Committee) -> None:
    interim = alingsas.occasion("2022-08")
    PrepaidIncome.objects.create(
        occasion=interim, project="Gatan", budget=1_000_000, forecast=1_100_000, outcome=700_000,
        outcome_last_year=600_000,
    )  # fmt: skip
    made = assembled(interim, "delarsbokslut")
    assert printed(table(made.document, "Förutbetalda intäkter"))["Totala inkomster"] == (
        "1 000", "1 100", "100", "700", "600", "100",
    )  # fmt: skip


def test_good_economic_management_is_judged_per_group(alingsas: Committee, year_end: Occasion) -> None:
    world = alingsas.world
    for code, year, value in (
        ("resultatandel", 2022, "4.4"), ("sjalvfinansieringsgrad", 2022, "121.3"), ("soliditet", 2022, "26.1"),
        ("soliditet", 2021, "26.2"),
    ):  # fmt: skip
        found = world.committee.measures.filter(code=code).first() or worlds.measure(world, code)
        worlds.outcome_of(found, year, value)
    made = assembled(year_end)
    assert "God ekonomisk hushållning" in chapters(made)
    goals = table(made.document, "God ekonomisk hushållning, finansiella mål")
    said = dict(zip((row.key.split("/")[0] for row in goals.rows), statuses(goals, "uppfyllt"), strict=True))
    assert said["soliditet"] == "Ej uppfyllt"
    assert said["laneskuld"] == "Utfall saknas"
    assert "2 av 5 mål är uppfyllda" in text(made.document) or "0 av 5" in text(made.document)


def test_the_result_fund_stands_only_where_there_is_one(year_end: Occasion) -> None:
    assert "Resultatfond" not in chapters(assembled(year_end))
    FundEntry.objects.create(
        committee=year_end.committee, year=2021, kind="opening", amount=1_200_000, decided_on=date(2021, 1, 1),
        decision="KF § 1",
    )  # fmt: skip
    found = printed(table(assembled(year_end).document, "Resultatfond"))
    assert found["Saldo"] == ("1 200",)


def _staff(occasion: Occasion, day: date, **values: str) -> None:
    for code, value in values.items():
        StaffValue.objects.create(
            committee=occasion.committee, period_start=day, period_end=date(day.year + 1, 1, 1), measure=code,
            sex="alla", age="alla", days="alla", value=Decimal(value),
        )  # fmt: skip


def test_the_staff_beside_the_year_before(year_end: Occasion) -> None:
    _staff(
        year_end, date(2021, 12, 31), anstallda="1312", anstallda_visstid_manad="144", arsarbetare="1214.6"
    )
    _staff(
        year_end, date(2022, 12, 31), anstallda="1287", anstallda_visstid_manad="138", arsarbetare="1196.3"
    )
    for kind, reason, count in (
        ("left", "pension", 31),
        ("left", "egen_begaran", 118),
        ("hired", "utokning", 18),
    ):
        StaffMove.objects.create(
            committee=year_end.committee, period_start=date(2022, 1, 1), period_end=date(2023, 1, 1), kind=kind,
            reason=reason, count=count,
        )  # fmt: skip
    with pghistory.context(url="/"):  # as in a request, where the statement has parameters
        made = assembled(year_end)
    rows = printed(table(made.document, "Personal"))
    assert rows["Anställda"] == ("1 312", "1 287", "−25")
    assert rows["varav visstid, månadsavlönade"] == ("144", "138", "−6")
    assert rows["Årsarbetare"] == ("1 214,6", "1 196,3", "−18,3")
    moves = printed(table(made.document, "Anställda och slutade"))
    assert (moves["Pension"][1], moves["Slutade"][1], moves["Anställda"][1]) == ("31", "149", "18")


def _sheets(occasion: Occasion, rows: Iterable[tuple[Unit, str, str, str]]) -> None:
    held = Round.objects.create(committee=occasion.committee, occasion=occasion)
    for unit, part, summary, state in rows:
        sheet = Sheet.objects.create(
            round=held, committee=occasion.committee, unit=unit, part=part, summary=summary
        )
        closed: dict[str, Any] = {"closed_at": datetime(2022, 8, 30, tzinfo=UTC)} if state == "done" else {}
        Task.objects.create(
            committee=occasion.committee, kind="followup.summary", what="Sammanfatta", state=state,
            role="head_department", unit=unit, subject_kind="followup.sheet", subject_id=sheet.pk,
            opened_at=datetime(2022, 8, 24, tzinfo=UTC), **closed,
        )  # fmt: skip


def test_departments_tell_what_they_have_handed_in_and_nothing_else(alingsas: Committee) -> None:
    interim = alingsas.occasion("2022-08")
    care, office = (
        Unit.objects.create(committee=alingsas.body, code=code, name=name, kind=Unit.Kind.DEPARTMENT)
        for code, name in (("vard", "Vårdavdelningen"), ("kansli", "Kansliet"))
    )
    assert "Uppföljning per avdelning" not in chapters(assembled(interim, "delarsbokslut"))
    _sheets(
        interim,
        ((care, "goals", "Målen nås.\nTvå enheter väntar.", "done"), (care, "economy", "", "done"),
         (office, "goals", "Ett utkast.", "open")),
    )  # fmt: skip
    made = assembled(interim, "delarsbokslut")
    assert "Uppföljning per avdelning" in chapters(made)
    said = text(made.document)
    assert "Mål: Målen nås." in said and "Två enheter väntar." in said and "Ett utkast." not in said
    assert "Har inte lämnat sin uppföljning: Kansliet." in said
    heads = [one.text for one in made.document.blocks if isinstance(one, Heading) and one.level == 2]
    assert "Vårdavdelningen" in heads and "Kansliet" not in heads


def test_chapters_follow_what_the_occasion_takes_up(year_end: Occasion) -> None:
    made = chapters(assembled(year_end))
    assert made[0] == "Verksamhet" and made[-1] == "Så är siffrorna framtagna"
    for title in (
        "Måluppföljning",
        "Ekonomi – drift",
        "Prognossäkerhet",
        "Investeringar",
        "Personal",
        "Privata utförare",
    ):
        assert title in made
