"""A round is opened: who is expected to report what, sheets with outcomes filled in, tasks, and one notice a person.

It can be run again: what new shares and subjects bring is added, what nobody has written in and nobody is expected to
is taken away, and what is written stays.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from roder import access, tasks
from roder.access import Action, Resource
from roder.followup.faults import RoundFault
from roder.followup.models import Line, Round, Share, Sheet
from roder.followup.parts import Declared, Scope, Subject, parts_of
from roder.followup.rules.expect import Key, Shared, Tree, expected
from roder.followup.services.filling import Wanted, fill
from roder.followup.services.sheet_states import tasks_about
from roder.followup.services.telling import tell_opened
from roder.organisation.models import Body, Person, Unit, UnitPlacement
from roder.steering.modelfile.codes import PhaseStep
from roder.steering.modelfile.followup import Phase
from roder.steering.models import Occasion, SteeringModelVersion
from roder.steering.phases import EACH, due_of_phase, of_round, phases_of
from roder.tasks.models import LIVE, Task

REPORT, SUMMARY = "followup.report", "followup.summary"
KINDS = (REPORT, SUMMARY)


@dataclass(frozen=True)
class Opened:
    """What opening a round did: the round, how many sheets, lines and tasks that are new, and how many were told.

    ``left`` are lines that were not added because their sheet is approved already."""

    round: Round
    sheets: int
    tasks: int
    lines: int = 0
    told: int = 0
    left: int = 0
    removed: int = 0


# --- who takes part --------------------------------------------------------------------------------------------------


def round_phases(occasion: Occasion) -> dict[str, Phase]:
    """Kind of unit -> the phase in which units of that kind report or sum up, by the occasion's steering model."""
    found: dict[str, Phase] = {}
    for phase in phases_of(occasion):
        if of_round(phase):
            found.setdefault(str(EACH[str(phase.role)]), phase)
    return found


def scope_of(occasion: Occasion, day: date) -> Scope:
    """The occasion with the units that take part in it, as the organisation stands on a day. Two queries."""
    phases = round_phases(occasion)
    rows = Unit.objects.filter(committee=occasion.committee_id).order_by("code")
    units = {one.pk: one for one in rows}
    placed = UnitPlacement.objects.filter(unit__in=list(units), valid__contains=day)
    parents = dict(placed.values_list("unit_id", "parent_id"))
    part = {pk: one for pk, one in units.items() if one.kind in phases and not one.external and pk in parents}
    tree = Tree(
        parents,
        frozenset(pk for pk, one in part.items() if phases[one.kind].step == PhaseStep.REPORT),
        frozenset(pk for pk, one in part.items() if phases[one.kind].step == PhaseStep.SUMMARISE),
    )
    includes = frozenset(str(one) for one in _includes(occasion))
    return Scope(occasion, part, tree, includes)


def _includes(occasion: Occasion) -> Iterable[str]:
    from roder.steering.phases import includes_of  # noqa: PLC0415

    return includes_of(occasion)


def shares_of(occasion: Occasion) -> list[Shared]:
    """The shares of the committee that hold in the occasion's year. One query."""
    rows = Share.objects.filter(
        committee=occasion.committee_id, from_year__lte=occasion.year, to_year__gte=occasion.year
    )
    return [
        Shared((kind, subject), unit, with_below)
        for kind, subject, unit, with_below in rows.values_list(
            "subject_kind", "subject_id", "unit_id", "with_below"
        )
    ]


def expected_of(
    part: Declared, scope: Scope, shares: list[Shared]
) -> tuple[list[Subject], dict[int, list[Key]]]:
    """A part's subjects, and for each unit the keys of those it is expected to report on."""
    subjects = part.subjects(scope)
    default = part.default(scope, subjects)
    return subjects, expected([one.key for one in subjects], default, shares, scope.tree)


# --- opened ----------------------------------------------------------------------------------------------------------


