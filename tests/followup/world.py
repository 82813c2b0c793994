"""A committee with two departments, units under them, and one right under the administration, and an interim report.

    def test_it(town: Town) -> None:
        town.occasion, town.goals, town.units["111"], town.by("anna")

People: ``forvaltning`` heads the administration, ``avd1`` and ``avd2`` the departments, ``u111``, ``u112``, ``u211``
and ``u31`` the units, ``strateg`` and ``controller`` work with all of it, ``ledamot`` sits in the committee.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from functools import cache
from typing import Any

from django.db.backends.postgresql.psycopg_any import DateRange
from django.test import Client

from roder.organisation.models import Body, Mandate, Municipality, Person, Unit, UnitPlacement
from roder.steering.modelfile import check_text, to_data
from roder.steering.models import Goal, Occasion, SteeringModelVersion

SINCE = DateRange(date(2020, 1, 1), None)
START, LAST, SUMMED = date(2022, 8, 12), date(2022, 8, 23), date(2022, 8, 30)
BACKEND = "django.contrib.auth.backends.ModelBackend"

MODEL = """\
format: 1
year: 2022
municipality: {code: "9999", name: Provkommunen, slug: prov}
committee: {code: VON, name: Vård- och omsorgsnämnden, slug: prov-von}
bodies:
  - {code: KF, name: Kommunfullmäktige, kind: council}
  - {code: KS, name: Kommunstyrelsen, kind: executive_board}
goals:
  levels: [{code: namnd, label: Nämndens mål, kind: committee_goal}]
  judged_at: administration
critical_factors:
  perspectives: [{code: ekonomi, label: Ekonomi}, {code: malgrupp, label: Målgrupp}]
status_scales:
  - code: mal
    subject: goal
    occasion_kinds: [interim]
    statuses:
      - {code: ej, label: Ej uppfyllt, order: 1, tone: bad}
      - {code: helt, label: Helt uppfyllt, order: 2, tone: good}
  - code: kritisk_faktor
    subject: critical_factor
    statuses:
      - {code: inget, label: Inget värde angivet, order: 1, tone: none}
      - {code: med, label: Med anmärkning, order: 2, tone: bad}
      - {code: nara, label: Nära målvärde, order: 3, tone: near}
      - {code: utan, label: Utan anmärkning, order: 4, tone: good}
  - code: matt
    subject: measure
    statuses:
      - {code: inget, label: Inget värde angivet, order: 1, tone: none}
      - {code: med, label: Med anmärkning, order: 2, tone: bad}
      - {code: nara, label: Nära målvärde, order: 3, tone: near}
      - {code: utan, label: Utan anmärkning, order: 4, tone: good}
  - code: uppdrag_enhet
    subject: assignment
    level: unit
    statuses:
      - {code: paborjad, label: Påbörjad, order: 1, tone: near}
      - {code: fardig, label: Färdig, order: 2, tone: good}
grading_rules:
  - code: franvaro
    label: Sjukfrånvaro
    kind: percent_of_target
    measures: [franvaro]
    scale: matt
    better: lower
    missing: inget
    bands: [{up_to: 100, status: utan}, {up_to: 110, status: nara}, {status: med}]
occasions:
  - {code: 2022-05, kind: monthly, name: Månadsuppföljning maj, cut_off: 2022-05-31, decided_by: VON, receives: [KS]}
  - code: 2022-04
    kind: in_depth
    name: Fördjupad uppföljning april 2022
    cut_off: 2022-04-30
    includes: [goals]
    decided_by: VON
    receives: [KS]
    phases:
      - {code: enheter, name: Enheternas uppföljning, step: report, role: unit_manager,
         start: 2022-05-02, end: 2022-05-06, end_time: "12:00"}
  - code: 2022-08
    kind: interim
    name: Delårsbokslut 2022
    cut_off: 2022-08-31
    includes: [summary, goals, work_environment, critical_factors, assignments, activities]
    decided_by: VON
    receives: [KS]
    phases:
      - {code: utfall, name: Utfall finns, step: data_available, role: controller, start: 2022-08-12, end: 2022-08-12}
      - {code: enheter, name: Enheternas uppföljning, step: report, role: unit_manager,
         start: 2022-08-12, end: 2022-08-23}
      - {code: avdelningar, name: Avdelningarnas uppföljning, step: summarise, role: head_department,
         start: 2022-08-24, end: 2022-08-30}
      - {code: till_klk, name: Underlag lämnas, step: submit, role: head_administration,
         start: 2022-09-13, end: 2022-09-13, end_time: "12:00"}
