"""Cells of the files of risks and controls: scores on the committee's own scale, and what a plan says in words."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import TypeVar

from django.db.models import Model, QuerySet

from roder.control.models import ControlPlan, ControlPoint, RiskAnalysis
from roder.core.faults import UserFault
from roder.core.numbers import whole_number
from roder.imports.cells import (
    CellFault,
    Context,
    Reader,
    Values,
    YesNo,
    close_to,
    read_year,
    without_sheet_date,
)
from roder.organisation.models import Role

M = TypeVar("M", bound=Model)
#: The largest number that can be asked for each time, as the database keeps it.
MOST = 2_000_000_000
_NUMBER = re.compile(r"\d+")
_SHARE = re.compile(r"(\d{1,3}(?:[,.]\d{1,2})?) ?(?:%|procent)", re.IGNORECASE)
_EVERYBODY = ("samtliga", "alla", "hela", "100 %", "100%")
MONTHS = ("januari", "februari", "mars", "april", "maj", "juni", "juli", "augusti", "september", "oktober",
          "november", "december")  # fmt: skip
_OCCASIONS = {
    "delår": "interim",
    "årsbokslut": "annual",
    "bokslut": "annual",
    "helår": "annual",
    "årets slut": "annual",
}
_TIMES = (
    (re.compile(r"(\d+) ?(?:ggr|gånger|gång|g)\.? ?(?:/|per |om )? ?(?:år|året)"), 1),
    (re.compile(r"(\d+) ?(?:ggr|gånger|gång|g)\.? ?(?:/|per |i )? ?mån"), 12),
)
_WORDS = (
    ("en gång per år", 1), ("en gång om året", 1), ("årlig", 1), ("två gånger", 2), ("halvår", 2), ("var 6:e månad", 2),
    ("tre gånger", 3), ("tertial", 3), ("kvartal", 4), ("varje månad", 12), ("månadsvis", 12), ("månatlig", 12),
    ("varje vecka", 52), ("veckovis", 52),
)  # fmt: skip
METHODS = (
    ("stickprov", "sample"), ("totalundersökning", "all"), ("samtliga", "all"), ("enkät", "survey"),
    ("intervju", "interview"), ("dokument", "documents"), ("granskning", "documents"), ("analys", "analysis"),
    ("redovisning", "analysis"), ("följa", "analysis"),
)  # fmt: skip


def of_year(rows: QuerySet[M], context: Context) -> M | None:
    """The committee's row of the year that the file is read in for; the latest when no year is said."""
    own = rows.filter(committee=context.committee).order_by("-year")
    return (own.filter(year=context.year) if context.year else own).first()


def _analysis(context: Context) -> RiskAnalysis:
    """The analysis of the year that the file is read in for. Raises UserFault without one."""
    found = of_year(RiskAnalysis.objects.select_related("scale"), context)
    if found is None:
        raise UserFault(
            f"det finns ingen riskanalys för {context.year or context.committee}. "
            "Ange vilket år risklistan gäller (--year)."
        )
    return found


@dataclass(frozen=True)
class AnalysisCell:
    """The analysis of the year in the cell; of the year that the file is read in for when it is empty."""

    types: tuple[str, ...] = ("BIGINT",)

    def reader(self, context: Context) -> Reader:
        """Only the year that is read in for: a file is about one analysis, whose scale its scores are given by."""
        analysis = _analysis(context)

        def read(text: str) -> Values:
            if text and read_year(text) != analysis.year:
                raise CellFault(
                    f"raden gäller {text} men filen läses in för {analysis.year}",
                    "Läs in ett år i taget, och ange året (--year).",
                )
            return (analysis.pk,)

        return read


@dataclass(frozen=True)
class ScaleCell:
    """The scale of the analysis: what the scores of the file are given by. Read from no column of its own."""

    types: tuple[str, ...] = ("BIGINT",)

    def reader(self, context: Context) -> Reader:
        """Looks it up once."""
        scale_id = _analysis(context).scale_id
        return lambda text: (scale_id,)


