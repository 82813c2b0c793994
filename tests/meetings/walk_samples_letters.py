"""What the addresses of official letters are opened with."""

from __future__ import annotations

from datetime import date
from typing import Any

from roder.meetings.services import cases, documents, letters
from roder.organisation.models import Body, Person
from roder.reports.models import Report
from tests.meetings.world import LETTER


def samples(body: Body, people: dict[str, Person], locked: Report) -> dict[str, list[Any]]:
    """A letter in a case, and a locked report."""
    by = people["secretary"]
    case = cases.register_case(body, "Ny taxa", kind="own", by=by, opened_on=date(2022, 9, 1))
    document = letters.new_letter(case, by, content=dict(LETTER))
    return {
        "meetings:letter_new": [case.pk], "meetings:letter": [document.pk], "meetings:letter_edit": [document.pk],
        "meetings:letter_version": [document.pk], "meetings:letter_best_interests": [document.pk],
        "meetings:letter_file": [documents.current(document).pk, "pdf"],
        "meetings:letter_from_report": [locked.kind, locked.occasion.code, locked.number],
    }  # fmt: skip
