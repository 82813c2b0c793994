"""What somebody must do, the actions that follow from findings, and what people have been told in the program."""

from __future__ import annotations

from typing import Any, ClassVar

import pghistory
import pgtrigger
from django.apps import apps
from django.conf import settings
from django.db import models
from django.db.models import Q

from roder.access.matrix import Resource
from roder.core.models import Record, full_history, removes_links
from roder.core.persons import FREE_TEXT
from roder.organisation.models import Body, Role, Unit


def subject_exists() -> pgtrigger.Trigger:
    """A trigger that refuses a row about a record that does not exist."""
    return pgtrigger.Trigger(
        name="subject_exists",
        operation=pgtrigger.Insert,
        when=pgtrigger.Before,
        func="PERFORM roder_require_record(NEW.subject_kind, NEW.subject_id); RETURN NEW;",
    )


class About(Record):
    """A row about a record of any room, pointed at by its kind and number."""

    subject_kind = models.CharField("avser", max_length=60)
    subject_id = models.BigIntegerField()

    class Meta:
        abstract = True

    @property
    def subject(self) -> Any:
        """The record it is about, or None when that has been removed. Read once."""
        if "_subject" not in self.__dict__:
            model = apps.get_model(self.subject_kind)
            self.__dict__["_subject"] = model._base_manager.filter(pk=self.subject_id).first()
        return self.__dict__["_subject"]

    @subject.setter
    def subject(self, record: models.Model) -> None:
        self.subject_kind, self.subject_id = record._meta.label_lower, record.pk
        self.__dict__["_subject"] = record

    @property
    def subject_gid(self) -> str:
        """The global id of what it is about, such as ``quality.deviation:12``."""
        return f"{self.subject_kind}:{self.subject_id}"


class Owned(About):
    """Something that a mandate answers for: a role in a unit or in a committee; a person only as exception."""

    committee = models.ForeignKey(Body, models.PROTECT, related_name="+", verbose_name="nämnd")
    unit = models.ForeignKey(
        Unit, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="enhet"
    )
    role = models.CharField("roll", max_length=30, choices=Role, blank=True)
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="person",
    )

    class Meta:
        abstract = True

    @property
    def owner_words(self) -> str:
        """Whose it is, for people: ``enhetschef, Björkbacken`` or a person's name."""
        if self.person is not None:
            return str(self.person)
        return f"{self.get_role_display()}, {self.unit or self.committee.short_name}"


class State(models.TextChoices):
    """How far a task has come."""

    WAITING = "waiting", "väntar på villkor"
    OPEN = "open", "öppen"
    READY = "marked_ready", "klarmarkerad"
    RETURNED = "returned", "återlämnad"
    DONE = "done", "klar"
    CANCELLED = "cancelled", "struken"


#: States in which a task still waits for somebody or something.
LIVE = (State.WAITING, State.OPEN, State.READY, State.RETURNED)
#: States in which it is the owner's turn.
TURN = (State.OPEN, State.RETURNED)
_LIVE = Q(state__in=[state.value for state in LIVE])
_TURN = Q(state__in=[state.value for state in TURN], paused_at=None)


