"""Causes and comments beside the numbers they explain, with what they say against them."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from roder import access
from roder.core.numbers import Unit
from roder.figures import At, LiveSource
from roder.organisation.models import Person
from roder.reports import prose
from roder.reports.amounts import Candidate, contradictions
from roder.reports.build import values_of
from roder.reports.claims import contradicts, nothing_new
from roder.reports.document import FigureRef
from roder.reports.models import Report, ReportComment
from roder.steering.models import Occasion

LABELS = {
    "budget": "budgeten", "forecast": "prognosen", "variance": "avvikelsen", "change": "ändringen",
}  # fmt: skip


def listed(text: str, amounts: Mapping[str, Decimal | None], *, is_cost: bool = True) -> list[str]:
    """What a cause says against its row's numbers, in Swedish. ``amounts`` are budget, forecast, variance and change in
    kronor; those that are missing are held against nothing."""
    known = [
        Candidate(
            FigureRef(name, ()),
            LABELS[name],
            value,
            Unit.KRONOR,
            is_difference=name in ("variance", "change"),
            higher=-1 if is_cost else 1,
            better=1 if name in ("variance", "change") else 0,
        )
        for name, value in amounts.items()
        if value is not None
    ]
    if not known:
        return []
    found = []
    for one in contradictions(text, known):
        near = f" Närmast är {one.nearest[0].label}: {one.nearest[0].text}." if one.nearest else ""
        found.append(f"{one.amount.text} {one.why}.{near}")
    if contradicts(amounts.get("change")):
        claims = [claim for claim in nothing_new(text) if claim.about == "change"]
        found += [f"”{claim.text}” stämmer inte: prognosen är ändrad." for claim in claims]
    return found


def change_comments(occasion: Occasion, by: Person) -> dict[str, str]:
    """What the latest report of the occasion says of each row's change, by row, with its figures filled in. Only of
    reports that the person may see."""
    reports = access.visible(by, Report.objects.filter(occasion=occasion))
    rows = ReportComment.objects.filter(report__in=reports, section="prognosforandring").exclude(text="")
    latest: dict[str, str] = {}
    for subject, text in rows.order_by("report__number", "pk").values_list("subject", "text"):
        latest[subject] = text
    if not latest:
        return {}
    with LiveSource(occasion.committee_id) as source:
        values = values_of(source, At.of(occasion))
        return {subject: prose.plain(text, values.known) for subject, text in latest.items()}
