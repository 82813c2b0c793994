"""Which step may follow which in the small registers, and what each step must have. Pure.

Faults are given as field -> Swedish message.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from roder.core.numbers import format_number
from roder.core.words import capital_first

Moves = Mapping[str, tuple[tuple[str, ...], str]]

#: A digital need: deed -> (the states it may be done in, the state it leads to).
NEED_MOVES: Moves = {
    "council": (("need", "council"), "council"),
    "decide": (("council", "decided"), "decided"),
    "introduce": (("decided", "introduced"), "introduced"),
    "evaluate": (("introduced", "evaluated"), "evaluated"),
    "decline": (("need", "council", "decided"), "declined"),
    "reopen": (("declined",), "need"),
}
#: A state grant.
STATE_GRANT_MOVES: Moves = {
    "apply": (("planned", "applied"), "applied"),
    "grant": (("planned", "applied", "granted"), "granted"),
    "refuse": (("applied",), "refused"),
    "requisition": (("granted",), "granted"),
    "use": (("granted",), "granted"),
    "report": (("granted", "reported"), "reported"),
}


def may(moves: Moves, deed: str, state: str) -> bool:
    """Whether the deed may be done in this state."""
    return state in moves[deed][0]


def in_order(days: Sequence[tuple[str, str, date | None]]) -> dict[str, str]:
    """Days (field, what, day) that must not run backwards; each that does is at fault. Unknown days are passed over."""
    faults: dict[str, str] = {}
    last: tuple[str, date] | None = None
    for name, what, day in days:
        if day is None:
            continue
        if last is not None and day < last[1]:
            faults[name] = f"{capital_first(what)} ({day}) kan inte ligga före {last[0]} ({last[1]})."
        else:
            last = (what, day)
    return faults


def missing(given: Mapping[str, object], wanted: Mapping[str, str]) -> dict[str, str]:
    """The fields of ``wanted`` (field -> message) that have no value."""
    return {name: told for name, told in wanted.items() if given.get(name) in (None, "")}


def used_fault(
    used: Decimal | None, granted: Decimal | None, returned: Decimal | None = None
) -> dict[str, str]:
    """More cannot have been used, or used and paid back together, than was granted."""
    if used is None or granted is None:
        return {}
    if used > granted:
        return {
            "used": "Mer kan inte vara använt än vad som är beviljat. Skriv det som var över som återbetalning."
        }
    if returned is not None and used + returned > granted:
        return {
            "returned": f"Använt och återbetalt blir tillsammans mer än beviljade {format_number(granted)} kronor."
        }
    return {}


def period_fault(starts: date | None, ends: date | None) -> dict[str, str]:
    """A period that ends before it begins."""
    if starts is not None and ends is not None and ends < starts:
        return {"ends_on": f"Perioden slutar {ends}, innan den börjar {starts}. Rätta dagarna."}
    return {}


@dataclass(frozen=True)
class StateGrantRule:
    """A state grant whose days follow from a rule. ``report`` is in the year after the grant's."""

    code: str
    name: str
    authority: str
    source: str
    conditions: str
    apply: tuple[int, int]
    report: tuple[int, int]

    def apply_by(self, year: int) -> date:
        """The last day to apply for the grant of a year."""
        return date(year, *self.apply)

    def report_by(self, year: int) -> date:
        """The last day to report how the grant of a year was used."""
        return date(year + 1, *self.report)

    def values(self, year: int) -> dict[str, object]:
        """What the grant of a year begins with, by field."""
        return {
            "authority": self.authority,
            "source": self.source,
            "conditions": self.conditions,
            "apply_by": self.apply_by(year),
            "report_by": self.report_by(year),
        }


#: Grants with days of their own. Source: HSLF-FS 2016:98, 2 § (apply by 1 March of the grant's year); use is reported
#: to the county administrative board by 15 January of the year after.
STATE_GRANTS: tuple[StateGrantRule, ...] = (
    StateGrantRule(
        code="personligt-ombud",
        name="Personligt ombud",
        authority="Länsstyrelsen",
        source="HSLF-FS 2016:98",
        conditions="Söks av nämnden som ansvarar för socialtjänsten. Fördelas efter antalet årsanställningar.",
        apply=(3, 1),
        report=(1, 15),
    ),
)
#: A day that is nearer than this is shown as near.
SOON_DAYS = 60


def tone(due: date, done: date | None, today: date) -> tuple[str, str]:
    """How a deadline stands: the word and the tone."""
    if done is not None:
        return ("gjort i tid", "good") if done <= due else ("gjort sent", "near")
    if due < today:
        return "försenat", "bad"
    return ("snart", "near") if (due - today).days <= SOON_DAYS else ("kommande", "none")


def revision_tone(
    revise_by: date | None, repealed: date | None, valid_to: date | None, today: date
) -> tuple[str, str]:
    """How a steering document stands: repealed, expired, overdue for revision, soon, or in force."""
    if repealed is not None and repealed <= today:
        return "upphävt", "none"
    if valid_to is not None and valid_to < today:
        return "har slutat gälla", "bad"
    if revise_by is not None and revise_by < today:
        return "revidering försenad", "bad"
    if revise_by is not None and (revise_by - today).days <= SOON_DAYS:
        return "revideras snart", "near"
    return "gäller", "good"
