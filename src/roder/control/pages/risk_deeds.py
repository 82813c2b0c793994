"""The small deeds of a page: each with its form, tried when it is sent, its refusals at their fields."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect

from roder.quality.case_forms import DeedForm
from roder.web.scope import CommitteeRequest


class Deed(NamedTuple):
    """``form`` makes the form, ``do`` gets what was filled in, ``done`` is said afterwards. ``to``: the page to go to
    then (None: the same page)."""

    form: Callable[..., DeedForm]
    do: Callable[[dict[str, Any]], Any]
    done: str
    initial: Mapping[str, Any] = {}
    to: Callable[[], str] | None = None


class Tried(NamedTuple):
    """What a page needs: the forms to show, the answer's status, and where to go instead when a deed was done."""

    forms: dict[str, DeedForm]
    status: int
    answer: HttpResponse | None


def tried(request: CommitteeRequest, possible: Mapping[str, Deed], revision: int | None) -> Tried:
    """Do the deed that was sent, if it is possible now, and give the forms of all of them.

    ``revision`` is that of the record as the page shows it: each form says which one it was opened with.
    """
    wanted, status, shown = request.POST.get("deed", ""), 200, dict[str, DeedForm]()
    for name, deed in possible.items():
        data = request.POST if wanted == name else None
        form = deed.form(data, auto_id=f"{name}_%s", initial={**deed.initial, "revision": revision})
        if wanted == name:
            if form.try_to(deed.do):
                messages.success(request, deed.done)
                return Tried(shown, 302, redirect(deed.to() if deed.to else request.path))
            status = form.status
        shown[name] = form
    if request.method == "POST" and wanted not in possible:
        status = 409
        messages.warning(
            request, "Det går inte i det här läget, eller med dina mandat. Så här ser det ut nu."
        )
    return Tried(shown, status, None)