accounts:
  print_unit: tkr
  rows:
    - {code: intakter, label: Intäkter, kind: group, sign: revenue}
    - {code: personal, label: Personal, kind: group, sign: cost}
    - {code: netto, label: Netto, kind: sum, sign: cost, sum_of: [intakter, personal]}
"""
#: code -> (name, kind, the unit above)
UNITS = {
    "1": ("Vård och omsorg", "administration", None),
    "11": ("Äldreboende", "department", "1"),
    "111": ("Björken", "unit", "11"),
    "112": ("Linden", "unit", "11"),
    "21": ("Hemtjänst", "department", "1"),
    "211": ("Hemtjänst nord", "unit", "21"),
    "31": ("Förebyggande", "unit", "1"),
    "91": ("Extern utförare", "unit", "11"),
}
PEOPLE = {
    "forvaltning": ("head_administration", ""), "avd1": ("head_department", "11"), "avd2": ("head_department", "21"),
    "u111": ("unit_manager", "111"), "u112": ("unit_manager", "112"), "u211": ("unit_manager", "211"),
    "u31": ("unit_manager", "31"), "strateg": ("quality_strategist", ""), "controller": ("controller", ""),
    "ledamot": ("member", ""),
}  # fmt: skip


@cache
def content() -> dict[str, Any]:
    """The steering model as the database keeps it, read once."""
    checked = check_text(MODEL)
    assert checked.model is not None, checked.lines()
    return to_data(checked.model)


@dataclass
class Town:
    """What the fixture made."""

    committee: Body
    model: SteeringModelVersion
    occasion: Occasion
    april: Occasion
    units: dict[str, Unit] = field(default_factory=dict)
    people: dict[str, Person] = field(default_factory=dict)
    goals: list[Goal] = field(default_factory=list)

    @property
    def root(self) -> str:
        """The address of the committee's year."""
        return f"/{self.committee.slug}/2022/"

    def by(self, name: str) -> Person:
        """A person, fresh: rights are read once for each object."""
        return Person.objects.get(pk=self.people[name].pk)

    def client(self, name: str) -> Client:
        """A browser logged in as the person."""
        made = Client()
        made.force_login(self.by(name), BACKEND)
        return made

    def person(self, name: str, role: str = "", unit: str = "") -> Person:
        """One more person, with a mandate in a unit or in the committee."""
        made = Person.objects.create(email=f"{name}@prov.se", name=name.capitalize())
        self.people[name] = made
        if role:
            place: dict[str, Any] = {"unit": self.units[unit]} if unit else {"body": self.committee}
            Mandate.objects.create(person=made, role=role, valid=SINCE, **place)
        return made


def build_town() -> Town:
    """Make it."""
    municipality = Municipality.objects.create(code="9999", name="Provkommunen", slug="prov")
    committee = Body.objects.create(
        municipality=municipality, kind="committee", name="Vård- och omsorgsnämnden", short_name="VON",
        slug="prov-von",
    )  # fmt: skip
    model = SteeringModelVersion.objects.create(
        committee=committee, year=2022, version=1, content=content(), source=MODEL, sha256="0" * 64
    )
    made = {
        one["code"]: Occasion.objects.create(
            committee=committee, model=model, year=2022, code=one["code"], kind=one["kind"], name=one["name"],
            cut_off=date.fromisoformat(one["cut_off"]),
        )
        for one in content()["occasions"]
    }  # fmt: skip
    town = Town(committee, model, made["2022-08"], made["2022-04"])
    for code, (name, kind, above) in UNITS.items():
        unit = town.units[code] = Unit.objects.create(
            committee=committee, code=code, name=name, kind=kind, external=code == "91"
        )
        UnitPlacement.objects.create(unit=unit, parent=town.units[above] if above else None, valid=SINCE)
    for name, (role, where) in PEOPLE.items():
        town.person(name, role, where)
    for number, text in enumerate(("Fallolyckorna minskar", "Fler är nöjda", "Frånvaron minskar"), start=1):
        kind = "work_environment" if number == 3 else "ordinary"
        goal = Goal.objects.create(
            municipality=municipality, committee=committee, level="committee", kind=kind, code=f"mal-{number}",
            number=str(number), title=text, from_year=2022, to_year=2022, position=number,
        )  # fmt: skip
        town.goals.append(goal)
    return town
