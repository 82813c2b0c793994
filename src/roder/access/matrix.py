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
    REPORT = "report"


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
    TASKS = "tasks"
    QUESTIONNAIRES = "questionnaires"
    DEVIATIONS = "deviations"
    LEX_SARAH = "lex_sarah"
    LEX_MARIA = "lex_maria"
    COMPLAINTS = "complaints"
    PROVIDER_REPORTS = "provider_reports"
    SELF_CHECKS = "self_checks"
    QUALITY = "quality"
    CASEWORK = "casework"
    CASES = "cases"
    SECRETS = "secrets"
    MEETINGS = "meetings"
    MINUTES = "minutes"
    WATCHES = "watches"
    REGISTERS = "registers"
    GRANTS = "grants"
    STATE_GRANTS = "state_grants"
    RECORD_CHECKS = "record_checks"
    RISKS = "risks"
    CONTROLS = "controls"
    SAMPLES = "samples"
    FACTORS = "factors"
    AUDITS = "audits"
    INCIDENTS = "incidents"
    FOLLOW_UP = "follow_up"
    ACTION_PLANS = "action_plans"


V, C, E, I = Action.VIEW, Action.COMMENT, Action.EDIT, Action.IMPORT  # noqa: E741
D, A, R = Action.DECIDE, Action.ADMINISTER, Action.REPORT

_READS = {
    Resource.STEERING: {V},
    Resource.GOALS: {V},
    Resource.MEASURES: {V},
    Resource.ECONOMY: {V},
    Resource.FIGURES: {V},
    Resource.REPORTS: {V},
    Resource.QUALITY: {V},
    Resource.CASES: {V},
    Resource.MEETINGS: {V},
    Resource.WATCHES: {V},
    Resource.REGISTERS: {V},
    Resource.GRANTS: {V},
    Resource.STATE_GRANTS: {V},
    Resource.RISKS: {V},
    Resource.CONTROLS: {V},
    Resource.FACTORS: {V},
    Resource.AUDITS: {V},
    Resource.ACTION_PLANS: {V},
}
#: Those who sit in the committee: they decide in secret cases too, see the balance list, and take part in workshops.
_SITS = {**_READS, Resource.TASKS: {V}, Resource.SECRETS: {V}, Resource.RISKS: {V, C}}
#: Those who prepare cases for the committee.
_PREPARES = {Resource.CASES: {V, C, E}, Resource.WATCHES: {V, C}}
_TAKES_PART = {
    **_READS,
    Resource.ORGANISATION: {V},
    Resource.DRAFTS: {V},
    Resource.TASKS: {V},
    Resource.QUESTIONNAIRES: {V, C},
}
_COMMENTS = {
    **_TAKES_PART,
    Resource.GOALS: {V, C},
    Resource.MEASURES: {V, C},
    Resource.DRAFTS: {V, C},
    Resource.RISKS: {V, C},
    Resource.CONTROLS: {V, C},
    Resource.SAMPLES: {V, C},
    Resource.FOLLOW_UP: {V},
}
#: Those who lead the work with risks, internal control, critical factors and audits.
_CONTROLS = {
    Resource.RISKS: {V, C, E, D},
    Resource.CONTROLS: {V, C, E, D},
    Resource.SAMPLES: {V, C, E},
    Resource.FACTORS: {V, C, E, D},
    Resource.AUDITS: {V, C, E},
    Resource.INCIDENTS: {V, C, E, D},
}
#: What leaders in the line may do with what happens in their own part of the organisation.
_LEADS = {
    Resource.DEVIATIONS: {V, C, E, R},
    Resource.COMPLAINTS: {V, C, E},
    Resource.LEX_SARAH: {V, R},
    Resource.LEX_MARIA: {V},
    Resource.SELF_CHECKS: {V, C, E},
    Resource.PROVIDER_REPORTS: {V},
    Resource.CASEWORK: {V},
    Resource.TASKS: {V, C, E},
    Resource.AUDITS: {V, C},
    Resource.INCIDENTS: {V, C, R},
    Resource.FOLLOW_UP: {V, C},
    Resource.ACTION_PLANS: {V, C, E},
}

