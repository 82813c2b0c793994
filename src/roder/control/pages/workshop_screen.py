"""The workshop on a projector, and what tells a phone that the workshop has gone on. Fetched again and again.

Both fragments cost the same number of questions however many risks and people there are, and nothing is drawn when
nothing has changed: 204 for the revision that the page has seen, 304 for the one that a program has kept (ETag).
"""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import render

from roder.access.matrix import Resource
from roder.control.models import Workshop
from roder.control.pages import workshop_show as show
from roder.control.pages.workshop import EVERY
from roder.control.services import workshops
from roder.web.scope import CommitteeRequest, committee_page


def _context(workshop: Workshop) -> dict[str, Any]:
    shown = show.lines(workshop)
    context: dict[str, Any] = {
        "workshop": workshop, "lines": shown, "steps": show.STEPS, "every": EVERY, "people": show.taken_part(workshop),
        "decided": sum(one.decision is not None for one in shown), "seen": workshops.revision_of(workshop),
        "suggesters": len({one.risk.suggested_by_id for one in shown if one.risk.suggested_by_id}),
    }  # fmt: skip
    if workshop.state == Workshop.State.DECIDING:
        context["lines"] = show.to_talk_about(shown)
        at = next((one for one in shown if one.risk.pk == workshop.current_id), None)
        if at is not None:
            context |= {"at": at, "risk": at.risk, **show.spread_context(workshop, at.risk)}
    return context


@committee_page(Resource.RISKS)
def screen(request: CommitteeRequest, pk: int) -> HttpResponseBase:
    """The page for the projector."""
    return render(request, "control/workshop/screen.html", _context(show.find(request, pk)))


def _unchanged(request: CommitteeRequest, sign: str) -> HttpResponse | None:
    tag = f'"{sign}"'
    if request.headers.get("If-None-Match") == tag:
        return HttpResponse(status=304, headers={"ETag": tag})
    if request.GET.get("sett") == sign:
        return HttpResponse(status=204, headers={"ETag": tag})
    return None


def _fragment(request: CommitteeRequest, template: str, context: dict[str, Any]) -> HttpResponse:
    answer = render(request, template, context)
    answer.headers["ETag"] = f'"{context["seen"]}"'
    return answer


@committee_page(Resource.RISKS)
def live(request: CommitteeRequest, pk: int) -> HttpResponseBase:
    """What stands on the screen now; nothing when nothing has changed."""
    found = show.find(request, pk)
    sign = workshops.revision_of(found)
    return _unchanged(request, sign) or _fragment(request, "control/workshop/_live.html", _context(found))


@committee_page(Resource.RISKS)
def now(request: CommitteeRequest, pk: int) -> HttpResponseBase:
    """Which step the workshop is at and how many have scored, for the phones; nothing when nothing has changed."""
    found = show.find(request, pk)
    sign = workshops.revision_of(found)
    context = {
        "workshop": found, "seen": sign, "every": EVERY, "people": show.taken_part(found),
        "was": request.GET.get("steg", ""),
    }  # fmt: skip
    return _unchanged(request, sign) or _fragment(request, "control/workshop/_now.html", context)
