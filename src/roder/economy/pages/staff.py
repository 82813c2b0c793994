"""Staff: sick leave with the difference from last year, and other measures of the staff as they were reported."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

from roder import access
from roder.access.rights import User
from roder.core.numbers import Unit
from roder.core.periods import Period
from roder.economy.models import StaffValue
from roder.figures import LiveSource, compute
from roder.figures.calculate import Result
from roder.figures.registry import At
from roder.organisation.models import Body
from roder.reports.document import Column, FigureRef, Inline, Number, Row, Table
from roder.steering.models import Occasion

NAME = "personal.sjukfranvaro"
LAST_YEAR, CHANGE = f"{NAME}_foregaende_ar", "personal.sjukfranvaroforandring"
TOTAL = "total"
#: Measures of the staff and what they are called; others are shown by their code.
MEASURES = {
    "anstallda": "Anställda",
    "anstallningar": "Anställningar",
    "arsarbetare": "Årsarbetare",
    "arsarbetare_ok": "Årsarbetare, överenskommen sysselsättningsgrad",
    "medelalder": "Medelålder",
    "sysselsattningsgrad": "Sysselsättningsgrad, procent",
    "genomsnittlig_sysselsattningsgrad": "Genomsnittlig sysselsättningsgrad, procent",
}
EMPLOYMENTS = {
    "alla": "Alla",
    "tillsvidare_manad": "Tillsvidare, månadsavlönade",
    "visstid_manad": "Visstid, månadsavlönade",
    "visstid_tim": "Visstid, timavlönade",
}


def _number(result: Result, group: str, *, suffix: bool = False) -> Number:
    row = result.get(grupp=group)
    figure = result.figure
    if row is None:
        return Number(None, figure.show, figure.digits, figure.sign)
    return Number(
        row.value, row.show, row.digits, row.sign, FigureRef(figure.name, (("grupp", group),)), suffix
    )


def sick_leave(committee: Body, occasion: Occasion) -> tuple[Table | None, tuple[Inline, ...]]:
    """Sick leave per group: last year, this year and the difference in percentage points. Three queries."""
    source, at = LiveSource(committee), _at(committee, occasion)
    now, before, moved = (compute(name, source, at) for name in (NAME, LAST_YEAR, CHANGE))
    if not any(row.value is not None for row in (*now.rows, *before.rows)):
        return None, ()
    groups = list(dict.fromkeys([row.key["grupp"] for row in (*now.rows, *before.rows)]))
    labels = {**before.labels.get("grupp", {}), **now.labels.get("grupp", {})}
    rows = [
        Row(
            group,
            {
                "grupp": labels.get(group, group),
                "fore": _number(before, group),
                "nu": _number(now, group),
                "differens": _number(moved, group),
            },
            "sum" if group == TOTAL else "normal",
        )
        for group in groups
    ]
    columns = (
        Column("grupp", "Grupp", "text"),
        Column("fore", str(occasion.year - 1), unit=Unit.PERCENT),
        Column("nu", str(occasion.year), unit=Unit.PERCENT),
        Column(
            "differens", "Differens, procentenheter", unit=Unit.PERCENTAGE_POINTS, formula=("nu", "-", "fore")
        ),
    )
    notes = (
        "Procent av ordinarie arbetstid, samma månader båda åren. Differensen räknas på de redovisade värdena.",
    )
    table = Table(f"Sjukfrånvaro, {occasion.name}", columns, tuple(rows), "procent", notes, "sjukfranvaro")
    return table, _finding(now, before, moved)


def _finding(now: Result, before: Result, moved: Result) -> tuple[Inline, ...]:
    this, then, change = (_number(result, TOTAL, suffix=True) for result in (now, before, moved))
    if this.value is None:
        return ()
    if then.value is None or change.value is None:
        return ("Sjukfrånvaron är ", this, ".")
    if this.text == then.text:
        return ("Sjukfrånvaron är oförändrat ", this, ".")
    word = "ökade" if change.value > 0 else "minskade"
    return (f"Sjukfrånvaron {word} från ", then, " till ", this, ".")


def _at(committee: Body, occasion: Occasion) -> At:
    return At(
        committee_id=committee.pk,
        committee_slug=committee.slug,
        occasion_id=occasion.pk,
        code=occasion.code,
        kind=str(occasion.kind),
        year=occasion.year,
        cut_off=occasion.cut_off,
    )


def _split(row: StaffValue) -> tuple[str, str]:
    """The measure and the form of employment it is about."""
    for code in EMPLOYMENTS:
        if code != "alla" and row.measure.endswith(f"_{code}"):
            return row.measure.removesuffix(f"_{code}"), code
    return row.measure, row.employment or "alla"


def other_measures(user: User, committee: Body, occasion: Occasion) -> Table | None:
    """The committee's other measures of its staff in the latest period up to the cut-off, by form of employment."""
    rows = access.visible(user, StaffValue.objects.filter(committee=committee, unit=None))
    rows = rows.exclude(measure="sjukfranvaro").filter(sex="alla", age="alla", days="alla")
    # A plan's figures of the staff are those of the day before the year, known a little before.
    until = max(occasion.cut_off, occasion.cut_off.replace(month=12, day=31)) + timedelta(days=1)
    found = list(rows.filter(period_end__lte=until).order_by("period_end", "pk"))
    if not found:
        return None
    latest = found[-1].period_end
    kept = [row for row in found if row.period_end == latest]
    cells: dict[str, dict[str, Decimal | None]] = {}
    for row in kept:
        measure, employment = _split(row)
        cells.setdefault(measure, {})[employment] = row.value
    forms = [code for code in EMPLOYMENTS if any(code in one for one in cells.values())]
    forms += sorted({code for one in cells.values() for code in one} - set(EMPLOYMENTS))
    columns = (
        Column("matt", "Mått", "text"),
        *(Column(code, EMPLOYMENTS.get(code, code), unit=Unit.COUNT) for code in forms),
    )
    lines = tuple(
        Row(
            measure,
            {
                "matt": MEASURES.get(measure, measure.replace("_", " ").capitalize()),
                **{code: Number(value, Unit.COUNT, _decimals(value)) for code, value in one.items()},
            },
        )
        for measure, one in cells.items()
    )
    period = Period(kept[-1].period_start, latest)
    return Table(f"Personal, {period.label}", columns, lines, "", (), "personal")


def _decimals(value: Decimal | None) -> int:
    """As many decimals as the value has, at most two."""
    if value is None:
        return 0
    exponent = value.normalize().as_tuple().exponent
    return min(2, max(0, -exponent)) if isinstance(exponent, int) else 0
