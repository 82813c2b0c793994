"""What the rows of a file with units do: units are added and renamed, and stand where the file says."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from django.utils import timezone

from roder.core.faults import UserFault
from roder.core.models import ImportBatch
from roder.imports.comparing import SHOWN_CHANGES, Change, Counts
from roder.imports.staging import Staging
from roder.imports.worked_on import refuse_work, stored, time_of, touched_since
from roder.organisation.models import Body, Unit, UnitPlacement
from roder.organisation.rules import Place, placed, tree_faults

Piece = tuple[int | None, str, str | None]  # a placement: the parent's id, first day, the day after the last


@dataclass
class _Row:
    """A row of the file and the unit that it is about, if that stands already."""

    n: int
    code: str
    unit: Unit | None
    values: dict[str, Any]
    before: list[Place]
    after: list[Place]
    changed: list[Change] = field(default_factory=list)


class UnitDeeds:
    """Adds, renames and places units. Nothing is removed: a unit that is not in the file stands as it stood."""

    def check(self, staging: Staging) -> None:
        """Parents must exist, and no unit may stand under itself."""
        rows = [row for row in staging.values("kod", "hor_till") if row[1]]
        spelled: dict[str, str] = {}
        for n, code, _ in rows:
            if spelled.setdefault(code.casefold(), code) != code:
                what = f"koden ”{code}” finns redan i filen, skriven ”{spelled[code.casefold()]}”"
                staging.note_cell(n, "kod", what, "Ge enheterna var sin kod, eller ta bort raden.")
        now = {
            code: places[-1].parent for code, places in _standing(staging.context.committee).items() if places
        }
        for fault in tree_faults([(code, parent or "") for _, code, parent in rows], now):
            staging.note_cell(rows[fault.row][0], fault.column, fault.what, fault.do)

    def compare(self, staging: Staging) -> tuple[Counts, list[Change]]:
        """New units, and those that get another name, kind or place."""
        rows = _rows(staging)
        new = sum(row.unit is None for row in rows)
        changed = sum(row.unit is not None and bool(row.changed) for row in rows)
        shown = [change for row in rows for change in row.changed][:SHOWN_CHANGES]
        return Counts(new, changed, len(rows) - new - changed), shown

    def write(self, staging: Staging, batch: ImportBatch) -> dict[str, Any]:
        """Units first, so that parents may stand after their children; then their places."""
        committee, rows = staging.context.committee, _rows(staging)
        done: dict[str, Any] = {"made": [], "changed": {}, "places": {}}
        for row in rows:
            if row.unit is None:
                row.unit = Unit(committee=committee, code=row.code, **row.values)
                row.unit.full_clean()
                row.unit.save(force_insert=True)
                done["made"].append(row.unit.pk)
            elif _own(row):
                before = {name: getattr(row.unit, name) for name in row.values}
                row.unit.save_over(row.unit.revision, **row.values)
                done["changed"][str(row.unit.pk)] = {"before": before, "revision": row.unit.revision}
        ids = {
            code.casefold(): pk
            for code, pk in Unit.objects.filter(committee=committee).values_list("code", "pk")
        }
        for row in rows:
            if row.unit is not None and row.before != row.after:
                pieces = {"before": _pieces(row.before, ids), "after": _pieces(row.after, ids)}
                _place(row.unit.pk, pieces["before"], pieces["after"])
                done["places"][str(row.unit.pk)] = pieces
        return done

    def take_back(self, batch: ImportBatch) -> int:
        """Names and places come back, and what was new goes; unless somebody has changed or used any of it."""
        done = batch.done
        made = list(done["made"])
        _refuse_changes(done)
        refuse_work(Unit, made, {UnitPlacement})
        for pk, pieces in done["places"].items():
            UnitPlacement.objects.filter(unit=int(pk)).delete()
            _add(int(pk), [] if int(pk) in made else pieces["before"])
        for pk, one in done["changed"].items():
            unit = Unit.objects.get(pk=int(pk))
            unit.save_over(unit.revision, **one["before"])
        Unit.objects.filter(pk__in=made).delete()
        return len({*map(str, made), *done["changed"], *done["places"]})


def _standing(committee: Body) -> dict[str, list[Place]]:
    """The places of each unit by its code, the first first."""
    found: dict[str, list[Place]] = {
        code: [] for code in Unit.objects.filter(committee=committee).values_list("code", flat=True)
    }
    rows = UnitPlacement.objects.filter(unit__committee=committee).select_related("unit", "parent")
    for one in rows.order_by("valid"):
        found[one.unit.code].append(
            Place(one.parent.code if one.parent else "", one.valid.lower, one.valid.upper)
        )
    return found


def _rows(staging: Staging) -> list[_Row]:
    committee = staging.context.committee
    units = {unit.code.casefold(): unit for unit in Unit.objects.filter(committee=committee)}
    standing = {code.casefold(): places for code, places in _standing(committee).items()}
    return [
        _row(staging, units.get(values[1].casefold()), standing.get(values[1].casefold(), []), values)
        for values in staging.values(
            "kod", "namn", "slag", "hor_till", "extern", "fran", "till", faultless=True
        )
    ]


def _row(staging: Staging, unit: Unit | None, before: list[Place], values: tuple[Any, ...]) -> _Row:
    n, code, name, kind, parent, external, start, last = values
    end = last + timedelta(days=1) if last else None
    after = placed(before, parent or "", start, end, timezone.localdate())
    own = {"name": name, "kind": kind, "external": bool(external)}
    if unit is not None and "extern" not in staging.present:
        own["external"] = unit.external
    row = _Row(n, code, unit, own, before, after)
    if unit is not None:
        row.changed = [*_own(row), *_moved(row)]
    return row


def _own(row: _Row) -> list[Change]:
    """The unit's own values that change."""
    said = {"name": "namn", "kind": "slag", "external": "extern"}
    unit = row.unit
    return [
        Change(row.n, said[name], _shown(name, getattr(unit, name)), _shown(name, value))
        for name, value in row.values.items()
        if getattr(unit, name) != value
    ]


