"""Forms about means: a decision about the result fund, and a forecast of a volume."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms

from roder.core.dayfield import DayField
from roder.core.register.forms import SwedishNumber
from roder.economy.models import FundEntry, VolumeLine
from roder.organisation.models import Body
from roder.steering.models import Support


class FundForm(forms.Form):
    """A decision about the result fund."""

    kind = forms.ChoiceField(label="Vad beslutet gäller", choices=FundEntry.Kind)
    year = forms.IntegerField(
        label="År", min_value=1990, max_value=2100, help_text="När ett resultat förs över: resultatets år."
    )
    amount = SwedishNumber(
        label="Belopp i kronor",
        max_digits=16,
        decimal_places=2,
        help_text="Underskott och det som används skrivs med minus.",
    )
    decided_on = DayField(label="Beslutsdatum")
    decision = forms.CharField(label="Beslut", max_length=200, help_text="Organ, paragraf och ärende.")
    note = forms.CharField(label="Anteckning", required=False, widget=forms.Textarea(attrs={"rows": 3}))


class VolumeForecastForm(forms.Form):
    """A volume forecast in all; who runs it follows a month that was measured."""

    support = forms.ModelChoiceField(
        label="Insats", queryset=Support.objects.none(), empty_label="Välj insats"
    )
    day = DayField(label="Prognosen gäller")
    reference = forms.ChoiceField(
        label="Fördela som", help_text="Månaden vars fördelning mellan egen och extern regi används."
    )
    count = SwedishNumber(
        label="Antal platser eller personer", max_digits=14, decimal_places=2, required=False
    )
    hours = SwedishNumber(label="Timmar per månad", max_digits=14, decimal_places=2, required=False)

    def __init__(self, committee: Body, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        measured = VolumeLine.objects.filter(committee=committee, is_forecast=False, unit=None)
        days = measured.order_by("-measured_on").values_list("measured_on", flat=True).distinct()
        self.fields["support"].queryset = Support.objects.filter(  # type: ignore[attr-defined]
            committee=committee, pk__in=measured.values("support")
        )
        self.fields["reference"].choices = [(str(day), str(day)) for day in days]  # type: ignore[attr-defined]

    def clean_reference(self) -> date:
        """The chosen month as a date."""
        return date.fromisoformat(self.cleaned_data["reference"])
