"""What the closed codes of the steering model mean, in Swedish: for the reference and for a model with comments.

The rest of the model needs no such table: a key's meaning stands at its field (``description``).
"""

from __future__ import annotations

from enum import StrEnum

from roder.core.numbers import Unit
from roder.steering.modelfile import codes

MEANINGS: dict[type[StrEnum], dict[str, str]] = {
    codes.Role: {
        "member": "ledamot eller ersättare",
        "chair": "ordförande",
        "head_administration": "förvaltningschef",
        "head_department": "avdelningschef",
        "unit_manager": "enhetschef",
        "care_staff": "omsorgspersonal",
        "sas": "socialt ansvarig samordnare",
        "mas": "medicinskt ansvarig sjuksköterska eller medicinskt ansvarig för rehabilitering",
        "licensed": "legitimerad personal",
        "controller": "controller eller ekonom",
        "quality_strategist": "kvalitetsstrateg eller utvecklingsledare",
        "casework_manager": "chef för handläggare",
        "secretary": "nämndsekreterare eller registrator",
        "auditor": "revisor",
        "provider": "extern utförare",
        "central_office": "kommunledningskontoret",
    },
    codes.BodyKind: {
        "council": "kommunfullmäktige",
        "executive_board": "kommunstyrelsen",
        "committee": "nämnd",
        "subcommittee": "utskott",
        "central_office": "kommunledningskontor",
        "auditors": "revisorer",
    },
    codes.UnitKind: {"administration": "förvaltning", "department": "avdelning", "unit": "enhet"},
    codes.OccasionKind: {
        "monthly": "månadsuppföljning",
        "in_depth": "fördjupad uppföljning, till exempel tertial",
        "interim": "delårsbokslut",
        "annual": "årsbokslut",
        "plan": "verksamhetsplan och budget",
        "half_year": "halvåret för avvikelser, klagomål och kvalitetsregister",
        "quarter": "kvartal för kvalitet",
        "quality_year": "kvalitetsberättelse och patientsäkerhetsberättelse",
        "meeting": "lex Sarah till ett sammanträde",
    },
    codes.Content: {
        "summary": "sammanfattning",
        "goals": "mål och nyckeltal",
        "work_environment": "arbetsmiljö",
        "assignments": "uppdrag",
        "activities": "aktiviteter",
        "critical_factors": "kritiska verksamhetsfaktorer",
        "risk_analysis": "riskanalys",
        "controls": "intern kontroll",
        "immediate_actions": "direkta åtgärder ur riskanalysen",
        "operations": "drift och prognos",
        "investments": "investeringar",
        "prepaid_income": "förutbetalda intäkter",
        "forecast_reliability": "prognossäkerhet",
        "volumes": "volymer",
        "staff": "personal",
        "private_providers": "privata utförare",
    },
    codes.PhaseStep: {
        "data_available": "siffrorna finns",
        "report": "enheter och chefer kommenterar och lämnar",
        "summarise": "någon sammanfattar",
        "submit": "förvaltningen lämnar in",
        "dialogue": "dialog med styrelsen eller nämnden",
        "union_consultation": "samverkan med de fackliga organisationerna",
        "decide": "organet beslutar",
        "receive": "organet tar emot",
    },
    codes.Subject: {
        "goal": "mål",
        "assignment": "uppdrag",
        "control": "kontroll i den interna kontrollen",
        "critical_factor": "kritisk verksamhetsfaktor",
        "measure": "nyckeltal",
        "action": "åtgärd",
        "activity": "aktivitet i en handlingsplan",
    },
    codes.ScaleLevel: {"committee": "nämndens egen uppföljning", "unit": "enheternas uppföljning"},
    codes.Tone: {
        "good": "bra",
        "near": "nära, bör ses över",
        "bad": "dåligt",
        "none": "går inte att säga",
    },
    codes.TrendDirection: {"up": "uppåt", "same": "oförändrat", "down": "nedåt", "unknown": "okänt"},
    codes.LevelKind: {
        "vision": "vision",
        "focus_area": "fokusområde",
        "council_goal": "fullmäktiges mål",
        "indicator": "indikator",
        "committee_goal": "nämndens mål",
        "measure": "nyckeltal",
        "operational_goal": "verksamhetsmål",
        "activity": "enhetens aktivitet",
        "agreement": "överenskommelse",
    },
    codes.Requirement: {"always": "alltid", "where_relevant": "där det är relevant"},
    codes.RiskUse: {
        "risk_analysis": "riskanalysen",
        "internal_control": "intern kontroll",
        "work_environment": "arbetsmiljö",
        "deviations": "avvikelser",
    },
    codes.Handling: {
        "none": "ingenting, risken accepteras",
        "goal": "ett mål",
        "control_point": "en kontrollpunkt i internkontrollplanen",
        "critical_factor": "en kritisk verksamhetsfaktor",
        "assignment": "ett uppdrag",
        "immediate_action": "en direkt åtgärd",
    },
    codes.Rounding: {
        "down": "nedåt (10 % av 429 blir 42)",
        "nearest": "till närmaste (10 % av 429 blir 43)",
        "up": "uppåt (10 % av 421 blir 43)",
    },
    codes.RowKind: {"group": "rad med egna belopp", "sum": "summa som räknas"},
    codes.Sign: {
        "cost": "kostnad, negativ",
        "revenue": "intäkt, positiv",
        "result": "resultat, kan vara båda",
    },
    codes.PrintUnit: {"kr": "kronor", "tkr": "tusen kronor", "mkr": "miljoner kronor"},
    codes.VolumeUnit: {"persons": "personer", "places": "platser", "hours": "timmar"},
    codes.Better: {"higher": "högre är bättre", "lower": "lägre är bättre"},
    codes.Boundary: {"lower": "det lägre bandet", "upper": "det högre bandet"},
    codes.Operator: {
        ">": "mer än",
        ">=": "minst",
        "=": "lika med",
        "<=": "högst",
        "<": "mindre än",
    },
    codes.FulfilmentRule: {
        "majority": "när de flesta av målen nås",
        "all": "när alla mål nås",
        "at_least": "när minst så många mål nås som `at_least` säger",
    },
    codes.TimeUnit: {
        "hours": "timmar",
        "days": "dagar",
        "working_days": "arbetsdagar",
        "weeks": "veckor",
        "months": "månader",
        "years": "år",
    },
    codes.CalendarKind: {
        "planning": "planering",
        "follow_up": "uppföljning",
        "control": "intern kontroll",
        "statutory": "lagstadgat datum",
    },
    Unit: {
        "kr": "kronor",
        "tkr": "tusen kronor",
        "mkr": "miljoner kronor",
        "%": "procent",
        "procentenheter": "skillnad mellan två procenttal",
        "antal": "antal",
        "timmar": "timmar",
        "dagar": "dagar",
        "per 1 000 inv": "antal per 1 000 invånare",
        "skala": "värde på en skala",
        "index": "index",
        "ja/nej": "ja eller nej",
    },
}


def meaning(kind: str, code: str) -> str:
    """What a code of a closed list means. ``kind`` is the list's name in the schema (``OccasionKind``)."""
    return next(words[code] for of, words in MEANINGS.items() if of.__name__ == kind)