@transaction.atomic
def open_round(occasion: Occasion, by: Person | None = None, today: date | None = None) -> Opened:
    """Open the round of an occasion, or bring an open one up to date.

    The number of statements does not grow with units and subjects (rows are inserted a thousand at a time).
    Raises NotAllowedError; RoundFault when the occasion has nothing to report, no phase for it, or is closed.
    """
    if by is not None:
        access.require(by, Action.EDIT, Resource.FOLLOW_UP, occasion.committee)
    Occasion.objects.select_for_update(of=("self",)).get(
        pk=occasion.pk
    )  # two who open at once: one after the other
    day = today or timezone.localdate()
    phases, parts = round_phases(occasion), parts_of(occasion)
    if not parts:
        raise RoundFault(
            f"{occasion.name} har ingenting att följa upp. Ange i styrmodellen vad tillfället innehåller (includes)."
        )
    if not phases:
        raise RoundFault(
            f"{occasion.name} har ingen fas då enheter eller avdelningar rapporterar. Lägg till en fas med steget "
            "report eller summarise i styrmodellen."
        )
    made, new = Round.objects.get_or_create(
        occasion=occasion, defaults={"committee": occasion.committee, "opened_by": by}
    )
    if made.closed_at is not None:
        raise RoundFault(f"{occasion.name} är stängd. Det som är skrivet ingår i rapporten.")
    scope, shares = scope_of(occasion, day), shares_of(occasion)
    wanted: dict[tuple[int, str], Wanted] = {}
    for part in parts:
        subjects, keys = expected_of(part, scope, shares)
        facts = part.facts(scope, subjects)
        known = {one.key: (place, one) for place, one in enumerate(subjects)}
        for unit, own in keys.items():
            wanted[unit, part.code] = Wanted(part, scope.units[unit], [known[key] for key in own], facts)
    filled = fill(made, scope, wanted)
    opened = _open_tasks(made, scope, phases, by)
    told = tell_opened(made, opened, scope, day)
    if new or filled.sheets or filled.lines or filled.removed:
        access.record(
            by, "round.opened", made, occasion=occasion.code, sheets=filled.sheets, lines=filled.lines,
            tasks=len(opened), removed=filled.removed,
        )  # fmt: skip
    return Opened(made, filled.sheets, len(opened), filled.lines, told, filled.left, filled.removed)


def _open_tasks(made: Round, scope: Scope, phases: dict[str, Phase], by: Person | None) -> list[Task]:
    """The tasks of the sheets that have none; one that is open is moved when its phase has been."""
    known = set(
        tasks_about(made.sheets.all())
        .exclude(state=Task.State.CANCELLED)
        .values_list("subject_id", flat=True)
    )
    parts = {part.code: part for part in parts_of(scope.occasion)}
    openings = []
    for sheet in made.sheets.select_related("unit", "above", "committee").order_by("unit__code", "part"):
        phase = phases.get(sheet.unit.kind)
        if sheet.pk in known or phase is None or sheet.part not in parts:
            continue
        sums_up = phase.step == PhaseStep.SUMMARISE
        part = parts[sheet.part]  # type: ignore[index]  # text of the same enumeration
        verb = part.department_verb if sums_up else part.unit_verb
        openings.append(
            tasks.Opening(
                SUMMARY if sums_up else REPORT,
                sheet,
                tasks.Owner(str(phase.role), unit=sheet.unit, committee=sheet.committee),
                due=due_of_phase(phase),
                what=f"{verb}: {sheet.unit.name}, {scope.occasion.name}"[:300],
                attest_role=attest_role(sheet),
            )
        )
    _reschedule(made, phases)
    return tasks.open_many(openings, by=by)


def attest_role(sheet: Sheet) -> str:
    """Who approves a sheet: the head of the department above, else the head of the administration."""
    above = sheet.above
    return (
        "head_department"
        if above is not None and above.kind == Unit.Kind.DEPARTMENT
        else "head_administration"
    )


