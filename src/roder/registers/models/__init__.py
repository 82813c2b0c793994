"""The small registers of a committee (7-meetings 7.7)."""

from roder.registers.models.grants import Association, GrantApplication, GrantCall, StateGrant
from roder.registers.models.others import (
    Agreement,
    DigitalNeed,
    ItSystem,
    RecordCheck,
    SupervisionPlan,
    SupervisionVisit,
)
from roder.registers.models.steering_documents import SteeringDocument

__all__ = [
    "Agreement",
    "Association",
    "DigitalNeed",
    "GrantApplication",
    "GrantCall",
    "ItSystem",
    "RecordCheck",
    "StateGrant",
    "SteeringDocument",
    "SupervisionPlan",
    "SupervisionVisit",
]
