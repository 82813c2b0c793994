"""The forms of quality plans and rounds."""

from __future__ import annotations

from typing import Any

from django import forms

from roder.core.dayfield import DayField
from roder.organisation.models import Role, Unit
from roder.quality.models.selfchecks import Interval, ProcessRisk, ProcessStep, QualityPlan, SelfCheckRound
from roder.quality.selfchecks.services import question_sets_of

#: Who a check may be given to.
MAKERS = (
    Role.UNIT_MANAGER,
    Role.CARE_STAFF,
    Role.LICENSED,
    Role.CASEWORK_MANAGER,
    Role.MAS,
    Role.SAS,
    Role.PROVIDER,
)
_SCALE = [(number, str(number)) for number in range(1, 5)]


def _day() -> DayField:
    return DayField()


class PlanForm(forms.Form):
    """Which unit's plan, and what it wants to reach."""

    unit = forms.ModelChoiceField(Unit.objects.none(), label="Enhet", empty_label=None)
    aim = forms.CharField(
        label="Vad vill enheten uppnå?",
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        max_length=20_000,
    )

    def __init__(self, *args: Any, units: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["unit"].queryset = units  # type: ignore[attr-defined]


class AimForm(forms.Form):
    """What the unit wants to reach."""

    aim = forms.CharField(
        label="Vad vill enheten uppnå?", required=False, widget=forms.Textarea(attrs={"rows": 4})
    )
    revision = forms.IntegerField(widget=forms.HiddenInput)


class RiskForm(forms.Form):
    """A risk in a step of the process."""

    step = forms.ChoiceField(label="Steg i processen", choices=ProcessStep.choices)
    what = forms.CharField(
        label="Vad kan gå fel?", max_length=500, widget=forms.Textarea(attrs={"rows": 2}),
        help_text="Till exempel: planen följs inte upp när behoven ändras.",
    )  # fmt: skip
    likelihood = forms.TypedChoiceField(label="Sannolikhet (1–4)", choices=_SCALE, coerce=int, initial=2)
    consequence = forms.TypedChoiceField(label="Konsekvens (1–4)", choices=_SCALE, coerce=int, initial=2)


class RiskChangeForm(RiskForm):
    """A risk that is changed: the version that was read comes back with it."""

    revision = forms.IntegerField(widget=forms.HiddenInput)


class CheckForm(forms.Form):
    """A self-check: what, how, of how many and how often."""

    title = forms.CharField(label="Egenkontroll", max_length=200)
    risk = forms.ModelChoiceField(ProcessRisk.objects.none(), label="Risk som kontrolleras", required=False)
    question_set = forms.ModelChoiceField(
        question_sets_of(0), label="Frågor", help_text="Frågeformulär som är gjorda för egenkontroll."
    )
    method = forms.CharField(
        label="Metod",
        max_length=500,
        help_text="Till exempel: granskning av slumpvis valda signeringslistor.",
    )
    sample = forms.IntegerField(label="Urval (antal)", min_value=1, max_value=200, initial=5)
    sample_of = forms.CharField(
        label="Urval av", max_length=120, required=False, help_text="Till exempel: akter."
    )
    interval = forms.ChoiceField(label="Hur ofta", choices=Interval.choices, initial=Interval.HALF_YEAR)
    first_on = _day()
    role = forms.ChoiceField(label="Görs av", choices=[(role.value, role.label) for role in MAKERS])

    def __init__(self, *args: Any, plan: QualityPlan, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["risk"].queryset = plan.risks.all()  # type: ignore[attr-defined]
        self.fields["question_set"].queryset = question_sets_of(plan.committee_id)  # type: ignore[attr-defined]
        self.fields["first_on"].label = "Första gången senast"
        self.fields["first_on"].help_text = f"En dag under {plan.year}. Sedan med det intervall som du valt."


class CloseForm(forms.Form):
    """What came of a round."""

    method_followed = forms.ChoiceField(
        label="Följdes metoden och urvalet?",
        widget=forms.RadioSelect,
        choices=SelfCheckRound.Followed.choices,
    )
    method_note = forms.CharField(label="Avvek så här", max_length=500, required=False)
    outcome = forms.CharField(
        label="Vad såg ni?", required=False, widget=forms.Textarea(attrs={"rows": 4}),
        help_text="Mönster och slutsatser. Skriv referenser, aldrig namn.",
    )  # fmt: skip
    revision = forms.IntegerField(widget=forms.HiddenInput)


class ActionForm(forms.Form):
    """An action for what was found."""

    finding = forms.CharField(label="Vad ni såg", widget=forms.Textarea(attrs={"rows": 2}))
    what = forms.CharField(label="Vad ska göras?", max_length=500)
    due = DayField(label="Senast")
    expected_effect = forms.CharField(
        label="Vilken effekt väntar ni er?", required=False, widget=forms.Textarea(attrs={"rows": 2})
    )


class WhyForm(forms.Form):
    """A reason."""

    why = forms.CharField(label="Varför?", max_length=500)
