"""What came of it, in the yearly reports of quality: inspections and recommendations, risks, actions and their effect.

SOSFS 2011:9, 5 kap. 1 and 6-8 §§ and 7 kap. 1 §: the account tells of risk analyses, measures taken and results.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from roder.core.words import small_first
from roder.reports.base import Page
from roder.reports.control_parts import said
from roder.reports.document import Inline, Table
from roder.reports.figure_columns import WHOLE, figure_columns, figure_row
from roder.reports.quality_parts import when

INSPECTIONS, UNANSWERED = "revision.tillsyner", "revision.tillsyner_obesvarade"
RECOMMENDED, LATE = "revision.rekommendationer", "revision.sena"
RISKS, HANDLED = "risk.antal", "risk.per_hantering"
ROOM = "quality.atgarder"
#: The figures that are columns, with what the columns are called.
COLUMNS = (
    ("beslutade", "Beslutade"),
    ("genomforda", "Genomförda"),
    ("sena", "Försenade"),
    ("med_effekt", "Med effekt, %"),
)

Sentences = Iterator[Sequence[Inline]]


def _split(page: Page, name: str, key: str, *, names: bool = False) -> list[Inline]:
    """The parts of a figure that are not zero, in its order: ``mål (2), uppdrag (1)``. ``names`` keep their capital."""
    made: list[Inline] = []
    for (code,) in page.values.rows(name):
        number = page.number(name, code)
        if code != WHOLE and said(number):
            label = page.values.label(name, key, code)
            made += [", " if made else "", label if names else small_first(label), " (", number, ")"]
    return [part for part in made if part != ""]


def inspected(page: Page) -> bool:
    """Whether there is an inspection or a recommendation to tell of."""
    return page.values.has_values(INSPECTIONS, RECOMMENDED)


def inspections(page: Page) -> Sentences:
    """How many inspections, by whom, and how the recommendations stand; that there are none, when there are none."""
    if not said(total := page.number(INSPECTIONS, WHOLE)):
        yield (f"Inga tillsyner är registrerade för {when(page)}.",)
    else:
        words: list[Inline] = [f"Tillsyner under {when(page)}: ", total, ", av "]
        words += [*_split(page, INSPECTIONS, "myndighet", names=True), "."]
        if said(waiting := page.number(UNANSWERED, WHOLE)):
            words += [" Svar återstår att lämna för ", waiting, "."]
        yield words
    if said(total := page.number(RECOMMENDED, WHOLE)):
        words = ["Rekommendationer från revision och tillsyn: ", total, ", varav "]
        words += [*_split(page, RECOMMENDED, "lage"), "."]
        if said(late := page.number(LATE)):
            words += [" Försenade: ", late, "."]
        yield words


def risks(page: Page) -> Sentences:
    """How many risks the year's analysis has, on which levels, and how they are handled."""
    if not said(total := page.number(RISKS, WHOLE)):
        yield (f"Ingen riskanalys är registrerad för {page.facts.year}.",)
        return
    yield (
        f"Riskanalysen för {page.facts.year} har ", total, " risker. Per nivå: ", *_split(page, RISKS, "niva"), ".",
    )  # fmt: skip
    if parts := _split(page, HANDLED, "hantering"):
        yield ("Så hanteras de: ", *parts, ".")


@dataclass(frozen=True)
class Actions:
    """A row for each kind of event that actions followed of, and the whole: decided, done, late, with effect."""

    def write(self, page: Page) -> None:
        """Write the table; that there is nothing, when there is not."""
        decided = page.values.rows(f"{ROOM}.beslutade")
        if not decided:
            page.absent("Åtgärder")
            return
        columns = figure_columns(page, ROOM, "Åtgärder efter", COLUMNS)
        name = f"{ROOM}.beslutade"
        rows = tuple(
            figure_row(page, ROOM, COLUMNS, key, page.values.label(name, "handelse", key))
            for (key,) in decided
        )
        page.add(Table(
            f"Åtgärder och deras effekt, {when(page)}", columns, rows, "",
            ("Effekten är bedömd för en del av åtgärderna; andelen är av dem.",), anchor="atgarder",
        ))  # fmt: skip
