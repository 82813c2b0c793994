"""The pages of a register: list, files, print, detail with history, and form."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import DatabaseError, transaction
from django.db.models import QuerySet
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import URLPattern, path
from django.utils import timezone

from roder import access
from roder.access.matrix import Action
from roder.access.rights import NotAllowedError
from roder.core.models import StaleRecordError
from roder.core.register import export, forms, history
from roder.core.register.declaration import Ready
from roder.core.register.filters import filter_set
from roder.core.register.table import (
    COUNTED,
    COUNTED_FOUND,
    CappedPaginator,
    cell,
    in_usual_order,
    ordered,
    table_class,
)
from roder.web.forms import tell
from roder.web.scope import CommitteeRequest, committee_page

if TYPE_CHECKING:
    from roder.core.register.declaration import Register

PRINTED = 2_000  # rows on the page for printing; a longer list is better as a file
FORMATS = ("csv", "xlsx")


def patterns(register: Register) -> list[URLPattern]:
    """The addresses of a register."""
    see, change = committee_page(register.resource), committee_page(register.resource, Action.EDIT)

    def bound(view: Any, decorate: Any, name: str) -> Any:
        def page(request: CommitteeRequest, **kwargs: Any) -> HttpResponseBase:
            return view(register, request, **kwargs)

        page.__name__ = f"{register.name}{name}"
        return decorate(page)

    found = [path(f"{register.name}/", bound(listing, see, ""), name=register.name)]
    if register.new:
        found.append(path(f"{register.name}/ny/", bound(create, change, "-new"), name=f"{register.name}-new"))
    if register.detail:
        found.append(
            path(f"{register.name}/<int:pk>/", bound(detail, see, "-detail"), name=f"{register.name}-detail")
        )
    if register.form:
        found.append(
            path(
                f"{register.name}/<int:pk>/andra/", bound(edit, change, "-edit"), name=f"{register.name}-edit"
            )
        )
    return found


def listing(register: Register, request: CommitteeRequest) -> HttpResponseBase:
    """The list. The address holds everything: filters, ``sortera``, ``kolumn``, ``sida``, ``format``, ``utskrift``."""
    scope = request.scope
    filters = filter_set(register, request.GET, register.visible(scope), scope)
    rows = filters.qs if filters.is_valid() else register.visible(scope).none()
    columns = chosen(register, request)
    wanted = request.GET.get("format", "")
    if wanted in FORMATS:
        return _file(register, request, wanted, columns, in_order(register, request, rows))
    printing = "utskrift" in request.GET
    rows = in_usual_order(rows, register.order)
    shown = {ready.key for ready in columns}
    hidden = [key for key in table_class(register).base_columns if key not in shown]
    table = table_class(register)(rows, order_by=_sorting(register, request), exclude=hidden)
    table.scope = scope
    per_page = PRINTED if printing else register.per_page
    by_words = callable(register.search) and bool(request.GET.get("q", "").strip())
    table.paginate(
        page=request.GET.get("sida", 1),
        per_page=per_page,
        paginator_class=CappedPaginator,
        counted=COUNTED_FOUND if by_words else COUNTED,
    )
    context = {
        "register": register,
        "table": table,
        "page_rows": table.page,
        "filters": filters,
        "printing": printing,
        "filtered": any(
            value for key, values in request.GET.lists() if key in filters.filters for value in values
        ),
        "choices": [(ready, ready in columns) for ready in register.ready],
        "carried": _carried(request, {"kolumn", "sida"}),
        "carried_by_filters": _carried(request, {*filters.filters, "sida"}),
        "said": said(register, filters),
        "pages": list(table.paginator.get_elided_page_range(table.page.number, on_each_side=2, on_ends=1)),
        "may_add": register.new is not None and scope.may(Action.EDIT, register.resource)
        if register.resource
        else False,
        "add_url": register.url(scope, "new") if register.new else "",
        "tools": register.tools(scope) if register.tools else [],
        **(register.above_context(scope) if register.above_context and not printing else {}),
    }
    return render(request, "core/register.html", context)


def chosen(register: Register, request: CommitteeRequest) -> list[Ready]:
    """The columns to show: those in the address, else the usual. Never none."""
    wanted = set(request.GET.getlist("kolumn"))
    picked = [ready for ready in register.ready if ready.key in wanted]
    return picked or [ready for ready in register.ready if ready.column.shown]


def _sorting(register: Register, request: CommitteeRequest) -> str | None:
    """The column to order by, with minus for downwards; None for what is not a column that sorts."""
    wanted = request.GET.get("sortera", "")
    for ready in register.ready:
        if ready.sort and wanted.lstrip("-") == ready.key:
            return wanted if not wanted.startswith("--") else None
    return None


def in_order(register: Register, request: CommitteeRequest, rows: QuerySet[Any]) -> QuerySet[Any]:
    """The rows in the order that the address says."""
    wanted = _sorting(register, request)
    if wanted is None:
        return in_usual_order(rows, register.order)
    key = wanted.lstrip("-")
    ready = next(one for one in register.ready if one.key == key)
    return ordered(rows, ready, wanted.startswith("-"))


def _carried(request: CommitteeRequest, without: set[str]) -> list[tuple[str, str]]:
    """The address's parameters that a form must carry along."""
    return [
        (key, value) for key, values in request.GET.lists() if key not in without for value in values if value
    ]


