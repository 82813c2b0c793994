"""A page for each deed on a case: the form, what was wrong at its field, and both texts when two were at it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import Http404, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render

from roder import access, tasks
from roder.access import NotAllowedError, Resource
from roder.core.models import StaleRecordError
from roder.core.numbers import whole_number
from roder.organisation.models import Person, Unit
from roder.quality import types
from roder.quality.models import Deviation, Step
from roder.quality.pages import deviation_deed_forms as given
from roder.quality.rules import deviations as rules
from roder.quality.rules.deviations import Code
from roder.quality.services import action_owners, moves
from roder.quality.services import deviations as deeds
from roder.quality.services.deviations import Sbar
from roder.quality.services.handling import case_of, planned, roles_at
from roder.quality.services.practice import practice_of
from roder.web.scope import CommitteeRequest, committee_page

Values = Mapping[str, Any]


@dataclass(frozen=True)
class At:
    """The case that a deed is about, as the person has it before them."""

    case: Deviation
    by: Person
    state: rules.Case
    roles: frozenset[str]
    action: Any = None


@dataclass(frozen=True)
class Deed:
    """A deed's page. ``done`` is said when it is done; ``step`` the step of the flow that it does, if it does one."""

    title: str
    lead: str
    form: Callable[[At, Any], forms.Form]
    run: Callable[[At, Values, int | None], Any]
    done: str
    submit: str
    step: str = ""
    by: tuple[str, ...] = ()

    def allowed(self, at: At) -> bool:
        """Whether it is this person's to do, whenever that is."""
        if self.step:
            return bool(at.roles & set(rules.doers(self.step, at.state)))
        return bool(at.roles & set(self.by))


def _plain(cls: type[forms.Form], **more: Any) -> Callable[[At, Any], forms.Form]:
    return lambda at, data: cls(data, **more)


def _step_form(cls: type[forms.Form], code: str) -> Callable[[At, Any], forms.Form]:
    """The form with what was written before, if the step was done."""

    def made(at: At, data: Any) -> forms.Form:
        step = at.case.steps.filter(code=code).first()
        values: dict[str, Any] = {**(step.detail if step else {}), "note": step.note if step else ""}
        for name in ("cause", "consequence", "feedback"):
            values[name] = getattr(at.case, name)
        if isinstance(values.get("home_visit"), bool):
            values["home_visit"] = "ja" if values["home_visit"] else "nej"
        return cls(data, initial=values)

    return made


def _kinds(at: At) -> list[str]:
    groups = types.choices(at.case.committee)
    return [
        value for group in groups for kind in group.types
        for value in (kind.value, *(cause.value for cause in kind.causes))
    ]  # fmt: skip


def _classify_form(at: At, data: Any) -> forms.Form:
    matters = at.case.matters.select_related("type", "cause")
    initial = {
        "types": types.values((one.type.code, one.cause.code if one.cause else "") for one in matters),
        "severity": at.case.severity or at.case.severity_reported, "law": at.case.law,
    }  # fmt: skip
    practice = practice_of(at.case.committee, at.case.reported_at)
    return given.ClassifyForm(data, kinds=_kinds(at), practice=practice, initial=initial)


def _units(at: At) -> QuerySet[Unit]:
    return (
        Unit.objects.filter(committee=at.case.committee).exclude(pk=at.case.unit_id).order_by("kind", "name")
    )


def _merge(at: At, values: Values, revision: int | None) -> Deviation:
    number = (values["into"] or "").strip()
    seen = access.visible(at.by, Deviation.objects.filter(committee=at.case.committee), own=False)
    into = seen.filter(number=number).first() if "\0" not in number else None
    if into is None:
        raise ValidationError({"into": "Det finns ingen avvikelse med det numret som du kan se."})
    return moves.merge(at.case, into, at.by, reason=values["reason"])


def _hand_over(at: At, values: Values, revision: int | None) -> Deviation:
    if values["unit"] is None:
        raise ValidationError({"unit": "Välj vilken enhet som tar över."})
    return moves.hand_over(
        at.case, at.by, values["unit"], reason=values["reason"], expected_revision=revision
    )


def _action_form(at: At, data: Any) -> forms.Form:
    groups = moves.groups_of(at.roles, at.state)
    owners = {group: action_owners.candidates(at.case, group) for group in groups}
    kinds = practice_of(at.case.committee, at.case.reported_at).action_kinds
    return given.ActionForm(data, groups=groups, owners=owners, kinds=kinds)


