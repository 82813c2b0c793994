"""The forms of recovery plans. Money is typed in the unit that the committee prints (tkr) and becomes kronor."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from roder.core.numbers import NumberError, Unit
from roder.economy.sheets import read_amount, typed
from roder.organisation.models import Body, Role
from roder.organisation.models import Unit as OrganisationUnit
from roder.steering.models import AccountGroup
from roder.web.forms import DeedForm, day, long_text, short_text

OWNERS = (
    Role.HEAD_ADMINISTRATION, Role.HEAD_DEPARTMENT, Role.UNIT_MANAGER, Role.CONTROLLER, Role.QUALITY_STRATEGIST,
)  # fmt: skip


class AmountField(forms.CharField):
    """An amount as people write it, in the committee's unit of print; kronor when it is read."""

    def __init__(self, *, money: Unit, **options: Any) -> None:
        super().__init__(max_length=60, **options)
        self.money = money

    def clean(self, value: Any) -> Decimal | None:
        """Kronor, or None for an empty field."""
        text = super().clean(value)
        try:
            return read_amount(text, self.money)
        except NumberError as error:
            raise ValidationError(
                f"{error}. Skriv beloppet i {self.money.value}, till exempel 1 250."
            ) from error


class CauseForm(DeedForm):
    """Why the forecast is worse than the budget."""

    cause = long_text("Vad beror underskottet på?", 4, required=True)


class MoneyForm(DeedForm):
    """What a measure is counted to give, and what it has given."""

    def __init__(self, *args: Any, committee: Body, money: Unit, so_far: bool = True, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        of = f" ({money.value})"
        self.fields["amount"] = AmountField(
            label=f"Väntad effekt i år{of}",
            money=money,
            help_text="Utan minus: så mycket bättre blir resultatet.",
        )
        self.fields["full_year"] = AmountField(
            label=f"Väntad effekt på helår{of}", money=money, required=False
        )
        if so_far:
            self.fields["effect_so_far"] = AmountField(
                label=f"Effekt hittills{of}", money=money, required=False, help_text="Tomt: inte uppföljd än."
            )
        self.fields["group"] = forms.ModelChoiceField(
            label="Kontogrupp", queryset=AccountGroup.objects.filter(committee=committee), required=False,
            empty_label="Flera eller ingen",
        )  # fmt: skip

    @staticmethod
    def initial_of(row: Any, money: Unit) -> dict[str, Any]:
        """What stands there now, as one would type it."""
        return {
            "amount": typed(row.amount, money),
            "full_year": typed(row.full_year, money),
            "effect_so_far": typed(row.effect_so_far, money),
            "group": row.group_id,
            "revision": row.revision,
        }


class MeasureForm(MoneyForm):
    """A new measure: what, whose, by when, and what it gives."""

    what = short_text("Vad ska göras?", 300, "En mening utan namn.", required=True)
    role = forms.ChoiceField(
        label="Ansvarig", choices=[(one.value, one.label.capitalize()) for one in OWNERS]
    )
    due = day("Senast", required=False)
    expected_effect = short_text("Väntad effekt i ord", 500)

    def __init__(self, *args: Any, unit: OrganisationUnit | None, **kwargs: Any) -> None:
        super().__init__(*args, so_far=False, **kwargs)
        if unit is None:
            rows = OrganisationUnit.objects.filter(committee=kwargs["committee"], external=False)
            self.fields["unit"] = forms.ModelChoiceField(
                label="Enhet", queryset=rows.order_by("name"), required=False, empty_label="Hela nämnden",
                help_text="Var den ansvariga har sitt uppdrag.",
            )  # fmt: skip
        self.order_fields(["what", "role", "unit", "due", "amount", "full_year", "group", "expected_effect"])


class DecideForm(DeedForm):
    """The day and the paragraph of the decision."""

    decided_on = day("Beslutsdag")
    decision = short_text("Beslut", 200, "Organ, dag och paragraf, till exempel VON 2022-05-19 § 40.")


class ReasonForm(DeedForm):
    """Why something is taken back."""

    reason = short_text("Skäl", 300, required=True)
