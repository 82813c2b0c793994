"""The forms of the tasks' pages."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils import timezone

from roder.core.dayfield import DayField
from roder.core.persons import FREE_TEXT
from roder.organisation.models import Mandate, Person
from roder.tasks import deputies
from roder.tasks.models import Action


def _day(label: str, **options: Any) -> DayField:
    return DayField(label=label, **options)


def _text(label: str, rows: int = 4, **options: Any) -> forms.CharField:
    return forms.CharField(
        label=label, widget=forms.Textarea(attrs={"rows": rows}), validators=FREE_TEXT, **options
    )


class NoteForm(forms.Form):
    """A note to what is marked ready, approved or given back."""

    note = _text("Kommentar", 2, required=False, max_length=1000)
    revision = forms.IntegerField(widget=forms.HiddenInput, required=False)


class DoneForm(forms.Form):
    """What was done."""

    note = _text("Vad gjordes?", 3, required=False)


class EffectForm(forms.Form):
    """What effect it had."""

    effect = forms.ChoiceField(label="Fick åtgärden effekt?", widget=forms.RadioSelect)
    effect_text = _text("Vilken effekt, och hur vet ni det?", 3)

    def __init__(self, action: Action, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["effect"]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101 - declared ten lines up
        not_done = Action.Effect.NOT_DONE
        field.choices = (
            [(one.value, one.label.capitalize()) for one in Action.Effect if one is not not_done]
            if action.done_at
            else [(not_done.value, not_done.label.capitalize())]
        )
        if not action.done_at:
            field.initial = not_done.value
            field.label = "Varför avslutas den?"
            self.fields["effect_text"].label = "Varför genomfördes den inte?"


class DropForm(forms.Form):
    """Why an action should not be done."""

    dropped_reason = _text("Varför ska åtgärden inte göras?", 2, max_length=500)


class DeputyForm(forms.Form):
    """Who stands in for a person, for what, when. ``by`` is who appoints: the person, or an administrator."""

    stand_in = forms.ModelChoiceField(
        label="Ersättare", queryset=Person.objects.none(), empty_label="Välj person",
        help_text="Någon med ett uppdrag i samma nämnd. Ersättaren får uppgifterna och behörigheten under tiden.",
    )  # fmt: skip
    mandate = forms.ModelChoiceField(label="Gäller", queryset=Mandate.objects.none(), required=False)
    first = _day("Första dag")
    last = _day("Sista dag")

    def __init__(self, person: Person, by: Person, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{"initial": {"first": timezone.localdate()}, **kwargs})
        for name, rows in (
            ("stand_in", deputies.candidates(person)),
            ("mandate", deputies.mandates_to_lend(person, by)),
        ):
            field = self.fields[name]
            assert isinstance(field, forms.ModelChoiceField)  # noqa: S101 - declared ten lines up
            field.queryset = rows
        whole = deputies.may_lend_all(person, by)
        mandate = self.fields["mandate"]
        assert isinstance(mandate, forms.ModelChoiceField)  # noqa: S101 - declared above
        mandate.required = not whole
        words = "Alla mina uppdrag" if by.pk == person.pk else f"Alla uppdrag som {person} har"
        mandate.empty_label = words if whole else "Välj uppdrag"
