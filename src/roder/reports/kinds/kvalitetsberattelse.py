"""Kvalitetsberättelse: a year of systematic quality work in six areas, with what it rests on.

SOSFS 2011:9 7 kap. 1 §: the one who runs social services is advised to make a coherent account each year of the work to
develop and assure quality, the measures taken and the results.
"""

from __future__ import annotations

from typing import ClassVar

from roder.reports.area_parts import ShareTable, shares_said
from roder.reports.base import Comments, Report, Section
from roder.reports.facts import Facts
from roder.reports.learned_parts import Actions, inspected, inspections, risks
from roder.reports.lex_sarah_parts import Outcomes
from roder.reports.measure_tables import MeasureTable
from roder.reports.quality_parts import TOTAL, Asked, Said, Under, YearsChart, written
from roder.reports.quality_words import (
    COMPLAINTS,
    complainants,
    complaint_kinds,
    complaint_subjects,
    deviations_in_all,
    external_lex_sarah,
    lex_sarah,
    providers,
)
from roder.reports.self_check_parts import SelfChecks
from roder.reports.type_parts import TypeTable

#: The six areas of good quality (Socialstyrelsen, God kvalitet i socialtjänsten), with what each is about.
AREAS = (
    ("sjalvbestammande", "Självbestämmande och integritet", "delaktighet, inflytande och respekt"),
    ("helhetssyn", "Helhetssyn och samordning", "att insatser hänger ihop för den enskilde"),
    ("trygg", "Trygg och säker", "att risker förebyggs och att verksamheten är rättssäker"),
    ("kunskapsbaserad", "Kunskapsbaserad", "att arbetssätten vilar på kunskap och följs upp"),
    ("tillganglig", "Tillgänglig", "att det är lätt att få kontakt, och att stödet kommer i tid"),
    ("effektiv", "Effektiv", "att resurserna används så att målen nås"),
)


def _area(code: str, title: str, about: str) -> Under:
    """An area of quality: what has been seen, what has been done, what is planned."""
    return Under(
        title,
        (
            Asked(
                "omraden",
                f"{code}-sett",
                f"Vad har vi sett om {about}?",
                about="document",
                title="Vad vi har sett",
            ),
            Asked(
                "omraden",
                f"{code}-gjort",
                f"Vad har vi gjort för {about}?",
                about="document",
                title="Vad vi har gjort",
            ),
            Asked(
                "omraden",
                f"{code}-planerar",
                "Vad ska vi göra nu, vem och till när?",
                about="document",
                title="Vad vi planerar",
            ),
        ),
    )


class QualityStory(Report):
    """The year's coherent account of quality. SOSFS 2011:9 7 kap. 1 §."""

    slug = "kvalitetsberattelse"
    title = "Kvalitetsberättelse"
    kinds = frozenset({"quality_year"})
    by_year = True
    sections: ClassVar = (
        Section(
            "Sammanfattning",
            (
                Comments(
                    "sammanfattning", ask="Vad är viktigast att veta om årets kvalitet?", about="document"
                ),
            ),
        ),
        Section(
            "Så arbetar vi med kvalitet",
            (
                Comments(
                    "arbetssatt",
                    ask="Hur ser ledningssystemet ut, och vem ansvarar för vad?",
                    about="document",
                ),
            ),
        ),
        Section(
            "Kvalitetsmål",
            (
                MeasureTable(
                    "Kritiska verksamhetsfaktorer, utfall och mål",
                    reported_in="Kvalitetsberättelse",
                    grouped=True,
                    asked=Asked("mal", "", "Vilka mål nås inte, varför, och vad görs?"),
                ),
            ),
        ),
        Section("Sex områden av god kvalitet", tuple(_area(*area) for area in AREAS)),
        Section(
            "Händelser och avvikelser",
            (
                Said(deviations_in_all),
                YearsChart(
                    TOTAL,
                    (),
                    "Antalet avvikelser",
                    "Avvikelser totalt",
                    Asked("avvikelser", "", "Varför har antalet avvikelser ändrats?"),
                ),
                TypeTable(
                    "Avvikelser per typ", Asked("avvikelser", "typer", "Vilka mönster finns i händelserna?")
                ),
                Said(shares_said),
                ShareTable(
                    Asked(
                        "avvikelser",
                        "andelar",
                        "Varför utreds inte allt i tid, och vad görs?",
                        required=False,
                    )
                ),
            ),
        ),
        Section(
            "Lex Sarah",
            (
                Said(lex_sarah),
                Outcomes(),
                Said(external_lex_sarah),
                Asked("lex_sarah", "", "Vad har vi lärt av lex Sarah-ärendena?"),
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
                    Asked("klagomal", "", "Vad säger brukare och anhöriga, och vad har ändrats?"),
                ),
                Said(complaint_kinds),
                Said(complaint_subjects),
                Said(complainants),
            ),
        ),
        Section(
            "Externa utförare",
            (
                Said(providers),
                Asked("externa", "", "Vad har uppföljningen av externa utförare visat?", required=False),
            ),
        ),
        Section(
            "Tillsyn och granskning",
            (
                Said(inspections),
                Asked(
                    "tillsyn",
                    "",
                    "Vilka tillsyner och granskningar har gjorts, och vad ledde de till?",
                    required=False,
                ),
            ),
            when=lambda page: inspected(page) or written(page, "tillsyn"),
        ),
        Section(
            "Riskanalyser",
            (
                Said(risks),
                Asked("risker", "", "Vilka risker har analyserats, och vad har gjorts åt dem?"),
            ),
        ),
        Section(
            "Egenkontroller",
            (
                SelfChecks(),
                Asked("egenkontroll", "", "Vad visade egenkontrollerna, och vad har de lett till?"),
            ),
        ),
        Section(
            "Åtgärder och effekt",
            (
                Actions(),
                Asked("atgarder", "", "Vilka åtgärder har gjorts, och vilken effekt fick de?"),
            ),
        ),
        Section(
            "Nästa år",
            (Asked("nasta_ar", "", "Vad ska förbättras nästa år, hur mycket och av vem?", about="document"),),
        ),
    )

    @classmethod
    def heading(cls, facts: Facts) -> str:
        """The report's name and year."""
        return f"{cls.title} {facts.year}"
