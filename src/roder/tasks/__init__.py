"""Everything somebody must do, the actions that follow from findings, and what people are told.

A room declares its kinds in ``<room>/tasks.py`` and opens and closes tasks from its services::

    # quality/tasks.py
    ASSESSMENT = tasks.kind("quality.assessment", label="Bedöm händelsen", remind=(timedelta(minutes=30),))

    # quality/services
    tasks.open_task("quality.assessment", deviation, owner=tasks.Owner("licensed", unit=deviation.unit), due=moment,
                    what=f"Bedöm avvikelse {deviation.number} inom två timmar")
    tasks.complete("quality.assessment", deviation, by)

Nobody writes to the table by hand.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from roder.tasks.actions import action_done as action_done
    from roder.tasks.actions import actions_of as actions_of
    from roder.tasks.actions import add_action as add_action
    from roder.tasks.actions import drop_action as drop_action
    from roder.tasks.actions import state_effect as state_effect
    from roder.tasks.attest import approve as approve
    from roder.tasks.attest import give_back as give_back
    from roder.tasks.attest import mark_ready as mark_ready
    from roder.tasks.attest import reopen as reopen
    from roder.tasks.attest import return_task as return_task
    from roder.tasks.clockwork import strike_gone as strike_gone
    from roder.tasks.kinds import LINE as LINE
    from roder.tasks.kinds import actions_changed_by as actions_changed_by
    from roder.tasks.kinds import kind as kind
    from roder.tasks.kinds import place as place
    from roder.tasks.kinds import use_meetings as use_meetings
    from roder.tasks.listing import clock_lines as clock_lines
    from roder.tasks.listing import count_for as count_for
    from roder.tasks.listing import counting as counting
    from roder.tasks.listing import lines as lines
    from roder.tasks.listing import of as of
    from roder.tasks.listing import open_for as open_for
    from roder.tasks.listing import to_attest_for as to_attest_for
    from roder.tasks.many import Opening as Opening
    from roder.tasks.many import open_many as open_many
    from roder.tasks.models import Action as Action
    from roder.tasks.models import Notice as Notice
    from roder.tasks.models import Task as Task
    from roder.tasks.notices import Message as Message
    from roder.tasks.notices import notify as notify
    from roder.tasks.notices import notify_each as notify_each
    from roder.tasks.notices import untell as untell
    from roder.tasks.owners import Owner as Owner
    from roder.tasks.owners import people_of as people_of
    from roder.tasks.rules import AtMeetings as AtMeetings
    from roder.tasks.rules import Due as Due
    from roder.tasks.rules import DueRule as DueRule
    from roder.tasks.rules import EveryMeeting as EveryMeeting
    from roder.tasks.rules import EveryQuarter as EveryQuarter
    from roder.tasks.rules import FirstMeeting as FirstMeeting
    from roder.tasks.rules import InMonths as InMonths
    from roder.tasks.rules import OnDay as OnDay
    from roder.tasks.rules import Within as Within
    from roder.tasks.services import Condition as Condition
    from roder.tasks.services import as_due as as_due
    from roder.tasks.services import cancel as cancel
    from roder.tasks.services import cancel_all as cancel_all
    from roder.tasks.services import complete as complete
    from roder.tasks.services import confirm as confirm
    from roder.tasks.services import hand_over as hand_over
    from roder.tasks.services import open_task as open_task
    from roder.tasks.services import pause as pause
    from roder.tasks.services import reached as reached
    from roder.tasks.services import reschedule as reschedule
    from roder.tasks.services import resume as resume

_HOMES = {
    "actions": ("action_done", "actions_of", "add_action", "drop_action", "state_effect"),
    "attest": ("approve", "give_back", "mark_ready", "reopen", "return_task"),
    "clockwork": ("strike_gone",),
    "kinds": ("LINE", "actions_changed_by", "kind", "place", "use_meetings"),
    "listing": ("clock_lines", "count_for", "counting", "lines", "of", "open_for", "to_attest_for"),
    "many": ("Opening", "open_many"),
    "models": ("Action", "Notice", "Task"),
    "notices": ("Message", "notify", "notify_each", "untell"),
    "owners": ("Owner", "people_of"),
    "rules": (
        "AtMeetings", "Due", "DueRule", "EveryMeeting", "EveryQuarter", "FirstMeeting", "InMonths", "OnDay", "Within",
    ),
    "services": (
        "Condition", "as_due", "cancel", "cancel_all", "complete", "confirm", "hand_over", "open_task", "pause",
        "reached", "reschedule", "resume",
    ),
}  # fmt: skip
_HOME_OF = {name: home for home, names in _HOMES.items() for name in names}


def __getattr__(name: str) -> Any:
    """Load the parts on first use: Django imports this package before its models may be imported."""
    if name not in _HOME_OF:
        raise AttributeError(name)
    from importlib import import_module  # noqa: PLC0415

    return getattr(import_module(f"roder.tasks.{_HOME_OF[name]}"), name)
