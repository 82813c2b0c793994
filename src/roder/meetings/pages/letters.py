"""The pages of official letters: write, read, give a new version, and make one of a locked report."""

from __future__ import annotations

import dataclasses
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.safestring import mark_safe
from django.views.decorators.http import require_POST

from roder import access, questionnaires
from roder.access.matrix import Action, Resource
from roder.core.faults import UserFault
from roder.meetings.models import Case, Document, DocumentVersion
from roder.meetings.pages.letter_forms import FromReportForm, LetterForm, VersionForm, initial_of
from roder.meetings.papers import letter as paper
from roder.meetings.papers import letter_report
from roder.meetings.rules import letters
from roder.meetings.services import cases, documents
from roder.meetings.services import letters as services
from roder.questionnaires.models import Answer
from roder.reports.models import Report
from roder.reports.render import MEDIA_TYPES, html
from roder.web.scope import CommitteeRequest, committee_page

FILES = {"pdf": paper.pdf_of, "docx": paper.docx_of}
NAMES = {"worker_name": "Handläggare", "to": "Ställd till", "date": "Datum"}


def _rows(request: CommitteeRequest, action: Action = Action.VIEW) -> QuerySet[Document]:
    rows = Document.objects.filter(committee=request.scope.committee, kind=Document.Kind.LETTER).defer(
        "search"
    )
    return access.visible(request.user, rows, action).select_related("case", "committee__municipality")


def _document(request: CommitteeRequest, pk: int, action: Action = Action.VIEW) -> Document:
    """The letter, for those who may see it (404), and then do the action (403)."""
    found = get_object_or_404(_rows(request), pk=pk)
    access.require(request.user, action, found)
    return found


def _versions(document: Document) -> list[DocumentVersion]:
    rows = document.versions.filter(letter__isnull=False).select_related("document__case", "made_by")
    return list(rows.select_related("document__committee__municipality", "document__case", "made_by"))


@committee_page(Resource.CASES)
def letter(request: CommitteeRequest, pk: int) -> HttpResponse:
    """A letter as it reads, in its current version or an earlier one (``?version=1``), and what is missing in it."""
    document = _document(request, pk)
    versions = _versions(document)
    if not versions:
        raise Http404("Handlingen är ingen tjänsteskrivelse.")
    wanted = request.GET.get("version", "")
    shown = next((one for one in versions if str(one.number) == wanted), versions[0])
    before = next((one for one in versions if one.number < shown.number), None)
    drawn = dataclasses.replace(paper.document_of(shown), draft=False)
    context = {
        "document": document,
        "version": shown,
        "newest": shown is versions[0],
        "versions": versions,
        "before": before,
        "changes": documents.difference(before, shown) if before else [],
        "lacks": services.lacks(shown) if shown is versions[0] and shown.frozen_at is None else [],
        "facts": [(name, value) for name, value in drawn.facts if value],
        "body": mark_safe(html.render(drawn, fragment=True)),  # noqa: S308 - escaped by the renderer
        "edits": access.may(request.user, Action.EDIT, document),
        "answer": _best_interests(request, document.case),
    }
    return render(request, "meetings/letter.html", context)


def _best_interests(request: CommitteeRequest, case: Case) -> Answer | None:
    return questionnaires.visible_answers(
        request.user, questionnaires.of(case, services.BEST_INTERESTS)
    ).first()


@committee_page(Resource.CASES, Action.EDIT)
def new(request: CommitteeRequest, pk: int) -> HttpResponse:
    """Write a letter in a case. It is there once it has been saved."""
    found = access.visible(request.user, Case.objects.filter(committee=request.scope.committee))
    case = get_object_or_404(found.select_related("committee__municipality"), pk=pk)
    access.require(request.user, Action.EDIT, case)
    start = services.begun(case, request.user, timezone.localdate())
    form = LetterForm(request.POST or None, letter=start)
    made: list[Document] = []
    if request.method == "POST" and form.try_to(
        lambda _: made.append(services.new_letter(case, request.user, content=form.content()))
    ):
        return _saved(request, made[0])
    context = {"form": form, "case": case, "back": request.scope.url("meetings:case", case.pk)}
    return render(request, "meetings/letter_edit.html", context, status=form.status)


def _saved(request: CommitteeRequest, document: Document) -> HttpResponse:
    lacks = services.lacks(documents.current(document))
    if lacks:
        count = f"{len(lacks)} saker" if len(lacks) > 1 else "en sak"
        messages.success(
            request, f"Utkastet är sparat. Det saknar {count} innan det kan stå på en ärendelista."
        )
    else:
        messages.success(request, "Skrivelsen är sparad och komplett.")
    return redirect(request.scope.url("meetings:letter", document.pk))


@committee_page(Resource.CASES, Action.EDIT)
def edit(request: CommitteeRequest, pk: int) -> HttpResponse:
    """Write in the current version. A second saver sees both texts; nothing typed is lost."""
    document = _document(request, pk, Action.EDIT)
    current = documents.current(document)
    back = request.scope.url("meetings:letter", document.pk)
    if current.letter is None:
        raise Http404("Handlingen är ingen tjänsteskrivelse.")
    if current.frozen_at is not None and request.method != "POST":
        messages.info(
            request, "Versionen ingår i ett utskick och ändras inte. Gör en ny version och skriv i den."
        )
        return redirect(request.scope.url("meetings:letter_version", document.pk))
    form = LetterForm(request.POST or None, letter=current.letter, initial={"revision": current.revision})
    fault = ""
    if request.method == "POST":
        try:
            if form.try_to(
                lambda said: services.save_letter(
                    current, request.user, form.content(), expected_revision=said["revision"] or 0
                )
            ):
                return _saved(request, document)
        except services.LetterFault as refused:
            fault = str(refused)
    context = {
        "form": form,
        "case": document.case,
        "document": document,
        "version": current,
        "back": back,
        "fault": fault,
        "lacks": services.lacks(current) if request.method == "GET" else [],
        "theirs": _theirs(form),
        "answer": _best_interests(request, document.case),
    }
    return render(request, "meetings/letter_edit.html", context, status=422 if fault else form.status)


