"""What every record has: optimistic locking, links between rooms, and the file it came in with."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction
from django.db.models import ProtectedError

from roder.access import visible
from roder.core.faults import UserFault
from roder.core.models import ImportBatch, Link, StaleRecordError
from roder.core.put import put
from roder.organisation.models import Municipality
from roder.steering.models import Goal
from tests.web.world import World, build_world


@pytest.fixture
def world(db: None) -> World:
    return build_world()


@pytest.fixture
def goals(world: World) -> list[Goal]:
    return list(Goal.objects.filter(committee=world.committee).order_by("number"))


@pytest.fixture
def link(goals: list[Goal]) -> Callable[..., Link]:
    def make(**changed: object) -> Link:
        first, second = goals
        ends = {
            "source_kind": Goal.record_kind(),
            "source_id": first.pk,
            "target_kind": Goal.record_kind(),
            "target_id": second.pk,
            "kind": Link.Kind.CAUSED_BY,
        }
        return Link.objects.create(**(ends | changed))

    return make


def test_a_record_is_named_by_room_model_and_number(goals: list[Goal]) -> None:
    assert goals[0].gid == f"steering.goal:{goals[0].pk}"


def test_the_second_of_two_savers_is_told_and_sees_both_texts(goals: list[Goal]) -> None:
    mine, theirs = goals[0], Goal.objects.get(pk=goals[0].pk)
    theirs.save_over(1, text="deras text")
    with pytest.raises(StaleRecordError, match="Någon annan hann spara") as told:
        mine.save_over(1, text="min text")
    current = told.value.current
    assert isinstance(current, Goal)
    assert (current.text, current.revision) == ("deras text", 2)
    assert mine.text == "min text"
    assert mine.save_over(current.revision, text="min text").revision == 3
    assert Goal.objects.get(pk=mine.pk).text == "min text"


def test_only_the_named_values_are_saved(goals: list[Goal]) -> None:
    mine = goals[0]
    Goal.objects.filter(pk=mine.pk).update(motive="skrivet av någon annan utan revision")
    mine.save_over(1, text="min text")
    kept = Goal.objects.get(pk=mine.pk)
    assert kept.motive == "skrivet av någon annan utan revision"
    assert kept.changed_at > kept.created_at


def test_what_may_not_be_saved_leaves_the_record_alone(goals: list[Goal]) -> None:
    with pytest.raises(ValidationError) as refused:
        goals[0].save_over(1, from_year=2023, to_year=2022)
    assert refused.value.messages
    kept = Goal.objects.get(pk=goals[0].pk)
    assert (kept.from_year, kept.revision) == (2022, 1)


@pytest.mark.usefixtures("committed")
def test_of_savers_at_the_same_moment_exactly_one_wins() -> None:
    town = Municipality.objects.create(code="9999", name="Provkommunen", slug="prov")
    start = Barrier(4)

    def save(number: int) -> str | Municipality:
        try:
            one = Municipality.objects.get(pk=town.pk)
            start.wait()
            one.save_over(1, name=f"namn {number}")
        except StaleRecordError as told:
            assert isinstance(told.current, Municipality)
            return told.current
        finally:
            connection.close()
        return one.name

    with ThreadPoolExecutor(4) as pool:
        outcomes = list(pool.map(save, range(4)))
    (winner,) = (one for one in outcomes if isinstance(one, str))
    losers = [one for one in outcomes if isinstance(one, Municipality)]
    kept = Municipality.objects.get(pk=town.pk)
    assert (kept.name, kept.revision) == (winner, 2)
    assert [(one.name, one.revision) for one in losers] == [(winner, 2)] * 3


def test_a_link_is_there_once(link: Callable[..., Link]) -> None:
    link()
    with pytest.raises(IntegrityError, match="link_once"), transaction.atomic():
        link()
    link(kind=Link.Kind.INDICATOR)


def test_a_record_is_not_linked_to_itself(link: Callable[..., Link], goals: list[Goal]) -> None:
    with pytest.raises(IntegrityError, match="link_not_to_itself"):
        link(target_id=goals[0].pk)


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"source_id": 0}, "steering.goal med id 0 finns inte"),
        ({"target_id": 2**62}, "finns inte"),
        ({"target_kind": "steering.dream"}, "slaget steering.dream finns inte"),
        ({"target_kind": "steering.goal; drop table core_link"}, "finns inte"),
        ({"source_kind": ""}, "finns inte"),
    ],
)
def test_a_link_to_what_does_not_exist_is_refused(
    link: Callable[..., Link], changed: dict[str, object], said: str
) -> None:
    with pytest.raises(IntegrityError, match=said):
        link(**changed)


def test_a_link_cannot_be_moved_to_what_does_not_exist(link: Callable[..., Link]) -> None:
    made = link()
    with pytest.raises(IntegrityError, match="finns inte"):
        Link.objects.filter(pk=made.pk).update(target_id=0)


@pytest.mark.parametrize("end", [0, 1])
def test_links_go_with_either_of_their_ends(link: Callable[..., Link], goals: list[Goal], end: int) -> None:
    link()
    other_room = link(
        kind=Link.Kind.INDICATOR, target_kind="organisation.body", target_id=goals[0].committee_id
    )
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM steering_goal WHERE id = %s", [goals[end].pk])
    left = set() if end == 0 else {other_room.pk}
    assert set(Link.objects.values_list("pk", flat=True)) == left


def test_a_link_of_another_record_with_the_same_number_stays(
    link: Callable[..., Link], world: World, goals: list[Goal]
) -> None:
    town = Municipality.objects.create(pk=goals[0].pk + 10_000, code="9997", name="Tredje", slug="tredje")
    twin = Goal.objects.create(
        pk=town.pk,
        municipality=world.municipality,
        level="council",
        code="kf",
        title="KF",
        from_year=2022,
        to_year=2022,
    )
    kept = link(target_kind="organisation.municipality", target_id=town.pk)
    twin.delete()
    assert Link.objects.filter(pk=kept.pk).exists()


def test_an_import_is_seen_where_it_belongs_and_cannot_lose_its_committee(world: World) -> None:
    batch = ImportBatch.objects.create(
        committee=world.committee, kind="utfall", file_name="utfall.csv", sha256="0" * 64, rows=3,
        imported_by=world.people["controller"],
    )  # fmt: skip
    assert str(batch) == "utfall.csv (3 rader)"
    assert batch.undone_at is None
    assert list(visible(world.people["controller"], ImportBatch.objects.all())) == [batch]
    assert not visible(world.people["member"], ImportBatch.objects.all()).exists()
    with pytest.raises(ProtectedError):
        world.people["controller"].delete()
    with pytest.raises(IntegrityError), transaction.atomic():
        ImportBatch.objects.filter(pk=batch.pk).update(rows=-1)


def test_a_record_is_put_as_the_file_says(db: None) -> None:
    key = {"code": "9999"}
    town, written = put(Municipality, key, {"name": "Provkommunen", "slug": "prov"})
    assert (written, town.revision) == (True, 1)
    same, written = put(Municipality, key, {"name": "Provkommunen", "slug": "prov"})
    assert (written, same.pk, same.revision) == (False, town.pk, 1)
    changed, written = put(Municipality, key, {"name": "Provköping", "slug": "prov"})
    assert (written, changed.pk, changed.revision, changed.name) == (True, town.pk, 2, "Provköping")
    with pytest.raises(UserFault, match=r"^rad 3: .*namn|^rad 3: name"):
        put(Municipality, key, {"name": ""}, "rad 3")
    assert Municipality.objects.get(pk=town.pk).name == "Provköping"
