"""The committees of the examples with their economy, put straight into the database: real figures to test with."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from functools import cache
from typing import Any
from unittest.mock import patch

from django.db.backends.postgresql.psycopg_any import DateRange

from roder.access.matrix import RIGHTS
from roder.core.numbers import parse_number
from roder.core.periods import parse_date, parse_period
from roder.economy.models import (
    BudgetLine,
    BudgetVersion,
    ForecastLine,
    InvestmentLine,
    StaffValue,
    VolumeLine,
)
from roder.organisation.models import Body, Mandate, Municipality, Person, Unit, UnitPlacement
from roder.steering.loading import add_earlier_occasion, load_model
from roder.steering.modelfile import check_text
from roder.steering.models import AccountGroup, InvestmentCategory, Occasion, ServiceCode, Support
from tests.examples.files import EXAMPLES, Row, document, rows

SINCE_2020 = DateRange(date(2020, 1, 1), None)
#: roles whose mandate is a unit instead of the committee
AT_UNIT = {"unit_manager", "care_staff"}

#: Reading a steering model takes longer than a test; it is the same each time.
checked = cache(check_text)


@cache
def organisation(name: str) -> Any:
    """The organisation file of a municipality, read once."""
    return document(f"{name}/organisation.yaml")


class Town:
    """A committee of the examples: its units, its economy and a person per role."""

    def __init__(self, name: str) -> None:
        told = organisation(name)
        place, first = told["municipality"], told["committees"][0]
        self.name = name
        self.municipality = Municipality.objects.create(
            code=place["code"], name=place["name"], slug=place["slug"]
        )
        self.committee = Body.objects.create(
            municipality=self.municipality,
            kind="committee",
            name=first["name"],
            short_name=first["code"],
            slug=first["slug"],
        )
        text = (EXAMPLES / name / "styrmodell.yaml").read_text(encoding="utf-8")
        with patch("roder.steering.loading.check_text", checked):
            self.version = load_model(self.committee, text)
        self.unit = self._unit("u1", "Norra enheten")
        self.other_unit = self._unit("u2", "Södra enheten")
        self.people: dict[str, Person] = {}
        for role in RIGHTS:
            person = Person.objects.create_user(f"{role}@{name}.se", name=f"Person {role}")
            where = {"unit": self.unit} if role in AT_UNIT else {"body": self.committee}
            Mandate.objects.create(person=person, role=role, valid=SINCE_2020, **where)
            self.people[role] = person

    def _unit(self, code: str, name: str) -> Unit:
        unit = Unit.objects.create(committee=self.committee, code=code, name=name, kind="unit")
        UnitPlacement.objects.create(unit=unit, parent=None, valid=SINCE_2020)
        return unit

    def occasion(self, code: str) -> Occasion:
        """An occasion by its code; one of a year before the model is added."""
        found = Occasion.objects.filter(committee=self.committee, code=code).first()
        found = found or add_earlier_occasion(self.committee, code)
        assert found is not None, code
        return found

    def group(self, code: str) -> AccountGroup:
        """An account group by its code."""
        return AccountGroup.objects.get(committee=self.committee, code=code)

    def service(self, code: str) -> ServiceCode | None:
        """A service by its code, or None."""
        return ServiceCode.objects.get(committee=self.committee, code=code) if code else None

    def url(self, path: str, year: int = 2022) -> str:
        """An address under the committee and year."""
        return f"/{self.committee.slug}/{year}/{path}"

    def _rows(self, name: str) -> list[Row]:
        path = EXAMPLES / self.name / name
        return rows(f"{self.name}/{name}") if path.exists() else []

    def fill(self, forecasts: tuple[str, ...] = ()) -> Town:
        """Put in every row of the municipality's economy files; of forecasts those of some occasions, where named."""
        groups = {one.code: one for one in AccountGroup.objects.filter(committee=self.committee)}
        services = {one.code: one for one in ServiceCode.objects.filter(committee=self.committee)}
        self._budgets(groups, services)
        ForecastLine.objects.bulk_create(
            ForecastLine(
                occasion=self.occasion(row["tillfalle"]),
                service=services.get(row.get("verksamhet", "")),
                group=groups[row["kontogrupp"]],
                amount=parse_number(row["belopp"]),
                cause=row["orsak"],
                source=row["kalla"],
            )
            for row in self._rows("prognos.csv")
            if not forecasts or row["tillfalle"] in forecasts
        )
        self._investments()
        self._volumes()
        self._staff()
        return self

    def _budgets(self, groups: dict[str, AccountGroup], services: dict[str, ServiceCode]) -> None:
        versions = {}
        for row in self._rows("budget-versioner.csv"):
            versions[row["ar"], row["version"]] = BudgetVersion.objects.create(
                committee=self.committee,
                year=int(row["ar"]),
                code=row["version"],
                name=row["namn"],
                applies_from=parse_date(row["galler_fran"]),
                decided_on=parse_date(row["antagen"]) if row["antagen"] else None,
                decision=row["beslut"],
                is_plan=row["plan"] == "ja",
                source=row["kalla"][:200],
            )
        BudgetLine.objects.bulk_create(
            BudgetLine(
                version=versions[row["ar"], row["version"]],
                service=services.get(row["verksamhet"]),
                group=groups[row["kontogrupp"]],
                amount=parse_number(row["belopp"]),
                source=row["kalla"][:200],
            )
            for row in self._rows("budget.csv")
        )

    def _investments(self) -> None:
        categories = {one.code: one for one in InvestmentCategory.objects.filter(committee=self.committee)}
        for place, row in enumerate(self._rows("investeringar.csv")):
            InvestmentLine.objects.create(
                occasion=self.occasion(row["tillfalle"]),
                year=int(row["ar"]),
                category=categories[row["kategori"]],
                project=row["projekt"],
                budget=_amount(row["budget"]),
                forecast=_amount(row["prognos"]),
                outcome=_amount(row["utfall"]),
                outcome_last_year=_amount(row["utfall_foregaende"]),
                position=place,
            )

    def _volumes(self) -> None:
        supports = {one.code: one for one in Support.objects.filter(committee=self.committee)}
        VolumeLine.objects.bulk_create(
            VolumeLine(
                committee=self.committee,
                measured_on=parse_date(row["matdatum"]),
                support=supports[row["insats"]],
                run=row["regi"],
                count=_amount(row["antal"]),
                hours=_amount(row["timmar"]),
                is_forecast=row["prognos"] == "ja",
            )
            for row in self._rows("volymer.csv")
        )

    def _staff(self) -> None:
        for row in self._rows("personal.csv"):
            period = parse_period(row["period"])
            StaffValue.objects.create(
                committee=self.committee,
                period_start=period.start,
                period_end=period.end,
                measure=row["matt"],
                sex=row["kon"],
                age=row["alder"],
                days=row["dagar"],
                employment=row.get("anstallningsform", "alla") or "alla",
                value=_amount(row["varde"]),
            )


def _amount(text: str) -> Decimal | None:
    return parse_number(text) if text else None
