"""The forms of the plan: points, controls, adoption, and what is said at a follow-up."""

from __future__ import annotations

from typing import Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError

from roder.control.models import (
    Control,
    ControlPlan,
    ControlPoint,
    PlanReview,
    PointReview,
    Risk,
    RiskAnalysis,
)
from roder.control.rules import plans as rules
from roder.control.rules.outcomes import WITH, Words
from roder.core.models import Record
from roder.core.numbers import NumberError, parse_number
from roder.core.persons import FREE_TEXT
from roder.organisation.models import Role, Unit
from roder.quality.models import SelfCheck
from roder.questionnaires.models import QuestionSet
from roder.web.forms import DeedForm, day, long_text, short_text

#: Mandates that make controls.
OWNERS = (
    Role.HEAD_ADMINISTRATION, Role.HEAD_DEPARTMENT, Role.UNIT_MANAGER, Role.QUALITY_STRATEGIST, Role.CONTROLLER,
    Role.SAS, Role.MAS, Role.CASEWORK_MANAGER, Role.SECRETARY,
)  # fmt: skip
OWNER_CHOICES = [(one.value, one.label.capitalize()) for one in OWNERS]
MONTHS = [(str(number), name.capitalize()) for number, name in enumerate(rules.MONTHS, start=1)]


class Percent(forms.DecimalField):
    """A share in percent, as people write it: ``10``, ``12,5`` or ``10 %``."""

    def to_python(self, value: Any) -> Any:
        """The number. Raises ValidationError with what to write instead."""
        if isinstance(value, str) and value.strip():
            try:
                value = parse_number(value.strip().removesuffix("%"))
            except NumberError as error:
                raise ValidationError(f"{error}. Skriv till exempel 10 eller 12,5.") from None
        return super().to_python(value)


class RowForm(DeedForm):
    """A form over a row: knows how the row is shown in it, and what differs from what somebody else saved."""

    def values(self) -> dict[str, Any]:
        """What was filled in, without the revision and the reason."""
        return {
            name: value for name, value in self.cleaned_data.items() if name not in ("revision", "reason")
        }

    @staticmethod
    def initial_of(row: Any) -> dict[str, Any]:
        """The row as the form shows it."""
        raise NotImplementedError

    def theirs(self) -> list[tuple[str, str, str]]:
        """What somebody else saved in between, field by field beside what was typed."""
        if not isinstance(self.other, Record):
            return []
        stored, found = self.initial_of(self.other), []
        for name, field in self.fields.items():
            if name not in stored or name == "revision":
                continue
            choices = {str(key): str(label) for key, label in getattr(field, "choices", [])}

            def words(value: Any, choices: dict[str, str] = choices) -> str:
                many = value if isinstance(value, list | tuple) else [value]
                said = [choices.get(str(one), str(one)) for one in many if one not in (None, "", False)]
                return ", ".join("ja" if one == "True" else one for one in said) or "–"

            data: Any = self.data
            multiple = isinstance(field, forms.MultipleChoiceField)
            typed = words(data.getlist(name) if multiple else data.get(name, "").replace("\r", ""))
            if isinstance(field, forms.BooleanField):
                typed = "ja" if data.get(name) else "–"
            if typed != words(stored[name]):
                found.append((str(field.label), words(stored[name]), typed))
        return found


