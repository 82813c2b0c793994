"""The flow of a deviation, as a declared state machine: which steps a case has, who does them, after what, by when.

Källa: SOSFS 2011:9 5 kap. (utreda, analysera, åtgärda, följa upp); patientsäkerhetslagen (2010:659) 3 kap. 5 § (lex
Maria); socialtjänstlagen (2001:453) 14 kap. 3–7 §§ (lex Sarah); kommunernas flöde för händelser: bedömning inom två
timmar dygnet runt, uppgifter inom 24 timmar eller nästkommande vardag, utredning inom 72 timmar. Pure functions.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Literal

from roder.tasks import rules as times

#: Who leads the unit where it happened, upwards. Roles of the rights matrix.
LINE = ("unit_manager", "casework_manager", "head_department", "head_administration")
#: Who assesses and evaluates for health care; the MAS answers for it and may step in.
PROFESSION = ("licensed", "mas")
OLDEST_YEARS = 10
#: States of a case that nobody works with any more, unless it is opened again.
SHUT = ("closed", "merged")
#: Steps of severity when the steering model states none: 3 and 4 are serious.
USUAL_SEVERITIES = ((1, False), (2, False), (3, True), (4, True))


class Code(StrEnum):
    """The steps of the flow, as they are stored."""

    ASSESSMENT = "assessment"
    FACTS = "facts"
    CLASSIFICATION = "classification"
    PROFESSION_CLASSIFICATION = "profession_classification"
    INVESTIGATION = "investigation"
    DEEP_ANALYSIS = "deep_analysis"
    DECISION = "decision"
    FOLLOW_UP = "follow_up"
    PROFESSION_FOLLOW_UP = "profession_follow_up"
    REVIEW = "review"


class Outcome(StrEnum):
    """What is decided on a serious case."""

    LEX_SARAH = "lex_sarah"
    LEX_MARIA = "lex_maria"
    NEITHER = "neither"


Group = Literal["unit", "profession"]


@dataclass(frozen=True)
class ActionState:
    """An action as the flow sees it. ``effect``: "", yes, partly, no or not_done; ``stated_at`` when that was said."""

    group: str
    added_at: datetime
    effect: str = ""
    stated_at: datetime | None = None
    dropped: bool = False

    @property
    def failed(self) -> bool:
        """Whether it was not done or had no effect, so that another must come after it."""
        return self.effect in ("no", "not_done")


@dataclass(frozen=True)
class Case:
    """A deviation as the flow sees it."""

    law: str = "sol"
    clinical: bool = False
    serious: bool = False
    done: frozenset[str] = frozenset()
    actions: tuple[ActionState, ...] = ()
    closed: bool = False
    merged: bool = False

    @property
    def open(self) -> bool:
        """Whether something may still be done to it."""
        return not (self.closed or self.merged)


Counted = Literal["discovered", "reported"]


@dataclass(frozen=True)
class Due:
    """When a step is due: ``amount`` units after a moment. ``code`` is the steering model's deadline that goes before
    the default; ``workday``: or the next working day, where that is later."""

    code: str
    amount: int
    unit: Literal["hours", "days"]
    counted_from: Counted = "reported"
    workday: bool = False


@dataclass(frozen=True)
class StepRule:
    """A step: who does it, after which steps, for which cases, and by when. ``optional`` ones do not hold up
    closing."""

    code: Code
    label: str
    deed: str
    by: tuple[str, ...]
    after: tuple[Code, ...] = ()
    when: Callable[[Case], bool] = lambda case: True
    due: Due | None = None
    optional: bool = False


def clinical(case: Case) -> bool:
    """Health care under HSL is assessed, classified and followed up by the profession as well."""
    return case.clinical


def serious(case: Case) -> bool:
    """Serious ones are analysed in depth and decided on."""
    return case.serious


def decides(law: str) -> tuple[str, ...]:
    """Who analyses and decides a serious case: MAS under HSL (lex Maria), SAS under SoL and LSS (lex Sarah)."""
    return ("mas",) if law == "hsl" else ("sas",)


def outcomes(law: str) -> tuple[Outcome, ...]:
    """What may be decided on a serious case under a law."""
    return (Outcome.LEX_MARIA if law == "hsl" else Outcome.LEX_SARAH, Outcome.NEITHER)


S = Code
#: The whole flow. ``by`` is empty where the law of the case decides who (``doers``).
FLOW: tuple[StepRule, ...] = (
    StepRule(
        S.ASSESSMENT, "Bedömning av legitimerad", "Bedöm om hembesök behövs", PROFESSION, when=clinical,
        due=Due("avvikelse_bedomning", 2, "hours", "discovered"),
    ),
    StepRule(
        S.FACTS, "Uppgifter om händelsen", "Lämna uppgifter om händelsen", LINE,
        due=Due("avvikelse_uppgifter", 24, "hours", workday=True),
    ),
    StepRule(
        S.CLASSIFICATION, "Klassificering", "Klassificera", (*LINE, "sas", "mas"),
        due=Due("avvikelse_klassificering", 72, "hours"),
    ),
    StepRule(
        S.PROFESSION_CLASSIFICATION, "Klassificering av legitimerad", "Klassificera som profession", PROFESSION,
        after=(S.ASSESSMENT,), when=clinical, due=Due("avvikelse_klassificering", 72, "hours"),
    ),
    StepRule(
        S.INVESTIGATION, "Utredning", "Utred", LINE, after=(S.FACTS, S.CLASSIFICATION),
        due=Due("avvikelse_utredning", 72, "hours"),
    ),
    StepRule(
        S.DEEP_ANALYSIS, "Fördjupad analys", "Gör fördjupad analys", (), after=(S.CLASSIFICATION,), when=serious,
        due=Due("avvikelse_analys", 21, "days"),
    ),
    StepRule(
        S.DECISION, "Beslut om lex Sarah eller lex Maria", "Besluta", (), after=(S.DEEP_ANALYSIS,), when=serious,
        due=Due("avvikelse_beslut", 30, "days"),
    ),
    StepRule(
        S.FOLLOW_UP, "Uppföljning av enhetens åtgärder", "Följ upp enhetens åtgärder", LINE,
        after=(S.INVESTIGATION,), due=Due("avvikelse_uppfoljning", 30, "days"),
    ),
    StepRule(
        S.PROFESSION_FOLLOW_UP, "Uppföljning av professionens åtgärder", "Följ upp professionens åtgärder", PROFESSION,
        after=(S.INVESTIGATION, S.PROFESSION_CLASSIFICATION), when=clinical,
        due=Due("avvikelse_uppfoljning", 30, "days"),
    ),
    StepRule(
        S.REVIEW, "Översyn av MAS", "Gör översyn", ("mas",), after=(S.FOLLOW_UP, S.PROFESSION_FOLLOW_UP),
        when=clinical, optional=True,
    ),
)  # fmt: skip
RULES: dict[str, StepRule] = {rule.code.value: rule for rule in FLOW}
#: Which group of actions a follow-up is about.
FOLLOWS: dict[str, str] = {S.FOLLOW_UP: "unit", S.PROFESSION_FOLLOW_UP: "profession"}
#: Who may end a case, and open it again.
CLOSES = (*LINE, "sas", "mas")


def steps(case: Case) -> tuple[StepRule, ...]:
    """The steps that the case has, in order. What has been done stays, also when it is no longer asked for."""
    return tuple(rule for rule in FLOW if rule.when(case) or rule.code in case.done)


def doers(code: str, case: Case) -> tuple[str, ...]:
    """The roles that do a step in this case."""
    return RULES[code].by or decides(case.law)


def waits_for(code: str, case: Case) -> tuple[StepRule, ...]:
    """The steps that must be done first and are not."""
    mine = {rule.code for rule in steps(case)}
    return tuple(RULES[one] for one in RULES[code].after if one in mine and one not in case.done)


def ready(case: Case) -> tuple[StepRule, ...]:
    """The steps that somebody can do now."""
    if not case.open:
        return ()
    return tuple(
        rule for rule in steps(case) if rule.code not in case.done and not waits_for(rule.code, case)
    )


def unsettled(actions: Iterable[ActionState], group: str = "") -> list[str]:
    """What is missing before a group's actions (all when none is given) can be left: an effect that has not been
    stated, or a new action after one that was not done or had no effect. Swedish sentences."""
    kept = [one for one in actions if not one.dropped and group in ("", one.group)]
    faults = []
    silent = sum(not one.effect for one in kept)
    if silent:
        faults.append(
            "En åtgärd saknar uppgift om effekt."
            if silent == 1
            else f"{silent} åtgärder saknar uppgift om effekt."
        )
    for one in kept:
        later = any(
            other is not one
            and other.group == one.group
            and one.stated_at
            and other.added_at >= one.stated_at
            for other in kept
        )
        if one.failed and not later:
            faults.append("En åtgärd är inte genomförd eller hade ingen effekt: lägg till en ny åtgärd.")
            break
    return faults


def refusal(code: str, case: Case, roles: Iterable[str]) -> str:
    """Why somebody with these roles may not do a step now; empty when they may. A Swedish sentence."""
    rule = RULES[code]
    if case.merged:
        return "Avvikelsen är sammanförd med en annan. Arbeta vidare i den."
    if case.closed and not rule.optional:
        return "Avvikelsen är avslutad. Öppna den igen för att ändra något."
    if rule not in steps(case):
        return f"Steget ”{rule.label}” ingår inte i det här ärendet."
    if not set(roles) & set(doers(code, case)):
        return f"Steget ”{rule.label}” görs av {words_of(doers(code, case))}."
    if waiting := waits_for(code, case):
        return f"Först ska detta göras: {', '.join(one.label.lower() for one in waiting)}."
    if (group := FOLLOWS.get(code)) and (faults := unsettled(case.actions, group)):
        return " ".join(faults)
    return ""


def obstacles(case: Case) -> list[str]:
    """What stands in the way of closing the case. Swedish sentences; an empty list: it can be closed."""
    if not case.open:
        return ["Avvikelsen är redan avslutad."]
    left = [rule for rule in steps(case) if not rule.optional and rule.code not in case.done]
    found = []
    if case.serious and S.DECISION not in case.done:
        found.append("En allvarlig händelse kan inte avslutas utan beslut om lex Sarah eller lex Maria.")
    missing = [rule.label.lower() for rule in left if rule.code is not S.DECISION]
    if missing:
        found.append(f"Det här är inte gjort: {', '.join(missing)}.")
    return [*found, *unsettled(case.actions)]


def merge_obstacle(case: Case, into: Case) -> str:
    """Why a case may not be merged into another; empty when it may. Merging must not be a way round the decision."""
    if not case.open or not into.open:
        return "Båda avvikelserna ska vara öppna för att kunna föras samman."
    if case.serious and not into.serious and S.DECISION not in case.done:
        return "Den här händelsen är allvarlig men inte den andra. Klassificera den andra först, eller besluta här."
    if unsettled(case.actions):
        return "Åtgärderna i den här avvikelsen ska vara uppföljda eller strukna innan den förs samman."
    return ""


def may_lower(roles: Iterable[str], before: bool, after: bool) -> bool:
    """Whether these roles may make a serious case one that is not: only SAS and MAS, who answer for the decision."""
    return not (before and not after) or bool({"sas", "mas"} & set(roles))


def classifies(roles: Iterable[str], case: Case) -> Code | None:
    """Which classification somebody makes: the profession's in a clinical case, else the unit's. None: neither.

    Who holds a role of each makes the profession's first and then, when that is done, the unit's.
    """
    held = set(roles)
    unit = bool(held & set(RULES[S.CLASSIFICATION].by))
    profession = case.clinical and bool(held & set(PROFESSION))
    if profession and not (unit and S.PROFESSION_CLASSIFICATION in case.done):
        return S.PROFESSION_CLASSIFICATION
    return S.CLASSIFICATION if unit else None


def undone_by_reopening() -> frozenset[str]:
    """The steps that must be done again when a case is opened again: what was done is followed up once more."""
    return frozenset({S.FOLLOW_UP, S.PROFESSION_FOLLOW_UP, S.REVIEW})


def state(case: Case) -> str:
    """How far the case has come, from what is done: the last step in order that is finished with all before it."""
    if case.merged:
        return "merged"
    if case.closed:
        return "closed"
    followed = [rule.code for rule in steps(case) if rule.code in FOLLOWS]
    if all(code in case.done for code in followed):
        return "followed_up"
    if S.DECISION in case.done and S.INVESTIGATION in case.done:
        return "decided"
    if S.INVESTIGATION in case.done:
        return "investigated"
    return "classified" if S.CLASSIFICATION in case.done else "reported"


def implied(case: Case, said: str, *, classified: bool = False) -> frozenset[str]:
    """The steps that must have been done in another system for the case to be in the state that is ``said`` of it, in
    the order of the flow. What nobody can know was done (an assessment by the profession, say) is taken as done when
    something after it was. ``classified``: it has a day of classification, whatever else is said."""
    done = case.done
    for rule in steps(case):
        is_there = state(replace(case, done=done)) == said
        if (S.CLASSIFICATION in done or not classified) if said == "reported" else is_there:
            break
        done |= {rule.code.value}
    return done - case.done


# --- the report -------------------------------------------------------------------------------------------------------


def faults_of_times(occurred: datetime | None, discovered: datetime | None, now: datetime) -> dict[str, str]:
    """What is wrong with the times of a report, by field, in Swedish. The moments carry their time zone."""
    faults: dict[str, str] = {}
    if occurred is None:
        faults["occurred_at"] = "Ange när det hände. Vet du inte säkert: ange ungefär när."
    elif occurred > now:
        faults["occurred_at"] = "Tiden ligger framåt i tiden. Ange när det hände."
    elif occurred < now - timedelta(days=round(365.25 * OLDEST_YEARS)):
        faults["occurred_at"] = f"Tiden ligger mer än {OLDEST_YEARS} år tillbaka. Kontrollera årtalet."
    if discovered is not None and discovered > now:
        faults["discovered_at"] = "Tiden ligger framåt i tiden. Ange när det upptäcktes."
    elif discovered is not None and occurred is not None and discovered < occurred:
        faults["discovered_at"] = "Händelsen kan inte ha upptäckts innan den hände. Kontrollera båda tiderna."
    return faults


def law_of(types_clinical: Iterable[bool], area_law: str) -> str:
    """The law of a case: HSL when a type is assessed by licensed staff, else the service area's (SoL or LSS)."""
    if any(types_clinical):
        return "hsl"
    return "lss" if area_law.lower() == "lss" else "sol"


