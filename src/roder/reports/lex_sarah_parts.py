"""Parts of the report on lex Sarah to a meeting: reports by month, decisions by outcome, a line for each, what waits.

Numbers are figures; the line of a decision is what the one who decided wrote for the committee.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from roder.core.numbers import Unit
from roder.core.words import capital_first, small_first
from roder.reports.base import Page
from roder.reports.document import Cell, Column, Inline, Number, Paragraph, Row, Table
from roder.reports.facts_quality import DecidedCase
from roder.reports.quality_parts import quality, sum_row
from roder.reports.render.layout import long_date

PER_MONTH, OUTCOME = "quality.lex_sarah.per_manad", "quality.lex_sarah.per_beslut"
EARLIER, DAYS, WAITING = (
    "quality.lex_sarah.fran_tidigare_ar",
    "quality.lex_sarah.beslutade",
    "quality.lex_sarah.oppna",
)
LATE = "quality.lex_sarah.sena_rapporter"
REPORTED, NOTIFIED = "quality.lex_sarah.rapporterade", "quality.lex_sarah.anmalda"
MONTHS = (
    "januari", "februari", "mars", "april", "maj", "juni",
    "juli", "augusti", "september", "oktober", "november", "december",
)  # fmt: skip


def told(page: Page) -> tuple[DecidedCase, ...]:
    """The decisions that the report tells: those with a case in its figure, oldest first."""
    counted = {number for (number,) in page.values.rows(DAYS)}
    return tuple(one for one in quality(page).decided if counted.intersection(one.numbers))


def since(page: Page) -> str:
    """Since when: the meeting before, or the first day of the period."""
    facts = quality(page)
    if facts.previous_meeting is not None:
        return f"sammanträdet {long_date(facts.previous_meeting)}"
    return f"den {long_date(facts.start)}"


def in_short(page: Page) -> Iterator[Sequence[Inline]]:
    """What has come in and what has been decided since the last meeting; that it is nothing, when it is."""
    facts, year = quality(page), str(page.facts.year)
    reported, notified = page.number(REPORTED, year), page.number(NOTIFIED, year)
    when = f"Sedan {since(page)}, till och med {long_date(facts.end)},"
    late, decided = page.number(LATE), told(page)
    if not reported.value and not late.value and not decided:
        yield (f"{when} har inga rapporter enligt lex Sarah kommit in och inga ärenden beslutats.",)
        return
    said: list[Inline] = [
        f"{when} har ",
        *_counted(reported, "rapport", "rapporter"),
        " enligt lex Sarah kommit in.",
    ]
    yield said if decided else (*said, " Inga ärenden har beslutats.")
    if late.value:
        yield (
            "Dessutom redovisas ",
            *_counted(late, "rapport", "rapporter"),
            " som kom in dessförinnan, men sedan rapporten till det förra sammanträdet hade låsts.",
        )
    if not decided:
        return
    yield (
        "Ärenden som har beslutats: ",
        *_listed([(label, number) for label, _, number in outcomes(page)]),
        ".",
    )
    if notified.value:
        yield ("Anmälda till Inspektionen för vård och omsorg (IVO): ", notified, ".")
    else:
        yield ("Inget ärende har anmälts till Inspektionen för vård och omsorg (IVO).",)


def _counted(number: Number, one: str, more: str) -> list[Inline]:
    if not number.value:
        return [f"inga {more}"]
    return [number, f" {one if number.value == 1 else more}"]


def _listed(items: Sequence[tuple[str, Number]]) -> list[Inline]:
    made: list[Inline] = []
    for place, (label, number) in enumerate(items):
        made += [", " if place else "", f"{small_first(label)} (", number, ")"]
    return [part for part in made if part != ""]


def outcomes(page: Page) -> list[tuple[str, str, Number]]:
    """The outcomes that any case of the period got: what it is called, its code, and how many cases."""
    year = str(page.facts.year)
    return [
        (page.values.label(OUTCOME, "beslut", key[0]), key[0], page.number(OUTCOME, *key))
        for key, row in page.values.rows(OUTCOME).items()
        if key[1] == year and row.value
    ]


@dataclass(frozen=True)
class PerMonth:
    """Reports of each month since the last meeting, with their sum."""

    @staticmethod
    def any(page: Page) -> bool:
        """Whether anything was reported."""
        return any(row.value for row in page.values.rows(PER_MONTH).values())

    def write(self, page: Page) -> None:
        """Write the table."""
        rows = []
        for (month,) in page.values.rows(PER_MONTH):
            label = f"{MONTHS[int(month[5:]) - 1]} {month[:4]}"
            cells: dict[str, Cell] = {
                "rad": capital_first(label),
                "antal": page.number(PER_MONTH, month),
            }
            rows.append(Row(month, cells))
        if not rows:
            page.absent("Rapporter per månad")
            return
        rows.append(sum_row(rows, tuple(row.key for row in rows), ("antal",)))
        columns = (Column("rad", "Månad", "text"), Column("antal", "Rapporter", "number", Unit.COUNT))
        page.add(Table(f"Rapporter sedan {since(page)}", columns, tuple(rows), "antal", anchor="per-manad"))


@dataclass(frozen=True)
class Outcomes:
    """How many cases got each outcome, those from last year apart."""

    def write(self, page: Page) -> None:
        """Write the table."""
        found = outcomes(page)
        if not found:
            return
        earlier = any(row.value for row in page.values.rows(EARLIER).values())
        rows = []
        for label, code, number in found:
            cells: dict[str, Cell] = {"rad": label, "antal": number}
            if earlier:
                cells["fore"] = page.number(EARLIER, code)
            rows.append(Row(code, cells))
        counted = ("antal", *(("fore",) if earlier else ()))
        rows.append(sum_row(rows, tuple(row.key for row in rows), counted))
        columns = [Column("rad", "Beslut", "text"), Column("antal", "Ärenden", "number", Unit.COUNT)]
        if earlier:
            columns.append(Column("fore", "Varav rapporterade tidigare år", "number", Unit.COUNT))
        page.add(Table("Beslutade ärenden", tuple(columns), tuple(rows), "antal", anchor="beslut"))


@dataclass(frozen=True)
class DecidedCases:
    """A line for each decision: the cases' numbers, when, where, what it was about and what was decided."""

    last_year: bool

    def any(self, page: Page) -> bool:
        """Whether there are any such decisions."""
        return any(one.last_year is self.last_year for one in told(page))

    def write(self, page: Page) -> None:
        """Write the table, where there are any."""
        if not self.any(page):
            return
        rows = tuple(
            self._row(page, one, place)
            for place, one in enumerate(told(page))
            if one.last_year is self.last_year
        )
        columns = (
            Column("nummer", "Nummer", "text"),
            Column("beslutat", "Beslutat", "text"),
            Column("vad", "Vad ärendet gällde", "text"),
            Column("beslut", "Beslut", "text"),
            Column("dagar", "Dagar till beslut", "number", Unit.DAYS),
        )
        caption = "Rapporterade föregående år" if self.last_year else "Beslut sedan förra sammanträdet"
        several = any(len(one.numbers) > 1 for one in told(page) if one.last_year is self.last_year)
        notes = ("Där ett beslut gäller flera rapporter räknas dagarna från den första.",) if several else ()
        page.add(Table(caption, columns, rows, "", notes))

    def _row(self, page: Page, one: DecidedCase, place: int) -> Row:
        first = min(zip(one.reported, one.numbers, strict=True), default=None)
        what = one.line or one.type or "rad till nämnden saknas"
        outcome = page.values.label(OUTCOME, "beslut", one.outcome)
        cells: dict[str, Cell] = {
            "nummer": ", ".join(one.numbers),
            "beslutat": one.decided_on.isoformat(),
            "vad": f"{one.area}: {what}" if one.area else what,
            "beslut": outcome,
            "dagar": page.number(DAYS, first[1]) if first else None,
        }
        return Row(f"beslut-{place}", cells)


@dataclass(frozen=True)
class Waiting:
    """How many cases had no decision at the end of the period, by the year they were reported."""

    def write(self, page: Page) -> None:
        """Write the sentence."""
        found = [
            (key[0], page.number(WAITING, *key))
            for key, row in page.values.rows(WAITING).items()
            if row.value
        ]
        if not found:
            page.add(Paragraph((f"Inga ärenden väntade på beslut {long_date(quality(page).end)}.",)))
            return
        parts: list[Inline] = []
        for place, (year, number) in enumerate(found):
            parts += [*([" och "] if place else []), number, f" rapporterade {year}"]
        page.add(Paragraph((f"Ärenden som väntade på beslut {long_date(quality(page).end)}: ", *parts, ".")))
