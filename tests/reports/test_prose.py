"""Bound figures in comments: how they are read, printed, and refused when they do not exist."""

from __future__ import annotations

import time
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from roder.core.numbers import Unit
from roder.reports import prose
from roder.reports.document import Bullets, FigureRef, Number, Paragraph, inline_text

VARIANCE = prose.Known(
    name="ekonomi.drift.prognosavvikelse",
    per=("rad",),
    unit=Unit.KRONOR,
    show=Unit.TKR,
    digits=0,
    sign=True,
    label="Prognosavvikelse",
    rows={
        ("intakter",): Decimal(26_956_000),
        ("ovriga",): Decimal(-10_802_000),
        ("personal",): Decimal(3_323_000),
        ("finansnetto",): None,
    },
    labels={("ovriga",): "Övriga kostnader"},
)
OUTCOME = prose.Known(
    name="matt.utfall",
    per=("matt", "ar"),
    unit=Unit.COUNT,
    show=Unit.COUNT,
    digits=None,
    sign=False,
    label="Utfall",
    rows={
        ("telefon", "2021"): Decimal(33),
        ("telefon", "2022"): Decimal(50),
        ("platser", "2022"): Decimal(72),
        ("epost", "2021"): Decimal(92),
    },
    defaults={"ar": ("2022", "2021")},
    units={
        ("telefon", "2021"): (Unit.PERCENT, 0),
        ("telefon", "2022"): (Unit.PERCENT, 0),
        ("epost", "2021"): (Unit.PERCENT, 0),
    },
)
FIGURES = {known.name: known for known in (VARIANCE, OUTCOME)}
NAMES = (*FIGURES, "ekonomi.drift.prognos")


def printed(text: str) -> str:
    return prose.plain(text, FIGURES.get)


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("{{ekonomi.drift.prognosavvikelse[ovriga]}}", "−10 802 tkr"),
        ("{{ekonomi.drift.prognosavvikelse[ovriga]|mkr}}", "−10,8 mkr"),
        ("{{ekonomi.drift.prognosavvikelse[ovriga]|mkr:2}}", "−10,80 mkr"),
        ("{{ ekonomi.drift.prognosavvikelse[ ovriga ] | mkr : 0 }}", "−11 mkr"),
        ("{{ekonomi.drift.prognosavvikelse[ovriga]|mkr|utan tecken}}", "10,8 mkr"),
        ("{{ekonomi.drift.prognosavvikelse[intakter]|utan tecken}}", "26 956 tkr"),
        ("{{ekonomi.drift.prognosavvikelse[intakter]|kr}}", "+26 956 000 kr"),
        ("{{ekonomi.drift.prognosavvikelse[finansnetto]|mkr}}", "iu."),
        ("{{matt.utfall[telefon]|%}}", "50 %"),
        ("{{matt.utfall[telefon,2021]}}", "33 %"),
        ("{{matt.utfall[platser]|antal}} platser", "72 platser"),
        ("{{matt.utfall[epost]}}", "92 %"),  # no outcome this year: the latest
    ],
)
def test_a_bound_figure_is_printed_in_the_unit_asked_for(text: str, shown: str) -> None:
    assert printed(text).replace("\u00a0", " ") == shown


def test_every_bound_number_says_which_figure_it_is() -> None:
    found = prose.inlines("Avvikelsen är {{ekonomi.drift.prognosavvikelse[ovriga]|mkr}} i år.", FIGURES.get)

    number = found[1]
    assert isinstance(number, Number)
    assert number.ref == FigureRef("ekonomi.drift.prognosavvikelse", (("rad", "ovriga"),))
    assert number.value == -10_802_000


@pytest.mark.parametrize(
    ("text", "why", "suggestion"),
    [
        ("{{ekonomi.drift.prognosavikelse[ovriga]}}", "finns inte", "ekonomi.drift.prognosavvikelse"),
        (
            "{{ekonomi.drift.prognosavvikelse[ovrigt]}}",
            "har ingen rad",
            "ekonomi.drift.prognosavvikelse[ovriga]",
        ),
        (
            "{{ekonomi.drift.prognosavvikelse}}",
            "ska ha nyckeln [rad]",
            "ekonomi.drift.prognosavvikelse[intakter]",
        ),
        ("{{ekonomi.drift.prognosavvikelse[ovriga]|%}}", "kan inte visas i %", "mkr"),
        ("{{ekonomi.drift.prognosavvikelse[ovriga]|mkr:9}}", "för många", None),
        ("{{matt.utfall[telefon]|mkr}}", "kan inte visas i mkr", "%"),
        ("{{hej du}}", "går inte att läsa", None),
        ("{{}}", "går inte att läsa", None),
        ("Resultatet {{ekonomi.drift.prognosavvikelse[ovriga] är bra", "går inte att läsa", None),
        ("Resultatet ekonomi}} är bra", "går inte att läsa", None),
    ],
)
def test_an_unknown_figure_is_refused_with_the_nearest_names(
    text: str, why: str, suggestion: str | None
) -> None:
    (fault,) = prose.unknown(text, FIGURES.get, NAMES)

    assert why in fault.why
    assert text[fault.start : fault.end] == fault.text
    assert suggestion is None or suggestion in fault.suggestions


def test_what_cannot_be_printed_stands_as_it_was_written() -> None:
    assert printed("Se {{finns.inte}} här") == "Se {{finns.inte}} här"


def test_a_comment_becomes_paragraphs_and_lists() -> None:
    made = prose.blocks("Först ett\nstycke.\n\n- ett {{matt.utfall[platser]}}\n- två\nSlut", FIGURES.get)

    assert [type(block) for block in made] == [Paragraph, Bullets, Paragraph]
    assert isinstance(made[0], Paragraph)
    assert inline_text(made[0].inlines) == "Först ett stycke."
    assert isinstance(made[1], Bullets)
    assert [inline_text(item) for item in made[1].items] == ["ett 72", "två"]


def test_a_writer_is_offered_the_rows_of_the_subject_with_their_values() -> None:
    (offer,) = prose.choices([VARIANCE], "ovriga")

    assert offer[0] == "{{ekonomi.drift.prognosavvikelse[ovriga]}}"
    assert offer[1].replace("\u00a0", " ") == "Prognosavvikelse, Övriga kostnader: −10 802 tkr"
    assert prose.unknown(offer[0], FIGURES.get, NAMES) == []


@given(st.text(alphabet="ab{}[]|:, \n.å1"))
def test_no_text_breaks_the_reader_and_nothing_is_lost(text: str) -> None:
    found = list(prose.parts(text))

    assert "".join(part if isinstance(part, str) else part.text for part in found) == text
    for part in found:
        if not isinstance(part, str):
            assert text[part.start : part.end] == part.text


@pytest.mark.parametrize(
    "text", ["a" * 20_000, "{{" * 10_000, "}}" * 10_000, "{{a}} " * 4_000, "\n\n" * 10_000]
)
def test_a_long_text_is_read_at_once(text: str) -> None:
    started = time.perf_counter()
    prose.unknown(text, FIGURES.get, NAMES)
    prose.blocks(text, FIGURES.get)
    assert time.perf_counter() - started < 4
