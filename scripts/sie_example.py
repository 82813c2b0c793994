"""Writes examples/alingsas/bokforing-2022.se: vouchers whose sums are the year's outcome in utfall.csv.

Run from the project's folder: ``PYTHONPATH=src python scripts/sie_example.py``. The same file comes every time.
The vouchers are made up; only the sums per account group are those of the other example files.
"""

from __future__ import annotations

import csv
import zlib
from collections.abc import Iterator
from datetime import date
from pathlib import Path

from ruamel.yaml import YAML

from roder.economy.sie.book import Account, Balance, Book, Dimension, Objects, Row, Voucher, VoucherHead
from roder.economy.sie.writer import write

FOLDER = Path("examples/alingsas")
YEAR = 2022
BANK = "1930"
OPENING = 150_000_000_00
#: Account group -> account, name, share in percent, internal counterpart, whole committee only.
ACCOUNTS: dict[str, list[tuple[str, str, int, str, bool]]] = {
    "intakter": [
        ("3010", "Avgifter äldreomsorg", 34, "", False),
        ("3120", "Hyror vårdboende", 26, "", False),
        ("3510", "Riktade statsbidrag", 28, "", True),
        ("3910", "Ersättning från andra nämnder", 12, "820", True),
    ],
    "personal": [
        ("5010", "Löner månadsavlönade", 62, "", False),
        ("5020", "Löner timavlönade", 11, "", False),
        ("5610", "Arbetsgivaravgifter", 27, "", False),
    ],
    "lokaler": [("6010", "Lokalhyror", 100, "810", False)],
    "kop_tjanster": [
        ("4610", "Köp av hemtjänst", 38, "", True),
        ("4620", "Köp av boendeplatser", 45, "", True),
        ("4630", "Köp av personlig assistans", 17, "", True),
    ],
    "ovriga": [
        ("4010", "Förbrukningsmaterial", 40, "", False),
        ("6410", "Måltider från kostenheten", 45, "830", False),
        ("7010", "Transporter", 15, "", False),
    ],
    "kommunbidrag": [("8010", "Kommunbidrag", 100, "", True)],
}
PARTS = {"810": "Fastighet", "820": "Socialnämnden", "830": "Kost"}
TEXTS = {
    "intakter": "Intäkter", "personal": "Löner", "lokaler": "Hyror", "kop_tjanster": "Köpta tjänster",
    "ovriga": "Övriga kostnader", "kommunbidrag": "Kommunbidrag",
}  # fmt: skip


def split(total: int, weights: list[int]) -> list[int]:
    """A sum in öre by weights, to whole tens of kronor but the last, which takes what is left."""
    whole = sum(weights)
    parts = [round(total * one / whole / 1000) * 1000 for one in weights[:-1]]
    return [*parts, total - sum(parts)]


def weight(*words: object) -> int:
    """A number between 80 and 119 that is always the same for the same words."""
    return 80 + zlib.crc32(" ".join(map(str, words)).encode()) % 40


def totals() -> dict[str, int]:
    """The year's outcome by account group in öre, as the bookkeeping has it: revenue is negative."""
    with (FOLDER / "utfall.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = [
            one for one in csv.DictReader(file, delimiter=";") if one["period"] == f"{YEAR}-01..{YEAR}-12"
        ]
    return {
        one["kontogrupp"]: -round(float(one["belopp"].replace(",", ".")) * 100)
        for one in rows
        if not one["enhet"]
    }


def units() -> list[tuple[str, str]]:
    """The units with a code of figures, the administration first."""
    data = YAML(typ="safe", pure=True).load(FOLDER / "organisation.yaml")
    found = [(data["units"][0]["code"], data["units"][0]["name"])]

    def walk(listed: list[dict]) -> None:
        for one in listed:
            if one["kind"] == "unit" and not one.get("external") and one["code"].isdigit():
                found.append((one["code"], one["name"]))
            walk(one.get("children", []))

    walk(data["units"])
    return found


def vouchers() -> Iterator[Voucher]:
    """A voucher a month and account group, with a row for each unit and account, against the bank."""
    head, *others = units()
    number = 0
    by_group = {
        group: split(total, [weight(group, month) for month in range(12)])
        for group, total in totals().items()
    }
    for month in range(12):
        day = date(YEAR, month + 1, 25)
        for group, accounts in ACCOUNTS.items():
            rows: list[Row] = []
            shares = split(by_group[group][month], [share for _, _, share, _, _ in accounts])
            for (account, _, _, part, whole), share in zip(accounts, shares, strict=True):
                chosen = [head] if whole else others
                amounts = split(share, [weight(account, code) for code, _ in chosen])
                for (code, _), amount in zip(chosen, amounts, strict=True):
                    objects: Objects = (("1", code), *((("3", part),) if part else ()))
                    rows.append(Row(account, objects, amount))
            rows.append(Row(BANK, (), -sum(row.ore for row in rows)))
            number += 1
            yield Voucher(VoucherHead("A", str(number), day, f"{TEXTS[group]} {day:%Y-%m}"), rows)


def book(made: list[Voucher]) -> Book:
    """Lists and balances that agree with the vouchers."""
    names = {account: name for listed in ACCOUNTS.values() for account, name, *_ in listed}
    found = Book(
        charset="PC8", generated=f"{YEAR + 1}0116", kind="4", program="Roder exempelfil", organisation="212000-1553",
        name="Alingsås kommun", chart="KOMMUNBAS",
        years={0: (date(YEAR, 1, 1), date(YEAR, 12, 31)), -1: (date(YEAR - 1, 1, 1), date(YEAR - 1, 12, 31))},
        accounts={BANK: Account(BANK, "Bank", "T")},
        dimensions={"1": Dimension("1", "Ansvar"), "3": Dimension("3", "Motpart")},
        objects={("1", code): name for code, name in units()} | {("3", code): name for code, name in PARTS.items()},
    )  # fmt: skip
    for number in sorted(names):
        found.accounts[number] = Account(number, names[number], "I" if number[0] in "38" else "K")
    year: dict[str, int] = {}
    month: dict[tuple[str, str], int] = {}
    for voucher in made:
        for row in voucher.rows:
            period = f"{voucher.head.day:%Y%m}"
            year[row.account] = year.get(row.account, 0) + row.ore
            month[row.account, period] = month.get((row.account, period), 0) + row.ore
    found.balances = [Balance("IB", 0, BANK, OPENING), Balance("UB", 0, BANK, OPENING + year.pop(BANK))]
    found.balances += [Balance("RES", 0, account, year[account]) for account in sorted(year)]
    found.balances += [
        Balance("PSALDO", 0, account, ore, period)
        for (account, period), ore in sorted(month.items())
        if account != BANK
    ]
    return found


def main() -> None:
    """Write the file."""
    made = list(vouchers())
    data = b"".join(write(book(made), made))
    (FOLDER / f"bokforing-{YEAR}.se").write_bytes(data)


if __name__ == "__main__":
    main()