@pghistory.track(*full_history())
class Task(Owned):
    """Uppgift. ``due_at`` is a moment; with ``whole_day`` it is the end of the day that is meant. Only services write
    here. ``attend_at`` is when the clockwork has to look at it next (a reminder, an escalation)."""

    State = State

    kind = models.CharField("slag", max_length=60)
    key = models.CharField("nyckel", max_length=80, blank=True, default="")
    what = models.CharField("vad", max_length=300, validators=FREE_TEXT)
    state = models.CharField("läge", max_length=20, choices=State, default=State.OPEN)
    due_at = models.DateTimeField("senast", null=True, blank=True)
    whole_day = models.BooleanField("hela dagen", default=False)
    rule = models.JSONField("tidsregel", null=True, blank=True)
    recurs = models.BooleanField("återkommer", default=False)
    condition = models.JSONField("villkor", null=True, blank=True)
    attest_role = models.CharField("attesteras av", max_length=30, choices=Role, blank=True, default="")
    opened_at = models.DateTimeField("öppnad")
    opened_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="öppnad av",
    )
    paused_at = models.DateTimeField("pausad", null=True, blank=True)
    pause_reason = models.CharField(
        "skäl för paus", max_length=300, blank=True, default="", validators=FREE_TEXT
    )
    ready_at = models.DateTimeField("klarmarkerad", null=True, blank=True)
    ready_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="av"
    )
    closed_at = models.DateTimeField("avslutad", null=True, blank=True)
    closed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="avslutad av",
    )
    note = models.CharField("anteckning", max_length=1000, blank=True, default="", validators=FREE_TEXT)
    alerts_done = models.PositiveSmallIntegerField(default=0, editable=False)
    attend_at = models.DateTimeField(null=True, blank=True, editable=False)

    class Meta:
        verbose_name = "uppgift"
        verbose_name_plural = "uppgifter"
        ordering: ClassVar = [models.F("due_at").asc(nulls_last=True), "id"]
        triggers: ClassVar = [subject_exists(), removes_links()]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["kind", "subject_kind", "subject_id", "key"], condition=_LIVE, name="task_open_once"
            ),
            models.CheckConstraint(condition=Q(state__in=State.values), name="task_known_state"),
            models.CheckConstraint(condition=~Q(role="") | Q(person__isnull=False), name="task_has_owner"),
            models.CheckConstraint(
                condition=(_LIVE & Q(closed_at=None)) | (~_LIVE & Q(closed_at__isnull=False)),
                name="task_closed_has_moment",
            ),
            models.CheckConstraint(
                condition=~Q(state="marked_ready") | Q(ready_at__isnull=False), name="task_ready_has_moment"
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["role", "committee", "due_at"], name="task_turn_of_role", condition=_TURN),
            models.Index(fields=["role", "unit", "due_at"], name="task_turn_of_unit", condition=_TURN),
            models.Index(fields=["person", "due_at"], name="task_turn_of_person", condition=_TURN),
            models.Index(
                fields=["attest_role", "committee"], name="task_to_attest", condition=Q(state="marked_ready")
            ),
            models.Index(fields=["committee", "due_at"], name="task_live", condition=_LIVE),
            models.Index(fields=["subject_kind", "subject_id"], name="task_by_subject"),
            models.Index(fields=["attend_at"], name="task_attend", condition=Q(attend_at__isnull=False)),
            models.Index(fields=["closed_by", "-closed_at"], name="task_closed_by"),
            models.Index(fields=["id"], name="task_waiting", condition=Q(state="waiting")),
        ]

    class Access:
        resource = Resource.TASKS
        committee = "committee"
        unit = "unit"
        own = "person"
        common = False

    def __str__(self) -> str:
        return self.what

    @property
    def live(self) -> bool:
        """Whether it is neither done nor cancelled."""
        return self.state in LIVE


