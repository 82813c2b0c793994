"""The draw and the frame as rules: the municipality's own figures, and what holds for any of them."""

from __future__ import annotations

import subprocess
from decimal import Decimal
from hashlib import sha256
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from roder.control.rules import frames, sampling
from roder.control.rules.frames import FrameFault
from roder.control.rules.sampling import SampleFault

REFERENCES = st.lists(
    st.text(st.characters(min_codepoint=33, max_codepoint=0x2FF), min_size=1, max_size=12),
    unique=True,
    min_size=1,
    max_size=60,
)
SHARES = st.decimals(min_value="0.01", max_value=100, places=2)


@pytest.mark.parametrize(("frame", "share", "size"), [(429, 10, 42), (100, 30, 30), (60, 10, 6)])
def test_the_sizes_that_the_municipality_printed(frame: int, share: int, size: int) -> None:
    assert sampling.sample_size(frame, share=Decimal(share), rounding="down") == size


def test_rounding_is_the_models_and_a_sample_is_never_empty() -> None:
    assert [sampling.sample_size(429, share=Decimal(10), rounding=one) for one in ("down", "nearest", "up")] == [
        42, 43, 43,
    ]  # fmt: skip
    assert sampling.sample_size(5, share=Decimal(10), rounding="down") == 1
    assert sampling.sample_size(7) == 7


@pytest.mark.parametrize(
    ("frame", "asked", "told"),
    [
        (0, {}, "tom"),
        (10, {"number": 11}, "11 av 10"),
        (10, {"number": 0}, "minst 1"),
        (10, {"share": Decimal(0)}, "mer än 0"),
        (10, {"share": Decimal("NaN")}, "mer än 0"),
        (10, {"share": Decimal(101)}, "högst 100"),
        (10, {"share": Decimal(5), "number": 2}, "inte båda"),
        (10, {"rounding": "sideways"}, "finns inte"),
    ],
)
def test_what_cannot_be_drawn_is_refused(frame: int, asked: dict[str, object], told: str) -> None:
    with pytest.raises(SampleFault, match=told):
        sampling.sample_size(frame, **asked)  # type: ignore[arg-type]


@given(REFERENCES, st.data())
def test_the_draw_is_the_same_in_any_order_and_smaller_draws_are_its_beginning(
    references: list[str], data: st.DataObject
) -> None:
    size = data.draw(st.integers(1, len(references)))
    drawn = sampling.draw(references, "frö-1", size)
    assert len(set(drawn)) == size
    assert set(drawn) <= set(references)
    assert sampling.draw(data.draw(st.permutations(references)), "frö-1", size) == drawn
    assert sampling.draw(references, "frö-1", max(1, size - 1)) == drawn[: max(1, size - 1)]
    assert sampling.fingerprint(references) == sampling.fingerprint(list(reversed(references)))


@given(st.integers(1, 5000), SHARES, st.sampled_from(list(sampling.ROUNDINGS)))
def test_a_share_is_within_the_frame_and_grows_with_it(frame: int, share: Decimal, rounding: str) -> None:
    size = sampling.sample_size(frame, share=share, rounding=rounding)
    assert 1 <= size <= frame
    assert size <= sampling.sample_size(frame + 1, share=share, rounding=rounding)
    assert abs(size - frame * share / 100) < 1 or size == 1


def test_the_recipe_for_a_shell_gives_the_same_draw(tmp_path: Path) -> None:
    references = [f"ÄO 2022/{number} rad {number % 7}" for number in range(1, 61)]
    (tmp_path / "ram.txt").write_text("".join(f"{one}\n" for one in references), encoding="utf-8")
    line = sampling.recipe("3f9a", 6)
    assert "\n".join(sampling.recipe_lines("3f9a", 6)).replace("do\n", "do ").replace("\n", "; ") == line
    said = subprocess.run(["sh", "-c", line], cwd=tmp_path, capture_output=True, check=True, timeout=20)
    assert tuple(said.stdout.decode().splitlines()) == sampling.draw(references, "3f9a", 6)


