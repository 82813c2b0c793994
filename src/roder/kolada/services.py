"""A fetch from beginning to end: ask Kolada, write the committees' measure values, keep all values in the table.

The measure values go the same way as a file that somebody reads in (kind ``mattvarden``): checked, compared, in one
batch for each committee, and possible to undo. Everything is written, or nothing.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from django.db import models, transaction
from django.utils import timezone

from roder import access
from roder.core.numbers import round_half_away
from roder.imports.cells import Context
from roder.imports.kinds import MEASURE_VALUES
from roder.imports.services import Committed, commit, require_rights
from roder.kolada.answers import Datum, Kpi
from roder.kolada.asking import Ask, Plan, measures_of, plan
from roder.kolada.client import Client
from roder.kolada.models import Fetch, Group, Indicator, Place
from roder.kolada.rows import file_rows, known_values
from roder.kolada.store import Staged, Store, Value
from roder.measures.models import Measure
from roder.organisation.models import Body, Person

DIGITS = 4  # decimals that are kept, of measure values as of these


@dataclass
class Fetched:
    """What a fetch gave: the record of it, what was read in for each committee, and what to know about it."""

    fetch: Fetch
    values: int = 0
    committed: list[tuple[Body, Committed]] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)


def fetch(
    ask: Ask,
    client: Client,
    by: Person | None = None,
    *,
    example: bool = False,
    today: date | None = None,
    store: Store | None = None,
    waiting: Fetch | None = None,
) -> Fetched:
    """Fetch key figures and write them. ``example``: the values are invented, and are marked so.

    ``waiting``: the record of a fetch that was asked for earlier. Raises NotAllowedError; KoladaFault or UserFault in
    Swedish, and then nothing has been written.
    """
    for committee in ask.committees:
        require_rights(MEASURE_VALUES, committee, by)
    store, today = store or Store(), today or timezone.localdate()
    made = plan(ask, client)
    with store.staging() as staged:
        held = _collect(made, ask, client, staged, example=example)
        # The table is made before the transaction: the trail lets nobody else write to it until that is committed.
        with store.merged(staged) as merged, transaction.atomic():
            done = _write(ask, made, held, by, today, example=example, waiting=waiting)
            done.values = staged.rows
            _keep_metadata(made)
            merged.put()  # last: what is written in the database goes back if it fails
    return done


Held = dict[
    tuple[str, str], list[Value]
]  # key figure and place -> values, of the places that become measure values


def _collect(made: Plan, ask: Ask, client: Client, staged: Staged, *, example: bool) -> Held:
    """All values, page by page into the staged file; those of the municipality, its groups and the country in hand."""
    held: Held = {}
    for kpi in made.kpis:
        places = made.places_for(kpi.id)
        seen: set[tuple[str, int, str]] = set()
        for page in client.values([kpi.id], [] if ask.everybody else places, ask.years):
            values = [one for one in _values(page, example) if (one.place, one.year, one.sex) not in seen]
            seen |= {(one.place, one.year, one.sex) for one in values}
            staged.add(values)
            for one in values:
                if one.place in places and not one.withdrawn:
                    held.setdefault((kpi.id, one.place), []).append(one)
    return held


def _values(page: Iterable[Datum], example: bool) -> Iterable[Value]:
    for datum in page:
        for one in datum.values:
            value = None if one.value is None else round_half_away(one.value, DIGITS)
            yield Value(
                datum.kpi,
                datum.place,
                datum.period,
                one.gender,
                value,
                one.count,
                one.status,
                example,
                one.isdeleted,
            )


def _write(
    ask: Ask,
    made: Plan,
    held: Held,
    by: Person | None,
    today: date,
    *,
    example: bool,
    waiting: Fetch | None,
) -> Fetched:
    """The committees' measure values, the months of publication, and the record of the fetch."""
    record = waiting or Fetch(municipality=ask.municipality, asked_by=by)
    record.first_year, record.last_year = min(ask.years), max(ask.years)
    record.kpis, record.everybody, record.example = [kpi.id for kpi in made.kpis], ask.everybody, example
    done = Fetched(record)
    indicators = {kpi.id: kpi for kpi in made.kpis}
    for committee in ask.committees:
        measures = measures_of([committee], record.kpis)
        if not measures:
            continue
        committed = _read_in(committee, measures, made, held, indicators, by, today, example=example)
        if committed is not None:
            done.committed.append((committee, committed))
            done.remarks += committed.warnings
        done.remarks += _months(measures, indicators, by)
    done.remarks += _lacking(made, held)
    record.state, record.ended_at = Fetch.State.DONE, timezone.now()
    record.values_kept = sum(len(values) for values in held.values())
    record.batches = [one.batch.pk for _, one in done.committed if one.batch]
    record.message = "\n".join(done.remarks)
    record.save()
    for committee in ask.committees:
        access.record(
            by, "kolada.fetched", committee, kpis=record.kpis, years=list(ask.years), example=example
        )
    return done


