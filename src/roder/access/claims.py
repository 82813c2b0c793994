"""What an identity provider says about somebody, out of the claims that it sent. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from roder.core.identity import Claims

NO_GROUPS = (
    "Leverantören skickade inte grupperna, för att de är för många. Låt den skicka bara de grupper som Roder "
    "använder."
)
MOST_GROUPS = 2000


@dataclass(frozen=True)
class Said:
    """``groups`` None: the provider says that there are groups, but did not send them. Empty: there are none."""

    email: str
    name: str
    groups: frozenset[str] | None


def found(claims: Mapping[str, Any], name: str) -> Any:
    """A claim by its name, or by a path into a group of claims (``realm_access.roles``); None when it was not sent."""
    if name in claims:
        return claims[name]
    at: Any = claims
    for step in name.split("."):
        if not isinstance(at, Mapping) or step not in at:
            return None
        at = at[step]
    return at


def read(claims: Mapping[str, Any], names: Claims) -> Said:
    """E-mail, name and groups. A provider that leaves a value out, or sends it alone or in a list, is understood."""
    groups = _groups(found(claims, names.groups))
    if groups is None and _overflowed(claims, names.groups):
        return Said(_one(claims, names.email), _one(claims, names.name), None)
    return Said(_one(claims, names.email), _one(claims, names.name), groups or frozenset())


def _overflowed(claims: Mapping[str, Any], name: str) -> bool:
    """Somebody in more groups than fit gets a note of where to ask for them instead."""
    elsewhere = claims.get("_claim_names")
    return claims.get("hasgroups") in (True, "true") or (isinstance(elsewhere, Mapping) and name in elsewhere)


def _groups(value: Any) -> frozenset[str] | None:
    if value is None:
        return None
    values = value if isinstance(value, list | tuple) else [value]
    texts = (str(one).replace("\0", "").strip()[:255] for one in values if isinstance(one, str | int))
    return frozenset([text for text in texts if text][:MOST_GROUPS])


def _one(claims: Mapping[str, Any], name: str) -> str:
    value = found(claims, name)
    if isinstance(value, list | tuple):
        value = value[0] if value else ""
    return value.replace("\0", "").strip() if isinstance(value, str) else ""
