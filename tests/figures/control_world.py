"""Risks, a plan with what its controls showed, critical factors and recommendations for a world: one by one, or drawn
from a seed."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, field
from datetime import date, timedelta
from random import Random
from typing import Any

from roder.control.models import (
    Audit,
    Control,
    ControlPlan,
    ControlPoint,
    ControlRound,
    ControlSample,
    CriticalFactor,
    FactorMeasure,
    Inspection,
    PointReview,
    Recommendation,
    Risk,
    RiskAnalysis,
    SampleFrame,
    SampleItem,
    ScaleVersion,
)
from roder.measures.models import Measure, MeasureValue, Target
from roder.tasks.models import Action
from tests.figures.selfcheck_world import moment
from tests.figures.world import World

STEPS = [{"value": value} for value in range(1, 5)]
SCALE: dict[str, Any] = {
    "code": "fyra",
    "label": "Fyra gånger fyra",
    "used_for": ["risk_analysis"],
    "likelihood": {"label": "Sannolikhet", "steps": STEPS},
    "impact": {"label": "Konsekvens", "steps": STEPS},
    "handling": [
        {"lowest": 1, "highest": 4, "proposals": [{"handling": "none"}]},
        {
            "lowest": 6,
            "highest": 12,
            "proposals": [
                {"handling": "goal"},
                {"handling": "control_point"},
                {"handling": "critical_factor", "likelihood_at_most": 2},
            ],
        },
        {"lowest": 16, "highest": 16, "proposals": [{"handling": "immediate_action"}]},
    ],
    "obligatory_points": True,
    "retired_value": 0,
}
LEVELS: dict[str, Any] = {
    "code": "tva",
    "levels": [{"code": "lag", "label": "Låg", "tone": "good"}, {"code": "hog", "label": "Hög", "tone": "bad"}],
    "matrix": [{"likelihood": value, "levels": ["lag", "lag", "hog", "hog"]} for value in range(1, 5)],
}  # fmt: skip
HANDLINGS = ("none", "goal", "control_point", "critical_factor", "assignment", "immediate_action", "")


@dataclass
class Controls:
    """What is put into a world, and how to put more."""

    world: World
    scale: ScaleVersion = field(init=False)
    analysis: RiskAnalysis = field(init=False)
    plan: ControlPlan = field(init=False)

    def __post_init__(self) -> None:
        body = self.world.committee
        self.scale = self.make_scale()
        self.analysis = RiskAnalysis.objects.create(
            committee=body, year=2022, title="Analys", scale=self.scale
        )
        self.plan = ControlPlan.objects.create(
            committee=body, year=2022, title="Plan", analysis=self.analysis
        )

    def make_scale(self, **changed: Any) -> ScaleVersion:
        """A scale; what is changed from the ordinary 4 × 4."""
        held = {**SCALE, **changed}
        return ScaleVersion.objects.create(
            committee=self.world.committee, model=self.world.occasions["2022-08"].model, code=held["code"],
            label=held["label"], content=held, sha256=hashlib.sha256(json.dumps(held).encode()).hexdigest(),
            likelihood_lowest=1, likelihood_highest=5, impact_lowest=1, impact_highest=5,
        )  # fmt: skip

    def risk(
        self, number: int, likelihood: int | None = None, impact: int | None = None, **more: Any
    ) -> Risk:
        """A risk of the year's analysis."""
        values = {
            "analysis": self.analysis,
            "scale": self.scale,
            "code": f"R-{number:04d}",
            "number": str(number),
            "text": "Risk",
            "position": number,
        } | more
        return Risk.objects.create(
            committee=self.world.committee, likelihood=likelihood, impact=impact, **values
        )

    def point(self, number: str, **more: Any) -> ControlPoint:
        """A point of the plan."""
        return ControlPoint.objects.create(
            committee=self.world.committee,
            plan=self.plan,
            number=number,
            title="Punkt",
            position=int(number),
            **more,
        )

    def control(self, point: ControlPoint, number: int = 1, **more: Any) -> Control:
        """A control of a point."""
        return Control.objects.create(
            committee=self.world.committee, point=point, number=number, what="Kontroll", responsible="Chef",
            owner_role="sas", **more,
        )  # fmt: skip

    def round(self, control: Control, occasion: str | None = "2022-08", **more: Any) -> ControlRound:
        """A time the control was made, for an occasion."""
        done = more.pop("done", None)
        number = control.rounds.count() + 1
        return ControlRound.objects.create(
            committee=self.world.committee, control=control, number=number, due_on=more.pop("due", date(2022, 8, 31)),
            occasion=self.world.occasions[occasion] if occasion else None, done_at=moment(done) if done else None,
            state="done" if done else "open", **more,
        )  # fmt: skip

    def sample(
        self, of: ControlRound, frame: int, size: int, deviating: int | None = None, name: str = ""
    ) -> ControlSample:
        """A sample of a frame; what deviates of its items, None when they are not checked."""
        refs = [f"{of.pk}-{name}-{place}" for place in range(frame)]
        held = SampleFrame.objects.create(
            round=of, name=name or f"Ram {of.frames.count()}", source="fil", refs=refs,
            sha256=hashlib.sha256("".join(refs).encode()).hexdigest(),
        )  # fmt: skip
        made = ControlSample.objects.create(frame=held, seed="frö", size=size, rule={})
        checked = moment(date(2022, 6, 1)) if deviating is not None else None
        for place in range(size):
            SampleItem.objects.create(
                sample=made, position=place + 1, reference=refs[place], checked_at=checked,
                deviates=place < deviating if deviating is not None else None,
            )  # fmt: skip
        return made

    def review(
        self, point: ControlPoint, outcome: str, occasion: str = "2022-08", **more: Any
    ) -> PointReview:
        """What was said of a point at an occasion."""
        moved = {"moved_to": date(2023, 3, 1)} if outcome == "moved" else {}
        return PointReview.objects.create(
            committee=self.world.committee, point=point, occasion=self.world.occasions[occasion], outcome=outcome,
            **moved, **more,
        )  # fmt: skip

    def action(self, after: Any, added: date, due: date | None = None, done: date | None = None) -> Action:
        """A measure after a control."""
        made = Action(
            committee=self.world.committee, role="sas", finding="Brist", what="Gör något", due_on=due,
            done_at=moment(done) if done else None,
        )  # fmt: skip
        made.subject = after
        made.save()
        Action.objects.filter(pk=made.pk).update(created_at=moment(added))
        return made

    def factor_measure(
        self, code: str, perspective: str = "ekonomi", outcome: str | None = None, mean: str | None = None,
        target: str | None = None, operator: str = ">=", text: str = "", **more: Any,
    ) -> FactorMeasure:  # fmt: skip
        """A measure of a critical factor with last year's outcome, the country's mean then, and this year's target."""
        measure = Measure.objects.create(
            committee=self.world.committee,
            code=code,
            title=f"Mått {code}",
            unit="antal",
            decimals=0,
            position=50,
        )
        for comparison, value in (("kommun", outcome), ("riket", mean)):
            if value is not None:
                MeasureValue.objects.create(
                    measure=measure, period_start=date(2021, 1, 1), period_end=date(2022, 1, 1), value=value,
                    comparison=comparison, source="test", status="final",
                )  # fmt: skip
        if target is not None or text:
            Target.objects.create(measure=measure, year=2022, operator=operator, value=target, text=text)
        factor, _ = CriticalFactor.objects.get_or_create(
            committee=self.world.committee, year=2022, title=f"Faktor {perspective}", perspective=perspective
        )
        return FactorMeasure.objects.create(
            factor=factor, measure=measure, number=factor.measures.count() + 1, **more
        )

    def recommendation(
        self, origin: Audit | Inspection, number: int, state: str = "open", **more: Any
    ) -> Recommendation:
        """A recommendation of an audit or an authority."""
        values: dict[str, Any] = {"audit" if isinstance(origin, Audit) else "inspection": origin}
        if state in ("accepted", "done"):
            values |= {"answer": "Vi gör så", "responsible": "Chef", "due_on": date(2022, 6, 1)}
        if state == "declined":
            values |= {"answer": "Vi gör inte så"}
        if state == "done":
            values |= {"done_on": date(2022, 5, 1), "effect": "Bättre"}
        return Recommendation.objects.create(
            committee=self.world.committee, number=number, text="Gör så", state=state, **(values | more)
        )


