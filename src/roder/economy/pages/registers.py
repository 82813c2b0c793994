"""The economy's registers: every row behind the tables, with filters, files, print and history."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.utils import timezone

from roder.core.numbers import Unit
from roder.core.periods import Period
from roder.core.register import Column, Filter, Register
from roder.economy.models import (
    BudgetLine,
    BudgetVersion,
    ForecastLine,
    InvestmentLine,
    OutcomeLine,
    StaffValue,
    VolumeLine,
)
from roder.steering.models import Occasion
from roder.web.scope import Scope

WHOLE = "Hela nämnden"


def _unit(row: Any) -> str:
    return row.unit.name if row.unit_id else WHOLE


def period_of(row: Any) -> str:
    """A row's period in words."""
    return Period(row.period_start, row.period_end).label


def _batch(row: Any) -> str:
    """The file that the row last came with, so that a number can be followed to it; by hand where there is none."""
    if row.batch_id is None:
        return "skriven för hand"
    batch = row.batch
    who = batch.imported_by or "driften"
    return f"nr {batch.pk}, {batch.file_name}, {timezone.localtime(batch.imported_at):%Y-%m-%d %H:%M}, {who}"


def occasions_of(scope: Scope) -> QuerySet[Occasion]:
    """The year's occasions that the economy is followed up at."""
    rows = Occasion.objects.filter(committee=scope.committee, year=scope.year)
    return rows.exclude(kind__in=Occasion.QUALITY_KINDS)


def _versions(scope: Scope) -> QuerySet[BudgetVersion]:
    return BudgetVersion.objects.filter(committee=scope.committee, year=scope.year)


def with_relations(*relations: str, **where: str) -> Any:
    """The committee's rows (of the year where it has one) with what the columns need. ``where`` maps to the scope."""

    def rows(found: QuerySet[Any], scope: Scope) -> QuerySet[Any]:
        values = {path: getattr(scope, name) for path, name in where.items()}
        return found.filter(**values).select_related("batch__imported_by", *relations)

    return rows


UNIT = Column("unit", "Enhet", value=_unit, sort=("unit__name",))
UNITS = Filter("unit", "Enhet")
GROUP = Column("group", "Kontogrupp", sort=("group__position",))
GROUPS = Filter("group", "Kontogrupp")
SERVICE = Column("service", "Verksamhet", sort=("service__position",))
SERVICES = Filter("service", "Verksamhet")
AMOUNT = Column("amount", "Belopp", unit=Unit.TKR, link=True)
SOURCE = Column("source", "Källa", shown=False)
REGISTERED = Column("registered_at", "Registrerad", shown=False)
BATCH = Column("batch", "Inläsning", value=_batch, sort=("batch__imported_at",), shown=False)

budget_lines = Register(
    BudgetLine,
    name="budgetrader",
    title="Budgetrader",
    lead="Årets budget rad för rad, i alla versioner. Kostnader är negativa.",
    rows=with_relations(
        "unit", "group", "service", "version", version__committee="committee", version__year="year"
    ),
    columns=(
        Column("version__name", "Version"),
        UNIT,
        SERVICE,
        GROUP,
        AMOUNT,
        Column("version__applies_from", "Gäller från", shown=False),
        SOURCE,
        BATCH,
        REGISTERED,
    ),
    filters=(Filter("version", "Version", _versions), GROUPS, SERVICES, UNITS),
    order=("version__applies_from", "service__position", "group__position"),
    empty="Budgetrader kommer in när en budgetversion antas eller en budgetfil läses in.",
)

forecast_lines = Register(
    ForecastLine,
    name="prognosrader",
    title="Prognosrader",
    lead="Årets prognoser rad för rad, vid alla tillfällen, med orsak. Kostnader är negativa.",
    rows=with_relations(
        "unit", "group", "service", "occasion", occasion__committee="committee", occasion__year="year"
    ),
    columns=(
        Column("occasion", "Tillfälle", sort=("occasion__cut_off",)),
        UNIT,
        SERVICE,
        GROUP,
        AMOUNT,
        "cause",
        SOURCE,
        BATCH,
        Column("changed_at", "Ändrad", shown=False),
    ),
    filters=(Filter("occasion", "Tillfälle", occasions_of), GROUPS, SERVICES, UNITS),
    search=("cause",),
    order=("occasion__cut_off", "service__position", "group__position"),
    empty="Prognosrader kommer in när en prognos lämnas vid ett uppföljningstillfälle eller läses in från fil.",
)


