"""Sheets: many rows of amounts typed on one page. What was typed is kept, and every fault stands at its row.

A sheet reads a posted page into entries for the services and puts their faults back at the fields. Amounts are typed
in the unit that the municipality prints (tkr), in any form people write numbers; the services get kronor.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from django.http import QueryDict

from roder.core.numbers import NumberError, Unit, format_number, parse_number, whole_number
from roder.economy.models import BudgetVersion, ForecastLine, InvestmentLine
from roder.economy.services import (
    EntryFaultsError,
    ForecastEntry,
    InvestmentAmounts,
    InvestmentEntry,
    LineKey,
    amounts_of,
    budget_at,
)
from roder.organisation.models import Unit as OrganisationUnit
from roder.steering.modelfile import SteeringModel
from roder.steering.modelfile.codes import Sign
from roder.steering.models import AccountGroup, InvestmentCategory, Occasion, ServiceCode

LONGEST = 40  # characters of a typed amount that are worth reading


def typed(amount: Decimal | None, unit: Unit) -> str:
    """An amount in kronor as one would type it in ``unit``: every decimal it has, none that it has not."""
    if amount is None:
        return ""
    scaled = (Decimal(amount) / unit.divisor).normalize()
    exponent = scaled.as_tuple().exponent
    return format_number(scaled, max(0, -exponent) if isinstance(exponent, int) else 0)


def read_amount(text: str, unit: Unit) -> Decimal | None:
    """Kronor from what was typed in ``unit``; None for an empty field. Raises NumberError (Swedish message)."""
    if not text.strip():
        return None
    if len(text) > LONGEST:
        raise NumberError("talet är för långt")
    return parse_number(text) * unit.divisor


def _fault(error: NumberError, unit: Unit) -> str:
    return f"{error}. Skriv beloppet i {unit.value}, till exempel −1 250 eller 43,5."


def _revision(text: str) -> int | None:
    return whole_number(text, 9)


# --- forecast -------------------------------------------------------------------------------------------------------


@dataclass
class ForecastRow:
    """A row of the forecast sheet. Amounts of kronor beside it; ``amount`` and ``cause`` are texts as typed."""

    key: str
    label: str
    group: AccountGroup
    service: ServiceCode | None
    is_cost: bool
    budget: Decimal | None = None
    previous: Decimal | None = None
    units: Decimal | None = None
    amount: str = ""
    cause: str = ""
    revision: int | None = None
    faults: dict[str, list[str]] = field(default_factory=dict)
    other: ForecastLine | None = None

    @property
    def field_id(self) -> str:
        """An id for the row's fields that is safe in HTML."""
        return self.key.replace(".", "-")


