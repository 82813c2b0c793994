"""Records of other rooms that a case may be linked with: found by the address of their page, and shown by it."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

from django.apps import apps
from django.core.exceptions import ValidationError
from django.db import models
from django.urls import NoReverseMatch, Resolver404, resolve

from roder import access
from roder.core.models import Record
from roder.reports.models import Report
from roder.tasks.kinds import place_of as declared_place
from roder.web.scope import Scope

#: name of a page -> the kind of record that it shows, by its last argument
PAGES = {
    "meetings:case": "meetings.case",
    "meetings:document": "meetings.document",
    "meetings:letter": "meetings.document",
    "meetings:meeting": "meetings.meeting",
    "meetings:watch": "meetings.watch",
    "steering:goal": "steering.goal",
    "steering:assignment": "steering.assignment",
    "measures:measure": "measures.measure",
    "quality:deviation": "quality.deviation",
    "quality:complaint": "quality.complaint",
    "quality:lex_sarah": "quality.lexsarahcase",
    "quality:lex_maria": "quality.lexmariacase",
}
_PLACES = {kind: page for page, kind in reversed(PAGES.items())}


def record_at(text: str, scope: Scope) -> Record:
    """The record whose page has the address, when the person may see it. Raises ValidationError."""
    unknown = ValidationError(
        {"address": "På adressen finns inget som ärendet kan kopplas till, eller så får du inte se det. Öppna sidan "
                    "och kopiera adressen ur webbläsaren."}
    )  # fmt: skip
    try:
        match = resolve(urlsplit(text.strip()).path)
    except (Resolver404, ValueError):
        raise unknown from None
    rows = _rows(match.view_name, match.kwargs)
    found = None if rows is None else access.visible(scope.user, rows).first()
    if found is None:
        raise unknown
    return found


def _rows(page: str, given: dict[str, Any]) -> models.QuerySet[Any] | None:
    if page in ("reports:version", "reports:report"):
        reports = Report.objects.filter(
            committee__slug=given["committee"], kind=given["kind"], occasion__code=given["code"],
            occasion__year=given["year"],
        )  # fmt: skip
        return reports.filter(number=given["number"]) if "number" in given else reports.order_by("-number")
    kind, key = PAGES.get(page), given.get("pk")
    if kind is None or key is None or int(key) > 2**62:
        return None
    return apps.get_model(kind)._base_manager.filter(pk=key)


def place_of(record: models.Model, scope: Scope) -> str:
    """The address of a record's page; empty when it has none."""
    kind = record._meta.label_lower
    if isinstance(record, Report):
        home = Scope(scope.user, record.committee, record.occasion.year)
        return home.url("reports:version", record.kind, record.occasion.code, record.number)
    committee = getattr(record, "committee", None)
    home = Scope(scope.user, committee, scope.year) if committee is not None else scope
    declared = declared_place(kind)
    page = declared(record) if declared else (_PLACES[kind], [record.pk]) if kind in _PLACES else ""
    if isinstance(page, str):
        return page
    try:
        return home.url(page[0], *page[1])
    except NoReverseMatch:
        return ""
