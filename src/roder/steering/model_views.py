"""Pages of the steering model: what governs the year, what changed, and the year's occasions."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render

from roder import access
from roder.access import Resource
from roder.organisation.models import Role
from roder.steering.modelfile import diff
from roder.steering.models import SteeringModelVersion
from roder.steering.outline import outline
from roder.steering.services import parsed
from roder.web.scope import CommitteeRequest, committee_page


@committee_page(Resource.STEERING)
def occasions(request: CommitteeRequest) -> HttpResponse:
    """The year's occasions with cut-off, phases, who decides and who receives."""
    scope = request.scope
    model = parsed(scope.model) if scope.model else None
    declared = {one.code: one for one in model.occasions} if model else {}
    bodies = {body.code: body.name for body in model.bodies} if model else {}
    roles = dict(Role.choices)
    rows: list[dict[str, Any]] = []
    for occasion in scope.occasions:
        said = declared.get(occasion.code)
        rows.append(
            {
                "occasion": occasion,
                "decided_by": bodies.get(said.decided_by or "", said.decided_by) if said else "",
                "receives": [bodies.get(code, code) for code in said.receives] if said else [],
                "phases": [
                    (
                        phase,
                        roles.get(str(phase.role), "") if phase.role else bodies.get(phase.body or "", ""),
                    )
                    for phase in (said.phases if said else ())
                ],
            }
        )
    return render(request, "steering/occasions.html", {"rows": rows})


@committee_page(Resource.STEERING)
def model(request: CommitteeRequest) -> HttpResponse:
    """The steering model of the year in plain words, its versions, and its source text."""
    scope = request.scope
    versions = list(
        access.visible(request.user, SteeringModelVersion.objects.filter(committee=scope.committee))
        .defer("content", "source")
        .select_related("loaded_by")
    )
    content = parsed(scope.model) if scope.model else None
    return render(
        request,
        "steering/model.html",
        {
            "version": scope.model,
            "sections": outline(content) if content else [],
            "content": content,
            "versions": versions,
            "source": SteeringModelVersion.objects.values_list("source", flat=True).get(pk=scope.model.pk)
            if scope.model
            else "",
        },
    )


@committee_page(Resource.STEERING)
def compare(request: CommitteeRequest) -> HttpResponse:
    """What differs between two loaded versions (of the same or of different years)."""
    scope = request.scope
    versions = list(
        access.visible(request.user, SteeringModelVersion.objects.filter(committee=scope.committee)).defer(
            "source"
        )
    )
    by_id = {str(one.pk): one for one in versions}
    new = by_id.get(request.GET.get("ny", "")) or (versions[0] if versions else None)
    older = versions[versions.index(new) + 1 :] if new else []
    old = by_id.get(request.GET.get("gammal", "")) or (older[0] if older else None)
    changes = diff(parsed(old), parsed(new)) if old and new else []
    return render(
        request, "steering/compare.html", {"versions": versions, "old": old, "new": new, "changes": changes}
    )
