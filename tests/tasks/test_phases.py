"""The phases of an occasion are tasks from when they begin until somebody says so or the report is locked."""

from __future__ import annotations

import re
from datetime import date

import pytest

from roder import tasks
from roder.organisation.models import Unit
from roder.steering.loading import load_model
from roder.steering.models import Occasion
from roder.steering.phases import PHASE, close_phases, of_round, open_all, open_phases, phases_of
from roder.tasks.models import State, Task
from tests.tasks.conftest import Town
from tests.web.world import MODEL

PHASES = """\
    phases:
      - {code: utfall, name: Utfall finns, step: data_available, role: controller, start: 2022-08-12, end: 2022-08-12}
      - {code: enheter, name: Enheternas underlag, step: submit, role: unit_manager,
         start: 2022-08-12, end: 2022-08-23}
      - {code: till_klk, name: Underlag lämnas, step: submit, role: head_administration,
         start: 2022-09-13, end: 2022-09-13, end_time: "12:00"}
      - {code: namnd, name: Nämnden beslutar, step: decide, role: member, body: VON, start: 2022-09-27, end: 2022-09-27}
"""


def model(phases: str = PHASES) -> str:
    """The small model with phases at its interim report."""
    lines = MODEL.splitlines(keepends=True)
    at = next(number for number, line in enumerate(lines) if "code: 2022-08" in line)
    inside = lines[at].strip().removeprefix("- {").removesuffix("}")
    parts = re.split(r", (?=\w+:)", inside)
    block = "".join(f"    {part}\n" for part in parts)
    return "".join([*lines[:at], f"  - {block.strip()}\n", phases, *lines[at + 1 :]])


@pytest.fixture
def interim(town: Town) -> Occasion:
    load_model(town.committee, model())
    return Occasion.objects.get(code="2022-08")


def keys(occasion: Occasion) -> set[str]:
    return set(tasks.of(occasion).filter(kind=PHASE, state=State.OPEN).values_list("key", flat=True))


def test_what_is_over_already_is_nobodys_task(interim: Occasion) -> None:
    assert keys(interim) == set()


def test_each_unit_has_its_own_and_the_administration_one(town: Town, interim: Occasion) -> None:
    assert open_phases(interim.model, date(2022, 8, 12)) == 3
    assert open_phases(interim.model, date(2022, 8, 12)) == 3  # again: the same ones
    assert keys(interim) == {"utfall", "enheter:B", "enheter:C"}
    [mine] = tasks.open_for(town.people["ewa"])
    assert (mine.unit, mine.what) == (town.home, "Enheternas underlag: Delårsbokslut")
    assert mine.whole_day and mine.due_at is not None
    open_phases(interim.model, date(2022, 9, 13))
    noon = Task.objects.get(key="till_klk").due_at
    assert noon is not None and noon.isoformat() == "2022-09-13T10:00:00+00:00"


def test_what_units_report_and_departments_sum_up_is_the_rounds(town: Town, interim: Occasion) -> None:
    reported = PHASES.replace("step: submit, role: unit_manager", "step: report, role: unit_manager")
    version = load_model(town.committee, model(reported))
    open_phases(version, date(2022, 8, 12))
    assert keys(interim) == {"utfall"}
    [phase] = [one for one in phases_of(Occasion.objects.get(pk=interim.pk)) if of_round(one)]
    assert phase.code == "enheter"


def test_a_new_version_moves_and_strikes(town: Town, interim: Occasion) -> None:
    open_phases(interim.model, date(2022, 8, 12))
    later = PHASES.replace("end: 2022-08-23", "end: 2022-08-25")
    lines = [line for line in later.splitlines(keepends=True) if "code: utfall" not in line]
    version = load_model(town.committee, model("".join(lines)))
    open_phases(version, date(2022, 8, 12))
    assert keys(interim) == {"enheter:B", "enheter:C"}
    moved = Task.objects.get(key="enheter:B").due_at
    assert moved is not None and moved.date() == date(2022, 8, 25)


def test_locking_the_report_closes_what_is_left(town: Town, interim: Occasion) -> None:
    open_phases(interim.model, date(2022, 8, 12))
    assert close_phases(interim, town.people["dag"]) == 3
    assert keys(interim) == set()


def test_the_night_opens_what_begins(town: Town, interim: Occasion) -> None:
    assert open_all(date(2022, 8, 15)) == 2
    Unit.objects.filter(code="C").update(external=True)
    assert open_all(date(2022, 8, 16)) == 1
