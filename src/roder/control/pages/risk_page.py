"""The page of a risk: what is known of it, how it is scored and handled, what came of it, and its earlier years."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import Any

from django.apps import apps
from django.db.models import Model, QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render

from roder import access, tasks
from roder.access.matrix import Action, Resource
from roder.control.models import ControlPlan, ControlPoint, CriticalFactor, Risk, RiskAnalysis
from roder.control.pages import risk_forms as forms
from roder.control.pages.risk_register import level_of
from roder.control.rules import scales
from roder.control.services import factors, plans, risks
from roder.control.services.scales import scale_of
from roder.core.numbers import whole_number
from roder.core.register import history
from roder.steering.models import Assignment, Goal
from roder.steering.services import assignments_of, goals_of
from roder.tasks.owners import Owner
from roder.web.addresses import address
from roder.web.deeds import Deed, tried
from roder.web.scope import CommitteeRequest, Scope, committee_page

#: What may come of a risk: kind -> (what it is called, the name of its page).
PAGES = {
    "control.controlpoint": ("Kontrollpunkt", "control:point"),
    "control.criticalfactor": ("Kritisk faktor", "control:factor"),
    "steering.goal": ("Mål", "steering:goal"),
    "steering.assignment": ("Uppdrag", "steering:assignment"),
    "tasks.action": ("Omedelbar åtgärd", ""),
}


@dataclass(frozen=True)
class Outcome:
    """Something that came of a risk. ``record`` is None where the person may not see it; ``link`` can be taken away."""

    kind: str
    record: Any
    url: str
    link: int | None


def risks_of(request: CommitteeRequest) -> QuerySet[Risk]:
    """The committee's risks of the page's year that the person may see."""
    rows = Risk.objects.filter(committee=request.scope.committee, analysis__year=request.scope.year)
    return access.visible(request.user, rows).select_related(
        "analysis__scale", "previous", "unit", "committee"
    )


@committee_page(Resource.RISKS)
def risk_page(request: CommitteeRequest, pk: int) -> HttpResponse:
    """A risk. The number of questions does not grow with its years or with what came of it."""
    risk = get_object_or_404(risks_of(request), pk=pk)
    edits = access.may(request.user, Action.EDIT, risk)
    kept = risks.why_kept(risk) if edits else ""
    done = tried(request, _deeds(request, risk, kept) if edits else {}, {"revision": risk.revision})
    if done.answer is not None:
        return done.answer
    scale = scale_of(risk.scale_id)
    label, tone = level_of(risk)
    context = {
        "risk": risk,
        "analysis": risk.analysis,
        "scale": scale,
        "score": risks.printed_score(risk),
        "steps": (scale.likelihood.step(risk.likelihood), scale.impact.step(risk.impact)),
        "level": label,
        "tone": tone,
        "movement": risks.movement_of(risk),
        "old_scale": risk.likelihood is not None and risk.scale_id != risk.analysis.scale_id,
        "proposed": [
            (scales.HANDLINGS[code], why)
            for code, why in scales.reasons(scale, risk.likelihood, risk.impact).items()
        ],
        "departs": risks.departs(risk),
        "outcomes": outcomes(request.user, request.scope, risk),
        "actions": tasks.actions_of(risk),
        "years": years_of(request.user, risk),
        "history": history.of(risk),
        "deeds": done.forms,
        "edits": edits and risk.analysis.state == RiskAnalysis.State.OPEN,
        "may_link": edits,
        "plan": _plan(request, risk),
        "kept": kept,
        "open": {name for name, form in done.forms.items() if form.errors or form.other},
    }
    return render(request, "control/risk/risk.html", context, status=done.status)


def _plan(request: CommitteeRequest, risk: Risk) -> ControlPlan | None:
    rows = ControlPlan.objects.filter(committee=risk.committee_id, year=risk.analysis.year)
    return access.visible(request.user, rows).first()


def years_of(user: Any, risk: Risk) -> list[tuple[Risk, str, tuple[str, str, str], str, str]]:
    """The risk in the other years that it has been in, latest first: row, page, score as printed, level and tone."""
    rows = Risk.objects.filter(committee=risk.committee_id, code=risk.code).exclude(pk=risk.pk)
    found = access.visible(user, rows).select_related("analysis").order_by("-analysis__year")
    slug = risk.committee.slug
    return [
        (
            one,
            address("control:risk", slug, one.analysis.year, one.pk),
            risks.printed_score(one),
            *level_of(one),
        )
        for one in found
    ]


def outcomes(user: Any, scope: Scope, risk: Risk) -> list[Outcome]:
    """What came of a risk, in the order it was written; what the person may not see is only counted by its kind.

    Actions have a place of their own on the page, with their state.
    """
    wanted: dict[str, list[tuple[int, int | None]]] = {}
    for link in risks.came_of_links(risk).order_by("pk"):
        wanted.setdefault(link.target_kind, []).append((link.target_id, link.pk))
    own: tuple[tuple[str, QuerySet[Any]], ...] = (
        ("control.controlpoint", risk.points.all()),
        ("control.criticalfactor", risk.factors.all()),
    )
    for kind, rows in own:
        known = {pk for pk, _ in wanted.get(kind, [])}
        more = [(pk, None) for pk in rows.values_list("pk", flat=True) if pk not in known]
        if more:
            wanted.setdefault(kind, []).extend(more)
    return [
        Outcome(PAGES[kind][0], row, scope.url(PAGES[kind][1], pk) if row is not None else "", link)
        for kind, ends in wanted.items()
        if PAGES.get(kind, ("", ""))[1]
        for pk, link, row in _seen(user, kind, ends)
    ]


def _seen(
    user: Any, kind: str, ends: list[tuple[int, int | None]]
) -> list[tuple[int, int | None, Model | None]]:
    model: Any = apps.get_model(kind)
    rows = access.visible(user, model._default_manager.filter(pk__in=[pk for pk, _ in ends]))
    by_key = {row.pk: row for row in rows}
    return [(pk, link, by_key.get(pk)) for pk, link in ends]


def _deeds(request: CommitteeRequest, risk: Risk, kept: str) -> dict[str, Deed]:
    """What may be done to the risk now: while the analysis is open its own deeds, and always what comes of it."""
    by = request.user
    found: dict[str, Deed] = {}
    if risk.analysis.state == RiskAnalysis.State.OPEN:
        found |= _own_deeds(request, risk, kept)
    plan = _plan(request, risk)
    if plan is not None and access.may(by, Action.EDIT, plan):
        found["punkt"] = Deed(
            partial(forms.PointForm, adopted=plan.state != ControlPlan.State.DRAFT),
            lambda said: plans.add_point(
                plan, by, reason=said.get("reason", ""),
                **plans.point_of(risk) | {"title": said["title"], "process": said["process"]},
            ),
            "Kontrollpunkten är tillagd i planen.",
            {"title": risk.text[:300], "process": risk.process},
        )  # fmt: skip
    named = factors.perspectives(risk.committee, risk.analysis.year)
    if named and request.scope.may(Action.EDIT, Resource.FACTORS):

        def factor(said: dict[str, Any]) -> None:
            factors.add_factor(
                risk.committee, risk.analysis.year, by, perspective=said["perspective"], title=said["title"], risk=risk
            )  # fmt: skip

        found["faktor"] = Deed(
            partial(forms.FactorForm, perspectives=named), factor, "Den kritiska faktorn är tillagd.",
            {"title": risk.text[:300]},
        )  # fmt: skip
    found["atgard"] = Deed(
        forms.ImmediateForm,
        lambda said: risks.act_at_once(
            risk, by, what=said["what"], owner=Owner(said["owner"], committee=risk.committee), due=said["due"],
            expected_effect=said["expected_effect"],
        ),
        "Åtgärden är tillagd, och den ansvariga får veta det.",
    )  # fmt: skip
    groups = _to_connect(request, risk)
    if any(rows for _, rows in groups):
        found["koppla"] = Deed(
            partial(forms.ConnectForm, groups=groups), lambda said: _connect(risk, by, said["target"]),
            "Kopplingen är sparad.",
        )  # fmt: skip
    if risks.came_of_links(risk).exists():
        found["losgor"] = Deed(
            forms.DeedForm,
            lambda said: risks.unlink(risk, by, whole_number(request.POST.get("link")) or 0),
            "Kopplingen är borttagen. Det som kom ur risken finns kvar.",
        )
    return found


def _own_deeds(request: CommitteeRequest, risk: Risk, kept: str) -> dict[str, Deed]:
    """The deeds that change the risk itself."""
    by, scale = request.user, scale_of(risk.analysis.scale_id)
    active, found = risk.state == Risk.State.ACTIVE, dict[str, Deed]()
    if active:
        same = risk.scale_id == risk.analysis.scale_id  # a score by an older scale is not chosen beforehand
        found["bedom"] = Deed(
            partial(forms.ScoreForm, scale=scale),
            lambda said: risks.score(
                risk, by, said["likelihood"], said["impact"], expected_revision=said["revision"]
            ),
            "Bedömningen är sparad.",
            {"likelihood": risk.likelihood, "impact": risk.impact} if same else {},
        )
        found["hantera"] = Deed(
            partial(forms.HandleForm, risk=risk, scale=scale_of(risk.scale_id)),
            lambda said: risks.handle(
                risk, by, said["handling"], reason=said["handling_reason"], in_plan=said["in_plan"],
                plan_reason=said["plan_reason"], expected_revision=said["revision"],
            ),
            "Hanteringen är sparad.",
            forms.HandleForm.initial_of(risk),
        )  # fmt: skip
    else:
        found["ta-upp"] = Deed(
            forms.DeedForm,
            lambda said: risks.revive(risk, by, expected_revision=said["revision"]),
            "Risken är med i analysen. Bedöm den.",
        )
    if risk.state != Risk.State.RETIRED:
        found["utga"] = Deed(
            forms.RetireForm,
            lambda said: risks.retire(risk, by, said["retired_reason"], expected_revision=said["revision"]),
            "Risken har utgått. Raden står kvar utan bedömning.",
        )
    if not kept:
        found["ta-bort"] = Deed(
            forms.DeedForm,
            lambda said: risks.remove_risk(risk, by),
            "Risken är borttagen.",
            to=lambda: request.scope.url("control:risks"),
        )
    return found


def _to_connect(request: CommitteeRequest, risk: Risk) -> list[tuple[str, list[tuple[str, str]]]]:
    """The year's goals, assignments, points and factors that the risk is not connected to, by kind."""
    year, body = risk.analysis.year, risk.committee
    taken = {f"{one.target_kind}:{one.target_id}" for one in risks.came_of_links(risk)}
    points = ControlPoint.objects.filter(plan__committee=body, plan__year=year)
    rows: list[tuple[str, QuerySet[Any]]] = [
        ("Mål", access.visible(request.user, goals_of(body, year))),
        ("Uppdrag", access.visible(request.user, assignments_of(body, year))),
        ("Kontrollpunkter", access.visible(request.user, points)),
        ("Kritiska faktorer", access.visible(request.user, CriticalFactor.objects.filter(committee=body, year=year))),
    ]  # fmt: skip
    return [(label, [(one.gid, str(one)) for one in found if one.gid not in taken]) for label, found in rows]


def _connect(risk: Risk, by: Any, target: str) -> None:
    """Connect a record named ``steering.goal:12``; the form has offered it."""
    kind, _, pk = target.partition(":")
    model: type[Goal | Assignment | ControlPoint | CriticalFactor] = apps.get_model(kind)
    risks.created_from(risk, model._default_manager.get(pk=int(pk)), by)
