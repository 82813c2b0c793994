"""The agenda: points, lettered points, their papers, and what might stand on it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import time
from typing import Any, Literal

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import F, Q, QuerySet

from roder import access
from roder.access import Action, Resource
from roder.meetings.models import AgendaItem, Case, DocumentVersion, ItemNote, ItemPaper, Meeting
from roder.meetings.rules import agenda as rules
from roder.meetings.services.calendar import (
    MeetingFault,
    cancel_meeting,
    change_meeting,
    plan_meeting,
    plan_year,
    summon,
)
from roder.meetings.services.watch_agenda import due_at, put_on_agenda
from roder.organisation.models import Person

__all__ = [
    "MeetingFault", "Suggestion", "add_case_papers", "add_item", "add_paper", "add_standard", "cancel_meeting",
    "change_item", "change_meeting", "missing_papers", "move_item", "move_paper", "newer", "numbers", "plan_meeting",
    "plan_year", "put_under", "remove_item", "remove_paper", "renew_paper", "secret", "suggestions", "summon",
    "take_suggestion", "waiting_cases", "withdraw_item", "write_note",
]  # fmt: skip

#: Further down than any agenda is long.
_ASIDE = 10_000

Kind = AgendaItem.Kind
State = Meeting.State
#: What stands on every agenda: (kind, heading, first on it).
STANDARD = (
    (Kind.FORMALITY, "Upprop och val av justerare", True),
    (Kind.DELEGATED, "Anmälan av delegationsbeslut", False),
    (Kind.MESSAGES, "Meddelanden", False),
)


def lines(meeting: Meeting) -> list[rules.Line]:
    """The places of the meeting's points."""
    rows = AgendaItem.objects.filter(meeting=meeting).values_list("pk", "position", "parent_id")
    return [rules.Line(pk, position, parent) for pk, position, parent in rows]


def numbers(meeting: Meeting) -> dict[int, str]:
    """The number of every point: {item pk: "2 A"}. Points that somebody may not see are counted, so that all see the
    same numbers."""
    return rules.numbers(lines(meeting))


def secret(item: AgendaItem) -> bool:
    """Whether the point is secret: itself, its case, or the point that it stands under."""
    return item.under_secrecy


def open_agenda(meeting: Meeting) -> Meeting:
    """The meeting, held to the end of the transaction. Raises MeetingFault when its agenda cannot change any more."""
    now = Meeting.objects.select_for_update(of=("self",)).get(pk=meeting.pk)
    if now.state in (State.ENDED, State.CANCELLED):
        raise MeetingFault(f"Sammanträdet är {now.get_state_display()}. Ärendelistan kan inte ändras.")
    return now


def add_item(
    meeting: Meeting,
    by: Person,
    *,
    kind: str,
    title: str,
    case: Case | None = None,
    parent: AgendaItem | None = None,
    presenter: str = "",
    at: time | None = None,
    minutes: int | None = None,
    secret: bool = False,
    first: bool = False,
) -> AgendaItem:
    """Put a point last on the agenda, or last under ``parent`` as a lettered one; ``first`` puts it at the top.

    A case brings its newest versions with the point by ``add_case_papers``. Raises MeetingFault, ValidationError."""
    access.require(by, Action.EDIT, meeting)
    with transaction.atomic():
        now = open_agenda(meeting)
        _may_be_secret(by, now, secret)
        if case is not None:
            _same_house(case, now, by)
        if parent is not None and (parent.meeting_id != now.pk or parent.parent_id):
            raise MeetingFault("En underpunkt kan bara stå under en punkt på samma ärendelista, i ett led.")
        beside = AgendaItem.objects.filter(meeting=now, parent=parent)
        places = list(beside.order_by("position").values_list("pk", flat=True))
        _number_again(places)
        made = AgendaItem(
            meeting=now, parent=parent, kind=kind, title=" ".join(title.split()), case=case,
            presenter=presenter.strip(), at=at, minutes=minutes, secret=secret, position=len(places) + 1,
        )  # fmt: skip
        made.full_clean(validate_constraints=False)
        made.save()
        if first:
            _number_again([made.pk, *places])
            made.position = 1
        access.record(by, "agenda.item_added", made, meeting=now.pk)
    return made