def _read_in(
    committee: Body,
    measures: Sequence[Measure],
    made: Plan,
    held: Held,
    indicators: dict[str, Kpi],
    by: Person | None,
    today: date,
    *,
    example: bool,
) -> Committed | None:
    """Read in a committee's values as a file of measure values; None when there is nothing new."""
    rows = file_rows(
        measures, made, held, known_values(measures), indicators=indicators, today=today, example=example
    )
    if not rows:
        return None
    with tempfile.TemporaryDirectory(prefix="roder-kolada-") as home:
        path = Path(home) / "kolada.csv"
        path.write_text("\n".join(rows) + "\n", encoding="utf-8")
        name = f"kolada-{min(row.split(';')[1] for row in rows[1:])}.csv"
        return commit(MEASURE_VALUES, Context(committee), path, name, by)


def _months(measures: Sequence[Measure], indicators: dict[str, Kpi], by: Person | None) -> list[str]:
    """The month of publication, for measures that have none: from it the wheel tells when values come."""
    told = []
    for measure in measures:
        published = indicators[measure.kolada_id].publication_date
        if measure.publication_month is None and published is not None:
            measure.save_over(measure.revision, publication_month=published.month)
            access.record(by, "measure.month_set", measure, month=published.month)
            told.append(measure.kolada_id)
    return [f"När värdena publiceras skrevs in för {', '.join(told)}, enligt Kolada."] if told else []


def _lacking(made: Plan, held: Held) -> list[str]:
    told = []
    if made.unknown:
        told.append(
            f"Kolada har inte {', '.join(made.unknown)}; de hämtades inte. Kontrollera id:t på nyckeltalen."
        )
    for kpi in made.kpis:
        if not any(value.value is not None for value in held.get((kpi.id, made.own), [])):
            told.append(f"{kpi.id}: Kolada har inget värde för kommunen de här åren.")
        if kpi.id not in made.similar:
            told.append(f"{kpi.id}: Kolada har ingen grupp av liknande kommuner för kommunen.")
    return told


def _keep_metadata(made: Plan) -> None:
    """Keep what Kolada told of key figures, places and groups, over what was known before."""
    _replace(
        Indicator,
        [
            Indicator(
                code=kpi.id,
                title=kpi.title[:400],
                description=kpi.description,
                area=kpi.operating_area[:200],
                by_sex=kpi.is_divided_by_gender,
                has_units=kpi.has_ou_data,
                preliminary_on=kpi.prel_publication_date,
                published_on=kpi.publication_date,
                published_period=kpi.publ_period[:20],
            )
            for kpi in made.kpis
        ],
        [
            "title",
            "description",
            "area",
            "by_sex",
            "has_units",
            "preliminary_on",
            "published_on",
            "published_period",
        ],
    )
    _replace(
        Place,
        [Place(code=one.id, title=one.title[:120], kind=one.type[:2]) for one in made.places],
        ["title", "kind"],
    )
    _replace(
        Group,
        [
            Group(code=one.id, title=one.title[:250], members=[member.code for member in one.members])
            for one in made.groups
        ],
        ["title", "members"],
    )


def _replace(model: type[models.Model], rows: Sequence[models.Model], fields: list[str]) -> None:
    model._default_manager.bulk_create(
        rows, update_conflicts=True, unique_fields=["code"], update_fields=fields
    )


def remember_failure(waiting: Fetch, why: str) -> None:
    """Write down that a fetch that was asked for did not succeed, and why."""
    waiting.state, waiting.message, waiting.ended_at = Fetch.State.FAILED, why, timezone.now()
    waiting.save()
