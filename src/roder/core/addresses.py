"""Names as they stand in web addresses: ``Exempelby kommun`` is ``exempelby``, ``ÄNAU`` is ``anau``. Pure."""

from __future__ import annotations

import re
import unicodedata

SLUG = r"^[a-z0-9]+(-[a-z0-9]+)*$"
"""What every file and form takes, and nothing else: small letters a to z, digits, single hyphens between them."""


def address_name(words: str, otherwise: str = "") -> str:
    """The words as an address name; ``otherwise`` when there is no letter or digit in them."""
    plain = unicodedata.normalize("NFKD", words).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[\s_-]+", "-", re.sub(r"[^\w\s-]", "", plain)).strip("-") or otherwise


def municipality_name(words: str) -> str:
    """A municipality's address name, without the word that they all have."""
    return address_name(words)[:40].removesuffix("-kommun").strip("-")
