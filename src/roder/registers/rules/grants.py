"""Grants to associations: shares of the total, the check of printed sums, criteria, and which deed may follow which.

Amounts are whole or decimal kronor. Faults are given as field -> Swedish message, so that a form can put each beside
its field.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from roder.core.numbers import Unit, format_value, round_half_away

Money = Decimal | int

#: The criteria that an application is tried against, in the order they are shown.
CRITERIA: Mapping[str, str] = {
    "local": "verkar i kommunen",
    "social": "inom det sociala området",
    "complete": "fullständig ansökan",
}

#: deed -> (the states it may be done in, the state it leads to; "" keeps the state).
MOVES: Mapping[str, tuple[tuple[str, ...], str]] = {
    "ask_completion": (("received", "incomplete"), "incomplete"),
    "complete": (("incomplete",), "received"),
    "assess": (("received", "incomplete", "assessed"), "assessed"),
    "decide": (("assessed", "decided"), "decided"),
    "agree": (("decided",), ""),
    "report": (("decided", "reported"), "reported"),
}


def may(deed: str, state: str) -> bool:
    """Whether the deed may be done to an application in this state."""
    return state in MOVES[deed][0]


def kronor(amount: Money) -> str:
    """An amount as people read it: ``12 150 kr`` with no-break spaces, öre only when there are any."""
    whole = Decimal(amount)
    return format_value(whole, Unit.KRONOR, 0 if whole == whole.to_integral_value() else 2, suffix=True)


def share(amount: Money | None, total: Money) -> int | None:
    """The amount's share of the total in whole percent, halves away from zero. None without amount or total."""
    if amount is None or total == 0:
        return None
    return int(round_half_away(Decimal(amount) * 100 / Decimal(total)))


@dataclass(frozen=True)
class SumCheck:
    """Rows against the total that was printed. ``missing`` is what the rows lack to reach it (negative: too much)."""

    added: Decimal
    printed: Decimal | None

    @property
    def missing(self) -> Decimal:
        """Printed total minus the rows; 0 where no total was printed."""
        return Decimal(0) if self.printed is None else self.printed - self.added

    @property
    def right(self) -> bool:
        """Whether the rows add up to what was printed (or nothing was)."""
        return self.missing == 0

    def text(self, year: int) -> str:
        """What the check found, in words; empty when all is right."""
        if self.right or self.printed is None:
            return ""
        what = "saknas" if self.missing > 0 else "är för mycket"
        return (
            f"{year}: raderna blir {kronor(self.added)}, men tryckt summa är {kronor(self.printed)}. "
            f"{kronor(abs(self.missing))} {what}."
        )


def check_sum(amounts: Sequence[Money | None], printed: Money | None) -> SumCheck:
    """Add the rows up (a missing amount adds nothing) and lay them beside the printed total."""
    added = sum((Decimal(one) for one in amounts if one is not None), Decimal(0))
    return SumCheck(added, None if printed is None else Decimal(printed))


@dataclass(frozen=True)
class WrongShare:
    """A printed share that is not the amount's share of what the rows add up to."""

    name: str
    printed: int
    right: int


def wrong_shares(rows: Sequence[tuple[str, Money | None, int | None]]) -> list[WrongShare]:
    """The rows (name, amount, printed share) whose printed share differs from the share of the rows' own sum."""
    total = check_sum([amount for _, amount, _ in rows], None).added
    found = []
    for name, amount, printed in rows:
        right = share(amount, total)
        if printed is not None and right is not None and right != printed:
            found.append(WrongShare(name, printed, right))
    return found


def unmet(criteria: Mapping[str, bool | None]) -> list[str]:
    """The criteria in words that are not met."""
    return [words for name, words in CRITERIA.items() if criteria.get(name) is False]


def assessment_faults(
    criteria: Mapping[str, bool | None], sought: Money | None, proposed: Money | None, reduced_why: str
) -> dict[str, str]:
    """What stands in the way of an assessment: every criterion is answered, a proposal follows them, and a proposal
    below what was sought says why."""
    faults = {
        name: f"Svara ja eller nej: {words}?"
        for name, words in CRITERIA.items()
        if criteria.get(name) is None
    }
    if proposed is None:
        faults["proposed"] = "Skriv förslaget i kronor. 0 betyder avslag."
        return faults
    failing = unmet(criteria)
    if proposed > 0 and failing:
        faults["proposed"] = (
            f"Ansökan uppfyller inte kriteriet ”{failing[0]}”. Föreslå 0 kr, eller ändra bedömningen av kriteriet."
        )
    elif sought is not None and proposed > sought:
        faults["proposed"] = f"Förslaget är mer än föreningen har sökt ({kronor(sought)})."
    elif sought is not None and proposed < sought and not reduced_why.strip():
        faults["reduced_why"] = (
            f"Skriv varför beloppet är lägre än det sökta ({kronor(sought - proposed)} lägre)."
        )
    return faults


def completion_faults(asked: date | None, by: date | None, received: date | None) -> dict[str, str]:
    """A request to complete has two days, in order, and is not made before the application came."""
    faults: dict[str, str] = {}
    if asked is None:
        faults["completion_asked_on"] = "Ange dagen då kompletteringen begärdes."
    elif received is not None and asked < received:
        faults["completion_asked_on"] = f"Ansökan kom in {received}. Kompletteringen kan inte begäras innan."
    if by is None:
        faults["complete_by"] = "Ange sista dag för kompletteringen."
    elif asked is not None and by < asked:
        faults["complete_by"] = "Sista dag kan inte ligga före dagen då kompletteringen begärdes."
    return faults


def decision_faults(granted: Money | None, decided_on: date | None, today: date) -> dict[str, str]:
    """A decision has an amount (0 at refusal) and a day that has been."""
    faults = {}
    if granted is None:
        faults["granted"] = "Ange det beviljade beloppet (0 vid avslag)."
    elif granted < 0:
        faults["granted"] = "Beloppet kan inte vara negativt."
    if decided_on is None:
        faults["decided_on"] = "Ange dagen för beslutet."
    elif decided_on > today:
        faults["decided_on"] = "Beslutet kan inte ligga i framtiden."
    return faults


def in_time(received: date | None, closes: date | None) -> bool | None:
    """Whether an application came by the last day; None when either day is unknown."""
    return None if received is None or closes is None else received <= closes


def report_by(year: int) -> date:
    """The day by which a year's grant is reported when nothing else is agreed: the last of February after."""
    return date(year + 1, 3, 1) - timedelta(days=1)


def organisation_number_fault(text: str) -> str:
    """What is wrong with an organisation number, or nothing. Its third digit is at least 2, which no personal number's
    is, and its last one checks the others (lag 1974:174 om identitetsbeteckning för juridiska personer m.fl.)."""
    digits = text.replace("-", "").strip()
    if not digits:
        return ""
    if len(digits) != 10 or not digits.isascii() or not digits.isdecimal():
        return "Skriv organisationsnumret med tio siffror, till exempel 802000-0009."
    if int(digits[2]) < 2:
        return (
            "Det ser ut som ett personnummer. Skriv föreningens organisationsnummer, eller lämna fältet tomt."
        )
    doubled = [int(sign) * (2 if at % 2 == 0 else 1) for at, sign in enumerate(digits)]
    if sum(one // 10 + one % 10 for one in doubled) % 10:
        return "Kontrollsiffran stämmer inte. Jämför organisationsnumret med föreningens handling."
    return ""
