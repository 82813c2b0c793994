"""Pages of questionnaires: the sets, loading one, answering, reading answers, compiling them."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator
from datetime import timedelta
from typing import IO, Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import Count, Max, Q
from django.http import (
    FileResponse,
    Http404,
    HttpRequest,
    HttpResponse,
    HttpResponseBase,
    StreamingHttpResponse,
)
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST

from roder import access
from roder.access import Action, Resource
from roder.core.numbers import whole_number
from roder.core.register.export import BOM, csv_value
from roder.organisation.models import Body, Person
from roder.questionnaires import compiling, services
from roder.questionnaires.answering import handle, read_lines
from roder.questionnaires.form import answer_form, typed
from roder.questionnaires.loading import SetFault, load_bytes, load_text, parsed
from roder.questionnaires.models import Answer, QuestionSet, QuestionSetVersion
from roder.questionnaires.shape import QuestionSet as SetContent
from roder.questionnaires.shape import Type
from roder.steering.models import Occasion
from roder.tasks.addresses import subject_address
from roder.web.scope import CommitteeRequest, Scope, committee_page

#: A set's file is never larger; what is larger is not a question set.
LARGEST_FILE = 2_000_000


def _set(request: CommitteeRequest, code: str) -> QuestionSet:
    rows = access.visible(request.user, QuestionSet.objects.filter(committee=request.scope.committee))
    return get_object_or_404(rows, code=code)


def _latest(question_set: QuestionSet) -> QuestionSetVersion:
    found = question_set.versions.select_related("loaded_by").order_by("-number").first()
    if found is None:
        raise Http404("Formuläret har ingen version.")
    return found


@committee_page(Resource.QUESTIONNAIRES)
def sets(request: CommitteeRequest) -> HttpResponse:
    """The committee's question sets, with what waits for the person."""
    scope = request.scope
    rows = access.visible(request.user, QuestionSet.objects.filter(committee=scope.committee))
    mine = list(
        services.visible_answers(request.user, Answer.objects.filter(committee=scope.committee))
        .filter(state=Answer.State.DRAFT, answered_by=request.user)
        .exclude(content={})
        .select_related("question_set", "unit", "occasion")
        .order_by("-changed_at")[:20]
    )
    listed = rows.annotate(
        newest=Max("versions__number"),
        given=Count("answers", filter=Q(answers__state="final", answers__year=scope.year), distinct=True),
    ).order_by("audience", "title")
    return render(
        request,
        "questionnaires/sets.html",
        {"sets": listed, "drafts": mine, "may_load": scope.may(Action.EDIT, Resource.QUESTIONNAIRES)},
    )


@committee_page(Resource.QUESTIONNAIRES, Action.EDIT)
def upload(request: CommitteeRequest) -> HttpResponse:
    """Load a set, from a file or written in the page. Every fault is shown with its line, and the text stays."""
    text, faults = "", []
    if request.method == "POST":
        file, text = request.FILES.get("file"), request.POST.get("text", "")
        try:
            if file is not None and (file.size or 0) > LARGEST_FILE:
                raise SetFault([f"{file.name}: filen är för stor för att vara ett frågeformulär."])
            if file is not None:
                raw = file.read()
                text = raw.decode("utf-8-sig", "replace").replace("\x00", "")
                version = load_bytes(raw, request.scope.committee, request.user, str(file.name))
            else:
                version = load_text(text, request.scope.committee, request.user, "text")
        except SetFault as fault:
            faults = fault.lines
        else:
            messages.success(request, f"{version} är inläst.")
            return redirect(request.scope.url("questionnaires:set", version.question_set.code))
    if not text and (code := request.GET.get("kod")):
        found = QuestionSet.objects.filter(committee=request.scope.committee, code=code).first()
        text = _latest(found).source if found else ""
    context = {"text": text, "faults": faults}
    return render(request, "questionnaires/upload.html", context, status=400 if faults else 200)