@dataclass(frozen=True)
class Score:
    """Likelihood and impact on the committee's scale, and the state that follows, with its reason.

    A retired risk says so (``utgar``), or is written with the value that the scale has for it (0 in Kungsör). An empty
    score is not scored yet.
    """

    types: tuple[str, ...] = ("SMALLINT", "SMALLINT", "VARCHAR", "VARCHAR")

    def offered(self, context: Context, name: str) -> list[str]:
        """The steps of the scale, when the year has an analysis with one; yes and no for what goes."""
        from roder.control.services.scales import scale_of  # noqa: PLC0415 - rooms are loaded first

        if name == "utgar":
            return ["ja", "nej"]
        analysis = of_year(RiskAnalysis.objects.select_related("scale"), context)
        if analysis is None or name not in ("sannolikhet", "konsekvens"):
            return []
        scale = scale_of(analysis.scale)
        steps = scale.likelihood.steps if name == "sannolikhet" else scale.impact.steps
        return [str(step.value) for step in steps]

    def reader(self, context: Context) -> Reader:
        """Each score must be a step of the scale."""
        from roder.control.services.scales import scale_of  # noqa: PLC0415 - rooms are loaded first

        scale = scale_of(_analysis(context).scale)
        steps = {
            "sannolikhet": [step.value for step in scale.likelihood.steps],
            "konsekvens": [step.value for step in scale.impact.steps],
        }
        is_retired = YesNo().reader(context)

        def one(name: str, text: str) -> int | None:
            word = without_sheet_date(text)
            if not word:
                return None
            number = whole_number(word, 4)
            if number is not None and (number in steps[name] or number == scale.retired_value):
                return number
            low, high = min(steps[name]), max(steps[name])
            raise CellFault(f"”{text}” är inte ett steg på skalan", f"Skriv {low}–{high}.", name)

        def read(likelihood_text: str, impact_text: str, gone: str, why: str) -> Values:
            scores = one("sannolikhet", likelihood_text), one("konsekvens", impact_text)
            said = bool(gone) and bool(is_retired(gone)[0])
            if said or scores == (scale.retired_value, scale.retired_value) != (None, None):
                if said and any(score not in (None, scale.retired_value) for score in scores):
                    raise CellFault("risken utgår men är bedömd", "Ta bort bedömningen eller nejet.", "utgar")
                return None, None, "retired", why or "Utgår enligt den inlästa filen"
            unscored = [
                score is None or score not in steps[name] for name, score in zip(steps, scores, strict=True)
            ]
            if any(unscored) and not all(score is None for score in scores):
                raise CellFault(
                    "bara en av sannolikhet och konsekvens är bedömd",
                    "Skriv båda, eller lämna båda tomma.",
                    "konsekvens",
                )
            return *scores, "active", ""

        return read


@dataclass(frozen=True)
class PointCell:
    """The control point of the year's plan that a control belongs to, by the number of its risk.

    ``punkt`` is what the point is to be called in the plan; it is set when the file has been read in.
    """

    types: tuple[str, ...] = ("BIGINT",)

    def reader(self, context: Context) -> Reader:
        """Looks up the plan's points once."""
        plan = of_year(ControlPlan.objects.all(), context)
        if plan is None:
            raise UserFault(
                f"det finns ingen internkontrollplan för {context.year or context.committee}. "
                "Ange vilket år planen gäller (--year)."
            )
        points = ControlPoint.objects.filter(plan=plan).select_related("risk")
        by_risk = {point.risk.number.casefold(): point.pk for point in points if point.risk is not None}

        def read(text: str) -> Values:
            found = by_risk.get(without_sheet_date(text).strip().casefold())
            if found is None:
                known = ", ".join(point.risk.number for point in points if point.risk) or "inga"
                raise CellFault(
                    f"planen för {plan.year} har ingen kontrollpunkt för risk {text}",
                    f"Välj Internkontrollpunkt som hantering för risken först. Punkter finns för risk {known}."
                    f"{close_to(text, by_risk)}",
                )
            return (found,)

        return read


@dataclass(frozen=True)
class Extent:
    """How much is checked each time: ”5 st/mätning”, ”10 %” or ”samtliga”, and the words as they stand."""

    types: tuple[str, ...] = ("VARCHAR", "INTEGER", "DECIMAL(5, 2)", "VARCHAR")

    def reader(self, context: Context) -> Reader:
        """A sum such as ”5 + 5 st” is added up."""

        def read(text: str) -> Values:
            words = text.strip()
            if len(words) > 200:
                raise CellFault(f"omfattningen har {len(words)} tecken, högst 200 får plats", "Korta texten.")
            if not words or words.casefold().startswith(_EVERYBODY):
                return "all", None, None, words
            if share := _SHARE.search(words):
                percent = Decimal(share[1].replace(",", "."))
                if not 0 < percent <= 100:
                    raise CellFault(f"”{text}” är ingen andel", "Skriv mellan 0 och 100 procent.")
                return "share", None, percent, words
            numbers = [int(one) for one in _NUMBER.findall(words.partition("/")[0])]
            if not numbers or not 0 < sum(numbers) <= MOST:
                raise CellFault(
                    f"”{text}” säger inte hur mycket som kontrolleras",
                    "Skriv till exempel 5 st, 10 % eller samtliga.",
                )
            return "number", sum(numbers), None, words

        return read


