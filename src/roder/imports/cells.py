"""What may stand in a cell: how its text becomes values for the database, and what to say when it cannot.

Each distinct text of a column is read once, by these functions, however many rows it stands in; only numbers written
in the plainest way are read by the database engine itself (``Number.plain``).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from difflib import get_close_matches
from typing import Any, Protocol

from django.db import models

from roder.core.days import OR_EMPTY
from roder.core.numbers import NumberError, parse_number
from roder.core.periods import FarAwayError, PeriodError, parse_date, parse_period
from roder.imports.readers import SHEET_DATE
from roder.organisation.models import Body

Values = tuple[Any, ...]
Reader = Callable[..., Values]  # one text per file column that the cell is read from


class CellFault(ValueError):  # noqa: N818 - the person's to mend
    """A cell that cannot be taken: what is wrong and what to do, in Swedish. ``column`` when it is another cell's."""

    def __init__(self, what: str, do: str, column: str | None = None) -> None:
        super().__init__(f"{what}. {do}")
        self.what, self.do, self.column = what, do, column


@dataclass(frozen=True)
class Context:
    """For which committee, and in which of its years, a file is read. ``mapping``: our column -> the file's heading,
    where the file's is another; ``constants``: our column -> the text that is the same on every row; ``sheet``: which
    sheet of a workbook; ``mapping_name``: what the mapping is saved as, if it is."""

    committee: Body
    year: int | None = None
    mapping: Mapping[str, str] = field(default_factory=dict)
    constants: Mapping[str, str] = field(default_factory=dict)
    sheet: str | None = None
    mapping_name: str = ""


class Cell(Protocol):
    """How a cell is read. ``types`` are the staging types of the values it gives, in order.

    A cell of one value may have ``quick(text, kind)``: DuckDB's condition for texts that the engine itself reads, and
    the value, both on the SQL of the text. What the engine takes must be what the reader would give.
    """

    @property
    def types(self) -> tuple[str, ...]:
        """DuckDB types of the values."""
        ...

    def reader(self, context: Context) -> Reader:
        """The function that reads a text, with what it must know of the committee looked up once."""
        ...


#: What a spreadsheet shows in a cell whose formula went wrong, in English and in Swedish.
_SHEET_ERROR = re.compile(
    r"^#(?:REF!|REFERENS!|N/A|SAKNAS!?|VALUE!|VÄRDEFEL!|DIV/0!|DIVISION/0!|NAME\?|NAMN\?|NUM!|OGILTIGT!|NULL!|"
    r"SKÄRNING!|SPILL!|CALC!|GETTING_DATA|#+)$",
    re.IGNORECASE,
)


def refuse_sheet_error(text: str) -> None:
    """Raise CellFault for a cell whose formula went wrong: nobody knows what should have stood there."""
    if text.startswith("#") and _SHEET_ERROR.match(text):
        raise CellFault(
            f"cellen har kalkylprogrammets fel {text}", "Rätta formeln, eller skriv värdet i cellen."
        )


def without_sheet_date(text: str) -> str:
    """A date as a spreadsheet kept it, without the mark."""
    return text.removesuffix(SHEET_DATE)


def close_to(word: str, known: Iterable[str]) -> str:
    """A question whether the known word nearest to it was meant; empty when none is near."""
    names = list(known)
    close = get_close_matches(word.casefold(), [name.casefold() for name in names], n=1, cutoff=0.6)
    return next((f" Menade du ”{name}”?" for name in names if close and name.casefold() == close[0]), "")


def _listed(known: Iterable[str], limit: int = 12) -> str:
    names = list(known)
    shown = ", ".join(names[:limit])
    return f"{shown} med flera" if len(names) > limit else shown


@dataclass(frozen=True)
class Text:
    """Free text up to a length."""

    longest: int | None = None
    types: tuple[str, ...] = ("VARCHAR",)

    def reader(self, context: Context) -> Reader:
        """Refuses what is too long."""

        def read(text: str) -> Values:
            plain = without_sheet_date(text)
            if self.longest is not None and len(plain) > self.longest:
                raise CellFault(
                    f"texten har {len(plain)} tecken, högst {self.longest} får plats", "Korta texten."
                )
            return (plain,)

        return read


