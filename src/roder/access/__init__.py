"""Who may see and do what, and the trail of what was done.

``from roder import access`` and ask ``access.may(user, action, object)`` or ``access.visible(user, queryset)``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from roder.access.matrix import Action as Action
    from roder.access.matrix import Resource as Resource
    from roder.access.questions import kept as kept
    from roder.access.rights import Grant as Grant
    from roder.access.rights import NotAllowedError as NotAllowedError
    from roder.access.rights import committees as committees
    from roder.access.rights import give as give
    from roder.access.rights import grants as grants
    from roder.access.rights import in_few_units as in_few_units
    from roder.access.rights import may as may
    from roder.access.rights import require as require
    from roder.access.rights import roles as roles
    from roder.access.rights import units_where as units_where
    from roder.access.rights import visible as visible
    from roder.access.trail import record as record

_HOMES = {
    "Action": "matrix",
    "Resource": "matrix",
    "Grant": "rights",
    "NotAllowedError": "rights",
    "committees": "rights",
    "give": "rights",
    "kept": "questions",
    "grants": "rights",
    "in_few_units": "rights",
    "may": "rights",
    "require": "rights",
    "roles": "rights",
    "units_where": "rights",
    "visible": "rights",
    "record": "trail",
}


def __getattr__(name: str) -> Any:
    """Load the parts on first use: Django imports this package before its models may be imported."""
    if name not in _HOMES:
        raise AttributeError(name)
    from importlib import import_module  # noqa: PLC0415

    return getattr(import_module(f"roder.access.{_HOMES[name]}"), name)
