"""The small deeds of a page: several forms, one of them posted, its refusals at the fields."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from roder.web.forms import DeedForm

NOT_NOW = "Det går inte i det här läget, eller med dina mandat. Så här ser det ut nu."
Do = Callable[[dict[str, Any]], Any]


class Deed(NamedTuple):
    """``form`` makes the form, ``do`` gets what was filled in, ``done`` is said afterwards. ``to``: the page to go to
    then (None: the same page)."""

    form: Callable[..., DeedForm]
    do: Do
    done: str
    initial: Mapping[str, Any] = {}
    to: Callable[[], str] | None = None


#: name -> a deed of which nothing more is to be said: its form, what it does, and what is said when it is done
Deeds = Mapping[str, tuple[Callable[..., DeedForm], Do, str]]


class Tried(NamedTuple):
    """What a page needs: the forms to show, the answer's status, and where to go instead when a deed was done."""

    forms: dict[str, DeedForm]
    status: int
    answer: HttpResponse | None


def tried(
    request: HttpRequest,
    possible: Mapping[str, Deed] | Deeds,
    initial: Mapping[str, Any] | None = None,
    *,
    back: str = "",
    not_now: str = NOT_NOW,
) -> Tried:
    """Do the deed that was sent, if it is possible now, and give the forms of all of them.

    ``initial`` goes to every form: the revision of the record as the page shows it, so that each form says which one
    it was opened with. ``back``: where to go afterwards (the same page). ``not_now`` is said of a deed that is not
    possible.
    """
    wanted, status, shown = request.POST.get("deed", ""), 200, dict[str, DeedForm]()
    for name, given in possible.items():
        deed = Deed(*given)
        begins = {**deed.initial, **(initial or {})}
        options = {"initial": begins} if begins else {}  # a form may have been given its own
        form = deed.form(request.POST if wanted == name else None, auto_id=f"{name}_%s", **options)
        if wanted == name:
            if form.try_to(deed.do):
                messages.success(request, deed.done)
                return Tried(shown, 302, redirect(deed.to() if deed.to else back or request.path))
            status = form.status
        shown[name] = form
    if request.method == "POST" and wanted not in possible:
        status = 409
        messages.warning(request, not_now)
    return Tried(shown, status, None)
