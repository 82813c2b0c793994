"""What a token may be used for. It narrows its owner's rights and never widens them. Pure data."""

from __future__ import annotations

from enum import StrEnum


class Scope(StrEnum):
    """A part of the API."""

    DEVIATIONS_READ = "deviations:read"
    DEVIATIONS_REPORT = "deviations:report"
    LEX_SARAH_READ = "lex_sarah:read"
    COMPLAINTS_READ = "complaints:read"
    COMPLAINTS_WRITE = "complaints:write"
    FIGURES_READ = "figures:read"
    MEASURES_READ = "measures:read"
    TASKS_READ = "tasks:read"
    CASES_READ = "cases:read"
    MEETINGS_READ = "meetings:read"
    WATCHES_READ = "watches:read"
    RISKS_READ = "risks:read"
    CONTROLS_READ = "controls:read"
    AUDITS_READ = "audits:read"


#: What each scope lets a token do, in Swedish.
WORDS = {
    Scope.DEVIATIONS_READ: "läsa avvikelser",
    Scope.DEVIATIONS_REPORT: "rapportera avvikelser",
    Scope.LEX_SARAH_READ: "läsa lex Sarah-ärenden, utan texter",
    Scope.COMPLAINTS_READ: "läsa klagomål och synpunkter",
    Scope.COMPLAINTS_WRITE: "registrera klagomål och synpunkter",
    Scope.FIGURES_READ: "läsa siffror och uttag",
    Scope.MEASURES_READ: "läsa nyckeltal",
    Scope.TASKS_READ: "läsa ägarens uppgifter",
    Scope.CASES_READ: "läsa ärenden och hämta handlingar",
    Scope.MEETINGS_READ: "läsa sammanträden och beslut",
    Scope.WATCHES_READ: "läsa balanslistan",
    Scope.RISKS_READ: "läsa risker och riskanalyser",
    Scope.CONTROLS_READ: "läsa internkontroll med resultat",
    Scope.AUDITS_READ: "läsa rekommendationer från revisorer och tillsyn",
}
