"""The small deeds of a page: several forms, one of them posted, its refusals at the fields."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect, render

from roder.quality.case_forms import DeedForm

#: name -> (the form, the deed with what was filled in, what is said when it is done)
Deeds = Mapping[str, tuple[Callable[..., DeedForm], Callable[[dict[str, Any]], Any], str]]
NOT_NOW = "Det går inte i det här läget, eller med dina mandat. Så här ser det ut nu."


def tried(request: HttpRequest, possible: Deeds) -> tuple[dict[str, DeedForm], int]:
    """The forms of a page's deeds, with the posted one tried. Status 302 when it was done: then go to the page anew."""
    wanted, status, shown = request.POST.get("deed", ""), 200, dict[str, DeedForm]()
    for name, (kind, deed, done) in possible.items():
        form = kind(request.POST if wanted == name else None, auto_id=f"{name}_%s")
        if wanted == name:
            if form.try_to(deed):
                messages.success(request, done)
                return {}, 302
            status = form.status
        shown[name] = form
    if request.method == "POST" and wanted not in possible:
        status = 409
        messages.warning(request, NOT_NOW)
    return shown, status


def edited(
    request: HttpRequest, form: DeedForm, save: Callable[[dict[str, Any]], Any], back: str, **context: Any
) -> HttpResponseBase:
    """The page of a form over a row: saved and back, or shown again with what was typed and what others saved."""
    if request.method == "POST" and form.try_to(save):
        messages.success(request, "Sparat.")
        return redirect(back)
    shown = {"form": form, "back": back, "submit": "Spara", **context}
    return render(request, "control/plan/form.html", shown, status=form.status)
