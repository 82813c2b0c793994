"""A bookkeeping file read for a committee's year: faults, sums in the committee's words, and its rows as a table."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from roder.economy.rules.ledger import Booking, Chart, Ranges, book, from_period_balances
from roder.economy.sie.book import Account, Book, Objects
from roder.economy.sie.charset import Charset
from roder.economy.sie.faults import Faults
from roder.economy.sie_columns import ColumnReader, Columns
from roder.steering.modelfile import SteeringModel

if TYPE_CHECKING:
    import pyarrow as pa

ROWS, VOUCHERS = "rows.parquet", "vouchers.parquet"
_MIX = "Ta ut en fil för ett år i taget, eller välj det år som filen gäller."


@dataclass
class LedgerRead:
    """What a file holds. ``folder`` has the tables of its rows and vouchers when there are any."""

    book: Book
    booking: Booking
    faults: Faults
    charset: Charset
    folder: Path
    vouchers: int = 0
    rows: int = 0
    remarks: list[str] = field(default_factory=list)

    @property
    def months(self) -> list[int]:
        """The months (YYYYMM) with anything booked."""
        return sorted({key.month for key in self.booking.amounts})


def chart_of(model: SteeringModel) -> Chart:
    """How a steering model says that the bookkeeping is coded."""
    ledger, rows = model.accounts.ledger, model.accounts.rows
    groups = tuple((row.code, Ranges(row.accounts)) for row in rows if row.accounts)
    if ledger is None:
        return Chart(groups)
    return Chart(
        groups,
        outside=Ranges(ledger.outside),
        unit_dimension=ledger.unit_dimension,
        service_dimension=ledger.service_dimension or "",
        own=Ranges(ledger.own),
        internal_accounts=Ranges(ledger.internal_accounts),
        counterpart_dimension=ledger.counterpart_dimension or "",
        internal_counterparts=Ranges(ledger.internal_counterparts),
    )


def read_ledger(path: Path, chart: Chart, year: int, folder: Path) -> LedgerRead:
    """Read a file through. Nothing is raised for what is wrong in it: see ``faults``."""
    with path.open("rb") as file:
        columns = ColumnReader(file, dimensions=chart.dimensions)
        reader = columns.reader
        with _Tables(folder, columns, chart) as tables:
            for part in columns.parts():
                _check_days(part, columns, year)
                tables.add(part)
    if not reader.book.kind and not reader.book.accounts and not columns.rows:
        reader.faults.kept.clear()
        reader.faults.count = 0
        reader.faults.add(None, "filen är ingen SIE-fil", "Ta ut en SIE-fil av typ 4 ur ekonomisystemet.")
        return LedgerRead(reader.book, Booking(), reader.faults, reader.charset, folder)
    _check_year(reader.book, year, reader.faults)
    columns.check()
    counted: Iterable[tuple[int, str, Objects, int, int]]
    counted = columns.counted() if columns.rows else from_period_balances(chart, reader.book.balances)
    accounts = {*columns.accounts, *(one.account for one in reader.book.balances)}
    result = [one for one in accounts if reader.book.accounts.get(one, Account(one, "")).of_result]
    found = LedgerRead(
        reader.book,
        book(chart, counted, result),
        reader.faults,
        reader.charset,
        folder,
        columns.vouchers,
        columns.rows,
    )
    _check_mapping(found, chart)
    _remark(found)
    return found


def _remark(found: LedgerRead) -> None:
    if found.charset.name == "cp1252":
        found.remarks.append("Filen är skriven med Windows tecken, inte PC8. Å, ä och ö har lästs rätt.")
    if found.book.flag == "1":
        found.remarks.append("Filen är märkt som redan inläst i ett annat program (#FLAGGA 1).")


def _check_year(book: Book, year: int, faults: Faults) -> None:
    current = book.years.get(0)
    if current and (current[0].year != year or current[1].year != year):
        faults.add(
            None, f"filens räkenskapsår är {current[0]} till {current[1]}, men du läser in {year}", _MIX
        )


def _check_days(part: Columns, columns: ColumnReader, year: int) -> None:
    """Vouchers of another year than the one that is read in."""
    import pyarrow.compute as pc  # noqa: PLC0415

    days = part.vouchers.column("day")
    first, last = year * 10000 + 101, year * 10000 + 1231
    outside = pc.and_(pc.greater(days, 0), pc.or_(pc.less(days, first), pc.greater(days, last)))
    if not pc.any(outside).as_py():
        return
    # The voucher that goes on from the part before stands first here too.
    known = columns.vouchers - part.vouchers.num_rows
    for one in (
        part.vouchers.filter(outside).select(["line", "series", "number", "day", "voucher"]).to_pylist()
    ):
        if one["voucher"] <= known:
            continue
        text = columns.reader.charset.text
        name = " ".join(filter(None, (text(one[part_]).strip('"') for part_ in ("series", "number"))))
        day = f"{one['day'] // 10000}-{one['day'] // 100 % 100:02d}-{one['day'] % 100:02d}"
        columns.reader.faults.add(
            one["line"], f"verifikation {name} är daterad {day}, men filen läses in för {year}", _MIX
        )


def _check_mapping(found: LedgerRead, chart: Chart) -> None:
    """Accounts of the result that no row of the model holds would be missing in every table."""
    if not chart.groups:
        found.faults.add(
            None,
            "styrmodellen säger inte vilka konton som hör till vilken rad",
            "Skriv dem i styrmodellen under accounts, rows, accounts, till exempel [3000-3999].",
        )
        return
    for number, ore in sorted(found.booking.unmapped.items()):
        account = found.book.accounts.get(number, Account(number, ""))
        found.faults.add(
            account.line or None,
            f"kontot {number} {account.name} ({-ore / 100:.2f} kronor) hör inte till någon rad i styrmodellen".replace(
                "  ", " "
            ),
            "Lägg kontot på en rad under accounts i styrmodellen, eller under ledger, outside.",
        )
    if found.book.kind == "1" and not found.rows:
        found.faults.add(
            None, "filen är av SIE-typ 1 och säger inget om månader", "Ta ut typ 4, eller typ 2 eller 3."
        )
    elif not found.booking.amounts and not found.faults.count:
        found.faults.add(
            None, "filen har inget bokfört på resultatkonton", "Kontrollera att rätt fil valdes."
        )


class _Tables:
    """Writes the rows and vouchers as tables beside the database, part by part."""

    def __init__(self, folder: Path, columns: ColumnReader, chart: Chart) -> None:
        self.folder, self.columns, self.chart = folder, columns, chart
        self._writers: dict[str, Any] = {}
        self._of_objects: tuple[list[str], list[str], list[bool]] = ([], [], [])
        self._of_accounts: list[bool] = []

    def __enter__(self) -> _Tables:
        return self

    def __exit__(self, *error: object) -> None:
        for writer in self._writers.values():
            writer.close()

    def add(self, part: Columns) -> None:
        """Write a part."""
        import pyarrow as pa  # noqa: PLC0415
        import pyarrow.compute as pc  # noqa: PLC0415

        self._learn()
        rows = part.rows
        accounts, objects = rows.column("account"), rows.column("objects")
        table = pa.table(
            {
                "line": rows.column("line"),
                "voucher": rows.column("voucher"),
                "month": rows.column("month"),
                "account": _coded(accounts, self.columns.accounts),
                "unit": _coded(objects, self._of_objects[0]),
                "service": _coded(objects, self._of_objects[1]),
                "internal": pc.or_(
                    pa.array(self._of_accounts, pa.bool_()).take(accounts.combine_chunks()),
                    pa.array(self._of_objects[2], pa.bool_()).take(objects.combine_chunks()),
                ),
                "ore": rows.column("ore"),
                "tail": rows.column("tail"),
            }
        )
        self._write(ROWS, table)
        self._write(VOUCHERS, part.vouchers)

    def _learn(self) -> None:
        """What the accounts and objects that have come since the last part mean."""
        for account in self.columns.accounts[len(self._of_accounts) :]:
            self._of_accounts.append(self.chart.is_internal(account, ()))
        units, services, internal = self._of_objects
        for pairs in self.columns.objects[len(units) :]:
            units.append(self.chart.unit_of(pairs))
            services.append(self.chart.service_of(pairs))
            internal.append(self.chart.is_internal("", pairs))

    def _write(self, name: str, table: pa.Table) -> None:
        from pyarrow import parquet  # noqa: PLC0415

        writer = self._writers.get(name)
        if writer is None:
            writer = self._writers[name] = parquet.ParquetWriter(
                self.folder / name, table.schema, compression="zstd", compression_level=1
            )
        writer.write_table(table)


def _coded(codes: Any, texts: list[str]) -> Any:
    import pyarrow as pa  # noqa: PLC0415

    return pa.DictionaryArray.from_arrays(codes.combine_chunks(), pa.array(texts, pa.string()))


def month_start(month: int) -> date:
    """The first day of a month given as YYYYMM."""
    return date(month // 100, month % 100, 1)
