"""Anslag: which minutes are attested, for everybody. What is up today, and never what was decided."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.core.cache import cache
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone

from roder.meetings.models import Meeting, MinuteItem, Minutes
from roder.meetings.papers import notice
from roder.meetings.rules import minutes as rules
from roder.organisation.models import Body

KEPT = 600  # seconds that a drawn notice is kept


@dataclass(frozen=True)
class Posted:
    """A notice that is up."""

    body: str
    met: date
    which: str
    posted: date
    appeal: date
    kept_at: str
    pk: int
    single: bool


def _committee(slug: str) -> Body:
    rows = Body.objects.filter(kind=Body.Kind.COMMITTEE).select_related("municipality")
    return get_object_or_404(rows, slug=slug)


def _up(committee: Body) -> list[Posted]:
    today = timezone.localdate()
    up = {"posted_on__lte": today, "down_on__gt": today}
    whole = Minutes.objects.filter(meeting__committee=committee, **up).select_related("meeting__body")
    single = MinuteItem.objects.filter(item__meeting__committee=committee, **up).select_related(
        "item__meeting__body"
    )
    found = [_posted(one.meeting, "hela protokollet", one, one.kept_at) for one in whole]
    found += [_posted(one.item.meeting, f"§ {one.number}, omedelbart justerad", one, "") for one in single]
    return sorted(found, key=lambda one: one.posted, reverse=True)


def _posted(meeting: Meeting, which: str, one: Minutes | MinuteItem, kept_at: str) -> Posted:
    assert one.posted_on is not None  # noqa: S101 - asked for above
    return Posted(
        meeting.body.name, meeting.date, which, one.posted_on, rules.appeal_by(one.posted_on), kept_at, one.pk,
        isinstance(one, MinuteItem),
    )  # fmt: skip


def board(request: HttpRequest, committee: str) -> HttpResponse:
    """The committee's notices that are up today."""
    body = _committee(committee)
    return render(request, "meetings/notices.html", {"committee": body, "notices": _up(body)})


def whole(request: HttpRequest, committee: str, pk: int) -> HttpResponse:
    """The notice of whole minutes, as PDF, while it is up."""
    found = next((one for one in _up(_committee(committee)) if one.pk == pk and not one.single), None)
    if found is None:
        raise Http404("Anslaget är inte uppe.")
    record = Minutes.objects.select_related("meeting__body__municipality", "secretary").get(pk=pk)
    return _pdf(record, None)


def single(request: HttpRequest, committee: str, pk: int) -> HttpResponse:
    """The notice of one paragraph attested at once, as PDF, while it is up."""
    found = next((one for one in _up(_committee(committee)) if one.pk == pk and one.single), None)
    if found is None:
        raise Http404("Anslaget är inte uppe.")
    row = MinuteItem.objects.select_related("item__meeting").get(pk=pk)
    record = Minutes.objects.select_related("meeting__body__municipality", "secretary").get(
        meeting=row.item.meeting_id
    )
    return _pdf(record, row)


def _pdf(record: Minutes, row: MinuteItem | None) -> HttpResponse:
    """The notice, drawn once and then kept for a while: anybody may ask for it, as often as they like."""
    meeting = record.meeting
    stamp = f"{record.pk}.{record.revision}.{meeting.revision}.{row.pk if row else 0}.{row.revision if row else 0}"
    key = f"notice:{stamp}"
    content = cache.get(key)
    if content is None:
        content = notice.notice_of(record, row)
        cache.set(key, content, KEPT)
    response = HttpResponse(content, content_type="application/pdf")
    response["Content-Disposition"] = 'inline; filename="anslag.pdf"'
    return response
