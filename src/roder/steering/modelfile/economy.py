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
from roder.steering.modelfile.parts import Code, Number, Sourced, Term, Text, Whole, Word, YesNo

Range = Annotated[str, StringConstraints(pattern=r"^[A-Za-zÅÄÖåäö0-9_.]{1,20}(-[0-9]{1,20})?$")]
AreaLabel = Annotated[str, StringConstraints(min_length=1, max_length=80)]


class AccountRow(Word):
    """A printed row. A group holds amounts, a sum adds the rows named in ``sum_of`` (groups or other
    sums). ``accounts`` are the accounts of the bookkeeping whose amounts the group holds: numbers, or ranges
    such as 3000-3999."""

    kind: RowKind = Field(title="slag", description="En grupp har egna belopp i filerna. En summa räknas.")
    sign: Sign = Field(
        title="tecken",
        description="Vilket tecken radens belopp har: kostnader är negativa, intäkter positiva.",
    )
    sum_of: tuple[Code, ...] = Field(
        (),
        title="summa av",
        description="För en summa: koderna för raderna som läggs ihop. Ingen grupp får räknas två gånger.",
    )
    accounts: tuple[Range, ...] = Field(
        (),
        title="konton",
        description="För en grupp: bokföringens konton, som nummer eller intervall (3000-3999). Behövs för att "
        "läsa SIE-filer.",
    )


class Ledger(Sourced):
    """How the bookkeeping is coded: the dimension that is the unit, and the one that is the service.

    ``own`` are the objects of the unit dimension that are the committee's (all when it is left out); an amount
    is internal when its account is one of ``internal_accounts`` or its object of ``counterpart_dimension`` is one
    of ``internal_counterparts``; ``outside`` are accounts that belong to no printed row."""

    unit_dimension: Code = Field(
        "1",
        title="dimension för enhet",
        description="Bokföringens dimension som är enheten (i SIE oftast 1).",
    )
    service_dimension: Code | None = Field(
        None, title="dimension för verksamhet", description="Bokföringens dimension som är verksamheten."
    )
    own: tuple[Range, ...] = Field(
        (),
        title="nämndens egna enheter",
        description="Enheterna i bokföringen som är nämndens egna. Utelämnas den räknas alla.",
    )
    internal_accounts: tuple[Range, ...] = Field(
        (),
        title="interna konton",
        description="Konton vars belopp är interna mellan kommunens egna verksamheter.",
    )
    counterpart_dimension: Code | None = Field(
        None, title="dimension för motpart", description="Bokföringens dimension som är motparten."
    )
    internal_counterparts: tuple[Range, ...] = Field(
        (),
        title="interna motparter",
        description="Motparter som är kommunens egna; belopp mot dem är interna.",
    )
    outside: tuple[Range, ...] = Field(
        (),
        title="konton utanför tabellen",
        description="Konton som inte hör till någon rad i drifttabellen och ska lämnas utanför.",
    )


class Accounts(Sourced):
    """The rows of the operating table in print order, and the unit and decimals they are printed in (without
    ``digits``: as many as the unit usually has)."""

    print_unit: PrintUnit = Field(
        title="enhet i utskrift",
        description="Enheten som drifttabellen trycks i. Filerna har alltid sin egen enhet.",
    )
    digits: Whole | None = Field(
        None,
        title="decimaler",
        description="Antal decimaler i tryck. Utelämnas det blir det en för mkr, annars ingen.",
        ge=0,
        le=3,
    )
    rows: tuple[AccountRow, ...] = Field(
        title="rader", description="Raderna i den ordning de trycks.", min_length=1
    )
    recovery_plan_required: YesNo | None = Field(
        None,
        title="åtgärder krävs vid negativ prognos",
        description="Om en negativ prognos kräver ett handlingsprogram med åtgärder.",
    )
    ledger: Ledger | None = Field(
        None,
        title="bokföringens kodning",
        description="Hur bokföringen är kodad. Behövs för att läsa SIE-filer.",
    )


class Services(Sourced):
    """Service rows (verksamhet) in print order. ``tables`` are the account rows that get a table each."""

    rows: tuple[Word, ...] = Field(
        title="rader", description="Verksamheterna i den ordning de trycks.", min_length=1
    )
    tables: tuple[Code, ...] = Field(
        (),
        title="tabeller",
        description="Koder för de rader i drifttabellen som får en egen tabell per verksamhet.",
    )


class InvestmentCategory(Word):
    """A category of investment; ``parent`` when it is printed as a part ("varav") of another."""

    parent: Code | None = Field(
        None, title="del av", description="Koden för kategorin som den här är en del av (trycks som varav)."
    )


