"""What people do with a sheet: fill it in, sum it up, mark it ready, approve it, give it back and open it again.

The state is the task's. Whoever's turn it is writes: the holder of the post, or a deputy. Those above read.
"""

from __future__ import annotations

from dataclasses import dataclass

from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet
from django.utils import timezone

from roder import access, tasks
from roder.access import Action, NotAllowedError
from roder.followup.faults import MissingFault, SheetFault
from roder.followup.models import Line, Round, Sheet
from roder.followup.parts import Declared, declared
from roder.followup.rules.missing import Answer, missing_of
from roder.followup.rules.states import Progress, progress_of
from roder.followup.services.sheet_states import tasks_about
from roder.organisation.models import Person
from roder.steering.rules import StatusStep, needs_reason
from roder.steering.services import model_of
from roder.tasks import listing
from roder.tasks.models import TURN, Task


def task_of(sheet: Sheet) -> Task | None:
    """The sheet's task: the latest that is not struck. None when it has none."""
    rows = tasks_about([sheet.pk]).select_related("unit", "committee", "person", "ready_by", "closed_by")
    return rows.exclude(state=Task.State.CANCELLED).order_by("-pk").first() or rows.order_by("-pk").first()


def progress(sheet: Sheet, task: Task | None = None) -> Progress:
    """How far the sheet has come."""
    task = task or task_of(sheet)
    return progress_of(
        task.state if task else "",
        written=sheet.written_at is not None,
        included=sheet.included_at is not None,
    )


def scale_of(sheet: Sheet) -> list[StatusStep]:
    """The statuses that may be given in the sheet, in order; none where the part is not graded at its level."""
    occasion = sheet.round.occasion
    return declared(sheet.part).scale(model_of(occasion), occasion.kind, sheet.unit.kind)


def part_of(sheet: Sheet) -> Declared:
    """The declaration of what the sheet is about."""
    return declared(sheet.part)


def below(sheet: Sheet) -> QuerySet[Sheet]:
    """The sheets of the same part that a summary is made of: those of the units right under it."""
    rows = Sheet.objects.filter(round=sheet.round_id, above=sheet.unit_id, part=sheet.part)
    return rows.select_related("unit", "written_by").order_by("unit__code")


def sums_up(sheet: Sheet) -> bool:
    """Whether the sheet is a summary: there are sheets under it."""
    return below(sheet).exists()


def sheets_for(user: Person, *, round: Round | None = None) -> QuerySet[Sheet]:
    """The sheets that it is the person's turn to write in, by post or as a deputy. The round's when one is given."""
    return _with_task(listing.open_for(user), round)


def to_attest_for(user: Person, *, round: Round | None = None) -> QuerySet[Sheet]:
    """The sheets that are marked ready and that the person's role approves."""
    return _with_task(listing.to_attest_for(user), round)


def _with_task(held: QuerySet[Task], made: Round | None) -> QuerySet[Sheet]:
    theirs = held.filter(subject_kind=Sheet.record_kind(), subject_id=OuterRef("pk")).order_by()
    rows = Sheet.objects.filter(Exists(theirs), round__closed_at=None)
    if made is not None:
        rows = rows.filter(round=made)
    rows = rows.select_related("unit", "above", "committee", "round__occasion", "written_by")
    return rows.order_by("round__occasion__cut_off", "unit__code", "part")


@dataclass(frozen=True)
class Rights:
    """What somebody may do with a sheet now."""

    write: bool
    attest: bool
    reopen: bool


def rights(sheet: Sheet, user: Person, task: Task | None = None) -> Rights:
    """What the person may do with the sheet now. Four queries at most."""
    task = task or task_of(sheet)
    if task is None or sheet.round.closed_at is not None:
        return Rights(False, False, False)
    write = task.state in TURN and listing.open_for(user).filter(pk=task.pk).exists()
    to_attest = task.state == Task.State.READY and listing.to_attest_for(user).filter(pk=task.pk).exists()
    return Rights(
        write,
        to_attest and task.ready_by_id != user.pk and not has_written(sheet, user),
        task.state == Task.State.DONE and bool(task.attest_role) and task.closed_by_id == user.pk,
    )


