"""Pages of a meeting: its own page with agenda and papers, the writing of the agenda, a point, one's own notes."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST

from roder import access
from roder.access import Action, Resource
from roder.core.faults import UserFault
from roder.core.models import StaleRecordError
from roder.core.numbers import whole_number
from roder.meetings.models import AgendaItem, DocumentVersion, ItemPaper, Meeting, Minutes, Pack
from roder.meetings.pages.agenda_lines import lines_for
from roder.meetings.pages.meeting_forms import ItemForm
from roder.meetings.pages.meetings import TONES, both_texts, own_meeting, told
from roder.meetings.papers.pack import holds_secrets
from roder.meetings.services import agenda
from roder.meetings.services.calendar import sees_draft
from roder.web.scope import CommitteeRequest, committee_page

State = Meeting.State
CHANGING = (State.PLANNED, State.SUMMONED, State.OPEN)


@committee_page(Resource.MEETINGS)
def meeting(request: CommitteeRequest, pk: int) -> HttpResponse:
    """A meeting: when and where, what is to be done next, the agenda with papers, one's own notes."""
    found = own_meeting(request, pk)
    edits = access.may(request.user, Action.EDIT, found)
    shown = sees_draft(request.user, found)
    minutes = access.visible(request.user, Minutes.objects.filter(meeting=found)).first()
    packs = [one for one in packs_for(request, found) if not holds_secrets(one)] if shown else []
    context = {
        "meeting": found,
        "lines": lines_for(found, request.user) if shown else [],
        "edits": edits,
        "shown": shown,
        "packs": packs,
        "minutes": minutes,
        "tone": TONES[found.state],
        "today": timezone.localdate(),
        "days": _days(found),
        "next": next_step(request, found, packs, minutes) if edits else None,
        "session": edits or access.may(request.user, Action.DECIDE, Resource.MEETINGS, found.committee),
    }
    return render(request, "meetings/meeting.html", context)


def packs_for(request: CommitteeRequest, found: Meeting) -> list[Pack]:
    """The newest pack and the newest public one, of those that the person may see."""
    rows = access.visible(request.user, Pack.objects.filter(meeting=found)).order_by(
        "public", "-made_at", "-pk"
    )
    return list(rows.select_related("blob").distinct("public"))


def _days(found: Meeting) -> list[dict[str, Any]]:
    before = found.state == State.PLANNED
    named = (
        ("Handlingar in", found.documents_by),
        ("Presidium", found.presidium_on),
        ("Kallelse", found.summons_by),
    )
    today = timezone.localdate()
    return [{"label": label, "day": day, "late": before and label == "Kallelse" and day < today}
            for label, day in named if day]  # fmt: skip


def next_step(
    request: CommitteeRequest, found: Meeting, packs: list[Pack], minutes: Minutes | None
) -> tuple[str, str] | None:
    """The next thing for the secretary to do: (words, address)."""
    url = request.scope.url
    if found.state == State.PLANNED:
        if not found.items.exists():
            return "Skriv ärendelistan", url("meetings:agenda", found.pk)
        return "Till kallelsen", url("meetings:summons", found.pk)
    if found.state == State.SUMMONED:
        if not packs:
            return "Gör möteshandlingarna", url("meetings:pack", found.pk)
        return "Till sammanträdet", url("meetings:session", found.pk)
    if found.state == State.OPEN:
        return "Till sammanträdet", url("meetings:session", found.pk)
    if found.state == State.ENDED:
        words = "Skriv protokollet" if minutes is None else "Till protokollet"
        return words, url("meetings:minutes", found.pk)
    return None