def said(register: Register, filters: Any) -> list[tuple[str, str]]:
    """The filters in words, for print and for the file."""
    found = []
    for key, one in filters.filters.items():
        value = filters.form.cleaned_data.get(key) if filters.form.is_valid() else None
        if value in (None, "", []):
            continue
        words = (
            dict(getattr(one.field, "choices", ()) or ()).get(str(value), value)
            if not hasattr(value, "pk")
            else value
        )
        found.append((str(one.label), str(words)))
    return found


def _file(
    register: Register, request: CommitteeRequest, wanted: str, columns: list[Ready], rows: QuerySet[Any]
) -> HttpResponseBase:
    """The file, and a line in the trail: what leaves the system is known."""
    scope = request.scope
    access.record(
        request.user, "exported", f"{scope.committee.slug}/{register.name}", format=wanted, year=scope.year
    )
    name = f"{scope.committee.slug}-{register.name}-{scope.year}"
    if wanted == "csv":
        return export.as_csv(name, columns, rows)
    filters = filter_set(register, request.GET, register.visible(scope), scope)
    about = [
        ("Register", register.title),
        ("Nämnd", str(scope.committee)),
        ("År", str(scope.year)),
        *said(register, filters),
        ("Uttaget", f"{timezone.localtime():%Y-%m-%d %H:%M}"),
        ("Av", str(request.user)),
    ]
    return export.as_xlsx(name, register.title, columns, rows, about)


def detail(register: Register, request: CommitteeRequest, pk: int) -> HttpResponse:
    """One row: its facts and its history."""
    scope = request.scope
    row = get_object_or_404(register.visible(scope), pk=pk)
    context = {
        "register": register,
        "row": row,
        "facts": [
            (ready.title, cell(ready, register, row, scope, own_page=True)) for ready in register.facts
        ],
        "history": history.of(row),
        "list_url": register.url(scope),
        "edit_url": register.url(scope, "edit", pk)
        if register.form and register.may_edit(scope, row)
        else "",
        "links": register.links(row, scope) if register.links else [],
        **(register.below_context(row, scope) if register.below_context else {}),
    }
    return render(request, "core/record.html", context)


def edit(register: Register, request: CommitteeRequest, pk: int) -> HttpResponseBase:
    """Change a row. When somebody else was first, both texts are shown and nothing is lost."""
    scope = request.scope
    row = get_object_or_404(register.visible(scope), pk=pk)
    if not register.may_edit(scope, row):
        raise NotAllowedError("Dina mandat ger inte rätt att ändra detta.")
    revision, clash = row.revision, []
    form = forms.bound(register, scope, request.POST, row)
    if request.method == "POST" and form.is_valid():
        over = forms.revision_of(request.POST)
        try:
            if over is None:
                raise ValidationError(
                    "Formuläret saknar uppgift om vilken version det gäller. Ladda om sidan."
                )
            forms.save(register, scope, row, over, form.cleaned_data)
        except StaleRecordError as stale:
            clash = forms.clashes(form, stale)
            revision = stale.current.revision
        except ValidationError as error:
            tell(form, error)
        except DatabaseError as error:
            form.add_error(None, forms.refused(error, register.model))
        else:
            messages.success(request, "Sparat.")
            return redirect(register.url(scope, "detail", pk) if register.detail else register.url(scope))
    back = register.url(scope, "detail", pk) if register.detail else register.url(scope)
    context = {
        "register": register,
        "row": row,
        "form": form,
        "revision": revision,
        "clash": clash,
        "back": back,
    }
    return render(request, "core/edit.html", context, status=409 if clash else 200)


def create(register: Register, request: CommitteeRequest) -> HttpResponseBase:
    """Add a row. What the scope decides (committee, year) is filled in by the register's ``new``."""
    scope = request.scope
    if register.new is None or not register.may_edit(scope):
        raise NotAllowedError("Dina mandat ger inte rätt att lägga till detta.")
    form = forms.bound(register, scope, request.POST, register.new(scope))
    if request.method == "POST" and form.is_valid():
        try:
            with transaction.atomic():
                row = form.save()
                access.record(request.user, "added", row)
                forms.settle(register, scope, row)
        except ValidationError as error:
            tell(form, error)
        except DatabaseError as error:
            form.add_error(None, forms.refused(error, register.model))
        else:
            messages.success(request, "Tillagt.")
            return redirect(register.url(scope, "detail", row.pk) if register.detail else register.url(scope))
    return render(
        request, "core/edit.html", {"register": register, "form": form, "back": register.url(scope)}
    )
