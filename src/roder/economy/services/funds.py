"""The result fund of a committee: its balance, last year's result carried to it, and money used, each by a decision."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import Sum

from roder import access
from roder.access import Action, Resource
from roder.core.faults import constraint_of
from roder.economy.models import FundEntry
from roder.economy.rules import means as rules
from roder.economy.services.common import ORE, check_amount
from roder.organisation.models import Body, Person


def fund_balance(committee: Body | int, at: date | None = None) -> Decimal:
    """What the committee's result fund holds, in kronor, by decisions up to and with a day (all of them: None)."""
    rows = FundEntry.objects.filter(committee=committee)
    if at is not None:
        rows = rows.filter(decided_on__lte=at)
    found: Decimal | None = rows.aggregate(sum=Sum("amount"))["sum"]
    return found or Decimal(0)


@transaction.atomic
def add_fund_entry(
    committee: Body,
    kind: str,
    amount: Decimal,
    by: Person,
    *,
    year: int,
    decided_on: date,
    decision: str,
    note: str = "",
    source: str = "",
) -> FundEntry:
    """Note a decision about the result fund: a result carried over (a deficit with minus), money used (with minus), an
    opening balance, or a write-off. ``year`` is the year that a carried result is of, else the year of the decision.

    Raises NotAllowedError; ValidationError by field: no decision, amount that is too large or 0, more used than there
    is, a year's result that is carried already. Two at once: the second waits for the first.
    """
    access.require(by, Action.EDIT, Resource.ECONOMY, committee)
    Body.objects.select_for_update().get(pk=committee.pk)
    errors: dict[str, str] = {}
    if not decision.strip():
        errors["decision"] = "Skriv vilket beslut det bygger på (organ, dag och paragraf)."
    check_amount(errors, "amount", amount)
    if "amount" not in errors and (told := rules.fund_fault(kind, amount, fund_balance(committee))):
        errors["amount"] = told
    if kind == FundEntry.Kind.CARRIED and _carried(committee, year):
        errors["year"] = f"Resultatet för {year} är redan fört till fonden. Rätta den raden i stället."
    if errors:
        raise ValidationError(errors)
    entry = FundEntry(
        committee=committee,
        year=year,
        kind=kind,
        amount=amount.quantize(ORE),
        decided_on=decided_on,
        decision=decision.strip(),
        note=note.strip(),
        source=source,
    )
    entry.full_clean()
    try:
        with transaction.atomic():
            entry.save()
    except IntegrityError as error:
        if constraint_of(error) != "result_carried_once":
            raise
        raise ValidationError({"year": f"Resultatet för {year} är redan fört till fonden."}) from error
    access.record(by, "fund.entered", entry, year=year, entry=kind, amount=str(entry.amount))
    return entry


def _carried(committee: Body, year: int) -> bool:
    return FundEntry.objects.filter(committee=committee, year=year, kind=FundEntry.Kind.CARRIED).exists()


def may_carry(committee: Body, year: int) -> bool:
    """Whether a year's result is still to be carried to the fund."""
    return not _carried(committee, year)
