"""Writing a file of the format: used for the examples, for measurements, and to prove the reading."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from roder.economy.sie.book import Balance, Book, Objects, Row, Voucher
from roder.economy.sie.charset import PC8
from roder.economy.sie.checksum import Checksum
from roder.economy.sie.fields import amount_text, quote

END = "\r\n"


def _objects(objects: Objects) -> str:
    return "{" + " ".join(f"{number} {quote(name)}" for number, name in objects) + "}"


def _tail(*texts: str) -> str:
    """The last fields of a line; those that are empty at the end are left out."""
    kept = list(texts)
    while kept and not kept[-1]:
        kept.pop()
    return "".join(f" {text if text.isalnum() and text.isascii() else quote(text)}" for text in kept)


def _balance(one: Balance) -> str:
    parts = [f"#{one.label} {one.year}"]
    parts += [one.period] * bool(one.period)
    parts.append(one.account)
    if one.label in ("OIB", "OUB", "PSALDO", "PBUDGET"):
        parts.append(_objects(one.objects))
    return " ".join([*parts, amount_text(one.ore)])


def _row(row: Row) -> str:
    tail = _tail(row.day, row.text, row.quantity, row.sign)
    return f"#{row.label} {row.account} {_objects(row.objects)} {amount_text(row.ore)}{tail}"


def head_lines(book: Book) -> Iterator[str]:
    """The lines before the vouchers, in the order that the format recommends."""
    yield from _about(book)
    for number, (start, end) in book.years.items():
        yield f"#RAR {number} {start:%Y%m%d} {end:%Y%m%d}"
    if book.covers:
        yield f"#OMFATTN {book.covers:%Y%m%d}"
    if book.chart:
        yield f"#KPTYP {quote(book.chart)}"
    yield from _lists(book)
    for balance in book.balances:
        yield _balance(balance)


def _about(book: Book) -> Iterator[str]:
    if book.program:
        yield f"#PROGRAM {quote(book.program)} 1"
    yield f"#FORMAT {book.charset or 'PC8'}"
    if book.generated:
        yield f"#GEN {book.generated}"
    yield f"#SIETYP {book.kind or '4'}"
    if book.organisation:
        yield f"#ORGNR {quote(book.organisation)}"
    if book.name:
        yield f"#FNAMN {quote(book.name)}"


def _lists(book: Book) -> Iterator[str]:
    for account in book.accounts.values():
        yield f"#KONTO {account.number} {quote(account.name)}"
        if account.kind:
            yield f"#KTYP {account.number} {account.kind}"
    for one in book.dimensions.values():
        if one.above:
            yield f"#UNDERDIM {one.number} {quote(one.name)} {one.above}"
        else:
            yield f"#DIM {one.number} {quote(one.name)}"
    for (number, code), name in book.objects.items():
        yield f"#OBJEKT {number} {quote(code)} {quote(name)}"


def voucher_lines(voucher: Voucher) -> Iterator[str]:
    """The lines of a voucher. An added row is followed by the same row as TRANS, as the format says."""
    head = voucher.head
    day = f"{head.day:%Y%m%d}"
    yield f"#VER {quote(head.series)} {quote(head.number)} {day}{_tail(head.text, head.registered, head.sign)}"
    yield "{"
    for row in voucher.rows:
        yield _row(row)
    yield "}"


def write(
    book: Book, vouchers: Iterable[Voucher], encoding: str = PC8, *, with_sum: bool = True
) -> Iterator[bytes]:
    """The file, line by line. With ``with_sum`` it ends with its control sum. Letters not in the set become ?."""

    def coded(line: str) -> bytes:
        return (line + END).encode(encoding, errors="replace")

    total = Checksum()
    yield coded(f"#FLAGGA {book.flag or '0'}")
    if with_sum:
        yield coded("#KSUMMA")
    for line in head_lines(book):
        raw = coded(line)
        total.add(raw)
        yield raw
    for voucher in vouchers:
        raw = b"".join(coded(line) for line in voucher_lines(voucher))
        total.add(raw)
        yield raw
    if with_sum:
        yield coded(f"#KSUMMA {total.published}")