def _plan_action(at: At, values: Values, revision: int | None) -> Any:
    owner = action_owners.owner_of(at.case, values["group"], values["owner"]) if values["owner"] else None
    if values["owner"] and owner is None:
        raise ValidationError({"owner": action_owners.REFUSED[values["group"]]})
    said = {name: values[name] for name in ("what", "group", "due", "expected_effect")}
    said["kind"] = values.get("kind", "")
    return moves.plan_action(at.case, at.by, owner=owner, **said)


S = Code
ALL = (*rules.LINE, *rules.PROFESSION, "sas")
DEEDS: dict[str, Deed] = {
    "bedom": Deed(
        "Bedöm händelsen", "Behövs hembesök? Skriv bedömningen enligt SBAR. Journalen förs i verksamhetssystemet.",
        _step_form(given.AssessForm, S.ASSESSMENT),
        lambda at, v, r: deeds.assess(
            at.case, at.by, home_visit=v["home_visit"] == "ja", checks=v["checks"], revision=r,
            sbar=Sbar(v["situation"], v["background"], v["current"], v["recommendation"]),
        ),
        "Bedömningen är sparad.", "Spara bedömningen", step=S.ASSESSMENT,
    ),
    "uppgifter": Deed(
        "Lämna uppgifter om händelsen", "När hände det, vad hände och vem arbetade? Inte vem som upptäckte det.",
        _step_form(given.FactsForm, S.FACTS),
        lambda at, v, r: deeds.give_facts(
            at.case, at.by, when=v["when"], what=v["what"], worked=v["worked"], talked=v["talked"], revision=r
        ),
        "Uppgifterna är sparade.", "Spara uppgifterna", step=S.FACTS,
    ),
    "klassificera": Deed(
        "Klassificera", "Vilka typer gäller det, och hur allvarligt är det?", _classify_form,
        lambda at, v, r: deeds.classify(
            at.case, at.by, types=types.codes(v["types"]), severity=int(v["severity"]), law=v["law"],
            note=v["note"], expected_revision=r,
        ),
        "Klassificeringen är sparad.", "Spara klassificeringen", by=ALL,
    ),
    "utred": Deed(
        "Utred", "Varför hände det, och vad får de berörda veta?", _step_form(given.InvestigateForm, S.INVESTIGATION),
        lambda at, v, r: deeds.investigate(
            at.case, at.by, cause=v["cause"], consequence=v["consequence"], feedback=v["feedback"], note=v["note"],
            revision=r,
        ),
        "Utredningen är sparad. Lägg till de åtgärder som behövs.", "Spara utredningen", step=S.INVESTIGATION,
    ),
    "analysera": Deed(
        "Fördjupad analys", "Vad hände steg för steg, varför, och vad kunde ha hindrat det?",
        _step_form(given.AnalysisForm, S.DEEP_ANALYSIS),
        lambda at, v, r: deeds.deep_analysis(
            at.case, at.by, course=v["course"], causes=v["causes"], barriers=v["barriers"], revision=r
        ),
        "Analysen är sparad.", "Spara analysen", step=S.DEEP_ANALYSIS,
    ),
    "besluta": Deed(
        "Besluta", "Vad leder den allvarliga händelsen till?",
        lambda at, data: given.DecideForm(data, outcomes=rules.outcomes(at.case.law)),
        lambda at, v, r: deeds.decide_serious(at.case, at.by, outcome=v["outcome"], motive=v["motive"]),
        "Beslutet är sparat.", "Spara beslutet", step=S.DECISION,
    ),
    "folj-upp": Deed(
        "Följ upp enhetens åtgärder", "Är åtgärderna gjorda, och hade de effekt?",
        _step_form(given.FollowForm, S.FOLLOW_UP),
        lambda at, v, r: deeds.follow_up(at.case, at.by, note=v["note"], revision=r),
        "Uppföljningen är sparad.", "Spara uppföljningen", step=S.FOLLOW_UP,
    ),
    "folj-upp-professionen": Deed(
        "Följ upp professionens åtgärder", "Är åtgärderna gjorda, och hade de effekt?",
        _step_form(given.FollowForm, S.PROFESSION_FOLLOW_UP),
        lambda at, v, r: deeds.profession_follow_up(at.case, at.by, note=v["note"], revision=r),
        "Uppföljningen är sparad.", "Spara uppföljningen", step=S.PROFESSION_FOLLOW_UP,
    ),
    "oversyn": Deed(
        "Översyn", "MAS ser över ärendet innan det arkiveras.", _step_form(given.FollowForm, S.REVIEW),
        lambda at, v, r: deeds.review(at.case, at.by, note=v["note"], revision=r),
        "Översynen är sparad.", "Spara översynen", step=S.REVIEW,
    ),
    "avsluta": Deed(
        "Avsluta", "Allt ska vara gjort och uppföljt.", _plain(given.CloseForm),
        lambda at, v, r: deeds.close(at.case, at.by, note=v["note"]),
        "Avvikelsen är avslutad. Den kan öppnas igen.", "Avsluta avvikelsen", by=rules.CLOSES,
    ),
    "oppna": Deed(
        "Öppna igen", "Det som följdes upp ska följas upp en gång till.", _plain(given.ReasonForm),
        lambda at, v, r: deeds.reopen(at.case, at.by, reason=v["reason"]),
        "Avvikelsen är öppen igen.", "Öppna avvikelsen igen", by=rules.CLOSES,
    ),
    "lamna-over": Deed(
        "Lämna över till en annan enhet", "Den nya enhetens chef får veta det direkt.",
        lambda at, data: given.HandOverForm(data, units=_units(at)), _hand_over,
        "Avvikelsen är överlämnad.", "Lämna över", by=rules.CLOSES,
    ),
    "for-samman": Deed(
        "För samman med en annan", "Den här avslutas, och den andra lever vidare med bådas typer.",
        _plain(given.MergeForm), _merge, "Avvikelserna är sammanförda.", "För samman", by=rules.CLOSES,
    ),
    "dela": Deed(
        "Dela", "En rapport med flera händelser blir flera avvikelser. Den nya får eget nummer och egna frister.",
        lambda at, data: given.SplitForm(data, kinds=_kinds(at)),
        lambda at, v, r: moves.split(
            at.case, at.by, what=v["what"], types=types.codes(v["types"]), reason=v["reason"]
        ),
        "En ny avvikelse är skapad.", "Dela avvikelsen", by=rules.CLOSES,
    ),
    "patientkonferens": Deed(
        "Patientkonferens", "Händelsen tas upp bara om den enskilde samtycker.", _plain(given.ConferenceForm),
        lambda at, v, r: moves.conference(
            at.case, at.by, consent=v["consent"] == "ja", on=v["on"], note=v["note"]
        ),
        "Anteckningen är sparad.", "Spara", by=ALL,
    ),
    "atgard": Deed(
        "Ny åtgärd", "Vad ska göras, av vem, och när ska det vara klart?", _action_form, _plan_action,
        "Åtgärden är tillagd.", "Lägg till åtgärden", by=ALL,
    ),
}  # fmt: skip
ACTION_DEEDS: dict[str, Deed] = {
    "klar": Deed(
        "Åtgärden är genomförd", "Skriv vad som gjordes.", _plain(given.DoneForm),
        lambda at, v, r: moves.finish_action(at.case, at.by, at.action, note=v["note"]),
        "Åtgärden är genomförd. Bedöm effekten när den har fått verka.", "Spara", by=ALL,
    ),
    "effekt": Deed(
        "Bedöm effekten", "Utan effekt behövs en ny åtgärd.",
        lambda at, data: given.EffectForm(data, done=at.action.done_at is not None),
        lambda at, v, r: moves.evaluate_action(at.case, at.by, at.action, effect=v["effect"], text=v["text"]),
        "Effekten är sparad.", "Spara effekten", by=ALL,
    ),
    "stryk": Deed(
        "Stryk åtgärden", "Den behövs inte längre.", _plain(given.ReasonForm),
        lambda at, v, r: moves.drop_action(at.case, at.by, at.action, reason=v["reason"]),
        "Åtgärden är struken.", "Stryk åtgärden", by=ALL,
    ),
}  # fmt: skip