@dataclass(frozen=True)
class Frequency:
    """How often: the words, and how many times a year they mean (1 where they do not say)."""

    types: tuple[str, ...] = ("VARCHAR", "SMALLINT")

    def reader(self, context: Context) -> Reader:
        """”2 ggr/år” is 2, ”1 g/mån” 12, ”kvartalsvis” 4."""

        def read(text: str) -> Values:
            if len(text) > 120:
                raise CellFault(f"frekvensen har {len(text)} tecken, högst 120 får plats", "Korta texten.")
            words = text.casefold()
            for pattern, factor in _TIMES:
                if (match := pattern.search(words)) and 0 < int(match[1]) * factor <= 366:
                    return text, int(match[1]) * factor
            return text, next((times for word, times in _WORDS if word in words), 1)

        return read


@dataclass(frozen=True)
class Method:
    """How it is checked: the method that the words begin to speak of, and the words as they stand."""

    types: tuple[str, ...] = ("VARCHAR", "VARCHAR")

    def reader(self, context: Context) -> Reader:
        """The first word that is known decides."""

        def read(text: str) -> Values:
            if len(text) > 300:
                raise CellFault(f"metoden har {len(text)} tecken, högst 300 får plats", "Korta texten.")
            words = text.casefold()
            found = [(words.find(word), code) for word, code in METHODS if word in words]
            if not found:
                raise CellFault(
                    f"metoden ”{text}” är okänd",
                    "Skriv stickprov, totalundersökning, intervju, enkät, granskning av dokument eller analys.",
                )
            return min(found)[1], text

        return read


@dataclass(frozen=True)
class Responsible:
    """Who is responsible: the words, and the role that gets the task. Words that are no role's give it to the quality
    strategist, who leads the work with internal control."""

    types: tuple[str, ...] = ("VARCHAR", "VARCHAR")

    def reader(self, context: Context) -> Reader:
        """A role by its code, its name, a short name, or the beginning of a longer title."""
        roles = {str(role.label).casefold(): role.value for role in Role} | {
            role.value: role.value for role in Role
        }
        roles |= {"mas": "mas", "sas": "sas", "mar": "mas"}

        def read(text: str) -> Values:
            words = text.strip()
            if len(words) > 120:
                raise CellFault(f"ansvarig har {len(words)} tecken, högst 120 får plats", "Korta texten.")
            lower = words.casefold()
            known = roles.get(lower) or next(
                (role for name, role in roles.items() if lower.startswith(f"{name} ")), ""
            )
            return words, known or Role.QUALITY_STRATEGIST.value

        return read


def _array(items: Iterable[object]) -> str:
    """A list as PostgreSQL reads it; the items are codes and numbers."""
    return "{" + ",".join(str(item) for item in items) + "}"


@dataclass(frozen=True)
class ReportedAt:
    """When it is told: ”delår”, ”årsbokslut” or months, and the words as they stand."""

    types: tuple[str, ...] = ("VARCHAR", "VARCHAR", "VARCHAR")

    def reader(self, context: Context) -> Reader:
        """At least one occasion or month."""

        def read(text: str) -> Values:
            words = text.casefold()
            occasions = list(dict.fromkeys(code for word, code in _OCCASIONS.items() if word in words))
            months = [number for number, month in enumerate(MONTHS, 1) if re.search(rf"\b{month}\b", words)]
            if not occasions and not months:
                raise CellFault(
                    f"”{text}” säger inte när kontrollen redovisas",
                    "Skriv delår, årsbokslut eller månader, till exempel maj och november.",
                )
            if len(text) > 200:
                raise CellFault(f"tillfället har {len(text)} tecken, högst 200 får plats", "Korta texten.")
            return _array(occasions), _array(months), text

        return read
