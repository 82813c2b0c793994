"""The register of complaints and suggestions. Names and contacts are not in it: they stand on the case's own page."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet

from roder.core.register import Column, Filter, Register
from roder.quality.models import Complaint
from roder.quality.pages.lex_register import units
from roder.steering.models import ComplaintSubject
from roder.web.scope import Scope

TONES = {"received": "near", "acknowledged": "near", "answered": "good", "closed": "good"}


def page_of(row: Complaint, scope: Scope) -> str:
    """The address of a case."""
    return scope.url("quality:complaint", row.pk)


def _rows(rows: QuerySet[Any], scope: Scope) -> QuerySet[Any]:
    mine = rows.filter(committee=scope.committee, received_at__year=scope.year)
    return mine.prefetch_related("matters__subject").defer("search")


def _subjects(row: Complaint) -> str:
    return ", ".join(sorted(one.subject.label for one in row.matters.all()))


def _answer(row: Complaint) -> str:
    if row.anonymous:
        return "kan inte besvaras (anonym)"
    return "" if row.answered_at else "väntar på svar"


complaints = Register(
    Complaint,
    name="klagomal",
    title="Klagomål och synpunkter",
    lead="Allt som har kommit in under året, från formuläret, post, e-post, telefon, personal och IVO.",
    rows=_rows,
    columns=(
        Column("number", link=page_of),
        Column("received_at"),
        Column("kind"),
        Column("subjects", title="Typ", value=_subjects, sort=()),
        Column("unit"),
        Column("service_area"),
        Column("complainant", shown=False),
        Column("channel"),
        Column("concerns_declaration", shown=False),
        Column("state", tone=lambda row: TONES.get(row.state, "none")),
        Column("waits", title="Svar", value=_answer, sort=()),
        Column("acknowledged_at", shown=False),
        Column("answered_at"),
        Column("closed_at", shown=False),
    ),
    filters=(
        "state",
        "kind",
        "channel",
        Filter("matters__subject", title="Typ", options=lambda scope: ComplaintSubject.objects.filter(
            committee=scope.committee).order_by("position")),
        Filter("unit", options=units),
        "service_area",
        "concerns_declaration",
        "anonymous",
        "received_at",
    ),
    search=("number", "text", "answer", "action"),
    order=("-received_at",),
    detail=False,
    tools=lambda scope: [
        ("Registrera nytt", scope.url("quality:complaint_register")),
        ("Obesvarade", scope.url("quality:complaints_unanswered")),
        ("Det öppna formuläret", f"/synpunkter/{scope.committee.slug}/"),
    ],
    empty="Här kommer klagomål och synpunkter, från det öppna formuläret och det som registreras här.",
)  # fmt: skip
