"""The forms of meetings and their agendas."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db.models import QuerySet

from roder import access
from roder.core.dayfield import DayField
from roder.meetings.models import AgendaItem, Case, Meeting
from roder.meetings.services.calendar import bodies_of
from roder.organisation.models import Body, Person


def _day(label: str, **more: Any) -> DayField:
    return DayField(label=label, **more)


def _clock(label: str, **more: Any) -> forms.TimeField:
    return forms.TimeField(
        label=label, widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"), **more
    )


class PlanForm(forms.Form):
    """Who meets, on which days, when and where."""

    body = forms.ModelChoiceField(Body.objects.none(), label="Vem sammanträder?", empty_label=None)
    days = forms.CharField(
        label="Dagar",
        widget=forms.Textarea(attrs={"rows": 6}),
        max_length=5000,
        help_text="En dag på varje rad. Klistra gärna in årets lista: 2023-01-24, 21 februari kl. 13.30 eller 28/3.",
    )
    starts = _clock("Börjar", initial="14:00", help_text="Gäller dagar som inte har en egen tid i listan.")
    place = forms.CharField(label="Plats", max_length=200, required=False)

    def __init__(self, committee: Body, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["body"]
        bodies = bodies_of(committee)
        assert isinstance(field, forms.ModelChoiceField)  # noqa: S101 - declared above
        field.queryset = Body.objects.filter(pk__in=[one.pk for one in bodies])
        field.choices = [(one.pk, one.name) for one in bodies]
        self.initial.setdefault("body", committee.pk)


class MeetingForm(forms.Form):
    """Day, time, place and deadlines of a meeting. Their order is checked by the service."""

    date = _day("Dag")
    starts = _clock("Börjar")
    ends = _clock("Slutar", required=False)
    place = forms.CharField(label="Plats", max_length=200, required=False)
    documents_by = _day("Handlingar senast", required=False)
    presidium_on = _day("Presidium", required=False)
    summons_by = _day("Kallelse senast", required=False)
    revision = forms.IntegerField(widget=forms.HiddenInput)


class ReasonForm(forms.Form):
    """Why."""

    reason = forms.CharField(label="Varför?", max_length=500, widget=forms.Textarea(attrs={"rows": 3}))


class ItemForm(forms.Form):
    """A point of the agenda."""

    kind = forms.ChoiceField(label="Slag", choices=AgendaItem.Kind.choices, initial="decision")
    title = forms.CharField(label="Rubrik", max_length=300)
    case = forms.ModelChoiceField(
        Case.objects.none(), label="Ärende", required=False, empty_label="Inget ärende",
        help_text="Samma ärende kan stå både som information och som beslut.",
    )  # fmt: skip
    parent = forms.ModelChoiceField(
        AgendaItem.objects.none(), label="Under punkt", required=False, empty_label="Egen punkt"
    )
    presenter = forms.CharField(label="Föredragande", max_length=120, required=False)
    at = _clock("Klockan", required=False)
    minutes = forms.IntegerField(label="Minuter", min_value=1, max_value=600, required=False)
    secret = forms.BooleanField(label="Sekretess", required=False)
    revision = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(
        self, meeting: Meeting, user: Person, *args: Any, numbers: dict[int, str], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        cases: QuerySet[Case] = Case.objects.filter(committee=meeting.committee, closed_on=None)
        if chosen := self.initial.get("case"):
            cases = cases | Case.objects.filter(pk=chosen)
        self._choose("case", access.visible(user, cases).order_by("-opened_on", "-pk"))
        tops = AgendaItem.objects.filter(meeting=meeting, parent=None).order_by("position")
        tops = access.visible(user, tops)
        self._choose("parent", tops)
        parent = self.fields["parent"]
        assert isinstance(parent, forms.ModelChoiceField)  # noqa: S101 - declared above
        parent.label_from_instance = lambda obj: f"{numbers.get(obj.pk, '')}. {obj}"  # type: ignore[method-assign]

    def _choose(self, name: str, rows: QuerySet[Any]) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ModelChoiceField)  # noqa: S101 - declared above
        field.queryset = rows
