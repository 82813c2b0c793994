"""What is done to a case, each deed on a page of its own: move it, return it, ask somebody, let it wait, close it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect

from roder import access
from roder.access.matrix import Action, Resource
from roder.core.models import Link
from roder.core.numbers import whole_number
from roder.meetings.models import Case, CaseDependency, CasePreparation
from roder.meetings.pages import case_forms as forms
from roder.meetings.pages.case_records import record_at
from roder.meetings.rules import cases as rules
from roder.meetings.services import cases as services
from roder.web.forms import DeedForm
from roder.web.scope import CommitteeRequest, committee_page

Said = dict[str, Any]


@dataclass(frozen=True)
class Deed:
    """A deed: what it is called, when it can be done, its form, and what it does. ``button`` is the link on the case's
    page; without one it is reached from a row of the page."""

    title: str
    submit: str
    done: str
    can: Callable[[Case], bool]
    form: Callable[[CommitteeRequest, Case, Any], DeedForm]
    do: Callable[[CommitteeRequest, Case, Said], Any]
    lead: str = ""
    button: str = ""
    action: Action = Action.EDIT


def _open(case: Case) -> bool:
    return case.phase != Case.Phase.CLOSED


def _goes_on(case: Case) -> bool:
    return _open(case) and case.course != Case.Course.WITHDRAWN


def _course(to: str) -> Callable[[Case], bool]:
    return lambda case: not rules.course_fault(case.phase, case.course, to)


def _plain(form: Callable[..., DeedForm]) -> Callable[[CommitteeRequest, Case, Any], DeedForm]:
    return lambda request, case, data: form(data)


def _of_case(form: Callable[..., DeedForm]) -> Callable[[CommitteeRequest, Case, Any], DeedForm]:
    return lambda request, case, data: form(data, case=case)


def _why(service: Callable[..., Case]) -> Callable[[CommitteeRequest, Case, Said], Any]:
    return lambda request, case, said: service(case, request.user, said["reason"], on=said["on"])


def _preparation(request: CommitteeRequest, case: Case) -> CasePreparation:
    """The question that the address says, among those that have no answer."""
    rows = case.preparations.filter(answered_on=None)
    return get_object_or_404(rows, pk=whole_number(request.GET.get("rad")) or 0)


def _row(request: CommitteeRequest) -> int:
    return whole_number(request.POST.get("rad")) or 0


def _ask(request: CommitteeRequest, case: Case, said: Said) -> Any:
    body = said["body"] or said["name"]
    return services.ask_opinion(case, body, request.user, said["answer_by"], asked_on=said["asked_on"])


def _drop_dependency(request: CommitteeRequest, case: Case, said: Said) -> None:
    rows = access.visible(request.user, CaseDependency.objects.filter(case=case))
    found = rows.filter(pk=_row(request)).first()
    if found is not None:
        services.undepend(found, request.user)


def _link(request: CommitteeRequest, case: Case, said: Said) -> Any:
    record = record_at(said["address"], request.scope)
    return services.link(case, record, request.user, said["kind"], said["note"])


LINKS = [
    (kind.value, str(kind.label))
    for kind in (
        Link.Kind.CONCERNS,
        Link.Kind.MADE_FROM,
        Link.Kind.LED_TO,
        Link.Kind.EVIDENCE,
        Link.Kind.CAUSED_BY,
    )
]

DEEDS: dict[str, Deed] = {
    "flytta": Deed(
        "För ärendet vidare", "För vidare", "Ärendet är fört vidare.",
        lambda case: _goes_on(case) and bool(rules.next_phases(case.phase)), _of_case(forms.MoveForm),
        lambda request, case, said: services.move(case, said["phase"], request.user, on=said["on"], note=said["note"]),
        "Ett steg får hoppas över. Bakåt går ärendet bara genom återremiss.", "För vidare…",
    ),
    "besvara": Deed(
        "Ärendet är besvarat", "Spara", "Svaret är inskrivet.",
        lambda case: _goes_on(case) and case.answered_on is None
        and (case.answer_by is not None or case.kind == Case.Kind.REFERRAL),
        _plain(forms.AnsweredForm),
        lambda request, case, said: services.answer_case(case, request.user, said["on"], said["note"]),
        "Skriv in vilken dag svaret lämnades.", "Besvarat…",
    ),
    "samverkan": Deed(
        "Facklig samverkan", "Spara", "Samverkan är inskriven.",
        lambda case: _goes_on(case) and case.union_due and case.union_on is None, _plain(forms.UnionForm),
        lambda request, case, said: services.note_union(case, request.user, said["on"], said["note"]),
        "Samverkan ska ske före beslutet.", "Samverkat…",
    ),
    "fraga": Deed(
        "Begär yttrande", "Begär yttrande", "Frågan är inskriven.", _goes_on, _of_case(forms.AskForm), _ask,
        "Fler nämnder kan bereda ärendet samtidigt. Roder skickar inte frågan åt dig.", "Begär yttrande…",
    ),
    "svar": Deed(
        "Skriv in yttrande", "Spara", "Yttrandet är inskrivet.", _open, _plain(forms.OpinionForm),
        lambda request, case, said: services.note_opinion(
            _preparation(request, case), request.user, answer=said["answer"], on=said["on"], no_answer=said["no_answer"]
        ),
    ),
    "vanta": Deed(
        "Vänta på ett annat ärende", "Låt ärendet vänta", "Ärendet väntar nu på det andra.", _goes_on,
        lambda request, case, data: forms.DependForm(data, scope=request.scope),
        lambda request, case, said: services.depend(case, said["on"], request.user, said["until"], said["note"]),
        "Ärendet kan inte beslutas förrän det andra har kommit så långt som du anger.", "Vänta på annat ärende…",
    ),
    "vanta-inte": Deed(
        "Vänta inte längre", "Ta bort beroendet", "Beroendet är borttaget.", _open, _plain(DeedForm), _drop_dependency,
    ),
    "koppla": Deed(
        "Koppla till något annat", "Koppla", "Kopplingen är sparad.", _open,
        lambda request, case, data: forms.LinkForm(data, kinds=LINKS), _link,
        "Till exempel rapporten som ärendet kommer av, eller avvikelsen som ledde till det.", "Koppla…",
    ),
    "koppla-bort": Deed(
        "Ta bort koppling", "Ta bort kopplingen", "Kopplingen är borttagen.", _open, _plain(DeedForm),
        lambda request, case, said: services.unlink(case, _row(request), request.user),
    ),
    "aterremittera": Deed(
        "Återremittera", "Återremittera", "Ärendet är återremitterat.", _course(Case.Course.RETURNED),
        _plain(forms.WhyForm), _why(services.send_back), "Ärendet ska beredas mer.", "Återremittera…",
    ),
    "bordlagg": Deed(
        "Bordlägg", "Bordlägg", "Ärendet är bordlagt.", _course(Case.Course.DEFERRED), _plain(forms.WhyForm),
        _why(services.defer), "Ärendet tas upp vid ett senare sammanträde.", "Bordlägg…",
    ),
    "aterkalla": Deed(
        "Återkalla", "Återkalla", "Ärendet är återkallat.", _course(Case.Course.WITHDRAWN), _plain(forms.WhyForm),
        _why(services.withdraw), "Ingen handlägger ärendet längre. Det kan återupptas.", "Återkalla…",
    ),
    "ateruppta": Deed(
        "Återuppta", "Återuppta", "Ärendet pågår igen.", _course(Case.Course.ACTIVE), _plain(forms.WhyForm),
        _why(services.resume), "", "Återuppta…",
    ),
    "avsluta": Deed(
        "Avsluta ärendet", "Avsluta", "Ärendet är avslutat.", _open, _plain(forms.OnForm),
        lambda request, case, said: services.close_case(case, request.user, said["on"]),
        "Inget mer ska göras i ärendet. Roder kontrollerar att inget är kvar.", "Avsluta…",
    ),
    "oppna": Deed(
        "Öppna igen", "Öppna igen", "Ärendet är öppnat igen.", lambda case: not _open(case), _plain(forms.ReopenForm),
        lambda request, case, said: services.reopen_case(case, request.user, said["reason"]),
        "Ärendet får samma läge som innan det avslutades.", "Öppna igen…", Action.DECIDE,
    ),
}  # fmt: skip


def possible(request: CommitteeRequest, case: Case) -> list[tuple[str, str]]:
    """The deeds that the person may do to the case as it stands: (name, button)."""
    allowed = {action: access.may(request.user, action, case) for action in (Action.EDIT, Action.DECIDE)}
    return [
        (name, one.button)
        for name, one in DEEDS.items()
        if one.button and allowed[one.action] and one.can(case)
    ]


@committee_page(Resource.CASES, Action.EDIT)
def deed(request: CommitteeRequest, pk: int, name: str) -> HttpResponseBase:
    """The page of a deed. What cannot be done in the case as it stands now is said on the case's page."""
    from roder.meetings.pages.cases import case_of, show_form  # noqa: PLC0415 - the case's page shows the deeds

    wanted = DEEDS.get(name)
    if wanted is None:
        raise Http404("Det går inte att göra något sådant.")
    case = case_of(request, pk, wanted.action)
    back = request.scope.url("meetings:case", pk)
    if not wanted.can(case):
        messages.warning(request, f"{wanted.title}: det går inte som ärendet står nu.")
        return redirect(back)
    lead = wanted.lead
    if name == "svar":
        asked = _preparation(request, case)
        lead = f"{asked} tillfrågades {asked.asked_on:%Y-%m-%d}."
    if not wanted.button and name != "svar" and request.method != "POST":
        return redirect(back)
    form = wanted.form(request, case, request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.try_to(lambda said: wanted.do(request, case, said)):
        messages.success(request, wanted.done)
        return redirect(back)
    loose = (
        services.closing_faults(case, request.user) if name == "avsluta" and request.method != "POST" else []
    )
    return show_form(request, form, wanted.title, wanted.submit, back, lead=lead, case=case, loose=loose)
