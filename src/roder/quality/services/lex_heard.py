"""What the committee hears of lex Sarah: every decision since last, and how many cases were reported."""

from __future__ import annotations

from datetime import date

from django.db.models import Count, F, Q, QuerySet
from django.db.models.functions import ExtractYear, TruncMonth
from django.utils import timezone

from roder.organisation.models import Body
from roder.quality.models import LexSarahCase, LexSarahDecision
from roder.quality.rules.lex import carried_over


def since_last(committee: Body, after: date, upto: date) -> QuerySet[LexSarahDecision]:
    """The decisions the committee has not heard of: decided later than ``after`` (the day of the last meeting's list)
    and at latest ``upto``; each with ``case_count`` and ``carried_over`` (of them reported in an earlier year).

    As SQL, for the figures::

        SELECT decision.id, decision.decided_on, decision.outcome, decision.line, count(*) AS case_count,
               count(*) FILTER (WHERE extract(year FROM "case".reported_at AT TIME ZONE 'Europe/Stockholm')
                                    < extract(year FROM decision.decided_on)) AS carried_over
        FROM quality_lexsarahdecision decision JOIN quality_lexsarahcase "case" ON "case".decision_id = decision.id
        WHERE decision.committee_id = … AND decision.decided_on > after AND decision.decided_on <= upto
        GROUP BY decision.id ORDER BY decision.decided_on, decision.id
    """
    return (
        LexSarahDecision.objects.filter(committee=committee, decided_on__gt=after, decided_on__lte=upto)
        .annotate(
            case_count=Count("cases"),
            carried_over=Count("cases", filter=Q(cases__reported_at__year__lt=ExtractYear(F("decided_on")))),
        )
        .order_by("decided_on", "pk")
    )


def reported_per_month(committee: Body, after: date, upto: date) -> list[tuple[date, int]]:
    """How many cases were reported each month (its first day) after ``after`` and at latest ``upto``, local time.

    As SQL: ``SELECT date_trunc('month', reported_at AT TIME ZONE 'Europe/Stockholm')::date, count(*) FROM
    quality_lexsarahcase WHERE committee_id = … AND reported_at AT TIME ZONE … > after … GROUP BY 1 ORDER BY 1``.
    """
    rows = (
        LexSarahCase.objects.filter(
            committee=committee, reported_at__date__gt=after, reported_at__date__lte=upto
        )
        .annotate(month=TruncMonth("reported_at"))
        .order_by("month")
        .values_list("month")
        .annotate(count=Count("pk"))
    )
    return [(timezone.localdate(month), count) for month, count in rows]


def is_carried_over(case: LexSarahCase) -> bool:
    """Whether the case was reported in an earlier year than it was decided in."""
    return case.decision is not None and carried_over(
        timezone.localdate(case.reported_at), case.decision.decided_on
    )
