"""What the pages of a sheet show: rows with their facts and forms, and what is left to write."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cached_property, partial
from typing import Any

from django.http import QueryDict
from django.urls import NoReverseMatch

from roder import access
from roder.access.matrix import Action, Resource
from roder.core.numbers import Unit as CountUnit
from roder.core.numbers import format_value, whole_number
from roder.core.register import history
from roder.followup import parts
from roder.followup.models import Line, Part, Sheet
from roder.followup.pages.sheet_forms import LineForm, RowForm, SummaryForm
from roder.followup.pages.whose import standing_in
from roder.followup.rules.states import Progress
from roder.followup.services import sheets
from roder.followup.services.sheet_states import progress_by
from roder.followup.services.sheets import Rights
from roder.organisation.models import Person
from roder.steering.rules import StatusStep
from roder.tasks import listing
from roder.tasks.models import Task
from roder.web.scope import CommitteeRequest, Scope

ARROWS = {"up": ("↑", "Ökat"), "same": ("→", "Oförändrat"), "down": ("↓", "Minskat")}


@dataclass(frozen=True)
class Fact:
    """One measure beside the text, or a sentence of what is known (``words``)."""

    title: str
    words: str = ""
    outcome: str = ""
    target: str = ""
    previous: str = ""
    arrow: str = ""
    trend: str = ""
    grade: StatusStep | None = None
    reason: str = ""
    whole: bool = False
    url: str = ""

    @property
    def has_outcome(self) -> bool:
        """Whether there is a number."""
        return bool(self.outcome)


@dataclass
class Row:
    """A row of the sheet as it is shown."""

    line: Line
    scale: Sequence[StatusStep] = ()
    form: LineForm | None = None
    lacks: str = ""
    link: Callable[[str], str] = lambda gid: ""

    @cached_property
    def facts(self) -> list[Fact]:
        """What is known, with the pages that ``link`` gives."""
        return [shown_fact(one, self.link(str(one.get("gid", "")))) for one in self.line.facts]

    @property
    def proposed(self) -> StatusStep | None:
        """The status that the outcomes speak for."""
        return self._step(self.line.proposed_status)

    @property
    def said_step(self) -> StatusStep | None:
        """The status that was chosen."""
        return self._step(self.line.status)

    def _step(self, code: str) -> StatusStep | None:
        return next((one for one in self.scale if code and one.code == code), None)

    @property
    def steps(self) -> list[tuple[StatusStep, bool]]:
        """The statuses to choose among, and which is chosen."""
        chosen = str(self.form["status"].value() or "") if self.form and "status" in self.form.fields else ""
        return [(one, one.code == chosen) for one in self.scale]

    @property
    def skipped(self) -> bool:
        """Whether it is ticked that it does not concern the unit."""
        return bool(self.form["skipped"].value()) if self.form else self.line.skipped

    @property
    def written(self) -> bool:
        """Whether there is a comment."""
        return bool(self.line.comment.strip())

    @property
    def more_open(self) -> bool:
        """Whether outlook and measures are shown at once: something stands there, or is wrong."""
        form = self.form
        names = ("outlook", "measures_taken")
        return form is not None and any(form[name].value() or form[name].errors for name in names)


def number(text: str | None, unit: str, digits: int | None) -> str:
    """A number that is kept as text, as it is printed with its unit."""
    return (
        "" if text in (None, "") else format_value(Decimal(str(text)), CountUnit(unit), digits, suffix=True)
    )


def shown_fact(fact: Mapping[str, Any], url: str = "") -> Fact:
    """A fact as it is kept, for the page."""
    if "text" in fact:
        return Fact(str(fact["title"]), words=str(fact["text"]), url=url)
    unit, digits = str(fact.get("unit", "")), fact.get("decimals")
    arrow, trend = ARROWS.get(str(fact.get("trend", "")), ("", ""))
    grade = str(fact.get("proposed") or "")
    return Fact(
        str(fact["title"]),
        outcome=number(fact.get("outcome"), unit, digits),
        target=str(fact.get("target") or ""),
        previous=number(fact.get("previous"), unit, digits),
        arrow=arrow,
        trend=trend,
        grade=StatusStep(str(fact.get("code", "")), grade, 0, str(fact.get("tone", "none")))
        if grade
        else None,
        reason=str(fact.get("reason") or ""),
        whole=not fact.get("own", True),
        url=url,
    )


def _url(scope: Scope, gid: str) -> str:
    """The page of what a fact is about, when it has one."""
    kind, _, number = gid.partition(":")
    page, pk = PAGES.get(kind), whole_number(number)
    return scope.url(page[0], pk) if page and pk is not None and scope.may(Action.VIEW, page[1]) else ""


@dataclass
class Shown:
    """A sheet as one person sees it: its rows with forms when it is their turn, and what is left to write."""

    sheet: Sheet
    user: Person
    task: Task | None
    rights: Rights
    state: Progress
    scale: list[StatusStep]
    rows: list[Row]
    sums_up: bool
    summary: SummaryForm | None = None
    missing: list[str] = field(default_factory=list)
    refused: str = ""

    @classmethod
    def of(
        cls, sheet: Sheet, user: Person, data: QueryDict | None = None, *, only: int | None = None
    ) -> Shown:
        """Read what the page needs. ``data``: what was sent. ``only``: just that row."""
        task = sheets.task_of(sheet)
        may = sheets.rights(sheet, user, task)
        scale = sheets.scale_of(sheet)
        lines = sheet.lines.all() if only is None else sheet.lines.filter(pk=only)
        sums_up = sheets.sums_up(sheet)
        rows = []
        for line in lines:
            row = Row(
                line,
                scale,
                lacks=_lacks(sheet, line, scale, sums_up),
            )
            row.form = LineForm(data, row=line, scale=scale) if may.write else None
            rows.append(row)
        summary = SummaryForm(data, row=sheet) if may.write else None
        return cls(sheet, user, task, may, sheets.progress(sheet, task), scale, rows, sums_up, summary)

    def renew(self, row: Row) -> None:
        """Show a row as it stands when it has been saved: with its new revision, so that nobody collides with
        themselves when another row was refused."""
        row.form = LineForm(row=row.line, scale=self.scale)
        row.lacks = _lacks(self.sheet, row.line, self.scale, self.sums_up)

    @property
    def forms(self) -> list[RowForm]:
        """The forms of the rows and of the summary."""
        return [one for one in (*(row.form for row in self.rows), self.summary) if one is not None]

    @property
    def clashes(self) -> bool:
        """Whether somebody else has saved one of the rows."""
        return any(one.other for one in self.forms)

    @property
    def faults(self) -> bool:
        """Whether something that was typed could not be saved."""
        return any(one.is_bound and one.errors for one in self.forms)

    @property
    def left_words(self) -> str:
        """How much is filled in."""
        if self.sums_up and any(row.lacks for row in self.rows):
            return "Skriv en sammanfattning, eller en kommentar till varje rad."
        done, count = sum(not row.lacks for row in self.rows), len(self.rows)
        if done < count:
            return f"{done} av {count} ifyllda"
        return "Allt är ifyllt." if count else "Skriv en sammanfattning."

    def lacking(self) -> list[tuple[str, str]]:
        """What is missing, each with where it is on the page."""
        found = []
        for words in self.missing:
            at = next((f"r{row.line.pk}" for row in self.rows if f"”{_begun(row.line.title)}" in words), "")
            found.append((words, at or (f"s{self.sheet.pk}" if "sammanfattning" in words else "")))
        return found

    def context(self, request: CommitteeRequest) -> dict[str, Any]:
        """What the page of the sheet shows."""
        scope, sheet, task = request.scope, self.sheet, self.task
        for row in self.rows:
            row.link = partial(_url, scope)
        if task is not None:
            task.subject = sheet
        line = listing.lines([task])[0] if task is not None else None
        events = history.of(task) if task is not None else []
        away = standing_in(self.user, [task]).get(task.pk) if task is not None else None
        return {
            "sheet": sheet, "occasion": sheet.round.occasion, "part": sheets.part_of(sheet), "state": self.state,
            "rows": self.rows, "summary": self.summary, "writes": self.rights.write, "attests": self.rights.attest,
            "reopens": self.rights.reopen, "summing": self.sums_up, "task": task, "line": line, "events": events,
            "returned_by": returned_by(events) if task and task.state == Task.State.RETURNED else "",
            "own_ready": bool(task and task.state == Task.State.READY and task.ready_by_id == self.user.pk),
            "lacking": self.lacking(), "refused": self.refused, "left_words": self.left_words, "away": away,
            "siblings": siblings(scope, sheet), "extra": extra(scope, sheet),
            "mine": self.rights.write or away is not None, "attester": attester(task),
        }  # fmt: skip


def _begun(title: str) -> str:
    return title[:60].rstrip()


def _lacks(sheet: Sheet, line: Line, scale: Sequence[StatusStep], sums_up: bool) -> str:
    """What a row lacks, in a word or two; nothing when it is filled in."""
    if line.skipped or (sums_up and sheet.summary.strip()):
        return ""
    wanted = [] if line.comment.strip() else ["kommentar"]
    if scale and not sums_up and not line.status:
        wanted.append("bedömning")
    return " och ".join(wanted)


def returned_by(events: Iterable[history.Event]) -> str:
    """Who gave the task back, by its history."""
    word = str(Task.State.RETURNED.label)
    for event in events:
        if any(word in one.after for one in event.changes if one.title == "Läge"):
            return "" if event.who == history.SYSTEM else event.who
    return ""


def attester(task: Task | None) -> str:
    """The role that approves."""
    return task.get_attest_role_display() if task is not None else ""


@dataclass(frozen=True)
class Sibling:
    """Another sheet of the same unit in the round."""

    pk: int
    name: str
    state: Progress
    url: str


def siblings(scope: Scope, sheet: Sheet) -> list[Sibling]:
    """The unit's sheets in the round that the person may see, in the order of the parts. Two queries."""
    rows = access.visible(scope.user, Sheet.objects.filter(round=sheet.round_id, unit=sheet.unit_id))
    states = progress_by(rows)
    return [
        Sibling(one.pk, parts.declared(one.part).label, states[one.pk], scope.url("followup:sheet", one.pk))
        for one in sorted(rows, key=lambda one: ORDER[one.part])
    ]


