"""The executive board's compilation: every committee that somebody may see, in numbers and as a document."""

from __future__ import annotations

from datetime import date
from io import BytesIO

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils.text import slugify
from openpyxl import load_workbook

from roder.control.models import Control, ControlPlan, ControlPoint
from roder.control.papers import board as papers
from roder.control.services import board, follow_up, plans
from roder.organisation.models import Body, Mandate, Person
from roder.reports.render import MEDIA_TYPES, draw
from tests.control.world import Room
from tests.web.world import SINCE_2020

OFFICE = "central_office"


def neighbour(room: Room, name: str, *, points: int = 0, controls: int = 1) -> Body:
    """Another committee of the municipality, that the central office may see, with an adopted plan if it has points."""
    body = Body.objects.create(
        municipality=room.world.municipality, kind="committee", name=name, short_name=name[:6],
        slug=f"prov-{slugify(name)}",
    )  # fmt: skip
    Mandate.objects.create(person=room.world.people[OFFICE], role=OFFICE, body=body, valid=SINCE_2020)
    if points:
        plan = ControlPlan.objects.create(
            committee=body,
            year=2022,
            title="Internkontrollplan",
            state="adopted",
            adopted_on=date(2021, 12, 1),
        )
        made = ControlPoint.objects.bulk_create(
            ControlPoint(committee=body, plan=plan, number=str(one), title=f"Punkt {one}", position=one)
            for one in range(1, points + 1)
        )
        Control.objects.bulk_create(
            Control(committee=body, point=point, number=one, what=f"Kontroll {one}", responsible="Chef",
                    owner_role="sas", occasions=["annual"])
            for point in made for one in range(1, controls + 1)
        )  # fmt: skip
    return body


def told(room: Room, who: Person | None = None, until: str = "") -> dict[str, board.BoardRow]:
    rows = board.compilation(who or room.by(OFFICE), 2022, municipality=room.world.municipality, until=until)
    return {one.committee.name: one for one in rows}


def test_every_committee_that_somebody_may_see(room: Room) -> None:
    neighbour(room, "Byggnadsnämnden", points=3)
    neighbour(room, "Kulturnämnden")
    rows = told(room)
    assert list(rows) == ["Byggnadsnämnden", "Kulturnämnden", "Vård- och omsorgsnämnden"]
    assert rows["Byggnadsnämnden"].counts == (3, 0, 0, 0, 0)
    assert rows["Byggnadsnämnden"].controls == 3
    assert rows["Kulturnämnden"].plan is None
    assert rows["Kulturnämnden"].summary == "Ingen plan för året."
    assert list(told(room, room.by("member"))) == ["Vård- och omsorgsnämnden"]
    assert told(room, room.by("nobody")) == {}
    with pytest.raises(LookupError):
        told(room, until="midsommar")


def test_what_is_followed_up_with_remarks_moved_and_concluded(room: Room) -> None:
    by = room.by("quality_strategist")
    follow_up.review_point(
        room.points[0], room.interim, by, "with", "Riktlinjer saknas", "Tas fram", assumed=True,
        assumed_reason="Källan säger inte vilken",
    )  # fmt: skip
    follow_up.review_point(
        room.points[1], room.annual, by, "moved", "Systemet byts", moved_to=date(2023, 5, 31),
        today=date(2022, 12, 1),
    )  # fmt: skip
    follow_up.conclude(room.plan, room.annual, by, "mostly", "En punkt har anmärkning", date(2022, 12, 31))
    follow_up.add_action(room.points[0], by, what="Ta fram riktlinjer", role="sas", due=None)
    row = told(room)["Vård- och omsorgsnämnden"]
    assert row.counts == (2, 1, 0, 1, 1)
    assert (row.assumed, row.open_actions) == (1, 1)
    assert [one.title for one in row.remarks] == ["Styrande dokument följs inte"]
    assert [one.moved_to for one in row.moved] == [date(2023, 5, 31)]
    assert row.conclusion is not None
    assert row.conclusion.conclusion == "mostly"
    early = told(room, until="interim")["Vård- och omsorgsnämnden"]
    assert early.counts == (2, 1, 0, 1, 0)
    assert early.conclusion is None
    plans.withdraw_point(room.points[1], by, "Avvecklad")
    assert told(room, until="interim")["Vård- och omsorgsnämnden"].counts.points == 1


def test_the_same_number_of_questions_however_many_committees(room: Room) -> None:
    def questions() -> int:
        with CaptureQueriesContext(connection) as asked:
            told(room)
        return len(asked)

    before = questions()
    for number in range(4):
        neighbour(room, f"Nämnd {number}", points=3)
    assert questions() == before <= 11


def test_the_document_holds_what_the_page_shows(room: Room) -> None:
    neighbour(room, "Kulturnämnden")
    follow_up.review_point(
        room.points[0], room.interim, room.by("quality_strategist"), "with", "Riktlinjer saknas", "Tas fram"
    )
    document = papers.document_of(room.world.municipality, 2022, list(told(room).values()))
    drawn = {kind: draw(document, kind) for kind in MEDIA_TYPES}
    assert set(drawn) == {"html", "pdf", "docx", "xlsx"}
    html = drawn["html"].decode()
    for text in ("Vård- och omsorgsnämnden", "Kulturnämnden", "Riktlinjer saknas", "1 av 2 punkter"):
        assert text in html
    sheet = load_workbook(BytesIO(drawn["xlsx"]))
    values = {cell.value for page in sheet for row in page.iter_rows() for cell in row}
    assert {"Kulturnämnden", 2, 1} <= values
