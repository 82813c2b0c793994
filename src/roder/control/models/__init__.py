"""What is kept of risk and internal control: see the modules."""

from roder.control.models.audits import Audit as Audit
from roder.control.models.audits import AuditQuestion as AuditQuestion
from roder.control.models.audits import Evidence as Evidence
from roder.control.models.audits import Incident as Incident
from roder.control.models.audits import Inspection as Inspection
from roder.control.models.audits import Recommendation as Recommendation
from roder.control.models.factors import CriticalFactor as CriticalFactor
from roder.control.models.factors import FactorMeasure as FactorMeasure
from roder.control.models.factors import FactorReview as FactorReview
from roder.control.models.follow_up import PlanReview as PlanReview
from roder.control.models.follow_up import PointReview as PointReview
from roder.control.models.plans import Control as Control
from roder.control.models.plans import ControlPlan as ControlPlan
from roder.control.models.plans import ControlPoint as ControlPoint
from roder.control.models.plans import ControlRound as ControlRound
from roder.control.models.risks import Risk as Risk
from roder.control.models.risks import RiskAnalysis as RiskAnalysis
from roder.control.models.risks import ScaleVersion as ScaleVersion
from roder.control.models.risks import Workshop as Workshop
from roder.control.models.risks import WorkshopDecision as WorkshopDecision
from roder.control.models.risks import WorkshopScore as WorkshopScore
from roder.control.models.samples import ControlSample as ControlSample
from roder.control.models.samples import SampleFrame as SampleFrame
from roder.control.models.samples import SampleItem as SampleItem
