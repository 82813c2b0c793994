"""Bookkeeping that has been read in: kept by month, account, unit and service, with its rows as a table beside."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path

from django.db import connection, transaction
from django.db.models import QuerySet

from roder.core.models import ImportBatch
from roder.core.paths import private_dir
from roder.core.words import listed
from roder.economy.models import LedgerAccount, LedgerFile, LedgerSum, OutcomeLine
from roder.economy.services.ledger_read import ROWS, LedgerRead, month_start
from roder.organisation.models import Body, Unit
from roder.steering.models import AccountGroup, ServiceCode

KIND = "sie"
LISTED = 12  # codes named in a remark
_COLUMNS = (
    "file_id", "month", "account", "group_id", "unit_id", "unit_code", "service_id", "service_code", "internal",
    "amount", '"rows"',
)  # fmt: skip


@dataclass(frozen=True)
class OutcomeOf:
    """What an outcome line is made of: month, unit and service (codes, empty when there is none), account group."""

    month: int
    unit: str
    service: str
    group: str


def outcomes(
    read: LedgerRead, groups: dict[str, str], committee: Body, year: int
) -> dict[OutcomeOf, Decimal]:
    """The outcome in kronor that a file gives; costs are negative.

    ``groups``: account -> account group. What an earlier file of the year gave and this one does not is 0.
    """
    units = set(Unit.objects.filter(committee=committee).values_list("code", flat=True))
    services = set(ServiceCode.objects.filter(committee=committee).values_list("code", flat=True))
    tops = Unit.objects.filter(committee=committee, kind=Unit.Kind.ADMINISTRATION)
    top = list(tops.values_list("code", flat=True))
    found: dict[OutcomeOf, int] = {}
    for key, amount in read.booking.amounts.items():
        group = groups.get(key.account)
        if group is None:
            continue
        # The only administration is the committee as a whole, as in all files.
        unit = key.unit if key.unit in units and [key.unit] != top else ""
        service = key.service if key.service in services else ""
        of = OutcomeOf(key.month, unit, service, group)
        found[of] = found.get(of, 0) - amount.ore
    for of in _earlier(committee, year):
        found.setdefault(of, 0)
    return {of: Decimal(ore) / 100 for of, ore in found.items()}


def _earlier(committee: Body, year: int) -> Iterator[OutcomeOf]:
    rows = OutcomeLine.objects.filter(
        committee=committee, period_start__year=year, batch__kind=KIND
    ).values_list("period_start", "unit__code", "service__code", "group__code")
    for start, unit, service, group in rows:
        yield OutcomeOf(start.year * 100 + start.month, unit or "", service or "", group)


def gaps(read: LedgerRead, committee: Body) -> list[str]:
    """Codes of the bookkeeping that the committee has no unit or service for, in words."""
    used = read.booking.amounts
    units = set(Unit.objects.filter(committee=committee).values_list("code", flat=True))
    services = set(ServiceCode.objects.filter(committee=committee).values_list("code", flat=True))
    return [
        f"Nämnden har {none}: {listed(sorted(missing), LISTED)}. Beloppen räknas med hos nämnden som helhet."
        for none, missing in (
            ("inga enheter med koderna", {key.unit for key in used} - units - {""}),
            ("inga verksamheter med koderna", {key.service for key in used} - services - {""}),
        )
        if missing
    ]


def keep(
    read: LedgerRead, groups: dict[str, str], committee: Body, year: int, batch: ImportBatch
) -> LedgerFile:
    """Keep a file's sums and tables with its import. Called inside the import's transaction."""
    months = read.months
    file = LedgerFile.objects.create(
        committee=committee,
        year=year,
        batch=batch,
        kind=read.book.kind or "1",
        letters=read.charset.name or "ascii",
        program=read.book.program[:120],
        organisation=read.book.organisation[:30],
        name=read.book.name[:200],
        generated=read.book.generated[:20],
        first_month=month_start(months[0]) if months else date(year, 1, 1),
        last_month=month_start(months[-1]) if months else date(year, 1, 1),
        vouchers=read.vouchers,
        rows=read.rows,
    )
    by_code = dict(AccountGroup.objects.filter(committee=committee).values_list("code", "pk"))
    group_ids = {account: by_code.get(code) for account, code in groups.items()}
    used = {key.account for key in read.booking.amounts} | set(read.book.accounts)
    LedgerAccount.objects.bulk_create(
        LedgerAccount(
            file=file,
            number=number,
            name=read.book.accounts[number].name[:200] if number in read.book.accounts else "",
            group_id=group_ids.get(number),
        )
        for number in sorted(used)
    )
    _copy_sums(read, file, committee, group_ids)
    if read.rows:
        target = folder_of(file)
        shutil.rmtree(target, ignore_errors=True)
        shutil.copytree(
            read.folder, target, ignore=lambda _, names: [n for n in names if not n.endswith(".parquet")]
        )
        LedgerFile.objects.filter(pk=file.pk).update(table=target.name)
        file.table = target.name
    return file


def _copy_sums(read: LedgerRead, file: LedgerFile, committee: Body, group_ids: dict[str, int | None]) -> None:
    units = dict(Unit.objects.filter(committee=committee).values_list("code", "pk"))
    services = dict(ServiceCode.objects.filter(committee=committee).values_list("code", "pk"))
    columns = ", ".join(_COLUMNS)
    statement = f"COPY economy_ledgersum ({columns}) FROM STDIN"
    with (
        connection.wrap_database_errors,
        connection.cursor() as cursor,
        cursor.cursor.copy(statement) as rows,
    ):
        for key, amount in read.booking.amounts.items():
            rows.write_row(
                (
                    file.pk,
                    month_start(key.month),
                    key.account,
                    group_ids.get(key.account),
                    units.get(key.unit),
                    key.unit[:40],
                    services.get(key.service),
                    key.service[:40],
                    key.internal,
                    Decimal(-amount.ore) / 100,
                    amount.rows,
                )
            )


def folder_of(file: LedgerFile) -> Path:
    """Where the tables of a file's rows and vouchers lie."""
    return private_dir("ledger") / f"{file.batch_id}-{file.batch.sha256[:12]}"


def forget(batch: ImportBatch) -> list[str]:
    """Take away what was kept with an import that is undone."""
    file = LedgerFile.objects.filter(batch=batch).first()
    if file is None:
        return []
    folder = folder_of(file)
    LedgerSum.objects.filter(file=file)._raw_delete(using="default")
    file.delete()
    transaction.on_commit(lambda: shutil.rmtree(folder, ignore_errors=True))
    return []


def files_of(committee: Body, year: int) -> QuerySet[LedgerFile]:
    """The files of a committee's year, the one that counts first."""
    return (
        LedgerFile.objects.filter(committee=committee, year=year)
        .select_related("batch")
        .order_by("-batch_id")
    )


def has_rows(file: LedgerFile) -> bool:
    """Whether the file's vouchers can be looked at."""
    return bool(file.table) and (folder_of(file) / ROWS).is_file()
