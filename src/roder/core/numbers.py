"""Numbers as the municipalities print them, and read back from what people type.

Pure helpers, without Django and database. Amounts are kept in kronor; what is printed (tkr, mkr, per cent)
is decided here and nowhere else, so that page, PDF, Word and Excel show the same digits.
"""

from __future__ import annotations

import re
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from enum import StrEnum

NBSP = "\u00a0"
MINUS = "\u2212"
MISSING = "iu."


class Unit(StrEnum):
    """How a value is counted. The member's value is the code used in files and in the database."""

    KRONOR = "kr"
    TKR = "tkr"
    MKR = "mkr"
    PERCENT = "%"
    PERCENTAGE_POINTS = "procentenheter"
    COUNT = "antal"
    HOURS = "timmar"
    DAYS = "dagar"
    PER_1000 = "per 1 000 inv"
    SCALE = "skala"
    INDEX = "index"
    YES_NO = "ja/nej"

    @property
    def is_money(self) -> bool:
        """True for kronor and for its printed forms tkr and mkr."""
        return self in (Unit.KRONOR, Unit.TKR, Unit.MKR)

    @property
    def divisor(self) -> int:
        """What a value in kronor is divided by to be shown in this unit (1 for what is not money)."""
        return {Unit.TKR: 1_000, Unit.MKR: 1_000_000}.get(self, 1)

    @property
    def suffix(self) -> str:
        """The word printed after a number in running text ('' when the unit has none)."""
        if self in (Unit.COUNT, Unit.SCALE, Unit.INDEX, Unit.YES_NO):
            return ""
        return self.value

    @property
    def default_digits(self) -> int:
        """Decimals in print when nothing else is said."""
        return 1 if self in (Unit.MKR, Unit.PERCENT, Unit.PERCENTAGE_POINTS, Unit.PER_1000) else 0


def round_half_away(value: Decimal, digits: int = 0) -> Decimal:
    """Round half away from zero: 12.5 becomes 13 and -12.5 becomes -13. Never gives minus zero."""
    rounded = value.quantize(Decimal(1).scaleb(-digits), rounding=ROUND_HALF_UP)
    return abs(rounded) if rounded == 0 else rounded


def format_number(value: Decimal | int | None, digits: int = 0, *, sign: bool = False) -> str:
    """Write a number in Swedish: no-break space between thousands, decimal comma, U+2212 as minus.

    ``sign`` puts a plus before positive numbers (for changes). None is printed as ``iu.``.
    """
    if value is None:
        return MISSING
    rounded = round_half_away(Decimal(value), digits)
    text = f"{abs(rounded):,.{digits}f}".replace(",", NBSP).replace(".", ",")
    if rounded < 0:
        return MINUS + text
    return "+" + text if sign and rounded > 0 else text


def format_value(
    value: Decimal | int | None,
    unit: Unit,
    digits: int | None = None,
    *,
    sign: bool = False,
    suffix: bool = False,
) -> str:
    """Print a value in ``unit``. Money comes in kronor and is divided for tkr and mkr; a share comes as 9.5 for 9,5 %.

    With ``suffix`` the unit is written after the number, with a no-break space.
    """
    if value is None:
        return MISSING
    if unit is Unit.YES_NO:
        return "ja" if value else "nej"
    places = unit.default_digits if digits is None else digits
    text = format_number(Decimal(value) / unit.divisor, places, sign=sign)
    return f"{text}{NBSP}{unit.suffix}" if suffix and unit.suffix else text


_SPACES = "\u00a0\u2007\u2009\u202f\t"
_DASHES = "\u2212\u2013\u2012\ufe63\uff0d"
_GROUPED = re.compile(r"^[1-9]\d{0,2}(?:([ .'’])\d{3})(?:\1\d{3})*(?:,\d+)?$")
_PLAIN = re.compile(r"^\d+(?:[.,]\d+)?$")


class NumberError(ValueError):
    """The text is not a number. The message is Swedish and can be shown as it is."""


def parse_number(text: str) -> Decimal:
    """Read a number as people and spreadsheets write it.

    Accepts thousands separated by space (any kind), dot or apostrophe; decimal comma or decimal point; a leading
    minus, U+2212 or dash, a trailing minus, or parentheses for minus; a trailing unit ``kr`` or ``%`` is not accepted.
    A dot followed by exactly three digits is a thousands separator (``35.040`` is 35 040), as in the municipalities'
    own tables; every other dot is a decimal point (``88.9``; also ``0.125``, for no number begins with 0 thousands).

    Raises NumberError with a Swedish message.
    """
    raw = text.strip()
    for dash in _DASHES:
        raw = raw.replace(dash, "-")
    for space in _SPACES:
        raw = raw.replace(space, " ")
    negative = False
    if raw.startswith("(") and raw.endswith(")"):
        negative, raw = True, raw[1:-1].strip()
    if raw.startswith("-") or raw.endswith("-"):
        if negative:
            raise NumberError(f"”{text}” har både parentes och minustecken")
        negative, raw = True, (raw[1:] if raw.startswith("-") else raw[:-1]).strip()
    elif raw.startswith("+"):
        raw = raw[1:].strip()
    if _GROUPED.match(raw):
        raw = re.sub(r"[ .'’]", "", raw)
    elif not _PLAIN.match(raw):
        raise NumberError(f"”{text}” är inte ett tal")
    try:
        value = Decimal(raw.replace(",", "."))
    except InvalidOperation as error:  # pragma: no cover - the patterns above admit only digits
        raise NumberError(f"”{text}” är inte ett tal") from error
    return -value if negative and value else value


def whole_number(text: str | None, digits: int = 18) -> int | None:
    """A number that an address or a hidden field carries: a key, a revision, a page. None for anything else.

    Only the ten digits, and at most so many of them: 18 are what a key in the database has room for, 9 what a revision
    has. (``"²".isdigit()`` is true and ``int("²")`` fails, and a number of any length would be a fault further in.)
    """
    return int(text) if text and len(text) <= digits and text.isascii() and text.isdigit() else None
