"""What the rooms below have on the annual wheel: each source asks its room in a constant number of queries."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from django.db.models import Q

from roder.access.matrix import Resource
from roder.control.models import Control, ControlRound
from roder.control.services.rounds import occasions_of, told_then
from roder.followup import wheel
from roder.followup.models import Step
from roder.followup.rules.wheel import Event, Ring, month_days, statutory
from roder.measures.models import Measure
from roder.meetings.models import Meeting
from roder.organisation.models import Body
from roder.quality.models import SelfCheckRound
from roder.registers.models import SteeringDocument
from roder.registers.services.state_grants import DAYS, StateGrant
from roder.steering.modelfile import SteeringModel
from roder.steering.modelfile.followup import CalendarDate
from roder.steering.models import Occasion, SteeringModelVersion
from roder.steering.services import parsed
from roder.tasks.models import LIVE, Task
from roder.tasks.rules import from_data
from roder.tasks.services import due_of

MOST_TURNS = 60  # times that a recurring task is shown ahead


def models_of(committee: Body, start: date, end: date) -> dict[int, SteeringModel]:
    """year -> its latest steering model, for the years whose occasions may have something between two days."""
    years = range(start.year - 1, end.year + 2)
    rows = SteeringModelVersion.objects.filter(committee=committee, year__in=years).order_by(
        "year", "-version"
    )
    return {one.year: parsed(one) for one in rows.defer("source", "content").distinct("year")}


# --- the steering model ----------------------------------------------------------------------------------------------


def _ring(kind: str) -> Ring:
    if kind == Occasion.Kind.PLAN:
        return Ring.PLANNING
    return Ring.QUALITY if kind in Occasion.QUALITY_KINDS else Ring.FOLLOW_UP


def occasions(committee: Body, start: date, end: date) -> Iterator[Event]:
    """The occasions: each phase with its days; one without phases by its cut-off."""
    models = models_of(committee, start, end)
    rows = Occasion.objects.filter(committee=committee, year__in=models).select_related("follow_up_round")
    kept = {(one.year, one.code): one for one in rows}
    held = set(Step.objects.filter(occasion__committee=committee).values_list("occasion_id", "phase"))
    for year, model in models.items():
        for item in model.occasions:
            row = kept.get((year, item.code))
            if row is None or item.kind == Occasion.Kind.MEETING:
                continue
            opened = getattr(row, "follow_up_round", None) is not None
            url = ("followup:round", (row.code,)) if opened else ("steering:occasions", ())
            for phase in item.phases:
                yield Event(
                    phase.start,
                    f"{item.name}: {phase.name}",
                    _ring(item.kind),
                    end=phase.end if phase.end != phase.start else None,
                    clock=f"{phase.end_time:%H.%M}" if phase.end_time else "",
                    role=str(phase.role or ""),
                    body=phase.body or "",
                    url=url,
                    year=year,
                    done=True if (row.pk, phase.code) in held else None,
                    key=f"{item.code}-{phase.code}",
                )
            if not item.phases:
                yield Event(
                    item.cut_off,
                    f"{item.name}: brytdatum",
                    _ring(item.kind),
                    body=item.decided_by or "",
                    url=url,
                    year=year,
                    key=item.code,
                )


def dates_of(item: CalendarDate, start: date, end: date) -> list[tuple[date, date]]:
    """The days, or months, on which something of the calendar falls between two days."""
    if item.date is not None:
        return [(item.date, item.end or item.date)]
    every = [
        month_days(year, month) for year in range(start.year, end.year + 1) for month in sorted(item.months)
    ]
    return [(first, last) for first, last in every if last >= start and first <= end]


def calendar(committee: Body, start: date, end: date) -> Iterator[Event]:
    """The calendar of the models: on a date, or during certain months of the model's own year."""
    for year, model in models_of(committee, start, end).items():
        first, last = max(start, date(year, 1, 1)), min(end, date(year, 12, 31))
        for item in model.calendar:
            for day, until in dates_of(item, first, last):
                yield Event(
                    day,
                    item.label,
                    Ring(item.kind.value),
                    end=until if until != day else None,
                    role=str(item.role or ""),
                    body=item.body or "",
                    note=item.source or "",
                    url=("steering:model", ()),
                    year=year,
                    key=f"{year}-{item.code}-{day}",
                )


