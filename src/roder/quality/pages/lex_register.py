"""The registers of lex Sarah and lex Maria cases."""

from __future__ import annotations

from typing import Any

from django.db.models import Q
from django.utils import timezone

from roder.core.register import Column, Filter, Register
from roder.organisation.models import Unit
from roder.quality.models import LexMariaCase, LexSarahCase, LexSarahDecision
from roder.quality.services.lex import is_carried_over
from roder.web.scope import Scope


def sarah_page(row: LexSarahCase, scope: Scope) -> str:
    """The address of a case."""
    return scope.url("quality:lex_sarah", row.pk)


def maria_page(row: LexMariaCase, scope: Scope) -> str:
    """The address of a case."""
    return scope.url("quality:lex_maria", row.pk)


def units(scope: Scope) -> Any:
    """The committee's units, for a filter."""
    return Unit.objects.filter(committee=scope.committee).order_by("name")


def _this_year(rows: Any, scope: Scope) -> Any:
    """Cases of the year: reported in it, or decided in it though reported before."""
    of_year = Q(reported_at__year=scope.year) | Q(decision__decided_on__year=scope.year)
    return rows.filter(of_year, committee=scope.committee)


TONES = {"reported": "near", "investigated": "near", "decided": "good", "notified": "near", "closed": "good"}
MARIA_TONES = {"open": "near", "notified": "near", "not_notified": "good", "closed": "good"}


def sarah_tone(row: LexSarahCase) -> str:
    """Bad when a serious case is decided and IVO has not been told."""
    serious = row.decision is not None and row.decision.outcome == LexSarahDecision.Outcome.SERIOUS
    return "bad" if serious and row.state == LexSarahCase.State.DECIDED else TONES.get(row.state, "none")


def maria_tone(row: LexMariaCase) -> str:
    """Bad when the two months are over and nothing is decided."""
    late = row.state == LexMariaCase.State.OPEN and row.due_on < timezone.localdate()
    return "bad" if late else MARIA_TONES.get(row.state, "none")


lex_sarah = Register(
    LexSarahCase,
    name="lex-sarah",
    title="Lex Sarah",
    lead="Rapporter om missförhållanden och risker: årets, och de från tidigare år som beslutats i år.",
    rows=_this_year,
    columns=(
        Column("number", link=sarah_page),
        Column("reported_at"),
        Column("unit"),
        Column("service_area"),
        Column("law"),
        Column("type", shown=False),
        Column("external", shown=False),
        Column("state", tone=sarah_tone),
        Column("decision__outcome", title="Beslut", sort=("decision__outcome",)),
        Column("decision__decided_on", title="Beslutsdatum"),
        Column(
            "carried",
            title="Från tidigare år",
            kind="bool",
            value=is_carried_over,
            sort=(),
            shown=False,
        ),
        Column("notified_on"),
        Column("ivo_answered_on", shown=False),
        Column("closed_on", shown=False),
    ),
    filters=(
        "state",
        Filter("decision__outcome", title="Beslut", options=LexSarahDecision.Outcome.choices),
        Filter("unit", options=units),
        "service_area",
        "law",
        "external",
        "reported_at",
    ),
    search=("number", "unit__name"),
    order=("-reported_at",),
    detail=False,
    tools=lambda scope: [
        ("Beslut sedan förra sammanträdet", scope.url("quality:lex_sarah_decisions")),
    ],
    empty="Här kommer rapporter enligt lex Sarah. Du rapporterar här eller från en avvikelse.",
)

lex_maria = Register(
    LexMariaCase,
    name="lex-maria",
    title="Lex Maria",
    lead="Händelser som medfört eller kunde ha medfört en allvarlig vårdskada, med dagen då de senast ska anmälas.",
    rows=lambda rows, scope: rows.filter(committee=scope.committee, opened_at__year=scope.year),
    columns=(
        Column("number", link=maria_page),
        Column("opened_at"),
        Column("deviation__number", title="Avvikelse"),
        Column("lex_sarah__number", title="Från lex Sarah", shown=False),
        Column("unit"),
        Column("service_area", shown=False),
        Column("due_on"),
        Column("state", tone=maria_tone),
        Column("patient_informed"),
        Column("patient_informed_on", shown=False),
        Column("decided_on"),
        Column("notified_on"),
        Column("closed_on", shown=False),
    ),
    filters=("state", Filter("unit", options=units), "due_on", "opened_at"),
    search=("number", "deviation__number", "lex_sarah__number", "unit__name"),
    order=("-opened_at",),
    detail=False,
    empty="Här kommer lex Maria-ärenden. De öppnas från en avvikelse av medicinskt ansvarig sjuksköterska, eller "
    "när ett lex Sarah-ärende förs över.",
)
