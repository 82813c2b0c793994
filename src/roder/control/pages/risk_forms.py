"""The forms of risks and of the year's analysis."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from django import forms

from roder.control.models import Risk
from roder.control.rules.scales import HANDLINGS, Axis, Scale, reasons
from roder.organisation.models import Role
from roder.web.forms import ActionForm, DeedForm, day, long_text, said, short_text

#: Mandates that an immediate action is given to.
OWNERS = (
    Role.HEAD_ADMINISTRATION, Role.HEAD_DEPARTMENT, Role.UNIT_MANAGER, Role.CONTROLLER, Role.QUALITY_STRATEGIST,
    Role.SAS, Role.MAS, Role.CASEWORK_MANAGER, Role.SECRETARY,
)  # fmt: skip


def _step(axis: Axis) -> forms.IntegerField:
    """A step of the scale, with what it means. A number that is not on the scale is told by the rule, not here."""
    choices: list[tuple[str, str]] = [("", "Välj")]
    for step in axis.steps:
        choices.append((str(step.value), f"{step.words}: {step.meaning}" if step.meaning else step.words))
    return forms.IntegerField(label=axis.label, widget=forms.Select(choices=choices))


class ScoreForm(DeedForm):
    """Likelihood and impact on the analysis's scale."""

    def __init__(self, *args: Any, scale: Scale, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["likelihood"] = _step(scale.likelihood)
        self.fields["impact"] = _step(scale.impact)


class HandleForm(DeedForm):
    """What the risk leads to, with the rule's proposals marked; and whether it goes into the plan."""

    handling = forms.ChoiceField(label="Hantering", widget=forms.RadioSelect)
    handling_reason = long_text(
        "Skäl att avvika från regeln", 2, "Behövs bara när valet inte är ett av förslagen."
    )
    in_plan = forms.TypedChoiceField(
        label="Med i internkontrollplanen",
        required=False,
        choices=[("", "Följer av hanteringen"), ("ja", "Ja"), ("nej", "Nej")],
        coerce=lambda word: word == "ja",
        empty_value=None,
    )
    plan_reason = long_text("Varför med eller inte", 2, "Behövs när valet inte följer av hanteringen.")

    def __init__(self, *args: Any, risk: Risk, scale: Scale, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        proposed = reasons(scale, risk.likelihood, risk.impact)

        def words(code: str) -> str:
            if code not in proposed:
                return HANDLINGS[code]
            return f"{HANDLINGS[code]} – föreslås" + (f": {proposed[code]}" if proposed[code] else "")

        order = [*proposed, *(code for code in HANDLINGS if code not in proposed)]
        field: Any = self.fields["handling"]
        field.choices = [(code, words(code)) for code in order]

    @staticmethod
    def initial_of(risk: Risk) -> dict[str, Any]:
        """What stands there now. A choice about the plan that follows from the handling is shown as that."""
        return {
            "handling": risk.handling,
            "handling_reason": risk.handling_reason,
            "in_plan": said(risk.in_plan) if risk.plan_reason else "",
            "plan_reason": risk.plan_reason,
        }


class RetireForm(DeedForm):
    """Why the risk goes out."""

    retired_reason = short_text("Varför utgår risken?", 300, required=True)


class PointForm(DeedForm):
    """A control point of the risk."""

    title = short_text("Kontrollpunkt", 300, required=True)
    process = short_text("Process", 160)
    reason = short_text("Varför läggs punkten till i den antagna planen?", 300)

    def __init__(self, *args: Any, adopted: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if adopted:
            self.fields["reason"].required = True
        else:
            del self.fields["reason"]


class FactorForm(DeedForm):
    """A critical factor of the risk."""

    perspective = forms.ChoiceField(label="Perspektiv")
    title = short_text("Faktor", 300, required=True)

    def __init__(self, *args: Any, perspectives: dict[str, str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["perspective"]
        field.choices = list(perspectives.items())


class ConnectForm(DeedForm):
    """A record that is there already and came of the risk: ``steering.goal:12``."""

    target = forms.ChoiceField(label="Vad kom ur risken?")

    def __init__(
        self, *args: Any, groups: Iterable[tuple[str, Sequence[tuple[str, str]]]], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["target"]
        field.choices = [("", "Välj"), *((label, list(rows)) for label, rows in groups if rows)]


class ImmediateForm(ActionForm):
    """An immediate action. What was found is the risk itself."""

    expected_effect = long_text("Väntad effekt", 2)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        owners = [(role.value, str(role.label).capitalize()) for role in OWNERS]
        super().__init__(*args, owners=owners, **kwargs)


class OpenForm(DeedForm):
    """Open the year's analysis."""

    title = short_text("Benämning", 200)
    carry = forms.BooleanField(label="Ta med riskerna från det senaste året", required=False)


class AboutForm(DeedForm):
    """What the analysis is called and what stands first in it."""

    title = short_text("Benämning", 200, required=True)
    introduction = long_text("Inledning")


class CarryForm(DeedForm):
    """Which year the risks are taken from."""

    from_analysis = forms.TypedChoiceField(label="Från", coerce=int)

    def __init__(self, *args: Any, years: Sequence[tuple[int, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["from_analysis"]
        field.choices = [(str(pk), label) for pk, label in years]


class DecideForm(DeedForm):
    """The day and the decision."""

    on = day("Beslutad")
    decision = short_text("Beslut", 120, "Till exempel VON § 84.")
