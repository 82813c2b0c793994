"""The start page and search."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from roder.web.scope import CommitteeRequest, committee_page, home_scope, page


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
    return render(request, "web/start.html")


@page()
def search(request: HttpRequest) -> HttpResponse:
    """Search over everything the person may see."""
    return render(request, "web/search.html")
