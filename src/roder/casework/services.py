"""What is read out of casework events: which applications have waited too long for a caseworker."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db import connection
from django.utils import timezone

from roder.casework.rules import MONTHS_TO_ASSIGN, Wait, too_late
from roder.organisation.models import Body
from roder.steering.models import SteeringModelVersion
from roder.steering.services import parsed

#: For each application the first event that ends the wait for a caseworker. One that is decided or closed without being
#: assigned has not been waiting since.
_WAITS = """
    SELECT r.reference, r.at, (
        SELECT min(e.at) FROM casework_caseworkevent e
        WHERE e.committee_id = r.committee_id AND e.reference = r.reference AND e.at >= r.at
        AND e.kind IN ('assigned', 'decided', 'closed')
    ), r.unit_id
    FROM casework_caseworkevent r
    WHERE r.committee_id = %s AND r.kind = 'received' AND r.at < %s
    ORDER BY r.at, r.id
"""


@dataclass(frozen=True)
class LateAssignment:
    """An application that waited too long: the pseudonymous reference, when it came in, the day it was too late, and
    when the wait ended (nothing while it lasts)."""

    reference: str
    received_at: datetime
    too_late_on: date
    ended_at: datetime | None
    unit_id: int | None


def months_to_assign(committee: Body) -> int:
    """The months of the steering model's deadline ``tilldelning``; four where it does not say."""
    version = SteeringModelVersion.objects.filter(committee=committee).order_by("-year", "-version").first()
    deadlines = parsed(version).deadlines if version else ()
    stated = next((one for one in deadlines if one.code == "tilldelning" and str(one.unit) == "months"), None)
    return stated.amount if stated else MONTHS_TO_ASSIGN


def late_assignments(committee: Body, today: date) -> list[LateAssignment]:
    """The applications of the committee that waited too long for a caseworker, as known on ``today``."""
    months = months_to_assign(committee)
    end = timezone.make_aware(datetime(today.year, today.month, today.day)) + timedelta(days=1)
    found = []
    with connection.cursor() as cursor:
        cursor.execute(_WAITS, [committee.pk, end])
        for reference, received, ended, unit in cursor.fetchall():
            over = timezone.localtime(ended).date() if ended and ended < end else None
            late = too_late(Wait(timezone.localtime(received).date(), over), today, months)
            if late is not None:
                found.append(LateAssignment(reference, received, late, ended if over else None, unit))
    return found
