"""Control limits, Pareto, and what is hidden so that nobody can be pointed out."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from roder.quality.statistics import rules

#: Viscosity of aircraft primer paint, Montgomery, Introduction to Statistical Quality Control, example 6.5.
PAINT = [
    Decimal(value)
    for value in "33.75 33.05 34.00 33.81 33.46 34.02 33.68 33.27 33.49 33.20 33.62 33.00 33.54 33.12 33.84".split()
]


def test_limits_are_the_textbooks() -> None:
    found = rules.limits(PAINT)
    assert found is not None
    assert round(found.mean, 2) == Decimal("33.52")
    assert round(found.upper, 2) == Decimal("34.80")
    assert round(found.lower, 2) == Decimal("32.24")
    assert rules.unusual(PAINT, found) == []


def test_a_month_outside_the_limits_is_unusual() -> None:
    usual = [100, 104, 98, 101, 99, 103, 100, 97, 102, 101, 99, 100]
    within = rules.limits(usual)
    assert within is not None
    assert rules.unusual([*usual, 140], within) == [12]
    assert rules.shifted([*usual, *[103] * 8], within) == 8
    assert rules.shifted([*usual, *[98] * 9], within) == -11
    assert rules.shifted([*usual, *[103] * 7], within) == 0


def test_too_few_months_have_no_limits_and_counts_are_never_below_zero() -> None:
    assert rules.limits([1] * 11) is None
    within = rules.limits([0, 5] * 6)
    assert within is not None
    assert within.lower == 0


def test_pareto_begins_with_the_most_common() -> None:
    shares = rules.pareto({"a": 10, "b": 60, "c": 30, "d": 0})
    assert [(one.key, one.cumulative) for one in shares] == [("b", 60), ("c", 90), ("a", 100)]
    assert rules.vital(shares) == 2
    assert rules.pareto({}) == []


def test_change_from_nothing_is_not_a_percentage() -> None:
    assert rules.change(3444, 2582) == Decimal(862) * 100 / 2582
    assert rules.change(3, 0) is None


def test_shades_run_from_one_to_five() -> None:
    assert [rules.heat(value, 100) for value in (0, 1, 20, 21, 100)] == [0, 1, 1, 2, 5]
    assert rules.heat(0, 0) == 0


def test_a_small_number_takes_another_with_it() -> None:
    assert rules.hide_in_list({"a": 3, "b": 40, "c": 90}, 5) == {"a", "b"}
    assert rules.hide_in_list({"a": 3, "b": 4, "c": 90}, 5) == {"a", "b"}
    assert rules.hide_in_list({"a": 1, "b": 1, "c": 90}, 5) == {"a", "b", "c"}
    assert rules.hide_in_list({"a": 0, "b": 40}, 5) == set()
    assert rules.hide_in_list({"a": 3, "b": 0}, 5) == {"a", "b"}


def test_a_hidden_cell_of_a_table_has_company_in_its_row_and_column() -> None:
    cells = {("x", "fall"): 2, ("x", "drug"): 30, ("y", "fall"): 20, ("y", "drug"): 50}
    table = rules.with_sums(cells, ["x", "y"], ["fall", "drug"])
    assert table["*", "*"] == 102
    assert rules.hide_in_table(table, 5) == {("x", "fall"), ("x", "drug"), ("y", "fall"), ("y", "drug")}


def _computable(table: dict[rules.Place, int], hidden: set[rules.Place]) -> set[rules.Place]:
    """The hidden numbers that follow from those shown: by elimination among the equations of rows and columns."""
    order = sorted(hidden, key=str)
    rows = {row for row, _ in table}
    columns = {column for _, column in table}
    equations = []
    for line in rows:
        equations.append({(line, c): (-1 if c == rules.SUM else 1) for c in columns})
    for line in columns:
        equations.append({(r, line): (-1 if r == rules.SUM else 1) for r in rows})
    matrix = [[Fraction(one.get(place, 0)) for place in order] for one in equations]
    pivots: list[int] = []
    for column in range(len(order)):
        at = len(pivots)
        found = next((r for r in range(at, len(matrix)) if matrix[r][column]), None)
        if found is None:
            continue
        matrix[at], matrix[found] = matrix[found], matrix[at]
        matrix[at] = [value / matrix[at][column] for value in matrix[at]]
        for r in range(len(matrix)):
            if r != at and matrix[r][column]:
                factor = matrix[r][column]
                matrix[r] = [a - factor * b for a, b in zip(matrix[r], matrix[at], strict=True)]
        pivots.append(column)
    return {
        order[column]
        for row, column in enumerate(pivots)
        if not any(value for place, value in enumerate(matrix[row]) if place != column)
    }


@given(
    st.lists(st.lists(st.integers(0, 30), min_size=3, max_size=3), min_size=1, max_size=4), st.integers(1, 10)
)
def test_no_hidden_number_can_be_computed(numbers: list[list[int]], below: int) -> None:
    rows, columns = list(range(len(numbers))), ["a", "b", "c"]
    cells = {(r, c): value for r, line in enumerate(numbers) for c, value in zip(columns, line, strict=True)}
    table = rules.with_sums(cells, rows, columns)
    hidden = rules.hide_in_table(table, below)
    assert {place for place, value in table.items() if 0 < value < below} <= hidden
    assert not _computable(table, hidden)
