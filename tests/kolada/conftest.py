"""A committee in Alingsås with the measures that the recorded answers have values for."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

import pytest
from django.db.backends.postgresql.psycopg_any import DateRange
from django.test import Client as Browser

from roder.kolada.asking import Ask
from roder.kolada.client import Client
from roder.kolada.services import Fetched, fetch
from roder.kolada.store import Store
from roder.kolada.stub import Stub, serving
from roder.measures.models import Measure, MeasureValue
from roder.organisation.models import Body, Mandate, Municipality, Person

RECORDED = Path(__file__).parents[2] / "examples" / "kolada"
YEARS = (2018, 2019, 2020, 2021, 2022)
TODAY = date(2022, 9, 1)
BACKEND = "django.contrib.auth.backends.ModelBackend"
#: id -> what is wanted, decimals
MEASURES = {
    "U21468": ("higher", 0),
    "U23471": ("higher", 0),
    "U28570": ("higher", 0),
    "N15436": ("higher", 1),
    "U00811": ("lower", 0),
}


@dataclass
class World:
    """The committee, its measures by Kolada id, and people by role."""

    committee: Body
    folder: Path
    measures: dict[str, Measure] = field(default_factory=dict)
    people: dict[str, Person] = field(default_factory=dict)

    @property
    def ask(self) -> Ask:
        """Everything that the committee measures, for the years of the recorded answers."""
        return Ask(self.committee.municipality, (self.committee,), YEARS)

    @property
    def store(self) -> Store:
        """The table of fetched values."""
        return Store()

    def fetch(self, stub: Stub, *, by: str | None = None, today: date = TODAY) -> Fetched:
        """Fetch everything from the stub."""
        who = self.people[by] if by else None
        return fetch(self.ask, fast(stub), who, today=today)

    def value(self, kpi: str, year: int, comparison: str = "kommun", sex: str = "alla") -> MeasureValue:
        """A measure value of a whole year."""
        return MeasureValue.objects.get(
            measure=self.measures[kpi], period_start=date(year, 1, 1), comparison=comparison, sex=sex
        )

    def browser(self, role: str) -> Browser:
        """A browser logged in as somebody with the role."""
        client = Browser()
        client.force_login(self.people[role], backend=BACKEND)
        return client

    def page(self, path: str) -> str:
        """An address of the committee's pages in 2022."""
        return f"/{self.committee.slug}/2022/{path}"


def fast(stub: Stub, **options: object) -> Client:
    """A client that does not wait between questions."""
    return Client(stub.url, each_second=10_000, backoff=0.001, **options)  # type: ignore[arg-type]


@pytest.fixture
def recorded() -> Iterator[Stub]:
    with serving(RECORDED) as stub:
        yield stub


@pytest.fixture
def world(db: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> World:
    monkeypatch.setenv("RODER_DATA_DIR", str(tmp_path))
    town = Municipality.objects.create(code="1489", name="Alingsås kommun", slug="alingsas")
    body = Body.objects.create(
        municipality=town,
        kind="committee",
        name="Vård- och omsorgsnämnden",
        short_name="VON",
        slug="alingsas-von",
    )
    made = World(body, tmp_path)
    for position, (kpi, (direction, decimals)) in enumerate(MEASURES.items()):
        made.measures[kpi] = Measure.objects.create(
            committee=body, code=kpi.lower(), title=f"Nyckeltal {kpi}", unit="dagar" if kpi == "U00811" else "%",
            decimals=decimals, direction=direction, kolada_id=kpi, position=position,
        )  # fmt: skip
    for role in ("controller", "member", "unit_manager"):
        person = Person.objects.create_user(f"{role}@alingsas.se", name=f"Person {role}")
        Mandate.objects.create(person=person, role=role, body=body, valid=DateRange(date(2020, 1, 1), None))
        made.people[role] = person
    return made
