"""The units' texts side by side, and what is told upward."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from django.db.models import Q

from roder import access
from roder.core.models import Record
from roder.followup.models import Line, Round, Sheet
from roder.followup.parts import Declared, declared
from roder.followup.rules.states import Progress
from roder.followup.services.sheet_states import progress_by
from roder.organisation.models import Person, Unit
from roder.steering.models import Occasion
from roder.steering.services import model_of

# --- side by side ----------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Told:
    """What a unit says of a subject: the line, and how far its sheet has come."""

    line: Line
    progress: Progress
    status: str
    tone: str

    @property
    def sheet(self) -> Sheet:
        """The sheet it stands in."""
        return self.line.sheet

    @property
    def unit(self) -> Unit:
        """Whose it is."""
        return self.line.sheet.unit


@dataclass
class Compared:
    """A subject with what each unit says of it, and the line of the summary above where there is one."""

    kind: str
    pk: int
    title: str
    heading: str
    told: list[Told] = field(default_factory=list)
    own: Line | None = None


@dataclass
class SideBySide:
    """The units' texts of a part beside each other, with the summary of the unit above them."""

    part: Declared
    subjects: list[Compared]
    sheets: list[tuple[Sheet, Progress]]
    own: Sheet | None = None
    own_progress: Progress | None = None


def side_by_side(
    made: Round, part: str, user: Person, *, subject: tuple[str, int] | None = None, above: Unit | None = None
) -> SideBySide:
    """Every unit's comment with its state, for each subject of a part (or one), as far as the person may see.

    ``above``: only the units read by that unit, with its own summary beside; without it every sheet of the part.
    Five queries however many there are. Raises KeyError for a part that is none.
    """
    declaration = declared(part)
    rows = access.visible(user, Sheet.objects.filter(round=made, part=part)).select_related(
        "unit", "above", "written_by", "round__occasion"
    )
    if above is not None:
        rows = rows.filter(Q(above=above) | Q(unit=above))
    sheets = {one.pk: one for one in rows.order_by("unit__code")}
    progress = progress_by(sheets.values())
    own = next((one for one in sheets.values() if above is not None and one.unit_id == above.pk), None)
    lines = Line.objects.filter(sheet__in=list(sheets)).order_by("position", "pk")
    if subject is not None:
        lines = lines.filter(subject_kind=subject[0], subject_id=subject[1])
    steps = _steps(made.occasion, declaration)
    found: dict[tuple[str, int], Compared] = {}
    for line in lines:
        line.sheet = sheets[line.sheet_id]
        key = (line.subject_kind, line.subject_id)
        one = found.setdefault(key, Compared(*key, line.title, line.heading))
        if own is not None and line.sheet_id == own.pk:
            one.own = line
        else:
            label, tone = steps.get(line.status, ("", "none"))
            one.told.append(Told(line, progress[line.sheet_id], label, tone))
    for one in found.values():
        one.told.sort(key=lambda told: told.unit.code)
    others = [(one, progress[pk]) for pk, one in sheets.items() if own is None or pk != own.pk]
    return SideBySide(
        declaration, list(found.values()), others, own, progress[own.pk] if own is not None else None
    )


def _steps(occasion: Occasion, part: Declared) -> dict[str, tuple[str, str]]:
    """Code -> (label, tone) of the statuses that units may have given."""
    model = model_of(occasion)
    return {
        step.code: (step.label, step.tone)
        for kind in (Unit.Kind.UNIT, Unit.Kind.DEPARTMENT)
        for step in part.scale(model, occasion.kind, kind)
    }


# --- told upward -----------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Summary:
    """What a department (or a unit right under the administration) tells upward of a subject."""

    unit: Unit
    sheet: Sheet
    progress: Progress
    comment: str
    outlook: str
    measures_taken: str
    summary: str

    @property
    def says(self) -> bool:
        """Whether there is anything to read."""
        return bool(self.comment or self.outlook or self.measures_taken or self.summary)


def summaries_for(occasion: Occasion, subject: Record, user: Person | None = None) -> list[Summary]:
    """What is told to the administration of a goal, assignment, control or factor at an occasion: by departments, and
    by units that no department stands above. As far as ``user`` may see (None: the caller has asked). Two queries.

    A department's text of the subject, beside what it says of the part as a whole."""
    lines = Line.objects.filter(
        sheet__round__occasion=occasion, subject_kind=subject._meta.label_lower, subject_id=subject.pk
    ).exclude(sheet__above__kind=Unit.Kind.DEPARTMENT)
    if user is not None:
        lines = access.visible(user, lines)
    rows = list(lines.select_related("sheet__unit").order_by("sheet__unit__code"))
    progress = progress_by(row.sheet for row in rows)
    return [
        Summary(
            row.sheet.unit, row.sheet, progress[row.sheet_id], row.comment, row.outlook, row.measures_taken,
            row.sheet.summary,
        )
        for row in rows
    ]  # fmt: skip


def departments_of(user: Person, made: Round) -> list[Unit]:
    """The units that read others' sheets in the round, as far as the person may see, in order. One query."""
    seen: Any = access.visible(user, Sheet.objects.filter(round=made, above__isnull=False))
    return list(Unit.objects.filter(pk__in=seen.order_by().values("above")).order_by("code"))
