"""The registers of audits, recommendations, inspections and incidents, declared."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.db.models import Count, Q, QuerySet
from django.urls import URLPattern, path
from django.utils import timezone

from roder import access, tasks
from roder.access.matrix import Action, Resource
from roder.control.models import Audit, Incident, Inspection, Recommendation
from roder.control.pages import audit_deeds, evidence_kinds
from roder.control.rules import audits as rules
from roder.control.rules import incidents as incident_rules
from roder.control.services import audits as services
from roder.control.services import evidence, incidents, inspections
from roder.core.register import Column, Filter, Register
from roder.questionnaires.models import QuestionSet
from roder.tasks.rules import Due, lateness
from roder.web.scope import Scope

State = Recommendation.State
JUDGED = {"yes": "good", "largely": "good", "partly": "near", "no": "bad"}


class Named(Register):
    """A register whose pages are called by the names that other rooms link to: a list and its row."""

    def names(self, listed: str, one: str) -> Named:
        """Give the names."""
        self.listed, self.one = listed, one
        return self

    def url(self, scope: Scope, part: str = "", pk: int | None = None) -> str:
        """The address of the list, or of ``detail``, ``edit`` and ``new``."""
        return scope.url(f"control:{self._name(part)}", *([pk] if pk is not None else []))

    def _name(self, part: str) -> str:
        return self.listed if not part else self.one if part == "detail" else f"{self.one}_{part}"

    def urls(self, namespace: str) -> list[URLPattern]:
        """The register's addresses under its names."""
        return [
            path(str(one.pattern), one.callback, name=self._name(str(one.name)[len(self.name) + 1 :]))
            for one in super().urls(namespace)
        ]


def of_committee(rows: QuerySet[Any], scope: Scope) -> QuerySet[Any]:
    """The committee's own rows."""
    return rows.filter(committee=scope.committee)


def _state(standing: Callable[[Any], tuple[str, str]], sort: tuple[str, ...] | None = None) -> Column:
    """The column that says how a row stands: word and tone."""
    return Column(
        "standing",
        title="Läge",
        value=lambda row: standing(row)[0],
        tone=lambda row: standing(row)[1],
        sort=sort,
    )


def _year() -> Column:
    """The year as a year is written, without a space for thousands."""
    return Column("year", title="År", kind="text", value=lambda row: str(row.year), sort=("year",))


# --- audits ----------------------------------------------------------------------------------------------------------


def audit_standing(row: Audit) -> tuple[str, str]:
    """How an audit stands today: words and tone."""
    state = Audit.State
    return rules.answer_standing(
        row.state == state.ANSWERED, row.state == state.CLOSED, row.answer_by, timezone.localdate()
    )


def _audits(rows: QuerySet[Any], scope: Scope) -> QuerySet[Any]:
    waiting = Count("recommendations", filter=Q(recommendations__state__in=[State.OPEN, State.ACCEPTED]))
    return of_committee(rows, scope).annotate(waiting=waiting)


def _overview(scope: Scope) -> dict[str, Any]:
    """What is late, and where the yearly form and the review of corruption are."""
    today = timezone.localdate()
    rows = access.visible(scope.user, Recommendation.objects.filter(committee=scope.committee))
    sums = rows.aggregate(
        late=Count("pk", filter=Q(state=State.ACCEPTED, due_on__lt=today)),
        open=Count("pk", filter=Q(state=State.OPEN)),
        going=Count("pk", filter=Q(state=State.ACCEPTED)),
        done=Count("pk", filter=Q(state=State.DONE)),
    )
    review = QuestionSet.objects.filter(committee=scope.committee, code=services.CORRUPTION)
    may_see = scope.may(Action.VIEW, Resource.QUESTIONNAIRES)
    return {
        "sums": sums,
        "corruption": scope.url("questionnaires:set", services.CORRUPTION)
        if may_see and review.exists()
        else "",
        "may_add": scope.may(Action.EDIT, Resource.AUDITS),
    }


def _audit_page(row: Audit, scope: Scope) -> dict[str, Any]:
    """What the page of an audit shows besides its facts. The number of queries does not grow with the rows."""
    proofs = evidence_kinds.seen(row, scope)
    answer = row.answer
    sections = evidence.form_of(answer, [one.proof for one in proofs]) if answer is not None else []
    return {
        "audit": row,
        "standing": audit_standing(row),
        "questions": [(one, JUDGED.get(one.judgement, "none")) for one in row.questions.all()],
        "recommendations": _lines(row.recommendations.order_by("number", "pk")),
        "answer": answer,
        "sections": sections,
        "by_question": evidence_kinds.by_question(proofs),
        "attachments": evidence_kinds.attachments(proofs),
        "lacking": evidence.lacking(sections),
        "may_edit": access.may(scope.user, Action.EDIT, row),
        "may_answer": row.state == Audit.State.OPEN and access.may(scope.user, Action.COMMENT, row),
    }