@pghistory.track(*full_history())
class Action(Owned):
    """Åtgärd: the only one in the system. What a finding leads to, who does it by when, and what effect it had."""

    class Effect(models.TextChoices):
        YES = "yes", "ja"
        PARTLY = "partly", "delvis"
        NO = "no", "nej"
        NOT_DONE = "not_done", "inte genomförd"

    finding = models.TextField("iakttagelse", validators=FREE_TEXT)
    what = models.CharField("åtgärd", max_length=500, validators=FREE_TEXT)
    group = models.CharField("grupp", max_length=30, blank=True, default="")
    kind = models.CharField("slag", max_length=120, blank=True, default="", validators=FREE_TEXT)
    due_on = models.DateField("senast", null=True, blank=True)
    expected_effect = models.TextField("förväntad effekt", blank=True, default="", validators=FREE_TEXT)
    added_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="tillagd av",
    )
    done_at = models.DateTimeField("genomförd", null=True, blank=True)
    done_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="av"
    )
    done_note = models.TextField("vad som gjordes", blank=True, default="", validators=FREE_TEXT)
    effect = models.CharField("effekt", max_length=10, choices=Effect, blank=True, default="")
    effect_text = models.TextField("effekten i ord", blank=True, default="", validators=FREE_TEXT)
    effect_at = models.DateTimeField("effekten bedömd", null=True, blank=True)
    effect_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="bedömd av",
    )
    dropped_at = models.DateTimeField("struken", null=True, blank=True)
    dropped_reason = models.CharField("skäl", max_length=500, blank=True, default="", validators=FREE_TEXT)
    follows = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="followed_by", verbose_name="ersätter"
    )

    class Meta:
        verbose_name = "åtgärd"
        verbose_name_plural = "åtgärder"
        ordering: ClassVar = ["id"]
        triggers: ClassVar = [subject_exists(), removes_links()]
        constraints: ClassVar = [
            models.CheckConstraint(condition=~Q(role="") | Q(person__isnull=False), name="action_has_owner"),
            models.CheckConstraint(
                condition=Q(effect="", effect_at=None)
                | Q(effect="not_done", effect_at__isnull=False, done_at=None) & ~Q(effect_text="")
                | Q(effect__in=["yes", "partly", "no"], effect_at__isnull=False, done_at__isnull=False)
                & ~Q(effect_text=""),
                name="action_effect_is_stated",
            ),
            models.CheckConstraint(
                condition=Q(dropped_at=None) | (Q(effect="") & ~Q(dropped_reason="")),
                name="action_dropped_why",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["subject_kind", "subject_id"], name="action_by_subject"),
            models.Index(fields=["committee", "due_on"], name="action_by_due"),
        ]

    class Access:
        resource = Resource.TASKS
        committee = "committee"
        unit = "unit"
        own = "person"
        common = False

    def __str__(self) -> str:
        return self.what

    @property
    def finished(self) -> bool:
        """Whether nothing more waits for it: the effect is stated, or it was dropped."""
        return bool(self.effect) or self.dropped_at is not None


class Notice(models.Model):
    """What somebody has been told in the program. Says what and where, never the text of a case."""

    recipient = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="notices", verbose_name="till"
    )
    at = models.DateTimeField("när", auto_now_add=True)
    title = models.CharField("rubrik", max_length=200)
    body = models.CharField("text", max_length=1000, blank=True)
    subject_kind = models.CharField(max_length=60, blank=True, default="")
    subject_id = models.BigIntegerField(null=True, blank=True)
    task = models.ForeignKey(Task, models.CASCADE, null=True, blank=True, related_name="notices")
    key = models.CharField(max_length=120, blank=True, default="", editable=False)
    read_at = models.DateTimeField("läst", null=True, blank=True)
    mailed_at = models.DateTimeField("skickad med e-post", null=True, blank=True)

    class Meta:
        verbose_name = "avisering"
        verbose_name_plural = "aviseringar"
        ordering: ClassVar = ["-at", "-id"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["recipient", "key"], condition=~Q(key=""), name="notice_told_once"
            )
        ]
        indexes: ClassVar = [
            models.Index(fields=["recipient", "-at"], name="notice_latest"),
            models.Index(fields=["recipient"], name="notice_unread", condition=Q(read_at=None)),
        ]

    class Access:
        resource = Resource.TASKS
        own = "recipient"

    def __str__(self) -> str:
        return self.title


class Feed(models.Model):
    """A person's secret address for the calendar feed. Only its hash is kept, so a copy of the database opens none."""

    person = models.OneToOneField(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    token_hash = models.CharField(max_length=64, unique=True)
    made_at = models.DateTimeField(auto_now=True)

    class Meta:
        verbose_name = "kalenderadress"
        verbose_name_plural = "kalenderadresser"

    class Access:
        resource = Resource.TASKS
        own = "person"

    def __str__(self) -> str:
        return f"Kalender för {self.person}"
