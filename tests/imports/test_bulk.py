"""Large files: the same rules and answers as small ones, and one fault in many rows is found at its row."""

from __future__ import annotations

from decimal import Decimal
from itertools import product
from pathlib import Path

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from roder.core.numbers import NumberError, parse_number
from roder.imports import readers
from roder.imports.cells import VALUE
from roder.imports.kinds import KINDS
from roder.imports.quality_cells import FreeText, Reference
from roder.imports.services import ImportFault, undo
from roder.imports.staging import Staging
from roder.measures.models import Measure, MeasureValue
from tests.imports.conftest import World

HEAD = "matt;period;enhet;kon;varde;taljare;namnare;kalla"


@pytest.fixture(autouse=True)
def _large_begins_lower(monkeypatch: pytest.MonkeyPatch) -> None:
    """The fast reader is taken for fewer rows than in life: the same way, in a fraction of the time."""
    monkeypatch.setattr(readers, "FAST_ABOVE", 200_000)


def lines(world: World) -> list[str]:
    """9 000 values of three measures."""
    Measure.objects.bulk_create(
        Measure(committee=world.committee, code=f"m{number}", title=f"Mått {number}", unit="antal")
        for number in range(3)
    )
    months = [f"{year}-{month:02}" for year, month in product(range(1992, 2092), range(1, 11))]
    return [
        f"m{number};{month};{unit};;{place},5;{place};10;Egen räkning"
        for number, (place, month), unit in product(range(3), enumerate(months), ("", "nord", "syd"))
    ]


def write(world: World, rows: list[str]) -> Path:
    return world.file("\n".join([HEAD, *rows]) + "\n")


def test_a_large_file(world: World) -> None:
    rows = lines(world)
    path = write(world, rows)
    assert path.stat().st_size > readers.FAST_ABOVE
    done = world.commit("mattvarden", path)
    assert done.counts.new == MeasureValue.objects.count() == 9_000
    assert MeasureValue.objects.get(
        measure__code="m2", period_start="1992-02-01", unit__code="syd"
    ).value == Decimal("1.5")
    assert world.commit("mattvarden", path).counts.unchanged == 9_000
    rows[100] = rows[100].replace(",5;", ",75;")
    again = world.commit("mattvarden", write(world, rows))
    assert (again.counts.changed, again.counts.unchanged) == (1, 8_999)
    assert again.batch is not None
    assert undo(KINDS["mattvarden"], again.batch).rows == 1
    assert done.batch is not None
    assert undo(KINDS["mattvarden"], done.batch).rows == 9_000


@pytest.mark.parametrize(
    ("at", "bad", "column", "what"),
    [
        (8_990, "m1;2021-06-31;;;1;;;", "period", "datumet 2021-06-31 finns inte"),
        (4_000, "m1;2021-06;;;tolv;;;", "varde", "inte ett tal"),
        (2_345, "m1;2021-06;;;1;;", None, "raden har 7 celler"),
        (2, "m77;2021-06;;;1;;;", "matt", "nyckeltalet ”m77” finns inte"),
    ],
)
def test_one_fault_in_many_rows(world: World, at: int, bad: str, column: str | None, what: str) -> None:
    rows = lines(world)
    rows[at - 2] = bad
    path = write(world, rows)
    seen = world.preview("mattvarden", path)
    assert [(fault.row, fault.column) for fault in seen.faults] == [(at, column)]
    assert what in seen.faults[0].what
    with pytest.raises(ImportFault):
        world.commit("mattvarden", path)
    assert not MeasureValue.objects.exists()


def test_both_readers_stage_the_same(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    rows = lines(world)
    path = world.file("\n".join([HEAD, *rows, "", 'm1;2099;;;"1 234,5";;;"a; ""b"""']) + "\n")

    def staged() -> list[tuple[object, ...]]:
        with Staging(KINDS["mattvarden"], world.context, path) as staging:
            staging.read()
            assert not staging.fault_count
            return staging.sql.execute("SELECT * FROM parsed ORDER BY n").fetchall()

    fast = staged()
    monkeypatch.setattr("roder.imports.readers.FAST_ABOVE", 10**12)
    assert staged() == fast
    assert fast[-1][0] == 9_003


numbers = st.one_of(
    st.from_regex(r"-?[0-9]{1,16}([,.][0-9]{1,6})?", fullmatch=True),
    st.text(alphabet="0123456789-+(), .'−", max_size=12),
)


@settings(deadline=None)
@given(numbers)
def test_the_engine_reads_a_number_as_the_functions_do(text: str) -> None:
    """What the engine takes for plain has the same value as the careful reader gives it."""
    found = duckdb.execute(
        f"SELECT CASE WHEN regexp_matches(?, '{VALUE.plain}') THEN CAST(replace(?, ',', '.') AS {VALUE.types[0]}) END",
        [text, text],
    ).fetchone()
    plain = found[0] if found else None
    if plain is not None:
        assert plain == parse_number(text)
        return
    try:
        parse_number(text)
    except NumberError:
        return


PIECES = (
    "20", "19", "811218", "9876", "01", "-", " ", ".", "+", "\u00a0", "\u2007", "\u2013", "T00:00", "T", "T98", "a",
    "å", "2015-9", "0000001", "12", "1", "31", "٣", "\x85", "\x1f", "\n", "VON", "/", "_",
)  # fmt: skip


@settings(max_examples=600, deadline=None)
@given(st.lists(st.sampled_from(PIECES), min_size=1, max_size=9).map("".join))
def test_the_engine_takes_a_text_only_as_the_functions_do(text: str) -> None:
    """What the engine takes for a plain text is what the careful reader gives; nobody's identity number among them."""
    for cell in (Reference(20), FreeText(200), FreeText(12)):
        condition, value = cell.quick("t", "VARCHAR")
        found = duckdb.execute(
            f"SELECT {value} FROM (SELECT nullif(trim(?), '') AS t) WHERE t IS NOT NULL AND {condition}",
            [text],
        ).fetchone()
        if found is not None:
            assert cell.reader(None)(text.strip()) == (found[0],)  # type: ignore[arg-type]


def test_the_numbers_of_other_systems_are_taken_by_the_engine() -> None:
    """Long numbers that are nobody's are read at once; an identity number never is."""
    condition, _ = Reference(20).quick("t", "VARCHAR")
    for text, taken in (("2015-90000001", True), ("811218-9876", False), ("19811218 9876", False)):
        found = duckdb.execute(f"SELECT {condition} FROM (SELECT ? AS t)", [text]).fetchone()
        assert found == (taken,), text
