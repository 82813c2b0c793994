"""What the addresses of tasks are opened with: a task, an action, a notice and a deputy of the controller's."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django.db.backends.postgresql.psycopg_any import DateRange

from roder import tasks
from roder.organisation.models import Body, Deputy, Person
from roder.steering.models import Occasion

#: pages outside the committees
COMMON = {
    "health", "tasks:mine", "tasks:late", "tasks:task", "tasks:ready", "tasks:approve", "tasks:give-back",
    "tasks:confirm", "tasks:action", "tasks:action-done", "tasks:action-effect", "tasks:action-drop", "tasks:notices",
    "tasks:notice", "tasks:deputies", "tasks:deputy-end", "tasks:calendar", "tasks:feed",
}  # fmt: skip


def samples(body: Body, controller: Person, colleague: Person) -> dict[str, list[Any]]:
    """Make them."""
    occasion = Occasion.objects.filter(committee=body).order_by("pk")[0]
    owner = tasks.Owner("controller", committee=body)
    task = tasks.open_task("steering.phase", occasion, owner=owner, key="prov", what="Lämna underlag")
    action = tasks.add_action(occasion, None, finding="Sent", what="Börja tidigare", owner=owner, due=None)
    [notice] = tasks.notify(controller, "Hej")
    today = date.today()
    deputy = Deputy.objects.create(
        person=controller,
        stand_in=colleague,
        valid=DateRange(today - timedelta(days=9), today - timedelta(days=1)),
    )
    return {
        "health": [], "tasks:mine": [], "tasks:late": [], "tasks:task": [task.pk], "tasks:ready": [task.pk],
        "tasks:approve": [task.pk], "tasks:give-back": [task.pk], "tasks:confirm": [task.pk],
        "tasks:action": [action.pk], "tasks:action-done": [action.pk], "tasks:action-effect": [action.pk],
        "tasks:action-drop": [action.pk], "tasks:notices": [], "tasks:notice": [notice.pk], "tasks:deputies": [],
        "tasks:deputy-end": [deputy.pk], "tasks:calendar": [], "tasks:feed": ["fel-adress"],
    }  # fmt: skip
