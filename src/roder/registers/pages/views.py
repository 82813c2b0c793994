"""Pages of the small registers beside their lists: a deed, grants over the years, the year's days of state grants."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST

from roder import access
from roder.access import Action, Resource
from roder.core.models import Record, StaleRecordError
from roder.core.register import forms
from roder.questionnaires.models import Answer
from roder.registers.models import DigitalNeed, GrantApplication, GrantCall, StateGrant, SteeringDocument
from roder.registers.papers import grants as papers
from roder.registers.rules import flows
from roder.registers.services import deeds, grants, state_grants
from roder.reports.render import MEDIA_TYPES, draw
from roder.web.forms import tell
from roder.web.scope import CommitteeRequest, committee_page

#: the kind in the address -> its model, the path to its committee, and the page of a row
KINDS: dict[str, tuple[type[Record], str, str]] = {
    "grantapplication": (GrantApplication, "call__committee", "registers:bidragsansokningar-detail"),
    "stategrant": (StateGrant, "committee", "registers:statsbidrag-detail"),
    "digitalneed": (DigitalNeed, "committee", "registers:behov-och-nyttor-detail"),
    "steeringdocument": (SteeringDocument, "committee", "registers:styrdokument-detail"),
}


@committee_page()
def deed(request: CommitteeRequest, kind: str, pk: int, code: str) -> HttpResponseBase:
    """A deed on a record: its form, and what was written when it cannot be done. Nothing typed is lost."""
    if kind not in KINDS:
        raise Http404
    model, place, page = KINDS[kind]
    scope = request.scope
    mine = access.visible(request.user, model._default_manager.filter(**{place: scope.committee}))
    row: Any = get_object_or_404(mine, pk=pk)
    access.require(request.user, Action.EDIT, row)
    back = scope.url(page, pk)
    known = next((one for one in deeds.DEEDS[model] if one.code == code), None)
    if known is None:
        raise Http404
    if not known.open(row):
        messages.error(request, f"”{known.label}” går inte att göra nu: läget är ändrat.")
        return redirect(back)
    form = forms.record_form(model, known.fields)(
        request.POST or None, instance=row, initial=known.preset(row)
    )
    revision, clash, status = row.revision, [], 200
    if request.method == "POST":
        over = forms.revision_of(request.POST)
        if form.is_valid() and over is not None:
            try:
                fresh: Any = mine.get(pk=pk)
                deeds.do(fresh, code, request.user, form.cleaned_data, revision=over)
            except StaleRecordError as stale:
                clash, status = forms.clashes(form, stale), 409
                revision = stale.current.revision
            except ValidationError as error:
                tell(form, error)
            else:
                messages.success(request, f"{known.label}: sparat.")
                return redirect(back)
        status = status if clash else 400
    # What the rule refuses when it is empty is not optional: said when the form is drawn, the rule's own words remain.
    for name in set(known.faults(row, dict.fromkeys(known.fields))) & set(form.fields):
        form.fields[name].required = True
    context = {"row": row, "deed": known, "form": form, "revision": revision, "clash": clash, "back": back,
               "stale": status == 409}  # fmt: skip
    return render(request, "registers/deed.html", context, status=status)


@committee_page(Resource.GRANTS)
def grant_years(request: CommitteeRequest) -> HttpResponse:
    """The grants over the years, with shares and with what the checks found."""
    made = grants.over_years(request.user, request.scope.committee)
    return render(request, "registers/years.html", {"made": made, "formats": papers.FORMATS})


@committee_page(Resource.GRANTS)
def grant_paper(request: CommitteeRequest, wanted: int, kind: str) -> HttpResponse:
    """The compilation of a year's grants as a file."""
    scope = request.scope
    get_object_or_404(
        access.visible(request.user, GrantCall.objects.filter(committee=scope.committee)), year=wanted
    )
    if kind not in papers.FORMATS:
        raise Http404
    access.record(
        request.user, "exported", f"{scope.committee.slug}/foreningsbidrag", format=kind, year=wanted
    )
    content = draw(papers.document_of(scope.committee, wanted), kind)
    answer = HttpResponse(content, content_type=MEDIA_TYPES[kind])
    answer.headers["Content-Disposition"] = f'attachment; filename="foreningsbidrag-{wanted}.{kind}"'
    return answer


@require_POST
@committee_page(Resource.GRANTS, Action.EDIT)
def grant_take_in(request: CommitteeRequest, pk: int, answer: int) -> HttpResponse:
    """Make an application of an answer to the public form."""
    scope = request.scope
    rows = access.visible(request.user, GrantCall.objects.filter(committee=scope.committee))
    call = get_object_or_404(rows, pk=pk)
    sent = get_object_or_404(Answer.objects.filter(committee=scope.committee), pk=answer)
    try:
        application, made = grants.take_in(call, sent, request.user)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
        return redirect(scope.url("registers:foreningsbidrag-detail", pk))
    told = (
        "Ansökan är registrerad."
        if made
        else "Föreningen hade redan en ansökan. Formuläret ligger nu hos den."
    )
    messages.success(request, told)
    return redirect(scope.url("registers:bidragsansokningar-detail", application.pk))


@require_POST
@committee_page(Resource.GRANTS, Action.EDIT)
def grant_fill_in(request: CommitteeRequest, pk: int) -> HttpResponse:
    """Open the form about an application that came on paper."""
    scope = request.scope
    rows = GrantApplication.objects.filter(call__committee=scope.committee)
    application = get_object_or_404(access.visible(request.user, rows).select_related("call"), pk=pk)
    try:
        answer = grants.fill_in(application, request.user)
    except LookupError:
        messages.error(
            request,
            f"Nämnden har inget frågeformulär med koden {grants.FORM}. Läs in det under Frågeformulär.",
        )
        return redirect(scope.url("registers:bidragsansokningar-detail", pk))
    return redirect(scope.url("questionnaires:answer", answer.pk))


@committee_page(Resource.STATE_GRANTS)
def state_dates(request: CommitteeRequest) -> HttpResponse:
    """The year's days of state grants, in order, with what is done and what is late."""
    scope = request.scope
    has = set(
        StateGrant.objects.filter(committee=scope.committee, year=scope.year).values_list("name", flat=True)
    )
    context = {
        "days": state_grants.days_of(request.user, scope.committee, scope.year),
        "rules": [(one, one.apply_by(scope.year), one.report_by(scope.year)) for one in flows.STATE_GRANTS
                  if one.name not in has],
        "may_edit": scope.may(Action.EDIT, Resource.STATE_GRANTS),
        "today": timezone.localdate(),
    }  # fmt: skip
    return render(request, "registers/state_dates.html", context)


@require_POST
@committee_page(Resource.STATE_GRANTS, Action.EDIT)
def state_grant_add(request: CommitteeRequest, code: str) -> HttpResponse:
    """Add the year's grant with the days of its rule."""
    scope = request.scope
    try:
        made = state_grants.add_by_rule(scope.committee, code, scope.year, request.user)
    except LookupError:
        raise Http404 from None
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
        return redirect(scope.url("registers:state_dates"))
    messages.success(request, f"{made} är tillagt, med sina dagar som uppgifter.")
    return redirect(scope.url("registers:statsbidrag-detail", made.pk))
