"""The page of a vote: a table of names with ja, nej, avstår and frånvarande, and sums that must be right."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render

from roder import access
from roder.access import Action, Resource
from roder.core.models import StaleRecordError
from roder.core.numbers import whole_number
from roder.meetings.models import Ballot, BodyMember, Conflict, Vote
from roder.meetings.pages import session_show as show
from roder.meetings.rules import votes as rules
from roder.meetings.rules.session import SessionFault
from roder.meetings.services import session
from roder.web.scope import CommitteeRequest, committee_page


class CountForm(forms.Form):
    """The sums of a closed ballot."""

    yes = forms.IntegerField(label="Ja", min_value=0, max_value=999)
    no = forms.IntegerField(label="Nej", min_value=0, max_value=999)
    abstained = forms.IntegerField(label="Blanka eller avstår", min_value=0, max_value=999, initial=0)


@committee_page(Resource.MEETINGS)
def vote_page(request: CommitteeRequest, pk: int) -> HttpResponseBase:
    """A vote: entered by the one who writes, read by the others."""
    rows = Vote.objects.filter(item__meeting__committee=request.scope.committee)
    vote = get_object_or_404(access.visible(request.user, rows), pk=pk)
    item = show.find_item(request, vote.item_id)
    vote.item = item
    if request.method == "POST":
        access.require(request.user, Action.EDIT, item)
        return _closed(request, vote) if vote.closed_ballot else _open(request, vote)
    return _page(request, vote)


def _names(vote: Vote) -> list[tuple[BodyMember, bool]]:
    """Those who may vote, and those with a conflict of interest, who may not: (who, may not)."""
    barred = {
        one.member_id: one.member for one in Conflict.objects.filter(item=vote.item).select_related("member")
    }
    voted = [one.member for one in Ballot.objects.filter(vote=vote).select_related("member")]
    who = {one.pk: one for one in voted}
    if vote.ended_at is None:
        who |= {one.pk: one for one in session.serving_at(vote.item)} | barred
    return sorted(
        ((one, key in barred) for key, one in who.items()), key=lambda one: (one[0].order, one[0].pk)
    )


def _page(
    request: CommitteeRequest,
    vote: Vote,
    *,
    given: dict[int, str] | None = None,
    faults: dict[int, str] | None = None,
    error: str = "",
    clash: bool = False,
    counts: CountForm | None = None,
    casting: str = "",
    needs: bool = False,
    status: int = 200,
) -> HttpResponse:
    saved = dict(Ballot.objects.filter(vote=vote).values_list("member_id", "choice"))
    names = _names(vote)
    rows: list[dict[str, Any]] = [
        {
            "member": member, "barred": barred, "choice": (given or {}).get(member.pk, saved.get(member.pk, "")),
            "saved": rules.WORDS.get(saved.get(member.pk, ""), ""), "fault": (faults or {}).get(member.pk, ""),
        }
        for member, barred in names
    ]  # fmt: skip
    sums = rules.count(row["choice"] for row in rows)
    serving = sum(not barred for _, barred in names)
    editing = access.may(request.user, Action.EDIT, vote.item)
    context: dict[str, Any] = {
        "vote": vote, "item": vote.item, "meeting": vote.item.meeting, "rows": rows, "sums": sums, "serving": serving,
        "choices": [(key, rules.WORDS[key]) for key in rules.CHOICES], "error": error, "clash": clash,
        "editing": editing and vote.ended_at is None, "counts": counts or CountForm(), "casting": casting,
        "needs": needs, "presiding": session.presiding(vote.item),
        "lines": show.lines(vote.item.meeting, request.user, vote.item),
    }  # fmt: skip
    return render(request, "meetings/vote.html", context, status=status)


def _open(request: CommitteeRequest, vote: Vote) -> HttpResponseBase:
    pairs: list[tuple[BodyMember, str]] = []
    given: dict[int, str] = {}
    for member, _ in _names(vote):
        sent = [one for one in request.POST.getlist(f"rost-{member.pk}") if one]
        pairs += [(member, choice) for choice in sent]
        given[member.pk] = sent[0] if sent else ""
    casting = request.POST.get("casting", "")
    kept: dict[str, Any] = {"given": given, "casting": casting}
    ending = "avsluta" in request.POST
    try:
        vote = session.cast_all(vote, pairs, request.user, expected_revision=_revision(request))
        if ending:
            session.end_vote(vote, request.user, casting=casting)
    except StaleRecordError:
        return _page(request, Vote.objects.get(pk=vote.pk), clash=True, status=409, **kept)
    except SessionFault as fault:
        now = Vote.objects.filter(pk=vote.pk).first()
        if now is None:
            messages.error(request, str(fault))
            return redirect(request.scope.url("meetings:session_item", vote.item_id))
        return _page(
            request,
            now,
            faults=fault.rows,
            error=str(fault),
            needs=fault.field == "casting",
            status=422,
            **kept,
        )
    if ending:
        return _ended(request, vote)
    messages.success(request, "Rösterna är sparade. Voteringen är inte avslutad.")
    return redirect(request.scope.url("meetings:vote", vote.pk))


def _closed(request: CommitteeRequest, vote: Vote) -> HttpResponseBase:
    form, casting = CountForm(request.POST), request.POST.get("casting", "")
    if not form.is_valid():
        return _page(request, vote, counts=form, casting=casting, status=422)
    values = form.cleaned_data
    try:
        session.end_vote(
            vote, request.user, counts=(values["yes"], values["no"], values["abstained"]), casting=casting,
            expected_revision=_revision(request),
        )  # fmt: skip
    except StaleRecordError:
        return _page(request, Vote.objects.get(pk=vote.pk), counts=form, clash=True, status=409)
    except SessionFault as fault:
        needs = fault.field == "casting"
        return _page(request, vote, counts=form, error=str(fault), casting=casting, needs=needs, status=422)
    return _ended(request, vote)


def _ended(request: CommitteeRequest, vote: Vote) -> HttpResponseBase:
    now = Vote.objects.get(pk=vote.pk)
    messages.success(request, f"Voteringen är avslutad: {now.yes} ja och {now.no} nej.")
    return redirect(f"{request.scope.url('meetings:session_item', now.item_id)}#votering")


def _revision(request: CommitteeRequest) -> int:
    return whole_number(request.POST.get("revision"), 9) or 0
