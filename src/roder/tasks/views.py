"""Att göra, sena uppgifter, a task, an action, notices, deputies and the calendar."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django.apps import apps
from django.conf import settings
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import Count, Model
from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from roder import access
from roder.access.matrix import Action as Right
from roder.access.matrix import Resource
from roder.access.rights import NotAllowedError
from roder.core.register import history
from roder.organisation.models import Person
from roder.tasks import actions, attest, feed, kinds, listing
from roder.tasks.addresses import addresses, subject_address
from roder.tasks.forms import DoneForm, DropForm, EffectForm, NoteForm
from roder.tasks.models import LIVE, TURN, Action, Feed, Notice, State, Task
from roder.tasks.owners import committee_of
from roder.tasks.pages.tabs import tabs
from roder.tasks.whose import standing_in
from roder.web.forms import tell
from roder.web.scope import page

DONE_DAYS, DONE_SHOWN = 14, 20


@page()
def mine(request: HttpRequest) -> HttpResponse:
    """What I have to do: the late first, then by time; what waits for my approval; what I did lately."""
    user: Any = request.user
    shown = listing.page_of(listing.open_for(user), request.GET.get("sida"))
    since = timezone.now() - timedelta(days=DONE_DAYS)
    done = Task.objects.filter(closed_by=user.pk, closed_at__gte=since, state=State.DONE)
    done = done.select_related("unit", "committee", "person").order_by("-closed_at")[:DONE_SHOWN]
    lines = listing.lines(shown)
    away = standing_in(user, [line.task for line in lines])
    own = [line for line in lines if line.task.pk not in away]
    context = {
        "shown": shown,
        "late": [line for line in own if line.late],
        "coming": [line for line in own if not line.late],
        "for_others": _for_others([line for line in lines if line.task.pk in away], away),
        "attest": listing.lines(listing.to_attest_for(user)[:100]),
        "waiting": listing.lines(listing.waiting_for(user)[:100]),
        "done": listing.lines(done),
        "pages": list(shown.paginator.get_elided_page_range(shown.number)),
        "tab": "mine",
        **tabs(request),
    }
    return render(request, "tasks/mine.html", context)


def _for_others(
    lines: list[listing.Line], away: dict[int, Person]
) -> list[tuple[Person, list[listing.Line]]]:
    """The tasks that are mine only as a deputy, by whom I stand in for."""
    found: dict[int, tuple[Person, list[listing.Line]]] = {}
    for line in lines:
        person = away[line.task.pk]
        found.setdefault(person.pk, (person, []))[1].append(line)
    return sorted(found.values(), key=lambda one: (one[0].name, one[0].pk))


@page(Resource.TASKS, Right.EDIT)
def late(request: HttpRequest) -> HttpResponse:
    """What is late in the parts of the organisation that I lead, the oldest first. ``?slag=`` one kind only."""
    rows = access.visible(request.user, Task.objects.all(), Right.EDIT).filter(
        state__in=TURN, paused_at=None, due_at__lte=timezone.now()
    )
    counts = list(rows.order_by().values("kind").annotate(count=Count("pk")).order_by("-count", "kind"))
    wanted = request.GET.get("slag", "")
    if wanted:
        rows = rows.filter(kind=wanted.replace("\0", ""))
    rows = rows.select_related("unit", "committee", "person").order_by("due_at", "pk")
    shown = listing.page_of(rows, request.GET.get("sida"))
    context = {
        "shown": shown,
        "lines": listing.lines(shown),
        "kinds": [(one["kind"], kinds.known(one["kind"]).label, one["count"]) for one in counts],
        "total": sum(one["count"] for one in counts),
        "wanted": wanted,
        "pages": list(shown.paginator.get_elided_page_range(shown.number)),
        "tab": "late",
        **tabs(request),
    }
    return render(request, "tasks/late.html", context)


# --- a task --------------------------------------------------------------------------------------------------------


def _task(request: HttpRequest, pk: int) -> Task:
    """A task that the person may see: their own, to approve, or in their part of the organisation."""
    user: Any = request.user
    row = get_object_or_404(Task.objects.select_related("unit", "committee", "person"), pk=pk)
    mine = (listing.open_for(user), listing.to_attest_for(user), listing.waiting_for(user))
    if not access.may(user, Right.VIEW, row) and not any(rows.filter(pk=pk).exists() for rows in mine):
        raise Http404("Uppgiften finns inte.")
    return row


@page()
def task(request: HttpRequest, pk: int) -> HttpResponse:
    """One task: whose, when, how far, and what has happened to it."""
    row = _task(request, pk)
    return _show_task(request, row, NoteForm(initial={"revision": row.revision}))


def _show_task(request: HttpRequest, row: Task, form: NoteForm, status: int = 200) -> HttpResponse:
    user: Any = request.user
    declared = kinds.known(row.kind)
    [line] = listing.lines([row])
    turn = row.state in TURN and listing.open_for(user).filter(pk=row.pk).exists()
    attest_turn = row.state == State.READY and listing.to_attest_for(user).filter(pk=row.pk).exists()
    waits = row.state == State.WAITING and "text" in (row.condition or {})
    subject = row.subject  # who opened a task is who reported the case, for some of them
    knows = subject is None or not hasattr(type(subject), "Access") or _may(user, Right.VIEW, subject)
    context = {
        "task": row,
        "line": line,
        "elsewhere": line.url if line.url != reverse("tasks:task", args=[row.pk]) else "",
        "form": form,
        "by_hand": turn and declared.by_hand,
        "attests": attest_turn and row.ready_by_id != user.pk,
        "confirms": waits and listing.waiting_for(user).filter(pk=row.pk).exists(),
        "events": history.of(row) if knows else [],
        "knows": knows,
        "live": row.state in LIVE,
    }
    return render(request, "tasks/task.html", context, status=status)


def _by_hand(
    request: HttpRequest, pk: int, deed: Callable[[Task, Person, str, int | None], Task], said: str
) -> HttpResponseBase:
    """Do a deed with the note of the form; what is refused is said at the form with the text still in it."""
    user: Any = request.user
    row = _task(request, pk)
    form = NoteForm(request.POST)
    if form.is_valid():
        try:
            deed(row, user, form.cleaned_data["note"], form.cleaned_data["revision"])
        except ValidationError as error:
            tell(form, error)
        else:
            messages.success(request, said)
            return redirect("tasks:mine") if "lista" in request.POST else redirect("tasks:task", pk=pk)
    row.refresh_from_db()
    return _show_task(request, row, form, status=422)


@require_POST
@page()
def ready(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Mark a task of mine as ready."""
    return _by_hand(
        request, pk, lambda row, by, note, seen: attest.mark_ready(row, by, note, expected_revision=seen),
        "Uppgiften är klarmarkerad.",
    )  # fmt: skip


