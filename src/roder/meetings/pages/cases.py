"""The pages of cases: register one, look at one, change one, its history, the series of numbers."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.contrib import messages
from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET

from roder import access, tasks
from roder.access.matrix import Action, Resource
from roder.core.models import StaleRecordError
from roder.core.register import history
from roder.core.register.forms import Clash, clashes
from roder.files.views import receives_file
from roder.meetings.models import (
    AgendaItem,
    Case,
    CaseDependency,
    CasePreparation,
    Document,
    MinuteItem,
    Watch,
)
from roder.meetings.pages.case_deeds import possible
from roder.meetings.pages.case_forms import EditForm, FiledForm, RegisterForm, SeriesForm, sent_file
from roder.meetings.pages.case_records import place_of
from roder.meetings.pages.case_register import answer_tone, answer_words, state_words, tone
from roder.meetings.rules import cases as rules
from roder.meetings.rules import numbers
from roder.meetings.services import cases as services
from roder.meetings.services import documents
from roder.meetings.services.calendar import seen_items
from roder.web.scope import CommitteeRequest, committee_page

#: what the document is that a case of the kind comes with
COMES_AS = {
    Case.Kind.MOTION: Document.Kind.MOTION,
    Case.Kind.REFERRAL: Document.Kind.REFERRAL,
    Case.Kind.REPORT: Document.Kind.REPORT,
    Case.Kind.GRANT: Document.Kind.APPLICATION,
}


def rows_of(request: CommitteeRequest, action: Action = Action.VIEW) -> QuerySet[Case]:
    """The committee's cases that the person may see."""
    rows = Case.objects.filter(committee=request.scope.committee).defer("search")
    return access.visible(request.user, rows, action).select_related(
        "committee__municipality", "responsible", "unit", "continues"
    )


def case_of(request: CommitteeRequest, pk: int, action: Action = Action.VIEW) -> Case:
    """The case, for those who may see it (404), and then do the action (403)."""
    found = get_object_or_404(rows_of(request), pk=min(pk, 2**62))
    if action is not Action.VIEW:
        access.require(request.user, action, found)
    return found


# --- register ---------------------------------------------------------------------------------------------------------


def _next_number(request: CommitteeRequest) -> str:
    """The number that the next case gets today, if nobody else is first."""
    committee, year = request.scope.committee, timezone.localdate().year
    series = services.series_of(committee, year)
    return numbers.write(series.pattern, year, series.last + 1)


@receives_file
@committee_page(Resource.CASES, Action.EDIT)
def register(request: CommitteeRequest) -> HttpResponseBase:
    """Register a case, with the document that it came with."""
    scope = request.scope
    form = RegisterForm(
        request.POST or None, request.FILES or None, scope=scope, next_number=_next_number(request)
    )
    made: list[Case] = []

    def save(said: dict[str, Any]) -> None:
        values = {name: value for name, value in said.items() if name not in ("revision", "file")}
        with transaction.atomic():
            case = services.register_case(scope.committee, values.pop("title"), by=request.user, **values)
            if said.get("file"):
                day = said["opened_on"]
                documents.add_document(
                    case, COMES_AS.get(Case.Kind(case.kind), Document.Kind.OTHER), case.title, request.user,
                    upload=said["file"], dated_on=day, received_on=day, sender=case.origin,
                )  # fmt: skip
        made.append(case)

    if request.method == "POST":
        sent_file(request, form, most_bytes())
        if not form.errors and form.try_to(save):
            messages.success(request, f"Ärendet är registrerat med nummer {made[0].number}.")
            seen = access.may(request.user, Action.VIEW, made[0])
            return redirect(scope.url("meetings:case", made[0].pk) if seen else scope.url("meetings:cases"))
    return show_form(
        request, form, "Registrera ärende", "Registrera", scope.url("meetings:cases"),
        lead="Diarienumret ges av sig självt. Handlingar kan läggas till efteråt.",
    )  # fmt: skip


def most_bytes() -> int:
    from django.conf import settings  # noqa: PLC0415 - read when it is used

    return int(settings.FILE_MAX_BYTES)


def show_form(
    request: CommitteeRequest, form: Any, title: str, submit: str, back: str, *, lead: str = "", **more: Any
) -> HttpResponse:
    """A page with one form; what somebody else saved meanwhile beside what was typed."""
    clash: list[Clash] = []
    if form.other is not None:
        named = {
            name: one for name, one in form.fields.items() if hasattr(form.other, name) and name != "revision"
        }
        kept, form.fields = form.fields, named
        clash = clashes(form, StaleRecordError(form.other))
        form.fields = kept
    context = {
        "form": form, "title": title, "submit": submit, "back": back, "lead": lead, "clash": clash,
        "with_file": isinstance(form, FiledForm), **more,
    }  # fmt: skip
    return render(request, "meetings/case_form.html", context, status=form.status)


@committee_page(Resource.CASES, Action.EDIT)
def edit(request: CommitteeRequest, pk: int) -> HttpResponseBase:
    """Change what stands on a case. A second saver sees both texts, and nothing typed is lost."""
    case = case_of(request, pk, Action.EDIT)
    back = request.scope.url("meetings:case", pk)
    initial = {name: getattr(case, name) for name in (*services.FIELDS, "revision")}
    form = EditForm(request.POST or None, scope=request.scope, initial=initial)
    if case.continues is not None and not access.may(request.user, Action.VIEW, case.continues):
        del form.fields["continues"]  # what the person may not know of is neither shown nor changed

    def save(said: dict[str, Any]) -> None:
        values = {name: value for name, value in said.items() if name in services.FIELDS}
        services.update_case(case, request.user, said["revision"] or 0, **values)

    if request.method == "POST" and form.try_to(save):
        messages.success(request, "Sparat.")
        still = access.may(request.user, Action.VIEW, case)
        return redirect(back if still else request.scope.url("meetings:cases"))
    lead = "Det du ändrar sparas med ditt namn och kan ses i historiken."
    return show_form(request, form, f"Ändra {case.number}", "Spara", back, lead=lead, case=case)