@dataclass
class ForecastSheet:
    """The forecast of a unit (or of the whole committee) at an occasion, all groups on one page."""

    occasion: Occasion
    unit: OrganisationUnit | None
    money: Unit
    rows: list[ForecastRow]
    version: BudgetVersion | None
    before: Occasion | None

    @classmethod
    def opened(
        cls,
        occasion: Occasion,
        model: SteeringModel,
        before: Occasion | None,
        unit: OrganisationUnit | None = None,
    ) -> ForecastSheet:
        """The sheet as it stands in the database, with budget and the forecast before beside. At most seven queries."""
        rows = _forecast_rows(occasion, model)
        version = budget_at(occasion)
        by_key = {(row.service.pk if row.service else None, row.group.pk): row for row in rows}
        budget = amounts_of(version) if version else {}
        for (at, service, group), amount in budget.items():
            if at == (unit.pk if unit else None) and (service, group) in by_key:
                by_key[service, group].budget = amount
        occasions = [occasion, *([before] if before else [])]
        for line in ForecastLine.objects.filter(occasion__in=occasions):
            found = by_key.get((line.service_id, line.group_id))
            if found is None:
                continue
            if line.unit_id != (unit.pk if unit else None):
                if unit is None and line.occasion_id == occasion.pk:
                    found.units = (found.units or Decimal(0)) + line.amount
            elif line.occasion_id == occasion.pk:
                found.amount = typed(line.amount, Unit(model.accounts.print_unit))
                found.cause, found.revision = line.cause, line.revision
            else:
                found.previous = line.amount
        return cls(occasion, unit, Unit(model.accounts.print_unit), rows, version, before)

    @property
    def has_units(self) -> bool:
        """Whether units have made forecasts that the committee's rows are added to."""
        return any(row.units is not None for row in self.rows)

    @property
    def has_causes_only(self) -> bool:
        """Whether nothing is forecast yet."""
        return not any(row.amount for row in self.rows)

    def fill_from_previous(self) -> None:
        """Put the forecast before in the rows that are empty. Nothing is saved by this."""
        for row in self.rows:
            if not row.amount and row.previous is not None:
                row.amount = typed(row.previous, self.money)

    def bind(self, data: QueryDict) -> list[ForecastEntry]:
        """Take in what was typed. Rows that cannot be read get their faults and give no entry."""
        entries = []
        for row in self.rows:
            row.amount = data.get(f"belopp-{row.key}", "")
            row.cause = data.get(f"orsak-{row.key}", "")
            row.revision = _revision(data.get(f"version-{row.key}", ""))
            try:
                amount = read_amount(row.amount, self.money)
            except NumberError as error:
                row.faults["amount"] = [_fault(error, self.money)]
                continue
            entries.append(ForecastEntry(row.key, row.group, row.service, amount, row.cause, row.revision))
        return entries

    def take_faults(self, found: EntryFaultsError) -> None:
        """Put the services' faults at their rows. After a second saver the row may be saved over knowingly."""
        for row in self.rows:
            for name, texts in found.faults.get(row.key, {}).items():
                row.faults.setdefault(name, []).extend(texts)
            if row.key in found.stale:
                row.other = found.stale[row.key]
                row.revision = row.other.revision if row.other else None

    @property
    def faulty(self) -> list[ForecastRow]:
        """Rows that could not be saved."""
        return [row for row in self.rows if row.faults or row.other]

    def doubtful(self, entries: list[ForecastEntry]) -> list[str]:
        """Costs without minus: allowed, but said."""
        costs = {row.key: row.label for row in self.rows if row.is_cost}
        return [
            costs[one.key]
            for one in entries
            if one.key in costs and one.amount is not None and one.amount > 0
        ]


def _forecast_rows(occasion: Occasion, model: SteeringModel) -> list[ForecastRow]:
    """A row per account group, or per service and account group where the committee budgets so; in print order."""
    groups = {group.code: group for group in AccountGroup.objects.filter(committee_id=occasion.committee_id)}
    wanted = [row for row in model.accounts.rows if not row.sum_of and row.code in groups]
    if model.services is None:
        return [
            ForecastRow(row.code, row.label, groups[row.code], None, row.sign is Sign.COST) for row in wanted
        ]
    services = {one.code: one for one in ServiceCode.objects.filter(committee_id=occasion.committee_id)}
    return [
        ForecastRow(
            f"{one.code}.{row.code}",
            f"{one.code} {one.label}, {row.label.lower()}",
            groups[row.code],
            services[one.code],
            row.sign is Sign.COST,
        )
        for one in model.services.rows
        if one.code in services
        for row in wanted
    ]


# --- budget ---------------------------------------------------------------------------------------------------------


@dataclass
class BudgetSheet:
    """A new budget version: the rows of the version before with room for new amounts."""

    money: Unit
    rows: list[ForecastRow]
    before: BudgetVersion | None
    carried: dict[LineKey, Decimal]

    @classmethod
    def opened(cls, occasion: Occasion, model: SteeringModel, before: BudgetVersion | None) -> BudgetSheet:
        """The committee's rows filled in from the version before; units' lines are carried over as they are."""
        money = Unit(model.accounts.print_unit)
        rows = _forecast_rows(occasion, model)
        amounts = amounts_of(before) if before else {}
        shown = set()
        for row in rows:
            key = (None, row.service.pk if row.service else None, row.group.pk)
            row.budget = amounts.get(key)
            row.amount = typed(row.budget, money)
            shown.add(key)
        carried = {key: amount for key, amount in amounts.items() if key not in shown}
        return cls(money, rows, before, carried)

    def bind(self, data: QueryDict) -> dict[LineKey, Decimal]:
        """What was typed as amounts by line; an empty field leaves the line out."""
        amounts = dict(self.carried)
        for row in self.rows:
            row.amount = data.get(f"belopp-{row.key}", "")
            try:
                amount = read_amount(row.amount, self.money)
            except NumberError as error:
                row.faults["amount"] = [_fault(error, self.money)]
                continue
            if amount is not None:
                amounts[None, row.service.pk if row.service else None, row.group.pk] = amount
        return amounts

    @property
    def faulty(self) -> list[ForecastRow]:
        """Rows that cannot be read."""
        return [row for row in self.rows if row.faults]


