"""Grants to associations: from application to report, the table over years, and what comes through the form."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone

from roder import questionnaires
from roder.access import NotAllowedError
from roder.core.models import StaleRecordError
from roder.organisation.models import Body, Municipality
from roder.registers.demo import load
from roder.registers.models import (
    GrantApplication,
    GrantCall,
    StateGrant,
)
from roder.registers.services import deeds, grants
from tests.registers.conftest import Grants
from tests.registers.doing import open_tasks, step
from tests.web.world import World

EXAMPLES = Path(__file__).parents[2] / "examples"
GOOD = {
    "local": True,
    "social": True,
    "complete": True,
    "assessment": "Bra",
    "proposed": 50_000,
    "reduced_why": "",
}
FORM = {
    "namn": "Nya föreningen", "orgnr": "212000-0142", "medlemmar": "40", "kontakt": "info@example.org",
    "malgrupp": ["aldre"], "oppet": "ja", "beskrivning": "Träffar", "samverkan": "nej", "sokt": "25000",
    "budget": [{"post": "Lokal", "belopp": "25000"}], "andra_bidrag": "nej",
}  # fmt: skip


# --- grants ---------------------------------------------------------------------------------------------------------


def test_an_application_from_request_to_report(grants: Grants) -> None:
    by, row = grants.strategist, grants.application
    row = step(
        row, "begar-komplettering", by, completion_asked_on=date(2021, 10, 5), complete_by=date(2021, 10, 20)
    )
    assert (row.state, row.complete) == ("incomplete", False)
    assert open_tasks(row) == {"registers.grant_completion": date(2021, 10, 20)}
    row = step(row, "kompletterad", by, completed_on=date(2021, 10, 12))
    assert (row.state, row.complete, open_tasks(row)) == ("received", True, {})
    row = step(row, "bedom", by, **GOOD)
    row = step(row, "beslut", by, granted=40_000, decided_on=date(2021, 12, 1), section="§ 98")
    assert (row.state, row.granted) == ("decided", 40_000)
    row = step(row, "overenskommelse", by, agreement_on=date(2022, 1, 10), report_by=date(2023, 2, 28))
    assert open_tasks(row) == {"registers.grant_report": date(2023, 2, 28)}
    row = step(row, "aterrapport", by, reported_on=date(2023, 2, 1), report="Träffar hölls varje vecka")
    assert (row.state, open_tasks(row)) == ("reported", {})


@pytest.mark.parametrize(
    ("code", "given", "at"),
    [
        ("bedom", {**GOOD, "local": None}, "local"),
        ("bedom", {**GOOD, "proposed": 60_000}, "proposed"),
        ("bedom", {**GOOD, "proposed": 10_000}, "reduced_why"),
        ("begar-komplettering", {"completion_asked_on": date(2021, 10, 5), "complete_by": date(2021, 10, 4)},
         "complete_by"),
        ("begar-komplettering", {"completion_asked_on": date(2021, 9, 5), "complete_by": date(2021, 10, 4)},
         "completion_asked_on"),
    ],
)  # fmt: skip
def test_bad_values_are_told_at_their_field(
    grants: Grants, code: str, given: dict[str, Any], at: str
) -> None:
    with pytest.raises(ValidationError) as caught:
        step(grants.application, code, grants.strategist, **given)
    assert set(caught.value.message_dict) == {at}
    grants.application.refresh_from_db()
    assert grants.application.state == "received"


def test_a_decision_without_an_amount_is_refused_by_the_rule_and_by_the_database(grants: Grants) -> None:
    step(grants.application, "bedom", grants.strategist, **GOOD)
    with pytest.raises(ValidationError) as caught:
        step(
            grants.application,
            "beslut",
            grants.strategist,
            granted=None,
            decided_on=date(2021, 12, 1),
            section="",
        )
    assert "0 vid avslag" in caught.value.message_dict["granted"][0]
    with pytest.raises(IntegrityError), transaction.atomic():
        GrantApplication.objects.filter(pk=grants.application.pk).update(state="decided")


def test_a_step_cannot_be_skipped_and_a_refused_application_has_no_agreement(grants: Grants) -> None:
    with pytest.raises(ValidationError, match="inte att göra detta nu"):
        step(
            grants.application,
            "beslut",
            grants.strategist,
            granted=1,
            decided_on=date(2021, 12, 1),
            section="",
        )
    step(
        grants.application, "bedom", grants.strategist, **{**GOOD, "proposed": 0, "reduced_why": "Fel område"}
    )
    row = step(
        grants.application, "beslut", grants.strategist, granted=0, decided_on=date(2021, 12, 1), section=""
    )
    assert [one.code for one in deeds.of(row)] == ["beslut"]


def test_two_who_assess_at_once(grants: Grants) -> None:
    seen = grants.application.revision
    step(grants.application, "bedom", grants.strategist, **GOOD)
    late = GrantApplication.objects.get(pk=grants.application.pk)
    with pytest.raises(StaleRecordError):
        deeds.do(late, "bedom", grants.strategist, {**GOOD, "assessment": "Annat"}, revision=seen)
    late.refresh_from_db()
    assert late.assessment == "Bra"


def test_only_those_with_the_right_do_deeds(world: World, grants: Grants) -> None:
    for role in ("member", "chair", "unit_manager", "controller", "auditor", "administrator"):
        with pytest.raises(NotAllowedError):
            step(grants.application, "bedom", world.people[role], **GOOD)


def test_one_application_a_year_and_no_negative_amount(grants: Grants) -> None:
    twice = GrantApplication(call=grants.call, association=grants.association)
    with pytest.raises(ValidationError, match="redan en ansökan"):
        twice.full_clean()
    with pytest.raises(ValidationError) as caught:
        GrantCall(committee=grants.call.committee, year=2023, title="X", frame=-1).full_clean()
    assert "inte vara negativt" in str(caught.value.message_dict["frame"])


# --- the table over years -------------------------------------------------------------------------------------------


@pytest.fixture
def oxelosund(db: None) -> Body:
    """The demonstration's grants, loaded twice."""
    town = Municipality.objects.create(code="0481", name="Oxelösunds kommun", slug="oxelosund")
    body = Body.objects.create(
        municipality=town,
        kind="committee",
        name="Vård- och omsorgsnämnden",
        short_name="VON",
        slug="oxelosund-von",
    )
    assert load(EXAMPLES) == load(EXAMPLES)
    return body


