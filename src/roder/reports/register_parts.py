"""Parts of the reports of quality that show measures: charts of quality registers, tables of key figures with targets.

Each writes itself on a `Page`; see `roder.reports.base` and `roder.reports.quality_parts`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from roder.core.numbers import Unit
from roder.core.words import capital_first, small_first
from roder.reports.base import Page
from roder.reports.column_charts import Pair, pair_chart
from roder.reports.document import Heading, Inline, Number, Paragraph
from roder.reports.findings import lower_first, part_of_sentence, settings_sentence
from roder.reports.parts import OPERATOR_SIGNS, TARGET
from roder.reports.quality_parts import Asked, described, quality, when

REGISTER, COUNTRY = "quality.register.utfall", "quality.register.riket"
MONTHS = "quality.register.manader"
WHOLE_YEAR = 12
ALL = "alla"
AT_LEAST = {"": "minst ", ">=": "minst ", "=": "", "<=": "högst ", ">": "över ", "<": "under "}


@dataclass(frozen=True)
class RegisterChart:
    """A measure of a quality register by setting, this year beside last, with its target and the country's value."""

    measure: str
    what: str
    label: str
    asked: Asked

    def write(self, page: Page) -> None:
        """Draw it, where either year is known."""
        pairs = _pairs(page, [(name, (self.measure, part)) for name, part in settings(page, self.measure)])
        months = max(covered(page, self.measure, part) for _, part in settings(page, self.measure))
        if draw(page, pairs, settings_sentence(self.what, pairs), self.label, self.asked, months):
            for said in (target_said(page, self.measure), country_said(page, self.measure)):
                if said:
                    page.add(Paragraph(tuple(said)))
        self.asked.write(page, self.label)


#: Measures that have places and words of their own in the half-year's report.
NAMED = frozenset({
    "smartskattning", "brytpunktssamtal", "munhalsobedomning", "senior_alert_personer", "senior_alert_munhalsa",
    "senior_alert_munhalsa_risk", "senior_alert_atgardsplaner", "bpsd_personer", "bpsd_registreringar",
})  # fmt: skip


@dataclass(frozen=True)
class OtherRegisters:
    """A chart of each measure with register values that has no place of its own, under the measure's name."""

    ask: str

    def write(self, page: Page) -> None:
        """Write a heading and a chart for each."""
        for measure in sorted(measured(page) - NAMED):
            title = page.values.label(REGISTER, "matt", measure)
            page.add(Heading(2, title))
            RegisterChart(measure, title, title, Asked("register", measure, self.ask)).write(page)


def measured(page: Page) -> set[str]:
    """The measures that have a register's value this year or last."""
    years = (str(page.facts.year), str(page.facts.last_year))
    return {key[0] for key in page.values.rows(REGISTER) if key[2] in years}


def has_measures(*codes: str) -> Callable[[Page], bool]:
    """Whether any of the measures has a value this year or last, for ``when``."""
    return lambda page: not measured(page).isdisjoint(codes)


def any_register(page: Page) -> bool:
    """Whether any measure of a quality register has a value."""
    return bool(measured(page))


@dataclass(frozen=True)
class PlanChart:
    """How many were at risk and how many of them got a plan: two measures side by side, this year beside last."""

    risk: tuple[str, str]
    plan: tuple[str, str]
    what: str
    label: str
    asked: Asked

    def write(self, page: Page) -> None:
        """Draw it, where either year is known."""
        pairs = _pairs(page, [(name, (code, ALL)) for code, name in (self.risk, self.plan)])
        (_, risk, risk_before), (_, plan, plan_before) = pairs
        finding = part_of_sentence(plan, risk, self.what, settings_sentence(self.label, pairs))
        before = part_of_sentence(plan_before, risk_before, "", "").strip()
        if before and plan.value is not None and risk.value:
            finding = f"{finding} ({page.facts.last_year}: {before})"
        months = covered(page, self.plan[0], ALL)
        if draw(page, pairs, finding, self.label, self.asked, months):
            for code, name in (self.risk, self.plan):
                if said := target_said(page, code, f"{name}: målet"):
                    page.add(Paragraph(tuple(said)))
        self.asked.write(page, self.label)


