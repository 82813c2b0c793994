"""Which page of help belongs where: to a role, and to each page of Roder. Declared here once.

The keys of ``PLACES`` are names of addresses, or the beginning of them: the longest that fits is taken, so a room has
one line, and a part of it that has a page of its own has another. A test walks every address and every target.
"""

from __future__ import annotations

from functools import cache

from roder.organisation.models import Role
from roder.web.addresses import address

#: The page that tells a role what to do day by day, in the order of the contents.
ROLE_PAGES = {
    Role.MEMBER: "ledamot-och-presidium",
    Role.CHAIR: "ledamot-och-presidium",
    Role.HEAD_ADMINISTRATION: "forvaltningschef",
    Role.HEAD_DEPARTMENT: "avdelningschef",
    Role.UNIT_MANAGER: "enhetschef",
    Role.CARE_STAFF: "omsorgspersonal",
    Role.LICENSED: "legitimerad-personal",
    Role.SAS: "sas",
    Role.MAS: "mas-och-mar",
    Role.CONTROLLER: "controller",
    Role.QUALITY_STRATEGIST: "kvalitetsstrateg",
    Role.CASEWORK_MANAGER: "chef-for-handlaggare",
    Role.SECRETARY: "namndsekreterare",
    Role.CENTRAL_OFFICE: "kommunledningskontoret",
    Role.AUDITOR: "revisor",
    Role.PROVIDER: "extern-utforare",
    Role.ADMINISTRATOR: "systemforvaltare",
}

