"""Wanted values that come with a file of a quality register: set where the measure has none for the year."""

from __future__ import annotations

from decimal import Decimal

from roder.core.models import ImportBatch
from roder.core.numbers import format_number
from roder.imports.staging import Staging
from roder.measures.models import Direction, Measure, Operator, Target


def _mark(batch: ImportBatch) -> str:
    return f"Inläsning {batch.pk} av kvalitetsregister"


#: The wanted value that the measure has for the year of a row, in PostgreSQL.
STANDING = (
    "(SELECT m.value FROM measures_target m "
    "WHERE m.measure_id = t.measure_id AND m.year = extract(year FROM t.period_start))"
)
_SAID = "measure_id, year(period_start), target"


def refuse_other_targets(staging: Staging) -> None:
    """Note a fault for every wanted value that is not the one the measure has for the year, there or on a row above."""
    found = staging.sql.execute(
        f"SELECT {_SAID}, min(n) FROM parsed WHERE target IS NOT NULL AND measure_id IS NOT NULL "  # noqa: S608
        "AND period_start IS NOT NULL GROUP BY ALL ORDER BY 4"
    ).fetchall()
    first: dict[tuple[int, int], tuple[Decimal, int]] = {}
    for measure_id, year, value, row in found:
        measure = Measure.objects.get(pk=measure_id)
        there = Target.objects.filter(measure=measure, year=year).first()
        agreed, above = first.setdefault((measure_id, year), (value, row))
        if there is not None and (there.value is None or there.value != value):
            said = _shown(there.value) if there.value is not None else f"”{there.text}”"
            what = f"{measure.title} har redan målvärdet {said} för {year}, inte {_shown(value)}"
            do = "Ändra målvärdet på nyckeltalets sida, eller ta bort det här."
        elif there is None and value != agreed:
            what = f"rad {above} säger att målvärdet för {measure.title} {year} är {_shown(agreed)}"
            do = "Skriv samma målvärde på alla årets rader."
        else:
            continue
        rows = staging.sql.execute(
            "SELECT n FROM parsed WHERE measure_id = ? AND year(period_start) = ? AND target = ? ORDER BY n",
            [measure_id, year, value],
        ).fetchall()
        for (number,) in rows:
            staging.note_cell(number, "malvarde", what, do)


def set_targets(staging: Staging, batch: ImportBatch) -> None:
    """Keep the file's wanted values where there is none. Those that are there agree, by ``refuse_other_targets``."""
    rows = staging.sql.execute(
        f"SELECT DISTINCT {_SAID} FROM parsed WHERE target IS NOT NULL ORDER BY 1, 2"  # noqa: S608
    ).fetchall()
    for measure_id, year, value in rows:
        measure = Measure.objects.get(pk=measure_id)
        if Target.objects.filter(measure=measure, year=year).exists():
            continue
        below = measure.direction == Direction.LOWER
        Target.objects.create(
            measure=measure,
            year=year,
            operator=Operator.AT_MOST if below else Operator.AT_LEAST,
            value=value,
            source=_mark(batch),
        )


def _shown(value: Decimal) -> str:
    number = value.normalize()
    exponent = number.as_tuple().exponent
    return format_number(number, max(0, -exponent) if isinstance(exponent, int) else 0)


def forget_targets(batch: ImportBatch) -> list[str]:
    """Take back the wanted values that came with the batch, but those that somebody has changed; says which."""
    Target.objects.filter(source=_mark(batch), revision=1).delete()
    return [
        f"Målvärdet för {one.measure.title} {one.year} ligger kvar: någon har ändrat det."
        for one in Target.objects.filter(source=_mark(batch)).select_related("measure")
    ]
