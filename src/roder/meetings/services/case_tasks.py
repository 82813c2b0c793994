"""What must be done in a case, as tasks: prepare it, answer it by its day."""

from __future__ import annotations

from roder import tasks
from roder.meetings.models import Case
from roder.meetings.rules import cases as rules
from roder.organisation.models import Person

ANSWER = "meetings.case_answer"
PREPARE = "meetings.case_prepare"


def follow_up(case: Case, by: Person | None) -> None:
    """Open, move, hand over or close the tasks that follow from how the case stands now."""
    live = case.phase != Case.Phase.CLOSED and case.course != Case.Course.WITHDRAWN
    owner = tasks.Owner("secretary", committee=case.committee, person=case.responsible)
    if case.answered_on is not None:
        tasks.complete(ANSWER, case, by)
    elif live and case.answer_by is not None:
        what = f"Besvara ärende {case.number}"
        tasks.open_task(ANSWER, case, owner=owner, due=case.answer_by, what=what, by=by)
        tasks.reschedule(ANSWER, case, case.answer_by, by=by)
        tasks.hand_over(ANSWER, case, owner, by=by)
    else:
        tasks.cancel(ANSWER, case, _why(case, "Svaret behövs inte längre."), by=by)
    if rules.place(case.phase) > rules.place("registered") and case.phase != Case.Phase.CLOSED:
        tasks.complete(PREPARE, case, by)
    elif live and case.responsible is not None:
        tasks.open_task(PREPARE, case, owner=owner, what=f"Bered ärende {case.number}", by=by)
        tasks.hand_over(PREPARE, case, owner, by=by)
    else:
        tasks.cancel(PREPARE, case, _why(case, "Ärendet har ingen handläggare."), by=by)


def _why(case: Case, otherwise: str) -> str:
    if case.phase == Case.Phase.CLOSED:
        return "Ärendet är avslutat."
    return "Ärendet är återkallat." if case.course == Case.Course.WITHDRAWN else otherwise