def has_written(sheet: Sheet, person: Person) -> bool:
    """Whether the person has written any of the sheet, now or earlier, as the holder of the post or as a deputy."""
    if sheet.written_by_id == person.pk:
        return True
    from django.apps import apps  # noqa: PLC0415

    earlier = apps.get_model("followup", "SheetEvent")
    found: bool = earlier._default_manager.filter(pgh_obj=sheet.pk, written_by=person.pk).exists()
    return found


# --- written ---------------------------------------------------------------------------------------------------------


@transaction.atomic
def save_line(
    line: Line,
    by: Person,
    *,
    expected_revision: int,
    comment: str = "",
    outlook: str = "",
    measures_taken: str = "",
    status: str = "",
    override_reason: str = "",
    skipped: bool = False,
) -> Line:
    """Save what a sheet says of one subject. ``status`` is a code of ``scale_of(sheet)``; ``skipped``: it does not
    concern the unit.

    Raises NotAllowedError; SheetFault at each field, or as a whole when it is not the person's turn;
    StaleRecordError when somebody else has saved since, with what they wrote.
    """
    sheet = _to_write(line.sheet_id, by)
    proposed = line.proposed_status
    errors: dict[str, str] = {}
    if skipped:
        status = override_reason = ""
    if status and status not in {step.code for step in scale_of(sheet)}:
        errors["status"] = (
            "Bedömningen finns inte på skalan för det här tillfället. Välj en av dem som visas."
        )
    if needs_reason(status, proposed) and not override_reason.strip():
        errors["override_reason"] = "Bedömningen avviker från förslaget. Skriv varför."
    if errors:
        raise SheetFault(errors)
    saved = line.save_over(
        expected_revision,
        comment=comment.strip(),
        outlook=outlook.strip(),
        measures_taken=measures_taken.strip(),
        status=status,
        override_reason=override_reason.strip() if status and status != proposed else "",
        skipped=skipped,
    )
    _written(sheet, by)
    access.record(by, "sheet.line_saved", sheet, about=f"{line.subject_kind}:{line.subject_id}")
    return saved


@transaction.atomic
def save_summary(sheet: Sheet, by: Person, text: str, expected_revision: int) -> Sheet:
    """Save what the sheet tells upward. Raises NotAllowedError; SheetFault; StaleRecordError."""
    _to_write(sheet.pk, by)
    saved = sheet.save_over(expected_revision, summary=text.strip())
    _written(saved, by)
    access.record(by, "sheet.summary_saved", saved)
    return saved


def _to_write(pk: int, by: Person) -> Sheet:
    """The sheet, when it is the person's turn to write in it.

    Whose turn it is stands in the sheet's task, which is held to the end of the deed: what is written is there when
    the sheet is marked ready, approved or closed, or it is refused."""
    held = tasks_about([pk]).select_for_update(of=("self",)).order_by("pk")
    list(held.values_list("pk"))
    sheet = Sheet.objects.select_related("unit", "round__occasion", "committee").get(pk=pk)
    access.require(by, Action.COMMENT, sheet)
    _require_open(sheet)
    task = task_of(sheet)
    if task is None or task.state not in TURN:
        raise SheetFault("Uppföljningen är klarmarkerad. Be den som godkänner att lämna tillbaka den.")
    if not listing.open_for(by).filter(pk=task.pk).exists():
        raise NotAllowedError(
            "Uppföljningen är inte din. Den som har uppdraget, eller en ersättare, fyller i den."
        )
    return sheet


def _require_open(sheet: Sheet) -> None:
    if sheet.round.closed_at is not None:
        raise SheetFault("Omgången är stängd. Det som är skrivet ingår i rapporten.")


