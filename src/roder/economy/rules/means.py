"""The arithmetic of means: what a change of volume is worth, volumes forecast by a reference month, result funds, and
people who come and go. Pure functions; money in kronor, missing is None and never zero."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal

from roder.core.numbers import Unit, format_value, round_half_away
from roder.economy.rules.amounts import ZERO, Amount

HUNDRED = Decimal(100)


def allocated(before: Amount, planned: Amount, cost: Amount) -> Amount:
    """What a planned change of volume adds to the budget, in kronor: the change times what one costs a year.

    Plus is more money to the committee, minus less. Alingsås, styrmodell: resursfördelningen utgår från volymernas
    förändring och deras förväntade kostnad.
    """
    return None if before is None or planned is None or cost is None else (planned - before) * cost


def split_as(total: Decimal, reference: Mapping[str, Decimal], digits: int = 0) -> dict[str, Decimal]:
    """A volume forecast in all, split on who runs it as it was split in a reference month.

    The parts are rounded to ``digits`` decimals and always add up to the total: what rounding leaves over goes to the
    parts that lost most by it. Nämndens budget, volymtabeller: prognosens fördelning följer en referensmånad.
    Raises ValueError (Swedish) when the total is negative or has more decimals, or the reference holds nothing.
    """
    step = Decimal(1).scaleb(-digits)
    if total < 0 or total != total.quantize(step):
        raise ValueError(f"Volymen ska vara 0 eller mer, med högst {digits} decimaler.")
    whole = sum(reference.values(), ZERO)
    if whole <= 0 or any(part < 0 for part in reference.values()):
        raise ValueError("Referensmånaden har ingen volym att fördela efter.")
    exact = {key: total * part / whole for key, part in reference.items()}
    floor = {
        key: (share / step).to_integral_value(rounding="ROUND_FLOOR") * step for key, share in exact.items()
    }
    left = int((total - sum(floor.values(), ZERO)) / step)
    order = sorted(exact, key=lambda key: (floor[key] - exact[key], key))
    return {key: floor[key] + (step if key in order[:left] else ZERO) for key in exact}


def balance(entries: Iterable[Decimal]) -> Decimal:
    """What a result fund holds, in kronor: the sum of everything carried in (plus) and used (minus)."""
    return sum(entries, ZERO)


def fund_fault(kind: str, amount: Decimal, held: Decimal) -> str:
    """Why an entry cannot be made on a fund that holds ``held`` kronor; "" when it can.

    Money is used with a minus and never beyond what there is; only a result carried over may make the fund negative.
    """
    if amount == 0:
        return "Beloppet är 0. Skriv hur mycket det gäller."
    if kind == "used":
        if amount > 0:
            return "Det som används skrivs med minus."
        if held + amount < 0:
            shown = format_value(max(held, ZERO), Unit.TKR, suffix=True)
            return f"Fonden räcker inte: saldot är {shown}. Skriv ett mindre belopp."
    if kind == "written_off" and abs(held + amount) > abs(held):
        return "En avskrivning ska föra saldot mot noll. Byt tecken eller skriv ett mindre belopp."
    return ""


def rate(part: Amount, whole: Amount, digits: int = 1) -> Amount:
    """A share in per cent, such as staff turnover (those who left of those employed); None where it cannot be told."""
    if part is None or not whole:
        return None
    return round_half_away(part / whole * HUNDRED, digits)


@dataclass(frozen=True)
class Worth:
    """What all planned changes of volume are worth together. ``unknown``: how many have no unit cost."""

    more: Decimal
    less: Decimal
    unknown: int = 0

    @property
    def net(self) -> Decimal:
        """More and less together, in kronor."""
        return self.more + self.less


def worth(amounts: Iterable[Amount]) -> Worth:
    """More and less apart, so that a net of nothing does not hide large moves."""
    known = list(amounts)
    counted = [one for one in known if one is not None]
    return Worth(
        sum((one for one in counted if one > 0), ZERO),
        sum((one for one in counted if one < 0), ZERO),
        len(known) - len(counted),
    )
