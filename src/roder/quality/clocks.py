"""The steps of a case with their clocks: done or not, by whom, late or how long is left."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from roder.quality.models import Step
from roder.quality.rules import deviations as rules
from roder.tasks.rules import Due, is_late, lateness

SOON = timedelta(hours=4)


@dataclass(frozen=True)
class Clock:
    """A step as people see it. ``tone``: good (done in time), near (soon due, or done late), bad (late), none (there
    is time)."""

    step: Step
    label: str
    whose: str
    tone: str
    words: str
    waits_for: str
    optional: bool
    due: Due | None = None

    @property
    def late(self) -> bool:
        """Whether it is not done and its time is out."""
        return self.tone == "bad"


def clocks(steps: Iterable[Step], case: rules.Case, now: datetime) -> list[Clock]:
    """The steps of a case in the order of the flow."""
    held = {one.code: one for one in steps}
    return [_clock(held[rule.code], rule, case, now) for rule in rules.steps(case) if rule.code in held]


def _clock(step: Step, rule: rules.StepRule, case: rules.Case, now: datetime) -> Clock:
    waiting = ", ".join(one.label.lower() for one in rules.waits_for(rule.code, case))
    due = rules.as_due(step.due_at) if step.due_at else None
    if step.done_at is not None:
        late = due is not None and is_late(due, step.done_at)
        tone, words = ("near", "Klart, för sent") if late else ("good", "Klart")
    elif not case.open:
        tone, words = "none", "Gjordes inte"
    elif due is not None and is_late(due, now):
        tone, words = "bad", f"Försenat: {lateness(due, now)}"
    elif due is None:
        tone, words = "none", "Frivilligt" if rule.optional else "Väntar"
    else:
        tone, words = ("near" if not waiting and due.at - now < SOON else "none"), lateness(due, now)
    whose = rules.words_of(rules.doers(rule.code, case))
    return Clock(step, rule.label, whose, tone, words, waiting, rule.optional, due)
