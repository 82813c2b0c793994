"""The form for asking for a fetch."""

from __future__ import annotations

from typing import Any

from django import forms

from roder.kolada.rules import FIRST_YEAR, LAST_YEAR

MOST_YEARS = 30


class FetchForm(forms.Form):
    """Which years, and whether every municipality's values are wanted."""

    first_year = forms.IntegerField(label="Från och med år", min_value=FIRST_YEAR, max_value=LAST_YEAR)
    last_year = forms.IntegerField(label="Till och med år", min_value=FIRST_YEAR, max_value=LAST_YEAR)
    everybody = forms.BooleanField(
        label="Hämta alla kommuners värden",
        required=False,
        help_text="Behövs för att se hur alla landets kommuner sprider sig. Tar några minuter.",
    )

    def clean(self) -> dict[str, Any]:
        """The years come in order, and are not too many."""
        values = super().clean() or {}
        first, last = values.get("first_year"), values.get("last_year")
        if first and last and first > last:
            self.add_error("last_year", "Året är före det första. Byt plats på åren.")
        elif first and last and last - first >= MOST_YEARS:
            self.add_error("first_year", f"Hämta högst {MOST_YEARS} år åt gången.")
        return values
