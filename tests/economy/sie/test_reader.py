"""The plain reading: what is written is read back, and every fault is told with its line."""

from __future__ import annotations

import io
import zlib
from datetime import date

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from roder.economy.sie.book import Book, Voucher
from roder.economy.sie.checksum import Checksum
from roder.economy.sie.fields import FieldError, amount_text, ore, quote, split
from roder.economy.sie.totals import Sum, check
from roder.economy.sie.writer import write
from tests.economy.sie.parts import HEADER, ORE, TEXTS, VOUCHER, books, file_of, read_plain, said


@given(books(), st.sampled_from(["cp437", "utf-8", "utf-8-sig"]), st.booleans(), st.integers(1, 400))
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_what_is_written_is_read_back(
    made: tuple[Book, list[Voucher]], encoding: str, with_sum: bool, block: int
) -> None:
    book, vouchers = made
    data = b"".join(write(book, vouchers, encoding.removesuffix("-sig"), with_sum=with_sum))
    data = b"\xef\xbb\xbf" * encoding.endswith("-sig") + data
    reader, found = read_plain(io.BytesIO(data), block)
    assert not reader.faults.kept
    assert [one.rows for one in found] == [one.rows for one in vouchers]
    assert [one.head for one in found] == [one.head for one in vouchers]
    assert reader.book == book


@given(TEXTS)
def test_a_text_in_quotes_is_one_field(text: str) -> None:
    found = split(f"#FNAMN {quote(text)}")
    assert found[1:] == [text]


@given(ORE)
def test_amounts(value: int) -> None:
    assert ore(amount_text(value)) == value


@pytest.mark.parametrize("text", ["1,5", "1.234", "", "-", "1 000", "1e3", "+5", "12345678901234"])
def test_amounts_that_the_format_does_not_have(text: str) -> None:
    with pytest.raises(FieldError):
        ore(text)


def test_fields() -> None:
    assert split('#TRANS 5010 {1 "81 1" 6 x} -5.50 "" "sa \\"ja\\""') == [
        "#TRANS", "5010", ("1", "81 1", "6", "x"), "-5.50", "", 'sa "ja"',
    ]  # fmt: skip
    assert split('#VER\t"A"  1\t20220101') == ["#VER", "A", "1", "20220101"]
    for wrong in ('#KONTO 1 "a', "#TRANS 1 {1 2 3.0", '#KONTO 1 a"b"c', "#TRANS 1 } 5"):
        with pytest.raises(FieldError):
            split(wrong)


def test_letters_of_three_sets() -> None:
    for encoding in ("cp437", "utf-8", "utf-8-sig", "cp1252"):
        reader, found = read_plain(file_of(VOUCHER, encoding=encoding))
        assert not reader.faults.kept
        assert reader.book.name == "Älvby kommun"
        assert found[0].head.text == "Löner januari"
        assert found[0].rows[0].objects == (("1", "81132"),)


def sealed(body: str, value: str) -> io.BytesIO:
    whole = "#FLAGGA 0\n#KSUMMA\n" + HEADER.removeprefix("#FLAGGA 0\n") + body + f"#KSUMMA {value}\n"
    return io.BytesIO(whole.encode("cp437"))


def plain_sum(*, marked: bool, spaces: bool) -> int:
    """The published rules, field by field."""
    total = 0
    for line in (HEADER.removeprefix("#FLAGGA 0\n") + VOUCHER).splitlines():
        if line in ("{", "}"):
            continue
        fields = [one if isinstance(one, str) else "".join(one) for one in split(line)]
        text = "".join(fields if marked else [fields[0][1:], *fields[1:]])
        total = zlib.crc32((text if spaces else text.replace(" ", "")).encode("cp437"), total)
    return total


@pytest.mark.parametrize("marked", [True, False])
@pytest.mark.parametrize("spaces", [True, False])
def test_the_control_sum_is_over_labels_and_fields(marked: bool, spaces: bool) -> None:
    value = plain_sum(marked=marked, spaces=spaces)
    assert not read_plain(sealed(VOUCHER, str(value)))[0].faults.kept
    negative = str(value - (1 << 32))
    assert not read_plain(sealed(VOUCHER, negative), 64)[0].faults.kept


def test_the_control_sum_in_any_parts() -> None:
    data = (HEADER + VOUCHER).encode("cp437")
    whole, parts = Checksum(), Checksum()
    whole.add(data)
    for line in data.splitlines(keepends=True):
        parts.add(line)
    assert whole.sums == parts.sums


def test_a_changed_amount_breaks_the_control_sum() -> None:
    value = str(plain_sum(marked=True, spaces=True))
    changed = VOUCHER.replace("1000.50", "1000.60")
    [(line, what)] = said(read_plain(sealed(changed, value))[0])
    assert line == 22
    assert value in what and "stämmer inte" in what


def test_a_file_cut_off_before_the_control_sum() -> None:
    data = "#FLAGGA 0\n#KSUMMA\n" + VOUCHER
    assert "ingen avslutande" in said(read_plain(io.BytesIO(data.encode("cp437")))[0])[0][1]


def test_a_file_cut_in_the_middle_of_a_voucher() -> None:
    whole = VOUCHER + VOUCHER.replace('"1"', '"2"')
    cut = whole[: whole.rindex("#TRANS 1930")]
    reader, found = read_plain(file_of(cut))
    assert said(reader) == [(len(HEADER.splitlines()) + 8, "filen slutar mitt i en verifikation")]
    assert "avklippt" in reader.faults.kept[0].do
    assert len(found) == 1
    in_a_line = whole[: whole.rindex("} -1000.50")]
    assert len(said(read_plain(file_of(in_a_line))[0])) == 2


