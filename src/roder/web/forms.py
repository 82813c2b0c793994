"""What the forms of deeds share in every room: a deed is tried, and its refusals stand at the fields."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone

from roder.core.dayfield import DayField
from roder.core.models import Record, StaleRecordError
from roder.core.persons import FREE_TEXT

YES_NO = [("", "Vet inte än"), ("ja", "Ja"), ("nej", "Nej")]


def long_text(label: str, rows: int = 4, help_text: str = "", required: bool = False) -> forms.CharField:
    """A field for free text: refuses personal identity numbers and what is too long, at the field."""
    return forms.CharField(
        label=label,
        help_text=help_text,
        required=required,
        widget=forms.Textarea(attrs={"rows": rows}),
        validators=list(FREE_TEXT),
    )


def short_text(label: str, most: int, help_text: str = "", required: bool = False) -> forms.CharField:
    """A field for a line of text."""
    return forms.CharField(
        label=label, help_text=help_text, required=required, max_length=most, validators=list(FREE_TEXT)
    )


def day(label: str, help_text: str = "", required: bool = True) -> DayField:
    """A field for a day; today when the form is opened, unless it may be empty."""
    return DayField(
        label=label,
        help_text=help_text,
        required=required,
        initial=timezone.localdate if required else None,
    )


def yes_no(label: str, help_text: str = "") -> forms.TypedChoiceField:
    """Yes, no, or not known yet (None)."""
    return forms.TypedChoiceField(
        label=label,
        help_text=help_text,
        required=False,
        choices=YES_NO,
        widget=forms.RadioSelect,
        coerce=lambda word: word == "ja",
        empty_value=None,
    )


def said(value: bool | None) -> str:
    """``yes_no``'s word for a stored value."""
    return "" if value is None else "ja" if value else "nej"


def tell(form: forms.BaseForm, error: ValidationError) -> None:
    """Put a service's messages at their fields; what is about no field of the form stands over it."""
    by_field = error.message_dict if hasattr(error, "error_dict") else {"": error.messages}
    for name, told in by_field.items():
        form.add_error(name if name in form.fields else None, told)


class DeedForm(forms.Form):
    """A form of one deed. ``revision`` is the version of the record that the form was opened with."""

    revision = forms.IntegerField(required=False, widget=forms.HiddenInput)
    other: Record | None = None  # what somebody else saved in between

    def try_to(self, deed: Callable[[dict[str, Any]], Any]) -> bool:
        """Do the deed with what was filled in. Refusals stand at their fields, and nothing typed is lost. When somebody
        else was first, ``other`` is their version, and saving once more saves over it."""
        if not self.is_valid():
            return False
        try:
            deed(self.filled())
        except ValidationError as error:
            self.refuse(error)
        except StaleRecordError as stale:
            self.other = stale.current
            typed: Any = self.data
            self.data = typed = typed.copy()
            typed[self.add_prefix("revision")] = str(stale.current.revision)
        else:
            return True
        return False

    def filled(self) -> dict[str, Any]:
        """What the deed gets."""
        return self.cleaned_data

    def refuse(self, error: ValidationError) -> None:
        """Set a service's refusal at the fields it names."""
        tell(self, error)

    @property
    def status(self) -> int:
        """The answer's status when the form is shown again."""
        return 409 if self.other else 400 if self.errors else 200


class ActionForm(DeedForm):
    """A new action: who does what by when. The owner is a mandate, not a person."""

    what = short_text("Vad ska göras?", 300, "En mening utan namn.", required=True)
    owner = forms.ChoiceField(label="Ansvarig")
    due = day("Senast", required=False)

    def __init__(self, *args: Any, owners: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["owner"].choices = owners  # type: ignore[attr-defined]