@require_POST
@page()
def approve(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Approve what somebody has marked ready."""
    return _by_hand(
        request, pk, lambda row, by, note, seen: attest.approve(row, by, note, expected_revision=seen),
        "Uppgiften är godkänd.",
    )  # fmt: skip


@require_POST
@page()
def give_back(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Give back what somebody has marked ready, with what is missing."""
    return _by_hand(
        request, pk, lambda row, by, note, seen: attest.return_task(row, by, note, expected_revision=seen),
        "Uppgiften är återlämnad. Den som har den har fått veta det.",
    )  # fmt: skip


@require_POST
@page()
def confirm(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Confirm what a task of mine waits for."""
    return _by_hand(
        request, pk, lambda row, by, note, seen: attest.confirm_condition(row, by), "Villkoret är bekräftat."
    )


# --- an action -----------------------------------------------------------------------------------------------------


def _may(user: Any, right: Right, subject: Model) -> bool:
    """Whether the person may do that to what an action is about; who has only reported it may not see what was done."""
    if not hasattr(type(subject), "Access"):
        return False
    rows = type(subject)._base_manager.filter(pk=subject.pk)
    return access.visible(user, rows, right, own=False).exists()


def _action(request: HttpRequest, pk: int) -> tuple[Action, bool]:
    """An action that the person may see, and whether they may change it: those who may change what it is about, and
    its owner."""
    user: Any = request.user
    row = get_object_or_404(
        Action.objects.select_related("unit", "committee", "person", "done_by", "effect_by", "follows"), pk=pk
    )
    subject = row.subject
    own = listing.open_for(user).filter(subject_kind="tasks.action", subject_id=row.pk).exists()
    edits = own or (
        subject is not None and _may(user, Right.EDIT, subject) and kinds.may_change_action(row, user)
    )
    if not edits and not (subject is not None and _may(user, Right.VIEW, subject)):
        raise Http404("Åtgärden finns inte.")
    return row, edits


@page()
def action(request: HttpRequest, pk: int) -> HttpResponse:
    """One action: the finding, what is done about it, and its effect."""
    row, edits = _action(request, pk)
    return _show_action(request, row, edits)


def _show_action(request: HttpRequest, row: Action, edits: bool, **forms: Form) -> HttpResponse:
    context = {
        "action": row,
        "subject_url": subject_address(row.subject_kind, row.subject, row.committee),
        "edits": edits and not row.finished,
        "done_form": forms.get("done") or DoneForm(prefix="klar"),
        "effect_form": forms.get("effect") or EffectForm(row, prefix="effekt"),
        "drop_form": forms.get("drop") or DropForm(prefix="stryk"),
        "events": history.of(row),
    }
    return render(request, "tasks/action.html", context, status=422 if forms else 200)


def _change_action(
    request: HttpRequest, pk: int, name: str, make: Callable[[Action], Form],
    deed: Callable[[Action, Person, dict[str, Any]], Action], said: str,
) -> HttpResponseBase:  # fmt: skip
    user: Any = request.user
    row, edits = _action(request, pk)
    if not edits:
        raise NotAllowedError("Åtgärden är inte din att ändra.")
    form = make(row)
    if form.is_valid():
        try:
            deed(row, user, form.cleaned_data)
        except ValidationError as error:
            tell(form, error)
        else:
            messages.success(request, said)
            return redirect("tasks:action", pk=pk)
    return _show_action(request, row, edits, **{name: form})


@require_POST
@page()
def action_done(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Write down that an action is done."""
    return _change_action(
        request, pk, "done", lambda _: DoneForm(request.POST, prefix="klar"),
        lambda row, by, data: actions.action_done(row, by, data["note"]), "Åtgärden är markerad som genomförd.",
    )  # fmt: skip


@require_POST
@page()
def action_effect(request: HttpRequest, pk: int) -> HttpResponseBase:
    """State the effect of an action."""
    return _change_action(
        request, pk, "effect", lambda row: EffectForm(row, request.POST, prefix="effekt"),
        lambda row, by, data: actions.state_effect(row, by, data["effect"], data["effect_text"]),
        "Effekten är bedömd.",
    )  # fmt: skip


@require_POST
@page()
def action_drop(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Strike an action."""
    return _change_action(
        request, pk, "drop", lambda _: DropForm(request.POST, prefix="stryk"),
        lambda row, by, data: actions.drop_action(row, by, data["dropped_reason"]), "Åtgärden är struken.",
    )  # fmt: skip


# --- notices -------------------------------------------------------------------------------------------------------


@page()
def notice_list(request: HttpRequest) -> HttpResponseBase:
    """What I have been told, latest first. A POST marks all of it as read."""
    user: Any = request.user
    rows = Notice.objects.filter(recipient=user.pk)
    if request.method == "POST":
        rows.filter(read_at=None).update(read_at=timezone.now())
        return redirect("tasks:notices")
    shown = listing.page_of(rows.order_by("-at", "-pk"), request.GET.get("sida"))  # type: ignore[arg-type]
    context = {
        "shown": shown,
        "pages": list(shown.paginator.get_elided_page_range(shown.number)),
        "tab": "notices",
        **tabs(request),
    }
    return render(request, "tasks/notices.html", context)


@page()
def notice(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Open what a notice is about, and mark it as read: the address that letters give."""
    user: Any = request.user
    row = get_object_or_404(Notice.objects.select_related("task"), pk=pk, recipient=user.pk)
    if row.read_at is None:
        Notice.objects.filter(pk=pk, read_at=None).update(read_at=timezone.now())
    return redirect(_notice_address(row) or "tasks:notices")


def _notice_address(row: Notice) -> str:
    if row.task is not None:
        return addresses([row.task])[row.task.pk]
    if not row.subject_kind:
        return ""
    subject = apps.get_model(row.subject_kind)._base_manager.filter(pk=row.subject_id).first()
    return subject_address(row.subject_kind, subject, committee_of(subject)) if subject is not None else ""


# --- the calendar --------------------------------------------------------------------------------------------------


@page()
def calendar(request: HttpRequest) -> HttpResponseBase:
    """Make, replace or close the address of my calendar. It is shown once, when it is made."""
    user: Any = request.user
    address = ""
    if request.method == "POST":
        if "stang" in request.POST:
            feed.close(user)
            messages.success(request, "Adressen fungerar inte längre.")
            return redirect("tasks:calendar")
        address = settings.BASE_URL + reverse("tasks:feed", args=[feed.make_address(user)])
    made = Feed.objects.filter(person=user.pk).first()
    context = {"address": address, "made": made, "tab": "calendar", **tabs(request)}
    return render(request, "tasks/calendar.html", context)


@require_safe
@never_cache
def calendar_feed(request: HttpRequest, token: str) -> HttpResponse:
    """The calendar behind a secret address. No login: calendars cannot log in."""
    person = feed.person_of(token)
    if person is None:
        raise Http404("Kalendern finns inte.")
    answer = HttpResponse(feed.text(person), content_type="text/calendar; charset=utf-8")
    answer["Content-Disposition"] = 'inline; filename="roder.ics"'
    answer["Referrer-Policy"] = "no-referrer"
    return answer
