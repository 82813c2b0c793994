"""What the secretary writes at an item: a form for each deed on one page, and taking back what was written."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import models
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST

from roder import access
from roder.access import Action, Resource
from roder.core.models import StaleRecordError
from roder.core.numbers import whole_number
from roder.meetings.models import (
    AgendaItem,
    Conflict,
    Election,
    Meeting,
    MinuteItem,
    Proposal,
    Reservation,
    Vote,
)
from roder.meetings.pages import session_forms as given
from roder.meetings.pages import session_show as show
from roder.meetings.rules.session import SessionFault
from roder.meetings.services import decisions, session
from roder.meetings.services.watch_times import WatchFault
from roder.organisation.models import Person
from roder.web.scope import CommitteeRequest, committee_page

Run = Callable[[AgendaItem, Person, Any], Any]


@dataclass(frozen=True)
class Deed:
    """Something that is written at an item: its form, and what is said when it is done."""

    form: type[given.ItemForm]
    run: Run
    done: str
    action: Action = Action.EDIT


def _decide(item: AgendaItem, by: Person, form: Any) -> MinuteItem:
    values = form.cleaned_data
    carried = None
    if "carried" in form.fields:
        chosen = {int(key) for key in values["carried"]}
        carried = {int(key): int(key) in chosen for key, _ in form.fields["carried"].choices}
    return session.decide(
        item, by, points=form.points(), outcome=values["outcome"], procedure=values["procedure"],
        recipients=values["recipients"], repeals=values["repeals"], immediate=values["immediate"], carried=carried,
        expected_revision=values["revision"], summary=_summary(item, by),
    )  # fmt: skip


def _summary(item: AgendaItem, by: Person) -> str | None:
    """The letter's summary, the first time: then it is the minutes'."""
    return None if MinuteItem.objects.filter(item=item).exists() else decisions.proposed_summary(item, by)


def _elect(item: AgendaItem, by: Person, form: Any) -> Election:
    return session.elect(item, by, **form.cleaned_data)


def _catch(item: AgendaItem, by: Person, form: Any) -> Any:
    values = form.cleaned_data
    paragraph = MinuteItem.objects.filter(item=item).exclude(outcome="").first()
    if paragraph is None:
        raise SessionFault("Punkten är inte beslutad än. Skriv beslutet först, sedan uppdraget.")
    return session.catch_assignment(
        paragraph, by, title=values["title"], what=values["what"], role=values["role"], unit=values["unit"],
        rhythms=values["when"],
    )  # fmt: skip


DEEDS: dict[str, Deed] = {
    "jav": Deed(
        given.ConflictForm,
        lambda item, by, form: session.declare_conflict(
            item, form.cleaned_data["member"], by, form.cleaned_data["reason"], form.cleaned_data["replaced_by"]
        ),
        "Jävet är antecknat.",
    ),
    "yrkande": Deed(
        given.ProposalForm,
        lambda item, by, form: session.propose(
            item, form.cleaned_data["kind"], form.cleaned_data["members"], form.cleaned_data["text"], by
        ),
        "Yrkandet är antecknat.",
    ),
    "votering": Deed(
        given.VoteForm,
        lambda item, by, form: session.start_vote(
            item, form.cleaned_data["yes_means"], form.cleaned_data["no_means"], by,
            closed=form.cleaned_data["closed"],
        ),
        "",
    ),
    "beslut": Deed(given.DecisionForm, _decide, "Beslutet är sparat.", Action.DECIDE),
    "reservation": Deed(
        given.ReservationForm,
        lambda item, by, form: session.reserve(
            item, form.cleaned_data["members"], form.cleaned_data["text"], by, kind=form.cleaned_data["kind"],
            written=form.cleaned_data["written"] or None,
        ),
        "Antecknat.",
    ),
    "val": Deed(given.ElectionForm, _elect, "Valet är antecknat, och uppdraget står i registret."),
    "uppdrag": Deed(given.AssignmentForm, _catch, "Uppdraget står på balanslistan."),
}  # fmt: skip


def _forms(item: AgendaItem, user: Any, bound: given.ItemForm | None) -> dict[str, given.ItemForm]:
    paragraph = MinuteItem.objects.filter(item=item).first()
    found: dict[str, given.ItemForm] = {}
    for slug, deed in DEEDS.items():
        if bound is not None and bound.prefix == slug:
            found[slug] = bound
            continue
        initial = given.decision_initial(item, user, paragraph) if slug == "beslut" else None
        found[slug] = deed.form(item, user, prefix=slug, **({"initial": initial} if initial else {}))
    return found


def editor(
    request: CommitteeRequest,
    item: AgendaItem,
    bound: given.ItemForm | None = None,
    *,
    clash: list[tuple[str, str]] | None = None,
    error: str = "",
    status: int = 200,
) -> HttpResponse:
    """The page of a point for the one who writes: everything that may be noted, one thing under another."""
    shown = show.lines(item.meeting, request.user, item)
    before, after = show.neighbours(shown, item)
    conflict = session.suggested_replacement
    context = {
        **show.item_context(item, request.user),
        "meeting": item.meeting, "lines": shown, "before": before, "after": after, "editing": True,
        "number": next((one.number for one in shown if one.current), ""),
        "presence": show.presence_summary(item.meeting), "forms": _forms(item, request.user, bound),
        "opened": bound.prefix if bound is not None else "", "clash": clash or [], "error": error,
        "union": session.union_reminder(item), "is_open": item.meeting.state == Meeting.State.OPEN,
        "suggested": session.proposed_procedure(item, _outcome(item)),
        "may_decide": access.may(request.user, Action.DECIDE, item.meeting),
        "replacements": [(one, found) for one in session.serving_at(item) if (found := conflict(item, one))][:1],
        "watches": list(access.visible(request.user, _watches(item))),
    }  # fmt: skip
    return render(request, "meetings/session_item.html", context, status=status)


def _watches(item: AgendaItem) -> models.QuerySet[Any]:
    from roder.meetings.models import Watch  # noqa: PLC0415 - only here

    return Watch.objects.filter(paragraph__item=item)


def _outcome(item: AgendaItem) -> str:
    return MinuteItem.objects.filter(item=item).values_list("outcome", flat=True).first() or ""


@require_POST
@committee_page(Resource.MEETINGS)
def deed_page(request: CommitteeRequest, pk: int, slug: str) -> HttpResponseBase:
    """Write one thing at a point. What is wrong comes back at its field, with all that was typed."""
    item = show.find_item(request, pk)
    deed = DEEDS.get(slug)
    if deed is None:
        raise Http404("Sidan finns inte.")
    access.require(request.user, deed.action, item)
    form = deed.form(item, request.user, request.POST, prefix=slug)
    if "fler" in request.POST:
        return _one_more(request, item)
    if not form.is_valid():
        return editor(request, item, form, status=422)
    try:
        done = deed.run(item, request.user, form)
    except StaleRecordError as stale:
        return _stale(request, item, form, stale)
    except (SessionFault, WatchFault) as fault:
        _put(form, fault.field, str(fault))
        return editor(request, item, form, status=422)
    except ValidationError as error:
        for name, said in getattr(error, "message_dict", {"": error.messages}).items():
            _put(form, name, " ".join(said))
        return editor(request, item, form, status=422)
    if deed.done:
        messages.success(request, deed.done)
    if isinstance(done, Vote):
        return redirect(request.scope.url("meetings:vote", done.pk))
    return redirect(f"{request.scope.url('meetings:session_item', item.pk)}#{slug}")


def _put(form: given.ItemForm, field: str, message: str) -> None:
    name = "point-1" if field == "points" else field
    form.add_error(name if name in form.fields else None, message)


def _one_more(request: CommitteeRequest, item: AgendaItem) -> HttpResponse:
    """One more row for a decision point, without JavaScript: nothing is saved and nothing lost."""
    values = {
        name.removeprefix("beslut-"): value for name, value in request.POST.items() if isinstance(value, str)
    }
    points = [value for name, value in sorted(values.items(), key=_order) if name.startswith("point-")]
    more = given.DecisionForm(
        item, request.user, prefix="beslut",
        initial={**values, "points": [*points, ""], "carried": request.POST.getlist("beslut-carried")},
    )  # fmt: skip
    return editor(request, item, more)


def _order(pair: tuple[str, str]) -> int:
    return whole_number(pair[0].removeprefix("point-")) or 0


def _stale(
    request: CommitteeRequest, item: AgendaItem, form: given.ItemForm, stale: StaleRecordError
) -> HttpResponse:
    """Somebody else was first: both texts, and the form as it was typed over what stands now."""
    now = stale.current
    clash: list[tuple[str, str]] = []
    if isinstance(now, MinuteItem):
        clash = [
            ("Beslut", now.decided), ("Utfall", now.get_outcome_display()), ("Beslutsgång", now.procedure),
            ("Skickas till", given.recipients_text(now.recipients)),
        ]  # fmt: skip
        data = request.POST.copy()
        data["beslut-revision"] = str(now.revision)
        form = given.DecisionForm(item, request.user, data, prefix="beslut")
    return editor(request, item, form, clash=[one for one in clash if one[1]], status=409)


# --- taking back ------------------------------------------------------------------------------------------------------

UNDO: dict[str, tuple[type[models.Model], Callable[[Any, Person], Any], str]] = {
    "jav": (Conflict, session.withdraw_conflict, "Jävet är borttaget."),
    "yrkande": (Proposal, session.withdraw_proposal, "Yrkandet är återtaget."),
    "votering": (Vote, session.cancel_vote, "Voteringen är borttagen."),
    "reservation": (Reservation, session.withdraw_reservation, "Borttaget."),
    "val": (Election, session.withdraw_election, "Valet är borttaget, och den som satt förut sitter kvar."),
}


@require_POST
@committee_page(Resource.MEETINGS)
def undo_page(request: CommitteeRequest, pk: int, slug: str, row: int) -> HttpResponseBase:
    """Take back something that was noted at a point."""
    item = show.find_item(request, pk)
    if slug not in UNDO:
        raise Http404("Sidan finns inte.")
    model, deed, done = UNDO[slug]
    access.require(request.user, Action.EDIT, item)
    found = get_object_or_404(access.visible(request.user, model._default_manager.filter(item=item)), pk=row)
    try:
        deed(found, request.user)
    except SessionFault as fault:
        return editor(request, item, error=str(fault), status=422)
    messages.success(request, done)
    return redirect(f"{request.scope.url('meetings:session_item', item.pk)}#{slug}")
