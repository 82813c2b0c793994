"""Reading by columns gives what the plain reading gives, whatever the file."""

from __future__ import annotations

import io
from collections import Counter

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from roder.economy.sie.book import Book, Voucher
from roder.economy.sie.fields import split
from roder.economy.sie.writer import write
from roder.economy.sie_columns import ColumnReader
from tests.economy.sie.parts import HEADER, VOUCHER, books, file_of, read_plain, said
from tests.economy.sie.test_reader import sealed

#: A failing file is told as it is: making it smaller takes minutes.
FAST = (Phase.explicit, Phase.reuse, Phase.generate)


def read_columns(data: bytes, block: int = 1 << 20) -> tuple[ColumnReader, list[dict]]:
    reader = ColumnReader(io.BytesIO(data), block)
    rows, vouchers = [], {}
    for part in reader.parts():
        rows += part.rows.to_pylist()
        vouchers |= {one["voucher"]: one for one in part.vouchers.to_pylist()}
    text = reader.reader.charset.text
    for row in rows:
        one = vouchers[row["voucher"]]
        row["day"], row["about"] = one["day"], one["about"] and text(one["about"])
        [row["series"]], [row["number"]] = split(text(one["series"])), split(text(one["number"]))
    return reader, sorted(rows, key=lambda row: row["line"])


def plain_rows(vouchers: list[Voucher]) -> list[tuple]:
    return [
        (
            row.line,
            at,
            one.head.series,
            one.head.number,
            one.head.day.isoformat(),
            row.account,
            row.objects,
            row.ore,
        )
        for at, one in enumerate(vouchers)
        for row in one.rows
        if row.label == "TRANS"
    ]


def column_rows(reader: ColumnReader, rows: list[dict]) -> list[tuple]:
    return [
        (
            row["line"], row["voucher"], row["series"], row["number"],
            f"{row['day'] // 10000:04d}-{row['day'] // 100 % 100:02d}-{row['day'] % 100:02d}",
            reader.accounts[row["account"]], reader.objects[row["objects"]], row["ore"],
        )
        for row in rows
    ]  # fmt: skip


@given(books(), st.sampled_from(["cp437", "utf-8"]), st.booleans(), st.integers(1, 500))
@settings(max_examples=40, deadline=None, phases=FAST, suppress_health_check=[HealthCheck.too_slow])
def test_the_same_as_the_plain_reading(
    made: tuple[Book, list[Voucher]], encoding: str, with_sum: bool, block: int
) -> None:
    book, vouchers = made
    data = b"".join(write(book, vouchers, encoding, with_sum=with_sum))
    plain, found = read_plain(io.BytesIO(data))
    reader, rows = read_columns(data, block)
    assert not reader.reader.faults.kept
    assert reader.reader.book == plain.book
    assert reader.reader.count == plain.count
    assert column_rows(reader, rows) == plain_rows(found)
    sums: Counter = Counter()
    for row in rows:
        sums[row["month"], reader.accounts[row["account"]], reader.objects[row["objects"]]] += row["ore"]
    assert {(one.month, one.account, one.objects): one.ore for one in reader.sums()} == dict(sums)
    assert not reader.places.unlisted
    heads = {one.rows[0].line: one.head for one in found if one.rows}
    for row in rows:
        if row["line"] in heads and row["about"]:
            head = heads[row["line"]]
            texts = [text for text in split(row["about"]) if isinstance(text, str)]
            assert ([*texts, "", ""])[:3] == [head.text, head.registered, head.sign]


@given(st.data(), st.integers(1, 300))
@settings(max_examples=100, deadline=None, phases=FAST)
def test_a_damaged_file_is_refused_by_both(data: st.DataObject, block: int) -> None:
    whole = list(HEADER + VOUCHER + VOUCHER.replace('"1"', "2"))
    for _ in range(data.draw(st.integers(1, 4))):
        at = data.draw(st.integers(0, len(whole) - 1))
        piece = data.draw(
            st.sampled_from(
                ["", "{", "}", '"', " ", "\n", "\r", "#", "9", "-", "\t", "\\", "å", "\n\n", "\x01"]
            )
        )
        whole[at : at + data.draw(st.integers(0, 3))] = piece
    text = "".join(whole)[: data.draw(st.integers(len(HEADER), 2000))].encode("cp437")
    plain, found = read_plain(io.BytesIO(text))
    reader, rows = read_columns(text, block)
    assert reader.reader.count == plain.count
    assert bool(reader.reader.faults.kept) == bool(plain.faults.kept)
    assert reader.reader.book == plain.book
    if not plain.faults.kept:
        assert column_rows(reader, rows) == plain_rows(found)


@pytest.mark.parametrize("block", [1, 50, 1 << 20])
def test_faults_are_the_same(block: int) -> None:
    bodies = [
        VOUCHER.replace("-1000.50", "-900.00"),
        VOUCHER + VOUCHER[: VOUCHER.index("#TRANS 1930")],
        VOUCHER.replace("{\n", "", 1),
        VOUCHER.replace("}\n", "") + VOUCHER,
        "#TRANS 5010 {} 5\n",
        VOUCHER.replace("20220115 ", "20220230 ", 1),
        VOUCHER.replace("-1000.50", "-1000,50"),
        VOUCHER.replace('"utbetalning"', '"utbetalning'),
        VOUCHER.replace('20220115 "u', '2022 "u'),
    ]
    for body in bodies:
        data = file_of(body).getvalue()
        plain, _ = read_plain(io.BytesIO(data))
        reader, _ = read_columns(data, block)
        assert sorted(map(str, said(reader.reader))) == sorted(map(str, said(plain))), body


def test_a_voucher_over_many_blocks_is_held_together() -> None:
    rows = "".join(f'#TRANS 5010 {{1 "81132"}} {n}.25\n' for n in range(50))
    body = f'#VER "A" "1" 20220115 "Stor"\n{{\n{rows}#TRANS 1930 {{}} -1237.50\n}}\n'
    reader, found = read_columns(file_of(body).getvalue(), 100)
    assert not reader.reader.faults.kept
    assert {(row["voucher"], row["number"], row["about"]) for row in found} == {(0, "1", '"Stor"')}
    assert reader.vouchers == 1 and reader.rows == 51
    wrong, _ = read_columns(file_of(body.replace("-1237.50", "-1237.00")).getvalue(), 100)
    assert said(wrong.reader) == [(16, "verifikation A 1 går inte jämnt ut: 0.50 kronor skiljer")]


def test_the_control_sum_is_checked() -> None:
    reader, _ = read_columns(sealed(VOUCHER, "12345").getvalue(), 40)
    assert [what[:14] for _, what in said(reader.reader)] == ["kontrollsumman"]
