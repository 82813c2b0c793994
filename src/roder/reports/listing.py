"""The list of a year's reports: what is open, what is locked; on the page and as a table."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.utils import timezone

from roder import access
from roder.access.rights import User
from roder.reports.base import Report as ReportKind
from roder.reports.document import Column, Row, Table
from roder.reports.kinds import reports_for
from roder.reports.models import Report
from roder.steering.models import Occasion

COLUMNS = (
    Column("tillfalle", "Tillfälle", "text"),
    Column("rapport", "Rapport", "text"),
    Column("brytdatum", "Brytdatum", "text"),
    Column("lage", "Läge", "text"),
    Column("version", "Version", "text"),
    Column("last", "Låst", "text"),
)


@dataclass(frozen=True)
class Line:
    """A report of an occasion: its draft and its latest locked version, as far as they may be seen."""

    occasion: Occasion
    kind: type[ReportKind]
    draft: Report | None
    locked: Report | None


def lines(user: User, occasions: Sequence[Occasion]) -> list[Line]:
    """Every report that is made at the occasions, begun or not, with a constant number of queries."""
    seen = access.visible(user, Report.objects.filter(occasion__in=occasions))
    versions: dict[tuple[int, str], list[Report]] = {}
    for report in seen.select_related("locked_by").prefetch_related("files").order_by("number"):
        versions.setdefault((report.occasion_id, report.kind), []).append(report)
    return [
        Line(
            occasion,
            kind,
            draft=next((one for one in mine if one.state == Report.State.DRAFT), None),
            locked=next((one for one in reversed(mine) if one.state == Report.State.LOCKED), None),
        )
        for occasion in occasions
        for kind in reports_for(occasion.kind)
        for mine in (versions.get((occasion.pk, kind.slug), []),)
    ]


def as_table(found: Iterable[Line], year: int) -> Table:
    """The list as a table of the document model."""
    rows = []
    for line in found:
        states = [word for word, there in (("låst", line.locked), ("utkast", line.draft)) if there]
        newest = line.draft or line.locked
        locked_at = line.locked.locked_at if line.locked else None
        cells = {
            "tillfalle": line.occasion.name,
            "rapport": line.kind.title,
            "brytdatum": line.occasion.cut_off.isoformat(),
            "lage": ", ".join(states) or "inte påbörjad",
            "version": str(newest.number) if newest else "",
            "last": timezone.localdate(locked_at).isoformat() if locked_at else "",
        }
        rows.append(Row(f"{line.occasion.code}/{line.kind.slug}", cells))
    return Table(f"Rapporter {year}", COLUMNS, tuple(rows), unit_note="")
