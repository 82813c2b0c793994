"""A post sent twice is done once: the sender gives each a key, and the key belongs to what it made."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from typing import Annotated, TypeVar
from uuid import UUID

from django.db import connection, models, transaction
from django.http import HttpRequest
from ninja import Header
from pydantic import BaseModel

from roder.api.models import ApiToken, KeptPost
from roder.api.problems import Refused

M = TypeVar("M", bound=models.Model)
Key = Annotated[
    UUID | None,
    Header(
        alias="Idempotency-Key", description="UUID som avsändaren väljer; sänds samma igen görs inget nytt."
    ),
]


@transaction.atomic
def once(
    request: HttpRequest, key: UUID | None, body: BaseModel, model: type[M], make: Callable[[], M]
) -> tuple[M, bool]:
    """What the post makes, and whether it was made now. With a key that was used before: what that made.

    Two at once with the same key: the second waits for the first. Raises Refused (409) when the key was used for
    something else.
    """
    token: ApiToken = request.api_token  # type: ignore[attr-defined]
    if key is None:
        return make(), True
    digest = hashlib.sha256(f"{request.path}\n{body.model_dump_json()}".encode()).hexdigest()
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO api_keptpost (token_id, key, digest, made_kind) VALUES (%s, %s, %s, '') "
            "ON CONFLICT (token_id, key) DO NOTHING RETURNING id",
            [token.pk, key, digest],
        )
        new = cursor.fetchone()
    if new is None:
        kept = KeptPost.objects.get(token=token, key=key)
        if kept.digest != digest:
            raise Refused(
                409, "Nyckeln i Idempotency-Key har använts för något annat. Välj en ny för varje sändning."
            )
        return model._base_manager.get(pk=kept.made_id), False
    made = make()
    KeptPost.objects.filter(pk=new[0]).update(made_kind=model._meta.label_lower, made_id=made.pk)
    return made, True
