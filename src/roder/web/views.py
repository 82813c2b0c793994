"""The start page and search."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.templatetags.static import static
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from roder import access
from roder.core.numbers import whole_number
from roder.web.help.finding import find as find_help
from roder.web.scope import CommitteeRequest, committee_page, home_scope, page
from roder.web.search import LAST_PAGE, search_kind
from roder.web.search import search as find
from roder.web.start import start_page

MOST_CHARACTERS = 200
MOST_HELP = 4  # sections of the help beside what was found


@require_safe
@cache_control(public=True, max_age=24 * 3600)
def icon(request: HttpRequest) -> HttpResponse:
    """The icon at the address where browsers look for it beside what is no page of ours: a PDF, a picture, a feed."""
    return redirect(static("web/roder.svg"))


@login_required
def home(request: HttpRequest) -> HttpResponse:
    """Send people to the committee and year they were at last; tell those without a mandate what to do."""
    scope = home_scope(request)
    if scope is None:
        return render(request, "web/no_mandate.html", status=200)
    return redirect("web:start", committee=scope.committee.slug, year=scope.year)


@committee_page()
def start(request: CommitteeRequest) -> HttpResponse:
    """The start page for the person's role."""
    return render(request, "web/start.html", {"start": start_page(request.scope)})


@page()
def search(request: CommitteeRequest) -> HttpResponse:
    """Search over everything the person may see, in all committees: the best of each kind, or all of one (``slag``)."""
    text = request.GET.get("q", "").replace("\0", " ").strip()[:MOST_CHARACTERS]
    scope = request.scope
    committees = scope.committees if scope else list(access.committees(request.user))
    context: dict[str, Any] = {"text": text, "search_text": text, "kind": request.GET.get("slag", "")}
    if context["kind"]:
        number = min(max(whole_number(request.GET.get("sida"), 4) or 1, 1), LAST_PAGE)
        group = search_kind(request.user, text, committees, context["kind"], number, scope)
        context |= {"groups": [group] if group and group.hits else [], "number": number}
        if group and group.more and number < LAST_PAGE:
            context["next"] = number + 1
    else:
        context["groups"] = find(request.user, text, committees, scope)
        context["help"] = find_help(text, MOST_HELP)
    return render(request, "web/search.html", context)