def generated_control(world: World, random: Random) -> None:
    """Everything of risk and control, with holes in it."""
    made = Controls(world)
    with_levels = made.make_scale(**LEVELS)
    before = made.risk(90, 2, 2, analysis=RiskAnalysis.objects.create(
        committee=world.committee, year=2021, title="Före", scale=with_levels), scale=with_levels)  # fmt: skip
    for number in range(1, 15):
        score = (
            (random.randint(1, 4), random.randint(1, 4))
            if number == 1 or random.random() < 0.9
            else (None, None)
        )
        made.risk(
            number, *score, handling=random.choice(HANDLINGS), in_plan=random.choice((None, True, False)),
            obligatory=random.random() < 0.2, scale=random.choice((made.scale, with_levels)),
            previous_value=random.choice((None, 0, 2, 6, 12)) if number > 1 else 6,
            previous=before if number == 2 else None,
            category=random.choice(("", "Ekonomi", "Personal")), handling_reason=random.choice(("", "Så är det")),
        )  # fmt: skip
    made.risk(15, 1, 3, handling="critical_factor")
    made.risk(16, state="retired", retired_reason="Borta", previous_value=12)
    _generated_plan(made, random)
    for place, code in enumerate(("r1", "r2", "p1", "p2", "c1", "x1", "x2")):
        made.factor_measure(
            code, random.choice(("ekonomi", "malgrupp", "annat")),
            outcome=str(random.randint(0, 8)) if place == 0 or random.random() < 0.8 else None,
            mean=str(random.randint(0, 80) / 10) if random.random() < 0.7 else None,
            target=str(random.randint(-4, 8)) if random.random() < 0.7 else None,
            operator=random.choice((">", ">=", "=", "<=", "<")),
            text="över riket" if code == "x2" else "", times_a_year=random.choice((None, 1, 2)) if place else 1,
        )  # fmt: skip
    audit = Audit.objects.create(
        committee=world.committee, year=2022, title="Grund", auditor="Revisorer", judgement="partly"
    )
    older = Audit.objects.create(committee=world.committee, year=2020, title="Äldre", auditor="Revisorer")
    seen = Inspection.objects.create(committee=world.committee, title="Tillsyn", decided_on=date(2022, 3, 1))
    Inspection.objects.create(
        committee=world.committee, title="Besök", authority="work", held_on=date(2022, 4, 1), state="answer",
        answer_by=date(2022, 6, 1),
    )  # fmt: skip
    for number, state in enumerate(("open", "accepted", "done", "declined", "accepted")):
        made.recommendation(random.choice((audit, older, seen)) if number else audit, number + 1, state)


