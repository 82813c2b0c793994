"""A balance list for a world: watches with what was due and reported, one by one or drawn from a seed."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from random import Random
from typing import Any

from roder.meetings.models import Rhythm, Watch
from roder.tasks.models import Task
from roder.tasks.rules import by_day
from tests.figures.world import World


def watch(
    world: World, opened: date, forms: str = "MI", closed: date | None = None, state: str = "", **more: Any
) -> Watch:
    """A watch from a day, with a rhythm for each of ``forms`` (``B MI``; empty: not said how)."""
    made = Watch.objects.create(
        committee=world.committee, title="Uppdrag", opened_on=opened, closed_on=closed,
        closed_why="Klart." if closed else "", state=state or ("done" if closed else "open"), **more,
    )  # fmt: skip
    for kind in forms.split() or [""]:
        Rhythm.objects.create(watch=made, kind=kind, printed="Varje nämnd", since=opened)
    return made


def time(of: Watch, due: date, done: date | None = None, **more: Any) -> Task:
    """A time that a watch was to be reported, and when it was."""
    closed = datetime(done.year, done.month, done.day, 12, tzinfo=UTC) if done else None
    key = str(of.rhythms.values_list("pk", flat=True)[0])
    values = {"state": "done" if done else "open", **more}
    task = Task(
        kind="meetings.watch", key=key, what="Återrapportera", committee=of.committee, role="secretary",
        due_at=by_day(due).at, whole_day=True, closed_at=closed, opened_at=datetime(2022, 1, 1, tzinfo=UTC), **values,
    )  # fmt: skip
    task.subject = of
    task.save()
    return task


def waits(of: Watch) -> None:
    """The watch waits for something that has not come."""
    of.rhythms.update(condition={"text": "När det är klart"})
    task = time(of, date(2022, 1, 1), state="waiting")
    Task.objects.filter(pk=task.pk).update(due_at=None)


def generated_watches(world: World, random: Random) -> None:
    """Watches of every kind with holes in them."""
    for number in range(12):
        opened = date(2022, random.randint(1, 5), random.randint(1, 28))
        closed = opened + timedelta(days=random.randint(0, 90)) if number % 3 == 0 else None
        more = {
            "decided_on": [opened - timedelta(days=random.randint(0, 900))] if random.random() < 0.5 else []
        }
        one = watch(world, opened, random.choice(("B", "MI", "B MI", "")), closed, **more)
        if number % 4 == 1:
            waits(one)
            continue
        due = opened + timedelta(days=random.randint(0, 80))
        for _ in range(random.randint(0, 3)):
            time(one, due, due + timedelta(days=random.randint(-9, 20)))
            due += timedelta(days=30)
        if random.random() < 0.7 or number == 2:
            time(one, date(2022, 2, 1) if number == 2 else due)
