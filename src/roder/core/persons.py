"""Swedish personal identity numbers: found so that free text that holds one can be refused.

Roder needs no person to govern (1-product): cases carry pseudonymous references. A number is looked for as people
write it: ten or twelve digits, with or without hyphen, plus sign or spaces. A run of digits counts only when its date
exists and its check digit is right, so that telephone numbers and sums are left alone; co-ordination numbers (day + 60)
and interim numbers with a letter are found too. Källa: Folkbokföringslagen (1991:481) 18 §.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from typing import Any

from django.core.exceptions import ValidationError
from personnummer.personnummer import Personnummer, PersonnummerException

#: Longest free text that a field takes; what is longer is refused with the length, and nothing of it is lost.
LONGEST = 20_000

_GAP = r"[ \t\u00a0\u2007\u2009\u202f.]?"
_DASH = rf"(?:{_GAP}[-+\u2010-\u2015\u2212]?{_GAP})"
_CANDIDATE = re.compile(
    rf"(?<![\w])(?P<century>(?:1[89]|20)?){_GAP}"
    rf"(?P<year>\d{{2}}){_DASH}(?P<month>\d{{2}}){_DASH}(?P<day>\d{{2}})"
    rf"(?P<sep>{_GAP}[-+\u2010-\u2015\u2212]?{_GAP})"
    rf"(?P<number>(?:\d{_GAP}\d{_GAP}\d{_GAP}|[TtRrSsUuWwXxJjKkLlMmNn]\d{{2}})\d)(?![\w])"
)


def find(text: str) -> list[str]:
    """The personal identity numbers in a text, as they are written there."""
    return [match.group().strip() for match in _CANDIDATE.finditer(text) if _is_number(match)]


def _is_number(match: re.Match[str]) -> bool:
    digits = re.sub(r"\W", "", match["number"])
    sign = "+" if "+" in match["sep"] else "-"
    whole = f"{match['century']}{match['year']}{match['month']}{match['day']}{sign}{digits}"
    try:
        Personnummer(whole, {"allow_coordination_number": True, "allow_interim_number": True})
    except (PersonnummerException, ValueError):
        return False
    return True


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


#: Longest reason for a deed: it is told in the trail and in lists.
LONGEST_REASON = 500
#: What is said of an empty text that must be written, where the deed has no words of its own.
REQUIRED = "Skriv något här."


def checked_texts(
    texts: Mapping[str, str], required: Mapping[str, str] | Collection[str] = (), most: int = LONGEST
) -> dict[str, str]:
    """Free texts without space around them, where no model field asks.

    ``required`` are those that must be written, with what to say of an empty one. Raises ValidationError with every
    fault of every text by its field: empty, a personal identity number, what cannot be kept, and more than ``most``
    characters.
    """
    words = required if isinstance(required, Mapping) else dict.fromkeys(required, REQUIRED)
    kept = {name: (text or "").strip() for name, text in texts.items()}
    faults = {
        name: found for name, text in kept.items() if (found := _faults_of(text, words.get(name, ""), most))
    }
    if faults:
        raise ValidationError(faults)
    return kept


def _faults_of(text: str, if_empty: str, most: int) -> list[ValidationError]:
    if not text:
        return [ValidationError(if_empty, code="required")] if if_empty else []
    found: list[ValidationError] = []
    for validator in FREE_TEXT:
        try:
            validator(text)
        except ValidationError as error:
            found.extend(error.error_list)
    if most < len(text) <= LONGEST:  # longer still is told already
        found.append(
            ValidationError(f"Texten är {len(text)} tecken; högst {most} ryms. Korta den.", code="too_long")
        )
    return found


def checked_text(text: str, field: str, most: int = LONGEST, *, required: str = "") -> str:
    """One free text, as `checked_texts`; ``required`` is what to say when it is empty and must not be."""
    return checked_texts({field: text}, {field: required} if required else (), most)[field]
