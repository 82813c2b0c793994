"""Small bookkeeping files for the tests, and strategies that make any such file."""

from __future__ import annotations

import io
from datetime import date

from hypothesis import strategies as st

from roder.economy.sie.book import Account, Balance, Book, Dimension, Row, Voucher, VoucherHead
from roder.economy.sie.reader import Reader

HEADER = """#FLAGGA 0
#PROGRAM "Testekonomi" 1.0
#FORMAT PC8
#GEN 20230115
#SIETYP 4
#ORGNR 212000-1553
#FNAMN "Älvby kommun"
#RAR 0 20220101 20221231
#KONTO 1930 "Bank"
#KONTO 3010 "Avgifter"
#KONTO 5010 "Löner"
#KONTO 6010 "Lokalhyra"
#DIM 1 "Ansvar"
#OBJEKT 1 "81132" "Brunnsgården"
#OBJEKT 1 "81141" "Lönnen"
"""
VOUCHER = """#VER "A" "1" 20220115 "Löner januari" 20220116
{
#TRANS 5010 {1 "81132"} 1000.50
#TRANS 1930 {} -1000.50 20220115 "utbetalning"
}
"""


def file_of(*parts: str, encoding: str = "cp437") -> io.BytesIO:
    """A file of the header and what follows it."""
    return io.BytesIO((HEADER + "".join(parts)).replace("\n", "\r\n").encode(encoding))


def read_plain(file: io.BytesIO, block: int = 1 << 20) -> tuple[Reader, list[Voucher]]:
    """The plain reading, with the vouchers gone through."""
    reader = Reader(file, block)
    return reader, list(reader.vouchers())


def said(reader: Reader) -> list[tuple[int | None, str]]:
    """What is wrong, by line."""
    return [(one.line, one.what) for one in reader.faults.kept]


#: What people write; other letters of the sets may be taken for another set when there is little to tell them by.
LETTERS = st.sampled_from("abcXYZ 019åäöÅÄÖéü\"{}#.,-_/()&%'")
TEXTS = st.text(LETTERS, max_size=12)
CODES = st.text(st.sampled_from('ABC123-_. å"{}'), min_size=1, max_size=6)
NUMBERS = st.integers(1000, 8999).map(str)
ORE = st.integers(-(10**12), 10**12)
DAYS = st.dates(date(2022, 1, 1), date(2022, 12, 31))


@st.composite
def vouchers(draw: st.DrawFn, accounts: list[str], objects: list[tuple[str, str]]) -> Voucher:
    """A voucher in balance, with added and taken away rows among the others."""
    rows = []
    for _ in range(draw(st.integers(1, 4))):
        dated = draw(st.one_of(st.just(""), DAYS.map(lambda one: f"{one:%Y%m%d}")))
        parts = draw(st.lists(st.sampled_from(objects), max_size=2)) if objects else []
        row = Row(
            draw(st.sampled_from(accounts)), tuple(parts), draw(ORE), dated, draw(TEXTS),
            draw(st.sampled_from(["", "1", "2.5"])), draw(TEXTS),
        )  # fmt: skip
        label = draw(st.sampled_from(["TRANS"] * 4 + ["RTRANS", "BTRANS"]))
        if label != "TRANS":
            rows.append(Row(row.account, row.objects, row.ore, row.day, row.text, label=label))
        if label != "BTRANS":
            rows.append(row)
    left = sum(row.ore for row in rows if row.label == "TRANS")
    if left or not rows:
        rows.append(Row(draw(st.sampled_from(accounts)), (), -left))
    head = VoucherHead(draw(CODES), draw(CODES), draw(DAYS), draw(TEXTS), f"{draw(DAYS):%Y%m%d}", draw(TEXTS))
    return Voucher(head, rows)


@st.composite
def books(draw: st.DrawFn) -> tuple[Book, list[Voucher]]:
    """A whole file: lists, balances and vouchers."""
    numbers = draw(st.lists(NUMBERS, min_size=1, max_size=4, unique=True))
    codes = draw(st.lists(CODES, max_size=3, unique=True))
    objects = [("1", code) for code in codes]
    book = Book(
        flag="0", charset="PC8", generated="20230115", kind="4", program=draw(TEXTS), name=draw(TEXTS),
        years={0: (date(2022, 1, 1), date(2022, 12, 31)), -1: (date(2021, 1, 1), date(2021, 12, 31))},
        accounts={one: Account(one, draw(TEXTS), draw(st.sampled_from(["", "T", "K"]))) for one in numbers},
        dimensions={"1": Dimension("1", "Ansvar"), "20": Dimension("20", draw(TEXTS), "1")},
        objects={pair: draw(TEXTS) for pair in objects},
    )  # fmt: skip
    for label in ("IB", "RES", "OUB", "PBUDGET"):
        account, ore = draw(st.sampled_from(numbers)), draw(ORE)
        listed = tuple(objects[:1]) if label in ("OUB", "PBUDGET") else ()
        book.balances.append(Balance(label, -1, account, ore, "202105" if label == "PBUDGET" else "", listed))
    return book, draw(st.lists(vouchers(numbers, objects), max_size=4))
