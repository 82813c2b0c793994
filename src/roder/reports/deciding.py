"""What a report says before the case it is in is decided: no negative forecast without a decided recovery plan."""

from __future__ import annotations

from roder.core.models import Link
from roder.meetings.models import Case, Document
from roder.reports.gather_forecast import gather_forecast
from roder.reports.kinds import report_class
from roder.reports.models import Report


def tells_forecast(report: Report) -> bool:
    """Whether a report has a chapter of operations, where the year's forecast stands."""
    return any(one.content == "operations" for one in report_class(report.kind).sections)


def hindrance(case: Case) -> str:
    """Why a case with a report in it cannot be decided, in Swedish; empty when nothing hinders it.

    The reports are those that the case's documents were made from. Two queries where there are none.
    """
    documents = Document.objects.filter(case=case).values_list("pk", flat=True)
    links = Link.objects.filter(
        source_kind=Document.record_kind(),
        source_id__in=list(documents),
        kind=Link.Kind.MADE_FROM,
        target_kind=Report.record_kind(),
    )
    for report in Report.objects.filter(
        pk__in=list(links.values_list("target_id", flat=True))
    ).select_related("occasion__committee"):
        if tells_forecast(report) and (why := gather_forecast(report.occasion).hindrance):
            return why
    return ""
