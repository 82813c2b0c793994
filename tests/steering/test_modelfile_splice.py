"""Rows of a steering model's text changed one by one: what is read, what is left alone, in every model there is."""

from __future__ import annotations

import copy
import difflib
from collections.abc import Iterator
from functools import cache
from pathlib import Path as FilePath
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from roder.core.examples import examples_dir
from roder.steering.modelfile import BLANK, UNNAMED, check_text, new_text
from roder.steering.modelfile.faults import Path
from roder.steering.modelfile.references import REFERENCES, STATUSES, choices, dotted, referring, target
from roder.steering.modelfile.rowfields import fields, keys, of_kind, parts, shown
from roder.steering.modelfile.rowfields import given as read_given
from roder.steering.modelfile.scalars import Raw, flow, scalar
from roder.steering.modelfile.splice import (
    GONE,
    SpliceError,
    add_item,
    data_of,
    lines_of,
    move_item,
    remove_item,
    set_values,
)
from tests.steering.modelfile_text import SMALL

ROOT = FilePath(__file__).parents[2]
FILES = [BLANK, *sorted(examples_dir().rglob("styrmodell*.yaml")), ROOT / "docs/mall/styrmodell.yaml"]
TEXTS = {f"{file.parent.name}/{file.name}": file.read_text(encoding="utf-8") for file in FILES}
TEXTS |= {
    "start": new_text(UNNAMED, 2026),
    "start-alingsas": new_text(UNNAMED, 2026, FILES[1]),
    "small": SMALL,
}
TYPED = st.text(st.characters(exclude_categories=("Cs",)), min_size=1, max_size=30).filter(
    lambda text: text.strip()
)
values = st.one_of(
    TYPED, st.integers(-999, 999), st.booleans(), st.decimals(-999, 999, places=2, allow_nan=False),
    st.lists(st.one_of(TYPED, st.integers(0, 99)), min_size=1, max_size=4),
)  # fmt: skip


@cache
def lists(name: str) -> list[Path]:
    """Every list of rows in a model."""

    def walk(value: Any, path: Path) -> Iterator[Path]:
        if isinstance(value, dict):
            for key, one in value.items():
                yield from walk(one, (*path, key))
        elif isinstance(value, list) and value and isinstance(value[0], dict):
            yield path
            for place, one in enumerate(value):
                yield from walk(one, (*path, place))

    return list(walk(data_of(TEXTS[name]), ()))


def at(data: Any, path: Path) -> Any:
    for step in path:
        data = data[step]
    return data


def differing(old: str, new: str) -> tuple[list[str], list[str]]:
    """The lines that went and those that came. Every line counts: by itself difflib takes those that are common, as the
    empty ones, for noise in a long text, and then they may come and go without having changed."""
    before, after = old.split("\n"), new.split("\n")
    changes = difflib.SequenceMatcher(None, before, after, autojunk=False).get_opcodes()
    went = [line for kind, start, end, _, _ in changes if kind != "equal" for line in before[start:end]]
    return went, [line for kind, _, _, start, end in changes if kind != "equal" for line in after[start:end]]


def comments(text: str) -> list[str]:
    return [line.strip() for line in text.split("\n") if line.strip().startswith("#")]


@given(values)
def test_any_value_reads_as_itself_on_a_line(value: Any) -> None:
    try:
        text = f"x: {{a: {flow(value)}, b: [{flow(value)}]}}\ny: {flow(value)}\n"
    except SpliceError:
        return
    data = data_of(text)
    wanted = str(value) if isinstance(value, str) else value
    assert data == {"x": {"a": wanted, "b": [wanted]}, "y": wanted}


@pytest.mark.parametrize(
    "text",
    [
        "0481",
        "12:00",
        "true",
        "nej",
        "No",
        "a: b",
        "# a",
        "- a",
        "3000-3999",
        "1e3",
        "",
        "~",
        "null",
        "D/B",
        "*",
    ],
)
def test_what_looks_like_something_else_is_quoted(text: str) -> None:
    assert data_of(f"x: {scalar(text)}")["x"] == text


@settings(max_examples=15, deadline=None)
@given(st.data())
def test_a_changed_key_changes_its_row_and_no_other_line(data: st.DataObject) -> None:
    name = data.draw(st.sampled_from(sorted(TEXTS)))
    text = TEXTS[name]
    items = data.draw(st.sampled_from(lists(name)))
    model = data_of(text)
    row = (*items, data.draw(st.integers(0, len(at(model, items)) - 1)))
    key = data.draw(
        st.sampled_from([key for key, one in at(model, row).items() if not isinstance(one, dict | list)])
    )
    value = data.draw(values)
    new = set_values(text, {(*row, key): value})
    wanted = copy.deepcopy(model)
    at(wanted, row)[key] = value
    assert data_of(new) == wanted
    first, last = lines_of(text, row)
    old_lines, new_lines = text.split("\n"), new.split("\n")
    assert new_lines[: first - 1] == old_lines[: first - 1]
    rest = old_lines[last:]
    assert not rest or new_lines[-len(rest) :] == rest
    assert comments(new) == comments(text)


