"""State grants, steering documents, needs, agreements and criminal-record checks: deeds, tasks and bad input."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from roder import tasks
from roder.registers.models import (
    Agreement,
    DigitalNeed,
    RecordCheck,
    SteeringDocument,
)
from roder.registers.services import deadlines, deeds, state_grants
from tests.registers.doing import open_tasks, step
from tests.web.world import World

# --- state grants ---------------------------------------------------------------------------------------------------


def test_a_state_grant_by_its_rule_through_the_year(world: World) -> None:
    by = world.people["quality_strategist"]
    row = state_grants.add_by_rule(world.committee, "personligt-ombud", 2022, by)
    with pytest.raises(ValidationError, match="finns redan"):
        state_grants.add_by_rule(world.committee, "personligt-ombud", 2022, by)
    row = step(row, "ansokt", by, applied_on=date(2022, 2, 20), sought=300_000)
    row = step(row, "beviljat", by, granted=280_000, requisition_by=date(2022, 6, 1))
    assert open_tasks(row) == {
        "registers.state_requisition": date(2022, 6, 1), "registers.state_report": date(2023, 1, 15)
    }  # fmt: skip
    row = step(row, "rekvirerat", by, requisitioned_on=date(2022, 5, 1))
    with pytest.raises(ValidationError) as caught:
        step(row, "rapporterat", by, reported_on=date(2023, 1, 10), used=280_001)
    assert set(caught.value.message_dict) == {"used"}
    row = step(row, "rapporterat", by, reported_on=date(2023, 1, 10), used=280_000)
    assert open_tasks(row) == {}
    days = state_grants.days_of(by, world.committee, 2022, date(2022, 4, 1))
    assert [(one.what, one.word) for one in days] == [("Ansök", "gjort i tid"), ("Rekvirera", "gjort i tid")]
    assert [one.what for one in state_grants.days_of(by, world.committee, 2023)] == ["Återrapportera"]


def test_a_refused_state_grant_has_nothing_to_report(world: World) -> None:
    by = world.people["secretary"]
    row = state_grants.add_by_rule(world.committee, "personligt-ombud", 2022, by)
    row = step(row, "ansokt", by, applied_on=date(2022, 2, 20), sought=None)
    row = step(row, "avslag", by, note="Pengarna räckte inte")
    assert open_tasks(row) == {}


# --- steering documents, needs, agreements --------------------------------------------------------------------------


def document(world: World, **values: Any) -> SteeringDocument:
    """A steering document that is to be revised."""
    made = SteeringDocument.objects.create(**{
        "committee": world.committee, "type": "guideline", "title": "Riktlinje", "decided_by": "Nämnden",
        "revise_by": date(2022, 12, 31), **values,
    })  # fmt: skip
    deeds.document_saved(made, world.people["secretary"])
    return made


def test_a_document_gets_its_task_and_the_next_one_when_revised(world: World) -> None:
    row, by = document(world), world.people["secretary"]
    assert open_tasks(row) == {"registers.revise": date(2022, 12, 31)}
    row = step(
        row,
        "reviderat",
        by,
        decided_on=date(2022, 11, 1),
        section="",
        revise_by=date(2026, 12, 31),
        revise_when="",
    )
    assert open_tasks(row) == {"registers.revise": date(2026, 12, 31)}
    assert [one.state for one in tasks.of(row)].count("done") == 1
    row = step(row, "upphavt", by, repealed_on=date(2023, 1, 1))
    assert open_tasks(row) == {}
    assert deeds.of(row) == []


def test_revised_without_a_next_time_is_told(world: World) -> None:
    with pytest.raises(ValidationError) as caught:
        step(document(world), "reviderat", world.people["secretary"], decided_on=date(2022, 1, 1), section="",
             revise_by=None, revise_when=" ")  # fmt: skip
    assert set(caught.value.message_dict) == {"revise_by"}


def test_a_new_document_repeals_the_one_it_replaces(world: World) -> None:
    old = document(world)
    document(world, title="Ny riktlinje", replaces=old, valid_from=date(2022, 7, 1), revise_by=None)
    old.refresh_from_db()
    assert old.repealed_on == date(2022, 7, 1)
    assert open_tasks(old) == {}


def test_documents_do_not_replace_each_other_in_a_circle(world: World) -> None:
    old = document(world)
    new = document(world, title="Ny", replaces=old)
    old.refresh_from_db()
    old.replaces = new
    with pytest.raises(ValidationError, match="cirkel"):
        deeds.document_saved(old, world.people["secretary"])


@pytest.mark.parametrize(
    "wrong",
    [
        {"valid_from": date(2022, 2, 1), "valid_to": date(2022, 1, 1)},
        {"valid_to": date(2022, 1, 1), "until_further": True},
    ],
)
def test_a_document_that_ends_before_it_begins_is_refused(world: World, wrong: dict[str, Any]) -> None:
    made = SteeringDocument(
        committee=world.committee, type="policy", title="X", decided_by="KF", role="secretary", **wrong
    )
    with pytest.raises(ValidationError):
        made.full_clean()


def test_a_need_goes_step_by_step_to_its_benefit(world: World) -> None:
    by = world.people["head_administration"]
    row: Any = DigitalNeed.objects.create(
        committee=world.committee, title="Nyckelfria lås", raised_on=date(2022, 1, 10)
    )
    assert [one.code for one in deeds.of(row)] == ["radet", "avsta"]
    row = step(row, "radet", by, stand="Rådet tillstyrker")
    row = step(
        row, "beslut", by, decided_on=date(2022, 3, 1), cost=100_000, expected_benefit="Mindre körning"
    )
    with pytest.raises(ValidationError) as caught:
        step(row, "infort", by, introduced_on=date(2022, 2, 1))
    assert set(caught.value.message_dict) == {"introduced_on"}
    row = step(row, "infort", by, introduced_on=date(2022, 9, 1))
    with pytest.raises(ValidationError):
        step(row, "nytta", by, evaluated_on=date(2023, 1, 1), benefit="")
    row = step(row, "nytta", by, evaluated_on=date(2023, 1, 1), benefit="En tredjedel färre mil")
    assert row.state == "evaluated"


def test_a_declined_need_can_be_taken_up_again(world: World) -> None:
    by = world.people["secretary"]
    row: Any = DigitalNeed.objects.create(
        committee=world.committee, title="Robot", raised_on=date(2022, 1, 10)
    )
    row = step(row, "avsta", by, stand="För dyrt")
    assert [one.code for one in deeds.of(row)] == ["ta-upp"]
    assert step(row, "ta-upp", by).state == "need"


def test_an_agreement_has_a_task_on_its_notice_day_that_follows_it(world: World) -> None:
    by = world.people["secretary"]
    row = Agreement.objects.create(
        committee=world.committee, kind="cooperation", title="Ambulans", party="Regionen",
        valid_to=date(2023, 12, 31), notice_by=date(2023, 6, 30),
    )  # fmt: skip
    deadlines.keep(row, by)
    assert open_tasks(row) == {"registers.agreement": date(2023, 6, 30)}
    row.save_over(row.revision, notice_by=date(2023, 9, 30))
    deadlines.keep(row, by)
    assert open_tasks(row) == {"registers.agreement": date(2023, 9, 30)}
    row.save_over(row.revision, ended_on=date(2023, 5, 1))
    deadlines.keep(row, by)
    assert open_tasks(row) == {}
    with pytest.raises(ValidationError):
        Agreement(committee=world.committee, kind="other", title="X", party="Y", valid_to=date(2023, 1, 1),
                  notice_by=date(2023, 1, 2)).full_clean()  # fmt: skip


# --- criminal-record checks -----------------------------------------------------------------------------------------


def test_no_field_can_hold_what_an_extract_said() -> None:
    """Only that it was shown: a short reference, the law, two days, where and for whom. No free text, no file, no yes
    or no about what it held."""
    fields = {one.name: one for one in RecordCheck._meta.concrete_fields}
    assert set(fields) == {
        "id", "created_at", "changed_at", "revision", "committee", "unit", "reference", "law", "shown_on", "issued_on",
        "seen_by",
    }  # fmt: skip
    kinds = {one.get_internal_type() for one in fields.values()}
    assert not kinds & {"TextField", "JSONField", "FileField", "BooleanField", "BinaryField"}
    assert fields["reference"].max_length == 40


def check(world: World, **values: Any) -> RecordCheck:
    """A check that is about to be noted."""
    today = timezone.localdate()
    return RecordCheck(**{
        "committee": world.committee, "unit": world.unit, "reference": "REK-2022-14", "law": "Skollagen 2 kap. 31 §",
        "shown_on": today, "issued_on": today - timedelta(days=10), "seen_by": world.people["unit_manager"], **values,
    })  # fmt: skip


@pytest.mark.parametrize("name", ["reference", "law"])
def test_personal_numbers_are_refused(world: World, name: str) -> None:
    with pytest.raises(ValidationError) as caught:
        check(world, **{name: "19121212-1212"}).full_clean()
    assert "personnummer" in caught.value.message_dict[name][0]
    assert "1212-1212" not in str(caught.value)


def test_an_extract_is_not_younger_than_the_day_it_was_shown(world: World) -> None:
    with pytest.raises(ValidationError, match="yngre"):
        check(world, issued_on=timezone.localdate() + timedelta(days=1)).full_clean()


def test_every_text_of_the_registers_refuses_a_personal_number() -> None:
    """A field where somebody could write a name's number has the validator; choices and checked formats have not."""
    from django.apps import apps

    from roder.core.persons import no_personal_number

    without = {
        f"{model.__name__}.{field.name}"
        for model in apps.get_app_config("registers").get_models()
        if hasattr(model, "Access")
        for field in model._meta.concrete_fields
        if field.get_internal_type() in ("CharField", "TextField")
        and not field.choices
        and no_personal_number not in field.validators
    }
    assert without == {"Association.organisation_number"}
