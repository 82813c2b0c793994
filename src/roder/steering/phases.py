"""The phases of the year's occasions as tasks: opened when a phase begins, for the role that the model names.

What every unit reports, and every department sums up, is handed out by the room of follow-up (``of_round``).
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime

from django.db import transaction
from django.utils import timezone

from roder import tasks
from roder.organisation.models import Body, Person, Unit
from roder.steering.modelfile import SteeringModel
from roder.steering.modelfile.codes import PhaseStep
from roder.steering.modelfile.followup import Occasion as OccasionOfFile
from roder.steering.modelfile.followup import Phase
from roder.steering.models import Occasion, SteeringModelVersion
from roder.steering.services import in_model, parsed
from roder.tasks.models import LIVE, Task

PHASE = "steering.phase"
LONGEST = 300  # characters, as long as a task can say what it is
#: What somebody in the administration does; dialogues and decisions are meetings, which are called otherwise.
WORK = {PhaseStep.DATA_AVAILABLE, PhaseStep.REPORT, PhaseStep.SUMMARISE, PhaseStep.SUBMIT}
#: What each part of the organisation reports: a follow-up round hands out sheets for these, and they are no tasks here.
ROUNDS = {PhaseStep.REPORT, PhaseStep.SUMMARISE}
#: Roles that each have a phase of their own in every unit of a kind.
EACH = {"unit_manager": Unit.Kind.UNIT, "head_department": Unit.Kind.DEPARTMENT}


def open_phases(version: SteeringModelVersion, today: date | None = None) -> int:
    """Open the tasks of the phases that have begun and not ended, and move or strike those that a new version of the
    model has moved or taken away. Can be run again. Gives how many are open."""
    day = today or timezone.localdate()
    model: SteeringModel = parsed(version)
    occasions = {one.code: one for one in Occasion.objects.filter(model=version)}
    count = 0
    with transaction.atomic():
        for item in model.occasions:
            occasion = occasions.get(item.code)
            if occasion is not None:
                count += _of_occasion(occasion, item, day)
    return count


def of_round(phase: Phase) -> bool:
    """Whether a phase is reported in a round's sheets, one for each unit of the role."""
    return phase.step in ROUNDS and phase.role is not None and str(phase.role) in EACH


def phases_of(occasion: Occasion) -> tuple[Phase, ...]:
    """The phases of an occasion in its steering model; none when the model does not know the occasion any more."""
    item = in_model(occasion)
    return item.phases if item is not None else ()


def includes_of(occasion: Occasion) -> frozenset[str]:
    """The contents of an occasion in its steering model."""
    item = in_model(occasion)
    return frozenset(str(one) for one in item.includes) if item is not None else frozenset()


def _of_occasion(occasion: Occasion, item: OccasionOfFile, day: date) -> int:
    wanted: set[str] = set()
    for phase in item.phases:
        if (
            phase.role is None
            or phase.step not in WORK
            or of_round(phase)
            or not phase.start <= day <= phase.end
        ):
            continue
        for key, owner in _owners(occasion.committee, phase):
            wanted.add(key)
            what = f"{phase.name}: {occasion.name}"[:LONGEST]
            task = tasks.open_task(PHASE, occasion, owner=owner, due=due_of_phase(phase), what=what, key=key)
            if task.due_at is not None:
                tasks.reschedule(PHASE, occasion, due_of_phase(phase), key)
    known = {
        key for phase in item.phases if not of_round(phase) for key, _ in _owners(occasion.committee, phase)
    }
    for task in _live(occasion):
        if task.key not in known:
            tasks.cancel(
                PHASE,
                occasion,
                "Fasen är borta ur styrmodellen, eller görs i uppföljningsomgången.",
                key=task.key,
            )
    return len(wanted)


def _owners(committee: Body, phase: Phase) -> Iterable[tuple[str, tasks.Owner]]:
    """Whose a phase is, each with a key of its own: every unit's where the role is in units, else the committee's."""
    if phase.role is None:
        return
    role = str(phase.role)
    if role not in EACH:
        yield phase.code, tasks.Owner(role, committee=committee)
        return
    for unit in Unit.objects.filter(committee=committee, kind=EACH[role], external=False):
        yield f"{phase.code}:{unit.code}"[:80], tasks.Owner(role, unit=unit)


def due_of_phase(phase: Phase) -> datetime | date:
    """When a phase ends: at its time of day, else when the whole day is over."""
    if phase.end_time is None:
        return phase.end
    return timezone.make_aware(datetime.combine(phase.end, phase.end_time))


def _live(occasion: Occasion) -> list[Task]:
    return list(tasks.of(occasion).filter(kind=PHASE, state__in=LIVE))


def close_phases(occasion: Occasion, by: Person | None) -> int:
    """Complete what is open of an occasion: its report is locked. Gives how many."""
    closed = 0
    for task in _live(occasion):
        closed += tasks.complete(PHASE, occasion, by, key=task.key) is not None
    return closed


def meetings_of(committee: Body) -> list[date]:
    """The days the committee meets, as its steering model knows them."""
    rows = Occasion.objects.filter(committee=committee, kind=Occasion.Kind.MEETING)
    return list(rows.values_list("cut_off", flat=True))


def open_all(today: date | None = None) -> int:
    """Open what has begun in every committee's latest models. For the night. Gives how many are open."""
    day = today or timezone.localdate()
    latest = SteeringModelVersion.objects.filter(year__gte=day.year - 1).order_by(
        "committee", "year", "-version"
    )
    return sum(open_phases(version, day) for version in latest.distinct("committee", "year"))
