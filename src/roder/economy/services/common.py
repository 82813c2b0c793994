"""What several deeds of the economy share: amounts that fit, words of the same committee, faults by row."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError

from roder.organisation.models import Unit
from roder.steering.models import Term

#: The largest amount a column holds, in kronor.
LIMIT = Decimal(10) ** 14
ORE = Decimal("0.01")


def check_amount(errors: dict[str, str], name: str, amount: Decimal) -> None:
    """Note in ``errors``, at ``name``, an amount in kronor that no column holds: too large, or parts of öre."""
    if not amount.is_finite() or abs(amount) >= LIMIT:
        errors[name] = "Beloppet är för stort."
    elif amount != amount.quantize(ORE):
        errors[name] = "Beloppet har fler decimaler än hela ören."


def same_committee(
    errors: dict[str, str], name: str, committee_id: int, model: type[Term] | type[Unit], ids: set[Any]
) -> None:
    """Note in ``errors``, at the field ``name``, that one of the words or units ``ids`` is another committee's."""
    known = set(
        model._default_manager.filter(committee_id=committee_id, pk__in=ids).values_list("pk", flat=True)
    )
    if ids - known:
        errors[name] = f"{model._meta.verbose_name} från en annan nämnd kan inte användas.".capitalize()


class EntryFaultsError(Exception):
    """Some rows could not be saved, and so none was. By row: faults by field, or what somebody else saved."""

    def __init__(self) -> None:
        super().__init__("Inget är sparat.")
        self.faults: dict[str, dict[str, list[str]]] = {}
        self.stale: dict[str, Any] = {}

    def add(self, key: str, error: ValidationError) -> None:
        """Note a row's faults; those of no field stand under ''."""
        found = error.message_dict if hasattr(error, "error_dict") else {"": error.messages}
        self.faults[key] = found