def law(committee: Body, start: date, end: date) -> list[Event]:
    """What the law asks for, but what the committee's own calendar has under the same code."""
    models = models_of(committee, start, end)
    return statutory(start, end, {item.code for model in models.values() for item in model.calendar})


# --- meetings --------------------------------------------------------------------------------------------------------


def meetings(committee: Body, start: date, end: date) -> Iterator[Event]:
    """The meetings that are planned, and the days that the model knows of where none is."""
    rows = Meeting.objects.filter(committee=committee, date__range=(start, end)).select_related("body")
    planned = set()
    for one in rows.exclude(state=Meeting.State.CANCELLED):
        if one.body_id == committee.pk:
            planned.add(one.date)
        yield Event(
            one.date,
            f"{one.body.name} sammanträder",
            Ring.PLANNING,
            clock=f"{one.starts:%H.%M}",
            body=one.body.short_name,
            url=("meetings:meeting", (one.pk,)),
            done=True if one.state == Meeting.State.ENDED else None,
            key=str(one.pk),
            record=("meetings.meeting", one.pk),
        )
    known = Occasion.objects.filter(
        committee=committee, kind=Occasion.Kind.MEETING, cut_off__range=(start, end)
    )
    for row in known.exclude(cut_off__in=planned):
        yield Event(
            row.cut_off,
            f"{committee.name} sammanträder",
            Ring.PLANNING,
            body=committee.short_name,
            url=("steering:occasions", ()),
            year=row.year,
            key=row.code,
        )


# --- control and quality ---------------------------------------------------------------------------------------------


def controls(committee: Body, start: date, end: date) -> Iterator[Event]:
    """Controls that are being made or have been, and those that are still to be opened for an occasion."""
    state = ControlRound.State
    falls = Q(due_on__range=(start, end)) | Q(moved_to__range=(start, end))
    rows = ControlRound.objects.filter(falls, committee=committee).select_related("control", "occasion")
    for one in rows.exclude(state__in=[state.CANCELLED, state.HANDED_OVER]):
        told = one.occasion.name if one.occasion else "utan tillfälle"
        yield Event(
            one.moved_to or one.due_on,
            f"Internkontroll görs: {told}",
            Ring.CONTROL,
            role=one.control.owner_role,
            whom=one.control.what,
            many="{n} kontroller",
            group=f"gors-{one.occasion_id}",
            url=("control:control", (one.control_id,)),
            many_url=("control:plan", ()),
            year=one.due_on.year,
            done=one.state == state.DONE,
            key=str(one.pk),
            record=("control.controlround", one.pk),
        )
    yield from _controls_to_come(committee, start, end)


def _controls_to_come(committee: Body, start: date, end: date) -> Iterator[Event]:
    planned = Control.objects.filter(
        committee=committee, state=Control.State.PLANNED, point__plan__year__range=(start.year, end.year)
    ).select_related("point__plan")
    opened = set(
        ControlRound.objects.filter(control__in=planned, occasion__isnull=False).values_list(
            "control_id", "occasion_id"
        )
    )
    told = {one.point.plan_id: one.point.plan for one in planned}
    at = {pk: occasions_of(plan) for pk, plan in told.items()}
    for control in planned:
        rows = at[control.point.plan_id]
        for occasion in rows:
            if (control.pk, occasion.pk) in opened or not told_then(control, occasion, rows):
                continue
            yield Event(
                occasion.cut_off,
                f"Internkontroll redovisas: {occasion.name}",
                Ring.CONTROL,
                role=control.owner_role,
                whom=control.what,
                many="{n} kontroller",
                group=occasion.code,
                url=("control:control", (control.pk,)),
                many_url=("control:plan", ()),
                year=occasion.year,
                key=f"{control.pk}-{occasion.pk}",
                record=("control.control", control.pk),
            )


def self_checks(committee: Body, start: date, end: date) -> Iterator[Event]:
    """The rounds of self-checks, the same check in several units as one."""
    rows = SelfCheckRound.objects.filter(
        committee=committee, due_on__range=(start, end), skipped_at=None, control__stopped_at=None
    ).select_related("control", "unit")
    for one in rows:
        yield Event(
            one.due_on,
            f"Egenkontroll: {one.control.title}",
            Ring.QUALITY,
            role=one.control.role,
            whom=one.unit.name,
            many="{n} enheter",
            group=one.control.title,
            url=("quality:round", (one.pk,)),
            many_url=("quality:plans", ()),
            year=one.due_on.year,
            done=one.done_at is not None,
            key=str(one.pk),
            record=("quality.selfcheckround", one.pk),
        )


