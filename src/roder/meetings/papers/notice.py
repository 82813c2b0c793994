"""Anslag: that minutes are attested, where they can be read, and how their decisions are appealed. Public."""

from __future__ import annotations

from roder.meetings.models import MinuteItem, Minutes
from roder.meetings.papers import minutes_words as words
from roder.meetings.papers.minutes import paragraphs, span
from roder.meetings.rules import minutes as rules
from roder.meetings.rules.minutes import MinutesFault
from roder.meetings.services.attesting import attested_day
from roder.reports.document import Block, Document, Heading, Paragraph, Particulars
from roder.reports.render import pdf


def document_of(minutes: Minutes, paragraph: MinuteItem | None = None) -> Document:
    """The notice of attested minutes, or of one paragraph attested at once. It says nothing of what was decided.

    Raises MinutesFault before it has been noted that the notice is up: the days follow from that.
    """
    posted = (paragraph or minutes).posted_on
    if posted is None:
        raise MinutesFault("Anslaget är inte uppsatt än. Skriv dagen då det sätts upp.")
    meeting, body = minutes.meeting, minutes.meeting.body
    if paragraph is None:
        which, attested = span(list(paragraphs(minutes))), attested_day(minutes)
    else:
        which = f"§ {paragraph.number}, omedelbart justerad"
        attested = words.timezone.localdate(paragraph.attested_at) if paragraph.attested_at else None
    last = rules.appeal_by(posted)
    facts = (
        ("Organ", body.name),
        ("Sammanträdesdatum", words.long_day(meeting.date)),
        ("Paragrafer", which),
        ("Justerat", words.long_day(attested) if attested else ""),
        ("Anslaget sätts upp", words.long_day(posted)),
        ("Överklagas senast", words.long_day(last)),
        ("Anslaget tas ned tidigast", words.long_day(rules.down_on(posted))),
        ("Protokollet finns hos", minutes.kept_at or body.municipality.name),
        ("Sekreterare", str(minutes.secretary) if minutes.secretary else ""),
    )
    blocks: list[Block] = [
        Particulars(tuple((name, (value,)) for name, value in facts if value)),
        Heading(1, "Så överklagar du"),
        Paragraph(
            (
                "Du som är medlem i kommunen kan få lagligheten av besluten prövad. Skriv vilket beslut det gäller, "
                "hur du vill att det ändras och varför. Förvaltningsrätten ska ha fått överklagandet senast den "
                f"{words.long_day(last)}. Alla skäl behöver vara med innan tiden är ute.",
            )
        ),
        Paragraph(
            (
                "Vissa beslut överklagas på annat sätt. Då står det i beslutet eller i underrättelsen till den som "
                "berörs.",
            )
        ),
    ]
    return Document(
        title="Justerat protokoll",
        kind="Anslag",
        municipality=body.municipality.name,
        committee=body.name,
        date=posted,
        facts=(
            ("Anslaget", words.long_day(posted)),
            ("Tas ned tidigast", words.long_day(rules.down_on(posted))),
        ),
        blocks=tuple(blocks),
    )


def notice_of(minutes: Minutes, paragraph: MinuteItem | None = None) -> bytes:
    """The notice as PDF. Raises as `document_of`."""
    return pdf.render(document_of(minutes, paragraph))
