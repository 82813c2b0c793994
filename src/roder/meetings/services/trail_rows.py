"""The records that make up a chain of decisions, as far as a person may see them: one question for each kind."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from django.apps import apps
from django.db import connection
from django.db.models import Model, Q

from roder import access
from roder.access.rights import User
from roder.core.models import Link
from roder.meetings.models import (
    AgendaItem,
    Case,
    CaseStep,
    DecisionPoint,
    Dispatch,
    Document,
    ItemPaper,
    MinuteItem,
    Watch,
    WatchReport,
)
from roder.meetings.services.calendar import seen_items
from roder.tasks.models import Task

M = TypeVar("M", bound=Model)
#: Cases that continue each other, in both directions.
_FAMILY = """
    WITH RECURSIVE family(id) AS (
        SELECT id FROM meetings_case WHERE id = ANY(%s)
        UNION
        SELECT other.id FROM family
        JOIN meetings_case mine ON mine.id = family.id
        JOIN meetings_case other ON other.id = mine.continues_id OR other.continues_id = mine.id
    ) SELECT id FROM family LIMIT 200
"""
#: Paragraphs about those cases, and those that repeal each other, in both directions.
_PARAGRAPHS = """
    WITH RECURSIVE chain(id) AS (
        SELECT paragraph.id FROM meetings_minuteitem paragraph
        JOIN meetings_agendaitem item ON item.id = paragraph.item_id
        WHERE paragraph.id = ANY(%s) OR item.case_id = ANY(%s)
        UNION
        SELECT other.id FROM chain
        JOIN meetings_minuteitem mine ON mine.id = chain.id
        JOIN meetings_minuteitem other ON other.id = mine.repeals_id OR other.repeals_id = mine.id
    ) SELECT id FROM chain LIMIT 1000
