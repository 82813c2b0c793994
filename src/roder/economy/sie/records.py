"""The records of the format: what each label's fields are, in the published order, and how they become a book."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from roder.economy.sie.book import Account, Balance, Book, Dimension, Objects, Row, VoucherHead
from roder.economy.sie.faults import AGAIN, Faults
from roder.economy.sie.fields import Field, FieldError, day, ore, shown

ROWS = ("#TRANS", "#RTRANS", "#BTRANS")
FINISHED = "Ta ut filen igen; raden är inte hel."


def objects_of(value: Field) -> Objects:
    """An object list as pairs. Raises FieldError when it is no list or has an odd number of texts."""
    if isinstance(value, str) or len(value) % 2:
        raise FieldError(
            f"objektlistan ”{shown(value)}” kan inte läsas",
            'Den ska stå inom måsvingar med dimension och objekt i par, till exempel {1 "8110"}.',
        )
    return tuple(zip(value[::2], value[1::2], strict=True))


def _need(fields: list[Field], count: int) -> None:
    if len(fields) < count:
        raise FieldError(
            f"raden {shown(fields[0])} har {len(fields) - 1} fält och ska ha minst {count - 1}", FINISHED
        )


def _text(fields: list[Field], place: int) -> str:
    """A text field, or nothing when the line ends before it."""
    return shown(fields[place]) if place < len(fields) else ""


def _number(value: Field) -> int:
    try:
        return int(shown(value))
    except ValueError:
        raise FieldError(
            f"”{shown(value)}” är inget årsnummer",
            "Det ska vara 0 för året filen gäller och -1 för året före.",
        ) from None


def _account(value: Field) -> str:
    text = shown(value)
    if not (text.isascii() and text.isdigit() and len(text) <= 10):
        raise FieldError(f"kontonumret ”{text}” kan inte läsas", "Ett kontonummer har bara siffror.")
    return text


def head_of(fields: list[Field]) -> VoucherHead:
    """#VER serie vernr verdatum vertext regdatum sign. Raises FieldError."""
    _need(fields, 4)
    return VoucherHead(
        shown(fields[1]), shown(fields[2]), day(fields[3]), *(_text(fields, place) for place in (4, 5, 6))
    )


def row_of(fields: list[Field], line: int = 0) -> Row:
    """#TRANS kontonr {objektlista} belopp transdat transtext kvantitet sign. Raises FieldError."""
    _need(fields, 4)
    dated = _text(fields, 4)
    if dated and not (len(dated) == 8 and dated.isascii() and dated.isdigit()):
        raise FieldError(
            f"transaktionsdatumet ”{dated}” kan inte läsas",
            "Skriv det med åtta siffror, till exempel 20220131.",
        )
    return Row(
        _account(fields[1]),
        objects_of(fields[2]),
        ore(fields[3]),
        dated,
        _text(fields, 5),
        _text(fields, 6),
        _text(fields, 7),
        shown(fields[0]).upper()[1:],
        line,
    )


def _balance(book: Book, fields: list[Field], line: int) -> None:
    """#IB, #UB, #RES årsnr konto saldo kvantitet."""
    _need(fields, 4)
    book.balances.append(
        Balance(_label(fields), _number(fields[1]), _account(fields[2]), ore(fields[3]), line=line)
    )


def _object_balance(book: Book, fields: list[Field], line: int) -> None:
    """#OIB, #OUB årsnr konto {dimension objekt} saldo kvantitet."""
    _need(fields, 5)
    book.balances.append(
        Balance(
            _label(fields),
            _number(fields[1]),
            _account(fields[2]),
            ore(fields[4]),
            objects=objects_of(fields[3]),
            line=line,
        )
    )


def _period_balance(book: Book, fields: list[Field], line: int) -> None:
    """#PSALDO, #PBUDGET årsnr period konto {dimension objekt} saldo kvantitet. Older files have no object list."""
    listed = len(fields) > 4 and not isinstance(fields[4], str)
    _need(fields, 6 if listed else 5)
    period = shown(fields[2])
    day(f"{period}01")
    book.balances.append(
        Balance(
            _label(fields),
            _number(fields[1]),
            _account(fields[3]),
            ore(fields[5 if listed else 4]),
            period,
            objects_of(fields[4]) if listed else (),
            line=line,
        )
    )


def _label(fields: list[Field]) -> str:
    return shown(fields[0]).upper()[1:]


def _year(book: Book, fields: list[Field], line: int) -> None:
    _need(fields, 4)
    start, end = day(fields[2]), day(fields[3])
    if end < start:
        raise FieldError("räkenskapsåret slutar innan det börjar", AGAIN)
    book.years[_number(fields[1])] = (start, end)


def _konto(book: Book, fields: list[Field], line: int) -> None:
    _need(fields, 3)
    number = _account(fields[1])
    kind = book.accounts[number].kind if number in book.accounts else ""
    book.accounts[number] = Account(number, shown(fields[2]), kind, line)


def _ktyp(book: Book, fields: list[Field], line: int) -> None:
    _need(fields, 3)
    number, kind = _account(fields[1]), shown(fields[2]).upper()
    if kind not in ("T", "S", "K", "I"):
        raise FieldError(f"kontotypen ”{kind}” finns inte", "Den ska vara T, S, K eller I.")
    known = book.accounts.get(number, Account(number, "", line=line))
    book.accounts[number] = replace(known, kind=kind)


def _dimension(book: Book, fields: list[Field], line: int) -> None:
    _need(fields, 3)
    book.dimensions[shown(fields[1])] = Dimension(shown(fields[1]), shown(fields[2]))


def _dimension_below(book: Book, fields: list[Field], line: int) -> None:
    _need(fields, 4)
    book.dimensions[shown(fields[1])] = Dimension(shown(fields[1]), shown(fields[2]), shown(fields[3]))


def _object(book: Book, fields: list[Field], line: int) -> None:
    _need(fields, 4)
    book.objects[shown(fields[1]), shown(fields[2])] = shown(fields[3])


def _covers(book: Book, fields: list[Field], line: int) -> None:
    _need(fields, 2)
    book.covers = day(fields[1])


def _plain(name: str) -> Callable[[Book, list[Field], int], None]:
    def take(book: Book, fields: list[Field], line: int) -> None:
        _need(fields, 2)
        setattr(book, name, shown(fields[1]))

    return take


_RECORDS: dict[str, Callable[[Book, list[Field], int], None]] = {
    "#FLAGGA": _plain("flag"),
    "#FORMAT": _plain("charset"),
    "#GEN": _plain("generated"),
    "#SIETYP": _plain("kind"),
    "#PROGRAM": _plain("program"),
    "#ORGNR": _plain("organisation"),
    "#FNAMN": _plain("name"),
    "#KPTYP": _plain("chart"),
    "#OMFATTN": _covers,
    "#RAR": _year,
    "#KONTO": _konto,
    "#KTYP": _ktyp,
    "#DIM": _dimension,
    "#UNDERDIM": _dimension_below,
    "#OBJEKT": _object,
    "#IB": _balance,
    "#UB": _balance,
    "#RES": _balance,
    "#OIB": _object_balance,
    "#OUB": _object_balance,
    "#PSALDO": _period_balance,
    "#PBUDGET": _period_balance,
}


def take(book: Book, fields: list[Field], line: int, faults: Faults) -> None:
    """Put a record into the book. What the format does not name is passed over, as it says; faults are noted."""
    known = _RECORDS.get(shown(fields[0]).upper())
    if known is None:
        return
    try:
        known(book, fields, line)
    except FieldError as fault:
        faults.add(line, fault.what, fault.do)