# --- investments ----------------------------------------------------------------------------------------------------

AMOUNTS = ("budget", "forecast", "outcome", "outcome_last_year")
NEW_ROWS = 2


@dataclass
class InvestmentRow:
    """A project on the investment sheet. ``line`` None: a row for a new project."""

    key: str
    line: InvestmentLine | None
    category: InvestmentCategory | None
    project: str = ""
    texts: dict[str, str] = field(default_factory=dict)
    revision: int | None = None
    faults: dict[str, list[str]] = field(default_factory=dict)
    other: InvestmentLine | None = None

    @property
    def label(self) -> str:
        """What the row is called."""
        return self.project.strip() or "Nytt projekt"

    @property
    def is_empty(self) -> bool:
        """A row for a new project that nobody has written in."""
        return (
            self.line is None and not self.project.strip() and not any(t.strip() for t in self.texts.values())
        )


@dataclass
class InvestmentSheet:
    """The year's projects at an occasion, with room for new ones."""

    occasion: Occasion
    money: Unit
    rows: list[InvestmentRow]
    categories: list[InvestmentCategory]

    @classmethod
    def opened(cls, occasion: Occasion, model: SteeringModel) -> InvestmentSheet:
        """The sheet as it stands in the database. Two queries."""
        money = Unit(model.investments.print_unit) if model.investments else Unit.TKR
        categories = list(InvestmentCategory.objects.filter(committee_id=occasion.committee_id))
        lines = InvestmentLine.objects.filter(occasion=occasion, year=occasion.year).select_related(
            "category", "unit"
        )
        rows = [
            InvestmentRow(
                str(line.pk),
                line,
                line.category,
                line.project,
                {name: typed(getattr(line, name), money) for name in AMOUNTS},
                line.revision,
            )
            for line in lines
        ]
        empty = dict.fromkeys(AMOUNTS, "")
        rows += [
            InvestmentRow(f"ny{number}", None, None, "", dict(empty)) for number in range(1, NEW_ROWS + 1)
        ]
        return cls(occasion, money, rows, categories)

    def bind(self, data: QueryDict) -> list[InvestmentEntry]:
        """Take in what was typed. Rows that cannot be read get their faults and give no entry."""
        known = {str(one.pk): one for one in self.categories}
        entries = []
        for row in self.rows:
            row.texts = {name: data.get(f"{name}-{row.key}", "") for name in AMOUNTS}
            row.revision = _revision(data.get(f"version-{row.key}", ""))
            if row.line is None:
                row.project = data.get(f"projekt-{row.key}", "")[:200]
                row.category = known.get(data.get(f"kategori-{row.key}", ""))
            if row.is_empty:
                continue
            amounts = self._amounts(row)
            if row.category is None:
                row.faults["category"] = ["Välj kategori."]
            if row.faults or row.category is None:
                continue
            unit = row.line.unit if row.line else None
            entries.append(InvestmentEntry(row.key, row.category, row.project, amounts, row.revision, unit))
        return entries

    def _amounts(self, row: InvestmentRow) -> InvestmentAmounts:
        found: dict[str, Decimal | None] = {}
        for name, text in row.texts.items():
            try:
                found[name] = read_amount(text, self.money)
            except NumberError as error:
                row.faults[name] = [_fault(error, self.money)]
        return InvestmentAmounts(**found)

    def take_faults(self, found: EntryFaultsError) -> None:
        """Put the services' faults at their rows."""
        for row in self.rows:
            _merge(row.faults, found.faults.get(row.key, {}))
            if row.key in found.stale:
                row.other = found.stale[row.key]
                row.revision = row.other.revision if row.other else None

    @property
    def faulty(self) -> list[InvestmentRow]:
        """Rows that could not be saved."""
        return [row for row in self.rows if row.faults or row.other]


def _merge(into: dict[str, list[str]], found: Mapping[str, list[str]]) -> None:
    for name, texts in found.items():
        into.setdefault(name, []).extend(texts)
