"""A small committee to read files into."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pgtrigger
import pytest
from django.db.backends.postgresql.psycopg_any import DateRange

from roder.economy.models import BudgetVersion
from roder.imports.cells import Context
from roder.imports.kinds import KINDS
from roder.imports.services import Committed, Preview, commit, preview
from roder.measures.models import Measure
from roder.organisation.models import Body, Mandate, Municipality, Person, Role, Unit, UnitPlacement
from roder.steering.loading import load_model

MODEL = """
format: 1
year: 2022
municipality: {code: "9999", name: Provby kommun, slug: provby}
committee: {code: ON, name: Omsorgsnämnden, slug: on}
bodies:
  - {code: ON, name: Omsorgsnämnden, kind: committee}
occasions:
  - {code: 2022-plan, kind: plan, name: Budget 2022, cut_off: 2021-12-31}
  - {code: 2022-03, kind: monthly, name: Mars 2022, cut_off: 2022-03-31}
  - {code: 2022-05, kind: monthly, name: Maj 2022, cut_off: 2022-05-31}
accounts:
  print_unit: tkr
  rows:
    - {code: intakter, label: Verksamhetens intäkter, kind: group, sign: revenue}
    - {code: personal, label: Personalkostnader, kind: group, sign: cost}
    - {code: ovriga, label: Övriga kostnader, kind: group, sign: cost}
    - {code: kostnader, label: Kostnader, kind: sum, sign: cost, sum_of: [personal, ovriga]}
    - {code: resultat, label: Årets resultat, kind: sum, sign: result, sum_of: [intakter, kostnader]}
services:
  rows:
    - {code: "54", label: Individ och familj}
    - {code: "55", label: Vård och omsorg}
investments:
  print_unit: tkr
  categories:
    - {code: reinvestering, label: Reinvestering}
supports:
  areas: [{code: aldre, label: Äldreomsorg}]
  rows:
    - {code: hemtjanst, label: Hemtjänst, area: aldre, unit: persons, also_hours: true}
"""


@dataclass
class World:
    """The committee, and short ways to read files into it."""

    committee: Body
    context: Context
    folder: Path

    def file(self, content: str | bytes, name: str = "fil.csv", encoding: str = "utf-8") -> Path:
        """A file with this content."""
        path = self.folder / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode(encoding))
        return path

    def preview(self, kind: str, content: str | bytes | Path, by: Person | None = None) -> Preview:
        """Look at a file."""
        path = content if isinstance(content, Path) else self.file(content)
        return preview(KINDS[kind], self.context, path, by)

    def commit(self, kind: str, content: str | bytes | Path, by: Person | None = None) -> Committed:
        """Read a file in."""
        path = content if isinstance(content, Path) else self.file(content)
        return commit(KINDS[kind], self.context, path, path.name, by)


def build_committee() -> Body:
    """The committee with units, a steering model, budget versions and two measures."""
    municipality = Municipality.objects.create(code="9999", name="Provby kommun", slug="provby")
    committee = Body.objects.create(
        municipality=municipality, kind="committee", name="Omsorgsnämnden", short_name="ON", slug="provby-on"
    )
    always = DateRange(date(2020, 1, 1), None)
    top = Unit.objects.create(
        committee=committee, code="of", name="Omsorgsförvaltningen", kind="administration"
    )
    UnitPlacement.objects.create(unit=top, parent=None, valid=always)
    for code, name in (("nord", "Enhet Nord"), ("syd", "Enhet Syd")):
        unit = Unit.objects.create(committee=committee, code=code, name=name, kind="unit")
        UnitPlacement.objects.create(unit=unit, parent=top, valid=always)
    load_model(committee, MODEL)
    BudgetVersion.objects.create(
        committee=committee, year=2022, code="beslutad", name="Budget 2022", applies_from=date(2022, 1, 1)
    )
    Measure.objects.create(committee=committee, code="nojda", title="Nöjda brukare", unit="%", decimals=0)
    Measure.objects.create(committee=committee, code="plan", title="Plan finns", unit="ja/nej")
    return committee


@pytest.fixture
def world(db: None, tmp_path: Path) -> World:
    """A committee and a folder for files."""
    committee = build_committee()
    return World(committee, Context(committee, 2022), tmp_path)


@pytest.fixture
def person(world: World) -> Callable[[Role], Person]:
    """Makes a person with a role in the committee."""

    def make(role: Role) -> Person:
        made = Person.objects.create_user(
            f"{role.value}@provby.example", "Lång och hemlig 1", name=role.value
        )
        Mandate.objects.create(
            person=made, role=role, body=world.committee, valid=DateRange(date(2020, 1, 1), None)
        )
        return made

    return make


@pytest.fixture
def truncatable() -> Iterator[None]:
    """Lets a test with real transactions empty the audit trail when it is over."""
    with pgtrigger.ignore("access.AuditRecord:not_emptied"):
        yield


@pytest.fixture
def committed(truncatable: None, transactional_db: None) -> None:
    """Real transactions, seen by other processes."""
