"""A row of the steering model in another place of its list, and a row or a part taken away."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from roder.access import Action, Resource
from roder.core.numbers import whole_number
from roder.core.words import capital_first
from roder.steering.modelfile.faults import Path, value_at
from roder.steering.modelfile.references import named, referring
from roder.steering.modelfile.splice import GONE, SpliceError, data_of, move_item, remove_item, set_values
from roder.steering.pages.parts_standing import (
    Standing,
    address,
    said_where,
    saved,
    standing,
    trail,
    tried,
    way_back,
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

    def without() -> str:
        if isinstance(last, int):
            return remove_item(stand.text, stand.path[:-1], last)
        return set_values(stand.text, {stand.path: GONE})

    def told(_text: str) -> dict[str, Any]:
        code = stand.value.get("code") if isinstance(stand.value, dict) else None
        refers = referring(stand.path, stand.data, code) if isinstance(code, str) else []
        return {"refers": [said_where(stand.data, one) for one in refers]}

    return _deed(request, stand, "steering/part_remove.html", without, told, refused=stand.path)


@committee_page(Resource.STEERING, Action.EDIT)
@require_http_methods(["GET", "HEAD", "POST"])
def move(request: CommitteeRequest, where: str) -> HttpResponse:
    """A row in another place of its list: the order as it would be, and what that changes."""
    stand = standing(request, where)
    if not stand.path or not isinstance(stand.path[-1], int):
        raise Http404("Bara rader kan flyttas.")
    items, place = stand.path[:-1], stand.path[-1]
    count = len(value_at(stand.data, items))
    wanted = whole_number(request.POST.get("till", "") or request.GET.get("till", ""), 4)
    to = place if wanted is None else min(wanted, count - 1)

    def told(text: str) -> dict[str, Any]:
        return {
            "rows": [(index == to, named(one)) for index, one in enumerate(value_at(data_of(text), items))],
            "to": to,
            "up": to - 1 if to else None,
            "down": to + 1 if to + 1 < count else None,
        }

    return _deed(
        request,
        stand,
        "steering/part_move.html",
        lambda: move_item(stand.text, items, place, to),
        told,
        refused=items,
    )


def _deed(
    request: CommitteeRequest,
    stand: Standing,
    template: str,
    change: Callable[[], str],
    told: Callable[[str], dict[str, Any]],
    *,
    refused: Path,
) -> HttpResponse:
    """A deed with a place: what it would come to, with what more the page tells of the new text, and done when the
    person says so. ``refused``: where to go when the text cannot be changed that way."""
    try:
        text = change()
    except SpliceError as error:
        messages.error(request, f"{capital_first(str(error))}.")
        return redirect(address(request, refused))
    outcome, back = tried(request, stand, text), way_back(request, stand.path[:-1])
    if request.method == "POST":
        if outcome.newer:  # the row in that place may be another
            messages.error(
                request,
                "Någon annan har sparat en ny version medan du tittade. Ingenting är ändrat. Se över listan och gör "
                "om.",
            )
            return redirect(back)
        if done := saved(request, outcome, stand.path[:-1]):
            return done
    context = {
        "stand": stand,
        "trail": trail(request, stand),
        "outcome": outcome,
        "faults": [(said_where(data_of(text), one.at), one.message) for one in outcome.checked.faults],
        "back": back,
        **told(text),
    }
    return render(request, template, context, status=outcome.status if request.method == "POST" else 200)
