"""Half-year report: deviations, complaints and quality registers, five first half-years side by side.

Seventeen charts and two tables in the order of the document that the committee is used to, each with a place for
analysis. SOSFS 2011:9 5 kap. 6 §: what comes in is compiled and analysed, so that patterns and trends are seen.
"""

from __future__ import annotations

from typing import ClassVar

from roder.reports.base import Comments, Report, Section
from roder.reports.quality_parts import (
    TOTAL,
    Asked,
    Distribution,
    Said,
    TypeCharts,
    Under,
    YearsChart,
    written,
)
from roder.reports.quality_words import (
    COMPLAINTS,
    REGION,
    REGION_BY,
    bpsd,
    complainants,
    complaint_kinds,
    complaint_subjects,
    deviations_in_all,
    external_lex_sarah,
    lex_maria,
    lex_sarah,
    providers,
)
from roder.reports.register_parts import OtherRegisters, PlanChart, RegisterChart, any_register, has_measures
from roder.reports.serious_parts import SeriousTables, any_serious_types


class DeviationReport(Report):
    """What the committee gets twice a year. Riktlinje för hantering av händelser; SOSFS 2011:9 5 kap. 6 §."""

    slug = "avvikelser"
    title = "Avvikelser, klagomål och kvalitetsregister"
    kinds = frozenset({"half_year"})
    sections: ClassVar = (
        Section(
            "Sammanfattning",
            (
                Comments(
                    "sammanfattning",
                    ask="Vad är viktigast: vad har ökat, vad har minskat, och vad görs?",
                    about="document",
                ),
            ),
        ),
        Section(
            "Så arbetar vi med avvikelser",
            (
                Comments(
                    "arbetssatt",
                    ask="Hur rapporteras och utreds avvikelser, och vad har ändrats i arbetet?",
                    required=False,
                    about="document",
                ),
            ),
            when=lambda page: written(page, "arbetssatt"),
        ),
        Section(
            "Avvikelser i den egna verksamheten",
            (
                Said(deviations_in_all),
                YearsChart(
                    TOTAL,
                    (),
                    "Antalet avvikelser",
                    "Avvikelser totalt",
                    Asked(
                        "internt", "", "Varför har antalet avvikelser ändrats, och hur säkra är siffrorna?"
                    ),
                ),
                Under(
                    "Allvarliga händelser inom hälso- och sjukvård",
                    (SeriousTables("Vad hände, ledde det till vårdskada, och var klassificeringen rätt?"),),
                    when=any_serious_types,
                ),
                Under(
                    "Lex Maria",
                    (
                        Said(lex_maria),
                        Asked(
                            "lex", "maria", "Vad visade utredningarna, och vad har gjorts?", required=False
                        ),
                    ),
                ),
                Under(
                    "Lex Sarah",
                    (
                        Said(lex_sarah),
                        Asked(
                            "lex", "sarah", "Vad visade utredningarna, och vad har gjorts?", required=False
                        ),
                    ),
                ),
            ),
        ),
        Section(
            "Avvikelser per typ",
            (
                TypeCharts(
                    "typer",
                    "Vad beror händelserna på, var har de ändrats, och vad görs?",
                    fewer={"medicinteknik": 3},  # as in the document: the type is younger than the others
                ),
            ),
        ),
        Section(
            "Avvikelser i samverkan",
            (
                Under(
                    "Från kommunen till primärvård och sjukhus",
                    (
                        Distribution(
                            REGION_BY,
                            REGION,
                            ("till_region",),
                            "avvikelser till regionen",
                            "Avvikelser till regionen",
                            Asked(
                                "samverkan",
                                "till",
                                "Vad handlar avvikelserna till regionen om, och varför har antalet ändrats?",
                            ),
                            row="Mottagare",
                        ),
                    ),
                ),
                Under(
                    "Från primärvård och sjukhus till kommunen",
                    (
                        Distribution(
                            REGION_BY,
                            REGION,
                            ("fran_region",),
                            "avvikelser från regionen",
                            "Avvikelser från regionen",
                            Asked(
                                "samverkan",
                                "fran",
                                "Vad handlar avvikelserna från regionen om, och varför har antalet ändrats?",
                            ),
                            row="Avsändare",
                        ),
                    ),
                ),
            ),
        ),
        Section(
            "Klagomål och synpunkter",
            (
                YearsChart(
                    COMPLAINTS,
                    (),
                    "Antalet klagomål och synpunkter",
                    "Klagomål och synpunkter",
                    Asked(
                        "klagomal",
                        "",
                        "Varför har antalet ändrats, och vet brukare och anhöriga hur de lämnar synpunkter?",
                    ),
                ),
                Under(
                    "Vad de handlar om",
                    (
                        Said(complaint_kinds),
                        Said(complaint_subjects),
                        Asked(
                            "klagomal",
                            "amnen",
                            "Vad är gjort med det som flera har klagat på?",
                            required=False,
                        ),
                    ),
                ),
                Under(
                    "Vilka som lämnar dem",
                    (
                        Said(complainants),
                        Asked("klagomal", "lamnare", "Vilka hörs inte, och vad görs åt det?", required=False),
                    ),
                ),
            ),
        ),
        Section(
            "Externa utförare",
            (
                Said(providers),
                Asked("externa", "", "Hur hanterar de externa utförarna avvikelser, och vad har följts upp?"),
                Under(
                    "Lex Sarah hos externa utförare",
                    (
                        Said(external_lex_sarah),
                        Asked(
                            "externa", "lex_sarah", "Vad hade hänt, och vad gjorde utföraren?", required=False
                        ),
                    ),
                ),
            ),
        ),
        Section(
            "Kvalitetsregister",
            (
                Under(
                    "Smärtskattning",
                    (
                        RegisterChart(
                            "smartskattning",
                            "Dokumenterad smärtskattning",
                            "Smärtskattning under sista levnadsveckan",
                            Asked(
                                "register",
                                "smartskattning",
                                "Vad förklarar skillnaden mellan boendeformerna, och vad görs?",
                            ),
                        ),
                    ),
                    when=has_measures("smartskattning"),
                ),
                Under(
                    "Brytpunktssamtal",
                    (
                        RegisterChart(
                            "brytpunktssamtal",
                            "Brytpunktssamtal",
                            "Dokumenterade brytpunktssamtal",
                            Asked(
                                "register",
                                "brytpunktssamtal",
                                "Hur fungerar samarbetet med läkarna om brytpunktssamtal?",
                            ),
                        ),
                    ),
                    when=has_measures("brytpunktssamtal"),
                ),
                Under(
                    "Munhälsobedömning",
                    (
                        RegisterChart(
                            "munhalsobedomning",
                            "Munhälsobedömning",
                            "Munhälsobedömning under sista levnadsveckan",
                            Asked(
                                "register", "munhalsobedomning", "Varför har andelen ändrats, och vad görs?"
                            ),
                        ),
                    ),
                    when=has_measures("munhalsobedomning"),
                ),
                Under(
                    "Senior alert",
                    (
                        RegisterChart(
                            "senior_alert_personer",
                            "Personer i Senior alert",
                            "Unika personer registrerade i Senior alert",
                            Asked(
                                "register", "senior_alert", "Var används Senior alert för lite, och vad görs?"
                            ),
                        ),
                    ),
                    when=has_measures("senior_alert_personer"),
                ),
                Under(
                    "Förebyggande munhälsobedömning",
                    (
                        RegisterChart(
                            "senior_alert_munhalsa",
                            "Riskbedömningar av munhälsa",
                            "Riskbedömningar av munhälsa i Senior alert",
                            Asked("register", "munhalsa", "Vilka får ingen riskbedömning, och vad görs?"),
                        ),
                        PlanChart(
                            ("senior_alert_munhalsa_risk", "Risk för ohälsa i munnen"),
                            ("senior_alert_atgardsplaner", "Har åtgärdsplan"),
                            "med risk för ohälsa i munnen har en åtgärdsplan",
                            "Risk för ohälsa i munnen och åtgärdsplaner",
                            Asked("register", "munhalsa_plan", "Får alla med risk en åtgärdsplan?"),
                        ),
                    ),
                    when=has_measures("senior_alert_munhalsa", "senior_alert_munhalsa_risk"),
                ),
                Under(
                    "BPSD-registret",
                    (
                        Said(bpsd),
                        Asked(
                            "register", "bpsd", "Nås målet för registreringar i BPSD-registret, och vad görs?"
                        ),
                    ),
                    when=has_measures("bpsd_personer", "bpsd_registreringar"),
                ),
                OtherRegisters("Vad förklarar resultatet, och vad görs?"),
            ),
            when=any_register,
        ),
    )
