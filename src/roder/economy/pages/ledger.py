"""Pages of the bookkeeping: account groups, their accounts by month, the rows of an account, a voucher."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any
from urllib.parse import urlencode

from django.db.models import Count, QuerySet, Sum
from django.http import Http404, HttpResponse
from django.shortcuts import render

from roder import access
from roder.access import Action, Resource
from roder.core.numbers import Unit as Printed
from roder.core.numbers import format_number, format_value, whole_number
from roder.economy.models import LedgerAccount, LedgerFile, LedgerSum
from roder.economy.services.ledger import files_of, has_rows
from roder.economy.services.ledger_rows import PAGE, LedgerRow, rows_of_account, rows_of_voucher
from roder.steering.models import AccountGroup
from roder.web.scope import CommitteeRequest, committee_page

ZERO = Decimal(0)
MONTHS = ("jan", "feb", "mars", "apr", "maj", "juni", "juli", "aug", "sep", "okt", "nov", "dec")


@dataclass
class Choice:
    """What the person has chosen to look at: a unit (code of the bookkeeping), with or without internal rows."""

    unit: str = ""
    internal: bool = True

    def query(self, **more: str) -> str:
        """The choice as the end of an address."""
        values = {"enhet": self.unit, "interna": "" if self.internal else "nej", **more}
        text = urlencode({name: value for name, value in values.items() if value})
        return f"?{text}" if text else ""


@dataclass
class Line:
    """A line of a table: what it is called, where it leads, its amounts by month, and their sum."""

    code: str
    label: str
    url: str = ""
    cells: list[tuple[str, str]] = field(default_factory=list)  # text, address
    total: Decimal = ZERO
    internal: Decimal = ZERO
    rows: int = 0

    @property
    def text(self) -> str:
        """The sum in tusental kronor."""
        return tkr(self.total)

    @property
    def rows_text(self) -> str:
        """How many rows, as numbers are printed."""
        return format_number(self.rows)

    @property
    def internal_text(self) -> str:
        """The internal part in tusental kronor."""
        return tkr(self.internal)


def tkr(amount: Decimal) -> str:
    """An amount as tables of the economy print it."""
    return format_value(amount, Printed.TKR)


def kronor(amount: Decimal) -> str:
    """An amount with öre."""
    return format_value(amount, Printed.KRONOR, digits=2)


def _choice(request: CommitteeRequest) -> Choice:
    return Choice(request.GET.get("enhet", "")[:40], request.GET.get("interna") != "nej")


def _file(request: CommitteeRequest) -> LedgerFile | None:
    scope = request.scope
    return access.visible(request.user, files_of(scope.committee, scope.year)).first()


def _needed(request: CommitteeRequest) -> LedgerFile:
    found = _file(request)
    if found is None:
        raise Http404("Ingen bokföring är inläst för året.")
    return found


def _sums(request: CommitteeRequest, file: LedgerFile, choice: Choice) -> QuerySet[LedgerSum]:
    """The sums that the person may see, of the chosen unit."""
    found = access.visible(request.user, LedgerSum.objects.filter(file=file))
    if choice.unit:
        found = found.filter(unit_code=choice.unit)
    return found if choice.internal else found.filter(internal=False)


def _units(request: CommitteeRequest, file: LedgerFile) -> list[tuple[str, str]]:
    """The units of the file that the person may see: code and name."""
    rows = access.visible(request.user, LedgerSum.objects.filter(file=file).exclude(unit_code=""))
    pairs = rows.order_by("unit_code").values_list("unit_code", "unit__name").distinct()
    return [(code, f"{code} {name or '(okänd enhet)'}") for code, name in pairs]


def _page(request: CommitteeRequest, template: str, file: LedgerFile | None, **context: Any) -> HttpResponse:
    choice = _choice(request)
    units = _units(request, file) if file else []
    # Texts of vouchers may name somebody who has support: they are for those who work with the economy.
    texts = access.may(request.user, Action.COMMENT, Resource.ECONOMY, request.scope.committee)
    more = {"file": file, "choice": choice, "units": units, "kept": choice.query(), "texts": texts}
    return render(request, f"economy/{template}.html", {**more, **context})


@committee_page(Resource.ECONOMY)
def ledger(request: CommitteeRequest) -> HttpResponse:
    """The year's bookkeeping: what each account group holds, what is internal, and what lies outside the chart."""
    scope, choice, file = request.scope, _choice(request), _file(request)
    may_import = scope.may(Action.IMPORT, Resource.IMPORTS) and scope.may(Action.IMPORT, Resource.ECONOMY)
    if file is None:
        return _page(request, "ledger", None, may_import=may_import)
    sums = _sums(request, file, choice)
    grouped = (
        sums.order_by().values("group__code", "internal").annotate(total=Sum("amount"), count=Sum("rows"))
    )
    groups = AccountGroup.objects.filter(committee=scope.committee).order_by("position")
    lines = {one.code: Line(one.code, one.label) for one in groups}
    outside = Line("", "Konton utanför tabellen")
    for row in grouped:
        line = lines.get(row["group__code"] or "", outside)
        line.total += row["total"]
        line.rows += row["count"]
        if row["internal"]:
            line.internal += row["total"]
    shown = [one for one in lines.values() if one.rows]
    for one in shown:
        one.url = scope.url("economy:ledger_group", one.code) + choice.query()
    whole = Line("", "Summa")
    for one in [*shown, outside]:
        whole.total, whole.internal, whole.rows = (
            whole.total + one.total,
            whole.internal + one.internal,
            whole.rows + one.rows,
        )
    return _page(
        request,
        "ledger",
        file,
        may_import=may_import,
        lines=[*shown, *([outside] if outside.rows else []), whole],
        gaps=_gaps(request, file),
        vouchers=format_number(file.vouchers),
        transactions=format_number(file.rows),
        earlier=list(access.visible(request.user, files_of(scope.committee, scope.year))[1:6]),
    )


