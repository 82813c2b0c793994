"""What waits for a person in the rounds: their own sheets, those they stand in for apart, and what they approve."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.contrib import messages
from django.utils import timezone

from roder import access
from roder.followup import parts
from roder.followup.models import Sheet
from roder.followup.pages.sheet_show import ORDER
from roder.followup.pages.whose import standing_in
from roder.followup.rules.states import Progress
from roder.followup.services import rounds, sheets
from roder.followup.services.sheet_states import progress_by, tasks_about
from roder.organisation.models import Person, Unit
from roder.steering.models import Occasion
from roder.tasks import listing
from roder.tasks.models import Task
from roder.web.scope import CommitteeRequest, Scope


@dataclass(frozen=True)
class Card:
    """A sheet in a list."""

    sheet: Sheet
    name: str
    below: str
    state: Progress
    url: str
    late: bool = False
    left: str = ""
    last_day: Any = None


@dataclass
class Group:
    """The sheets of an occasion and a unit, one's own or somebody's that one stands in for."""

    occasion: Occasion
    unit: Unit
    away: Person | None
    due: Any = None
    cards: list[Card] = field(default_factory=list)


@dataclass(frozen=True)
class Next:
    """The round that comes next, and when it opens."""

    name: str
    start: Any


def cards(scope: Scope, rows: Iterable[Sheet], *, unit: bool = False) -> list[tuple[Card, Task | None]]:
    """Sheets as lines of a list, in order of due day, unit and part. Four queries."""
    known = list(rows)
    states = progress_by(known)
    about = tasks_about(one.pk for one in known)
    of = {one.subject_id: one for one in about.select_related("unit", "committee").order_by("pk")}
    for one in known:
        if one.pk in of:
            of[one.pk].subject = one
    lines = {line.task.pk: line for line in listing.lines(of.values())}
    found = []
    for one in sorted(known, key=lambda one: (one.round.occasion.cut_off, one.unit.code, ORDER[one.part])):
        task = of.get(one.pk)
        line = lines[task.pk] if task else None
        below = [one.round.occasion.name]
        if unit:
            below.insert(0, one.unit.name)
        found.append(
            (
                Card(
                    one, parts.declared(one.part).label, ", ".join(below), states[one.pk],
                    scope.url("followup:sheet", one.pk), bool(line and line.late), line.left if line else "",
                    line.last_day if line else None,
                ),
                task,
            )
        )  # fmt: skip
    return found


def groups(scope: Scope, rows: Iterable[Sheet]) -> list[Group]:
    """The sheets that wait for the person, by occasion and unit; one's own before those of others."""
    found: dict[tuple[int, int, int], Group] = {}
    known = cards(scope, rows)
    away = standing_in(scope.user, [task for _, task in known if task])  # type: ignore[arg-type]  # logged in
    for card, task in known:
        person = away.get(task.pk) if task else None
        sheet = card.sheet
        key = (sheet.round_id, sheet.unit_id, person.pk if person else 0)
        group = found.setdefault(key, Group(sheet.round.occasion, sheet.unit, person))
        group.cards.append(card)
        group.due = group.due or card.last_day
    return sorted(found.values(), key=lambda one: (one.away is not None, one.occasion.cut_off, one.unit.code))


def mine(scope: Scope) -> Any:
    """The sheets of the committee that it is the person's turn to write in."""
    return sheets.sheets_for(scope.user).filter(committee=scope.committee)  # type: ignore[arg-type]


def context(request: CommitteeRequest) -> dict[str, Any]:
    """What the page shows."""
    scope = request.scope
    own = groups(scope, mine(scope))
    to_attest = sheets.to_attest_for(request.user).filter(committee=scope.committee)
    written = access.visible(request.user, Sheet.objects.filter(committee=scope.committee))
    written = written.filter(written_by=request.user, round__occasion__year=scope.year)
    written = written.exclude(pk__in=[card.sheet.pk for one in own for card in one.cards])
    count = sum(len(one.cards) for one in own)
    every = [card for one in own for card in one.cards]
    first = next((card for card in every if card.state != Progress.ASSIGNED), every[0] if every else None)
    return {
        "groups": own, "count": count, "first": first,
        "begun": any(card.state != Progress.ASSIGNED for card in every),
        "to_attest": [card for card, _ in cards(scope, to_attest, unit=True)],
        "done": [card for card, _ in cards(scope, written.select_related("unit", "round__occasion"), unit=True)],
        "next_round": coming(scope) if not own else None,
    }  # fmt: skip


def coming(scope: Scope) -> Next | None:
    """The round of the year that opens next."""
    today = timezone.localdate()
    for occasion in scope.follow_ups:
        start = rounds.begins(occasion)
        if start is not None and start >= today and parts.parts_of(occasion):
            return Next(occasion.name, start)
    return None


def after(request: CommitteeRequest, sheet: Sheet) -> str:
    """Where to go when a sheet has been marked ready: the next one of the same unit, else my sheets."""
    scope = request.scope
    label = parts.declared(sheet.part).label
    rows = mine(scope).filter(round=sheet.round_id, unit=sheet.unit_id).exclude(pk=sheet.pk)
    left = sorted(rows, key=lambda one: (ORDER[one.part] < ORDER[sheet.part], ORDER[one.part]))
    if left:
        name = parts.declared(left[0].part).label
        many = f" {len(left)} blad kvar." if len(left) > 1 else " Det är det sista."
        messages.success(request, f"{label} är klarmarkerat. Här är nästa: {name}.{many}")
        return scope.url("followup:sheet", left[0].pk)
    messages.success(request, f"{label} är klarmarkerat. Du har inga fler blad för {sheet.unit.name}.")
    return scope.url("followup:my")
