"""Deviations, lex Sarah, lex Maria, complaints, providers' reports and self-checks (4-quality)."""

from roder.quality.models.complaints import Complaint, ComplaintMatter, FormSalt, FormWindow
from roder.quality.models.deviations import CaseEvent, Classification, Deviation, DeviationMatter, Step
from roder.quality.models.lex import LexMariaCase, LexSarahCase, LexSarahDecision
from roder.quality.models.numbers import NumberSeries
from roder.quality.models.providers import ProviderCount, ProviderReport
from roder.quality.models.selfchecks import ProcessRisk, QualityPlan, SelfCheck, SelfCheckRound

__all__ = [
    "CaseEvent",
    "Classification",
    "Complaint",
    "ComplaintMatter",
    "Deviation",
    "DeviationMatter",
    "FormSalt",
    "FormWindow",
    "LexMariaCase",
    "LexSarahCase",
    "LexSarahDecision",
    "NumberSeries",
    "ProcessRisk",
    "ProviderCount",
    "ProviderReport",
    "QualityPlan",
    "SelfCheck",
    "SelfCheckRound",
    "Step",
]