def test_the_method_is_what_the_page_says_it_is() -> None:
    assert sampling.METHOD == "sha256-rank-1"
    assert sampling.rank("2022-17", "abc") == sha256(b"abc\n2022-17").hexdigest()


@pytest.mark.parametrize("seed", ["", "  ", "två ord", "rad\nrad", "it's", "x" * 65])
def test_a_seed_that_would_not_survive_on_paper_is_refused(seed: str) -> None:
    with pytest.raises(SampleFault):
        sampling.seed_of(seed)


def test_percent_is_left_out_where_few_were_checked_and_never_rounds_to_none_or_all() -> None:
    assert sampling.share_words(6, 42) == "6 av 42 (14\u00a0%)"
    assert sampling.share_words(2, 6) == "2 av 6"
    assert sampling.share_words(1, 429) == "1 av 429 (mindre än 1\u00a0%)"
    assert sampling.share_words(428, 429) == "428 av 429 (mer än 99\u00a0%)"
    assert sampling.share_words(0, 42) == "0 av 42 (0\u00a0%)"
    assert sampling.share_words(0, 0) == "–"


# --- frames ----------------------------------------------------------------------------------------------------------


def is_personal(text: str) -> bool:
    return "personnummer" in text


def test_every_row_at_fault_is_told_with_its_number() -> None:
    rows = [(2, "A-1"), (3, ""), (4, " A-1 "), (5, "personnummer"), (6, "x" * 81), (7, "a\x02b")]
    with pytest.raises(FrameFault) as told:
        frames.check(rows, is_personal)
    assert [one.row for one in told.value.faults] == [3, 4, 5, 6, 7]
    assert "5 rader behöver rättas. Ingenting är sparat." in str(told.value)
    assert "står redan på rad 2" in str(told.value)


def test_many_faults_are_counted_and_not_all_told() -> None:
    with pytest.raises(FrameFault) as told:
        frames.check([(number, "") for number in range(1, 61)], is_personal)
    assert str(told.value).count("Rad ") == frames.SHOWN
    assert "40 rader till" in str(told.value)


def test_the_first_column_with_something_in_it_is_read_and_its_heading_is_told() -> None:
    rows = [(1, ["", "Beslut", "Datum"]), (2, ["", "SoL 1", "x"]), (3, ["", "SoL 2"]), (4, ["", "", ""])]
    chosen = frames.choose_column(rows)
    assert chosen.heading == "Beslut"
    assert [text for _, text in chosen.rows] == ["SoL 1", "SoL 2"]
    assert frames.choose_column(rows, "datum").rows == ((2, "x"), (3, ""))
    assert frames.choose_column(rows, heading=False).rows[0] == (1, "Beslut")


def test_names_without_digits_are_not_taken_for_a_heading() -> None:
    chosen = frames.choose_column([(1, ["Treserva"]), (2, ["Procapita"])])
    assert chosen.heading is None
    assert len(chosen.rows) == 2


@pytest.mark.parametrize("rows", [[], [(1, ["", " "])], [(1, ["Referens"])]])
def test_an_empty_list_is_refused(rows: list[tuple[int, list[str]]]) -> None:
    with pytest.raises(FrameFault):
        frames.choose_column(rows, heading=True)


def test_a_column_that_is_not_there_is_told_with_those_that_are() -> None:
    with pytest.raises(FrameFault, match="”A”, ”B”"):
        frames.choose_column([(1, ["A", "B"]), (2, ["1", "2"])], "C")


@given(st.lists(st.tuples(st.integers(1, 999), st.text(max_size=90)), max_size=30))
def test_a_frame_that_is_taken_has_no_reference_twice_and_none_too_long(rows: list[tuple[int, str]]) -> None:
    try:
        found = frames.check(rows, is_personal)
    except FrameFault:
        return
    assert len(set(found)) == len(found) > 0
    assert all(0 < len(one) <= frames.LONGEST and one == frames.clean(one) for one in found)