@committee_page(Resource.QUESTIONNAIRES)
def question_set(request: CommitteeRequest, code: str) -> HttpResponse:
    """One set: what it asks, where to answer, the answers one may see, and its versions."""
    scope, found = request.scope, _set(request, code)
    version = _latest(found)
    answers = (
        services.visible_answers(request.user, found.answers.filter(year=scope.year))
        .exclude(state=Answer.State.DRAFT, content={})
        .select_related("unit", "occasion", "answered_by")
        .order_by("state", "-changed_at")
    )
    return render(
        request,
        "questionnaires/set.html",
        {
            "set": found,
            "content": parsed(version),
            "form": answer_form(parsed(version)),
            "version": version,
            "versions": found.versions.defer("content", "source")
            .select_related("loaded_by")
            .order_by("-number"),
            "answers": answers[:101],
            "may_load": scope.may(Action.EDIT, Resource.QUESTIONNAIRES),
            **_places(scope, request.user, found),
        },
    )


def _places(scope: Scope, by: Person, found: QuestionSet) -> dict[str, Any]:
    """The units and the occasions that the person may answer for."""
    if found.audience != QuestionSet.Audience.UNIT or found.closed:
        return {"units": (), "whole": False}
    return {
        "units": services.units_to_answer_for(by, scope.committee).order_by("name"),
        "whole": services.may_answer(by, scope.committee),
        "occasions": scope.occasions,
    }


@committee_page(Resource.QUESTIONNAIRES)
def source(request: CommitteeRequest, code: str) -> HttpResponse:
    """The set's file as it was loaded."""
    version = _latest(_set(request, code))
    answer = HttpResponse(version.source, content_type="application/yaml; charset=utf-8")
    answer.headers["Content-Disposition"] = f'attachment; filename="{code}-{version.number}.yaml"'
    return answer


@require_POST
@committee_page(Resource.QUESTIONNAIRES, Action.COMMENT)
def begin(request: CommitteeRequest, code: str) -> HttpResponse:
    """Open the answer of the unit and the occasion that were chosen."""
    scope, found = request.scope, _set(request, code)
    back = scope.url("questionnaires:set", code)
    wanted, when = request.POST.get("unit", ""), request.POST.get("occasion", "")
    unit = None
    if wanted:
        rows = services.units_to_answer_for(request.user, scope.committee)
        pk = whole_number(wanted)
        unit = get_object_or_404(rows, pk=pk) if pk is not None else None
    elif not services.may_answer(request.user, scope.committee):
        messages.error(request, "Välj vilken enhet du svarar för.")
        return redirect(back)
    try:
        made = services.open_answer(
            _latest(found),
            request.user,
            unit=unit,
            occasion=scope.occasion(when) if when else None,
            year=scope.year,
        )
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
        return redirect(back)
    return redirect(scope.url("questionnaires:answer", made.pk))


def _answer(request: CommitteeRequest, pk: int) -> Answer:
    rows = services.visible_answers(request.user, Answer.objects.filter(committee=request.scope.committee))
    mine = services.units_to_answer_for(request.user, request.scope.committee)
    # A draft that a colleague began is not theirs alone: who may answer for the unit may go on with it.
    rows = Answer.objects.filter(
        Q(pk__in=rows.values("pk")) | Q(subject_kind="", public=False, unit__in=mine.values("pk")),
        committee=request.scope.committee,
    )
    return get_object_or_404(
        rows.select_related("question_set", "version", "unit", "occasion", "answered_by"), pk=pk
    )


@committee_page(Resource.QUESTIONNAIRES)
def answer(request: CommitteeRequest, pk: int) -> HttpResponse:
    """An answer: its form while it is a draft that the person may write in, else to read."""
    scope, found = request.scope, _answer(request, pk)
    may_write = not found.public and services.may_answer(
        request.user, scope.committee, subject=services.subject_of(found), unit=found.unit
    )
    about = _about(request, found)
    back = scope.url("questionnaires:set", found.question_set.code)
    if not may_write or (found.state == Answer.State.FINAL and request.method != "POST"):
        context = {
            "answer": found, "sections": read_lines(found), "back": back, "about": about, "may_reopen": may_write,
            "editions": found.editions.select_related("by").order_by("-number"),
        }  # fmt: skip
        status = 403 if request.method == "POST" else 200
        return render(request, "questionnaires/read.html", context, status=status)
    figures = figures_of(parsed(found.version_id), scope.committee, found.occasion)
    done = handle(
        request, found,
        lambda values, revision, final: services.save_answer(
            found, request.user, values, expected_revision=revision, final=final
        ),
        figures,
    )  # fmt: skip
    if done.saved is not None:
        messages.success(request, "Svaret är inlämnat. Tack." if done.final else "Utkastet är sparat.")
        return redirect(scope.url("questionnaires:answer", pk))
    context = {
        "answer": found,
        "done": done,
        "form": done.form,
        "back": back,
        "about": about,
        "content": parsed(found.version_id),
    }
    return render(request, "questionnaires/answer.html", context, status=done.status)


