"""Plain numbers in comments: found in Swedish text and held against the figures they ought to be.

The validation cases are those that a careful reading of real follow-ups gave (texts that agree with the computed
change, and texts that do not); the sentences are made for the tests.
"""

from __future__ import annotations

import time
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from roder.core.numbers import Unit, format_value, round_half_away
from roder.reports.amounts import Candidate, Contradiction, Why, amounts, contradictions
from roder.reports.document import FigureRef


def change(mkr: str, row: str = "personal", cost: bool = True) -> Candidate:
    """A change of a forecast since the last one: minus when a cost grows."""
    ref = FigureRef("ekonomi.drift.prognosforandring", (("rad", row),))
    return Candidate(
        ref, f"Prognosförändring, {row}", Decimal(mkr) * 1_000_000, Unit.KRONOR, True, -1 if cost else 1, 1
    )


def level(value: str, unit: Unit = Unit.KRONOR) -> Candidate:
    return Candidate(
        FigureRef("ekonomi.drift.prognos", (("rad", "personal"),)), "Prognos", Decimal(value), unit
    )


def listed(text: str, *candidates: Candidate) -> list[Contradiction]:
    return contradictions(text, candidates)


# --- finding -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "value", "unit"),
    [
        ("kostar 4,0 mkr mer", "4000000", Unit.KRONOR),
        ("−10 802 tkr", "10802000", Unit.KRONOR),
        ("-10.802 tkr", "10802000", Unit.KRONOR),
        ("10\u00a0802 tkr", "10802000", Unit.KRONOR),
        ("2,7 miljoner kronor", "2700000", Unit.KRONOR),
        ("2,7 Mkr.", "2700000", Unit.KRONOR),
        ("2,7 mnkr", "2700000", Unit.KRONOR),
        ("1,2 miljarder kronor", "1200000000", Unit.KRONOR),
        ("0.8 mkr", "800000", Unit.KRONOR),
        ("500 kr", "500", Unit.KRONOR),
        ("9,5 %", "9.5", Unit.PERCENT),
        ("9,5%", "9.5", Unit.PERCENT),
        ("9,5 procent", "9.5", Unit.PERCENT),
        ("0,4 procentenheter", "0.4", Unit.PERCENTAGE_POINTS),
        ("0,4 %-enheter", "0.4", Unit.PERCENTAGE_POINTS),
        ("72 platser", "72", Unit.COUNT),
        ("8 nya platser", "8", Unit.COUNT),
        ("72 gruppboendeplatser", "72", Unit.COUNT),
        ("15 st", "15", Unit.COUNT),
        ("13 400 hemtjänsttimmar", "13400", Unit.HOURS),
        ("14 sjukdagar", "14", Unit.DAYS),
        ("i 3 år framåt", "3", Unit.SCALE),
        ("(2,7 mkr)", "2700000", Unit.KRONOR),
    ],
)
def test_a_number_with_a_unit_is_an_amount(text: str, value: str, unit: Unit) -> None:
    (found,) = amounts(text)

    assert (found.value, found.unit) == (Decimal(value), unit)
    assert text[found.start : found.end] == found.text


@pytest.mark.parametrize(
    "text",
    [
        "Beslut 2021-12-17 § 84",
        "Den 31 augusti 2022 beslutade KF",
        "Dnr 2022.228 VON och 2022.232",
        "enligt 5 kap. 1 § 2 st och § 84",
        "I 2022 års budget",
        "lag (2001:453) och SOSFS 2011:9",
        "under 2022 och 2023",
        "personer 65 år och äldre",
        "Kolada U21468 och version 2",
        "klockan 12.00",
        "15–59",
        "Utskottet, 16 §, 2022-02-21",
        "sidan 12",
        "Vision 2040",
        "{{ekonomi.drift.prognos[personal]|mkr:1}}",
    ],
)
def test_dates_paragraphs_years_and_case_numbers_are_not_amounts(text: str) -> None:
    assert listed(text) == []


def test_numbers_joined_to_an_amount_have_its_unit() -> None:
    assert [found.value for found in amounts("från 22,2 till 27,0 mkr")] == [22_200_000, 27_000_000]
    assert [(found.text, found.sign) for found in amounts("2–3 mkr")] == [("2", 0), ("3 mkr", 0)]
    assert [found.value for found in amounts("i maj 2022 till 3 mkr")] == [3_000_000]
    assert [found.value for found in amounts("§ 84 och 3 mkr")] == [3_000_000]


