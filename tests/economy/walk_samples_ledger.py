"""What the addresses of the bookkeeping are opened with."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any

from roder.core.models import ImportBatch
from roder.economy.models import LedgerFile
from roder.economy.rules.ledger import Chart, Ranges
from roder.economy.services.ledger import keep
from roder.economy.services.ledger_read import read_ledger
from roder.organisation.models import Body
from roder.steering.models import AccountGroup
from tests.economy.sie.parts import HEADER, VOUCHER


def samples(body: Body) -> dict[str, list[Any]]:
    """Every address, with a small bookkeeping file that is read in for the year."""
    group = AccountGroup.objects.filter(committee=body).first()
    assert group is not None
    if not LedgerFile.objects.filter(committee=body, year=2022).exists():
        batch = ImportBatch.objects.create(
            committee=body, kind="sie", file_name="bok.se", sha256="0" * 64, rows=1
        )
        with tempfile.TemporaryDirectory() as name:
            path = Path(name) / "bok.se"
            path.write_bytes((HEADER + VOUCHER).encode("cp437"))
            read = read_ledger(path, Chart(((group.code, Ranges(("5000-5999",))),)), 2022, Path(name))
            keep(read, {"5010": group.code}, body, 2022, batch)
    return {
        "economy:ledger": [],
        "economy:ledger_group": [group.code],
        "economy:ledger_account": ["5010"],
        "economy:ledger_voucher": [0],
    }
