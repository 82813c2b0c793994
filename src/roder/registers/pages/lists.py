"""The small registers, declared: steering documents, supervision, IT systems, needs and benefits, agreements and
criminal-record checks. Those of grants are in ``grant_lists``."""

from __future__ import annotations

from typing import Any

from django.db.models import F, Q, QuerySet
from django.utils import timezone

from roder import access
from roder.access.matrix import Action
from roder.core.numbers import Unit
from roder.core.register import Column, Filter, Register
from roder.organisation.models import Person
from roder.registers.models import (
    Agreement,
    DigitalNeed,
    ItSystem,
    RecordCheck,
    SteeringDocument,
    SupervisionPlan,
    SupervisionVisit,
)
from roder.registers.rules import flows
from roder.registers.services import deadlines, deeds
from roder.web.scope import Scope


def of_committee(rows: QuerySet[Any], scope: Scope) -> QuerySet[Any]:
    """The committee's own rows."""
    return rows.filter(committee=scope.committee)


def deed_links(row: Any, scope: Scope) -> list[tuple[str, str]]:
    """A button for each deed that the person may do to the row as it stands."""
    if not access.may(scope.user, Action.EDIT, row):
        return []
    kind = row._meta.model_name
    return [(deed.label, scope.url("registers:deed", kind, row.pk, deed.code)) for deed in deeds.of(row)]


def kept(row: Any, by: Person) -> None:
    """Let the tasks follow what was saved."""
    deadlines.keep(row, by)


# --- steering documents ---------------------------------------------------------------------------------------------


def standing(row: SteeringDocument) -> tuple[str, str]:
    """How a document stands today: word and tone."""
    return flows.revision_tone(row.revise_by, row.repealed_on, row.valid_to, timezone.localdate())


def overdue_documents(scope: Scope) -> dict[str, Any]:
    """The documents whose revision is late, or that have run out without being repealed; the oldest first."""
    today = timezone.localdate()
    rows = of_committee(access.visible(scope.user, SteeringDocument.objects.all()), scope)
    in_force = Q(repealed_on=None) | Q(repealed_on__gt=today)
    late = rows.filter(in_force).filter(Q(revise_by__lt=today) | Q(valid_to__lt=today))
    ordered = late.order_by(F("revise_by").asc(nulls_last=True), "valid_to", "title")
    return {"overdue": [(row, standing(row)) for row in ordered]}


def _valid(row: SteeringDocument) -> str:
    if row.until_further:
        return "tills vidare"
    return f"till och med {row.valid_to}" if row.valid_to else ""


def _revise(row: SteeringDocument) -> str:
    return str(row.revise_by) if row.revise_by else row.revise_when


def _replaced_by(row: SteeringDocument, scope: Scope) -> dict[str, Any]:
    later = access.visible(scope.user, row.replaced_by.all()).order_by("pk")
    return {"document": row, "replaced_by": later}


documents = Register(
    SteeringDocument,
    name="styrdokument",
    title="Styrdokument",
    lead="Policyer, planer, riktlinjer och annat som gäller: vem som beslutade, hur länge det gäller och när det ska "
    "ses över. Den ansvariga får en uppgift i god tid.",
    rows=of_committee,
    columns=(
        Column("title", link=True),
        Column("type", title="Typ"),
        Column("decided_by"),
        Column("decided_on", title="Beslutat", shown=False),
        Column("valid", title="Gäller", value=_valid, sort=("valid_to",)),
        Column("revise_by", title="Revideras", text=_revise),
        Column("revise_when", title="Revideras, med ord", shown=False),
        Column("standing", title="Läge", value=lambda row: standing(row)[0], tone=lambda row: standing(row)[1]),
        Column("responsible", shown=False),
        Column("valid_for", shown=False),
        Column("section", shown=False),
        Column("number", shown=False),
    ),
    filters=("type", "decided_by", "revise_by"),
    search=("title", "decided_by", "responsible", "number", "text"),
    order=("title",),
    above="registers/overdue_documents.html",
    above_context=overdue_documents,
    detail=(
        Column("standing", title="Läge", value=lambda row: standing(row)[0], tone=lambda row: standing(row)[1]),
        "type", "decided_by", "decided_on", "section", "number", "valid_for", "valid_from",
        Column("valid", title="Gäller", value=_valid), Column("revise", title="Revideras", value=_revise),
        "responsible", "role",
        Column("replaces", link=lambda row, scope: scope.url("registers:styrdokument-detail", row.replaces_id)
               if row.replaces_id else None),
        "repealed_on",
    ),
    form=(
        "type", "title", "decided_by", "decided_on", "section", "number", "valid_for", "valid_from", "valid_to",
        "until_further", "revise_by", "revise_when", "responsible", "role", "replaces", "text",
    ),
    new=lambda scope: SteeringDocument(committee=scope.committee),
    saved=deeds.document_saved,
    links=deed_links,
    below="registers/document_below.html",
    below_context=_replaced_by,
    empty="Här kommer nämndens styrdokument. Börja med reglementet och delegationsordningen.",
)  # fmt: skip


