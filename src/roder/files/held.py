"""Who else holds content: rooms whose rows point at it, and that want to know before a file is removed for good."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, cast

from django.db import models
from django.db.models import Exists, OuterRef
from django.db.models.deletion import get_candidate_relations_to_delete

from roder.files.models import Blob, StoredFile

#: What other rooms want to know before a file is taken away for good.
_BEFORE_REMOVAL: list[Callable[[StoredFile], None]] = []


def before_removal(told: Callable[[StoredFile], None]) -> None:
    """Tell a room, in the transaction, that a file is about to be removed for good. It lets go of what it holds of the
    file's content, or raises FileFault when the file must stay."""
    if told not in _BEFORE_REMOVAL:
        _BEFORE_REMOVAL.append(told)


def tell(file: StoredFile) -> None:
    """Tell every room that asked for it. Raises FileFault when one of them says that the file must stay."""
    for told in _BEFORE_REMOVAL:
        told(file)


def unheld(hashes: list[str]) -> list[str]:
    """Of these, the content that no row of any room points at."""
    rows = Blob.objects.filter(sha256__in=hashes)
    relations: Any = get_candidate_relations_to_delete(cast(Any, Blob._meta))  # also those without a name
    for relation in relations:
        if relation.on_delete is models.DO_NOTHING:  # the history remembers, and holds nothing
            continue
        held = relation.related_model._base_manager.filter(**{relation.field.name: OuterRef("pk")})
        rows = rows.exclude(Exists(held))
    return list(rows.values_list("sha256", flat=True))
