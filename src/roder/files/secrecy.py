"""Who may see a file: who may see the record that it belongs to. Asked in the query, never copied to the file."""

from __future__ import annotations

from django.apps import apps
from django.db import models
from django.db.models import Exists, OuterRef, Q

from roder import access
from roder.access.matrix import Action
from roder.access.rights import User
from roder.core import prepared
from roder.files.models import StoredFile

#: Which deeds on the subject let somebody attach a file to it.
ADDING = (Action.EDIT, Action.COMMENT, Action.REPORT)
#: The kinds of records that have files, by walking the index from one kind to the next.
_KINDS = """
    WITH RECURSIVE kinds AS (
        (SELECT subject_kind AS kind FROM files_storedfile ORDER BY subject_kind LIMIT 1)
        UNION ALL
        SELECT (SELECT subject_kind FROM files_storedfile WHERE subject_kind > kind ORDER BY subject_kind LIMIT 1)
        FROM kinds WHERE kind IS NOT NULL
    )
    SELECT kind FROM kinds WHERE kind IS NOT NULL
"""


def model_of(kind: str) -> type[models.Model] | None:
    """The model of a kind of record such as ``quality.deviation``, when files may belong to it."""
    try:
        model = apps.get_model(kind)
    except (LookupError, ValueError):
        return None
    return model if hasattr(model, "Access") and model is not StoredFile else None


def kinds_with_files() -> tuple[str, ...]:
    """The kinds of records that have files now."""
    return tuple(kind for (kind,) in prepared.rows_of(_KINDS, ()))


def rows_of(user: User, action: Action) -> Q:
    """The condition for files whose subject the user may see (or do ``action`` to)."""
    condition = Q(pk__in=())
    for kind in kinds_with_files():
        model = model_of(kind)
        if model is not None:
            seen = access.visible(user, model._base_manager.filter(pk=OuterRef("subject_id")), action)
            condition |= Q(Q(subject_kind=kind), Exists(seen))
    return condition


def may_add(user: User, subject: models.Model) -> bool:
    """Whether the user may attach a file to the record: may see it, and edit it, comment it or report it."""
    if not access.may(user, Action.VIEW, subject):
        return False
    return any(access.may(user, action, subject) for action in ADDING)


def subject_of(file: StoredFile) -> models.Model | None:
    """The record that the file belongs to; None when it is gone."""
    model = model_of(file.subject_kind)
    return model._base_manager.filter(pk=file.subject_id).first() if model else None


def home_of(subject: models.Model) -> tuple[int | None, int | None]:
    """The committee and the municipality that a record belongs to, as its Access class says."""
    spec = getattr(type(subject), "Access", None)
    rows = type(subject)._base_manager.filter(pk=subject.pk)
    committee = municipality = None
    if path := getattr(spec, "committee", None):
        committee = rows.values_list(path, flat=True).first()
    if committee:
        municipality = rows.values_list(
            f"{path}__municipality" if path != "pk" else "municipality", flat=True
        ).first()
    elif path := getattr(spec, "municipality", None):
        municipality = rows.values_list(path, flat=True).first()
    return committee, municipality