# --- supervision ----------------------------------------------------------------------------------------------------


def _visits_of(row: SupervisionPlan, scope: Scope) -> dict[str, Any]:
    visits = list(row.visits.order_by(F("planned_on").asc(nulls_last=True), "pk"))
    return {
        "plan": row,
        "visits": visits,
        "done": sum(one.done_on is not None for one in visits),
        "may_edit": access.may(scope.user, Action.EDIT, row),
        "add_url": scope.url("registers:tillsynsbesok-new"),
    }


def _done_of(row: SupervisionPlan) -> str:
    visits = row.visits.all()
    done = sum(one.done_on is not None for one in visits)
    return f"{done} av {row.visits_planned if row.visits_planned is not None else len(visits)}"


RESULT_TONES = {"ok": "good", "remark": "near", "order": "bad", "revoked": "bad"}

supervision_plans = Register(
    SupervisionPlan,
    name="tillsynsplaner",
    title="Tillsynsplaner",
    lead="Vilken tillsyn nämnden ska göra under året, till exempel enligt alkohollagen, och vilka besök som är gjorda.",
    rows=lambda rows, scope: of_committee(rows, scope).prefetch_related("visits"),
    columns=(
        Column("law", link=True),
        Column("year", kind="text"),
        Column("carried_out_by"),
        Column("done", title="Gjorda besök", value=_done_of),
        Column("decided_on"),
        Column("section", shown=False),
    ),
    filters=(Filter("year", "År"),),
    search=("law", "priorities"),
    order=("-year", "law"),
    detail=("law", Column("year", kind="text"), "priorities", "visits_planned", "carried_out_by", "decided_on",
            "section"),
    form=("law", "year", "priorities", "visits_planned", "carried_out_by", "decided_on", "section"),
    new=lambda scope: SupervisionPlan(committee=scope.committee, year=scope.year),
    below="registers/visits.html",
    below_context=_visits_of,
    tools=lambda scope: [("Alla besök", scope.url("registers:tillsynsbesok"))],
    empty="Här kommer årets tillsynsplan. Lägg till en plan för varje lag, och besöken under den.",
)  # fmt: skip

supervision_visits = Register(
    SupervisionVisit,
    name="tillsynsbesok",
    title="Tillsynsbesök",
    lead="Besöken i tillsynsplanerna: vad som är planerat, vad som är gjort och vad det gav.",
    rows=lambda rows, scope: rows.filter(plan__committee=scope.committee),
    columns=(
        Column("place", link=True),
        Column("plan"),
        Column("theme"),
        Column("planned_on"),
        Column("done_on"),
        Column("result", tone=lambda row: RESULT_TONES.get(row.result, "none")),
    ),
    filters=("result", "planned_on"),
    search=("place", "theme", "note"),
    order=("-planned_on",),
    detail=("place", "plan", "theme", "planned_on", "done_on", "result", "note"),
    form=("plan", "place", "theme", "planned_on", "done_on", "result", "note"),
    new=lambda scope: SupervisionVisit(),
    empty="Här kommer besöken. Lägg först till en tillsynsplan, sedan besöken i den.",
)


