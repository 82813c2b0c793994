"""Mapping a file's headings to our columns, and the mappings that are saved."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from roder import access
from roder.access import Action, Resource
from roder.core.faults import UserFault
from roder.core.models import StaleRecordError
from roder.core.numbers import whole_number
from roder.core.words import capital_first
from roder.imports.blank import Asked, asked
from roder.imports.cells import Context
from roder.imports.declaration import Import
from roder.imports.guessing import Found, Sheet, columns_of, first_rows, guess, heading_of
from roder.imports.kinds import KINDS
from roder.imports.mapping import Layout, checked, layout_of, remove_mapping, save_mapping
from roder.imports.models import ColumnMapping
from roder.imports.pages.files import kept_file, kind_asked
from roder.imports.readers import FileFault
from roder.imports.services import may_import
from roder.web.scope import CommitteeRequest, committee_page

MAX_CHOICES = 200  # of a list that a value is chosen from
SNIPPET = 60  # letters of a row shown where the heading's row is chosen


@dataclass(frozen=True)
class Line:
    """One of our columns on the page: what it is, and what has been chosen for it."""

    column: Asked
    required: bool
    heading: str
    constant: str
    known: bool  # whether the heading is one of the file's

    @property
    def name(self) -> str:
        """Our name of the column."""
        return self.column.name

    @property
    def used(self) -> bool:
        """Whether anything is chosen."""
        return bool(self.heading or self.constant)

    @property
    def choices(self) -> tuple[str, ...]:
        """The list that the same value for all rows may be chosen from."""
        return self.column.choices[:MAX_CHOICES]


def _lines(
    what: Import,
    context: Context,
    columns: Mapping[str, str],
    constants: Mapping[str, str],
    found: list[Found],
) -> list[Line]:
    labels = {one.label for one in found}
    required = set(what.required_columns)
    return [
        Line(
            column,
            column.name in required,
            columns.get(column.name, ""),
            constants.get(column.name, ""),
            columns.get(column.name, "") in labels,
        )
        for column in asked(what, context)
    ]


def _chosen(request: CommitteeRequest, what: Import) -> tuple[dict[str, str], dict[str, str]]:
    """What the form says: our column -> heading, and our column -> value."""
    columns = {name: request.POST.get(f"rubrik-{name}", "") for name in what.file_columns}
    constants = {name: request.POST.get(f"varde-{name}", "") for name in what.file_columns}
    return columns, constants


def _require_needed(what: Import, columns: Mapping[str, str], constants: Mapping[str, str]) -> None:
    missing = [name for name in what.required_columns if name not in columns and name not in constants]
    if missing:
        raise UserFault(
            f"{', '.join(missing)} behövs. Välj filens rubrik, eller skriv ett värde som är samma på alla rader."
        )


@committee_page(Resource.IMPORTS, Action.IMPORT)
@require_http_methods(["GET", "HEAD", "POST"])
def columns(request: CommitteeRequest, kind: str, sha256: str) -> HttpResponse:
    """Which of the file's headings is which column, guessed to begin with; on POST, read the file that way."""
    what = kind_asked(request, kind)
    if what.opens is not None:
        raise Http404("Filen är ingen tabell med rubriker att koppla.")
    kept = kept_file(request, what, sha256)
    scope = request.scope
    review = scope.url("imports:review", what.kind, sha256)
    try:
        sheets = [one for one in first_rows(kept.path) if one.filled]
    except FileFault:
        sheets = []
    if not sheets:
        return redirect(review)
    mine = ColumnMapping.objects.filter(committee=scope.committee, kind=what.kind)
    if request.method == "POST" and (wanted := request.POST.get("anvand", "")):
        saved = access.visible(request.user, mine).filter(pk=whole_number(wanted) or 0).first()
        if saved is None:
            raise Http404("Kopplingen finns inte kvar.")
        kept.read_as(layout_of(saved, kept.layout.sheet))
        return redirect(review)
    sheet = _sheet(what, sheets, request.POST.get("blad") or request.GET.get("blad") or kept.layout.sheet)
    row = request.POST.get("rad") or request.GET.get("rad") or ""
    heading = heading_of(what, sheet, whole_number(row))
    if heading is None:  # the sheets without any were left out above
        raise Http404("Bladet är tomt.")
    found = columns_of(sheet, heading)
    fault, name = "", request.POST.get("namn", kept.layout.name)
    if request.method == "POST":
        chosen, same = _chosen(request, what)
        try:
            layout = Layout(*checked(what, chosen, same), sheet.name)
            _require_needed(what, layout.columns, layout.constants)
            if name.strip():
                layout = layout_of(
                    save_mapping(what, scope.committee, name, layout, request.user), sheet.name
                )
                messages.success(request, f"Kopplingen är sparad som ”{layout.name}”.")
            kept.read_as(layout)
            return redirect(review)
        except (UserFault, StaleRecordError) as error:
            fault = capital_first(str(error))
    else:
        chosen, same = dict(kept.layout.columns), dict(kept.layout.constants)
        if not chosen and not same:
            chosen = guess(what, [one.label for one in found])
    lines = _lines(what, Context(scope.committee, scope.year), chosen, same, found)
    return render(
        request,
        "imports/columns.html",
        {
            "what": what,
            "kept": kept,
            "sheets": [one.name for one in sheets] if len(sheets) > 1 else [],
            "sheet": sheet.name,
            "rows": [(number, _snippet(cells)) for number, cells in sheet.rows[:20] if any(cells)],
            "row": heading[0],
            "found": found,
            "first": [line for line in lines if line.required or line.used],
            "rest": [line for line in lines if not (line.required or line.used)],
            "saved": access.visible(request.user, mine),
            "fault": fault,
            "name": name,
        },
        status=400 if fault else 200,
    )


