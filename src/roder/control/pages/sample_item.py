"""One drawn item, made for the phone: the checklist or a yes and no, evidence, and on to the next."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST

from roder import access, questionnaires
from roder.access.matrix import Action, Resource
from roder.control.models import ControlRound, SampleItem
from roder.control.pages.sample import ROUND
from roder.control.pages.sample_forms import ItemForm
from roder.control.services import samples
from roder.control.services.sample_answers import outcome
from roder.questionnaires.answering import handle, read_lines
from roder.questionnaires.models import Answer
from roder.web.scope import CommitteeRequest, committee_page


def _item(request: CommitteeRequest, pk: int) -> SampleItem:
    rows = SampleItem.objects.filter(sample__frame__round__committee=request.scope.committee)
    related = [f"sample__frame__round__{one}" for one in ROUND]
    seen = access.visible(request.user, rows).select_related("checked_by", *related)
    return get_object_or_404(seen.defer("sample__frame__refs"), pk=pk)


@committee_page(Resource.SAMPLES)
def item_page(request: CommitteeRequest, pk: int) -> HttpResponseBase:
    """Check an item; to read for those who do not make the control, and when the control is over."""
    item = _item(request, pk)
    made = item.sample.frame.round
    performs = made.state == ControlRound.State.OPEN and access.may(request.user, Action.COMMENT, item)
    if request.method == "POST" and not performs:
        access.require(request.user, Action.COMMENT, item)
        messages.error(request, f"Kontrollen är {made.get_state_display()}. Det du skrev är inte sparat.")
        return redirect(request.scope.url("control:item", pk))
    if made.control.question_set_id is not None:
        return _checklist(request, item, performs)
    form = _form(request, item) if performs else None
    if request.method == "POST" and form is not None and _checked(request, item, form):
        return _onwards(request, item)
    context = {**_context(item, performs), "form": form}
    return render(request, "control/sample/item.html", context, status=form.status if form else 200)


def _context(item: SampleItem, performs: bool) -> dict[str, Any]:
    sample = item.sample
    left = SampleItem.objects.filter(sample=sample, checked_at=None).exclude(pk=item.pk).count()
    word, tone = outcome(item)
    near = {
        one.position: one
        for one in SampleItem.objects.filter(
            sample=sample, position__in=(item.position - 1, item.position + 1)
        )
    }
    return {
        "item": item, "sample": sample, "frame": sample.frame, "made": sample.frame.round, "performs": performs,
        "left": left, "word": word, "tone": tone,
        "before": near.get(item.position - 1), "after": near.get(item.position + 1),
    }  # fmt: skip


def _onwards(request: CommitteeRequest, item: SampleItem) -> HttpResponse:
    """To the next item that is not checked; to the sample when there is none, or nobody asked for the next."""
    following = samples.next_item(item.sample, item.position)
    if following is None:
        messages.success(request, "Alla poster i stickprovet är granskade.")
    elif "stay" not in request.POST:
        messages.success(request, f"{item.reference} är sparad.")
        return redirect(request.scope.url("control:item", following.pk))
    else:
        messages.success(request, f"{item.reference} är sparad.")
    return redirect(request.scope.url("control:sample", item.sample_id))


# --- without a checklist ---------------------------------------------------------------------------------------------


def _form(request: CommitteeRequest, item: SampleItem) -> ItemForm:
    said = {None: None, True: "ja", False: "nej"}[item.deviates]
    return ItemForm(
        request.POST or None, initial={"deviates": said, "note": item.note, "revision": item.revision}
    )


def _checked(request: CommitteeRequest, item: SampleItem, form: ItemForm) -> bool:
    revision = item.revision

    def check(given: dict[str, Any]) -> None:
        read = given["revision"] or revision
        samples.check_item(item, request.user, given["deviates"], given["note"], expected_revision=read)

    return form.try_to(check)


# --- with a checklist ------------------------------------------------------------------------------------------------


def _checklist(request: CommitteeRequest, item: SampleItem, performs: bool) -> HttpResponseBase:
    existing = questionnaires.of(item).select_related("answered_by").first()
    if not performs or (existing is not None and existing.state == Answer.State.FINAL):
        if request.method == "POST":
            messages.error(
                request, "Någon annan har redan lämnat in checklistan. Öppna den igen för att ändra."
            )
            return redirect(request.scope.url("control:item", item.pk))
        context = {
            **_context(item, performs), "answer": existing,
            "sections": read_lines(existing) if existing is not None else [],
            "reopens": performs and existing is not None,
        }  # fmt: skip
        return render(request, "control/sample/item.html", context)
    try:
        answer = existing or samples.answer_of(item, request.user)
    except (ValidationError, LookupError) as error:
        messages.error(request, " ".join(getattr(error, "messages", [str(error)])))
        return redirect(request.scope.url("control:sample", item.sample_id))

    def save(values: Mapping[str, Any], revision: int, final: bool) -> Answer:
        return samples.save_checklist(
            item, answer, request.user, values, expected_revision=revision, final=final
        )

    done = handle(request, answer, save)
    if done.saved is None:
        context = {**_context(item, performs), "answer": answer, "done": done, "questions": done.form}
        return render(request, "control/sample/item.html", context, status=done.status)
    if done.final:
        return _onwards(request, item)
    messages.success(request, "Utkastet är sparat.")
    return redirect(request.scope.url("control:item", item.pk))


@require_POST
@committee_page(Resource.SAMPLES, Action.COMMENT)
def reopen(request: CommitteeRequest, pk: int) -> HttpResponse:
    """Open an item's checklist for correction, with a reason."""
    item = _item(request, pk)
    try:
        samples.reopen_item(item, request.user, request.POST.get("reason", ""))
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    return redirect(request.scope.url("control:item", pk))
