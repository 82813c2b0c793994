"""Opening, completing and moving tasks; whose they are; and what people are told."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from django.core.exceptions import ValidationError

from roder import tasks
from roder.access.models import AuditRecord
from roder.organisation.models import Person
from roder.tasks.models import Notice, State, Task
from tests.tasks.conftest import Town

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


def open_clock(town: Town, **more: object) -> Task:
    return tasks.open_task(
        "prov.klocka", town.home, owner=tasks.Owner("licensed", unit=town.home),
        due=NOW + timedelta(hours=2), what="Bedöm fallet", **more,  # type: ignore[arg-type]
    )  # fmt: skip


def again(person: Person) -> Person:
    """The person as a new request sees them: without what the last one remembered."""
    return Person.objects.get(pk=person.pk)


def test_opened_once_and_completed_once(town: Town) -> None:
    first, second = open_clock(town), open_clock(town)
    assert first.pk == second.pk
    nora = town.people["nora"]
    done = tasks.complete("prov.klocka", town.home, nora, at=NOW)
    assert done is not None and done.state == State.DONE and done.closed_at == NOW and done.closed_by == nora
    assert tasks.complete("prov.klocka", town.home, nora) is None
    assert open_clock(town).pk != first.pk
    deeds = AuditRecord.objects.filter(subject=f"tasks.task:{first.pk}").values_list("deed", flat=True)
    assert sorted(deeds) == ["task.completed", "task.opened"]


def test_the_task_follows_the_post(town: Town) -> None:
    task = open_clock(town)
    assert list(tasks.open_for(town.people["nora"])) == [task]
    assert not tasks.open_for(town.people["ewa"]).exists()
    assert not tasks.open_for(town.people["ingen"]).exists()
    town.people["nora"].mandates.update(person=town.people["ingen"])
    assert list(tasks.open_for(again(town.people["ingen"]))) == [task]
    assert not tasks.open_for(again(town.people["nora"])).exists()


def test_what_cannot_be_opened(town: Town) -> None:
    with pytest.raises(LookupError, match=r"prov\.okand"):
        tasks.open_task("prov.okand", town.home, owner=tasks.Owner("mas"))
    with pytest.raises(ValidationError, match="personnummer"):
        tasks.open_task("prov.hand", town.home, owner=tasks.Owner("mas"), what="Ring 121212-1212")
    with pytest.raises(ValidationError, match="roll"):
        tasks.Owner("")


def test_a_date_is_good_the_whole_day(town: Town) -> None:
    task = tasks.open_task("prov.hand", town.home, owner=tasks.Owner("mas"), due=date(2026, 3, 4))
    assert task.whole_day and task.due_at == datetime(2026, 3, 4, 23, tzinfo=UTC)
    assert task.committee == town.committee


def test_people_are_told_in_the_program(town: Town) -> None:
    open_clock(town)
    notice = Notice.objects.get()
    assert notice.recipient == town.people["nora"] and notice.title == "Ny uppgift: Bedöm fallet"
