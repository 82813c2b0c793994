"""A committee that meets: bodies, seats of four parties, a series of numbers, a case with documents, a meeting.

    def test_it(chain: Chain) -> None:
        chain.committee, chain.meeting, chain.case, chain.letter, chain.paper
        chain.by("secretary")         # the role's person, with rights read anew
        chain.client("member")        # a browser logged in as the role
        chain.new_case("Ny taxa"), chain.new_document(case, "Bilaga"), chain.new_item(chain.meeting, "Taxa", case)
        chain.seats["S1"]             # M1 is the chair, S1 vice chair; MS1 … are substitutes

Everything is made as rows, not through the services, so that each part of the chain can be tested by itself.
"""

from __future__ import annotations

import io
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time
from typing import Any

import pypdfium2
from django.db.backends.postgresql.psycopg_any import DateRange
from django.test import Client

from roder import files
from roder.meetings.models import (
    AgendaItem,
    BodyMember,
    Case,
    CaseSeries,
    Document,
    DocumentVersion,
    Meeting,
    Presence,
)
from roder.organisation.models import Body, Mandate, Person, Unit
from tests.web.world import World, build_world

BACKEND = "django.contrib.auth.backends.ModelBackend"
#: The term of office that the seats are for.
TERM = DateRange(date(2019, 1, 1), date(2023, 1, 1))
#: key -> (party, post). Seven who decide, and five substitutes in the order that they are called in.
SEATS = {
    "M1": ("M", "chair"),
    "S1": ("S", "vice_chair"),
    "M2": ("M", "member"),
    "C1": ("C", "member"),
    "S2": ("S", "member"),
    "S3": ("S", "member"),
    "V1": ("V", "member"),
    "MS1": ("M", "substitute"),
    "CS1": ("C", "substitute"),
    "SS1": ("S", "substitute"),
    "SS2": ("S", "substitute"),
    "VS1": ("V", "substitute"),
}
LETTER = {
    "heading": "Revidering av delegationsordning",
    "to": "Vård- och omsorgsnämnden",
    "date": "2022-09-15",
    "worker": {"name": "Utvecklare", "title": "Kvalitetsutvecklare"},
    "proposal": ["Nämnden antar förslaget till delegationsordning.", "Ordningen gäller från 1 oktober 2022."],
    "summary": "Delegationsordningen behöver ändras efter nya regler.",
    "background": "Ordningen antogs i februari.\n\nSedan dess har reglerna ändrats.",
    "assessment": "Förvaltningen föreslår fyra ändringar.",
    "assessments": {
        "ekonomi": "Förslaget påverkar inte ekonomin.",
        "barnets_basta": "Förslaget berör inte barn.",
        "jamstalldhet": "Förslaget påverkar inte jämställdheten.",
        "miljo": "Förslaget påverkar inte miljön.",
    },
    "documents": ["Förslag till delegationsordning"],
    "recipients": [{"name": "Förvaltningens chefer", "purpose": "FÅ"}],
    "signatories": [{"name": "Förvaltningschefen", "title": "Förvaltningschef"}],
}


def pdf_bytes(pages: int = 2) -> bytes:
    """A real PDF of so many empty A4 pages."""
    made, target = pypdfium2.PdfDocument.new(), io.BytesIO()
    for _ in range(pages):
        made.new_page(595, 842)
    made.save(target)
    made.close()
    return target.getvalue()