@committee_page(Resource.MEETINGS, Action.EDIT)
def write(request: CommitteeRequest, pk: int) -> HttpResponse:
    """Write the agenda: add points, put them in order, take suggestions. Works by keyboard and without scripts."""
    found = own_meeting(request, pk, Action.EDIT)
    numbers = agenda.numbers(found)
    form = ItemForm(found, request.user, numbers=numbers)
    if request.method == "POST":
        here = request.scope.url("meetings:agenda", pk)
        if request.POST.get("deed") == "add":
            form = ItemForm(found, request.user, request.POST, numbers=numbers)
            if (made := _add(request, found, form)) is not None:
                return redirect(f"{here}#punkt-{made.pk}")
        else:
            try:
                spot = _deed(request, found)
            except (UserFault, ValidationError) as fault:
                words = fault.messages if isinstance(fault, ValidationError) else [str(fault)]
                messages.error(request, " ".join(words))
                spot = ""
            return redirect(f"{here}{spot}")
    context = {
        "meeting": found, "lines": lines_for(found, request.user), "form": form,
        "suggestions": agenda.suggestions(found, request.user) if found.state in CHANGING else [],
        "changes": found.state in CHANGING, "removes": found.state == State.PLANNED,
        "standard": not _has_standard(found),
    }  # fmt: skip
    return render(request, "meetings/agenda.html", context, status=400 if form.errors else 200)


def _has_standard(found: Meeting) -> bool:
    there = set(found.items.filter(parent=None).values_list("kind", flat=True))
    return {kind for kind, _, _ in agenda.STANDARD} <= there


def _add(request: CommitteeRequest, found: Meeting, form: ItemForm) -> AgendaItem | None:
    if not form.is_valid():
        return None
    said = {name: value for name, value in form.cleaned_data.items() if name != "revision"}
    try:
        made = agenda.add_item(found, request.user, **said)
        agenda.add_case_papers(made, request.user)
    except ValidationError as error:
        told(form, error)
        return None
    except UserFault as fault:
        form.add_error(None, str(fault))
        return None
    return made


def _deed(request: CommitteeRequest, found: Meeting) -> str:
    """Do what a button of the list says. Gives the spot of the page to come back to."""
    deed, by = request.POST.get("deed", ""), request.user
    if deed == "standard":
        agenda.add_standard(found, by)
        return ""
    if deed == "suggest":
        wanted = request.POST.get("which", "")
        for one in agenda.suggestions(found, by):
            if one.key == wanted:
                made = agenda.take_suggestion(found, one, by, kind=request.POST.get("kind", one.kind))
                return f"#punkt-{made.pk}"
        return "#forslag"
    item = _item_of(request, found, request.POST.get("item", ""))
    if deed in ("up", "down"):
        agenda.move_item(item, by, "up" if deed == "up" else "down")
    elif deed == "under":
        before = list(found.items.filter(parent=None, position__lt=item.position).order_by("position"))
        if not before:
            raise agenda.MeetingFault("Det finns ingen punkt ovanför att lägga den under.")
        agenda.put_under(item, by, before[-1])
    elif deed == "out":
        agenda.put_under(item, by, None)
    elif deed in ("withdraw", "restore"):
        agenda.withdraw_item(item, by, withdrawn=deed == "withdraw")
    elif deed == "remove":
        agenda.remove_item(item, by)
        return ""
    return f"#punkt-{item.pk}"


def _item_of(request: CommitteeRequest, found: Meeting, pk: str) -> AgendaItem:
    rows = access.visible(request.user, AgendaItem.objects.filter(meeting=found), Action.EDIT)
    number = whole_number(pk)
    if number is None:
        raise Http404("Punkten finns inte.")
    item: AgendaItem = get_object_or_404(rows.select_related("meeting", "parent"), pk=number)
    return item


