"""The files of key figures, goals, assignments, activities and action plans, in the order they need each other; that of
assignments itself."""

from __future__ import annotations

from collections.abc import Iterable
from typing import ClassVar

from roder.core.put import put
from roder.imports.cells import Choice, CodeCell, Day
from roder.imports.declaration import Column, Import
from roder.imports.economy_columns import SOURCE
from roder.imports.goal_columns import (
    FROM_YEAR,
    NUMBER,
    RIGHTS,
    TEXT,
    TO_YEAR,
    YEARS,
    check_years,
    said_years,
)
from roder.imports.goal_kind import GOALS
from roder.imports.measure_kind import MEASURES
from roder.imports.plan_kinds import ACTION_PLANS, ACTIVITIES
from roder.imports.quality_cells import FreeText
from roder.imports.record_deeds import Book, Key, RecordDeeds, Row, Said, own_fields, said_of_fields
from roder.imports.staging import Staging
from roder.organisation.models import Body
from roder.steering.models import Assignment

GIVERS = Choice(
    tuple((one.value, str(one.label)) for one in Assignment.Giver),
    also={"fullmäktige": "KF", "styrelsen": "KS", "nämnd": "namnd"},
)


def assignment_codes(committee: Body) -> Iterable[str]:
    """The codes of the committee's assignments."""
    return Assignment.objects.filter(committee=committee).values_list("code", flat=True)


ASSIGNMENT_COLUMNS = (
    Column(
        "kod", CodeCell(assignment_codes), ("code",), required=True, filled=True, key=True,
        help="uppdragets kod, till exempel U1; ändras inte",
    ),
    Column("uppdrag", FreeText(250), ("title",), required=True, filled=True, help="uppdraget i en mening"),
    Column("givet_av", GIVERS, ("giver",), required=True, filled=True, help="vem som gav det"),
    TEXT,
    FROM_YEAR,
    TO_YEAR,
    Column("ansvarig", FreeText(120), ("owner",), empty=("",), help="befattning, aldrig namn"),
    Column("klart_senast", Day(), ("due_on",), help="dagen då det ska vara klart"),
    Column("klart_nar", FreeText(250), ("due_condition",), empty=("",), help="villkoret, när det inte är en dag"),
    Column("beslutat", Day(), ("decided_on",), help="beslutsdag"),
    Column("paragraf", FreeText(20), ("decision_paragraph",), empty=("",), help="beslutets paragraf"),
    Column("diarienummer", FreeText(40), ("case_number",), empty=("",), help="ärendet"),
    NUMBER,
    SOURCE,
)  # fmt: skip


class AssignmentBook(Book[Assignment]):
    """The committee's assignments."""

    model = Assignment
    fields: ClassVar = own_fields(ASSIGNMENT_COLUMNS, Assignment)

    def standing(self) -> Iterable[Assignment]:
        """In the order they are listed."""
        return Assignment.objects.filter(committee=self.committee)

    def cells(self, record: Assignment) -> dict[str, str]:
        """With its code."""
        return {**super().cells(record), "kod": record.code}

    def said(self, values: Said, stands: Said | None, present: set[str]) -> Said:
        """Everything is the assignment's own."""
        found = said_of_fields(self, values, stands, present)
        said_years(self, found, stands)
        return found

    def check(self, staging: Staging, rows: list[Row]) -> None:
        """Only the years may be out of order."""
        check_years(staging, rows)

    def write(self, key: Key, said: Said, code: str, *, new: bool) -> Assignment:
        """The assignment."""
        values = self.values_of(said)
        if new:
            values["position"] = self.next_position()
        return put(Assignment, {"committee": self.committee, "code": code}, values, f"uppdraget {code}")[0]


ASSIGNMENTS = Import(
    kind="uppdrag",
    title="Uppdrag",
    about="Det som fullmäktige, kommunstyrelsen eller nämnden har gett i uppdrag: beslut, ansvarig och när det ska "
    "vara klart.",
    example={
        "kod": "U1",
        "uppdrag": "Ta fram en plan för ensamma äldre",
        "givet_av": "nämnden",
        "fran_ar": "2026",
        "till_ar": "2026",
        "ansvarig": "Förvaltningschef",
        "klart_senast": "2026-11-30",
        "beslutat": "2025-12-15",
        "paragraf": "84",
        "diarienummer": "SN 2025/142",
    },
    model=Assignment,
    rights=RIGHTS,
    columns=ASSIGNMENT_COLUMNS,
    rules=YEARS,
    deeds=RecordDeeds(AssignmentBook),
    rows_on_page=True,
)

STEERING = (MEASURES, GOALS, ASSIGNMENTS, ACTIVITIES, ACTION_PLANS)
