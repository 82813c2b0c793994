"""The demonstration's follow-up round: what the units of a committee wrote at an occasion, and who never did.

The texts come from ``uppfoljning.yaml`` and are examples. Only one person per role can log in to the demonstration, so
what other units' managers would have done is written without a name, at the times that the file gives.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, time
from itertools import count
from pathlib import Path

from django.db import transaction
from django.utils import timezone
from pydantic import BaseModel, ConfigDict

from roder import tasks
from roder.core.yamlfile import load_yaml
from roder.followup.models import Line, Part, Round, Sheet
from roder.followup.services.rounds import KINDS, open_round
from roder.followup.services.sheet_states import tasks_about
from roder.followup.services.sheets import scale_of, sums_up, task_of
from roder.organisation.models import Person
from roder.steering.models import Occasion
from roder.tasks.models import Notice, Task
from roder.tasks.services import finish

FILE = "uppfoljning.yaml"
FOLDERS = ("alingsas",)
LEADER, MANAGER, HEAD = "quality-strategist", "unit-manager", "head-department"


class _File(BaseModel):
    """The file."""

    model_config = ConfigDict(extra="forbid")

    committee: str
    occasion: str
    opened: date
    reported: date
    approved: date
    late: list[str] = []
    skip_factors_in: list[str] = []
    texts: dict[Part, list[str]]
    departments: dict[Part, str]


def load(examples: Path, people: Mapping[str, Person]) -> list[str]:
    """Load each folder's file, once. Gives what was done, a line each."""
    lines = []
    for folder in FOLDERS:
        path = examples / folder / FILE
        if path.is_file():
            told = _File.model_validate(load_yaml(path))
            occasion = Occasion.objects.select_related("committee", "model").get(
                committee__slug=told.committee, code=told.occasion
            )
            if not Round.objects.filter(occasion=occasion).exists():
                with transaction.atomic():
                    lines.append(_load(told, occasion, people))
    return lines


def _load(told: _File, occasion: Occasion, people: Mapping[str, Person]) -> str:
    made = open_round(occasion, people[LEADER], told.opened).round
    begun, written, approved = (
        timezone.make_aware(datetime.combine(day, time(hour)))
        for day, hour in ((told.opened, 6), (told.reported, 15), (told.approved, 11))
    )
    Round.objects.filter(pk=made.pk).update(opened_at=begun)
    number = count()
    sheets = made.sheets.select_related("unit", "committee", "round__occasion").order_by("unit__code", "part")
    for sheet in sheets:
        task = task_of(sheet)
        if task is None:
            continue
        Task.objects.filter(pk=task.pk).update(opened_at=begun)
        if sheet.unit.code in told.late:
            continue
        _write(sheet, told, next(number))
        Sheet.objects.filter(pk=sheet.pk).update(written_at=written)
        task.ready_at, task.opened_at = written, begun
        finish(task, None, at=approved)
    about = tasks_about(sheets).filter(kind__in=KINDS)
    Notice.objects.filter(recipient__in=people.values(), read_at=None, key__startswith="round:").update(
        read_at=begun
    )
    done = about.filter(state=tasks.Task.State.DONE).count()
    return f"uppföljningsomgång {occasion.name}: {about.count()} blad, {done} godkända (texterna är exempel)"


def _write(sheet: Sheet, told: _File, number: int) -> None:
    part = Part(sheet.part)
    if sums_up(sheet):
        sheet.save_over(sheet.revision, summary=told.departments.get(part, ""))
        return
    texts, scale = told.texts.get(part, []), scale_of(sheet)
    skipped = part == Part.FACTORS and sheet.unit.code in told.skip_factors_in
    rows = list(sheet.lines.all())
    for place, line in enumerate(rows):
        line.skipped = skipped
        if not skipped and texts:
            line.comment = texts[(number + place) % len(texts)]
            known = {step.code for step in scale}
            line.status = line.proposed_status if line.proposed_status in known else ""
            if scale and not line.status:
                line.status = scale[(number + place) % len(scale)].code
                line.override_reason = "Enhetens egen bedömning." if line.proposed_status else ""
    Line.objects.bulk_update(rows, ["skipped", "comment", "status", "override_reason"])
    if skipped or part == Part.ECONOMY:
        text = "Nyckeltalen mäts inte hos oss." if skipped else texts[number % len(texts)]
        sheet.save_over(sheet.revision, summary=text)
