"""Patientsäkerhetsberättelse: how the year's work for patient safety was done, with outcome of the goals and new ones.

Patientsäkerhetslagen (2010:659) 3 kap. 10 §: the caregiver shall make it by the 1st of March each year: how the work
was organised, which measures were taken, which results were reached. SOSFS 2011:9 7 kap. 2–3 §.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import ClassVar

from roder.reports.area_parts import shares_said
from roder.reports.base import Comments, Page, Report, Section
from roder.reports.document import Inline
from roder.reports.facts import Facts
from roder.reports.measure_tables import MeasureTable
from roder.reports.quality_parts import Asked, Said, TypeCharts, Under, YearsChart
from roder.reports.quality_words import COMPLAINTS, bpsd, complaint_subjects, lex_maria, with_region
from roder.reports.register_parts import PlanChart, RegisterChart
from roder.reports.serious_parts import SeriousTables, any_serious_types
from roder.reports.type_parts import NextGoals


def law(page: Page) -> Iterator[Sequence[Inline]]:
    """By when and why the report is made."""
    facts = page.facts
    yield (
        f"Vårdgivaren ska senast den 1 mars {facts.year + 1} ha gjort en patientsäkerhetsberättelse för {facts.year}: "
        "hur arbetet har bedrivits, vilka åtgärder som har vidtagits och vilka resultat som har nåtts "
        "(patientsäkerhetslagen 2010:659, 3 kap. 10 §). Den ska hållas tillgänglig för den som vill ta del av den.",
    )


class PatientSafetyStory(Report):
    """The year's account of patient safety, by the 1st of March. Patientsäkerhetslagen (2010:659) 3 kap. 10 §."""

    slug = "patientsakerhetsberattelse"
    title = "Patientsäkerhetsberättelse"
    kinds = frozenset({"quality_year"})
    by_year = True
    sections: ClassVar = (
        Section(
            "Sammanfattning",
            (
                Comments(
                    "sammanfattning",
                    ask="Vad är viktigast att veta om årets patientsäkerhet?",
                    about="document",
                ),
                Said(law),
            ),
        ),
        Section(
            "Ansvar för patientsäkerheten",
            (
                Asked(
                    "ansvar",
                    "",
                    "Vem ansvarar för vad: nämnd, verksamhetschef, MAS, enhetschefer och legitimerad personal?",
                    about="document",
                ),
            ),
        ),
        Section(
            "Årets mål och hur det gick",
            (
                MeasureTable(
                    "Nyckeltal för patientsäkerhet, utfall och mål",
                    reported_in="Patientsäkerhetsberättelse",
                    grouped=True,
                    asked=Asked("mal", "", "Vilka mål nåddes, vilka inte, och varför?"),
                ),
            ),
        ),
        Section(
            "Vårdrelaterade infektioner",
            (
                MeasureTable(
                    "Svenska HALT: vårdrelaterade infektioner",
                    prefixes=("halt",),
                    asked=Asked("halt", "", "Vad visar HALT-mätningen, och vad görs?"),
                ),
            ),
        ),
        Section(
            "Senior alert",
            (
                RegisterChart(
                    "senior_alert_personer",
                    "Personer i Senior alert",
                    "Unika personer registrerade i Senior alert",
                    Asked("senior_alert", "", "Var används Senior alert för lite, och vad görs?"),
                ),
                RegisterChart(
                    "senior_alert_munhalsa",
                    "Riskbedömningar av munhälsa",
                    "Riskbedömningar av munhälsa i Senior alert",
                    Asked(
                        "senior_alert",
                        "munhalsa",
                        "Vilka får ingen riskbedömning, och vad görs?",
                        required=False,
                    ),
                ),
                PlanChart(
                    ("senior_alert_munhalsa_risk", "Risk för ohälsa i munnen"),
                    ("senior_alert_atgardsplaner", "Har åtgärdsplan"),
                    "med risk för ohälsa i munnen har en åtgärdsplan",
                    "Risk för ohälsa i munnen och åtgärdsplaner",
                    Asked("senior_alert", "plan", "Får alla med risk en åtgärdsplan?", required=False),
                ),
            ),
        ),
        Section(
            "Punktprevalensmätningar",
            (
                MeasureTable(
                    "Hygien, klädregler och trycksår",
                    prefixes=("ppm", "basal_hygien", "kladregler", "trycksar"),
                    asked=Asked(
                        "ppm", "", "Vilka steg i hygienrutinerna brister, i vilka yrkesgrupper, och vad görs?"
                    ),
                ),
            ),
        ),
        Section(
            "Läkemedel",
            (
                MeasureTable("Läkemedel, utfall och mål", prefixes=("lakemedel", "allvarliga_lakemedel")),
                Asked("lakemedel", "", "Hur har läkemedelsgenomgångar, signering och delegering fungerat?"),
            ),
        ),
        Section(
            "Avvikelser inom hälso- och sjukvård",
            (
                TypeCharts("avvikelser", "Vad beror händelserna på, och vad har gjorts?", clinical=True),
                Under(
                    "Allvarliga händelser",
                    (SeriousTables("Ledde händelserna till vårdskada?"),),
                    when=any_serious_types,
                ),
                Under(
                    "Lex Maria",
                    (
                        Said(lex_maria),
                        Asked(
                            "lex_maria",
                            "",
                            "Vad visade händelseanalyserna, och vad har gjorts?",
                            required=False,
                        ),
                    ),
                ),
                Under("Klassificerat och avslutat i tid", (Said(shares_said),)),
            ),
        ),
        Section(
            "Samverkan med regionen",
            (Said(with_region), Asked("samverkan", "", "Hur fungerar samverkan med primärvård och sjukhus?")),
        ),
        Section(
            "Vård i livets slut",
            (
                RegisterChart(
                    "smartskattning",
                    "Dokumenterad smärtskattning",
                    "Smärtskattning under sista levnadsveckan",
                    Asked("palliativ", "smartskattning", "Vad förklarar resultatet, och vad görs?"),
                ),
                RegisterChart(
                    "brytpunktssamtal",
                    "Brytpunktssamtal",
                    "Dokumenterade brytpunktssamtal",
                    Asked(
                        "palliativ",
                        "brytpunktssamtal",
                        "Vad förklarar resultatet, och vad görs?",
                        required=False,
                    ),
                ),
                RegisterChart(
                    "munhalsobedomning",
                    "Munhälsobedömning",
                    "Munhälsobedömning under sista levnadsveckan",
                    Asked(
                        "palliativ",
                        "munhalsobedomning",
                        "Vad förklarar resultatet, och vad görs?",
                        required=False,
                    ),
                ),
            ),
        ),
        Section(
            "Rehabilitering",
            (
                MeasureTable("Rehabilitering, utfall och mål", prefixes=("rehab",), needed=False),
                Asked(
                    "rehabilitering",
                    "",
                    "Får de som behöver rehabilitering den, och används hjälpmedel rätt?",
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
                    Asked("klagomal", "", "Vilka klagomål rörde patientsäkerheten, och vad har gjorts?"),
                ),
                Said(complaint_subjects),
            ),
        ),
        Section(
            "Demens", (Said(bpsd), Asked("demens", "", "Hur har arbetet med BPSD och teambaserad vård gått?"))
        ),
        Section(
            "Digitalisering",
            (Asked("digitalisering", "", "Hur påverkar digital signering och ny teknik säkerheten?"),),
        ),
        Section(
            "Mål för nästa år",
            (
                NextGoals("Patientsäkerhetsberättelse"),
                Asked(
                    "nasta_ar",
                    "",
                    "Vilka mätbara mål gäller nästa år, och vem ansvarar för dem?",
                    about="document",
                ),
            ),
        ),
    )

    @classmethod
    def heading(cls, facts: Facts) -> str:
        """The report's name and year."""
        return f"{cls.title} {facts.year}"
