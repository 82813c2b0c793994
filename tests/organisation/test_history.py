"""History is kept by the database itself, so that no code path can forget it."""

from __future__ import annotations

from typing import Any

import pytest
from django.apps import apps
from django.db import connection, models

from roder.core.models import Record
from roder.organisation.models import Mandate, Person, Unit
from tests.web.world import World, build_world

LEFT_OUT = {"password", "last_login"}
#: What is kept out of a register's history on purpose: secrets, words to search by, and what must be possible to erase.
LEFT_OUT_OF = {
    "api.ApiToken": {"digest"},
    "files.StoredFile": {"title", "words"},
    "meetings.Document": {"text"},
    "quality.Complaint": {"form_token"},
}
#: Nobody's but one's own, and therefore in no history.
WITHOUT = {"meetings.ItemNote"}


@pytest.fixture
def world(db: None) -> World:
    return build_world()


def states(record: models.Model) -> list[Any]:
    """The rows of the record's history, oldest first."""
    rows: models.Manager[Any] = type(record).pgh_event_model.objects  # type: ignore[attr-defined]
    return list(rows.filter(pgh_obj_id=record.pk).order_by("pgh_id"))


def test_an_update_in_plain_sql_is_kept_too(world: World) -> None:
    with connection.cursor() as cursor:
        cursor.execute("UPDATE organisation_unit SET name = 'Nytt namn' WHERE id = %s", [world.unit.pk])
    assert [(state.pgh_label, state.name) for state in states(world.unit)] == [
        ("insert", "Björkens äldreboende"),
        ("update", "Nytt namn"),
    ]


def test_many_rows_at_once_are_each_kept(world: World) -> None:
    Unit.objects.filter(committee=world.committee).update(name="Samma namn")
    assert [states(unit)[-1].name for unit in Unit.objects.all()] == ["Samma namn"] * 3


def test_an_update_that_changes_nothing_leaves_no_trace(world: World) -> None:
    Unit.objects.filter(pk=world.unit.pk).update(code="111")
    assert len(states(world.unit)) == 1


def test_what_was_deleted_is_still_in_the_history(world: World) -> None:
    mandate = world.people["member"].mandates.get()
    key = Mandate(pk=mandate.pk)
    mandate.delete()
    last = states(key)[-1]
    assert (last.pgh_label, last.role, last.body_id) == ("delete", "member", world.committee.pk)


def test_a_saved_form_is_kept_with_its_revision(world: World) -> None:
    world.unit.save_over(1, name="Nytt namn")
    assert [state.revision for state in states(world.unit)] == [1, 2]


def test_passwords_never_come_into_the_history(world: World) -> None:
    names = {field.name for field in Person.pgh_event_model._meta.get_fields()}
    assert not names & LEFT_OUT
    count = len(states(world.people["member"]))
    Person.objects.filter(pk=world.people["member"].pk).update(password="nytt", last_login=None)
    assert len(states(world.people["member"])) == count


@pytest.mark.parametrize(
    "model",
    [model for model in apps.get_models() if issubclass(model, Record) and model._meta.label not in WITHOUT],
    ids=lambda model: model._meta.label,
)
def test_every_register_that_people_edit_has_a_history_of_all_its_columns(model: type[models.Model]) -> None:
    history: type[models.Model] | None = getattr(model, "pgh_event_model", None)
    assert history is not None, "en post utan historik"
    # what the database works out by itself is worked out again from what is kept
    kept = {
        field.name for field in model._meta.concrete_fields if not isinstance(field, models.GeneratedField)
    }
    columns = kept - LEFT_OUT - LEFT_OUT_OF.get(model._meta.label, set())
    assert columns <= {field.name for field in history._meta.concrete_fields}