def _shown(name: str, value: Any) -> str:
    if name == "external":
        return "ja" if value else "nej"
    return str(Unit.Kind(value).label) if name == "kind" else str(value)


def _moved(row: _Row) -> list[Change]:
    if row.before == row.after:
        return []
    return [Change(row.n, "hor_till", _said(row.before), _said(row.after))]


def _said(places: list[Place]) -> str:
    if not places:
        return "tomt"
    last = places[-1]
    until = f" till och med {last.end - timedelta(days=1)}" if last.end else ""
    return f"{last.parent or 'överst'} från {last.start}{until}"


def _pieces(places: list[Place], ids: dict[str, int]) -> list[Piece]:
    return [
        (ids[one.parent.casefold()] if one.parent else None, one.start.isoformat(), stored(one.end))
        for one in places
    ]


def _place(unit: int, before: list[Piece], after: list[Piece]) -> None:
    """Places that stay as they are keep their rows; the others go first, since places may not overlap."""
    for parent, start, end in before:
        if (parent, start, end) not in after:
            UnitPlacement.objects.filter(unit=unit, parent=parent, valid=time_of(start, end)).delete()
    _add(unit, [one for one in after if one not in before])


def _add(unit: int, pieces: Iterable[Iterable[Any]]) -> None:
    for parent, start, end in pieces:
        made = UnitPlacement(unit_id=unit, parent_id=parent, valid=time_of(start, end))
        made.full_clean()
        made.save(force_insert=True)


def _refuse_changes(done: dict[str, Any]) -> None:
    """Raise UserFault when a unit has been renamed or moved, or is gone, since the file was read in."""
    touched = touched_since(Unit, done)
    for pk, pieces in done["places"].items():
        now = [
            [one.parent_id, one.valid.lower.isoformat(), stored(one.valid.upper)]
            for one in UnitPlacement.objects.filter(unit=int(pk)).order_by("valid")
        ]
        if now != [list(one) for one in pieces["after"]]:
            touched.add(int(pk))
    if touched:
        raise UserFault(
            f"inläsningen kan inte ångras: {len(touched)} av enheterna har bytt namn, flyttats eller tagits bort efter "
            "inläsningen. Läs in en rättad fil i stället."
        )
