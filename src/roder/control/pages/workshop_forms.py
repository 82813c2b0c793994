"""The forms of the risk workshop: to begin one, suggest a risk, score, decide, and put suggestions together."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django import forms

from roder.control.models import Risk
from roder.control.rules.scales import Axis, Scale, Step
from roder.core.persons import FREE_TEXT
from roder.web.forms import DeedForm, day, short_text


class StartForm(DeedForm):
    """A new workshop."""

    title = short_text("Vad heter workshopen?", 200, "Till exempel Riskworkshop hösten 2022.", required=True)
    held_on = day("Dag")
    names_shown = forms.BooleanField(
        label="Visa namn när gruppen jämför bedömningarna",
        help_text="Annars syns det aldrig vem som har satt vad. Det kan inte ändras när någon har bedömt.",
        required=False,
    )


class SuggestForm(DeedForm):
    """A suggestion: what may happen, and if one likes what it comes from and leads to."""

    text = forms.CharField(
        label="Vad kan hända?", help_text="En risk i taget, en mening. Inga namn.", max_length=400,
        widget=forms.Textarea(attrs={"rows": 2}), validators=list(FREE_TEXT),
        error_messages={"required": "Skriv vad som kan hända."},
    )  # fmt: skip
    cause = short_text("Vad kan det bero på?", 1000)
    consequence = short_text("Vad leder det till?", 1000)
    category = short_text("Område", 120)


@dataclass(frozen=True)
class Choice:
    """A step as it is chosen."""

    step: Step
    chosen: bool


class ScoreForm(DeedForm):
    """A score on a scale. Every step is a large button with what it means."""

    likelihood = forms.IntegerField(min_value=0, max_value=100)
    impact = forms.IntegerField(min_value=0, max_value=100)
    note = short_text("Vill du säga varför?", 300, "Gruppen ser texten utan ditt namn.")

    def __init__(self, *args: Any, scale: Scale, named: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.scale = scale
        if named:
            self.fields["note"].help_text = "Gruppen ser texten och ditt namn."
        for name, axis in self._axes().items():
            field = self.fields[name]
            field.label = axis.label
            told = f"Välj ett steg för {axis.label.lower()}."
            field.error_messages |= dict.fromkeys(("required", "invalid", "min_value", "max_value"), told)
            for check in getattr(field, "validators", ()):
                check.message = told

    def _axes(self) -> dict[str, Axis]:
        return {"likelihood": self.scale.likelihood, "impact": self.scale.impact}

    def axes(self) -> list[dict[str, Any]]:
        """The two axes, each with its choices from the lowest, and what is wrong with what was chosen."""
        found = []
        for name, axis in self._axes().items():
            value = str(self[name].value() if self[name].value() is not None else "")
            choices = [Choice(step, str(step.value) == value) for step in axis.steps]
            found.append({"name": name, "axis": axis, "choices": choices, "errors": self[name].errors})
        return found


class DecideForm(ScoreForm):
    """The group's decision."""

    note = short_text("Varför blev det så?", 300, "Står kvar på workshopens sida.")


class MergeForm(DeedForm):
    """Which other risk a suggestion is the same as, and what the two are called together."""

    into = forms.ModelChoiceField(
        Risk.objects.none(), label="För ihop med", empty_label="Välj risk",
        error_messages={"required": "Välj vilken risk förslaget förs ihop med.",
                        "invalid_choice": "Risken finns inte längre i workshopen. Välj en annan."},
    )  # fmt: skip
    text = short_text("Gemensam text", 400, "Lämna tomt för att behålla den andra riskens text.")

    def __init__(self, *args: Any, others: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["into"].queryset = others  # type: ignore[attr-defined]
