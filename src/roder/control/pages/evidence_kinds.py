"""What evidence can point at: kinds that search knows, and those of risk and control; how each is found and shown."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.db.models import Model, Q, QuerySet

from roder import access
from roder.control.models import (
    Audit,
    ControlPlan,
    ControlPoint,
    ControlRound,
    ControlSample,
    CriticalFactor,
    Risk,
    RiskAnalysis,
)
from roder.control.services import evidence
from roder.core.models import Record
from roder.core.numbers import whole_number
from roder.tasks.models import Action as Measure
from roder.web.addresses import address
from roder.web.scope import Scope
from roder.web.search import search
from roder.web.searched import SEARCHED, Searchable
from roder.web.words import words_in

#: Kinds of search whose records are evidence: what is decided, written or measured. Not what is about a person.
FOUND = (
    "styrdokument", "beslut", "handlingar", "arenden", "rapporter", "mal", "uppdrag", "nyckeltal", "bevakningar",
    "avtal", "filer",
)  # fmt: skip
MOST = 6


@dataclass(frozen=True)
class Own:
    """A kind of risk and control: the words are looked for in ``fields``; ``page`` gives (name of the page, arguments),
    ``year`` which year it is shown in."""

    title: str
    model: type[Model]
    fields: tuple[str, ...]
    committee: str
    name: Callable[[Any], str]
    page: Callable[[Any], tuple[str, tuple[Any, ...]]]
    year: Callable[[Any], int | None] = lambda row: None
    related: tuple[str, ...] = ()

    def url(self, scope: Scope, row: Any) -> str:
        """Where a record is shown."""
        name, given = self.page(row)
        if name.startswith("tasks:"):
            return address(name, *given)
        return address(name, scope.committee.slug, self.year(row) or scope.year, *given)


OWN = (
    Own("Riskanalyser", RiskAnalysis, ("title", "introduction"), "committee", str,
        lambda row: ("control:risks", ()), lambda row: row.year),
    Own("Risker", Risk, ("text", "number", "code", "process", "category"), "committee",
        lambda row: f"Risk {row.number or row.code} ({row.analysis.year}): {row.text}",
        lambda row: ("control:risk", (row.pk,)), lambda row: row.analysis.year, ("analysis",)),
    Own("Internkontrollplaner", ControlPlan, ("title", "decision"), "committee", str,
        lambda row: ("control:plan", ()), lambda row: row.year),
    Own("Kontrollpunkter", ControlPoint, ("title", "number", "process", "area"), "committee",
        lambda row: f"Kontrollpunkt {row.number} ({row.plan.year}): {row.title}",
        lambda row: ("control:point", (row.pk,)), lambda row: row.plan.year, ("plan",)),
    Own("Genomförda kontroller", ControlRound, ("control__what", "result", "action"), "committee",
        lambda row: f"Kontroll ({row.control.point.plan.year}): {row.control.what}",
        lambda row: ("control:round", (row.pk,)), lambda row: row.control.point.plan.year, ("control__point__plan",)),
    Own("Stickprov", ControlSample, ("frame__round__control__what", "frame__name"), "frame__round__committee",
        lambda row: f"Stickprov ({row.frame.round.control.point.plan.year}): {row.frame.round.control.what}",
        lambda row: ("control:sample", (row.pk,)), lambda row: row.frame.round.control.point.plan.year,
        ("frame__round__control__point__plan",)),
    Own("Kritiska faktorer", CriticalFactor, ("title", "description"), "committee",
        lambda row: f"{row.title} ({row.year})", lambda row: ("control:factor", (row.pk,)), lambda row: row.year),
    Own("Åtgärder", Measure, ("what", "finding"), "committee", lambda row: f"Åtgärd: {row.what}",
        lambda row: ("tasks:action", (row.pk,))),
    Own("Granskningar", Audit, ("title", "question"), "committee", str,
        lambda row: ("control:audit", (row.pk,)), lambda row: row.year),
)  # fmt: skip

_SEARCHED: dict[str, Searchable] = {one.model._meta.label_lower: one for one in SEARCHED if one.code in FOUND}
_OWN: dict[str, Own] = {one.model._meta.label_lower: one for one in OWN}
#: every kind of record that evidence can point at
KINDS = frozenset({*_SEARCHED, *_OWN})


@dataclass(frozen=True)
class Choice:
    """Something found that can be chosen: its global id, its name, what is said of it, and where it is."""

    gid: str
    name: str
    about: str
    url: str


def look_for(scope: Scope, text: str) -> list[tuple[str, list[Choice]]]:
    """What the person may see of the committee that holds the words, by kind: what search finds, and one question for
    each kind of risk and control."""
    words = words_in(text)
    if not words:
        return []
    groups = [
        (group.title, [Choice(hit.gid, hit.name, hit.about, hit.url) for hit in group.hits])
        for group in search(scope.user, text, [scope.committee], scope)
        if group.code in FOUND
    ]
    for kind in OWN:
        rows = access.visible(
            scope.user, kind.model._default_manager.filter(**{kind.committee: scope.committee})
        )
        for word in words:
            condition = Q()
            for name in kind.fields:
                condition |= Q(**{f"{name}__icontains": word})
            rows = rows.filter(condition)
        found = (
            list(rows.select_related(*kind.related).order_by("-pk")[:MOST])
            if kind.related
            else list(rows.order_by("-pk")[:MOST])
        )
        if found:
            label = kind.model._meta.label_lower
            groups.append(
                (
                    kind.title,
                    [Choice(f"{label}:{row.pk}", kind.name(row), "", kind.url(scope, row)) for row in found],
                )
            )
    return groups


def chosen(scope: Scope, gid: str) -> tuple[Model, str] | None:
    """The record with a global id, as far as the person may see it in the committee, with its name; else None."""
    label, _, key = gid.partition(":")
    pk = whole_number(key)
    if label not in KINDS or pk is None:
        return None
    rows = apps.get_model(label)._default_manager.filter(pk=pk)
    rows = (
        _SEARCHED[label].rows(rows, [scope.committee])
        if label in _SEARCHED
        else rows.filter(**{_OWN[label].committee: scope.committee})
    )
    row: Any = _fuller(label)(access.visible(scope.user, rows)).first()
    return (row, name_of(row)) if row is not None else None


def name_of(row: Any) -> str:
    """What a record is called in the list of attachments."""
    label = row._meta.label_lower
    return (
        _SEARCHED[label].name(row)
        if label in _SEARCHED
        else _OWN[label].name(row)
        if label in _OWN
        else str(row)
    )


def url_of(row: Any, scope: Scope) -> str:
    """Where a record is shown."""
    label = row._meta.label_lower
    if label in _SEARCHED:
        kind = _SEARCHED[label]
        return kind.url(Scope(scope.user, scope.committee, kind.year(row) or scope.year), row)
    return _OWN[label].url(scope, row) if label in _OWN else ""


def _fuller(label: str) -> Callable[[QuerySet[Any]], QuerySet[Any]]:
    """What a record's name and page need, read at once."""
    if label in _SEARCHED:
        return _SEARCHED[label].full
    related = _OWN[label].related if label in _OWN else ()
    return lambda rows: rows.select_related(*related) if related else rows


@dataclass(frozen=True)
class Seen:
    """An evidence as a page shows it: with where it leads, or without a link."""

    proof: evidence.Proof
    url: str

    @property
    def evidence(self) -> Any:
        """The row."""
        return self.proof.evidence


def seen(subject: Record, scope: Scope) -> list[Seen]:
    """The evidence of a subject with links, as the person may see it: as many queries as there are kinds."""
    labels = {*_SEARCHED, *_OWN}
    proofs = evidence.evidence_of(subject, scope.user, {label: _fuller(label) for label in labels})
    return [Seen(one, url_of(one.record, scope) if one.record is not None else "") for one in proofs]


def by_question(rows: Iterable[Seen]) -> Mapping[str, list[Seen]]:
    """The evidence of each question."""
    found: dict[str, list[Seen]] = {}
    for one in rows:
        found.setdefault(one.evidence.question, []).append(one)
    return found


def attachments(rows: Iterable[Seen]) -> list[tuple[int, list[Seen]]]:
    """The list of attachments: (number, its evidence)."""
    found: dict[int, list[Seen]] = {}
    for one in rows:
        found.setdefault(one.evidence.number, []).append(one)
    return sorted(found.items())
