"""Many tasks at once: the same as one by one, with a number of statements that does not grow."""

from __future__ import annotations

from datetime import date

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext

from roder import tasks
from roder.tasks.models import Notice, State, Task
from roder.tasks.owners import holders, people_of
from tests.tasks.conftest import Town


def openings(town: Town, count: int, kind: str = "prov.tyst") -> list[tasks.Opening]:
    owner = tasks.Owner("unit_manager", unit=town.home)
    return [
        tasks.Opening(kind, town.home, owner, due=date(2031, 8, 23), what="Gå igenom", key=str(number))
        for number in range(count)
    ]


def test_each_is_opened_once(town: Town) -> None:
    tasks.kind("prov.tyst", label="Gå igenom", by_hand=True, tells=False, alerts=False)
    made = tasks.open_many(openings(town, 3))
    assert [one.key for one in made] == ["0", "1", "2"] and all(one.state == State.OPEN for one in made)
    assert {one.attend_at for one in made} == {None} and not Notice.objects.exists()
    assert len(tasks.open_many([*openings(town, 4), *openings(town, 4)])) == 1 and Task.objects.count() == 4
    with CaptureQueriesContext(connection) as few:
        tasks.open_many(openings(town, 5))
    with CaptureQueriesContext(connection) as many:
        tasks.open_many(openings(town, 60))
    assert len(many) == len(few)


def test_those_that_tell_are_told_and_attested_as_they_say(town: Town) -> None:
    owner = tasks.Owner("unit_manager", unit=town.home)
    [one] = tasks.open_many([tasks.Opening("prov.hand", town.home, owner, attest_role="head_department")])
    assert one.what == "Gå igenom" and Notice.objects.get().recipient == town.people["ewa"]
    assert tasks.mark_ready(one, town.people["ewa"]).state == State.READY
    with pytest.raises(ValidationError, match="personnummer"):
        tasks.open_many([tasks.Opening("prov.hand", town.home, owner, what="Ring 19121212-1212", key="p")])
    with pytest.raises(LookupError, match="inte deklarerat"):
        tasks.open_many([tasks.Opening("prov.okand", town.home, owner)])


def test_who_holds_a_post_for_many_units_is_as_for_one(town: Town) -> None:
    units = [town.department, town.home, town.other_home]
    day = date.today()
    for role in ("unit_manager", "head_department", "mas", "licensed", "controller"):
        found = holders(role, [unit.pk for unit in units], day)
        for unit in units:
            one = {person.pk for person in people_of(tasks.Owner(role, unit=unit))}
            assert found.get(unit.pk, set()) == one, (role, unit)
    assert holders("unit_manager", [], day) == {}
