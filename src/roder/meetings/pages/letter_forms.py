"""The forms of official letters. A draft may lack anything: what is missing is told, not refused."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from roder.core.dayfield import DayField
from roder.core.persons import FREE_TEXT
from roder.meetings.models import Case
from roder.meetings.rules import letters
from roder.web.forms import DeedForm, day, short_text

#: What to write under each prompt.
PROMPT_HELP: Mapping[str, str] = {
    "ekonomi": "Vad kostar förslaget, när, och hur betalas det?",
    "barnets_basta": "Vilka barn berörs, vad är bäst för dem och hur har de fått säga sin mening?",
    "jamstalldhet": "Hur påverkas kvinnor och män, flickor och pojkar?",
    "miljo": "Hur påverkas miljön och klimatet?",
}


class DraftField(forms.CharField):
    """A text that an agenda requires but a draft may lack: never refused for being empty."""

    def validate(self, value: Any) -> None:
        """Nothing to refuse."""


class DraftDay(DayField):
    """A day that an agenda requires but a draft may lack."""

    def validate(self, value: Any) -> None:
        """Never refused for being empty."""
        if value is not None:
            super().validate(value)


class CaseChoice(forms.ModelChoiceField):
    """A case, or none: then a new one is registered."""

    def clean(self, value: Any) -> Case | None:
        """The case chosen. Raises ValidationError for one that cannot be."""
        return super().clean(value) if value not in self.empty_values else None


def _text(label: str, rows: int, help_text: str = "", needed: bool = True) -> forms.CharField:
    kind = DraftField if needed else forms.CharField
    return kind(
        label=label, help_text=help_text, required=needed, validators=list(FREE_TEXT),
        widget=forms.Textarea(attrs={"rows": rows}),
    )  # fmt: skip


def _line(label: str, most: int, help_text: str = "", needed: bool = True) -> forms.CharField:
    kind = DraftField if needed else forms.CharField
    return kind(
        label=label, help_text=help_text, required=needed, max_length=most, validators=list(FREE_TEXT)
    )


class LetterForm(DeedForm):
    """A whole letter on one page."""

    use_required_attribute = False

    heading = _line("Rubrik", letters.LONGEST_HEADING)
    to = _line("Ställd till", 200, "Till exempel nämndens namn.")
    date = DraftDay(
        label="Datum",
        error_messages={"invalid": "Skriv datumet som 2022-09-05."},
    )
    worker_name = _line("Handläggare", 120)
    worker_title = _line("Handläggarens titel", 120, needed=False)
    proposal = _text(
        "Förslag till beslut", 4, "En beslutspunkt på varje rad. De numreras när skrivelsen skrivs ut."
    )
    summary = _text(
        "Sammanfattning", 5, "Vad ärendet gäller och vad förvaltningen föreslår, i några meningar."
    )
    background = _text("Bakgrund", 6, "Tom rad ger nytt stycke.", needed=False)
    assessment = _text("Förvaltningens yttrande", 8, "Förvaltningens bedömning. Tom rad ger nytt stycke.")
    documents = _text("Beslutsunderlag", 4, "En handling på varje rad, med datum.", needed=False)
    recipients_action = _text("Beslutet skickas till, för åtgärd (FÅ)", 3, "En mottagare på varje rad.")
    recipients_information = _text(
        "Beslutet skickas till, för kännedom (FK)",
        3,
        "En mottagare på varje rad. Minst en mottagare behövs i någon av rutorna.",
    )
    signatories = _text("Undertecknas av", 2, "En person på varje rad: namn, titel.")

    def __init__(self, *args: Any, letter: Mapping[str, Any] | None = None, **kwargs: Any) -> None:
        if letter is not None:
            kwargs["initial"] = {**initial_of(letter), **kwargs.get("initial", {})}
        super().__init__(*args, **kwargs)
        for name, title in letters.PROMPTS.items():
            self.fields[name] = _text(title, 3, PROMPT_HELP[name])
            self.fields[f"not_{name}"] = forms.BooleanField(
                label="Berörs inte. Rutan ovanför säger varför.", required=False
            )

    def content(self) -> dict[str, Any]:
        """The letter as it was filled in (an invalid form's valid parts)."""
        given = self.cleaned_data
        date = given.get("date")
        return {
            **{
                name: given.get(name, "") for name in ("heading", "to", "summary", "background", "assessment")
            },
            "date": date.isoformat() if date else "",
            "worker": {"name": given.get("worker_name", ""), "title": given.get("worker_title", "")},
            "proposal": letters.lines(given.get("proposal", "")),
            "documents": letters.lines(given.get("documents", "")),
            "assessments": {name: given.get(name, "") for name in letters.PROMPTS},
            "not_concerned": [name for name in letters.PROMPTS if given.get(f"not_{name}")],
            "recipients": letters.recipients_of(
                given.get("recipients_action", ""), given.get("recipients_information", "")
            ),
            "signatories": letters.signatories_of(given.get("signatories", "")),
        }

    def refuse(self, error: ValidationError) -> None:
        """As the deed's form; what is said of recipients stands at the first of their two fields."""
        if hasattr(error, "error_dict") and "recipients" in error.error_dict:
            error.error_dict["recipients_action"] = error.error_dict.pop("recipients")
        super().refuse(error)

    @property
    def prompts(self) -> list[tuple[Any, Any]]:
        """The required prompts: the field of the text and the box beside it."""
        return [(self[name], self[f"not_{name}"]) for name in letters.PROMPTS]


def initial_of(letter: Mapping[str, Any]) -> dict[str, Any]:
    """The letter as the form's fields show it."""
    one = letters.normal(letter)
    return {
        **{name: one[name] for name in ("heading", "to", "date", "summary", "background", "assessment")},
        "worker_name": one["worker"]["name"],
        "worker_title": one["worker"]["title"],
        "proposal": "\n".join(one["proposal"]),
        "documents": "\n".join(one["documents"]),
        "recipients_action": "\n".join(letters.recipients_for(one, letters.ACTION)),
        "recipients_information": "\n".join(letters.recipients_for(one, letters.INFORMATION)),
        "signatories": letters.signatories_text(one),
        **one["assessments"],
        **{f"not_{name}": name in one["not_concerned"] for name in letters.PROMPTS},
    }


class VersionForm(DeedForm):
    """A new version: its day and what is new in it."""

    dated_on = day("Datum för versionen")
    note = short_text(
        "Vad är nytt?", 500, "Till exempel: nio ändringar efter arbetsutskottet.", required=True
    )


class FromReportForm(DeedForm):
    """In which case a report's letter is written: one that is there, or a new one."""

    use_required_attribute = False

    case = CaseChoice(
        Case.objects.none(), label="Ärende", empty_label="Nytt ärende",
        help_text="Välj ett ärende som pågår, eller registrera ett nytt.",
    )  # fmt: skip
    title = _line("Ärendemening för ett nytt ärende", 300)

    def __init__(self, *args: Any, cases: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["case"].queryset = cases  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """A new case needs a title."""
        given: dict[str, Any] = super().clean() or self.cleaned_data
        if not given.get("case") and not given.get("title"):
            self.add_error("title", "Skriv en ärendemening, eller välj ett ärende som finns.")
        return given
