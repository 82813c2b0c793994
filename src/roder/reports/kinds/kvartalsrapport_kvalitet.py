"""Quarterly report: deviations per service area, their causes, and whether they are taken care of in time."""

from __future__ import annotations

from typing import ClassVar

from roder.reports.area_parts import AreaChart, CauseTables, ShareTable, shares_said
from roder.reports.base import Comments, Report, Section
from roder.reports.quality_parts import Asked, Said
from roder.reports.quality_words import deviations_in_all


class QuarterlyQuality(Report):
    """What the committee gets each quarter. SOSFS 2011:9 5 kap. 6 §: patterns and trends are to be seen."""

    slug = "kvartalsrapport-kvalitet"
    title = "Kvartalsrapport om avvikelser"
    kinds = frozenset({"quarter"})
    sections: ClassVar = (
        Section(
            "Sammanfattning",
            (Comments("sammanfattning", ask="Vad är viktigast att veta om kvartalet?", about="document"),),
        ),
        Section(
            "Avvikelser per verksamhetsområde",
            (
                Said(deviations_in_all),
                AreaChart(Asked("omraden", "", "Var har antalet ändrats, och varför?")),
            ),
        ),
        Section(
            "Orsaker", (CauseTables("orsaker", "Vad ligger bakom de vanligaste orsakerna, och vad görs?"),)
        ),
        Section(
            "Klassificerat och avslutat i tid",
            (Said(shares_said), ShareTable(Asked("andelar", "", "Varför nås målen inte, och vad görs?"))),
        ),
    )
