"""The forms of complaints: the public one, and those of the people who handle them."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils import timezone

from roder.core.day_checks import reckoned
from roder.core.persons import FREE_TEXT
from roder.organisation.models import Body, Unit
from roder.quality.models import Complaint
from roder.quality.rules.complaints import is_email_or_telephone
from roder.quality.services.complaints import Received, Sorting
from roder.quality.services.terms import model_on
from roder.steering.models import ComplaintSubject, ServiceArea
from roder.web.forms import DeedForm, long_text, short_text

Choices = list[tuple[str, str]]


def _model(committee: Body) -> Any:
    model = model_on(committee, timezone.localdate())
    return model.complaints if model else None


def kinds_of(committee: Body) -> Choices:
    """The kinds that the committee's model has, in its order and words; all six where it says nothing."""
    known = dict(Complaint.Kind.choices)
    stated = _model(committee)
    found = [(one.code, one.label) for one in stated.kinds if one.code in known] if stated else []
    return found or [(code, label.capitalize()) for code, label in known.items()]


def complainants_of(committee: Body) -> Choices:
    """Whom complaints may come from, as the committee's model says; none where it says nothing."""
    stated = _model(committee)
    return [(one.code, one.label) for one in stated.complainants] if stated else []


def contact_field(required: bool = False) -> forms.CharField:
    """E-mail or telephone. A telephone number may look like a personal number, so it is told by its form."""
    return forms.CharField(label="E-post eller telefon", required=required, max_length=200)


class ReachedForm(forms.Form):
    """What the public form and the registrar's have in common: who sent it."""

    def clean_contact(self) -> str:
        """It must be possible to answer on."""
        contact: str = self.cleaned_data["contact"].strip()
        if contact and not is_email_or_telephone(contact):
            raise forms.ValidationError("Skriv en e-postadress eller ett telefonnummer, och inget annat.")
        return contact


class PublicForm(ReachedForm):
    """What anybody may send in. ``webbplats`` is a trap for robots; people never see it."""

    kind = forms.ChoiceField(label="Vad vill du lämna?", widget=forms.RadioSelect)
    text = long_text("Skriv här", 9, required=True, help_text=(
        "Berätta vad det gäller, och gärna när och var. Skriv inga personnummer."
    ))  # fmt: skip
    unit = forms.ModelChoiceField(
        Unit.objects.none(),
        label="Var gäller det?",
        required=False,
        empty_label="Vet inte, eller flera ställen",
    )
    complainant = forms.ChoiceField(label="Vem är du?", required=False)
    answer = forms.ChoiceField(
        label="Vill du ha svar?",
        widget=forms.RadioSelect,
        choices=[
            ("ja", "Ja, jag skriver hur ni når mig"),
            ("nej", "Nej, jag vill vara anonym. Då kan vi inte svara"),
        ],
        error_messages={"required": "Välj om du vill ha svar eller vara anonym."},
    )
    name = forms.CharField(
        label="Namn", required=False, max_length=120, validators=list(FREE_TEXT),
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )  # fmt: skip
    contact = contact_field()
    webbplats = forms.CharField(label="Lämna det här fältet tomt", required=False, max_length=200)
    token = forms.CharField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, committee: Body, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["kind"].choices = kinds_of(committee)  # type: ignore[attr-defined]
        self.fields["kind"].error_messages["required"] = "Välj vad du vill lämna."
        self.fields["text"].error_messages["required"] = "Skriv vad det gäller."
        units = Unit.objects.filter(committee=committee, kind=Unit.Kind.UNIT).order_by("name")
        self.fields["unit"].queryset = units  # type: ignore[attr-defined]
        whom = complainants_of(committee)
        if whom:
            self.fields["complainant"].choices = [("", "Vill inte säga"), *whom]  # type: ignore[attr-defined]
        else:
            del self.fields["complainant"]

    def clean(self) -> dict[str, Any]:
        """Either there is a way to answer, or nothing that tells who it is."""
        said: dict[str, Any] = super().clean() or {}
        wants, contact = said.get("answer"), said.get("contact", "")
        if wants == "ja" and not contact and "contact" not in self.errors:
            self.add_error(
                "contact", "Skriv e-post eller telefon, så att vi kan svara. Eller välj att vara anonym."
            )
        if wants == "nej" and (contact or said.get("name")):
            self.add_error(
                "answer", "Du har valt att vara anonym men skrivit namn eller kontaktuppgift. Ändra det ena."
            )
        return said

    def received(self) -> Received:
        """What was sent."""
        said = self.cleaned_data
        anonymous = said["answer"] == "nej"
        return Received(
            kind=said["kind"], channel=Complaint.Channel.FORM, text=said["text"], unit=said["unit"],
            complainant=said.get("complainant", ""), anonymous=anonymous,
            name="" if anonymous else said["name"], contact="" if anonymous else said["contact"],
        )  # fmt: skip


