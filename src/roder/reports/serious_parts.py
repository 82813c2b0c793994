"""The tables of serious deviations within health care: one for each type that the committee's steering model has."""

from __future__ import annotations

from dataclasses import dataclass

from roder.core.words import small_first
from roder.reports.base import Page
from roder.reports.facts_quality import Kind
from roder.reports.quality_parts import SERIOUS, Asked, SeriousTable, quality

#: The two types that the guideline follows, and what their tables are called.
FOLLOWED = {
    "fall": "Allvarliga fallavvikelser per verksamhetsområde",
    "lakemedel": "Allvarliga läkemedelsavvikelser per verksamhetsområde",
}


@dataclass(frozen=True)
class SeriousTables:
    """A table and a place for its analysis for each type: falls and medication, or what else is serious in care."""

    ask: str

    def write(self, page: Page) -> None:
        """Write them in the order of the steering model."""
        for kind in serious_types(page):
            caption = FOLLOWED.get(kind.code, f"Allvarliga händelser, {small_first(kind.label)}, per område")
            asked = Asked("allvarliga", kind.code, self.ask, codes=(kind.code,))
            SeriousTable(kind.code, caption, asked).write(page)


def serious_types(page: Page) -> list[Kind]:
    """The two that are followed, where the steering model has both; otherwise each clinical type of the committee's own
    where something serious has happened, this year or last.
    """
    types = quality(page).types
    if {kind.code for kind in types} >= set(FOLLOWED):
        return [kind for kind in types if kind.code in FOLLOWED]
    years = (str(page.facts.year), str(page.facts.last_year))
    happened = {key[0] for key in page.values.rows(SERIOUS) if key[2] in years}
    return [kind for kind in types if kind.clinical and kind.code in happened]


def any_serious_types(page: Page) -> bool:
    """Whether there is any type to show."""
    return bool(serious_types(page))
