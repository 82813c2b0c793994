"""What a report is made of: sections, and in them tables of figures, comments and other parts.

A report is a class that lists what stands in it (see `roder.reports.kinds`). Each part writes itself on a `Page`, which
holds the figures, the facts and the comments. Pure: no Django and no database.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import ClassVar, Literal, Protocol, TypeAlias

from roder.core.numbers import round_half_away
from roder.core.words import small_first
from roder.reports import prose
from roder.reports.document import (
    Block,
    Column,
    FigureRef,
    Heading,
    Number,
    Paragraph,
    Row,
    RowKind,
    Strong,
    Table,
)
from roder.reports.facts import Facts, Named
from roder.reports.facts_control import ControlFacts
from roder.reports.facts_year import YearFacts
from roder.reports.values import Key, Values

ABSENT = "Uppgift saknas i underlaget."
About: TypeAlias = Literal["document", "section", "subject"]
CommentKey: TypeAlias = tuple[str, str]


@dataclass(frozen=True)
class Slot:
    """A place for a comment: what is asked, what is written, and which figures a plain number in it may be.

    ``title`` is the heading it is printed under (none where it stands under another), ``label`` what it is called on
    the page. ``codes`` are its subject in the keys of figures; ``place`` the number of blocks before its field.
    """

    section: str
    subject: str
    title: str
    label: str
    ask: str
    text: str
    required: bool
    about: About
    codes: tuple[str, ...]
    chapter: int
    place: int = 0

    @property
    def key(self) -> CommentKey:
        """What the comment is stored under."""
        return (self.section, self.subject)


@dataclass
class Page:
    """A report while it is written."""

    values: Values
    facts: Facts
    comments: Mapping[CommentKey, str]
    blocks: list[Block] = field(default_factory=list)
    slots: list[Slot] = field(default_factory=list)
    chapters: list[str] = field(default_factory=list)
    by_chapter: dict[int, dict[FigureRef, None]] = field(default_factory=dict)

    def add(self, *blocks: Block) -> None:
        """Write blocks at the end."""
        self.blocks.extend(blocks)

    def number(self, name: str, *key: str, suffix: bool = False) -> Number:
        """A figure's number, money in the unit that the municipality prints tables in."""
        facts = self.facts
        number = self.values.number(
            name, *key, unit=facts.print_unit, digits=facts.print_digits, suffix=suffix
        )
        if number.ref is not None:
            self.by_chapter.setdefault(self.chapter, {})[number.ref] = None
        return number

    @property
    def chapter(self) -> int:
        """The number of the chapter that is being written, from one."""
        return len(self.chapters)

    def absent(self, what: str = "") -> None:
        """Say that there is nothing to show, never a zero."""
        self.add(Paragraph((Strong(f"{what}: "), ABSENT) if what else (ABSENT,)))

    def words(self, template: str) -> str:
        """A title with the occasion's years and names filled in."""
        facts = self.facts
        return template.format(
            year=facts.year,
            last_year=facts.last_year,
            year_before_last=facts.year - 2,
            occasion=inside(facts.occasion),
            compares_with=inside(facts.compares_with) or "föregående prognos",
            unit=facts.print_unit.value,
        )

    def write_comment(self, slot: Slot, level: int, otherwise: Iterable[Paragraph] = ()) -> None:
        """Write what people have said, under its heading; what is said ``otherwise`` when they have said nothing."""
        blocks: list[Block] = list(prose.blocks(slot.text, self.values.known)) or list(otherwise)
        if blocks and slot.title:
            self.add(Heading(level, slot.title))
        self.add(*blocks)
        self.slots.append(replace(slot, place=len(self.blocks)))
        for part in prose.bound(slot.text):
            known = self.values.known(part.name)
            if known is not None and (key := known.complete(part.key)) in known.rows:
                self.values.printed[known.ref(key)] = None


def inside(name: str) -> str:
    """A name as it stands inside a sentence: ``månadsuppföljning maj 2022``."""
    return small_first(name) if name[1:2].islower() else name


class Part(Protocol):
    """Something that stands in a section."""

    def write(self, page: Page) -> None:
        """Write itself at the end of the page."""


