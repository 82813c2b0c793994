"""Rules of critical factors: whether an outcome meets a target, and when a person must judge instead."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from roder.measures.rules import meets

Faults = dict[str, str]
MET, MISSED, BY_HAND, NO_OUTCOME, NO_TARGET = "met", "missed", "by_hand", "no_outcome", "no_target"
TONES = {MET: "good", MISSED: "bad", BY_HAND: "none", NO_OUTCOME: "none", NO_TARGET: "none"}
WORDS = {
    MET: "Når målvärdet",
    MISSED: "Når inte målvärdet",
    BY_HAND: "Bedöms för hand",
    NO_OUTCOME: "Utfall saknas",
    NO_TARGET: "Målvärde saknas",
}
WHY = {
    BY_HAND: "Målvärdet är skrivet med ord. Roder gissar inte: skriv bedömningen i uppföljningen.",
    NO_OUTCOME: "Inget utfall är inläst än.",
    NO_TARGET: "Nyckeltalet har inget målvärde för året.",
}


@dataclass(frozen=True)
class Wanted:
    """The target of a year as the rule needs it: a number with its operator, or words."""

    operator: str
    value: Decimal | None
    text: str = ""


def judge(outcome: Decimal | None, wanted: Wanted | None) -> str:
    """How an outcome stands against its target. Words are never guessed at: then a person must judge."""
    if wanted is None or (wanted.value is None and not wanted.text):
        return NO_TARGET
    if outcome is None:
        return NO_OUTCOME
    if wanted.value is None:
        return BY_HAND
    return MET if meets(outcome, wanted.operator, wanted.value) else MISSED


def told_faults(decided_on: date | None, told_on: date | None, today: date) -> Faults:
    """What is wrong with the day factors were told to the committee: they are decided first."""
    if told_on is None:
        return {"told_on": "Ange vilken dag faktorerna anmäldes till nämnden."}
    if decided_on is None:
        return {"told_on": "Faktorerna är inte beslutade av förvaltningen. Skriv in beslutet först."}
    if told_on < decided_on:
        return {"told_on": f"Faktorerna kan inte anmälas innan de är beslutade ({decided_on}). Rätta dagen."}
    if told_on > today:
        return {"told_on": "Dagen har inte varit än. Skriv in den när faktorerna är anmälda."}
    return {}