def settings(page: Page, measure: str) -> list[tuple[str, str]]:
    """The settings that a measure is divided in, as name and key; the undivided value where it is not.

    In a yearly report only what covers most of the year: half a year in two settings does not stand for a whole.
    """
    shown = (str(page.facts.year), str(page.facts.last_year))
    parts = {key[1] for key in page.values.rows(REGISTER) if key[0] == measure and key[2] in shown}
    months = {part: covered(page, measure, part) for part in parts}
    widest = max(months.values(), default=0)
    kept = [part for part in parts if part != ALL and months[part] == widest]
    named = sorted(((page.values.label(REGISTER, "del", part), part) for part in kept), key=_by_name)
    return [(capital_first(name), part) for name, part in named] or [("Alla", ALL)]


def covered(page: Page, measure: str, part: str, year: int | None = None) -> int:
    """How many months the year's value of a measure is about; of all alike in a report of a half-year or a quarter."""
    if page.facts.kind != "quality_year":
        return 0
    row = page.values.rows(MONTHS).get((measure, part, str(year or page.facts.year)))
    return int(row.value) if row is not None and row.value is not None else -1


def _by_name(setting: tuple[str, str]) -> str:
    return setting[0].casefold()


def _pairs(page: Page, groups: list[tuple[str, tuple[str, str]]]) -> list[Pair]:
    """The values this year and last. Last year's is left out where it is about another part of the year."""
    now, before = str(page.facts.year), str(page.facts.last_year)
    found = []
    for name, key in groups:
        alike = covered(page, *key) == covered(page, *key, year=page.facts.last_year)
        earlier = page.number(REGISTER, *key, before) if alike else Number(None, Unit.COUNT)
        found.append((name, page.number(REGISTER, *key, now), earlier))
    return found


def draw(page: Page, pairs: list[Pair], finding: str, label: str, asked: Asked, months: int = 0) -> bool:
    """The chart of pairs, this year beside last; that there is nothing to show, and False, when neither is known.

    ``months`` is how much of the year the values are about, where that is less than the period.
    """
    known = [number for _, *both in pairs for number in both if number.value is not None]
    if not known:
        page.absent(label)
        return False
    now, before = str(page.facts.year), str(page.facts.last_year)
    title = asked.chart_title(page, finding, label)
    counted = "procent" if known[0].unit is Unit.PERCENT else "antal"
    said = "; ".join(
        f"{name} {described([(before, earlier), (now, later)]).replace('; ', ', ')}"
        for name, later, earlier in pairs
    )
    description = f"Stående staplar: {small_first(label)}, {counted}, {before} och {now}. {said}."
    part = f"{months} månader av året" if 0 < months < WHOLE_YEAR else "hela året"
    period = when(page).removesuffix(now).strip() or part
    page.add(pair_chart(title, description, pairs, (before, now), caption=f"{label}, {period}"))
    return True


def target_said(page: Page, measure: str, lead: str = "Målet") -> list[Inline]:
    """The measure's target for the year as a sentence; nothing where it has none."""
    number = page.values.rows(TARGET).get((measure, str(page.facts.year)))
    followed = next((one for one in quality(page).followed if one.code == measure), None)
    if number is None or number.value is None:
        return [f"{lead} för {page.facts.year}: {followed.text}."] if followed and followed.text else []
    sign = AT_LEAST.get(followed.operator if followed else "", "")
    target = page.number(TARGET, measure, str(page.facts.year), suffix=True)
    return [f"{lead} för {page.facts.year} är {sign}", target, "."]


def country_said(page: Page, measure: str) -> list[Inline]:
    """The country's value of the measure as a sentence; nothing where it is not known."""
    year = str(page.facts.year)
    found: list[Inline] = []
    for name, part in settings(page, measure):
        if page.values.rows(COUNTRY).get((measure, part, year)) is not None:
            number = page.number(COUNTRY, measure, part, year, suffix=True)
            found += [", " if found else "", f"{lower_first(name)} " if part != ALL else "", number]
    return ["I riket: ", *(part for part in found if part != ""), "."] if found else []


def signed(operator: str, number: Number) -> tuple[Inline, ...]:
    """A target in a table: its number, with the condition where it is not "at least"."""
    sign = OPERATOR_SIGNS.get(operator)
    return (f"{sign}\u00a0", number) if sign else (number,)