def find_case(request: CommitteeRequest, pk: int) -> Deviation:
    """A case of the committee that the person's mandates cover. Raises Http404: their own reports have another page."""
    rows = Deviation.objects.filter(committee=request.scope.committee).select_related(
        "committee", "unit", "service_area", "reporter", "merged_into", "split_from"
    )
    return get_object_or_404(access.visible(request.user, rows, own=False), pk=pk)


@committee_page(Resource.DEVIATIONS)
def deed_page(request: CommitteeRequest, pk: int, slug: str) -> HttpResponseBase:
    """The page of a deed on the case."""
    return _page(request, pk, DEEDS.get(slug), None)


@committee_page(Resource.DEVIATIONS)
def action_page(request: CommitteeRequest, pk: int, action: int, slug: str) -> HttpResponseBase:
    """The page of a deed on one of the case's actions."""
    return _page(request, pk, ACTION_DEEDS.get(slug), action)


def _page(request: CommitteeRequest, pk: int, deed: Deed | None, action_pk: int | None) -> HttpResponseBase:
    if deed is None:
        raise Http404("Sidan finns inte.")
    case = find_case(request, pk)
    action = get_object_or_404(tasks.actions_of(case), pk=action_pk) if action_pk is not None else None
    steps = planned(case, {one.code: one for one in case.steps.all()}).values()
    at = At(case, request.user, case_of(case, list(steps)), roles_at(request.user, case), action)
    if not deed.allowed(at):
        raise NotAllowedError("Dina mandat ger inte rätt till detta.")
    form = deed.form(at, request.POST if request.method == "POST" else None)
    revision, clash, status = _revision(at, deed), [], 200
    if request.method == "POST":
        status = 422
        try:
            if form.is_valid():
                done = deed.run(at, form.cleaned_data, _number(request.POST.get("revision")))
                messages.success(request, deed.done)
                new = done if isinstance(done, Deviation) and done.pk != case.pk else case
                return redirect(request.scope.url("quality:deviation", new.pk))
        except StaleRecordError as stale:
            revision, status = stale.current.revision, 409
            clash = _clash(stale.current)
        except ValidationError as error:
            _put_at_fields(form, error)
    chosen = form["types"].value() or [] if "types" in form.fields else None
    context = {
        "deed": deed, "form": form, "case": case, "action": action, "revision": revision, "clash": clash,
        "groups": types.choices(case.committee, chosen) if chosen is not None else [],
        "fields": [one for one in form.visible_fields() if one.name != "types"],
        "shut": case.state in rules.SHUT and deed.title != "Öppna igen" and request.method == "POST",
    }  # fmt: skip
    return render(request, "quality/deed.html", context, status=status)


