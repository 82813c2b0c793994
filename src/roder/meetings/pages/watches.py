"""The pages of the balance list: the list as the committee reads it, a row with its history, and what may be done."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from itertools import groupby
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST

from roder import access
from roder.access.matrix import Action, Resource
from roder.core.numbers import whole_number
from roder.core.words import MONTHS
from roder.meetings.models import AgendaItem, Case, MinuteItem, Rhythm, Watch, WatchReport
from roder.meetings.pages.watch_forms import (
    EndForm,
    FilterForm,
    NoteForm,
    ReportForm,
    WatchForm,
    WhyForm,
    mended,
)
from roder.meetings.papers.balance_list import document_of, rows_on
from roder.meetings.services import watch_list, watches
from roder.meetings.services.watch_list import Line
from roder.organisation.models import Unit
from roder.reports.render import MEDIA_TYPES, draw
from roder.web.deeds import tried
from roder.web.forms import DeedForm
from roder.web.scope import CommitteeRequest, committee_page
from roder.web.search import query_of, words_in

LIVE = (Watch.State.OPEN, Watch.State.PAUSED)
NOT_NOW = "Det går inte i uppdragets läge, eller med dina mandat. Så här ser det ut nu."


def _watches(request: CommitteeRequest) -> QuerySet[Watch]:
    return access.visible(request.user, Watch.objects.filter(committee=request.scope.committee))


@committee_page(Resource.WATCHES)
def balance_list(request: CommitteeRequest) -> HttpResponse:
    """The list: filtered and grouped, with what is late and what waits; and in numbers. Constant number of queries."""
    every = _watches(request)
    live = watch_list.lines(every.filter(state__in=LIVE))
    form = FilterForm(
        request.GET or None,
        responsible=sorted({line.watch.responsible for line in live if line.watch.responsible}),
    )
    wanted = form.cleaned_data if form.is_valid() else {}
    shown = _filtered(every, live, wanted)
    context = {
        "groups": _grouped(shown, wanted.get("grupp", "")),
        "count": len(shown),
        "form": form,
        "filtered": any(value for name, value in wanted.items() if name != "grupp"),
        "sums": watch_list.sums(every, live),
        "edits": request.scope.may(Action.EDIT, Resource.WATCHES),
        "today": timezone.localdate(),
        "formats": list(MEDIA_TYPES),
    }
    return render(request, "meetings/watches.html", context)


def _filtered(every: QuerySet[Watch], live: list[Line], wanted: dict[str, Any]) -> list[Line]:
    """The rows that the filters leave."""
    state = wanted.get("lage", "")
    shown = watch_list.lines(every.exclude(state__in=LIVE)) if state == "klara" else live
    if state == "sena":
        shown = [line for line in shown if line.late]
    elif state == "villkor":
        shown = [line for line in shown if line.waits]
    elif state == "pausade":
        shown = [line for line in shown if line.watch.state == Watch.State.PAUSED]
    if kind := wanted.get("slag"):
        shown = [line for line in shown if any(beat.kind == kind for beat in line.beats)]
    if origin := wanted.get("kommer"):
        shown = [line for line in shown if line.watch.origin == origin]
    if who := wanted.get("ansvarig"):
        shown = [line for line in shown if line.watch.responsible == who]
    if text := wanted.get("q"):
        query = query_of(words_in(text))
        found = set(every.filter(search=query.expression).values_list("pk", flat=True)) if query else set()
        shown = [line for line in shown if line.watch.pk in found]
    return shown


def _grouped(shown: list[Line], by: str) -> list[tuple[str, list[Line]]]:
    """The rows under headings: none, the month they come next, or who answers for them."""
    if by == "ansvarig":
        rows = sorted(shown, key=lambda line: (line.watch.responsible, line.watch.position))
        return [(who, list(part)) for who, part in groupby(rows, key=lambda line: line.watch.responsible)]
    if by == "nasta":
        rows = sorted(
            shown, key=lambda line: (not line.late, line.due is None, line.due or timezone.localdate())
        )
        return [(when, list(part)) for when, part in groupby(rows, key=_when)]
    return [("", shown)] if shown else []


def _when(line: Line) -> str:
    if line.watch.state == Watch.State.PAUSED:
        return "Vilar"
    if line.late:
        return "Försenade"
    if line.due is None:
        return "Väntar på villkor" if line.waits else "Ingen tid"
    return f"{MONTHS[line.due.month - 1].capitalize()} {line.due.year}"


@committee_page(Resource.WATCHES)
def download(request: CommitteeRequest, form: str) -> HttpResponse:
    """The list of today as a file, with what the person may see."""
    if form not in MEDIA_TYPES:
        raise Http404("Formatet finns inte.")
    today, committee = timezone.localdate(), request.scope.committee
    document = document_of(committee, today, rows_on(committee, today, request.user))
    access.record(request.user, "exported", f"{committee.slug}/balanslista", format=form)
    answer = HttpResponse(draw(document, form), content_type=MEDIA_TYPES[form])
    answer["Content-Disposition"] = f'attachment; filename="balanslista-{today.isoformat()}.{form}"'
    return answer


@committee_page(Resource.WATCHES, Action.EDIT)
def new(request: CommitteeRequest) -> HttpResponse:
    """Take something up; from a case or a paragraph (``?arende=``, ``?paragraf=``) it is filled in."""
    scope, initial = request.scope, dict[str, Any]()
    case = _picked(request, Case.objects.filter(committee=scope.committee), "arende")
    paragraph = _picked(
        request, MinuteItem.objects.filter(item__meeting__committee=scope.committee), "paragraf"
    )
    if paragraph is not None:
        case = case or paragraph.item.case
        number = f"§ {paragraph.number}" if paragraph.number else ""
        initial = {
            "title": paragraph.heading,
            "section": number,
            "decided_on": paragraph.item.meeting.date.isoformat(),
        }
    if case is not None:
        initial = {"title": case.title, "number_text": case.number, **initial}
    form = WatchForm(request.POST or None, committee=scope.committee, by=request.user, initial=initial)
    made: list[Watch] = []

    def add(_: dict[str, Any]) -> None:
        add_it = partial(watches.add_watch, scope.committee, by=request.user, rhythms=form.plans)
        made.append(add_it(**form.values(), case=case, paragraph=paragraph))

    if request.method == "POST" and form.try_to(mended(add)):
        messages.success(request, "Uppdraget står på balanslistan.")
        return redirect(scope.url("meetings:watch", made[0].pk))
    context = {"form": form, "case": case, "back": scope.url("meetings:watches")}
    return render(request, "meetings/watch_edit.html", context, status=form.status)


def _picked(request: CommitteeRequest, rows: QuerySet[Any], name: str) -> Any:
    """The record that the address names, if the person may see it."""
    asked = whole_number(request.GET.get(name))
    return access.visible(request.user, rows).filter(pk=asked).first() if asked is not None else None


@committee_page(Resource.WATCHES, Action.EDIT)
def edit(request: CommitteeRequest, pk: int) -> HttpResponse:
    """Change a row. A second saver sees both texts."""
    watch = get_object_or_404(_watches(request), pk=pk)
    back = request.scope.url("meetings:watch", pk)
    form = WatchForm(
        request.POST or None, committee=watch.committee, by=request.user, initial=WatchForm.initial_of(watch)
    )

    def save(said: dict[str, Any]) -> None:
        watches.change_watch(
            Watch.objects.get(pk=pk), request.user, said["revision"] or 0, rhythms=form.plans, **form.values()
        )

    if request.method == "POST" and form.try_to(mended(save)):
        messages.success(request, "Sparat.")
        return redirect(back)
    context = {"form": form, "watch": watch, "back": back, "theirs": _theirs(form)}
    return render(request, "meetings/watch_edit.html", context, status=form.status)


def _theirs(form: WatchForm) -> list[tuple[str, str, str]]:
    """What somebody else saved in between, field by field beside what was typed."""
    if not isinstance(form.other, Watch):
        return []
    theirs = WatchForm.initial_of(form.other)
    found = []
    for name, field in form.fields.items():
        typed, stored = str(form.data.get(name, "")), theirs.get(name)
        text = str(stored.pk) if isinstance(stored, Unit) else str(stored or "")
        if name != "revision" and typed.replace("\r", "") != text:
            said = str(stored) if stored else "–"
            choices = dict(getattr(field, "choices", [])) if name in ("role", "origin") else {}
            found.append((str(field.label), str(choices.get(text, said)), str(choices.get(typed, typed))))
    return found


Deed = tuple[Callable[..., DeedForm], Callable[[dict[str, Any]], Any], str]


def _deeds(request: CommitteeRequest, watch: Watch, line: Line) -> dict[str, Deed]:
    """The small deeds of a row's page that can be done now by the person: form, deed, what is said."""
    by = request.user
    waiting = [beat.rhythm for beat in line.beats if beat.waits]
    found: dict[str, Deed] = {}
    if waiting and access.may(by, Action.COMMENT, watch):
        found["haller"] = (
            NoteForm,
            lambda said: [watches.condition_holds(one, by, note=said["note"]) for one in waiting],
            "Noterat. Frågan kommer igen om ett år.",
        )
    if not access.may(by, Action.EDIT, watch):
        return found
    if waiting:
        found["uppfyllt"] = (
            NoteForm,
            lambda said: [watches.condition_came(one, by, note=said["note"]) for one in waiting],
            "Villkoret är uppfyllt. Tiden räknas från i dag.",
        )
    if watch.state in LIVE:
        found["redovisa"] = (
            partial(ReportForm, watch=watch),
            lambda said: _report(watch, by, said),
            "Redovisningen är noterad.",
        )
    if watch.state == Watch.State.OPEN:
        found["pausa"] = (
            partial(WhyForm, label="Varför vilar uppdraget?"),
            lambda said: watches.pause_watch(watch, by, said["why"]),
            "Uppdraget vilar.",
        )
    if watch.state == Watch.State.PAUSED:
        found["ateruppta"] = (
            DeedForm,
            lambda said: watches.resume_watch(watch, by),
            "Uppdraget bevakas igen. Tiden räknas från i dag.",
        )
    if watch.state in LIVE:
        end = partial(watches.finish_watch, watch, by)
        found["avsluta"] = (
            partial(EndForm, label="Hur avslutades uppdraget?"),
            lambda said: end(said["why"], on=said["on"]),
            "Uppdraget är klart.",
        )
        found["stryk"] = (
            partial(WhyForm, label="Varför stryks uppdraget?"),
            lambda said: end(said["why"], dropped=True),
            "Uppdraget är struket.",
        )
    return found


