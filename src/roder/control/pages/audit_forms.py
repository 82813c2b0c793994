"""The forms of the deeds of audits, recommendations, inspections and incidents."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django import forms
from django.utils import timezone

from roder.control.models import Audit, Incident, Recommendation
from roder.core.day_checks import reckoned
from roder.core.models import Record
from roder.core.words import capital_first
from roder.organisation.models import Role, Unit
from roder.web.forms import DeedForm, day, long_text, short_text

#: Mandates that answer for what auditors and authorities ask for.
OWNERS = (
    Role.HEAD_ADMINISTRATION, Role.HEAD_DEPARTMENT, Role.UNIT_MANAGER, Role.QUALITY_STRATEGIST, Role.CONTROLLER,
    Role.SAS, Role.MAS, Role.SECRETARY, Role.CASEWORK_MANAGER,
)  # fmt: skip
ROLES = [(one.value, one.label.capitalize()) for one in OWNERS]
MOMENT = "%Y-%m-%dT%H:%M"


def moment(label: str, help_text: str = "", required: bool = True) -> forms.DateTimeField:
    """A field for a moment, in Swedish time."""
    return forms.DateTimeField(
        label=label,
        help_text=help_text,
        required=required,
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format=MOMENT),
        validators=[reckoned],
        input_formats=[MOMENT, "%Y-%m-%dT%H:%M:%S", "%Y-%m-%d %H:%M"],
        error_messages={"invalid": "Skriv dag och klockslag som 2022-05-31 14:05."},
    )


def choice(
    label: str, options: list[tuple[str, str]], help_text: str = "", required: bool = True
) -> forms.ChoiceField:
    """A choice that nothing is chosen in from the start."""
    return forms.ChoiceField(
        label=label, help_text=help_text, required=required, choices=[("", "Välj …"), *options],
        error_messages={"required": "Välj ett av alternativen."},
    )  # fmt: skip


def needed(field: forms.Field, told: str) -> Any:
    """The field as one that must be filled in, with what is said when it is not."""
    field.required = field.widget.is_required = True
    field.error_messages["required"] = told
    return field


def _words(choices: Any) -> list[tuple[str, str]]:
    return [(code, capital_first(str(word))) for code, word in choices]


class JudgeForm(DeedForm):
    """The auditors' assessment."""

    judgement = choice("Revisorernas bedömning", _words(Audit.Judgement.choices))
    judgement_text = long_text("Bedömningen i ord", 3)


class QuestionForm(DeedForm):
    """A question that the auditors ask."""

    text = long_text("Revisionsfråga", 2, required=True)


class JudgeQuestionForm(DeedForm):
    """The auditors' assessment of a question."""

    judgement = choice("Revisorernas bedömning", _words(Audit.Judgement.choices))
    comment = long_text("Kommentar", 3)


class AnsweredForm(DeedForm):
    """The day an answer was given."""

    answered_on = day("Svaret lämnades")


class AnswerInspectionForm(DeedForm):
    """What was answered to an authority, and when."""

    answered_on = day("Svaret lämnades")
    answer = needed(long_text("Vad svaret säger", 4), "Skriv kort vad svaret säger.")


class ReasonForm(DeedForm):
    """Why."""

    reason = needed(long_text("Varför?", 2), "Skriv varför.")


class FollowUpForm(DeedForm):
    """What followed."""

    follow_up = needed(long_text("Vad uppföljningen visade", 4), "Skriv vad uppföljningen visade.")


class RecommendationForm(DeedForm):
    """What is recommended."""

    number = forms.IntegerField(
        label="Nummer", required=False, min_value=1, max_value=999, help_text="Lämna tomt för nästa nummer."
    )
    text = long_text("Rekommendation", 4, required=True)


class AnswerForm(DeedForm):
    """The committee's answer to a recommendation: which action, who and when."""

    state = choice(
        "Nämndens svar",
        [(Recommendation.State.ACCEPTED, "Åtgärdas"), (Recommendation.State.DECLINED, "Åtgärdas inte")],
    )
    answer = needed(
        long_text("Vilken åtgärd? Eller varför inte?", 4),
        "Skriv vilken åtgärd nämnden vidtar, eller varför den inte gör det.",
    )
    responsible = short_text("Vem ansvarar?", 120, "En befattning, inte ett namn. Behövs när den åtgärdas.")
    owner_role = choice("Vem får uppgiften?", ROLES, "Lämna tomt för kvalitetsstrategen.", required=False)
    due_on = day("När är åtgärden klar?", "Behövs när den åtgärdas.", required=False)


class DoneForm(DeedForm):
    """A recommendation is done."""

    done_on = day("Åtgärden var klar")
    effect = needed(long_text("Vilken effekt fick åtgärden?", 4), "Skriv vilken effekt åtgärden fick.")


class ActionForm(DeedForm):
    """An action of its own, with an effect to be stated when it is done."""

    what = short_text("Vad ska göras?", 300, "En mening utan namn.", required=True)
    role = choice("Vem gör det?", ROLES)
    due = day("Senast", required=False)
    expected_effect = long_text("Förväntad effekt", 2)


class IncidentForm(DeedForm):
    """An incident as it is known now."""

    unit = forms.ModelChoiceField(
        Unit.objects.none(), label="Enhet", required=False, empty_label="Hela nämnden",
        help_text="Enhetens chef ser incidenten.",
    )  # fmt: skip
    kind = forms.ChoiceField(label="Slag", choices=_words(Incident.Kind.choices))
    title = short_text("Incident, i några ord", 250, "Utan namn på någon.", required=True)
    discovered_at = moment("Upptäcktes", "Tiden för anmälan räknas härifrån: 72 timmar.")
    happened_at = moment("Inträffade", "Lämna tomt om det inte är känt.", required=False)
    what = long_text("Vad hände?", 5, "Beskriv utan namn och personnummer.", required=True)
    affected = forms.IntegerField(label="Antal berörda", required=False, min_value=0, max_value=10_000_000)
    data_kinds = short_text("Slags uppgifter", 300, "Till exempel adresser eller uppgifter om hälsa.")
    measures = long_text("Vad har ni gjort hittills?", 3)


class AssessForm(DeedForm):
    """The risk for those concerned."""

    risk = choice("Risk för de berörda", _words(Incident.Risk.choices))
    assessment = needed(
        long_text("Bedömning", 5, "Hur allvarligt är det, och hur troligt att någon drabbas?"),
        "Skriv hur du kom fram till det.",
    )


class ReportForm(DeedForm):
    """The authority has been told."""

    reported_at = moment("Anmäld till myndigheten")
    authority_number = short_text("Myndighetens diarienummer", 60)
    late_reason = short_text("Varför är anmälan sen?", 300, "Behövs när det har gått mer än 72 timmar.")


class InformForm(DeedForm):
    """Those concerned have been told."""

    informed_on = day("De berörda informerades")


class CloseIncidentForm(DeedForm):
    """What the incident led to."""

    measures = needed(
        long_text("Vilka åtgärder ledde incidenten till?", 4), "Skriv vilka åtgärder incidenten ledde till."
    )


def initial_of(row: Record, form: type[DeedForm]) -> dict[str, Any]:
    """What a record already says in the fields of a form."""
    found: dict[str, Any] = {}
    for name in form.base_fields:
        if hasattr(row, name):
            value = getattr(row, f"{name}_id") if hasattr(row, f"{name}_id") else getattr(row, name)
            if value not in (None, ""):
                found[name] = timezone.localtime(value) if isinstance(value, datetime) else value
    return found
