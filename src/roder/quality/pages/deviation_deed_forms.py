"""The forms of the deeds on a case. They read; the services decide, and answer at the field."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms

from roder.organisation.models import Unit
from roder.quality.pages.deviation_forms import day, line, text
from roder.quality.rules.deviations import Outcome
from roder.quality.services.action_owners import Candidate
from roder.quality.services.deviations import CHECKS
from roder.quality.services.practice import Practice

OUTCOMES = {
    Outcome.LEX_SARAH: "Lex Sarah: ett ärende öppnas",
    Outcome.LEX_MARIA: "Lex Maria: ett ärende öppnas",
    Outcome.NEITHER: "Varken lex Sarah eller lex Maria",
}


def radios(
    label: str, choices: Any, *, required: bool = True, help_text: str = "", **more: Any
) -> forms.ChoiceField:
    """One of a few."""
    return forms.ChoiceField(
        label=label, choices=choices, required=required, help_text=help_text, widget=forms.RadioSelect, **more
    )


class AssessForm(forms.Form):
    """Assessment by licensed staff, with SBAR."""

    home_visit = radios("Behövs hembesök?", [("ja", "Ja"), ("nej", "Nej")])
    situation = text("Situation", required=True, rows=3, help_text="Vad är det som har hänt?")
    background = text("Bakgrund", rows=3, help_text="Sjukdomar och läkemedel som har betydelse.")
    current = text("Aktuellt tillstånd", rows=3, help_text="Hur är det nu?")
    recommendation = text(
        "Rekommendation", required=True, rows=3, help_text="Vad ska göras, och när ska personalen ringa igen?"
    )
    checks = forms.MultipleChoiceField(
        label="Kontroller som är gjorda", choices=CHECKS, required=False, widget=forms.CheckboxSelectMultiple
    )


class FactsForm(forms.Form):
    """Facts by the unit manager."""

    when = line("När skedde händelsen?", help_text="Om det skiljer sig från rapporten.", maxlength="200")
    what = text("Vad hände?", required=True, help_text="Efter samtal med dem som var med.")
    worked = text(
        "Vem arbetade vid händelsen?", rows=2, help_text="Yrkesroll eller initialer. Inte den som upptäckte."
    )
    talked = forms.BooleanField(label="Jag har talat med dem som arbetade", required=False)


class ClassifyForm(forms.Form):
    """Types and severity."""

    types = forms.MultipleChoiceField(required=False)
    severity = radios("Hur allvarlig är händelsen?", [])
    law = radios(
        "Lagrum", [("sol", "SoL"), ("lss", "LSS"), ("hsl", "HSL")], required=False,
        help_text="Med en typ inom hälso- och sjukvård blir det alltid HSL.",
    )  # fmt: skip
    note = text("Motivering", rows=3, help_text="Behövs när en klassificering ändras. Båda värdena sparas.")

    def __init__(self, *args: Any, kinds: list[str], practice: Practice, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["types"].choices = [(one, one) for one in kinds]  # type: ignore[attr-defined]
        words = [
            (str(one.value), f"{one.value}. {one.label}" + (" (allvarlig)" if one.serious else ""))
            for one in practice.severities
        ]
        self.fields["severity"].choices = words  # type: ignore[attr-defined]


class InvestigateForm(forms.Form):
    """Why it happened, what it led to, and what those concerned are told."""

    cause = text("Orsak", required=True, help_text="Varför hände det? Fråga varför flera gånger.")
    consequence = text(
        "Konsekvens", rows=3, help_text="Vad ledde det till för den enskilde och verksamheten?"
    )
    feedback = text("Återkoppling till den som rapporterade", rows=3, help_text="Visas för rapportören.")
    note = text("Annat om utredningen", rows=3)


class AnalysisForm(forms.Form):
    """Deep analysis of a serious case."""

    course = text("Händelseförlopp", required=True, help_text="Steg för steg.")
    causes = text(
        "Bakomliggande orsaker",
        required=True,
        help_text="Kommunikation, utbildning, omgivning, utrustning, rutiner.",
    )
    barriers = text("Skydd som saknades eller brast", rows=3)


class DecideForm(forms.Form):
    """What a serious case leads to."""

    outcome = radios("Beslut", [])
    motive = text("Motivering", required=True)

    def __init__(self, *args: Any, outcomes: tuple[Outcome, ...], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["outcome"].choices = [(one.value, OUTCOMES[one]) for one in outcomes]  # type: ignore[attr-defined]


class FollowForm(forms.Form):
    """A follow-up or a review in words."""

    note = text("Hur har det gått?", required=True, help_text="Vad är gjort, och vilken effekt fick det?")


class CloseForm(forms.Form):
    """The end."""

    note = text("Anteckning", rows=3)


class ReasonForm(forms.Form):
    """A reason."""

    reason = text("Varför?", required=True, rows=3)


class HandOverForm(ReasonForm):
    """To which unit, and why."""

    unit = forms.ModelChoiceField(
        Unit.objects.none(), label="Ny enhet", empty_label="Välj enhet", required=False
    )
    field_order = ("unit", "reason")

    def __init__(self, *args: Any, units: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["unit"].queryset = units  # type: ignore[attr-defined]


class MergeForm(ReasonForm):
    """With which case, and why."""

    into = line(
        "Nummer på den avvikelse som ska leva vidare",
        required=True,
        help_text="Till exempel 2022-0123.",
        maxlength="20",
    )
    field_order = ("into", "reason")


class SplitForm(ReasonForm):
    """What is taken out."""

    types = forms.MultipleChoiceField(required=False)
    what = text("Vad hände i den nya avvikelsen?", required=True)
    field_order = ("types", "what", "reason")

    def __init__(self, *args: Any, kinds: list[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["types"].choices = [(one, one) for one in kinds]  # type: ignore[attr-defined]


class ConferenceForm(forms.Form):
    """Consent, day and note."""

    consent = radios("Samtycker den enskilde till att händelsen tas upp?", [("ja", "Ja"), ("nej", "Nej")])
    on = day("Dag för patientkonferensen", required=False)
    note = text("Vad som sades", rows=3, help_text="Nya ordinationer och vem som gör vad.")


GROUP_WORDS = {"unit": "För enhetens åtgärd", "profession": "För professionens åtgärd"}


class ActionForm(forms.Form):
    """What is to be done by when."""

    what = text(
        "Åtgärd",
        required=True,
        rows=2,
        help_text="Börja med ett verb. Inget om den enskilde: texten visas i listor och brev.",
    )
    group = radios("Vems åtgärd?", [("unit", "Enhetens"), ("profession", "Professionens")])
    kind = forms.ChoiceField(label="Slag av åtgärd", required=False)
    owner = forms.ChoiceField(
        label="Ansvarig",
        required=False,
        help_text="Den ansvariga får en uppgift. Väljer du en post följer uppgiften posten, inte personen.",
    )
    due = day("Klar senast")
    expected_effect = text("Vilken effekt väntar du dig?", rows=2)

    def __init__(
        self,
        *args: Any,
        groups: list[str],
        owners: dict[str, list[Candidate]],
        kinds: Sequence[str],
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        if kinds:
            kind: Any = self.fields["kind"]
            kind.choices = [("", "Inte valt"), *((one, one) for one in kinds)]
        else:
            del self.fields["kind"]
        field: Any = self.fields["group"]
        field.choices = [one for one in field.choices if one[0] in groups]
        if len(groups) == 1:
            field.widget = forms.HiddenInput()
            field.initial = groups[0]
        owner: Any = self.fields["owner"]
        owner.choices = _owners(groups, owners)


def _owners(groups: list[str], owners: dict[str, list[Candidate]]) -> list[Any]:
    """Those who may own an action; under the group's name when there are several groups to choose from."""
    parts = [(words, owners[group]) for group, words in GROUP_WORDS.items() if group in groups]
    found = [(words, [(one.value, one.label) for one in several]) for words, several in parts]
    if len(found) == 1:
        return found[0][1]
    return [("", "Enhetschefen, eller legitimerad personal för professionens åtgärd"), *found]


class DoneForm(forms.Form):
    """What was done."""

    note = text("Vad gjordes?", required=True, rows=3)


class EffectForm(forms.Form):
    """The effect."""

    effect = radios("Hade åtgärden effekt?", [])
    text = text("Hur märks det?", required=True, rows=3)

    def __init__(self, *args: Any, done: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        words = (
            [("yes", "Ja"), ("partly", "Delvis"), ("no", "Nej")] if done else [("not_done", "Inte genomförd")]
        )
        self.fields["effect"].choices = words  # type: ignore[attr-defined]
        if not done:
            self.fields["effect"].initial = "not_done"
            self.fields["text"].label = "Varför blev den inte genomförd?"