def _gaps(request: CommitteeRequest, file: LedgerFile) -> list[dict[str, Any]]:
    """Codes that the committee has no unit or service for, and accounts without group, with what is booked on them."""
    rows = access.visible(request.user, LedgerSum.objects.filter(file=file))
    asked = (
        ("Enhet", "unit_code", rows.filter(unit=None).exclude(unit_code="")),
        ("Verksamhet", "service_code", rows.filter(service=None).exclude(service_code="")),
        ("Konto utan kontogrupp", "account", rows.filter(group=None)),
    )
    return [
        {"what": what, "code": row[name], "total": tkr(row["total"]), "rows": row["count"]}
        for what, name, found in asked
        for row in found.order_by(name).values(name).annotate(total=Sum("amount"), count=Sum("rows"))
    ]


@committee_page(Resource.ECONOMY)
def group(request: CommitteeRequest, code: str) -> HttpResponse:
    """The accounts of a group by month."""
    scope, choice, file = request.scope, _choice(request), _needed(request)
    found = AccountGroup.objects.filter(committee=scope.committee, code=code).first()
    if found is None:
        raise Http404("Kontogruppen finns inte.")
    rows = (
        _sums(request, file, choice)
        .filter(group=found)
        .order_by()
        .values_list("account", "month")
        .annotate(total=Sum("amount"), count=Count("pk"))
    )
    months = sorted({month for _, month, _, _ in rows})
    amounts = {(number, month): total for number, month, total, _ in rows}
    names = dict(LedgerAccount.objects.filter(file=file, group=found).values_list("number", "name"))
    opens = has_rows(file)

    def address(number: str, month: date | None) -> str:
        more = {"manad": f"{month:%Y-%m}"} if month else {}
        return scope.url("economy:ledger_account", number) + choice.query(**more) if opens else ""

    lines = [
        _line(number, f"{number} {names.get(number, '')}", months, amounts, address)
        for number in sorted({number for number, _ in amounts})
    ]
    by_month = {month: sum((amounts.get((one.code, month), ZERO) for one in lines), ZERO) for month in months}
    whole = Line("", "Summa", cells=[(tkr(by_month[month]), "") for month in months])
    whole.total = sum(by_month.values(), ZERO)
    heads = [MONTHS[month.month - 1] for month in months]
    return _page(request, "ledger_group", file, group=found, months=heads, lines=lines, whole=whole)


