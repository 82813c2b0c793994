"""The table of values: new ones take the place of old ones, in order, whatever the number sorted at a time."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pyarrow.parquet as pq
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from roder.kolada import store as module
from roder.kolada.store import Store, Value


def value(kpi: str, place: str, year: int, number: int | None, *, withdrawn: bool = False) -> Value:
    return Value(
        kpi, place, year, "T", None if number is None else Decimal(number), 1, "", withdrawn=withdrawn
    )


def put(table: Store, values: list[Value]) -> int:
    with table.staging() as staged:
        staged.add(values)
        return table.merge(staged)


one_value = st.builds(
    value,
    st.sampled_from(["N1", "N2", "U1", "U2", "U3"]),
    st.sampled_from(["0000", "1489", "G1"]),
    st.integers(2018, 2020),
    st.none() | st.integers(-5, 100),
    withdrawn=st.booleans(),
)
fetches = st.lists(
    st.lists(one_value, max_size=25, unique_by=lambda one: (one.kpi, one.place, one.year)), max_size=3
)


@settings(max_examples=12, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(given=fetches, at_a_time=st.sampled_from([1, 7, 1_000_000]))
def test_it_holds_what_was_fetched_last(
    tmp_path_factory: pytest.TempPathFactory, given: list[list[Value]], at_a_time: int
) -> None:
    table, known = Store(tmp_path_factory.mktemp("kolada")), {}
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(module, "SORTED_ROWS", at_a_time)
        for fetched in given:
            for one in fetched:
                known[one.kpi, one.place, one.year] = one
            known = {key: one for key, one in known.items() if not one.withdrawn}
            assert put(table, fetched) == len(known)
    found = table.read(["N1", "N2", "U1", "U2", "U3"])
    assert [(one.kpi, one.place, one.year) for one in found] == sorted(known)
    assert {(one.kpi, one.place, one.year): one.value for one in found} == {
        k: v.value for k, v in known.items()
    }


def test_a_page_reads_only_its_own_key_figures(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "GROUP_ROWS", 10)
    table = Store(tmp_path)
    put(
        table,
        [value(f"U{kpi}", f"{place:04}", 2020, place) for kpi in range(9) for place in range(1000, 1010)],
    )
    file = pq.ParquetFile(table.path)
    lowest = [file.metadata.row_group(n).column(0).statistics.min for n in range(file.num_row_groups)]
    assert lowest == sorted(lowest) and len(set(lowest)) == 9


def test_the_spread_is_of_municipalities_only(tmp_path: Path) -> None:
    table = Store(tmp_path)
    places = [("0000", 1), ("0014", 2), ("G1", 3), ("1489", 4), ("0180", 5), ("1441", None)]
    put(table, [value("U1", place, 2020, number) for place, number in places])
    assert table.spread_of("U1", 2020) == [4, 5]


def test_before_anything_is_fetched_there_is_nothing(tmp_path: Path) -> None:
    table = Store(tmp_path)
    assert table.read(["U1"]) == [] and table.spread_of("U1", 2020) == [] and not table.has_examples(["U1"])
    assert table.read([]) == []


def test_a_merge_that_fails_leaves_the_old_table(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    table = Store(tmp_path)
    put(table, [value("U1", "1489", 2020, 95)])
    monkeypatch.setattr(module.os, "fsync", lambda handle: (_ for _ in ()).throw(OSError("skivan är full")))
    with pytest.raises(OSError, match="full"):
        put(table, [value("U1", "1489", 2020, 96)])
    monkeypatch.undo()
    assert [one.value for one in table.read(["U1"])] == [95]
    assert sorted(path.name for path in tmp_path.iterdir()) == ["las", "varden.parquet"]