# --- the clock --------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Clock:
    """The moments that the deadlines are counted from, with the steering model's own deadlines by code: (amount,
    unit)."""

    discovered: datetime
    reported: datetime
    stated: Mapping[str, tuple[int, str]] = field(default_factory=dict)


def due(code: str, clock: Clock) -> times.Due | None:
    """When a step is due, or None. Two hours are two hours, also at night and when the clocks change."""
    rule = RULES[code].due
    if rule is None:
        return None
    amount, unit = clock.stated.get(rule.code, (rule.amount, rule.unit))
    begun = clock.discovered if rule.counted_from == "discovered" else clock.reported
    return times.Within(amount, unit, or_next_working_day=rule.workday).due(begun)  # type: ignore[arg-type]


def as_due(at: datetime) -> times.Due:
    """A stored due moment: midnight in Swedish time is the end of the day before."""
    local = at.astimezone(times.SWEDEN)
    return times.Due(at, whole_day=(local.hour, local.minute, local.second) == (0, 0, 0))


WORDS = {
    "unit_manager": "enhetschefen", "licensed": "legitimerad personal", "mas": "MAS", "sas": "SAS",
}  # fmt: skip


def words_of(roles: Iterable[str]) -> str:
    """The roles that do a step, in words: those who answer for it first, not everybody above them in the line."""
    named = [WORDS[role] for role in roles if role in WORDS]
    if named == [WORDS["unit_manager"], WORDS["sas"], WORDS["mas"]]:
        return "enhetschefen, SAS eller MAS"
    return " eller ".join(named)


def with_done(case: Case, code: str) -> Case:
    """The case after a step is done."""
    return replace(case, done=case.done | {code})
