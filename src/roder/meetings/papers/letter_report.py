"""One click from a locked report to a letter: proposal, summary and attachment filled in from the report."""

from __future__ import annotations

import datetime as dt
import io
import json
from typing import Any

from django.db import transaction
from django.utils import timezone

from roder import access
from roder.access.matrix import Action
from roder.meetings.models import Case, Document
from roder.meetings.services import documents
from roder.meetings.services import letters as services
from roder.organisation.models import Person
from roder.reports import document as model
from roder.reports import files
from roder.reports.models import Report, ReportFile

LONGEST_SUMMARY = 1500  # characters of the report's own beginning that the letter's summary takes


def content_of(report: Report, dated_on: dt.date | None = None) -> dict[str, Any]:
    """What a letter about a locked report begins with: heading, proposal, summary, what it builds on (the report with
    ``dated_on``, or else the day it was locked).

    Raises LetterFault when the report is not locked.
    """
    if report.state != Report.State.LOCKED:
        raise services.LetterFault("Rapporten är inte låst. Lås den först; sedan görs skrivelsen av den.")
    document = model.from_json(json.dumps(report.document))
    day = _day(report, dated_on).isoformat()
    return {
        "heading": document.title,
        "proposal": [
            f"{report.committee.name} godkänner rapporten {document.title} och lägger den till handlingarna."
        ],
        "summary": summary_of(document),
        "documents": [f"{document.title}, {day}"],
    }


def _day(report: Report, dated_on: dt.date | None) -> dt.date:
    return dated_on or timezone.localdate(report.locked_at)


def summary_of(document: model.Document) -> str:
    """The report's own beginning: the paragraphs and points of its first section with text, whole paragraphs only."""
    sections: list[list[str]] = [[]]
    for block in document.blocks:
        if isinstance(block, model.Heading) and block.level == 1:
            sections.append([])
        elif isinstance(block, model.Paragraph):
            sections[-1].append(model.inline_text(block.inlines))
        elif isinstance(block, model.Bullets):
            sections[-1] += [f"– {model.inline_text(item)}" for item in block.items]
    parts = next((found for found in sections if any(part.strip() for part in found)), [])
    text = ""
    for part in parts:
        longer = f"{text}\n\n{part.strip()}".strip()
        if text and len(longer) > LONGEST_SUMMARY:
            break
        text = longer
    return text


@transaction.atomic
def letter_from_report(
    report: Report, case: Case, by: Person, *, dated_on: dt.date | None = None
) -> Document:
    """The letter about a locked report, written in a case, with the report's PDF as a document beside it.

    Both are linked to the report (made from). The one made before in the same case is given again. Raises LetterFault,
    NotAllowedError, ReportFileFault when the report's file is gone.
    """
    access.require(by, Action.VIEW, report)
    access.require(by, Action.EDIT, case)
    Case.objects.select_for_update(of=("self",)).get(pk=case.pk)
    mine = Document.objects.filter(case=case, pk__in=services.of_source(report))
    if made := mine.filter(kind=Document.Kind.LETTER).first():
        return made
    content = content_of(report, dated_on)
    if not mine.exists():
        pdf = report.files.get(format=ReportFile.Format.PDF)
        attached = documents.add_document(
            case, Document.Kind.REPORT, content["heading"], by, upload=io.BytesIO(files.read(pdf)),
            name=pdf.path.rsplit("/", 1)[-1], dated_on=_day(report, dated_on),
        )  # fmt: skip
        services.made_from(attached, report)
    letter = services.new_letter(case, by, content=content)
    services.made_from(letter, report)
    return letter