@settings(max_examples=15, deadline=None)
@given(st.data())
def test_a_key_added_and_taken_away_again_leaves_the_text_as_it_was(data: st.DataObject) -> None:
    name = data.draw(st.sampled_from(sorted(TEXTS)))
    text = TEXTS[name]
    model = data_of(text)
    items = data.draw(st.sampled_from(lists(name)))
    row = (*items, data.draw(st.integers(0, len(at(model, items)) - 1)))
    lacking = [key for key in keys(row, model) if key not in at(model, row)]
    if not lacking:
        return
    chosen = data.draw(st.lists(st.sampled_from(lacking), min_size=1, max_size=3, unique=True))
    added = set_values(text, {(*row, key): "ny: text" for key in chosen}, {row: keys(row, model)})
    assert comments(added) == comments(text)
    assert {key: at(data_of(added), row)[key] for key in chosen} == dict.fromkeys(chosen, "ny: text")
    back = set_values(added, {(*row, key): GONE for key in chosen})
    assert data_of(back) == model
    assert back == text or back.replace("{", "").replace("}", "") == text.replace("{", "").replace("}", "")


@settings(max_examples=12, deadline=None)
@given(st.data())
def test_keys_taken_away_are_gone_and_nothing_else(data: st.DataObject) -> None:
    name = data.draw(st.sampled_from(sorted(TEXTS)))
    text, model = TEXTS[name], data_of(TEXTS[name])
    items = data.draw(st.sampled_from(lists(name)))
    row = (*items, data.draw(st.integers(0, len(at(model, items)) - 1)))
    gone = data.draw(st.sets(st.sampled_from(sorted(at(model, row))), min_size=1))
    new = set_values(text, {(*row, key): GONE for key in gone})
    assert at(data_of(new), row) == {key: one for key, one in at(model, row).items() if key not in gone}
    first, last = lines_of(text, row)
    rest = text.split("\n")[last:]
    assert new.split("\n")[: first - 1] == text.split("\n")[: first - 1]
    assert not rest or new.split("\n")[-len(rest) :] == rest


@settings(max_examples=12, deadline=None)
@given(st.data())
def test_a_row_added_comes_last_and_taken_away_leaves_the_text_as_it_was(data: st.DataObject) -> None:
    name = data.draw(st.sampled_from(sorted(TEXTS)))
    text, model = TEXTS[name], data_of(TEXTS[name])
    items = data.draw(st.sampled_from(lists(name)))
    row = data.draw(st.dictionaries(st.sampled_from(["code", "label", "order", "note"]), values, min_size=1))
    added = add_item(text, items, row)
    assert at(data_of(added), items) == [*at(model, items), row]
    assert remove_item(added, items, len(at(model, items))) == text
    went, came = differing(text, added)
    assert len(went) <= 1 and (came or went)  # a list on a line changes its line
    assert comments(added) == comments(text)


@settings(max_examples=12, deadline=None)
@given(st.data())
def test_rows_move_and_move_back(data: st.DataObject) -> None:
    name = data.draw(st.sampled_from(sorted(TEXTS)))
    text, model = TEXTS[name], data_of(TEXTS[name])
    items = data.draw(st.sampled_from(lists(name)))
    count = len(at(model, items))
    here, there = data.draw(st.integers(0, count - 1)), data.draw(st.integers(0, count - 1))
    moved = move_item(text, items, here, there)
    wanted = list(at(model, items))
    wanted.insert(there, wanted.pop(here))
    assert at(data_of(moved), items) == wanted
    assert move_item(moved, items, there, here) == text


@settings(max_examples=12, deadline=None)
@given(st.data())
def test_a_row_taken_away_takes_its_lines_and_no_comment(data: st.DataObject) -> None:
    name = data.draw(st.sampled_from(sorted(TEXTS)))
    text, model = TEXTS[name], data_of(TEXTS[name])
    items = data.draw(st.sampled_from([one for one in lists(name) if len(at(model, one)) > 1]))
    place = data.draw(st.integers(0, len(at(model, items)) - 1))
    new = remove_item(text, items, place)
    assert at(data_of(new), items) == [one for index, one in enumerate(at(model, items)) if index != place]
    first, last = lines_of(text, (*items, place))
    kept = text.split("\n")[: first - 1] + text.split("\n")[last:]
    assert new.split("\n") == kept or first == last
    inside = comments("\n".join(text.split("\n")[first - 1 : last]))
    assert len(comments(new)) == len(comments(text)) - len(inside)