def _written(sheet: Sheet, by: Person) -> None:
    """Note who wrote last. No revision: nobody edits this."""
    sheet.written_by, sheet.written_at = by, timezone.now()
    Sheet.objects.filter(pk=sheet.pk).update(written_by=by, written_at=sheet.written_at)


# --- from hand to hand -----------------------------------------------------------------------------------------------


def missing(sheet: Sheet) -> list[str]:
    """What is to be written before the sheet can be marked ready, in Swedish, one sentence each."""
    part = part_of(sheet)
    graded = bool(scale_of(sheet))
    answers = [
        Answer(one.title, bool(one.comment.strip()), bool(one.status), one.skipped)
        for one in sheet.lines.all()
    ]
    summing = sums_up(sheet)
    found = missing_of(answers, graded=graded, summary=bool(sheet.summary.strip()), sums_up=summing)
    if not summing:
        found += part.more_missing(sheet.unit, sheet.round.occasion)
    return found


def mark_ready(sheet: Sheet, by: Person, *, expected_revision: int | None = None) -> Task:
    """Mark a sheet as ready: whoever approves it is told. Twice is no fault.

    ``expected_revision`` is the task's. Raises NotAllowedError; MissingFault with what is to be written first;
    SheetFault; ValidationError when the task was changed meanwhile."""
    return tasks.mark_ready(_task(sheet), by, expected_revision=expected_revision)


def attest(sheet: Sheet, by: Person, *, expected_revision: int | None = None) -> Task:
    """Approve a sheet that is marked ready. Never one's own, nor what one has written as a deputy.

    Raises NotAllowedError; SheetFault; ValidationError when it is not marked ready."""
    return tasks.approve(_task(sheet), by, expected_revision=expected_revision)


def return_sheet(sheet: Sheet, by: Person, comment: str, *, expected_revision: int | None = None) -> Task:
    """Give a sheet back with what is missing. Raises NotAllowedError; ValidationError at ``note`` without a comment."""
    return tasks.return_task(_task(sheet), by, comment, expected_revision=expected_revision)


def reopen(sheet: Sheet, by: Person, reason: str, *, expected_revision: int | None = None) -> Task:
    """Open a sheet again that one has approved oneself. Raises NotAllowedError; SheetFault; ValidationError."""
    return tasks.reopen(_task(sheet), by, reason, expected_revision=expected_revision)


def _task(sheet: Sheet) -> Task:
    _require_open(sheet)
    task = task_of(sheet)
    if task is None:
        raise SheetFault("Uppföljningen har ingen uppgift. Öppna omgången igen, så får den en.")
    return task


def check_ready(task: Task, by: Person) -> None:
    """What the tasks' room asks before a sheet is marked ready, from whichever page. Raises SheetFault."""
    sheet = _sheet_of(task)
    found = missing(sheet)
    if found:
        raise MissingFault(found)


def check_attest(task: Task, by: Person) -> None:
    """What the tasks' room asks before a sheet is approved. Raises NotAllowedError, SheetFault."""
    sheet = _sheet_of(task)
    if has_written(sheet, by):
        raise NotAllowedError(
            "Du har själv skrivit i uppföljningen. Be någon annan med samma roll att godkänna den."
        )


def _sheet_of(task: Task) -> Sheet:
    rows = Sheet.objects.select_related("unit", "above", "round__occasion", "committee")
    sheet = rows.filter(pk=task.subject_id).first()
    if sheet is None:
        raise SheetFault("Uppföljningen finns inte längre.")
    _require_open(sheet)
    return sheet


__all__ = [
    "Rights", "attest", "below", "check_attest", "check_ready", "has_written", "mark_ready", "missing", "part_of",
    "progress", "reopen", "return_sheet", "rights", "save_line", "save_summary", "scale_of", "sheets_for",
    "sums_up", "task_of", "to_attest_for",
]  # fmt: skip
