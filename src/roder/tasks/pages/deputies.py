"""The pages of deputies: who stands in for whom, and the form to appoint somebody, for oneself or for somebody else."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST

from roder.core.numbers import whole_number
from roder.organisation.models import Person
from roder.tasks import deputies
from roder.tasks.forms import DeputyForm
from roder.tasks.pages.tabs import tabs
from roder.web.forms import tell
from roder.web.scope import page


@page()
def deputy_list(request: HttpRequest) -> HttpResponseBase:
    """Who stands in for me and for whom I stand in; and the form to appoint somebody.

    ``?vem=`` is whom an administrator appoints somebody for, when it is somebody else.
    """
    user: Any = request.user
    whose = _whose(request, user)
    form = DeputyForm(whose, user, request.POST or None)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            deputies.appoint(
                user, data["stand_in"], first=data["first"], last=data["last"],
                person=None if data["mandate"] else whose, mandate=data["mandate"],
            )  # fmt: skip
        except ValidationError as error:
            tell(form, error)
        else:
            of = "din ersättare" if whose.pk == user.pk else f"ersättare för {whose}"
            messages.success(request, f"{data['stand_in']} är {of}.")
            return redirect("tasks:deputies")
    today = timezone.localdate()
    seen = list(deputies.seen(user))
    ending = deputies.endable(seen, user)
    rows = [
        (one, one.valid.upper - timedelta(days=1), one.valid.upper > today, one.pk in ending) for one in seen
    ]
    context = {
        "form": form, "rows": rows, "tab": "deputies", "today": today, "whose": whose,
        "for_other": whose.pk != user.pk, "others": deputies.others(user).exists(), **tabs(request),
    }  # fmt: skip
    return render(request, "tasks/deputies.html", context, status=422 if form.errors else 200)


def _whose(request: HttpRequest, user: Person) -> Person:
    """Whom the deputy is for: oneself, or somebody that one may appoint for. Raises Http404 for anybody else."""
    wanted = request.GET.get("vem")
    if wanted is None or whole_number(wanted) == user.pk:
        return user
    return get_object_or_404(deputies.others(user), pk=whole_number(wanted))


@require_POST
@page()
def deputy_end(request: HttpRequest, pk: int) -> HttpResponseBase:
    """End a deputy's time."""
    user: Any = request.user
    row = get_object_or_404(deputies.seen(user), pk=pk)
    deputies.end(row, user)
    messages.success(request, "Ersättaren är avslutad.")
    return redirect("tasks:deputies")
