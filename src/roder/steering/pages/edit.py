"""Editing the steering model as a text: begun from a blank one or an example, checked, compared, and saved whole."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from roder.access import Action, Resource
from roder.core.faults import UserFault
from roder.core.words import capital_first
from roder.steering.loading import BuildsOn, ModelFault, faults_here, load_version
from roder.steering.modelfile import Checked, check_text, diff
from roder.steering.models import SteeringModelVersion
from roder.steering.services import parsed
from roder.steering.starting import described, start_text
from roder.web.scope import CommitteeRequest, committee_page

NAME = "styrmodell.yaml"


@committee_page(Resource.STEERING, Action.EDIT)
@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: CommitteeRequest) -> HttpResponse:
    """The year's model as a text. Checking shows faults at their lines and what would change; saving makes a version,
    if nobody else has made one meanwhile."""
    scope = request.scope
    version = scope.model
    if request.method == "POST":
        text = request.POST.get("text", "").replace("\r\n", "\n")
        checked = check_text(text, NAME)
        newer = request.POST.get("bygger_pa", "") != (str(version.pk) if version else "")
        if checked.ok and "spara" in request.POST and not newer:
            fault = save(request, checked)
            if fault is None:
                assert checked.model is not None  # noqa: S101 - it is faultless
                return redirect("steering:model", committee=scope.committee.slug, year=checked.model.year)
            return _page(request, text, checked, fault=fault, status=400)
        fault = _said(faults_here(checked, scope.committee)) if checked.ok else ""
        fine = checked.ok and not newer and not fault
        return _page(request, text, checked, newer=newer, fault=fault, status=200 if fine else 400)
    if version is None:
        source = request.GET.get("fran", "")
        starts = described(scope.committee, scope.year)
        if source not in dict(starts):
            return render(request, "steering/begin.html", {"sources": starts})
        try:
            return _page(request, start_text(scope.committee, source, scope.year), None)
        except UserFault as error:
            messages.error(request, capital_first(str(error)))
            return render(request, "steering/begin.html", {"sources": starts}, status=400)
    return _page(request, text_of(version), None)


def text_of(version: SteeringModelVersion) -> str:
    """The version's own text, which the frame of pages leaves in the database."""
    return SteeringModelVersion.objects.values_list("source", flat=True).get(pk=version.pk)


def save(request: CommitteeRequest, checked: Checked) -> str | None:
    """Make a checked text a version. Gives what is wrong when it cannot be one."""
    try:
        version, is_new = load_version(
            request.scope.committee, checked, request.user, BuildsOn(request.scope.model)
        )
    except ModelFault as fault:
        return _said(fault.lines)
    except UserFault as fault:
        return f"{capital_first(str(fault))}. Ingenting är sparat, och din text ligger kvar."
    if is_new:
        messages.success(request, f"Styrmodellen är sparad som version {version.version} för {version.year}.")
    else:
        messages.info(request, "Texten är densamma som i den senaste versionen. Ingenting ändrades.")
    return None


def _said(lines: list[str]) -> str:
    return capital_first(" ".join(line.removeprefix(f"{NAME}: ") for line in lines))


def _page(
    request: CommitteeRequest,
    text: str,
    checked: Checked | None,
    *,
    fault: str = "",
    newer: bool = False,
    status: int = 200,
) -> HttpResponse:
    version = request.scope.model
    changes: list[Any] = []
    same = False
    if checked is not None and checked.model is not None and version is not None:
        changes = diff(parsed(version), checked.model)
        same = not changes and text.strip() == text_of(version).strip()
    context = {
        "text": text,
        "rows": min(40, max(16, text.count("\n") + 2)),
        "checked": checked,
        "changes": changes,
        "same": same,
        "fault": fault,
        "newer": newer,
        "version": version,
    }
    return render(request, "steering/edit.html", context, status=status)
