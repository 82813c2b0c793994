"""The register of critical factors with outcome, target and grading by perspective; and the answers to auditors."""

from __future__ import annotations

from dataclasses import dataclass

from roder.core.numbers import Unit
from roder.core.words import small_first
from roder.reports.base import Page
from roder.reports.control_parts import control, said
from roder.reports.document import (
    Bullets,
    Cell,
    Column,
    Heading,
    Inline,
    Paragraph,
    Row,
    Status,
    Strong,
    Table,
)
from roder.reports.facts_control import AnswerFact, AuditFact, FactorRowFact, PerspectiveFact
from roder.reports.parts import OUTCOME

GRADED, PER_PERSPECTIVE, TIMES = "kvf.per_gradering", "kvf.antal", "kvf.ganger_per_ar"
WHOLE = "totalt"


def told(page: Page, report: str) -> list[PerspectiveFact]:
    """The perspectives that are told in a report, by its name as the steering model prints it ('' for all)."""
    everyone = control(page).perspectives
    return [one for one in everyone if not report or not one.reported_in or report in one.reported_in]


@dataclass(frozen=True)
class FactorCounts:
    """How many measures the critical factors have, and how they are graded; ``report``: only those told in it."""

    report: str = ""

    def write(self, page: Page) -> None:
        """Write the sentences."""
        total = page.number(PER_PERSPECTIVE, WHOLE)
        if not said(total):
            page.absent("Kritiska verksamhetsfaktorer")
            return
        parts: list[Inline] = ["De kritiska verksamhetsfaktorerna mäts med ", total, " nyckeltal: "]
        if self.report:
            parts = ["Här redovisas de kritiska verksamhetsfaktorernas nyckeltal: "]
        for place, one in enumerate(told(page, self.report)):
            parts += [
                ", " if place else "",
                page.number(PER_PERSPECTIVE, one.code),
                f" för {one.label.lower()}",
            ]
        page.add(Paragraph((*(part for part in parts if part != ""), ".")))
        graded = [key for key in page.values.rows(GRADED) if key[0] != WHOLE]
        if graded and not self.report:
            page.add(
                Bullets(
                    tuple(
                        (
                            Strong(f"{page.values.label(GRADED, 'gradering', key[0])}: "),
                            page.number(GRADED, *key),
                        )
                        for key in graded
                    )
                )
            )


@dataclass(frozen=True)
class FactorTables:
    """The register as it is printed, a table for each perspective, and what is said of the factors at the occasion.

    ``report``: only the perspectives that the steering model says are told in it.
    """

    report: str = ""

    def write(self, page: Page) -> None:
        """Write the tables."""
        for one in told(page, self.report):
            page.add(Heading(2, one.label))
            if one.reported_in:
                page.add(
                    Paragraph((f"Redovisas i: {', '.join(small_first(name) for name in one.reported_in)}.",))
                )
            page.add(self._table(page, one))
            for factor in one.factors:
                if factor.analysis or factor.action:
                    page.add(Heading(3, factor.title))
                    page.add(Paragraph((factor.analysis,)))
                if factor.action:
                    page.add(Paragraph((Strong("Åtgärd: "), factor.action)))

    def _table(self, page: Page, one: PerspectiveFact) -> Table:
        rows: list[Row] = []
        notes: dict[str, None] = {}
        for factor in one.factors:
            rows.append(Row(f"faktor-{len(rows)}", {"kpi": factor.title}, "sub"))
            for measure in factor.rows:
                rows.append(self._row(page, measure))
                if measure.footnote:
                    notes[f"{measure.title}: {measure.footnote}"] = None
        columns = (
            Column("kpi", "KPI", "text"),
            Column("utfall", "Utfall (år)", "text"),
            Column("mal", f"Målvärde {page.facts.year}", "text"),
            Column("ganger", "ggr/år", unit=Unit.COUNT),
            Column("redovisas", "Redovisning", "text"),
            Column("bedomning", "Bedömning", "status"),
        )
        return Table(
            f"Kritiska verksamhetsfaktorer, {one.label.lower()}", columns, tuple(rows), "", tuple(notes),
            f"kvf-{one.code}",
        )  # fmt: skip

    @staticmethod
    def _row(page: Page, one: FactorRowFact) -> Row:
        outcome: Cell = "iu."
        if one.outcome_year is not None:
            number = page.values.number(OUTCOME, one.measure, str(one.outcome_year), suffix=True)
            if number.ref is not None:  # in the measure's own unit: kronor per person are not thousands
                page.by_chapter.setdefault(page.chapter, {})[number.ref] = None
            outcome = (number, f" ({one.outcome_year})")
        times = page.number(TIMES, one.measure)
        cells: dict[str, Cell] = {
            "kpi": one.title,
            "utfall": outcome,
            "mal": one.target or "Saknas",
            "redovisas": ", ".join(one.reported_in),
            "bedomning": one.grade,
        }
        if times.value is not None:
            cells["ganger"] = times
        return Row(f"rad-{one.number}-{one.measure}", cells)


