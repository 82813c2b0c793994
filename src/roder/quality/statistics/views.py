"""The statistics page, and its tables as files."""

from __future__ import annotations

import csv
import io
from typing import Any
from urllib.parse import urlencode

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.safestring import mark_safe

from roder import access
from roder.access.matrix import Action, Resource, allows
from roder.core.register.export import BOM, csv_value
from roder.quality.models import Deviation
from roder.quality.models.deviations import Direction, Law
from roder.quality.services.practice import practice_of
from roder.quality.services.terms import model_on
from roder.quality.statistics import queries
from roder.quality.statistics.choice import PARTS, Choice, Words, read, span_of
from roder.quality.statistics.parts import Page, Practice, Section
from roder.quality.statistics.sections import Maker
from roder.reports.charts import chart_svg
from roder.reports.document import Document, Number
from roder.reports.render import MEDIA_TYPES, xlsx
from roder.web.scope import CommitteeRequest, Scope, committee_page

TYPES = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": MEDIA_TYPES["xlsx"],
}


def practice(scope: Scope) -> Practice:
    """The year's targets, and the number below which nothing is said."""
    today = timezone.now()
    model = model_on(scope.committee, timezone.localdate().replace(year=scope.year, month=1, day=1))
    said = model.deviations if model else None
    return Practice(
        closed=said.closed_target if said else None,
        classified=said.classified_target if said else None,
        below=said.suppress_below if said else 5,
        grades={one.value: one.label for one in practice_of(scope.committee, today).severities},
    )


def sees_the_cases(scope: Scope, choice: Choice) -> bool:
    """Whether the person may open every case that the choice is about: then no number is hidden."""
    narrow: dict[str, Any] = getattr(Deviation.Access, "narrow", {})
    held = [
        grant
        for grant in access.grants(scope.user)
        if grant.committee_id == scope.committee.pk
        and allows(grant.role, Resource.DEVIATIONS, Action.VIEW)
        and (grant.role not in narrow or choice.law == Law.HSL)
    ]
    return any(grant.covers(choice.unit.pk if choice.unit else None) for grant in held)


@committee_page(Resource.QUALITY)
def statistics(request: CommitteeRequest) -> HttpResponse:
    """Deviations of a period against another: cards, control chart, units by type, causes, lead times."""
    scope = request.scope
    told = practice(scope)
    words = Words.of(scope.committee, told.grades)
    today = timezone.localdate()
    choice = read(request.GET, words, scope.year, today)
    exact = sees_the_cases(scope, choice)
    with queries.roomy():
        maker = Maker(scope.committee, choice, words, told, exact=exact, today=today)
        page = maker.page()
    if wanted := request.GET.get("format", ""):
        return _file(request, page, wanted)
    return render(
        request,
        "quality/statistik.html",
        {
            "choice": maker.choice,
            "words": words,
            "laws": Law.choices,
            "directions": Direction.choices,
            "practice": told,
            "page": page,
            "exact": exact,
            "presets": _presets(request, scope.year),
            "sections": [(section, _svg(section)) for section in page.sections],
            "register": _register_query(maker.choice)
            if exact and scope.may(Action.VIEW, Resource.DEVIATIONS)
            else "",
        },
    )


def _svg(section: Section) -> Any:
    return mark_safe(chart_svg(section.chart)) if section.chart else ""  # noqa: S308 - our own renderer, texts escaped


def _presets(request: CommitteeRequest, year: int) -> list[tuple[str, str, bool]]:
    """Shortcuts to the parts of the year: their names, addresses, and whether one is chosen."""
    found = []
    for name, part in PARTS.items():
        span = span_of(year, *part)
        data = request.GET.copy()
        for key in ("jmf_fran", "jmf_till", "format", "tabell"):
            data.pop(key, None)
        data["fran"], data["till"] = f"{span.first}", f"{span.last}"
        chosen = request.GET.get("fran") == data["fran"] and request.GET.get("till") == data["till"]
        found.append((name, f"?{data.urlencode()}", chosen))
    return found


def _register_query(choice: Choice) -> str:
    """The same cases in the register, as far as it can filter."""
    parts = {"fran": choice.period.first, "till": choice.period.last}
    more = {
        "enhet": choice.unit.pk if choice.unit else None,
        "typ": choice.types[0].pk if len(choice.types) == 1 else None,
        "direction": choice.direction,
        "law": choice.law,
    }
    return "?" + urlencode({**parts, **{key: value for key, value in more.items() if value}})


def _file(request: CommitteeRequest, page: Page, wanted: str) -> HttpResponse:
    """One table as CSV (semicolons, UTF-8 with BOM), or one or all as a workbook. The trail says who took it out."""
    scope, code = request.scope, request.GET.get("tabell", "")
    chosen = [section for section in page.sections if not code or section.code == code]
    if wanted not in TYPES or not chosen or (wanted == "csv" and len(chosen) > 1):
        raise Http404("Tabellen finns inte.")
    access.record(
        request.user,
        "exported",
        f"{scope.committee.slug}/kvalitet/statistik",
        format=wanted,
        table=code,
        year=scope.year,
    )
    if wanted == "xlsx":
        who = scope.committee.municipality.name
        title = chosen[0].table.caption if code else "Statistik över avvikelser"
        tables = tuple(section.table for section in chosen)
        content = xlsx.render(Document(title, "Statistik", who, scope.committee.name, blocks=tables))
    else:
        content = _csv(chosen[0])
    answer = HttpResponse(content, content_type=TYPES[wanted])
    name = f"{scope.committee.slug}-avvikelser-{code or 'statistik'}.{wanted}"
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer


def _csv(section: Section) -> bytes:
    target = io.StringIO()
    writer = csv.writer(target, delimiter=";", lineterminator="\r\n")
    columns = section.table.columns
    writer.writerow([column.title for column in columns])
    for row in section.table.rows:
        cells = [row.cells.get(column.key) for column in columns]
        writer.writerow([
            csv_value(round(cell.value, max(cell.places, 0)) if cell.value is not None else None)
            if isinstance(cell, Number)
            else csv_value(cell)
            for cell in cells
        ])  # fmt: skip
    return (BOM + target.getvalue()).encode()