@dataclass(frozen=True)
class Section:
    """A chapter of a report. ``content`` is the steering model's word for it: where the occasion says what it takes
    up, the chapter stands if it is among that; ``optional`` chapters stand only then. ``when`` may ask for more.
    """

    title: str
    parts: tuple[Part, ...]
    content: str = ""
    optional: bool = False
    when: Callable[[Page], bool] | None = None

    def stands(self, page: Page) -> bool:
        """Whether the chapter is part of this occasion's report."""
        includes = page.facts.includes
        if self.content and includes and self.content not in includes:
            return False
        if self.optional and self.content not in includes:
            return False
        return self.when is None or self.when(page)

    def write(self, page: Page) -> None:
        """Write the heading and the parts. A chapter that stays empty says so when it is locked, or is left out when
        nothing in it was expected.
        """
        page.chapters.append(self.title)
        page.add(Heading(1, self.title))
        blocks, slots = len(page.blocks), len(page.slots)
        for part in self.parts:
            part.write(page)
        if len(page.blocks) > blocks or page.facts.draft:
            return
        if any(slot.required for slot in page.slots[slots:]) or len(page.slots) == slots:
            page.absent()
        else:
            page.blocks.pop()


class Report:
    """A kind of report. Subclasses are found by their ``slug``.

    ``kinds`` are the kinds of occasion it is made for; ``by_year`` names its files by year instead of by occasion.
    ``place`` orders an occasion's reports, the main one first. ``file_names`` are what the files are called at a kind
    of occasion where the slug alone would give two the same name. ``compiles``: it is made of several committees'
    locked reports (`roder.reports.compiled`). ``asked_for``: nobody is told that it is not begun when it is False.
    """

    slug: ClassVar[str]
    title: ClassVar[str]
    kinds: ClassVar[frozenset[str]]
    sections: ClassVar[tuple[Section, ...]]
    by_year: ClassVar[bool] = False
    file_names: ClassVar[Mapping[str, str]] = {}
    place: ClassVar[int] = 0
    compiles: ClassVar[bool] = False
    asked_for: ClassVar[bool] = True

    @classmethod
    def has_material(cls, control: ControlFacts | None) -> bool | None:
        """Whether there is anything to say in it, where that is for risk and control to tell; None where it is not."""
        return None

    @classmethod
    def has_year(cls, year: YearFacts | None) -> bool:
        """Whether there is anything to say in it, where that is for the wheel and the action plans to tell."""
        return True

    @classmethod
    def heading(cls, facts: Facts) -> str:
        """The document's title: the occasion's own name."""
        return facts.occasion

    @classmethod
    def file_name(cls, year: int, code: str, kind: str = "") -> str:
        """What its files are called, without ending: ``manadsuppfoljning-2022-05``, ``delarsbokslut-2022``."""
        return f"{cls.file_names.get(kind, cls.slug)}-{year if cls.by_year else code}"


# --- comments ------------------------------------------------------------------------------------------------------


def account_groups(facts: Facts) -> tuple[Named, ...]:
    """The rows of the operating table that hold amounts of their own."""
    return tuple(Named(row.code, row.label) for row in facts.rows if not row.is_sum)


@dataclass(frozen=True)
class Comments:
    """Comments of a section: one, or one for each subject.

    ``ask`` is the question to the writer. With ``because`` a subject's comment is expected only where that figure
    says something other than zero. ``about`` decides which figures a plain number is held against.
    """

    section: str
    ask: str
    subject: str = ""
    title: str = ""
    per: Callable[[Facts], Iterable[Named]] | None = None
    because: str = ""
    required: bool = True
    about: About = "section"

    def write(self, page: Page) -> None:
        """Write the comments that are there, and note where they may stand."""
        if self.per is None:
            self._one(page, self.subject, self.title, self.required, self.about, 2)
            return
        subjects = list(self.per(page.facts))
        titled = bool(self.title) and any(
            page.comments.get((self.section, one.code), "").strip() for one in subjects
        )
        if titled:
            page.add(Heading(2, page.words(self.title)))
        for one in subjects:
            self._one(page, one.code, one.label, self._needed(page, one.code), "subject", 3 if titled else 2)

    def _one(self, page: Page, subject: str, title: str, required: bool, about: About, level: int) -> None:
        slot = Slot(
            section=self.section,
            subject=subject,
            title=page.words(title),
            label=page.words(title) or page.chapters[-1],
            ask=page.words(self.ask),
            text=page.comments.get((self.section, subject), ""),
            required=required,
            about=about,
            codes=(subject,) if about == "subject" else (),
            chapter=page.chapter,
        )
        page.write_comment(slot, level)

    def _needed(self, page: Page, subject: str) -> bool:
        if not self.required or not self.because:
            return self.required
        facts = page.facts
        number = page.values.number(self.because, subject, unit=facts.print_unit, digits=facts.print_digits)
        return (
            number.value is not None
            and round_half_away(number.value / number.unit.divisor, number.places) != 0
        )


