"""A control as a plan prints it, for pages and for reports."""

from __future__ import annotations

from roder.control.models import Control
from roder.control.rules import plans as rules
from roder.core.numbers import format_number


def scope_words(control: Control) -> str:
    """How much is checked each time: the plan's own words, or ``5 per gång``, ``10 %`` and ``samtliga``."""
    if control.scope_text:
        return control.scope_text
    if control.scope == Control.Scope.NUMBER:
        return f"{control.scope_number} per gång"
    if control.scope == Control.Scope.SHARE and control.scope_share is not None:
        digits = 0 if control.scope_share == control.scope_share.to_integral_value() else 1
        return f"{format_number(control.scope_share, digits)}\u00a0%"
    return "samtliga"


def told_words(control: Control) -> str:
    """When the control is told."""
    return rules.told_words(control.occasions, control.months, control.reported_text)
