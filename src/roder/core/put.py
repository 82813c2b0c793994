"""Rows that are made: as a file says (created when missing, changed when different, otherwise left alone), or anew,
also when somebody else makes the same one in the same moment."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from django.core.exceptions import ValidationError
from django.db import IntegrityError, models, transaction

from roder.core.faults import UserFault, constraint_of
from roder.core.models import Record

R = TypeVar("R", bound=Record)
M = TypeVar("M", bound=models.Model)


def put(
    model: type[R],
    key: Mapping[str, Any],
    values: Mapping[str, Any],
    what: str = "",
    find: Mapping[str, Any] | None = None,
) -> tuple[R, bool]:
    """The record with ``key``, holding ``values``; and whether anything was written.

    ``find`` is how an existing one is found when the key is not what identifies it (a period that begins on a day).
    Everything is validated as when a person saves a form. Raises UserFault that begins with ``what``.
    """
    existing = model._base_manager.filter(**(find or key)).first()
    if find and existing is not None:
        values = {**key, **values}
    try:
        if existing is None:
            made = model(**key, **values)
            made.full_clean()
            made.save(force_insert=True)
            return made, True
        changed = {name: value for name, value in values.items() if not _same(getattr(existing, name), value)}
        if changed:
            existing.save_over(existing.revision, **changed)
    except ValidationError as error:
        where = f"{what}: " if what else ""
        raise UserFault(f"{where}{' '.join(_words(error))}") from error
    return existing, bool(changed)


def _same(there: Any, wanted: Any) -> bool:
    """Ranges of dates are compared as the database keeps them."""
    if hasattr(there, "lower") and hasattr(there, "upper") and not isinstance(there, str):
        return (there.lower, there.upper) == (wanted.lower, wanted.upper)
    return bool(there == wanted)


def _words(error: ValidationError) -> list[str]:
    if not hasattr(error, "error_dict"):
        return list(error.messages)
    return [
        message if name == "__all__" else f"{name}: {message}"
        for name, messages in error.message_dict.items()
        for message in messages
    ]


def created(row: M) -> M:
    """Save a new row. What the model or the database refuses is a ValidationError in Swedish, also when somebody else
    was first in the same moment."""
    row.full_clean()
    try:
        with transaction.atomic():
            row.save(force_insert=True)
    except IntegrityError as error:
        raise told(row, error) from error
    return row


def told(row: models.Model, error: IntegrityError) -> ValidationError:
    """What the constraint that an error is about says in Swedish. Raises the error when it is about no constraint of
    the row's."""
    name = constraint_of(error)
    found = next((one for one in row._meta.constraints if one.name == name), None)
    if found is None:
        raise error
    return ValidationError(str(found.get_violation_error_message()))
