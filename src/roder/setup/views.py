"""The pages of setting up: the first start, and a committee's steps."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth import login
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from roder.access.mandates import of_committees
from roder.access.matrix import Action, Resource
from roder.access.passwords import invite, waiting
from roder.core.faults import UserFault
from roder.core.numbers import whole_number
from roder.core.words import capital_first
from roder.meetings.models import CaseSeries
from roder.meetings.rules import numbers as rules
from roder.meetings.services.case_series import set_series
from roder.organisation.models import Body, Mandate, Person
from roder.setup import bodies as deeds
from roder.setup import first
from roder.setup.forms import BodyForm, FirstForm, NameForm, NumbersForm
from roder.setup.state import DONE, file_kinds, steps
from roder.web.forms import tell
from roder.web.scope import CommitteeRequest, committee_page, home_scope, page

BACKEND = "django.contrib.auth.backends.ModelBackend"


@never_cache
@sensitive_post_parameters("password")
@require_http_methods(["GET", "HEAD", "POST"])
def start(request: HttpRequest, token: str) -> HttpResponse:
    """The first start, with the secret that whoever started Roder was given."""
    if not first.holds(token):
        return render(request, "setup/first_closed.html", status=404)
    form = FirstForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            person, committee = first.begin(first.First(**form.cleaned_data))
        except ValidationError as fault:
            tell(form, fault)
        except UserFault:
            return render(request, "setup/first_closed.html", status=404)
        else:
            login(request, person, BACKEND)
            return redirect("setup:overview", committee=committee.slug, year=timezone.localdate().year)
    return render(request, "setup/first.html", {"form": form}, status=400 if form.errors else 200)


@page()
def begin(request: HttpRequest) -> HttpResponse:
    """To the steps of the committee that the person was at last, when they may administer it."""
    scope = home_scope(request)
    if scope is None or not scope.may(Action.ADMINISTER, Resource.ORGANISATION):
        return redirect("web:home")
    return redirect("setup:overview", committee=scope.committee.slug, year=scope.year)


@committee_page(Resource.ORGANISATION, Action.ADMINISTER)
def overview(request: CommitteeRequest) -> HttpResponse:
    """Every step with what stands and what remains."""
    found = steps(request.scope)
    left = [one for one in found if one.state != DONE]
    context = {
        "steps": found,
        "left": left,
        "next": left[0] if left else None,
        "files": file_kinds(request.scope),
    }
    return render(request, "setup/overview.html", context)


@committee_page(Resource.ORGANISATION, Action.ADMINISTER)
@require_http_methods(["GET", "HEAD", "POST"])
def bodies(request: CommitteeRequest) -> HttpResponse:
    """The municipality and its bodies."""
    own = request.scope.committee.municipality
    renaming = request.method == "POST" and "rename" in request.POST
    name = NameForm(request.POST if renaming else None, initial={"name": own.name})
    form = BodyForm(request.POST if request.method == "POST" and not renaming else None)
    if renaming and name.is_valid():
        deeds.rename(request.user, request.scope.committee, name.cleaned_data["name"])
        messages.success(request, "Namnet är sparat.")
        return redirect(request.scope.url("setup:bodies"))
    if form.is_bound and form.is_valid():
        try:
            made = deeds.add(request.user, request.scope.committee, **form.cleaned_data)
        except ValidationError as fault:
            tell(form, fault)
        else:
            messages.success(request, f"{made.name} är tillagd.")
            if made.kind == Body.Kind.COMMITTEE:
                return redirect("setup:overview", committee=made.slug, year=request.scope.year)
            return redirect(request.scope.url("setup:bodies"))
    rows = Body.objects.filter(municipality=own).select_related("parent").order_by("kind", "name")
    context = {"name_form": name, "form": form, "bodies": rows, "municipality": own}
    return render(request, "setup/bodies.html", context, status=400 if name.errors or form.errors else 200)


@committee_page(Resource.ORGANISATION, Action.ADMINISTER)
def people(request: CommitteeRequest) -> HttpResponse:
    """Those who have no way in yet."""
    return render(request, "setup/people.html", {"waiting": waiting(request.scope.committee)})


@never_cache
@committee_page(Resource.ORGANISATION, Action.ADMINISTER)
@require_POST
def link(request: CommitteeRequest, pk: int) -> HttpResponse:
    """A link for somebody to choose a password by, shown once."""
    held = Mandate.objects.filter(of_committees({request.scope.committee.pk}))
    person = get_object_or_404(Person.objects.filter(pk__in=held.values("person")), pk=pk)
    try:
        base = f"{request.scheme}://{request.get_host()}"
        made = invite(request.user, request.scope.committee, person, base)
    except UserFault as fault:
        messages.error(request, capital_first(str(fault)))
        return redirect(request.scope.url("setup:people"))
    return render(request, "setup/link.html", {"person": person, "link": made})


@committee_page(Resource.ORGANISATION, Action.ADMINISTER)
@require_http_methods(["GET", "HEAD", "POST"])
def numbers(request: CommitteeRequest) -> HttpResponse:
    """How registration numbers are written, with an example."""
    scope = request.scope
    series = (
        CaseSeries.objects.filter(committee=scope.committee, year__lte=scope.year).order_by("-year").first()
    )
    initial = {
        "pattern": series.pattern if series else rules.default_pattern(scope.committee.short_name),
        "last": series.last if series and series.year == scope.year else 0,
    }
    form = NumbersForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            set_series(scope.committee, scope.year, request.user, **form.cleaned_data)
        except ValidationError as fault:
            tell(form, fault)
        else:
            messages.success(request, "Formen för diarienummer är sparad.")
            return redirect(scope.url("setup:overview"))
    given = form.data if form.is_bound else initial
    example = _example(str(given.get("pattern", "")), str(given.get("last", "")), scope.year)
    return render(
        request, "setup/numbers.html", {"form": form, **example}, status=400 if form.errors else 200
    )


@committee_page(Resource.ORGANISATION, Action.ADMINISTER)
def example(request: CommitteeRequest) -> HttpResponse:
    """What the next number would be, while somebody writes."""
    shown = _example(request.GET.get("pattern", "")[:60], request.GET.get("last", ""), request.scope.year)
    return render(request, "setup/example.html", shown)


def _example(pattern: str, last: str, year: int) -> dict[str, str]:
    before = whole_number(last, 6)
    number = 1 if before is None else before + 1
    try:
        return {"example": rules.write(pattern.strip(), year, number)}
    except rules.PatternError as fault:
        return {"pattern_fault": str(fault)}