def _about(request: CommitteeRequest, answer: Answer) -> tuple[str, str] | None:
    """What the answer is for, and the page of it, for who may see it."""
    subject = services.subject_of(answer)
    if subject is None or not access.may(request.user, Action.VIEW, subject):
        return None
    address = subject_address(answer.subject_kind, subject, request.scope.committee)
    return (str(subject), address) if address else None


def figures_of(content: SetContent, committee: Body, occasion: Occasion | None) -> dict[str, dict[str, str]]:
    """The values of the set's questions for figures of the catalogue, at the occasion, as they stand now."""
    from roder.core.faults import UserFault  # noqa: PLC0415
    from roder.figures.calculate import compute  # noqa: PLC0415
    from roder.figures.registry import At  # noqa: PLC0415
    from roder.figures.source import LiveSource  # noqa: PLC0415

    asked = [one for one in content.questions() if one.type is Type.FIGURE]
    if not asked or occasion is None:
        return {}
    found = {}
    with LiveSource(committee) as source:
        for question in asked:
            try:
                rows = compute(question.figure, source, At.of(occasion)).rows
            except UserFault:
                continue
            row = next((one for one in rows if one.key.items() >= question.key.items()), None)
            if row is not None and row.value is not None:
                found[question.code] = {
                    "figure": question.figure, "value": str(row.value), "text": row.text(suffix=True),
                    "at": occasion.code,
                }  # fmt: skip
    return found


@require_POST
@committee_page(Resource.QUESTIONNAIRES, Action.COMMENT)
def reopen(request: CommitteeRequest, pk: int) -> HttpResponse:
    """Open an answer for correction."""
    found = _answer(request, pk)
    try:
        services.reopen(found, request.user, request.POST.get("reason", ""))
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    else:
        messages.success(
            request, "Svaret är öppet för ändring. Det som var inlämnat är kvar som en tidigare version."
        )
    return redirect(request.scope.url("questionnaires:answer", pk))


@committee_page(Resource.QUESTIONNAIRES)
def compilation(request: CommitteeRequest, code: str) -> HttpResponseBase:
    """The answers counted and side by side, over units or years; as a file too."""
    scope, found = request.scope, _set(request, code)
    group = request.GET.get("per", "unit")
    group = group if group in compiling.GROUPS else "unit"
    rows = services.visible_answers(request.user, Answer.objects.filter(committee=scope.committee))
    all_years = group == "year" or request.GET.get("ar") == "alla"
    if not all_years:
        rows = rows.filter(year=scope.year)
    if (wanted := request.GET.get("format", "")) in ("csv", "xlsx"):
        access.record(request.user, "exported", found, format=wanted)
        name = f"{found.code}-{'alla' if all_years else scope.year}"
        lines = compiling.export_rows(found, rows)
        return _csv(name, lines) if wanted == "csv" else _xlsx(name, found.title, lines)
    made = compiling.compile_answers(found, rows, group_by=group)
    chosen = [one for one in made.counted if one.options]
    context = {
        "set": found, "made": made, "group": group, "all_years": all_years,
        "counted": [{"of": one, "rows": _counted_rows(one, made.groups)} for one in chosen],
        "numbers": [one for one in made.counted if one.mean is not None],
        "side_by_side": [
            (question, [(column.label, compiling.words(made.content, question, column.values.get(question.code)))
                        for column in made.columns])
            for question in made.content.questions()
        ],
    }  # fmt: skip
    return render(request, "questionnaires/compilation.html", context)