def _outcomes(found: QuerySet[Any], scope: Scope) -> QuerySet[Any]:
    return found.filter(
        committee=scope.committee, period_start__year__gte=scope.year - 1, period_start__year__lte=scope.year
    ).select_related("batch__imported_by", "unit", "group", "service")


outcome_lines = Register(
    OutcomeLine,
    name="utfallsrader",
    title="Utfallsrader",
    lead="Bokfört utfall per period och kontogrupp, det här året och året före. Kostnader är negativa.",
    rows=_outcomes,
    columns=(
        Column("period_start", "Period", value=period_of, sort=("period_start", "period_end")),
        UNIT,
        SERVICE,
        GROUP,
        AMOUNT,
        SOURCE,
        BATCH,
        REGISTERED,
    ),
    filters=(Filter("period_start", "Period från"), GROUPS, SERVICES, UNITS),
    order=("period_start", "group__position"),
    empty="Utfallsrader kommer in genom inläsning av en utfallsfil.",
)

investment_lines = Register(
    InvestmentLine,
    name="investeringsrader",
    title="Investeringsrader",
    lead="Investeringar per projekt vid årets uppföljningar. Utgifter står utan minus.",
    rows=with_relations(
        "unit", "category", "occasion", occasion__committee="committee", occasion__year="year"
    ),
    columns=(
        Column("occasion", "Tillfälle", sort=("occasion__cut_off",)),
        Column("year", "År", value=lambda row: str(row.year), sort=("year",)),
        Column("category", "Kategori", sort=("category__position",)),
        Column("project", link=True),
        Column("budget", unit=Unit.TKR),
        Column("forecast", unit=Unit.TKR),
        Column("outcome", unit=Unit.TKR),
        Column("outcome_last_year", unit=Unit.TKR),
        SOURCE,
        BATCH,
        Column("changed_at", "Ändrad", shown=False),
    ),
    filters=(
        Filter("occasion", "Tillfälle", occasions_of),
        Filter("category", "Kategori"),
        Filter("year", "År"),
    ),
    search=("project",),
    order=("occasion__cut_off", "year", "category__position", "position"),
    empty="Investeringar kommer in när de skrivs vid ett uppföljningstillfälle eller läses in från fil.",
)

MEASURED = Filter("is_forecast", "Slag", (("False", "Uppmätt"), ("True", "Prognos")))

volume_lines = Register(
    VolumeLine,
    name="volymrader",
    title="Volymrader",
    lead="Platser, personer och timmar per insats, regi och mätdatum, uppmätta och prognoser, alla år.",
    rows=with_relations("unit", "support", committee="committee"),
    columns=(
        Column("measured_on", link=True),
        Column("support", "Insats", sort=("support__position",)),
        "run",
        Column("count", unit=Unit.COUNT),
        Column("hours", "Timmar", unit=Unit.COUNT),
        "is_forecast",
        UNIT,
        SOURCE,
        BATCH,
        REGISTERED,
    ),
    filters=(Filter("support", "Insats"), "run", "measured_on", MEASURED),
    order=("-measured_on", "support__position", "run"),
    empty="Volymer kommer in genom inläsning av en volymfil.",
)


def _staff(found: QuerySet[Any], scope: Scope) -> QuerySet[Any]:
    return found.filter(committee=scope.committee).select_related("batch__imported_by", "unit")


staff_values = Register(
    StaffValue,
    name="personalvarden",
    title="Personalvärden",
    lead="Sjukfrånvaro och andra mått på personalen per period, alla år.",
    rows=_staff,
    columns=(
        Column("period_start", "Period", value=period_of, sort=("period_start", "period_end"), link=True),
        UNIT,
        "measure",
        "sex",
        "age",
        "days",
        "employment",
        "value",
        Column("numerator", shown=False),
        Column("denominator", shown=False),
        SOURCE,
        BATCH,
        REGISTERED,
    ),
    filters=("measure", "sex", "period_start", UNITS),
    search=("measure",),
    order=("-period_start", "measure", "pk"),
    empty="Personalvärden kommer in genom inläsning av en personalfil.",
)

REGISTERS = (budget_lines, forecast_lines, outcome_lines, investment_lines, volume_lines, staff_values)
