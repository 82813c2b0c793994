"""The forms of cases and documents."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Q, QuerySet
from django.utils import timezone

from roder import access
from roder.access.matrix import RIGHTS, Action, Resource
from roder.core.dayfield import DayField
from roder.core.faults import UserFault
from roder.files.kinds import ACCEPT
from roder.files.services import clean_name, limit_words
from roder.meetings.models import Case, Document
from roder.meetings.rules import cases as rules
from roder.meetings.services.cases import by_number
from roder.organisation.models import Body, Person, Unit
from roder.web.forms import DeedForm, day, long_text, short_text
from roder.web.scope import Scope

NUMBER_HELP = "Skriv numret på valfritt sätt, till exempel 2022.228 VON, VON 2022/228 eller bara 2022-228."


def handlers(committee: Body) -> QuerySet[Person]:
    """Those who hold a mandate today that lets them prepare the committee's cases."""
    able = [role for role, rights in RIGHTS.items() if Action.EDIT in rights.get(Resource.CASES, ())]
    place = Q(mandates__body=committee) | Q(mandates__unit__committee=committee)
    held = Person.objects.filter(
        place, mandates__role__in=able, mandates__valid__contains=timezone.localdate(), is_active=True
    )
    return Person.objects.filter(pk__in=held.values("pk")).order_by("name")


class CaseField(forms.CharField):
    """A case of the committee by its number, in any spelling; only what the person may see is found."""

    def __init__(self, scope: Scope, **options: Any) -> None:
        super().__init__(max_length=60, help_text=NUMBER_HELP, **options)
        self.scope = scope

    def clean(self, value: Any) -> Case | None:
        """The case, or None when nothing is written. Raises ValidationError."""
        text = super().clean(value)
        if not text:
            return None
        committee = self.scope.committee
        rows = access.visible(self.scope.user, Case.objects.filter(committee=committee).defer("search"))
        found = list(by_number(rows, committee, text)[:2])
        if len(found) != 1:
            few = "Inget ärende" if not found else "Mer än ett ärende"
            raise ValidationError(f"{few} i nämnden har numret ”{text}”. Skriv hela diarienumret.")
        return found[0]

    def prepare_value(self, value: Any) -> Any:
        """The number of a case that stands already."""
        return value.number if isinstance(value, Case) else value


def _file(required: bool, help_text: str = "") -> forms.FileField:
    return forms.FileField(
        label="Fil",
        required=required,
        help_text=help_text
        or "PDF, Word eller OpenDocument. Word och OpenDocument görs om till PDF för utskicken.",
        widget=forms.ClearableFileInput(attrs={"accept": ACCEPT}),
        error_messages={"empty": "Filen är tom. Välj en fil med innehåll.", "required": "Välj en fil."},
    )


def _day(label: str, help_text: str = "", required: bool = False) -> DayField:
    return day(label, help_text, required=required)


class FiledForm(DeedForm):
    """A form with a file. What was wrong with the file stands at its field."""

    def too_large(self, name: str, most: int) -> None:
        """Say that the file was too large to take in; the other fields keep what was typed."""
        self.full_clean()
        self.add_error(
            "file",
            f"”{clean_name(name)}” är för stor: högst {limit_words(most)} ryms. Minska den eller dela upp den.",
        )

    def try_to(self, deed: Any) -> bool:
        """As DeedForm; refusals of files stand at the file."""
        try:
            return super().try_to(deed)
        except UserFault as fault:
            self.add_error("file", str(fault))
            return False


