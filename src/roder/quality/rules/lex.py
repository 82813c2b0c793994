"""Rules of lex Sarah and lex Maria: which decisions agree with an investigation, what follows, and when it is due.

Källor: 14 kap. 3–7 §§ socialtjänstlagen (2001:453), 24 a–24 f §§ LSS, SOSFS 2011:5 (lex Sarah);
3 kap. 5 § patientsäkerhetslagen (2010:659) och HSLF-FS 2017:41 (lex Maria).
"""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache

NOT_MISCONDUCT = "not_misconduct"
MISCONDUCT = "misconduct"
SERIOUS = "serious"
NOT_OWN = "not_own"
LEX_MARIA = "lex_maria"
WORK_ENVIRONMENT = "work_environment"


@dataclass(frozen=True)
class Consequence:
    """What a decision demands of the case before, and of people after."""

    investigated: bool  # the investigation must be finished first
    to_inspectorate: bool  # IVO is told without delay
    handed_to: str = ""  # the role that takes it over
    lex_maria: bool = False  # a lex Maria case is opened, with the MAS


#: outcome -> what it demands. A report that is not for lex Sarah at all is sent on without an investigation.
CONSEQUENCES: dict[str, Consequence] = {
    NOT_MISCONDUCT: Consequence(investigated=True, to_inspectorate=False),
    MISCONDUCT: Consequence(investigated=True, to_inspectorate=False),
    SERIOUS: Consequence(investigated=True, to_inspectorate=True),
    NOT_OWN: Consequence(investigated=False, to_inspectorate=False),
    LEX_MARIA: Consequence(investigated=False, to_inspectorate=False, lex_maria=True),
    WORK_ENVIRONMENT: Consequence(investigated=False, to_inspectorate=False, handed_to="unit_manager"),
}


def contradiction(outcome: str, shortcoming: bool | None, consequence: bool | None) -> str:
    """Why a decision cannot stand beside what the investigation found, in Swedish; empty when it can.

    Misconduct is a shortcoming in the activity that had consequences for somebody or meant an evident risk of them:
    both are needed, and where both are found it is misconduct. Källa: SOSFS 2011:5, 2 kap.
    """
    both = shortcoming is True and consequence is True
    if outcome in (MISCONDUCT, SERIOUS) and not both:
        missing = (
            "någon brist i verksamheten"
            if shortcoming is not True
            else "någon konsekvens eller påtaglig risk"
        )
        return f"Utredningen har inte funnit {missing}. Då är det inte ett missförhållande: rätta det ena eller andra."
    if outcome == NOT_MISCONDUCT and both:
        return (
            "Utredningen har funnit både en brist och en konsekvens eller påtaglig risk. Det är ett missförhållande: "
            "rätta det ena eller andra."
        )
    return ""


def carried_over(reported: date, decided: date) -> bool:
    """Whether a report came in an earlier year than it was decided in: such are told apart to the committee."""
    return reported.year < decided.year


def add_months(day: date, months: int) -> date:
    """The same day ``months`` later; the last day of the month where that month is shorter."""
    index = day.year * 12 + day.month - 1 + months
    year, month = divmod(index, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def add_working_days(day: date, count: int) -> date:
    """The working day that comes ``count`` working days after ``day`` (Swedish holidays and weekends are passed)."""
    found = day
    while count > 0:
        found += timedelta(days=1)
        count -= is_working_day(found)
    return found


def is_working_day(day: date) -> bool:
    """Monday to Friday, not a public holiday and not the eves when public offices are closed."""
    eves = {(12, 24), (12, 31)}
    if day.weekday() > 4 or (day.month, day.day) in eves or day in _free(day.year):
        return False
    midsummer_eve = day.month == 6 and day.weekday() == 4 and 19 <= day.day <= 25
    return not midsummer_eve


@lru_cache(maxsize=64)
def _free(year: int) -> frozenset[date]:
    from holidays import country_holidays  # noqa: PLC0415 - reads in every country: when a day is asked about

    return frozenset(country_holidays("SE", years=year, include_sundays=False))


#: unit of a deadline -> how it is counted in whole days from a day
_COUNTED: dict[str, Callable[[date, int], date]] = {
    "hours": lambda day, amount: day + timedelta(days=-(-amount // 24)),
    "days": lambda day, amount: day + timedelta(days=amount),
    "working_days": add_working_days,
    "weeks": lambda day, amount: day + timedelta(weeks=amount),
    "months": add_months,
    "years": lambda day, amount: add_months(day, 12 * amount),
}


def last_day(day: date, amount: int, unit: str) -> date:
    """The last day of a period that is counted from ``day``: 2 months from 31 December is 28 (29) February."""
    return _COUNTED[unit](day, amount)