class InvestmentProject(Term):
    """An investment project and the category it is printed under."""

    category: Code = Field(title="kategori", description="Koden för kategorin som projektet trycks under.")


class Investments(Sourced):
    """Investment categories in print order and the committee's own projects."""

    print_unit: PrintUnit = Field(
        title="enhet i utskrift", description="Enheten som sidan Investeringar och tabellen trycks i."
    )
    categories: tuple[InvestmentCategory, ...] = Field(
        title="kategorier", description="Kategorierna i den ordning de trycks.", min_length=1
    )
    projects: tuple[InvestmentProject, ...] = Field((), title="projekt", description="Nämndens egna projekt.")


class SupportRow(Word):
    """A support (insats) whose volume is followed. ``also_hours``: hours a month are counted besides
    ``unit``.

    ``provisions`` are the ways of provision shown apart (varav extern regi); ``decided`` is False for what
    is given without an individual decision."""

    area: Code | None = Field(None, title="område", description="Koden för området insatsen hör till.")
    law: Code | None = Field(None, title="lag", description="Koden för lagen insatsen ges enligt.")
    unit: VolumeUnit = Field(title="räknas i", description="Vad volymen räknas i.")
    also_hours: YesNo = Field(
        False, title="räknas även i timmar", description="true när timmar per månad räknas också."
    )
    provisions: tuple[Code, ...] = Field(
        (), title="regiformer", description="Koder för de regiformer som visas för sig (varav)."
    )
    decided: YesNo = Field(
        True, title="biståndsbeslutad", description="false för det som ges utan ett enskilt beslut."
    )


class SupportArea(Term):
    """An area that supports are arranged by. Its label is kept with each support."""

    label: AreaLabel = Field(title="benämning", description="Ordet som visas och trycks.")


class SupportSum(Term):
    """A number of places that is the sum of several supports."""

    sum_of: tuple[Code, ...] = Field(
        title="summa av", description="Koderna för insatserna vars platser läggs ihop.", min_length=1
    )


class Supports(Sourced):
    """Supports whose volumes are followed: areas, ways of provision, rows in print order and sums of
    places."""

    areas: tuple[SupportArea, ...] = Field(
        (), title="områden", description="Områdena som insatserna ordnas efter."
    )
    provisions: tuple[Term, ...] = Field(
        (), title="regiformer", description="Regiformer, till exempel egen och extern regi."
    )
    rows: tuple[SupportRow, ...] = Field(
        title="insatser", description="Insatserna i den ordning de trycks.", min_length=1
    )
    sums: tuple[SupportSum, ...] = Field(
        (), title="summor", description="Rader som är summan av flera insatsers platser."
    )


class EconomyGoal(Term):
    """A goal of good economic management: an outcome compared with a number, or with what ``basis`` names."""

    measures: tuple[Code, ...] = Field(
        (), title="nyckeltal", description="Koder för nyckeltalen som målet mäts med."
    )
    operator: Operator = Field(
        title="villkor", description="Hur utfallet jämförs med målvärdet. Skrivs inom citattecken."
    )
    target: Number | None = Field(None, title="målvärde", description="Målvärdet. Det eller basis måste stå.")
    unit: Unit | None = Field(None, title="enhet", description="Enheten som målvärdet räknas i.")
    basis: Text | None = Field(
        None,
        title="jämförs med",
        description="Vad utfallet jämförs med när det inte är ett tal, med era ord.",
    )
    followed: Text | None = Field(
        None,
        title="uppföljningsmarkering",
        description="Koden för uppföljningsmarkeringen (goals.follow_marks) som säger när målet följs upp.",
    )


class EconomyGoalGroup(Term):
    """A group of goals of good economic management and when the group counts as fulfilled."""

    rule: FulfilmentRule | None = Field(
        None, title="regel", description="När gruppen av mål räknas som uppfylld."
    )
    at_least: Whole | None = Field(
        None, title="minst antal", description="Med regeln at_least: hur många av målen som ska nås.", ge=1
    )
    judged_at: tuple[OccasionKind, ...] = Field(
        (), title="bedöms vid", description="Slag av tillfällen då gruppen bedöms."
    )
    goals: tuple[EconomyGoal, ...] = Field(title="mål", description="Målen i gruppen.", min_length=1)


class GoodEconomy(Sourced):
    """God ekonomisk hushållning (Kommunallagen 11 kap.): the groups of goals."""

    groups: tuple[EconomyGoalGroup, ...] = Field(
        title="grupper",
        description="Grupperna av mål, till exempel finansiella mål och verksamhetsmål.",
        min_length=1,
    )
