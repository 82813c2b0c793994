"""Cases and their documents, meetings and their agendas, the session, minutes, and the balance list (7-meetings)."""

from roder.meetings.models.cases import Case, CaseDependency, CasePreparation, CaseSeries, CaseStep
from roder.meetings.models.documents import Document, DocumentVersion
from roder.meetings.models.meetings import AgendaItem, BodyMember, ItemNote, ItemPaper, Meeting, Pack
from roder.meetings.models.minutes import Attestation, DecisionPoint, Dispatch, MinuteItem, Minutes
from roder.meetings.models.session import (
    Ballot,
    Conflict,
    DelegatedReport,
    Election,
    Presence,
    Proposal,
    Reservation,
    Vote,
)
from roder.meetings.models.watches import Rhythm, Watch, WatchReport

__all__ = [
    "AgendaItem",
    "Attestation",
    "Ballot",
    "BodyMember",
    "Case",
    "CaseDependency",
    "CasePreparation",
    "CaseSeries",
    "CaseStep",
    "Conflict",
    "DecisionPoint",
    "DelegatedReport",
    "Dispatch",
    "Document",
    "DocumentVersion",
    "Election",
    "ItemNote",
    "ItemPaper",
    "Meeting",
    "MinuteItem",
    "Minutes",
    "Pack",
    "Presence",
    "Proposal",
    "Reservation",
    "Rhythm",
    "Vote",
    "Watch",
    "WatchReport",
]