def _put_at_fields(form: forms.Form, error: ValidationError) -> None:
    for name, errors in getattr(error, "error_dict", {"": [error]}).items():
        form.add_error(name if name in form.fields else None, errors)


def _number(written: str | None) -> int | None:
    return whole_number(written, 9)


def _revision(at: At, deed: Deed) -> int | None:
    """The version that the form is about: of the step, or of the case where two may change the same thing."""
    if not deed.step:
        return at.case.revision
    step = at.case.steps.filter(code=deed.step).first()
    return step.revision if step else None


def _clash(current: Any) -> list[tuple[str, str]]:
    """What somebody else has saved meanwhile, in words, to compare with one's own."""
    if isinstance(current, Step):
        found = [("Anteckning", current.note)] if current.note else []
        return found + [
            (name, str(value)) for name, value in current.detail.items() if value not in ("", [], None)
        ]
    last = current.classifications.select_related("by").last()
    kinds = ", ".join(str(one.type) for one in current.matters.select_related("type"))
    return [
        ("Sparat av", str(last.by) if last and last.by else "Någon annan"), ("Enhet", str(current.unit)),
        ("Allvarlighet", str(current.severity or "–")), ("Typer", kinds), ("Lagrum", current.get_law_display()),
    ]  # fmt: skip


def step_of(deed: Deed, at: At) -> str:
    """The step that a deed does: its own, or for a classification the one that this person makes."""
    if deed is DEEDS["klassificera"]:
        return str(rules.classifies(at.roles, at.state) or "")
    return deed.step


def available(at: At) -> list[tuple[str, Deed, str]]:
    """(slug, deed, step) of what this person can do now, in the order of the flow."""
    found = []
    for slug, deed in DEEDS.items():
        step = step_of(deed, at)
        if not step or step in at.state.done or rules.RULES[step] not in rules.steps(at.state):
            continue
        if deed.allowed(at) and not rules.refusal(step, at.state, at.roles):
            found.append((slug, deed, step))
    return found
