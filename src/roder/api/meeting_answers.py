"""What the API answers with about cases, documents, meetings, decisions and the balance list."""

from __future__ import annotations

from datetime import date, time
from typing import Annotated

from pydantic import BaseModel, WithJsonSchema

from roder.api.answers import UnitOut

#: A time of day in Sweden. JSON Schema's own format "time" wants an offset, which a time of day has not.
Clock = Annotated[time, WithJsonSchema({"type": "string", "pattern": r"^\d\d:\d\d:\d\d$"})]


class CaseRow(BaseModel):
    """A case. A secret one is only given to those who may see what is secret."""

    id: int
    committee: str
    number: str
    title: str
    kind: str
    phase: str
    course: str
    opened_on: date
    closed_on: date | None
    origin: str
    answer_by: date | None
    answered_on: date | None
    unit: UnitOut | None
    secret: bool
    secrecy_section: str


class CasePage(BaseModel):
    """A page of cases."""

    items: list[CaseRow]
    next: str | None


class CaseStepOut(BaseModel):
    """Something that happened to a case."""

    on: date
    phase: str
    course: str
    body: str | None
    note: str


class FileOut(BaseModel):
    """The file of a document's current version; ``url`` gives its content, by the same token."""

    name: str
    type: str
    size: int
    sha256: str
    url: str


class DocumentRow(BaseModel):
    """A document without its content. ``version`` is the number of the current one."""

    id: int
    committee: str
    case: int
    case_number: str
    number: int
    kind: str
    title: str
    dated_on: date
    received_on: date | None
    sender: str
    secret: bool
    secrecy_section: str
    version: int | None
    pages: int | None
    file: FileOut | None


class DocumentPage(BaseModel):
    """A page of documents."""

    items: list[DocumentRow]
    next: str | None


class CaseOut(CaseRow):
    """A case with what happened to it and its documents. ``continues`` is the case before it."""

    summary: str
    continues: int | None
    steps: list[CaseStepOut]
    documents: list[DocumentRow]


class MeetingRow(BaseModel):
    """A meeting. ``body`` is who meets, ``committee`` in whose house it is kept."""

    id: int
    committee: str
    body: str
    date: date
    starts: Clock
    ends: Clock | None
    place: str
    state: str


class MeetingPage(BaseModel):
    """A page of meetings."""

    items: list[MeetingRow]
    next: str | None


class ItemOut(BaseModel):
    """An item of an agenda. ``paragraph`` is its paragraph in the minutes, once they have been attested."""

    id: int
    number: str
    kind: str
    title: str
    case: int | None
    case_number: str | None
    presenter: str
    secret: bool
    withdrawn: bool
    paragraph: int | None


class MeetingOut(MeetingRow):
    """A meeting with its agenda."""

    items: list[ItemOut]


class RecipientOut(BaseModel):
    """Who a decision is sent to: FÅ for action, FK for information."""

    name: str
    purpose: str


class ParagraphRow(BaseModel):
    """A paragraph of the minutes: a decision. ``repeals`` is the earlier one that it repeals."""

    id: int
    committee: str
    body: str
    year: int
    number: int | None
    date: date
    heading: str
    outcome: str
    points: list[str]
    recipients: list[RecipientOut]
    case: int | None
    case_number: str | None
    repeals: int | None


class ParagraphPage(BaseModel):
    """A page of decisions."""

    items: list[ParagraphRow]
    next: str | None


class TrailStepOut(BaseModel):
    """A step from a report to a decision and on to what was done. ``record`` is what it is about: room.kind:id."""

    on: date | None
    label: str
    what: str
    whose: str
    state: str
    note: str
    record: str
    here: bool


class TrailOut(BaseModel):
    """What became of a decision."""

    paragraph: int
    repealed_by: int | None
    steps: list[TrailStepOut]


class RhythmOut(BaseModel):
    """When a watch comes back: B as a decision with a letter, MI orally."""

    kind: str
    printed: str


class WatchRow(BaseModel):
    """A row of the balance list. ``reported_on`` is when it was last reported."""

    id: int
    committee: str
    title: str
    number_text: str
    what: str
    case: int | None
    paragraph: int | None
    decided_on: list[date]
    section: str
    responsible: str
    role: str
    unit: UnitOut | None
    state: str
    opened_on: date
    closed_on: date | None
    closed_why: str
    rhythms: list[RhythmOut]
    reported_on: date | None


class WatchPage(BaseModel):
    """A page of the balance list."""

    items: list[WatchRow]
    next: str | None
