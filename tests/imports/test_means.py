"""Files about means: read in, told what is wrong, and taken back with their tasks."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

import pytest

from roder.core.models import ImportBatch
from roder.economy.models import Allocation, FundEntry, PrepaidIncome, StaffMove
from roder.imports.cells import Context
from roder.imports.kinds import KINDS
from roder.imports.services import Committed, ImportFault, commit, undo
from roder.registers.models import StateGrant
from roder.tasks.models import Task
from tests.economy.real import Town

Read = Callable[[str, str], Committed]


@pytest.fixture
def town(db: None) -> Town:
    return Town("alingsas")


@pytest.fixture
def read(town: Town, tmp_path: Path) -> Read:
    """Reads a text in as a kind of file."""

    def done(kind: str, text: str) -> Committed:
        path = tmp_path / "fil.csv"
        path.write_text(text, encoding="utf-8")
        return commit(KINDS[kind], Context(town.committee, 2022), path, "fil.csv")

    return done


def faults(read: Read, kind: str, text: str) -> str:
    with pytest.raises(ImportFault) as found:
        read(kind, text)
    return str(found.value)


GRANTS = "ar;statsbidrag;myndighet;lage;ansokt;sokt;beviljat;aterrapportera_senast;anvant\n"


def test_state_grants_come_with_their_days_as_tasks_and_go_with_them(town: Town, read: Read) -> None:
    read("statsbidrag", GRANTS + "2022;God vård;Socialstyrelsen;beviljat;2022-02-01;900;900;2099-02-28;100\n")
    grant = StateGrant.objects.get()
    assert (grant.state, grant.sought, grant.used) == ("granted", 900, 100)
    assert list(Task.objects.filter(kind="registers.state_report").values_list("subject_id", flat=True)) == [
        grant.pk
    ]
    undo(KINDS["statsbidrag"], ImportBatch.objects.get(kind="statsbidrag"), town.people["controller"])
    assert not StateGrant.objects.exists() and not Task.objects.filter(kind="registers.state_report").exists()


@pytest.mark.parametrize(
    ("row", "told"),
    [
        ("2022;A;M;beviljat;;9;8;;9", "mer är använt än vad som är beviljat"),
        ("2022;A;M;beviljat;;9;;;", "beloppet saknas"),
        ("2022;A;M;sökt;;-9;;;", "negativt"),
        ("2022;A;M;kanske;;9;;;", "”kanske” finns inte"),
        ("2022;A;;sökt;;9;;;", "myndighet"),
    ],
)
def test_a_grant_that_cannot_be_is_told(read: Read, row: str, told: str) -> None:
    assert told in faults(read, "statsbidrag", GRANTS + row + "\n")
    assert not StateGrant.objects.exists()


def test_planned_volumes_find_their_unit_cost(read: Read) -> None:
    head = "ar;insats;regi;volym;planerad\n"
    assert "à-priset för ”hemtjanst” 2022 finns inte" in faults(
        read, "volymplan", head + "2022;hemtjanst;egen;1;2\n"
    )
    read("apriser", "ar;insats;regi;kronor\n2022;hemtjanst;egen;198000\n")
    read("volymplan", head + "2022;Hemtjänst i ordinärt boende;egen;494;502\n")
    made = Allocation.objects.get()
    assert (made.volume_planned - made.volume_before) * made.cost.amount == Decimal(1_584_000)
    assert "negativt" in faults(read, "apriser", "ar;insats;regi;kronor\n2022;hemtjanst;extern;-1\n")


def test_staff_moves_use_the_steering_models_reasons(read: Read) -> None:
    head = "period;slag;orsak;antal\n"
    read("personalrorelser", head + "2022;slutade;Pension;31\n2022;anställda;utokning;18\n")
    assert set(StaffMove.objects.values_list("kind", "reason", "count")) == {
        ("left", "pension", 31), ("hired", "utokning", 18),
    }  # fmt: skip
    told = faults(read, "personalrorelser", head + "2022;anställda;pension;1\n")
    assert "finns inte i styrmodellen" in told and "utokning" in told


def test_prepaid_income_and_the_fund(town: Town, read: Read) -> None:
    head = "tillfalle;projekt;exploatering;budget;prognos;utfall\n"
    read("forutbetalda", head + "2022-08;Gata;ja;1000;;\n;Torg;;5;;\n")
    assert {(one.occasion.code, one.project, one.development) for one in PrepaidIncome.objects.all()} == {
        ("2022-08", "Gata", True), (next(o.code for o in town.committee.occasions.filter(kind="plan")), "Torg", False),
    }  # fmt: skip
    assert "inget belopp" in faults(read, "forutbetalda", head + "2022-08;Väg;;;;\n")
    fund = "ar;slag;beslutsdag;belopp;beslut\n"
    assert "utan minus" in faults(read, "resultatfond", fund + "2022;används;2022-05-01;5;§ 1\n")
    read("resultatfond", fund + "2021;årets resultat förs över;2022-03-30;6264000;KF § 41\n")
    undo(KINDS["resultatfond"], ImportBatch.objects.get(kind="resultatfond"), town.people["controller"])
    assert not FundEntry.objects.exists()