def add_standard(meeting: Meeting, by: Person) -> list[AgendaItem]:
    """Put on what stands on every agenda and is not there yet: roll-call first, delegated decisions and messages
    last."""
    with transaction.atomic():
        there = set(AgendaItem.objects.filter(meeting=meeting, parent=None).values_list("kind", flat=True))
        return [
            add_item(meeting, by, kind=kind, title=title, first=first)
            for kind, title, first in STANDARD
            if kind not in there
        ]


def change_item(item: AgendaItem, by: Person, expected_revision: int, **values: Any) -> AgendaItem:
    """Change a point (title, kind, case, presenter, at, minutes, secret). Raises StaleRecordError with what stands now
    when somebody else saved first, MeetingFault, ValidationError."""
    access.require(by, Action.EDIT, item)
    with transaction.atomic():
        now = open_agenda(item.meeting)
        current = AgendaItem.objects.select_related("meeting", "case").get(pk=item.pk)
        if values.get("secret", current.secret) != current.secret:
            _may_be_secret(by, now, True)
        case = values.get("case", current.case)
        if case is not None and case != current.case:
            _same_house(case, now, by)
        if "title" in values:
            values["title"] = " ".join(values["title"].split())
        current.save_over(expected_revision, **values)
        access.record(by, "agenda.item_changed", current)
    return current


def withdraw_item(item: AgendaItem, by: Person, *, withdrawn: bool = True) -> AgendaItem:
    """Let a point be withdrawn (utgår): it keeps its number. ``withdrawn`` False takes it back."""
    access.require(by, Action.EDIT, item)
    with transaction.atomic():
        open_agenda(item.meeting)
        current = AgendaItem.objects.select_for_update(of=("self",)).get(pk=item.pk)
        if current.withdrawn != withdrawn:
            current.save_over(current.revision, withdrawn=withdrawn)
            access.record(by, "agenda.item_withdrawn" if withdrawn else "agenda.item_restored", current)
    return current


def remove_item(item: AgendaItem, by: Person) -> None:
    """Take a point away before the summons is sent, with the points under it. Afterwards it is withdrawn instead."""
    access.require(by, Action.EDIT, item)
    with transaction.atomic():
        now = open_agenda(item.meeting)
        if now.state != State.PLANNED:
            raise MeetingFault(
                "Kallelsen är skickad. Låt punkten utgå i stället, så behåller de andra sina nummer."
            )
        beside = AgendaItem.objects.filter(meeting=now, parent=item.parent).exclude(pk=item.pk)
        access.record(by, "agenda.item_removed", item, meeting=now.pk)
        item.delete()
        _number_again(list(beside.order_by("position").values_list("pk", flat=True)))


def move_item(item: AgendaItem, by: Person, way: Literal["up", "down"]) -> None:
    """Move a point one step among those beside it."""
    access.require(by, Action.EDIT, item)
    with transaction.atomic():
        now = open_agenda(item.meeting)
        beside = AgendaItem.objects.filter(meeting=now, parent=item.parent).order_by("position", "pk")
        places = list(beside.values_list("pk", flat=True))
        wanted = rules.moved(places, item.pk, way)
        if wanted != places:
            _number_again(wanted)
            access.record(by, "agenda.item_moved", item, way=way)


def put_under(item: AgendaItem, by: Person, parent: AgendaItem | None) -> None:
    """Make a point a lettered one under ``parent``, last there; None makes it a point of its own, last on the
    agenda."""
    access.require(by, Action.EDIT, item)
    with transaction.atomic():
        now = open_agenda(item.meeting)
        if parent is not None and (
            parent.meeting_id != now.pk or parent.parent_id or parent.pk == item.pk or item.children.exists()
        ):
            raise MeetingFault(
                "En underpunkt kan bara stå under en punkt på samma ärendelista, och utan egna underpunkter."
            )
        if item.parent_id == (parent.pk if parent else None):
            return
        left = AgendaItem.objects.filter(meeting=now, parent_id=item.parent_id).exclude(pk=item.pk)
        there = AgendaItem.objects.filter(meeting=now, parent=parent)
        AgendaItem.objects.filter(pk=item.pk).update(parent=parent, position=there.count() + 1 + _ASIDE)
        for beside in (there, left):
            _number_again(list(beside.order_by("position").values_list("pk", flat=True)))
        access.record(by, "agenda.item_moved", item, way="under" if parent else "out")


