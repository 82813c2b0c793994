"""The statistics page put together: cards, and sections with a finding, a chart and the numbers as a table."""

from __future__ import annotations

from decimal import Decimal

from roder.core.numbers import Unit, format_number, format_value
from roder.quality.statistics import queries, rules
from roder.quality.statistics.breakdown import Breakdown
from roder.quality.statistics.choice import Choice
from roder.quality.statistics.control import ControlChart
from roder.quality.statistics.parts import HIDDEN, Card, Page, Section
from roder.reports.document import Cell, Column, Number, Row, Table

#: Hours up to which a time is said in hours.
IN_HOURS = 48


class Maker(ControlChart, Breakdown):
    """Puts the page together for a choice."""

    def page(self) -> Page:
        """The whole page."""
        if reason := self._too_few():
            return Page([], [], reason)
        if not self.now.deviations and not self.then.deviations:
            return Page([], [])
        sections = [self.months(), *self.units_and_types(), self.causes(), self.severities(), self.leads()]
        return Page(self.cards(), [one for one in sections if one.table.rows])

    def _too_few(self) -> str:
        """Why nothing can be shown: the choice is of few, or of all but few."""
        if not self.below:
            return ""
        counts = [self.now.deviations, self.then.deviations]
        if self.choice.narrowed:
            everything = Choice(self.choice.period, self.choice.compared)
            whole = queries.totals(self.committee, everything)
            counts += [abs(all_of.deviations - count) for all_of, count in zip(whole, counts, strict=True)]
        if any(rules.small(count, self.below) for count in counts):
            return (
                f"Urvalet är så litet, eller skiljer sig så lite från helheten, att siffrorna kunde peka ut någon. "
                f"Välj mer: en längre period, en större enhet eller fler typer. Gränsen är {self.below}."
            )
        return ""

    def cards(self) -> list[Card]:
        """The state in a few numbers."""
        return [
            self._count_card("Avvikelser", self.now.deviations, self.then.deviations),
            self._count_card("Allvarliga", self.now.serious, self.then.serious, hidden=self._hides_serious()),
            self._share_card("Avslutade", self.now.closed, self.then.closed, self.practice.closed),
            self._share_card(
                "Klassificerade", self.now.classified, self.then.classified, self.practice.classified
            ),
        ]

    def _count_card(self, title: str, now: int, then: int, *, hidden: bool = False) -> Card:
        shown, before = self._number(now, hidden=hidden), self._number(then, hidden=hidden)
        change = self._change(shown, before)
        text = before if isinstance(before, str) else before.text
        detail = f"{self.titles[1]}: {text}"
        if isinstance(change, Number) and change.text != "0":
            detail += f" ({change.text} %)".replace(" %)", "\u00a0%)")
        return Card(title, shown if isinstance(shown, str) else shown.text, detail)

    def _share_card(self, title: str, now: int, then: int, target: int | None) -> Card:
        def share(count: int, whole: int) -> Decimal | None:
            few = rules.small(count, self.below) or rules.small(whole - count, self.below)
            return None if not whole or few else Decimal(count) * 100 / whole

        value, before = share(now, self.now.deviations), share(then, self.then.deviations)
        detail = f"{self.titles[1]}: {format_value(before, Unit.PERCENT, 0, suffix=True)}"
        if target is None or value is None:
            return Card(title, format_value(value, Unit.PERCENT, 0, suffix=True), detail)
        good = value >= target
        return Card(
            title,
            format_value(value, Unit.PERCENT, 0, suffix=True),
            detail,
            "good" if good else "bad",
            f"Målet {target}\u00a0% är {'nått' if good else 'inte nått'}",
        )

    def severities(self) -> Section:
        """How serious, in both periods."""
        grades: list[int | None] = sorted(
            {grade for part in (self.now, self.then) for grade in part.severity},
            key=lambda grade: (grade is None, grade),
        )
        now = self._list({str(grade): self.now.severity[grade] for grade in grades})
        then = self._list({str(grade): self.then.severity[grade] for grade in grades})
        columns = (
            Column("grad", "Allvarlighet", "text"),
            Column("nu", self.titles[0], "number", Unit.COUNT),
            Column("da", self.titles[1], "number", Unit.COUNT),
        )

        def called(grade: int | None) -> str:
            return (
                "Inte klassificerad"
                if grade is None
                else f"{grade} {self.practice.grades.get(grade, '')}".strip()
            )

        rows = tuple(
            Row(str(grade), {"grad": called(grade), "nu": now[str(grade)], "da": then[str(grade)]})
            for grade in grades
        )
        title = "Hur allvarliga avvikelserna är"
        if not self._hides_serious() and self.now.deviations:
            share = format_value(
                Decimal(self.now.serious) * 100 / self.now.deviations, Unit.PERCENT, 1, suffix=True
            )
            title = f"{format_number(self.now.serious)} är allvarliga, {share} av alla"
        return Section("allvarlighet", title, Table("Avvikelser per allvarlighetsgrad", columns, rows, ""))

    def leads(self) -> Section:
        """How long the parts of the way take."""
        both = queries.leads(self.committee, self.choice)
        columns = (
            Column("led", "Led", "text"),
            Column("period", "Period", "text"),
            Column("antal", "Antal", "number", Unit.COUNT),
            Column("median", "Median, timmar", "number", Unit.HOURS, 1),
            Column("nittio", "90 % inom, timmar", "number", Unit.HOURS, 1),
        )
        rows = []
        for code, (_start, _end, label) in queries.LEADS.items():
            for place, (title, part) in enumerate(zip(self.titles, both, strict=True)):
                lead = part.get(code, queries.Lead(0, None, None))
                few = rules.small(lead.count, self.below)
                cells: dict[str, Cell] = {
                    "led": label,
                    "period": title,
                    "antal": self._number(lead.count),
                    "median": HIDDEN if few else Number(lead.median, Unit.HOURS, 1),
                    "nittio": HIDDEN if few else Number(lead.ninety, Unit.HOURS, 1),
                }
                rows.append(Row(f"{code}{place}", cells))
        found = both[0].get("till_avslut")
        title = "Tid från händelse till rapport, klassificering och avslut"
        shown = found is not None and not rules.small(found.count, self.below)
        if found and shown and found.median is not None and found.ninety is not None:
            title = f"Hälften avslutas inom {_time(found.median)}, 90\u00a0% inom {_time(found.ninety)}"
        words = (
            "Av periodens avvikelser räknas de som hade kommit så långt vid periodens slut; de öppna är inte med.",
        )
        return Section("ledtider", title, Table("Ledtider", columns, tuple(rows), "timmar"), None, words)


def _time(hours: Decimal) -> str:
    """Hours as people say them: hours up to two days, then days."""
    if hours < IN_HOURS:
        return f"{format_number(hours, 0)}\u00a0timmar"
    return f"{format_number(hours / 24, 0)}\u00a0dagar"
