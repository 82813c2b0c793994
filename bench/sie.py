"""A bookkeeping file of two million rows: read as pysie-accounting reads it, and read in whole with every check.

The file follows the published format, in PC8, with vouchers of four rows, in the form that both read (numbers within
quotes, a registration date on every voucher). Each reading is a process of its own, so that its peak memory is its own;
they take turns. What Roder does beside: vouchers held in balance, accounts, objects and balances checked. The file has
no control sum, which the other does not read.
"""

from __future__ import annotations

import statistics
import time
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

from bench.home import free_directory, own_data, peak_memory
from bench.parts import be, child
from bench.results import Row, limit_row, ratio_row

NAME = "sie"
MODULE = "bench.sie"
ROWS, ROWS_QUICK = 2_000_000, 20_000
RUNS = 3
PER_VOUCHER = 4
UNITS = 200
OWN = 40  # accounts that a unit uses
FASTER, MEMORY, WHOLE = 5, 400, 60
RESULT = [str(5000 + 7 * place) for place in range(120)]
BANK = "1930"


def _numbers(start: int) -> Iterator[int]:
    """Numbers that look like chance and are the same every time."""
    state = start
    while True:
        state = (state * 6364136223846793005 + 1442695040888963407) % (1 << 64)
        yield state >> 33


def _kronor(ore: int) -> str:
    return f"{'-' if ore < 0 else ''}{abs(ore) // 100}.{abs(ore) % 100:02d}"


