"""The whole steering model of one committee and one year."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from roder.steering.modelfile.control import Control, RiskScale
from roder.steering.modelfile.economy import Accounts, GoodEconomy, Investments, Services, Supports
from roder.steering.modelfile.followup import (
    CalendarDate,
    CriticalFactors,
    Goals,
    Occasion,
    StatusScale,
    Trend,
)
from roder.steering.modelfile.grading import GradingRule
from roder.steering.modelfile.names import BodyName, CommitteeName, MunicipalityName, Planning, Words
from roder.steering.modelfile.parts import Part, Text, Year
from roder.steering.modelfile.practice import (
    Complaints,
    Deadline,
    Delegation,
    Deviations,
    Law,
    LegalReference,
    ServiceArea,
)
from roder.steering.modelfile.staff import Staff


class SteeringModel(Part):
    """Styrmodell: one committee, one year. What the municipality has not stated is absent."""

    format: Literal[1] = Field(title="filformat")
    year: Year = Field(title="år")
    title: Text | None = Field(None, title="rubrik")
    municipality: MunicipalityName = Field(title="kommun")
    committee: CommitteeName = Field(title="nämnd")
    bodies: tuple[BodyName, ...] = Field(title="organ", min_length=1)
    words: Words = Field(Words(), title="ord")
    planning: Planning | None = Field(None, title="planperiod")
    goals: Goals | None = Field(None, title="mål")
    status_scales: tuple[StatusScale, ...] = Field((), title="statusskalor")
    trends: tuple[Trend, ...] = Field((), title="trender")
    critical_factors: CriticalFactors | None = Field(None, title="kritiska verksamhetsfaktorer")
    risk_scales: tuple[RiskScale, ...] = Field((), title="riskskalor")
    control: Control | None = Field(None, title="intern kontroll")
    occasions: tuple[Occasion, ...] = Field(title="tillfällen", min_length=1)
    calendar: tuple[CalendarDate, ...] = Field((), title="årshjul")
    accounts: Accounts = Field(title="kontorader")
    services: Services | None = Field(None, title="verksamheter")
    investments: Investments | None = Field(None, title="investeringar")
    supports: Supports | None = Field(None, title="insatser")
    staff: Staff | None = Field(None, title="personal")
    good_economy: GoodEconomy | None = Field(None, title="god ekonomisk hushållning")
    grading_rules: tuple[GradingRule, ...] = Field((), title="bedömningsregler")
    service_areas: tuple[ServiceArea, ...] = Field((), title="verksamhetsområden")
    deviations: Deviations | None = Field(None, title="avvikelser")
    complaints: Complaints | None = Field(None, title="klagomål och synpunkter")
    delegation: Delegation | None = Field(None, title="delegation")
    deadlines: tuple[Deadline, ...] = Field((), title="frister")
    laws: tuple[Law, ...] = Field((), title="lagar")
    legal_references: tuple[LegalReference, ...] = Field((), title="lagrum")
