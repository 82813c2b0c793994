"""The forms of deviations. They read what was typed; what is right is decided by the services, which answer at the
field."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.core.exceptions import ValidationError

from roder.core.day_checks import reckoned
from roder.core.dayfield import DayField
from roder.organisation.models import Unit
from roder.quality.models import Deviation
from roder.quality.models.deviations import Direction

HERE = ZoneInfo("Europe/Stockholm")
#: A phone's clock may be this much ahead; what has "just happened" is then now.
AHEAD = timedelta(minutes=10)
TOLD = (("Sjuksköterska", "Sjuksköterska"), ("Chef", "Chef"), ("Anhörig", "Anhörig"), ("Kollega", "Kollega"))


def text(label: str, *, rows: int = 4, required: bool = False, help_text: str = "") -> forms.CharField:
    """A text to speak or type. What it may hold is decided by the service, so that nothing typed is cut."""
    attrs = {"rows": rows, "autocapitalize": "sentences", "spellcheck": "true"}
    widget = forms.Textarea(attrs=attrs)
    return forms.CharField(label=label, required=required, help_text=help_text, widget=widget, strip=False)


def line(label: str, *, required: bool = False, help_text: str = "", **attrs: Any) -> forms.CharField:
    """A text of one line."""
    return forms.CharField(
        label=label, required=required, help_text=help_text, widget=forms.TextInput(attrs=attrs), strip=False
    )


def day(label: str, *, required: bool = True) -> DayField:
    """A date."""
    return DayField(label=label, required=required)


class LocalMoment(forms.Field):
    """A moment as a phone writes it, in Swedish time. An hour that comes twice is the first of the two; one that does
    not exist is the hour after: nobody at work that night is asked to choose another time."""

    widget = forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")

    def to_python(self, value: Any) -> datetime | None:
        """Read it. Raises ValidationError for what is no moment."""
        if value in self.empty_values:
            return None
        try:
            found = datetime.fromisoformat(str(value).strip()[:32])
            found = found if found.tzinfo else found.replace(tzinfo=HERE)
            found = found.astimezone(UTC)
        except (ValueError, OverflowError):
            raise ValidationError("Tiden går inte att läsa. Skriv den som 2022-11-22 21:40.") from None
        reckoned(found)
        return found

    def prepare_value(self, value: Any) -> Any:
        """Shown in Swedish time."""
        return value.astimezone(HERE).strftime("%Y-%m-%dT%H:%M") if isinstance(value, datetime) else value


class ReportForm(forms.Form):
    """A report from the phone."""

    types = forms.MultipleChoiceField(required=False)
    what = text("Vad hände?", required=False)
    unit = forms.ModelChoiceField(
        Unit.objects.none(), label="Enhet", required=False, empty_label="Välj enhet"
    )
    place = line("Plats", help_text="Till exempel badrummet eller vägen till matsalen.")
    when = forms.ChoiceField(
        label="När hände det?", required=False, initial="now",
        choices=[("now", "Nyss"), ("hour", "För en timme sedan"), ("other", "Annan tid")],
    )  # fmt: skip
    occurred_at = LocalMoment(label="Tid", required=False)
    discovered_at = LocalMoment(
        label="När upptäcktes det?", required=False, help_text="Lämna tomt om det upptäcktes när det hände."
    )
    reference = line(
        "Referens till personen",
        help_text="Referensen i verksamhetssystemet. Aldrig namn eller personnummer.",
        autocomplete="off",
    )
    severity = forms.TypedChoiceField(
        label="Hur allvarligt är det?", required=False, coerce=int, empty_value=None
    )
    immediate_action = text("Vad gjorde du direkt?", rows=3)
    told = forms.MultipleChoiceField(
        label="Vem har fått veta?", required=False, choices=TOLD, widget=forms.CheckboxSelectMultiple
    )
    told_other = line("Någon annan", autocomplete="off")
    work_environment = forms.BooleanField(label="Det rör även vår arbetsmiljö", required=False)
    direction = forms.ChoiceField(
        label="Gäller det en annan vårdgivare?", required=False, initial="intern",
        choices=[("intern", "Nej, det hände hos oss"), *Direction.choices[1:]],
    )  # fmt: skip
    counterpart = forms.ChoiceField(
        label="Vilken?", required=False,
        choices=[("", "–"), *(one for one in Deviation.Counterpart.choices if one[0])],
    )  # fmt: skip
    client_key = forms.UUIDField(required=False)

    def __init__(
        self, *args: Any, units: Any, kinds: list[str], severities: list[tuple[int, str]], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.fields["unit"].queryset = units  # type: ignore[attr-defined]
        self.fields["types"].choices = [(one, one) for one in kinds]  # type: ignore[attr-defined]
        self.fields["severity"].choices = severities  # type: ignore[attr-defined]

    def clean_client_key(self) -> Any:
        """Without a key the report is simply a new one."""
        return self.cleaned_data.get("client_key")

    def moment(self, now: datetime) -> datetime | None:
        """When it happened: what was written, or what the quick choice means."""
        written: datetime | None = self.cleaned_data.get("occurred_at")
        choice = self.cleaned_data.get("when") or "now"
        if choice == "other":
            return written
        if written is None:
            return now - timedelta(hours=1) if choice == "hour" else now
        return now if now < written <= now + AHEAD else written

    def told_text(self) -> str:
        """Who has been told, as one text."""
        parts = [*self.cleaned_data.get("told", ()), (self.cleaned_data.get("told_other") or "").strip()]
        return ", ".join(part for part in parts if part)
