"""Which mandates groups give: the rule alone, and what always holds for it."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from roder.access.rules import Held, Rule, Wanted, compute, unit_code

UNITS = {"von": ["111", "Äbo", "1"], "sn": ["111"]}
RULES = [
    Rule("Roder Controller", "controller", "von"),
    Rule("Roder-EC-{unit}", "unit_manager", "von", "{unit}"),
    Rule("Roder MAS", "mas", "borta"),
    Rule("Roder Björken", "care_staff", "von", "111"),
]
HERE = "exempel"


def test_a_group_gives_its_role_in_the_committee_whatever_its_capitals() -> None:
    found = compute(RULES, ["RODER controller "], UNITS, [], HERE)
    assert found.give == (Wanted("controller", "von", None),)
    assert found.unmatched == ()


def test_the_unit_is_read_out_of_the_groups_name() -> None:
    assert compute(RULES, ["roder-ec-äBO"], UNITS, [], HERE).give == (Wanted("unit_manager", "von", "Äbo"),)
    assert unit_code("Roder-EC-{unit}-läs", "roder-ec-111-LÄS") == "111"
    assert unit_code("Roder-EC-{unit}", "Roder-EC-") is None


def test_a_unit_or_committee_that_does_not_exist_gives_nothing_and_is_said() -> None:
    found = compute(RULES, ["Roder-EC-999", "Roder MAS"], UNITS, [], HERE)
    assert found.give == ()
    assert [(one.group, one.committee_exists) for one in found.nowhere] == [
        ("Roder MAS", False),
        ("Roder-EC-999", True),
    ]


def test_one_that_is_gone_from_the_groups_ends_but_not_one_given_by_hand_or_by_another() -> None:
    place = Wanted("controller", "von", None)
    held = [Held(1, place, HERE), Held(2, place, ""), Held(3, place, "annan")]
    assert [one.key for one in compute(RULES, [], UNITS, held, HERE).end] == [1]


def test_a_mandate_that_was_given_by_hand_is_not_given_twice() -> None:
    held = [Held(2, Wanted("controller", "von", None), "")]
    found = compute(RULES, ["Roder Controller"], UNITS, held, HERE)
    assert found.give == found.end == ()


names = st.sampled_from([
    "Roder Controller", "roder controller", "Roder-EC-111", "Roder-EC-1", "Roder-EC-äbo", "Roder-EC-9", "Roder MAS",
    "Roder Björken", "Alla anställda", "", " ",
])  # fmt: skip
places = st.builds(
    Wanted,
    st.sampled_from(["controller", "unit_manager", "care_staff", "administrator"]),
    st.sampled_from(["von", "sn"]),
    st.sampled_from([None, "111", "1", "Äbo"]),
)
helds = st.lists(
    st.builds(Held, st.integers(1, 10**6), places, st.sampled_from([HERE, "", "annan"])),
    unique_by=lambda one: one.key,
)


def after(held: list[Held], groups: list[str]) -> list[Held]:
    """What is held when a login's outcome has been carried out."""
    found = compute(RULES, groups, UNITS, held, HERE)
    given_now = [Held(10**7 + number, place, HERE) for number, place in enumerate(found.give)]
    return [one for one in held if one not in found.end] + given_now


@given(helds, st.lists(names))
def test_logging_in_again_with_the_same_groups_changes_nothing(held: list[Held], groups: list[str]) -> None:
    found = compute(RULES, groups, UNITS, after(held, groups), HERE)
    assert found.give == found.end == ()


@given(helds, st.lists(names))
def test_what_the_groups_give_is_held_and_nothing_else_of_the_providers(
    held: list[Held], groups: list[str]
) -> None:
    wanted = set(compute(RULES, groups, UNITS, held, HERE).given_by)
    then = after(held, groups)
    assert wanted <= {one.place for one in then}
    assert {one.place for one in then if one.source == HERE} <= wanted


@given(helds, st.lists(names))
def test_no_login_touches_what_was_given_by_hand(held: list[Held], groups: list[str]) -> None:
    by_hand = {one for one in held if one.source != HERE}
    assert by_hand <= set(after(held, groups))


@given(helds, st.lists(names))
def test_the_order_of_the_groups_and_saying_one_twice_mean_nothing(
    held: list[Held], groups: list[str]
) -> None:
    one = compute(RULES, groups, UNITS, held, HERE)
    other = compute(RULES, [*reversed(groups), *groups], UNITS, held, HERE)
    assert (set(one.give), one.end, one.unmatched) == (set(other.give), other.end, other.unmatched)


@given(st.lists(st.text(max_size=30)))
def test_groups_that_no_rule_speaks_of_give_nothing(groups: list[str]) -> None:
    others = [one for one in groups if not one.strip().casefold().startswith("roder")]
    assert compute(RULES, others, UNITS, [], HERE).give == ()
