"""The registers of means: every row behind the tables, and the forms to write them."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError

from roder.core.numbers import Unit
from roder.core.register import Column, Filter, Register
from roder.economy.models import Allocation, FundEntry, PrepaidIncome, StaffMove, UnitCost
from roder.economy.pages.registers import (
    BATCH,
    REGISTERED,
    SOURCE,
    UNIT,
    UNITS,
    occasions_of,
    period_of,
    with_relations,
)
from roder.economy.rules.means import allocated, fund_fault
from roder.economy.services.funds import fund_balance
from roder.organisation.models import Person
from roder.web.scope import Scope


def _new_prepaid(scope: Scope) -> PrepaidIncome:
    made = PrepaidIncome()
    if scope.follow_ups:
        made.occasion = scope.follow_ups[-1]
    return made


prepaid_lines = Register(
    PrepaidIncome,
    name="forutbetalda-rader",
    title="Förutbetalda intäkter rad för rad",
    lead="Inkomster per projekt vid årets uppföljningar. Intäkter står utan minus.",
    rows=with_relations("unit", "occasion", occasion__committee="committee", occasion__year="year"),
    columns=(
        Column("project", link=True),
        Column("occasion", "Tillfälle", sort=("occasion__cut_off",)),
        "development",
        Column("budget", unit=Unit.TKR),
        Column("forecast", unit=Unit.TKR),
        Column("outcome", unit=Unit.TKR),
        Column("outcome_last_year", unit=Unit.TKR),
        UNIT,
        SOURCE,
        BATCH,
        Column("changed_at", "Ändrad", shown=False),
    ),
    filters=(Filter("occasion", "Tillfälle", occasions_of), UNITS),
    search=("project",),
    order=("occasion__cut_off", "position", "project"),
    form=("occasion", "project", "development", "budget", "forecast", "outcome", "outcome_last_year", "unit"),
    new=_new_prepaid,
    tools=lambda scope: [("Tabellen", scope.url("economy:prepaid"))],
    empty="Inkomster läggs till här, ett projekt i taget och i kronor, eller läses in från fil.",
)

unit_costs = Register(
    UnitCost,
    name="apriser",
    title="À-priser",
    lead="Vad en plats, person eller timme kostar ett år, per insats och regi. Alla år.",
    rows=with_relations("unit", "support", committee="committee"),
    columns=(
        Column("support", "Insats", sort=("support__position",), link=True),
        Column("year", "År", value=lambda row: str(row.year), sort=("year",)),
        "run",
        Column("amount", "Kronor per år", unit=Unit.KRONOR),
        UNIT,
        "basis",
        SOURCE,
        BATCH,
        REGISTERED,
    ),
    filters=(Filter("year", "År"), Filter("support", "Insats"), "run"),
    search=("support__label", "basis"),
    order=("-year", "support__position", "run"),
    form=("year", "support", "run", "amount", "basis", "unit"),
    new=lambda scope: UnitCost(committee=scope.committee, year=scope.year),
    tools=lambda scope: [("Resursfördelning", scope.url("economy:allocation"))],
    empty="À-priserna läggs till här eller läses in från fil. Skriv kronor per år, utan minus.",
)


def _same_year(row: Allocation, by: Person) -> None:
    """A change of volume is counted with a unit cost of its own year."""
    if row.cost.year != row.year:
        raise ValidationError(
            {"cost": f"À-priset gäller {row.cost.year}, men planen {row.year}. Välj ett pris för samma år."}
        )


def _amount(row: Allocation) -> Any:
    return allocated(row.volume_before, row.volume_planned, row.cost.amount)


allocations = Register(
    Allocation,
    name="volymplan",
    title="Planerade volymer",
    lead="Hur volymerna väntas ändras under året, och vad ändringen ger i budget.",
    rows=with_relations("unit", "cost__support", committee="committee", year="year"),
    columns=(
        Column("cost__support", "Insats", sort=("cost__support__position",), link=True),
        Column("cost__run", "Regi"),
        Column("volume_before", unit=Unit.COUNT),
        Column("volume_planned", unit=Unit.COUNT),
        Column("cost__amount", "À-pris, kronor", unit=Unit.KRONOR),
        Column("amount", "Ger i budget", value=_amount, unit=Unit.TKR, sign=True),
        UNIT,
        "reason",
        "decision",
        SOURCE,
        BATCH,
        REGISTERED,
    ),
    filters=(Filter("cost__support", "Insats"), UNITS),
    search=("reason", "decision"),
    order=("cost__support__position", "cost__run"),
    form=("cost", "volume_before", "volume_planned", "reason", "decision", "unit"),
    new=lambda scope: Allocation(committee=scope.committee, year=scope.year),
    saved=_same_year,
    tools=lambda scope: [("Resursfördelning", scope.url("economy:allocation")),
                         ("À-priser", scope.url("economy:apriser"))],
    empty="Planen läggs till här, en insats i taget, eller läses in från fil. Lägg in årets à-priser först.",
)  # fmt: skip


def _within_the_fund(row: FundEntry, by: Person) -> None:
    """A corrected entry leaves no more used than there is."""
    held = fund_balance(row.committee) - row.amount
    if told := fund_fault(row.kind, row.amount, held):
        raise ValidationError({"amount": told})


fund_entries = Register(
    FundEntry,
    name="fondbeslut",
    title="Beslut om resultatfonden",
    lead="Allt som har förts till fonden och använts, med beslut, alla år.",
    rows=with_relations(committee="committee"),
    columns=(
        Column("decided_on", link=True),
        "kind",
        Column("year", "År", value=lambda row: str(row.year), sort=("year",)),
        Column("amount", unit=Unit.TKR),
        "decision",
        "note",
        SOURCE,
        BATCH,
        Column("changed_at", "Ändrad", shown=False),
    ),
    filters=("kind", Filter("year", "År")),
    search=("decision", "note"),
    order=("-decided_on", "-pk"),
    form=("year", "amount", "decided_on", "decision", "note"),
    saved=_within_the_fund,
    tools=lambda scope: [("Saldot", scope.url("economy:funds"))],
    empty="Här kommer besluten när det första är inskrivet.",
)

staff_moves = Register(
    StaffMove,
    name="personalrorelser",
    title="Anställda och slutade",
    lead="Hur många som har anställts och slutat per period, orsak och yrkesgrupp. Bara antal.",
    rows=with_relations("unit", committee="committee"),
    columns=(
        Column("period_start", "Period", value=period_of, sort=("period_start", "period_end"), link=True),
        UNIT,
        "kind",
        "reason",
        "profession",
        Column("count", unit=Unit.COUNT),
        SOURCE,
        BATCH,
        REGISTERED,
    ),
    filters=("kind", "reason", "period_start", UNITS),
    search=("reason", "profession"),
    order=("-period_start", "kind", "reason"),
    empty="Raderna kommer in genom inläsning av en fil med personalrörelser.",
)

REGISTERS = (prepaid_lines, unit_costs, allocations, fund_entries, staff_moves)
