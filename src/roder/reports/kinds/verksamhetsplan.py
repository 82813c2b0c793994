"""Verksamhetsplan och budget: goals with targets, assignments, frames and investments for the years ahead."""

from __future__ import annotations

from collections.abc import Iterable
from typing import ClassVar

from roder.reports.base import Col, Comments, FigureTable, Line, Page, Report, Section, account_lines
from roder.reports.facts import Facts
from roder.reports.parts import (
    VOLUME,
    VOLUME_HOURS,
    Assignments,
    Goals,
    Volumes,
    investment_lines,
    service_lines,
    year_columns,
)

BUDGET_PER_YEAR = "ekonomi.drift.budget_per_ar"
INVESTMENTS_PER_YEAR = "ekonomi.investeringar.budget_per_ar"
SERVICES = "ekonomi.verksamhet"
STAFF = "personal.matt"


def _plan_years(facts: Facts) -> Iterable[int]:
    return range(facts.last_year, facts.year + facts.budget_years)


def _investment_years(facts: Facts) -> Iterable[int]:
    return range(facts.last_year, facts.year + facts.investment_years)


def _staff_lines(page: Page) -> Iterable[Line]:
    measures = dict.fromkeys(measure for measure, _ in page.values.rows(STAFF))
    return [Line((measure,), page.values.label(STAFF, "matt", measure)) for measure in measures]


def _staff_columns(page: Page) -> tuple[Col, ...]:
    forms = dict.fromkeys(form for _, form in page.values.rows(STAFF))
    return tuple(
        Col(form, page.values.label(STAFF, "anstallningsform", form), STAFF, (form,)) for form in forms
    )


class StaffTable:
    """The measures of the staff by form of employment."""

    def write(self, page: Page) -> None:
        """Write the table, where there are any."""
        if page.values.has_values(STAFF):
            FigureTable(
                "Personal", "Mått", _staff_lines, _staff_columns, unit_note="", anchor="personal"
            ).write(page)


class ServiceTables:
    """The internal budget per kind of service: net, revenue and costs, beside last year's budget and forecast."""

    def write(self, page: Page) -> None:
        """Write the three tables, where the budget is kept per kind of service."""
        if not page.facts.services or not page.values.has_values(f"{SERVICES}.budget"):
            return
        for kind, title in (("netto", "Nettokostnad"), ("intakter", "Intäkter"), ("kostnader", "Kostnader")):
            FigureTable(
                f"{title} per verksamhet",
                "Verksamhet",
                service_lines(kind),
                (
                    Col("fore", "Budget {last_year}", f"{SERVICES}.budget_foregaende_ar"),
                    Col("prognos", "Prognos {last_year}", f"{SERVICES}.prognos"),
                    Col("budget", "Budget {year}", f"{SERVICES}.budget"),
                    Col(
                        "forandring",
                        "Förändring budget",
                        f"{SERVICES}.forandring",
                        formula=("budget", "-", "fore"),
                    ),
                ),
                anchor=f"verksamhet-{kind}",
            ).write(page)


class OperationalPlan(Report):
    """The committee's plan and budget. Anvisning för nämndens budget; a municipality's own plan looks alike."""

    slug = "verksamhetsplan"
    title = "Verksamhetsplan och budget"
    kinds = frozenset({"plan"})
    by_year = True
    sections: ClassVar = (
        Section(
            "Sammanfattning",
            (Comments("sammanfattning", ask="Vad präglar året, och vad är nytt?", about="document"),),
        ),
        Section(
            "Mål",
            (Goals(judged=False, ask="Vad ska målet leda till, och hur följs det upp?"),),
            content="goals",
        ),
        Section(
            "Uppdrag",
            (Assignments(judged=False, ask="Vad ska göras?"),),
            content="assignments",
            optional=True,
        ),
        Section(
            "Ekonomi",
            (
                FigureTable(
                    "Ekonomiska ramar",
                    "Belopp i {unit}",
                    account_lines,
                    year_columns(BUDGET_PER_YEAR, "Budget", _plan_years),
                    anchor="ramar",
                ),
                ServiceTables(),
                Comments("ekonomi", ask="Vilka väsentliga skillnader finns mellan åren?", required=False),
            ),
            content="operations",
        ),
        Section(
            "Investeringar",
            (
                FigureTable(
                    "Investeringsbudget",
                    "Belopp i {unit}",
                    investment_lines(INVESTMENTS_PER_YEAR),
                    year_columns(INVESTMENTS_PER_YEAR, "Budget", _investment_years),
                    anchor="investeringar",
                ),
                Comments("investeringar", ask="Vad går investeringarna till?", required=False),
            ),
            content="investments",
        ),
        Section(
            "Volymer",
            (
                Volumes(VOLUME, "Platser och personer", "antal"),
                Volumes(VOLUME_HOURS, "Timmar i månaden", "timmar"),
                Comments("volymer", ask="Hur väntas volymerna ändras?", required=False),
            ),
            content="volumes",
            optional=True,
        ),
        Section(
            "Personal",
            (
                StaffTable(),
                Comments("personal", ask="Hur ser bemanningen ut?", required=False, about="document"),
            ),
            content="staff",
            optional=True,
        ),
        Section(
            "Uppföljning",
            (Comments("uppfoljning", ask="När och hur följs planen upp?", required=False, about="document"),),
        ),
    )
