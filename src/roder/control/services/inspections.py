"""What people do with an authority's inspection of us: register, answer, follow up, close (5.4)."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction

from roder import access
from roder.access import Action, Resource
from roder.control.models import Inspection, Recommendation
from roder.control.rules import audits as rules
from roder.control.services.keeping import keep, refuse, saved, today
from roder.core.put import created
from roder.organisation.models import Body, Person

State = Inspection.State


@transaction.atomic
def register_inspection(committee: Body, by: Person, *, title: str, **values: Any) -> Inspection:
    """Register an inspection: ``authority``, ``unit``, ``kind``, ``held_on``, ``decided_on``, ``findings`` … The last
    day to answer becomes a task.

    Raises NotAllowedError; ValidationError at the field.
    """
    access.require(by, Action.EDIT, Resource.AUDITS, committee)
    if values.get("answer_by") and not values.get("state"):
        values["state"] = State.ANSWER
    row = created(Inspection(committee=committee, title=title.strip(), **values))
    access.record(by, "inspection.registered", row)
    inspection_saved(row, by)
    return row


def inspection_saved(row: Inspection, by: Person) -> None:
    """What follows a saved inspection: its days are tried, its state follows the day to answer, its task is kept.

    Raises ValidationError at the field.
    """
    refuse(rules.inspection_faults(row.held_on, row.decided_on, row.answer_by, row.answered_on, today()))
    if row.state in (State.OPEN, State.ANSWER):
        wanted = State.ANSWER if row.answer_by else State.OPEN
        if wanted != row.state:
            saved(row, None, state=wanted)
    keep(row, by)


@transaction.atomic
def answer_inspection(
    row: Inspection, by: Person, *, on: date | None, answer: str, expected_revision: int | None = None
) -> Inspection:
    """Write down what was answered and when; the task is done. Raises ValidationError by field; StaleRecordError."""
    access.require(by, Action.EDIT, row)
    if row.state in (State.ANSWERED, State.CLOSED):
        raise ValidationError("Svaret är redan lämnat. Ladda om sidan.")
    faults = {} if on else {"answered_on": "Ange vilken dag svaret lämnades."}
    if not answer.strip():
        faults["answer"] = "Skriv kort vad svaret säger."
    refuse(faults or rules.inspection_faults(row.held_on, row.decided_on, None, on, today()))
    saved(row, expected_revision, answered_on=on, answer=answer.strip(), state=State.ANSWERED)
    keep(row, by)
    access.record(by, "inspection.answered", row, on=str(on))
    return row


@transaction.atomic
def close_inspection(
    row: Inspection, by: Person, *, follow_up: str, expected_revision: int | None = None
) -> Inspection:
    """Close an inspection with what followed. An answer that is due must have been given, and no recommendation wait.

    Raises ValidationError at the field; StaleRecordError.
    """
    access.require(by, Action.EDIT, row)
    if row.state == State.ANSWER:
        raise ValidationError("Ett svar ska lämnas till myndigheten. Skriv in svaret först.")
    if row.state == State.CLOSED:
        raise ValidationError("Tillsynen är redan avslutad. Ladda om sidan.")
    open_states = (Recommendation.State.OPEN, Recommendation.State.ACCEPTED)
    if numbers := [str(one.number) for one in row.recommendations.filter(state__in=open_states)]:
        raise ValidationError(f"Rekommendation {', '.join(numbers)} är inte färdig. Gör färdigt den först.")
    if not follow_up.strip():
        refuse({"follow_up": "Skriv vad uppföljningen visade."})
    saved(row, expected_revision, follow_up=follow_up.strip(), state=State.CLOSED)
    keep(row, by)
    access.record(by, "inspection.closed", row)
    return row
