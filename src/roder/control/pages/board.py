"""The executive board's compilation over the committees, and the same as a document."""

from __future__ import annotations

from django.http import Http404, HttpResponse
from django.shortcuts import render

from roder import access
from roder.access.matrix import Resource
from roder.control.papers import board as papers
from roder.control.rules import plans as rules
from roder.control.services import board
from roder.control.services.board import UNTIL
from roder.reports.render import MEDIA_TYPES, draw
from roder.web.scope import CommitteeRequest, committee_page


def _until(request: CommitteeRequest) -> str:
    asked = request.GET.get("till", "")
    return asked if asked in UNTIL else ""


def _rows(request: CommitteeRequest, until: str) -> list[board.BoardRow]:
    scope = request.scope
    return board.compilation(request.user, scope.year, municipality=scope.committee.municipality, until=until)


@committee_page(Resource.CONTROLS)
def board_page(request: CommitteeRequest) -> HttpResponse:
    """Every committee of the municipality whose controls the person may see. Constant number of queries."""
    until = _until(request)
    rows = _rows(request, until)
    every: list[str | None] = [one for row in rows for one in row.outcomes]
    context = {
        "rows": [(row, papers.status_of(row)) for row in rows],
        "points": papers.main_points(rows),
        "sums": rules.counts(every),
        "actions": sum(row.open_actions for row in rows),
        "until": until,
        "choices": UNTIL,
        "formats": list(MEDIA_TYPES),
    }
    return render(request, "control/plan/board.html", context)


@committee_page(Resource.CONTROLS)
def board_file(request: CommitteeRequest, form: str) -> HttpResponse:
    """The compilation as a file, with what the person may see."""
    if form not in MEDIA_TYPES:
        raise Http404("Formatet finns inte.")
    scope, until = request.scope, _until(request)
    document = papers.document_of(scope.committee.municipality, scope.year, _rows(request, until), until)
    access.record(
        request.user, "exported", f"{scope.committee.slug}/intern-kontroll", format=form, year=scope.year
    )
    answer = HttpResponse(draw(document, form), content_type=MEDIA_TYPES[form])
    name = papers.file_name(scope.year, until, form)
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer
