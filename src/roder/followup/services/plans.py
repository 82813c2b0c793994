"""What people do with action plans: ask for them, begin, fill with activities, decide, follow up.

A plan is a unit's for a year; its activities are those of the unit and the year, so what was read in from a file stands
in the plan at once.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from copy import copy
from datetime import date, timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.backends.postgresql.psycopg_any import DateRange
from django.db.models import QuerySet
from django.utils import timezone

from roder import access, tasks
from roder.access import Action, NotAllowedError, Resource
from roder.core.faults import constraint_of
from roder.core.models import Record
from roder.core.persons import LONGEST_REASON, checked_text
from roder.followup.models import ActionPlan
from roder.followup.rules import plans as rules
from roder.followup.rules.wheel import month_days, when
from roder.followup.services.telling import loads
from roder.organisation.models import Body, Person, Unit
from roder.steering.models import Activity, Goal, SteeringModelVersion
from roder.steering.phases import EACH
from roder.steering.services import goals_of, parsed
from roder.tasks.many import Opening, open_many
from roder.tasks.models import Task

TASK = "followup.plan"
#: Who decides the plan of each kind of unit, and so has the task.
DECIDES = {kind: role for role, kind in EACH.items()} | {Unit.Kind.ADMINISTRATION: "head_administration"}
#: The beginning of the code of the calendar's entry that says when plans are to be ready.
CALENDAR_CODE = "handlingsplan"
#: What a plan that is begun late gets at least.
SHORTEST = timedelta(days=14)
#: Fields of an activity that people write when they plan it.
PLANNED = ("goal", "what", "why", "who", "quarter", "followed_how")


def may_plan(by: Person, committee: Body) -> QuerySet[Unit]:
    """The units whose plan somebody may make and change: their own, and those under them."""
    return access.units_where(by, Action.EDIT, Resource.ACTION_PLANS, committee.pk)


def _require(by: Person | None, unit: Unit) -> None:
    if by is not None and not may_plan(by, unit.committee).filter(pk=unit.pk).exists():
        raise NotAllowedError("Dina mandat ger inte rätt att ändra enhetens handlingsplan.")


def expected(committee: Body, year: int) -> QuerySet[Unit]:
    """The units that are to have a plan for a year: the administration itself and every unit of its own that exists
    some time during the year."""
    time = DateRange(date(year, 1, 1), date(year + 1, 1, 1))
    rows = Unit.objects.filter(
        committee=committee,
        kind__in=[Unit.Kind.ADMINISTRATION, Unit.Kind.UNIT],
        external=False,
        placements__valid__overlap=time,
    )
    return rows.distinct().order_by("name")


def activities_of(unit: Unit, year: int) -> QuerySet[Activity]:
    """The activities of a unit's plan, by goal and quarter. The caller asks for the right to see them."""
    return (
        Activity.objects.filter(unit=unit, year=year)
        .select_related("goal")
        .order_by("goal__level", "goal__position", "goal_id", "quarter", "pk")
    )


def work(activity: Activity) -> rules.Work:
    """What counts of an activity."""
    return rules.Work(activity.year, activity.quarter, activity.progress, activity.done_on)


# --- the plan --------------------------------------------------------------------------------------------------------


def decide_by(committee: Body, year: int) -> date:
    """The day by which the year's plans are decided: what the steering model's calendar says, else the last of
    February."""
    entry = _entry(committee, year)
    if entry is None:
        return rules.decide_by(year)
    if entry.date is not None:
        return entry.end or entry.date
    return month_days(year, entry.months[0])[1]


def _entry(committee: Body, year: int) -> Any:
    version = (
        SteeringModelVersion.objects.filter(committee=committee, year=year)
        .defer("source", "content")
        .order_by("-version")
        .first()
    )
    if version is None:
        return None
    return next((one for one in parsed(version).calendar if one.code.startswith(CALENDAR_CODE)), None)


