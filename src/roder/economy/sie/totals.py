"""Whether a file agrees with itself: its balances with its vouchers, its accounts and objects with its lists."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from roder.economy.sie.book import Account, Balance, Book, Objects
from roder.economy.sie.faults import AGAIN, Faults
from roder.economy.sie.fields import amount_text


@dataclass(frozen=True)
class Sum:
    """What the vouchers add up to in a month (YYYYMM), on an account with an object list; ``line`` is its first row."""

    month: int
    account: str
    objects: Objects
    ore: int
    line: int


def check(
    book: Book,
    sums: Iterable[Sum],
    faults: Faults,
    unlisted: Mapping[tuple[str, str], int] | None = None,
    dimensions: frozenset[str] | None = None,
) -> None:
    """Note unknown accounts and objects, and balances that the vouchers do not agree with.

    ``unlisted``: objects of rows that the file does not list, with their first line (found among the sums when left
    out). ``dimensions``: those that the sums keep; balances of objects in others are not held against them.
    """
    listed = list(sums)
    _known_accounts(book, listed, faults)
    _known_objects(book, _unlisted(book, listed) if unlisted is None else unlisted, faults)
    if book.kind.startswith("4") and listed:
        _balances(book, listed, faults, dimensions)


def _known_accounts(book: Book, sums: list[Sum], faults: Faults) -> None:
    """Accounts that are used but not listed. A file to be read in (4I) may leave the whole list out."""
    first: dict[str, int] = {}
    for one in sums:
        first[one.account] = min(one.line, first.get(one.account, one.line))
    if not book.accounts:
        return
    for number in sorted(set(first) - set(book.accounts), key=first.__getitem__):
        faults.add(
            first[number],
            f"kontot {number} finns inte bland filens #KONTO",
            f"{AGAIN} Kontot ska stå i kontoplanen.",
        )


def _unlisted(book: Book, sums: list[Sum]) -> dict[tuple[str, str], int]:
    found: dict[tuple[str, str], int] = {}
    for one in sums:
        for pair in one.objects:
            if pair not in book.objects:
                found[pair] = min(one.line, found.get(pair, one.line))
    return found


def _known_objects(book: Book, unlisted: Mapping[tuple[str, str], int], faults: Faults) -> None:
    """Objects that are used but not listed, in the dimensions that have a list."""
    dimensions = {number for number, _ in book.objects}
    for (number, code), line in sorted(unlisted.items(), key=lambda one: one[1]):
        if number in dimensions:
            faults.add(
                line,
                f"objektet ”{code}” i {book.dimension_name(number).lower()} finns inte bland filens #OBJEKT",
                f"{AGAIN} Objektet ska stå i listan.",
            )


def _balances(book: Book, sums: list[Sum], faults: Faults, dimensions: frozenset[str] | None) -> None:
    year: dict[str, int] = {}
    month: dict[tuple[str, str], int] = {}
    part: dict[tuple[str, str, tuple[str, str]], int] = {}
    for one in sums:
        period = f"{one.month:06d}"
        year[one.account] = year.get(one.account, 0) + one.ore
        month[one.account, period] = month.get((one.account, period), 0) + one.ore
        for pair in one.objects:
            key = (one.account, period, pair)
            part[key] = part.get(key, 0) + one.ore
    opening = {one.account: one.ore for one in book.balances if one.label == "IB" and one.year == 0}
    for said in book.balances:
        if said.year != 0:
            continue
        if dimensions is not None and any(number not in dimensions for number, _ in said.objects):
            continue
        if said.label == "RES":
            _compare(said, year.get(said.account, 0), "resultatet", faults)
        elif said.label == "UB":
            _compare(
                said, opening.get(said.account, 0) + year.get(said.account, 0), "utgående balans", faults
            )
        elif said.label == "PSALDO" and len(said.objects) <= 1 and _of_result(book, said.account):
            found = _period(said, month, part)
            _compare(said, found, f"saldot för {said.period[:4]}-{said.period[4:]}", faults)


def _of_result(book: Book, number: str) -> bool:
    """Of the accounts of the balance sheet some programs give the balance of a period, others its change."""
    return book.accounts.get(number, Account(number, "")).of_result


def _period(
    one: Balance, month: Mapping[tuple[str, str], int], part: Mapping[tuple[str, str, tuple[str, str]], int]
) -> int:
    if one.objects:
        return part.get((one.account, one.period, one.objects[0]), 0)
    return month.get((one.account, one.period), 0)


def _compare(one: Balance, found: int, name: str, faults: Faults) -> None:
    if found != one.ore:
        faults.add(
            one.line,
            f"{name} på konto {one.account} är {amount_text(one.ore)} enligt #{one.label}, "
            f"men verifikationerna ger {amount_text(found)}",
            f"Verifikationer saknas eller har ändrats. {AGAIN}",
        )
