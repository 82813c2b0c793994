"""From the bookkeeping's codes to the committee's own words: account group, unit, service, internal or not."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cached_property
from typing import Protocol

Objects = tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Ranges:
    """Numbers and ranges such as ``3000-3999``. A longer number belongs where its first figures do."""

    texts: tuple[str, ...]

    @cached_property
    def _bounds(self) -> list[tuple[str, str]]:
        parts = (text.partition("-") for text in self.texts)
        return [(first, last or first) for first, _, last in parts]

    def __contains__(self, code: str) -> bool:
        return any(
            code == first
            or (
                code.isdigit()
                and first.isdigit()
                and len(code) >= len(first)
                and first <= code[: len(first)] <= last
            )
            for first, last in self._bounds
        )


@dataclass(frozen=True)
class Chart:
    """How the bookkeeping is read: accounts by group, and what the dimensions mean."""

    groups: tuple[tuple[str, Ranges], ...]
    outside: Ranges = Ranges(())
    unit_dimension: str = "1"
    service_dimension: str = ""
    own: Ranges = Ranges(())
    internal_accounts: Ranges = Ranges(())
    counterpart_dimension: str = ""
    internal_counterparts: Ranges = Ranges(())

    @property
    def dimensions(self) -> frozenset[str]:
        """The dimensions whose objects mean anything."""
        named = (self.unit_dimension, self.service_dimension, self.counterpart_dimension)
        return frozenset(one for one in named if one)

    def group_of(self, account: str) -> str | None:
        """The code of the account's group, if it has one."""
        return next((code for code, ranges in self.groups if account in ranges), None)

    def unit_of(self, objects: Objects) -> str:
        """The unit's code in the bookkeeping, or nothing."""
        return _object(objects, self.unit_dimension)

    def service_of(self, objects: Objects) -> str:
        """The service's code in the bookkeeping, or nothing."""
        return _object(objects, self.service_dimension)

    def is_own(self, objects: Objects) -> bool:
        """Whether the row is the committee's: all are when the model does not say."""
        return not self.own.texts or self.unit_of(objects) in self.own

    def is_internal(self, account: str, objects: Objects) -> bool:
        """Whether the row is between parts of the municipality."""
        counterpart = _object(objects, self.counterpart_dimension)
        return account in self.internal_accounts or (
            bool(counterpart) and counterpart in self.internal_counterparts
        )


def _object(objects: Objects, dimension: str) -> str:
    return next((code for number, code in objects if number == dimension), "") if dimension else ""


@dataclass(frozen=True, slots=True)
class Booked:
    """What is booked in a month (YYYYMM) on an account, for a unit and a service; öre as in the bookkeeping."""

    month: int
    account: str
    unit: str
    service: str
    internal: bool


@dataclass(slots=True)
class Amount:
    """Öre and how many rows."""

    ore: int = 0
    rows: int = 0


@dataclass
class Booking:
    """The bookkeeping of a year in the committee's words.

    ``unmapped``: accounts of the result that no group holds, with their sum in öre.
    """

    amounts: dict[Booked, Amount] = field(default_factory=dict)
    unmapped: dict[str, int] = field(default_factory=dict)


def book(
    chart: Chart, counted: Iterable[tuple[int, str, Objects, int, int]], of_result: Iterable[str]
) -> Booking:
    """Add month, account, objects, öre and rows together as the chart says. ``of_result``: the result's accounts."""
    found = Booking()
    result = set(of_result)
    groups = {account: chart.group_of(account) for account in result}
    for month, account, objects, ore, rows in counted:
        if account not in result or not chart.is_own(objects):
            continue
        if groups[account] is None and account not in chart.outside:
            found.unmapped[account] = found.unmapped.get(account, 0) + ore
        key = Booked(
            month,
            account,
            chart.unit_of(objects),
            chart.service_of(objects),
            chart.is_internal(account, objects),
        )
        amount = found.amounts.setdefault(key, Amount())
        amount.ore += ore
        amount.rows += rows
    return found


class PeriodBalance(Protocol):
    """A balance of a period (#PSALDO), in öre."""

    @property
    def label(self) -> str: ...
    @property
    def year(self) -> int: ...
    @property
    def period(self) -> str: ...
    @property
    def account(self) -> str: ...
    @property
    def objects(self) -> Objects: ...
    @property
    def ore(self) -> int: ...


def from_period_balances(
    chart: Chart, balances: Iterable[PeriodBalance]
) -> list[tuple[int, str, Objects, int, int]]:
    """Month, account, objects, öre and rows of a file without vouchers (types 2 and 3).

    A balance without object is the whole account's; what its units do not hold of it belongs to no unit.
    """
    whole: dict[tuple[int, str], int] = {}
    parts: dict[tuple[int, str, Objects], int] = {}
    for one in balances:
        if one.label != "PSALDO" or one.year != 0:
            continue
        month = int(one.period)
        if not one.objects:
            whole[month, one.account] = whole.get((month, one.account), 0) + one.ore
        elif len(one.objects) == 1 and one.objects[0][0] == chart.unit_dimension:
            key = (month, one.account, one.objects)
            parts[key] = parts.get(key, 0) + one.ore
    rest = dict(whole)
    for (month, account, _), ore in parts.items():
        if (month, account) in whole:
            rest[month, account] -= ore
    found = [(month, account, objects, ore, 1) for (month, account, objects), ore in parts.items()]
    return found + [(month, account, (), ore, 1) for (month, account), ore in rest.items() if ore]
