"""The kinds of task of the year: a date of the calendar, and a plan that is to be decided."""

from __future__ import annotations

from datetime import timedelta

from roder import tasks
from roder.followup.services import calendar, plans

_DAY = timedelta(days=1)

#: Reminded before; afterwards whoever has it hears that it is late, and then those above.
tasks.kind(calendar.TASK, label="Datum i årshjulet", by_hand=True, remind=(14 * _DAY, 3 * _DAY))
#: Each person is told once by the service, however many units they lead.
tasks.kind(plans.TASK, label="Besluta handlingsplanen", remind=(14 * _DAY, 3 * _DAY), tells=False)
tasks.place("followup.actionplan", lambda plan: ("followup:plan", [plan.unit.code]), also=("unit",))
tasks.place("steering.activity", lambda one: ("followup:activity", [one.pk]))