def _reschedule(made: Round, phases: dict[str, Phase]) -> None:
    """Move the open tasks whose phase ends on another day now: a new version of the model has moved it."""
    roles = {str(phase.role): due_of_phase(phase) for phase in phases.values()}
    for role, due in roles.items():
        when = tasks.as_due(due)
        rows = tasks_about(made.sheets.all()).filter(kind__in=KINDS, role=role, state__in=LIVE)
        if when is not None:
            rows.exclude(due_at=when.at).update(due_at=when.at, whole_day=when.whole_day)


def begins(occasion: Occasion) -> date | None:
    """The day the round of an occasion begins: its first phase of reporting. None without one."""
    return min((phase.start for phase in round_phases(occasion).values()), default=None)


def ends(occasion: Occasion) -> date | None:
    """The last day of the round's phases of reporting."""
    return max((phase.end for phase in round_phases(occasion).values()), default=None)


def open_due(today: date | None = None) -> list[Opened]:
    """Open the rounds whose phase of reporting has begun and not ended, in every committee's latest models. An open one
    is brought up to date. For the night."""
    day = today or timezone.localdate()
    latest = SteeringModelVersion.objects.filter(year__gte=day.year - 1).order_by(
        "committee", "year", "-version"
    )
    versions = [one.pk for one in latest.distinct("committee", "year")]
    rows = Occasion.objects.filter(model__in=versions).exclude(follow_up_round__closed_at__isnull=False)
    found = []
    for occasion in rows.select_related("committee", "model").order_by("cut_off", "pk"):
        first, last = begins(occasion), ends(occasion)
        if first is not None and last is not None and first <= day <= last and parts_of(occasion):
            found.append(open_round(occasion, today=day))
    return found


# --- closed ----------------------------------------------------------------------------------------------------------


@transaction.atomic
def close_round(made: Round, by: Person | None = None) -> Round:
    """Close a round: what is approved is included in the report, and what nobody has approved is no longer expected.

    Called when the occasion's report is locked, by whoever may do that. Closing twice is no fault.
    """
    row = Round.objects.select_for_update(of=("self",)).get(pk=made.pk)
    if row.closed_at is not None:
        return row
    now = timezone.now()
    about = tasks_about(row.sheets.all()).filter(kind__in=KINDS)
    included = row.sheets.filter(pk__in=about.filter(state=Task.State.DONE).values("subject_id")).update(
        included_at=now
    )
    left = about.filter(state__in=LIVE).update(
        state=Task.State.CANCELLED, closed_at=now, closed_by=by, attend_at=None, note="Rapporten är låst."
    )
    row.save_over(row.revision, closed_at=now, closed_by=by)
    access.record(by, "round.closed", row, included=included, left=left)
    return row


def close_for(occasion: Occasion, by: Person | None) -> Round | None:
    """Close the round of an occasion whose report is locked. None when it has none."""
    made = Round.objects.filter(occasion=occasion).first()
    return close_round(made, by) if made is not None else None


# --- read ------------------------------------------------------------------------------------------------------------


def rounds_of(user: Person, committee: Body, year: int | None = None) -> QuerySet[Round]:
    """The rounds that somebody may see, the latest first."""
    rows = access.visible(user, Round.objects.filter(committee=committee))
    if year is not None:
        rows = rows.filter(occasion__year=year)
    return rows.select_related("occasion", "opened_by", "closed_by").order_by("-occasion__cut_off")


def due_of(occasion: Occasion) -> dict[str, date | datetime]:
    """Kind of unit -> when it is to be ready: a day (the whole of it) or a moment."""
    return {kind: due_of_phase(phase) for kind, phase in round_phases(occasion).items()}


def lines_of(made: Round) -> QuerySet[Line]:
    """Every line of a round. The caller has asked for the right to see it."""
    return Line.objects.filter(sheet__round=made)
