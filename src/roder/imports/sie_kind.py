"""Bookkeeping files (SIE 4): read by the economy's own reading, and written as outcome by the same path as tables."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from roder.access.matrix import Action, Resource
from roder.core.models import ImportBatch
from roder.economy.models import OutcomeLine
from roder.economy.services.ledger import KIND, OutcomeOf, forget, gaps, keep, outcomes
from roder.economy.services.ledger_read import LedgerRead, chart_of, read_ledger
from roder.imports.declaration import Column, Import
from roder.imports.readers import MAX_BYTES, FileFault, Row, Table
from roder.imports.staging import Staging
from roder.steering.services import current_version, parsed

SOURCE = "Bokföringen (SIE)"


def declare(columns: tuple[Column, ...], rights: tuple[tuple[Action, Resource], ...]) -> Import:
    """The kind, with the columns and rights of outcome."""
    return Import(
        kind=KIND,
        title="Bokföring (SIE)",
        about="Utfall ur ekonomisystemets SIE-fil (typ 4, även 2 och 3), med vägen tillbaka till varje verifikation.",
        model=OutcomeLine,
        rights=rights,
        owned_by_committee=True,
        columns=columns,
        opens=open_ledger,
        keeps="Filens konton, summor och verifikationer sparas, och är de som gäller för året.",
        saved=_keep,
        undone=forget,
    )


def open_ledger(staging: Staging) -> Table:
    """Read a bookkeeping file; its faults are noted at their lines, its outcome is given as a table."""
    committee, year = staging.context.committee, staging.context.year
    size = staging.path.stat().st_size
    if not size:
        raise FileFault("filen är tom", "Kontrollera att rätt fil valdes.")
    if size > MAX_BYTES:
        raise FileFault(f"filen är större än {MAX_BYTES // 1_000_000} MB", "Ta ut den för färre månader.")
    if year is None:
        raise FileFault("året saknas", "Välj vilket år filen gäller, till exempel --year 2022.")
    version = current_version(committee, year)
    if version is None:
        raise FileFault(
            f"nämnden har ingen styrmodell för {year}",
            "Läs in styrmodellen först: den säger vilka konton som hör vart.",
        )
    chart = chart_of(parsed(version))
    read = read_ledger(staging.path, chart, year, staging.folder)
    for fault in read.faults.kept:
        staging.note(fault.line, fault.what, fault.do)
    more = read.faults.count - len(read.faults.kept)
    if more:
        staging.note(
            None, f"filen har {more} fel till av samma slag", "Rätta de första och granska filen igen."
        )
    groups = {
        account: group
        for account in {key.account for key in read.booking.amounts}
        if (group := chart.group_of(account)) is not None
    }
    rows = {} if read.faults.count else outcomes(read, groups, committee, year)
    staging.kept = (read, groups)
    warnings = [*read.remarks, *gaps(read, committee)]
    return Table(_described(read), _rows(rows), is_sheet=False, warnings=tuple(warnings))


def _described(read: LedgerRead) -> str:
    kind = f"SIE typ {read.book.kind or '1'}, {read.charset.words}"
    return f"{kind}: {read.vouchers} verifikationer, {read.rows} transaktioner"


def _rows(found: dict[OutcomeOf, Decimal]) -> Iterator[Row]:
    yield 1, ["period", "enhet", "verksamhet", "kontogrupp", "belopp", "kalla"]
    ordered = sorted(found.items(), key=lambda one: (one[0].month, one[0].group, one[0].unit, one[0].service))
    for number, (of, amount) in enumerate(ordered, 2):
        month = f"{of.month // 100}-{of.month % 100:02d}"
        yield number, [month, of.unit, of.service, of.group, f"{amount:.2f}".replace(".", ","), SOURCE]


def _keep(staging: Staging, batch: ImportBatch) -> None:
    read, groups = staging.kept
    assert staging.context.year is not None  # noqa: S101 - open_ledger has refused
    keep(read, groups, staging.context.committee, staging.context.year, batch)
