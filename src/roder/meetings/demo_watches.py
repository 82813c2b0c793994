"""A balance list from a file, for the demonstration and for a municipality that begins with Roder."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

from django.db import transaction
from pydantic import Field

from roder.core.faults import UserFault
from roder.core.yamlfile import Shape, read_yaml
from roder.meetings.models import Watch
from roder.meetings.services.watch_reading import plan_of
from roder.meetings.services.watches import add_watch
from roder.organisation.models import Body, Person, Role


class RhythmRow(Shape):
    """How and when a row comes back."""

    kind: str = ""
    printed: str = Field(min_length=1)


class WatchRow(Shape):
    """A row of the list."""

    title: str = Field(min_length=1)
    what: str = ""
    number: str = ""
    responsible: str = ""
    role: str = Role.HEAD_ADMINISTRATION.value
    decided_on: tuple[date, ...] = ()
    section: str = ""
    origin: str = "decision"
    paused: str = ""
    rhythms: tuple[RhythmRow, ...] = ()


class BalanceFile(Shape):
    """A whole list, as it stood on a day."""

    committee: str
    day: date
    rows: tuple[WatchRow, ...]


def read_balance(path: Path) -> BalanceFile:
    """Read the file and check it. Raises UserFault with the row for what cannot be."""
    found = read_yaml(path, BalanceFile)
    for number, row in enumerate(found.rows, 1):
        if row.role not in Role.values:
            raise UserFault(f"{path}: rad {number}, {row.title}: rollen {row.role} finns inte.")
        if row.origin not in Watch.Origin.values:
            raise UserFault(
                f"{path}: rad {number}, {row.title}: {row.origin} är inget som uppdrag kommer av."
            )
    return found


@transaction.atomic
def load_balance(path: Path, committee: Body, by: Person) -> list[Watch]:
    """Put the file's rows on the committee's balance list, in its order; what is there already is left alone.

    What recurs is counted from the day after the list's; what was to come before that is late. Gives the rows that were
    added. Raises UserFault: the row and what could not be read.
    """
    found = read_balance(path)
    there = set(Watch.objects.filter(committee=committee).values_list("title", flat=True))
    made = []
    for number, row in enumerate(found.rows, 1):
        if row.title in there:
            continue
        try:
            plans = [plan_of(committee, one.kind, one.printed, None, found.day) for one in row.rhythms]
        except UserFault as fault:
            raise UserFault(f"{path}: rad {number}, {row.title}: {fault}") from fault
        made.append(
            add_watch(
                committee,
                row.title,
                by,
                what=row.what,
                number_text=row.number,
                decided_on=row.decided_on,
                section=row.section,
                responsible=row.responsible,
                role=row.role,
                origin=row.origin,
                rhythms=plans,
                opened_on=min([*row.decided_on, found.day]),
                since=found.day + timedelta(days=1),
                paused_why=row.paused,
            )
        )
    return made
