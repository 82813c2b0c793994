"""Beside a complaint's way to its answer: links to deviations, erasing who sent it, counting what waits."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import F, Q, QuerySet
from django.utils import timezone

from roder import access
from roder.access.matrix import Action
from roder.core.models import Link
from roder.organisation.models import Person
from roder.quality.models import Complaint, Deviation
from roder.quality.services.complaints import State, locked


@transaction.atomic
def erase_contact(complaint: Complaint, by: Person, *, now: datetime | None = None) -> Complaint:
    """Erase name and contact from a closed case, also from its history. What is left says that it was done.

    Raises NotAllowedError; ValidationError when it is not closed. Källa: artikel 5.1 e dataskyddsförordningen.
    """
    access.require(by, Action.EDIT, complaint)
    row = locked(complaint)
    if row.state != State.CLOSED:
        raise ValidationError("Avsluta ärendet först. Namn och kontakt behövs så länge någon ska få svar.")
    if row.contact_erased_at is not None:
        return row
    row.save_over(row.revision, name="", contact="", contact_erased_at=now or timezone.now())
    row.events.update(name="", contact="")  # type: ignore[attr-defined]  # made by pghistory
    access.record(by, "complaint.contact_erased", row)
    return row


@transaction.atomic
def link_deviation(complaint: Complaint, by: Person, number: str) -> Link:
    """Say that a complaint comes of a deviation, by its number. Raises NotAllowedError; ValidationError when ``by`` can
    see no such deviation."""
    access.require(by, Action.EDIT, complaint)
    found = (
        access.visible(by, Deviation.objects.filter(committee=complaint.committee_id))
        .filter(number=number.strip())
        .first()
    )
    if found is None:
        raise ValidationError({"number": "Det finns ingen avvikelse med det numret som du får se."})
    link, made = Link.objects.get_or_create(
        source_kind=complaint.record_kind(),
        source_id=complaint.pk,
        target_kind=Deviation.record_kind(),
        target_id=found.pk,
        kind=Link.Kind.CAUSED_BY,
    )
    if made:
        access.record(by, "complaint.linked", complaint, deviation=found.number)
    return link


def deviations_of(complaint: Complaint, user: Person) -> QuerySet[Deviation]:
    """The deviations a complaint comes of, as far as ``user`` may see them."""
    ids = Link.objects.filter(
        source_kind=complaint.record_kind(),
        source_id=complaint.pk,
        target_kind=Deviation.record_kind(),
        kind=Link.Kind.CAUSED_BY,
    ).values("target_id")
    return access.visible(user, Deviation.objects.filter(pk__in=ids)).order_by("number")


def unanswered(rows: QuerySet[Complaint], on: date, days: int) -> QuerySet[Complaint]:
    """Those that counted as unanswered on a day (see ``rules_complaints.unanswered``).

    As SQL: ``NOT anonymous AND (acknowledged_at AT TIME ZONE 'Europe/Stockholm')::date < on - days
    AND (answered_at IS NULL OR (answered_at AT TIME ZONE 'Europe/Stockholm')::date > on)``.
    """
    return rows.filter(
        Q(answered_at=None) | Q(answered_at__date__gt=on),
        anonymous=False,
        acknowledged_at__date__lt=on - timedelta(days=days),
    ).order_by(F("acknowledged_at").asc())