def _sheet(what: Import, sheets: list[Sheet], wanted: str | None) -> Sheet:
    """The sheet that was asked for, else the one with most of our columns among its headings."""

    def known(one: Sheet) -> int:
        heading = heading_of(what, one)
        return len(guess(what, heading[1])) if heading else -1

    named = next((one for one in sheets if one.name == wanted), None)
    if named is not None or len(sheets) == 1:
        return named or sheets[0]
    return max(sheets, key=known)


def _snippet(cells: list[str]) -> str:
    text = ", ".join(" ".join(cell.split()) for cell in cells if cell.strip())
    return text if len(text) <= SNIPPET else f"{text[: SNIPPET - 1]}…"


# The saved ones


@committee_page(Resource.IMPORTS, Action.IMPORT)
def listed(request: CommitteeRequest) -> HttpResponse:
    """The saved mappings of the kinds that the person may read in."""
    rows = access.visible(request.user, ColumnMapping.objects.filter(committee=request.scope.committee))
    found = [
        {"mapping": one, "what": KINDS[one.kind], "count": len(one.columns) + len(one.constants)}
        for one in rows
        if one.kind in KINDS and may_import(KINDS[one.kind], request.scope.committee, request.user)
    ]
    return render(request, "imports/mappings.html", {"found": found})


def _saved(request: CommitteeRequest, pk: int) -> tuple[Import, ColumnMapping]:
    rows = ColumnMapping.objects.filter(committee=request.scope.committee, pk=pk)
    one = access.visible(request.user, rows).first()
    if one is None:
        raise Http404("Kopplingen finns inte.")
    return kind_asked(request, one.kind), one


@committee_page(Resource.IMPORTS, Action.IMPORT)
@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: CommitteeRequest, pk: int) -> HttpResponse:
    """Change a saved mapping: its name, and each column's heading or value."""
    what, one = _saved(request, pk)
    context: dict[str, Any] = {"what": what, "mapping": one, "fault": "", "revision": one.revision}
    chosen, same, name = one.columns, one.constants, one.name
    if request.method == "POST":
        (chosen, same), name = _chosen(request, what), request.POST.get("namn", "")
        revision = whole_number(request.POST.get("revision"), 9)
        try:
            one.revision = one.revision if revision is None else revision
            save_mapping(what, request.scope.committee, name, Layout(chosen, same), request.user, over=one)
            messages.success(request, f"Kopplingen ”{name.strip()}” är sparad.")
            return redirect(request.scope.url("imports:mappings"))
        except UserFault as error:
            context["fault"] = capital_first(str(error))
        except StaleRecordError as error:
            context |= {"fault": str(error), "theirs": error.current, "revision": error.current.revision}
    context["lines"] = _lines(what, Context(request.scope.committee, request.scope.year), chosen, same, [])
    context["name"] = name
    return render(request, "imports/mapping.html", context, status=400 if context["fault"] else 200)


@committee_page(Resource.IMPORTS, Action.IMPORT)
@require_POST
def remove(request: CommitteeRequest, pk: int) -> HttpResponse:
    """Remove a saved mapping."""
    _, one = _saved(request, pk)
    remove_mapping(one, request.user)
    messages.success(request, f"Kopplingen ”{one.name}” är borttagen.")
    return redirect(request.scope.url("imports:mappings"))