def publications(committee: Body, start: date, end: date) -> Iterator[Event]:
    """The months in which measures are published, those of a month as one."""
    rows = Measure.objects.filter(committee=committee, publication_month__isnull=False)
    for one in rows.only("pk", "title", "publication_month", "kolada_id"):
        for year in range(start.year, end.year + 1):
            first, last = month_days(year, one.publication_month or 1)
            yield Event(
                first,
                "Nyckeltal publiceras",
                Ring.FOLLOW_UP,
                end=last,
                whom=one.title,
                many="{n} nyckeltal",
                group=f"publiceras-{year}-{one.publication_month}",
                url=("measures:measure", (one.pk,)),
                many_url=("measures:nyckeltal", ()),
                year=year,
                key=f"{one.pk}-{year}",
                record=("measures.measure", one.pk),
            )


# --- registers -------------------------------------------------------------------------------------------------------


def revisions(committee: Body, start: date, end: date) -> Iterator[Event]:
    """The days by which steering documents are to be revised."""
    rows = SteeringDocument.objects.filter(
        committee=committee, revise_by__range=(start, end), repealed_on=None
    )
    for one in rows:
        if one.revise_by is not None:
            yield Event(
                one.revise_by,
                f"Revidera {one.title}",
                Ring.PLANNING,
                role=one.role,
                body=one.decided_by,
                url=("registers:styrdokument-detail", (one.pk,)),
                done=False,
                key=str(one.pk),
                record=("registers.steeringdocument", one.pk),
            )


def state_grants(committee: Body, start: date, end: date) -> Iterator[Event]:
    """The days by which state grants are applied for, requisitioned and reported."""
    falls = Q()
    for _, due, _ in DAYS:
        falls |= Q(**{f"{due}__range": (start, end)})
    for row in StateGrant.objects.filter(falls, committee=committee):
        for what, due_name, done_name in DAYS:
            due = getattr(row, due_name)
            if due is None or (row.state == StateGrant.State.REFUSED and due_name != "apply_by"):
                continue
            yield Event(
                due,
                f"{what} {row.name} {row.year}".replace("Ansök ", "Ansök om "),
                Ring.STATUTORY,
                role="quality_strategist",
                body=row.authority,
                url=("registers:statsbidrag-detail", (row.pk,)),
                done=getattr(row, done_name) is not None,
                key=f"{row.pk}-{due_name}",
                record=("registers.stategrant", row.pk),
            )


# --- tasks -----------------------------------------------------------------------------------------------------------


def recurring(committee: Body, start: date, end: date) -> Iterator[Event]:
    """The tasks that recur: the one that is open, and those that will follow by its rule."""
    rows = Task.objects.filter(committee=committee, recurs=True, state__in=LIVE, due_at__isnull=False)
    days = list(
        Occasion.objects.filter(committee=committee, kind=Occasion.Kind.MEETING).values_list(
            "cut_off", flat=True
        )
    )
    for task in rows.select_related("unit"):
        due = due_of(task)
        if due is None or not task.rule:
            continue
        rule = from_data(task.rule)
        for turn in range(MOST_TURNS):
            if due.day > end:
                break
            if due.day >= start:
                yield Event(
                    due.day,
                    task.what,
                    Ring.FOLLOW_UP,
                    role=task.role,
                    whom=task.unit.name if task.unit else "",
                    url=f"/uppgifter/{task.pk}/",
                    done=False if turn == 0 else None,
                    key=f"{task.pk}-{due.day}",
                    record=("tasks.task", task.pk),
                )
            following = rule.following(due, days)
            if following is None or following.day <= due.day:
                break
            due = following


wheel.source("tillfallen", occasions)
wheel.source("kalender", calendar)
wheel.source("lag", law)
wheel.source("sammantraden", meetings, resource=Resource.STEERING)
wheel.source("internkontroll", controls, resource=Resource.CONTROLS)
wheel.source("egenkontroll", self_checks, resource=Resource.SELF_CHECKS, common=False)
wheel.source("nyckeltal", publications, resource=Resource.MEASURES)
wheel.source("styrdokument", revisions, resource=Resource.REGISTERS)
wheel.source("statsbidrag", state_grants, resource=Resource.GRANTS)
wheel.source("uppgifter", recurring, resource=Resource.TASKS, common=False)
