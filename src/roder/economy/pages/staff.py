"""Staff: sick leave with the difference from last year, and other measures of the staff as they were reported."""

from __future__ import annotations

from roder.core.numbers import Unit
from roder.figures import LiveSource, compute
from roder.figures.calculate import Result
from roder.figures.registry import At
from roder.organisation.models import Body
from roder.reports.document import Cell, Column, FigureRef, Inline, Number, Row, Table
from roder.steering.models import Occasion

NAME = "personal.sjukfranvaro"
LAST_YEAR, CHANGE = f"{NAME}_foregaende_ar", "personal.sjukfranvaroforandring"
TOTAL = "total"
MEASURES, STAFF_CHANGE = "personal.matt", "personal.mattforandring"


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
    occasion.committee = committee  # known here: not fetched again
    return At.of(occasion)


def other_measures(committee: Body, occasion: Occasion) -> Table | None:
    """The committee's other measures of its staff in the latest period up to the cut-off, by form of employment."""
    result = compute(MEASURES, LiveSource(committee), _at(committee, occasion))
    if not any(row.value is not None for row in result.rows):
        return None
    forms = dict.fromkeys(row.key["anstallningsform"] for row in result.rows)
    words = result.labels.get("anstallningsform", {})
    columns = (
        Column("matt", "Mått", "text"),
        *(Column(form, words.get(form, form), unit=Unit.COUNT) for form in forms),
    )
    cells: dict[str, dict[str, Cell]] = {}
    for row in result.rows:
        ref = FigureRef(MEASURES, tuple(row.key.items()))
        number = Number(row.value, row.show, row.digits, row.sign, ref)
        cells.setdefault(row.key["matt"], {})[row.key["anstallningsform"]] = number
    named = result.labels.get("matt", {})
    lines = tuple(
        Row(measure, {"matt": named.get(measure, measure), **one}) for measure, one in cells.items()
    )
    return Table("Personal", columns, lines, "", (), "personal")


def measures_over_a_year(committee: Body, occasion: Occasion) -> Table | None:
    """The measures of the staff a year before, now and the difference; None when nothing is known of a year before."""
    source, at = LiveSource(committee), _at(committee, occasion)
    before, now, moved = (
        compute(name, source, at) for name in (f"{MEASURES}_foregaende_ar", MEASURES, STAFF_CHANGE)
    )
    if not any(row.value is not None for row in before.rows):
        return None
    words, forms = now.labels.get("matt", {}), now.labels.get("anstallningsform", {})

    def shown(result: Result, key: dict[str, str]) -> Number:
        row, figure = result.get(**key), result.figure
        if row is None:
            return Number(None, figure.show, figure.digits, figure.sign)
        ref = FigureRef(figure.name, tuple(key.items()))
        return Number(
            row.value,
            row.show,
            row.digits,
            figure.sign,
            ref,
            row.show in (Unit.PERCENT, Unit.PERCENTAGE_POINTS),
        )

    rows = []
    for row in now.rows:
        measure, form = row.key["matt"], row.key["anstallningsform"]
        label = words.get(measure, measure) + ("" if form == "alla" else f", {forms.get(form, form).lower()}")
        cells: dict[str, Cell] = {"rad": label}
        cells |= {
            key: shown(one, row.key) for key, one in (("fore", before), ("nu", now), ("andring", moved))
        }
        rows.append(Row(f"{measure}/{form}", cells))
    columns = (
        Column("rad", "Mått", "text"),
        Column("fore", "Ett år tidigare", unit=Unit.COUNT),
        Column("nu", "Senast", unit=Unit.COUNT),
        Column("andring", "Ändring", unit=Unit.COUNT, formula=("nu", "-", "fore")),
    )
    return Table("Personal mot ett år tidigare", columns, tuple(rows), "", (), "personal-ar")
