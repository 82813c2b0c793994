"""What the reports of risk and control need to know that is not a number. Plain data, no database.

`roder.reports.gather_control` reads it from the room of control; numbers come from figures, and are found by the codes
that stand here: a risk's, a control's ``moment`` (7.2) and a sample's ``prov`` (1-2).
"""

from __future__ import annotations

from dataclasses import dataclass, field

from roder.control.rules.scales import Scale
from roder.reports.document import Status


@dataclass(frozen=True)
class RiskFact:
    """A risk of the year's analysis. ``departs``: why its handling is not what the rule proposes; ``reason`` the
    committee's own. ``led_to``: what came of it."""

    code: str
    number: str
    text: str
    area: str = ""
    process: str = ""
    retired: bool = False
    retired_reason: str = ""
    likelihood: int | None = None
    impact: int | None = None
    moved: str = ""
    arrow: str = ""
    handling: str = ""
    handling_label: str = ""
    departs: str = ""
    reason: str = ""
    in_plan: bool | None = None
    plan_reason: str = ""
    obligatory: bool = False
    common: bool = False
    responsible: str = ""
    led_to: tuple[str, ...] = ()
    own_scale: bool = True

    @property
    def name(self) -> str:
        """How it is referred to: its printed number, else its code."""
        return self.number or self.code


@dataclass(frozen=True)
class AnalysisFact:
    """The year's risk analysis with the scale it was made by."""

    title: str
    scale: Scale
    introduction: str = ""
    decided: str = ""
    risks: tuple[RiskFact, ...] = ()

    def risk(self, code: str) -> RiskFact | None:
        """The risk with this code."""
        return next((one for one in self.risks if one.code == code), None)


@dataclass(frozen=True)
class ActionFact:
    """A measure: what, who, by when, and how it stands."""

    what: str
    status: Status
    owner: str = ""
    due: str = ""
    effect: str = ""


@dataclass(frozen=True)
class SampleFact:
    """A sample by its key in figures (``prov``): what it was drawn from, and when."""

    prov: str
    name: str
    drawn: str = ""


@dataclass(frozen=True)
class ControlFact:
    """A control as the plan and the follow-up print it. ``result``: what its latest time showed; ``out``: why it is no
    longer made in the plan."""

    moment: str
    what: str
    method: str = ""
    scope: str = ""
    frequency: str = ""
    frame: str = ""
    responsible: str = ""
    told: str = ""
    result: str = ""
    action: str = ""
    moved: str = ""
    out: str = ""
    samples: tuple[SampleFact, ...] = ()


@dataclass(frozen=True)
class PointFact:
    """A control point with its controls, and what was last said of it up to the occasion."""

    number: str
    title: str
    area: str = ""
    process: str = ""
    risk: str = ""
    obligatory: bool = False
    by_committee: bool = False
    controls: tuple[ControlFact, ...] = ()
    outcome: str = ""
    assessment: Status | None = None
    assumed: str = ""
    result: str = ""
    action: str = ""
    moved_to: str = ""
    when: str = ""
    actions: tuple[ActionFact, ...] = ()

    @property
    def name(self) -> str:
        """The point as it is headed."""
        return f"{self.number.rstrip('.')}. {self.title}"


@dataclass(frozen=True)
class ImmediateFact:
    """A risk that is handled at once, with its measures."""

    risk: str
    text: str
    actions: tuple[ActionFact, ...] = ()


@dataclass(frozen=True)
class ConclusionFact:
    """The committee's conclusion about its internal control at the occasion."""

    label: str
    reasons: str
    status: Status
    on: str = ""
    decision: str = ""


@dataclass(frozen=True)
class PlanFact:
    """The year's plan of internal control. ``adopted`` is when and by which decision; empty for a draft. ``told``:
    something was said of it at the very occasion. ``said``: how points without remarks and with are called, where the
    steering model has its own words."""

    title: str
    introduction: str = ""
    adopted: str = ""
    points: tuple[PointFact, ...] = ()
    conclusion: ConclusionFact | None = None
    immediate: tuple[ImmediateFact, ...] = ()
    told: bool = False
    said: tuple[str, ...] = ()


@dataclass(frozen=True)
class FactorRowFact:
    """A measure of a critical factor: its code in figures, the year of the latest outcome, the target as printed."""

    measure: str
    title: str
    number: int
    outcome_year: int | None
    target: str
    reported_in: tuple[str, ...]
    grade: Status
    why: str = ""
    trend: str = ""
    footnote: str = ""


@dataclass(frozen=True)
class FactorFact:
    """A critical factor with its measures and what was said of it at the occasion."""

    title: str
    rows: tuple[FactorRowFact, ...]
    analysis: str = ""
    action: str = ""
    risk: str = ""


@dataclass(frozen=True)
class PerspectiveFact:
    """The factors of a perspective, and where the steering model says that it is told."""

    code: str
    label: str
    factors: tuple[FactorFact, ...]
    reported_in: tuple[str, ...] = ()


@dataclass(frozen=True)
class AnswerFact:
    """A question of the auditors' form with the committee's answer; ``proofs`` as ``Bilaga 3, s. 12``."""

    code: str
    question: str
    answer: Status | None
    said: str = ""
    description: str = ""
    proofs: tuple[str, ...] = ()


@dataclass(frozen=True)
class RecommendationFact:
    """A recommendation with the committee's answer: what is done, when and by whom."""

    number: int
    text: str
    status: Status
    answer: str = ""
    due: str = ""
    responsible: str = ""
    effect: str = ""


@dataclass(frozen=True)
class AuditFact:
    """An audit of the year, or an older one with recommendations that were not settled."""

    title: str
    year: int
    auditor: str
    question: str = ""
    number: str = ""
    received: str = ""
    answered: str = ""
    judgement: str = ""
    judgement_text: str = ""
    form: tuple[tuple[str, tuple[AnswerFact, ...]], ...] = ()
    attachments: tuple[tuple[int, str, tuple[str, ...]], ...] = ()
    recommendations: tuple[RecommendationFact, ...] = ()


@dataclass(frozen=True)
class ControlFacts:
    """Everything of risk and control that is not a number."""

    analysis: AnalysisFact | None = None
    plan: PlanFact | None = None
    perspectives: tuple[PerspectiveFact, ...] = ()
    audits: tuple[AuditFact, ...] = field(default=())
