"""What holds for every model file, tried on many."""

from __future__ import annotations

import string
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic_core import PydanticCustomError
from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError
from ruamel.yaml.tokens import AliasToken, AnchorToken

from roder.steering.modelfile import ChangeKind, SteeringModel, check_text, diff, from_json, to_json
from roder.steering.modelfile.parts import read_date, read_decimal
from tests.steering.modelfile_text import SMALL, changed

WHOLE = check_text(SMALL).model
assert WHOLE is not None
LABELS = st.text(string.ascii_letters + "åäöÅÄÖ –”,:", min_size=1, max_size=40).filter(
    lambda text: text.strip() != ""
)


@given(st.text(max_size=300))
@settings(max_examples=60, deadline=None)
def test_any_text_gives_faults_and_never_an_exception(text: str) -> None:
    checked = check_text(text)
    assert checked.model is None
    assert checked.faults
    assert all(fault.line >= 1 and fault.column >= 1 for fault in checked.faults)


@given(st.integers(0, len(SMALL) - 1), st.integers(0, 3), st.text("\"'[]{}:,-#&*!|>%@`\t\n x1", max_size=3))
@settings(max_examples=60, deadline=None)
def test_a_slip_of_the_finger_gives_a_model_or_faults_but_never_an_exception(
    at: int, gone: int, typed: str
) -> None:
    checked = check_text(SMALL[:at] + typed + SMALL[at + gone :])
    assert (checked.model is None) == bool(checked.faults)


@given(st.text("ab1 \n:-,[]{}&*?!'\"|#%", max_size=12))
def test_a_shortcut_anywhere_is_refused(text: str) -> None:
    """A text is scanned for shortcuts only where a shape says that there may be one: it must never miss one."""
    try:
        tokens = list(YAML(typ="safe", pure=True).scan(f"k: 1\n{text}"))
    except (YAMLError, ValueError, LookupError, TypeError, AttributeError):
        return
    if any(isinstance(one, AliasToken | AnchorToken) for one in tokens):
        assert "Genvägar" in " ".join(fault.message for fault in check_text(f"k: 1\n{text}").faults)


@given(st.integers(1, 30))
@settings(max_examples=10, deadline=None)
def test_faults_follow_their_lines_when_the_file_grows_above_them(lines: int) -> None:
    broken = changed("tone: near", "tone: nära", changed("sum_of: [intakter, personal]", "sum_of: [intakt]"))
    before = check_text(broken).faults
    after = check_text("# en rad\n" * lines + broken).faults
    assert [(one.line + lines, one.column, one.path, one.message) for one in before] == [
        (one.line, one.column, one.path, one.message) for one in after
    ]


@given(st.one_of(st.integers(1890, 3010), st.integers(1, 9999)), st.integers(0, 14), st.integers(0, 33))
def test_dates_are_those_that_exist(year: int, month: int, day: int) -> None:
    text = f"{year:04}-{month:02}-{day:02}"
    try:
        wanted = date.fromisoformat(text)
    except ValueError:
        with pytest.raises(PydanticCustomError):
            read_date(text)
        return
    if 1900 <= year < 3000:
        assert read_date(text) == wanted
    else:
        with pytest.raises(PydanticCustomError, match="från 1900-01-01 till och med 2999-12-31"):
            read_date(text)


@given(st.decimals(allow_nan=False, allow_infinity=False, min_value=-(10**9), max_value=10**9, places=3))
def test_numbers_are_read_as_they_are_written(number: Decimal) -> None:
    assert read_decimal(str(number)) == number


@given(st.lists(st.integers(2, 5), min_size=2, max_size=2), st.data())
@settings(max_examples=40, deadline=None)
def test_a_risk_scale_with_bands_for_every_value_is_whole_and_without_one_of_them_is_not(
    size: list[int], data: st.DataObject
) -> None:
    products = sorted({a * b for a in range(1, size[0] + 1) for b in range(1, size[1] + 1)})
    cuts = sorted(data.draw(st.sets(st.sampled_from(products[:-1]), max_size=3)))
    bands = list(zip([1, *(cut + 1 for cut in cuts)], [*cuts, products[-1]], strict=True))

    def text(chosen: list[tuple[int, int]]) -> str:
        def steps(count: int) -> str:
            return "[" + ", ".join(f"{{value: {value}}}" for value in range(1, count + 1)) + "]"

        rules = "".join(
            f"      - {{lowest: {a}, highest: {b}, proposals: [{{handling: none}}]}}\n" for a, b in chosen
        )
        start, end = SMALL.index("    likelihood:"), SMALL.index("occasions:")
        axes = (
            f"    likelihood: {{label: S, steps: {steps(size[0])}}}\n"
            f"    impact: {{label: K, steps: {steps(size[1])}}}\n"
        )
        return SMALL[:start] + axes + ("    handling:\n" + rules if rules else "") + SMALL[end:]

    assert check_text(text(bands)).lines() == []
    left = data.draw(st.sampled_from(bands))
    rest = [band for band in bands if band != left]
    if rest:
        lacking = [value for value in products if left[0] <= value <= left[1]]
        faults = check_text(text(rest)).faults
        assert len(faults) == 1
        assert all(str(value) in faults[0].message for value in lacking)


def relabelled(model: SteeringModel, label: str) -> SteeringModel:
    rows = model.accounts.rows
    new = rows[0].model_copy(update={"label": label.strip()})
    return model.model_copy(update={"accounts": model.accounts.model_copy(update={"rows": (new, *rows[1:])})})


@given(LABELS)
@settings(max_examples=30, deadline=None)
def test_a_changed_word_survives_json_and_is_the_only_difference(label: str) -> None:
    assert WHOLE is not None
    other = relabelled(WHOLE, label)
    assert from_json(to_json(other)) == other
    changes = diff(WHOLE, other)
    if label.strip() == WHOLE.accounts.rows[0].label:
        assert changes == []
    else:
        assert [(one.path, one.kind, one.new) for one in changes] == [
            ("accounts.rows[intakter].label", ChangeKind.CHANGED, label.strip())
        ]


@given(st.permutations(range(3)))
@settings(max_examples=6, deadline=None)
def test_a_new_order_is_one_move_and_no_other_change(order: list[int]) -> None:
    assert WHOLE is not None
    rows = tuple(WHOLE.accounts.rows[index] for index in order)
    other = WHOLE.model_copy(update={"accounts": WHOLE.accounts.model_copy(update={"rows": rows})})
    changes = diff(WHOLE, other)
    assert [one.kind for one in changes] == ([] if order == sorted(order) else [ChangeKind.MOVED])