def _lines(rows: QuerySet[Recommendation]) -> list[tuple[Recommendation, tuple[str, str]]]:
    today = timezone.localdate()
    return [(one, rules.standing(one.state, one.due_on, today)) for one in rows]


audits = Named(
    Audit,
    name="granskningar",
    title="Granskningar",
    lead="Revisorernas granskningar: frågor, bedömning, rekommendationer och nämndens svar med bevis.",
    rows=_audits,
    columns=(
        Column("title", link=True),
        _year(),
        Column("kind", title="Slag"),
        Column("auditor", title="Granskas av", shown=False),
        Column("received_on", title="Inkommen", shown=False),
        Column("answer_by", title="Svar senast", shown=False),
        _state(audit_standing),
        Column("judgement", title="Bedömning", tone=lambda row: JUDGED.get(row.judgement, "none")),
        Column("waiting", title="Att åtgärda", kind="number", sort=("waiting",)),
        Column("number", shown=False),
        Column("responsible", shown=False),
    ),
    filters=("year", "kind", "state", "judgement"),
    search=("title", "question", "auditor", "number"),
    order=("-year", "-received_on"),
    above="control/audit/audits_above.html",
    above_context=_overview,
    detail=(
        _state(audit_standing),
        "kind", _year(), "auditor", "question", "received_on", "answer_by", "answered_on", "number",
        "responsible", "owner_role",
        Column("judgement", title="Revisorernas bedömning", tone=lambda row: JUDGED.get(row.judgement, "none")),
        "judgement_text",
    ),
    form=("kind", "title", "question", "auditor", "number", "received_on", "answer_by", "responsible", "owner_role"),
    new=lambda scope: Audit(committee=scope.committee, year=scope.year, auditor="Kommunens revisorer"),
    saved=services.audit_saved,
    links=audit_deeds.links,
    below="control/audit/audit_below.html",
    below_context=_audit_page,
    empty="Här kommer granskningarna: den årliga grundläggande granskningen, fördjupningar och förstudier.",
).names("audits", "audit")  # fmt: skip


# --- recommendations -------------------------------------------------------------------------------------------------


def _standing(row: Recommendation) -> tuple[str, str]:
    return rules.standing(row.state, row.due_on, timezone.localdate())


def _origin(row: Recommendation) -> str:
    return str(row.audit or row.inspection)


def _origin_link(row: Recommendation, scope: Scope) -> str:
    if row.audit_id is not None:
        return scope.url("control:audit", row.audit_id)
    return scope.url("control:inspection", row.inspection_id)


def _late(rows: QuerySet[Any], wanted: str) -> QuerySet[Any]:
    if wanted == "sena":
        return rows.filter(state=State.ACCEPTED, due_on__lt=timezone.localdate())
    return rows.filter(state=wanted)


def _recommendation_page(row: Recommendation, scope: Scope) -> dict[str, Any]:
    proofs = evidence_kinds.seen(row, scope)
    return {
        "recommendation": row,
        "actions": tasks.actions_of(row),
        "attachments": evidence_kinds.attachments(proofs),
        "may_answer": access.may(scope.user, Action.COMMENT, row),
    }


recommendations = Named(
    Recommendation,
    name="rekommendationer",
    title="Rekommendationer",
    lead="Vad revisorer och myndigheter har rekommenderat, vad nämnden svarade, och vad det blev av det.",
    rows=of_committee,
    columns=(
        Column("number", title="Nr"),
        Column("text", link=True),
        Column("origin", title="Kommer från", value=_origin, link=_origin_link, sort=("audit__title",)),
        Column("responsible"),
        Column("due_on", title="Klar senast"),
        _state(_standing),
        Column("done_on", title="Klar", shown=False),
        Column("audit", shown=False),
        Column("inspection", shown=False),
        Column("answer", shown=False, sort=()),
        Column("effect", shown=False, sort=()),
    ),
    filters=(Filter("lage", title="Läge", options=[("sena", "Försenade"), *State.choices], apply=_late), "due_on"),
    search=("text", "answer", "responsible"),
    order=("-audit__year", "audit", "number"),
    detail=(
        _state(_standing),
        Column("origin", title="Kommer från", value=_origin, link=_origin_link),
        "number", "text", "answer", "responsible", "owner_role", "due_on", "done_on", "effect",
    ),
    links=audit_deeds.links,
    below="control/audit/recommendation_below.html",
    below_context=_recommendation_page,
    empty="Här kommer rekommendationerna. Lägg till dem på granskningens eller tillsynens sida.",
).names("recommendations", "recommendation")  # fmt: skip


