"""The risk scale that a committee scores by: taken from the steering model in force and kept as it was."""

from __future__ import annotations

import hashlib
import json
from functools import lru_cache
from typing import Any

from django.db import transaction

from roder.control.models import ScaleVersion
from roder.control.rules.scales import Scale
from roder.core.faults import UserFault
from roder.organisation.models import Body
from roder.steering.models import SteeringModelVersion


class ScaleFault(UserFault):
    """There is no scale to score by."""


def scale_for(committee: Body, year: int, use: str = "risk_analysis") -> ScaleVersion:
    """The scale of the steering model in force for a year: the year's latest, or the latest of an earlier year.

    ``use`` is ``risk_analysis`` or ``internal_control``; a model that has no scale for it lends the other one. The same
    scale is the same row however often it is asked for. Raises ScaleFault.
    """
    model, content = _in_force(committee, year, use)
    scale = Scale.read(content)
    with transaction.atomic():
        kept, _ = ScaleVersion.objects.get_or_create(
            committee=committee,
            code=scale.code,
            sha256=digest(content),
            defaults={
                "model_id": model,
                "label": scale.label,
                "content": content,
                "likelihood_lowest": scale.likelihood.lowest,
                "likelihood_highest": scale.likelihood.highest,
                "impact_lowest": scale.impact.lowest,
                "impact_highest": scale.impact.highest,
            },
        )
    return kept


def is_in_force(version: ScaleVersion, committee: Body, year: int) -> bool:
    """Whether a kept scale is the one that the steering model has now. Writes nothing. True where no model has one."""
    try:
        _, content = _in_force(committee, year, "risk_analysis")
    except ScaleFault:
        return True
    return version.sha256 == digest(content) and version.code == content["code"]


def _in_force(committee: Body, year: int, use: str) -> tuple[int, dict[str, Any]]:
    """The steering model in force and its scale for a use, as JSON. Raises ScaleFault."""
    model = (
        SteeringModelVersion.objects.filter(committee=committee, year__lte=year)
        .order_by("-year", "-version")
        .values_list("pk", "year", "content__risk_scales")
        .first()
    )
    if model is None:
        raise ScaleFault(
            f"{committee.name} har ingen styrmodell för {year} eller tidigare. Läs in den under Styrmodell."
        )
    pk, of_year, found = model
    fitting = [one for one in found or () if use in one["used_for"]] or found
    if not fitting:
        raise ScaleFault(
            f"Styrmodellen för {of_year} har ingen riskskala. Lägg till risk_scales och läs in den igen."
        )
    return pk, fitting[0]


def digest(content: dict[str, Any]) -> str:
    """The fingerprint of a scale: the same for the same content, whatever the order it is written in."""
    return hashlib.sha256(json.dumps(content, ensure_ascii=False, sort_keys=True).encode()).hexdigest()


@lru_cache(maxsize=256)
def _read(pk: int) -> Scale:
    # A kept scale never changes (the database refuses), so its key is all that is needed.
    return Scale.read(ScaleVersion.objects.values_list("content", flat=True).get(pk=pk))


def scale_of(version: ScaleVersion | int) -> Scale:
    """A kept scale, read. Give its key where the row is not at hand: no question is asked the second time."""
    return _read(version if isinstance(version, int) else version.pk)
