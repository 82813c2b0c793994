"""The forms of the balance list."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django import forms
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError

from roder.core.dayfield import DayField
from roder.core.persons import FREE_TEXT
from roder.meetings.models import Rhythm, Watch
from roder.meetings.rules.rhythms import EXAMPLES
from roder.meetings.services.watch_reading import plans_of
from roder.meetings.services.watches import Plan, WatchFault
from roder.organisation.models import Body, Person, Role, Unit
from roder.web.forms import DeedForm, day, short_text

#: Mandates that are given assignments by a committee.
OWNERS = (
    Role.HEAD_ADMINISTRATION, Role.HEAD_DEPARTMENT, Role.CONTROLLER, Role.QUALITY_STRATEGIST, Role.SAS, Role.MAS,
    Role.CASEWORK_MANAGER, Role.UNIT_MANAGER, Role.SECRETARY,
)  # fmt: skip
_PLAIN = (
    "title", "number_text", "what", "origin", "section", "role", "unit", "responsible", "revision",
)  # fmt: skip
_KINDS = {"rhythm_b": "B", "rhythm_mi": "MI", "rhythm_other": ""}


def mended(deed: Callable[..., Any]) -> Callable[..., Any]:
    """A deed whose refusals stand at their fields."""

    def tried(*args: Any, **kwargs: Any) -> Any:
        try:
            return deed(*args, **kwargs)
        except WatchFault as fault:
            raise ValidationError({fault.field or NON_FIELD_ERRORS: [str(fault)]}) from fault

    return tried


def _times(label: str, help_text: str = "") -> forms.CharField:
    return forms.CharField(
        label=label, help_text=help_text, required=False, widget=forms.Textarea(attrs={"rows": 2}),
        validators=list(FREE_TEXT),
    )  # fmt: skip


class WatchForm(DeedForm):
    """A row of the list: what, who, and when it comes back."""

    title = short_text("Ärendemening", 300, required=True)
    number_text = short_text("Ärendenummer", 40)
    what = short_text("Uppdrag, sammanfattning", 500)
    origin = forms.ChoiceField(label="Kommer av", choices=Watch.Origin.choices)
    decided_on = short_text("Beslutsdatum", 200, "Som 2019-03-26. Flera datum skiljs med komma.")
    section = short_text("§", 20, "Till exempel § 70.")
    role = forms.ChoiceField(
        label="Vem får uppgiften?", choices=[(one.value, one.label.capitalize()) for one in OWNERS]
    )
    unit = forms.ModelChoiceField(
        Unit.objects.none(), label="I enheten", required=False, empty_label="Hela nämnden"
    )
    responsible = short_text("Ansvarig, som det står i listan", 120, "Lämna tomt för rollens namn.")
    rhythm_mi = _times("Muntlig information (MI)", "En tid på varje rad, med vanliga ord.")
    rhythm_b = _times("Beslutsärende med tjänsteskrivelse (B)", "En tid på varje rad.")
    rhythm_other = _times("Annan återrapportering", "När listan varken säger B eller MI.")

    def __init__(self, *args: Any, committee: Body, by: Person, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.committee, self.by = committee, by
        self.fields["unit"].queryset = Unit.objects.filter(committee=committee).order_by("name")  # type: ignore[attr-defined]
        self.plans: list[Plan] = []

    @property
    def examples(self) -> list[str]:
        """Ways to say when."""
        return EXAMPLES.split("; ")

    def clean_decided_on(self) -> list[Any]:
        """The days, each as written."""
        found = []
        for part in self.cleaned_data["decided_on"].replace(";", ",").split(","):
            if part.strip():
                fault = {"invalid": f"”{part.strip()}” är inget datum. Skriv som 2019-03-26."}
                found.append(DayField(error_messages=fault).clean(part.strip()))
        return found

    def clean(self) -> dict[str, Any]:
        """Read the times; what cannot be read stands at its field."""
        said: dict[str, Any] = super().clean() or self.cleaned_data
        for name, kind in _KINDS.items():
            try:
                self.plans += plans_of(self.committee, self.by, {kind: said.get(name, "")})
            except WatchFault as fault:
                self.add_error(name, str(fault))
        return said

    def values(self) -> dict[str, Any]:
        """The columns of the row."""
        given = {
            name: value for name, value in self.cleaned_data.items() if name not in {*_KINDS, "revision"}
        }
        if not given["responsible"]:
            given["responsible"] = Role(given["role"]).label.capitalize()
        return given

    @staticmethod
    def initial_of(watch: Watch) -> dict[str, Any]:
        """The row as the form shows it."""
        rhythms: dict[str, list[str]] = {}
        for rhythm in watch.rhythms.all():
            rhythms.setdefault(rhythm.kind, []).append(rhythm.printed)
        return {
            **{name: getattr(watch, name) for name in _PLAIN},
            "decided_on": ", ".join(one.isoformat() for one in watch.decided_on),
            **{name: "\n".join(rhythms.get(kind, [])) for name, kind in _KINDS.items()},
        }


class ReportForm(DeedForm):
    """That it was reported."""

    rhythm = forms.ModelChoiceField(
        Rhythm.objects.none(), label="Vilken återrapportering?", required=False,
        empty_label="Det som var dags för då",
    )  # fmt: skip
    on = day("Dag")
    note = short_text("Vad redovisades?", 1000, "Kort, utan namn på enskilda.")
    finished = forms.BooleanField(label="Uppdraget är klart. Ta bort det från listan.", required=False)

    def __init__(self, *args: Any, watch: Watch, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        rows = watch.rhythms.all()
        self.fields["rhythm"].queryset = rows  # type: ignore[attr-defined]
        if len(rows) < 2:
            del self.fields["rhythm"]


class WhyForm(DeedForm):
    """A deed that needs its reason."""

    why = short_text("Skäl", 300, required=True)

    def __init__(self, *args: Any, label: str = "Skäl", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["why"].label = label


class EndForm(WhyForm):
    """How it ended, and when."""

    on = day("Dag")


class NoteForm(DeedForm):
    """A word besides."""

    note = short_text("Anteckning", 300)


STATES = [
    ("", "Allt som bevakas"),
    ("sena", "Försenade"),
    ("villkor", "Väntar på villkor"),
    ("pausade", "Pausade"),
    ("klara", "Klara och strukna"),
]
ORIGINS = [("", "Allt"), *((value, label.capitalize()) for value, label in Watch.Origin.choices)]


class FilterForm(forms.Form):
    """What is shown of the list."""

    q = forms.CharField(label="Sök", required=False, max_length=200)
    lage = forms.ChoiceField(label="Läge", required=False, choices=STATES)
    slag = forms.ChoiceField(label="B/MI", required=False, choices=[("", "Alla"), ("B", "B"), ("MI", "MI")])
    kommer = forms.ChoiceField(label="Kommer av", required=False, choices=ORIGINS)
    ansvarig = forms.ChoiceField(label="Ansvarig", required=False)
    grupp = forms.ChoiceField(
        label="Ordning", required=False,
        choices=[("", "Som i listan"), ("nasta", "Efter nästa gång"), ("ansvarig", "Efter ansvarig")],
    )  # fmt: skip

    def __init__(self, *args: Any, responsible: list[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["ansvarig"].choices = [("", "Alla"), *((one, one) for one in responsible)]  # type: ignore[attr-defined]
