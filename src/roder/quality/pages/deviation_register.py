"""The register of deviations: what a list shows, and how it is filtered without reading more than it must."""

from __future__ import annotations

import re
from datetime import date, datetime, time, timedelta

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from roder import access
from roder.access import Resource
from roder.core.register import Column, Filter, Register
from roder.organisation.models import Municipality, Unit, UnitPath
from roder.quality.models import Deviation, DeviationMatter, Step
from roder.quality.models.deviations import Law, State
from roder.quality.services.practice import scale
from roder.steering.models import DeviationType
from roder.tasks.models import LIVE, Task
from roder.web.scope import Scope
from roder.web.words import with_words

NUMBER = re.compile(r"^(19|20)\d\d-\d{1,8}$")
OPEN = [one.value for one in State if one not in (State.CLOSED, State.MERGED)]


def _page(row: Deviation, scope: Scope) -> str:
    return scope.url("quality:deviation", row.pk)


def _types(row: Deviation) -> str:
    return ", ".join(dict.fromkeys(row.type_labels))  # type: ignore[attr-defined] # annotated by _rows


def _tone(row: Deviation) -> str:
    return {"closed": "good", "merged": "none", "reported": "near"}.get(row.state, "none")


def _seriousness(row: Deviation) -> str:
    if row.severity is None:
        return "–"
    return f"{row.severity}, allvarlig" if row.serious else str(row.severity)


def midnight(day: date) -> datetime:
    """When a Swedish day begins."""
    return timezone.make_aware(datetime.combine(day, time()))


def from_day(rows: QuerySet[Deviation], day: date) -> QuerySet[Deviation]:
    """Reported on the day or later."""
    return rows.filter(reported_at__gte=midnight(day))


def to_day(rows: QuerySet[Deviation], day: date) -> QuerySet[Deviation]:
    """Reported on the day or before."""
    return rows.filter(reported_at__lt=midnight(day + timedelta(days=1)))


def under(rows: QuerySet[Deviation], unit: Unit) -> QuerySet[Deviation]:
    """In the unit or below it."""
    return rows.filter(unit__in=UnitPath.objects.filter(ancestor=unit).values("descendant"))


def of_type(rows: QuerySet[Deviation], kind: DeviationType) -> QuerySet[Deviation]:
    """Of a type, perhaps among others."""
    return rows.filter(Exists(DeviationMatter.objects.filter(deviation=OuterRef("pk"), type=kind)))


def by_severity(rows: QuerySet[Deviation], wanted: str) -> QuerySet[Deviation]:
    """With a severity, the serious ones, or those that nobody has classified."""
    if wanted == "allvarliga":
        return rows.filter(serious=True)
    return rows.filter(severity=None) if wanted == "ingen" else rows.filter(severity=int(wanted))


def in_state(rows: QuerySet[Deviation], wanted: str) -> QuerySet[Deviation]:
    """In a state, or in any that is not the end."""
    return rows.filter(state__in=OPEN) if wanted == "oppna" else rows.filter(state=wanted)


def late(rows: QuerySet[Deviation], wanted: str) -> QuerySet[Deviation]:
    """Open ones where the time of some step that is not done is out. One from another system has its steps first when
    somebody goes on with it, and the tasks of those it stands in from the start."""
    now = timezone.now()
    out = Step.objects.filter(done_at=None, due_at__lt=now).exclude(code="review")
    waiting = Task.objects.filter(subject_kind=Deviation.record_kind(), state__in=LIVE, due_at__lt=now)
    some = Q(pk__in=out.values("deviation_id")) | Q(pk__in=waiting.values("subject_id"))
    return rows.filter(some, state__in=OPEN)


def found(rows: QuerySet[Deviation], text: str, scope: Scope) -> QuerySet[Deviation]:
    """With every word, by stem or as the beginning of a word, in what is written in the case; or its number."""
    if NUMBER.match(text.strip()):
        return rows.filter(
            number__startswith=text.strip(), municipality__in=Municipality.objects.values("pk")
        )
    few = access.in_few_units(scope.user, Resource.DEVIATIONS, scope.committee)
    return with_words(rows, text, few=few)


def _units(scope: Scope) -> QuerySet[Unit]:
    return Unit.objects.filter(committee=scope.committee).only("name", "code").order_by("name")


def _kinds(scope: Scope) -> QuerySet[DeviationType]:
    return DeviationType.objects.filter(committee=scope.committee).only("label").order_by("position")


def _grades(scope: Scope) -> list[tuple[str, str]]:
    """The steps of the committee's own scale, after what is asked for most."""
    steps = [(str(one.value), f"{one.value}. {one.label}") for one in scale(scope.committee)]
    return [("allvarliga", "Allvarliga"), ("ingen", "Inte klassificerade"), *steps]


#: What a list never shows: words in cases, and what search has made of them. Fetching them is a third of the page.
UNSHOWN = ("search", "what", "immediate_action", "told", "consequence", "cause", "feedback")


def _rows(rows: QuerySet[Deviation], scope: Scope) -> QuerySet[Deviation]:
    types = DeviationMatter.objects.filter(deviation=OuterRef("pk")).order_by("pk").values("type__label")
    return rows.filter(committee=scope.committee).annotate(type_labels=ArraySubquery(types)).defer(*UNSHOWN)


deviations = Register(
    Deviation,
    name="avvikelser",
    title="Avvikelser",
    lead="Händelser i de verksamheter som du har ansvar för. Filtrera, öppna en rad och se vad som är kvar att göra.",
    seen=lambda user, rows: access.visible(user, rows, own=False),
    rows=_rows,
    columns=(
        Column("number", link=_page, room=False),
        Column("reported_at", title="Rapporterad"),
        Column("types", title="Typ", value=_types, sort=(), room=True),
        Column("unit", sort=()),
        Column("severity", title="Allvarlighet", kind="text", value=_seriousness, sort=("severity",)),
        Column("state", tone=_tone),
        Column("occurred_at", title="Hände", shown=False),
        Column("discovered_at", title="Upptäcktes", shown=False),
        Column("service_area", title="Område", sort=(), shown=False),
        Column("law", shown=False),
        Column("direction", shown=False),
        Column("reference", sort=(), shown=False),
        Column("place", sort=(), shown=False),
        Column("classified_at", title="Klassificerad", shown=False),
        Column("closed_at", title="Avslutad", shown=False),
    ),
    filters=(
        Filter("fran", title="Rapporterad från", apply=from_day, kind="date"),
        Filter("till", title="Rapporterad till", apply=to_day, kind="date"),
        Filter("enhet", title="Enhet", options=_units, apply=under, named="name"),
        Filter("typ", title="Typ", options=_kinds, apply=of_type, named="label"),
        Filter(
            "grad",
            title="Allvarlighet",
            options=_grades,
            apply=by_severity,
        ),
        Filter("lage", title="Läge", options=(("oppna", "Alla öppna"), *State.choices), apply=in_state),
        "direction",
        Filter("law", options=Law.choices),
        Filter("sen", title="Försenade", options=(("ja", "Bara försenade"),), apply=late),
    ),
    search=found,
    order=("-reported_at",),
    detail=False,
    empty="Här kommer de händelser som rapporteras. Börja med knappen Rapportera en händelse.",
    tools=lambda scope: [("Rapportera en händelse", scope.url("quality:report"))],
)
