"""The form in which somebody says what they think of a goal or an assignment."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms

from roder.steering.models import Assessment
from roder.steering.rules import Proposal, StatusStep
from roder.steering.services import Judgement


class AssessmentForm(forms.Form):
    """Status, reason for departing from the proposal, analysis, outlook and measures taken."""

    status = forms.ChoiceField(label="Bedömning", required=False, widget=forms.RadioSelect)
    override_reason = forms.CharField(
        label="Skäl att avvika från förslaget",
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text="Behövs när din bedömning är en annan än den föreslagna.",
    )
    analysis = forms.CharField(
        label="Analys",
        required=False,
        widget=forms.Textarea(attrs={"rows": 6}),
        help_text="Vad beror resultatet på? Har aktiviteterna haft effekt? Vad kan bli bättre?",
    )
    outlook = forms.CharField(
        label="Prognos",
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text="Skriv bara om det finns tecken på hur det går.",
    )
    measures_taken = forms.CharField(
        label="Åtgärder", required=False, widget=forms.Textarea(attrs={"rows": 3})
    )
    revision = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def __init__(
        self, *args: Any, scale: Sequence[StatusStep], proposal: Proposal | None, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        choices = [(step.code, step.label) for step in scale]
        field = self.fields["status"]
        field.choices = [("", "Ingen bedömning än"), *choices]  # type: ignore[attr-defined]
        labels = dict(choices)
        if proposal and proposal.code in labels:
            field.help_text = f"Förslag: {labels[proposal.code]}. {proposal.reason}"
        elif proposal:
            field.help_text = proposal.reason
        if not choices:
            field.help_text = "Styrmodellen har ingen skala för det här tillfället."

    @staticmethod
    def initial_of(assessment: Assessment | None) -> dict[str, Any]:
        """What the form opens with."""
        if assessment is None:
            return {}
        names = ("status", "override_reason", "analysis", "outlook", "measures_taken", "revision")
        return {name: getattr(assessment, name) for name in names}

    def judgement(self) -> Judgement:
        """What was filled in, for the service."""
        data = dict(self.cleaned_data)
        data.pop("revision", None)
        return Judgement(**data)
