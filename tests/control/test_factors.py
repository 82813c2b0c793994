"""Critical factors: graded by rule, by number or by hand; decided, told, reviewed and carried to the next year."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import given
from hypothesis import strategies as st

from roder.access import NotAllowedError
from roder.control.models import CriticalFactor, FactorReview, Risk, RiskAnalysis
from roder.control.rules import factors as rules
from roder.control.services import factor_rows, factors
from roder.core.models import Link, StaleRecordError
from roder.measures.models import Measure, MeasureValue, Target
from roder.steering.modelfile import check_text, to_data
from roder.steering.models import Occasion, SteeringModelVersion
from tests.control.test_incidents import faults_of
from tests.control.world import MODEL, Room

FACTORS = """\
critical_factors:
  decided_by: head_administration
  times_a_year: 2
  perspectives:
    - {code: ekonomi, label: Ekonomi, reported_in: [Delårsbokslut]}
    - {code: malgrupp, label: Målgrupp, reported_in: [Kvalitetsberättelse]}
grading_rules:
  - code: nojda
    label: Nöjda
    kind: against_national_mean
    measures: [nojda]
    scale: faktor
    missing: inget
    higher: bra
    equal: nara
    lower: daligt
trends:
  - {code: upp, label: Har ökat, direction: up}
"""
_SCALE = """\
status_scales:
  - code: faktor
    subject: critical_factor
    occasion_kinds: [interim, annual]
    statuses:
      - {code: inget, label: Inget värde angivet, order: 1, tone: none}
      - {code: daligt, label: Med anmärkning, order: 2, tone: bad}
      - {code: nara, label: Nära målvärde, order: 3, tone: near}
      - {code: bra, label: Utan anmärkning, order: 4, tone: good}
