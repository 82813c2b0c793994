"""The register of cases: everything that was open in the year, to filter and to find by number in any spelling."""

from __future__ import annotations

from typing import Any

from django.contrib.postgres.search import SearchQuery
from django.db.models import Q, QuerySet
from django.utils import timezone

from roder.access.matrix import Action, Resource
from roder.core.register import Column, Filter, Register
from roder.meetings.models import Case
from roder.meetings.pages.case_forms import handlers
from roder.meetings.rules import cases as rules
from roder.meetings.rules import numbers
from roder.web.scope import Scope
from roder.web.search import query_of, words_in

TONES = {"returned": "near", "deferred": "near", "withdrawn": "none"}


def page_of(row: Case, scope: Scope) -> str:
    """The address of a case."""
    return scope.url("meetings:case", row.pk)


def _rows(rows: QuerySet[Any], scope: Scope) -> QuerySet[Any]:
    """The committee's cases that were open at some time of the year."""
    ended = Q(closed_on__isnull=False, closed_on__year__lt=scope.year)
    mine = rows.filter(committee=scope.committee, opened_on__year__lte=scope.year).exclude(ended)
    return mine.defer("search", "summary")


def state_words(case: Case) -> str:
    """Where a case is: its phase, or its course when that says more."""
    if case.course != Case.Course.ACTIVE and case.phase != Case.Phase.CLOSED:
        return str(case.get_course_display()).capitalize()
    return str(case.get_phase_display()).capitalize()


def tone(case: Case) -> str:
    """The tone of a case's state."""
    if case.phase in (Case.Phase.CLOSED, Case.Phase.CARRIED_OUT):
        return "good"
    return TONES.get(case.course, "none")


def answer_words(case: Case) -> str:
    """How it stands with the answer, in words: the day while it is waited for."""
    if case.course == Case.Course.WITHDRAWN:
        return ""
    day = case.answer_by.isoformat() if case.answer_by else ""
    words = {
        "late": f"Försenat {day}",
        "waiting": day,
        "answered": "Besvarat",
        "answered_late": "Besvarat sent",
    }
    return words.get(rules.answer_state(case.answer_by, case.answered_on, timezone.localdate()), "")


def answer_tone(case: Case) -> str:
    """The tone of the answer's state."""
    tones = {"late": "bad", "waiting": "near", "answered": "good", "answered_late": "near"}
    return tones.get(rules.answer_state(case.answer_by, case.answered_on, timezone.localdate()), "none")


def found(rows: QuerySet[Any], text: str, scope: Scope) -> QuerySet[Any]:
    """The cases with the number in any spelling, or with all the words."""
    condition = Q(number__icontains=text.strip()[:40])
    if numbers.parse(text) is not None:
        key = numbers.parse(text)
        assert key is not None  # noqa: S101 - asked for above
        condition |= Q(number_key=key.case.key)
        if not key.prefix:
            condition |= Q(number_key__startswith=f"{key.case.key}-")
    query = query_of(words_in(text))
    if query is not None:
        matches: SearchQuery = query.expression
        condition |= Q(search=matches)
    return rows.filter(condition)


#: what a chosen answer state means for the rows
def _answers(rows: QuerySet[Any], chosen: str) -> QuerySet[Any]:
    live = rows.exclude(course=Case.Course.WITHDRAWN).exclude(phase=Case.Phase.CLOSED)
    open_now = live.filter(answered_on=None, answer_by__isnull=False)
    if chosen == "late":
        return open_now.filter(answer_by__lt=timezone.localdate())
    return open_now if chosen == "open" else rows.filter(answered_on__isnull=False)


def _stands(rows: QuerySet[Any], chosen: str) -> QuerySet[Any]:
    closed = Q(phase=Case.Phase.CLOSED)
    return rows.filter(closed) if chosen == "closed" else rows.exclude(closed)


def _chosen(name: str) -> Any:
    return lambda rows, value: rows.filter(**{name: value})


def _tools(scope: Scope) -> list[tuple[str, str]]:
    """Register one, for those who may; and the kinds that are looked for most."""
    home = scope.url("meetings:cases")
    found = [
        ("Motioner", f"{home}?slag=motion"),
        ("Initiativ", f"{home}?slag=member_initiative"),
        ("Revision", f"{home}?slag=audit"),
        ("Obesvarade remisser", f"{home}?slag=referral&svar=open"),
    ]
    if scope.may(Action.DECIDE, Resource.CASES):
        found.append(("Diarieserie", scope.url("meetings:case_series")))
    if scope.may(Action.EDIT, Resource.CASES):
        found.append(("Registrera ärende", scope.url("meetings:case_new")))
    return found


cases = Register(
    Case,
    name="arenden",
    title="Ärenden",
    lead="Alla ärenden som har varit öppna under året: egna, motioner, initiativ, remisser, revision och bidrag.",
    rows=_rows,
    columns=(
        Column("number", link=page_of, sort=("year", "number_key"), room=False),
        Column("title", link=page_of, room=True),
        Column("kind"),
        Column("state", title="Läge", value=state_words, tone=tone, sort=("phase", "course")),
        Column("responsible"),
        Column("answer", title="Svar senast", value=answer_words, tone=answer_tone, sort=("answer_by",)),
        Column("opened_on", shown=False),
        Column("closed_on", shown=False),
        Column("origin", shown=False),
        Column("unit", shown=False),
        Column("secret", shown=False),
    ),
    filters=(
        Filter("slag", title="Slag", options=Case.Kind.choices, apply=_chosen("kind")),
        Filter("oppna", title="Visa", apply=_stands, options=[
            ("open", "Öppna"), ("closed", "Avslutade"),
        ]),
        Filter("lage", title="Läge", options=Case.Phase.choices, apply=_chosen("phase")),
        Filter("gang", title="Gång", options=Case.Course.choices, apply=_chosen("course")),
        Filter("handlaggare", title="Handläggare", options=lambda scope: handlers(scope.committee),
               apply=_chosen("responsible")),
        Filter("svar", title="Svar", apply=_answers, options=[
            ("open", "Väntar på svar"), ("late", "Försenade svar"), ("answered", "Besvarade"),
        ]),
    ),
    search=found,
    order=("-opened_on",),
    detail=False,
    tools=_tools,
    empty="Här kommer nämndens ärenden när de registreras.",
)  # fmt: skip
