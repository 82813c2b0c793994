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

    format: Literal[1] = Field(title="filformat", description="Filformatets nummer. Alltid 1.")
    year: Year = Field(title="år", description="Året som modellen gäller. En fil per nämnd och år.")
    title: Text | None = Field(
        None,
        title="rubrik",
        description="Vad modellen kallas där den visas. Utelämnas den visas nämnd och år.",
    )
    municipality: MunicipalityName = Field(title="kommun", description="Kommunen som nämnden hör till.")
    committee: CommitteeName = Field(title="nämnd", description="Nämnden som modellen gäller.")
    bodies: tuple[BodyName, ...] = Field(
        title="organ",
        description="De organ som beslutar, bereder eller tar emot: fullmäktige, styrelsen, nämnden, utskott, "
        "revisorerna. Tillfällen och nivåer hänvisar till deras koder.",
        min_length=1,
    )
    words: Words = Field(
        Words(), title="ord", description="Era egna ord för organisationens nivåer och för rollerna."
    )
    planning: Planning | None = Field(
        None, title="planperiod", description="Hur många år budgeten och investeringsplanen sträcker sig."
    )
    goals: Goals | None = Field(
        None, title="mål", description="Målkedjans nivåer uppifrån och ned, och reglerna för målen."
    )
    status_scales: tuple[StatusScale, ...] = Field(
        (),
        title="statusskalor",
        description="Skalorna som mål, uppdrag, kontroller med mera bedöms på. Två skalor får inte gälla samma "
        "sak vid samma slag av tillfälle.",
    )
    trends: tuple[Trend, ...] = Field(
        (), title="trender", description="Era ord för åt vilket håll ett nyckeltal rör sig."
    )
    critical_factors: CriticalFactors | None = Field(
        None,
        title="kritiska verksamhetsfaktorer",
        description="Kritiska verksamhetsfaktorer: perspektiven, vem som beslutar och hur ofta de följs upp.",
    )
    risk_scales: tuple[RiskScale, ...] = Field(
        (),
        title="riskskalor",
        description="Skalorna för sannolikhet och konsekvens, med regeln som föreslår vad en risk leder till.",
    )
    control: Control | None = Field(
        None, title="intern kontroll", description="Regler för den interna kontrollens stickprov."
    )
    occasions: tuple[Occasion, ...] = Field(
        title="tillfällen",
        description="Årets uppföljningstillfällen. Varje tillfälle har ett brytdatum och blir en rapport.",
        min_length=1,
    )
    calendar: tuple[CalendarDate, ...] = Field(
        (),
        title="årshjul",
        description="Annat på årshjulet än tillfällena: planering, kontroller, lagstadgade datum.",
    )
    accounts: Accounts = Field(
        title="kontorader", description="Drifttabellens rader i den ordning de trycks."
    )
    services: Services | None = Field(
        None,
        title="verksamheter",
        description="Verksamheter som ekonomin delas upp på, i den ordning de trycks.",
    )
    investments: Investments | None = Field(
        None, title="investeringar", description="Investeringarnas kategorier och nämndens egna projekt."
    )
    supports: Supports | None = Field(None, title="insatser", description="Insatserna vars volymer följs.")
    staff: Staff | None = Field(
        None,
        title="personal",
        description="Personalens mått, och koder för varför någon anställs eller slutar.",
    )
    good_economy: GoodEconomy | None = Field(
        None,
        title="god ekonomisk hushållning",
        description="Mål för god ekonomisk hushållning (kommunallagen 11 kap.), i grupper.",
    )
    grading_rules: tuple[GradingRule, ...] = Field(
        (),
        title="bedömningsregler",
        description="Regler för hur ett nyckeltals utfall ger en föreslagen bedömning.",
    )
    service_areas: tuple[ServiceArea, ...] = Field(
        (),
        title="verksamhetsområden",
        description="Verksamhetsområden som skär genom enheterna, till exempel äldreomsorg eller hälso- och sjukvård.",
    )
    deviations: Deviations | None = Field(
        None,
        title="avvikelser",
        description="Avvikelsernas typer, allvarlighetsgrader och riktningar, och målen för hur de tas om hand.",
    )
    complaints: Complaints | None = Field(
        None,
        title="klagomål och synpunkter",
        description="Klagomål och synpunkter: slag, ämnen, från vem, och tiderna för bekräftelse och svar.",
    )
    delegation: Delegation | None = Field(
        None, title="delegation", description="Delegationsordningens kapitel."
    )
    deadlines: tuple[Deadline, ...] = Field(
        (),
        title="frister",
        description="Frister. De koder som programmet använder står i handboken; andra visas bara.",
    )
    laws: tuple[Law, ...] = Field(
        (), title="lagar", description="Lagar och föreskrifter med tiden de gäller."
    )
    legal_references: tuple[LegalReference, ...] = Field(
        (), title="lagrum", description="Regler vid namn och var de står, i den äldre lagen och i den nyare."
    )