@committee_page(Resource.CASES, Action.DECIDE)
def series(request: CommitteeRequest) -> HttpResponseBase:
    """How the year's numbers are written, and the last one given."""
    scope = request.scope
    now = services.series_of(scope.committee, scope.year)
    form = SeriesForm(request.POST or None, initial={"pattern": now.pattern, "last": now.last})
    if request.method == "POST" and form.try_to(
        lambda said: services.set_series(
            scope.committee, scope.year, request.user, pattern=said["pattern"], last=said["last"]
        )
    ):
        messages.success(request, "Diarieserien är sparad.")
        return redirect(scope.url("meetings:cases"))
    lead = f"Gäller {scope.year}. Nästa år skrivs numren på samma sätt, från 1."
    return show_form(request, form, "Diarieserie", "Spara", scope.url("meetings:cases"), lead=lead)


# --- look -------------------------------------------------------------------------------------------------------------


@require_GET
@committee_page(Resource.CASES)
def case(request: CommitteeRequest, pk: int) -> HttpResponse:
    """A case: what it is, where it is, what it waits for, its documents, where it stood, what was decided."""
    row = case_of(request, pk)
    user, scope = request.user, request.scope
    waits = list(access.visible(user, CaseDependency.objects.filter(case=row)).select_related("on"))
    context = {
        "case": row,
        "state": state_words(row),
        "tone": tone(row),
        "answer": answer_words(row),
        "answer_tone": answer_tone(row),
        "phases": _phases(row),
        "why_not": services.why_not_decided(row, user),
        "waits": [(one, rules.is_waiting(one.on.phase, one.on.course, one.until)) for one in waits],
        "waited": access.visible(user, CaseDependency.objects.filter(on=row)).select_related("case"),
        "documents": _documents(request, row),
        "items": seen_items(user, AgendaItem.objects.filter(case=row))
        .select_related("meeting__body")
        .order_by("meeting__date", "meeting__starts", "position"),
        "decisions": access.visible(user, MinuteItem.objects.filter(item__case=row))
        .defer("search")
        .select_related("body", "item__meeting")
        .order_by("item__meeting__date", "number"),
        "watches": access.visible(user, Watch.objects.filter(case=row)).defer("search"),
        "preparations": access.visible(user, CasePreparation.objects.filter(case=row)).select_related("body"),
        "links": [(one, place_of(one.record, scope)) for one in services.linked(row, user)],
        "steps": access.visible(user, row.steps.select_related("body", "by")),
        "later": access.visible(user, Case.objects.filter(continues=row)).defer("search"),
        "earlier": row.continues if row.continues and access.may(user, Action.VIEW, row.continues) else None,
        "tasks": tasks.of(row).filter(state__in=["open", "returned", "marked_ready"]),
        "edits": access.may(user, Action.EDIT, row),
        "deeds": possible(request, row),
        "today": timezone.localdate(),
    }
    return render(request, "meetings/case.html", context)


def _documents(request: CommitteeRequest, case: Case) -> list[tuple[Document, Any]]:
    """The case's documents that the person may see, each with its current version."""
    rows = access.visible(request.user, Document.objects.filter(case=case)).defer("search", "text")
    found = list(rows.prefetch_related("versions__file_version").order_by("number"))
    return [(one, next((v for v in one.versions.all() if v.current), None)) for one in found]


#: the phases' words where they stand in a line
LINE = {
    Case.Phase.SUBCOMMITTEE: "Utskottet",
    Case.Phase.COMMITTEE: "Nämnden",
    Case.Phase.EXECUTIVE_BOARD: "Kommunstyrelsen",
    Case.Phase.COUNCIL: "Fullmäktige",
}


def _phases(case: Case) -> list[dict[str, Any]]:
    """The line of phases: which were reached, and when, where it is now, what is ahead."""
    reached: dict[str, date] = {Case.Phase.REGISTERED: case.opened_on}
    for step in case.steps.exclude(phase="").order_by("on", "pk"):
        reached[step.phase] = step.on
    at = rules.place(case.phase)
    line = []
    for phase, word in Case.Phase.choices:
        place = rules.place(phase)
        state = (
            "now" if place == at else "ahead" if place > at else "passed" if phase in reached else "skipped"
        )
        words = LINE.get(Case.Phase(phase), str(word).capitalize())
        line.append({"word": words, "state": state, "on": reached.get(phase) if place <= at else None})
    return line


@require_GET
@committee_page(Resource.CASES)
def case_history(request: CommitteeRequest, pk: int) -> HttpResponse:
    """Every change of a case and of what hangs on it that the person may see, latest first."""
    row = case_of(request, pk)
    events = [("Ärendet", one) for one in history.of(row)]
    for document, _ in _documents(request, row):
        events += [(str(document), one) for one in history.of(document)]
    for asked in access.visible(request.user, CasePreparation.objects.filter(case=row)):
        events += [(f"Yttrande från {asked}", one) for one in history.of(asked)]
    events.sort(key=lambda pair: pair[1].at, reverse=True)
    return render(request, "meetings/case_history.html", {"case": row, "events": events})
