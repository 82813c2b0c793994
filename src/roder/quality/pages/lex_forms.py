"""The forms of lex Sarah and lex Maria."""

from __future__ import annotations

from typing import Any

from django import forms

from roder.core.words import capital_first
from roder.organisation.models import Body, Unit
from roder.quality.models import LexMariaCase, LexSarahCase, LexSarahDecision
from roder.quality.models.deviations import Law
from roder.quality.services.lex import Investigation, Report
from roder.quality.services.lex_maria import Analysis
from roder.steering.models import DeviationType, ServiceArea
from roder.web.forms import DeedForm, day, long_text, said, short_text, yes_no

OUTCOMES = [(code, capital_first(label)) for code, label in LexSarahDecision.Outcome.choices]


class ReportForm(DeedForm):
    """A report of (risk of) misconduct."""

    what = long_text("Vad har hänt, eller vad finns det risk för?", rows=7, required=True, help_text=(
        "Skriv vad du vet. Skriv inga namn och inga personnummer; referensen nedan räcker."
    ))  # fmt: skip
    unit = forms.ModelChoiceField(
        Unit.objects.none(), label="Enhet", required=False, empty_label="Vet inte eller flera"
    )
    law = forms.ChoiceField(label="Insatsen ges enligt", choices=Law.choices, initial=Law.SOL)
    type = forms.ModelChoiceField(
        DeviationType.objects.none(), label="Vad det handlar om", required=False, empty_label="Vet inte"
    )
    service_area = forms.ModelChoiceField(
        ServiceArea.objects.none(), label="Verksamhetsområde", required=False, empty_label="Vet inte"
    )
    reference = short_text("Referens", 40, "Verksamhetssystemets referens till den enskilde. Aldrig namn.")

    def __init__(self, *args: Any, committee: Body, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        named: list[tuple[str, Any]] = [
            ("unit", Unit),
            ("type", DeviationType),
            ("service_area", ServiceArea),
        ]
        for name, model in named:
            rows = model.objects.filter(committee=committee)
            self.fields[name].queryset = rows.order_by("name" if model is Unit else "position")  # type: ignore[attr-defined]
            if model is not Unit and not rows.exists():
                del self.fields[name]

    def report(self) -> Report:
        """What was filled in."""
        return Report(**{name: value for name, value in self.cleaned_data.items() if name != "revision"})


class InvestigationForm(DeedForm):
    """What the investigation has found."""

    what = long_text("Vad har hänt?", rows=6)
    shortcoming = yes_no("Fanns det en brist i verksamheten?", "En handling eller något som inte blev gjort.")
    consequence = yes_no("Fick det konsekvenser, eller var det en påtaglig risk?")
    consequence_text = long_text(
        "Konsekvenser, fysiska och psykiska", 4, "Det som blev, eller kunde ha blivit."
    )
    cause = long_text("Vad berodde det på?")
    actions_text = long_text(
        "Vad har gjorts och vad ska göras?", 4, "För att rätta till, och för att det inte ska hända igen."
    )
    finished = forms.BooleanField(label="Utredningen är klar och kan beslutas", required=False)

    @staticmethod
    def initial_of(case: LexSarahCase) -> dict[str, Any]:
        """What the form opens with."""
        names = ("what", "consequence_text", "cause", "actions_text", "revision")
        return {
            **{name: getattr(case, name) for name in names},
            "shortcoming": said(case.shortcoming),
            "consequence": said(case.consequence),
            "finished": case.state == LexSarahCase.State.INVESTIGATED,
        }

    def found(self) -> Investigation:
        """What was filled in."""
        names = ("what", "shortcoming", "consequence", "consequence_text", "cause", "actions_text")
        return Investigation(**{name: self.cleaned_data[name] for name in names})


class DecisionForm(DeedForm):
    """One decision for the cases that are ticked."""

    cases = forms.ModelMultipleChoiceField(
        LexSarahCase.objects.none(),
        label="Ärenden",
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "Välj minst ett ärende att besluta om."},
    )
    outcome = forms.ChoiceField(label="Beslut", choices=OUTCOMES, widget=forms.RadioSelect)
    motive = long_text("Motivering", rows=6, required=True)
    line = short_text("En rad till nämnden", 200, (
        "Nämnden hör om varje beslut. Skriv vad det gällde, utan namn på personer."
    ), required=True)  # fmt: skip
    decided_on = day("Beslutsdatum")


class NoticeForm(DeedForm):
    """The day the notice went to IVO."""

    on = day("Anmäld till IVO")


class AnswerForm(DeedForm):
    """What IVO answered."""

    answer = long_text("IVO:s svar", required=True)
    on = day("Svaret kom")


class CloseForm(DeedForm):
    """The day a case is closed."""

    on = day("Avslutas")


class AnalysisForm(DeedForm):
    """The event analysis of a lex Maria case."""

    analysis = long_text("Händelseanalys", rows=12, help_text=(
        "Händelseförlopp, bakomliggande orsaker, och vad som görs för att det inte ska hända igen."
    ))  # fmt: skip
    analysed_on = day("Händelseanalysen blev klar", "Lämna tomt medan den pågår.", required=False)
    patient_informed = yes_no("Är patienten informerad?")
    patient_informed_on = day("Patienten informerades", required=False)

    @staticmethod
    def initial_of(case: LexMariaCase) -> dict[str, Any]:
        """What the form opens with."""
        names = ("analysis", "analysed_on", "patient_informed_on", "revision")
        return {
            **{name: getattr(case, name) for name in names},
            "patient_informed": said(case.patient_informed),
        }

    def found(self) -> Analysis:
        """What was filled in."""
        names = ("analysis", "analysed_on", "patient_informed", "patient_informed_on")
        return Analysis(**{name: self.cleaned_data[name] for name in names})


class MariaDecisionForm(DeedForm):
    """To notify IVO or not."""

    notify = forms.TypedChoiceField(
        label="Beslut",
        choices=[("ja", "Anmäls till IVO"), ("nej", "Anmäls inte")],
        widget=forms.RadioSelect,
        coerce=lambda word: word == "ja",
        error_messages={"required": "Välj om händelsen anmäls eller inte."},
    )
    motive = long_text("Motivering", rows=5, required=True)
    decided_on = day("Beslutsdatum")
    notified_on = day("Anmälan skickades", "Bara om den anmäls.", required=False)


class OutcomeForm(DeedForm):
    """IVO's decision in a lex Maria case."""

    outcome = long_text("IVO:s beslut", required=True)
