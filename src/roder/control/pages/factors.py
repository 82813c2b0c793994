"""The pages of critical factors: the year's register by perspective, a factor, and what may be done."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST

from roder import access
from roder.access.matrix import Action, Resource
from roder.control.models import CriticalFactor, FactorMeasure, FactorReview, Risk
from roder.control.pages import factor_forms as forms
from roder.control.pages.audit_deeds import clash
from roder.control.services import factor_rows, factors
from roder.measures.models import Measure
from roder.steering.models import Occasion
from roder.web.forms import DeedForm
from roder.web.scope import CommitteeRequest, Scope, committee_page

#: (what is done, the form, the service, what is said) of the deeds that are done to the whole year
YEAR_DEEDS: dict[str, tuple[str, str, type[DeedForm], str, Callable[[Scope, Any, Any], Any]]] = {
    "beslut": (
        "Skriv in beslutet", "Förvaltningen beslutar årets faktorer. Sedan anmäls de till nämnden.", forms.DecidedForm,
        "Faktorerna är beslutade.",
        lambda scope, by, said: factors.decide_factors(scope.committee, scope.year, by, said["decided_on"]),
    ),
    "anmalan": (
        "Skriv in anmälan", "Dagen då nämnden fick veta vilka faktorer som gäller.", forms.ToldForm,
        "Anmälan till nämnden är inskriven.",
        lambda scope, by, said: factors.tell_committee(scope.committee, scope.year, by, said["told_on"]),
    ),
    "ta-med": (
        "Ta med förra årets faktorer", "Faktorer och nyckeltal följer med. Målvärden sätts för varje år.", DeedForm, "",
        lambda scope, by, said: factors.carry_over(scope.committee, scope.year, by),
    ),
}  # fmt: skip


def _rows(request: CommitteeRequest) -> Any:
    return access.visible(request.user, CriticalFactor.objects.filter(committee=request.scope.committee))


def _occasion(request: CommitteeRequest) -> Occasion | None:
    """The occasion in the address, when it is one of the year's."""
    code = request.GET.get("tillfalle", "")
    return next((one for one in request.scope.follow_ups if one.code == code), None)


@committee_page(Resource.FACTORS)
def register(request: CommitteeRequest) -> HttpResponse:
    """The year's factors by perspective: outcome against target, grade and trend. Constant number of queries."""
    scope = request.scope
    occasion = _occasion(request)
    groups = factor_rows.register_of(request.user, scope.committee, scope.year, until=occasion)
    wanted = request.GET.get("perspektiv", "")
    shown = [one for one in groups if one.code == wanted] or groups
    every = [line.factor for group in groups for line in group.lines]
    edits = scope.may(Action.EDIT, Resource.FACTORS)
    context = {
        "groups": shown,
        "tabs": groups,
        "wanted": wanted if len(shown) < len(groups) or len(groups) == 1 else "",
        "occasion": occasion,
        "occasions": scope.follow_ups,
        "counts": Counter(row.grade.tone for group in shown for row in group.rows),
        "by_hand": sum(row.grade.by_hand for group in shown for row in group.rows),
        "total": sum(len(group.rows) for group in shown),
        "factors": len(every),
        "decided_on": {one.decided_on for one in every},
        "told_on": {one.told_on for one in every},
        "edits": edits,
        "may_decide": scope.may(Action.DECIDE, Resource.FACTORS)
        and any(one.decided_on is None for one in every),
        "may_tell": edits and any(one.decided_on and one.told_on is None for one in every),
    }
    return render(request, "control/factor/factors.html", context)