def test_an_unbalanced_voucher_says_how_much() -> None:
    reader, _ = read_plain(file_of(VOUCHER.replace("-1000.50", "-900.00")))
    assert said(reader) == [(16, "verifikation A 1 går inte jämnt ut: 100.50 kronor skiljer")]


@pytest.mark.parametrize(
    ("body", "line", "what"),
    [
        (VOUCHER.replace("{\n", "", 1), 17, "inget {"),
        (VOUCHER.replace("}\n", "") + VOUCHER, 20, "inte avslutad"),
        ("#TRANS 5010 {} 5\n", 16, "utanför en verifikation"),
        ("{\n}\n", 16, "{ står utan #VER"),
        ("}\n", 16, "} står utan"),
        (VOUCHER.replace("20220115 ", "20220230 ", 1), 16, "datumet ”20220230”"),
        (VOUCHER.replace("-1000.50", "-1000,50"), 19, "beloppet ”-1000,50”"),
        (VOUCHER.replace('{1 "81132"}', '{1 "81132" 6}'), 18, "objektlistan"),
        (VOUCHER.replace("5010 {", "50A0 {"), 18, "kontonumret ”50A0”"),
        (VOUCHER.replace('"utbetalning"', '"utbetalning'), 19, "citationstecken"),
        ("#RES 0 3010\n", 16, "har 2 fält"),
        ("#PSALDO 0 202213 3010 {} 5.00\n", 16, "datumet ”20221301”"),
        ("#RAR x 20220101 20221231\n", 16, "inget årsnummer"),
        ("#RAR 0 20221231 20220101\n", 16, "slutar innan"),
        ("#KTYP 3010 Q\n", 16, "kontotypen"),
    ],
)
def test_faults_have_their_line(body: str, line: int, what: str) -> None:
    found = said(read_plain(file_of(body))[0])
    assert any(at == line and what in words for at, words in found), found


def test_what_the_format_does_not_name_is_passed_over() -> None:
    reader, found = read_plain(file_of("#NYTT 1 2\n#ADRESS a b c d\n", VOUCHER, "#KONTO 7010 Nytt\n"))
    assert not reader.faults.kept and len(found) == 1
    assert reader.book.accounts["7010"].name == "Nytt"


def test_rows_taken_away_are_not_counted() -> None:
    body = VOUCHER.replace(
        "}\n", "#BTRANS 5010 {} 700.00\n#RTRANS 5010 {} 1.00\n#TRANS 5010 {} 1.00\n#TRANS 1930 {} -1\n}\n"
    )
    body = body.replace('"81132"#BTRANS', '"81132"')
    reader, [voucher] = read_plain(file_of(body.replace('{1 "81132"#BTRANS', "{")))
    assert not reader.faults.kept
    assert voucher.left == 0
    assert [row.label for row in voucher.rows].count("BTRANS") == 1


def sums_of(vouchers: list[Voucher]) -> list[Sum]:
    return [
        Sum(one.head.day.year * 100 + one.head.day.month, row.account, row.objects, row.ore, row.line)
        for one in vouchers
        for row in one.rows
        if row.label == "TRANS"
    ]


@pytest.mark.parametrize(
    ("extra", "words"),
    [
        ("#RES 0 5010 1000.50\n#IB 0 1930 2000\n#UB 0 1930 999.50\n#PSALDO 0 202201 5010 {} 1000.50\n", []),
        (
            "#RES 0 5010 1200\n",
            ["resultatet på konto 5010 är 1200.00 enligt #RES, men verifikationerna ger 1000.50"],
        ),
        ("#IB 0 1930 2000\n#UB 0 1930 2000\n", ["utgående balans på konto 1930 är 2000.00"]),
        ('#PSALDO 0 202201 5010 {1 "81132"} 7\n', ["saldot för 2022-01 på konto 5010 är 7.00"]),
        ("#RES -1 5010 1200\n", []),
        ("#PSALDO 0 202202 5010 {} 5.00\n", ["men verifikationerna ger 0.00"]),
    ],
)
def test_balances_are_held_against_the_vouchers(extra: str, words: list[str]) -> None:
    reader, found = read_plain(file_of(extra, VOUCHER))
    check(reader.book, sums_of(found), reader.faults)
    assert len(reader.faults.kept) == len(words)
    for fault, word in zip(reader.faults.kept, words, strict=True):
        assert word in fault.what and fault.line is not None and fault.line >= 16


def test_unknown_accounts_and_objects() -> None:
    body = VOUCHER.replace("5010", "5099").replace('"81132"', '"99999"')
    reader, found = read_plain(file_of(body))
    check(reader.book, sums_of(found), reader.faults)
    assert said(reader) == [
        (18, "kontot 5099 finns inte bland filens #KONTO"),
        (18, "objektet ”99999” i ansvar finns inte bland filens #OBJEKT"),
    ]


def test_an_account_knows_whether_it_is_of_the_result() -> None:
    reader, _ = read_plain(file_of("#KTYP 1930 T\n#KTYP 3010 I\n#KONTO 2990 X\n#KTYP 2990 K\n"))
    assert {one.number for one in reader.book.accounts.values() if one.of_result} == {
        "3010", "5010", "6010", "2990",
    }  # fmt: skip
    assert reader.book.years[0] == (date(2022, 1, 1), date(2022, 12, 31))