PLACES = {
    "web:start": "",
    "web:home": "",
    "web:search": "hitta-ratt#sök",
    "setup:": "kom-igang",
    "first:": "kom-igang#första-gången-på-webben",
    "account_": "logga-in",
    "mfa_": "logga-in#tvåstegsinloggning",
    "access:": "systemforvaltare",
    "access:matrix": "systemforvaltare#vem-får-göra-vad",
    "access:trail": "systemforvaltare#spår",
    "files:": "filer",
    "tasks:": "uppgifter",
    "api:": "api",
    "organisation:": "systemforvaltare#organisation",
    "organisation:personer": "systemforvaltare#person-och-mandat",
    "organisation:mandat": "systemforvaltare#person-och-mandat",
    "steering:": "mal-och-nyckeltal",
    "steering:assignment": "mal-och-nyckeltal#uppdrag",
    "steering:occasions": "uppfoljningsomgang",
    "steering:model": "styrmodell",
    "steering:edit": "styrmodell",
    "steering:parts": "styrmodell#ändra-på-webben",
    "steering:part": "styrmodell#ändra-på-webben",
    "steering:compare": "styrmodell#ändra-under-året",
    "steering:assess": "mal-och-nyckeltal#bedöma",
    "measures:": "mal-och-nyckeltal#nyckeltal",
    "economy:": "ekonomi",
    "economy:budget": "ekonomi#budget",
    "economy:investments": "ekonomi#investeringar",
    "economy:volumes": "ekonomi#volymer",
    "economy:staff": "ekonomi#personal",
    "economy:forecast": "prognos",
    "economy:unit_forecast": "prognos#enhetens-prognos",
    "economy:recovery": "prognos#handlingsprogram",
    "economy:good_economy": "prognos#god-ekonomisk-hushållning",
    "economy:ledger": "bokforing-sie",
    "economy:prepaid": "resurser#förutbetalda-intäkter",
    "economy:forutbetalda": "resurser#förutbetalda-intäkter",
    "economy:state_grants": "resurser#statsbidrag",
    "economy:allocation": "resurser#resursfördelning",
    "economy:apriser": "resurser#resursfördelning",
    "economy:volymplan": "resurser#resursfördelning",
    "economy:volume_forecast": "resurser#volymprognos",
    "economy:fund": "resurser#resultatfond",
    "economy:fondbeslut": "resurser#resultatfond",
    "economy:personalrorelser": "resurser#personal",
    "quality:": "avvikelser",
    "quality:report": "avvikelser#omsorgspersonal-rapportera",
    "quality:mine": "avvikelser#omsorgspersonal-rapportera",
    "quality:lex_": "lex-sarah-och-lex-maria",
    "quality:lex_maria": "lex-sarah-och-lex-maria#lex-maria-mas",
    "quality:lex-": "lex-sarah-och-lex-maria",
    "quality:lex-maria": "lex-sarah-och-lex-maria#lex-maria-mas",
    "quality:complaint": "klagomal-och-synpunkter",
    "quality:klagomal": "klagomal-och-synpunkter",
    "quality:provider": "extern-utforare",
    "quality:plan": "frageformular#egenkontroll",
    "quality:check-stop": "frageformular#egenkontroll",
    "quality:round": "frageformular#egenkontroll",
    "quality:egenkontroller": "frageformular#egenkontroll",
    "quality:statistics": "statistik",
    "casework:": "inlasning#handläggning-handlaggningcsv",
    "meetings:": "arenden",
    "meetings:letter": "tjansteskrivelse",
    "meetings:meeting": "kallelse",
    "meetings:plan": "kallelse",
    "meetings:agenda": "kallelse",
    "meetings:summons": "kallelse",
    "meetings:pack": "kallelse",
    "meetings:item": "kallelse",
    "meetings:note": "kallelse",
    "meetings:member": "kallelse",
    "meetings:ledamoter": "kallelse",
    "meetings:session": "sammantrade",
    "meetings:vote": "sammantrade",
    "meetings:minutes": "protokoll",
    "meetings:notice_file": "protokoll",
    "meetings:paragraph": "protokoll",
    "meetings:extract": "protokoll",
    "meetings:dispatch": "protokoll",
    "meetings:to_send": "protokoll",
    "meetings:watch": "balanslista",
    "meetings:bevakningar": "balanslista",
    "meetings:beslut": "folja-beslut",
    "meetings:trail": "folja-beslut",
    "registers:": "register",
    "registers:state": "resurser#statsbidrag",
    "registers:statsbidrag": "resurser#statsbidrag",
    "control:": "internkontrollplan",
    "control:risk": "riskanalys",
    "control:workshop": "riskworkshop",
    "control:self_assessment": "internkontrollplan",
    "control:board": "internkontrollplan#alla-nämnder",
    "control:follow_up": "uppfoljning-internkontroll",
    "control:conclude": "uppfoljning-internkontroll",
    "control:review": "uppfoljning-internkontroll",
    "control:round": "stickprov",
    "control:frame": "stickprov",
    "control:sample": "stickprov",
    "control:item": "stickprov",
    "control:factor": "kritiska-faktorer",
    "control:audit": "granskningar",
    "control:recommendation": "granskningar#rekommendationer",
    "control:evidence": "granskningar",
    "control:inspection": "granskningar#tillsyn-av-oss",
    "control:incident": "granskningar#incidenter",
    "followup:": "uppfoljningsomgang",
    "followup:wheel": "arshjul",
    "followup:plan": "handlingsplan",
    "followup:activity": "handlingsplan",
    "followup:aktiviteter": "handlingsplan",
    "kolada:": "kolada",
    "questionnaires:": "frageformular",
    "figures:": "siffror",
    "reports:": "rapporter",
    "imports:": "inlasning",
    "help:": "",
}


def role_pages() -> dict[str, str]:
    """The page of each role, by the role's code."""
    return {role.value: slug for role, slug in ROLE_PAGES.items()}


@cache
def target(name: str) -> str | None:
    """The page of help, with its place, for the name of an address (``quality:deviation``); None when it has none."""
    fitting = [key for key in PLACES if name.startswith(key)]
    return PLACES[max(fitting, key=len)] if fitting else None


@cache
def help_address(name: str) -> str:
    """Where the link *Hjälp* leads from a page: its own page of help, or the contents."""
    slug, mark, place = (target(name) or "").partition("#")
    return f"{address('help:page', slug)}{mark}{place}" if slug else address("help:contents")
