"""The deeds of audits, recommendations, inspections and incidents: a button on the page and a form of its own each."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render

from roder import access, questionnaires
from roder.access.matrix import Action, Resource
from roder.control.models import Audit, AuditQuestion, Incident, Inspection, Recommendation
from roder.control.pages import audit_forms as forms
from roder.control.services import audits, incidents, inspections
from roder.core.models import Record
from roder.core.register.declaration import reach
from roder.organisation.models import Person
from roder.web.forms import DeedForm
from roder.web.scope import CommitteeRequest, Scope, committee_page

Said = dict[str, Any]
State = Recommendation.State


@dataclass(frozen=True)
class Deed:
    """``code`` is in the address, ``label`` on the button, ``lead`` over the form. ``do`` (row, by, what was said) is
    the service, ``open`` whether the record's state lets it be done, ``done`` what is said then. ``adds``: it makes
    another record, so the form begins without what this one says."""

    code: str
    label: str
    lead: str
    form: type[DeedForm]
    do: Callable[[Any, Person, Said], Any]
    open: Callable[[Any], bool]
    done: str
    right: Action = Action.EDIT
    adds: bool = False


def _over(said: Said, *names: str) -> Said:
    """What a service takes: the fields, and the revision that the form was opened with."""
    return {name: said[name] for name in names} | {"expected_revision": said["revision"]}


def _always(row: Any) -> bool:
    return True


_ADD = Deed(
    "rekommendation", "Lägg till rekommendation", "Skriv rekommendationen med deras ord.", forms.RecommendationForm,
    lambda row, by, said: audits.add_recommendation(row, by, said["text"], number=said["number"]),
    lambda row: row.state != "closed", "Rekommendationen är tillagd.", adds=True,
)  # fmt: skip
_ACTION = Deed(
    "atgard", "Lägg till åtgärd", "Den som får åtgärden får en uppgift. När den är gjord frågar Roder efter effekten.",
    forms.ActionForm,
    lambda row, by, said: audits.add_action(
        row, by, what=said["what"], role=said["role"], due=said["due"], expected_effect=said["expected_effect"]
    ),
    _always, "Åtgärden är tillagd.", adds=True,
)  # fmt: skip

_AUDIT = (
    Deed("fraga", "Lägg till revisionsfråga", "En fråga som granskningen ska besvara.", forms.QuestionForm,
         lambda row, by, said: audits.add_question(row, by, said["text"]), lambda row: row.state != "closed",
         "Frågan är tillagd."),
    _ADD,
    Deed("bedomning", "Skriv in bedömningen", "Revisorernas samlade bedömning.", forms.JudgeForm,
         lambda row, by, said: audits.judge_audit(
             row, by, said["judgement"], said["judgement_text"], expected_revision=said["revision"]),
         _always, "Bedömningen är inskriven."),
    Deed("andra-svaren", "Ändra svaren", "Formuläret blir ett utkast igen. Det som lämnades in finns kvar som tidigare "
         "version.", forms.ReasonForm,
         lambda row, by, said: questionnaires.reopen(row.answer, by, said["reason"]),
         lambda row: row.state == "open" and row.answer is not None and row.answer.state == "final",
         "Formuläret går att ändra.", Action.COMMENT),
    Deed("besvarad", "Markera som besvarad", "Uppgiften blir gjord. Svaren och bevisen låses.", forms.AnsweredForm,
         lambda row, by, said: audits.answer_audit(
             row, by, said["answered_on"], expected_revision=said["revision"]),
         lambda row: row.state == "open", "Granskningen är besvarad."),
    Deed("avsluta", "Avsluta", "Varje rekommendation ska vara åtgärdad eller avböjd.", DeedForm,
         lambda row, by, said: audits.close_audit(row, by, expected_revision=said["revision"]),
         lambda row: row.state == "answered" or (row.kind == "own" and row.state == "open"),
         "Granskningen är avslutad."),
    Deed("oppna", "Öppna igen", "Svaren och bevisen går att ändra igen. Det som lämnades finns kvar som tidigare "
         "version.", forms.ReasonForm,
         lambda row, by, said: audits.reopen_audit(row, by, said["reason"], expected_revision=said["revision"]),
         lambda row: row.state != "open", "Granskningen är öppen igen."),
)  # fmt: skip
_QUESTION = (
    Deed("bedom", "Skriv in bedömningen", "Revisorernas bedömning av frågan.", forms.JudgeQuestionForm,
         lambda row, by, said: audits.judge_question(
             row, by, said["judgement"], said["comment"], expected_revision=said["revision"]),
         _always, "Bedömningen är inskriven."),
)  # fmt: skip
_RECOMMENDATION = (
    Deed("svar", "Svara", "Åtgärdas den: skriv vilken åtgärd, vem som ansvarar och när den är klar.", forms.AnswerForm,
         lambda row, by, said: audits.answer_recommendation(
             row, by, **_over(said, "state", "answer", "responsible", "owner_role", "due_on")),
         lambda row: row.state != State.DONE, "Svaret är sparat."),
    Deed("klar", "Markera som åtgärdad", "Skriv vilken effekt åtgärden fick.", forms.DoneForm,
         lambda row, by, said: audits.finish_recommendation(row, by, **_over(said, "done_on", "effect")),
         lambda row: row.state == State.ACCEPTED, "Rekommendationen är åtgärdad."),
    _ACTION,
)  # fmt: skip
_INSPECTION = (
    Deed("svar", "Skriv in svaret", "Vad vi svarade myndigheten, och när.", forms.AnswerInspectionForm,
         lambda row, by, said: inspections.answer_inspection(
             row, by, on=said["answered_on"], answer=said["answer"], expected_revision=said["revision"]),
         lambda row: row.state in ("open", "answer"), "Svaret är inskrivet."),
    _ADD,
    _ACTION,
    Deed("avsluta", "Avsluta", "Skriv vad uppföljningen visade.", forms.FollowUpForm,
         lambda row, by, said: inspections.close_inspection(row, by, **_over(said, "follow_up")),
         lambda row: row.state in ("open", "answered"), "Tillsynen är avslutad."),
)  # fmt: skip
_INCIDENT = (
    Deed("beskriv", "Ändra uppgifterna", "En ny tidpunkt för upptäckten flyttar de 72 timmarna.", forms.IncidentForm,
         lambda row, by, said: incidents.describe(
             row, by, **_over(said, *(name for name in forms.IncidentForm.base_fields if name != "revision"))),
         lambda row: row.state != "closed", "Uppgifterna är ändrade."),
    Deed("bedom", "Bedöm risken", "Risken för de berörda avgör om incidenten ska anmälas.", forms.AssessForm,
         lambda row, by, said: incidents.assess(row, by, **_over(said, "risk", "assessment")),
         lambda row: row.state != "closed", "Bedömningen är sparad."),
    Deed("anmald", "Skriv in anmälan", "När myndigheten fick anmälan. Den kan kompletteras efteråt.", forms.ReportForm,
         lambda row, by, said: incidents.report_to_authority(
             row, by, **_over(said, "reported_at", "authority_number", "late_reason")),
         lambda row: row.state in ("open", "not_reported"), "Anmälan är inskriven.", Action.DECIDE),
    Deed("anmals-inte", "Anmäl inte", "Bara när det är osannolikt att någon drabbas. Skriv varför: myndigheten kan "
         "begära att få se det.", forms.AssessForm,
         lambda row, by, said: incidents.do_not_report(row, by, **_over(said, "risk", "assessment")),
         lambda row: row.state == "open", "Det är inskrivet att incidenten inte anmäls.", Action.DECIDE),
    Deed("informerade", "De berörda är informerade", "Vid hög risk ska de berörda få veta.", forms.InformForm,
         lambda row, by, said: incidents.inform(
             row, by, said["informed_on"], expected_revision=said["revision"]),
         lambda row: row.informed_on is None and row.state != "closed", "Dagen är inskriven."),
    Deed("avsluta", "Avsluta", "Skriv vilka åtgärder incidenten ledde till.", forms.CloseIncidentForm,
         lambda row, by, said: incidents.close(row, by, **_over(said, "measures")),
         lambda row: row.state in ("reported", "not_reported"), "Incidenten är avslutad."),
)  # fmt: skip

#: the kind in the address -> its model, the path to its committee, the page it belongs to, and its deeds
KINDS: dict[str, tuple[type[Record], str, str, tuple[Deed, ...]]] = {
    "granskning": (Audit, "committee", "control:audit", _AUDIT),
    "fraga": (AuditQuestion, "audit__committee", "control:audit", _QUESTION),
    "rekommendation": (Recommendation, "committee", "control:recommendation", _RECOMMENDATION),
    "tillsyn": (Inspection, "committee", "control:inspection", _INSPECTION),
    "incident": (Incident, "committee", "control:incident", _INCIDENT),
}
_KIND_OF = {model: kind for kind, (model, *_) in KINDS.items()}


def links(row: Any, scope: Scope) -> list[tuple[str, str]]:
    """A button for each deed that the person may do to the row as it stands."""
    kind = _KIND_OF[type(row)]
    open_now = [deed for deed in KINDS[kind][3] if deed.open(row)]
    rights = {right: access.may(scope.user, right, row) for right in {deed.right for deed in open_now}}
    return [
        (deed.label, scope.url("control:audit_deed", kind, row.pk, deed.code))
        for deed in open_now
        if rights[deed.right]
    ]


def _rows(request: CommitteeRequest, kind: str) -> QuerySet[Any]:
    model, place, *_ = KINDS[kind]
    return access.visible(request.user, model._default_manager.filter(**{place: request.scope.committee}))


def _page_of(row: Any, kind: str, scope: Scope) -> str:
    return scope.url(KINDS[kind][2], row.audit_id if isinstance(row, AuditQuestion) else row.pk)


@committee_page()
def deed(request: CommitteeRequest, kind: str, pk: int, code: str) -> HttpResponseBase:
    """A deed on a record: its form, and what was written when it cannot be done. Nothing typed is lost."""
    if kind not in KINDS:
        raise Http404
    scope = request.scope
    row = get_object_or_404(_rows(request, kind), pk=pk)
    known = next((one for one in KINDS[kind][3] if one.code == code), None)
    if known is None:
        raise Http404
    access.require(request.user, known.right, row)
    back = _page_of(row, kind, scope)
    if not known.open(row):
        messages.error(request, f"”{known.label}” går inte att göra nu: läget är ändrat.")
        return redirect(back)
    said = {} if known.adds else forms.initial_of(row, known.form)
    form = known.form(request.POST or None, initial={"revision": row.revision, **said})
    _own_units(form, request)
    if request.method == "POST" and form.try_to(
        lambda said: known.do(_rows(request, kind).get(pk=pk), request.user, said)
    ):
        messages.success(request, known.done)
        return redirect(back)
    context = {
        "row": row,
        "deed": known,
        "form": form,
        "back": back,
        "clash": clash(form),
    }
    return render(request, "control/audit/deed.html", context, status=form.status)


def clash(form: DeedForm) -> list[tuple[str, str, str]]:
    """What somebody else has saved meanwhile, where it differs from what was typed: (field, theirs, yours)."""
    if form.other is None:
        return []
    found = []
    for name, field in form.fields.items():
        if name == "revision" or not hasattr(form.other, name):
            continue
        theirs, mine = getattr(form.other, name), form.cleaned_data.get(name)
        if theirs != mine:
            found.append((str(field.label), str(reach(form.other, name) or ""), str(form.data.get(name, ""))))
    return found


def _own_units(form: DeedForm, request: CommitteeRequest) -> None:
    """The choice of a unit offers those that the person may report for."""
    if "unit" in form.fields:
        units = incidents.units_to_report_for(request.user, request.scope.committee)
        form.fields["unit"].queryset = units  # type: ignore[attr-defined]


@committee_page(Resource.INCIDENTS)
def incident_new(request: CommitteeRequest) -> HttpResponse:
    """Report an incident inside the house: for managers in their units, and for those who work with incidents."""
    scope, made = request.scope, []
    if not incidents.may_report_somewhere(request.user, scope.committee):
        access.require(request.user, Action.REPORT, Resource.INCIDENTS, scope.committee)
    form = forms.IncidentForm(request.POST or None)
    _own_units(form, request)

    def report(said: Said) -> None:
        given = {name: value for name, value in said.items() if name != "revision"}
        made.append(incidents.report_incident(scope.committee, request.user, **given))

    if request.method == "POST" and form.try_to(report):
        messages.success(request, "Incidenten är rapporterad. Den som bedömer den har fått en uppgift.")
        return redirect(scope.url("control:incident", made[0].pk))
    context = {
        "form": form,
        "back": scope.url("control:incidents"),
        "clash": [],
        "label": "Rapportera incidenten",
    }
    return render(request, "control/audit/incident_new.html", context, status=form.status)
