"""Pages of the summons and the pack: what is to be sent, what cannot come along, and the files."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.db import connection, transaction
from django.http import FileResponse, Http404, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.text import slugify

from roder import access
from roder.access import Action, Resource
from roder.core.faults import UserFault
from roder.core.jobs import defer
from roder.files import disk
from roder.meetings import jobs
from roder.meetings.models import Meeting, Pack
from roder.meetings.pages.agenda import packs_for
from roder.meetings.pages.agenda_lines import lines_for
from roder.meetings.pages.meetings import own_meeting
from roder.meetings.papers import pack as packs
from roder.meetings.papers import pack_plan
from roder.meetings.papers import summons as summons_paper
from roder.meetings.rules import pack as rules
from roder.meetings.services import agenda, letters
from roder.meetings.services.calendar import members_to_tell, sees_draft
from roder.organisation.models import Person
from roder.tasks import people_of
from roder.web.scope import CommitteeRequest, committee_page


def _is_shown(request: CommitteeRequest, pk: int) -> Meeting:
    """The meeting, if its agenda is shown to the person. Raises Http404."""
    found = own_meeting(request, pk)
    if not sees_draft(request.user, found):
        raise Http404("Kallelsen är inte skickad än.")
    return found


def _sees_secrets(request: CommitteeRequest) -> bool:
    return access.may(request.user, Action.VIEW, Resource.SECRETS, request.scope.committee)


@committee_page(Resource.MEETINGS)
def pack(request: CommitteeRequest, pk: int) -> HttpResponse:
    """The packs of a meeting; for those who make them also what will be in and what will not, before they are made."""
    found = _is_shown(request, pk)
    edits = access.may(request.user, Action.EDIT, found)
    if request.method == "POST":
        access.require(request.user, Action.EDIT, found)
        _make_later(pk, request.user)
        messages.success(
            request, "Handlingarna görs. Det tar några sekunder; sidan visar dem när de är klara."
        )
        return redirect(request.scope.url("meetings:pack", pk))
    context: dict[str, Any] = {"meeting": found, "edits": edits, "making": _making(pk) if edits else False}
    newest = packs_for(request, found)
    context["packs"] = [_shown(one) for one in newest if not packs.holds_secrets(one)]
    context["withdrawn"] = len(context["packs"]) < len(newest)
    if edits:
        plan = pack_plan.plan(found, public=not _sees_secrets(request))
        context |= {"plan": plan, "changes": _changes(found, plan)}
        earlier = access.visible(request.user, Pack.objects.filter(meeting=found)).order_by("-made_at", "-pk")
        context["earlier"] = [
            one
            for one in earlier.select_related("blob", "made_by")
            if one not in newest and not packs.holds_secrets(one)
        ]
    return render(request, "meetings/meeting_pack.html", context)


def _make_later(pk: int, by: Person) -> None:
    """Both packs of a meeting, in the queue with the transaction that one is in."""
    for public in (False, True):
        defer(jobs.make_pack, once=f"{pk}:{public}", meeting_id=pk, public=public, by_id=by.pk)


def _shown(one: Pack) -> dict[str, Any]:
    parts = [part for part in one.manifest if part["gid"] != rules.FRONT]
    return {"pack": one, "documents": len(parts), "size": one.blob.size / 1024 / 1024}


def _changes(found: Meeting, plan: pack_plan.Plan) -> list[str] | None:
    """What has changed since the pack was made; None when there is none, an empty list when it is up to date."""
    there = packs.latest(found, public=plan.public)
    if there is None:
        return None
    wanted = packs.parts_of(plan)
    if rules.same(there.manifest, wanted):
        return []
    return rules.changes(there.manifest, wanted) or ["Ändrad: ärendelistan"]


_MAKING = """
    SELECT EXISTS (SELECT 1 FROM procrastinate_jobs WHERE status IN ('todo', 'doing') AND task_name = %s
                   AND args ->> 'meeting_id' = %s)
