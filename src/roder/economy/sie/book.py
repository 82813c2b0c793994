"""What a bookkeeping file holds beside its vouchers: years, accounts, dimensions, objects and balances."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

#: An object list: pairs of dimension and object, in the order of the file.
Objects = tuple[tuple[str, str], ...]

#: Dimensions that the format names itself.
RESERVED = {
    "1": "Kostnadsställe/resultatenhet",
    "2": "Kostnadsbärare",
    "6": "Projekt",
    "7": "Anställd",
    "8": "Kund",
    "9": "Leverantör",
    "10": "Faktura",
}


@dataclass(frozen=True)
class Account:
    """An account. ``kind`` is T (tillgång), S (skuld), K (kostnad), I (intäkt), or empty when the file has no #KTYP."""

    number: str
    name: str
    kind: str = ""
    line: int = field(default=0, compare=False)

    @property
    def of_result(self) -> bool:
        """Whether it is an account of the result and not of the balance sheet."""
        return self.kind in ("K", "I") if self.kind else self.number[:1] >= "3"


@dataclass(frozen=True)
class Dimension:
    """A dimension; ``above`` is the dimension it is a part of (#UNDERDIM)."""

    number: str
    name: str
    above: str = ""


@dataclass(frozen=True)
class Balance:
    """A balance in öre: IB, UB, OIB, OUB, RES, PSALDO or PBUDGET; ``period`` is YYYYMM for the last two."""

    label: str
    year: int
    account: str
    ore: int
    period: str = ""
    objects: Objects = ()
    line: int = field(default=0, compare=False)


@dataclass(frozen=True)
class Row:
    """A row of a voucher, in öre. ``label`` is TRANS, or RTRANS (added) or BTRANS (taken away): those are no amounts
    of the voucher, since an added row stands as TRANS too."""

    account: str
    objects: Objects
    ore: int
    day: str = ""
    text: str = ""
    quantity: str = ""
    sign: str = ""
    label: str = "TRANS"
    line: int = field(default=0, compare=False)


@dataclass(frozen=True)
class VoucherHead:
    """The head of a voucher: its series and number, the day it is booked on, and its text."""

    series: str
    number: str
    day: date
    text: str = ""
    registered: str = ""
    sign: str = ""


@dataclass
class Voucher:
    """A voucher with its rows."""

    head: VoucherHead
    rows: list[Row]
    line: int = field(default=0, compare=False)

    @property
    def left(self) -> int:
        """What is left when its rows are added: 0 when it is in balance."""
        return sum(row.ore for row in self.rows if row.label == "TRANS")


@dataclass
class Book:
    """All of a file but its vouchers."""

    flag: str = ""
    charset: str = ""
    generated: str = ""
    kind: str = ""
    program: str = ""
    organisation: str = ""
    name: str = ""
    chart: str = ""
    covers: date | None = None
    years: dict[int, tuple[date, date]] = field(default_factory=dict)
    accounts: dict[str, Account] = field(default_factory=dict)
    dimensions: dict[str, Dimension] = field(default_factory=dict)
    objects: dict[tuple[str, str], str] = field(default_factory=dict)
    balances: list[Balance] = field(default_factory=list)

    def dimension_name(self, number: str) -> str:
        """What a dimension is called, by the file or by the format."""
        known = self.dimensions.get(number)
        return known.name if known else RESERVED.get(number, f"dimension {number}")