@dataclass(frozen=True)
class Extra:
    """A way from the sheet to where something else of it is written."""

    words: str
    label: str
    url: str


def extra(scope: Scope, sheet: Sheet) -> list[Extra]:
    """Where the rest of what a part asks for is filled in."""
    known = ELSEWHERE.get(sheet.part)
    if known is None:
        return []
    words, label, page, resource, arguments = known
    if not scope.may(Action.VIEW, resource):
        return []
    try:
        return [Extra(words, label, scope.url(page, *arguments(sheet)))]
    except NoReverseMatch:
        return []


#: part -> words, what the link says, the page, the right it asks for and its arguments
ELSEWHERE: dict[str, tuple[str, str, str, Resource, Callable[[Sheet], list[Any]]]] = {
    Part.ECONOMY: (
        "Beloppen skrivs i prognosen.", "Öppna enhetens prognos", "economy:unit_forecast", Resource.ECONOMY,
        lambda sheet: [sheet.round.occasion.code, sheet.unit.code],
    ),
    Part.CONTROLS: (
        "Kontrollerna görs och dokumenteras för sig.", "Öppna kontrollerna", "control:rounds", Resource.SAMPLES,
        lambda sheet: [],
    ),
    Part.ACTIVITIES: (
        "Aktiviteterna ändras i handlingsplanen.", "Öppna handlingsplanen", "followup:plan", Resource.ACTION_PLANS,
        lambda sheet: [sheet.unit.code],
    ),
}  # fmt: skip
ORDER: dict[str, int] = {str(part): place for place, part in enumerate(parts.PARTS)}
PAGES = {
    "measures.measure": ("measures:measure", Resource.MEASURES),
    "control.controlround": ("control:round", Resource.SAMPLES),
}