def _generated_plan(made: Controls, random: Random) -> None:
    risks = list(Risk.objects.filter(analysis=made.analysis))
    for number in range(1, 6):
        point = made.point(str(number), risk=random.choice((None, *risks)))
        outcome = random.choice(("without", "with", "moved", "")) if number > 1 else "with"
        if outcome:
            assumed = random.random() < 0.5
            made.review(point, outcome, assumed=assumed, assumed_reason="Källan tiger" if assumed else "")
        control = made.control(point)
        for _ in range(random.randint(0, 3) if number > 1 else 1):
            done = date(2022, random.randint(1, 12), 15) if random.random() < 0.8 else None
            told = random.choice(("2022-08", "2022-05", None)) if number > 1 else "2022-08"
            held = made.round(control, told, done=done, due=date(2022, random.randint(1, 12), 20))
            if number == 1 or random.random() < 0.5:
                size = random.randint(1, 4)
                made.sample(
                    held, 9, size, random.randint(0, size) if number == 1 or random.random() < 0.7 else None
                )
            elif done:
                ControlRound.objects.filter(pk=held.pk).update(
                    checked=5, deviating=random.choice((None, 0, 2))
                )
            made.action(held, date(2022, 3, 1), date(2022, random.randint(4, 12), 1),
                        date(2022, random.randint(4, 12), 2) if random.random() < 0.5 else None)  # fmt: skip
        made.action(point, date(2022, 2, 1) + timedelta(days=number))
