"""The registers of grants, declared: calls, associations, applications, and grants from the state."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from roder import access
from roder.access.matrix import Action
from roder.core.numbers import Unit
from roder.core.register import Column, Filter, Register
from roder.questionnaires.answering import read_lines
from roder.registers.models import Association, GrantApplication, GrantCall, StateGrant
from roder.registers.pages.lists import deed_links, kept, of_committee
from roder.registers.rules import grants as rules
from roder.registers.services import grants
from roder.web.scope import Scope


def page_of_application(row: GrantApplication, scope: Scope) -> str:
    """The address of an application."""
    return scope.url("registers:bidragsansokningar-detail", row.pk)


def table_of(row: GrantCall, scope: Scope) -> dict[str, Any]:
    """What the page of a call draws: its table, its checks, and what has come in through the public form."""
    rows = access.visible(scope.user, GrantApplication.objects.filter(call=row))
    applications = list(
        rows.select_related("association", "call").order_by("association__position", "association__name")
    )
    year = grants.year_of(row, applications)
    may_edit = access.may(scope.user, Action.EDIT, row)
    return {
        "year": year,
        "told": year.check.text(row.year),
        "sent_in": grants.sent_in(scope.user, row) if may_edit else (),
        "late": {one.pk: grants.days_late(row, one.received_on) for one in applications},
        "may_edit": may_edit,
        "add_url": scope.url("registers:bidragsansokningar-new"),
    }


calls = Register(
    GrantCall,
    name="foreningsbidrag",
    title="Föreningsbidrag",
    lead="Bidrag till föreningar, år för år: ramen, kriterierna, ansökningarna och vad nämnden beslutade.",
    rows=of_committee,
    columns=(
        Column("title", link=True),
        Column("year", kind="text"),
        Column("opens_on"),
        Column("closes_on"),
        Column("frame", title="Ram", unit=Unit.KRONOR),
        Column("printed_total", title="Summa enligt beslutet", unit=Unit.KRONOR),
        Column("decided_on"),
    ),
    order=("-year",),
    detail=(
        Column("year", kind="text"), "opens_on", "closes_on", Column("frame", title="Ram", unit=Unit.KRONOR),
        "criteria", "decided_on", "number",
    ),
    form=("year", "title", "opens_on", "closes_on", "frame", "criteria", "printed_total", "decided_on", "number"),
    new=lambda scope: GrantCall(committee=scope.committee, year=scope.year, title="Föreningsbidrag"),
    below="registers/call.html",
    below_context=table_of,
    tools=lambda scope: [
        ("Över åren", scope.url("registers:grant_years")),
        ("Ansökningar", scope.url("registers:bidragsansokningar")),
        ("Föreningar", scope.url("registers:foreningar")),
    ],
    empty="Här kommer årens utlysningar. Lägg till årets, med ram och sista ansökningsdag.",
)  # fmt: skip

associations = Register(
    Association,
    name="foreningar",
    title="Föreningar",
    lead="Föreningar och stiftelser som söker eller har fått bidrag. Bara organisationer, aldrig kontaktpersoner.",
    rows=of_committee,
    columns=(Column("name", link=True), "short_name", "organisation_number", "purpose",
             Column("position", shown=False)),
    search=("name", "short_name", "organisation_number", "purpose"),
    order=("position", "name"),
    detail=("name", "short_name", "organisation_number", "purpose"),
    form=("name", "short_name", "organisation_number", "purpose", "position"),
    new=lambda scope: Association(committee=scope.committee),
    below="registers/association.html",
    below_context=lambda row, scope: {
        "applications": access.visible(scope.user, row.applications.all())
        .select_related("call", "association").order_by("-call__year")
    },
    empty="Här kommer föreningarna. De läggs till här, eller när en ansökan tas emot från formuläret.",
)  # fmt: skip

TONES = {"received": "near", "incomplete": "near", "assessed": "near", "decided": "good", "reported": "good"}


def _new_application(scope: Scope) -> GrantApplication:
    made = GrantApplication()
    if (call := GrantCall.objects.filter(committee=scope.committee, year=scope.year).first()) is not None:
        made.call = call
    return made


def _application(row: GrantApplication, scope: Scope) -> dict[str, Any]:
    found = grants.answers_of(scope.user, row)
    criteria = [(words, getattr(row, name)) for name, words in rules.CRITERIA.items()]
    return {
        "application": row,
        "criteria": criteria,
        "forms": [(answer, read_lines(answer)) for answer in found],
        "days_late": grants.days_late(row.call, row.received_on),
        "may_edit": access.may(scope.user, Action.EDIT, row),
    }


applications = Register(
    GrantApplication,
    name="bidragsansokningar",
    title="Bidragsansökningar",
    lead="Alla ansökningar om föreningsbidrag: kriterier, förslag, beslut, överenskommelse och återrapport.",
    rows=lambda rows, scope: rows.filter(call__committee=scope.committee),
    columns=(
        Column("association", link=page_of_application),
        Column("call__year", title="År", kind="text"),
        Column("state", tone=lambda row: TONES.get(row.state, "none")),
        Column("received_on"),
        Column("sought", title="Sökt", unit=Unit.KRONOR),
        Column("proposed", title="Förslag", unit=Unit.KRONOR),
        Column("granted", title="Beviljat", unit=Unit.KRONOR),
        Column("decided_on", shown=False),
        Column("section", shown=False),
        Column("report_by", title="Återrapport senast"),
        Column("reported_on", shown=False),
        Column("other_form", shown=False),
    ),
    filters=("state", Filter("call__year", "År"), Filter("association", "Förening"), "report_by"),
    search=("association__name", "assessment", "reduced_why"),
    order=("-call__year", "association__position"),
    detail=(
        Column("association", link=lambda row, scope: scope.url("registers:foreningar-detail", row.association_id)),
        Column("call", link=lambda row, scope: scope.url("registers:foreningsbidrag-detail", row.call_id)),
        Column("state", tone=lambda row: TONES.get(row.state, "none")),
        "received_on", Column("sought", title="Sökt", unit=Unit.KRONOR),
        "completion_asked_on", "complete_by", "completed_on",
        "assessment", Column("proposed", title="Förslag", unit=Unit.KRONOR), "reduced_why",
        Column("granted", title="Beviljat", unit=Unit.KRONOR), "decided_on", "section", "other_form",
        "agreement_on", "report_by", "reported_on", "report",
    ),
    form=("call", "association", "received_on", "sought", "other_form"),
    new=_new_application,
    saved=kept,
    links=deed_links,
    below="registers/application.html",
    below_context=_application,
    tools=lambda scope: [("Utlysningar", scope.url("registers:foreningsbidrag"))],
    empty="Här kommer ansökningarna. Lägg först till årets utlysning och föreningarna.",
)  # fmt: skip


def left(row: StateGrant) -> Decimal | None:
    """What is neither used nor paid back of what was granted, in kronor; None before it is granted."""
    if row.granted is None or row.state == StateGrant.State.REFUSED:
        return None
    return row.granted - (row.used or 0) - (row.returned or 0)


def period(row: StateGrant) -> str:
    """When the money may be used, in words."""
    if row.starts_on is None and row.ends_on is None:
        return ""
    return " – ".join(str(day) if day else "" for day in (row.starts_on, row.ends_on)).strip()


STATE_TONES = {"planned": "none", "applied": "near", "granted": "near", "refused": "none", "reported": "good"}

state_grants = Register(
    StateGrant,
    name="statsbidrag",
    title="Statsbidrag",
    lead="Bidrag från staten: villkoren, tiden, hur mycket som är sökt, beviljat och använt, och dagarna att söka, "
    "rekvirera och återrapportera. Varje dag blir en uppgift.",
    rows=of_committee,
    columns=(
        Column("name", link=True),
        Column("year", kind="text"),
        Column("authority"),
        Column("state", tone=lambda row: STATE_TONES.get(row.state, "none")),
        Column("apply_by", title="Ansök senast"),
        Column("requisition_by", title="Rekvirera senast", shown=False),
        Column("report_by", title="Återrapportera senast"),
        Column("sought", title="Sökt", unit=Unit.KRONOR),
        Column("granted", title="Beviljat", unit=Unit.KRONOR),
        Column("used", title="Använt", unit=Unit.KRONOR),
        Column("left", title="Kvar", value=left, unit=Unit.KRONOR),
        Column("period", title="Får användas", value=period, sort=("starts_on", "ends_on"), shown=False),
        Column("unit", shown=False),
        Column("source", shown=False),
        Column("document", shown=False),
    ),
    filters=("state", Filter("year", "År"), "authority", Filter("unit", "Enhet")),
    search=("name", "authority", "source", "conditions"),
    order=("-year", "name"),
    detail=(
        Column("state", tone=lambda row: STATE_TONES.get(row.state, "none")), Column("year", kind="text"),
        "authority", "source", "conditions", "unit", Column("period", title="Får användas", value=period), "apply_by",
        "applied_on", Column("sought", title="Sökt", unit=Unit.KRONOR), "decided_on",
        Column("granted", title="Beviljat", unit=Unit.KRONOR), "requisition_by", "requisitioned_on", "report_by",
        "reported_on", Column("used", title="Använt", unit=Unit.KRONOR),
        Column("returned", title="Återbetalt", unit=Unit.KRONOR), Column("left", title="Kvar", value=left,
        unit=Unit.KRONOR), "note", "document",
    ),
    form=("year", "name", "authority", "source", "conditions", "unit", "starts_on", "ends_on", "apply_by",
          "requisition_by", "report_by", "sought", "note"),
    new=lambda scope: StateGrant(committee=scope.committee, year=scope.year),
    saved=kept,
    links=deed_links,
    tools=lambda scope: [
        ("Årets datum", scope.url("registers:state_dates")),
        ("Sökt, beviljat och använt", scope.url("economy:state_grants")),
    ],
    empty="Här kommer statsbidragen. Personligt ombud läggs till med sina dagar från ”Årets datum”.",
)  # fmt: skip
