"""Who may see and do what follows from the mandates of today, and from nothing else."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.db.backends.postgresql.psycopg_any import DateRange
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from roder import access
from roder.access.matrix import RIGHTS, Action, Resource, allows, table
from roder.access.placements import move
from roder.organisation.models import Body, Mandate, Person, Role, Unit, UnitPath, UnitPlacement
from roder.reports.models import Report, ReportComment
from roder.steering.models import Activity, Goal, Occasion, SteeringModelVersion
from tests.access.conftest import Rows
from tests.web.world import AT_UNIT, SINCE_2020, World


def again(person: Person) -> Person:
    """The person as the next request finds them."""
    return Person.objects.get(pk=person.pk)


def seen(user: Person | AnonymousUser, action: Action = Action.VIEW) -> set[str]:
    return set(access.visible(user, Activity.objects.all(), action).values_list("what", flat=True))


# The matrix


def test_every_role_has_a_row_in_the_matrix_and_no_other() -> None:
    assert set(RIGHTS) == set(Role.values)


def test_the_matrix_is_printed_whole() -> None:
    printed = {(role, resource): set(actions.split()) for role, resource, actions in table()}
    assert printed == {
        (role, resource.value): {action.value for action in actions}
        for role, rights in RIGHTS.items()
        for resource, actions in rights.items()
    }


def test_who_may_do_something_may_also_see_it() -> None:
    # Whoever only reports sees what they have reported themselves, never the rest.
    others = [row for row in table() if row[2] != Action.REPORT.value]
    assert [row for row in others if Action.VIEW.value not in row[2].split()] == []


def test_what_is_not_in_the_matrix_is_not_allowed() -> None:
    assert not allows("king", Resource.GOALS, Action.VIEW)
    assert not allows("member", Resource.DRAFTS, Action.VIEW)


@pytest.mark.parametrize("role", RIGHTS)
def test_every_right_holds_where_the_mandate_holds_and_nowhere_else(
    world: World, rows: Rows, role: str
) -> None:
    person = world.people[role]
    for action in Action:
        right = allows(role, Resource.GOALS, action)
        if role in AT_UNIT:
            expected = {"own"} | ({"whole"} if action is Action.VIEW else set())
        else:
            expected = {"own", "department", "sibling", "whole"}
        expected = expected if right else set()
        assert seen(person, action) == expected, f"{role} {action}"
        for row in (rows.own, rows.sibling, rows.whole, rows.elsewhere):
            assert access.may(person, action, row) == (row.what in expected), f"{role} {action} {row.what}"


# Dates


def test_a_mandate_that_has_ended_or_not_begun_gives_nothing(world: World, rows: Rows) -> None:
    today = timezone.localdate()
    person = world.people["controller"]
    assert seen(person)
    for valid in (
        DateRange(date(2020, 1, 1), today),
        DateRange(today + timedelta(days=1), None),
    ):
        person.mandates.update(valid=valid)
        assert access.grants(again(person)) == ()
        assert seen(again(person)) == set()
        assert not access.may(again(person), Action.VIEW, rows.whole)
        assert not access.committees(again(person)).exists()
        assert access.roles(again(person)) == set()


def test_the_last_day_of_a_mandate_counts(world: World) -> None:
    person = world.people["controller"]
    tomorrow = timezone.localdate() + timedelta(days=1)
    person.mandates.update(valid=DateRange(date(2020, 1, 1), tomorrow))
    assert access.roles(again(person)) == {"controller"}
    assert access.grants(person, tomorrow) == ()


@pytest.mark.parametrize("kind", ["anonymous", "inactive", "nobody", "provider"])
def test_nothing_is_seen_without_a_mandate_that_gives_it(world: World, rows: Rows, kind: str) -> None:
    user: Person | AnonymousUser = AnonymousUser()
    if kind == "inactive":
        Person.objects.filter(pk=world.people["controller"].pk).update(is_active=False)
        user = again(world.people["controller"])
    elif kind != "anonymous":
        user = world.people[kind]
    assert seen(user) == set()
    assert not access.visible(user, Report.objects.all()).exists()
    given = RIGHTS.get(kind, {})
    for resource in Resource:
        assert access.may(user, Action.VIEW, resource) is (Action.VIEW in given.get(resource, set()))
    with pytest.raises(access.NotAllowedError):
        access.require(user, Action.VIEW, rows.whole)


# Units


def test_a_mandate_for_a_unit_reaches_everything_under_it(world: World, rows: Rows) -> None:
    person = world.people["nobody"]
    Mandate.objects.create(
        person=person, role=Role.HEAD_DEPARTMENT, unit=rows.department.unit, valid=SINCE_2020
    )
    assert seen(person) == {"own", "department", "sibling", "whole"}
    assert seen(person, Action.COMMENT) == {"own", "department", "sibling"}


def test_a_mandate_for_a_unit_shows_the_committees_own_rows_but_not_a_siblings(
    world: World, rows: Rows
) -> None:
    assert seen(world.people["unit_manager"]) == {"own", "whole"}
    assert seen(world.people["unit_manager"], Action.COMMENT) == {"own"}


def test_access_follows_a_unit_that_is_moved(world: World, rows: Rows) -> None:
    today = timezone.localdate()
    new = Unit.objects.create(committee=world.committee, code="12", name="Ny avdelning", kind="department")
    UnitPlacement.objects.create(unit=new, parent=world.administration, valid=SINCE_2020)
    person = world.people["nobody"]
    Mandate.objects.create(person=person, role=Role.HEAD_DEPARTMENT, unit=new, valid=SINCE_2020)
    assert seen(person) == {"whole"}
    move(world.people["administrator"], world.unit, new, today)
    assert seen(again(person)) == {"own", "whole"}


def test_several_mandates_add_up(world: World, rows: Rows) -> None:
    person = world.people["unit_manager"]
    Mandate.objects.create(person=person, role=Role.UNIT_MANAGER, unit=rows.sibling_unit, valid=SINCE_2020)
    Mandate.objects.create(person=person, role=Role.MEMBER, body=world.other, valid=SINCE_2020)
    assert seen(person) == {"own", "sibling", "whole", "elsewhere"}
    assert seen(person, Action.COMMENT) == {"own", "sibling"}
    assert access.roles(person, world.other) == {"member"}
    assert set(access.committees(person)) == {world.committee, world.other}


def test_a_seat_in_a_subcommittee_counts_in_its_committee(world: World, rows: Rows) -> None:
    part = Body.objects.create(
        municipality=world.municipality, kind="subcommittee", parent=world.committee, name="Utskottet",
        short_name="AU", slug="prov-von-au",
    )  # fmt: skip
    person = world.people["nobody"]
    Mandate.objects.create(person=person, role=Role.MEMBER, body=part, valid=SINCE_2020)
    assert seen(person) == {"own", "department", "sibling", "whole"}
    assert list(access.committees(person)) == [world.committee]


def test_the_councils_goals_are_seen_in_the_whole_municipality_only(world: World) -> None:
    council = {"level": "council", "code": "kf", "title": "KF", "from_year": 2022, "to_year": 2022}
    ours = Goal.objects.create(municipality=world.municipality, **council)
    theirs = Goal.objects.create(municipality=world.other.municipality, **council)
    found = access.visible(world.people["unit_manager"], Goal.objects.filter(level="council"))
    assert list(found) == [ours]
    assert not access.may(world.people["unit_manager"], Action.EDIT, ours)
    assert not access.may(world.people["unit_manager"], Action.VIEW, theirs)


# Drafts


@pytest.fixture
def draft(world: World) -> Report:
    occasion = Occasion.objects.get(code="2022-08")
    return Report.objects.create(committee=world.committee, occasion=occasion, kind="delarsbokslut")


@pytest.mark.parametrize("role", RIGHTS)
def test_a_draft_is_seen_by_those_who_take_part_in_it(world: World, draft: Report, role: str) -> None:
    ReportComment.objects.create(report=draft, section="inledning", text="utkast")
    person = world.people[role]
    expected = allows(role, Resource.DRAFTS, Action.VIEW)
    assert access.visible(person, Report.objects.all()).exists() == expected
    assert access.visible(person, ReportComment.objects.all()).exists() == expected
    if role in ("member", "chair", "auditor"):
        assert not expected


# How it is asked


def test_the_answer_is_a_condition_and_costs_the_same_however_many_rows(world: World, rows: Rows) -> None:
    def cost() -> tuple[int, int]:
        person = again(world.people["unit_manager"])
        with CaptureQueriesContext(connection) as asked:
            list(access.visible(person, Activity.objects.all()))
            list(access.visible(person, Activity.objects.all()))
        return len(asked), len(asked[-1]["sql"])

    few = cost()
    Activity.objects.bulk_create(
        Activity(committee=world.committee, goal=rows.own.goal, unit=world.unit, what=f"x{number}", year=2022)
        for number in range(60)
    )
    assert len(seen(again(world.people["unit_manager"]))) == 62
    many = cost()
    assert many[0] == few[0] == 3, "mandaten läses en gång"
    assert many[1] <= few[1] + 10, "ingen lista av id växer med raderna"


def test_somebody_without_rights_costs_no_question_about_the_rows(world: World, rows: Rows) -> None:
    person = world.people["nobody"]
    access.grants(person)
    with CaptureQueriesContext(connection) as asked:
        assert list(access.visible(person, Activity.objects.all())) == []
    assert len(asked) == 0


def test_visible_keeps_what_the_list_was_narrowed_to(world: World, rows: Rows) -> None:
    narrowed = Activity.objects.filter(what="sibling").order_by("what")
    assert list(access.visible(world.people["controller"], narrowed)) == [rows.sibling]
    assert list(access.visible(world.people["unit_manager"], narrowed)) == []


def test_a_model_that_does_not_say_who_may_see_it_is_seen_by_nobody(world: World) -> None:
    with pytest.raises(LookupError, match="UnitPath"):
        access.visible(world.people["controller"], UnitPath.objects.all())


def test_a_right_on_a_resource_is_asked_in_a_committee_or_anywhere(world: World) -> None:
    controller = world.people["controller"]
    assert access.may(controller, Action.IMPORT, Resource.ECONOMY)
    assert access.may(controller, Action.IMPORT, Resource.ECONOMY, world.committee)
    assert access.may(controller, Action.IMPORT, Resource.ECONOMY, world.committee.pk)
    assert not access.may(controller, Action.IMPORT, Resource.ECONOMY, world.other)
    assert not access.may(controller, Action.ADMINISTER, Resource.ORGANISATION)


def test_a_refusal_says_in_swedish_which_right_is_missing(world: World) -> None:
    model = SteeringModelVersion.objects.get()
    access.require(world.people["quality_strategist"], Action.EDIT, model)
    with pytest.raises(
        access.NotAllowedError, match=r"Dina mandat ger inte rätt.*styrmodell, edit"
    ) as refused:
        access.require(world.people["controller"], Action.EDIT, model)
    assert isinstance(refused.value, PermissionDenied)
