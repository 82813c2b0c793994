"""The register of those who sit in the committee and its bodies, and the page where a seat is written."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.backends.postgresql.psycopg_any import DateRange
from django.db.models import Q, QuerySet
from django.http import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render

from roder import access
from roder.access import Action, Resource
from roder.core.dayfield import DayField
from roder.core.models import StaleRecordError
from roder.core.numbers import whole_number
from roder.core.persons import FREE_TEXT
from roder.core.register import Column, Filter, Register
from roder.meetings.models import BodyMember
from roder.meetings.services import members as services
from roder.organisation.models import Body, Person
from roder.web.scope import CommitteeRequest, Scope, committee_page
from roder.web.templatetags.roder import period


def bodies_of(scope: Scope) -> QuerySet[Body]:
    """The bodies whose seats are kept with the committee: itself, what is under it, the board and the council."""
    body = scope.committee
    return Body.objects.filter(
        Q(pk=body.pk)
        | Q(parent=body)
        | Q(municipality=body.municipality_id, kind__in=(Body.Kind.COUNCIL, Body.Kind.EXECUTIVE_BOARD))
    ).order_by("pk")


def _rows(rows: QuerySet[Any], scope: Scope) -> QuerySet[Any]:
    year = DateRange(date(scope.year, 1, 1), date(scope.year + 1, 1, 1))
    return rows.filter(committee=scope.committee, valid__overlap=year)


def _tools(scope: Scope) -> list[tuple[str, str]]:
    return (
        [("Ny plats", scope.url("meetings:member_new"))] if scope.may(Action.EDIT, Resource.MEETINGS) else []
    )


def _links(row: BodyMember, scope: Scope) -> list[tuple[str, str]]:
    may = access.may(scope.user, Action.EDIT, row)
    return [("Ändra", scope.url("meetings:member_edit", row.pk))] if may else []


members = Register(
    BodyMember,
    name="ledamoter",
    title="Ledamöter och ersättare",
    lead="De som sitter i nämnden och dess utskott under året, i den ordning som ersättare kallas in.",
    rows=_rows,
    columns=(
        Column("name", "Namn", link=True, room=True),
        Column("party", "Parti"),
        Column("post", "Post"),
        Column("body", "Organ", value=lambda row: row.body.name, sort=("body__name",)),
        Column(
            "stands_in_for", "Personlig ersättare för",
            value=lambda row: str(row.stands_in_for) if row.stands_in_for_id else "", sort=(),
        ),
        Column("order", "Ordning"),
        Column("valid", "Gäller", value=lambda row: period(row.valid), sort=("valid",)),
    ),
    filters=(
        Filter("body", "Organ", options=bodies_of),
        "post",
        Filter("party", "Parti"),
    ),
    search=("name", "party"),
    order=("body", "order", "id"),
    empty="Lägg till dem som sitter i nämnden. Då kan närvaro, ersättare och voteringar antecknas med namn.",
    tools=_tools,
    links=_links,
)  # fmt: skip


class SeatForm(forms.Form):
    """A seat in a body."""

    body = forms.ModelChoiceField(Body.objects.none(), label="Organ")
    name = forms.CharField(label="Namn", max_length=120, validators=FREE_TEXT)
    party = forms.CharField(label="Parti", max_length=10, help_text="Förkortat: S, M, SD …")
    post = forms.ChoiceField(label="Post", choices=[(k, w.capitalize()) for k, w in BodyMember.Post.choices])
    order = forms.IntegerField(
        label="Ordning", min_value=1, max_value=999, required=False,
        help_text="Platsen i listan, och ordningen som ersättare kallas in i. Tomt: sist.",
    )  # fmt: skip
    stands_in_for = forms.ModelChoiceField(
        BodyMember.objects.none(), label="Personlig ersättare för", required=False, empty_label="Ingen"
    )
    person = forms.ModelChoiceField(
        Person.objects.none(), label="Loggar in som", required=False, empty_label="Loggar inte in i Roder"
    )
    from_day = DayField(label="Från")
    until = DayField(label="Till och med", required=False, help_text="Tomt: tills vidare.")

    def __init__(self, scope: Scope, *args: Any, seat: BodyMember | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        bodies = bodies_of(scope)
        ordinary = BodyMember.objects.filter(body__in=bodies, committee=scope.committee).exclude(
            post=BodyMember.Post.SUBSTITUTE
        )
        roles = ("member", "chair")
        people = Person.objects.filter(
            is_active=True, mandates__role__in=roles, mandates__body__in=bodies
        ).distinct()
        for name, rows in (("body", bodies), ("stands_in_for", ordinary), ("person", people)):
            field = self.fields[name]
            assert isinstance(field, forms.ModelChoiceField)  # noqa: S101 - declared as one
            field.queryset = rows
        self.fields["body"].label_from_instance = lambda one: one.name  # type: ignore[attr-defined]
        short = {one.pk: one.short_name for one in bodies}
        self.fields["stands_in_for"].label_from_instance = (  # type: ignore[attr-defined]
            lambda one: f"{one}, {short[one.body_id]}"
        )
        if seat is not None:
            del self.fields["body"]


@committee_page(Resource.MEETINGS, Action.EDIT)
def member_new(request: CommitteeRequest) -> HttpResponseBase:
    """Add a seat."""
    form = SeatForm(request.scope, request.POST or None, initial={"body": request.scope.committee})
    if request.method == "POST" and form.is_valid():
        values = dict(form.cleaned_data)
        try:
            seat = services.add_member(values.pop("body"), request.scope.committee, request.user, **values)
        except ValidationError as error:
            _put(form, error)
        else:
            messages.success(request, f"{seat} är tillagd.")
            return redirect(request.scope.url("meetings:ledamoter"))
    return _page(request, form, None, [])


@committee_page(Resource.MEETINGS, Action.EDIT)
def member_edit(request: CommitteeRequest, pk: int) -> HttpResponseBase:
    """Change a seat. When somebody else was first both texts are shown."""
    rows = BodyMember.objects.filter(committee=request.scope.committee).select_related(
        "body", "stands_in_for"
    )
    seat = get_object_or_404(access.visible(request.user, rows), pk=pk)
    upper = seat.valid.upper
    initial = {
        "name": seat.name, "party": seat.party, "post": seat.post, "order": seat.order,
        "stands_in_for": seat.stands_in_for_id, "person": seat.person_id, "from_day": seat.valid.lower,
        "until": upper - timedelta(days=1) if upper else None,
    }  # fmt: skip
    form = SeatForm(request.scope, request.POST or None, seat=seat, initial=initial)
    revision, clash = seat.revision, []
    if request.method == "POST" and form.is_valid():
        over = whole_number(request.POST.get("revision"), 9) or 0
        values = {**form.cleaned_data, "order": form.cleaned_data["order"] or seat.order}
        try:
            services.change_member(seat, request.user, over, **values)
        except StaleRecordError as stale:
            revision, clash = stale.current.revision, _clash(stale.current)
        except ValidationError as error:
            _put(form, error)
        else:
            messages.success(request, "Sparat.")
            return redirect(request.scope.url("meetings:ledamoter-detail", pk))
    return _page(request, form, seat, clash, revision)


def _page(
    request: CommitteeRequest, form: SeatForm, seat: BodyMember | None, clash: list[Any], revision: int = 0
) -> HttpResponseBase:
    status = 409 if clash else 422 if form.errors else 200
    context = {"form": form, "seat": seat, "clash": clash, "revision": revision}
    return render(request, "meetings/members_edit.html", context, status=status)


def _put(form: forms.Form, error: ValidationError) -> None:
    for name, said in getattr(error, "message_dict", {"": error.messages}).items():
        form.add_error(
            {"valid": "from_day"}.get(name, name) if name in form.fields or name == "valid" else None, said
        )


def _clash(now: Any) -> list[tuple[str, str]]:
    """What stands in the register now."""
    return [
        ("Namn", now.name), ("Parti", now.party), ("Post", now.get_post_display()), ("Ordning", str(now.order)),
        ("Gäller", period(now.valid)),
    ]  # fmt: skip
