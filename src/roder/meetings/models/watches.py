"""The balance list: what somebody has been told to do or to come back with, and when it is to come (7.6)."""

from __future__ import annotations

from typing import ClassVar

import pghistory
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVector, SearchVectorField
from django.db import models
from django.db.models import F, Q

from roder.access.matrix import Resource
from roder.core.models import Record, full_history, removes_links
from roder.core.persons import FREE_TEXT
from roder.meetings.models.cases import Case
from roder.meetings.models.meetings import AgendaItem, Meeting, secret_item
from roder.meetings.models.minutes import MinuteItem
from roder.organisation.models import Body, Role, Unit

SEARCHED = ("title", "what", "number_text", "responsible")


def secret_watch(path: str = "") -> Q:
    """What makes a watch secret: its case, or the point that it was decided in. ``path`` leads to the watch. The rule
    for rows; `Watch.secret` is the same rule for one that is at hand."""
    return Q(**{f"{path}case__secret": True}) | secret_item(f"{path}paragraph__item__")


@pghistory.track(*full_history(), exclude=["search"])
class Watch(Record):
    """Bevakning: a row of the balance list. ``responsible`` is as printed; the mandate (``role``, ``unit``) gets the
    tasks. A row may have several rhythms: a decision with a letter in some months, an oral report at others."""

    class State(models.TextChoices):
        OPEN = "open", "bevakas"
        PAUSED = "paused", "pausad"
        DONE = "done", "klar"
        DROPPED = "dropped", "struken"

    class Origin(models.TextChoices):
        DECISION = "decision", "beslut"
        AUDIT = "audit", "revision"
        FOLLOW_UP = "follow_up", "uppföljning"
        LAW = "law", "lag"

    committee = models.ForeignKey(Body, models.PROTECT, related_name="watches", verbose_name="nämnd")
    position = models.PositiveSmallIntegerField("ordning", default=0)
    title = models.CharField("ärendemening", max_length=300, validators=FREE_TEXT)
    number_text = models.CharField("ärendenummer", max_length=40, blank=True)
    what = models.CharField("uppdrag", max_length=500, blank=True, validators=FREE_TEXT)
    case = models.ForeignKey(
        Case, models.PROTECT, null=True, blank=True, related_name="watches", verbose_name="ärende"
    )
    paragraph = models.ForeignKey(
        MinuteItem, models.PROTECT, null=True, blank=True, related_name="watches", verbose_name="beslutat i"
    )
    decided_on = ArrayField(models.DateField(), verbose_name="beslutsdatum", default=list, blank=True)
    section = models.CharField("§", max_length=20, blank=True)
    origin = models.CharField("kommer av", max_length=10, choices=Origin, default=Origin.DECISION)
    responsible = models.CharField("ansvarig", max_length=120, blank=True, validators=FREE_TEXT)
    role = models.CharField("roll", max_length=30, choices=Role, default=Role.HEAD_ADMINISTRATION)
    unit = models.ForeignKey(
        Unit, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="enhet"
    )
    state = models.CharField("läge", max_length=10, choices=State, default=State.OPEN)
    paused_why = models.CharField("skäl för paus", max_length=300, blank=True, validators=FREE_TEXT)
    opened_on = models.DateField("upptagen")
    closed_on = models.DateField("avslutad", null=True, blank=True)
    closed_why = models.CharField("hur den avslutades", max_length=500, blank=True, validators=FREE_TEXT)
    search = models.GeneratedField(
        expression=SearchVector(*SEARCHED, config="swedish") + SearchVector(*SEARCHED, config="simple"),
        output_field=SearchVectorField(),
        db_persist=True,
        editable=False,
    )

    class Meta:
        verbose_name = "bevakning"
        verbose_name_plural = "bevakningar"
        ordering: ClassVar = ["position", "id"]
        triggers: ClassVar = [removes_links()]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(state__in=["done", "dropped"], closed_on__isnull=False) & ~Q(closed_why="")
                | Q(state__in=["open", "paused"], closed_on=None),
                name="closed_watch_says_how",
                violation_error_message="Skriv hur uppdraget avslutades.",
            ),
            models.CheckConstraint(
                condition=Q(closed_on=None) | Q(closed_on__gte=F("opened_on")), name="watch_closed_after_opened"
            ),
        ]  # fmt: skip
        indexes: ClassVar = [
            models.Index(fields=["committee", "state", "position"], name="watch_list"),
            GinIndex(fields=["search"], name="watch_words"),
        ]

    class Access:
        resource = Resource.WATCHES
        committee = "committee"
        stricter: ClassVar = ((Resource.SECRETS, secret_watch()),)

    def __str__(self) -> str:
        return self.title

    @property
    def secret(self) -> bool:
        """Whether its case is secret, or the point that it was decided in (as `secret_watch`)."""
        case, paragraph = self.case, self.paragraph
        return bool((case and case.secret) or (paragraph and paragraph.item.under_secrecy))


class OfWatch:
    """Who may see a part of a watch: who may see the watch."""

    resource = Resource.WATCHES
    committee = "watch__committee"
    stricter: ClassVar = ((Resource.SECRETS, secret_watch("watch__")),)


@pghistory.track(*full_history())
class Rhythm(Record):
    """When a watch is to come back, and how: as a decision with a letter (B) or orally (MI).

    ``rule`` is a due rule of ``tasks`` (``tasks.rules.to_data``), None where only ``condition`` says when: the text
    that a person confirms, or {"kind", "id", "field", "states"}. ``printed`` is how the list says it. It is counted
    from ``since`` (the day it came to the list, or was taken up again). A list may leave out how: ``kind`` is empty.
    """

    class Kind(models.TextChoices):
        DECISION = "B", "beslutsärende med tjänsteskrivelse"
        ORAL = "MI", "muntlig information"

    watch = models.ForeignKey(Watch, models.CASCADE, related_name="rhythms", verbose_name="bevakning")
    kind = models.CharField("slag", max_length=2, choices=Kind, blank=True)
    since = models.DateField("räknas från", null=True, blank=True)
    printed = models.CharField("återrapportering", max_length=120, validators=FREE_TEXT)
    rule = models.JSONField("tidsregel", null=True, blank=True)
    condition = models.JSONField("villkor", null=True, blank=True)

    class Meta:
        verbose_name = "återrapportering"
        verbose_name_plural = "återrapporteringar"
        ordering: ClassVar = ["watch", "id"]
        triggers: ClassVar = [removes_links()]

    Access = OfWatch

    def __str__(self) -> str:
        return f"{self.kind} {self.printed}".strip()


@pghistory.track(*full_history())
class WatchReport(Record):
    """What became of it: that a watch was reported, when, at which item, and in short what was said."""

    watch = models.ForeignKey(Watch, models.CASCADE, related_name="reports", verbose_name="bevakning")
    rhythm = models.ForeignKey(
        Rhythm, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name="återrapportering"
    )
    meeting = models.ForeignKey(
        Meeting, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="sammanträde"
    )
    item = models.ForeignKey(
        AgendaItem, models.SET_NULL, null=True, blank=True, related_name="watch_reports", verbose_name="punkt"
    )
    on = models.DateField("dag")
    note = models.CharField("vad som redovisades", max_length=1000, blank=True, validators=FREE_TEXT)

    class Meta:
        verbose_name = "redovisning"
        verbose_name_plural = "redovisningar"
        ordering: ClassVar = ["-on", "-id"]

    Access = OfWatch

    def __str__(self) -> str:
        return f"{self.watch} {self.on}"
