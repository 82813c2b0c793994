"""The balance list on paper, with the columns that it has been printed with: page, PDF, Word and Excel."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime, time
from pathlib import Path

from django.db.models import Q

from roder import access
from roder.access.rights import User
from roder.meetings.models import Rhythm, Watch
from roder.meetings.models.watches import secret_watch
from roder.meetings.services.watch_list import Beat, Line, lines
from roder.organisation.models import Body
from roder.reports.document import Cell, Column, Document, Inline, PlainTable, Reference, Row, Strong
from roder.reports.files import write_each
from roder.reports.render import MEDIA_TYPES, draw, layout
from roder.tasks.rules import SWEDEN

KIND = "Balanslista"
TABLE = "Balanslista"
COLUMNS = (
    Column("title", "Ärendemening och ärendenummer", "text"),
    Column("responsible", "Ansvarig", "text"),
    Column("decided", "Beslutsdatum och §", "text"),
    Column("what", "Uppdrag, sammanfattning", "text"),
    Column("kind", "B/MI", "text"),
    Column("when", "Klart, återrapportering", "text"),
    Column("next", "Nästa gång", "text"),
)


def rows_on(committee: Body, day: date, user: User | None = None) -> list[Line]:
    """The list as it stood on a day: what had come to it and was not ended. Without ``user`` nothing that is secret."""
    rows = Watch.objects.filter(Q(closed_on=None) | Q(closed_on__gt=day), committee=committee)
    rows = rows.filter(Q(opened_on__lte=day))
    rows = rows.exclude(secret_watch()) if user is None else access.visible(user, rows)
    return lines(rows, datetime.combine(day, time(12), SWEDEN))


def _joined(parts: Sequence[str]) -> str:
    return "\n".join(parts)


def _next(beat: Beat, line: Line) -> str:
    if line.watch.state == Watch.State.PAUSED:
        return "vilar"
    if beat.waits:
        return f"väntar sedan {beat.waited}"
    if beat.due is None:
        return "–"
    return f"{beat.due.isoformat()}{', försenad' if beat.late else ''}"


def _row(line: Line) -> Row:
    watch = line.watch
    title: tuple[Inline, ...] = (Strong(watch.title),)
    if watch.number_text:
        title = (*title, f" {watch.number_text}")
    cells: dict[str, Cell] = {
        "title": title,
        "responsible": watch.responsible,
        "decided": line.decided,
        "what": watch.what,
        "kind": _joined([beat.kind or "–" for beat in line.beats]),
        "when": _joined([beat.rhythm.printed for beat in line.beats]),
        "next": _joined([_next(beat, line) for beat in line.beats]),
    }
    return Row(f"w{watch.pk}", cells)


def document_of(committee: Body, day: date, shown: Sequence[Line]) -> Document:
    """The list as a document. A row with both B and MI has them on lines beside their times."""
    rows: list[Row] = []
    for line in shown:
        if len(line.beats) < 2:
            rows.append(_row(line))
            continue
        for number, beat in enumerate(line.beats):
            whole = _row(replace(line, beats=[beat]))
            cells = whole.cells if not number else {**dict.fromkeys(whole.cells, ""), **_own(whole)}
            rows.append(replace(whole, key=f"{whole.key}-{number}", cells=cells))
    kinds = Rhythm.Kind
    note = f"B = {kinds.DECISION.label}. MI = {kinds.ORAL.label}."
    return Document(
        title=f"Balanslista {layout.long_date(day)}",
        kind=KIND,
        municipality=committee.municipality.name,
        committee=committee.name,
        date=day,
        blocks=(
            PlainTable(TABLE, COLUMNS, tuple(rows), unit_note=""),
            Reference(note),
        ),
        facts=(("Dokumenttyp", KIND), ("Datum", layout.long_date(day)), ("Uppdrag", str(len(shown)))),
    )


def _own(row: Row) -> dict[str, Cell]:
    return {name: row.cells[name] for name in ("kind", "when", "next")}


def write_balance_list(committee: Body, day: date, folder: Path, user: User | None = None) -> list[Path]:
    """Write the list of a day as balanslista-<day> in four formats; ``user`` None: the public one, without what is
    secret. Gives the files."""
    document = document_of(committee, day, rows_on(committee, day, user))
    return write_each(folder, f"balanslista-{day.isoformat()}", MEDIA_TYPES, lambda one: draw(document, one))
