"""Which printed sums of the source documents hold, which are off by rounding and which are wrong."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest

from roder.imports.printed import PrintedSum, PrintedSumsError, as_text, check, load, not_exact, verdict
from tests.examples.files import EXAMPLES, MUNICIPALITIES

# The cell (or statement) of everything that does not add up exactly. Anything else is a typing error.
OFF_BY_ROUNDING = {
    "kf-resultat:nettokostnader@2023",
    "kf-resultat:nettokostnader@2024",
    "kf-resultat:verksamhetens_resultat@2022",
    "kf-resultat:verksamhetens_resultat@2023",
    "kf-balans:summa_kapital_skulder@2022",
    "von-budget:kostnader@plan_2024",
    "von-budget:nettokostnader@plan_2024",
    "von-prognostext:resultat@mars",
    "von-prognostext:intakter@forandring_maj",
    "von-prognostext:kop_tjanster@forandring_maj",
    "von-investeringar-augusti:reinvestering@utfall_2022",
    "von-investeringar-augusti:reinvestering@differens",
    "von-investeringar-augusti:totalt@differens",
    "von-sjukfranvaro:total@2021",
    "von-sjukfranvaro:total@differens",
    "von-sjukfranvaro:kvinnor@differens",
    "von-sjukfranvaro:man@differens",
    "von-sjukfranvaro:alder_till_29@differens",
    "von-sjukfranvaro:alder_30_49@differens",
    "von-sjukfranvaro:alder_fran_50@differens",
    "von-sjukfranvaro:dag_1_14@differens",
    "von-sjukfranvaro:dag_15_59@differens",
    "von-sjukfranvaro:dag_fran_60@differens",
    "von-sjukfranvaro-2020:total@2019",
    "von-sjukfranvaro-2020:total@differens",
    "ramokning 2022, andel",
    "ramokning 2022, delar",
    "inkopt under perioden",
}
# The text of the follow-ups contradicts their own figures: "no change" where there is one, or another amount.
WRONG_IN_SOURCE = {
    "von-prognostext:lokaler@forandring_april": ("-4.0", "-0.8"),
    "von-prognostext:personal@forandring_maj": ("12.3", "12.9"),
    "von-prognostext:personal@forandring_augusti": ("0.0", "3.7"),
    "von-prognostext:lokaler@forandring_augusti": ("0.0", "-0.3"),
    "von-prognostext:kop_tjanster@forandring_augusti": ("0.0", "-2.5"),
}


def sums(municipality: str) -> list[PrintedSum]:
    return check(load(EXAMPLES / municipality / "tryckta-summor.yaml"))


def cell(item: PrintedSum) -> str:
    return item.id.split(" = ")[0]


def test_only_the_known_sums_are_off_by_rounding() -> None:
    found = {cell(item) for m in MUNICIPALITIES for item in sums(m) if item.verdict == "rounding"}
    assert found == OFF_BY_ROUNDING


def test_what_is_wrong_in_the_source_is_said_to_be_wrong() -> None:
    found = {
        cell(item): (item.printed, item.computed)
        for m in MUNICIPALITIES
        for item in sums(m)
        if item.verdict == "wrong"
    }
    assert found == {
        key: (Decimal(printed), Decimal(real)) for key, (printed, real) in WRONG_IN_SOURCE.items()
    }


def test_money_in_tkr_is_never_off_by_more_than_one() -> None:
    off = [
        abs(item.printed - item.computed) for m in MUNICIPALITIES for item in sums(m) if item.unit == "tkr"
    ]
    assert max(off) == 1


def test_interim_forecast_adds_up_to_nothing() -> None:
    found = {cell(item): item for item in sums("alingsas")}
    assert found["von-prognostext:resultat@augusti"].verdict == "exact"
    assert found["von-prognostext:resultat@augusti"].computed == 0


@pytest.mark.parametrize(("municipality", "number"), [("alingsas", 208), ("oxelosund", 89), ("kungsor", 3)])
def test_how_many_sums_are_checked(municipality: str, number: int) -> None:
    assert len(sums(municipality)) == number


def test_oxelosund_and_kungsor_add_up_exactly() -> None:
    assert not_exact(sums("oxelosund")) == []
    assert not_exact(sums("kungsor")) == []


def test_the_list_as_text_has_verdict_and_difference() -> None:
    text = as_text(not_exact(sums("alingsas")))
    line = next(line for line in text.splitlines() if line.startswith("von-budget:kostnader@plan_2024"))
    assert line.split("  ")[-1].strip() == "avrundning"
    assert "−1\u00a0123\u00a0327" in line and "−1\u00a0123\u00a0326" in line
    assert text.splitlines()[0].startswith("Summa")


@pytest.mark.parametrize(
    ("printed", "computed", "terms", "expected"),
    [
        ("100", "100", [], "exact"),
        ("100", "101", ["40", "61"], "rounding"),
        ("100", "102", ["40", "62"], "wrong"),
        ("34.8", "34.827", ["853.556", "818.729"], "exact"),
        ("0.61", "0.6", ["10.6", "10.0"], "rounding"),
        ("0.71", "0.6", ["10.6", "10.0"], "wrong"),
        ("0.0", "0.3", ["1.1", "0.8"], "wrong"),
        ("2.5", "2.45", [], "exact"),
    ],
)
def test_verdicts(printed: str, computed: str, terms: list[str], expected: str) -> None:
    assert verdict(Decimal(printed), Decimal(computed), map(Decimal, terms)) == expected


TABLE = """
tables:
  - id: t
    document: d
    section: s
    unit: tkr
    columns: [a, b]
    rows:
      x: ["1", {x}]
      summa: ["1", "2"]
    sums:
      summa: [{term}]
"""


@pytest.mark.parametrize(
    ("x", "term", "message"),
    [
        ('"2", "3"', "x", "raden ”x” har 3 celler"),
        ('"2"', "y", "raden ”y” finns inte"),
        ('"två"', "x", "är inte ett tal"),
    ],
)
def test_a_faulty_file_is_refused(tmp_path: Path, x: str, term: str, message: str) -> None:
    path = tmp_path / "summor.yaml"
    path.write_text(TABLE.format(x=x, term=term), encoding="utf-8")
    with pytest.raises(ValueError, match=message):
        load(path)


def test_a_statement_about_a_missing_cell_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "summor.yaml"
    path.write_text(
        'statements:\n  - {id: p, document: d, section: s, unit: tkr, printed: "1", terms: ["t:x@a"]}\n',
        encoding="utf-8",
    )
    with pytest.raises(PrintedSumsError, match="finns inte"):
        check(load(path))


def test_empty_cells_add_nothing_and_unprinted_sums_are_not_checked(tmp_path: Path) -> None:
    path = tmp_path / "summor.yaml"
    path.write_text(
        """
tables:
  - id: t
    document: d
    section: s
    unit: tkr
    columns: [a, b, c]
    rows:
      x: ["1", "-", "iu."]
      y: ["", "2", ""]
      summa: ["1", "", "5"]
    sums:
      summa: [x, y]
""",
        encoding="utf-8",
    )
    (only,) = check(load(path))
    assert (only.id, only.verdict) == ("t:summa@a = x + y", "exact")
