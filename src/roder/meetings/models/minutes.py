"""Minutes and their paragraphs, attestation, and what is sent to whom (7-meetings 7.5–7.6)."""

from __future__ import annotations

from typing import ClassVar

import pghistory
import pgtrigger
from django.conf import settings
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import F, Q

from roder.access.matrix import Resource
from roder.core.models import Record, full_history, removes_links
from roder.core.persons import FREE_TEXT
from roder.files.models import Blob
from roder.meetings.models.meetings import AgendaItem, BodyMember, Meeting, secret_item
from roder.meetings.models.session import SECRET_ITEM, minutes_are_open
from roder.meetings.models.words import words
from roder.organisation.models import Body


@pghistory.track(*full_history())
class Minutes(Record):
    """Protokoll. Draft, then checked by the secretary, attested (by the chair and two members), locked.

    ``document`` and the files (``pdf`` and the others in ``files``: {format: {"sha256", "size"}}) are written when it
    is locked and never change.
    """

    class State(models.TextChoices):
        DRAFT = "draft", "utkast"
        CHECKED = "checked", "granskat"
        ATTESTED = "attested", "justerat"
        LOCKED = "locked", "låst"

    meeting = models.OneToOneField(Meeting, models.PROTECT, related_name="record", verbose_name="sammanträde")
    state = models.CharField("läge", max_length=10, choices=State, default=State.DRAFT)
    secretary = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="sekreterare",
    )
    chair = models.ForeignKey(
        BodyMember, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="ordförande"
    )
    attesters: models.ManyToManyField[BodyMember, models.Model] = models.ManyToManyField(
        BodyMember, related_name="+", verbose_name="justerare"
    )
    attest_on = models.DateField("justeras", null=True, blank=True)
    attest_place = models.CharField("plats för justering", max_length=200, blank=True, validators=FREE_TEXT)
    posted_on = models.DateField("anslaget", null=True, blank=True)
    down_on = models.DateField("anslaget tas ned", null=True, blank=True)
    kept_at = models.CharField("förvaras hos", max_length=200, blank=True, validators=FREE_TEXT)
    document = models.JSONField("dokument", null=True, blank=True)
    pdf = models.ForeignKey(Blob, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="PDF")
    files = models.JSONField("filer", default=dict, blank=True)
    signed = models.BooleanField("elektroniskt förseglat", default=False)
    locked_at = models.DateTimeField("låst", null=True, blank=True)

    class Meta:
        verbose_name = "protokoll"
        verbose_name_plural = "protokoll"
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(
                    state="locked", locked_at__isnull=False, document__isnull=False, pdf__isnull=False
                )
                | ~Q(state="locked") & Q(locked_at=None),
                name="locked_minutes_are_complete",
            ),
            models.CheckConstraint(
                condition=Q(down_on=None) | Q(posted_on__isnull=False, down_on__gt=F("posted_on")),
                name="notice_down_after_up",
            ),
        ]
        triggers: ClassVar = [
            removes_links(),
            pgtrigger.Trigger(
                name="locked_stays",
                operation=pgtrigger.Update | pgtrigger.Delete,
                when=pgtrigger.Before,
                # Locked minutes may still be put up on the notice board and taken down.
                func="""
                    IF OLD.state = 'locked' AND (TG_OP = 'DELETE' OR NEW.state <> 'locked'
                        OR NEW.document IS DISTINCT FROM OLD.document OR NEW.pdf_id IS DISTINCT FROM OLD.pdf_id
                        OR NEW.files IS DISTINCT FROM OLD.files OR NEW.meeting_id <> OLD.meeting_id) THEN
                        RAISE EXCEPTION 'protokollet är låst' USING ERRCODE = 'restrict_violation';
                    END IF;
                    RETURN COALESCE(NEW, OLD);
                """,
            ),
        ]

    class Access:
        resource = Resource.MEETINGS
        committee = "meeting__committee"
        stricter: ClassVar = ((Resource.MINUTES, Q(state__in=["draft", "checked"])),)

    def __str__(self) -> str:
        return f"Protokoll {self.meeting}"


