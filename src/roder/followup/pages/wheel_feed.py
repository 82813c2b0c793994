"""The annual wheel as a calendar: the page where its address is made, and the calendar itself."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from roder.access.matrix import Resource
from roder.followup import feed as feeds
from roder.followup.models import WheelFeed
from roder.organisation.models import Role
from roder.web.scope import CommitteeRequest, committee_page


@committee_page(Resource.STEERING)
def subscribe(request: CommitteeRequest) -> HttpResponse:
    """Make, replace or close the address of my calendar. It is shown once, when it is made."""
    scope = request.scope
    address = ""
    if request.method == "POST":
        if "stang" in request.POST:
            feeds.close(request.user, scope.committee)
            messages.success(request, "Adressen fungerar inte längre.")
            return redirect(scope.url("followup:wheel_subscribe"))
        token = feeds.make_address(request.user, scope.committee)
        address = settings.BASE_URL + scope.url("followup:wheel_ical", token)
    context: dict[str, Any] = {
        "address": address,
        "made": WheelFeed.objects.filter(person=request.user.pk, committee=scope.committee).first(),
        "mine": [(one, str(Role(one).label)) for one in sorted(scope.roles())],
    }
    return render(request, "followup/wheel/subscribe.html", context)


@require_safe
@never_cache
def feed(request: HttpRequest, committee: str, year: int, token: str) -> HttpResponse:
    """The calendar behind a secret address. No login: calendars cannot log in."""
    row = feeds.found(token)
    if row is None or row.committee.slug != committee or not 1990 <= year <= 2100:
        raise Http404("Kalendern finns inte.")
    role = request.GET.get("roll", "")
    text = feeds.text(row, year, role if role in Role.values else "")
    answer = HttpResponse(text, content_type="text/calendar; charset=utf-8")
    answer["Content-Disposition"] = 'inline; filename="arshjul.ics"'
    answer["Referrer-Policy"] = "no-referrer"
    return answer
