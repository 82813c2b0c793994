"""Protokollsutdrag: one paragraph of attested minutes as a PDF, and the workbook of the whole."""

from __future__ import annotations

from collections.abc import Sequence

from django.utils import timezone

from roder.meetings.models import MinuteItem, Minutes, Presence
from roder.meetings.papers import minutes as paper
from roder.meetings.papers import minutes_words as words
from roder.meetings.rules.minutes import MinutesFault
from roder.meetings.services.dispatch import is_attested
from roder.meetings.services.minutes import signers_of
from roder.reports.document import Block, Column, Document, Particulars, PlainTable, Row
from roder.reports.render import pdf


def document_of(paragraph: MinuteItem) -> Document:
    """The extract of a paragraph. Raises MinutesFault while it is not attested."""
    if not is_attested(paragraph):
        raise MinutesFault("Paragrafen är inte justerad än. Ett utdrag görs när den är det.")
    minutes = Minutes.objects.select_related("meeting__body__municipality", "chair", "secretary").get(
        meeting=paragraph.item.meeting_id
    )
    row = paper.paragraphs(minutes).get(pk=paragraph.pk)
    meeting, body = minutes.meeting, minutes.meeting.body
    facts = (
        ("Organ", (body.name,)),
        ("Sammanträdesdatum", (words.long_day(meeting.date),)),
        ("Justerat", (_attested(minutes, row),)),
        ("Utdraget bestyrks", (_certified(minutes),)),
    )
    # The extract of an open paragraph goes by open mail and to everybody: nothing secret stands in it.
    blocks: list[Block] = [*paper.paragraph_blocks(row, public=not paper.is_secret(row)), Particulars(facts)]
    return Document(
        title="Protokollsutdrag",
        kind="Protokollsutdrag",
        municipality=body.municipality.name,
        committee=body.name,
        registration_number=row.item.case.number if row.item.case else "",
        date=meeting.date,
        facts=(
            ("Sammanträdesdatum", words.long_day(meeting.date)),
            ("Paragraf", f"§ {row.number}"),
            ("Diarienummer", row.item.case.number if row.item.case else ""),
        ),
        blocks=tuple(blocks),
    )


def extract_of(paragraph: MinuteItem) -> bytes:
    """The extract as PDF (PDF/UA and PDF/A), the same bytes each time. Raises MinutesFault while it is not attested."""
    return pdf.render(document_of(paragraph))


def _attested(minutes: Minutes, row: MinuteItem) -> str:
    rows = list(row.attestations.all()) or list(minutes.attestations.filter(paragraph=None))
    last = max((timezone.localdate(one.at) for one in rows), default=None)
    who = words.names(signers_of(minutes))
    how = "omedelbart " if row.attested_at else ""
    return f"{how}{words.long_day(last)}, {who}" if last else who


def _certified(minutes: Minutes) -> str:
    name = f"{minutes.secretary}, sekreterare" if minutes.secretary else "sekreterare"
    return f"{name} ____________________"


# --- the workbook ---------------------------------------------------------------------------------------------------


def workbook_of(minutes: Minutes, *, public: bool = False) -> Document:
    """What of the minutes is worth having in a workbook: the paragraphs with their decisions, presence, and votes."""
    rows = list(paper.paragraphs(minutes))
    body = minutes.meeting.body
    blocks: list[Block] = [_paragraphs(rows, public), _presence(minutes)]
    for row in rows:
        if public and paper.is_secret(row):
            continue
        for vote in row.item.votes.all():
            if vote.ended_at and not vote.closed_ballot:
                blocks.append(paper.vote_table(vote, f"Omröstning § {row.number}"))
    return Document(
        title=f"Protokoll {body.name}",
        kind=paper.KIND,
        municipality=body.municipality.name,
        committee=body.name,
        date=minutes.meeting.date,
        draft=minutes.state in (Minutes.State.DRAFT, Minutes.State.CHECKED),
        facts=(("Sammanträdesdatum", words.long_day(minutes.meeting.date)), ("Paragrafer", paper.span(rows))),
        blocks=tuple(blocks),
    )


def _paragraphs(rows: Sequence[MinuteItem], public: bool) -> PlainTable:
    columns = tuple(
        Column(key, title, "text")
        for key, title in (
            ("number", "§"), ("case", "Diarienummer"), ("heading", "Rubrik"), ("decided", "Beslut"),
            ("outcome", "Utfall"), ("sent", "Skickas till"),
        )
    )  # fmt: skip
    made = []
    for row in rows:
        if public and paper.is_secret(row):
            made.append(Row(str(row.pk), {"number": str(row.number or ""), "heading": "Sekretess"}))
            continue
        cells = {
            "number": str(row.number or ""), "case": row.item.case.number if row.item.case else "",
            "heading": row.heading, "decided": row.decided, "outcome": row.get_outcome_display(),
            "sent": ", ".join(words.purpose_words(one) for one in row.recipients),
        }  # fmt: skip
        made.append(Row(str(row.pk), cells))
    return PlainTable("Paragrafer", columns, tuple(made), unit_note="")


def _presence(minutes: Minutes) -> PlainTable:
    columns = tuple(
        Column(key, title, "text")
        for key, title in (
            ("name", "Namn"), ("party", "Parti"), ("post", "Post"), ("status", "Närvaro"), ("serves", "Tjänstgör"),
            ("for", "För"),
        )
    )  # fmt: skip
    rows = Presence.objects.filter(meeting=minutes.meeting_id).select_related("member", "serves_for")
    made = tuple(
        Row(
            str(one.pk),
            {
                "name": one.member.name, "party": one.member.party, "post": one.member.get_post_display(),
                "status": one.get_status_display(), "serves": "ja" if one.serves else "nej",
                "for": str(one.serves_for) if one.serves_for else "",
            },
        )
        for one in rows.order_by("member__order", "pk")
    )  # fmt: skip
    return PlainTable("Närvaro", columns, made, unit_note="")
