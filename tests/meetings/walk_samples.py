"""What the addresses of cases and documents are opened with."""

from __future__ import annotations

from datetime import date
from typing import Any

from roder.meetings.services import cases, documents
from roder.organisation.models import Body, Person
from tests.meetings.world import LETTER, pdf_bytes


def samples(body: Body, people: dict[str, Person]) -> dict[str, list[Any]]:
    """One of each, which exists."""
    by, day = people["secretary"], date(2022, 8, 22)
    case = cases.register_case(body, "Delegationsordning", kind="own", by=by, opened_on=day)
    document = documents.add_document(case, "attachment", "Bilaga", by, letter=dict(LETTER), dated_on=day)
    documents.add_document_version(document, by, letter={**LETTER, "summary": "Ny."}, dated_on=day)
    version = documents.make_pdf(documents.current(document), lambda _: pdf_bytes(1))
    return {
        "meetings:cases": [], "meetings:arenden": [], "meetings:case_new": [], "meetings:case_series": [],
        "meetings:case": [case.pk], "meetings:case_edit": [case.pk], "meetings:case_history": [case.pk],
        "meetings:case_deed": [case.pk, "bordlagg"], "meetings:document_new": [case.pk],
        "meetings:document": [document.pk], "meetings:document_edit": [document.pk],
        "meetings:document_version": [document.pk], "meetings:document_compare": [document.pk],
        "meetings:document_file": [version.pk], "meetings:document_pdf_again": [version.pk],
    }  # fmt: skip
