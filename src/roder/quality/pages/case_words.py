"""What the pages of cases (lex Sarah, lex Maria, complaints) say alike."""

from __future__ import annotations

#: Said of a deed that was sent too late, or by somebody whose mandates do not reach.
NOT_NOW = "Det går inte i ärendets läge, eller med dina mandat. Så här ser ärendet ut nu."
