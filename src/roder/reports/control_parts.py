"""Parts of the reports of risk and control: the scale with its rule, the register of risks, departures, what is not in
the plan.

Each writes itself on a `Page`; see `roder.reports.base`. Every number is a figure and opens to its rows; the texts are
those of the register.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from roder.control.rules.scales import HANDLINGS, Axis, Scale
from roder.core.numbers import Unit
from roder.core.words import joined, small_first
from roder.reports.base import Page
from roder.reports.document import (
    Bullets,
    Cell,
    Column,
    Inline,
    Number,
    Paragraph,
    PlainTable,
    Row,
    Strong,
    Table,
)
from roder.reports.facts_control import AnalysisFact, ControlFacts, PlanFact, RiskFact

LIKELIHOOD, IMPACT, WORTH = "risk.sannolikhet", "risk.konsekvens", "risk.varde"
WORTH_BEFORE, CHANGE = "risk.varde_foregaende_ar", "risk.vardeforandring"

LONGEST_TITLE = 12  # letters in the title of a narrow column


# --- what there is ---------------------------------------------------------------------------------------------------


def control(page: Page) -> ControlFacts:
    """The facts of risk and control; none at all where the occasion has no such."""
    return page.facts.control or ControlFacts()


def analysis(page: Page) -> AnalysisFact:
    """The year's risk analysis."""
    found = control(page).analysis
    assert found is not None  # noqa: S101 - the section asks has_analysis first
    return found


def plan(page: Page) -> PlanFact:
    """The year's plan."""
    found = control(page).plan
    assert found is not None  # noqa: S101 - the section asks has_plan first
    return found


def has_analysis(page: Page) -> bool:
    """Whether the year has a risk analysis with risks in it."""
    found = control(page).analysis
    return found is not None and bool(found.risks)


def has_plan(page: Page) -> bool:
    """Whether the year has a plan with points."""
    found = control(page).plan
    return found is not None and bool(found.points)


def has_factors(page: Page) -> bool:
    """Whether the year has critical factors."""
    return bool(control(page).perspectives)


def said(number: Number) -> bool:
    """Whether a number is known and not zero."""
    return number.value is not None and number.value != 0


def short(label: str) -> str:
    """What an axis is called over a narrow column: ``Väsentl.`` where its name is long."""
    return label if len(label) <= LONGEST_TITLE else f"{label[:7]}."


def shortened(scale: Scale) -> list[str]:
    """A note for each axis whose name is shortened."""
    labels = (scale.likelihood.label, scale.impact.label)
    return [f"{short(label)} = {label.lower()}." for label in labels if short(label) != label]


@dataclass(frozen=True)
class Text:
    """A text that people have written where it belongs, in paragraphs."""

    read: Callable[[Page], str]

    def write(self, page: Page) -> None:
        """Write it, if there is any."""
        for part in self.read(page).split("\n"):
            if part.strip():
                page.add(Paragraph((part.strip(),)))


# --- the scale -------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class ScaleLegend:
    """The scale's steps, and what its rule proposes at each risk value."""

    def write(self, page: Page) -> None:
        """Write what a risk value is, the steps with their words, and the rule."""
        scale = analysis(page).scale
        lower = small_first(scale.impact.label)
        page.add(
            Paragraph(
                (
                    Strong("Riskvärdet"),
                    f" är {small_first(scale.likelihood.label)} gånger {lower}, "
                    f"på skalan {scale.label} ({scale.size}).",
                )
            )
        )
        for axis in (scale.likelihood, scale.impact):
            self._axis(page, axis)
        if scale.bands:
            page.add(self._rule(scale))

    @staticmethod
    def _axis(page: Page, axis: Axis) -> None:
        """The steps of an axis. One that only has numbers needs no table."""
        if not any(step.label or step.meaning for step in axis.steps):
            page.add(Paragraph((f"{axis.label} anges med {axis.lowest}–{axis.highest}.",)))
            return
        meant = any(step.meaning for step in axis.steps)
        columns = [Column("varde", "Värde", "text"), Column("steg", axis.label, "text")]
        columns += [Column("betyder", "Betyder", "text")] if meant else []
        rows = tuple(
            Row(
                str(step.value),
                {"varde": str(step.value), "steg": step.label or "–"}
                | ({"betyder": step.meaning} if meant else {}),
            )
            for step in axis.steps
        )
        page.add(PlainTable(axis.label, tuple(columns), rows, ""))

    @staticmethod
    def _rule(scale: Scale) -> PlainTable:
        rows = []
        for band in scale.bands:
            worth = f"{band.lowest}–{band.highest}" if band.lowest < band.highest else str(band.lowest)
            proposed: list[str] = []
            for one in band.proposals:
                words = HANDLINGS[one.handling]
                if one.likelihood_at_most is not None:
                    words += f" (om {scale.likelihood.label.lower()} är högst {one.likelihood_at_most})"
                proposed.append(words if not proposed else small_first(words))
            rows.append(
                Row(worth, {"varde": worth, "forslag": " eller ".join(proposed), "betyder": band.meaning})
            )
        columns = [Column("varde", "Riskvärde", "text"), Column("forslag", "Regeln föreslår", "text")]
        if any(band.meaning for band in scale.bands):
            columns.append(Column("betyder", "Betyder", "text"))
        shown = {column.key for column in columns}
        kept = tuple(Row(row.key, {k: v for k, v in row.cells.items() if k in shown}) for row in rows)
        return PlainTable("Hanteringsregel", tuple(columns), kept, "")


