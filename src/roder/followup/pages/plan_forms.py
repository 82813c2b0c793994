"""The forms of action plans."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.core.exceptions import ValidationError

from roder.core.dayfield import DayField
from roder.core.models import StaleRecordError
from roder.core.persons import FREE_TEXT

if TYPE_CHECKING:
    from roder.steering.models import Goal

QUARTERS = (
    ("", "Under året"),
    ("1", "Kvartal 1"),
    ("2", "Kvartal 2"),
    ("3", "Kvartal 3"),
    ("4", "Kvartal 4"),
)


def _text(label: str, rows: int, help_text: str = "") -> forms.CharField:
    return forms.CharField(
        label=label, required=False, max_length=20_000, validators=FREE_TEXT, help_text=help_text,
        widget=forms.Textarea(attrs={"rows": rows}),
    )  # fmt: skip


def _day(label: str, help_text: str = "", *, required: bool = False) -> DayField:
    return DayField(label=label, required=required, help_text=help_text)


class IntroductionForm(forms.Form):
    """What stands first in the plan."""

    introduction = _text("Inledning", 4, "Vad är viktigast för enheten i år?")
    revision = forms.IntegerField(widget=forms.HiddenInput)


class DecideForm(forms.Form):
    """Which day the plan is decided."""

    decided_on = _day("Beslutad", "Tomt är i dag.")
    revision = forms.IntegerField(widget=forms.HiddenInput)


class ReopenForm(forms.Form):
    """Why a decided plan is opened again."""

    reason = forms.CharField(label="Varför ska planen ändras?", max_length=500, validators=FREE_TEXT)
    revision = forms.IntegerField(widget=forms.HiddenInput)


class ActivityForm(forms.Form):
    """What the unit does, why, who, when and how it is followed up."""

    goal: forms.ModelChoiceField[Goal] = forms.ModelChoiceField(
        None, label="Mål", help_text="Vilket av nämndens mål aktiviteten ska bidra till."
    )
    what = forms.CharField(label="Vad", max_length=300, validators=FREE_TEXT)
    why = _text("Varför", 2, "Vilken effekt du väntar dig mot målet.")
    who = forms.CharField(
        label="Vem", max_length=120, required=False, validators=FREE_TEXT,
        help_text="En funktion, till exempel samordnaren. Skriv inga namn.",
    )  # fmt: skip
    quarter = forms.TypedChoiceField(
        label="När", choices=QUARTERS, coerce=int, empty_value=None, required=False,
        help_text="Kvartalet då aktiviteten ska vara genomförd.",
    )  # fmt: skip
    followed_how = forms.CharField(
        label="Hur det följs upp", max_length=250, required=False, validators=FREE_TEXT
    )

    def __init__(self, *args: Any, goals: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["goal"].queryset = goals  # type: ignore[attr-defined]


class ActivityChangeForm(ActivityForm):
    """An activity that is changed: the version that was read comes back with it."""

    revision = forms.IntegerField(widget=forms.HiddenInput)


class FollowUpForm(forms.Form):
    """How far the activity has come."""

    progress = forms.IntegerField(
        label="Genomfört i procent", required=False, min_value=0, max_value=100,
        help_text="100 är klart.", widget=forms.NumberInput(attrs={"inputmode": "numeric", "step": 5}),
    )  # fmt: skip
    done_on = _day("Klar den dag", "Fyll i när aktiviteten är klar.")
    followed_up = _text("Uppföljning", 3, "Vad har ni gjort, och vad har det gett?")
    revision = forms.IntegerField(widget=forms.HiddenInput)


def told(form: forms.Form, error: ValidationError) -> None:
    """Put what a service refused at its field."""
    for name, found in getattr(error, "message_dict", {"__all__": error.messages}).items():
        form.add_error(name if name in form.fields else None, found)


def clash(form: forms.Form, stale: StaleRecordError, posted: Any) -> None:
    """Show beside what was typed what somebody else has saved meanwhile; saving once more takes what is typed."""
    current = type(stale.current)._base_manager.get(pk=stale.current.pk)
    data = posted.copy()
    data["revision"] = str(current.revision)
    form.data = data
    differs = False
    for name in form.fields:
        if name == "revision" or not hasattr(current, name):
            continue
        saved = getattr(current, name)
        if saved != form.cleaned_data.get(name):
            differs = True
            shown = "inget" if saved in (None, "") else f"”{saved}”"
            form.add_error(name, f"Någon annan sparade medan du skrev. Där står nu {shown}.")
    if not differs:
        form.add_error(None, "Någon annan sparade medan du skrev. Kontrollera och spara igen.")
