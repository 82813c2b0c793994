"""The public form sent again with something changed: kept as a supplement, last in the text."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone

from roder import access, tasks
from roder.organisation.models import Unit
from roder.quality.models import Complaint
from roder.quality.rules.supplements import MARK, changed, with_supplement
from roder.quality.services.complaints import ANSWER, RECEIVE, Received, State, locked
from roder.quality.services.terms import model_on

#: What is said of name and contact: they stand in their own fields, where they can be erased, and never in the text.
REACHED = "Namn eller kontaktuppgift"


def has_supplement(complaint: Complaint) -> bool:
    """Whether something was sent again."""
    return MARK in complaint.text


@transaction.atomic
def supplement(complaint: Complaint, what: Received, *, now: datetime | None = None) -> bool:
    """Keep what a form that was sent again says more or otherwise than the first time; whether there was any.

    What stood in the text is never changed. How the sender is reached is, while the case is open: who wants to be
    anonymous after all is, also in the history. The registrar is told, and whoever has it to answer. Raises
    ValidationError for a personal identity number or too long a text.
    """
    row, at = locked(complaint), now or timezone.now()
    lines = []
    said = what.text.strip()
    if said and said not in row.text:
        lines.append(said)
    lines += changed(row.text, _words_of_first(row), _words(row, what.kind, what.complainant, what.unit))
    reached = _reached(row, what)
    if reached:
        lines.append(f"{REACHED}: {'vill vara anonym' if row.anonymous else 'ändrad'}")
    if not lines:
        return False
    row.text = with_supplement(row.text, lines, timezone.localtime(at))
    values = {name: getattr(row, name) for name in ("text", *reached)}
    row.clean_fields(exclude=[one.name for one in Complaint._meta.fields if one.name not in values])
    Complaint.objects.filter(pk=row.pk).update(changed_at=at, **values)
    if reached and row.anonymous:
        row.events.update(name="", contact="")  # type: ignore[attr-defined]  # made by pghistory
    access.record(None, "complaint.supplemented", row)
    _tell(row)
    return True


def _reached(row: Complaint, what: Received) -> tuple[str, ...]:
    """Put what is new about how the sender is reached on the row; the fields that were changed."""
    fields = ("anonymous", "name", "contact")
    new = (what.anonymous, what.name.strip(), what.contact.strip())
    if row.state == State.CLOSED or new == tuple(getattr(row, name) for name in fields):
        return ()
    row.anonymous, row.name, row.contact = new
    return fields


def _words_of_first(row: Complaint) -> dict[str, str]:
    """What was chosen the first time, also when the registrar has changed it since."""
    first: Any = row.events.order_by("pgh_id").first() or row  # type: ignore[attr-defined]  # made by pghistory
    return _words(row, first.kind, first.complainant, Unit.objects.filter(pk=first.unit_id).first())


def _words(row: Complaint, kind: str, complainant: str, unit: Unit | None) -> dict[str, str]:
    model = model_on(row.committee, timezone.localdate(row.received_at))
    stated = model.complaints.complainants if model and model.complaints else ()
    labels = {one.code: one.label for one in stated}
    return {
        "Slag": str(dict(Complaint.Kind.choices).get(kind, kind)),
        "Enhet": str(unit or ""),
        "Lämnad av": str(labels.get(complainant, complainant)),
    }


def _tell(row: Complaint) -> None:
    """Tell who has it to do: the open tasks' owners; the secretary when nobody has. No text of the case."""
    title = f"{row} har fått ett tillägg"
    owners = [one for kind in (RECEIVE, ANSWER) for one in tasks.of(row).filter(kind=kind, state="open")]
    for one in owners:
        owner = tasks.Owner(one.role, unit=one.unit, committee=one.committee, person=one.person)
        tasks.notify(owner, title, "Den som skickade det har skickat formuläret igen.", about=row)
    if not owners:
        secretary = tasks.Owner("secretary", committee=row.committee)
        tasks.notify(secretary, title, "Den som skickade det har skickat formuläret igen.", about=row)