# --- the register ----------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class RiskRegister:
    """The register of risks: scores, last year's value and the movement since, and how each is handled."""

    def write(self, page: Page) -> None:
        """Write the table."""
        made = analysis(page)
        columns = self._columns(page, made)
        rows = tuple(self._row(page, one, columns) for one in made.risks)
        notes = []
        if any(one.retired for one in made.risks):
            notes.append(
                "En utgången risk bedöms inte; värdena är de som riskskalan anger för utgångna risker."
            )
        if any(not one.own_scale and not one.retired for one in made.risks):
            notes.append(
                "* Riskens värden är satta på en tidigare skala och gäller tills den bedöms på nytt."
            )
        notes += shortened(made.scale)
        page.add(Table(f"Risker {page.facts.year}", tuple(columns), rows, "", tuple(notes), "risker"))

    @staticmethod
    def _columns(page: Page, made: AnalysisFact) -> list[Column]:
        risks = made.risks
        columns = [Column("nr", "Nr", "text")]
        if any(one.area for one in risks):
            columns.append(Column("omrade", "Område", "text"))
        columns.append(Column("risk", "Risk", "text"))
        if any(page.values.rows(WORTH_BEFORE).get((one.code,), None) is not None
               and page.values.rows(WORTH_BEFORE)[(one.code,)].value is not None for one in risks):  # fmt: skip
            columns += [
                Column("fore", f"Värde {page.facts.last_year}", unit=Unit.COUNT),
                Column("rorelse", "Rörelse", "text"),
            ]
        columns += [
            Column("sannolikhet", short(made.scale.likelihood.label), unit=Unit.COUNT),
            Column("konsekvens", short(made.scale.impact.label), unit=Unit.COUNT),
            Column(
                "varde",
                f"Värde {page.facts.year}",
                unit=Unit.COUNT,
                formula=("sannolikhet", "*", "konsekvens"),
            ),
        ]
        if any(one.handling or one.retired for one in risks):
            columns.append(Column("hantering", "Hantering", "text"))
        if any(one.led_to for one in risks):
            columns.append(Column("ledde", "Ledde till", "text"))
        return columns

    @staticmethod
    def _row(page: Page, one: RiskFact, columns: list[Column]) -> Row:
        handling = one.handling_label
        if one.retired:
            handling = f"Utgår: {one.retired_reason}" if one.retired_reason else "Utgår"
        elif one.obligatory:
            handling = f"{handling or 'Inte beslutad'} (obligatorisk)"
        cells: dict[str, Cell] = {
            "nr": one.name + ("" if one.own_scale or one.retired else "*"),
            "omrade": one.area,
            "risk": one.text + (" (gemensam för kommunen)" if one.common else ""),
            "rorelse": f"{one.arrow}\u00a0{one.moved}" if one.arrow else one.moved,
            "hantering": handling,
            "ledde": "\n".join(one.led_to),
        }
        for key, figure in (
            ("fore", WORTH_BEFORE), ("sannolikhet", LIKELIHOOD), ("konsekvens", IMPACT), ("varde", WORTH),
        ):  # fmt: skip
            number = page.number(figure, one.code)
            cells[key] = number if number.value is not None else "–"
        return Row(one.code, {column.key: cells[column.key] for column in columns})