def _theirs(form: LetterForm) -> list[tuple[str, str, str]]:
    """What somebody else saved that is otherwise than what was typed: the field's title, theirs, and mine."""
    if not isinstance(form.other, DocumentVersion):
        return []
    theirs, mine = initial_of(form.other.letter or {}), initial_of(form.content())
    found = []
    for name, field in form.fields.items():
        if name in theirs and theirs[name] != mine[name]:
            words = [
                ("Ja" if one else "Nej") if isinstance(one, bool) else str(one)
                for one in (theirs[name], mine[name])
            ]
            title = (
                f"{letters.PROMPTS[name[4:]]}: berörs inte" if name.startswith("not_") else str(field.label)
            )
            found.append((title, words[0], words[1]))
    return found


@committee_page(Resource.CASES, Action.EDIT)
def version(request: CommitteeRequest, pk: int) -> HttpResponse:
    """Begin a new version, such as after the subcommittee."""
    document = _document(request, pk, Action.EDIT)
    form = VersionForm(request.POST or None)
    if request.method == "POST":
        try:
            if form.try_to(
                lambda said: services.new_version(
                    document, request.user, dated_on=said["dated_on"], note=said["note"]
                )
            ):
                messages.success(
                    request, "Den nya versionen börjar med texten ur den förra. Skriv in det nya."
                )
                return redirect(request.scope.url("meetings:letter_edit", document.pk))
        except UserFault as refused:
            form.add_error(None, str(refused))
    context = {"form": form, "document": document, "back": request.scope.url("meetings:letter", document.pk)}
    return render(request, "meetings/letter_version.html", context, status=form.status)


@committee_page(Resource.CASES)
def file(request: CommitteeRequest, pk: int, form: str) -> HttpResponse:
    """A version of a letter as PDF or Word file, as it stands now."""
    if form not in FILES:
        raise Http404("Formatet finns inte.")
    rows = DocumentVersion.objects.filter(
        document__committee=request.scope.committee, letter__isnull=False
    ).select_related("document__case", "document__committee__municipality")
    found = get_object_or_404(access.visible(request.user, rows), pk=pk)
    answer = HttpResponse(FILES[form](found), content_type=MEDIA_TYPES[form])
    name = f"tjansteskrivelse-{found.dated_on.isoformat()}-{found.document_id}-v{found.number}.{form}"
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    answer.headers["X-Content-Type-Options"] = "nosniff"
    return answer


@require_POST
@committee_page(Resource.CASES, Action.EDIT)
def best_interests(request: CommitteeRequest, pk: int) -> HttpResponse:
    """Open the case's test of the best interests of children: the one begun before, or a new one."""
    document = _document(request, pk, Action.EDIT)
    try:
        form = questionnaires.current(request.scope.committee, services.BEST_INTERESTS)
    except LookupError:
        messages.error(
            request, "Nämnden har inget formulär för prövning av barnets bästa. Läs in barnets-basta.yaml under "
            "Frågeformulär.",
        )  # fmt: skip
        return redirect(request.scope.url("meetings:letter", document.pk))
    answer = questionnaires.open_answer(form, request.user, subject=document.case, year=request.scope.year)
    return redirect(request.scope.url("questionnaires:answer", answer.pk))


@committee_page(Resource.CASES, Action.EDIT)
def from_report(request: CommitteeRequest, kind: str, code: str, number: int) -> HttpResponse:
    """Choose or register a case, and get a letter with the report's proposal, summary and PDF in it."""
    scope = request.scope
    rows = Report.objects.filter(
        committee=scope.committee, occasion__year=scope.year, occasion__code=code, kind=kind, number=number
    ).select_related("committee__municipality", "occasion")
    report = get_object_or_404(access.visible(request.user, rows))
    fault = ""
    try:
        content: dict[str, Any] = letter_report.content_of(report)
    except services.LetterFault as refused:
        content, fault = {}, str(refused)
    live = Case.objects.filter(committee=scope.committee, closed_on=None)
    mine = access.visible(request.user, live, Action.EDIT).order_by("-opened_on", "-pk")
    form = FromReportForm(request.POST or None, cases=mine, initial={"title": content.get("heading", "")})
    made: list[Document] = []

    def make(said: dict[str, Any]) -> None:
        case = said["case"] or cases.register_case(
            scope.committee, said["title"], kind=Case.Kind.REPORT, by=request.user
        )
        made.append(letter_report.letter_from_report(report, case, request.user))

    if request.method == "POST" and not fault:
        try:
            if form.try_to(make):
                messages.success(
                    request,
                    "Skrivelsen är gjord av rapporten. Förslag, sammanfattning och bilaga är ifyllda.",
                )
                return redirect(scope.url("meetings:letter", made[0].pk))
        except UserFault as refused:
            fault = str(refused)
        except ValidationError as refused:
            form.refuse(refused)
    context = {
        "report": report,
        "content": content,
        "form": form,
        "fault": fault,
        "back": scope.url("reports:version", report.kind, report.occasion.code, report.number),
    }
    return render(request, "meetings/letter_from_report.html", context, status=422 if fault else form.status)
