"""Who came from an identity provider last, and what their groups gave; linking an identity to a person."""

from __future__ import annotations

from collections.abc import Callable

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from roder.access.matrix import Action, Resource
from roder.access.models import ProviderVisit
from roder.access.visits import link as link_visit
from roder.access.visits import listed, waiting_for
from roder.access.visits import unlink as unlink_visit
from roder.organisation.models import Person
from roder.web.scope import CommitteeRequest, page

PER_PAGE = 50
TONES = {"admitted": "good", "no_mandate": "near", "waiting": "near"}


@page(Resource.ORGANISATION, Action.ADMINISTER)
def visits(request: CommitteeRequest) -> HttpResponse:
    """Everybody's last visit, and the groups that no rule speaks of."""
    found = listed(request.user)
    paginator = Paginator(found["rows"], PER_PAGE)
    shown = paginator.get_page(request.GET.get("sida"))
    waiting = ProviderVisit.Outcome.WAITING
    context = {
        "shown": shown,
        "rows": [
            (row, TONES.get(row.outcome, "bad"), waiting_for(row) if row.outcome == waiting else None)
            for row in shown
        ],
        "pages": list(paginator.get_elided_page_range(shown.number)),
        "unmatched": found["unmatched"],
        "providers": [one.name for one in settings.IDENTITY.providers],
    }
    return render(request, "access/visits.html", context)


@require_POST
@page(Resource.ORGANISATION, Action.ADMINISTER)
def link(request: CommitteeRequest, pk: int) -> HttpResponse:
    """Say that a waiting visitor is the person with the same e-mail address."""

    def deed(actor: Person, row: ProviderVisit) -> str:
        person = link_visit(actor, row)
        return f"{person.name} är kopplad. Be hen logga in igen: då ger grupperna sina mandat."

    return _done(request, pk, deed)


@require_POST
@page(Resource.ORGANISATION, Action.ADMINISTER)
def unlink(request: CommitteeRequest, pk: int) -> HttpResponse:
    """Take the link between an identity and a person away; the provider's mandates end."""

    def deed(actor: Person, row: ProviderVisit) -> str:
        unlink_visit(actor, row)
        return f"{row.person} är inte längre kopplad, och mandaten som grupperna gav är avslutade."

    return _done(request, pk, deed)


def _done(request: CommitteeRequest, pk: int, deed: Callable[[Person, ProviderVisit], str]) -> HttpResponse:
    found = next((one for one in listed(request.user)["rows"] if one.pk == pk), None)
    if found is None:
        raise Http404("Inloggningen finns inte.")
    try:
        messages.success(request, deed(request.user, found))
    except ValidationError as fault:
        messages.error(request, " ".join(fault.messages))
    return redirect("access:visits")
