"""Who asks: a token in the header, within its scope."""

from __future__ import annotations

from typing import Any

import pghistory
from django.http import HttpRequest
from ninja.security import HttpBearer

from roder.api.problems import Refused
from roder.api.scopes import WORDS, Scope
from roder.api.tokens import recognise
from roder.organisation.models import Person


class Token(HttpBearer):
    """Lets a call through when its token works, has the scope, and has not been used too much this minute."""

    def __init__(self, scope: Scope) -> None:
        super().__init__()
        self.scope = scope

    def authenticate(self, request: HttpRequest, token: str) -> Any:
        """The token, or None when it is not known. Raises Refused (403 scope, 429 too many)."""
        known = recognise(token.strip())
        if known is None:
            return None
        if known.wait:
            raise Refused(429, f"Vänta {known.wait} sekunder och försök igen.", Retry_After=str(known.wait))
        if self.scope not in known.token.scopes:
            raise Refused(
                403, f"Nyckeln {known.token.prefix}… får inte användas till att {WORDS[self.scope]}."
            )
        request.user = known.token.owner
        request.api_token = known.token  # type: ignore[attr-defined]  # read by those that keep what was sent
        pghistory.context(user=known.token.owner_id, api_token=known.token.pk)
        return known.token


def person(request: HttpRequest) -> Person:
    """The person that the call acts as."""
    assert isinstance(request.user, Person)  # noqa: S101 - every operation has a token
    return request.user