@transaction.atomic
def begin(
    unit: Unit, year: int, by: Person | None, introduction: str = "", *, today: date | None = None
) -> ActionPlan:
    """Begin a unit's plan for a year; whoever decides it gets a task. Raises NotAllowedError; ValidationError when
    there is one already."""
    _require(by, unit)
    plan = ActionPlan(committee=unit.committee, unit=unit, year=year, introduction=introduction.strip())
    plan.full_clean()
    try:
        with transaction.atomic():
            plan.save(force_insert=True)
    except IntegrityError as error:
        if constraint_of(error) != "action_plan_once_a_year":
            raise
        raise ValidationError("Enheten har redan en handlingsplan för året.") from error
    access.record(by, "action_plan.begun", plan, year=year)
    _open([plan], decide_by(unit.committee, year), by, today or timezone.localdate())
    return plan


def _open(plans: Iterable[ActionPlan], due: date, by: Person | None, today: date) -> int:
    """Open the tasks to decide plans, and tell each person once, however many plans they have. Gives how many."""
    latest = max(due, today + SHORTEST)
    wanted = [
        Opening(
            TASK,
            plan,
            tasks.Owner(DECIDES[Unit.Kind(plan.unit.kind)], unit=plan.unit),
            due=latest,
            what=f"Besluta handlingsplanen {plan.year} för {plan.unit}"[:300],
        )
        for plan in plans
    ]
    opened = open_many(wanted, by=by)
    if opened:
        _tell(opened, wanted[0].subject, latest, today)
    return len(opened)


@transaction.atomic
def attend(plans: Iterable[ActionPlan], by: Person | None, *, today: date | None = None) -> int:
    """Make tasks be as plans that came in another way stand: a draft for this year or a later one is to be decided, a
    decided plan is. Gives how many tasks were opened. The caller has asked for the right."""
    now = today or timezone.localdate()
    drafts: dict[tuple[Body, int], list[ActionPlan]] = {}
    for plan in plans:
        if plan.state == ActionPlan.State.DECIDED:
            tasks.complete(TASK, plan, by)
        elif plan.year >= now.year:
            drafts.setdefault((plan.committee, plan.year), []).append(plan)
    return sum(
        _open(found, decide_by(committee, year), by, now) for (committee, year), found in drafts.items()
    )


def _tell(opened: Sequence[Task], about: Record, due: date, today: date) -> None:
    """One notice to each person: which plan, or how many, by when."""
    found = loads(opened, today)
    people = Person.objects.in_bulk(found)
    last = f"Senast {when(due, due)}."
    messages = []
    for pk, load in found.items():
        title = (
            f"Besluta handlingsplanen för {next(iter(load.units))}"
            if load.count == 1
            else f"Besluta {load.count} handlingsplaner"
        )
        body = f"{last} Skriv vad enheten ska göra för att nå målen, och besluta sedan planen."
        messages.append(tasks.Message(people[pk], title, body))
    tasks.notify_each(messages, about)


@transaction.atomic
def ask(committee: Body, year: int, by: Person | None, *, today: date | None = None) -> int:
    """Ask every unit that has none for its plan of a year: a draft is begun and whoever decides it gets a task. Can be
    run again. Gives how many were asked. Raises NotAllowedError for somebody who may not plan for the whole committee.
    """
    wanted = list(expected(committee, year).select_related("committee"))
    if by is not None and may_plan(by, committee).filter(pk__in=[one.pk for one in wanted]).count() < len(
        wanted
    ):
        raise NotAllowedError("Dina mandat ger inte rätt att be alla enheter om handlingsplaner.")
    made = _begun(committee, year, wanted)
    if made:
        access.record(by, "action_plan.asked_for", committee, year=year, units=len(made))
        _open(made, decide_by(committee, year), by, today or timezone.localdate())
    return len(made)