class PlanForm(RowForm):
    """The draft's own texts."""

    title = short_text("Benämning", 200, required=True)
    analysis = forms.ModelChoiceField(
        RiskAnalysis.objects.none(), label="Följer av riskanalysen", required=False, empty_label="Ingen"
    )
    introduction = long_text("Inledning", rows=6)

    def __init__(self, *args: Any, analyses: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["analysis"].queryset = analyses  # type: ignore[attr-defined]

    @staticmethod
    def initial_of(row: ControlPlan) -> dict[str, Any]:
        """The plan as the form shows it."""
        return {
            "title": row.title, "analysis": row.analysis_id, "introduction": row.introduction,
            "revision": row.revision,
        }  # fmt: skip


class ReasonForm(DeedForm):
    """A deed that needs its reason."""

    reason = short_text("Varför?", 300, required=True)

    def __init__(self, *args: Any, label: str = "Varför?", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["reason"].label = label


class AdoptForm(DeedForm):
    """That the committee has adopted the plan."""

    on = day("Nämnden antog planen den")
    decision = short_text("Paragraf eller diarienummer", 120, "Till exempel § 84.", required=True)


class PointForm(RowForm):
    """A point: what it is about, the risk it comes of, and whose initiative."""

    number = short_text("Nummer", 20, "Lämna tomt för nästa lediga nummer.")
    risk = forms.ModelChoiceField(
        Risk.objects.none(), label="Risk i riskanalysen", required=False, empty_label="Ingen"
    )
    title = short_text("Kontrollpunkt", 300, "Lämna tomt för riskens egen text.")
    area = short_text("Område", 160)
    process = short_text("Process eller rutin", 160)
    obligatory = forms.BooleanField(
        label="Obligatorisk: kommunen har bestämt att den ska vara med", required=False
    )
    by_committee = forms.BooleanField(label="Nämndens eget initiativ", required=False)
    reason = short_text("Varför läggs punkten till nu?", 300, "Planen är antagen.", required=True)

    def __init__(self, *args: Any, risks: Any, adopted: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["risk"].queryset = risks  # type: ignore[attr-defined]
        self.fields["risk"].label_from_instance = _risk_words  # type: ignore[attr-defined]
        if not adopted:
            del self.fields["reason"]

    @staticmethod
    def initial_of(row: ControlPoint) -> dict[str, Any]:
        """The point as the form shows it."""
        names = ("number", "title", "area", "process", "obligatory", "by_committee", "revision")
        return {**{name: getattr(row, name) for name in names}, "risk": row.risk_id}


def _risk_words(risk: Risk) -> str:
    worth = f" (riskvärde {risk.value})" if risk.value is not None else ""
    text = f"{risk.number or risk.code} {risk.text}{worth}"
    return text if len(text) <= 120 else f"{text[:119]}…"


class ControlForm(RowForm):
    """A control: what is checked, how, how much, by whom and when it is told."""

    what = short_text("Vad kontrolleras?", 500, required=True)
    method = forms.ChoiceField(label="Metod", choices=Control.Method.choices)
    method_text = short_text("Metod i ord", 300, "Om planen ska säga mer än metodens namn.")
    scope = forms.ChoiceField(
        label="Omfattning", widget=forms.RadioSelect,
        choices=[(value, label.capitalize()) for value, label in Control.Scope.choices],
    )  # fmt: skip
    scope_number = forms.IntegerField(
        label="Antal per gång", required=False, min_value=1, max_value=1_000_000
    )
    scope_share = Percent(
        label="Andel i procent", required=False, min_value=0, max_value=100, decimal_places=2
    )
    scope_text = short_text("Omfattning i ord", 200, "Till exempel 5 + 5 per mätning.")
    frame_text = short_text("Vad stickprovet dras ur", 300, "Till exempel beslut 1 januari–31 maj.")
    frequency = short_text("Frekvens", 120, "Till exempel två gånger per år.")
    times_a_year = forms.IntegerField(label="Gånger per år", min_value=1, max_value=366, initial=1)
    responsible = short_text(
        "Kontrollansvarig", 120, "Funktionen som planen ska visa, inte ett namn.", required=True
    )
    owner_role = forms.ChoiceField(label="Rollen som får uppgiften", choices=[("", "Välj"), *OWNER_CHOICES])
    unit = forms.ModelChoiceField(
        Unit.objects.none(), label="I enheten", required=False, empty_label="Hela nämnden"
    )
    occasions = forms.MultipleChoiceField(
        label="Redovisas vid", required=False, widget=forms.CheckboxSelectMultiple,
        choices=[(code, word.capitalize()) for code, word in rules.TOLD_AT.items()],
    )  # fmt: skip
    months = forms.MultipleChoiceField(
        label="Eller i månaderna", required=False, widget=forms.CheckboxSelectMultiple, choices=MONTHS
    )
    reported_text = short_text("Redovisas, i ord", 200, "Om planen ska säga det på ett eget sätt.")
    question_set = forms.ModelChoiceField(
        QuestionSet.objects.none(), label="Checklista för varje granskad post", required=False,
        empty_label="Ingen",
    )  # fmt: skip
    reason = short_text("Varför?", 300, "Planen är antagen. Skälet sparas med ändringen.", required=True)

    def __init__(
        self, *args: Any, units: Any, sets: Any, adopted: bool = False, only: Any = (), **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.fields["unit"].queryset = units  # type: ignore[attr-defined]
        self.fields["question_set"].queryset = sets  # type: ignore[attr-defined]
        if not adopted:
            del self.fields["reason"]
        for name in list(self.fields) if only else ():
            if name not in (*only, "reason", "revision"):
                del self.fields[name]

    #: What most controls do not need: folded away until something is written in it.
    RARE: ClassVar = (
        "method_text",
        "scope_text",
        "times_a_year",
        "unit",
        "months",
        "reported_text",
        "question_set",
    )

    @property
    def common(self) -> list[forms.BoundField]:
        """The fields that are always shown."""
        return [one for one in self.visible_fields() if one.name not in self.RARE]

    @property
    def rare(self) -> list[forms.BoundField]:
        """The fields that are folded away."""
        return [one for one in self.visible_fields() if one.name in self.RARE]

    @property
    def rare_open(self) -> bool:
        """Whether something stands in what is folded away, or is wrong there."""
        usual: tuple[Any, ...] = (None, "", [], 1, "1")
        return any(one.errors or one.value() not in usual for one in self.rare)

    def clean_months(self) -> list[int]:
        """The months as numbers."""
        return [int(one) for one in self.cleaned_data["months"]]

    @staticmethod
    def initial_of(row: Control) -> dict[str, Any]:
        """The control as the form shows it."""
        names = (
            "what", "method", "method_text", "scope", "scope_number", "scope_share", "scope_text", "frame_text",
            "frequency", "times_a_year", "responsible", "owner_role", "reported_text", "occasions", "revision",
        )  # fmt: skip
        return {
            **{name: getattr(row, name) for name in names}, "months": [str(one) for one in row.months],
            "unit": row.unit_id, "question_set": row.question_set_id,
        }  # fmt: skip


class HandOverForm(ReasonForm):
    """A control that the units check themselves from now on."""

    self_check = forms.ModelChoiceField(
        SelfCheck.objects.none(),
        label="Egenkontrollen som gör det nu",
        required=False,
        empty_label="Ingen vald",
    )

    def __init__(self, *args: Any, checks: Any, **kwargs: Any) -> None:
        super().__init__(*args, label="Varför lämnas den över?", **kwargs)
        self.fields["self_check"].queryset = checks  # type: ignore[attr-defined]


class ActionForm(DeedForm):
    """A new action of a point."""

    what = short_text("Vad ska göras?", 300, "En mening utan namn.", required=True)
    role = forms.ChoiceField(label="Ansvarig", choices=OWNER_CHOICES)
    due = day("Senast", required=False)
    expected_effect = short_text("Vilken effekt väntar ni er?", 300)


class ReviewForm(RowForm):
    """How a point came out at an occasion."""

    outcome = forms.ChoiceField(
        label="Bedömning", widget=forms.RadioSelect,
        error_messages={"required": "Välj en bedömning."},
    )  # fmt: skip
    result = long_text(
        "Resultat", rows=5, help_text="Vad kontrollerna visade, eller varför punkten flyttas.", required=True
    )
    action = long_text("Åtgärd", rows=3, help_text="Behövs när punkten har anmärkning.")
    moved_to = day("Om den flyttas: redovisas senast", required=False)
    assumed = forms.BooleanField(
        label="Bedömningen är antagen: källan säger inte vilken den är", required=False
    )
    assumed_reason = forms.CharField(
        label="Varför är den antagen?", required=False, max_length=300, validators=list(FREE_TEXT)
    )

    def __init__(self, *args: Any, words: Words, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["outcome"].choices = [(one.code, one.label) for one in words.every]  # type: ignore[attr-defined]
        if not words.are_own:
            self.fields["action"].help_text = f"Behövs när punkten bedöms som {words.said(WITH)}."

    @staticmethod
    def initial_of(row: PointReview) -> dict[str, Any]:
        """The assessment as the form shows it, without its word."""
        names = ("result", "action", "moved_to", "assumed", "assumed_reason", "revision")
        return {name: getattr(row, name) for name in names}


class ConcludeForm(RowForm):
    """The committee's conclusion."""

    conclusion = forms.ChoiceField(
        label="Slutsats", widget=forms.RadioSelect, choices=PlanReview.Conclusion.choices,
        error_messages={"required": "Välj en slutsats."},
    )  # fmt: skip
    reasons = long_text("Skäl", rows=5, required=True)
    concluded_on = day("Dag")
    decision = short_text("Beslut", 120, "Till exempel § 84.")

    @staticmethod
    def initial_of(row: PlanReview) -> dict[str, Any]:
        """The conclusion as the form shows it."""
        names = ("conclusion", "reasons", "concluded_on", "decision", "revision")
        return {name: getattr(row, name) for name in names}
