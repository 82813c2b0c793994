"""Which role may do what, in one table. Pure data: no Django, so that it can be printed and compared.

A right is an action on a resource; a resource is a part of a room that has its own rule. A right holds where the
mandate holds: for the whole committee, or for a unit and everything under it.
"""

from __future__ import annotations

from enum import StrEnum


class Action(StrEnum):
    """What somebody wants to do."""

    VIEW = "view"
    COMMENT = "comment"
    EDIT = "edit"
    IMPORT = "import"
    DECIDE = "decide"
    ADMINISTER = "administer"


class Resource(StrEnum):
    """What it is done to."""

    ORGANISATION = "organisation"
    STEERING = "steering"
    GOALS = "goals"
    MEASURES = "measures"
    ECONOMY = "economy"
    FIGURES = "figures"
    REPORTS = "reports"
    DRAFTS = "drafts"
    IMPORTS = "imports"
    AUDIT = "audit"


V, C, E, I, D, A = Action.VIEW, Action.COMMENT, Action.EDIT, Action.IMPORT, Action.DECIDE, Action.ADMINISTER  # noqa: E741

_READS = {
    Resource.STEERING: {V},
    Resource.GOALS: {V},
    Resource.MEASURES: {V},
    Resource.ECONOMY: {V},
    Resource.FIGURES: {V},
    Resource.REPORTS: {V},
}
_TAKES_PART = {**_READS, Resource.ORGANISATION: {V}, Resource.DRAFTS: {V}}
_COMMENTS = {**_TAKES_PART, Resource.GOALS: {V, C}, Resource.MEASURES: {V, C}, Resource.DRAFTS: {V, C}}

#: role -> resource -> actions. What is not here is not allowed.
RIGHTS: dict[str, dict[Resource, set[Action]]] = {
    "member": _READS,
    "chair": _READS,
    "head_administration": {
        **_COMMENTS,
        Resource.GOALS: {V, C, E},
        Resource.ECONOMY: {V, C},
        Resource.REPORTS: {V, D},
        Resource.DRAFTS: {V, C, E},
        Resource.FIGURES: {V, E},
    },
    "head_department": {**_COMMENTS, Resource.ECONOMY: {V, C}},
    "unit_manager": {**_COMMENTS, Resource.ECONOMY: {V, C}},
    "care_staff": {Resource.GOALS: {V}, Resource.MEASURES: {V}, Resource.STEERING: {V}},
    "sas": _COMMENTS,
    "mas": _COMMENTS,
    "controller": {
        **_COMMENTS,
        Resource.GOALS: {V, C, E},
        Resource.MEASURES: {V, C, E},
        Resource.ECONOMY: {V, C, E, I},
        Resource.IMPORTS: {V, I},
        Resource.FIGURES: {V, E},
        Resource.REPORTS: {V, D},
        Resource.DRAFTS: {V, C, E},
    },
    "quality_strategist": {
        **_COMMENTS,
        Resource.STEERING: {V, E},
        Resource.GOALS: {V, C, E},
        Resource.MEASURES: {V, C, E},
        Resource.IMPORTS: {V, I},
        Resource.FIGURES: {V, E},
        Resource.REPORTS: {V, D},
        Resource.DRAFTS: {V, C, E},
    },
    "casework_manager": _COMMENTS,
    "secretary": {**_TAKES_PART, Resource.REPORTS: {V, D}},
    "auditor": {**_READS, Resource.AUDIT: {V}},
    "provider": {},
    "central_office": _READS,
    "administrator": {
        Resource.ORGANISATION: {V, E, A},
        Resource.STEERING: {V, E},
        Resource.AUDIT: {V},
    },
}


def allows(role: str, resource: Resource, action: Action) -> bool:
    """Whether a role carries the right, leaving aside where it holds."""
    return action in RIGHTS.get(role, {}).get(resource, set())


def table() -> list[tuple[str, str, str]]:
    """The matrix as rows (role, resource, actions), for the page and for the test that compares it with addresses."""
    return [
        (role, resource.value, " ".join(action.value for action in Action if action in actions))
        for role, rights in RIGHTS.items()
        for resource, actions in rights.items()
    ]