@dataclass(frozen=True)
class Number:
    """A number with at most so many digits before and after the decimal comma. ``yes_no`` also takes ja and nej;
    ``per_cent`` a number with a per cent sign, as its 7.4 of 7,4 %."""

    whole: int = 14
    digits: int = 4
    yes_no: bool = False
    per_cent: bool = False

    @property
    def types(self) -> tuple[str, ...]:
        """One decimal."""
        return (f"DECIMAL({self.whole + self.digits}, {self.digits})",)

    @property
    def plain(self) -> str:
        """The pattern of texts that can be read by the engine: digits, at most one decimal comma, a minus."""
        fraction = f"(,[0-9]{{1,{self.digits}}})?" if self.digits else ""
        return rf"^-?[0-9]{{1,{self.whole}}}{fraction}$"

    def quick(self, text: str, kind: str) -> tuple[str, str]:
        """Plain numbers are read by the engine."""
        return f"regexp_matches({text}, '{self.plain}')", f"CAST(replace({text}, ',', '.') AS {kind})"

    def reader(self, context: Context) -> Reader:
        """Reads as ``roder.core.numbers.parse_number``; refuses more decimals than are kept rather than rounding."""

        def read(text: str) -> Values:
            if self.yes_no and text.casefold() in ("ja", "nej"):
                return (Decimal(text.casefold() == "ja"),)
            try:
                value = parse_number(self._without_sign(text))
            except NumberError as error:
                raise CellFault(
                    str(error), "Skriv bara siffror, till exempel 1 234,50 eller -1234,50."
                ) from error
            exponent = value.normalize().as_tuple().exponent
            if isinstance(exponent, int) and -exponent > self.digits:
                raise CellFault(f"”{text}” har fler än {self.digits} decimaler", "Avrunda talet.")
            if abs(value) >= Decimal(10) ** self.whole:
                raise CellFault(f"”{text}” är för stort", f"Högst {self.whole} siffror före decimalkommat.")
            return (value,)

        return read

    def _without_sign(self, text: str) -> str:
        """A share without its per cent sign. Raises CellFault in a column that holds no shares."""
        number, sign, rest = text.rstrip().partition("%")
        if not sign or rest.strip() not in ("", ")") or not any(one.isdecimal() for one in number):
            return text
        if not self.per_cent:
            raise CellFault(
                f"”{text}” är en andel i procent, och kolumnen är inte i procent",
                "Skriv talet utan procent. I kalkylprogrammet: byt cellens format från procent till tal.",
            )
        return number + rest.strip()


MONEY = Number(whole=14, digits=2)
VALUE = Number(whole=14, digits=4)
MEASURED = Number(whole=14, digits=4, per_cent=True)  # a measure's value, which may be a share
YES_OR_MEASURED = Number(whole=14, digits=4, yes_no=True, per_cent=True)


@dataclass(frozen=True)
class Year:
    """A calendar year."""

    types: tuple[str, ...] = ("SMALLINT",)

    def reader(self, context: Context) -> Reader:
        """Four digits between 1990 and 2100."""
        return lambda text: (read_year(text),)


def read_year(text: str, column: str | None = None) -> int:
    """A year of four digits. Raises CellFault (for ``column`` when given)."""
    if not (text.isascii() and text.isdigit() and len(text) == 4 and 1990 <= int(text) <= 2100):
        raise CellFault(f"”{text}” är inte ett år", "Skriv året med fyra siffror, till exempel 2022.", column)
    return int(text)


@dataclass(frozen=True)
class Period:
    """A period as two dates, the second not in it: 2022, 2022-08, 2022-01..2022-07 or 2022-03-31."""

    types: tuple[str, ...] = ("DATE", "DATE")

    def reader(self, context: Context) -> Reader:
        """Refuses a first of the month that a spreadsheet has made out of a month."""

        def read(text: str) -> Values:
            plain = without_sheet_date(text)
            if plain != text and plain.endswith("-01"):
                raise CellFault(
                    f"kalkylprogrammet har sparat perioden som datumet {plain}",
                    f"Formatera kolumnen som text och skriv {plain[:7]} för en månad.",
                )
            try:
                period = parse_period(plain)
            except PeriodError as error:
                raise CellFault(
                    str(error), "Skriv 2022, 2022-08, 2022-01..2022-07 eller 2022-03-31."
                ) from error
            return period.start, period.end

        return read


@dataclass(frozen=True)
class Day:
    """A date that exists."""

    types: tuple[str, ...] = ("DATE",)

    def reader(self, context: Context) -> Reader:
        """Reads 2022-03-31."""
        return lambda text: (read_day(text),)


