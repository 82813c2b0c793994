"""Who is expected to report what: shared to a part of the organisation, or as the part's own rule says."""

from __future__ import annotations

from typing import Any

from django import forms
from django.apps import apps
from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST

from roder import access
from roder.access.matrix import Action, Resource
from roder.followup.models import Part, Share
from roder.followup.parts import parts_of
from roder.followup.services import rounds, shares
from roder.organisation.models import Unit
from roder.steering.models import Occasion
from roder.web.forms import DeedForm
from roder.web.scope import CommitteeRequest, Scope, committee_page

#: Who reports on what nobody has shared.
OTHERWISE = {
    Part.GOALS: "Alla enheter som rapporterar",
    Part.FACTORS: "Alla enheter som rapporterar",
    Part.CONTROLS: "Den enhet eller roll som gör kontrollen",
    Part.ASSIGNMENTS: "Ingen, förrän du delar det",
}


class ShareForm(DeedForm):
    """Let a unit report on something."""

    subject = forms.ChoiceField(label="Vad", error_messages={"required": "Välj vad som ska rapporteras."})
    unit = forms.ModelChoiceField(
        Unit.objects.none(), label="Vem", required=False, empty_label="Alla enheter som rapporterar"
    )
    with_below = forms.BooleanField(label="Även enheterna under", required=False, initial=True)
    from_year = forms.IntegerField(label="Från och med år", min_value=1990, max_value=2100)
    to_year = forms.IntegerField(label="Till och med år", min_value=1990, max_value=2100)

    def __init__(self, *args: Any, choices: list[Any], units: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["subject"].choices = [("", "Välj"), *choices]  # type: ignore[attr-defined]
        self.fields["unit"].queryset = units  # type: ignore[attr-defined]


def told(scope: Scope) -> list[Occasion]:
    """The year's occasions that hand out sheets."""
    return [one for one in scope.follow_ups if rounds.round_phases(one) and parts_of(one)]


@committee_page(Resource.FOLLOW_UP, Action.EDIT)
def shares_page(request: CommitteeRequest) -> HttpResponseBase:
    """Every subject of an occasion with whom it is shared to, and the form to share one more."""
    scope = request.scope
    occasions = told(scope)
    wanted = request.GET.get("tillfalle", "")
    occasion = next((one for one in occasions if one.code == wanted), occasions[-1] if occasions else None)
    found = shares.shareable(scope.committee, occasion) if occasion else []
    choices = [
        (
            one.part.label,
            [(f"{subject.key[0]}:{subject.key[1]}", subject.title) for subject, _ in one.subjects],
        )
        for one in found
    ]
    units = Unit.objects.filter(committee=scope.committee, external=False).order_by("code")
    form = ShareForm(
        request.POST or None, choices=choices, units=units,
        initial={"subject": request.GET.get("avser", ""), "from_year": scope.year, "to_year": scope.year},
    )  # fmt: skip

    def save(said: dict[str, Any]) -> None:
        kind, _, pk = said["subject"].partition(":")
        subject = apps.get_model(kind)._base_manager.get(pk=int(pk))
        shares.share(
            subject, scope.committee, request.user, said["unit"], said["with_below"], said["from_year"],
            said["to_year"],
        )  # fmt: skip

    if request.method == "POST" and form.try_to(save):
        messages.success(request, "Delat. Det kommer med när omgången öppnas, eller när den öppnas på nytt.")
        return redirect(scope.url("followup:shares", **({"tillfalle": wanted} if wanted else {})))
    context = {
        "form": form, "occasions": occasions, "occasion": occasion,
        "parts": [
            (
                one.part, OTHERWISE[one.part.code],
                [(subject, f"{subject.key[0]}:{subject.key[1]}", shared) for subject, shared in one.subjects],
            )
            for one in found
        ],
    }  # fmt: skip
    return render(request, "followup/round/shares.html", context, status=form.status)


@require_POST
@committee_page(Resource.FOLLOW_UP, Action.EDIT)
def unshare(request: CommitteeRequest, pk: int) -> HttpResponse:
    """Take a share away. What is written stays."""
    rows = access.visible(request.user, Share.objects.filter(committee=request.scope.committee), Action.EDIT)
    shares.unshare(get_object_or_404(rows.select_related("unit", "committee"), pk=pk), request.user)
    messages.success(request, "Delningen är borttagen. Det som redan är skrivet finns kvar.")
    return redirect(request.scope.url("followup:shares"))
