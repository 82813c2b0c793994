"""Open deviations from a file have the tasks and the clock of the step they stand in, and nobody is flooded."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from django.db.backends.postgresql.psycopg_any import DateRange
from django.test import Client
from django.utils import timezone
from procrastinate.contrib.django.models import ProcrastinateJob

from roder.imports import open_cases
from roder.imports.jobs import give_open_cases_tasks
from roder.imports.kinds import KINDS
from roder.imports.services import undo
from roder.organisation.models import Mandate, Person
from roder.quality.models import Deviation, Step
from roder.tasks.clockwork import attend
from roder.tasks.models import Notice, Task
from tests.imports.conftest import World, world
from tests.imports.quality_world import with_quality

__all__ = ["world"]

HEAD = "nummer;handelsetid;rapporterad;enhet;lagrum;typer;allvarlighet;status;avslutad\n"
ROWS = (
    "2022-0001;2022-03-31 21:40;2022-03-31 22:05;nord;hsl;fall;;rapporterad;\n"
    "2022-0002;2022-03-31 21:40;2022-03-31 22:05;nord;sol;bemotande;2;klassificerad;\n"
    "2022-0003;2022-03-31 21:40;2022-03-31 22:05;syd;sol;bemotande;2;utredd;\n"
    "2022-0004;2022-03-31 21:40;2022-03-31 22:05;syd;sol;bemotande;2;avslutad;2022-05-01\n"
)


@pytest.fixture
def quality(world: World) -> World:
    """The committee with the words of quality, and a manager of each unit."""
    made = with_quality(world)
    for code in ("nord", "syd"):
        person = Person.objects.create_user(f"chef.{code}@prov.se", name=f"Chef {code}")
        unit = made.committee.units.get(code=code)
        Mandate.objects.create(
            person=person, role="unit_manager", unit=unit, valid=DateRange(date(2020, 1, 1))
        )
    return made


def waiting(number: str) -> set[str]:
    """The kinds of task that wait for a deviation."""
    case = Deviation.objects.get(number=number)
    rows = Task.objects.filter(subject_kind="quality.deviation", subject_id=case.pk, state="open")
    return {kind.removeprefix("quality.") for kind in rows.values_list("kind", flat=True)}


def chief(code: str) -> Person:
    return Person.objects.get(email=f"chef.{code}@prov.se")


def test_each_has_the_tasks_of_the_step_it_stands_in(quality: World) -> None:
    done = quality.commit("avvikelser", HEAD + ROWS)
    assert waiting("2022-0001") == {"assessment", "facts", "classification"}
    assert waiting("2022-0002") == {"investigation"}
    assert waiting("2022-0003") == {"follow_up"}
    assert waiting("2022-0004") == set()
    facts = Task.objects.get(kind="quality.facts")
    assert (facts.role, facts.unit) == ("unit_manager", quality.committee.units.get(code="nord"))
    assert facts.due_at is not None and facts.due_at.year == 2022  # the clock of the report, not of the file
    assert "3 öppna avvikelser har fått uppgifter" in done.warnings[-1]


def test_they_are_found_among_those_that_are_late(quality: World) -> None:
    quality.commit("avvikelser", HEAD + ROWS)
    client = Client()
    client.force_login(chief("nord"), "django.contrib.auth.backends.ModelBackend")
    page = client.get(f"/{quality.committee.slug}/2022/avvikelser/?sen=ja").content.decode()
    assert (
        "2022-0001" in page and "2022-0002" in page and "2022-0003" not in page
    )  # the last is another unit's


def test_a_unit_is_told_once_and_nobody_is_reminded_of_what_was_late(quality: World) -> None:
    many = "".join(ROWS.splitlines(keepends=True)[0].replace("0001", f"1{at:03d}") for at in range(30))
    quality.commit("avvikelser", HEAD + ROWS + many)
    attend()
    told = Notice.objects.values_list("recipient__email", "title")
    assert set(told) == {
        ("chef.nord@prov.se", "Enhet Nord: 32 öppna avvikelser har lästs in"),
        ("chef.syd@prov.se", "Enhet Syd: en öppen avvikelse har lästs in"),
    }
    assert len(told) == 2


def test_time_that_runs_out_later_is_told_as_for_all(quality: World) -> None:
    now = timezone.localtime()
    row = f"2022-0009;{now - timedelta(hours=1):%Y-%m-%d %H:%M};{now:%Y-%m-%d %H:%M};nord;sol;bemotande;;rapporterad;\n"
    quality.commit("avvikelser", HEAD + row)
    Notice.objects.all().delete()
    attend(now + timedelta(days=5))
    assert Notice.objects.filter(recipient=chief("nord"), title__startswith="Försenat").exists()


def test_the_number_of_queries_does_not_grow_with_the_file(
    quality: World, django_assert_max_num_queries: Any
) -> None:
    from roder.quality.services.taken_in import settle_tasks

    many = "".join(ROWS.splitlines(keepends=True)[0].replace("0001", f"1{at:03d}") for at in range(60))
    quality.commit("avvikelser", HEAD + ROWS + many)
    Task.objects.all().delete()
    with django_assert_max_num_queries(40):
        settle_tasks(Deviation.objects.all(), None)
    assert Task.objects.count() == 60 * 3 + 3 + 1 + 1


def test_a_later_file_moves_and_ends_the_tasks_and_undoing_it_brings_them_back(quality: World) -> None:
    first = quality.commit("avvikelser", HEAD + ROWS)
    rows = ROWS.splitlines(keepends=True)
    further = rows[1].replace("klassificerad", "utredd") + rows[2].replace("utredd;", "avslutad;2022-06-01")
    second = quality.commit("avvikelser", HEAD + further)
    assert (waiting("2022-0002"), waiting("2022-0003")) == ({"follow_up"}, set())
    undo(KINDS["avvikelser"], second.batch)  # type: ignore[arg-type]
    assert (waiting("2022-0002"), waiting("2022-0003")) == ({"investigation"}, {"follow_up"})
    undo(KINDS["avvikelser"], first.batch)  # type: ignore[arg-type]
    assert not Task.objects.filter(subject_kind="quality.deviation").exists()


def test_the_page_shows_the_steps_and_going_on_with_the_case_goes_on_with_the_tasks(quality: World) -> None:
    quality.commit("avvikelser", HEAD + ROWS)
    case = Deviation.objects.get(number="2022-0002")
    client = Client()
    client.force_login(chief("nord"), "django.contrib.auth.backends.ModelBackend")
    root = f"/{quality.committee.slug}/2022/avvikelser/{case.pk}/"
    page = client.get(root).content.decode()
    assert "Försenat" in page and f"{root}utred/" in page
    assert (
        f'class="button primary" href="{root}uppgifter/"' not in page
    )  # given already, where the case comes from
    assert not Step.objects.filter(deviation=case).exists()  # looking makes nothing
    assert client.post(f"{root}utred/", {"cause": "Ny personal"}).status_code == 302
    case.refresh_from_db()
    assert case.state == "investigated" and waiting("2022-0002") == {"follow_up"}


def test_many_get_their_tasks_from_the_job_queue(quality: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """Reading in does not wait for them; done twice gives no more; a file taken back meanwhile gives none."""
    monkeypatch.setattr(open_cases, "AT_ONCE", 2)
    done = quality.commit("avvikelser", HEAD + ROWS)
    assert "3 öppna avvikelser får uppgifter" in done.warnings[-1] and done.batch is not None
    assert not Task.objects.filter(subject_kind="quality.deviation").exists()
    asked = ProcrastinateJob.objects.get(task_name=give_open_cases_tasks.name)
    for _ in range(2):
        give_open_cases_tasks(**asked.args)
        assert waiting("2022-0002") == {"investigation"}
        assert Notice.objects.filter(recipient=chief("nord")).count() == 1
    undo(KINDS["avvikelser"], done.batch)
    give_open_cases_tasks(**asked.args)
    assert not Task.objects.filter(subject_kind="quality.deviation").exists()
