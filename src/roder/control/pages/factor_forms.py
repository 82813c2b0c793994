"""The forms of critical factors."""

from __future__ import annotations

from typing import Any

from django import forms

from roder.control.models import CriticalFactor, Risk
from roder.control.pages.audit_forms import needed
from roder.measures.models import Measure
from roder.web.forms import DeedForm, day, long_text, short_text


class FactorForm(DeedForm):
    """A factor: what must go well, in which perspective, and the risk that it comes of."""

    perspective = forms.ChoiceField(label="Perspektiv")
    title = short_text(
        "Vad måste fungera?", 300, "Till exempel: Brukarna är nöjda med hemtjänsten.", required=True
    )
    description = long_text("Beskrivning", 3)
    risk = forms.ModelChoiceField(
        Risk.objects.none(), label="Kommer av risken", required=False, empty_label="Ingen"
    )

    def __init__(self, *args: Any, perspectives: dict[str, str], risks: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["perspective"].choices = list(perspectives.items())  # type: ignore[attr-defined]
        self.fields["risk"].queryset = risks  # type: ignore[attr-defined]

    @staticmethod
    def initial_of(factor: CriticalFactor) -> dict[str, Any]:
        """The factor as the form shows it."""
        return {
            "perspective": factor.perspective, "title": factor.title, "description": factor.description,
            "risk": factor.risk_id, "revision": factor.revision,
        }  # fmt: skip


class MeasureForm(DeedForm):
    """A measure of a factor: how often it is followed up, and in which reports."""

    measure = forms.ModelChoiceField(Measure.objects.none(), label="Nyckeltal", empty_label="Välj …")
    times_a_year = forms.IntegerField(label="Gånger per år", required=False, min_value=1, max_value=365)
    reported_in = short_text("Redovisas i", 300, "Rapporternas namn, skilda med komma.")
    footnote = short_text("Fotnot", 300)

    def __init__(self, *args: Any, measures: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["measure"].queryset = measures  # type: ignore[attr-defined]

    def clean_reported_in(self) -> list[str]:
        """The names, each by itself."""
        return [one.strip()[:80] for one in self.cleaned_data["reported_in"].split(",") if one.strip()]


class ReviewForm(DeedForm):
    """What is said of a factor at an occasion."""

    analysis = needed(long_text("Hur går det?", 5), "Skriv hur det går för faktorn.")
    action = long_text("Vad gör ni åt det?", 3)


class DecidedForm(DeedForm):
    """The day the administration decided."""

    decided_on = day("Beslutade")


class ToldForm(DeedForm):
    """The day the committee was told."""

    told_on = day("Anmälda till nämnden")
