"""Actions added on the pages of lex Sarah cases and complaints."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.utils import timezone

from roder import access, tasks
from roder.access.matrix import Action
from roder.organisation.models import Person
from roder.quality.models import Complaint, LexSarahCase


def owners_of(case: Complaint | LexSarahCase) -> list[tuple[str, str]]:
    """Who may be given an action: the unit's manager, and those who follow quality up."""
    found = [("unit_manager", f"Enhetschef, {case.unit}")] if case.unit else []
    return [*found, ("sas", "Socialt ansvarig samordnare"), ("quality_strategist", "Kvalitetsstrateg")]


def add(case: Complaint | LexSarahCase, by: Person, said: dict[str, Any]) -> tasks.Action:
    """Add the action to the case. Raises NotAllowedError; ValidationError at the field."""
    access.require(by, Action.EDIT, case)
    if said["due"] is not None and said["due"] < timezone.localdate():
        raise ValidationError({"due": "Dagen har varit. Välj en dag framåt, eller lämna fältet tomt."})
    unit = case.unit if said["owner"] == "unit_manager" else None
    return tasks.add_action(
        case,
        by,
        finding=str(case),
        what=said["what"],
        owner=tasks.Owner(said["owner"], unit=unit, committee=case.committee),
        due=said["due"],
    )
