"""What several committees have reported, as one source of figures: for the report over the whole municipality.

Only what a committee has locked counts: its figures are read from the snapshot that its own report was locked on. Every
figure has the committee before its own keys (``namnd``), so that each number says whose it is.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING

from django.utils import timezone

from roder.figures import At, SnapshotFault, SnapshotSource, catalogue, compute
from roder.figures.models import Snapshot
from roder.reports.document import from_json
from roder.reports.facts import CommitteeFact, Facts
from roder.reports.gather import gather
from roder.reports.models import Report
from roder.reports.values import Values
from roder.steering.models import Occasion

if TYPE_CHECKING:
    from roder.figures import Engine, Figure, FigureRow, Result

COMMITTEE = "namnd"
#: The report that a committee is compiled from, at each kind of occasion.
SOURCES = {"interim": "delarsbokslut", "annual": "arsbokslut"}


@dataclass(frozen=True)
class Member:
    """A committee's locked report of the occasion."""

    report: Report
    source: Engine
    at: At


def locked_reports(occasion: Occasion) -> dict[Occasion, Report | None]:
    """Every committee's own occasion of the same kind and year in the municipality, with its latest locked report.

    None for a committee that has not locked any. Two queries.
    """
    rows = (
        Occasion.objects.filter(
            committee__municipality=occasion.committee.municipality, kind=occasion.kind, year=occasion.year
        )
        .select_related("committee__municipality", "model")
        .order_by("committee__name", "cut_off")
    )
    found: dict[Occasion, Report | None] = dict.fromkeys(rows)
    locked = Report.objects.filter(
        occasion__in=found, kind=SOURCES.get(occasion.kind, ""), state=Report.State.LOCKED
    ).select_related("snapshot", "occasion__committee__municipality", "occasion__model")
    for report in locked.order_by("number"):
        found[report.occasion] = report
    return found


@contextmanager
def opened(occasion: Occasion, at: At, own: Facts) -> Iterator[tuple[Values, Facts]]:
    """The figures and the facts of all the municipality's committees at an occasion, open as long as it is used.

    ``own`` are the facts of the occasion that the report is made at: its names and dates stay, what the committee alone
    has goes.
    """
    locked = locked_reports(occasion)
    with members_of([one for one in locked.values() if one is not None]) as members:
        told = {member.report.occasion: facts_of(member) for member in members}
        committees = tuple(
            told.get(one) or CommitteeFact(one.committee.slug, one.committee.name) for one in locked
        )
        codes = [one.facts.snapshot_id for one in committees if one.facts is not None]
        facts = replace(
            own,
            committee="Alla nämnder",
            snapshot_id=", ".join(codes),
            compares_with="",
            goals=(),
            assignments=(),
            control=None,
            quality=None,
            departments=(),
            not_reported=(),
            economy_groups=(),
            committees=committees,
        )
        yield values_of_all(members, at), facts


def homes(report: Report) -> dict[str, tuple[Occasion, str]]:
    """Where each committee's figures are found: its occasion and the code of the snapshot, by its address name. Of a
    locked report the snapshots that it was made of."""
    if report.document is not None:
        codes = from_json(json.dumps(report.document)).snapshot_id.split(", ")
        rows = list(Snapshot.objects.filter(code__in=codes).select_related("occasion__committee"))
    else:
        rows = [one.snapshot for one in locked_reports(report.occasion).values() if one and one.snapshot]
    return {row.occasion.committee.slug: (row.occasion, row.code) for row in rows}


@contextmanager
def members_of(locked: Sequence[Report]) -> Iterator[list[Member]]:
    """The reports with their snapshots open."""
    with ExitStack() as open_sources:
        found = []
        for report in locked:
            if report.snapshot is not None:
                source = SnapshotSource.open(report.snapshot)
                open_sources.enter_context(source)
                found.append(Member(report, source, At.of(report.occasion)))
        yield found


def facts_of(member: Member) -> CommitteeFact:
    """What a committee's report knows besides numbers."""
    report = member.report
    code = report.snapshot.code if report.snapshot else ""
    facts = gather(report.occasion, member.source, member.at, snapshot_id=code, draft=False)
    locked = timezone.localdate(report.locked_at) if report.locked_at else None
    return CommitteeFact(
        slug=report.occasion.committee.slug,
        name=facts.committee,
        locked=locked,
        number=report.registration_number,
        facts=facts,
    )


def values_of_all(members: Sequence[Member], at: At) -> Values:
    """The figures of all the committees together, each row under its committee."""
    figures = {name: replace(one, per=(COMMITTEE, *one.per)) for name, one in catalogue().items()}
    return Values(partial(_together, members, at, figures), at, figures)


def _together(members: Sequence[Member], at: At, figures: dict[str, Figure], name: str) -> Result:
    from roder.figures import Result  # noqa: PLC0415 - as the rest of the figures, when it is needed

    rows: list[FigureRow] = []
    labels: dict[str, dict[str, str]] = {COMMITTEE: {}}
    for member in members:
        committee = member.report.occasion.committee
        labels[COMMITTEE][committee.slug] = committee.name
        try:
            found = compute(name, member.source, member.at)
        except SnapshotFault:  # taken before Roder had the figure: it is missing, which is said as iu.
            continue
        rows += [replace(row, key={COMMITTEE: committee.slug, **row.key}) for row in found.rows]
        for part, named in found.labels.items():
            labels.setdefault(part, {}).update(named)
    return Result(figures[name], at, rows, labels)
