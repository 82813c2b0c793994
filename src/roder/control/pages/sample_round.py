"""Rounds to do, and the page of a round: its frames and samples, what came of it, and the measures that follow."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone

from roder import access, tasks
from roder.access.matrix import Action, Resource
from roder.control.models import Control, ControlRound, ControlSample, SampleFrame, SampleItem
from roder.control.pages.sample import find_round
from roder.control.pages.sample_forms import FinishForm, MoveForm, RoundActionForm
from roder.control.services import frames, rounds
from roder.control.services.tallies import Tally, tallies, tallies_by_sample
from roder.web.scope import CommitteeRequest, committee_page

State = ControlRound.State


@committee_page(Resource.CONTROLS)
def rounds_page(request: CommitteeRequest) -> HttpResponse:
    """The year's rounds: those that wait for me, or all of them. Constant number of queries."""
    scope = request.scope
    rows = ControlRound.objects.filter(committee=scope.committee, control__point__plan__year=scope.year)
    found = list(
        access.visible(request.user, rows)
        .select_related("control__point", "control__unit", "occasion")
        .order_by("due_on", "control__point__position", "pk")
    )
    mine = [one for one in found if one.state == State.OPEN and _is_mine(request, one)]
    everything = request.GET.get("visa") == "alla" or (not mine and "visa" not in request.GET)
    shown = found if everything else mine
    counted = tallies(shown) if scope.may(Action.VIEW, Resource.SAMPLES) else {}
    context = {
        "lines": [{"made": one, "tally": counted.get(one.pk), **_state(one)} for one in shown],
        "everything": everything, "mine": len(mine), "all": len(found),
    }  # fmt: skip
    return render(request, "control/sample/rounds.html", context)


def _is_mine(request: CommitteeRequest, made: ControlRound) -> bool:
    return made.control.owner_role in request.scope.roles()


def _state(made: ControlRound) -> dict[str, str]:
    """A round's state in a word, and its tone."""
    if made.state == State.OPEN:
        late = made.due_on < timezone.localdate()
        return {"word": "Försenad" if late else "Pågår", "tone": "bad" if late else "none"}
    if made.state == State.DONE:
        return {"word": "Genomförd", "tone": "near" if made.deviating else "good"}
    return {"word": made.get_state_display().capitalize(), "tone": "none"}


@committee_page(Resource.CONTROLS)
def round_page(request: CommitteeRequest, pk: int) -> HttpResponseBase:
    """A round: frames, samples and progress; the result; measures with effect; evidence."""
    made = find_round(request, pk)
    performs = rounds.may_perform(made, request.user)
    edits = access.may(request.user, Action.EDIT, made)
    parts = _parts(request, made)
    tally = Tally(
        sum(one["tally"].drawn for one in parts if one["tally"]),
        sum(one["tally"].checked for one in parts if one["tally"]),
        sum(one["tally"].deviating for one in parts if one["tally"]),
    )
    forms = _forms(request, made, performs, edits, counted=rounds.counted(made) is not None)
    if request.method == "POST":
        access.require(request.user, Action.VIEW, made)
        if _done(request, made, forms):
            return redirect(request.scope.url("control:round", pk))
    context = {
        "made": made, "control": made.control, "point": made.control.point, "parts": parts, "tally": tally,
        **_state(made),
        "takes": made.state == State.OPEN and frames.may_sample(made, request.user), "performs": performs,
        "sampled": made.control.method == Control.Method.SAMPLE,
        "next": _next(made) if performs and made.state == State.OPEN and tally.left else None,
        "actions": tasks.actions_of(made), **forms,
    }  # fmt: skip
    status = max((form.status for form in forms.values() if form is not None), default=200)
    return render(request, "control/sample/round.html", context, status=status)


def _next(made: ControlRound) -> SampleItem | None:
    rows = SampleItem.objects.filter(sample__frame__round=made, checked_at=None)
    return rows.order_by("sample", "position").first()


def _parts(request: CommitteeRequest, made: ControlRound) -> list[dict[str, Any]]:
    """The frames that the person may see, each with its sample and tally. Three queries."""
    seen = list(access.visible(request.user, SampleFrame.objects.filter(round=made)).defer("refs"))
    drawn = {
        one.frame_id: one for one in ControlSample.objects.filter(frame__in=[frame.pk for frame in seen])
    }
    items = SampleItem.objects.filter(sample__in=[one.pk for one in drawn.values()])
    by_sample = tallies_by_sample(items)
    return [
        {"frame": one, "sample": sample, "tally": by_sample.get(sample.pk) if sample else None}
        for one in seen
        for sample in [drawn.get(one.pk)]
    ]


def _forms(
    request: CommitteeRequest, made: ControlRound, performs: bool, edits: bool, *, counted: bool
) -> dict[str, Any]:
    deed = request.POST.get("deed") if request.method == "POST" else ""

    def data(name: str) -> Any:
        return request.POST if deed == name else None

    open_or_done = made.state in (State.OPEN, State.DONE)
    kept = {name: getattr(made, name) for name in ("result", "action", "checked", "deviating", "revision")}
    role = made.control.owner_role
    return {
        "finish": FinishForm(data("finish"), initial=kept, counted=counted) if performs and open_or_done else None,
        "move": MoveForm(data("move"), initial={"to": None}) if edits and made.state == State.OPEN else None,
        "add": RoundActionForm(data("action"), initial={"role": role, "finding": made.result, "due": None})
        if performs else None,
    }  # fmt: skip


def _done(request: CommitteeRequest, made: ControlRound, forms: dict[str, Any]) -> bool:
    """Do what was sent. False: the page is shown again, with what was wrong."""
    deed = request.POST.get("deed", "")
    form = forms.get({"finish": "finish", "move": "move", "action": "add"}.get(deed, ""))
    if form is None:
        raise access.NotAllowedError("Dina mandat ger inte rätt till detta, eller så är kontrollen avslutad.")

    def finish(given: dict[str, Any]) -> None:
        said = {name: value for name, value in given.items() if name != "revision"}
        rounds.finish_round(made, request.user, expected_revision=given["revision"] or made.revision, **said)
        messages.success(request, "Resultatet är sparat.")

    def move(given: dict[str, Any]) -> None:
        rounds.move_round(made, request.user, given["to"], given["reason"])
        messages.success(request, "Kontrollen är flyttad.")

    def add(given: dict[str, Any]) -> None:
        said = {name: given[name] for name in ("finding", "what", "due", "expected_effect")}
        owner = tasks.Owner(given["role"], unit=made.control.unit, committee=made.committee)
        tasks.add_action(made, request.user, owner=owner, **said)
        messages.success(request, "Åtgärden är tillagd. Den ansvariga har den i Att göra.")

    done: bool = form.try_to({"finish": finish, "move": move, "action": add}[deed])
    return done
