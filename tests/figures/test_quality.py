"""Figures of quality: what is counted in which period, state at the cut-off, and what is not known."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pgtrigger
import pytest

from roder.figures import (
    At,
    LiveSource,
    Result,
    SnapshotFault,
    SnapshotSource,
    compute,
    rows_behind,
    take_snapshot,
)
from roder.figures.manifest import folder_of
from roder.organisation.models import Unit
from roder.quality.rules import complaints as rules
from roder.steering.models import Occasion
from tests.figures.quality_world import complaint, deviation, lex_sarah, moment, provider_report, words
from tests.figures.world import World


def occasion(world: World, kind: str, cut_off: date, year: int | None = None) -> Occasion:
    """An occasion of quality."""
    return Occasion.objects.create(
        committee=world.committee, model=world.occasions["2022-05"].model, year=year or cut_off.year,
        code=f"{kind[:8]}-{cut_off}", kind=kind, name=kind, cut_off=cut_off,
    )  # fmt: skip


@pytest.fixture
def town(empty: World) -> World:
    """A committee with the words of quality, and an occasion for the first half of 2022."""
    words(empty)
    empty.occasions["h1"] = occasion(empty, "half_year", date(2022, 6, 30))
    return empty


def of(world: World, name: str, at: str = "h1") -> Result:
    """A figure of the live database."""
    with LiveSource(world.committee) as source:
        return compute(name, source, At.of(world.occasions[at]))


def value(result: Result, *key: str) -> Decimal | None:
    """A number of a figure; None when it is missing or not there."""
    row = result.get(*key)
    return row.value if row else None


@pytest.mark.parametrize(
    ("kind", "cut_off", "year", "start", "end"),
    [
        ("half_year", date(2022, 6, 30), 2022, date(2022, 1, 1), date(2022, 7, 1)),
        ("half_year", date(2022, 12, 31), 2022, date(2022, 7, 1), date(2023, 1, 1)),
        ("half_year", date(2022, 8, 30), 2022, date(2022, 3, 1), date(2022, 8, 31)),
        ("quarter", date(2022, 3, 31), 2022, date(2022, 1, 1), date(2022, 4, 1)),
        ("quality_year", date(2021, 12, 31), 2021, date(2021, 1, 1), date(2022, 1, 1)),
        ("annual", date(2023, 1, 20), 2022, date(2022, 1, 1), date(2023, 1, 1)),
        ("monthly", date(2024, 2, 29), 2024, date(2024, 1, 1), date(2024, 3, 1)),
        ("plan", date(2021, 12, 17), 2022, date(2021, 1, 1), date(2021, 12, 18)),
        ("meeting", date(2022, 2, 15), 2022, date(2022, 1, 1), date(2022, 2, 16)),
    ],
)
def test_the_period_of_an_occasion(
    empty: World, kind: str, cut_off: date, year: int, start: date, end: date
) -> None:
    at = At.of(occasion(empty, kind, cut_off, year))
    assert (at.period_start, at.period_end) == (start, end)


def test_a_meeting_hears_of_what_came_since_the_last(empty: World) -> None:
    occasion(empty, "meeting", date(2021, 12, 7))
    later = occasion(empty, "meeting", date(2022, 1, 25))
    assert At.of(later).period_start == date(2021, 12, 8)
    much_later = occasion(empty, "meeting", date(2024, 1, 25))
    assert At.of(much_later).period_start == date(2023, 1, 26), "aldrig mer än ett år"


def test_the_same_part_of_five_years_is_counted_once_each(town: World) -> None:
    for day in (date(2022, 1, 1), date(2022, 6, 30), date(2021, 3, 3), date(2020, 2, 29)):
        deviation(town, day, "fall")
    for day in (date(2022, 7, 1), date(2021, 12, 31), date(2021, 7, 1)):
        deviation(town, day, "fall")
    deviation(town, date(2022, 5, 5), "fall", direction="till_region", counterpart="hospital")
    deviation(town, date(2022, 5, 6), "fall", direction="extern_utforare")
    result = of(town, "quality.avvikelser.antal")
    assert {row.key["ar"]: row.value for row in result.rows} == {"2022": 2, "2021": 1, "2020": 1}
    assert value(result) == 2, "utan år: tillfällets"
    assert value(of(town, "quality.avvikelser.samverkan"), "till_region", "2022") == 1
    assert value(of(town, "quality.avvikelser.samverkan_motpart"), "till_region", "hospital", "2022") == 1
    assert value(of(town, "quality.avvikelser.samverkan"), "fran_region", "2022") == 0
    assert value(of(town, "quality.avvikelser.externa"), "2022") == 1
    months = of(town, "quality.avvikelser.per_manad")
    assert value(months, "2022-06") == 1
    assert value(months, "2022-05") == 0
    assert len(months.rows) == 24
    with LiveSource(town.committee) as source:
        behind = rows_behind("quality.avvikelser.antal", source, At.of(town.occasions["h1"]), {"ar": "2022"})
    assert behind.total == 2
    assert all(gid.startswith("quality.deviation:") for gid in behind.gids)


def test_a_day_is_swedish(town: World) -> None:
    late_evening = moment(date(2022, 6, 30), 22, 30)  # half past midnight in July, in Sweden
    deviation(town, late_evening, "fall")
    deviation(town, late_evening - timedelta(hours=1), "fall")
    assert value(of(town, "quality.avvikelser.antal"), "2022") == 1


def test_a_meeting_over_new_year_is_compared_with_the_same_days(town: World) -> None:
    occasion(town, "meeting", date(2021, 12, 7))
    town.occasions["m"] = occasion(town, "meeting", date(2022, 1, 25))
    for day in (
        date(2021, 12, 7),
        date(2021, 12, 8),
        date(2022, 1, 25),
        date(2022, 1, 26),
        date(2021, 1, 25),
    ):
        deviation(town, day, "fall")
    result = of(town, "quality.avvikelser.antal", "m")
    assert {row.key["ar"]: row.value for row in result.rows} == {"2022": 2, "2021": 1}


def test_types_causes_and_serious_ones_by_area(town: World) -> None:
    serious = {"severity": 3, "serious": True}
    deviation(
        town, date(2022, 2, 1), "fall/egen_aktivitet", "lakemedel/ej_signerad", omrade="boende", **serious
    )
    deviation(town, date(2022, 2, 2), "lakemedel/ej_signerad", "lakemedel/dos_ej_given", omrade="hemtjanst")
    deviation(town, date(2022, 2, 3), "fall", direction="extern_utforare", omrade="privat", **serious)
    deviation(town, date(2022, 2, 4), "fall", direction="fran_region", **serious)
    kinds = of(town, "quality.avvikelser.per_typ")
    assert [value(kinds, kind, "2022") for kind in ("fall", "lakemedel", "bemotande")] == [1, 2, 0]
    assert kinds.labels["typ"]["fall"] == "Fall"
    found = of(town, "quality.avvikelser.allvarliga")
    assert [value(found, "fall", area, "2022") for area in ("boende", "hemtjanst", "privat")] == [1, 0, 1]
    assert value(found, "lakemedel", "boende", "2022") == 1
    causes = of(town, "quality.avvikelser.per_orsak")
    assert value(causes, "lakemedel", "ej_signerad", "2022") == 2
    assert value(causes, "lakemedel", "dos_ej_given", "2022") == 1
    now = of(town, "quality.avvikelser.per_omrade_orsak")
    assert value(now, "hemtjanst", "lakemedel", "dos_ej_given") == 1
    assert value(of(town, "quality.avvikelser.per_omrade"), "hemtjanst", "2022") == 1


def test_what_was_done_after_the_cut_off_is_not_done_in_it(town: World) -> None:
    day, after = moment(date(2022, 6, 20)), moment(date(2022, 7, 2))
    done = {"severity": 1, "classified_at": day + timedelta(hours=5), "closed_at": day + timedelta(days=3)}
    deviation(town, day, "fall", occurred_at=day - timedelta(hours=2), **done)
    deviation(
        town,
        day,
        "fall",
        occurred_at=day - timedelta(hours=4),
        severity=1,
        classified_at=after,
        closed_at=after,
    )
    closed = of(town, "quality.avvikelser.avslutade").get("totalt", "2022")
    assert closed is not None
    assert (closed.numerator, closed.denominator, closed.value) == (1, 2, 50)
    assert value(of(town, "quality.avvikelser.klassificerade"), "utan_omrade", "2022") == 50
    assert value(of(town, "quality.avvikelser.mal"), "avslutade") == 95
    median, ninety = of(town, "quality.avvikelser.ledtid_median"), of(town, "quality.avvikelser.ledtid_90")
    assert value(median, "till_rapport", "2022") == 3
    assert value(ninety, "till_rapport", "2022") == Decimal("3.8")
    assert value(median, "till_avslut", "2022") == 72, "den som var öppen räknas inte"


def test_a_merged_case_is_counted_in_the_other_only(town: World) -> None:
    kept = deviation(town, date(2022, 2, 1), "fall")
    at = moment(date(2022, 2, 2))
    deviation(town, at, "fall", state="merged", merged_into=kept, closed_at=at)
    assert value(of(town, "quality.avvikelser.antal"), "2022") == 1
    assert value(of(town, "quality.avvikelser.per_typ"), "fall", "2022") == 1


def test_lex_sarah_of_the_period_and_of_earlier_years(town: World) -> None:
    deviation(town, date(2020, 1, 5), "fall")
    lex_sarah(town, date(2021, 11, 2), "misconduct", date(2022, 2, 1))
    lex_sarah(town, date(2022, 3, 2), "serious", date(2022, 4, 1), notified_on=date(2022, 4, 1))
    lex_sarah(town, date(2022, 5, 2), "not_misconduct", date(2022, 7, 1))
    lex_sarah(town, date(2022, 5, 3), external=True)
    assert value(of(town, "quality.lex_sarah.rapporterade"), "2022") == 2
    assert value(of(town, "quality.lex_sarah.rapporterade"), "2020") == 0
    assert value(of(town, "quality.lex_sarah.rapporterade"), "2019") is None
    assert value(of(town, "quality.lex_sarah.externa"), "2022") == 1
    assert value(of(town, "quality.lex_sarah.anmalda"), "2022") == 1
    outcomes = of(town, "quality.lex_sarah.per_beslut")
    assert [value(outcomes, code, "2022") for code in ("misconduct", "serious", "not_misconduct")] == [
        1,
        1,
        0,
    ]
    assert value(of(town, "quality.lex_sarah.fran_tidigare_ar"), "misconduct") == 1
    decided = of(town, "quality.lex_sarah.beslutade")
    assert {decided.label(row): row.value for row in decided.rows} == {
        "2021-001: Missförhållande eller påtaglig risk för det": 91,
        "2022-002: Allvarligt missförhållande eller påtaglig risk för det": 30,
    }
    assert value(of(town, "quality.lex_sarah.oppna"), "2022") == 1
    assert value(of(town, "quality.lex_maria.anmalda"), "2022") == 0


def test_complaints_answered_and_waiting(town: World) -> None:
    received = date(2022, 5, 1)
    complaint(
        town, received, "utforande", "bemotande", acknowledged_at=moment(received), complainant="anhorig"
    )
    complaint(town, received, "utforande", answered_at=moment(date(2022, 5, 9)), kind="synpunkt")
    complaint(town, received, answered_at=moment(date(2022, 7, 9)), acknowledged_at=moment(date(2022, 6, 25)))
    complaint(town, received, anonymous=True, kind="berom", concerns_declaration=True)
    assert value(of(town, "quality.klagomal.antal"), "2022") == 4
    assert value(of(town, "quality.klagomal.antal"), "2021") is None
    kinds = of(town, "quality.klagomal.per_slag")
    assert [value(kinds, kind, "2022") for kind in ("klagomal", "synpunkt", "berom")] == [2, 1, 1]
    assert value(of(town, "quality.klagomal.per_amne"), "utforande", "2022") == 2
    assert value(of(town, "quality.klagomal.fran_vem"), "anhorig", "2022") == 1
    answered = of(town, "quality.klagomal.besvarade").get("2022")
    assert answered is not None
    assert (answered.numerator, answered.denominator) == (1, 3)
    assert value(of(town, "quality.klagomal.obesvarade"), "2022") == 1
    assert value(of(town, "quality.klagomal.servicedeklaration"), "2022") == 1


@pytest.mark.parametrize("days", [14, None])
def test_unanswered_is_counted_as_on_the_page(town: World, days: int | None) -> None:
    model, last = town.occasions["h1"].model, date(2022, 6, 30)
    if days is None:
        del model.content["complaints"]["unanswered_days"]
        with pgtrigger.ignore("steering.SteeringModelVersion:never_changed"):
            model.save(update_fields=["content"])
    waited = [date(2022, 6, 15), date(2022, 6, 16), date(2022, 6, 17)]
    for day in waited:
        complaint(town, day, acknowledged_at=moment(day))
    on_the_page = sum(rules.unanswered(day, None, False, last, days) for day in waited)
    snapshot, at = take_snapshot(town.occasions["h1"]), At.of(town.occasions["h1"])
    with LiveSource(town.committee) as live, SnapshotSource.open(snapshot) as frozen:
        found = [value(compute("quality.klagomal.obesvarade", one, at), "2022") for one in (live, frozen)]
    assert on_the_page == (1 if days else 0)
    assert found == ([1, 1] if days else [None, None])


def test_providers_quarters_and_late_reports(town: World) -> None:
    unit = Unit.objects.create(committee=town.committee, code="ext", name="Utföraren", kind="unit")
    provider_report(town, unit, 2022, 1, date(2022, 4, 10), fall=7)
    provider_report(town, unit, 2022, 2, None)
    provider_report(town, unit, 2021, 2, date(2021, 8, 1), fall=3)
    found = of(town, "quality.externa.per_typ")
    assert value(found, "fall", "2022") == 7
    assert value(found, "fall", "2021") == 3
    assert value(of(town, "quality.externa.per_kvartal"), "ext", "fall", "2022-1") == 7
    assert value(of(town, "quality.externa.sena"), "ext", "2021") == 1
    assert value(of(town, "quality.externa.sena"), "ext", "2022") == 0, "inte försenad vid brytdatum"
    assert value(of(town, "quality.externa.lex_sarah"), "rapporterade", "2022") == 1


def test_the_last_quarter_of_the_period_is_counted_when_it_has_come(town: World) -> None:
    """It is opened when it is over, so it is always submitted after the cut-off."""
    unit = Unit.objects.create(committee=town.committee, code="ext", name="Utföraren", kind="unit")
    provider_report(town, unit, 2022, 1, date(2022, 4, 10), fall=7)
    before = take_snapshot(town.occasions["h1"])
    provider_report(town, unit, 2022, 2, date(2022, 7, 20), fall=5)
    provider_report(town, unit, 2022, 3, date(2022, 10, 10), fall=100)
    snapshot, at = take_snapshot(town.occasions["h1"]), At.of(town.occasions["h1"])
    with SnapshotSource.open(before) as first, SnapshotSource.open(snapshot) as then:
        counted = [
            value(compute("quality.externa.per_typ", one, at), "fall", "2022") for one in (first, then)
        ]
        assert compute("quality.externa.per_typ", then, at).rows == of(town, "quality.externa.per_typ").rows
    assert counted == [7, 12]
    assert value(of(town, "quality.externa.per_kvartal"), "ext", "fall", "2022-2") == 5
    assert value(of(town, "quality.externa.lex_sarah"), "rapporterade", "2022") == 2
    assert value(of(town, "quality.externa.sena"), "ext", "2022") == 0, "inte försenad vid brytdatum"


def test_a_snapshot_from_before_quality_says_so(town: World) -> None:
    folder = folder_of(take_snapshot(town.occasions["h1"]))
    (folder / "deviations.parquet").unlink()
    with SnapshotSource(folder) as source, pytest.raises(SnapshotFault, match="innan Roder hade Avvikelser"):
        compute("quality.avvikelser.antal", source, At.of(town.occasions["h1"]))
