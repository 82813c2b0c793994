"""The summons (kallelse): who meets, when and where, and the agenda."""

from __future__ import annotations

from roder.meetings.models import Meeting
from roder.meetings.papers.pack_plan import items_of, secrecy_of
from roder.meetings.services import agenda
from roder.reports.document import Block, Column, Document, Heading, Paragraph, Row, Table
from roder.reports.render import layout, pdf

COLUMNS = (
    Column("number", "Nr", "text"),
    Column("title", "Ärende", "text"),
    Column("case", "Diarienummer", "text"),
    Column("presenter", "Föredragande", "text"),
    Column("at", "Tid", "text"),
)


def document_of(meeting: Meeting, *, public: bool = False) -> Document:
    """The summons as a document. ``public``: secret points with number and law only."""
    meeting = Meeting.objects.select_related("body", "committee__municipality").get(pk=meeting.pk)
    numbers = agenda.numbers(meeting)
    rows = []
    for item in items_of(meeting):
        number = numbers[item.pk]
        if public and agenda.secret(item):
            cells = {"number": number, "title": secrecy_of(item, list(item.papers.all()))}
        else:
            kind = (
                " (information)"
                if item.kind == "information" and item.case_id and item.parent_id is None
                else ""
            )
            cells = {
                "number": number,
                "title": f"{item.title}{kind}{' – utgår' if item.withdrawn else ''}",
                "case": item.case.number if item.case else "",
                "presenter": item.presenter,
                "at": f"{item.at:%H.%M}" if item.at else f"{item.minutes} min" if item.minutes else "",
            }
        rows.append(Row(str(item.pk), cells))
    used = [column for column in COLUMNS
            if column.key in ("number", "title") or any(row.cells.get(column.key) for row in rows)]  # fmt: skip
    wanted = {column.key for column in used}
    rows = [Row(row.key, {key: cell for key, cell in row.cells.items() if key in wanted}) for row in rows]
    ends = f"–{meeting.ends:%H.%M}" if meeting.ends else ""
    blocks: tuple[Block, ...] = (
        Paragraph((f"Du kallas till sammanträde med {meeting.body.name.lower()}. Handlingarna finns i Roder.",
                   " Kan du inte komma, säg till så snart som möjligt, så kallas en ersättare."),),
        Heading(1, "Ärendelista"),
        Table(f"Ärenden {layout.long_date(meeting.date)}", tuple(used), tuple(rows), unit_note=""),
    )  # fmt: skip
    return Document(
        title=f"Kallelse till {meeting.body.name.lower()}",
        kind="Kallelse",
        municipality=meeting.committee.municipality.name,
        committee=meeting.body.name,
        date=meeting.date,
        blocks=blocks,
        facts=(
            ("Dag", layout.long_date(meeting.date)),
            ("Tid", f"kl.\u00a0{meeting.starts:%H.%M}{ends}"),
            ("Plats", meeting.place or "Meddelas senare"),
        ),
    )


def render(meeting: Meeting, *, public: bool = False) -> bytes:
    """The summons as PDF (PDF/UA-1 and PDF/A-2a, as reports)."""
    return pdf.render(document_of(meeting, public=public))
