"""A case with documents, a meeting with a decision, and a watch: one open and one secret of each."""

from __future__ import annotations

import io
from datetime import date, time

import pypdfium2

from roder import files
from roder.meetings.models import (
    Case,
    Document,
    DocumentVersion,
    Meeting,
    MinuteItem,
    Minutes,
    Watch,
)
from roder.organisation.models import Body

DAY = date(2022, 9, 27)
LAW = "OSL 26:1"


def pdf() -> bytes:
    """An empty page."""
    made, target = pypdfium2.PdfDocument.new(), io.BytesIO()
    made.new_page(595, 842)
    made.save(target)
    made.close()
    return target.getvalue()


def fill_meetings(body: Body) -> None:
    """Make them."""
    meeting = Meeting.objects.create(
        committee=body, body=body, date=DAY, starts=time(17), place="Rådhuset", state="summoned"
    )
    Minutes.objects.create(meeting=meeting, state="attested")
    for number, secret in ((1, False), (2, True)):
        word, law = ("Hemligt", LAW) if secret else ("Öppet", "")
        common = {"committee": body, "secret": secret, "secrecy_section": law}
        case = Case.objects.create(
            **common, number=f"2022.{number:03} VON", number_key=f"2022-{number}-VON", year=2022,
            title=f"{word} ärende", opened_on=date(2022, 8, number), summary=f"{word} sammanfattning",
        )  # fmt: skip
        case.steps.create(on=DAY, phase="committee", body=body)
        document = Document.objects.create(
            **common, case=case, number=1, kind="attachment", title=f"{word} handling", dated_on=DAY
        )
        stored = files.store_bytes(pdf(), f"{word}.pdf", document, None)
        assert stored.current is not None
        DocumentVersion.objects.create(
            document=document, number=1, dated_on=DAY, file_version=stored.current, pdf=stored.current.blob,
            pdf_state="done", pages=1,
        )  # fmt: skip
        item = meeting.items.create(
            position=number, kind="decision", title=f"{word} punkt", case=case, secret=secret
        )
        paragraph = MinuteItem.objects.create(
            item=item, body=body, year=2022, number=70 + number, heading=f"{word} beslut", outcome="approved",
            recipients=[{"name": "Förvaltningen", "purpose": "FÅ"}],
        )  # fmt: skip
        paragraph.points.create(position=1, text=f"{word} beslutspunkt")
        watch = Watch.objects.create(
            committee=body, title=f"{word} bevakning", case=case, paragraph=paragraph, opened_on=DAY, decided_on=[DAY]
        )  # fmt: skip
        watch.rhythms.create(kind="MI", printed="varje möte")
        watch.reports.create(on=date(2022, 10, 25), meeting=meeting, note=f"{word} redovisning")