@pghistory.track(*full_history(), exclude=["search"])
class MinuteItem(Record):
    """Paragraf. ``number`` runs through the body's year. ``recipients``: [{"name": …, "purpose": "FK" | "FÅ"}].
    ``attested_at`` and the days of its own notice are those of an item that was attested at once.

    ``decided`` is the decision points as text, for search and history; the points themselves are rows."""

    class Outcome(models.TextChoices):
        APPROVED = "approved", "enligt förslaget"
        CHANGED = "changed", "med ändring"
        REJECTED = "rejected", "avslag"
        RETURNED = "returned", "återremiss"
        DEFERRED = "deferred", "bordläggning"
        WITHDRAWN = "withdrawn", "återkallat"
        NOTED = "noted", "noterat"

    item = models.OneToOneField(AgendaItem, models.PROTECT, related_name="paragraph", verbose_name="punkt")
    body = models.ForeignKey(Body, models.PROTECT, related_name="+", verbose_name="organ")
    year = models.PositiveSmallIntegerField("år")
    number = models.PositiveIntegerField("§", null=True, blank=True)
    heading = models.CharField("rubrik", max_length=300, validators=FREE_TEXT)
    outcome = models.CharField("utfall", max_length=10, choices=Outcome, blank=True)
    summary = models.TextField("ärendebeskrivning", blank=True, validators=FREE_TEXT)
    preparation = models.TextField("beredning", blank=True, validators=FREE_TEXT)
    procedure = models.TextField("beslutsgång", blank=True, validators=FREE_TEXT)
    decided = models.TextField("beslut", blank=True, editable=False)
    recipients = models.JSONField("beslutet skickas till", default=list, blank=True)
    immediate = models.BooleanField("omedelbar justering", default=False)
    attested_at = models.DateTimeField("justerad", null=True, blank=True)
    posted_on = models.DateField("anslagen", null=True, blank=True)
    down_on = models.DateField("anslaget tas ned", null=True, blank=True)
    repeals = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="repealed_by", verbose_name="upphäver"
    )
    search = words("heading", "decided", "summary", "preparation", "procedure")

    class Meta:
        verbose_name = "paragraf"
        verbose_name_plural = "paragrafer"
        ordering: ClassVar = ["-year", "-number"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["body", "year", "number"], name="paragraph_once"),
            models.CheckConstraint(condition=~Q(repeals=F("id")), name="repeals_another"),
            models.CheckConstraint(
                condition=Q(posted_on=None, down_on=None)
                | Q(posted_on__isnull=False, attested_at__isnull=False, down_on__gt=F("posted_on")),
                name="only_attested_paragraph_posted",
            ),
        ]
        indexes: ClassVar = [GinIndex(fields=["search"], name="paragraph_words")]
        triggers: ClassVar = [removes_links(), minutes_are_open("ROW.item_id")]

    class Access:
        resource = Resource.MEETINGS
        committee = "item__meeting__committee"
        stricter: ClassVar = (
            (Resource.SECRETS, SECRET_ITEM),
            (
                Resource.MINUTES,
                ~Q(item__meeting__record__state__in=["attested", "locked"]) & Q(attested_at=None),
            ),
        )

    def __str__(self) -> str:
        return f"§ {self.number} {self.heading}" if self.number else self.heading


class OfParagraph:
    """Who may see a part of a paragraph: who may see its point."""

    resource = Resource.MEETINGS
    committee = "paragraph__item__meeting__committee"
    stricter: ClassVar = ((Resource.SECRETS, secret_item("paragraph__item__")),)


