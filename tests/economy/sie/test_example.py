"""The example file of Alingsås agrees with itself and with the year's outcome in the example files."""

from __future__ import annotations

import csv
from decimal import Decimal
from pathlib import Path

from roder.economy.services.ledger_read import chart_of, read_ledger
from roder.steering.modelfile import check_file

FOLDER = Path(__file__).parents[3] / "examples" / "alingsas"


def test_the_example_adds_up_to_the_outcome(tmp_path: Path) -> None:
    model = check_file(FOLDER / "styrmodell.yaml").model
    assert model is not None
    chart = chart_of(model)
    read = read_ledger(FOLDER / "bokforing-2022.se", chart, 2022, tmp_path)
    assert not read.faults.kept
    assert read.charset.name == "cp437" and read.book.name == "Alingsås kommun"
    sums: dict[str, Decimal] = {}
    for key, amount in read.booking.amounts.items():
        code = chart.group_of(key.account) or ""
        sums[code] = sums.get(code, Decimal(0)) - Decimal(amount.ore) / 100
    with (FOLDER / "utfall.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = [one for one in csv.DictReader(file, delimiter=";") if one["period"] == "2022-01..2022-12"]
    printed = {
        one["kontogrupp"]: Decimal(one["belopp"])
        for one in rows
        if not one["enhet"] and Decimal(one["belopp"])
    }
    assert sums == printed
    assert (FOLDER / "bokforing-2022.se").stat().st_size < 300_000
