"""Pure rules: shares, sums, criteria, days, and which step may follow which."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from roder.registers.rules import flows, grants

#: Oxelösund's table as it is printed: the year's amounts with their shares, and the printed total.
PRINTED: dict[int, tuple[list[int | None], list[int | None], int]] = {
    2021: ([268_600, 27_650, 47_400, 19_750, 11_850, 19_750], [68, 7, 12, 5, 3, 5], 395_000),
    2022: ([275_400, 28_350, 48_600, 20_250, 20_250, None], [68, 7, 12, 5, 5, None], 405_000),
    2023: ([273_900, 29_050, 49_800, 20_750, 20_750, 20_750], [66, 7, 12, 5, 5, 5], 415_000),
    2024: ([360_000, 32_000, 54_525, 22_825, 22_825, 22_825], [70, 6, 11, 4, 4, 4], 515_000),
}
amounts = st.lists(st.integers(0, 10_000_000), min_size=1, max_size=12)


@pytest.mark.parametrize("year", [2021, 2023, 2024])
def test_the_years_that_are_right_add_up_and_have_the_printed_shares(year: int) -> None:
    rows, shares, printed = PRINTED[year]
    check = grants.check_sum(rows, printed)
    assert check.right
    assert check.text(year) == ""
    assert [grants.share(row, check.added) for row in rows] == shares


def test_the_column_of_2022_does_not_add_up_to_what_is_printed() -> None:
    rows, shares, printed = PRINTED[2022]
    check = grants.check_sum(rows, printed)
    assert (check.added, check.missing, check.right) == (392_850, 12_150, False)
    assert check.text(2022).replace("\u00a0", " ") == (
        "2022: raderna blir 392 850 kr, men tryckt summa är 405 000 kr. 12 150 kr saknas."
    )
    names = ["MIRA", "BRIS", "Fontänhuset", "Brottsofferjouren", "Bufff", "Fredagsgruppen"]
    wrong = grants.wrong_shares(list(zip(names, rows, shares, strict=True)))
    assert wrong == [grants.WrongShare("MIRA", 68, 70)], "the others round to the same"


def test_rows_that_are_more_than_the_printed_total() -> None:
    assert "10 kr är för mycket" in grants.check_sum([60, 50], 100).text(2020).replace("\u00a0", " ")


def test_halves_are_rounded_away_from_zero() -> None:
    assert grants.share(125, 1000) == 13
    assert grants.share(145, 1000) == 15
    assert grants.share(None, 1000) is None
    assert grants.share(1, 0) is None


@given(amounts)
def test_the_check_is_right_exactly_when_the_printed_total_is_the_sum(rows: list[int]) -> None:
    assert grants.check_sum(rows, sum(rows)).right
    off = grants.check_sum(rows, sum(rows) + 1)
    assert not off.right
    assert off.missing == 1


@given(amounts)
def test_shares_are_within_a_percent_of_the_truth(rows: list[int]) -> None:
    total = sum(rows)
    for row in rows:
        share = grants.share(row, total)
        assert (share is None) == (total == 0)
        if share is not None:
            assert abs(Decimal(row) * 100 / total - share) <= Decimal("0.5")
    assert (
        grants.wrong_shares([(str(at), row, grants.share(row, total)) for at, row in enumerate(rows)]) == []
    )


ALL = {"local": True, "social": True, "complete": True}


@pytest.mark.parametrize(
    ("criteria", "sought", "proposed", "why", "at"),
    [
        (ALL, 100, 100, "", set()),
        (ALL, 100, 60, "", {"reduced_why"}),
        (ALL, 100, 60, "Ramen räcker inte", set()),
        (ALL, 100, 101, "", {"proposed"}),
        (ALL, 100, None, "", {"proposed"}),
        ({**ALL, "social": False}, 100, 100, "", {"proposed"}),
        ({**ALL, "social": False}, 100, 0, "Fel område", set()),
        ({**ALL, "complete": None}, 100, 100, "", {"complete"}),
        ({}, 100, 100, "", {"local", "social", "complete"}),
    ],
)
def test_what_stands_in_the_way_of_an_assessment(
    criteria: dict[str, bool | None], sought: int, proposed: int | None, why: str, at: set[str]
) -> None:
    assert set(grants.assessment_faults(criteria, sought, proposed, why)) == at


def test_a_request_to_complete_has_two_days_in_order() -> None:
    first, later = date(2022, 5, 1), date(2022, 5, 14)
    assert grants.completion_faults(first, later, None) == {}
    assert set(grants.completion_faults(later, first, None)) == {"complete_by"}
    assert set(grants.completion_faults(first, later, later)) == {"completion_asked_on"}
    assert set(grants.completion_faults(None, None, None)) == {"completion_asked_on", "complete_by"}


def test_a_decision_has_an_amount_and_a_day_that_has_been() -> None:
    today = date(2022, 5, 1)
    assert grants.decision_faults(0, today, today) == {}
    assert set(grants.decision_faults(None, None, today)) == {"granted", "decided_on"}
    assert set(grants.decision_faults(-1, date(2022, 5, 2), today)) == {"granted", "decided_on"}


def test_an_application_is_in_time_on_the_last_day() -> None:
    last = date(2022, 3, 1)
    assert grants.in_time(last, last) is True
    assert grants.in_time(date(2022, 3, 2), last) is False
    assert grants.in_time(None, last) is None


def test_a_grant_is_reported_by_the_last_of_february() -> None:
    assert grants.report_by(2022) == date(2023, 2, 28)
    assert grants.report_by(2023) == date(2024, 2, 29)


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("", ""),
        ("802000-0006", "Kontrollsiffran"),
        ("212000-0142", ""),
        ("2120000142", ""),
        ("212000-014", "tio siffror"),
        ("19121212-1212", "tio siffror"),
        ("121212-1212", "personnummer"),
        ("abcdef-ghij", "tio siffror"),
        ("²¹²⁰⁰⁰⁰¹⁴²", "tio siffror"),
    ],
)
def test_organisation_numbers(text: str, fault: str) -> None:
    found = grants.organisation_number_fault(text)
    assert fault in found
    assert bool(found) == bool(fault)


# --- flows ----------------------------------------------------------------------------------------------------------


def reached(moves: flows.Moves, start: str) -> set[str]:
    """The states that the moves lead to from a start."""
    found, new = {start}, {start}
    while new:
        new = {to for states, to in moves.values() if to and new & set(states)} - found
        found |= new
    return found


def test_every_state_can_be_reached_and_is_a_state_of_the_model() -> None:
    from roder.registers.models import DigitalNeed, GrantApplication, StateGrant

    assert reached(flows.NEED_MOVES, "need") == set(DigitalNeed.State.values)
    assert reached(flows.STATE_GRANT_MOVES, "planned") == set(StateGrant.State.values)
    assert reached(grants.MOVES, "received") == set(GrantApplication.State.values)


def test_a_need_cannot_be_introduced_before_it_is_decided() -> None:
    assert not flows.may(flows.NEED_MOVES, "introduce", "need")
    assert not flows.may(flows.NEED_MOVES, "introduce", "council")
    assert flows.may(flows.NEED_MOVES, "introduce", "decided")
    assert not flows.may(flows.NEED_MOVES, "evaluate", "decided")
    assert not flows.may(flows.NEED_MOVES, "decide", "declined")


days = st.one_of(st.none(), st.dates(date(2020, 1, 1), date(2025, 1, 1)))


@given(st.lists(days, max_size=6))
def test_days_in_order_have_no_fault_and_the_others_have(several: list[date | None]) -> None:
    faults = flows.in_order([(f"d{at}", f"dag {at}", day) for at, day in enumerate(several)])
    known = [day for day in several if day is not None]
    assert (faults == {}) == (known == sorted(known))


def test_personal_ombud_is_applied_for_by_march_and_reported_in_january() -> None:
    rule = flows.STATE_GRANTS[0]
    assert (rule.apply_by(2024), rule.report_by(2024)) == (date(2024, 3, 1), date(2025, 1, 15))
    assert rule.source == "HSLF-FS 2016:98"


def test_how_a_deadline_stands() -> None:
    due = date(2024, 3, 1)
    assert flows.tone(due, None, date(2024, 3, 1))[0] == "snart"
    assert flows.tone(due, None, date(2024, 3, 2)) == ("försenat", "bad")
    assert flows.tone(due, None, date(2023, 3, 2)) == ("kommande", "none")
    assert flows.tone(due, due, due) == ("gjort i tid", "good")
    assert flows.tone(due, date(2024, 3, 2), due) == ("gjort sent", "near")


def test_how_a_steering_document_stands() -> None:
    today = date(2024, 6, 1)
    assert flows.revision_tone(date(2024, 5, 31), None, None, today)[1] == "bad"
    assert flows.revision_tone(date(2024, 6, 1), None, None, today)[0] == "revideras snart"
    assert flows.revision_tone(None, None, date(2024, 5, 31), today)[0] == "har slutat gälla"
    assert flows.revision_tone(date(2020, 1, 1), date(2023, 1, 1), None, today)[0] == "upphävt"
    assert flows.revision_tone(None, None, None, today) == ("gäller", "good")


def test_no_more_can_be_used_than_was_granted() -> None:
    assert flows.used_fault(Decimal(2), Decimal(1))
    assert not flows.used_fault(Decimal(1), Decimal(1))
    assert not flows.used_fault(Decimal(1), None)


def test_a_grant_is_never_used_or_paid_back_beyond_what_was_granted() -> None:
    assert flows.used_fault(Decimal(7), Decimal(10), Decimal(3)) == {}
    assert set(flows.used_fault(Decimal(7), Decimal(10), Decimal(4))) == {"returned"}
    assert set(flows.used_fault(Decimal(11), Decimal(10))) == {"used"}
    assert flows.used_fault(None, Decimal(10), Decimal(99)) == {}
    assert set(flows.period_fault(date(2022, 2, 1), date(2022, 1, 1))) == {"ends_on"}
    assert flows.period_fault(None, date(2022, 1, 1)) == {}
