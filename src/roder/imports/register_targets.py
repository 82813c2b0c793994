"""Wanted values that come with a file of a quality register: set where the measure has none for the year."""

from __future__ import annotations

from decimal import Decimal

from roder.core.faults import UserFault
from roder.core.models import ImportBatch
from roder.core.numbers import format_number
from roder.imports.staging import Staging
from roder.measures.models import Direction, Measure, Operator, Target


def _mark(batch: ImportBatch) -> str:
    return f"Inläsning {batch.pk} av kvalitetsregister"


def set_targets(staging: Staging, batch: ImportBatch) -> None:
    """Keep the file's wanted values. One that is there already must agree: raises UserFault, and nothing is saved."""
    rows = staging.sql.execute(
        "SELECT DISTINCT measure_id, year(period_start), target FROM parsed WHERE target IS NOT NULL ORDER BY 1, 2"
    ).fetchall()
    for measure_id, year, value in rows:
        measure = Measure.objects.get(pk=measure_id)
        there = Target.objects.filter(measure=measure, year=year).first()
        if there is None:
            below = measure.direction == Direction.LOWER
            Target.objects.create(
                measure=measure,
                year=year,
                operator=Operator.AT_MOST if below else Operator.AT_LEAST,
                value=value,
                source=_mark(batch),
            )
        elif there.value is None or Decimal(there.value) != Decimal(value):
            said = format_number(there.value.normalize(), 1) if there.value is not None else f"”{there.text}”"
            raise UserFault(
                f"{measure.title}: filens målvärde för {year} är {format_number(value, 1)}, men nyckeltalet har redan "
                f"{said}. Ändra det på nyckeltalets sida, eller ta bort kolumnen malvarde. Ingenting har lästs in."
            )


def forget_targets(batch: ImportBatch) -> None:
    """Take back the wanted values that came with the batch, as long as nobody has changed them."""
    Target.objects.filter(source=_mark(batch), revision=1).delete()
