"""The arithmetic: properties that hold for all amounts, and the municipalities' own printed tables."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from roder.core.numbers import Unit, parse_number, round_half_away
from roder.economy import rules
from tests.examples.files import document, rows

amounts = st.decimals(-(10**10), 10**10, places=2, allow_nan=False, allow_infinity=False)
maybe = st.none() | amounts
ALINGSAS = {
    "intakter": (),
    "personal": (),
    "lokaler": (),
    "kop_tjanster": (),
    "ovriga": (),
    "kostnader": ("personal", "lokaler", "kop_tjanster", "ovriga"),
    "nettokostnader": ("intakter", "kostnader"),
    "kommunbidrag": (),
    "finansnetto": (),
    "resultat": ("nettokostnader", "kommunbidrag", "finansnetto"),
}


def printed(municipality: str, table: str) -> dict[str, dict[str, Decimal]]:
    """A table of the source as numbers in its own unit, by row and column; cells without a number are left out."""
    found = next(
        one for one in document(f"{municipality}/tryckta-summor.yaml")["tables"] if one["id"] == table
    )
    return {
        row: {
            column: parse_number(text) for column, text in zip(found["columns"], cells, strict=True) if text
        }
        for row, cells in found["rows"].items()
    }


# --- properties -----------------------------------------------------------------------------------------------------


@given(maybe, maybe)
def test_variances_are_each_others_opposite_and_missing_together(
    forecast: rules.Amount, budget: rules.Amount
) -> None:
    ours, theirs = rules.variance(forecast, budget), rules.investment_variance(budget, forecast)
    assert (ours is None) == (theirs is None) == (forecast is None or budget is None)
    if ours is not None and theirs is not None:
        assert ours == -theirs


@given(amounts, amounts, amounts)
def test_changes_add_up_over_occasions(first: Decimal, second: Decimal, third: Decimal) -> None:
    steps = rules.whole_sum([rules.change(second, first), rules.change(third, second)])
    assert steps == rules.change(third, first)


@given(st.lists(maybe))
def test_a_sum_is_missing_exactly_when_a_part_is_or_there_is_none(parts: list[rules.Amount]) -> None:
    total = rules.whole_sum(parts)
    assert (total is None) == (not parts or None in parts)
    if total is not None:
        assert total == sum(part for part in parts if part is not None)


@given(st.fixed_dictionaries({code: amounts for code, parts in ALINGSAS.items() if not parts}))
def test_the_variance_of_a_sum_is_the_sum_of_the_variances(budget: dict[str, Decimal]) -> None:
    forecast = {code: amount + 1_000 for code, amount in budget.items()}
    then, now = rules.row_sums(ALINGSAS, budget), rules.row_sums(ALINGSAS, forecast)
    gaps = rules.row_sums(ALINGSAS, {code: rules.variance(forecast[code], budget[code]) for code in budget})
    assert gaps == {code: rules.variance(now[code], then[code]) for code in ALINGSAS}


@given(st.lists(amounts, min_size=1), maybe)
def test_the_committees_forecast_is_its_units_and_the_adjustments(
    units: list[Decimal], central: rules.Amount
) -> None:
    assert rules.committee_forecast(units, central) == sum(units) + (central or 0)


def test_a_unit_without_forecast_leaves_the_committees_missing() -> None:
    assert rules.committee_forecast([Decimal(1), None], Decimal(2)) is None
    assert rules.committee_forecast([], Decimal(2)) == 2
    assert rules.committee_forecast([]) is None


@given(st.lists(amounts, min_size=1, max_size=8))
def test_a_printed_sum_differs_by_less_than_half_a_unit_for_each_row(parts: list[Decimal]) -> None:
    gap = rules.rounding_gap(parts, rules.whole_sum(parts), Unit.TKR)
    assert abs(gap) <= Decimal(len(parts) + 1) / 2


@given(st.dictionaries(st.text(max_size=3), amounts), st.dictionaries(st.text(max_size=3), amounts))
def test_what_moved_is_the_whole_difference(before: dict[str, Decimal], after: dict[str, Decimal]) -> None:
    moved = rules.moves(before, after)
    assert sum((one.change for one in moved), Decimal(0)) == sum(after.values()) - sum(before.values())
    assert rules.is_redistribution(before, after) == (sum(one.change for one in moved) == 0)
    assert rules.moves(after, after) == []


def test_rows_that_sum_themselves_are_refused() -> None:
    with pytest.raises(ValueError, match="summerar sig själv"):
        rules.row_sums({"a": ("b",), "b": ("a",)}, {})


def test_a_missing_group_is_missing_in_every_sum_above_it() -> None:
    values = {code: Decimal(1) for code, parts in ALINGSAS.items() if not parts} | {"lokaler": None}
    found = rules.row_sums(ALINGSAS, values)
    assert [code for code, value in found.items() if value is None] == [
        "lokaler",
        "kostnader",
        "nettokostnader",
        "resultat",
    ]


def test_only_a_units_worse_forecast_asks_for_its_cause() -> None:
    worse, budget = Decimal(-110), Decimal(-100)
    assert rules.needs_cause(worse, budget, of_unit=True)
    assert not rules.needs_cause(worse, budget, of_unit=False)
    assert not rules.needs_cause(budget, budget, of_unit=True)
    assert not rules.needs_cause(worse, None, of_unit=True)


@given(
    st.lists(st.dates(date(2020, 1, 1), date(2024, 12, 31)), unique=True),
    st.dates(date(2020, 1, 1), date(2024, 12, 31)),
)
def test_the_version_in_force_is_the_latest_that_has_begun(starts: list[date], cut_off: date) -> None:
    found = rules.in_force([(start, start) for start in starts], cut_off)
    begun = [start for start in starts if start <= cut_off]
    assert found == (max(begun) if begun else None)
    planned = rules.in_force([(start, start) for start in starts], cut_off, planned=True)
    assert planned == (max(begun) if begun else min(starts, default=None))


# --- the printed tables ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("table", ["von-mars", "von-maj"])
def test_alingsas_monthly_tables_add_up(table: str) -> None:
    source = printed("alingsas", table)
    for column in ("budget", "prognos"):
        shown = {row: cells[column] for row, cells in source.items() if column in cells}
        sums = {
            code: tuple(one for one in parts if one in shown)
            for code, parts in ALINGSAS.items()
            if code in shown
        }
        assert rules.row_sums(sums, shown) == shown
    for cells in source.values():
        if len(cells) == 3:
            assert rules.variance(cells["prognos"], cells["budget"]) == cells["avvikelse"]


def test_alingsas_forecast_in_may_is_ten_million_better_than_in_march() -> None:
    march, may = printed("alingsas", "von-mars"), printed("alingsas", "von-maj")
    assert rules.change(may["resultat"]["prognos"], march["resultat"]["prognos"]) == 10_000
    assert rules.change(may["ovriga"]["prognos"], march["ovriga"]["prognos"]) == -6_225


def test_alingsas_plan_of_2024_is_off_by_one_and_no_other_year_is() -> None:
    source = printed("alingsas", "von-budget")
    off = {}
    for column in ("budget_2021", "budget_2022", "plan_2023", "plan_2024"):
        costs = rules.whole_sum(source[row][column] for row in ALINGSAS["kostnader"])
        off[column] = rules.change(source["kostnader"][column], costs)
    assert off == {"budget_2021": 0, "budget_2022": 0, "plan_2023": 0, "plan_2024": -1}


def test_alingsas_investments_in_august() -> None:
    source = printed("alingsas", "von-investeringar-augusti")
    for row, cells in source.items():
        assert rules.investment_variance(cells["budget"], cells["prognos"]) == cells["avvikelse"], row
        gap = rules.change(cells["utfall_2022"], cells["utfall_2021"])
        assert gap is not None and abs(gap - cells["differens"]) <= 1, row
    projects = [row for row in source if row not in ("reinvestering", "totalt")]
    for column in ("budget", "prognos", "avvikelse", "utfall_2021"):
        assert rules.whole_sum(source[row][column] for row in projects) == source["totalt"][column]
    assert (
        rules.whole_sum(source[row]["utfall_2022"] for row in projects) == source["totalt"]["utfall_2022"] - 1
    )


def test_alingsas_interim_forecast_adds_up_to_nothing() -> None:
    parts = [Decimal(text) for text in ("29.0", "-5.9", "-1.1", "-6.9", "-15.1")]
    assert rules.whole_sum(parts) == 0


def test_oxelosund_net_is_revenue_and_costs_on_every_row() -> None:
    net, revenue, costs = (printed("oxelosund", name) for name in ("nettokostnad", "intakter", "kostnader"))
    columns = ("prognos_2023", "budget_2023", "forandring", "budget_2024")
    for row, cells in net.items():
        for column in columns:
            parts = [source[row][column] for source in (revenue, costs) if column in source.get(row, {})]
            assert rules.whole_sum(parts) == cells[column], (row, column)
    for source in (net, revenue, costs):
        services = [row for row in source if row != "summa"]
        for column in columns:
            known = [source[row][column] for row in services if column in source[row]]
            assert rules.whole_sum(known) == source["summa"][column]


def test_oxelosund_change_is_budget_against_budget() -> None:
    for cells in printed("oxelosund", "nettokostnad").values():
        assert rules.change(cells["budget_2024"], cells["budget_2023"]) == cells["forandring"]


def test_own_and_external_hours_are_the_total() -> None:
    source = printed("alingsas", "von-hemtjanst-timmar")
    by_run = {
        (row["matdatum"][:7], row["regi"]): parse_number(row["timmar"])
        for row in rows("alingsas/volymer.csv")
        if row["insats"] == "hemtjanst"
    }
    total = next(name for name in source if "tot" in name)
    for column, value in source[total].items():
        month = column.removeprefix("prognos_")
        assert rules.total_volume([by_run[month, "egen"], by_run[month, "extern"]]) == value


def test_places_are_sums_of_supports() -> None:
    volumes: dict[str, rules.Amount] = {}
    for row in rows("alingsas/volymer.csv"):
        if row["matdatum"] == "2021-01-31":
            volumes[row["insats"]] = (volumes.get(row["insats"]) or 0) + parse_number(row["antal"])
    assert rules.places(volumes, ("gruppboende_demens", "gruppboende_fys", "serviceboende")) == 393
    assert rules.places(volumes, ("gruppbostad", "servicebostad", "boende_barn")) == 139
    assert rules.places(volumes, ("gruppbostad", "okänd")) is None


def test_tkr_is_rounded_only_in_print() -> None:
    parts = [Decimal("1499.99"), Decimal("1499.99")]
    assert rules.rounding_gap(parts, rules.whole_sum(parts), Unit.TKR) == 1
    assert round_half_away(Decimal("2999.98") / 1000) == 3