def test_the_demonstration_is_loaded_once_and_its_check_speaks(oxelosund: Body) -> None:
    assert GrantCall.objects.filter(committee=oxelosund).count() == 4
    assert GrantApplication.objects.count() == 23
    made = grants.over_years_of(oxelosund, 2024)
    assert [year.check.added for year in made.years] == [395_000, 392_850, 415_000, 515_000]
    assert [year.proposal for year in made.years] == [False, False, False, True]
    assert [text.replace("\u00a0", " ") for text in made.findings] == [
        "2022: raderna blir 392 850 kr, men tryckt summa är 405 000 kr. 12 150 kr saknas.",
        "2022: Kvinno- och tjejjouren MIRA har 70 % av det som raderna blir. Tryckt andel är 68 %.",
    ]
    name, cells = made.rows[0]
    assert name == "Kvinno- och tjejjouren MIRA"
    assert [cell.share for cell in cells if cell] == [68, 70, 66, 70]
    assert made.rows[-1][0] == "Fredagsgruppen"
    assert made.rows[-1][1][1] is None, "no application in 2022"
    assert made.years[3].shares_sum == 99


def test_the_state_grant_of_the_demonstration_has_its_days_as_tasks(oxelosund: Body) -> None:
    row = StateGrant.objects.get(committee=oxelosund)
    assert (row.apply_by, row.report_by) == (date(2024, 3, 1), date(2025, 1, 15))
    assert open_tasks(row) == {
        "registers.state_apply": date(2024, 3, 1), "registers.state_report": date(2025, 1, 15)
    }  # fmt: skip


# --- the public form ------------------------------------------------------------------------------------------------


def sent(world: World, **changed: Any) -> questionnaires.models.Answer:
    """A form sent in by an association."""
    version = questionnaires.load_set(EXAMPLES / "formular" / "foreningsbidrag.yaml", world.committee)
    return questionnaires.answer_publicly(version, {**FORM, **changed})


@pytest.fixture
def call(world: World) -> GrantCall:
    """A call of next year, open now."""
    return GrantCall.objects.create(
        committee=world.committee, year=timezone.localdate().year + 1, title="Föreningsbidrag"
    )


def test_a_form_becomes_an_application_with_its_association(world: World, call: GrantCall) -> None:
    by, answer = world.people["secretary"], sent(world)
    assert list(grants.sent_in(by, call)) == [answer]
    row, made = grants.take_in(call, answer, by)
    assert made
    assert (row.sought, row.association.name, row.association.organisation_number) == (
        25_000, "Nya föreningen", "212000-0142",
    )  # fmt: skip
    assert list(grants.sent_in(by, call)) == []
    assert grants.answers_of(world.people["member"], row) == [answer]
    with pytest.raises(ValidationError, match="redan taget"):
        grants.take_in(call, answer, by)


def test_a_second_form_from_the_same_association_is_laid_beside_the_first(
    world: World, call: GrantCall
) -> None:
    by = world.people["quality_strategist"]
    first, _ = grants.take_in(call, sent(world), by)
    again, made = grants.take_in(call, sent(world, namn="NYA FÖRENINGEN", sokt="1000"), by)
    assert (again, made) == (first, False)
    assert len(grants.answers_of(by, first)) == 2
    first.refresh_from_db()
    assert first.sought == 25_000


def test_a_member_takes_nothing_in(world: World, call: GrantCall) -> None:
    with pytest.raises(NotAllowedError):
        grants.take_in(call, sent(world), world.people["member"])


def test_an_application_on_paper_is_filled_in_by_the_administration(world: World, grants: Grants) -> None:
    from roder.registers.services import grants as service

    with pytest.raises(LookupError):
        service.fill_in(grants.application, grants.strategist)
    questionnaires.load_set(EXAMPLES / "formular" / "foreningsbidrag.yaml", world.committee)
    answer = service.fill_in(grants.application, grants.strategist)
    assert service.fill_in(grants.application, grants.strategist) == answer
    assert service.answers_of(world.people["member"], grants.application) == [answer]
