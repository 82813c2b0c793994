"""The pages of complaints and suggestions, for those who handle them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone

from roder import access, tasks
from roder.access.matrix import Action, Resource
from roder.core.register import history
from roder.quality import case_actions
from roder.quality.models import Complaint
from roder.quality.pages import complaint_forms as forms
from roder.quality.pages.case_words import NOT_NOW
from roder.quality.pages.complaint_register import TONES
from roder.quality.rules.complaints import can_be_answered, must_be_answered
from roder.quality.rules.complaints import unanswered as is_unanswered
from roder.quality.services import complaint_care as care
from roder.quality.services import complaints as services
from roder.quality.services.terms import model_on
from roder.web.deeds import tried
from roder.web.forms import ActionForm, DeedForm
from roder.web.scope import CommitteeRequest, Scope, committee_page

State = Complaint.State
Deed = tuple[Callable[..., DeedForm], Callable[[Any], Any], str]
#: changes that tell who it is from, which are for those who may edit
PRIVATE = {"Namn", "E-post eller telefon"}


def _rows(request: CommitteeRequest, action: Action = Action.VIEW) -> QuerySet[Complaint]:
    rows = Complaint.objects.filter(committee=request.scope.committee).defer("search")
    return access.visible(request.user, rows, action).select_related(
        "unit", "service_area", "committee", "answered_by"
    )


def _days(scope: Scope) -> int | None:
    model = model_on(scope.committee, timezone.localdate())
    return model.complaints.unanswered_days if model and model.complaints else None


@committee_page(Resource.COMPLAINTS, Action.EDIT)
def register(request: CommitteeRequest) -> HttpResponse:
    """Register what came by post, e-mail, telephone, through staff or from IVO."""
    scope = request.scope
    form = forms.RegisterForm(request.POST or None, committee=scope.committee)
    made: list[Complaint] = []
    if request.method == "POST" and form.try_to(
        lambda _: made.append(services.register(scope.committee, request.user, form.received()))
    ):
        messages.success(request, f"Registrerat med nummer {made[0].number}.")
        seen = access.may(request.user, Action.VIEW, made[0])
        return redirect(scope.url("quality:complaint", made[0].pk) if seen else scope.url("quality:klagomal"))
    context = {"form": form, "back": scope.url("quality:klagomal")}
    return render(request, "quality/complaint_register.html", context, status=form.status)


@committee_page(Resource.COMPLAINTS)
def case(request: CommitteeRequest, pk: int) -> HttpResponse:
    """A complaint with what it is about, what was answered and done, and the deeds that are possible now."""
    row = get_object_or_404(_rows(request), pk=pk)
    edits = access.may(request.user, Action.EDIT, row)
    initial = {"revision": row.revision, "action": row.action, "unit": row.unit_id}
    done = tried(request, _deeds(request, row) if edits else {}, initial, not_now=NOT_NOW)
    if done.answer is not None:
        return done.answer
    days = _days(request.scope)
    context = {
        "case": row,
        "tone": TONES.get(row.state, "none"),
        "edits": edits,
        "may_answer": row.state != State.CLOSED
        and can_be_answered(row.anonymous)
        and access.may(request.user, Action.COMMENT, row),
        "must_be_answered": must_be_answered(row.kind, row.anonymous),
        "late": is_unanswered(
            _local(row.acknowledged_at), _local(row.answered_at), row.anonymous, timezone.localdate(), days
        ),
        "days": days,
        "complainant": dict(forms.complainants_of(row.committee)).get(row.complainant, row.complainant),
        "matters": [
            one.subject for one in row.matters.select_related("subject").order_by("subject__position")
        ],
        "deviations": care.deviations_of(row, request.user),
        "actions": tasks.actions_of(row),
        "deeds": done.forms,
        "history": _history(row, edits),
    }
    return render(request, "quality/complaint_case.html", context, status=done.status)


def _moment(row: Complaint, at: datetime | None) -> datetime | None:
    """A moment of a form, which has minutes only: within the minute that it came in it is the moment it came in."""
    if at is not None and at == row.received_at.replace(second=0, microsecond=0):
        return row.received_at
    return at


def _local(moment: Any) -> Any:
    return timezone.localdate(moment) if moment else None


def _history(row: Complaint, edits: bool) -> list[history.Event]:
    """What was done with it; who it is from only for those who may edit."""
    found = history.of(row)
    if edits:
        return found
    return [
        history.Event(one.at, one.who, one.deed, tuple(c for c in one.changes if c.title not in PRIVATE))
        for one in found
    ]


def _deeds(request: CommitteeRequest, row: Complaint) -> dict[str, Deed]:
    """The deeds of the case page that its state allows: form, what it does, and what is said when it is done."""
    by = request.user
    note: Deed = (
        forms.NoteForm,
        lambda said: services.note_action(row, by, said["action"], expected_revision=said["revision"] or 0),
        "Det som gjordes är inskrivet.",
    )
    erase: Deed = (DeedForm, lambda _: care.erase_contact(row, by), "Namn och kontakt är raderade.")
    reopen: Deed = (
        forms.ReasonForm, lambda said: services.reopen(row, by, said["reason"]), "Ärendet är öppnat igen.",
    )  # fmt: skip
    if row.state == State.CLOSED:
        found = {} if row.contact_erased_at else {"oppna": reopen}
        return {**found, "radera": erase} if row.name or row.contact else found
    deeds: dict[str, Deed] = {}
    if can_be_answered(row.anonymous) and row.acknowledged_at is None and row.answered_at is None:
        deeds["bekrafta"] = (
            forms.AcknowledgeForm, lambda said: services.acknowledge(row, by, at=_moment(row, said["at"])),
            "Mottagandet är bekräftat.",
        )  # fmt: skip
    if row.answered_at is None:
        deeds["tilldela"] = (
            partial(forms.AssignForm, committee=row.committee),
            lambda said: services.assign(row, by, said["unit"]),
            "Enhetschefen har fått uppgiften att svara.",
        )
    deeds["gjort"] = note
    deeds["atgard"] = (
        partial(ActionForm, owners=case_actions.owners_of(row)),
        lambda said: case_actions.add(row, by, said),
        "Åtgärden är tillagd, och den ansvariga får veta det.",
    )
    deeds["lank"] = (
        forms.LinkForm, lambda said: care.link_deviation(row, by, said["number"]), "Avvikelsen hör nu till ärendet.",
    )  # fmt: skip
    deeds["avsluta"] = (DeedForm, lambda _: services.close(row, by), "Ärendet är avslutat.")
    return deeds


@committee_page(Resource.COMPLAINTS, Action.EDIT)
def sort(request: CommitteeRequest, pk: int) -> HttpResponse:
    """Say what it is about. A second saver is told."""
    row = get_object_or_404(_rows(request, Action.EDIT), pk=pk)
    back = request.scope.url("quality:complaint", pk)
    form = forms.SortForm(
        request.POST or None, committee=row.committee, initial=forms.SortForm.initial_of(row)
    )

    def save(said: dict[str, Any]) -> None:
        services.sort(row, request.user, form.sorting(), expected_revision=said["revision"] or 0)

    if request.method == "POST" and form.try_to(save):
        messages.success(request, "Sparat.")
        still = access.may(request.user, Action.VIEW, row)
        return redirect(back if still else request.scope.url("quality:klagomal"))
    context = {"form": form, "case": row, "back": back, "other": form.other}
    return render(request, "quality/complaint_sort.html", context, status=form.status)


@committee_page(Resource.COMPLAINTS, Action.COMMENT)
def answer(request: CommitteeRequest, pk: int) -> HttpResponse:
    """Write down the answer that was given. A second saver sees both texts."""
    row = get_object_or_404(_rows(request, Action.COMMENT), pk=pk)
    back = request.scope.url("quality:complaint", pk)
    initial = {"answer": row.answer, "action": row.action, "revision": row.revision}
    if row.answered_at:
        initial["at"] = timezone.localtime(row.answered_at).replace(second=0, microsecond=0)
    form = forms.AnswerForm(request.POST or None, initial=initial)

    def save(said: dict[str, Any]) -> None:
        services.answer(
            row, request.user, answer=said["answer"], action=said["action"], at=_moment(row, said["at"]),
            expected_revision=said["revision"] or 0,
        )  # fmt: skip

    if request.method == "POST" and form.try_to(save):
        messages.success(request, "Svaret är inskrivet.")
        return redirect(back)
    context = {
        "form": form,
        "case": row,
        "back": back,
        "other": form.other,
        "contact_seen": access.may(request.user, Action.EDIT, row),
    }
    return render(request, "quality/complaint_answer.html", context, status=form.status)


@committee_page(Resource.COMPLAINTS)
def unanswered(request: CommitteeRequest) -> HttpResponse:
    """What nobody has answered, longest first."""
    days, today = _days(request.scope), timezone.localdate()
    rows = care.unanswered(_rows(request).exclude(state=State.CLOSED), today, days) if days else []
    lines = [
        (row, (today - timezone.localdate(row.acknowledged_at)).days) for row in rows if row.acknowledged_at
    ]
    late_since = today - timedelta(days=days) if days else None
    context = {"lines": lines, "days": days, "late_since": late_since}
    return render(request, "quality/complaint_unanswered.html", context)
