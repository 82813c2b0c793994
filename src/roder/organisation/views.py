"""Pages of the organisation that are not registers: the tree, moving a unit, giving and ending a mandate."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.forms import Form
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone

from roder import access
from roder.access import mandates, placements
from roder.access.matrix import Action, Resource
from roder.core.days import DayError, read_day
from roder.organisation import tree as unit_tree
from roder.organisation.forms import EndForm, MandateForm, PlaceForm
from roder.organisation.models import Mandate, Person, Unit
from roder.web.forms import tell
from roder.web.scope import CommitteeRequest, committee_page


@committee_page(Resource.ORGANISATION)
def tree(request: CommitteeRequest) -> HttpResponse:
    """The unit tree today, or on ``?datum=``."""
    wanted = request.GET.get("datum", "")
    fault = ""
    try:
        when = read_day(wanted) if wanted else timezone.localdate()
    except DayError as error:
        when, fault = timezone.localdate(), str(error)
    branches, homeless = unit_tree.on(request.scope.committee, when)
    context = {"branches": branches, "homeless": homeless, "when": when, "fault": fault}
    return render(request, "organisation/tree.html", context)


@committee_page(Resource.ORGANISATION, Action.EDIT)
def place(request: CommitteeRequest, pk: int) -> HttpResponseBase:
    """Place a unit somewhere else from a day on."""
    unit = get_object_or_404(
        access.visible(request.user, Unit.objects.filter(committee=request.scope.committee)), pk=pk
    )
    form = PlaceForm(unit, request.POST or None)
    if (
        request.method == "POST"
        and form.is_valid()
        and _done(
            form,
            lambda: placements.move(
                request.user, unit, form.cleaned_data["parent"], form.cleaned_data["start"]
            ),
        )
    ):
        messages.success(request, f"{unit.name} är placerad.")
        return redirect(request.scope.url("organisation:enheter-detail", pk))
    return render(request, "organisation/place.html", {"unit": unit, "form": form})


@committee_page(Resource.ORGANISATION, Action.ADMINISTER)
def give_mandate(request: CommitteeRequest) -> HttpResponseBase:
    """Give somebody a mandate; a person who is not known yet is added."""
    form = MandateForm(request.scope.committee, request.POST or None)
    if request.method == "POST" and form.is_valid() and _done(form, lambda: _give(request, form)):
        messages.success(request, "Mandatet är givet.")
        return redirect(request.scope.url("organisation:mandat"))
    return render(request, "organisation/give_mandate.html", {"form": form})


def _give(request: CommitteeRequest, form: Form) -> None:
    data = form.cleaned_data
    with transaction.atomic():
        person = Person.objects.filter(email__iexact=data["email"]).first()
        if person is None:
            if not data["name"]:
                raise ValidationError({"name": "Personen finns inte ännu: skriv namnet."})
            person = _added(request, data["email"], data["name"])
        mandates.give(
            request.user, request.scope.committee, person, data["role"],
            unit=data["unit"], start=data["start"], last=data["last"],
        )  # fmt: skip


def _added(request: CommitteeRequest, email: str, name: str) -> Person:
    """A new person; the one that somebody else has added in the same moment, when they were first."""
    try:
        with transaction.atomic():
            person = Person.objects.create_user(email, name=name)
    except IntegrityError:
        return Person.objects.get(email__iexact=email)
    access.record(request.user, "person added", person)
    return person


@committee_page(Resource.ORGANISATION, Action.ADMINISTER)
def end_mandate(request: CommitteeRequest, pk: int) -> HttpResponseBase:
    """End a mandate on a day."""
    rows = Mandate.objects.filter(mandates.of_committees({request.scope.committee.pk}))
    mandate = get_object_or_404(rows.select_related("person", "body__parent", "unit__committee"), pk=pk)
    form = EndForm(request.POST or None, initial={"last": timezone.localdate()})
    if (
        request.method == "POST"
        and form.is_valid()
        and _done(form, lambda: mandates.end(request.user, mandate, form.cleaned_data["last"]))
    ):
        messages.success(request, "Mandatet har fått ett slutdatum.")
        return redirect(request.scope.url("organisation:personer-detail", mandate.person_id))
    return render(request, "organisation/end_mandate.html", {"mandate": mandate, "form": form})


def _done(form: Form, deed: object) -> bool:
    """Do the deed; what it refuses is said at the form's fields. True when it was done."""
    try:
        deed()  # type: ignore[operator]
    except ValidationError as error:
        tell(form, error)
        return False
    return True
