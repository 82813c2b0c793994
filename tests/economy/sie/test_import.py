"""A bookkeeping file is read in as outcome, kept with its rows, and taken back."""

from __future__ import annotations

from decimal import Decimal

import pytest

from roder.core.faults import UserFault
from roder.economy.models import LedgerFile, LedgerSum, OutcomeLine
from roder.economy.services.ledger import folder_of, has_rows
from roder.imports.kinds import KINDS
from roder.imports.services import ImportFault, undo
from tests.economy.sie.parts import HEADER, VOUCHER
from tests.imports.conftest import World

LISTS = '#KONTO 8010 "Skatt"\n#OBJEKT 2 "55" "Vård"\n#OBJEKT 1 "99999" "Annan"\n#OBJEKT 3 "810" "Teknik"\n'
BODY = (
    VOUCHER
    + """#VER "A" "2" 20220203 "Avgifter"
{
#TRANS 3010 {1 "81132" 2 "55"} -500.25
#TRANS 6010 {1 "81141" 3 "810"} 300
#TRANS 6010 {1 "99999"} 50
#TRANS 8010 {} -50
#TRANS 1930 {} 200.25
}
"""
)


def whole(body: str = BODY, lists: str = LISTS) -> bytes:
    return (HEADER + lists + body).encode("cp437")


def lines() -> dict[tuple, Decimal]:
    rows = OutcomeLine.objects.values_list(
        "period_start", "unit__code", "service__code", "group__code", "amount"
    )
    return {(str(start)[:7], *codes): amount for start, *codes, amount in rows}


FIRST = {
    ("2022-01", "81132", None, "personal"): Decimal("-1000.50"),
    ("2022-02", "81132", "55", "intakter"): Decimal("500.25"),
    ("2022-02", "81141", None, "ovriga"): Decimal(-300),
    ("2022-02", None, None, "ovriga"): Decimal(-50),
}


def test_a_file_becomes_outcome_and_opens_to_its_sums(town: World) -> None:
    done = town.commit("sie", town.file(whole(), "bok.se"))
    assert lines() == FIRST
    assert done.batch is not None and done.counts.new == 4
    assert any("inga enheter med koderna: 99999" in one for one in done.warnings)
    file = LedgerFile.objects.get()
    assert (file.vouchers, file.rows, file.letters, file.kind) == (2, 7, "cp437", "4")
    assert has_rows(file)
    [internal] = LedgerSum.objects.filter(internal=True)
    assert (internal.unit.code, internal.amount, internal.account) == ("81141", Decimal(-300), "6010")
    [unknown] = LedgerSum.objects.filter(unit=None, group__code="ovriga")
    assert unknown.unit_code == "99999"


def test_the_same_file_again_changes_no_outcome(town: World) -> None:
    town.commit("sie", town.file(whole(), "bok.se"))
    again = town.commit("sie", town.file(whole(), "bok.se"))
    assert (again.counts.new, again.counts.changed, again.counts.unchanged) == (0, 0, 4)
    assert again.batch is not None and LedgerFile.objects.count() == 2


def test_what_a_later_file_no_longer_has_becomes_nothing_and_undo_brings_it_back(town: World) -> None:
    town.commit("sie", town.file(whole(), "bok.se"))
    later = town.commit("sie", town.file(whole(VOUCHER.replace("1000.50", "2000.00")), "bok2.se"))
    assert {key: amount for key, amount in lines().items() if amount} == {
        ("2022-01", "81132", None, "personal"): Decimal(-2000)
    }
    assert later.batch is not None
    folder = folder_of(LedgerFile.objects.get(batch=later.batch))
    assert folder.is_dir()
    undo(KINDS["sie"], later.batch)
    assert lines() == FIRST
    assert LedgerFile.objects.count() == 1


def test_undo_of_the_first_leaves_nothing(town: World) -> None:
    done = town.commit("sie", town.file(whole(), "bok.se"))
    assert done.batch is not None
    undo(KINDS["sie"], done.batch)
    assert not OutcomeLine.objects.exists()
    assert not LedgerSum.objects.exists() and not LedgerFile.objects.exists()


def faults_of(town: World, data: bytes) -> list[tuple[int | None, str]]:
    with pytest.raises(ImportFault) as told:
        town.commit("sie", town.file(data, "bok.se"))
    assert not OutcomeLine.objects.exists() and not LedgerFile.objects.exists()
    return [(one.row, one.what) for one in told.value.faults]


def test_faults_are_told_with_line_and_nothing_is_saved(town: World) -> None:
    cut = whole()[: whole().rindex(b"#TRANS 1930")]
    assert any("slutar mitt i en verifikation" in what for _, what in faults_of(town, cut))
    assert faults_of(town, whole(BODY.replace("20220203", "20210203"))) == [
        (25, "verifikation A 2 är daterad 2021-02-03, men filen läses in för 2022")
    ]
    [(line, what)] = faults_of(
        town, whole(lists=LISTS + '#KONTO 9010 "Intern tid"\n', body=BODY.replace("8010", "9010"))
    )
    assert line == 20 and "9010 Intern tid (50.00 kronor) hör inte till någon rad" in what
    assert faults_of(town, b"detta \xe4r ingen bokf\xf6ring\n")[0][1] == "filen är ingen SIE-fil"
    assert faults_of(town, b"")[0][1] == "filen är tom"
    other = whole().replace(b"#RAR 0 20220101 20221231", b"#RAR 0 20210101 20211231")
    assert "räkenskapsår är 2021-01-01 till 2021-12-31" in faults_of(town, other)[0][1]
    all_told = faults_of(town, whole(BODY.replace("-1000.50", "-1,5").replace("6010", "6099") + "}\n"))
    assert len(all_told) >= 3


def test_a_file_without_vouchers_gives_its_period_balances(town: World) -> None:
    body = '#PSALDO 0 202203 5010 {} 100\n#PSALDO 0 202203 5010 {1 "81132"} 70\n'
    data = whole(body).replace(b"#SIETYP 4", b"#SIETYP 3")
    town.commit("sie", town.file(data, "bok.se"))
    assert lines() == {
        ("2022-03", "81132", None, "personal"): Decimal(-70),
        ("2022-03", None, None, "personal"): Decimal(-30),
    }
    assert not has_rows(LedgerFile.objects.get())


def test_without_a_year_or_a_model_it_says_so(town: World) -> None:
    from roder.imports.cells import Context
    from roder.imports.services import commit

    path = town.file(whole(), "bok.se")
    for year, words in ((None, "året saknas"), (2023, "ingen styrmodell för 2023")):
        with pytest.raises(UserFault, match=words):
            commit(KINDS["sie"], Context(town.committee, year), path, "bok.se")
