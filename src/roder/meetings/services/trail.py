"""What became of it: from a report to a decision and on to what was done, and back, as steps in the order of time.

    report -> case -> letter -> subcommittee -> decision -> dispatch -> watch, task -> reported -> later decisions

Access is asked at every step: what the person may not see is not there, nor is anything that only it leads to. The
number of queries does not grow with the number of steps (one more for each kind of record of another room that the
chain is linked to).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from itertools import chain
from typing import Any

from django.db.models import Model
from django.utils import timezone

from roder.access.rights import User
from roder.meetings.models import (
    Case,
    MinuteItem,
    Watch,
    WatchReport,
)
from roder.meetings.services.trail_rows import Rows
from roder.tasks.models import Task

#: What of a record from another room says when it was.
_DAYS = (
    "locked_at",
    "decided_on",
    "dated_on",
    "reported_at",
    "received_at",
    "opened_on",
    "cut_off",
    "created_at",
)
#: What comes first of what happened on the same day.
_ORDER = (
    "report", "case", "document", "step", "item", "paragraph", "dispatch", "watch", "task", "told", "link",
)  # fmt: skip
_DECIDING = ("committee", "council", "executive_board")


@dataclass(frozen=True)
class Step:
    """Something in the chain. ``record`` is where it leads; ``on`` None: it has not happened yet and has no day.

    ``kind`` is what it is for the program, ``label`` and ``what`` for people, ``whose`` who it lies with. ``here`` is
    the one that was asked about. ``state`` is in what state it is, with ``tone`` (good, near, bad, none).
    """

    kind: str
    label: str
    on: date | None
    what: str
    record: Model
    whose: str = ""
    here: bool = False
    state: str = ""
    tone: str = "none"
    note: str = ""

    @property
    def gid(self) -> str:
        """The record's global id."""
        return f"{self.record._meta.label_lower}:{self.record.pk}"


@dataclass
class Trail:
    """The chain. ``points`` are the points of the decision that was asked about."""

    steps: list[Step]
    paragraph: MinuteItem | None = None
    points: list[str] = field(default_factory=list)
    repealed_by: MinuteItem | None = None
    watches: list[Watch] = field(default_factory=list)
    told: WatchReport | None = None

    @property
    def open_watches(self) -> int:
        """How many watches are not closed."""
        return sum(one.state in (Watch.State.OPEN, Watch.State.PAUSED) for one in self.watches)


def trail_of(paragraph: MinuteItem, user: User) -> Trail:
    """The chain that a paragraph is part of. The paragraph itself must be one that the person may see."""
    return _Chain(user, paragraph=paragraph).trail()


def trail_of_case(case: Case, user: User) -> Trail:
    """The chain of a case."""
    return _Chain(user, case=case).trail()


def trail_of_watch(watch: Watch, user: User) -> Trail:
    """The chain that a watch came of and leads to."""
    return _Chain(user, watch=watch).trail()


def _day(moment: Any) -> date | None:
    if isinstance(moment, datetime):
        return timezone.localdate(moment)
    return moment if isinstance(moment, date) else None


