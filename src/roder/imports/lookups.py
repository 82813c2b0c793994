"""Cells that name something of the committee's own with a rule of its own: units, occasions, budget versions."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from roder.economy.models import BudgetVersion
from roder.imports.cells import CellFault, Context, Reader, Values, read_year, without_sheet_date
from roder.organisation.models import Unit
from roder.steering.models import Occasion


@dataclass(frozen=True)
class UnitCell:
    """A unit by code or name. The committee's one administration stands for the whole committee (no unit), unless
    ``whole`` is false: then it is a unit as any other."""

    whole: bool = True
    types: tuple[str, ...] = ("BIGINT",)

    def reader(self, context: Context) -> Reader:
        """Looks up the committee's units once."""
        units = list(Unit.objects.filter(committee=context.committee))
        tops = set(
            Unit.objects.filter(
                committee=context.committee,
                kind=Unit.Kind.ADMINISTRATION,
                placements__parent=None,
                placements__valid__contains=date.today(),
            ).values_list("pk", flat=True)
        )
        whole = tops if self.whole and len(tops) == 1 else set()
        codes = {unit.code.casefold(): unit.pk for unit in units}
        names: dict[str, list[int]] = {}
        for unit in units:
            names.setdefault(unit.name.casefold(), []).append(unit.pk)

        def read(text: str) -> Values:
            word = without_sheet_date(text).casefold()
            found = [codes[word]] if word in codes else names.get(word, [])
            if len(found) > 1:
                raise CellFault(f"flera enheter heter ”{text}”", "Skriv enhetens kod i stället.")
            if not found:
                raise CellFault(
                    f"enheten ”{text}” finns inte",
                    "Skriv enhetens kod eller namn, eller lämna cellen tom för hela nämnden."
                    if self.whole
                    else "Skriv enhetens kod eller namn.",
                )
            return (None if found[0] in whole else found[0],)

        return read


@dataclass(frozen=True)
class OccasionCell:
    """A follow-up occasion of the committee by its code, such as 2022-05.

    With ``plan_when_empty`` an empty cell is the occasion of the plan: that of the year the file is read in, else
    the latest.
    """

    plan_when_empty: bool = False
    types: tuple[str, ...] = ("BIGINT",)

    def reader(self, context: Context) -> Reader:
        """Looks up the committee's occasions once."""
        occasions = list(Occasion.objects.filter(committee=context.committee).order_by("cut_off"))
        codes = {occasion.code.casefold(): occasion.pk for occasion in occasions}
        plans = [occasion for occasion in occasions if occasion.kind == Occasion.Kind.PLAN]
        own = [plan for plan in plans if context.year is None or plan.year == context.year]

        def read(text: str) -> Values:
            word = without_sheet_date(text)
            if not word and self.plan_when_empty:
                if not plans:
                    raise CellFault("tillfället saknas, och årets plan finns inte", "Skriv tillfällets kod.")
                return ((own or plans)[-1].pk,)
            if word.casefold() in codes:
                return (codes[word.casefold()],)
            known = ", ".join(occasion.code for occasion in occasions) or "inga"
            if word != text:
                raise CellFault(
                    f"kalkylprogrammet har sparat tillfället som datumet {word}",
                    f"Formatera kolumnen som text och skriv till exempel {word[:7]}.",
                )
            raise CellFault(f"tillfället ”{text}” finns inte", f"Styrmodellens tillfällen är {known}.")

        return read


@dataclass(frozen=True)
class BudgetVersionCell:
    """A budget version by year and code, read from two columns."""

    types: tuple[str, ...] = ("BIGINT",)

    def reader(self, context: Context) -> Reader:
        """Looks up the committee's versions once."""
        versions = list(BudgetVersion.objects.filter(committee=context.committee))
        known = {(version.year, version.code.casefold()): version.pk for version in versions}

        def read(year_text: str, code: str) -> Values:
            if not code:
                raise CellFault("versionen saknas", "Skriv budgetversionens kod.")
            year = read_year(year_text, "ar") if year_text else None
            if year is None:
                raise CellFault("året saknas", "Skriv året.", "ar")
            pk = known.get((year, code.casefold()))
            if pk is None:
                there = ", ".join(version.code for version in versions if version.year == year) or "inga"
                raise CellFault(
                    f"budgetversionen ”{code}” för {year} finns inte (för året finns: {there})",
                    "Läs in den först som budgetversion, med beslut och från när den gäller.",
                )
            return (pk,)

        return read