def _number_again(ids: Sequence[int]) -> None:
    """Positions 1, 2, 3 in this order. Not a change of the text, so the revision stays. Places are compared row by row,
    so those that move step aside first."""
    rows = AgendaItem.objects.filter(pk__in=ids)
    wanted = {pk: position for position, pk in enumerate(ids, start=1)}
    moving = [pk for pk, position in rows.values_list("pk", "position") if position != wanted[pk]]
    rows.filter(pk__in=moving).update(position=F("position") + _ASIDE)
    for pk in moving:
        rows.filter(pk=pk).update(position=wanted[pk])


def _may_be_secret(by: Person, meeting: Meeting, secret: bool) -> None:
    if secret:
        access.require(by, Action.EDIT, Resource.SECRETS, meeting.committee_id)


def _same_house(case: Case, meeting: Meeting, by: Person) -> None:
    if case.committee_id != meeting.committee_id or not access.may(by, Action.VIEW, case):
        raise ValidationError({"case": "Ärendet finns inte i nämndens diarium."})


# --- papers ---------------------------------------------------------------------------------------------------------


def add_paper(item: AgendaItem, version: DocumentVersion, by: Person, *, heading: str = "") -> ItemPaper:
    """Put a version of a document on a point: the letter first, the subcommittee's extract straight after it, the rest
    last. Adding what is there already gives that."""
    access.require(by, Action.EDIT, item)
    access.require(by, Action.VIEW, version)
    with transaction.atomic():
        open_agenda(item.meeting)
        if version.document.committee_id != item.meeting.committee_id:
            raise MeetingFault("Handlingen hör till en annan nämnd.")
        papers = list(item.papers.select_related("version__document").order_by("position", "pk"))
        for one in papers:
            if one.version_id == version.pk:
                return one
        place = rules.place_of_paper([one.version.document.kind for one in papers], version.document.kind)
        made = ItemPaper(item=item, version=version, position=place + 1, own_heading=heading.strip())
        made.full_clean()
        made.save()
        papers.insert(place, made)
        _papers_again([one.pk for one in papers])
        access.record(by, "agenda.paper_added", made, item=item.pk, version=version.pk)
    return made


def add_case_papers(item: AgendaItem, by: Person) -> list[ItemPaper]:
    """Put the newest version of every document of the point's case on it that the person may see and that is not there
    in any version."""
    return [add_paper(item, version, by) for version in missing_papers(item, by)]


def missing_papers(item: AgendaItem, by: Person) -> list[DocumentVersion]:
    """The newest versions of the documents of the point's case that are not on it in any version."""
    if item.case_id is None:
        return []
    there = item.papers.values("version__document")
    rows = DocumentVersion.objects.filter(document__case=item.case_id, current=True)
    wanted = rows.exclude(document__in=there).select_related("document").order_by("document__number")
    return list(access.visible(by, wanted))


def newer(papers: Sequence[ItemPaper]) -> dict[int, DocumentVersion]:
    """Paper pk -> the current version of its document, where the paper is an older one. One query."""
    old = {paper.version.document_id: paper.pk for paper in papers if not paper.version.current}
    rows = DocumentVersion.objects.filter(document__in=old, current=True).select_related("document")
    return {old[version.document_id]: version for version in rows}


def renew_paper(paper: ItemPaper, by: Person) -> ItemPaper:
    """Put the current version in the place of an older one."""
    access.require(by, Action.EDIT, paper)
    with transaction.atomic():
        open_agenda(paper.item.meeting)
        current = DocumentVersion.objects.get(document=paper.version.document_id, current=True)
        if paper.item.papers.filter(version=current).exclude(pk=paper.pk).exists():
            paper.delete()
            return paper
        paper.save_over(paper.revision, version=current)
        access.record(by, "agenda.paper_renewed", paper, version=current.pk)
    return paper


def remove_paper(paper: ItemPaper, by: Person) -> None:
    """Take a document off a point. The document stays in its case."""
    access.require(by, Action.EDIT, paper)
    with transaction.atomic():
        open_agenda(paper.item.meeting)
        access.record(by, "agenda.paper_removed", paper, item=paper.item_id)
        paper.delete()