#: role -> resource -> actions. What is not here is not allowed.
RIGHTS: dict[str, dict[Resource, set[Action]]] = {
    "member": _SITS,
    "chair": {**_SITS, Resource.MEETINGS: {V, D}, Resource.MINUTES: {V, C}},
    "head_administration": {
        **_COMMENTS,
        **_LEADS,
        **_PREPARES,
        **_CONTROLS,
        Resource.SECRETS: {V, C, E},
        Resource.MINUTES: {V},
        Resource.WATCHES: {V, C, E},
        Resource.REGISTERS: {V, E},
        Resource.GRANTS: {V, C, E},
        Resource.STATE_GRANTS: {V, C, E},
        Resource.RECORD_CHECKS: {V, E},
        Resource.GOALS: {V, C, E},
        Resource.ECONOMY: {V, C},
        Resource.REPORTS: {V, D},
        Resource.DRAFTS: {V, C, E},
        Resource.FIGURES: {V, E},
        Resource.FOLLOW_UP: {V, C, E},
    },
    "head_department": {
        **_COMMENTS,
        **_LEADS,
        **_PREPARES,
        Resource.ECONOMY: {V, C},
        Resource.RECORD_CHECKS: {V, E},
    },
    "unit_manager": {**_COMMENTS, **_LEADS, Resource.ECONOMY: {V, C}, Resource.RECORD_CHECKS: {V, E}},
    "care_staff": {
        Resource.GOALS: {V},
        Resource.MEASURES: {V},
        Resource.STEERING: {V},
        Resource.TASKS: {V},
        Resource.DEVIATIONS: {R},
        Resource.LEX_SARAH: {R},
        Resource.SELF_CHECKS: {V, C},
        Resource.QUESTIONNAIRES: {V, C},
    },
    "licensed": {
        **_TAKES_PART,
        Resource.DEVIATIONS: {V, C, R},
        Resource.LEX_SARAH: {R},
        Resource.SELF_CHECKS: {V, C},
        Resource.TASKS: {V, C},
    },
    "sas": {
        **_COMMENTS,
        **_LEADS,
        **_PREPARES,
        Resource.DEVIATIONS: {V, C, E, D, R},
        Resource.LEX_SARAH: {V, C, E, D, R},
        Resource.PROVIDER_REPORTS: {V, E},
    },
    "mas": {
        **_COMMENTS,
        **_LEADS,
        **_PREPARES,
        Resource.DEVIATIONS: {V, C, E, D, R},
        Resource.LEX_MARIA: {V, C, E, D},
        Resource.PROVIDER_REPORTS: {V, E},
    },
    "controller": {
        **_COMMENTS,
        **_PREPARES,
        Resource.GOALS: {V, C, E},
        Resource.MEASURES: {V, C, E},
        Resource.ECONOMY: {V, C, E, I},
        Resource.STATE_GRANTS: {V, C, E},
        Resource.RISKS: {V, C, E},
        Resource.FACTORS: {V, C, E},
        Resource.FOLLOW_UP: {V, C, E},
        Resource.IMPORTS: {V, I},
        Resource.FIGURES: {V, E},
        Resource.REPORTS: {V, D},
        Resource.DRAFTS: {V, C, E},
    },
    "quality_strategist": {
        **_COMMENTS,
        **_PREPARES,
        **_CONTROLS,
        Resource.WATCHES: {V, C, E},
        Resource.REGISTERS: {V, E},
        Resource.GRANTS: {V, C, E},
        Resource.STATE_GRANTS: {V, C, E},
        Resource.STEERING: {V, E},
        Resource.GOALS: {V, C, E},
        Resource.MEASURES: {V, C, E},
        Resource.IMPORTS: {V, I},
        Resource.FIGURES: {V, E},
        Resource.REPORTS: {V, D},
        Resource.DRAFTS: {V, C, E},
        Resource.DEVIATIONS: {V, R, I},
        Resource.LEX_SARAH: {V, R, I},
        Resource.LEX_MARIA: {V},
        Resource.COMPLAINTS: {V, C, E, I},
        Resource.PROVIDER_REPORTS: {V, E},
        Resource.SELF_CHECKS: {V, C, E},
        Resource.QUESTIONNAIRES: {V, C, E},
        Resource.CASEWORK: {V, I},
        Resource.FOLLOW_UP: {V, C, E},
        Resource.ACTION_PLANS: {V, C, E},
    },
    "casework_manager": {**_COMMENTS, **_LEADS, Resource.CASEWORK: {V, E, I}, Resource.IMPORTS: {V, I}},
    "secretary": {
        **_TAKES_PART,
        Resource.REPORTS: {V, D},
        Resource.IMPORTS: {V, I},
        Resource.COMPLAINTS: {V, C, E},
        Resource.CASES: {V, C, E, D},
        Resource.SECRETS: {V, C, E, D},
        Resource.MEETINGS: {V, C, E, D},
        Resource.MINUTES: {V, C, E, D},
        Resource.WATCHES: {V, C, E},
        Resource.REGISTERS: {V, E},
        Resource.GRANTS: {V, C, E},
        Resource.STATE_GRANTS: {V, C, E},
        Resource.CONTROLS: {V, C, D},
        Resource.RISKS: {V, C, D},
        Resource.AUDITS: {V, C, E},
        Resource.INCIDENTS: {V, C},
    },
    "auditor": {**_READS, Resource.AUDIT: {V}, Resource.SAMPLES: {V}},
    "provider": {
        Resource.TASKS: {V},
        Resource.PROVIDER_REPORTS: {V, C, E},
        Resource.DEVIATIONS: {R},
        Resource.SELF_CHECKS: {V, C, E},
        Resource.QUESTIONNAIRES: {V, C},
    },
    "central_office": _READS,
    "administrator": {
        Resource.ORGANISATION: {V, E, A},
        Resource.STEERING: {V, E},
        Resource.IMPORTS: {V, I},
        Resource.AUDIT: {V},
        Resource.TASKS: {V},
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
