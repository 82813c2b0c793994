"""What the services of the plan share: how they refuse, a plan locked for a deed, and who may make a control."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.db import IntegrityError

from roder.control.models import ControlPlan
from roder.control.services import keeping
from roder.core import put
from roder.core.faults import constraint_of
from roder.core.models import Record

R = TypeVar("R", bound=Record)


class PlanFault(keeping.Refusal):
    """What cannot be done with a plan, a control or a round."""


#: What the database's triggers say: constraint -> Swedish message
_TOLD = {
    "plan_adopted_once": "Någon annan har just antagit planen. Ladda om sidan.",
}


def _placed(error: ValidationError, told_at: str = NON_FIELD_ERRORS) -> PlanFault:
    """The refusal as a fault; what is about no field stands at ``told_at``."""
    if not hasattr(error, "error_dict"):
        return PlanFault({told_at: error.messages})
    found = error.message_dict.items()
    return PlanFault({told_at if field == NON_FIELD_ERRORS else field: texts for field, texts in found})


def created(row: R, *, told_at: str = NON_FIELD_ERRORS) -> R:
    """Save a new row with its own checks first. What its constraints say without a field stands at ``told_at``.

    Raises PlanFault, also when somebody else was first in the same moment."""
    try:
        return put.created(row)
    except ValidationError as error:
        raise _placed(error, told_at) from error


def saved(row: R, revision: int | None, **values: Any) -> R:
    """Save values over a revision (the row's own when None), with the row's constraints tried first.

    Raises PlanFault at the fields; StaleRecordError when somebody else was first.
    """
    for field, value in values.items():
        setattr(row, field, value)
    try:
        row.full_clean()
        return keeping.saved(row, revision, **values)
    except ValidationError as error:
        raise _placed(error) from error
    except IntegrityError as error:
        name = constraint_of(error)
        if name not in _TOLD:
            raise
        raise PlanFault(_TOLD[name]) from error


def locked(plan: ControlPlan) -> ControlPlan:
    """The plan as it stands now, held until the transaction is over: two deeds on a plan wait for each other."""
    return ControlPlan.objects.select_for_update(of=("self",)).select_related("committee").get(pk=plan.pk)


def adopted(plan: ControlPlan) -> bool:
    """Whether the committee has adopted the plan."""
    return plan.state != ControlPlan.State.DRAFT


def needed(reason: str, field: str = "reason", text: str = "Skriv varför.") -> str:
    """The reason, trimmed. Raises PlanFault at its field when there is none."""
    if not reason.strip():
        raise PlanFault({field: text})
    return " ".join(reason.split())


def trimmed(fields: Mapping[str, Any]) -> dict[str, Any]:
    """The fields with their texts trimmed."""
    return {name: value.strip() if isinstance(value, str) else value for name, value in fields.items()}
