"""Every assignment that has stood on the balance list, also those that have ended: to search and to fetch."""

from __future__ import annotations

from django.db.models import QuerySet

from roder.core.register import Column, Filter, Register
from roder.meetings.models import Rhythm, Watch
from roder.web.scope import Scope
from roder.web.words import with_words


def _page(row: Watch, scope: Scope) -> str:
    return scope.url("meetings:watch", row.pk)


def _rhythms(row: Watch) -> str:
    return "; ".join(str(one) for one in row.rhythms.all())


def _decided(row: Watch) -> str:
    return f"{', '.join(day.isoformat() for day in row.decided_on)} {row.section}".strip()


def _tone(row: Watch) -> str:
    return {"done": "good", "paused": "near"}.get(row.state, "none")


def of_kind(rows: QuerySet[Watch], kind: str) -> QuerySet[Watch]:
    """With a rhythm of the kind."""
    return rows.filter(pk__in=Rhythm.objects.filter(kind=kind).values("watch"))


def in_state(rows: QuerySet[Watch], wanted: str) -> QuerySet[Watch]:
    """In a state."""
    return rows.filter(state=wanted)


def from_origin(rows: QuerySet[Watch], wanted: str) -> QuerySet[Watch]:
    """That came of a decision, an audit, a follow-up or the law."""
    return rows.filter(origin=wanted)


assignments = Register(
    Watch,
    name="bevakningar",
    title="Alla uppdrag",
    lead="Allt som står eller har stått på balanslistan, även det som är klart eller struket.",
    rows=lambda rows, scope: rows.filter(committee=scope.committee).prefetch_related("rhythms"),
    columns=(
        Column("title", link=_page, room=True),
        Column("number_text", sort=(), shown=False),
        Column("responsible"),
        Column("decided", title="Beslutat", value=_decided, sort=()),
        Column("what", sort=(), shown=False),
        Column("rhythms", title="Återrapportering", value=_rhythms, sort=()),
        Column("state", tone=_tone),
        Column("origin", shown=False),
        Column("opened_on"),
        Column("closed_on"),
        Column("closed_why", sort=(), shown=False),
    ),
    filters=(
        Filter("lage", title="Läge", options=Watch.State.choices, apply=in_state),
        Filter("slag", title="B/MI", options=Rhythm.Kind.choices, apply=of_kind),
        Filter("kommer", title="Kommer av", options=Watch.Origin.choices, apply=from_origin),
    ),
    search=lambda rows, text, scope: with_words(rows, text),
    order=("position",),
    detail=False,
    empty="Här kommer det som nämnden har beslutat ska återrapporteras.",
)