class _Chain(Rows):
    """The records as steps."""

    def trail(self) -> Trail:
        """The steps in order of time. Without a day: what it builds on comes first, what is to come last."""
        steps = {
            one.gid: one
            for one in chain(
                self._from_cases(), self._from_documents(), self._from_paragraphs(), self._from_dispatches(),
                self._from_watches(), self._from_links(),
            )
        }  # fmt: skip
        ordered = sorted(
            steps.values(),
            key=lambda one: (
                one.on or (date.min if one.kind == "report" else date.max),
                _ORDER.index(one.kind),
                one.record.pk,
            ),
        )
        paragraph = self.anchor if isinstance(self.anchor, MinuteItem) else None
        return Trail(
            ordered,
            paragraph,
            [f"{one.position}. {one.text}" if len(self.points) > 1 else one.text for one in self.points],
            next((one for one in self.paragraphs if paragraph and one.repeals_id == paragraph.pk), None),
            self.watches,
            max(self.told, key=lambda one: (one.on, one.pk), default=None),
        )

    def _here(self, record: Model) -> bool:
        return record == self.anchor

    def _from_cases(self) -> Iterable[Step]:
        for one in self.cases:
            whose = str(one.responsible or one.unit or "")
            note = f"Från {one.origin}" if one.origin else ""
            yield Step(
                "case", "Ärende registrerat", one.opened_on, f"{one.number} {one.title}", one, whose,
                self._here(one), one.get_course_display() if one.course != Case.Course.ACTIVE
                else one.get_phase_display(), "good" if one.closed_on else "none", note,
            )  # fmt: skip
        for step in self.steps:
            label = (step.get_course_display() or step.get_phase_display()).capitalize()
            yield Step(
                "step", label, step.on, step.note or label, step, step.body.short_name if step.body else ""
            )

    def _from_documents(self) -> Iterable[Step]:
        for one in self.documents:
            on = one.received_on or one.dated_on
            yield Step("document", one.get_kind_display().capitalize(), on, one.title, one, one.sender)
        for paper in self.papers:
            document = paper.version.document
            yield Step(
                "document", "Underlag vid återrapporten", paper.item.meeting.date, document.title, document,
                document.sender,
            )  # fmt: skip

    def _from_paragraphs(self) -> Iterable[Step]:
        written = {one.item_id for one in (*self.paragraphs, *self.followed)}
        repeals = {one.repeals_id for one in self.paragraphs}
        for one in self.paragraphs:
            number = f"§ {one.number} " if one.number else ""
            label = "Beslut" if one.body.kind in _DECIDING else "Beredning"
            if one.repeals_id:
                label = "Beslut som upphäver ett tidigare"
            gone = one.pk in repeals
            yield Step(
                "paragraph", label, one.item.meeting.date, f"{number}{one.heading}", one, one.body.short_name,
                self._here(one), "upphävt" if gone else one.get_outcome_display(), "bad" if gone else "none",
            )  # fmt: skip
        for one in self.followed:
            number = f"§ {one.number} " if one.number else ""
            yield Step(
                "paragraph", "Uppföljning i protokollet", one.item.meeting.date, f"{number}{one.heading}", one,
                one.body.short_name, state=one.get_outcome_display(),
            )  # fmt: skip
        for item in self.items:
            if item.pk not in written:
                yield Step(
                    "item", "På dagordningen", item.meeting.date, item.title, item, item.meeting.body.short_name,
                    state=item.meeting.get_state_display(),
                )  # fmt: skip

    def _from_dispatches(self) -> Iterable[Step]:
        for one in self.dispatches:
            purpose = one.get_purpose_display()
            if one.sent_at:
                yield Step(
                    "dispatch", "Expedierat", _day(one.sent_at), f"Utdrag till {one.recipient}, {purpose}", one,
                    one.recipient, state=one.get_way_display(), tone="good",
                )  # fmt: skip
            else:
                yield Step(
                    "dispatch", "Ska expedieras", None, f"Utdrag till {one.recipient}, {purpose}", one, one.recipient,
                    state="inte skickat", tone="near",
                )  # fmt: skip

    def _from_watches(self) -> Iterable[Step]:
        tones = {"done": "good", "paused": "near"}
        for one in self.watches:
            whose = one.responsible or f"{one.get_role_display()}{f', {one.unit}' if one.unit else ''}"
            yield Step(
                "watch", "Bevakning", one.opened_on, one.what or one.title, one, whose, self._here(one),
                one.get_state_display(), tones.get(one.state, "none"), one.closed_why or one.paused_why,
            )  # fmt: skip
        for told in self.told:
            place = str(told.meeting) if told.meeting else ""
            yield Step(
                "told",
                "Redovisat",
                told.on,
                told.note or told.watch.title,
                told,
                place,
                state="",
                tone="good",
            )
        for task in self.tasks:
            done = task.state == Task.State.DONE
            on = _day(task.closed_at) if done else _day(task.due_at)
            late = bool(not done and task.live and task.due_at and task.due_at < timezone.now())
            state = "försenad" if late else task.get_state_display()
            tone = "bad" if late else "good" if done else "none"
            yield Step(
                "task", "Uppgift", on, task.what, task, task.owner_words, False, state, tone, task.note
            )

    def _from_links(self) -> Iterable[Step]:
        for link, record, before in self.linked:
            on = next((_day(getattr(record, name)) for name in _DAYS if getattr(record, name, None)), None)
            label = (
                f"Bygger på: {record._meta.verbose_name}"
                if before
                else f"Ledde till: {record._meta.verbose_name}"
            )
            yield Step("report" if before else "link", label, on, str(record), record, note=link.note)
