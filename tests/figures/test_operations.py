"""The operating table: Alingsås' printed figures, sums on unrounded values, and what is missing stays missing."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from roder.core.numbers import parse_number
from roder.figures import (
    At,
    LiveSource,
    Result,
    SnapshotSource,
    compared_with,
    compute,
    rows_behind,
    take_snapshot,
)
from roder.figures.calculate import UnknownKeyError
from tests.figures.world import World, alingsas, empty_world

MARCH = """
intakter       195 144     217 796   22 652
personal      -717 534    -724 465   -6 931
lokaler        -93 004     -93 004        0
kop_tjanster  -160 751    -171 895  -11 144
ovriga         -77 411     -81 988   -4 577
kostnader   -1 048 700  -1 071 352  -22 652
nettokostnader -853 556    -853 556        0
kommunbidrag   853 556     853 556        0
resultat             0           0        0
"""
MAY = """
intakter       195 144     222 100   26 956
personal      -717 534    -714 211    3 323
lokaler        -93 004     -93 826     -822
kop_tjanster  -160 751    -169 406   -8 655
ovriga         -77 411     -88 213  -10 802
kostnader   -1 048 700  -1 065 656  -16 956
nettokostnader -853 556    -843 556   10 000
kommunbidrag   853 556     853 556        0
resultat             0      10 000   10 000
"""


def live(world: World, name: str, occasion: str) -> Result:
    """A figure as it stands in the database now."""
    with LiveSource(world.committee) as source:
        return compute(name, source, At.of(world.occasions[occasion]))


def value(world: World, name: str, occasion: str, *key: str) -> Decimal | None:
    """One number, None if the row is missing."""
    row = live(world, name, occasion).get(*key)
    return row.value if row else None


@pytest.mark.parametrize(("occasion", "printed"), [("2022-03", MARCH), ("2022-05", MAY)])
def test_the_table_is_printed_digit_for_digit(alingsas: World, occasion: str, printed: str) -> None:
    results = [
        live(alingsas, f"ekonomi.drift.{name}", occasion)
        for name in ("budget", "prognos", "prognosavvikelse")
    ]
    for line in printed.strip().splitlines():
        row, *_ = line.split()
        numbers = [parse_number(part) for part in line[len(row) :].strip().split("  ") if part.strip()]
        got = [parse_number(result.get(row).text()) for result in results]  # type: ignore[union-attr]
        assert got == numbers, row


def test_rows_come_in_print_order_with_their_labels(alingsas: World) -> None:
    result = live(alingsas, "ekonomi.drift.budget", "2022-05")
    assert [row.key["rad"] for row in result.rows][-3:] == ["kommunbidrag", "finansnetto", "resultat"]
    assert result.label(result.rows[0]) == "Verksamhetens intäkter"


def test_the_budget_is_the_version_that_applies_at_the_cut_off(empty: World) -> None:
    empty.budget(2022, "ursprunglig", date(2022, 1, 1), personal=-100)
    empty.budget(2022, "omfördelad", date(2022, 4, 1), personal=-110)
    assert value(empty, "ekonomi.drift.budget", "2022-03", "personal") == -100
    assert value(empty, "ekonomi.drift.budget", "2022-04", "personal") == -110
    assert value(empty, "ekonomi.drift.budget", "2022-plan", "personal") == -100, (
        "planen är årets första version"
    )


def test_a_budget_that_has_not_begun_does_not_apply(empty: World) -> None:
    empty.budget(2022, "sen", date(2022, 4, 1), personal=-110)
    assert value(empty, "ekonomi.drift.budget", "2022-03", "personal") is None


def test_plans_for_years_to_come_are_shown_by_year(alingsas: World) -> None:
    result = live(alingsas, "ekonomi.drift.budget_per_ar", "2022-05")
    assert result.get("intakter") == result.get("intakter", "2022")
    assert [result.get("intakter", str(year)).text() for year in (2021, 2022, 2023, 2024)] == [  # type: ignore[union-attr]
        "193\u00a0979", "195\u00a0144", "200\u00a0815", "208\u00a0231",
    ]  # fmt: skip


def test_no_forecast_is_missing_and_never_zero(alingsas: World) -> None:
    for name in ("prognos", "prognosavvikelse", "prognosforandring"):
        result = live(alingsas, f"ekonomi.drift.{name}", "2022-04")
        assert len(result.rows) == 10
        assert {row.text() for row in result.rows} == {"iu."}
    assert live(alingsas, "ekonomi.drift.budget", "2022-04").get("resultat").text() == "0"  # type: ignore[union-attr]


def test_a_sum_with_a_missing_part_is_missing(empty: World) -> None:
    empty.forecast("2022-05", personal=-10, lokaler=-5, kop_tjanster=-1, intakter=7)
    assert value(empty, "ekonomi.drift.prognos", "2022-05", "kostnader") is None
    assert value(empty, "ekonomi.drift.prognos", "2022-05", "personal") == -10


def test_sums_are_taken_on_unrounded_values(empty: World) -> None:
    empty.forecast("2022-05", personal="-400.40", lokaler="-400.40", kop_tjanster="-400.40", ovriga="-400.40")
    row = live(empty, "ekonomi.drift.prognos", "2022-05").get("kostnader")
    assert row is not None
    assert row.value == Decimal("-1601.60")
    assert row.text() == "−2"


def test_change_compares_with_the_latest_earlier_forecast(alingsas: World) -> None:
    change = live(alingsas, "ekonomi.drift.prognosforandring", "2022-05")
    assert change.get("personal").text() == "+10\u00a0254"  # type: ignore[union-attr]
    assert change.get("resultat").text() == "+10\u00a0000"  # type: ignore[union-attr]
    with LiveSource(alingsas.committee) as source:
        assert compared_with(source, At.of(alingsas.occasions["2022-05"])) == ("2022-03", "2022-03")
        assert compared_with(source, At.of(alingsas.occasions["2022-03"])) is None
    assert value(alingsas, "ekonomi.drift.prognosforandring", "2022-03", "personal") is None


def test_outcome_covers_the_year_or_is_missing(empty: World) -> None:
    name = "ekonomi.drift.utfall"
    for month in range(1, 8):
        empty.outcome(date(2022, month, 1), date(2022, month + 1, 1), personal=-1)
    assert value(empty, name, "2022-05", "personal") == -5
    assert value(empty, name, "2022-08", "personal") is None, "augusti saknas"
    empty.outcome(date(2022, 8, 1), date(2022, 9, 1), personal=-1)
    assert value(empty, name, "2022-08", "personal") == -8
    empty.outcome(date(2022, 1, 1), date(2022, 9, 1), personal=-80)
    assert value(empty, name, "2022-08", "personal") == -80, (
        "perioden från årets början räknas, inte månaderna i den"
    )


def test_a_gap_makes_the_outcome_missing(empty: World) -> None:
    for month in (1, 2, 4, 5):
        empty.outcome(date(2022, month, 1), date(2022, month + 1, 1), personal=-1)
    assert value(empty, "ekonomi.drift.utfall", "2022-05", "personal") is None


def test_last_years_outcome_is_that_of_the_same_months(empty: World) -> None:
    empty.outcome(date(2021, 1, 1), date(2021, 6, 1), personal=-30)
    empty.outcome(date(2021, 6, 1), date(2022, 1, 1), personal=-99)
    empty.outcome(date(2022, 1, 1), date(2022, 6, 1), personal=-40)
    assert value(empty, "ekonomi.drift.utfall_foregaende_ar", "2022-05", "personal") == -30
    assert value(empty, "ekonomi.drift.utfallsforandring", "2022-05", "personal") == -10


def test_behind_a_variance_stand_its_budget_and_forecast_lines(alingsas: World) -> None:
    at = At.of(alingsas.occasions["2022-05"])
    with LiveSource(alingsas.committee) as source:
        behind = rows_behind("ekonomi.drift.prognosavvikelse", source, at, {"rad": "ovriga"})
        assert [gid.split(":")[0] for gid in behind.gids] == ["economy.budgetline", "economy.forecastline"]
        amounts = [row[list(behind.columns).index("amount")] for row in behind.rows]
        assert amounts == [-77_411_000, -88_213_000]
        assert behind.total == 2
        both = rows_behind("ekonomi.drift.prognosavvikelse", source, at, {"rad": "resultat"})
        assert both.total == 14
        some = rows_behind("ekonomi.drift.prognosavvikelse", source, at, {"rad": "resultat"}, limit=3)
        assert (len(some.rows), some.total) == (3, 14)
        none = rows_behind("ekonomi.drift.prognosavvikelse", source, at, {"rad": "' OR 1=1 --"})
        assert none.total == 0


def test_a_key_the_figure_lacks_is_refused(alingsas: World) -> None:
    result = live(alingsas, "ekonomi.drift.budget", "2022-05")
    assert result.get("finns_inte") is None
    with pytest.raises(UnknownKeyError, match="ar"):
        result.get("personal", ar="2022")
    with pytest.raises(UnknownKeyError, match="1 nycklar"):
        result.get("personal", "2022")


def test_a_snapshot_keeps_what_was_known(alingsas: World) -> None:
    occasion = alingsas.occasions["2022-05"]
    snapshot, at = take_snapshot(occasion), At.of(occasion)
    alingsas.occasions["2022-05"].forecast_lines.filter(group__code="personal").update(amount=-1)
    with SnapshotSource.open(snapshot) as source:
        assert compute("ekonomi.drift.prognos", source, at).get("personal").text() == "−714\u00a0211"  # type: ignore[union-attr]
    assert value(alingsas, "ekonomi.drift.prognos", "2022-05", "personal") == -1


def test_worlds_are_independent(db: None) -> None:
    one, other = alingsas(), empty_world("annan-von", "9999")
    assert value(one, "ekonomi.drift.budget", "2022-05", "personal") is not None
    assert value(other, "ekonomi.drift.budget", "2022-05", "personal") is None
