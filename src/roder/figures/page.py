"""What the page of a figure shows: the rows behind with links to their records, and the number in earlier snapshots."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Protocol

from django.apps import apps
from django.db.models import F, Value
from django.urls import NoReverseMatch, reverse
from django.utils import timezone

from roder import access
from roder.access.deeds import subject_words
from roder.access.matrix import Resource, allows
from roder.core.numbers import MISSING, Unit, format_number
from roder.figures.calculate import BehindTable, Result, compute, rows_behind
from roder.figures.hiding import HIDDEN, hidden_rows
from roder.figures.manifest import SnapshotFault
from roder.figures.models import Snapshot
from roder.figures.registry import At, Figure
from roder.figures.source import Engine, SnapshotSource
from roder.organisation.models import Unit as OrganisationUnit
from roder.steering.models import AccountGroup, InvestmentCategory, ServiceCode, Support

if TYPE_CHECKING:
    from roder.access.rights import User
    from roder.organisation.models import Body

#: How many earlier snapshots the number is shown in.
HISTORY = 12
#: kind of record -> its page, and where its year stands when the page belongs to a year
PAGES: dict[str, tuple[str, str | None]] = {
    "economy.budgetline": ("economy:budgetrader-detail", "version__year"),
    "economy.forecastline": ("economy:prognosrader-detail", "occasion__year"),
    "economy.outcomeline": ("economy:utfallsrader-detail", "period_start__year"),
    "economy.investmentline": ("economy:investeringsrader-detail", "occasion__year"),
    "economy.volumeline": ("economy:volymrader-detail", None),
    "economy.staffvalue": ("economy:personalvarden-detail", None),
    "quality.deviation": ("quality:deviation", None),
    "quality.lexsarahcase": ("quality:lex_sarah", None),
    "quality.lexmariacase": ("quality:lex_maria", None),
    "measures.measurevalue": ("measures:nyckeltalsvarden-detail", None),
    "steering.goal": ("steering:goal", None),
    "steering.assignment": ("steering:assignment", None),
    "control.risk": ("control:risk", None),
    "control.controlpoint": ("control:point", None),
    "control.control": ("control:control", None),
    "control.controlround": ("control:round", None),
    "control.controlsample": ("control:sample", None),
    "control.sampleitem": ("control:item", None),
    "control.audit": ("control:audit", None),
    "control.inspection": ("control:inspection", None),
}
#: Records that few may see: who may see the figure does not see its rows for that.
ABOUT_PEOPLE = ("quality.", "casework.", "tasks.")
NUMBERS = frozenset({
    "amount", "budget", "forecast", "outcome", "outcome_last_year", "count", "hours", "value", "numerator",
    "denominator", "likelihood", "impact", "risk_value", "previous_value", "reviewed", "deviants", "frame_size", "size",
    "latest_outcome", "target",
})  # fmt: skip
WORDS = {
    "sex": {"alla": "alla", "kvinnor": "kvinnor", "man": "män"},
    "status": {"final": "fastställt", "preliminary": "preliminärt", "missing": "saknas", "saknas": "ej bedömd"},
    "handling": {
        "none": "ingen åtgärd", "goal": "mål", "control_point": "internkontrollpunkt",
        "critical_factor": "kritisk verksamhetsfaktor", "assignment": "uppdrag",
        "immediate_action": "omedelbar åtgärd",
    },
    "assessment": {
        "without": "utan anmärkning", "with": "med anmärkning", "moved": "flyttad", "untested": "inte genomförd",
    },
    "method": {
        "sample": "stickprov", "all": "totalundersökning", "interview": "intervju", "survey": "enkät",
        "documents": "granskning av dokument", "analysis": "analys",
    },
    "effect": {"yes": "ja", "partly": "delvis", "no": "nej", "not_done": "inte genomförd"},
    "scope": {"number": "antal", "share": "andel", "all": "samtliga"},
    "run": {
        "egen": "egen regi", "extern": "extern regi", "annan_namnd": "annan nämnd i kommunen",
        "ej_uppdelat": "inte uppdelat",
    },
}  # fmt: skip


class Place(Protocol):
    """Who looks, and at which committee and year (the scope of a page)."""

    user: User
    committee: Body
    year: int


@dataclass(frozen=True)
class Line:
    """A row behind a number, as shown: its texts (and whether each is a number), its record's page (None: no page, or
    no right), and its source.
    """

    cells: list[tuple[str, bool]]
    gid: str
    url: str | None
    source: str

    @property
    def record(self) -> str:
        """What kind of record it is, with its number: ``mål 6``."""
        return subject_words(self.gid)


@dataclass(frozen=True)
class Group:
    """Rows of one kind (budget, forecast) with their sum, where all of them are shown and can be added."""

    what: str
    lines: list[Line]
    total: str


@dataclass(frozen=True)
class Behind:
    """The table of the rows behind a number. ``hidden`` rows belong to units that the person may not see."""

    titles: list[tuple[str, bool]]
    groups: list[Group]
    total: int
    shown: int
    hidden: int
    has_sums: bool


@dataclass(frozen=True)
class _Record:
    pk: int
    source: str
    year: int | None


def _records(scope: Place, gids: Iterable[str]) -> dict[str, _Record]:
    """The records behind global ids that the person may see, as they stand in the registers today."""
    by_kind: dict[str, list[int]] = {}
    for gid in gids:
        kind, _, number = gid.partition(":")
        by_kind.setdefault(kind, []).append(int(number))
    found: dict[str, _Record] = {}
    for kind, numbers in by_kind.items():
        model = apps.get_model(kind)
        rows = access.visible(scope.user, model._base_manager.filter(pk__in=numbers))
        has_source = any(one.name == "source" for one in model._meta.get_fields())
        path = PAGES.get(kind, ("", None))[1]
        values = rows.values_list(
            "pk", F("source") if has_source else Value(""), F(path) if path else Value(scope.year)
        )
        found |= {f"{kind}:{pk}": _Record(pk, source, year) for pk, source, year in values}
    return found


def _url(scope: Place, gid: str, record: _Record | None) -> str | None:
    page = PAGES.get(gid.partition(":")[0])
    if page is None or record is None:
        return None
    try:
        return reverse(page[0], args=[scope.committee.slug, record.year or scope.year, record.pk])
    except NoReverseMatch:  # the room has no such page
        return None


def _names(committee: Body) -> dict[str, dict[str, str]]:
    """What codes are called: column -> code -> name."""

    def labels(model: Any, name: str = "label") -> dict[str, str]:
        return dict(model.objects.filter(committee=committee).values_list("code", name))

    return {
        "group_code": labels(AccountGroup),
        "service_code": labels(ServiceCode),
        "category_code": labels(InvestmentCategory),
        "support_code": labels(Support),
        "unit_code": labels(OrganisationUnit, "name"),
        **WORDS,
    }


def _text(column: str, value: Any, names: Mapping[str, Mapping[str, str]]) -> str:
    if value is None:
        return {"unit_code": "hela nämnden"}.get(column, MISSING if column in NUMBERS else "")
    if isinstance(value, bool):
        return "ja" if value else "nej"
    if isinstance(value, Decimal):
        digits = max(0, -int(value.normalize().as_tuple().exponent))
        return format_number(value, min(digits, 4))
    if isinstance(value, datetime):
        return f"{timezone.localtime(value.replace(tzinfo=UTC)):%Y-%m-%d}"
    if isinstance(value, date):
        return value.isoformat()
    return names.get(column, {}).get(str(value), str(value))


def _sees_everything(scope: Place) -> bool:
    """Whether the person has a mandate for the whole committee that lets them see figures."""
    return any(
        grant.unit_id is None
        and grant.committee_id == scope.committee.pk
        and allows(grant.role, Resource.FIGURES, access.Action.VIEW)
        for grant in access.grants(scope.user)
    )


def behind(scope: Place, name: str, source: Engine, at: At, key: Mapping[str, str]) -> Behind:
    """The rows behind a number, as the person may see them."""
    table: BehindTable = rows_behind(name, source, at, key)
    records, names = _records(scope, table.gids), _names(scope.committee)
    whole = _sees_everything(scope)
    columns = [column for column in table.columns if column != "what" and not _empty(table, column)]
    place = {column: number for number, column in enumerate(table.columns)}
    adds_up = "amount" in place and table.total == len(table.rows)
    groups: dict[str, tuple[list[Line], Decimal]] = {}
    hidden = 0
    for gid, row in zip(table.gids, table.rows, strict=True):
        record = records.get(gid)
        if record is None and (not whole or gid.startswith(ABOUT_PEOPLE)):
            hidden += 1
            continue
        what = str(row[place["what"]]) if "what" in place else ""
        cells = [(_text(column, row[place[column]], names), column in NUMBERS) for column in columns]
        lines, total = groups.get(what, ([], Decimal(0)))
        lines.append(Line(cells, gid, _url(scope, gid, record), record.source if record else ""))
        groups[what] = lines, total + (row[place["amount"]] if adds_up else 0)
    return Behind(
        titles=[(table.columns[column], column in NUMBERS) for column in columns],
        groups=[
            Group(what, lines, format_number(total) if adds_up and not hidden else "")
            for what, (lines, total) in groups.items()
        ],
        total=table.total,
        shown=len(table.rows) - hidden,
        hidden=hidden,
        has_sums=adds_up and not hidden and bool(groups),
    )


def _empty(table: BehindTable, column: str) -> bool:
    """Whether a column says nothing in any row (and is not a number, whose absence says something)."""
    place = list(table.columns).index(column)
    return column not in NUMBERS and all(row[place] in (None, "") for row in table.rows)


@dataclass(frozen=True)
class Then:
    """The number in an earlier snapshot."""

    snapshot: Snapshot
    text: str
    fault: str = ""


def history(scope: Place, figure: Figure, key: Mapping[str, str]) -> list[Then]:
    """The number in the committee's latest snapshots of the year, each at its own occasion, latest first."""
    taken = access.visible(
        scope.user, Snapshot.objects.filter(committee=scope.committee, occasion__year=scope.year)
    )
    found = []
    for snapshot in taken.select_related("occasion__committee").order_by("-cut_off", "-taken_at")[:HISTORY]:
        try:
            with SnapshotSource.open(snapshot) as source:
                result = compute(figure.name, source, At.of(snapshot.occasion))
            row = result.get(**key)
            hidden = hidden_rows(scope.user, scope.committee, result, snapshot.cut_off)
            kept = row is None or result.rows.index(row) not in hidden
            found.append(Then(snapshot, (row.text() if row else MISSING) if kept else HIDDEN))
        except SnapshotFault as fault:
            found.append(Then(snapshot, MISSING, str(fault)))
    return found


def unit_word(result: Result) -> str:
    """The unit of a figure's rows, for the caption of their table ('' when rows differ)."""
    units = {row.show for row in result.rows} or {result.figure.show}
    one = next(iter(units)) if len(units) == 1 else None
    return one.value if one and one is not Unit.COUNT else ("antal" if one else "")
