"""Rules of the register of risks: what must be said about a choice, and which printed number comes next. Pure."""

from __future__ import annotations

from collections.abc import Iterable

from roder.control.rules.scales import HANDLINGS, Scale, departure
from roder.core.numbers import whole_number


def handling_faults(
    scale: Scale,
    likelihood: int | None,
    impact: int | None,
    handling: str,
    reason: str,
    *,
    obligatory: bool = False,
) -> dict[str, str]:
    """What is wrong with a choice of handling, by field. A departure is allowed when its reason is given."""
    if handling and handling not in HANDLINGS:
        return {"handling": f"Hanteringen ”{handling}” finns inte. Välj en av dem i listan."}
    why = departure(scale, likelihood, impact, handling, obligatory=obligatory)
    if why is not None and not reason.strip():
        return {"handling_reason": f"{why} Skriv varför ni väljer något annat."}
    return {}


def in_plan_by(handling: str, *, obligatory: bool = False) -> bool | None:
    """Whether a risk goes into the plan by its handling: control points and obligatory risks do. None: not chosen."""
    if obligatory or handling == "control_point":
        return True
    return False if handling else None


def plan_faults(
    handling: str, in_plan: bool | None, reason: str, *, obligatory: bool = False
) -> dict[str, str]:
    """What is wrong with a choice about the plan: one that does not follow from the handling says why."""
    expected = in_plan_by(handling, obligatory=obligatory)
    if in_plan is None or expected is None or in_plan == expected or reason.strip():
        return {}
    if in_plan:
        return {
            "plan_reason": "Risken hanteras inte som kontrollpunkt. Skriv varför den ändå ska med i planen."
        }
    why = "Risken är obligatorisk" if obligatory else "Risken hanteras som internkontrollpunkt"
    return {"plan_reason": f"{why}. Skriv varför den inte ska med i planen."}


def next_number(taken: Iterable[str]) -> str:
    """The number after the highest that is printed; numbers that are not whole are left aside."""
    return str(max((whole_number(one) or 0 for one in taken), default=0) + 1)