def _line(
    number: str,
    label: str,
    months: Iterable[date],
    amounts: dict[tuple[str, date], Decimal],
    address: Callable[[str, date | None], str],
) -> Line:
    line = Line(number, label, address(number, None))
    for month in months:
        amount = amounts.get((number, month))
        line.cells.append(("", "") if amount is None else (tkr(amount), address(number, month)))
        line.total += amount or ZERO
    return line


@committee_page(Resource.ECONOMY)
def account(request: CommitteeRequest, number: str) -> HttpResponse:
    """The rows of an account, of a month and a unit when they are chosen."""
    choice, file = _choice(request), _needed(request)
    found = LedgerAccount.objects.filter(file=file, number=number).select_related("group").first()
    if found is None or not has_rows(file):
        raise Http404("Kontot finns inte i den inlästa bokföringen.")
    month = _month(request.GET.get("manad", ""))
    sums = _sums(request, file, choice).filter(account=number)
    if month:
        sums = sums.filter(month=month)
    asked = whole_number(request.GET.get("sida"), 6)
    page = 1 if asked is None else asked
    seen = rows_of_account(
        file,
        number,
        month=month,
        units=_codes(request, file, choice, number),
        internal=choice.internal,
        page=min(page, 100_000),
    )
    total = sums.aggregate(total=Sum("amount"), count=Sum("rows"))
    more = {"manad": f"{month:%Y-%m}"} if month else {}
    return _page(
        request,
        "ledger_account",
        file,
        account=found,
        month=f"{MONTHS[month.month - 1]} {month.year}" if month else "",
        month_value=more.get("manad", ""),
        rows=[_shown(request, one) for one in seen[:PAGE]],
        total=kronor(total["total"] or ZERO),
        count=total["count"] or 0,
        count_text=format_number(total["count"] or 0),
        page=page,
        before=choice.query(**more, sida=str(page - 1)) if page > 1 else "",
        after=choice.query(**more, sida=str(page + 1)) if len(seen) > PAGE else "",
        whole_year=choice.query(),
    )


def _codes(
    request: CommitteeRequest, file: LedgerFile, choice: Choice, number: str | None
) -> list[str] | None:
    """The units whose rows may be shown; None when all may."""
    every = LedgerSum.objects.filter(file=file)
    rows = every.filter(account=number) if number else every
    visible = access.visible(request.user, rows)
    if choice.unit:
        visible = visible.filter(unit_code=choice.unit)
    elif visible.count() == rows.count():
        return None
    return list(visible.order_by().values_list("unit_code", flat=True).distinct())


def _month(text: str) -> date | None:
    before, _, after = text.partition("-")
    year, month = whole_number(before, 4), whole_number(after, 2)
    if len(before) == 4 and year and month and month <= 12:
        return date(year, month, 1)
    return None


def _shown(request: CommitteeRequest, row: LedgerRow) -> dict[str, Any]:
    url = request.scope.url("economy:ledger_voucher", row.voucher) + _choice(request).query()
    return {"row": row, "amount": kronor(row.amount), "url": url}


@committee_page(Resource.ECONOMY)
def voucher(request: CommitteeRequest, voucher: int) -> HttpResponse:
    """A voucher with its rows; those of units that the person may not see are one sum."""
    file = _needed(request)
    found = rows_of_voucher(file, voucher) if has_rows(file) else []
    codes = _codes(request, file, Choice(), None)
    seen = [one for one in found if codes is None or (one.unit and one.unit in codes)]
    if not seen:
        raise Http404("Verifikationen finns inte.")
    names = dict(LedgerAccount.objects.filter(file=file).values_list("number", "name"))
    units = dict(_units(request, file))
    lines = [
        {
            "row": one,
            "amount": kronor(one.amount),
            "account": names.get(one.account, ""),
            "unit": units.get(one.unit, one.unit),
        }
        for one in seen
    ]
    hidden = len(found) - len(seen)
    rest = kronor(sum((one.amount for one in found), ZERO) - sum((one.amount for one in seen), ZERO))
    return _page(request, "ledger_voucher", file, first=seen[0], lines=lines, hidden=hidden, rest=rest)