def _begun(committee: Body, year: int, wanted: Collection[Unit]) -> list[ActionPlan]:
    """New drafts for the units that have no plan of the year. Those that somebody else begins in the same moment are
    theirs: the insert waits for them, and the second reading sees them."""
    while True:
        there = set(
            ActionPlan.objects.filter(committee=committee, year=year).values_list("unit_id", flat=True)
        )
        missing = [
            ActionPlan(committee=committee, unit=one, year=year) for one in wanted if one.pk not in there
        ]
        try:
            with transaction.atomic():
                return ActionPlan.objects.bulk_create(missing)
        except IntegrityError as error:
            if constraint_of(error) != "action_plan_once_a_year":
                raise


def open_due(today: date | None = None) -> int:
    """Ask for the year's plans where it is time: from New Year until they are to be decided, in committees whose
    calendar has them or which had plans the year before. For the night. Gives how many units were asked."""
    day = today or timezone.localdate()
    count = 0
    for committee in Body.objects.filter(kind=Body.Kind.COMMITTEE).order_by("pk"):
        had = ActionPlan.objects.filter(committee=committee, year=day.year - 1).exists()
        if (had or _entry(committee, day.year)) and day <= decide_by(committee, day.year):
            count += ask(committee, day.year, None, today=day)
    return count


@transaction.atomic
def change(plan: ActionPlan, by: Person, introduction: str, expected_revision: int) -> ActionPlan:
    """Change the plan's introduction. Raises NotAllowedError; ValidationError at the field; StaleRecordError."""
    access.require(by, Action.EDIT, plan)
    plan.save_over(expected_revision, introduction=introduction.strip())
    access.record(by, "action_plan.changed", plan)
    return plan


@transaction.atomic
def decide(
    plan: ActionPlan,
    by: Person,
    expected_revision: int,
    day: date | None = None,
    *,
    today: date | None = None,
) -> ActionPlan:
    """Decide a plan. Raises NotAllowedError; ValidationError for a plan without activities, one that is decided, or a
    day to come; StaleRecordError."""
    access.require(by, Action.EDIT, plan)
    now = today or timezone.localdate()
    decided_on = day or now
    if plan.state == ActionPlan.State.DECIDED:
        raise ValidationError("Planen är redan beslutad.")
    if decided_on > now:
        raise ValidationError({"decided_on": "Dagen har inte varit än. Skriv vilken dag planen beslutades."})
    if not activities_of(plan.unit, plan.year).exists():
        raise ValidationError("Planen har ingen aktivitet än. Lägg till minst en innan den beslutas.")
    plan.save_over(expected_revision, state=ActionPlan.State.DECIDED, decided_on=decided_on, decided_by=by)
    tasks.complete(TASK, plan, by)
    access.record(by, "action_plan.decided", plan, day=decided_on.isoformat())
    return plan


@transaction.atomic
def reopen(
    plan: ActionPlan, by: Person, reason: str, expected_revision: int, *, today: date | None = None
) -> ActionPlan:
    """Make a decided plan a draft again, with the reason; it is to be decided anew. Raises NotAllowedError;
    ValidationError without a reason, with one that cannot be kept, or for a draft; StaleRecordError."""
    access.require(by, Action.EDIT, plan)
    if plan.state != ActionPlan.State.DECIDED:
        raise ValidationError("Planen är redan ett utkast.")
    why = checked_text(reason, "reason", LONGEST_REASON, required="Skriv varför planen öppnas igen.")
    plan.save_over(expected_revision, state=ActionPlan.State.DRAFT, decided_on=None, decided_by=None)
    access.record(by, "action_plan.reopened", plan, reason=why)
    _open([plan], decide_by(plan.committee, plan.year), by, today or timezone.localdate())
    return plan


# --- its activities --------------------------------------------------------------------------------------------------


def goals_for(committee: Body, year: int) -> QuerySet[Goal]:
    """The goals that activities may lead to: the committee's own of the year."""
    return goals_of(committee, year)


def _clean(activity: Activity) -> None:
    """Raise ValidationError at the field for what the database would refuse."""
    goal = activity.goal if activity.goal_id else None
    if goal is not None and (
        goal.committee_id != activity.committee_id or not goal.from_year <= activity.year <= goal.to_year
    ):
        raise ValidationError({"goal": "Välj ett av nämndens mål för året."})
    activity.full_clean()