"""


def _making(pk: int) -> bool:
    """Whether the meeting's pack is in the queue or being made."""
    with connection.cursor() as cursor:
        cursor.execute(_MAKING, [jobs.make_pack.name, str(pk)])
        return bool(cursor.fetchone()[0])


@committee_page(Resource.MEETINGS)
def pack_file(request: CommitteeRequest, pk: int) -> HttpResponseBase:
    """A finished pack, to read in the browser or to keep on a tablet."""
    rows = Pack.objects.filter(meeting__committee=request.scope.committee)
    found: Pack = get_object_or_404(
        access.visible(request.user, rows).select_related("blob", "meeting__body"), pk=pk
    )
    if not sees_draft(request.user, found.meeting):
        raise Http404("Kallelsen är inte skickad än.")
    if packs.holds_secrets(found):
        context = {"meeting": found.meeting}
        return render(request, "meetings/pack_withdrawn.html", context, status=410)
    path = disk.path_of(found.blob.sha256)
    if not path.is_file():
        raise Http404("Filen saknas på servern. Säg till systemförvaltaren: den finns i säkerhetskopian.")
    access.record(request.user, "pack.read", found, meeting=found.meeting_id)
    words = "offentliga-handlingar" if found.public else "handlingar"
    name = f"{words}-{slugify(found.meeting.body.short_name)}-{found.meeting.date.isoformat()}.pdf"
    answer = FileResponse(path.open("rb"), content_type="application/pdf", filename=name)
    answer["X-Content-Type-Options"] = "nosniff"
    answer["Cache-Control"] = "private, no-store"
    return answer


@committee_page(Resource.MEETINGS)
def summons_file(request: CommitteeRequest, pk: int) -> HttpResponse:
    """The summons as PDF; without what is secret for those who may not see that, and when ``offentlig`` is asked
    for."""
    found = _is_shown(request, pk)
    public = "offentlig" in request.GET or not _sees_secrets(request)
    answer = HttpResponse(summons_paper.render(found, public=public), content_type="application/pdf")
    name = f"kallelse-{slugify(found.body.short_name)}-{found.date.isoformat()}.pdf"
    answer["Content-Disposition"] = f'inline; filename="{name}"'
    return answer


@committee_page(Resource.MEETINGS, Action.EDIT)
def summons(request: CommitteeRequest, pk: int) -> HttpResponse:
    """What is sent and to whom, before it is sent; and the button that sends it."""
    found = own_meeting(request, pk, Action.EDIT)
    if request.method == "POST":
        again = found.state == Meeting.State.SUMMONED
        try:
            with transaction.atomic():  # no summons without its packs, whenever the power goes
                agenda.summon(found, request.user)
                _make_later(pk, request.user)
        except UserFault as fault:
            messages.error(request, str(fault))
            return redirect(request.scope.url("meetings:summons", pk))
        words = "Ledamöterna är underrättade om ändringen." if again else "Kallelsen är skickad."
        messages.success(request, f"{words} Möteshandlingarna görs.")
        return redirect(request.scope.url("meetings:meeting", pk))
    people = [
        person
        for one in members_to_tell(found)
        for person in ([one] if isinstance(one, Person) else people_of(one))
    ]
    lines = lines_for(found, request.user)
    context = {
        "meeting": found, "people": people, "lines": lines,
        "older": [paper for line in lines for paper in line.papers if paper.newer],
        "faults": pack_plan.plan(found, public=not _sees_secrets(request)).faults,
        "unfinished": [
            (one.paper, lacks)
            for line in lines
            for one in line.papers
            if one.paper.version.frozen_at is None and (lacks := letters.lacks(one.paper.version))
        ],
        "sends": found.state in (Meeting.State.PLANNED, Meeting.State.SUMMONED),
    }  # fmt: skip
    return render(request, "meetings/meeting_summons.html", context)
