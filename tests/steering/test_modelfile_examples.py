"""The models that ship: they are whole, say what the sources say, and survive the way to JSON and back."""

from __future__ import annotations

import json
from datetime import date, time
from pathlib import Path

import pytest

from roder.steering.modelfile import (
    SteeringModel,
    check_file,
    diff,
    from_data,
    from_json,
    json_schema,
    to_data,
    to_json,
)
from roder.steering.modelfile.codes import Handling, OccasionKind, Role, ScaleLevel, Subject, Tone

ROOT = Path(__file__).parents[2]
NAMES = ("alingsas", "oxelosund", "kungsor")


def model(name: str) -> SteeringModel:
    checked = check_file(ROOT / "examples" / name / "styrmodell.yaml")
    assert checked.lines() == []
    assert checked.model is not None
    return checked.model


@pytest.fixture(scope="module")
def alingsas() -> SteeringModel:
    return model("alingsas")


@pytest.mark.parametrize("name", NAMES)
def test_an_example_is_whole_and_survives_json(name: str) -> None:
    one = model(name)
    assert from_json(to_json(one)) == one
    assert to_json(from_json(to_json(one))) == to_json(one)
    assert from_data(to_data(one)) == one
    assert diff(one, one) == []


def test_account_rows_are_printed_in_order_and_sums_add_the_right_rows(alingsas: SteeringModel) -> None:
    assert [(row.code, row.label, row.kind.value, row.sum_of) for row in alingsas.accounts.rows] == [
        ("intakter", "Verksamhetens intäkter", "group", ()),
        ("personal", "Personalkostnader", "group", ()),
        ("lokaler", "Lokalhyror", "group", ()),
        ("kop_tjanster", "Köp av tjänster", "group", ()),
        ("ovriga", "Övriga kostnader", "group", ()),
        ("kostnader", "Verksamhetens kostnader", "sum", ("personal", "lokaler", "kop_tjanster", "ovriga")),
        ("nettokostnader", "Verksamhetens nettokostnader", "sum", ("intakter", "kostnader")),
        ("kommunbidrag", "Kommunbidrag", "group", ()),
        ("finansnetto", "Finansnetto", "group", ()),
        ("resultat", "Årets resultat", "sum", ("nettokostnader", "kommunbidrag", "finansnetto")),
    ]
    assert alingsas.accounts.print_unit == "tkr"


def test_the_occasions_of_the_year(alingsas: SteeringModel) -> None:
    assert [(one.code, one.kind.value, one.cut_off) for one in alingsas.occasions] == [
        ("2022-plan", "plan", date(2021, 12, 31)),
        ("2022-03", "monthly", date(2022, 3, 31)),
        ("2022-04", "in_depth", date(2022, 4, 30)),
        ("2022-05", "monthly", date(2022, 5, 31)),
        ("2022-08", "interim", date(2022, 8, 31)),
        ("2022-10", "monthly", date(2022, 10, 31)),
        ("2022-12", "annual", date(2022, 12, 31)),
        ("2021-h1", "half_year", date(2021, 6, 30)),
        ("2021-h2", "half_year", date(2021, 12, 31)),
        ("2022-h1", "half_year", date(2022, 6, 30)),
        ("2022-h2", "half_year", date(2022, 12, 31)),
        ("2022-q1", "quarter", date(2022, 3, 31)),
        ("2022-q2", "quarter", date(2022, 6, 30)),
        ("2022-q3", "quarter", date(2022, 9, 30)),
        ("2022-q4", "quarter", date(2022, 12, 31)),
        ("2022-kvalitet", "quality_year", date(2022, 12, 31)),
        ("2022-02-21", "meeting", date(2022, 2, 21)),
        ("2022-05-19", "meeting", date(2022, 5, 19)),
        ("2022-09-27", "meeting", date(2022, 9, 27)),
        ("2022-12-19", "meeting", date(2022, 12, 19)),
    ]


def test_the_phases_of_the_interim_report(alingsas: SteeringModel) -> None:
    interim = next(one for one in alingsas.occasions if one.kind is OccasionKind.INTERIM)
    phases = {phase.code: phase for phase in interim.phases}
    assert (phases["enhetschefer"].role, phases["enhetschefer"].start, phases["enhetschefer"].end) == (
        Role.UNIT_MANAGER,
        date(2022, 8, 12),
        date(2022, 8, 23),
    )
    assert (phases["avdelningschefer"].start, phases["avdelningschefer"].end) == (
        date(2022, 8, 24),
        date(2022, 8, 30),
    )
    assert (phases["till_klk"].end, phases["till_klk"].end_time) == (date(2022, 9, 13), time(12))
    assert phases["namnd"].end == date(2022, 9, 27)
    assert interim.compares_with == "2022-04"


