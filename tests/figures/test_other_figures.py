"""Services, investments, volumes, staff, key figures, goals."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest

from roder.core.numbers import Unit
from roder.economy.models import BudgetLine, ForecastLine, StaffValue, VolumeLine
from roder.figures import At, LiveSource, compute, rows_behind
from roder.measures.models import Target
from roder.organisation.models import Unit as OrganisationUnit
from roder.organisation.models import UnitPlacement
from roder.steering.models import Assessment, Goal, ServiceCode, Support
from tests.figures.test_operations import live, value
from tests.figures.world import World, measure, outcome_of


def _service(world: World, code: str) -> ServiceCode:
    return ServiceCode.objects.create(
        committee=world.committee, code=code, label=f"Verksamhet {code}", position=int(code)
    )


def _services(world: World) -> None:
    """Two services, of which 50 budgets revenue only the second year (as in Oxelösund's plan 2024)."""
    eleven, fifty = _service(world, "11"), _service(world, "50")
    then = world.budget(2021, "budget", date(2021, 1, 1))
    now = world.budget(2022, "budget", date(2022, 1, 1))
    for version, service, group, amount in (
        (then, eleven, "personal", -1008),
        (then, fifty, "personal", -7097),
        (now, eleven, "personal", -1052),
        (now, fifty, "intakter", 240),
        (now, fifty, "personal", -6875),
        (now, fifty, "kommunbidrag", 99_999),
    ):
        BudgetLine.objects.create(version=version, service=service, group=world.groups[group], amount=amount)


def test_net_revenue_and_costs_by_service(empty: World) -> None:
    _services(empty)
    result = live(empty, "ekonomi.verksamhet.budget", "2022-05")
    assert result.get("50").value == -6635  # type: ignore[union-attr]
    assert result.get("50", "intakter").value == 240  # type: ignore[union-attr]
    assert result.get("11", "intakter").value is None  # type: ignore[union-attr]
    assert result.get("totalt").value == -7687  # type: ignore[union-attr]
    assert [row.key for row in result.rows[:3]] == [
        {"verksamhet": code, "slag": "netto"} for code in ("11", "50", "totalt")
    ]
    assert len(result.rows) == 9
    assert result.label(result.rows[2]) == "Totalt, Nettokostnad"


def test_change_against_last_years_budget(empty: World) -> None:
    _services(empty)
    name = "ekonomi.verksamhet.forandring"
    assert value(empty, name, "2022-05", "50") == 462
    assert value(empty, name, "2022-05", "50", "intakter") == 240
    assert value(empty, name, "2022-05", "11", "intakter") is None
    assert value(empty, name, "2022-05", "totalt") == 418
    assert value(empty, "ekonomi.verksamhet.budget_foregaende_ar", "2022-05", "totalt", "kostnader") == -8105


def test_forecast_by_service_is_last_years_when_planning(empty: World) -> None:
    service = _service(empty, "11")
    earlier = empty.occasions["2022-03"]
    earlier.year, earlier.cut_off = 2021, date(2021, 10, 31)
    earlier.save()
    ForecastLine.objects.create(
        occasion=earlier, service=service, group=empty.groups["personal"], amount=-1020
    )
    assert value(empty, "ekonomi.verksamhet.prognos", "2022-plan", "11") == -1020
    assert value(empty, "ekonomi.verksamhet.prognos", "2022-05", "11") is None


def test_investments_as_printed_in_the_interim_report(alingsas: World) -> None:
    printed = {
        "budget": ("5\u00a0300", "4\u00a0200", "350", "750"),
        "prognos": ("3\u00a0200", "2\u00a0000", "700", "500"),
        "avvikelse": ("2\u00a0100", "2\u00a0200", "−350", "250"),
        "forandring": ("−2\u00a0071", "−1\u00a0464", "−215", "−392"),
    }
    keys = ("totalt", "reinvestering/Inventarier", "reinvestering/Vårdarhjälpmedel", "reinvestering/Sängar")
    for name, numbers in printed.items():
        result = live(alingsas, f"ekonomi.investeringar.{name}", "2022-08")
        assert tuple(result.get(key).text() for key in keys) == numbers, name  # type: ignore[union-attr]
        assert result.get("reinvestering").value == result.get("totalt").value  # type: ignore[union-attr]
        assert result.rows[0].key["rad"] == "reinvestering"
        assert result.rows[-1].key["rad"] == "totalt"


def test_investments_without_outcome_are_missing(alingsas: World) -> None:
    assert value(alingsas, "ekonomi.investeringar.utfall", "2022-04", "totalt") is None
    assert value(alingsas, "ekonomi.investeringar.prognos", "2022-04", "totalt") == 5_300_000
    assert live(alingsas, "ekonomi.investeringar.budget", "2022-05").rows == []


def test_investment_plan_by_year(alingsas: World) -> None:
    result = live(alingsas, "ekonomi.investeringar.budget_per_ar", "2022-plan")
    assert [result.get("totalt", str(year)).text() for year in range(2021, 2027)] == ["5\u00a0300"] * 6  # type: ignore[union-attr]


def test_own_and_external_make_the_total(alingsas: World) -> None:
    result = live(alingsas, "volymer.antal", "2022-05")
    assert result.get("hemtjanst", "egen", "2021-11-30").value == 494  # type: ignore[union-attr]
    assert result.get("hemtjanst", "totalt", "2021-11-30").value == 709  # type: ignore[union-attr]
    assert result.get("hemtjanst", "totalt", "2022-12-31p").value == 720  # type: ignore[union-attr]
    assert result.get("hemtjanst").key["matdatum"] == "2021-11-30", "utan datum: senast uppmätta"  # type: ignore[union-attr]
    assert live(alingsas, "volymer.timmar", "2022-05").get("hemsjukvard") is None
    hours = live(alingsas, "volymer.timmar", "2022-05").get("hemtjanst", "totalt", "2021-11-30")
    assert hours is not None
    assert hours.text() == "34\u00a0417"


def test_volumes_after_the_cut_off_do_not_count_and_a_missing_part_is_missing(empty: World) -> None:
    support = Support.objects.create(committee=empty.committee, code="korttid", label="Korttid")
    for run, count, hours in (("egen", 5, None), ("extern", None, 3)):
        for day in (date(2022, 5, 31), date(2022, 6, 30)):
            VolumeLine.objects.create(
                committee=empty.committee, measured_on=day, support=support, run=run, count=count, hours=hours
            )
    result = live(empty, "volymer.antal", "2022-05")
    assert [row.key["matdatum"] for row in result.rows] == ["2022-05-31", "2022-05-31"]
    assert result.get("korttid", "egen").value == 5  # type: ignore[union-attr]
    assert result.get("korttid", "totalt").value is None  # type: ignore[union-attr]


def test_sick_leave_as_printed(alingsas: World) -> None:
    now = live(alingsas, "personal.sjukfranvaro", "2022-08")
    then = live(alingsas, "personal.sjukfranvaro_foregaende_ar", "2022-08")
    change = live(alingsas, "personal.sjukfranvaroforandring", "2022-08")
    groups = ("total", "kvinnor", "man", "-29", "30-49", "50-", "dag_1-14", "dag_15-59", "dag_60-")
    assert [row.key["grupp"] for row in now.rows] == list(groups)
    assert [now.get(group).text() for group in groups] == [  # type: ignore[union-attr]
        "9,5", "10,6", "5,2", "5,8", "9,5", "11,3", "5,0", "1,3", "3,2",
    ]  # fmt: skip
    assert then.get("total").text() == "9,1"  # type: ignore[union-attr]
    assert change.get("total").text(suffix=True) == "+0,4\u00a0procentenheter"  # type: ignore[union-attr]
    assert change.get("man").text() == "−0,1"  # type: ignore[union-attr]


def test_sick_leave_is_computed_from_hours_where_known(empty: World) -> None:
    for year, share, hours in ((2021, "9.1", 10), (2022, "9.5", 13)):
        StaffValue.objects.create(
            committee=empty.committee,
            period_start=date(year, 1, 1),
            period_end=date(year, 8, 1),
            measure="sjukfranvaro",
            value=Decimal(share),
            numerator=hours,
            denominator=120,
        )
    row = live(empty, "personal.sjukfranvaro", "2022-08").get("total")
    assert row is not None
    assert (row.numerator, row.denominator) == (13, 120)
    assert row.value == Decimal(13) / 120 * 100
    change = value(empty, "personal.sjukfranvaroforandring", "2022-08", "total")
    assert change == Decimal(13) / 120 * 100 - Decimal(10) / 120 * 100
    assert live(empty, "personal.sjukfranvaro", "2022-05").rows == [], "perioden har inte slutat"


def test_outcome_target_and_country_in_the_measures_own_unit(empty: World) -> None:
    of = measure(empty, "trivs", "%", 0)
    outcome_of(of, 2021, "83")
    outcome_of(of, 2022, None)
    outcome_of(of, 2021, "86.5", comparison="riket")
    outcome_of(of, 2021, "1", sex="man")
    Target.objects.create(measure=of, year=2022, value=85)
    outcome = live(empty, "matt.utfall", "2022-08")
    assert outcome.get("trivs", "2021").text(suffix=True) == "83\u00a0%"  # type: ignore[union-attr]
    assert outcome.get("trivs").text() == "iu."  # type: ignore[union-attr]
    assert outcome.get("trivs").show is Unit.PERCENT  # type: ignore[union-attr]
    assert value(empty, "matt.malvarde", "2022-08", "trivs") == 85
    assert value(empty, "matt.riket", "2022-08", "trivs", "2021") == Decimal("86.5")
    assert outcome.get("okant") is None


def test_the_period_that_ends_last_is_the_years_outcome(empty: World) -> None:
    of = measure(empty, "m")
    for end, number in ((date(2021, 8, 1), "1"), (date(2022, 1, 1), "2")):
        of.values.create(period_start=date(2021, 1, 1), period_end=end, value=Decimal(number))
    assert value(empty, "matt.utfall", "2022-08", "m", "2021") == 2


def test_the_committees_value_is_that_without_unit_or_of_its_only_administration(empty: World) -> None:
    of = measure(empty, "hme")
    outcome_of(of, 2021, "70", unit=empty.units["vof"])
    assert value(empty, "matt.utfall", "2022-08", "hme", "2021") == 70
    other = OrganisationUnit.objects.create(
        committee=empty.committee, code="aof", name="Äldreomsorgen", kind="administration"
    )
    UnitPlacement.objects.create(unit=other, valid=(date(2019, 1, 1), date(2022, 6, 1)))
    assert value(empty, "matt.utfall", "2022-05", "hme", "2021") is None, (
        "två förvaltningar: ingen är hela nämnden"
    )
    assert value(empty, "matt.utfall", "2022-08", "hme", "2021") == 70
    outcome_of(of, 2021, "71")
    assert value(empty, "matt.utfall", "2022-05", "hme", "2021") == 71


def test_mean_of_units_keeps_sum_and_count(empty: World) -> None:
    of = measure(empty, "m", "antal", 2)
    for code, number in (("a", "1"), ("b", "2"), ("c", "2"), ("d", None)):
        unit = OrganisationUnit.objects.create(committee=empty.committee, code=code, name=code, kind="unit")
        outcome_of(of, 2022, number, unit=unit)
    row = live(empty, "matt.medel", "2022-08").get("m")
    assert row is not None
    assert (row.numerator, row.denominator, row.text()) == (5, 3, "1,67")
    with LiveSource(empty.committee) as source:
        behind = rows_behind("matt.medel", source, At.of(empty.occasions["2022-08"]), row.key)
    assert behind.total == 3


def _goals(world: World) -> list[Goal]:
    return [
        Goal.objects.create(
            municipality=world.committee.municipality,
            committee=world.committee,
            level="committee",
            code=f"g{number}",
            text="Mål",
            from_year=2022,
            to_year=2022,
            followed="annual" if number == 4 else "interim_annual",
            kind="work_environment" if number == 5 else "ordinary",
        )
        for number in range(6)
    ]


def test_goals_by_status_at_the_interim_report(empty: World) -> None:
    goals, occasion = _goals(empty), empty.occasions["2022-08"]
    for goal, status in zip(goals, ("helt_uppfyllt", "ej_utvarderad", "ej_utvarderad"), strict=False):
        Assessment.objects.create(
            occasion=occasion, subject_kind="steering.goal", subject_id=goal.pk, status=status
        )
    result = live(empty, "mal.antal_per_status", "2022-08")
    assert {row.key["status"]: row.value for row in result.rows} == {
        "ej_uppfyllt": 0, "delvis_uppfyllt": 0, "helt_uppfyllt": 1, "ej_utvarderad": 2, "saknas": 1,
    }  # fmt: skip
    assert result.label(result.rows[2]) == "Helt uppfyllt"
    assert result.label(result.rows[-1]) == "Ej bedömd"
    with LiveSource(empty.committee) as source:
        behind = rows_behind("mal.antal_per_status", source, At.of(occasion), {"status": "helt_uppfyllt"})
    assert behind.gids == [goals[0].gid]


def test_without_assignments_there_is_no_number_of_them(empty: World) -> None:
    result = live(empty, "uppdrag.antal_per_status", "2022-08")
    assert result.rows
    assert {row.value for row in result.rows} == {None}


@pytest.mark.parametrize("name", ["mal.antal_per_status", "personal.sjukfranvaro", "ekonomi.drift.budget"])
def test_a_result_is_computed_once_for_each_source(alingsas: World, name: str) -> None:
    with LiveSource(alingsas.committee) as source:
        at = At.of(alingsas.occasions["2022-08"])
        assert compute(name, source, at) is compute(name, source, at)


def test_the_other_measures_of_the_staff_are_told_apart_by_form_of_employment(empty: World) -> None:
    for day, code, amount in (
        (date(2021, 12, 31), "medelalder", "40.1"),
        (date(2021, 11, 30), "anstallda", "500"),
        (date(2021, 12, 31), "anstallda", "599"),
        (date(2021, 12, 31), "arsarbetare_ok_tillsvidare_manad", "305.82"),
        (date(2022, 12, 31), "anstallda", "700"),
    ):
        StaffValue.objects.create(
            committee=empty.committee, period_start=day, period_end=day + timedelta(days=1), measure=code,
            value=Decimal(amount),
        )  # fmt: skip
    result = live(empty, "personal.matt", "2022-plan")
    found = {tuple(row.key.values()): row.text() for row in result.rows}
    assert found == {
        ("anstallda", "alla"): "599",
        ("medelalder", "alla"): "40,1",
        ("arsarbetare_ok", "tillsvidare_manad"): "305,82",
    }
    assert result.labels["anstallningsform"]["tillsvidare_manad"] == "Tillsvidare, månadsavlönade"