@dataclass
class Chain:
    """What the fixture made."""

    world: World
    council: Body
    board: Body
    subcommittee: Body
    seats: dict[str, BodyMember] = field(default_factory=dict)
    series: CaseSeries = field(init=False)
    case: Case = field(init=False)
    letter: DocumentVersion = field(init=False)
    paper: DocumentVersion = field(init=False)
    meeting: Meeting = field(init=False)

    @property
    def committee(self) -> Body:
        """The committee."""
        return self.world.committee

    @property
    def unit(self) -> Unit:
        """A unit of the committee's administration."""
        return self.world.unit

    @property
    def root(self) -> str:
        """The address of the committee's year: ``/prov-von/2022/``."""
        return self.world.root

    def by(self, role: str) -> Person:
        """The role's person, fresh: rights are read once for each object."""
        return Person.objects.get(pk=self.world.people[role].pk)

    def client(self, role: str) -> Client:
        """A browser logged in as the role's person."""
        made = Client()
        made.force_login(self.by(role), BACKEND)
        return made

    def person(self, email: str, role: str, **place: Any) -> Person:
        """One more person with a mandate (in the committee unless a unit is given)."""
        made = Person.objects.create_user(email, name=email)
        where = place or {"body": self.committee}
        Mandate.objects.create(person=made, role=role, valid=DateRange(date(2020, 1, 1), None), **where)
        return made

    def new_case(self, title: str = "Ett ärende", number: str = "", **more: Any) -> Case:
        """A case, as a row. ``secret=True`` gives it a section of the law."""
        last = self.series.next_number()
        text = number or f"2022.{last:03d} VON"
        if more.get("secret"):
            more.setdefault("secrecy_section", "OSL 26:1")
        values = {"number_key": f"2022-{last}-VON", "year": 2022, "opened_on": date(2022, 8, 22), **more}
        return Case.objects.create(committee=self.committee, number=text, title=title, **values)

    def new_document(
        self, case: Case, title: str = "Bilaga", kind: str = "attachment", pages: int = 2, **more: Any
    ) -> DocumentVersion:
        """A document with one version: a PDF of so many pages, ready for a pack. Gives the version."""
        document = self._document(case, title, kind, more)
        stored = files.store_bytes(pdf_bytes(pages), f"{title}.pdf", document, None)
        assert stored.current is not None
        return DocumentVersion.objects.create(
            document=document, number=1, dated_on=document.dated_on, file_version=stored.current,
            pdf=stored.current.blob, pdf_state="done", pages=pages,
        )  # fmt: skip

    def new_letter(self, case: Case, title: str = "", **more: Any) -> DocumentVersion:
        """An official letter with one version. Gives the version."""
        document = self._document(case, title or LETTER["heading"], "letter", more)
        return DocumentVersion.objects.create(
            document=document, number=1, dated_on=document.dated_on, letter=dict(LETTER)
        )

    def _document(self, case: Case, title: str, kind: str, more: dict[str, Any]) -> Document:
        if more.get("secret"):
            more.setdefault("secrecy_section", "OSL 26:1")
        values = {"dated_on": date(2022, 9, 15), "number": case.documents.count() + 1, **more}
        return Document.objects.create(committee=case.committee, case=case, kind=kind, title=title, **values)

    def new_meeting(self, day: date = date(2022, 9, 27), body: Body | None = None, **more: Any) -> Meeting:
        """A meeting at 17.00 of the committee or another body."""
        values = {"starts": time(17, 0), "place": "Rådhuset", **more}
        return Meeting.objects.create(
            committee=self.committee, body=body or self.committee, date=day, **values
        )

    def new_item(self, meeting: Meeting, title: str, case: Case | None = None, **more: Any) -> AgendaItem:
        """The next item of a meeting's agenda."""
        values = {"position": meeting.items.count() + 1, **more}
        return AgendaItem.objects.create(meeting=meeting, title=title, case=case, **values)

    def all_present(self, meeting: Meeting) -> None:
        """The seven who decide are present and serve; the substitutes are present. The meeting is open."""
        for member in self.seats.values():
            Presence.objects.create(
                meeting=meeting, member=member, status="present", serves=not member.substitute
            )
        Meeting.objects.filter(pk=meeting.pk).update(
            state="open", opened_at=datetime.combine(meeting.date, time(15, 0), UTC)
        )
        meeting.refresh_from_db()


def build_chain() -> Chain:
    """Make it. The chair's and a member's person sit in M1 and S2; the other seats have nobody who logs in."""
    world = build_world()
    town, body = world.municipality, world.committee

    def other(kind: str, name: str, short: str, **more: Any) -> Body:
        return Body.objects.create(
            municipality=town, kind=kind, name=name, short_name=short, slug=f"prov-{short.lower()}", **more
        )

    chain = Chain(
        world,
        other("council", "Kommunfullmäktige", "KF"),
        other("executive_board", "Kommunstyrelsen", "KS"),
        other("subcommittee", "Arbetsutskottet", "AU", parent=body),
    )
    logs_in = {"M1": world.people["chair"], "S2": world.people["member"]}
    for order, (key, (party, post)) in enumerate(SEATS.items(), start=1):
        chain.seats[key] = BodyMember.objects.create(
            body=body, committee=body, name=f"Ledamot {key}", party=party, post=post, order=order, valid=TERM,
            person=logs_in.get(key),
        )  # fmt: skip
    for order, key in enumerate(("M1", "S1", "C1"), start=1):
        seat = chain.seats[key]
        BodyMember.objects.create(
            body=chain.subcommittee, committee=body, name=seat.name, party=seat.party, post=seat.post, order=order,
            valid=TERM, person=seat.person,
        )  # fmt: skip
    chain.series = CaseSeries.objects.create(committee=body, year=2022, pattern="{year}.{number:03d} VON")
    chain.case = chain.new_case(
        "Revidering av nämndens delegationsordning", responsible=world.people["quality_strategist"]
    )
    chain.letter = chain.new_letter(chain.case)
    chain.paper = chain.new_document(chain.case, "Förslag till delegationsordning")
    chain.meeting = chain.new_meeting()
    return chain
