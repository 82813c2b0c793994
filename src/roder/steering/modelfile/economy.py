"""Economy: account rows in print order, services, investments, volumes, good economic management."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field, StringConstraints

from roder.core.numbers import Unit
from roder.steering.modelfile.codes import (
    FulfilmentRule,
    OccasionKind,
    Operator,
    PrintUnit,
    RowKind,
    Sign,
    VolumeUnit,
)
from roder.steering.modelfile.parts import Code, Number, Sourced, Term, Text, Whole, YesNo

Range = Annotated[str, StringConstraints(pattern=r"^[A-Za-zÅÄÖåäö0-9_.]{1,20}(-[0-9]{1,20})?$")]


class AccountRow(Term):
    """A printed row. A group holds amounts, a sum adds the rows named in ``sum_of`` (groups or other
    sums). ``accounts`` are the accounts of the bookkeeping whose amounts the group holds: numbers, or ranges
    such as 3000-3999."""

    kind: RowKind = Field(title="slag")
    sign: Sign = Field(title="tecken")
    sum_of: tuple[Code, ...] = Field((), title="summa av")
    accounts: tuple[Range, ...] = Field((), title="konton")


class Ledger(Sourced):
    """How the bookkeeping is coded: the dimension that is the unit, and the one that is the service.

    ``own`` are the objects of the unit dimension that are the committee's (all when it is left out); an amount
    is internal when its account is one of ``internal_accounts`` or its object of ``counterpart_dimension`` is one
    of ``internal_counterparts``; ``outside`` are accounts that belong to no printed row."""

    unit_dimension: Code = Field("1", title="dimension för enhet")
    service_dimension: Code | None = Field(None, title="dimension för verksamhet")
    own: tuple[Range, ...] = Field((), title="nämndens egna enheter")
    internal_accounts: tuple[Range, ...] = Field((), title="interna konton")
    counterpart_dimension: Code | None = Field(None, title="dimension för motpart")
    internal_counterparts: tuple[Range, ...] = Field((), title="interna motparter")
    outside: tuple[Range, ...] = Field((), title="konton utanför tabellen")


class Accounts(Sourced):
    """The rows of the operating table in print order, and the unit and decimals they are printed in (without
    ``digits``: as many as the unit usually has)."""

    print_unit: PrintUnit = Field(title="enhet i utskrift")
    digits: Whole | None = Field(None, title="decimaler", ge=0, le=3)
    rows: tuple[AccountRow, ...] = Field(title="rader", min_length=1)
    recovery_plan_required: YesNo | None = Field(None, title="åtgärder krävs vid negativ prognos")
    ledger: Ledger | None = Field(None, title="bokföringens kodning")


class Services(Sourced):
    """Service rows (verksamhet) in print order. ``tables`` are the account rows that get a table each."""

    rows: tuple[Term, ...] = Field(title="rader", min_length=1)
    tables: tuple[Code, ...] = Field((), title="tabeller")


class InvestmentCategory(Term):
    """A category of investment; ``parent`` when it is printed as a part ("varav") of another."""

    parent: Code | None = Field(None, title="del av")


class InvestmentProject(Term):
    """An investment project and the category it is printed under."""

    category: Code = Field(title="kategori")


class Investments(Sourced):
    """Investment categories in print order and the committee's own projects."""

    print_unit: PrintUnit = Field(title="enhet i utskrift")
    categories: tuple[InvestmentCategory, ...] = Field(title="kategorier", min_length=1)
    projects: tuple[InvestmentProject, ...] = Field((), title="projekt")


class SupportRow(Term):
    """A support (insats) whose volume is followed. ``also_hours``: hours a month are counted besides
    ``unit``.

    ``provisions`` are the ways of provision shown apart (varav extern regi); ``decided`` is False for what
    is given without an individual decision."""

    area: Code | None = Field(None, title="område")
    law: Code | None = Field(None, title="lag")
    unit: VolumeUnit = Field(title="räknas i")
    also_hours: YesNo = Field(False, title="räknas även i timmar")
    provisions: tuple[Code, ...] = Field((), title="regiformer")
    decided: YesNo = Field(True, title="biståndsbeslutad")


class SupportSum(Term):
    """A number of places that is the sum of several supports."""

    sum_of: tuple[Code, ...] = Field(title="summa av", min_length=1)


class Supports(Sourced):
    """Supports whose volumes are followed: areas, ways of provision, rows in print order and sums of
    places."""

    areas: tuple[Term, ...] = Field((), title="områden")
    provisions: tuple[Term, ...] = Field((), title="regiformer")
    rows: tuple[SupportRow, ...] = Field(title="insatser", min_length=1)
    sums: tuple[SupportSum, ...] = Field((), title="summor")


class EconomyGoal(Term):
    """A goal of good economic management: an outcome compared with a number, or with what ``basis`` names."""

    measures: tuple[Code, ...] = Field((), title="nyckeltal")
    operator: Operator = Field(title="villkor")
    target: Number | None = Field(None, title="målvärde")
    unit: Unit | None = Field(None, title="enhet")
    basis: Text | None = Field(None, title="jämförs med")
    followed: Text | None = Field(None, title="uppföljningsmarkering")


class EconomyGoalGroup(Term):
    """A group of goals of good economic management and when the group counts as fulfilled."""

    rule: FulfilmentRule | None = Field(None, title="regel")
    at_least: Whole | None = Field(None, title="minst antal", ge=1)
    judged_at: tuple[OccasionKind, ...] = Field((), title="bedöms vid")
    goals: tuple[EconomyGoal, ...] = Field(title="mål", min_length=1)


class GoodEconomy(Sourced):
    """God ekonomisk hushållning (Kommunallagen 11 kap.): the groups of goals."""

    groups: tuple[EconomyGoalGroup, ...] = Field(title="grupper", min_length=1)