@pghistory.track(*full_history())
class DecisionPoint(Record):
    """Beslutspunkt: one numbered sentence of a decision."""

    paragraph = models.ForeignKey(MinuteItem, models.CASCADE, related_name="points", verbose_name="paragraf")
    position = models.PositiveSmallIntegerField("nummer")
    text = models.TextField("lydelse", validators=FREE_TEXT)

    class Meta:
        verbose_name = "beslutspunkt"
        verbose_name_plural = "beslutspunkter"
        ordering: ClassVar = ["paragraph", "position"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["paragraph", "position"], name="point_once", deferrable=models.Deferrable.DEFERRED
            )
        ]
        triggers: ClassVar = [
            minutes_are_open("SELECT item_id FROM meetings_minuteitem WHERE id = ROW.paragraph_id")
        ]

    Access = OfParagraph

    def __str__(self) -> str:
        return f"{self.position}. {self.text[:80]}"


@pghistory.track(*full_history())
class Attestation(Record):
    """Justering: a member has approved the minutes, or (``paragraph``) one item at once. Only those who were there."""

    minutes = models.ForeignKey(
        Minutes, models.CASCADE, related_name="attestations", verbose_name="protokoll"
    )
    paragraph = models.ForeignKey(
        MinuteItem, models.CASCADE, null=True, blank=True, related_name="attestations", verbose_name="paragraf"
    )  # fmt: skip
    member = models.ForeignKey(BodyMember, models.PROTECT, related_name="+", verbose_name="justerare")
    at = models.DateTimeField("när")
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="av"
    )

    class Meta:
        verbose_name = "justering"
        verbose_name_plural = "justeringar"
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["minutes", "paragraph", "member"], name="attests_once", nulls_distinct=False
            )
        ]
        triggers: ClassVar = [
            pgtrigger.Trigger(
                name="was_there",
                operation=pgtrigger.Insert | pgtrigger.Update,
                when=pgtrigger.Before,
                func="""
                    IF NOT EXISTS (SELECT 1 FROM meetings_minutes minutes JOIN meetings_presence presence
                                   ON presence.meeting_id = minutes.meeting_id
                                   WHERE minutes.id = NEW.minutes_id AND presence.member_id = NEW.member_id
                                     AND presence.status = 'present') THEN
                        RAISE EXCEPTION 'justeraren var inte närvarande' USING ERRCODE = 'restrict_violation';
                    END IF;
                    RETURN NEW;
                """,
            )
        ]

    class Access:
        resource = Resource.MEETINGS
        committee = "minutes__meeting__committee"

    def __str__(self) -> str:
        return f"{self.member}"


@pghistory.track(*full_history())
class Dispatch(Record):
    """Expediering: an extract that a recipient gets, for action or for information; what was sent, when and how."""

    class Purpose(models.TextChoices):
        ACTION = "FÅ", "för åtgärd"
        INFORMATION = "FK", "för kännedom"

    class Way(models.TextChoices):
        EMAIL = "email", "e-post"
        POST = "post", "post"
        HAND = "hand", "lämnat över"
        PROGRAM = "program", "i programmet"

    paragraph = models.ForeignKey(
        MinuteItem, models.PROTECT, related_name="dispatches", verbose_name="paragraf"
    )
    recipient = models.CharField("mottagare", max_length=200, validators=FREE_TEXT)
    purpose = models.CharField("syfte", max_length=2, choices=Purpose)
    email = models.EmailField("e-post", blank=True)
    way = models.CharField("hur", max_length=10, choices=Way, blank=True)
    sent_at = models.DateTimeField("skickat", null=True, blank=True)
    sent_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="av"
    )
    extract = models.ForeignKey(
        Blob, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="utdrag"
    )

    class Meta:
        verbose_name = "expediering"
        verbose_name_plural = "expedieringar"
        ordering: ClassVar = ["paragraph", "id"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["paragraph", "recipient"], name="dispatched_once"),
            models.CheckConstraint(
                condition=Q(sent_at=None) | (Q(extract__isnull=False) & ~Q(way="")), name="sent_has_extract"
            ),
        ]

    Access = OfParagraph

    def __str__(self) -> str:
        return f"{self.recipient} ({self.purpose})"
