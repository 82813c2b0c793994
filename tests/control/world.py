"""A committee with a risk analysis, two scales and an adopted plan: the world of the tests of risk and control.

    def test_it(room: Room) -> None:
        room.committee, room.analysis, room.scale, room.scale5, room.plan, room.points, room.controls
        room.risks["7"]               # by printed number: Alingsås's seventeen, with values and handlings as printed
        room.by("quality_strategist") # the role's person, with rights read anew
        room.client("member")         # a browser logged in as the role

Everything is made as rows, not through the services, so that each part can be tested by itself.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from functools import cache
from typing import Any

from django.test import Client

from roder.control.models import Control, ControlPlan, ControlPoint, Risk, RiskAnalysis, ScaleVersion
from roder.control.services.scales import digest
from roder.organisation.models import Body, Person, Unit
from roder.steering.modelfile import check_text, to_data
from roder.steering.models import Occasion, SteeringModelVersion
from tests.web.world import MODEL as WEB_MODEL
from tests.web.world import World, build_world

BACKEND = "django.contrib.auth.backends.ModelBackend"
SCALES = """\
risk_scales:
  - code: vasentlighet
    label: Väsentlighets- och riskanalys
    used_for: [risk_analysis]
    likelihood:
      label: Sannolikhet
      steps:
        - {value: 1, label: Osannolik, meaning: Praktiskt taget obefintlig}
        - {value: 2, label: Mindre sannolik, meaning: Mycket liten}
        - {value: 3, label: Möjlig, meaning: Möjlig risk}
        - {value: 4, label: Sannolik, meaning: Mycket troligt}
    impact:
      label: Väsentlighetsgrad
      steps:
        - {value: 1, label: Försumbar}
        - {value: 2, label: Lindrig}
        - {value: 3, label: Kännbar}
        - {value: 4, label: Allvarlig}
    levels:
      - {code: lag, label: Låg, tone: good}
      - {code: medel, label: Medel, tone: near}
      - {code: hog, label: Hög, tone: bad}
    matrix:
      - {likelihood: 1, levels: [lag, lag, lag, lag]}
      - {likelihood: 2, levels: [lag, lag, medel, medel]}
      - {likelihood: 3, levels: [lag, medel, medel, hog]}
      - {likelihood: 4, levels: [lag, medel, hog, hog]}
    handling:
      - {lowest: 1, highest: 4, proposals: [{handling: none}]}
      - lowest: 6
        highest: 12
        proposals:
          - {handling: goal, meaning: När något behöver förändras}
          - {handling: control_point, meaning: När risken ska hållas under uppsikt}
          - {handling: critical_factor, likelihood_at_most: 2}
      - {lowest: 16, highest: 16, proposals: [{handling: immediate_action}]}
  - code: internkontroll
    label: Riskanalys intern kontroll
    used_for: [internal_control]
    likelihood: {label: Sannolikhet, steps: [{value: 1}, {value: 2}, {value: 3}, {value: 4}, {value: 5}]}
    impact: {label: Konsekvens, steps: [{value: 1}, {value: 2}, {value: 3}, {value: 4}, {value: 5}]}
    handling:
      - {lowest: 1, highest: 9, proposals: [{handling: none}]}
      - {lowest: 10, highest: 25, proposals: [{handling: control_point}]}
    obligatory_points: true
    retired_value: 0
control: {sample_rounding: down}
"""
_INTERIM = next(line for line in WEB_MODEL.splitlines() if "kind: interim" in line)
_INCLUDES = "[summary, goals, risk_analysis, controls, immediate_actions, critical_factors]"
MODEL = (
    WEB_MODEL.replace(
        _INTERIM,
        _INTERIM.replace("decided_by", f"includes: {_INCLUDES}, decided_by")
        + "\n  - {code: 2022-12, kind: annual, name: Årsbokslut, cut_off: 2022-12-31, "
        + f"includes: {_INCLUDES}, decided_by: VON, receives: [KS]}}",
    )
    + SCALES
)

CP, KVF, UPPDRAG, GOAL = "control_point", "critical_factor", "assignment", "goal"
#: number -> (what the risk is about, likelihood, impact, handling), with the figures of notes 3, 4.3.
RISKS: dict[str, tuple[str, int, int, str]] = {
    "1": ("Styrande dokument följs inte", 4, 2, CP),
    "2": ("Brister i brandskyddsarbetet", 3, 4, CP),
    "3": ("Organisationsförändringar", 3, 3, CP),
    "4": ("Brister i ärendehanteringen", 3, 3, CP),
    "5": ("Informationssäkerhet", 3, 2, CP),
    "6": ("Den digitala omställningen dröjer", 2, 3, CP),
    "7": ("Beslutade och utförda timmar skiljer sig", 2, 4, UPPDRAG),
    "8": ("Rekrytering", 2, 3, KVF),
    "9": ("Biståndsbeslut följer inte riktlinjerna", 2, 3, CP),
    "10": ("Kostnad per brukare", 3, 3, KVF),
    "11": ("Uppföljning av privata utförare", 4, 3, UPPDRAG),
    "12": ("Biståndsbeslut följs inte upp", 1, 3, KVF),
    "13": ("Basala hygienrutiner", 2, 4, KVF),
    "14": ("Avvikelser rapporteras inte", 3, 3, KVF),
    "15": ("Avvikelser minskar inte", 2, 3, KVF),
    "16": ("Boendeplatser enligt LSS", 2, 3, GOAL),
    "17": ("Förebyggande arbete mot vårdskador", 3, 3, KVF),
}  # fmt: skip
#: The risks whose handling the rule does not propose.
DEPARTING = ("7", "10", "11", "12", "14", "17")


@cache
def content() -> dict[str, Any]:
    """The steering model as the database keeps it, read once."""
    checked = check_text(MODEL)
    assert checked.model is not None, checked.lines()
    return to_data(checked.model)


def scale_content(code: str) -> dict[str, Any]:
    """A risk scale of the steering model as JSON: ``vasentlighet`` (4 × 4) or ``internkontroll`` (5 × 5)."""
    return next(one for one in content()["risk_scales"] if one["code"] == code)


@dataclass
class Room:
    """What the fixture made."""

    world: World
    model: SteeringModelVersion
    scale: ScaleVersion
    scale5: ScaleVersion
    analysis: RiskAnalysis
    interim: Occasion
    annual: Occasion
    risks: dict[str, Risk] = field(default_factory=dict)
    plan: ControlPlan = field(init=False)
    points: list[ControlPoint] = field(default_factory=list)
    controls: list[Control] = field(default_factory=list)

    @property
    def committee(self) -> Body:
        """The committee."""
        return self.world.committee

    @property
    def unit(self) -> Unit:
        """A unit of the committee's administration."""
        return self.world.unit

    @property
    def root(self) -> str:
        """The address of the committee's year: ``/prov-von/2022/``."""
        return self.world.root

    def by(self, role: str) -> Person:
        """The role's person, fresh: rights are read once for each object."""
        return Person.objects.get(pk=self.world.people[role].pk)

    def client(self, role: str) -> Client:
        """A browser logged in as the role's person."""
        made = Client()
        made.force_login(self.by(role), BACKEND)
        return made


