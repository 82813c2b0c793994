"""A row of the steering model in another place of its list, and a row or a part taken away."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from roder.access import Action, Resource
from roder.core.numbers import whole_number
from roder.core.words import capital_first
from roder.steering.modelfile.faults import Path, identity
from roder.steering.modelfile.references import named, referring
from roder.steering.modelfile.splice import GONE, SpliceError, data_of, move_item, remove_item, set_values
from roder.steering.pages.parts_standing import (
    Outcome,
    address,
    at,
    said_where,
    saved,
    standing,
    trail,
    tried,
)
from roder.web.scope import CommitteeRequest, committee_page


@committee_page(Resource.STEERING, Action.EDIT)
@require_http_methods(["GET", "HEAD", "POST"])
def remove(request: CommitteeRequest, where: str) -> HttpResponse:
    """A row, or a part that may be left out, taken away: first what that would change and who refers to it."""
    stand = standing(request, where)
    if not stand.path or stand.value is None:
        raise Http404("Det finns inget att ta bort här.")
    last = stand.path[-1]
    try:
        text = (
            remove_item(stand.text, stand.path[:-1], last)
            if isinstance(last, int)
            else set_values(stand.text, {stand.path: GONE})
        )
    except SpliceError as error:
        messages.error(request, f"{capital_first(str(error))}.")
        return redirect(address(request, stand.path))
    outcome = tried(request, stand, text)
    if request.method == "POST":
        done = _done_or_told(request, outcome, stand.path[:-1])
        if done is not None:
            return done
    code = stand.value.get("code") if isinstance(stand.value, dict) else None
    refers = referring(stand.path, stand.data, code) if isinstance(code, str) else []
    context = {
        "stand": stand,
        "trail": trail(request, stand),
        "outcome": outcome,
        "refers": [said_where(stand.data, one) for one in refers],
        "faults": [(said_where(data_of(text), one.at), one.message) for one in outcome.checked.faults],
        "back": address(request, stand.path[:-1])
        if len(stand.path) > 1
        else request.scope.url("steering:parts"),
        "row": identity(stand.value) or "",
    }
    return render(
        request,
        "steering/part_remove.html",
        context,
        status=outcome.status if request.method == "POST" else 200,
    )


@committee_page(Resource.STEERING, Action.EDIT)
@require_http_methods(["GET", "HEAD", "POST"])
def move(request: CommitteeRequest, where: str) -> HttpResponse:
    """A row in another place of its list: the order as it would be, and what that changes."""
    stand = standing(request, where)
    asked = request.POST.get("till", "") or request.GET.get("till", "")
    if not stand.path or not isinstance(stand.path[-1], int):
        raise Http404("Bara rader kan flyttas.")
    items, place = stand.path[:-1], stand.path[-1]
    count = len(at(stand.data, items))
    wanted = whole_number(asked, 4)
    to = place if wanted is None else min(wanted, count - 1)
    try:
        text = move_item(stand.text, items, place, to)
    except SpliceError as error:
        messages.error(request, f"{capital_first(str(error))}.")
        return redirect(address(request, items))
    outcome = tried(request, stand, text)
    if request.method == "POST":
        done = _done_or_told(request, outcome, items)
        if done is not None:
            return done
    context = {
        "stand": stand,
        "trail": trail(request, stand),
        "outcome": outcome,
        "faults": [(said_where(data_of(text), one.at), one.message) for one in outcome.checked.faults],
        "rows": [(index == to, named(one)) for index, one in enumerate(at(data_of(text), items))],
        "to": to,
        "up": to - 1 if to else None,
        "down": to + 1 if to + 1 < count else None,
        "back": address(request, items),
        "row": identity(stand.value) or "",
    }
    return render(
        request,
        "steering/part_move.html",
        context,
        status=outcome.status if request.method == "POST" else 200,
    )


def _done_or_told(request: CommitteeRequest, outcome: Outcome, back: Path) -> HttpResponse | None:
    """Saved and on to the list; or back to the list when somebody else has saved, for then the row may be another."""
    if outcome.newer:
        messages.error(
            request,
            "Någon annan har sparat en ny version medan du tittade. Ingenting är ändrat. Se över listan och gör om.",
        )
        return redirect(address(request, back) if back else request.scope.url("steering:parts"))
    return saved(request, outcome, back)