@committee_page(Resource.FACTORS)
def factor(request: CommitteeRequest, pk: int) -> HttpResponse:
    """A factor: its rows, and what was said of it at each of the year's occasions."""
    scope = request.scope
    row = get_object_or_404(_rows(request), pk=pk)
    home = (
        scope if row.year == scope.year else Scope(request.user, scope.committee, row.year, scope.committees)
    )
    [group] = factor_rows.register_of(request.user, scope.committee, row.year, factor=pk)
    line = group.lines[0]
    said = {one.occasion_id: one for one in line.reviews}
    context = {
        "factor": line.factor,
        "group": group,
        "line": line,
        "home": home,
        "risk_seen": scope.may(Action.VIEW, Resource.RISKS),
        "occasions": [(one, said.get(one.pk)) for one in home.follow_ups],
        "edits": access.may(request.user, Action.EDIT, row),
    }
    return render(request, "control/factor/factor.html", context)


def _deed(
    request: CommitteeRequest, form: DeedForm, do: Callable[[dict[str, Any]], Any], *, label: str, lead: str, row: str,
    back: str, done: str | Callable[[], str],
) -> HttpResponseBase:  # fmt: skip
    """A deed's page: its form, and what was written when it cannot be done. Nothing typed is lost."""
    if request.method == "POST" and form.try_to(do):
        messages.success(request, done if isinstance(done, str) else done())
        return redirect(back)
    context = {
        "row": row, "deed": {"label": label, "lead": lead}, "form": form, "back": back, "clash": clash(form),
    }  # fmt: skip
    return render(request, "control/audit/deed.html", context, status=form.status)


def _risks(scope: Scope, year: int) -> Any:
    rows = Risk.objects.filter(committee=scope.committee, analysis__year=year).exclude(
        state=Risk.State.RETIRED
    )
    return access.visible(scope.user, rows).order_by("position", "pk")


@committee_page(Resource.FACTORS, Action.EDIT)
def new(request: CommitteeRequest) -> HttpResponseBase:
    """Add a factor."""
    scope = request.scope
    known = factors.perspectives(scope.committee, scope.year)
    form = forms.FactorForm(request.POST or None, perspectives=known, risks=_risks(scope, scope.year))

    def add(said: dict[str, Any]) -> None:
        factors.add_factor(
            scope.committee, scope.year, request.user, perspective=said["perspective"], title=said["title"],
            description=said["description"], risk=said["risk"],
        )  # fmt: skip

    return _deed(
        request, form, add, label="Lägg till faktor", row="Kritiska faktorer", back=scope.url("control:factors"),
        lead="Vad måste fungera för att verksamheten ska klara sitt uppdrag? Lägg sedan till nyckeltal som visar det."
        if known else f"Styrmodellen för {scope.year} har inga perspektiv för kritiska faktorer. Lägg till dem först.",
        done="Faktorn är tillagd. Lägg till nyckeltal på faktorns sida.",
    )  # fmt: skip


@committee_page(Resource.FACTORS)
def year_deed(request: CommitteeRequest, code: str) -> HttpResponseBase:
    """What is done to the year's factors together: decided, told, carried over from last year."""
    if code not in YEAR_DEEDS:
        raise Http404
    label, lead, kind, said_then, do = YEAR_DEEDS[code]
    scope = request.scope
    right = Action.DECIDE if code == "beslut" else Action.EDIT
    access.require(request.user, right, Resource.FACTORS, scope.committee)
    result: list[Any] = []

    def done() -> str:
        if code != "ta-med":
            return said_then
        made, lacking = result[0]
        more = f" {len(lacking)} nyckeltal saknar målvärde för {scope.year}." if lacking else ""
        return f"{len(made)} faktorer följde med.{more}"

    return _deed(
        request, kind(request.POST or None), lambda said: result.append(do(scope, request.user, said)), label=label,
        lead=lead, row="Kritiska faktorer", back=scope.url("control:factors"), done=done,
    )  # fmt: skip