@transaction.atomic
def add_activity(
    unit: Unit,
    year: int,
    by: Person,
    *,
    goal: Goal,
    what: str,
    why: str = "",
    who: str = "",
    quarter: int | None = None,
    followed_how: str = "",
) -> Activity:
    """Add an activity to a unit's plan; the plan is begun when there is none. Raises NotAllowedError; ValidationError
    at the field."""
    _require(by, unit)
    made = Activity(
        committee=unit.committee, unit=unit, year=year, goal=goal, what=" ".join(what.split()), why=why.strip(),
        who=who.strip(), quarter=quarter, followed_how=followed_how.strip(),
    )  # fmt: skip
    _clean(made)
    if not ActionPlan.objects.filter(unit=unit, year=year).exists():
        begin(unit, year, by)
    made.save(force_insert=True)
    access.record(by, "activity.added", made, unit=unit.code, year=year)
    return made


@transaction.atomic
def change_activity(activity: Activity, by: Person, expected_revision: int, **values: Any) -> Activity:
    """Change what is planned: any of ``PLANNED``. Raises NotAllowedError; ValidationError at the field;
    StaleRecordError."""
    _require_activity(activity, by)
    if unknown := set(values) - set(PLANNED):
        raise TypeError(f"aktiviteten har inte {', '.join(sorted(unknown))}")
    wanted = {name: value.strip() if isinstance(value, str) else value for name, value in values.items()}
    trial = copy(activity)  # the record itself is changed only when it is saved
    for name, value in wanted.items():
        setattr(trial, name, value)
    _clean(trial)
    activity.save_over(expected_revision, **wanted)
    access.record(by, "activity.changed", activity)
    return activity


@transaction.atomic
def follow_up(
    activity: Activity,
    by: Person,
    expected_revision: int,
    *,
    progress: int | None = None,
    followed_up: str = "",
    done_on: date | None = None,
    today: date | None = None,
) -> Activity:
    """Say how far an activity has come, in percent and in words; 100 percent or a day makes it done.

    Raises NotAllowedError; ValidationError at the field; StaleRecordError."""
    _require_activity(activity, by)
    now = today or timezone.localdate()
    if faults := rules.progress_fault(progress, done_on, now):
        raise ValidationError(faults)
    if progress == 100 or done_on is not None:
        progress, done_on = 100, done_on or activity.done_on or now
    activity.save_over(expected_revision, progress=progress, followed_up=followed_up.strip(), done_on=done_on)
    access.record(by, "activity.followed_up", activity, progress=progress)
    return activity


def mark_done(
    activity: Activity, by: Person, expected_revision: int, *, today: date | None = None
) -> Activity:
    """Say that an activity is done today. Raises as ``follow_up``."""
    return follow_up(
        activity, by, expected_revision, progress=100, followed_up=activity.followed_up, today=today
    )


@transaction.atomic
def remove_activity(activity: Activity, by: Person) -> None:
    """Take an activity out of a plan that is not decided. Raises NotAllowedError; ValidationError for one in a decided
    plan, or that somebody has followed up."""
    _require_activity(activity, by)
    decided = ActionPlan.objects.filter(
        unit=activity.unit, year=activity.year, state=ActionPlan.State.DECIDED
    )
    if decided.exists():
        raise ValidationError(
            "Planen är beslutad. Skriv i uppföljningen varför aktiviteten inte blir av, eller öppna planen igen."
        )
    if activity.done_on or activity.progress or activity.followed_up:
        raise ValidationError("Aktiviteten är redan följd upp och stannar kvar i planen.")
    access.record(by, "activity.removed", activity, what=activity.what, year=activity.year)
    activity.delete()


def _require_activity(activity: Activity, by: Person) -> None:
    if activity.unit is None:
        access.require(by, Action.EDIT, activity)
    else:
        _require(by, activity.unit)
