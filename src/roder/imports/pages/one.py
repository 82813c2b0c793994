"""A goal, a key figure, an assignment: one of a kind that also comes from files, written on a page."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from roder.access import Action, Resource
from roder.core.faults import UserFault
from roder.core.words import capital_first
from roder.imports.cells import Context
from roder.imports.declaration import Import
from roder.imports.one_row import (
    ChangedFault,
    TakenFault,
    can_be_written,
    keys_of,
    remove,
    resting,
    save,
    standing,
)
from roder.imports.pages.files import kind_asked
from roder.imports.row_form import RowForm, label_of
from roder.imports.services import ImportFault
from roder.web.scope import CommitteeRequest, committee_page

#: Kind -> the page with all of them, and the page of one.
PAGES = {
    "mal": ("steering:chain", "steering:goal"),
    "uppdrag": ("steering:assignments", "steering:assignment"),
    "nyckeltal": ("measures:nyckeltal", "measures:measure"),
}


@committee_page(Resource.IMPORTS, Action.IMPORT)
@require_http_methods(["GET", "HEAD", "POST"])
def one_row(request: CommitteeRequest, kind: str, pk: int | None = None) -> HttpResponse:
    """Write a new one, or change one that stands. What was typed stays when something is wrong with it."""
    what = _written_on_pages(request, kind)
    context = Context(request.scope.committee, request.scope.year)
    found = standing(what, context, pk) if pk is not None else None
    if pk is not None and found is None:
        raise Http404("Den finns inte.")
    record, cells, token = found or (None, {}, "")
    form = RowForm(what, context, request.POST.copy() or None, stands=cells, token=token)
    if request.method == "POST" and form.is_valid():
        answer = _saved(request, what, context, form, pk)
        if answer is not None:
            return answer
    name = what.model._meta.verbose_name
    return render(
        request,
        "imports/one.html",
        {
            "what": what,
            "form": form,
            "record": record,
            "heading": f"Ändra {name}: {record}" if record else f"Lägg till {name}",
            "kept": [(label_of(one), cells[one]) for one in keys_of(what)] if record else [],
            "back": _page_of(request, what, record.pk if record else None),
        },
        status=422 if form.errors else 200,
    )


@committee_page(Resource.IMPORTS, Action.IMPORT)
@require_http_methods(["GET", "HEAD", "POST"])
def remove_row(request: CommitteeRequest, kind: str, pk: int) -> HttpResponse:
    """Take one away that nothing rests on; the page says what does."""
    what = _written_on_pages(request, kind)
    context = Context(request.scope.committee, request.scope.year)
    found = standing(what, context, pk)
    if found is None:
        raise Http404("Den finns inte.")
    name = str(found[0])
    if request.method == "POST":
        try:
            remove(what, context, pk, request.user)
        except UserFault as error:
            messages.error(request, str(error))
            return redirect(request.path)
        messages.success(request, f"{capital_first(name)} är borttaget.")
        return redirect(_page_of(request, what, None))
    return render(
        request,
        "imports/one_remove.html",
        {
            "record": found[0],
            "resting": resting(what, context, found[0]),
            "back": _page_of(request, what, pk),
            "change": request.scope.url("imports:row-change", kind, pk),
        },
    )


def _written_on_pages(request: CommitteeRequest, kind: str) -> Import:
    """The kind in the address. Raises Http404, NotAllowedError."""
    what = kind_asked(request, kind)
    if not can_be_written(what):
        raise Http404("Slaget skrivs inte på en sida.")
    return what


def _saved(
    request: CommitteeRequest, what: Import, context: Context, form: RowForm, pk: int | None
) -> HttpResponse | None:
    """Save; nothing when the form has been told what is wrong."""
    texts = form.texts()
    try:
        record, done = save(what, context, texts, request.user, changes=pk, token=form.cleaned_data["token"])
    except ImportFault as error:
        for fault in error.faults:
            form.say(fault.column, capital_first(fault.message))
    except TakenFault as error:
        form.say(keys_of(what)[0], str(error))
    except ChangedFault as error:
        form.say(None, f"{error} Spara igen för att skriva över det, eller skriv av det som ska stå kvar.")
        for name, now in error.cells.items():
            if name in texts and texts[name] != now:
                form.say(name, f"Nu står: {now or 'ingenting'}")
        form.again(error.token)
    except UserFault as error:
        form.say(None, capital_first(str(error)))
    else:
        for warning in done.warnings:
            messages.warning(request, warning)
        said = "Inget var ändrat." if done.batch is None else f"{capital_first(str(record))} är sparat."
        messages.success(request, said)
        return redirect(_page_of(request, what, record.pk))
    return None


def _page_of(request: CommitteeRequest, what: Import, pk: int | None) -> str:
    """The record's own page; the list when it is not there yet."""
    every, one = PAGES[what.kind]
    return request.scope.url(every) if pk is None else request.scope.url(one, pk)
