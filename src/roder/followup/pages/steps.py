"""The dialogues and union consultations of an occasion: the day each was held, and a note."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST

from roder import access
from roder.access.matrix import Action, Resource
from roder.followup.models import Step
from roder.followup.services import steps
from roder.web.forms import DeedForm, day, long_text
from roder.web.scope import CommitteeRequest, committee_page


class StepForm(DeedForm):
    """When a step was held, and what was said in short."""

    held_on = day("Dag då det hölls")
    note = long_text("Anteckning", rows=3, help_text="Vad som kom fram, i korthet. Skriv inga namn.")

    @classmethod
    def of(cls, step: Step | None, data: Any = None) -> StepForm:
        """The form with what is noted already."""
        known = {"held_on": step.held_on, "note": step.note, "revision": step.revision} if step else {}
        return cls(data, initial=known)


@committee_page(Resource.FOLLOW_UP)
def steps_page(request: CommitteeRequest, occasion: str) -> HttpResponseBase:
    """Every step with its note; those who may edit note them here. A second saver sees both texts."""
    found = request.scope.occasion(occasion)
    edits = request.scope.may(Action.EDIT, Resource.FOLLOW_UP)
    posted = request.POST.get("phase", "") if request.method == "POST" and edits else ""
    status, rows = 200, []
    for one in steps.held(found):
        form = None
        if edits:
            mine = one.phase.code == posted
            form = StepForm.of(one.step, request.POST if mine else None)
            form.auto_id = f"{one.phase.code}_%s"
            code = one.phase.code

            def save(said: dict[str, Any], code: str = code) -> None:
                steps.note_step(
                    found, code, request.user, held_on=said["held_on"], note=said["note"],
                    expected_revision=said["revision"],
                )  # fmt: skip

            if mine and form.try_to(save):
                messages.success(request, f"{one.phase.name} är antecknat.")
                return redirect(f"{request.scope.url('followup:steps', occasion)}#{code}")
            status = max(status, form.status) if mine else status
        rows.append((one, form))
    context = {"occasion": found, "rows": rows, "edits": edits}
    return render(request, "followup/round/steps.html", context, status=status)


@require_POST
@committee_page(Resource.FOLLOW_UP, Action.EDIT)
def remove(request: CommitteeRequest, occasion: str, phase: str) -> HttpResponse:
    """Take a note away."""
    found = request.scope.occasion(occasion)
    rows = access.visible(request.user, Step.objects.filter(occasion=found, phase=phase), Action.EDIT)
    steps.remove_step(get_object_or_404(rows), request.user)
    messages.success(request, "Anteckningen är borttagen.")
    return redirect(request.scope.url("followup:steps", occasion))
