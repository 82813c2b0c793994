"""What the deeds of audits, inspections, incidents and factors share: rows made and saved with their faults in Swedish,
and the tasks that follow their days."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import date
from typing import Any, TypeVar

from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone

from roder.control.models import Audit, Inspection, Recommendation
from roder.core.faults import UserFault
from roder.core.models import Record
from roder.core.put import told
from roder.organisation.models import Person
from roder.registers.services.deadlines import Deadline, settle

R = TypeVar("R", bound=Record)


class Refusal(UserFault, ValidationError):  # noqa: N818 - as UserFault: it is the person's to mend
    """What cannot be done. In forms it stands at its field, elsewhere it is read."""

    def __str__(self) -> str:
        """The messages, without the fields they belong to."""
        return " ".join(self.messages)


#: Who sees to it that auditors and authorities are answered, when the audit names no role.
ANSWERS = "quality_strategist"
ANSWER, RECOMMENDATION, INSPECTION = (
    "control.audit_answer",
    "control.recommendation",
    "control.inspection_answer",
)


def refuse(faults: Mapping[str, str]) -> None:
    """Raise ValidationError with what a rule found, each at its field. Nothing when it found nothing."""
    if faults:
        raise ValidationError({name or NON_FIELD_ERRORS: told for name, told in faults.items()})


def saved(row: R, revision: int | None, **values: Any) -> R:
    """Save values over ``revision`` (None: over what stands). Raises StaleRecordError; ValidationError in Swedish."""
    try:
        with transaction.atomic():
            row.save_over(row.revision if revision is None else revision, **values)
    except IntegrityError as error:
        raise told(row, error) from error
    return row


def _audit(row: Audit) -> Iterator[Deadline]:
    yield Deadline(
        ANSWER, f"Besvara {row.title}"[:300], row.answer_by, row.owner_role or ANSWERS,
        row.answered_on is not None or row.state != Audit.State.OPEN,
    )  # fmt: skip


def _recommendation(row: Recommendation) -> Iterator[Deadline]:
    accepted = row.state == Recommendation.State.ACCEPTED
    yield Deadline(
        RECOMMENDATION, f"Åtgärda rekommendation {row.number}: {row.text}"[:290],
        row.due_on if accepted else None, row.owner_role or ANSWERS, row.state == Recommendation.State.DONE,
    )  # fmt: skip


def _inspection(row: Inspection) -> Iterator[Deadline]:
    yield Deadline(
        INSPECTION, f"Lämna svar: {row.title}"[:300], row.answer_by, ANSWERS,
        row.answered_on is not None or row.state == Inspection.State.CLOSED,
    )  # fmt: skip


_OF: Mapping[type[Record], Callable[[Any], Iterator[Deadline]]] = {
    Audit: _audit,
    Recommendation: _recommendation,
    Inspection: _inspection,
}


def keep(row: Audit | Recommendation | Inspection, by: Person | None) -> None:
    """Let the tasks about the row say what its days say. Call it in the transaction that saved the row."""
    settle(row, _OF[type(row)](row), by)


def today() -> date:
    """The Swedish day it is."""
    return timezone.localdate()
