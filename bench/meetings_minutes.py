"""The minutes of 40 items, with votes name by name and reservations, in four formats."""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from typing import Any

from bench.home import free_directory, own_data
from bench.results import Row, limit_row
from bench.timing import alternate
from bench.world import example, somebody

NAME = "minutes"
ITEMS, MEMBERS, RUNS, WANTED = 40, 31, 7, 4.0
VOTED = 4  # every fourth item is voted on
WORDS = (
    "Förvaltningen har utrett frågan tillsammans med berörda enheter och redovisar här vad som framkom. " * 9
)


def _meeting(committee: Any, items: int) -> Any:
    """A meeting that is over, with its session."""
    from django.db.backends.postgresql.psycopg_any import DateRange

    from roder.meetings.models import BodyMember, Case, Meeting, Presence

    parties = ("M", "S", "C", "V", "KD", "L")
    valid = DateRange(date(2019, 1, 1), date(2023, 1, 1))
    members = [
        BodyMember.objects.create(
            body=committee, committee=committee, name=f"Ledamot {n:02}", party=parties[n % 6], order=n, valid=valid,
            post="chair" if n == 0 else "member",
        )
        for n in range(MEMBERS)
    ]  # fmt: skip
    meeting = Meeting.objects.create(
        committee=committee, body=committee, date=date(2022, 11, 22), starts=time(14), place="Rådhuset", state="ended",
        opened_at=datetime(2022, 11, 22, 13, tzinfo=UTC), ended_at=datetime(2022, 11, 22, 17, tzinfo=UTC),
    )  # fmt: skip
    for member in members:
        Presence.objects.create(meeting=meeting, member=member, status="present", serves=True)
    for n in range(items):
        case = Case.objects.create(
            committee=committee, number=f"2022.{800 + n} VON", number_key=f"B-{n}", year=2022, title=f"Ärende {n}",
            opened_on=date(2022, 9, 1),
        )  # fmt: skip
        _item(meeting, case, n, members)
    return meeting, members


def _item(meeting: Any, case: Any, n: int, members: list[Any]) -> None:
    from roder.meetings.models import (
        AgendaItem,
        Ballot,
        DecisionPoint,
        MinuteItem,
        Proposal,
        Reservation,
        Vote,
    )

    item = AgendaItem.objects.create(meeting=meeting, position=n + 1, title=f"Ärende {n}", case=case)
    row = MinuteItem.objects.create(
        item=item, body=meeting.body, year=2022, heading=f"Ärende nummer {n} om verksamheten", outcome="approved",
        summary=WORDS, preparation=WORDS, procedure="Ordföranden finner att nämnden bifaller förslaget.",
        recipients=[{"name": "Förvaltningschef", "purpose": "FÅ"}],
    )  # fmt: skip
    for position in (1, 2):
        DecisionPoint.objects.create(
            paragraph=row, position=position, text=f"Nämnden beslutar punkt {position}."
        )
    if n % VOTED:
        return
    for position, kind in ((1, "approve"), (2, "reject")):
        made = Proposal.objects.create(item=item, position=position, kind=kind)
        made.members.set(members[position : position + 4])
    vote = Vote.objects.create(item=item, position=1, yes_means="bifall", no_means="avslag", yes=17, no=14)
    for order, member in enumerate(members):
        Ballot.objects.create(vote=vote, member=member, choice="yes" if order < 17 else "no")
    Vote.objects.filter(pk=vote.pk).update(
        outcome="yes", won="yes", ended_at=datetime(2022, 11, 22, 16, tzinfo=UTC)
    )
    one = Reservation.objects.create(item=item, text=WORDS, written=True)
    one.members.set(members[17:])


def run(*, quick: bool = False) -> tuple[list[Row], list[str]]:
    """Make a meeting, open its minutes, and draw them over and over from the database."""
    items = 8 if quick else ITEMS
    with free_directory() as home, own_data(home):
        from roder.core.cli import setup_django

        setup_django()
        from roder.meetings.papers import extract, locking
        from roder.meetings.papers.minutes import document_of
        from roder.meetings.services.minutes import open_minutes

        committee = example()
        by = somebody(committee, "secretary")
        meeting, members = _meeting(committee, items)
        record = open_minutes(meeting, by, chair=members[0], attesters=members[1:3], first=700)

        def made() -> dict[str, bytes]:
            return locking.render(document_of(record), extract.workbook_of(record))

        first = made()
        took = alternate({"minutes": made}, 2 if quick else RUNS)["minutes"]
    sizes = ", ".join(f"{name} {len(content) // 1024} kB" for name, content in first.items())
    what = f"minutes of {items} items, {len(range(0, items, VOTED))} voted on by {MEMBERS}, in four formats"
    return [limit_row(NAME, what, took, "s", "at most", WANTED, 2)], [f"The minutes' files: {sizes}."]
