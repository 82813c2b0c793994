"""The forms of the organisation's pages."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils import timezone

from roder.core.dayfield import DayField
from roder.organisation.models import Body, Role, Unit


def _day(label: str, **options: Any) -> DayField:
    return DayField(label=label, **options)


class MandateForm(forms.Form):
    """Who gets which role, where and when."""

    email = forms.EmailField(
        label="E-post",
        help_text="Finns personen används den; annars läggs en ny till, som ännu inte kan logga in.",
    )
    name = forms.CharField(
        label="Namn", max_length=120, required=False, help_text="Behövs bara för en ny person."
    )
    role = forms.ChoiceField(label="Roll", choices=Role.choices)
    unit = forms.ModelChoiceField(
        label="Enhet", queryset=Unit.objects.none(), required=False, empty_label="Hela nämnden",
        help_text="Mandatet gäller enheten och allt som hör till den.",
    )  # fmt: skip
    start = _day("Första dag")
    last = _day("Sista dag", required=False, help_text="Lämna tomt för tills vidare.")

    def __init__(self, committee: Body, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{"initial": {"start": timezone.localdate()}, **kwargs})
        field = self.fields["unit"]
        assert isinstance(field, forms.ModelChoiceField)  # noqa: S101 - declared ten lines up
        field.queryset = Unit.objects.filter(committee=committee)


class EndForm(forms.Form):
    """The last day of a mandate."""

    last = _day("Sista dag")


class PlaceForm(forms.Form):
    """Where a unit stands from a day on."""

    parent = forms.ModelChoiceField(
        label="Hör till", queryset=Unit.objects.none(), required=False, empty_label="Överst i förvaltningen"
    )
    start = _day(
        "Från och med", help_text="Den tidigare placeringen slutar dagen före och finns kvar i historiken."
    )

    def __init__(self, unit: Unit, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{"initial": {"start": timezone.localdate()}, **kwargs})
        field = self.fields["parent"]
        assert isinstance(field, forms.ModelChoiceField)  # noqa: S101 - declared ten lines up
        field.queryset = Unit.objects.filter(committee=unit.committee_id).exclude(pk=unit.pk)