_COMPACT_DAY = re.compile(r"^(\d{4})(\d{2})(\d{2})$")
_MIDNIGHT = re.compile(r"^(\S+)[ T]00:00(:00)?$")


def read_day(text: str) -> date:
    """A date written 2022-03-31 or 20220331, also with the midnight that systems add. Raises CellFault."""
    plain = _COMPACT_DAY.sub(r"\1-\2-\3", _MIDNIGHT.sub(r"\1", without_sheet_date(text)))
    try:
        return parse_date(plain)
    except FarAwayError as error:
        raise CellFault(str(error), OR_EMPTY) from error
    except PeriodError as error:
        raise CellFault(str(error), "Skriv datumet som 2022-03-31.") from error


@dataclass(frozen=True)
class YesNo:
    """Ja or nej."""

    types: tuple[str, ...] = ("BOOLEAN",)

    def reader(self, context: Context) -> Reader:
        """Also 1 and 0."""

        def read(text: str) -> Values:
            word = text.casefold()
            if word in ("ja", "j", "1", "sant"):
                return (True,)
            if word in ("nej", "n", "0", "falskt"):
                return (False,)
            raise CellFault(f"”{text}” är varken ja eller nej", "Skriv ja eller nej.")

        return read


@dataclass(frozen=True)
class Choice:
    """One of a closed list, by its code or its name; ``also`` are other words for a code."""

    choices: tuple[tuple[str, str], ...]
    also: dict[str, str] = field(default_factory=dict)
    types: tuple[str, ...] = ("VARCHAR",)

    def reader(self, context: Context) -> Reader:
        """Capital letters do not matter."""
        known = {label.casefold(): code for code, label in self.choices}
        known |= {code.casefold(): code for code, _ in self.choices}
        known |= {word.casefold(): code for word, code in self.also.items()}
        labels = [label for _, label in self.choices]

        def read(text: str) -> Values:
            code = known.get(without_sheet_date(text).casefold())
            if code is None:
                raise CellFault(
                    f"”{text}” finns inte", f"Skriv något av {_listed(labels)}.{close_to(text, known)}"
                )
            return (code,)

        return read


@dataclass(frozen=True)
class CodeCell:
    """The code of a row: the file's own, or one that stands already. ``codes``: those that stand for a committee."""

    codes: Callable[[Body], Iterable[str]]
    longest: int = 40
    types: tuple[str, ...] = ("VARCHAR",)

    def reader(self, context: Context) -> Reader:
        """Refuses what is too long or looks like several; a code that stands already is given as it stands."""
        known = {code.casefold(): code for code in self.codes(context.committee)}

        def read(text: str) -> Values:
            plain = without_sheet_date(text)
            if plain != text:
                raise CellFault(
                    f"kalkylprogrammet har sparat koden som datumet {plain}", "Formatera kolumnen som text."
                )
            if len(plain) > self.longest:
                raise CellFault(f"koden har {len(plain)} tecken", f"Högst {self.longest} får plats.")
            if "|" in plain:
                raise CellFault("koden innehåller tecknet |", "Det skiljer koder åt: skriv en kod utan det.")
            return (known.get(plain.casefold(), plain),)

        return read


@dataclass(frozen=True)
class Term:
    """A row of the committee's own that the text names by code (or by name, when only one has it)."""

    model: type[models.Model]
    what: str
    where: str = "Lägg till den i styrmodellen om den är ny."
    code: str = "code"
    name: str = "label"
    types: tuple[str, ...] = ("BIGINT",)

    def reader(self, context: Context) -> Reader:
        """Looks up all of the committee's rows once."""
        rows = list(
            self.model._default_manager.filter(committee=context.committee)
            .order_by("pk")
            .values_list(self.code, self.name, "pk")
        )
        codes = {code.casefold(): pk for code, _, pk in rows}
        names: dict[str, set[int]] = {}
        for _, name, pk in rows:
            names.setdefault(name.casefold(), set()).add(pk)

        def read(text: str) -> Values:
            word = without_sheet_date(text).casefold()
            if word in codes:
                return (codes[word],)
            named = names.get(word, set())
            if len(named) == 1:
                return (next(iter(named)),)
            if named:
                raise CellFault(f"flera {self.what} heter ”{text}”", "Skriv koden i stället.")
            known = [code for code, _, _ in rows]
            hint = close_to(word, known) or (f" Här finns {_listed(known)}." if known else "")
            raise CellFault(
                f"{self.what} ”{text}” finns inte för {context.committee.name}", f"{self.where}{hint}"
            )

        return read