"""


def _ids(sql: str, *values: Any) -> list[int]:
    with connection.cursor() as cursor:
        cursor.execute(sql, list(values))
        return [pk for (pk,) in cursor.fetchall()]


def _reached(rows: list[M], starts: set[int], before: Callable[[M], int | None]) -> list[M]:
    """The rows that the first ones lead to through rows that are there, in both directions."""
    reached = {row.pk for row in rows} & starts
    while True:
        back = {before(row) for row in rows if row.pk in reached}
        more = {row.pk for row in rows if row.pk in back or before(row) in reached} - reached
        if not more:
            return [row for row in rows if row.pk in reached]
        reached |= more


class Rows:
    """The records. What leads on is only what the person may see: a secret case leads nowhere."""

    def __init__(
        self,
        user: User,
        *,
        paragraph: MinuteItem | None = None,
        case: Case | None = None,
        watch: Watch | None = None,
    ) -> None:
        self.user, self.anchor = user, paragraph or case or watch
        starts = [case.pk] if case else []
        seeds = [paragraph.pk] if paragraph else []
        if paragraph and paragraph.item.case_id:
            starts.append(paragraph.item.case_id)
        if watch:
            starts += [watch.case_id] if watch.case_id else []
            if watch.paragraph:
                seeds.append(watch.paragraph.pk)
                starts += [watch.paragraph.item.case_id] if watch.paragraph.item.case_id else []
        self.watch = watch
        self._gather(starts, seeds)

    def _seen(self, model: type[Model], condition: Q, *related: str, only: tuple[str, ...] = ()) -> list[Any]:
        rows = access.visible(self.user, model._default_manager.filter(condition))
        if related:
            rows = rows.select_related(*related)
        return list(rows.only(*only) if only else rows)

    def _paragraphs(self, condition: Q) -> list[MinuteItem]:
        relations = ("body", "item__meeting__body", "item__case")
        heavy = ("search", "summary", "preparation", "procedure", "item__case__search", "item__case__summary")
        rows = access.visible(self.user, MinuteItem.objects.filter(condition))
        return list(rows.select_related(*relations).defer(*heavy))

    def _gather(self, starts: list[int], seeds: list[int]) -> None:
        # What leads on is only what the person may see: a secret case leads nowhere.
        self.cases = self._seen(
            Case, Q(pk__in=_ids(_FAMILY, starts)),
            "responsible", "unit", only=(
                "number", "title", "opened_on", "origin", "phase", "course", "closed_on", "continues_id", "year",
                "committee_id", "responsible__name", "unit__name",
            ),
        )  # fmt: skip
        self.cases = _reached(self.cases, set(starts), lambda one: one.continues_id)
        cases = [one.pk for one in self.cases]
        found = self._paragraphs(Q(pk__in=_ids(_PARAGRAPHS, seeds, cases)))
        first = {one.pk for one in found if one.pk in seeds or one.item.case_id in cases}
        self.paragraphs = _reached(found, first, lambda one: one.repeals_id)
        paragraphs = [one.pk for one in self.paragraphs]
        about = Q(paragraph__in=paragraphs) | Q(case__in=cases)
        if self.watch:
            about |= Q(pk=self.watch.pk)
        self.watches: list[Watch] = self._seen(Watch, about, "unit", only=(
            "title", "what", "responsible", "role", "state", "opened_on", "closed_on", "closed_why", "paused_why",
            "paragraph_id", "case_id", "committee_id", "unit__name",
        ))  # fmt: skip
        watches = [one.pk for one in self.watches]
        self.told: list[WatchReport] = self._seen(
            WatchReport, Q(watch__in=watches), "meeting__body", "item", "watch"
        )
        told_at = [one.item_id for one in self.told if one.item_id]
        known = {one.pk for one in self.paragraphs}
        self.followed = [one for one in self._paragraphs(Q(item__in=told_at)) if one.pk not in known]
        items = AgendaItem.objects.filter(case__in=cases, withdrawn=False)
        self.items: list[AgendaItem] = list(seen_items(self.user, items).select_related("meeting__body"))
        self.documents: list[Document] = self._seen(
            Document, Q(case__in=cases),
            "case", only=("title", "kind", "dated_on", "received_on", "sender", "case__number", "committee_id"),
        )  # fmt: skip
        papers: list[ItemPaper] = self._seen(
            ItemPaper, Q(item__in=told_at), "version__document", "item__meeting",
            only=("version__document__title", "version__document__dated_on", "version__document__kind",
                  "version__document__sender", "version__document__committee_id", "item__meeting__date"),
        )  # fmt: skip
        have = {one.pk for one in self.documents}
        self.papers = [one for one in papers if one.version.document_id not in have]
        everything = [one.pk for one in (*self.paragraphs, *self.followed)]
        self.dispatches: list[Dispatch] = self._seen(
            Dispatch, Q(paragraph__in=everything), "paragraph", only=(
                "recipient", "purpose", "way", "sent_at", "paragraph__heading", "paragraph__number", "paragraph__year",
            ),
        )  # fmt: skip
        self.steps: list[CaseStep] = self._seen(
            CaseStep, Q(case__in=cases) & (~Q(course="") | Q(phase__in=["carried_out", "closed"])), "body"
        )
        self.points = (
            self._seen(DecisionPoint, Q(paragraph=self.anchor.pk))
            if isinstance(self.anchor, MinuteItem)
            else []
        )
        ends = {
            "meetings.case": cases,
            "meetings.watch": watches,
            "meetings.minuteitem": everything,
            "meetings.document": [one.pk for one in self.documents]
            + [one.version.document_id for one in self.papers],
        }
        subjects = Q()
        for kind, pks in ends.items():
            subjects |= Q(subject_kind=kind, subject_id__in=pks)
        self.tasks: list[Task] = self._seen(Task, subjects, "unit", "committee", "person")
        self.linked = self._linked(ends)

    def _linked(self, ends: dict[str, list[int]]) -> list[tuple[Link, Model, bool]]:
        """Records of other rooms that the chain is linked to: (link, record, whether the chain came of it)."""
        sources, targets = Q(), Q()
        for kind, pks in ends.items():
            sources |= Q(source_kind=kind, source_id__in=pks)
            targets |= Q(target_kind=kind, target_id__in=pks)
        found = []
        wanted: dict[str, set[int]] = {}
        for link in Link.objects.filter(sources | targets).order_by("pk"):
            inside = link.source_id in ends.get(link.source_kind, ())
            kind, pk = (link.target_kind, link.target_id) if inside else (link.source_kind, link.source_id)
            if pk in ends.get(kind, ()):
                continue  # both ends are steps already
            wanted.setdefault(kind, set()).add(pk)
            # made_from, evidence, concerns: the chain came of the target; led_to: of the source.
            found.append((link, kind, pk, inside != (link.kind == Link.Kind.LED_TO)))
        records: dict[tuple[str, int], Model] = {}
        for kind, keys in wanted.items():
            model = apps.get_model(kind)
            if hasattr(model, "Access"):
                heavy = {"document", "search", "text", "words"} & {one.name for one in model._meta.fields}
                rows = access.visible(self.user, model._default_manager.filter(pk__in=keys)).defer(*heavy)
                near = {"occasion", "committee"} & {one.name for one in model._meta.fields}
                records |= {(kind, row.pk): row for row in rows.select_related(*sorted(near))}
        return [
            (link, records[kind, pk], before) for link, kind, pk, before in found if (kind, pk) in records
        ]
