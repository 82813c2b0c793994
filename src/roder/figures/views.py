"""Pages: the catalogue with the year's snapshots, and a figure with its number, definition, rows, query and history."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST

from roder import access
from roder.access.matrix import Action, Resource
from roder.figures import page
from roder.figures.calculate import UnknownKeyError, compute, query
from roder.figures.catalogue.drift import compared_with
from roder.figures.hiding import hidden_rows, require_seen
from roder.figures.manifest import SnapshotFault
from roder.figures.models import Snapshot
from roder.figures.registry import At, Figure, UnknownFigureError, catalogue, find
from roder.figures.snapshot import take_snapshot
from roder.figures.source import Engine, LiveSource, SnapshotSource
from roder.steering.models import Occasion
from roder.web.scope import CommitteeRequest, Scope, committee_page


def _figure(name: str) -> Figure:
    try:
        return find(name)
    except UnknownFigureError as fault:
        raise Http404(str(fault)) from fault


def _allowed(request: CommitteeRequest, name: str) -> Figure:
    """The figure, if the person may see its numbers. Raises Http404 and NotAllowedError."""
    found = _figure(name)
    require_seen(request.user, found, request.scope.committee)
    return found


def _snapshots(scope: Scope) -> list[Snapshot]:
    rows = Snapshot.objects.filter(committee=scope.committee, occasion__year=scope.year)
    return list(access.visible(scope.user, rows).select_related("occasion__committee").order_by("-taken_at"))


def _chosen(request: CommitteeRequest) -> tuple[Occasion, Snapshot | None]:
    """The occasion and snapshot of the address; without any, the year's latest snapshot or occasion. Raises Http404."""
    scope, code = request.scope, request.GET.get("uttag")
    if code:
        rows = Snapshot.objects.filter(committee=scope.committee, code=code).select_related(
            "occasion__committee"
        )
        snapshot = access.visible(scope.user, rows).first()
        if snapshot is None:
            raise Http404(f"Uttaget {code} finns inte.")
        return snapshot.occasion, snapshot
    if wanted := request.GET.get("tillfalle"):
        return scope.occasion(wanted), None
    if taken := _snapshots(scope):
        return taken[0].occasion, taken[0]
    if not scope.occasions:
        raise Http404(f"{scope.year} har inga uppföljningstillfällen.")
    return _latest(scope.occasions), None


def _latest(occasions: list[Occasion]) -> Occasion:
    """The latest occasion whose cut-off has passed, or the first of the year."""
    passed = [one for one in occasions if one.cut_off <= timezone.localdate()]
    return passed[-1] if passed else occasions[0]


def _key(request: CommitteeRequest, figure: Figure) -> dict[str, str]:
    return {name: request.GET[name] for name in figure.per if request.GET.get(name)}


def _open(occasion: Occasion, snapshot: Snapshot | None) -> Engine:
    return SnapshotSource.open(snapshot) if snapshot else LiveSource(occasion.committee_id)


@committee_page(Resource.FIGURES)
def figures(request: CommitteeRequest) -> HttpResponse:
    """Every figure with its definition, and the year's snapshots."""
    areas: dict[str, list[Figure]] = {}
    for one in catalogue().values():
        areas.setdefault(one.area, []).append(one)
    return render(
        request,
        "figures/catalogue.html",
        {
            "areas": areas,
            "snapshots": _snapshots(request.scope),
            "occasions": request.scope.occasions,
            "latest": _latest(request.scope.occasions) if request.scope.occasions else None,
            "may_take": request.scope.may(Action.EDIT, Resource.FIGURES),
        },
    )


@committee_page(Resource.FIGURES)
def figure(request: CommitteeRequest, name: str) -> HttpResponse:
    """One figure: the number when its key is given, else all its rows."""
    declared = _allowed(request, name)
    occasion, snapshot = _chosen(request)
    at, key = At.of(occasion), _key(request, declared)
    single = bool(key) or not declared.per  # a figure without keys is one number
    try:
        with _open(occasion, snapshot) as source:
            result = compute(name, source, at)
            row = result.get(**key) if single else None
            hidden = hidden_rows(request.user, request.scope.committee, result, occasion.cut_off)
            small = row is not None and result.rows.index(row) in hidden
            shown = {
                "figure": declared,
                "result": result,
                "row": None if small else row,
                "small": small,
                "key": key,
                "single": single,
                "behind": page.behind(request.scope, name, source, at, row.key if row else key)
                if single and not small
                else None,
                "compared": compared_with(source, at) if name.endswith("prognosforandring") else None,
                "sql": query(name, source, at),
                "dialect": "DuckDB" if snapshot else "PostgreSQL",
            }
    except SnapshotFault as fault:
        return render(request, "figures/fault.html", {"figure": declared, "fault": str(fault)}, status=409)
    except UnknownKeyError as fault:
        raise Http404(str(fault)) from fault
    shown |= {
        "occasion": occasion,
        "snapshot": snapshot,
        "unit_word": page.unit_word(result),
        "lines": [(one, result.label(one), place in hidden) for place, one in enumerate(result.rows)],
        "some_hidden": bool(hidden),
        "label": result.label(row) if row else ", ".join(key.values()),
        "others": _snapshots(request.scope),
    }
    return render(request, "figures/figure.html", shown)


@committee_page(Resource.FIGURES)
def history(request: CommitteeRequest, name: str) -> HttpResponse:
    """The number in the year's snapshots: a part of the figure's page, or a page by itself."""
    declared = _allowed(request, name)
    key = _key(request, declared)
    try:
        rows = page.history(request.scope, declared, key)
    except UnknownKeyError as fault:
        raise Http404(str(fault)) from fault
    part = bool(request.headers.get("HX-Request"))
    template = "figures/_history.html" if part else "figures/history.html"
    return render(request, template, {"figure": declared, "key": key, "history": rows})


@require_POST
@committee_page(Resource.FIGURES, Action.EDIT)
def take(request: CommitteeRequest) -> HttpResponse:
    """Take a snapshot of an occasion."""
    occasion = request.scope.occasion(request.POST.get("tillfalle", ""))
    snapshot = take_snapshot(occasion, request.user)
    messages.success(request, f"Uttaget {snapshot.code} är taget: {snapshot.rows} rader.")
    return redirect(request.scope.url("figures:catalogue"))
