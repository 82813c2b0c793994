"""The arithmetic of means, whatever the numbers."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from roder.economy.rules import means

VOLUMES = st.dictionaries(
    st.sampled_from(("egen", "extern", "annan_namnd")), st.integers(0, 100_000).map(Decimal), min_size=1
).filter(lambda parts: sum(parts.values()) > 0)


@given(total=st.integers(0, 10**7), reference=VOLUMES, digits=st.integers(0, 2))
def test_a_split_always_adds_up_and_is_never_far_from_the_share(
    total: int, reference: dict[str, Decimal], digits: int
) -> None:
    whole = Decimal(total).scaleb(-digits)
    parts = means.split_as(whole, reference, digits)
    step = Decimal(1).scaleb(-digits)
    assert sum(parts.values()) == whole
    for key, part in parts.items():
        share = whole * reference[key] / sum(reference.values())
        assert abs(part - share) < step
        assert part >= 0 and part == part.quantize(step)
        assert reference[key] or part < step


def test_the_split_of_november_gives_decembers_forecast() -> None:
    """Printed: 494 and 215 in November 2021; 720 persons in December 2022 split so."""
    assert means.split_as(Decimal(720), {"egen": Decimal(494), "extern": Decimal(215)}) == {
        "egen": 502,
        "extern": 218,
    }


@pytest.mark.parametrize(
    ("total", "reference"),
    [(Decimal(-1), {"egen": Decimal(1)}), (Decimal("1.5"), {"egen": Decimal(1)}), (Decimal(1), {}),
     (Decimal(1), {"egen": Decimal(0)}), (Decimal(1), {"egen": Decimal(-1), "extern": Decimal(2)})],
)  # fmt: skip
def test_what_cannot_be_split_is_said(total: Decimal, reference: dict[str, Decimal]) -> None:
    with pytest.raises(ValueError, match=r"Volymen|Referensmånaden"):
        means.split_as(total, reference)


AMOUNTS = st.one_of(st.none(), st.decimals(0, 10**9, places=2))


@given(AMOUNTS, AMOUNTS, AMOUNTS)
def test_allocation_is_missing_when_anything_is_and_turns_with_the_change(
    before: Decimal | None, planned: Decimal | None, cost: Decimal | None
) -> None:
    found = means.allocated(before, planned, cost)
    if before is None or planned is None or cost is None:
        assert found is None
        return
    other = means.allocated(planned, before, cost)
    assert found is not None and other is not None and found == -other
    assert (found > 0) == (planned > before and cost > 0)


@given(st.decimals(-(10**9), 10**9, places=2), st.decimals(-(10**9), 10**9, places=2))
def test_money_that_may_be_used_never_empties_the_fund(amount: Decimal, held: Decimal) -> None:
    if not means.fund_fault("used", amount, held):
        assert amount < 0 and held + amount >= 0
    if not means.fund_fault("written_off", amount, held):
        assert abs(held + amount) <= abs(held)
    assert bool(means.fund_fault("carried", amount, held)) == (amount == 0)
