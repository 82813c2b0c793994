"""The days that a record of the small registers carries, kept as tasks: opened, moved, done or struck at its saves."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from roder import tasks
from roder.core.models import Record
from roder.organisation.models import Person
from roder.registers.models import Agreement, GrantApplication, StateGrant, SteeringDocument
from roder.tasks.owners import committee_of

#: Who keeps the days of grants, and of agreements.
GRANTS_ROLE, AGREEMENTS_ROLE = "quality_strategist", "secretary"


@dataclass(frozen=True)
class Deadline:
    """A day by which something is to be done, and whether it has been. ``due`` None: there is no such day (now)."""

    kind: str
    what: str
    due: date | None
    role: str
    done: bool = False


def _document(row: SteeringDocument) -> Iterator[Deadline]:
    yield Deadline(
        "registers.revise", f"Revidera {row.title}", row.revise_by, row.role, row.repealed_on is not None
    )


def _application(row: GrantApplication) -> Iterator[Deadline]:
    waits = row.state == GrantApplication.State.INCOMPLETE
    yield Deadline(
        "registers.grant_completion",
        f"Kontrollera kompletteringen från {row.association}",
        row.complete_by if waits else None,
        GRANTS_ROLE,
        row.completed_on is not None and not waits,
    )
    yield Deadline(
        "registers.grant_report",
        f"Ta emot återrapporten från {row.association} om bidraget {row.call.year}",
        row.report_by,
        GRANTS_ROLE,
        row.reported_on is not None,
    )


def _state_grant(row: StateGrant) -> Iterator[Deadline]:
    state = StateGrant.State
    planned, granted = row.state == state.PLANNED, row.state in (state.GRANTED, state.REPORTED)
    refused = row.state == state.REFUSED
    yield Deadline(
        "registers.state_apply",
        f"Ansök om {row}",
        row.apply_by,
        GRANTS_ROLE,
        not planned or row.applied_on is not None,
    )
    yield Deadline(
        "registers.state_requisition",
        f"Rekvirera {row}",
        row.requisition_by if granted else None,
        GRANTS_ROLE,
        row.requisitioned_on is not None,
    )
    yield Deadline(
        "registers.state_report",
        f"Återrapportera användningen av {row}",
        row.report_by if not refused else None,
        GRANTS_ROLE,
        row.reported_on is not None,
    )


def _agreement(row: Agreement) -> Iterator[Deadline]:
    due = row.notice_by or row.valid_to
    what = (
        f"Säg upp, förläng eller gör om avtalet {row.title}"
        if row.notice_by
        else f"Avtalet {row.title} går ut"
    )
    yield Deadline("registers.agreement", what, due, AGREEMENTS_ROLE, row.ended_on is not None)


_OF: Mapping[type[Record], Callable[[Any], Iterator[Deadline]]] = {
    SteeringDocument: _document,
    GrantApplication: _application,
    StateGrant: _state_grant,
    Agreement: _agreement,
}


def of(row: Record) -> tuple[Deadline, ...]:
    """The deadlines that a record carries as it stands. () for a kind without any."""
    made = _OF.get(type(row))
    return tuple(made(row)) if made else ()


def keep(row: Record, by: Person | None) -> None:
    """Let the tasks about the record say what its days say. Can be called again without harm; call it in the
    transaction that saved the record."""
    settle(row, of(row), by)


def settle(row: Record, deadlines: Iterable[Deadline], by: Person | None) -> None:
    """Let the tasks about a record say what these deadlines say (for a record of any room)."""
    for one in deadlines:
        if one.done:
            tasks.complete(one.kind, row, by)
        elif one.due is None:
            tasks.cancel(one.kind, row, "Dagen gäller inte längre.", by=by)
        else:
            owner = tasks.Owner(one.role, committee=committee_of(row))
            tasks.open_task(one.kind, row, owner=owner, due=one.due, what=one.what, by=by)
            tasks.reschedule(one.kind, row, one.due, by=by)
            tasks.hand_over(one.kind, row, owner, by=by)
