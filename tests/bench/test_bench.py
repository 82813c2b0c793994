"""The measurements themselves: what the table says, and that compared ways give the same.

That every measurement works is seen with ``make bench ARGS=--quick``: it takes minutes, so it is not a test.
"""

from __future__ import annotations

from pathlib import Path

import pytest
from bench.results import limit_row, page, ratio_row, table
from bench.timing import alternate

from bench import figure


def test_a_ratio_says_how_many_times_and_whether_it_was_kept() -> None:
    slower = ratio_row("x", "a", 3.0, "b", 2.0, "at most", 1.5)
    assert (slower.shown, slower.kept) == ("1.50 times the time", True)
    faster = ratio_row("x", "a", 0.5, "b", 2.0, "at least", 5)
    assert (faster.shown, faster.kept) == ("4.0 times faster", False)
    rate = ratio_row("x", "a", 60.0, "b", 100.0, "at least", 0.5, of="rate")
    assert (rate.shown, rate.kept) == ("0.60 of the rate", True)


def test_the_table_shows_what_was_not_kept() -> None:
    rows = [
        limit_row("x", "memory", 300, "MB", "at most", 250),
        limit_row("x", "rate", 61, "requests/s", "at least", 60),
    ]
    lines = table(rows).splitlines()
    assert lines[2] == "| memory | 300 MB | a limit | 300 MB | at most 250 MB | **no** |"
    assert lines[3].endswith("| yes |")
    assert "- two cores" in page(rows, ["two cores"], ["how"])


def test_compared_calls_take_turns_and_the_first_round_does_not_count() -> None:
    called: list[str] = []
    found = alternate({"a": lambda: called.append("a"), "b": lambda: called.append("b")}, 2)
    assert called == ["a", "b"] * 3
    assert set(found) == {"a", "b"}


def test_the_catalogue_and_the_hand_written_query_give_the_same_numbers(tmp_path: Path) -> None:
    folder = tmp_path / "uttag"
    rows = figure.write_snapshot(folder, values=3_000, measures=5)
    assert 2_500 <= rows <= 3_000
    by_roder, by_hand = figure.by_roder(folder)(), figure.by_hand(folder)()
    assert len(by_roder) == 5 * 9
    assert by_roder == [(code, year, pytest.approx(value)) for code, year, value in by_hand]
