"""A rule creates deviations by itself: applications that waited too long for a caseworker (4-quality 4.1, flow).

Here, and not in a room: the events are casework's and the deviations quality's.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from roder.casework.models import CaseworkEvent
from roder.casework.services import LateAssignment, late_assignments, months_to_assign
from roder.core.models import ImportBatch
from roder.core.numbers import format_number
from roder.imports.refusals import events_of
from roder.organisation.models import Body, Mandate, Person, Role, Unit
from roder.quality.models import Deviation
from roder.quality.services.by_rule import take_back
from roder.quality.services.report import create_by_rule
from roder.steering.models import DeviationType

RULE = "tilldelning"
#: The type such a deviation is of: the first of these that the committee's model has.
TYPES = ("myndighetsutovning", "handlaggning", "dokumentation")


def create_deviations(committee: Body, now: datetime | None = None) -> list[Deviation]:
    """Make a deviation for each application that has waited too long and has none; gives those made now.

    There is one per reference, however often it is run. It belongs to the unit of the event, else to that of those
    who are casework managers that day, else to the administration; where there is none of them nothing is made.
    """
    now = now or timezone.now()
    late = late_assignments(committee, timezone.localtime(now).date())
    known = set(
        Deviation.objects.filter(committee=committee, rule=RULE, reference__in=[one.reference for one in late])
        .values_list("reference", flat=True)
    )  # fmt: skip
    new = [one for one in late if one.reference not in known]
    if not new:
        return []
    months = months_to_assign(committee)
    codes = set(DeviationType.objects.filter(committee=committee).values_list("code", flat=True))
    types = [code for code in TYPES if code in codes][:1]
    home = _home(committee, timezone.localdate(now))
    units = Unit.objects.in_bulk([one.unit_id for one in new if one.unit_id])
    made: list[Deviation] = []
    with transaction.atomic():
        for one in new:
            unit = units.get(one.unit_id or 0) or home
            if unit is None:
                continue
            deviation, is_new = create_by_rule(
                committee, unit=unit, occurred_at=min(_moment(one), now), rule=RULE, what=_what(one, months),
                law="sol", types=types, reference=one.reference, reported_at=now,
            )  # fmt: skip
            if is_new:
                made.append(deviation)
    return made


def after_import(batch: ImportBatch, by: Person | None) -> list[str]:
    """What follows from a file of casework events: the rule is run, and says what it made."""
    if batch.committee is None:
        return []
    made = create_deviations(batch.committee)
    if not made:
        return []
    batch.done = {**batch.done, "deviations": [one.pk for one in made]}
    batch.save(update_fields=["done"])
    shown = ", ".join(one.number for one in made[:5]) + (" med flera" if len(made) > 5 else "")
    word = "avvikelse" if len(made) == 1 else "avvikelser"
    return [
        f"{format_number(len(made))} {word} skapades för ansökningar som väntat för länge på handläggare: {shown}."
    ]


def after_undo(batch: ImportBatch) -> list[str]:
    """What follows when a file of casework events is taken back: deviations that the rule made of it, and would not
    make now, go. Those that somebody has worked with are left, and named."""
    if batch.committee is None:
        return []
    late = {one.reference for one in late_assignments(batch.committee, timezone.localdate())}
    gone = events_of(CaseworkEvent)._base_manager.filter(batch_id=batch.pk).values("reference")
    there = CaseworkEvent.objects.filter(committee=batch.committee).values("reference")
    made = Deviation.objects.filter(committee=batch.committee, rule=RULE).exclude(reference__in=late)
    rows = made.filter(
        Q(pk__in=batch.done.get("deviations", [])) | Q(reference__in=gone) & ~Q(reference__in=there)
    )
    return [
        f"Avvikelse {one.number}, som en regel gjorde av filen, ligger kvar: någon har arbetat med den. "
        "Avsluta den på dess sida om den var fel."
        for one in take_back(rows.order_by("number"))
    ]


def _moment(one: LateAssignment) -> datetime:
    """The clock time the application came in, the day it became too late."""
    received = timezone.localtime(one.received_at)
    days = (one.too_late_on - received.date()).days
    moment = received.replace(tzinfo=None) + timedelta(days=days)
    return timezone.make_aware(moment)


def _what(one: LateAssignment, months: int) -> str:
    received = timezone.localtime(one.received_at)
    ended = (
        f"tilldelades {timezone.localtime(one.ended_at):%Y-%m-%d}"
        if one.ended_at
        else "är ännu inte tilldelad"
    )
    return (
        f"Ansökan {one.reference} kom in {received:%Y-%m-%d} och {ended}. "
        f"Gränsen är {months} månader. Avvikelsen är skapad av en regel i styrmodellen."
    )


def _home(committee: Body, day: date) -> Unit | None:
    """The unit of a casework manager's mandate that holds on the day, else the administration."""
    mandate = (
        Mandate.objects.filter(
            role=Role.CASEWORK_MANAGER, unit__committee=committee, valid__contains=day, person__is_active=True
        )
        .select_related("unit")
        .order_by("pk")
        .first()
    )
    if mandate is not None:
        return mandate.unit
    return committee.units.filter(kind=Unit.Kind.ADMINISTRATION).order_by("pk").first()