@dataclass(frozen=True)
class RiskCounts:
    """The register in a paragraph: how many risks, their mean, how they have moved, how they are handled."""

    def write(self, page: Page) -> None:
        """Write the sentences, each as far as there is anything to say."""
        total = page.number("risk.antal", "totalt")
        if not said(total):
            return
        parts: list[Inline] = ["Riskanalysen har ", total, " risker."]
        if said(gone := page.number("risk.utgangna")):
            parts += [" ", gone, " har utgått sedan förra året."]
        if (mean := page.number("risk.medelvarde")).value is not None:
            parts += [" Riskvärdet är i medeltal ", mean, "."]
        page.add(Paragraph(tuple(parts)))
        moves: list[Inline] = []
        for key, words in (("upp", "högre"), ("oforandrad", "samma"), ("ner", "lägre")):
            if said(number := page.number("risk.rorelse", key)):
                moves += [", " if moves else "", number, f" har {words} riskvärde än förra året"
                          if words != "samma" else " har samma riskvärde som förra året"]  # fmt: skip
        if moves:
            page.add(Paragraph((*(part for part in moves if part != ""), ".")))


@dataclass(frozen=True)
class Departures:
    """The risks that are handled otherwise than the rule proposes, with why it departs and the committee's reason."""

    def write(self, page: Page) -> None:
        """Say how many, and list them; that there are none, when there are none."""
        made = analysis(page)
        if not made.scale.bands:
            page.add(
                Paragraph(("Riskskalan har ingen hanteringsregel, så ingen hantering avviker från den.",))
            )
            return
        rows = [one for one in made.risks if one.departs]
        if not rows:
            page.add(Paragraph(("Alla risker hanteras så som regeln föreslår.",)))
            return
        total = page.number("risk.avsteg", "totalt")
        lacking = page.number("risk.avsteg", "utan_skal")
        sentence: list[Inline] = ["Regeln är ett förslag. ", total, " av riskerna hanteras på annat sätt: "]
        page.add(Paragraph((*sentence, f"risk {joined([one.name for one in rows])}.")))
        if said(lacking):
            page.add(Paragraph((lacking, " av avstegen har inget skrivet skäl.")))
        page.add(
            Table(
                "Avsteg från hanteringsregeln",
                (
                    Column("nr", "Nr", "text"),
                    Column("hantering", "Hantering", "text"),
                    Column("varfor", "Så avviker den", "text"),
                    Column("skal", "Nämndens skäl", "text"),
                ),
                tuple(
                    Row(
                        one.code,
                        {
                            "nr": one.name,
                            "hantering": one.handling_label,
                            "varfor": one.departs,
                            "skal": one.reason or "Skäl saknas",
                        },
                    )
                    for one in rows
                ),
                "",
                anchor="avsteg",
            )
        )


@dataclass(frozen=True)
class LeftOut:
    """The risks that are not in the plan of internal control, each with why: what was decided, else its handling."""

    def write(self, page: Page) -> None:
        """Write the list."""
        pointed = {point.risk for point in plan(page).points if point.risk} if has_plan(page) else set()
        rows = [one for one in analysis(page).risks if not one.retired and one.code not in pointed]
        if not rows:
            page.add(Paragraph(("Alla risker i riskanalysen finns med i planen.",)))
            return
        page.add(Bullets(tuple((Strong(f"{one.name}. {one.text}"), *self._why(page, one)) for one in rows)))

    @staticmethod
    def _why(page: Page, one: RiskFact) -> Iterable[Inline]:
        number = page.number(WORTH, one.code)
        worth: tuple[Inline, ...] = (" (riskvärde ", number, "). ") if number.value is not None else (". ",)
        if one.plan_reason:
            return (*worth, f"{one.plan_reason.rstrip('.')}.")
        if one.handling:
            return (*worth, f"Hanteras som: {small_first(one.handling_label)}.")
        return (*worth, "Skäl saknas.")
