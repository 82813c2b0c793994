"""The balance list and the agenda: what is due becomes items, and items that have ended become reports (7.6)."""

from __future__ import annotations

from datetime import date

from django.db.models import Q, QuerySet

from roder import access
from roder.access import Action
from roder.core.models import Link
from roder.meetings.models import AgendaItem, Meeting, Rhythm, Watch
from roder.meetings.services import watch_times
from roder.meetings.services.watch_times import WatchFault
from roder.organisation.models import Person


def due_at(meeting: Meeting, by: Person | None = None) -> list[tuple[Watch, Rhythm]]:
    """What falls due at a meeting of the committee or before it, is not reported and does not stand on its agenda:
    suggestions for its items, the longest overdue first. With ``by`` only what that person may see."""
    if meeting.body_id != meeting.committee_id:
        return []
    due = {(task.subject_id, task.key) for task in watch_times.due_rows(meeting.committee, meeting.date)}
    rows = Rhythm.objects.filter(pk__in=[int(key) for _, key in due])
    if by is not None:
        rows = access.visible(by, rows)
    found = {str(one.pk): one for one in rows.select_related("watch__case", "watch__committee")}
    there = set(_linked_items(meeting.items.filter(withdrawn=False)).values_list("target_id", flat=True))
    order = [task.key for task in watch_times.due_rows(meeting.committee, meeting.date)]
    return [
        (rhythm.watch, rhythm)
        for key in order
        if (rhythm := found.get(key)) is not None and rhythm.watch_id not in there
    ]


def _linked_items(items: QuerySet[AgendaItem]) -> QuerySet[Link]:
    return Link.objects.filter(
        source_kind="meetings.agendaitem",
        source_id__in=items.values("pk"),
        target_kind="meetings.watch",
        kind=Link.Kind.MADE_FROM,
    )


def put_on_agenda(item: AgendaItem, watch: Watch, by: Person) -> Link:
    """Say that an item stands on the agenda because a watch was due: when it has ended the watch is reported from it.

    Raises NotAllowedError; WatchFault for another committee's."""
    access.require(by, Action.EDIT, item)
    access.require(by, Action.VIEW, watch)
    if item.meeting.committee_id != watch.committee_id:
        raise WatchFault("Punkten hör till en annan nämnds sammanträde.")
    link, _ = Link.objects.get_or_create(
        source_kind="meetings.agendaitem", source_id=item.pk, target_kind="meetings.watch", target_id=watch.pk,
        kind=Link.Kind.MADE_FROM,
    )  # fmt: skip
    return link


def watches_of_item(item: AgendaItem, by: Person) -> QuerySet[Watch]:
    """The live watches that an item is about: it was put on the agenda for them, or they are of its case and were not
    decided in it."""
    linked = _linked_items(AgendaItem.objects.filter(pk=item.pk)).values("target_id")
    condition = Q(pk__in=linked) | Q(case=item.case_id, case__isnull=False)
    condition &= ~Q(paragraph__item=item, paragraph__isnull=False)
    rows = Watch.objects.filter(condition, committee=item.meeting.committee_id, state__in=["open", "paused"])
    return access.visible(by, rows)


def ended_items(watch: Watch, by: Person) -> list[AgendaItem]:
    """Items of the committee's meetings that have ended, at which the watch was up and from which it has not been
    reported. What it was decided in is none of them."""
    linked = Link.objects.filter(
        source_kind="meetings.agendaitem", target_kind="meetings.watch", target_id=watch.pk, kind=Link.Kind.MADE_FROM
    ).values("source_id")  # fmt: skip
    about = Q(pk__in=linked) | Q(case=watch.case_id, case__isnull=False)
    rows = AgendaItem.objects.filter(
        about,
        meeting__state=Meeting.State.ENDED,
        meeting__committee=watch.committee_id,
        meeting__body=watch.committee_id,
        meeting__date__gt=max([*watch.decided_on, date.min]),
        meeting__date__gte=watch.opened_on,
        withdrawn=False,
    ).exclude(watch_reports__watch=watch)
    return list(access.visible(by, rows.select_related("meeting__body")).order_by("-meeting__date", "pk"))