# --- inspections -----------------------------------------------------------------------------------------------------


def inspection_standing(row: Inspection) -> tuple[str, str]:
    """How an inspection stands today: words and tone."""
    return rules.answer_standing(
        row.state == Inspection.State.ANSWERED, row.state == Inspection.State.CLOSED, row.answer_by,
        timezone.localdate(),
    )  # fmt: skip


def _inspection_page(row: Inspection, scope: Scope) -> dict[str, Any]:
    return {
        "inspection": row,
        "recommendations": _lines(row.recommendations.order_by("number", "pk")),
        "actions": tasks.actions_of(row),
        "attachments": evidence_kinds.attachments(evidence_kinds.seen(row, scope)),
        "may_answer": access.may(scope.user, Action.COMMENT, row),
    }


inspection_register = Named(
    Inspection,
    name="tillsyn-av-oss",
    title="Tillsyn av oss",
    lead="Myndigheters tillsyn av våra verksamheter: vad de kom fram till, vad vi svarade och hur det gick.",
    rows=of_committee,
    columns=(
        Column("title", link=True),
        "authority",
        Column("unit"),
        Column("held_on", title="Dag"),
        Column("decided_on", title="Beslut"),
        Column("answer_by", title="Svar senast", shown=False),
        _state(inspection_standing),
        Column("kind", shown=False),
        Column("number", shown=False),
    ),
    filters=("authority", "unit", "state", "held_on"),
    search=("title", "kind", "findings", "decision", "number"),
    order=("-held_on",),
    detail=(
        _state(inspection_standing),
        "authority", "kind", "unit", "held_on", "number", "decided_on", "decision", "findings", "answer_by",
        "answered_on", "answer", "follow_up",
    ),
    form=("authority", "kind", "title", "unit", "held_on", "number", "decided_on", "decision", "findings", "answer_by"),
    new=lambda scope: Inspection(committee=scope.committee),
    saved=inspections.inspection_saved,
    links=audit_deeds.links,
    below="control/audit/inspection_below.html",
    below_context=_inspection_page,
    empty="Här kommer tillsyn från IVO, Arbetsmiljöverket, IMY, räddningstjänsten och andra.",
).names("inspections", "inspection")  # fmt: skip


# --- incidents -------------------------------------------------------------------------------------------------------


def incident_standing(row: Incident) -> tuple[str, str]:
    """How an incident stands now: the clock while nobody has decided, else what was decided."""
    state = Incident.State
    if row.state == state.OPEN and row.report_by is not None:
        left = lateness(Due(row.report_by), timezone.now())
        return left, "bad" if timezone.now() >= row.report_by else "near"
    if (
        row.state == state.REPORTED
        and row.reported_at
        and incident_rules.is_late(row.reported_at, row.report_by)
    ):
        return "Anmäld, för sent", "near"
    return row.get_state_display().capitalize(), "near" if row.state == state.OPEN else "good"


def _incident_page(row: Incident, scope: Scope) -> dict[str, Any]:
    return {
        "incident": row,
        "standing": incident_standing(row),
        "must_inform": incident_rules.must_inform(row.kind, row.risk) and row.informed_on is None,
    }


def _incident_tools(scope: Scope) -> list[tuple[str, str]]:
    reports = incidents.may_report_somewhere(scope.user, scope.committee)
    return [("Rapportera en incident", scope.url("control:incident_new"))] if reports else []


incident_register = Named(
    Incident,
    name="incidenter",
    title="Incidenter",
    lead="Incidenter som en myndighet kan behöva få veta. En personuppgiftsincident anmäls till IMY inom 72 timmar "
    "efter upptäckten.",
    rows=of_committee,
    columns=(
        Column("title", link=True),
        Column("kind", title="Slag"),
        Column("unit"),
        Column("discovered_at", title="Upptäcktes"),
        _state(incident_standing, sort=("state",)),
        Column("risk", title="Risk"),
        Column("reported_at", title="Anmäld"),
        Column("affected", shown=False),
    ),
    filters=("kind", "state", "risk", "unit"),
    search=("title", "what", "authority_number"),
    order=("-discovered_at",),
    tools=_incident_tools,
    detail=(
        _state(incident_standing),
        "kind", "unit", "discovered_at", "happened_at", "what", "affected", "data_kinds", "risk", "assessment",
        "report_by", "reported_at", "late_reason", "authority_number", "informed_on", "measures",
    ),
    links=audit_deeds.links,
    below="control/audit/incident_below.html",
    below_context=_incident_page,
    empty="Inga incidenter. Upptäcker du en: rapportera den direkt, klockan går.",
).names("incidents", "incident")  # fmt: skip
