"""The synthetic events of the demonstration: their totals are the printed ones, and nothing in them is a person's."""

from __future__ import annotations

from collections import Counter
from functools import cache

import pytest

from roder.core import persons
from roder.imports.kinds import KINDS
from roder.quality.demo.plan import AREAS, HALVES
from roder.quality.demo.stream import Event, events
from roder.quality.demo.tables import MARK, Table, deviations, tables


@cache
def stream() -> list[Event]:
    """The events, made once."""
    return events()


@cache
def made() -> dict[str, Table]:
    """The tables by the kind of import, made once."""
    return {table.kind: table for table in tables()}


def half(event: Event) -> tuple[int, int]:
    """The half-year it was reported in."""
    return event.reported.year, 1 if event.reported.month < 7 else 2


def internal(year: int, number: int | None = None) -> list[Event]:
    """Internal ones of a year or a half of it."""
    return [
        one
        for one in stream()
        if one.direction == "intern" and one.reported.year == year and number in (None, half(one)[1])
    ]


def per_area(found: list[Event], kind: str) -> list[int]:
    """Serious ones of a type per area, in the order of the printed table."""
    counts = Counter(one.area for one in found if one.serious and kind in one.types)
    return [counts[area] for area in AREAS]


def test_totals_as_printed() -> None:
    assert [len(internal(2022, 1)), len(internal(2021, 1))] == [3444, 2582]
    counts = Counter(kind for one in internal(2021) for kind in one.types)
    assert [counts["fall"], counts["lakemedel"], counts["bemotande"]] == [2529, 3785, 132]
    assert all(len(internal(one.year, one.half)) == one.total for one in HALVES)


def test_serious_as_printed() -> None:
    assert per_area(internal(2022, 1), "fall") == [11, 6, 3, 0, 0]
    assert per_area(internal(2021, 1), "fall") == [7, 2, 0, 0, 0]
    assert per_area(internal(2022, 1), "lakemedel") == [2, 0, 0, 2, 1]
    assert per_area(internal(2021, 1), "lakemedel") == [6, 4, 2, 0, 0]
    assert sum(per_area(internal(2021), "fall")) == 24
    assert sum(per_area(internal(2021), "lakemedel")) == 12
    for year in (2021, 2022):
        assert all(one.types in (("fall",), ("lakemedel",)) for one in internal(year, 1) if one.serious)


def test_equipment_as_printed() -> None:
    def equipment(year: int) -> list[Event]:
        return [one for one in internal(year, 1) if "medicinteknik" in one.types]

    assert [len(equipment(year)) for year in (2019, 2022)] == [44, 44]
    assert len(equipment(2020)) < 22
    counts = Counter(one.area for one in equipment(2022))
    assert (counts["sol_boende"], counts["sol_hemtjanst"]) == (29, 7)
    assert counts["lss_boende"] + counts["lss_assistans"] == 8


def test_to_and_from_the_region_as_printed() -> None:
    counts = Counter((half(one), one.direction) for one in stream())
    assert counts[(2022, 1), "till_region"] == 33
    assert counts[(2021, 1), "till_region"] == 5
    assert counts[(2022, 1), "fran_region"] == 21
    assert counts[(2021, 1), "fran_region"] < 21
    assert all(one.counterpart for one in stream() if one.direction in ("till_region", "fran_region"))


def test_shares_of_2021_as_printed() -> None:
    found = internal(2021)
    assert round(100 * sum(one.closed is not None for one in found) / len(found)) == 53
    assert round(100 * sum(one.classified is not None for one in found) / len(found)) == 43
    assert all(moment.year == 2021 for one in found for moment in (one.closed, one.classified) if moment)


def test_falls_fewer_and_care_rising() -> None:
    counts = Counter((half(one), kind) for one in stream() if one.direction == "intern" for kind in one.types)
    assert counts[(2022, 1), "fall"] < counts[(2021, 1), "fall"]

    def care(year: int) -> int:
        return sum("omvardnad" in one.types and one.area == "sol_boende" for one in internal(year, 1))

    assert care(2022) > 2 * care(2021)


def test_every_event_could_have_happened() -> None:
    numbers = [one.number for one in stream()]
    assert len(set(numbers)) == len(numbers)
    for one in stream():
        assert one.occurred <= one.discovered <= one.reported
        assert one.classified is None or one.classified >= one.reported
        assert one.closed is None or one.closed >= one.reported
        assert (one.severity is None) == (one.classified is None)


def test_the_same_every_time() -> None:
    assert made()["avvikelser"].rows[::997] == deviations(stream()[::997]).rows


def test_complaints_and_registers_as_printed() -> None:
    complaints = [dict(zip(made()["klagomal"].heading, row, strict=True)) for row in made()["klagomal"].rows]
    first = [row for row in complaints if "2022-01" <= row["inkommen"] < "2022-07"]
    counts = Counter(row["typ"] for row in first)
    assert len(first) == 24
    assert (counts["traffpunkter"], counts["mat"], counts["vaxelvard"]) == (3, 2, 1)
    assert len([row for row in complaints if "2021-01" <= row["inkommen"] < "2021-07"]) > 24
    registers = {(row[0], row[1], row[2]): row[4] for row in made()["kvalitetsregister"].rows if not row[3]}
    assert [registers["bpsd_personer", period, ""] for period in ("2021-h1", "2022-h1")] == ["29", "36"]
    assert [registers["bpsd_registreringar", period, ""] for period in ("2021-h1", "2022-h1")] == ["42", "45"]
    assert registers["senior_alert_munhalsa_risk", "2022-h1", ""] == "38"
    assert registers["senior_alert_atgardsplaner", "2022-h1", ""] == "34"


def test_lex_sarah_as_printed() -> None:
    table = made()["lexsarah"]
    rows = [dict(zip(table.heading, row, strict=True)) for row in table.rows]
    serious = [
        row for row in rows if row["beslut"] == "serious" and "2022-01" <= row["beslutsdatum"] < "2022-07"
    ]
    assert [(row["extern"], bool(row["ivo_svar"]), bool(row["avslutad"])) for row in serious] == [
        ("ja", True, True)
    ]
    assert [row for row in rows if "2022-05-19" < row["beslutsdatum"] <= "2022-09-27"]


def test_every_file_is_marked_and_fits_its_import() -> None:
    for table in made().values():
        assert MARK in table.name
        what = KINDS[table.kind]
        assert set(what.required_columns) <= set(table.heading) <= set(what.file_columns)
        assert all(len(row) == len(table.heading) for row in table.rows)


@pytest.mark.parametrize("kind", ["avvikelser", "klagomal", "lexsarah"])
def test_no_personal_numbers(kind: str) -> None:
    texts = {cell for row in made()[kind].rows for cell in row if len(cell) > 9 and not cell[:4].isdigit()}
    assert not [text for text in texts if persons.find(text)]