def write_file(path: Path, rows: int) -> None:
    """A year's bookkeeping with so many rows, month after month, with balances."""
    chance = _numbers(6)
    sums = dict.fromkeys([*RESULT, BANK], 0)
    vouchers = rows // PER_VOUCHER
    with path.open("wb") as file:

        def put(text: str) -> None:
            file.write(text.encode("cp437"))

        put(
            '#FLAGGA 0\r\n#PROGRAM "Mätning" 1\r\n#FORMAT PC8\r\n#GEN 20230116\r\n#SIETYP 4\r\n#ORGNR 212000\r\n'
        )
        put('#FNAMN "Mätköping"\r\n#RAR 0 20220101 20221231\r\n#DIM 1 "Ansvar"\r\n')
        for number in [*RESULT, BANK]:
            put(f'#KONTO {number} "Konto å {number}"\r\n#SRU {number} 7500\r\n')
        for unit in range(UNITS):
            put(f'#OBJEKT 1 "{81000 + unit}" "Enhet {unit}"\r\n')
        lines: list[str] = []
        for number in range(vouchers):
            day = date(2022, number * 12 // vouchers + 1, number % 28 + 1)
            lines.append(f'#VER "A" "{number + 1}" {day:%Y%m%d} "Lön och kostnad" {day:%Y%m%d}\r\n{{\r\n')
            left = 0
            for _ in range(PER_VOUCHER - 1):
                unit, ore = next(chance) % UNITS, next(chance) % 2_000_000 - 900_000
                account = RESULT[(7 * unit + next(chance) % OWN) % len(RESULT)]  # no unit uses all accounts
                lines.append(f'#TRANS {account} {{1 "{81000 + unit}"}} {_kronor(ore)}\r\n')
                sums[account] += ore
                left += ore
            sums[BANK] -= left
            lines.append(f'#TRANS {BANK} {{}} {_kronor(-left)} {day:%Y%m%d} "Betalning"\r\n}}\r\n')
            if len(lines) > 50_000 or number == vouchers - 1:
                put("".join(lines))
                lines.clear()
        for account in RESULT:
            put(f"#RES 0 {account} {_kronor(sums[account])}\r\n")


def read_columns(where: str, told: Any, quick: bool) -> dict[str, float]:
    """Roder's reading with its checks, every part taken."""
    import pyarrow.compute
    import pyarrow.csv  # loaded before the clock starts, as pandas is for the other

    from roder.economy.sie_columns import ColumnReader

    pyarrow.compute.sum(pyarrow.array([1]))  # where pandas is installed it is loaded by the first values
    start = time.perf_counter()
    with Path(where).open("rb") as file:
        reader = ColumnReader(file)
        rows = sum(part.rows.num_rows for part in reader.parts())
        reader.check()
    took = time.perf_counter() - start
    if reader.reader.faults.count:
        raise SystemExit(f"faults in the file that was made: {reader.reader.faults.kept[:3]}")
    return {"took": took, "rows": rows, "vouchers": reader.vouchers, "peak": peak_memory()}


def read_other(where: str, told: Any, quick: bool) -> dict[str, float]:
    """The other's reading of the same file."""
    import pandas
    from pysie_accounting.pysie import PySIE

    reader = PySIE()
    reader.sie_encoding = "cp437"
    reader.dftrans = pandas.DataFrame({"SRU": [7500], "Ink2": ["7.5"]})
    start = time.perf_counter()
    reader.open(where)
    took = time.perf_counter() - start
    rows = sum(len(voucher[3]) for voucher in reader.verifikat.values())
    return {"took": took, "rows": rows, "vouchers": len(reader.verifikat), "peak": peak_memory()}


def read_in(where: str, told: Any, quick: bool) -> dict[str, Any]:
    """The whole import of the file for the example's committee: outcome, sums, and the rows as a table."""
    home = Path(where)
    with own_data(home):
        from roder.core.cli import setup_django

        setup_django()
        from bench import world
        from roder.economy.models import LedgerFile, LedgerSum, OutcomeLine
        from roder.imports.cells import Context
        from roder.imports.kinds import kind_of
        from roder.imports.services import commit

        committee = world.example()
        path = Path(told)
        start = time.perf_counter()
        done = commit(kind_of("sie"), Context(committee, 2022), path, path.name)
        took = time.perf_counter() - start
        file = LedgerFile.objects.get(batch=done.batch)
        return {
            "took": took,
            "rows": file.rows,
            "sums": LedgerSum.objects.filter(file=file).count(),
            "lines": OutcomeLine.objects.filter(batch=done.batch).count(),
            "peak": peak_memory(),
        }


def run(*, quick: bool = False) -> tuple[list[Row], list[str]]:
    """Write the file, let both read it in turns, and read it in."""
    with free_directory() as home:
        path = home / "bok.se"
        write_file(path, ROWS_QUICK if quick else ROWS)
        ours, other = [], []
        for _ in range(1 if quick else RUNS):
            ours.append(child(MODULE, "ours", str(path), home, quick=quick))
            other.append(child(MODULE, "other", str(path), home, quick=quick))
        if {(one["rows"], one["vouchers"]) for one in [*ours, *other]} != {
            (ours[0]["rows"], ours[0]["vouchers"])
        }:
            raise SystemExit("the two readings do not agree on how many rows and vouchers there are")
        whole = child(MODULE, "in", str(home), home, quick=quick, told=str(path))
        size = path.stat().st_size / 2**20
    took = [statistics.median(one["took"] for one in runs) for runs in (ours, other)]
    rows = [
        ratio_row(
            NAME, f"{ours[0]['rows']:,} rows read", took[0], "pysie-accounting", took[1], "at least", FASTER
        ),
        limit_row(NAME, "its peak memory", max(one["peak"] for one in ours), "MB", "at most", MEMORY),
        limit_row(
            NAME, "read in whole: outcome, sums, table of rows", whole["took"], "s", "at most", WHOLE, 1
        ),
        limit_row(NAME, "its peak memory, with Django", whole["peak"], "MB", "at most", MEMORY),
    ]
    return rows, [
        f"{NAME}: {ours[0]['vouchers']:,} vouchers in {size:.0f} MB; pysie-accounting holds "
        f"{other[0]['peak']:,.0f} MB. Roder's reading holds vouchers in balance and checks accounts, objects and "
        f"balances; read in it became {whole['sums']:,} sums and {whole['lines']:,} outcome lines."
    ]


if __name__ == "__main__":
    be({"ours": read_columns, "other": read_other, "in": read_in})