# --- tables of figures ---------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Col:
    """A column that prints a figure. ``rest`` is what follows the row's own key; ``formula`` goes to the workbook."""

    key: str
    title: str
    figure: str
    rest: Key = ()
    formula: tuple[str, str, str] | None = None


@dataclass(frozen=True)
class Line:
    """A row of a table of figures: the key that its figures have, and how it is printed."""

    key: Key
    label: str
    kind: RowKind = "normal"
    sum_of: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        """The row's key in the document."""
        return "/".join(self.key)


@dataclass(frozen=True)
class FigureTable:
    """A table whose cells are figures. A figure without data prints ``iu.``; a table without any says so."""

    caption: str
    first: str
    rows: Callable[[Page], Iterable[Line]]
    columns: tuple[Col, ...] | Callable[[Page], tuple[Col, ...]]
    unit_note: str = "{unit}"
    notes: tuple[str, ...] = ()
    anchor: str = ""

    def write(self, page: Page) -> None:
        """Write the table."""
        columns = self.columns(page) if callable(self.columns) else self.columns
        lines = list(self.rows(page))
        caption = page.words(self.caption)
        cells = {
            (line.name, column.key): page.values.rows(column.figure).get((*line.key, *column.rest))
            for line in lines
            for column in columns
        }
        if not any(cell is not None and cell.value is not None for cell in cells.values()):
            page.absent(caption)
            return
        made = [self._row(page, line, columns) for line in lines]
        notes = (*(page.words(note) for note in self.notes), *rounding_notes(made, columns))
        page.add(
            Table(
                caption,
                (
                    Column("rad", page.words(self.first), "text"),
                    *(self._column(page, made, one) for one in columns),
                ),
                tuple(made),
                page.words(self.unit_note),
                notes,
                self.anchor,
            )
        )

    def _row(self, page: Page, line: Line, columns: tuple[Col, ...]) -> Row:
        cells = {one.key: page.number(one.figure, *line.key, *one.rest) for one in columns}
        return Row(line.name, {"rad": line.label, **cells}, line.kind, line.sum_of)

    @staticmethod
    def _column(page: Page, rows: list[Row], one: Col) -> Column:
        first = next((cell for row in rows if isinstance(cell := row.cells.get(one.key), Number)), None)
        unit, digits = (first.unit, first.digits) if first else (None, None)
        return Column(one.key, page.words(one.title), "number", unit, digits, one.formula)


def rounding_notes(rows: Iterable[Row], columns: Iterable[Col]) -> tuple[str, ...]:
    """A note for each sum that differs from the sum of the printed parts, since sums are taken on unrounded values."""
    by_key = {row.key: row for row in rows}
    titles = []
    for row in by_key.values():
        for column in columns:
            whole = row.cells.get(column.key)
            parts = [by_key[part].cells.get(column.key) for part in row.sum_of]
            numbers = [part for part in parts if isinstance(part, Number) and part.value is not None]
            if (
                not isinstance(whole, Number)
                or whole.value is None
                or not numbers
                or len(numbers) != len(parts)
            ):
                continue
            if _printed(whole) != sum(_printed(part) for part in numbers):
                titles.append(str(row.cells["rad"]))
                break
    return tuple(
        f"{title}: summan är räknad på oavrundade värden och kan skilja i sista siffran från raderna."
        for title in titles
    )


def _printed(number: Number) -> Decimal:
    assert number.value is not None  # noqa: S101 - asked by the caller
    return round_half_away(number.value / number.unit.divisor, number.places)


def account_lines(page: Page) -> list[Line]:
    """The rows of the operating table as the steering model orders them, sums in bold."""
    return [
        Line((row.code,), row.label, "sum" if row.is_sum else "normal", row.sum_of) for row in page.facts.rows
    ]