class RegisterForm(DeedForm, ReachedForm):
    """What came by post, e-mail, telephone, through staff or from IVO."""

    kind = forms.ChoiceField(label="Slag")
    channel = forms.ChoiceField(
        label="Kom in genom",
        choices=[one for one in Complaint.Channel.choices if one[0] != Complaint.Channel.FORM],
        initial=Complaint.Channel.TELEPHONE,
    )
    received_at = forms.DateTimeField(
        label="Kom in",
        help_text="Lämna tomt om det var nu.",
        required=False,
        validators=[reckoned],
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
    )
    number = short_text("Diarienummer", 40, "Lämna tomt för nästa nummer i serien.")
    text = long_text("Vad gäller det?", 8, required=True)
    subjects = forms.ModelMultipleChoiceField(
        ComplaintSubject.objects.none(), label="Typ", required=False, widget=forms.CheckboxSelectMultiple
    )
    unit = forms.ModelChoiceField(Unit.objects.none(), label="Enhet", required=False, empty_label="Ingen")
    service_area = forms.ModelChoiceField(
        ServiceArea.objects.none(), label="Verksamhetsområde", required=False, empty_label="Inget"
    )
    concerns_declaration = forms.BooleanField(label="Gäller servicedeklarationen", required=False)
    complainant = forms.ChoiceField(label="Lämnad av", required=False)
    anonymous = forms.BooleanField(label="Anonym: kan inte få svar", required=False)
    name = forms.CharField(label="Namn", required=False, max_length=120, validators=list(FREE_TEXT))
    contact = contact_field()

    def __init__(self, *args: Any, committee: Body, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fill(self, committee)

    def received(self) -> Received:
        """What was registered."""
        said = {name: value for name, value in self.cleaned_data.items() if name != "revision"}
        return Received(**{**said, "subjects": tuple(said["subjects"])})


class SortForm(DeedForm):
    """What a complaint is about, as the municipality says."""

    kind = forms.ChoiceField(label="Slag")
    subjects = forms.ModelMultipleChoiceField(
        ComplaintSubject.objects.none(), label="Typ", required=False, widget=forms.CheckboxSelectMultiple
    )
    unit = forms.ModelChoiceField(Unit.objects.none(), label="Enhet", required=False, empty_label="Ingen")
    service_area = forms.ModelChoiceField(
        ServiceArea.objects.none(), label="Verksamhetsområde", required=False, empty_label="Inget"
    )
    concerns_declaration = forms.BooleanField(label="Gäller servicedeklarationen", required=False)
    complainant = forms.ChoiceField(label="Lämnad av", required=False)

    def __init__(self, *args: Any, committee: Body, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fill(self, committee)

    @staticmethod
    def initial_of(row: Complaint) -> dict[str, Any]:
        """What the form opens with."""
        names = ("kind", "unit", "service_area", "concerns_declaration", "complainant", "revision")
        return {
            **{name: getattr(row, name) for name in names},
            "subjects": list(row.matters.values_list("subject_id", flat=True)),
        }

    def sorting(self) -> Sorting:
        """What was filled in."""
        said = {name: value for name, value in self.cleaned_data.items() if name != "revision"}
        return Sorting(**{**said, "subjects": tuple(said["subjects"])})


def fill(form: Any, committee: Body) -> None:
    """Give a form's choices what the committee has. The kinds are all six: what came in may be any of them."""
    labels = dict(kinds_of(committee))
    form.fields["kind"].choices = [
        (code, labels.get(code, label.capitalize())) for code, label in Complaint.Kind.choices
    ]
    form.fields["complainant"].choices = [("", "Okänt"), *complainants_of(committee)]
    form.fields["unit"].queryset = Unit.objects.filter(committee=committee).order_by("name")
    form.fields["subjects"].queryset = ComplaintSubject.objects.filter(committee=committee).order_by(
        "position"
    )
    form.fields["service_area"].queryset = ServiceArea.objects.filter(committee=committee).order_by(
        "position"
    )


class AssignForm(DeedForm):
    """The unit whose manager is to answer."""

    unit = forms.ModelChoiceField(
        Unit.objects.none(), label="Enhet", empty_label="Välj enhet", help_text="Enhetschefen får en uppgift."
    )

    def __init__(self, *args: Any, committee: Body, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        rows = Unit.objects.filter(committee=committee).order_by("name")
        self.fields["unit"].queryset = rows  # type: ignore[attr-defined]


def now_to_the_minute() -> str:
    """The moment as the field for a day and a time writes it."""
    return f"{timezone.localtime():%Y-%m-%dT%H:%M}"


def moment_field(label: str) -> forms.DateTimeField:
    """When something was done: now when the form is opened, and when it is left empty."""
    return forms.DateTimeField(
        label=label,
        help_text="Ändra om det var tidigare.",
        required=False,
        validators=[reckoned],
        initial=now_to_the_minute,
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
        error_messages={"invalid": "Skriv tidpunkten som 2022-05-31 14:30."},
    )


class AcknowledgeForm(DeedForm):
    """When the sender was told that it was received."""

    at = moment_field("Bekräftelsen skickades")


class AnswerForm(DeedForm):
    """The answer that was given, and when."""

    answer = long_text("Vad svarade du?", 6, required=True)
    at = moment_field("Svaret lämnades")
    action = long_text("Vad gjordes?", 3, "Det som ändrades eller åtgärdades, om något.")


class NoteForm(DeedForm):
    """What was done, where nobody can be answered or has been yet."""

    action = long_text("Vad gjordes?", 4, required=True)


class LinkForm(DeedForm):
    """The number of a deviation."""

    number = short_text("Avvikelsens nummer", 20, "Till exempel 2022-0001.", required=True)


class ReasonForm(DeedForm):
    """Why a closed case is opened again."""

    reason = short_text("Varför öppnas ärendet igen?", 200, required=True)