"""
TEXT = MODEL.replace("status_scales:\n", _SCALE) + FACTORS
NUMBERS = st.decimals(-1000, 1000, places=1)


@given(
    st.none() | NUMBERS,
    st.sampled_from([">", ">=", "=", "<=", "<"]),
    st.none() | NUMBERS,
    st.sampled_from(["", "ord"]),
)
def test_words_are_never_guessed_at(outcome: Any, operator: str, value: Any, text: str) -> None:
    verdict = rules.judge(outcome, rules.Wanted(operator, value, text))
    assert (verdict in (rules.MET, rules.MISSED)) == (outcome is not None and value is not None)
    assert (verdict == rules.BY_HAND) == (outcome is not None and value is None and bool(text))
    assert rules.judge(outcome, None) == rules.NO_TARGET


@pytest.fixture
def governed(room: Room) -> Room:
    """The room with a steering model that has perspectives, for this year and the next."""
    checked = check_text(TEXT)
    assert checked.model is not None, checked.lines()
    for year in (2022, 2023):
        model = SteeringModelVersion.objects.create(
            committee=room.committee, year=year, version=3, content=to_data(checked.model), source=TEXT,
            sha256=f"{year}" * 16,
        )  # fmt: skip
        if year == room.interim.year:
            Occasion.objects.filter(committee=room.committee).update(model=model)
    room.interim.refresh_from_db()
    return room


def measure(
    room: Room, code: str, *outcomes: str, target: str = "", words: str = "", operator: str = ">="
) -> Measure:
    """A measure with outcomes for the years up to 2022, and a target of 2022."""
    made = Measure.objects.create(committee=room.committee, code=code, title=f"Nyckeltal {code}", unit="%")
    for year, value in zip(range(2023 - len(outcomes), 2023), outcomes, strict=True):
        MeasureValue.objects.create(
            measure=made, period_start=date(year, 1, 1), period_end=date(year + 1, 1, 1), value=Decimal(value)
        )
    if target or words:
        Target.objects.create(
            measure=made, year=2022, operator=operator, value=Decimal(target) if target else None, text=words
        )
    return made


def factor(
    room: Room, title: str, *measures: Measure, perspective: str = "ekonomi", **given: Any
) -> CriticalFactor:
    """A factor of 2022 with its measures."""
    by = room.by("quality_strategist")
    made = factors.add_factor(room.committee, 2022, by, perspective=perspective, title=title, **given)
    for one in measures:
        factors.add_measure(made, by, one, reported_in=["Delårsbokslut"])
    return made


def test_a_row_is_graded_by_rule_by_number_or_by_hand(governed: Room) -> None:
    by_rule = measure(governed, "nojda", "80", "86", words="över genomsnittet för riket")
    MeasureValue.objects.create(
        measure=by_rule,
        period_start=date(2022, 1, 1),
        period_end=date(2023, 1, 1),
        value=85,
        comparison="riket",
    )
    factor(
        governed, "Verksamheten är kostnadseffektiv",
        by_rule,
        measure(governed, "met", "3", "-9", target="0", operator="<="),
        measure(governed, "missed", "5", target="0", operator="<="),
        measure(governed, "words", "5", words="ska minska"),
        measure(governed, "none", words="90 %"),
        measure(governed, "bare", "5"),
    )  # fmt: skip
    [group] = factor_rows.register_of(governed.by("member"), governed.committee, 2022)
    assert (group.label, group.reported_in) == ("Ekonomi", ("Delårsbokslut",))
    assert [(row.grade.label, row.grade.tone) for row in group.rows] == [
        ("Utan anmärkning", "good"), ("Når målvärdet", "good"), ("Når inte målvärdet", "bad"),
        ("Bedöms för hand", "none"), ("Utfall saknas", "none"), ("Målvärde saknas", "none"),
    ]  # fmt: skip
    first, met, _, words, *_ = group.rows
    assert "rikets medelvärde" in first.grade.why
    assert (first.trend_label, met.trend_label, words.trend_label) == (
        "Har ökat",
        "Minskad",
        "Inget tidigare utfall",
    )
    assert words.grade.by_hand
    assert "gissar inte" in words.grade.why
    assert (met.outcome, met.outcome_year, met.target) == (Decimal("-9"), 2022, "högst 0\u00a0%")


def test_the_register_takes_as_many_questions_for_47_rows_as_for_one(governed: Room) -> None:
    one = factor(governed, "En", measure(governed, "m0", "1", target="2"))
    user = governed.by("member")
    factor_rows.register_of(user, governed.committee, 2022)
    with CaptureQueriesContext(connection) as few:
        factor_rows.register_of(user, governed.committee, 2022)
    for number in range(1, 47):
        holder = one if number % 2 else factor(governed, f"Faktor {number}", perspective="malgrupp")
        factors.add_measure(
            holder, governed.by("controller"), measure(governed, f"m{number}", "1", "2", target="2")
        )
    with CaptureQueriesContext(connection) as many:
        groups = factor_rows.register_of(user, governed.committee, 2022, until=governed.interim)
    assert sum(len(group.rows) for group in groups) == 47
    assert [row.row.number for group in groups for row in group.rows if row.row.number > 46] == [47]
    assert len(many) <= len(few) <= 8


def test_decided_by_the_administration_and_told_to_the_committee(governed: Room) -> None:
    by, head = governed.by("controller"), governed.by("head_administration")
    bare = factor(governed, "Utan nyckeltal")
    with pytest.raises(NotAllowedError):
        factors.decide_factors(governed.committee, 2022, by, date(2022, 3, 1))
    with pytest.raises(ValidationError, match="Utan nyckeltal"):
        factors.decide_factors(governed.committee, 2022, head, date(2022, 3, 1))
    factors.add_measure(bare, by, measure(governed, "m", "1"))
    with pytest.raises(ValidationError) as error:
        factors.tell_committee(governed.committee, 2022, by, date(2022, 3, 29))
    assert "inte beslutade" in faults_of(error)["told_on"][0]
    assert factors.decide_factors(governed.committee, 2022, head, date(2022, 3, 1)) == 1
    with pytest.raises(ValidationError) as error:
        factors.tell_committee(governed.committee, 2022, by, date(2022, 2, 1))
    assert "innan de är beslutade" in faults_of(error)["told_on"][0]
    assert factors.tell_committee(governed.committee, 2022, by, date(2022, 3, 29)) == 1
    with pytest.raises(ValidationError, match="nästa år"):
        factors.remove_factor(CriticalFactor.objects.get(), by)


def test_what_a_factor_cannot_be(governed: Room, room: Room) -> None:
    by = governed.by("quality_strategist")
    with pytest.raises(ValidationError) as error:
        factor(governed, "Fel perspektiv", perspective="annat")
    assert "Ekonomi, Målgrupp" in faults_of(error)["perspective"][0]
    made = factor(governed, "Trivsel", measure(governed, "m", "1"))
    with pytest.raises(ValidationError, match="finns redan för året"):
        factor(governed, "Trivsel")
    with pytest.raises(ValidationError, match="mäter redan"):
        factors.add_measure(made, by, Measure.objects.get(code="m"))
    with pytest.raises(NotAllowedError):
        factors.add_factor(governed.committee, 2022, governed.by("member"), perspective="ekonomi", title="X")
    with pytest.raises(ValidationError, match="2031"):
        factors.add_factor(governed.committee, 2031, by, perspective="ekonomi", title="X")


def test_a_review_is_written_over_only_by_who_has_seen_it(governed: Room) -> None:
    by, made = governed.by("controller"), factor(governed, "Trivsel")
    review = factors.review_factor(made, governed.interim, by, "Det går bra.", "Ingen åtgärd.")
    with pytest.raises(StaleRecordError):
        factors.review_factor(made, governed.interim, governed.by("quality_strategist"), "Det går dåligt.")
    factors.review_factor(
        made, governed.interim, by, "Det går mycket bra.", expected_revision=review.revision
    )
    assert FactorReview.objects.get().analysis == "Det går mycket bra."
    with pytest.raises(ValidationError) as error:
        factors.review_factor(made, governed.interim, by, " ")
    assert "analysis" in faults_of(error)


def test_factors_are_carried_to_the_next_year_with_their_risks(governed: Room) -> None:
    by = governed.by("quality_strategist")
    old = governed.risks["8"]
    made = factor(governed, "Rekrytering", measure(governed, "m", "1", target="2"), risk=old)
    later = RiskAnalysis.objects.create(
        committee=governed.committee, year=2023, title="Riskanalys", scale=governed.scale
    )
    risk = Risk.objects.create(
        committee=governed.committee,
        analysis=later,
        scale=governed.scale,
        code=old.code,
        text=old.text,
        previous=old,
    )
    carried, lacking = factors.carry_over(governed.committee, 2023, by)
    assert [(one.title, one.risk, one.decided_on) for one in carried] == [("Rekrytering", risk, None)]
    assert [one.code for one in lacking] == ["m"]
    links = Link.objects.filter(kind="led_to", source_kind="control.risk")
    assert set(links.values_list("source_id", "target_id")) == {(old.pk, made.pk), (risk.pk, carried[0].pk)}
    factors.change_factor(made, by, risk=governed.risks["10"])
    assert links.get(target_id=made.pk).source_id == governed.risks["10"].pk
    assert carried[0].measures.get().reported_in == ["Delårsbokslut"]
    assert factors.carry_over(governed.committee, 2023, by) == ([], [])
    assert made.measures.count() == 1
    with pytest.raises(ValidationError, match="2021"):
        factors.carry_over(governed.committee, 2022, by)
