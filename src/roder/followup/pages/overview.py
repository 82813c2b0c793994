"""The rounds of the year, and one round: every unit's sheets with their state, and who is late."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.contrib import messages
from django.db.models import Count, Exists, OuterRef
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST

from roder import access
from roder.access.matrix import Action, Resource
from roder.followup.faults import RoundFault
from roder.followup.models import Round, Sheet
from roder.followup.pages.shares import told
from roder.followup.parts import Declared, parts_of
from roder.followup.services import rounds, sheets, steps
from roder.followup.services.overview import Cell, DepartmentRow, Overview, UnitRow, overview
from roder.steering.models import Occasion
from roder.tasks.models import State, Task
from roder.web.scope import CommitteeRequest, Scope, committee_page

#: More units than this are shown one department at a time.
MANY = 60
#: In the address: the units that no department stands above.
NO_DEPARTMENT = "ingen"


@dataclass(frozen=True)
class RoundRow:
    """An occasion that hands out sheets, and how far its round has come."""

    occasion: Occasion
    made: Round | None
    parts: list[Declared]
    begins: Any
    ends: Any
    total: int = 0
    reported: int = 0

    @property
    def coming(self) -> bool:
        """Whether its phase has not begun."""
        return self.begins is not None and self.begins > timezone.localdate()


def _counts(scope: Scope, made: list[Round]) -> dict[int, tuple[int, int]]:
    """Round -> (how many sheets the person sees, how many of them are marked ready or approved). Two queries."""
    rows = access.visible(scope.user, Sheet.objects.filter(round__in=made)).order_by()
    ready = Task.objects.filter(
        subject_kind=Sheet.record_kind(), subject_id=OuterRef("pk"), state__in=[State.READY, State.DONE]
    )
    count = dict(rows.values_list("round").annotate(Count("pk")))
    done = dict(rows.filter(Exists(ready)).values_list("round").annotate(Count("pk")))
    return {pk: (total, done.get(pk, 0)) for pk, total in count.items()}


@committee_page(Resource.FOLLOW_UP)
def rounds_page(request: CommitteeRequest) -> HttpResponse:
    """Every occasion of the year that hands out sheets: when it opens, how far it has come, when it was closed."""
    scope = request.scope
    known = {one.occasion_id: one for one in rounds.rounds_of(request.user, scope.committee, scope.year)}
    counts = _counts(scope, list(known.values()))
    rows = []
    for occasion in told(scope):
        made = known.get(occasion.pk)
        total, reported = counts.get(made.pk, (0, 0)) if made else (0, 0)
        rows.append(
            RoundRow(
                occasion,
                made,
                parts_of(occasion),
                rounds.begins(occasion),
                rounds.ends(occasion),
                total,
                reported,
            )
        )
    context = {"rows": rows, "edits": scope.may(Action.EDIT, Resource.FOLLOW_UP)}
    return render(request, "followup/round/rounds.html", context)


def round_of(request: CommitteeRequest, occasion: str) -> tuple[Occasion, Round | None]:
    """The year's occasion with its round, if it is opened. Raises Http404."""
    found = request.scope.occasion(occasion)
    rows = Round.objects.select_related("occasion__model", "opened_by", "closed_by")
    return found, access.visible(request.user, rows).filter(occasion=found).first()


@committee_page(Resource.FOLLOW_UP)
def round_page(request: CommitteeRequest, occasion: str) -> HttpResponse:
    """Units and parts with the state of each sheet. With many units: one department at a time."""
    scope = request.scope
    found, made = round_of(request, occasion)
    context: dict[str, Any] = {
        "occasion": found, "made": made, "begins": rounds.begins(found), "ends": rounds.ends(found),
        "edits": scope.may(Action.EDIT, Resource.FOLLOW_UP), "steps": steps.held(found),
        "reports": rounds.round_phases(found) and parts_of(found),
    }  # fmt: skip
    if made is not None:
        seen = overview(made, request.user)
        reads = list(sheets.to_attest_for(request.user, round=made))
        context |= shown(request, seen) | {
            "seen": seen, "late": [(row, *late_cells(row, seen)) for row in seen.late], "span": len(seen.parts) + 1,
            "reads": reads_of(request, occasion, seen, [one.part for one in reads]),
            "mine": sheets.sheets_for(request.user, round=made).count(),
        }  # fmt: skip
    return render(request, "followup/round/round.html", context)


def late_cells(row: UnitRow, seen: Overview) -> tuple[list[tuple[Declared, Cell]], date | None]:
    """The sheets of a unit that are late, in the order of the parts, and the day that the first was due."""
    cells = [(part, row.cells.get(part.code)) for part in seen.parts]
    late = [(part, cell) for part, cell in cells if cell is not None and cell.late]
    return late, min((cell.due for _, cell in late if cell.due), default=None)


def reads_of(
    request: CommitteeRequest, occasion: str, seen: Overview, waiting: list[str]
) -> list[tuple[Declared, int, str]]:
    """The parts with sheets that wait for the person's approval: how many, and where they are read side by side."""
    found = []
    for part in seen.parts:
        if count := waiting.count(part.code):
            found.append((part, count, request.scope.url("followup:compare", occasion, part.code)))
    return found


def shown(request: HttpRequest, seen: Overview) -> dict[str, Any]:
    """The table: which departments, and which of their units, by the address (``avdelning``, ``visa``)."""
    only, code = request.GET.get("visa", ""), request.GET.get("avdelning", "")
    units = sum(len(one.units) for one in seen.departments)
    folded = not code and (len(seen.late) if only == "sena" else units) > MANY
    groups = []
    for department in seen.departments:
        if code and (department.own.code if department.own is not None else NO_DEPARTMENT) != code:
            continue
        rows = [
            (row, [(part, row.cells.get(part.code)) for part in seen.parts], row is department.own)
            for row in department.rows
            if only != "sena" or row.late
        ]
        if rows:
            groups.append((department, rows, summed(department, seen.parts)))
    return {"groups": groups, "folded": folded, "only": only, "chosen": code, "units": units}


def summed(department: DepartmentRow, parts: list[Declared]) -> list[tuple[Declared, int, int, Cell | None]]:
    """For each part: how many units have reported of how many, and the department's own sheet."""
    found = []
    for part in parts:
        own: UnitRow | None = department.own
        found.append((part, *department.ready(part.code), own.cells.get(part.code) if own else None))
    return found


@require_POST
@committee_page(Resource.FOLLOW_UP, Action.EDIT)
def open_page(request: CommitteeRequest, occasion: str) -> HttpResponse:
    """Open the round now, or bring an open one up to date."""
    found = get_object_or_404(
        access.visible(request.user, Occasion.objects.filter(committee=request.scope.committee)),
        code=occasion,
    )
    try:
        opened = rounds.open_round(found, request.user)
    except RoundFault as fault:
        messages.warning(request, str(fault))
    else:
        if opened.sheets or opened.lines or opened.removed:
            told_words = f" {opened.told} personer har fått veta det." if opened.told else ""
            messages.success(
                request, f"{opened.sheets} nya blad med {opened.lines} rader är utlagda.{told_words}"
            )
        else:
            messages.success(request, "Inget nytt: alla har redan sina blad.")
        if opened.left:
            words = f"{opened.left} rader lades inte till, för bladen är redan godkända."
            messages.info(request, f"{words} Öppna dem igen om raderna ska med.")
    return redirect(request.scope.url("followup:round", occasion))