# --- audits ----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class AuditAnswers:
    """The auditors' own form: question, answer, description and evidence, section by section; and the attachments."""

    def write(self, page: Page) -> None:
        """Write every audit of the year that has a form."""
        for one in _this_year(page):
            if not one.form:
                continue
            page.add(Heading(2, one.title), Paragraph((_about(one),)))
            for title, lines in one.form:
                page.add(self._section(title, lines))
            if one.attachments:
                page.add(self._attachments(one))

    @staticmethod
    def _section(title: str, lines: tuple[AnswerFact, ...]) -> Table:
        columns = [Column("fraga", "Fråga", "text"), Column("svar", "Svar", "text")]
        if any(one.description for one in lines):
            columns.append(Column("beskrivning", "Beskrivning", "text"))
        if any(one.proofs for one in lines):
            columns.append(Column("underlag", "Underlag", "text"))
        rows = []
        for one in lines:
            cells: dict[str, Cell] = {
                "fraga": one.question,
                "svar": (one.answer,) if one.answer is not None else one.said or "Inte besvarad",
                "beskrivning": one.description,
                "underlag": "\n".join(one.proofs),
            }
            rows.append(Row(one.code, {column.key: cells[column.key] for column in columns}))
        return Table(title, tuple(columns), tuple(rows), "")

    @staticmethod
    def _attachments(one: AuditFact) -> Table:
        columns = (
            Column("nr", "Bilaga", "text"),
            Column("vad", "Handling", "text"),
            Column("fragor", "Styrker svaret på", "text"),
        )
        rows = tuple(
            Row(str(number), {"nr": str(number), "vad": title, "fragor": "\n".join(questions)})
            for number, title, questions in one.attachments
        )
        return Table("Förteckning över bilagor", columns, rows, "")


def _this_year(page: Page) -> list[AuditFact]:
    return [one for one in control(page).audits if one.year == page.facts.year]


def has_audits(page: Page) -> bool:
    """Whether anything was asked or recommended by auditors that the occasion's year answers."""
    return bool(control(page).audits)


def has_form(page: Page) -> bool:
    """Whether an audit of the year has the auditors' form."""
    return any(one.form for one in _this_year(page))


def _about(one: AuditFact) -> str:
    parts = [f"Granskas av {one.auditor}"]
    if one.number:
        parts.append(f"diarienummer {one.number}")
    if one.received:
        parts.append(f"inkommen {one.received}")
    parts.append(f"besvarad {one.answered}" if one.answered else "inte besvarad")
    return f"{', '.join(parts)}."


@dataclass(frozen=True)
class Reviews:
    """The audits without a form: what was asked, and what the auditors found."""

    def write(self, page: Page) -> None:
        """Write a heading and what is known for each."""
        for one in control(page).audits:
            if one.form and one.year == page.facts.year:
                continue
            page.add(Heading(2, f"{one.title}, {one.year}"), Paragraph((_about(one),)))
            if one.question:
                page.add(Paragraph((Strong("Revisionsfråga: "), one.question)))
            if one.judgement:
                words = f"{one.judgement}. {one.judgement_text}".strip()
                page.add(Paragraph((Strong("Revisorernas bedömning: "), words)))


def has_reviews(page: Page) -> bool:
    """Whether there is an audit that is not answered by a form of this year."""
    return any(not one.form or one.year != page.facts.year for one in control(page).audits)


@dataclass(frozen=True)
class Recommendations:
    """The recommendations with the committee's answer: which action, when and who; and how they stand."""

    def write(self, page: Page) -> None:
        """Write the counts and a table for each audit; that there are none, when there are none."""
        asked = [one for one in control(page).audits if one.recommendations]
        if not asked:
            page.add(Paragraph(("Revisorerna har inga rekommendationer att besvara.",)))
            return
        total, late = page.number("revision.rekommendationer", WHOLE), page.number("revision.sena")
        if said(total):
            parts: list[Inline] = []
            for key, label in (("done", "åtgärdade"), ("accepted", "åtgärdas"), ("open", "ej besvarade"),
                               ("declined", "åtgärdas inte")):  # fmt: skip
                if said(number := page.number("revision.rekommendationer", key)):
                    parts += [", " if parts else "", number, f" {label}"]
            words: list[Inline] = ["Av ", total, " rekommendationer från revision och tillsyn: "]
            words += [*(part for part in parts if part != ""), "."]
            if said(late):
                words += [
                    " ",
                    late,
                    " skulle ha varit klara." if late.value != 1 else " skulle ha varit klar.",
                ]
            page.add(Paragraph(tuple(words)))
        for one in asked:
            page.add(self._table(one))

    @staticmethod
    def _table(one: AuditFact) -> Table:
        columns = [
            Column("nr", "Nr", "text"),
            Column("vad", "Rekommendation", "text"),
            Column("svar", "Nämndens åtgärd", "text"),
            Column("nar", "Klart", "text"),
            Column("vem", "Ansvarig", "text"),
            Column("lage", "Läge", "status"),
        ]
        if any(row.effect for row in one.recommendations):
            columns.append(Column("effekt", "Effekt", "text"))
        shown = {column.key for column in columns}
        rows = []
        for row in one.recommendations:
            cells: dict[str, Cell] = {
                "nr": str(row.number), "vad": row.text, "svar": row.answer, "nar": row.due, "vem": row.responsible,
                "lage": row.status or Status("Ej besvarad"), "effekt": row.effect,
            }  # fmt: skip
            rows.append(Row(str(row.number), {key: cell for key, cell in cells.items() if key in shown}))
        return Table(f"Rekommendationer, {one.title} {one.year}", tuple(columns), tuple(rows), "")
