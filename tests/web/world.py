"""A small municipality to walk around in: two committees, units, and one person per role."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from functools import cache
from typing import Any

from django.db.backends.postgresql.psycopg_any import DateRange

from roder.access.matrix import RIGHTS
from roder.organisation.models import Body, Mandate, Municipality, Person, Unit, UnitPlacement
from roder.steering.modelfile import check_text, to_data
from roder.steering.models import Goal, Occasion, SteeringModelVersion

PASSWORD = "ett-langt-losenord-1"
SINCE_2020 = DateRange(date(2020, 1, 1), None)
#: roles whose mandate is a unit instead of the committee
AT_UNIT = {"unit_manager", "head_department", "care_staff", "casework_manager"}


MODEL = """\
format: 1
year: 2022
municipality: {code: "9999", name: Provkommunen, slug: prov}
committee: {code: VON, name: Vård- och omsorgsnämnden, slug: prov-von}
bodies:
  - {code: KF, name: Kommunfullmäktige, kind: council}
  - {code: KS, name: Kommunstyrelsen, kind: executive_board}
status_scales:
  - code: mal
    subject: goal
    occasion_kinds: [interim]
    statuses:
      - {code: ej, label: Ej uppfyllt, order: 1, tone: bad}
      - {code: nara, label: Delvis uppfyllt, order: 2, tone: near}
      - {code: helt, label: Helt uppfyllt, order: 3, tone: good}
occasions:
  - {code: 2022-05, kind: monthly, name: Månadsuppföljning maj, cut_off: 2022-05-31, decided_by: VON, receives: [KS]}
  - {code: 2022-08, kind: interim, name: Delårsbokslut, cut_off: 2022-08-31, decided_by: VON, receives: [KS]}
accounts:
  print_unit: tkr
  rows:
    - {code: intakter, label: Intäkter, kind: group, sign: revenue}
    - {code: personal, label: Personal, kind: group, sign: cost}
    - {code: netto, label: Netto, kind: sum, sign: cost, sum_of: [intakter, personal]}
"""


@cache
def content() -> dict[str, Any]:
    """The model as the database keeps it; reading it takes longer than a test, so it is read once."""
    model = check_text(MODEL).model
    assert model is not None
    return to_data(model)


@dataclass
class World:
    """What the fixture made, by name."""

    municipality: Municipality
    committee: Body
    other: Body
    administration: Unit
    unit: Unit
    people: dict[str, Person] = field(default_factory=dict)

    @property
    def root(self) -> str:
        """The address of the committee's year."""
        return f"/{self.committee.slug}/2022/"


def build_world() -> World:
    """Make it. One person per role with a mandate in the first committee, one without any (``nobody``)."""
    town = Municipality.objects.create(code="9999", name="Provkommunen", slug="prov")
    committee = Body.objects.create(
        municipality=town,
        kind="committee",
        name="Vård- och omsorgsnämnden",
        short_name="VON",
        slug="prov-von",
    )
    elsewhere = Municipality.objects.create(code="9998", name="Annanstad", slug="annan")
    other = Body.objects.create(
        municipality=elsewhere, kind="committee", name="Socialnämnden", short_name="SN", slug="annan-sn"
    )
    administration = Unit.objects.create(
        committee=committee, code="1", name="Vård och omsorg", kind="administration"
    )
    department = Unit.objects.create(committee=committee, code="11", name="Äldreomsorg", kind="department")
    unit = Unit.objects.create(committee=committee, code="111", name="Björkens äldreboende", kind="unit")
    UnitPlacement.objects.create(unit=administration, parent=None, valid=SINCE_2020)
    UnitPlacement.objects.create(unit=department, parent=administration, valid=SINCE_2020)
    UnitPlacement.objects.create(unit=unit, parent=department, valid=SINCE_2020)
    world = World(town, committee, other, administration, unit)
    for role in RIGHTS:
        person = Person.objects.create_user(f"{role}@prov.se", PASSWORD, name=f"Person {role}")
        place = {"unit": unit} if role in AT_UNIT else {"body": committee}
        Mandate.objects.create(person=person, role=role, valid=SINCE_2020, **place)
        world.people[role] = person
    world.people["nobody"] = Person.objects.create_user("nobody@prov.se", PASSWORD, name="Person utan mandat")
    model = SteeringModelVersion.objects.create(
        committee=committee, year=2022, version=1, content=content(), source=MODEL, sha256="0" * 64
    )
    for code, kind, name, cut_off in (
        ("2022-05", "monthly", "Månadsuppföljning maj", date(2022, 5, 31)),
        ("2022-08", "interim", "Delårsbokslut", date(2022, 8, 31)),
    ):
        Occasion.objects.create(
            committee=committee, model=model, year=2022, code=code, kind=kind, name=name, cut_off=cut_off
        )
    for number, text in enumerate(("Fallolyckorna ska minska", "Fler ska vara nöjda med maten"), start=1):
        Goal.objects.create(
            municipality=town, committee=committee, level="committee", code=f"mal-{number}", number=str(number),
            title=text, text=f"{text}.", from_year=2022, to_year=2022, position=number,
        )  # fmt: skip
    return world