def make_scale(committee: Body, model: SteeringModelVersion, code: str) -> ScaleVersion:
    """A scale of the steering model as a row."""
    held = scale_content(code)
    one, other = ([step["value"] for step in held[axis]["steps"]] for axis in ("likelihood", "impact"))
    return ScaleVersion.objects.create(
        committee=committee, model=model, code=code, label=held["label"], content=held,
        sha256=digest(held),
        likelihood_lowest=min(one), likelihood_highest=max(one), impact_lowest=min(other), impact_highest=max(other),
    )  # fmt: skip


def build_room() -> Room:
    """Make it: the analysis of 2022 with 17 scored risks, and an adopted plan with two points and three controls."""
    world = build_world()
    body = world.committee
    model = SteeringModelVersion.objects.create(
        committee=body, year=2022, version=2, content=content(), source=MODEL, sha256="1" * 64
    )
    Occasion.objects.filter(committee=body).update(model=model)
    annual = Occasion.objects.create(
        committee=body, model=model, year=2022, code="2022-12", kind="annual", name="Årsbokslut",
        cut_off=date(2022, 12, 31),
    )  # fmt: skip
    scale = make_scale(body, model, "vasentlighet")
    room = Room(
        world,
        model,
        scale,
        make_scale(body, model, "internkontroll"),
        RiskAnalysis.objects.create(committee=body, year=2022, title="Riskanalys", scale=scale),
        Occasion.objects.get(committee=body, code="2022-08"),
        annual,
    )
    for position, (number, (text, likelihood, impact, handling)) in enumerate(RISKS.items(), start=1):
        room.risks[number] = Risk.objects.create(
            committee=body, analysis=room.analysis, scale=scale, code=f"R-{position:04d}", number=number, text=text,
            likelihood=likelihood, impact=impact, handling=handling, in_plan=handling == CP, position=position,
            category="Kvalitet" if handling == KVF else "Styrning", process="Styrprocessen",
        )  # fmt: skip
    room.plan = ControlPlan.objects.create(
        committee=body, year=2022, title="Internkontrollplan", analysis=room.analysis, state="adopted",
        adopted_on=date(2021, 12, 17), decision="§ 84",
    )  # fmt: skip
    _points(room)
    return room


def _points(room: Room) -> None:
    """Point 1 (risk 1) is reported at the interim; point 2 (risk 9) has two samples, at the interim and year end."""
    for number, risk, process in (("1", "1", "Styrprocessen"), ("2", "9", "Handläggningsprocessen")):
        room.points.append(
            ControlPoint.objects.create(
                committee=room.committee,
                plan=room.plan,
                risk=room.risks[risk],
                number=number,
                title=room.risks[risk].text,
                process=process,
                position=int(number),
            )
        )
    common: dict[str, Any] = {"committee": room.committee, "responsible": "Avdelningschef"}
    room.controls = [
        Control.objects.create(
            point=room.points[0], number=1, what="Att styrande dokument finns och är aktuella", method="documents",
            scope="all", frequency="en gång per år", owner_role="head_department", occasions=["interim"], **common,
        ),
        Control.objects.create(
            point=room.points[1], number=1, what="Att avsteg har en daterad motivering", method="sample",
            scope="share", scope_share=10, frame_text="Beslut 1 januari–31 maj", frequency="en gång per år",
            owner_role="sas", occasions=["interim", "annual"], **common,
        ),
        Control.objects.create(
            point=room.points[1], number=2, what="Att besluten har rätt kod", method="sample", scope="number",
            scope_number=5, frequency="två gånger per år", times_a_year=2, owner_role="quality_strategist",
            occasions=["annual"], **common,
        ),
    ]  # fmt: skip