def test_status_scales_differ_by_occasion_and_level(alingsas: SteeringModel) -> None:
    def labels(subject: Subject, kind: OccasionKind, level: ScaleLevel) -> list[str]:
        return [
            status.label
            for scale in alingsas.status_scales
            if scale.subject is subject and kind in scale.occasion_kinds and scale.level in (None, level)
            for status in scale.statuses
        ]

    committee, unit = ScaleLevel.COMMITTEE, ScaleLevel.UNIT
    four = ["Ej uppfyllt", "Delvis uppfyllt", "I hög grad uppfyllt", "Helt uppfyllt"]
    assert labels(Subject.GOAL, OccasionKind.INTERIM, committee) == [*four, "Ej utvärderad"]
    assert labels(Subject.GOAL, OccasionKind.ANNUAL, committee) == ["Ej uppfyllt", "Helt uppfyllt"]
    assert labels(Subject.ASSIGNMENT, OccasionKind.INTERIM, committee) == four
    assert labels(Subject.ASSIGNMENT, OccasionKind.INTERIM, unit) == [
        "Ej påbörjad",
        "Påbörjad",
        "Väntar",
        "Färdig",
        "Stoppad",
        "Försenad",
    ]
    assert labels(Subject.ASSIGNMENT, OccasionKind.ANNUAL, unit) == ["Färdig", "Försenad"]


def test_every_risk_value_has_a_handling(alingsas: SteeringModel) -> None:
    scale = alingsas.risk_scales[0]
    at_sixteen = next(band for band in scale.handling if band.lowest <= 16 <= band.highest)
    assert [one.handling for one in at_sixteen.proposals] == [Handling.IMMEDIATE_ACTION]
    factor = next(
        one for band in scale.handling for one in band.proposals if one.handling is Handling.CRITICAL_FACTOR
    )
    assert factor.likelihood_at_most == 2


def test_the_new_social_services_act_is_data_with_its_section_left_empty(alingsas: SteeringModel) -> None:
    laws = {law.code: law for law in alingsas.laws}
    assert laws["SoL-2001"].valid_to == date(2025, 6, 30)
    assert laws["SoL-2025"].valid_from == date(2025, 7, 1)
    sections = [part for rule in alingsas.legal_references for part in rule.sections]
    assert [part.section for part in sections if part.law == "SoL-2025"] == [None] * 7
    assert all(part.section for part in sections if part.law != "SoL-2025")


def test_grading_rules_hold_the_three_kinds(alingsas: SteeringModel) -> None:
    kinds = {rule.kind for rule in alingsas.grading_rules}
    assert kinds == {"against_national_mean", "percent_of_target", "count_bands"}
    count = next(rule for rule in alingsas.grading_rules if rule.kind == "count_bands")
    assert count.small_unit is not None
    assert [band.up_to for band in count.bands] == [2, 3, None]
    assert [band.up_to for band in count.small_unit.bands] == [1, 2, None]
    tones = {status.code: status.tone for scale in alingsas.status_scales for status in scale.statuses}
    assert tones["nara_malvarde"] is Tone.NEAR


def test_what_a_source_does_not_have_is_absent() -> None:
    small = model("kungsor")
    assert [row.code for row in small.accounts.rows] == ["ram"]
    assert small.status_scales == () and small.supports is None and small.services is None
    assert {step.label for step in small.risk_scales[0].likelihood.steps} == {None}
    assert small.goals is not None and small.goals.committee_goals_max == 7
    other = model("oxelosund")
    assert other.services is not None
    assert [row.code for row in other.services.rows] == [
        "11",
        "27",
        "50",
        "54",
        "55",
        "56",
        "57",
        "58",
        "62",
        "63",
    ]
    assert other.status_scales == () and other.risk_scales[0].handling == ()


def test_the_published_schema_is_the_one_in_the_code() -> None:
    published = json.loads((ROOT / "docs" / "styrmodell.schema.json").read_text("utf-8"))
    assert published == json_schema(), "run: roder model schema > docs/styrmodell.schema.json"


def test_every_field_has_a_swedish_title() -> None:
    for name, part in json_schema()["$defs"].items():
        for field, schema in part.get("properties", {}).items():
            title = schema.get("title", "")
            begins = title.split(" ")[0]
            assert begins.islower() or "Agenda 2030" in title, (name, field, title)