@pytest.mark.parametrize(
    ("text", "sign"),
    [("−2,7 mkr", -1), ("-2,7 mkr", -1), ("minus 2,7 mkr", -1), ("+2,7 mkr", 1), ("2,7 mkr", 0)],
)
def test_a_written_sign_is_read(text: str, sign: int) -> None:
    assert [found.sign for found in amounts(text)] == [sign]


# --- the validation cases ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("computed", "text"),
    [
        ("-2.7", "Prognosen är 2,7 mkr högre än i mars."),  # April against March, staff
        ("6.7", "Köp av tjänster är 6,7 mkr lägre än i marsprognosen."),
        ("-2.8", "Övriga kostnader ökar med 2,8 mkr."),
        ("-3.4", "Kostnaderna bedöms bli 3,4 mkr högre."),  # May against April, other
        ("-7.7", "Högre priser ger 7,7 mkr dyrare inköp än i april."),  # August against April, other
    ],
)
def test_texts_that_agree_with_the_computed_change_are_accepted(computed: str, text: str) -> None:
    assert listed(text, change(computed)) == []


@pytest.mark.parametrize(
    ("computed", "text", "nearest"),
    [
        ("-0.8", "Lokalhyrorna blir 4,0 mkr högre.", "−0,8 mkr"),  # April against March, premises
        ("12.9", "Personalkostnaderna blir 12,3 mkr lägre.", "+12,9 mkr"),  # May against April, staff
        (
            "-4.255",
            "Köp av tjänster blir 4,2 mkr dyrare.",
            "−4,3 mkr",
        ),  # May against April: rounded elsewhere
        ("3.7", "Ingen ändring, 0,0 mkr.", "+3,7 mkr"),  # August against April, staff
    ],
)
def test_texts_that_do_not_agree_are_listed_with_the_nearest_figure(
    computed: str, text: str, nearest: str
) -> None:
    (found,) = listed(text, change(computed))

    assert found.why is Why.NO_FIGURE
    assert found.nearest[0].text.replace("\u00a0", " ") == nearest
    assert found.nearest[0].label == "Prognosförändring, personal"
    assert text[found.amount.start : found.amount.end] == found.amount.text


# --- sign and direction --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "candidate", "why"),
    [
        ("Avvikelsen är +2,7 mkr.", change("-2.7"), Why.SIGN),
        ("Avvikelsen är −2,7 mkr.", change("-2.7"), None),
        ("Avvikelsen är plus 2,7 mkr.", change("-2.7"), Why.SIGN),
        ("Kostnaderna minskar med 2,7 mkr.", change("-2.7"), Why.DIRECTION),
        ("Kostnaderna ökar med 2,7 mkr.", change("-2.7"), None),
        ("Kostnaderna ökar med 12,9 mkr.", change("12.9"), Why.DIRECTION),
        ("Ett överskott på 2,7 mkr.", change("-2.7"), Why.DIRECTION),
        ("Ett underskott på 2,7 mkr.", change("-2.7"), None),
        ("Intäkterna ökar med 4,8 mkr.", change("4.8", "intakter", cost=False), None),
        ("Intäkterna minskar med 4,8 mkr.", change("4.8", "intakter", cost=False), Why.DIRECTION),
        ("Lägre intäkter, 4,8 mkr.", change("-4.8", "intakter", cost=False), None),
        ("Underskottet minskar med 2,0 mkr.", change("2.0"), None),
        ("Kostnaderna ökar inte med 2,7 mkr.", change("2.7"), None),
        ("Det är 2,7 mkr.", change("-2.7"), None),
    ],
)
def test_sign_and_words_of_direction_must_agree(text: str, candidate: Candidate, why: Why | None) -> None:
    assert [found.why for found in listed(text, candidate)] == ([why] if why else [])


