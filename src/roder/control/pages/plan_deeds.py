"""The page of a form over a row."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect, render

from roder.web.forms import DeedForm


def edited(
    request: HttpRequest, form: DeedForm, save: Callable[[dict[str, Any]], Any], back: str, **context: Any
) -> HttpResponseBase:
    """The page of a form over a row: saved and back, or shown again with what was typed and what others saved."""
    if request.method == "POST" and form.try_to(save):
        messages.success(request, "Sparat.")
        return redirect(back)
    shown = {"form": form, "back": back, "submit": "Spara", **context}
    return render(request, "control/plan/form.html", shown, status=form.status)
