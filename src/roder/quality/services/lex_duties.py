"""What lex Sarah and lex Maria cases ask of people: the tasks that each deed opens and completes."""

from __future__ import annotations

from roder import tasks
from roder.organisation.models import Person
from roder.quality.models import LexMariaCase, LexSarahCase, LexSarahDecision
from roder.quality.rules.lex import CONSEQUENCES
from roder.quality.services.terms import deadline

INVESTIGATE, DECIDE = "quality.lex_sarah_investigate", "quality.lex_sarah_decide"
NOTIFY, TAKEN_OVER = "quality.lex_sarah_notify", "quality.lex_sarah_taken_over"
MARIA = "quality.lex_maria_notify"


def reported(case: LexSarahCase, by: Person) -> None:
    """The SAS is to investigate, at once: there is no day in the law to wait for."""
    owner = tasks.Owner("sas", committee=case.committee)
    tasks.open_task(INVESTIGATE, case, owner=owner, what=f"Utred lex Sarah {case.number}", by=by)


def investigated(case: LexSarahCase, by: Person) -> None:
    """The SAS is to decide."""
    tasks.complete(INVESTIGATE, case, by)
    owner = tasks.Owner("sas", committee=case.committee)
    tasks.open_task(DECIDE, case, owner=owner, what=f"Besluta i lex Sarah {case.number}", by=by)


def taken_up_again(case: LexSarahCase, by: Person) -> None:
    """A finished investigation was opened again: there is nothing to decide yet."""
    tasks.cancel(DECIDE, case, "Utredningen är upptagen igen.", by=by)
    reported(case, by)


def decided(case: LexSarahCase, decision: LexSarahDecision, by: Person) -> None:
    """IVO is to be told of a serious case without delay; what is not lex Sarah's goes to whom it concerns."""
    tasks.complete(INVESTIGATE, case, by)
    tasks.complete(DECIDE, case, by)
    consequence = CONSEQUENCES[decision.outcome]
    if consequence.to_inspectorate:
        tasks.open_task(
            NOTIFY,
            case,
            owner=tasks.Owner("sas", committee=case.committee),
            due=deadline(case.committee, "lex_sarah_anmalan", decision.decided_on),
            what=f"Anmäl lex Sarah {case.number} till IVO",
            by=by,
        )
    if consequence.handed_to:
        unit = case.unit if consequence.handed_to == "unit_manager" else None
        role = consequence.handed_to if unit is not None or consequence.handed_to != "unit_manager" else "sas"
        tasks.open_task(
            TAKEN_OVER,
            case,
            owner=tasks.Owner(role, unit=unit, committee=case.committee),
            what=f"Ta över från lex Sarah {case.number}: {decision.get_outcome_display()}",
            by=by,
        )


def notified(case: LexSarahCase, by: Person) -> None:
    """The notice is done."""
    tasks.complete(NOTIFY, case, by)
    tasks.reached(case)


def closed(case: LexSarahCase, by: Person) -> None:
    """Nothing more is asked of the SAS; whoever took something over keeps it."""
    tasks.reached(case)


def maria_opened(case: LexMariaCase, by: Person) -> None:
    """The MAS is to notify, or decide not to, in time."""
    tasks.open_task(
        MARIA,
        case,
        owner=tasks.Owner("mas", committee=case.committee),
        due=case.due_on,
        what=f"Ta ställning till anmälan i lex Maria {case.number}",
        by=by,
    )


def maria_moved(case: LexMariaCase, by: Person) -> None:
    """The day to notify at the latest has become another."""
    tasks.reschedule(MARIA, case, case.due_on, by=by)


def maria_decided(case: LexMariaCase, by: Person) -> None:
    """The notice is done or not to be."""
    tasks.complete(MARIA, case, by)
    tasks.reached(case)


def maria_closed(case: LexMariaCase, by: Person) -> None:
    """Nothing more is asked."""
    tasks.reached(case)