@pytest.mark.parametrize("name", sorted(TEXTS))
def test_every_part_can_be_added_where_it_is_missing_and_the_model_is_kept(name: str) -> None:
    text = TEXTS[name]
    for key in parts((), data_of(text)):
        if key not in data_of(text):
            text = set_values(text, {(key,): Raw("# egen\n- a: 1")})
            assert data_of(text)[key] == [{"a": 1}]
    assert len(comments(text)) >= len(comments(TEXTS[name]))


ODD = """\
format: 1 # ett
bodies:
# överst
- code: KF   # först
  name: >-
    Kommun-
    fullmäktige

  # efter
  kind: council
-
  code: KS
  name: "Kommunstyrelsen: KS"   # andra
  kind: executive_board
# sist
words:
title:
laws: [ {code: A, short: a},   # lag
        {code: B, short: b} ]
control: {}"""


@pytest.mark.parametrize(
    ("changes", "wanted"),
    [
        ({("bodies", 0, "name"): "KF"}, "  name: KF\n\n  # efter"),
        ({("bodies", 1, "code"): GONE}, '-\n  name: "Kommunstyrelsen: KS"   # andra'),
        ({("title",): "Ny"}, "words:\ntitle: Ny\nlaws"),
        ({("laws", 1, "short"): GONE}, "        {code: B} ]"),
        ({("laws", 0, "name"): "x, y"}, '[ {code: A, short: a, name: "x, y"},   # lag'),
        ({("control", "sample_rounding"): "up"}, "control: {sample_rounding: up}"),
        ({("format",): 2}, "format: 2 # ett"),
        (
            {("bodies", 0, "kind"): "committee", ("bodies", 0, "name"): GONE},
            "# först\n\n  # efter\n  kind: committee",
        ),
    ],
)
def test_unusual_ways_of_writing_are_kept(changes: dict[Path, Any], wanted: str) -> None:
    assert wanted in set_values(ODD, changes)


def test_comments_right_above_a_row_go_with_it_and_others_stay() -> None:
    text = "laws:\n  # om A\n  - {code: A} # a\n\n  # om alla\n\n  - {code: B}\n"
    assert (
        move_item(text, ("laws",), 0, 1)
        == "laws:\n  - {code: B}\n\n  # om alla\n\n  # om A\n  - {code: A} # a\n"
    )


def test_what_would_say_something_else_is_refused() -> None:
    with pytest.raises(ValueError, match="Rad 2"):
        set_values(SMALL, {("year",): Raw("2022\nyear: 2023")})
    with pytest.raises(SpliceError):
        remove_item(SMALL, ("bodies",), 9)


# --- fields and references -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", sorted(TEXTS))
def test_what_a_form_shows_reads_as_what_stands_in_the_model(name: str) -> None:
    model = data_of(TEXTS[name])
    for items in lists(name):
        if of_kind(items, model) != "list":
            continue
        for place, row in enumerate(at(model, items)):
            for field in fields((*items, place), model):
                before = row.get(field.key)
                text = shown(before, field)
                after = read_given(text, field, before)
                wanted = " ".join(before.split()) if isinstance(before, str) else before
                assert after == wanted or str(after) == wanted, (
                    items,
                    field,
                )


def test_every_reference_offers_only_what_the_check_takes() -> None:
    """Each line of the table: a code that the offered list lacks is refused by the check, at that very key."""
    tried = set()
    with_matrix = next(name for name, text in TEXTS.items() if "matrix:\n" in text)
    for name in {"alingsas/styrmodell.yaml", "oxelosund/styrmodell.yaml", with_matrix}:
        text = TEXTS[name]
        model = data_of(text)

        def walk(value: Any, path: Path) -> Iterator[Path]:
            if isinstance(value, dict):
                for key, one in value.items():
                    yield from walk(one, (*path, key))
            elif isinstance(value, list) and value and isinstance(value[0], dict):
                for place, one in enumerate(value):
                    yield from walk(one, (*path, place))
            else:
                yield path

        for path in walk(model, ()):
            if dotted(path) not in REFERENCES and dotted(path) not in STATUSES:
                continue
            value = at(model, path)
            known = [code for code, _ in choices(path, model) or []]
            assert all(one in known for one in (value if isinstance(value, list) else [value])), path
            if dotted(path) not in tried:
                tried.add(dotted(path))
                wrong = ["finns-inte"] if isinstance(value, list) else "finns-inte"
                faults = check_text(set_values(text, {path: wrong})).faults
                assert any(one.at[: len(path)] == path for one in faults), path
    assert tried >= set(REFERENCES)


def test_who_names_a_code_is_found_within_its_own_list_only() -> None:
    model = data_of(SMALL)
    assert referring(("bodies", 1), model, "KS") == [("occasions", 0, "receives")]
    assert referring(("status_scales", 0, "statuses", 2), model, "helt") == [
        ("grading_rules", 0, "bands", 0, "status")
    ]
    assert target(("grading_rules", 0, "scale"), model) == ("status_scales",)
    assert referring(("laws", 1), model, "SoL-2025") == [("laws", 0, "replaced_by")]