class CaseForm(FiledForm):
    """What stands on a case."""

    title = short_text(
        "Ärendemening", 300, "Vad ärendet gäller, så att det går att hitta. Inga namn på enskilda.", True
    )
    kind = forms.ChoiceField(label="Slag", choices=Case.Kind.choices)
    opened_on = day("Registrerat")
    number = forms.CharField(label="Diarienummer", max_length=40, required=False)
    origin = short_text("Från", 200, "Vem ärendet kommer från: myndighet, parti, förvaltning.")
    answer_by = _day("Svar senast", "När remissen, motionen eller revisionen ska vara besvarad.")
    responsible = forms.ModelChoiceField(
        label="Handläggare", queryset=Person.objects.none(), required=False, empty_label="Ingen än"
    )
    unit = forms.ModelChoiceField(
        label="Enhet", queryset=Unit.objects.none(), required=False, empty_label="Hela förvaltningen"
    )
    summary = long_text("Kort om ärendet")
    union_due = forms.BooleanField(label="Facklig samverkan krävs före beslut", required=False)
    secret = forms.BooleanField(
        label="Sekretess",
        required=False,
        help_text="Ärendet syns då bara för dem som får se sekretess: nämndens ledamöter, sekreteraren, "
        "förvaltningschefen och handläggaren.",
    )
    secrecy_section = forms.CharField(
        label="Lagrum", max_length=60, required=False, help_text="Till exempel OSL 26:1."
    )

    def __init__(self, *args: Any, scope: Scope, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["responsible"].queryset = handlers(scope.committee)  # type: ignore[attr-defined]
        self.fields["unit"].queryset = Unit.objects.filter(committee=scope.committee)  # type: ignore[attr-defined]
        self.fields["continues"] = CaseField(scope, label="Fortsätter ärende", required=False)
        if not scope.may(Action.EDIT, Resource.SECRETS):
            del self.fields["secret"], self.fields["secrecy_section"]


#: the order of the rest of a case's fields
ORDER = (
    "answer_by",
    "answered_on",
    "responsible",
    "unit",
    "summary",
    "continues",
    "union_due",
    "union_on",
    "union_note",
)


class RegisterForm(CaseForm):
    """A new case, with the document that it came with."""

    def __init__(self, *args: Any, next_number: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["number"].help_text = f"Lämna tomt, så blir det nästa i serien: {next_number}."
        self.fields["file"] = _file(
            False, "Handlingen som kom in, om den finns som fil. Fler läggs till sedan."
        )


class EditForm(CaseForm):
    """A case that stands already."""

    answered_on = _day("Besvarat")
    union_on = _day("Samverkat", "Dagen då samverkan skedde.")
    union_note = short_text("Vad som framfördes", 1000)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["number"].required = True
        self.order_fields(["title", "kind", "opened_on", "number", "origin", *ORDER])


class DocumentForm(FiledForm):
    """What stands on a document."""

    title = short_text("Rubrik", 300, "Vad handlingen är. Inga namn på enskilda.", True)
    kind = forms.ChoiceField(label="Slag", choices=Document.Kind.choices, initial=Document.Kind.ATTACHMENT)
    dated_on = day("Daterad")
    received_on = _day("Inkommen", "Lämna tomt för det som förvaltningen har skrivit själv.")
    sender = short_text("Avsändare", 200)
    secret = forms.BooleanField(
        label="Sekretess",
        required=False,
        help_text="Handlingen syns då bara för dem som får se sekretess, och lämnas ut ur den offentliga versionen av "
        "utskicket.",
    )
    secrecy_section = forms.CharField(
        label="Lagrum", max_length=60, required=False, help_text="Till exempel OSL 26:1."
    )

    def __init__(self, *args: Any, scope: Scope, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not scope.may(Action.EDIT, Resource.SECRETS):
            del self.fields["secret"], self.fields["secrecy_section"]


class NewDocumentForm(DocumentForm):
    """A new document with its file."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["file"] = _file(True)
        self.order_fields(["file", "title", "kind"])


class VersionForm(FiledForm):
    """A new version of a document that is a file."""

    file = _file(True)
    dated_on = day("Daterad")
    note = short_text("Vad som är nytt", 500, "En mening, till exempel: fem ändringar till.")


class SeriesForm(DeedForm):
    """How the year's numbers are written, and the last one given."""

    pattern = forms.CharField(
        label="Så skrivs numren",
        max_length=60,
        help_text="{year} är året och {number} numret; {number:03d} skriver det med tre siffror. "
        "Till exempel {year}.{number:03d} VON, SN {year}/{number} eller IF-{year}-{number:05d}.",
    )
    last = forms.IntegerField(
        label="Senaste nummer",
        min_value=0,
        max_value=999_999,
        help_text="Numret på årets senast registrerade ärende. Nästa ärende får numret efter.",
    )


# --- deeds of a case --------------------------------------------------------------------------------------------------


class MoveForm(DeedForm):
    """Move a case forwards."""

    phase = forms.ChoiceField(label="Till", widget=forms.RadioSelect)
    on = day("Dag")
    note = short_text("Anteckning", 500)

    def __init__(self, *args: Any, case: Case, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        words = dict(Case.Phase.choices)
        ahead = [(one, str(words[Case.Phase(one)]).capitalize()) for one in rules.next_phases(case.phase)]
        self.fields["phase"].choices = ahead  # type: ignore[attr-defined]


class WhyForm(DeedForm):
    """A reason and a day."""

    reason = short_text("Varför?", 500, required=True)
    on = day("Dag")


class ReopenForm(DeedForm):
    """A reason."""

    reason = short_text("Varför?", 500, required=True)


class OnForm(DeedForm):
    """A day."""

    on = day("Dag")


class AnsweredForm(OnForm):
    """When a case was answered."""

    note = short_text("Anteckning", 500)


class UnionForm(OnForm):
    """When the unions were consulted."""

    note = short_text("Vad som framfördes", 1000)


class DependForm(DeedForm):
    """Another case that this one waits for."""

    until = forms.ChoiceField(
        label="Tills det är",
        choices=[(one, word) for one, word in Case.Phase.choices if one != "registered"],
        initial=Case.Phase.CARRIED_OUT,
    )
    note = short_text("Anteckning", 500)

    def __init__(self, *args: Any, scope: Scope, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["on"] = CaseField(scope, label="Väntar på ärende")
        self.order_fields(["on", "until", "note"])


class AskForm(DeedForm):
    """A body that is asked for its opinion."""

    body = forms.ModelChoiceField(
        label="Organ", queryset=Body.objects.none(), required=False, empty_label="Någon annan, skriv nedan"
    )
    name = short_text("Någon annan", 200, "Till exempel en annan kommun eller ett pensionärsråd.")
    asked_on = day("Tillfrågat")
    answer_by = _day("Svar senast")

    def __init__(self, *args: Any, case: Case, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        bodies = Body.objects.filter(municipality=case.committee.municipality_id).exclude(
            pk=case.committee_id
        )
        self.fields["body"].queryset = bodies.order_by("name")  # type: ignore[attr-defined]


class OpinionForm(OnForm):
    """What somebody who was asked answered."""

    answer = long_text("Svaret i korthet")
    no_answer = forms.BooleanField(label="Inget svar kom", required=False)
    order = ("answer", "no_answer", "on")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.order_fields(self.order)


class LinkForm(DeedForm):
    """A record of any room, by the address of its page."""

    address = forms.CharField(
        label="Adressen till sidan",
        max_length=500,
        help_text="Öppna sidan som ärendet hänger ihop med, till exempel ett mål, en rapport, en avvikelse eller ett "
        "annat ärende, och klistra in adressen här.",
    )
    kind = forms.ChoiceField(label="Hur de hänger ihop")
    note = short_text("Anteckning", 500)

    def __init__(self, *args: Any, kinds: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["kind"].choices = kinds  # type: ignore[attr-defined]


def sent_file(request: Any, form: FiledForm, most: int) -> None:
    """Say at the file when it was too large to take in."""
    if name := getattr(request, "file_too_large", ""):
        form.too_large(name, most)
