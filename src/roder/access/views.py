"""The matrix of rights as a page, and the trail of deeds with its verification."""

from __future__ import annotations

from typing import Any, NamedTuple

from django.core.paginator import Paginator
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from roder import access
from roder.access.deed_details import particulars
from roder.access.deeds import deeds_named, subject_words, words
from roder.access.mandates import of_committees
from roder.access.matrix import RIGHTS, Action, Resource, allows
from roder.access.models import AuditRecord
from roder.access.rights import User, grants
from roder.access.trail import verify
from roder.core.days import DayError, read_day
from roder.organisation.models import Mandate, Role
from roder.tasks.addresses import pages_of
from roder.web.scope import page

ACTION_WORDS = {
    Action.VIEW: "se",
    Action.COMMENT: "kommentera",
    Action.EDIT: "ändra",
    Action.IMPORT: "läsa in",
    Action.DECIDE: "besluta",
    Action.ADMINISTER: "förvalta",
    Action.REPORT: "rapportera",
}
RESOURCE_WORDS = {
    Resource.ORGANISATION: "Organisation",
    Resource.STEERING: "Styrmodell",
    Resource.GOALS: "Mål och uppdrag",
    Resource.MEASURES: "Nyckeltal",
    Resource.ECONOMY: "Ekonomi",
    Resource.FIGURES: "Siffror och uttag",
    Resource.REPORTS: "Låsta rapporter",
    Resource.DRAFTS: "Rapportutkast",
    Resource.IMPORTS: "Inläsningar",
    Resource.AUDIT: "Spår",
    Resource.TASKS: "Uppgifter",
    Resource.QUESTIONNAIRES: "Frågeformulär",
    Resource.DEVIATIONS: "Avvikelser",
    Resource.LEX_SARAH: "Lex Sarah",
    Resource.LEX_MARIA: "Lex Maria",
    Resource.COMPLAINTS: "Klagomål och synpunkter",
    Resource.PROVIDER_REPORTS: "Utförares rapporter",
    Resource.SELF_CHECKS: "Egenkontroll",
    Resource.QUALITY: "Statistik om kvalitet",
    Resource.CASEWORK: "Handläggning",
    Resource.CASES: "Ärenden och handlingar",
    Resource.SECRETS: "Sekretess i ärenden",
    Resource.MEETINGS: "Sammanträden och protokoll",
    Resource.MINUTES: "Protokoll före justering",
    Resource.WATCHES: "Balanslista",
    Resource.REGISTERS: "Småregister",
    Resource.GRANTS: "Bidrag till föreningar",
    Resource.STATE_GRANTS: "Statsbidrag",
    Resource.RECORD_CHECKS: "Registerutdrag",
    Resource.RISKS: "Riskanalys",
    Resource.CONTROLS: "Intern kontroll",
    Resource.SAMPLES: "Stickprov",
    Resource.FACTORS: "Kritiska verksamhetsfaktorer",
    Resource.AUDITS: "Revision och tillsyn",
    Resource.INCIDENTS: "Incidenter",
    Resource.FOLLOW_UP: "Uppföljning",
    Resource.ACTION_PLANS: "Handlingsplaner",
}
PER_PAGE = 50


@page(Resource.ORGANISATION)
def matrix(request: HttpRequest) -> HttpResponse:
    """Every role's rights, from the same table that decides."""
    rows = [
        (
            RESOURCE_WORDS[resource],
            [
                ", ".join(ACTION_WORDS[one] for one in Action if one in rights.get(resource, set()))
                for rights in RIGHTS.values()
            ],
        )
        for resource in Resource
    ]
    context = {"roles": [str(Role(role).label) for role in RIGHTS], "rows": rows}
    return render(request, "access/matrix.html", context)


def _seen(user: User) -> QuerySet[AuditRecord]:
    """The deeds of people with a mandate in the committees whose trail one may read, and the system's own."""
    ids = {grant.committee_id for grant in grants(user) if allows(grant.role, Resource.AUDIT, Action.VIEW)}
    colleagues = Mandate.objects.filter(of_committees(ids), person=OuterRef("actor"))
    return AuditRecord.objects.filter(Q(actor=None) | Exists(colleagues)).select_related("actor")


@page(Resource.AUDIT)
def trail(request: HttpRequest) -> HttpResponse:
    """The trail, latest first, by person, deed and days. ``?kontrollera=1`` verifies the whole chain."""
    rows, faults = _filtered(_seen(request.user), request.GET)
    paginator = Paginator(rows, PER_PAGE)
    shown = paginator.get_page(request.GET.get("sida"))
    checked = "kontrollera" in request.GET
    broken = verify() if checked else []
    context = {
        "rows": shown,
        "lines": _lines(list(shown), request.user),
        "pages": list(paginator.get_elided_page_range(shown.number)),
        "wanted": {name: request.GET.get(name, "") for name in ("vem", "vad", "fran", "till")},
        "faults": faults,
        "checked": checked,
        "broken": broken,
        "total": AuditRecord.objects.count() if checked else 0,
    }
    if checked:
        access.record(request.user, "trail verified", "access", broken=len(broken))
    return render(request, "access/trail.html", context)


class Line(NamedTuple):
    """A row of the trail in words. ``url`` is the record's page, empty where it has none that the user may open."""

    row: AuditRecord
    deed: str
    subject: str
    url: str
    particulars: list[tuple[str, str]]


def _lines(rows: list[AuditRecord], user: User) -> list[Line]:
    pages = pages_of(user, {row.subject for row in rows})
    return [
        Line(
            row,
            words(row.deed),
            subject_words(row.subject),
            pages.get(row.subject, ""),
            particulars(row.detail),
        )
        for row in rows
    ]


def _filtered(rows: QuerySet[AuditRecord], wanted: Any) -> tuple[QuerySet[AuditRecord], list[str]]:
    """The rows that the filters leave, and what was wrong with the filters."""
    faults: list[str] = []
    if who := wanted.get("vem", "").replace("\0", "").strip():
        rows = rows.filter(Q(actor__name__icontains=who) | Q(actor__email__icontains=who))
    if what := wanted.get("vad", "").replace("\0", "").strip():
        rows = rows.filter(
            Q(deed__in=deeds_named(what)) | Q(deed__icontains=what) | Q(subject__icontains=what)
        )
    for name, lookup in (("fran", "at__date__gte"), ("till", "at__date__lte")):
        if text := wanted.get(name, ""):
            try:
                rows = rows.filter(**{lookup: read_day(text, timezone.localdate())})
            except DayError as error:
                faults.append(str(error))
    return rows, faults