# --- IT systems -----------------------------------------------------------------------------------------------------


def _classified(row: ItSystem) -> str:
    levels = (row.confidentiality, row.integrity, row.availability)
    return "" if None in levels else "-".join(str(level) for level in levels)


systems = Register(
    ItSystem,
    name="it-system",
    title="It-system",
    lead="Vem som äger och förvaltar varje system, vilket avtal det vilar på, hur det är klassat och om det har "
    "personuppgifter.",
    rows=of_committee,
    columns=(
        Column("name", link=True),
        Column("used_for"),
        Column("owner"),
        Column("administrator"),
        Column("supplier"),
        Column("classified", title="Klassning (K-R-T)", value=_classified, sort=("confidentiality",)),
        Column("personal_data"),
        Column("agreement", shown=False),
        Column("classified_on", shown=False),
        Column("ended_on", shown=False),
    ),
    filters=("personal_data", Filter("agreement", "Avtal")),
    search=("name", "used_for", "owner", "administrator", "supplier"),
    order=("name",),
    detail=(
        "name", "used_for", "owner", "administrator", "supplier",
        Column("agreement", link=lambda row, scope: scope.url("registers:avtal-detail", row.agreement_id)
               if row.agreement_id else None),
        "confidentiality", "integrity", "availability", "classified_on", "personal_data", "purpose", "legal_basis",
        "persons_concerned", "data_categories", "shared_with", "retention", "protection", "ended_on",
    ),
    form=(
        "name", "used_for", "owner", "administrator", "supplier", "agreement", "confidentiality", "integrity",
        "availability", "classified_on", "personal_data", "purpose", "legal_basis", "persons_concerned",
        "data_categories", "shared_with", "retention", "protection", "ended_on",
    ),
    new=lambda scope: ItSystem(committee=scope.committee),
    tools=lambda scope: [("Behandlingar av personuppgifter", scope.url("registers:behandlingar"))],
    empty="Här kommer nämndens it-system. Börja med verksamhetssystemet.",
)  # fmt: skip

#: The record of processing activities (GDPR art. 30.1 a–g), to read and to take out as a file.
processing = Register(
    ItSystem,
    name="behandlingar",
    title="Behandlingar av personuppgifter",
    lead="Registret enligt artikel 30 i dataskyddsförordningen, ur uppgifterna om it-systemen. Hämta det som fil till "
    "dataskyddsombudet.",
    rows=lambda rows, scope: of_committee(rows, scope).filter(personal_data=True),
    columns=(
        Column("name", link=lambda row, scope: scope.url("registers:it-system-detail", row.pk)),
        Column("controller", title="Personuppgiftsansvarig", value=lambda row: str(row.committee), sort=()),
        Column("committee", title="Nämnd", shown=False),
        Column("purpose"),
        Column("legal_basis"),
        Column("persons_concerned"),
        Column("data_categories"),
        Column("shared_with"),
        Column("retention"),
        Column("protection"),
        Column("supplier", title="Biträde", shown=False),
        Column("owner", shown=False),
    ),
    search=("name", "purpose", "data_categories"),
    order=("name",),
    detail=False,
    tools=lambda scope: [("It-system", scope.url("registers:it-system"))],
    empty="Här kommer systemen med personuppgifter. Kryssa i ”Personuppgifter” på ett it-system och fyll i ändamålet.",
)


# --- needs and benefits ---------------------------------------------------------------------------------------------

NEED_TONES = {"need": "none", "council": "near", "decided": "near", "introduced": "near", "evaluated": "good"}