def move_paper(paper: ItemPaper, by: Person, way: Literal["up", "down"]) -> None:
    """Move a document one step on its point."""
    access.require(by, Action.EDIT, paper)
    with transaction.atomic():
        open_agenda(paper.item.meeting)
        beside = list(paper.item.papers.order_by("position", "pk").values_list("pk", flat=True))
        _papers_again(rules.moved(beside, paper.pk, way))


def _papers_again(ids: Sequence[int]) -> None:
    for position, pk in enumerate(ids, start=1):
        ItemPaper.objects.filter(pk=pk).exclude(position=position).update(position=position)


# --- notes to oneself -----------------------------------------------------------------------------------------------


def write_note(item: AgendaItem, by: Person, text: str) -> ItemNote | None:
    """Keep a note to oneself about a point; empty text takes it away. Nobody else sees it, and it is in no pack."""
    access.require(by, Action.VIEW, item)
    words = text.strip()
    if not words:
        ItemNote.objects.filter(item=item, person=by).delete()
        return None
    ItemNote._meta.get_field("text").run_validators(words)
    note, _ = ItemNote.objects.update_or_create(item=item, person=by, defaults={"text": words})
    return note


# --- what might stand on it -----------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Suggestion:
    """A point that is proposed, and why."""

    kind: str
    title: str
    why: str
    case: Case | None = None
    watch: Any = None
    presenter: str = ""

    @property
    def key(self) -> str:
        """What the suggestion is called in a form."""
        return (
            f"watch-{self.watch.pk}" if self.watch is not None else f"case-{self.case.pk if self.case else 0}"
        )


#: Where a case is when a body is to take it up.
_WAITS_FOR = {
    "committee": (Case.Phase.PREPARED, Case.Phase.SUBCOMMITTEE, Case.Phase.COMMITTEE),
    "subcommittee": (Case.Phase.PREPARED, Case.Phase.SUBCOMMITTEE),
    "executive_board": (Case.Phase.EXECUTIVE_BOARD,),
    "council": (Case.Phase.COUNCIL,),
}


def waiting_cases(meeting: Meeting, by: Person) -> QuerySet[Case]:
    """The cases that wait for the body and are not on this agenda or that of another meeting to come."""
    coming = AgendaItem.objects.filter(
        Q(meeting=meeting) | Q(meeting__body=meeting.body, meeting__state__in=(State.PLANNED, State.SUMMONED)),
        case__isnull=False, withdrawn=False,
    )  # fmt: skip
    rows = Case.objects.filter(
        committee=meeting.committee, phase__in=_WAITS_FOR[meeting.body.kind], closed_on=None
    ).exclude(course=Case.Course.WITHDRAWN)
    return access.visible(by, rows.exclude(pk__in=coming.values("case"))).order_by("opened_on", "pk")


def suggestions(meeting: Meeting, by: Person) -> list[Suggestion]:
    """What might be put on the agenda: what is due on the balance list, and cases that wait for the body."""
    there = set(AgendaItem.objects.filter(meeting=meeting).values_list("title", flat=True))
    found = [one for one in _due_watches(meeting, by) if one.title not in there]
    for case in waiting_cases(meeting, by)[:30]:
        why = f"Ärendet är {case.get_phase_display()}"
        if case.course != Case.Course.ACTIVE:
            why = f"Ärendet är {case.get_course_display()}"
        found.append(Suggestion(Kind.DECISION, case.title, why, case))
    return found


def take_suggestion(meeting: Meeting, wanted: Suggestion, by: Person, *, kind: str = "") -> AgendaItem:
    """Put a suggestion on the agenda, with the papers of its case and a link to the watch that it comes from."""
    with transaction.atomic():
        made = add_item(
            meeting, by, kind=kind if kind in Kind.values else wanted.kind, title=wanted.title, case=wanted.case,
            presenter=wanted.presenter,
        )  # fmt: skip
        add_case_papers(made, by)
        if wanted.watch is not None:
            put_on_agenda(made, wanted.watch, by)
    return made


def _due_watches(meeting: Meeting, by: Person) -> list[Suggestion]:
    found = []
    for watch, rhythm in due_at(meeting, by):
        decision = rhythm is None or rhythm.kind == "B"
        printed = f", {rhythm.printed}" if rhythm else ""
        found.append(
            Suggestion(
                Kind.DECISION if decision else Kind.INFORMATION, watch.title, f"Balanslistan{printed}", watch.case,
                watch, "" if decision else watch.responsible,
            )
        )  # fmt: skip
    return found