def _counted_rows(one: compiling.Counted, groups: Iterable[str]) -> list[dict[str, Any]]:
    return [
        {"label": label, "tone": tone, "total": one.count(code), "share": one.share(code),
         "groups": [one.count(code, group) for group in groups]}
        for code, label, tone in one.options
    ]  # fmt: skip


class _Echo:
    def write(self, text: str) -> str:
        return text


def _csv(name: str, lines: Iterator[list[Any]]) -> StreamingHttpResponse:
    writer = csv.writer(_Echo(), delimiter=";", lineterminator="\r\n")

    def written() -> Iterator[str]:
        yield BOM
        for line in lines:
            yield writer.writerow([csv_value(value) for value in line])

    response = StreamingHttpResponse(written(), content_type="text/csv; charset=utf-8")
    response.headers["Content-Disposition"] = f'attachment; filename="{name}.csv"'
    return response


def _xlsx(name: str, title: str, lines: Iterator[list[Any]]) -> FileResponse:
    """A workbook, written row by row."""
    import tempfile  # noqa: PLC0415

    import xlsxwriter  # noqa: PLC0415

    file: IO[bytes] = tempfile.TemporaryFile()  # noqa: SIM115 - closed by the response when it has been sent
    options = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(file, options) as book:
        sheet = book.add_worksheet("Svar")
        book.set_properties({"title": title})
        bold = book.add_format({"bold": True, "bottom": 1, "text_wrap": True})
        wrapped = book.add_format({"text_wrap": True, "valign": "top"})
        moment = book.add_format({"num_format": "yyyy-mm-dd hh:mm"})
        sheet.freeze_panes(1, 0)
        for at, line in enumerate(lines):
            for column, value in enumerate(line):
                if value is None or value == "":
                    continue
                if hasattr(value, "isoformat"):
                    sheet.write_datetime(at, column, timezone.localtime(value).replace(tzinfo=None), moment)
                elif isinstance(value, str):
                    sheet.write_string(at, column, value[:32767], bold if at == 0 else wrapped)
                else:
                    sheet.write_number(at, column, float(value))
    file.seek(0)
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    return FileResponse(file, as_attachment=True, filename=f"{name}.xlsx", content_type=kind)


#: How many answers from the public a set takes in ten minutes; what comes over it is asked to wait, and keeps its text.
MOST_PUBLIC = 60


def public(request: HttpRequest, committee: str, year: int, code: str) -> HttpResponse:
    """A set for the public: no login, no cookie but the one that protects the form, nothing kept of who sends."""
    found = get_object_or_404(
        QuestionSet.objects.select_related("committee__municipality"),
        committee__slug=committee, code=code, audience=QuestionSet.Audience.PUBLIC, closed=False,
    )  # fmt: skip
    version = _latest(found)
    content = parsed(version)
    context: dict[str, Any] = {"set": found, "content": content, "year": year}
    if request.method != "POST":
        done = "tack" in request.GET
        return render(
            request, "questionnaires/public.html", {**context, "form": answer_form(content), "done": done}
        )
    values = typed(content, request.POST)
    if request.POST.get("deed") == "refresh":
        return render(
            request, "questionnaires/public.html", {**context, "form": answer_form(content, values)}
        )
    lately = Answer.objects.filter(
        question_set=found, public=True, registered_at__gt=timezone.now() - timedelta(minutes=10)
    )
    if lately[:MOST_PUBLIC].count() >= MOST_PUBLIC:
        general = [
            "Just nu kommer det in väldigt många svar. Vänta några minuter och skicka igen. Din text är kvar."
        ]
        context |= {"form": answer_form(content, values), "general": general}
        refused = render(request, "questionnaires/public.html", context, status=429)
        refused.headers["Retry-After"] = "300"
        return refused
    if not request.POST.get("webbplats"):  # a field that people do not see: what fills it in is a machine
        try:
            services.answer_publicly(version, values)
        except ValidationError as error:
            told = {
                key: " ".join(one)
                for key, one in getattr(error, "message_dict", {"__all__": error.messages}).items()
            }
            general = [told.pop("__all__")] if "__all__" in told else []
            context |= {"form": answer_form(content, values, told), "general": general}
            return render(request, "questionnaires/public.html", context, status=400)
    return redirect(f"{request.path}?tack")