needs = Register(
    DigitalNeed,
    name="behov-och-nyttor",
    title="Behov och nyttor",
    lead="Behov av digitala lösningar, från att någon säger till, genom rådet och beslutet, till nyttan som kom.",
    rows=of_committee,
    columns=(
        Column("title", link=True),
        Column("unit"),
        Column("raised_on"),
        Column("state", tone=lambda row: NEED_TONES.get(row.state, "none")),
        Column("decided_on", shown=False),
        Column("cost", unit=Unit.KRONOR, shown=False),
        Column("introduced_on"),
        Column("evaluated_on"),
        Column("benefit", shown=False),
    ),
    filters=("state", "unit", "raised_on"),
    search=("title", "need", "expected_benefit", "benefit"),
    order=("-raised_on",),
    detail=(
        Column("state", tone=lambda row: NEED_TONES.get(row.state, "none")), "unit", "raised_on", "need", "stand",
        "decided_on", Column("cost", unit=Unit.KRONOR), "expected_benefit", "introduced_on", "evaluated_on", "benefit",
    ),
    form=("title", "unit", "raised_on", "need", "expected_benefit"),
    new=lambda scope: DigitalNeed(committee=scope.committee, raised_on=timezone.localdate()),
    links=deed_links,
    empty="Här kommer behoven. Skriv vad som är svårt i dag, inte vilken produkt ni vill köpa.",
)  # fmt: skip


# --- agreements -----------------------------------------------------------------------------------------------------


def agreement_standing(row: Agreement) -> tuple[str, str]:
    """How an agreement stands today: word and tone."""
    today = timezone.localdate()
    if row.ended_on and row.ended_on <= today:
        return "avslutat", "none"
    if row.valid_to and row.valid_to < today:
        return ("förlängt", "near") if row.renews else ("har gått ut", "bad")
    due = row.notice_by
    if due and due < today:
        return "uppsägningstiden är ute", "near"
    if due and (due - today).days <= flows.SOON_DAYS:
        return "ta ställning snart", "near"
    return "gäller", "good"


def _agreement_standing(row: Agreement) -> str:
    return agreement_standing(row)[0]


agreements = Register(
    Agreement,
    name="avtal",
    title="Avtal",
    lead="Samverkansavtal och andra avtal: med vem, hur länge och sista dag att säga upp. Det blir en "
    "uppgift i god tid.",
    rows=of_committee,
    columns=(
        Column("title", link=True),
        Column("kind"),
        Column("party"),
        Column("valid_from", shown=False),
        Column("valid_to"),
        Column("notice_by"),
        Column("renews", shown=False),
        Column("standing", title="Läge", value=_agreement_standing, tone=lambda row: agreement_standing(row)[1]),
        Column("amount", unit=Unit.KRONOR, shown=False),
        Column("responsible", shown=False),
    ),
    filters=("kind", "notice_by"),
    search=("title", "party", "number", "responsible"),
    order=("title",),
    detail=(
        Column("standing", title="Läge", value=_agreement_standing, tone=lambda row: agreement_standing(row)[1]),
        "kind", "party", "number", "signed_on", "valid_from", "valid_to", "notice_by", "renews",
        Column("amount", unit=Unit.KRONOR), "responsible", "follow_up", "ended_on",
    ),
    form=(
        "kind", "title", "party", "number", "signed_on", "valid_from", "valid_to", "notice_by", "renews", "amount",
        "responsible", "follow_up", "ended_on",
    ),
    new=lambda scope: Agreement(committee=scope.committee),
    saved=kept,
    empty="Här kommer avtalen. Skriv in sista dag att säga upp, så blir det en uppgift.",
)  # fmt: skip


# --- criminal-record checks -----------------------------------------------------------------------------------------

record_checks = Register(
    RecordCheck,
    name="registerutdrag",
    title="Registerutdrag",
    lead="Att ett utdrag ur belastningsregistret visades före anställningen, när och för vem. Aldrig vad som stod i "
    "det: lämna tillbaka utdraget.",
    rows=of_committee,
    columns=(
        Column("reference", link=True),
        Column("unit"),
        Column("law"),
        Column("issued_on"),
        Column("shown_on"),
        Column("seen_by"),
    ),
    filters=("unit", "shown_on"),
    search=("reference", "law"),
    order=("-shown_on",),
    form=("reference", "unit", "law", "issued_on", "shown_on"),
    new=lambda scope: RecordCheck(
        committee=scope.committee,
        seen_by=scope.user,
        shown_on=timezone.localdate(),  # type: ignore[misc]
    ),
    empty="Här antecknas att ett utdrag har visats. Skriv rekryteringens nummer, aldrig namn eller personnummer.",
)
