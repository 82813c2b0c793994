"""A committee to compute figures for: Alingsås' real tables from examples/, or generated rows."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

from roder.core.numbers import parse_number
from roder.core.periods import parse_period
from roder.economy.models import (
    BudgetLine,
    BudgetVersion,
    ForecastLine,
    InvestmentLine,
    OutcomeLine,
    StaffValue,
    VolumeLine,
)
from roder.measures.models import Measure, MeasureValue
from roder.organisation.models import Body, Municipality, Unit, UnitPlacement
from roder.steering.models import (
    AccountGroup,
    AccountRow,
    InvestmentCategory,
    Occasion,
    ServiceCode,
    SteeringModelVersion,
    Support,
)
from tests.figures.graded import GRADED

EXAMPLES = Path(__file__).parents[2] / "examples"

#: code, label, sign, the groups of a sum
ROWS: tuple[tuple[str, str, str, tuple[str, ...]], ...] = (
    ("intakter", "Verksamhetens intäkter", "revenue", ()),
    ("personal", "Personalkostnader", "cost", ()),
    ("lokaler", "Lokalhyror", "cost", ()),
    ("kop_tjanster", "Köp av tjänster", "cost", ()),
    ("ovriga", "Övriga kostnader", "cost", ()),
    ("kostnader", "Verksamhetens kostnader", "cost", ("personal", "lokaler", "kop_tjanster", "ovriga")),
    (
        "nettokostnader",
        "Nettokostnader",
        "cost",
        ("intakter", "personal", "lokaler", "kop_tjanster", "ovriga"),
    ),
    ("kommunbidrag", "Kommunbidrag", "revenue", ()),
    ("finansnetto", "Finansnetto", "result", ()),
    (
        "resultat",
        "Årets resultat",
        "result",
        ("intakter", "personal", "lokaler", "kop_tjanster", "ovriga", "kommunbidrag", "finansnetto"),
    ),
)
GROUPS = tuple(code for code, _, _, groups in ROWS if not groups)

GOAL_SCALE = ("ej_uppfyllt", "delvis_uppfyllt", "helt_uppfyllt", "ej_utvarderad")
STAFF = {
    "measures": [
        {"code": "arsarbetare", "label": "Årsarbetare", "unit": "antal", "digits": 1},
        {"code": "heltid", "label": "Andel heltid", "unit": "%"},
    ],
    "hire_reasons": [{"code": "utokning", "label": "Utökning"}],
    "departure_reasons": [
        {"code": "pension", "label": "Pension"},
        {"code": "egen_begaran", "label": "Egen begäran"},
    ],
}

CONTENT = {
    "staff": STAFF,
    "accounts": {"rows": [{"code": code, "sign": sign} for code, _, sign, _ in ROWS]},
    "status_scales": [
        {
            "code": f"{subject}_delar",
            "subject": subject,
            "occasion_kinds": ["interim"],
            "statuses": [
                {"code": code, "label": code.replace("_", " ").capitalize(), "order": place, "tone": "none"}
                for place, code in enumerate(GOAL_SCALE, 1)
            ],
        }
        for subject in ("goal", "assignment")
    ]
    + GRADED["status_scales"],
    "critical_factors": GRADED["critical_factors"],
    "grading_rules": GRADED["grading_rules"],
    "deviations": {"closed_target": 95, "classified_target": 90},
    "complaints": {
        "kinds": [{"code": "klagomal", "label": "Klagomål"}, {"code": "synpunkt", "label": "Synpunkt"}],
        "complainants": [{"code": "anhorig", "label": "Anhörig"}],
        "unanswered_days": 14,
    },
}

OCCASIONS = (
    ("2022-plan", Occasion.Kind.PLAN, date(2021, 12, 31)),
    ("2022-03", Occasion.Kind.MONTHLY, date(2022, 3, 31)),
    ("2022-04", Occasion.Kind.IN_DEPTH, date(2022, 4, 30)),
    ("2022-05", Occasion.Kind.MONTHLY, date(2022, 5, 31)),
    ("2022-08", Occasion.Kind.INTERIM, date(2022, 8, 31)),
)


@dataclass
class World:
    """A committee with its terms, by code."""

    committee: Body
    occasions: dict[str, Occasion]
    groups: dict[str, AccountGroup]
    services: dict[str, ServiceCode] = field(default_factory=dict)
    units: dict[str, Unit] = field(default_factory=dict)

    def budget(self, year: int, code: str, applies_from: date, **amounts: int) -> BudgetVersion:
        """A budget version with an amount for each group named."""
        version = BudgetVersion.objects.create(
            committee=self.committee, year=year, code=code, name=code, applies_from=applies_from
        )
        for group, amount in amounts.items():
            BudgetLine.objects.create(version=version, group=self.groups[group], amount=amount)
        return version

    def forecast(self, occasion: str, **amounts: int | str) -> None:
        """A forecast at an occasion, with an amount for each group named."""
        for group, amount in amounts.items():
            ForecastLine.objects.create(
                occasion=self.occasions[occasion], group=self.groups[group], amount=Decimal(amount)
            )

    def outcome(self, start: date, end: date, **amounts: int) -> None:
        """An outcome of a period, with an amount for each group named."""
        for group, amount in amounts.items():
            OutcomeLine.objects.create(
                committee=self.committee,
                period_start=start,
                period_end=end,
                group=self.groups[group],
                amount=amount,
            )


def empty_world(slug: str = "alingsas-von", code: str = "1489", more: dict[str, Any] | None = None) -> World:
    """A committee with a steering model (with ``more`` in it) and occasions, and no figures at all."""
    municipality = Municipality.objects.create(
        code=code, name=slug.partition("-")[0].capitalize(), slug=f"m-{slug}"
    )
    committee = Body.objects.create(
        municipality=municipality,
        kind=Body.Kind.COMMITTEE,
        name="Vård- och omsorgsnämnden",
        short_name="VON",
        slug=slug,
    )
    model = SteeringModelVersion.objects.create(
        committee=committee, year=2022, version=1, content=CONTENT | (more or {}), source="", sha256="0" * 64
    )
    groups = {
        group: AccountGroup.objects.create(committee=committee, code=group, label=group, position=place)
        for place, group in enumerate(GROUPS)
    }
    for place, (row_code, label, _, parts) in enumerate(ROWS):
        row = AccountRow.objects.create(
            model=model, code=row_code, label=label, position=place, is_sum=bool(parts)
        )
        row.groups.set([groups[part] for part in parts or (row_code,)])
    occasions = {
        name: Occasion.objects.create(
            committee=committee, model=model, year=2022, code=name, kind=kind, name=name, cut_off=cut_off
        )
        for name, kind, cut_off in OCCASIONS
    }
    unit = Unit.objects.create(
        committee=committee, code="vof", name="Vård- och omsorgsförvaltningen", kind=Unit.Kind.ADMINISTRATION
    )
    UnitPlacement.objects.create(unit=unit, valid=(date(2019, 1, 1), None))
    return World(committee, occasions, groups, units={"vof": unit})


def _rows(name: str) -> Iterator[dict[str, str]]:
    """The rows that are the documents' own tables: neither example data nor amounts read out of prose."""
    with (EXAMPLES / "alingsas" / name).open(encoding="utf-8-sig", newline="") as file:
        for row in csv.DictReader(file, delimiter=";"):
            if not row["kalla"].startswith("Exempeldata") and "tabellen saknas" not in row["kalla"]:
                yield row


