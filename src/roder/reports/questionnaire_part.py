"""A section of a report that takes in a compilation: how the answers are distributed, and what is said.

::

    Section("Intern kontroll", (Compilation("internkontroll-sjalvskattning", texts=("motivering",)),))
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from roder import questionnaires
from roder.core.numbers import Unit
from roder.figures.hiding import BELOW
from roder.quality.services.terms import smallest_shown
from roder.quality.statistics.parts import HIDDEN
from roder.quality.statistics.rules import SUM, Place, hide_in_list, hide_in_table, small, with_sums
from roder.questionnaires.compiling import Compilation as Compiled
from roder.questionnaires.compiling import Counted, words
from roder.questionnaires.models import Answer, QuestionSet
from roder.questionnaires.shape import Type
from roder.reports.base import Page
from roder.reports.document import Bullets, Cell, Column, Heading, Number, Paragraph, Row, Strong, Table


@dataclass(frozen=True)
class Compilation:
    """The answers to a set that were handed in for the report's year, per unit or in all.

    Of a set that is answered about single cases, counts that are so small that they could point one out are hidden, as
    in the statistics.

    ``questions`` limits the tables to these (all that can be counted otherwise); ``texts`` are the questions whose
    written answers are printed; ``only_occasion`` takes the answers of the report's own occasion only. A set that the
    committee does not have, or that nobody has answered, is said to be missing.
    """

    code: str
    questions: tuple[str, ...] = ()
    texts: tuple[str, ...] = ()
    only_occasion: bool = False

    def write(self, page: Page) -> None:
        """Write a heading with the number of answers, a table per question, and the texts."""
        facts = page.facts
        found = QuestionSet.objects.filter(
            code=self.code, committee__name=facts.committee, committee__municipality__name=facts.municipality
        ).first()
        rows = Answer.objects.filter(question_set=found, year=facts.year)
        if self.only_occasion:
            rows = rows.filter(occasion__code=facts.code)
        if found is None or not rows.filter(state=Answer.State.FINAL).exists():
            page.absent(found.title if found else "Frågeformulär")
            return
        made = questionnaires.compile_answers(found, rows)
        below = _smallest(found, facts.year)
        page.add(Heading(2, found.title))
        page.add(Paragraph((f"{_answers(made.answers)} {facts.year}.",)))
        for one in made.counted:
            if self.questions and one.question.code not in self.questions:
                continue
            if one.options and one.answered:
                page.add(_table(one, made, below))
            elif one.question.type is Type.NUMBER and one.mean is not None and not small(one.answered, below):
                page.add(_number(one))
        for code in self.texts:
            _write_texts(page, made, code)


def _answers(count: int) -> str:
    return "Ett svar" if count == 1 else f"{count} svar"


def _smallest(found: QuestionSet, year: int) -> int:
    """The smallest count that is printed: what is answered about single cases must not point at one of them."""
    if not found.subject_kinds:
        return 0
    said = smallest_shown(found.committee, date(year, 12, 31))
    return BELOW if said is None else said


def _table(one: Counted, made: Compiled, below: int) -> Table:
    """Answers down, units across when they are few enough to read. Counts under ``below`` are hidden, and with them as
    many others as it takes that none can be computed."""
    groups = made.groups if 1 < len(made.groups) <= 6 else ()
    columns = [Column("svar", "Svar", "text"), Column("antal", "Antal", unit=Unit.COUNT)]
    columns += [Column(f"g{at}", group, unit=Unit.COUNT) for at, group in enumerate(groups)]
    codes = [code for code, _, _ in one.options]
    counts: dict[Place, int] = {(code, group): one.count(code, group) for code in codes for group in groups}
    full: dict[Place, int]
    full = with_sums(counts, codes, groups) if groups else {(code, SUM): one.count(code) for code in codes}
    hidden: set[Place] = set()
    if groups:
        hidden = hide_in_table(full, below)
    else:
        hidden = {(code, SUM) for code in hide_in_list({code: one.count(code) for code in codes}, below)}
    rows = []
    for code, label, _ in one.options:
        cells: dict[str, Cell] = {"svar": label, "antal": _count(full[code, SUM], (code, SUM) in hidden)}
        cells |= {
            f"g{at}": _count(full[code, group], (code, group) in hidden) for at, group in enumerate(groups)
        }
        rows.append(Row(code, cells))
    return Table(one.question.text, tuple(columns), tuple(rows), "antal")


def _count(number: int, hidden: bool) -> Cell:
    return HIDDEN if hidden else Number(Decimal(number), Unit.COUNT)


def _number(one: Counted) -> Table:
    named: Iterable[tuple[str, str, Decimal | None]] = (
        ("medel", "Medel", one.mean), ("lagst", "Lägst", one.lowest), ("hogst", "Högst", one.highest),
    )  # fmt: skip
    rows = tuple(Row(key, {"vad": label, "tal": Number(value, Unit.COUNT, 1)}) for key, label, value in named)
    columns = (Column("vad", "", "text"), Column("tal", "Tal", unit=Unit.COUNT, digits=1))
    return Table(one.question.text, columns, rows, one.question.unit)


def _write_texts(page: Page, made: Compiled, code: str) -> None:
    question = made.content.question(code)
    if question is None:
        return
    said = [
        (Strong(f"{column.label}: "), text)
        for column in made.columns
        if (text := words(made.content, question, column.values.get(code)))
    ]
    if said:
        page.add(Heading(3, question.text), Bullets(tuple(said)))
