"""Cells of the files about means: the unit cost that a change of volume is counted with, and why people come and go."""

from __future__ import annotations

from dataclasses import dataclass

from roder.economy.models import StaffMove, UnitCost
from roder.imports.cells import (
    CellFault,
    Choice,
    Context,
    Reader,
    Values,
    close_to,
    read_year,
    without_sheet_date,
)
from roder.imports.economy_columns import RUN, UNIT
from roder.steering.modelfile import SteeringModel
from roder.steering.models import SteeringModelVersion
from roder.steering.services import parsed

MOVE = Choice(
    tuple((one.value, str(one.label)) for one in StaffMove.Kind),
    also={"nyanställda": "hired", "anställd": "hired", "avgångna": "left", "slutat": "left"},
)


@dataclass(frozen=True)
class UnitCostCell:
    """The unit cost of a support a year, read from year, support, who runs it and unit: the unit's own cost where it
    has one, else that of the whole committee."""

    types: tuple[str, ...] = ("BIGINT",)

    def reader(self, context: Context) -> Reader:
        """Looks up the committee's unit costs once."""
        costs = UnitCost.objects.filter(committee=context.committee).select_related("support")
        known = {
            (one.year, word.casefold(), one.run, one.unit_id): one.pk
            for one in costs
            for word in (one.support.code, one.support.label)
        }
        run_of, unit_of = RUN.reader(context), UNIT.cell.reader(context)

        def read(year_text: str, support: str, run_text: str, unit_text: str) -> Values:
            year = read_year(year_text, "ar") if year_text else None
            if year is None:
                raise CellFault("året saknas", "Skriv året.", "ar")
            if not support:
                raise CellFault("insatsen saknas", "Skriv insatsens kod.")
            run = run_of(run_text)[0] if run_text else UnitCost._meta.get_field("run").get_default()
            unit = unit_of(unit_text)[0] if unit_text else None
            word = without_sheet_date(support).casefold()
            for place in dict.fromkeys((unit, None)):
                if (year, word, run, place) in known:
                    return (known[year, word, run, place],)
            raise CellFault(
                f"à-priset för ”{support}” {year} finns inte",
                "Läs in à-priserna först (slaget apriser), med samma år, insats och regi.",
            )

        return read


def latest_model(context: Context) -> SteeringModel | None:
    """The committee's steering model of the file's year, else its latest; None when it has none."""
    rows = SteeringModelVersion.objects.filter(committee=context.committee).order_by("-year", "-version")
    own = rows.filter(year=context.year).first() if context.year else None
    found = own or rows.first()
    return parsed(found) if found else None


@dataclass(frozen=True)
class StaffReason:
    """Why people were hired or left: a code (or name) of the steering model's list for that kind of move."""

    types: tuple[str, ...] = ("VARCHAR",)

    def reader(self, context: Context) -> Reader:
        """Looks up the steering model's reasons once."""
        model = latest_model(context)
        staff = model.staff if model else None
        hired, left = StaffMove.Kind.HIRED.value, StaffMove.Kind.LEFT.value
        lists = {
            hired: staff.hire_reasons if staff else (),
            left: staff.departure_reasons if staff else (),
        }
        keys = {hired: "hire_reasons", left: "departure_reasons"}
        known = {
            kind: {word.casefold(): one.code for one in terms for word in (one.label, one.code)}
            for kind, terms in lists.items()
        }
        kind_of = MOVE.reader(context)

        def read(kind_text: str, reason: str) -> Values:
            kind = str(kind_of(kind_text)[0])
            if not known[kind]:
                raise CellFault(
                    "styrmodellen har inga orsakskoder", f"Lägg till dem under staff, {keys[kind]}."
                )
            code = known[kind].get(without_sheet_date(reason).casefold())
            if code is None:
                raise CellFault(
                    f"orsaken ”{reason}” finns inte i styrmodellen",
                    f"Skriv någon av {', '.join(one.code for one in lists[kind])}.{close_to(reason, known[kind])}",
                )
            return (code,)

        return read