@committee_page(Resource.MEETINGS, Action.EDIT)
def item(request: CommitteeRequest, pk: int) -> HttpResponse:
    """A point: its words, its case, its papers in order. Of two who write at once the second sees both texts."""
    rows = AgendaItem.objects.filter(meeting__committee=request.scope.committee)
    rows = access.visible(request.user, rows, Action.EDIT).select_related("meeting__body", "case", "parent")
    found: AgendaItem = get_object_or_404(rows, pk=pk)
    numbers = agenda.numbers(found.meeting)
    fields = ("kind", "title", "presenter", "at", "minutes", "secret", "revision")
    initial = {name: getattr(found, name) for name in fields} | {"case": found.case_id}
    form = ItemForm(found.meeting, request.user, initial=initial, numbers=numbers)
    del form.fields["parent"]
    here = request.scope.url("meetings:item", pk)
    if request.method == "POST":
        if request.POST.get("deed") != "save":
            try:
                _paper_deed(request, found)
            except (UserFault, ValidationError) as fault:
                messages.error(request, str(fault))
            return redirect(f"{here}#handlingar")
        form = ItemForm(found.meeting, request.user, request.POST, initial=initial, numbers=numbers)
        del form.fields["parent"]
        if form.is_valid() and _change(request, found, form):
            messages.success(request, "Punkten är sparad.")
            return redirect(f"{request.scope.url('meetings:agenda', found.meeting_id)}#punkt-{pk}")
    shown = next(line for line in lines_for(found.meeting, request.user) if line.item.pk == pk)
    context = {
        "item": found, "number": numbers[pk], "form": form, "papers": shown.papers,
        "missing": agenda.missing_papers(found, request.user), "changes": found.meeting.state in CHANGING,
        "back": request.scope.url("meetings:agenda", found.meeting_id),
    }  # fmt: skip
    return render(request, "meetings/agenda_item.html", context, status=400 if form.errors else 200)


def _change(request: CommitteeRequest, found: AgendaItem, form: ItemForm) -> bool:
    said = dict(form.cleaned_data)
    revision = said.pop("revision") or 0
    try:
        agenda.change_item(found, request.user, revision, **said)
    except StaleRecordError as stale:
        both_texts(form, stale.current, said)
    except ValidationError as error:
        told(form, error)
    except UserFault as fault:
        form.add_error(None, str(fault))
    else:
        return True
    return False


def _paper_deed(request: CommitteeRequest, found: AgendaItem) -> None:
    deed, by, which = request.POST.get("deed", ""), request.user, whole_number(request.POST.get("which"))
    if deed == "add-all":
        agenda.add_case_papers(found, by)
        return
    if which is None:
        raise Http404("Handlingen finns inte.")
    if deed == "add-paper":
        rows = DocumentVersion.objects.filter(document__committee=request.scope.committee)
        agenda.add_paper(found, get_object_or_404(access.visible(by, rows), pk=which), by)
        return
    papers = access.visible(by, ItemPaper.objects.filter(item=found), Action.EDIT)
    paper: ItemPaper = get_object_or_404(papers.select_related("item__meeting", "version"), pk=which)
    if deed in ("paper-up", "paper-down"):
        agenda.move_paper(paper, by, "up" if deed == "paper-up" else "down")
    elif deed == "renew":
        agenda.renew_paper(paper, by)
    elif deed == "remove-paper":
        agenda.remove_paper(paper, by)


@require_POST
@committee_page(Resource.MEETINGS)
def note(request: CommitteeRequest, pk: int) -> HttpResponse:
    """Keep a note to oneself about a point."""
    rows = AgendaItem.objects.filter(meeting__committee=request.scope.committee).select_related(
        "meeting", "parent__case", "case"
    )
    found: AgendaItem = get_object_or_404(access.visible(request.user, rows), pk=pk)
    if not sees_draft(request.user, found.meeting):
        raise Http404("Punkten finns inte.")
    try:
        agenda.write_note(found, request.user, request.POST.get("text", ""))
    except ValidationError as error:
        messages.error(request, f"Anteckningen sparades inte: {' '.join(error.messages)}")
    else:
        messages.success(request, "Anteckningen är sparad. Bara du ser den.")
    return redirect(f"{request.scope.url('meetings:meeting', found.meeting_id)}#punkt-{pk}")
