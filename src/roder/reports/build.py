"""From figures, facts and comments to a document, and what is to be said about it before it is locked.

Pure: no Django and no database. ``source`` is an open source of figures (the live database or a snapshot).
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from roder.core.numbers import Unit, format_value
from roder.core.words import joined, small_first
from roder.reports import prose
from roder.reports.amounts import Nearest, contradictions, mismatched_direction
from roder.reports.base import CommentKey, Page, Report, Slot
from roder.reports.candidates import candidate, candidates
from roder.reports.claims import contradicts, nothing_new
from roder.reports.document import (
    HOW_FIGURES_WERE_MADE,
    Column,
    Document,
    FigureRef,
    Heading,
    Paragraph,
    Row,
    Table,
)
from roder.reports.facts import Facts
from roder.reports.kinds import report_class
from roder.reports.values import Values

if TYPE_CHECKING:
    from roder.figures import At, Engine, Figure


@dataclass(frozen=True)
class Assembly:
    """A written report: its document, the places for comments, and the figures it used."""

    report: type[Report]
    document: Document
    slots: tuple[Slot, ...]
    values: Values
    facts: Facts
    chapters: tuple[str, ...]
    by_chapter: Mapping[int, Mapping[FigureRef, None]]

    def slot(self, key: CommentKey) -> Slot | None:
        """The place for a comment, or None when the report has no such place."""
        return next((slot for slot in self.slots if slot.key == key), None)


def build(kind: str, source: Engine, at: At, comments: Mapping[CommentKey, str], facts: Facts) -> Document:
    """The document of a report. Every figure is computed once; every number says which figure it is."""
    return assemble(kind, values_of(source, at), comments, facts).document


def values_of(source: Engine, at: At) -> Values:
    """The figures of a source at an occasion."""
    from roder.figures import catalogue, compute  # noqa: PLC0415 - loads the whole catalogue

    return Values(lambda name: compute(name, source, at), at, catalogue())


def assemble(kind: str, values: Values, comments: Mapping[CommentKey, str], facts: Facts) -> Assembly:
    """Write the report: its sections in order, then how its figures were made."""
    report = report_class(kind)
    page = Page(values, facts, comments)
    for section in report.sections:
        if section.stands(page):
            section.write(page)
    _how_made(page)
    document = Document(
        title=report.heading(facts),
        kind=report.title,
        municipality=facts.municipality,
        committee=facts.committee,
        registration_number=facts.registration_number,
        date=facts.date,
        occasion=facts.occasion,
        cut_off=facts.cut_off,
        snapshot_id=facts.snapshot_id,
        draft=facts.draft,
        blocks=tuple(page.blocks),
    )
    return Assembly(report, document, tuple(page.slots), values, facts, tuple(page.chapters), page.by_chapter)


def _how_made(page: Page) -> None:
    """The last section: every figure used, its definition, how it is printed; the cut-off and the rounding."""
    used = list(page.values.figures_printed())
    page.add(Heading(1, HOW_FIGURES_WERE_MADE))
    noun = "uttagen" if len(page.facts.committees) > 1 else "uttaget"
    where = (
        f"De är räknade på {noun} {page.facts.snapshot_id}, som är läget vid brytdatum så som det var känt när "
        f"{noun} togs."
        if page.facts.snapshot_id
        else "Det här är ett utkast: siffrorna är räknade på det som är registrerat just nu och kan ändras tills "
        "rapporten låses."
    )
    page.add(
        Paragraph((f"Siffrorna gäller till och med {page.facts.cut_off.isoformat()}. {where}",)),
        Paragraph((_rounding(used),)),
    )
    if used:
        page.add(
            Table(
                "Siffror i rapporten",
                (
                    Column("siffra", "Siffra", "text"),
                    Column("definition", "Så är den räknad (namn i katalogen)", "text"),
                    Column("visas", "Visas i", "text"),
                ),
                tuple(_made(figure) for figure in used),
                unit_note="",
                anchor="siffror-i-rapporten",
            )
        )


def _rounding(used: Sequence[Figure]) -> str:
    """How signs, sums and shares are to be read, as far as the report has such numbers."""
    accounts = any(figure.name.endswith("bokslutsavvikelse") for figure in used)
    held = "bokslut" if accounts else "prognos"
    signs = (
        f"Kostnader är negativa och intäkter positiva. Avvikelser i driften är {held} minus budget, i investeringarna "
        f"budget minus {held}. "
    )
    sums = (
        "Summor räknas på oavrundade värden och halva avrundas från noll, så en tryckt summa kan skilja 1 i sista "
        "siffran från raderna. Ett värde som saknas visas som iu., aldrig som noll."
    )
    states = (
        "En avvikelse hör till den period då den rapporterades, och räknas med den klassificering den hade när uttaget "
        "togs. Förändringar i procent är räknade på de tryckta talen och avrundade till hela procent. "
    )
    money = any(figure.unit.is_money for figure in used)
    deviations = any(figure.name.startswith("quality.avvikelser.") for figure in used)
    return (signs if money else "") + (states if deviations else "") + sums


def _made(figure: Figure) -> Row:
    decimals = "" if not figure.digits else f", {figure.digits} decimal{'er' if figure.digits > 1 else ''}"
    cells = {
        "siffra": figure.label,
        "definition": f"{figure.sentence} ({figure.name})",
        "visas": f"{figure.show.value}{decimals}",
    }
    return Row(figure.name, cells)


# --- before locking ------------------------------------------------------------------------------------------------


class FindingKind(StrEnum):
    """What a finding is about. Unknown figures, and a deficit without recovery plan, block; what texts say against the
    numbers and units without forecast must be acknowledged; the rest is information."""

    UNKNOWN_FIGURE = "unknown_figure"
    RECOVERY_PLAN = "recovery_plan"
    NUMBER = "number"
    DIRECTION = "direction"
    UNCHANGED = "unchanged"
    UNITS_MISSING = "units_missing"
    MISSING_COMMENT = "missing_comment"
    MISSING_ASSESSMENT = "missing_assessment"
    MISSING_FIGURES = "missing_figures"


@dataclass(frozen=True)
class Finding:
    """Something to see to before a report is locked. Messages are Swedish.

    ``excerpt`` is the text concerned, ``start`` and ``end`` its place in the comment; ``nearest`` figures near a plain
    number, ``suggestions`` names near an unknown figure.
    """

    kind: FindingKind
    section: str
    subject: str
    where: str
    message: str
    excerpt: str = ""
    start: int = 0
    end: int = 0
    nearest: tuple[Nearest, ...] = ()
    suggestions: tuple[str, ...] = ()

    @property
    def blocks(self) -> bool:
        """Whether the report cannot be locked with it."""
        return self.kind in (FindingKind.UNKNOWN_FIGURE, FindingKind.RECOVERY_PLAN)

    @property
    def must_be_acknowledged(self) -> bool:
        """Whether the one who locks must say that it has been seen."""
        return self.kind in (
            FindingKind.NUMBER,
            FindingKind.DIRECTION,
            FindingKind.UNCHANGED,
            FindingKind.UNITS_MISSING,
        )

    @property
    def mark(self) -> str:
        """A short name of the finding that changes when what it says changes."""
        said = (self.kind, self.section, self.subject, self.message, self.excerpt, self.start, self.nearest)
        return hashlib.sha256(repr(said).encode()).hexdigest()[:16]


def findings(assembly: Assembly) -> list[Finding]:
    """Everything to see to: unknown figures first, then numbers that match nothing, then what is missing."""
    found: list[Finding] = []
    for slot in assembly.slots:
        found += _comment_findings(assembly, slot)
    found += _forecast_findings(assembly)
    found += _missing_assessments(assembly.facts)
    found += _missing_figures(assembly)
    order = list(FindingKind)
    return sorted(found, key=lambda one: order.index(one.kind))


def _comment_findings(assembly: Assembly, slot: Slot) -> Iterable[Finding]:
    here = (slot.section, slot.subject, place_name(assembly, slot))
    if not slot.text.strip():
        if slot.required:
            yield Finding(FindingKind.MISSING_COMMENT, *here, f"Kommentar saknas: {slot.ask}")
        return
    values = assembly.values
    for fault in prose.unknown(slot.text, values.known, values.names):
        yield Finding(
            FindingKind.UNKNOWN_FIGURE,
            *here,
            fault.why,
            fault.text,
            fault.start,
            fault.end,
            (),
            fault.suggestions,
        )
    for one in contradictions(slot.text, candidates(assembly, slot)):
        amount = one.amount
        yield Finding(
            FindingKind.NUMBER,
            *here,
            f"{amount.text} {one.why}",
            amount.text,
            amount.start,
            amount.end,
            one.nearest,
        )
    for part in prose.bound(slot.text):
        known = values.known(part.name)
        if known is None or (key := known.complete(part.key)) not in known.rows or not part.unsigned:
            continue
        figure = candidate(known, key, assembly.facts)
        if figure is not None and mismatched_direction(slot.text, part.start, part.end, figure):
            message = f"{prose.plain(part.text, values.known)} går åt fel håll enligt orden omkring"
            yield Finding(FindingKind.DIRECTION, *here, message, part.text, part.start, part.end)
    yield from _unchanged(assembly, slot)


#: What a claim that nothing is new is about, by the section it stands in.
CLAIMED = {
    ("prognos", "variance"): "ekonomi.drift.prognosavvikelse",
    ("prognos", "change"): "ekonomi.drift.prognosforandring",
    ("prognosforandring", "change"): "ekonomi.drift.prognosforandring",
    ("utfall", "change"): "ekonomi.drift.utfallsforandring",
}


def _unchanged(assembly: Assembly, slot: Slot) -> Iterable[Finding]:
    """Where a comment says that nothing has changed, or differs, and the computed number is not nothing."""
    if slot.about != "subject":
        return
    for claim in nothing_new(slot.text):
        known = assembly.values.known(CLAIMED.get((slot.section, claim.about), ""))
        value = known.rows.get((slot.subject,)) if known is not None else None
        if known is None or not contradicts(value):
            continue
        computed = format_value(value, Unit.MKR, sign=True, suffix=True)
        label = known.describe((slot.subject,))
        message = f"”{claim.text}” stämmer inte: {small_first(label)}, är {computed}"
        here = (slot.section, slot.subject, place_name(assembly, slot))
        near = (Nearest(known.ref((slot.subject,)), label, computed),)
        yield Finding(FindingKind.UNCHANGED, *here, message, claim.text, claim.start, claim.end, near)


def _forecast_findings(assembly: Assembly) -> Iterable[Finding]:
    """A deficit that nothing is decided about, and units whose forecast is not in the sum."""
    chapter = next((one.title for one in assembly.report.sections if one.content == "operations"), "")
    facts = assembly.facts
    if chapter not in assembly.chapters:
        return
    if facts.forecast_hindrance:
        yield Finding(
            FindingKind.RECOVERY_PLAN, "", "", chapter, facts.forecast_hindrance, "Handlingsprogram saknas"
        )
    if facts.units_without_forecast:
        names = joined(facts.units_without_forecast)
        message = f"Prognosen är inte hel: {names} har inte lämnat hela sin. Summorna är det som är lämnat hittills."
        yield Finding(FindingKind.UNITS_MISSING, "", "", chapter, message)


def place_name(assembly: Assembly, slot: Slot) -> str:
    """Where a comment stands, for people: ``Prognos, Personalkostnader``."""
    chapter = assembly.chapters[slot.chapter - 1]
    return f"{chapter}, {slot.label}" if slot.label != chapter else chapter


def _missing_figures(assembly: Assembly) -> Iterable[Finding]:
    """Figures that a chapter prints and that have no value at all, once each."""
    for number, refs in assembly.by_chapter.items():
        for name in dict.fromkeys(ref.name for ref in refs):
            known = assembly.values.known(name)
            keys = [tuple(value for _, value in ref.key) for ref in refs if ref.name == name]
            if known is not None and all(known.rows.get(key) is None for key in keys):
                chapter = assembly.chapters[number - 1]
                message = f"{known.label} saknar värden och visas som iu. ({len(keys)} rader)"
                yield Finding(FindingKind.MISSING_FIGURES, "", "", chapter, message)


def _missing_assessments(facts: Facts) -> Iterable[Finding]:
    if facts.kind not in ("interim", "annual"):
        return
    for goal in facts.goals:
        if goal.expected and goal.judged.status is None:
            yield Finding(
                FindingKind.MISSING_ASSESSMENT, "mal", goal.code, goal.title, "Målet är inte bedömt."
            )
    for one in facts.assignments:
        if one.judged.status is None:
            yield Finding(
                FindingKind.MISSING_ASSESSMENT, "uppdrag", one.code, one.title, "Uppdraget är inte bedömt."
            )
