"""The form of a row of the steering model, made of the schema."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

from django import forms
from django.forms.utils import ErrorDict

from roder.core.words import capital_first
from roder.steering.modelfile import Fault
from roder.steering.modelfile.faults import Path
from roder.steering.modelfile.rowfields import RowField, given, shown

_KEY = re.compile(r"^”\w+” \(([^)]*)\)")


class RowForm(forms.Form):
    """A row's keys as fields. What may stand in them is judged by the model's own check, and by nothing else."""

    use_required_attribute = False

    def __init__(self, row: Iterable[RowField], value: dict[str, Any], data: Any = None) -> None:
        self.row = list(row)
        self.value = value
        initial = {one.key: shown(value.get(one.key), one) for one in self.row}
        super().__init__(data, prefix="f", initial=initial)
        for one in self.row:
            self.fields[one.key] = _made(one, initial[one.key])

    def full_clean(self) -> None:
        """Nothing is judged here."""
        self._errors = ErrorDict()
        self.cleaned_data = {}

    def changed(self) -> dict[str, Any]:
        """The keys whose values are others than those that stand in the model; None where one is to go."""
        sent: Any = self.data
        found: dict[str, Any] = {}
        for one in self.row:
            name = self.add_prefix(one.key)
            typed: str | list[str] = sent.get(name, "")
            if one.kind == "several":
                typed = sent.getlist(name)
            value, before = given(typed, one, self.value.get(one.key)), self.value.get(one.key)
            if value != given(self.initial[one.key], one, before):
                found[one.key] = value
        return found

    def tell(self, faults: Iterable[Fault], path: Path) -> None:
        """Put faults at the fields they are about; those about the whole row first in the form."""
        for one in faults:
            key = one.at[len(path)] if len(one.at) > len(path) else None
            self.add_error(str(key) if key in self.fields else None, in_a_form(one.message))


def in_a_form(message: str) -> str:
    """A message of the check as it is said at a field, where nobody writes keys or lines."""
    if "saknas; lägg till raden" in message:
        return "Fältet måste fyllas i."
    return capital_first(_KEY.sub(lambda found: found[1], message, count=1))


def _made(one: RowField, value: str | list[str]) -> forms.Field:
    made: forms.Field
    if one.kind == "several":
        known = [code for code, _ in one.choices]
        extra = [(code, code) for code in value if code not in known]
        made = forms.MultipleChoiceField(choices=[*one.choices, *extra], widget=forms.CheckboxSelectMultiple)
    elif one.kind in ("choice", "yesno"):
        extra = [(str(value), str(value))] if value and value not in dict(one.choices) else []
        made = forms.ChoiceField(choices=[("", "Inget valt"), *one.choices, *extra])
    else:
        made = forms.CharField(widget=_widget(one, value))
    made.required, made.label, made.help_text = one.required, one.title, one.help
    return made


def _widget(one: RowField, value: str | list[str]) -> forms.Widget:
    tall = {"long": 3, "lines": 4, "yaml": 6}
    if one.kind in tall:
        attributes = {"rows": max(tall[one.kind], min(16, str(value).count("\n") + 2))}
        if one.kind == "yaml":
            attributes |= {"class": "source", "spellcheck": "false", "wrap": "off"}  # type: ignore[dict-item]
        return forms.Textarea(attrs=attributes)
    if one.kind == "day":
        return forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    if one.kind == "clock":
        return forms.TextInput(attrs={"type": "time"})
    if one.kind in ("whole", "number"):
        return forms.TextInput(attrs={"inputmode": "decimal"})
    return forms.TextInput()
