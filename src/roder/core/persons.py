"""What free text is refused for: personal identity numbers, signs that cannot be kept, and too many words.

Roder needs no person to govern (1-product): cases carry pseudonymous references.
"""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError

from roder.core.identity_numbers import LONGEST, find

__all__ = ["FREE_TEXT", "LONGEST", "find", "no_personal_number", "storable"]


def no_personal_number(value: Any) -> None:
    """A model field's validator: refuse a text with a personal identity number in it, without repeating the number."""
    if isinstance(value, str) and find(value):
        raise ValidationError(
            "Texten innehåller ett personnummer. Ta bort det och skriv referensen från verksamhetssystemet i stället.",
            code="personal_number",
        )


def storable(value: Any) -> None:
    """A model field's validator: refuse what the database cannot keep (a NUL character) or nobody can read."""
    if not isinstance(value, str):
        return
    if "\x00" in value:
        raise ValidationError(
            "Texten innehåller ett tecken som inte går att spara (NUL). Ta bort det.", code="nul"
        )
    if len(value) > LONGEST:
        count = f"{len(value):,}".replace(",", "\u00a0")
        most = f"{LONGEST:,}".replace(",", "\u00a0")
        raise ValidationError(
            f"Texten är {count} tecken; högst {most} ryms. Korta den eller lägg den i en bifogad fil.",
            code="too_long",
        )


#: For every free text field of the rooms that write about people.
FREE_TEXT = (storable, no_personal_number)
