"""Casework events from a file, and the deviations that a rule makes of them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest
from click.testing import CliRunner
from django.db.backends.postgresql.psycopg_any import DateRange
from django.test import Client

from roder.casework.models import CaseworkEvent
from roder.casework.services import late_assignments, months_to_assign
from roder.core.cli import roder
from roder.core.models import Link
from roder.imports.jobs import look_for_late_assignments
from roder.imports.kinds import KINDS
from roder.imports.late_cases import RULE, create_deviations
from roder.imports.services import undo, undo_plan
from roder.organisation.models import Mandate, Person, Role
from roder.quality.models import Deviation, Step
from roder.steering.loading import load_model
from roder.tasks.models import Notice, Task
from tests.imports.conftest import MODEL, World, person, world
from tests.imports.quality_world import QUALITY, with_quality

__all__ = ["person", "world"]
SWEDEN = ZoneInfo("Europe/Stockholm")
HEAD = "ref;handelse;tidpunkt\n"
LATE = "A-1;inkommen;2022-02-10 09:30\nA-1;tilldelad;2022-06-21 10:00\n"
RIGHT = "A-2;inkommen;2022-02-10 09:30\nA-2;bedömd;2022-02-11\nA-2;tilldelad;2022-03-01 10:00\n"
REFUSED = "A-3;inkommen;2022-02-10 09:30\nA-3;avslutad;2022-02-20 10:00\n"


@pytest.fixture
def town(world: World) -> World:
    """The committee with the words of quality."""
    return with_quality(world)


def test_a_late_assignment_becomes_a_deviation_once(town: World) -> None:
    done = town.commit("handlaggning", HEAD + LATE + RIGHT + REFUSED)
    made = Deviation.objects.get()
    assert any(made.number in warning for warning in done.warnings)
    assert (made.rule, made.reference, made.reporter_kind, made.unit.code) == (RULE, "A-1", "rule", "of")
    assert made.occurred_at == datetime(2022, 6, 10, 9, 30, tzinfo=SWEDEN)
    assert "A-1" in made.what
    assert "4 månader" in made.what
    again = town.commit("handlaggning", HEAD + "A-1;beslutad;2022-07-01\n")
    assert again.warnings == []
    look_for_late_assignments()
    assert Deviation.objects.count() == 1


def test_one_that_is_not_assigned_is_late_when_the_time_is_over(town: World) -> None:
    town.commit("handlaggning", HEAD + "B-1;inkommen;2022-08-31 23:30\n")
    Deviation.objects.all().delete()  # made by the file: by now it is late
    assert create_deviations(town.committee, datetime(2022, 12, 30, 12, tzinfo=SWEDEN)) == []
    made = create_deviations(town.committee, datetime(2022, 12, 31, 12, tzinfo=SWEDEN))
    assert [one.reference for one in made] == ["B-1"]
    assert "ännu inte tilldelad" in made[0].what


def test_a_mandate_that_is_over_does_not_say_where_a_deviation_belongs(town: World) -> None:
    for code, valid in (
        ("nord", DateRange(date(2020, 1, 1), date(2022, 1, 1))),
        ("syd", DateRange(date(2022, 1, 1))),
    ):
        somebody = Person.objects.create_user(f"{code}@prov.se", name=code)
        Mandate.objects.create(
            person=somebody, role="casework_manager", unit=town.committee.units.get(code=code), valid=valid
        )
    town.commit("handlaggning", HEAD + LATE)
    assert Deviation.objects.get().unit.code == "syd"


def test_the_steering_model_says_how_many_months(town: World) -> None:
    assert months_to_assign(town.committee) == 4
    deadline = (
        "deadlines: [{code: tilldelning, label: Tilldelning, amount: 2, unit: months, from_event: ansökan}]\n"
    )
    load_model(town.committee, MODEL + QUALITY + deadline)
    assert months_to_assign(town.committee) == 2
    town.commit("handlaggning", HEAD + RIGHT.replace("2022-03-01", "2022-04-10"))
    (late,) = late_assignments(town.committee, datetime(2022, 5, 1).date())
    assert (late.reference, str(late.too_late_on)) == ("A-2", "2022-04-10")


def test_events_twice_wrong_and_back(town: World) -> None:
    done = town.commit("handlaggning", HEAD + RIGHT)
    assert town.commit("handlaggning", HEAD + RIGHT).counts.unchanged == 3
    seen = town.preview(
        "handlaggning",
        HEAD + "A-9;uppfunnen;2022-01-01\n19121212-1212;inkommen;2022-01-01\nA-9;beslutad;2099-01-01\n",
    )
    assert [(one.row, one.column) for one in seen.faults] == [(2, "handelse"), (3, "ref"), (4, "tidpunkt")]
    assert done.batch is not None
    undo(KINDS["handlaggning"], done.batch)
    assert not CaseworkEvent.objects.exists()


def test_deviations_of_a_file_go_with_it(town: World) -> None:
    done = town.commit("handlaggning", HEAD + LATE + LATE.replace("A-1", "A-4"))
    assert done.batch is not None and Deviation.objects.count() == 2
    assert undo_plan(KINDS["handlaggning"], done.batch).left == []
    undone = undo(KINDS["handlaggning"], done.batch)
    assert (undone.rows, undone.left) == (4, [])
    assert not Deviation.objects.exists() and not Step.objects.exists()
    assert not Task.objects.exists() and not Notice.objects.exists()


def test_a_deviation_that_somebody_has_worked_with_stays_and_is_named(town: World) -> None:
    done = town.commit("handlaggning", HEAD + LATE + LATE.replace("A-1", "A-4") + LATE.replace("A-1", "A-5"))
    assert done.batch is not None
    changed = Deviation.objects.get(reference="A-1")
    Deviation.objects.filter(pk=changed.pk).update(immediate_action="Tilldelad samma dag")
    discussed = Deviation.objects.get(reference="A-4")
    Link.objects.create(
        source_kind="quality.deviation", source_id=discussed.pk, kind=Link.Kind.LED_TO,
        target_kind="quality.deviation", target_id=changed.pk,
    )  # fmt: skip
    left = undo(KINDS["handlaggning"], done.batch).left
    assert [one.split(",")[0] for one in left] == [f"Avvikelse {one.number}" for one in (changed, discussed)]
    assert set(Deviation.objects.all()) == {changed, discussed}


def test_what_is_left_is_told_before_and_after(
    town: World, person: Callable[[Role], Person], client: Client
) -> None:
    done = town.commit("handlaggning", HEAD + LATE)
    assert done.batch is not None
    Deviation.objects.update(immediate_action="Tilldelad samma dag")
    said = f"Avvikelse {Deviation.objects.get().number}, som en regel gjorde av filen, ligger kvar"
    assert said in CliRunner().invoke(roder, ["import", "undo", str(done.batch.pk), "--dry-run"]).output
    client.force_login(person(Role.CASEWORK_MANAGER), "django.contrib.auth.backends.ModelBackend")
    page = f"/provby-on/2022/inlasning/{done.batch.pk}/angra/"
    assert "Det här ligger kvar" in (told := client.get(page).content.decode()) and said in told
    assert said in client.post(page, follow=True).content.decode()
    assert not CaseworkEvent.objects.exists() and Deviation.objects.exists()


def test_what_another_file_gives_reason_for_stays(town: World) -> None:
    town.commit("handlaggning", HEAD + "A-1;inkommen;2022-02-10 09:30\n")
    later = town.commit("handlaggning", HEAD + "A-1;tilldelad;2022-06-21 10:00\n")
    assert later.batch is not None
    assert undo(KINDS["handlaggning"], later.batch).left == []
    assert Deviation.objects.get().reference == "A-1"


def test_what_the_night_made_of_a_file_goes_with_it(town: World) -> None:
    done = town.commit("handlaggning", HEAD + LATE)
    Deviation.objects.all().delete()
    look_for_late_assignments()
    made = Deviation.objects.get()
    assert done.batch is not None and made.pk not in done.batch.done["deviations"]
    undo(KINDS["handlaggning"], done.batch)
    assert not Deviation.objects.exists()


def test_thousands_of_rows_in_a_moment(town: World) -> None:
    days = [f"2022-01-{n % 28 + 1:02}" for n in range(10_000)]
    rows = [f"C-{n};inkommen;{day} 08:00\nC-{n};tilldelad;{day} 09:00" for n, day in enumerate(days)]
    assert town.commit("handlaggning", HEAD + "\n".join(rows) + "\n").counts.new == 20_000
