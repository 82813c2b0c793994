"""The registers of the organisation: units, people and mandates."""

from __future__ import annotations

from typing import Any

from django.db.models import Case, CharField, Exists, F, OuterRef, QuerySet, Value, When
from django.db.models.functions import Coalesce, Concat
from django.utils import timezone

from roder.access.mandates import of_committees, seen_mandates, seen_people
from roder.access.matrix import Action, Resource
from roder.access.rights import NOT_DEPUTISED
from roder.core.register import Column, Filter, Register
from roder.organisation.models import Mandate, Person, Unit
from roder.web.scope import Scope


def _of_committee(rows: QuerySet[Any], scope: Scope) -> QuerySet[Any]:
    return rows.filter(committee=scope.committee)


def _mandates(rows: QuerySet[Mandate], scope: Scope) -> QuerySet[Mandate]:
    """The committee's mandates, each with its place as a word and whether it holds today."""
    today = timezone.localdate()
    return rows.filter(of_committees({scope.committee.pk})).annotate(
        place=Coalesce(F("unit__name"), F("body__name")),
        holds=Case(
            When(valid__contains=today, then=Value("gäller")),
            When(valid__startswith__gt=today, then=Value("kommande")),
            default=Value("avslutat"),
            output_field=CharField(),
        ),
        origin=Case(
            When(source="", then=Value("för hand")),
            default=Concat(Value("gruppen "), F("source_group")),
            output_field=CharField(),
        ),
    )


def _people(rows: QuerySet[Person], scope: Scope) -> QuerySet[Person]:
    held = Mandate.objects.filter(of_committees({scope.committee.pk}), person=OuterRef("pk"))
    return rows.filter(Exists(held)).annotate(
        holds=Exists(held.filter(valid__contains=timezone.localdate())),
    )


def _held(person: Person, scope: Scope) -> dict[str, Any]:
    """The person's mandates in this committee, latest first, and whether somebody may stand in for one of them."""
    held = person.mandates.filter(of_committees({scope.committee.pk})).select_related("unit", "body")
    lent = held.filter(valid__contains=timezone.localdate()).exclude(role__in=NOT_DEPUTISED)
    return {"held": held.order_by("-valid"), "lends": person.pk != scope.user.pk and lent.exists()}


def _give_link(scope: Scope) -> list[tuple[str, str]]:
    if not scope.may(Action.ADMINISTER, Resource.ORGANISATION):
        return []
    return [("Ge mandat", scope.url("organisation:mandate-new"))]


units = Register(
    Unit,
    name="enheter",
    title="Enheter",
    lead="Förvaltningens delar. Var en enhet hör hemma följer av dess placering, som har datum.",
    rows=_of_committee,
    columns=("code", Column("name", link=True), "kind"),
    filters=("kind",),
    search=("code", "name"),
    order=("code",),
    form=("code", "name", "kind"),
    new=lambda scope: Unit(committee=scope.committee),
    below="organisation/unit_below.html",
    below_context=lambda row, scope: {
        "placements": row.placements.select_related("parent").order_by("-valid")
    },
    tools=lambda scope: [("Visa som träd", scope.url("organisation:tree"))],
    empty="Här kommer förvaltning, avdelningar och enheter. De läses in med styrmodellen eller läggs till här.",
)

people = Register(
    Person,
    name="personer",
    title="Personer",
    lead="De som har eller har haft ett mandat i nämnden eller dess förvaltning.",
    seen=seen_people,
    resource=Resource.ORGANISATION,
    rows=_people,
    columns=(
        Column("name", link=True),
        "title",
        "email",
        Column("holds", "Har mandat i dag", kind="bool", sort=("holds",)),
    ),
    search=("name", "email", "title"),
    order=("name",),
    below="organisation/person_below.html",
    below_context=_held,
    tools=_give_link,
    empty="Här kommer personer när de har fått ett mandat.",
)

mandates = Register(
    Mandate,
    name="mandat",
    title="Mandat",
    lead="Vem som har vilken roll, var och när. Rättigheter följer av mandat och upphör med dem.",
    seen=seen_mandates,
    resource=Resource.ORGANISATION,
    rows=_mandates,
    columns=(
        Column(
            "person__name",
            "Person",
            link=lambda row, scope: scope.url("organisation:personer-detail", row.person_id),
        ),
        "role",
        Column("place", "Gäller i", sort=("place",)),
        Column("valid", "Tid", sort=("valid",)),
        Column(
            "holds",
            "Läge",
            sort=("holds",),
            tone=lambda row: {"gäller": "good", "kommande": "near"}.get(row.holds, "none"),
        ),
        Column("origin", "Givet", sort=("origin",)),
    ),
    filters=(
        "role",
        Filter("holds", "Läge", options=[(word, word) for word in ("gäller", "kommande", "avslutat")]),
    ),
    search=("person__name", "unit__name"),
    order=("person__name", "role"),
    detail=False,
    tools=_give_link,
    empty="Här kommer mandaten: vem som är ledamot, chef, controller och så vidare, med datum.",
)