def _report(watch: Watch, by: Any, said: dict[str, Any]) -> None:
    rhythm: Rhythm | None = said.get("rhythm")
    if said["finished"] and not said["note"]:
        raise ValidationError({"note": "Skriv vad som redovisades när uppdraget avslutas."})
    with transaction.atomic():  # a report that was to end the watch is not written when it cannot be ended
        watches.report_watch(watch, by, on=said["on"], note=said["note"], rhythm=rhythm)
        if said["finished"]:
            watch.refresh_from_db()
            watches.finish_watch(watch, by, said["note"], on=max(said["on"], watch.opened_on))


@committee_page(Resource.WATCHES)
def watch_page(request: CommitteeRequest, pk: int) -> HttpResponse:
    """A row: what was decided, when it comes, what has been reported, how it ended; and what may be done."""
    rows = _watches(request).select_related("case", "paragraph__item__meeting", "unit", "committee")
    watch = get_object_or_404(rows, pk=pk)
    line = watch_list.lines(_watches(request).filter(pk=pk))[0]
    possible = {
        name: (kind, mended(deed), said) for name, (kind, deed, said) in _deeds(request, watch, line).items()
    }
    done = tried(request, possible, not_now=NOT_NOW)
    if done.answer is not None:
        return done.answer
    edits = access.may(request.user, Action.EDIT, watch)
    context = {
        "watch": watch,
        "line": line,
        "deeds": done.forms,
        "edits": edits and watch.state in LIVE,
        "reports": _reports(request, watch),
        "items": watches.ended_items(watch, request.user) if edits and watch.state in LIVE else [],
        "paragraph": _seen(request, watch.paragraph),
        "case": _seen(request, watch.case),
        "open_more": any(
            form.errors for name, form in done.forms.items() if name in ("pausa", "avsluta", "stryk")
        ),
    }
    return render(request, "meetings/watch.html", context, status=done.status)