def test_the_direction_is_read_in_the_amounts_own_clause() -> None:
    income, staff = change("4.8", "intakter", cost=False), change("12.9")

    assert (
        listed("Intäkterna ökar med 4,8 mkr medan personalkostnaderna minskar med 12,9 mkr.", income, staff)
        == []
    )
    assert listed("Intäkterna ökar 4,8 mkr och personalkostnaderna minskar 12,9 mkr.", income, staff) == []
    assert listed("Priserna ökar. Personalkostnaderna blir 12,9 mkr lägre.", income, staff) == []
    found = listed("Intäkterna minskar 4,8 mkr, och personalkostnaderna minskar 12,9 mkr.", income, staff)
    assert [one.amount.text for one in found] == ["4,8 mkr"]


def test_levels_are_not_judged_by_words_about_change() -> None:
    assert listed("Prognosen är 714,2 mkr, lägre än budgeten.", level("-714211000")) == []


def test_rounding_is_the_printed_one() -> None:
    assert listed("12,9 mkr, 13 mkr, 12,93 mkr och 12 934 tkr", level("12934000")) == []
    assert [one.amount.text for one in listed("13,0 mkr och 12,8 mkr", level("12934000"))] == [
        "13,0 mkr",
        "12,8 mkr",
    ]


def test_per_cent_and_percentage_points_are_not_mixed_up() -> None:
    points = Candidate(
        FigureRef("personal.sjukfranvaroforandring"),
        "Förändring",
        Decimal("0.4"),
        Unit.PERCENTAGE_POINTS,
        True,
    )

    assert listed("ökade med 0,4 procentenheter", points) == []
    assert [one.why for one in listed("ökade med 0,4 %", points)] == [Why.NO_FIGURE]
    assert [one.why for one in listed("minskade med 0,4 procentenheter", points)] == [Why.DIRECTION]


def test_counts_match_counts() -> None:
    places = level("72", Unit.COUNT)

    assert listed("72 platser", places) == []
    assert [one.amount.text for one in listed("80 platser och 72 timmar", places)] == [
        "80 platser",
        "72 timmar",
    ]


# --- for all numbers -----------------------------------------------------------------------------------------------

KRONOR = st.integers(-2_000_000_000, 2_000_000_000).filter(lambda kr: abs(kr) >= 10_000_000).map(Decimal)
PRINTS = st.sampled_from([(Unit.TKR, 0), (Unit.MKR, 0), (Unit.MKR, 1), (Unit.MKR, 2), (Unit.KRONOR, 0)])


@given(KRONOR, PRINTS)
def test_whatever_is_printed_is_found_again_and_matches(value: Decimal, how: tuple[Unit, int]) -> None:
    unit, digits = how
    text = f"Den 31 augusti 2022 var det {format_value(value, unit, digits, suffix=True)}, se § 84."
    (found,) = amounts(text)

    assert found.sign == (-1 if value < 0 else 0)
    assert abs(found.value) == abs(round_half_away(value / unit.divisor, digits)) * unit.divisor
    assert listed(text, level(str(value))) == []


@given(KRONOR, PRINTS)
def test_the_opposite_sign_never_matches(value: Decimal, how: tuple[Unit, int]) -> None:
    unit, digits = how
    text = f"Avvikelsen är {format_value(value, unit, digits, sign=True, suffix=True)}."

    assert [found.why for found in listed(text, level(str(-value)))] == [Why.SIGN]


@given(KRONOR, st.integers(2, 400))
def test_another_number_is_always_listed(value: Decimal, off: int) -> None:
    wrong = value + off * 1_000 * (1 if value > 0 else -1)
    text = f"Det blev {format_value(wrong, Unit.TKR, suffix=True)}."

    assert [found.why for found in listed(text, level(str(value)))] == [Why.NO_FIGURE]


@given(st.text(alphabet="0123456789 ,.−-–+%§kmtrs\u00a0äö\n"))
def test_no_text_breaks_the_search(text: str) -> None:
    for found in amounts(text):
        assert text[found.start : found.end] == found.text


@pytest.mark.parametrize(
    "text",
    [
        "1 " * 10_000,
        "1" * 20_000,
        "a" * 20_000,
        "1 000 " * 3_300,
        "§ 1 " * 5_000,
        "1 mkr och " * 2_000,
        "1" + "a" * 19_999,
        "{{" * 10_000,
        "1 kr–" * 4_000,
    ],
)
def test_a_long_text_is_read_at_once(text: str) -> None:
    started = time.perf_counter()
    listed(text, level("1000000"), change("2.7"))
    assert time.perf_counter() - started < 2
