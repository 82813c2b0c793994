"""Values of Kolada as rows of a file with measure values: own municipality, similar ones and the country, by sex."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal

from roder.core.numbers import round_half_away
from roder.kolada import rules
from roder.kolada.answers import Kpi
from roder.kolada.asking import Plan
from roder.kolada.store import Value
from roder.measures.models import Measure, MeasureValue

SEXES = {"T": MeasureValue.Sex.ALL, "K": MeasureValue.Sex.WOMEN, "M": MeasureValue.Sex.MEN}
OWN, SIMILAR, COUNTRY = MeasureValue.Comparison
COLUMNS = ("matt", "period", "kon", "varde", "jamforelse", "status", "orsak", "kalla")
DIGITS = 4

Key = tuple[int, int, str, str]  # measure, year, sex, comparison
Known = dict[Key, tuple[Decimal | None, str]]


def known_values(measures: Sequence[Measure]) -> Known:
    """What stands already: values of whole years for the whole municipality, with their status. One query."""
    found = MeasureValue.objects.filter(
        measure__in=measures, unit=None, part="", period_start__month=1, period_start__day=1
    ).values_list("measure_id", "period_start", "period_end", "sex", "comparison", "value", "status")
    return {
        (measure, start.year, sex, comparison): (value, status)
        for measure, start, end, sex, comparison, value, status in found
        if end == date(start.year + 1, 1, 1)
    }


def file_rows(
    measures: Sequence[Measure],
    made: Plan,
    held: Mapping[tuple[str, str], Sequence[Value]],
    known: Known,
    *,
    indicators: Mapping[str, Kpi],
    today: date,
    example: bool,
) -> list[str]:
    """The lines of the file, the heading first; none at all when everything stands there already.

    A value that stands with the same number keeps its own source, and one that Kolada lacks is left as it is: a fetch
    adds and corrects, it never takes away.
    """
    lines = []
    for measure in measures:
        kpi = measure.kolada_id
        group = made.similar.get(kpi)
        taken = [
            (OWN, held.get((kpi, made.own), ()), ""),
            (COUNTRY, held.get((kpi, rules.COUNTRY), ()), ""),
        ]
        if group is not None:
            means = list(held.get((kpi, group.id), ())) or _means(kpi, group.id, made, held)
            taken.append((SIMILAR, means, group.title))
        for comparison, values, title in taken:
            for one in values:
                key = (measure.pk, one.year, SEXES[one.sex].value, comparison.value)
                status = _status(one, indicators[kpi], today)
                if key in known and (one.value is None or known[key] == (one.value, status)):
                    continue
                lines.append(_line(measure, one, comparison, status, _source(one, title, example=example)))
    return [_csv(COLUMNS), *lines] if lines else []


def _means(kpi: str, group: str, made: Plan, held: Mapping[tuple[str, str], Sequence[Value]]) -> list[Value]:
    """The group's means where Kolada has none of its own: computed of its members, as Kolada does."""
    by_key: dict[tuple[int, str], list[Decimal]] = {}
    for member in made.similar[kpi].members:
        for one in held.get((kpi, member.code), ()):
            if one.value is not None:
                by_key.setdefault((one.year, one.sex), []).append(one.value)
    return [
        Value(kpi, group, year, sex, round_half_away(found, DIGITS), len(values), "own")
        for (year, sex), values in sorted(by_key.items())
        if (found := rules.mean(values)) is not None
    ]


def _status(one: Value, kpi: Kpi, today: date) -> str:
    if one.value is None:
        return MeasureValue.Status.MISSING.value
    early = rules.is_preliminary(one.year, kpi.publ_period, kpi.publication_date, today)
    return (MeasureValue.Status.PRELIMINARY if early else MeasureValue.Status.FINAL).value


def _source(one: Value, title: str, *, example: bool) -> str:
    """Where a value is from. Kolada's terms: what is worked out from its values is not Kolada's."""
    if example:
        return f"Exempelvärde i Koladas form, {one.kpi}"
    whose = "Egen bearbetning av data från Kolada" if one.status == "own" else "Kolada"
    return f"{whose}, {one.kpi}{f', {title}' if title else ''}"[:200]


def _line(measure: Measure, one: Value, comparison: MeasureValue.Comparison, status: str, source: str) -> str:
    shown = "" if one.value is None else f"{one.value.normalize():f}".replace(".", ",")
    reason = rules.missing_reason(one.status) if one.value is None else ""
    return _csv(
        (measure.code, str(one.year), SEXES[one.sex].value, shown, comparison.value, status, reason, source)
    )


def _csv(cells: Iterable[str]) -> str:
    out = io.StringIO()
    csv.writer(out, delimiter=";", lineterminator="").writerow(cells)
    return out.getvalue()
