"""The kinds of task of the deviations' flow: one for each step, with who is reminded when."""

from __future__ import annotations

from datetime import timedelta

from roder import tasks
from roder.quality import (
    tasks_cases,  # noqa: F401 - declares the kinds of lex Sarah, complaints and providers
    tasks_selfchecks,  # noqa: F401 - declares the kind of self-checks
)
from roder.quality.rules.deviations import FLOW, Code
from roder.quality.services.moves import may_change

#: How long before the time is out the owner is reminded.
_REMIND = {
    Code.ASSESSMENT: (timedelta(minutes=30),),
    Code.FACTS: (timedelta(hours=4),),
    Code.INVESTIGATION: (timedelta(hours=24),),
    Code.DEEP_ANALYSIS: (timedelta(days=5),),
    Code.DECISION: (timedelta(days=5),),
    Code.FOLLOW_UP: (timedelta(days=7),),
    Code.PROFESSION_FOLLOW_UP: (timedelta(days=7),),
}
#: Who hears, and how long after, where nobody has done it. A missed assessment cannot wait for the line.
_ESCALATE = {
    Code.ASSESSMENT: ((timedelta(0), "unit_manager"), (timedelta(hours=2), "mas")),
    Code.PROFESSION_CLASSIFICATION: ((timedelta(days=3), "mas"),),
    Code.PROFESSION_FOLLOW_UP: ((timedelta(days=7), "mas"),),
    Code.DEEP_ANALYSIS: ((timedelta(days=7), "head_administration"),),
    Code.DECISION: ((timedelta(days=3), "head_administration"),),
}
#: Steps whose owner is told when they can be done; the others have just heard of the case or have it before them.
_TOLD = {Code.ASSESSMENT, Code.DEEP_ANALYSIS, Code.PROFESSION_FOLLOW_UP}

for _rule in FLOW:
    tasks.kind(
        f"quality.{_rule.code}",
        label=_rule.deed,
        url=lambda task: ("quality:deviation", [task.subject_id]),
        remind=_REMIND.get(_rule.code, ()),
        escalate=_ESCALATE.get(_rule.code, tasks.LINE),
        tells=_rule.code in _TOLD,
        clock=True,
    )

tasks.place("quality.deviation", lambda one: ("quality:deviation", [one.pk]))
tasks.actions_changed_by("quality.deviation", may_change)