@committee_page(Resource.FACTORS, Action.EDIT)
def edit(request: CommitteeRequest, pk: int) -> HttpResponseBase:
    """Change a factor."""
    scope = request.scope
    row = get_object_or_404(_rows(request), pk=pk)
    form = forms.FactorForm(
        request.POST or None, initial=forms.FactorForm.initial_of(row),
        perspectives=factors.perspectives(scope.committee, row.year), risks=_risks(scope, row.year),
    )  # fmt: skip

    def change(said: dict[str, Any]) -> None:
        values = {name: said[name] for name in ("perspective", "title", "description", "risk")}
        factors.change_factor(
            _rows(request).get(pk=pk), request.user, expected_revision=said["revision"], **values
        )

    return _deed(
        request, form, change, label="Ändra faktorn", lead="", row=row.title, back=scope.url("control:factor", pk),
        done="Faktorn är ändrad.",
    )  # fmt: skip


@committee_page(Resource.FACTORS, Action.EDIT)
def measure_new(request: CommitteeRequest, pk: int) -> HttpResponseBase:
    """Add a measure to a factor."""
    scope = request.scope
    row = get_object_or_404(_rows(request), pk=pk)
    own = access.visible(request.user, Measure.objects.filter(committee=scope.committee)).order_by("title")
    form = forms.MeasureForm(request.POST or None, measures=own)

    def add(said: dict[str, Any]) -> None:
        factors.add_measure(
            row, request.user, said["measure"], times_a_year=said["times_a_year"], reported_in=said["reported_in"],
            footnote=said["footnote"],
        )  # fmt: skip

    return _deed(
        request, form, add, label="Lägg till nyckeltal", row=row.title, back=scope.url("control:factor", pk),
        lead="Målvärdet och utfallet är nyckeltalets egna. Roder bedömer dem mot varandra.",
        done="Nyckeltalet är tillagt.",
    )  # fmt: skip


@require_POST
@committee_page(Resource.FACTORS, Action.EDIT)
def measure_remove(request: CommitteeRequest, pk: int) -> HttpResponse:
    """Take a measure away from a factor."""
    rows = FactorMeasure.objects.filter(factor__committee=request.scope.committee).select_related(
        "factor", "measure"
    )
    row = get_object_or_404(access.visible(request.user, rows), pk=pk)
    factors.remove_measure(row, request.user)
    messages.success(request, "Nyckeltalet mäter inte längre faktorn. Dess värden finns kvar.")
    return redirect(request.scope.url("control:factor", row.factor_id))


@require_POST
@committee_page(Resource.FACTORS, Action.EDIT)
def remove(request: CommitteeRequest, pk: int) -> HttpResponse:
    """Take a factor away that is not decided."""
    row = get_object_or_404(_rows(request), pk=pk)
    try:
        factors.remove_factor(row, request.user)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
        return redirect(request.scope.url("control:factor", pk))
    messages.success(request, "Faktorn är borttagen.")
    return redirect(request.scope.url("control:factors"))


@committee_page(Resource.FACTORS, Action.EDIT)
def review(request: CommitteeRequest, pk: int, code: str) -> HttpResponseBase:
    """Say how a factor goes at an occasion."""
    scope = request.scope
    row = get_object_or_404(_rows(request), pk=pk)
    when = get_object_or_404(
        access.visible(request.user, Occasion.objects.filter(committee=scope.committee, year=row.year)),
        code=code,
    )
    stands = FactorReview.objects.filter(factor=row, occasion=when).first()
    initial = (
        {"analysis": stands.analysis, "action": stands.action, "revision": stands.revision}
        if stands
        else {"revision": 0}
    )
    form = forms.ReviewForm(request.POST or None, initial=initial)

    def write(said: dict[str, Any]) -> None:
        factors.review_factor(
            row, when, request.user, said["analysis"], said["action"], expected_revision=said["revision"]
        )

    return _deed(
        request, form, write, label="Spara uppföljningen", row=row.title, back=scope.url("control:factor", pk),
        lead=f"{row.title}, {when.name.lower()}. Bedömningen av siffrorna gör Roder; skriv vad de betyder.",
        done="Uppföljningen är sparad.",
    )  # fmt: skip