def _number(text: str | None) -> Decimal | None:
    return parse_number(text) if text else None


def alingsas() -> World:
    """Alingsås' vård- och omsorgsnämnd 2022: budget, forecasts, investments, volumes, sick leave, key figures."""
    world = empty_world()
    committee, unit = world.committee, world.units["vof"]
    starts = {("2022", "omfordelad mars"): date(2022, 3, 1)}
    versions: dict[tuple[str, str], BudgetVersion] = {}
    for row in _rows("budget-versioner.csv"):
        key = (row["ar"], row["version"])
        versions[key] = BudgetVersion.objects.create(
            committee=committee,
            year=int(row["ar"]),
            code=row["version"],
            name=row["namn"],
            applies_from=starts.get(key, date(int(row["ar"]), 1, 1)),
        )
    for row in _rows("budget.csv"):
        BudgetLine.objects.create(
            version=versions[row["ar"], row["version"]],
            unit=unit,
            group=world.groups[row["kontogrupp"]],
            amount=parse_number(row["belopp"]),
        )
    for row in _rows("prognos.csv"):
        ForecastLine.objects.create(
            occasion=world.occasions[row["tillfalle"]],
            unit=unit,
            group=world.groups[row["kontogrupp"]],
            amount=parse_number(row["belopp"]),
        )
    _investments(world)
    _volumes(world)
    for row in _rows("personal.csv"):
        period = parse_period(row["period"])
        StaffValue.objects.create(
            committee=committee,
            unit=unit,
            period_start=period.start,
            period_end=period.end,
            measure=row["matt"],
            sex=row["kon"] or "alla",
            age=row["alder"] or "alla",
            days=row["dagar"] or "alla",
            value=_number(row["varde"]),
        )
    return world


def _investments(world: World) -> None:
    categories: dict[str, InvestmentCategory] = {}
    for row in _rows("investeringar.csv"):
        category = row["kategori"]
        if category not in categories:
            categories[category] = InvestmentCategory.objects.create(
                committee=world.committee, code=category, label=category, position=len(categories)
            )
        InvestmentLine.objects.create(
            occasion=world.occasions[row["tillfalle"] or "2022-plan"],
            year=int(row["ar"]),
            category=categories[category],
            project=row["projekt"],
            budget=_number(row["budget"]),
            forecast=_number(row["prognos"]),
            outcome=_number(row["utfall"]),
            outcome_last_year=_number(row["utfall_foregaende"]),
        )


def _volumes(world: World) -> None:
    supports: dict[str, Support] = {}
    for row in _rows("volymer.csv"):
        code = row["insats"]
        if code not in supports:
            supports[code] = Support.objects.create(
                committee=world.committee, code=code, label=code, position=len(supports)
            )
        VolumeLine.objects.create(
            committee=world.committee,
            measured_on=date.fromisoformat(row["matdatum"]),
            support=supports[code],
            run=row["regi"],
            count=_number(row["antal"]),
            hours=_number(row["timmar"]),
            is_forecast=row["prognos"] == "ja",
        )


def measure(world: World, code: str, unit: str = "%", decimals: int = 1) -> Measure:
    """A key figure."""
    return Measure.objects.create(
        committee=world.committee, code=code, title=code.capitalize(), unit=unit, decimals=decimals
    )


def outcome_of(of: Measure, year: int, value: str | None, **more: Any) -> MeasureValue:
    """A value for a year; None is a missing one."""
    more.setdefault("status", "missing" if value is None else "final")
    return MeasureValue.objects.create(
        measure=of,
        period_start=date(year, 1, 1),
        period_end=date(year + 1, 1, 1),
        value=None if value is None else Decimal(value),
        **more,
    )