def _seen(request: CommitteeRequest, record: Any) -> Any:
    return record if record is not None and access.may(request.user, Action.VIEW, record) else None


def _reports(request: CommitteeRequest, watch: Watch) -> list[tuple[WatchReport, AgendaItem | None]]:
    """The reports, latest first, each with the item that it was reported at, for those who may see that."""
    found = list(watch.reports.select_related("rhythm", "item__meeting", "meeting__body"))
    items = AgendaItem.objects.filter(pk__in=[one.item_id for one in found if one.item_id])
    seen = set(access.visible(request.user, items).values_list("pk", flat=True))
    return [(one, one.item if one.item_id in seen else None) for one in found]


@require_POST
@committee_page(Resource.WATCHES, Action.EDIT)
def report_item(request: CommitteeRequest, pk: int, item: int) -> HttpResponse:
    """One click: the watch was reported at an item of a meeting that has ended."""
    watch = get_object_or_404(_watches(request), pk=pk)
    point = get_object_or_404(
        access.visible(request.user, AgendaItem.objects.select_related("meeting")), pk=item
    )
    if point not in watches.ended_items(watch, request.user):
        messages.warning(request, "Punkten är redan redovisad, eller sammanträdet är inte avslutat.")
    else:
        try:
            watches.report_watch(watch, request.user, on=point.meeting.date, item=point)
            messages.success(request, f"Redovisat den {point.meeting.date.isoformat()}: {point.title}.")
        except watches.WatchFault as fault:
            messages.warning(request, str(fault))
    return redirect(request.scope.url("meetings:watch", pk))
