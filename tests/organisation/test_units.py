"""The unit tree has dates: one place at a time, never in a circle, and a move keeps what was."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from threading import Barrier

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction
from django.db.backends.postgresql.psycopg_any import DateRange
from django.utils import timezone

from roder.access import NotAllowedError, placements
from roder.access.models import AuditRecord
from roder.organisation import tree
from roder.organisation.models import Body, Municipality, Unit, UnitPath, UnitPlacement
from tests.web.world import World, build_world

ALWAYS = DateRange(date(2020, 1, 1), None)


@pytest.fixture
def world(db: None) -> World:
    return build_world()


@pytest.fixture
def make(world: World) -> Callable[[str, Unit | None], Unit]:
    def unit(code: str, parent: Unit | None) -> Unit:
        made = Unit.objects.create(committee=world.committee, code=code, name=f"Enhet {code}", kind="unit")
        UnitPlacement.objects.create(unit=made, parent=parent, valid=ALWAYS)
        return made

    return unit


def below(unit: Unit) -> dict[str, int]:
    return dict(UnitPath.objects.filter(ancestor=unit).values_list("descendant__code", "depth"))


def test_a_unit_has_one_place_at_a_time(world: World) -> None:
    placement = UnitPlacement(
        unit=world.unit, parent=world.administration, valid=DateRange(date(2024, 1, 1), date(2025, 1, 1))
    )
    with pytest.raises(ValidationError, match="redan en placering"):
        placement.full_clean()
    with pytest.raises(IntegrityError, match="one_place_at_a_time"):
        placement.save()


def test_places_may_follow_directly_on_each_other(world: World) -> None:
    old = world.unit.placements.get()
    old.save_over(old.revision, valid=DateRange(date(2020, 1, 1), date(2024, 1, 1)))
    UnitPlacement.objects.create(
        unit=world.unit, parent=world.administration, valid=DateRange(date(2024, 1, 1), None)
    )
    assert world.unit.placements.count() == 2


def test_a_placement_lasts_at_least_a_day(world: World) -> None:
    empty = DateRange(date(2024, 1, 1), date(2024, 1, 1))
    with pytest.raises(IntegrityError, match="placement_has_time"):
        UnitPlacement.objects.create(unit=world.unit, parent=None, valid=empty)


def test_the_database_refuses_a_circle_over_three_steps(world: World, make: Callable[..., Unit]) -> None:
    lowest = make("1111", world.unit)
    with pytest.raises(IntegrityError, match="under sig själv"), transaction.atomic():
        UnitPlacement.objects.filter(unit=world.administration).update(parent=lowest)
    with pytest.raises(IntegrityError, match="not_under_itself"), transaction.atomic():
        UnitPlacement.objects.filter(unit=lowest).update(parent=lowest)
    alone = Unit.objects.create(committee=world.committee, code="2", name="Ny topp", kind="administration")
    UnitPlacement.objects.create(unit=alone, parent=lowest, valid=DateRange(date(2024, 1, 1), None))
    with pytest.raises(IntegrityError, match="under sig själv"), transaction.atomic():
        UnitPlacement.objects.filter(unit=world.administration).update(parent=alone)


def test_two_units_may_change_places_when_the_times_do_not_meet(
    world: World, make: Callable[..., Unit]
) -> None:
    lower = make("1112", world.unit)
    turn = date(2030, 1, 1)
    UnitPlacement.objects.update(valid=DateRange(date(2020, 1, 1), turn))
    UnitPlacement.objects.create(unit=lower, parent=None, valid=DateRange(turn, None))
    UnitPlacement.objects.create(unit=world.unit, parent=lower, valid=DateRange(turn, None))
    assert below(world.unit) == {"111": 0, "1112": 1}


@pytest.mark.usefixtures("committed")
def test_two_who_move_at_the_same_moment_cannot_make_a_circle_together() -> None:
    town = Municipality.objects.create(code="9999", name="Provkommunen", slug="prov")
    committee = Body.objects.create(
        municipality=town, kind="committee", name="N", short_name="N", slug="prov-n"
    )
    pair = [Unit.objects.create(committee=committee, code=code, name=code, kind="unit") for code in "ab"]
    start = Barrier(2)

    def under(unit: Unit, parent: Unit) -> bool:
        try:
            with transaction.atomic():
                connection.ensure_connection()
                start.wait()
                UnitPlacement.objects.create(unit=unit, parent=parent, valid=ALWAYS)
                return True
        except IntegrityError:
            return False
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        done = list(pool.map(under, pair, reversed(pair)))
    assert sorted(done) == [False, True]
    assert UnitPlacement.objects.count() == 1


def test_the_paths_follow_the_tree_of_today(world: World, make: Callable[..., Unit]) -> None:
    assert below(world.administration) == {"1": 0, "11": 1, "111": 2}
    today = timezone.localdate()
    elsewhere = make("12", world.administration)
    old = world.unit.placements.get()
    old.save_over(1, valid=DateRange(date(2020, 1, 1), today + timedelta(days=1)))
    moved = UnitPlacement.objects.create(
        unit=world.unit, parent=elsewhere, valid=DateRange(today + timedelta(days=1), None)
    )
    assert below(elsewhere) == {"12": 0}, "en flytt i morgon syns inte i dag"
    moved.delete()
    old.save_over(2, valid=DateRange(date(2020, 1, 1), today))
    assert below(world.administration) == {"1": 0, "11": 1, "12": 1}, (
        "en placering som slutade i går gäller inte"
    )
    UnitPlacement.objects.create(unit=world.unit, parent=elsewhere, valid=DateRange(today, None))
    assert below(elsewhere) == {"12": 0, "111": 1}


def test_a_move_keeps_the_place_before(world: World, make: Callable[..., Unit]) -> None:
    elsewhere = make("12", world.administration)
    start = date(2024, 3, 1)
    placements.move(world.people["administrator"], world.unit, elsewhere, start)
    kept = {placement.valid.lower: placement for placement in world.unit.placements.all()}
    assert kept[date(2020, 1, 1)].valid.upper == start
    assert kept[start].parent == elsewhere
    before, _ = tree.on(world.committee, start - timedelta(days=1))
    after, homeless = tree.on(world.committee, start)
    assert codes(before) == {"1": {"11": {"111": {}}, "12": {}}}
    assert codes(after) == {"1": {"11": {}, "12": {"111": {}}}}
    assert homeless == []
    deed = AuditRecord.objects.get(deed="unit placed")
    assert (deed.subject, deed.detail["start"]) == (world.unit.gid, "2024-03-01")


def codes(branches: list[tree.Branch]) -> dict[str, object]:
    return {branch.unit.code: codes(branch.children) for branch in branches}


def test_a_unit_without_a_place_that_day_is_listed_apart(world: World) -> None:
    _, homeless = tree.on(world.committee, date(2019, 12, 31))
    assert {unit.code for unit in homeless} == {"1", "11", "111"}


def test_the_tree_costs_two_questions(
    world: World, make: Callable[..., Unit], django_assert_num_queries: Callable[..., object]
) -> None:
    for number in range(5):
        make(f"9{number}", world.unit)
    with django_assert_num_queries(2):  # type: ignore[attr-defined]
        tree.on(world.committee, timezone.localdate())


def test_a_move_under_itself_or_to_another_committee_is_explained(world: World) -> None:
    actor = world.people["administrator"]
    stranger = Unit.objects.create(committee=world.other, code="1", name="Annan", kind="administration")
    for parent, said in ((world.unit, "under sig själv"), (stranger, "annan nämnd")):
        with pytest.raises(ValidationError) as refused:
            placements.move(actor, world.administration, parent, date(2024, 1, 1))
        assert said in refused.value.message_dict["parent"][0]
    with pytest.raises(ValidationError) as refused:
        placements.move(actor, world.unit, world.administration, date(2019, 1, 1))
    assert "redan en placering" in refused.value.message_dict["start"][0]


def test_only_who_may_edit_the_organisation_may_move(world: World) -> None:
    with pytest.raises(NotAllowedError):
        placements.move(world.people["controller"], world.unit, None, date(2024, 1, 1))
    assert world.unit.placements.count() == 1
    assert not AuditRecord.objects.exists()
