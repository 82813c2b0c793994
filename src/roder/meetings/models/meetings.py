"""Who sits in a body, its meetings, and what stands on their agendas (7-meetings 7.3)."""

from __future__ import annotations

from typing import Any, ClassVar

import pghistory
from django.conf import settings
from django.contrib.postgres.fields import DateRangeField
from django.db import models
from django.db.models import F, Q

from roder.access.matrix import Resource
from roder.core.models import Record, full_history, removes_links
from roder.core.persons import FREE_TEXT
from roder.files.models import Blob
from roder.meetings.models.cases import Case
from roder.meetings.models.documents import DocumentVersion
from roder.organisation.models import Body, Person


def secret_item(path: str = "") -> Q:
    """What makes an agenda item secret: itself, its case, or the item that it stands under. ``path`` leads to the item
    (``item__``). The rule for rows; `AgendaItem.under_secrecy` is the same rule for one that is at hand."""
    found = Q()
    for place in (path, f"{path}parent__"):
        found |= Q(**{f"{place}secret": True}) | Q(**{f"{place}case__secret": True})
    return found


@pghistory.track(*full_history())
class BodyMember(Record):
    """Somebody elected to a body between two dates: ledamot or ersättare. ``person`` when they log in to Roder.

    ``order`` is the place in the order that substitutes are called in; ``stands_in_for`` makes the substitute personal.
    """

    class Post(models.TextChoices):
        CHAIR = "chair", "ordförande"
        VICE_CHAIR = "vice_chair", "vice ordförande"
        SECOND_VICE_CHAIR = "second_vice_chair", "andre vice ordförande"
        MEMBER = "member", "ledamot"
        SUBSTITUTE = "substitute", "ersättare"

    body = models.ForeignKey(Body, models.PROTECT, related_name="seats", verbose_name="organ")
    committee = models.ForeignKey(Body, models.PROTECT, related_name="+", verbose_name="nämnd")
    person = models.ForeignKey(
        Person, models.PROTECT, null=True, blank=True, related_name="seats", verbose_name="person"
    )
    name = models.CharField("namn", max_length=120, validators=FREE_TEXT)
    party = models.CharField("parti", max_length=10)
    post = models.CharField("post", max_length=20, choices=Post, default=Post.MEMBER)
    stands_in_for = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="personal_substitutes",
        verbose_name="personlig ersättare för",
    )
    order = models.PositiveSmallIntegerField("ordning", default=0)
    valid = DateRangeField("gäller")

    class Meta:
        verbose_name = "ledamot eller ersättare"
        verbose_name_plural = "ledamöter och ersättare"
        ordering: ClassVar = ["body", "order", "id"]
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(valid__isempty=False), name="seat_has_time"),
            models.CheckConstraint(
                condition=Q(stands_in_for=None) | Q(post="substitute"), name="only_substitutes_stand_in"
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["body", "order"], name="seat_order")]

    class Access:
        resource = Resource.MEETINGS
        committee = "committee"

    def __str__(self) -> str:
        return f"{self.name} ({self.party})"

    @property
    def substitute(self) -> bool:
        """Whether the post is a substitute's."""
        return self.post == self.Post.SUBSTITUTE


@pghistory.track(*full_history())
class Meeting(Record):
    """Sammanträde. ``committee`` is the committee in whose house it is kept; ``body`` who meets: the committee itself,
    its subcommittee, or a council or board whose decision is kept here."""

    class State(models.TextChoices):
        PLANNED = "planned", "planerat"
        SUMMONED = "summoned", "kallat"
        OPEN = "open", "pågår"
        ENDED = "ended", "avslutat"
        CANCELLED = "cancelled", "inställt"

    committee = models.ForeignKey(Body, models.PROTECT, related_name="meetings_kept", verbose_name="nämnd")
    body = models.ForeignKey(Body, models.PROTECT, related_name="meetings", verbose_name="organ")
    date = models.DateField("dag")
    starts = models.TimeField("börjar")
    ends = models.TimeField("slutar", null=True, blank=True)
    place = models.CharField("plats", max_length=200, blank=True, validators=FREE_TEXT)
    state = models.CharField("läge", max_length=10, choices=State, default=State.PLANNED)
    documents_by = models.DateField("handlingar senast", null=True, blank=True)
    presidium_on = models.DateField("presidium", null=True, blank=True)
    summons_by = models.DateField("kallelse senast", null=True, blank=True)
    summoned_at = models.DateTimeField("kallelsen skickad", null=True, blank=True)
    opened_at = models.DateTimeField("öppnat", null=True, blank=True)
    ended_at = models.DateTimeField("avslutat", null=True, blank=True)
    adjournments = models.CharField("ajourneringar", max_length=300, blank=True, validators=FREE_TEXT)
    others = models.TextField(
        "övriga närvarande", blank=True, validators=FREE_TEXT, help_text="en rad för var och en"
    )

    class Meta:
        verbose_name = "sammanträde"
        verbose_name_plural = "sammanträden"
        ordering: ClassVar = ["-date", "-starts", "-id"]
        triggers: ClassVar = [removes_links()]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["body", "date", "starts"],
                name="meeting_once",
                violation_error_message="Det finns redan ett sammanträde då.",
            ),
            models.CheckConstraint(
                condition=Q(ended_at=None) | Q(opened_at__isnull=False, ended_at__gte=F("opened_at")),
                name="meeting_ends_after_opening",
            ),
            models.CheckConstraint(
                condition=~Q(state="ended") | Q(ended_at__isnull=False), name="ended_meeting_has_moment"
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["committee", "-date"], name="meeting_of_committee")]

    class Access:
        resource = Resource.MEETINGS
        committee = "committee"

    def __str__(self) -> str:
        return f"{self.body.short_name} {self.date:%Y-%m-%d}"


@pghistory.track(*full_history())
class AgendaItem(Record):
    """Punkt på ärendelistan. A case may stand twice: as information and as decision. ``parent`` makes it a lettered
    point (2 A) under another."""

    class Kind(models.TextChoices):
        FORMALITY = "formality", "formalia"
        DECISION = "decision", "beslut"
        INFORMATION = "information", "information"
        DELEGATED = "delegated", "anmälan av delegationsbeslut"
        MESSAGES = "messages", "meddelanden"

    meeting = models.ForeignKey(Meeting, models.CASCADE, related_name="items", verbose_name="sammanträde")
    parent = models.ForeignKey(
        "self", models.CASCADE, null=True, blank=True, related_name="children", verbose_name="under"
    )
    position = models.PositiveSmallIntegerField("ordning")
    kind = models.CharField("slag", max_length=20, choices=Kind, default=Kind.DECISION)
    title = models.CharField("rubrik", max_length=300, validators=FREE_TEXT)
    case = models.ForeignKey(
        Case, models.PROTECT, null=True, blank=True, related_name="items", verbose_name="ärende"
    )
    presenter = models.CharField("föredragande", max_length=120, blank=True, validators=FREE_TEXT)
    at = models.TimeField("klockan", null=True, blank=True)
    minutes = models.PositiveSmallIntegerField("minuter", null=True, blank=True)
    secret = models.BooleanField("sekretess", default=False)
    withdrawn = models.BooleanField("utgår", default=False)

    class Meta:
        verbose_name = "punkt"
        verbose_name_plural = "punkter"
        ordering: ClassVar = ["meeting", "position", "id"]
        triggers: ClassVar = [removes_links()]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["meeting", "parent", "position"],
                name="item_place_once",
                nulls_distinct=False,
            ),
            models.CheckConstraint(condition=~Q(parent=F("id")), name="item_not_under_itself"),
        ]
        indexes: ClassVar = [models.Index(fields=["case"], name="item_of_case")]

    class Access:
        resource = Resource.MEETINGS
        committee = "meeting__committee"
        stricter: ClassVar = ((Resource.SECRETS, secret_item()),)

    def __str__(self) -> str:
        return self.title

    @property
    def under_secrecy(self) -> bool:
        """Whether the point is secret: itself, its case, or the point that it stands under (as `secret_item`). The
        column ``secret`` tells only of the point itself."""
        own = self.secret or bool(self.case and self.case.secret)
        return own or bool(self.parent and self.parent.under_secrecy)


@pghistory.track(*full_history())
class ItemPaper(Record):
    """A version of a document that belongs to an item of the agenda, in order: what the pack and the minutes hold."""

    item = models.ForeignKey(AgendaItem, models.CASCADE, related_name="papers", verbose_name="punkt")
    version = models.ForeignKey(
        DocumentVersion, models.PROTECT, related_name="papers", verbose_name="handling"
    )
    position = models.PositiveSmallIntegerField("ordning")
    own_heading = models.CharField("i kallelsen som", max_length=200, blank=True, validators=FREE_TEXT)

    class Meta:
        verbose_name = "handling på punkten"
        verbose_name_plural = "handlingar på punkten"
        ordering: ClassVar = ["item", "position", "id"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["item", "version"], name="paper_once_an_item"),
        ]

    class Access:
        resource = Resource.MEETINGS
        committee = "item__meeting__committee"
        stricter: ClassVar = (
            (
                Resource.SECRETS,
                secret_item("item__")
                | Q(version__document__secret=True)
                | Q(version__document__case__secret=True),
            ),
        )

    def __str__(self) -> str:
        return self.own_heading or self.version.document.title


def _own_notes(user: Any, action: Any) -> Q:
    """A note to oneself is nobody else's, whatever their mandate."""
    return Q(person=user.pk) if user.is_authenticated and user.is_active else Q(pk__in=())


class ItemNote(Record):
    """A note to oneself about an item. Seen by nobody else, and in no history."""

    item = models.ForeignKey(AgendaItem, models.CASCADE, related_name="notes", verbose_name="punkt")
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="+", verbose_name="person"
    )
    text = models.TextField("anteckning", validators=FREE_TEXT)

    class Meta:
        verbose_name = "egen anteckning"
        verbose_name_plural = "egna anteckningar"
        constraints: ClassVar = [models.UniqueConstraint(fields=["item", "person"], name="one_note_an_item")]

    class Access:
        resource = Resource.MEETINGS
        rows = staticmethod(_own_notes)

    def __str__(self) -> str:
        return self.text[:60]


class Pack(models.Model):
    """A finished pack (möteshandlingar): one PDF. The public one is made without what is secret.

    ``manifest`` lists its parts: {"gid", "title", "sha256", "pages", "first"}; what changed since is seen from it. The
    first part, the front, also has ``shown``: the points and papers that it names.
    """

    meeting = models.ForeignKey(Meeting, models.CASCADE, related_name="packs", verbose_name="sammanträde")
    public = models.BooleanField("offentlig", default=False)
    blob = models.ForeignKey(Blob, models.PROTECT, related_name="+", verbose_name="PDF")
    pages = models.PositiveIntegerField("sidor")
    manifest = models.JSONField("innehåll", default=list)
    made_at = models.DateTimeField("gjord", db_default=models.functions.Now())
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="av"
    )

    class Meta:
        verbose_name = "möteshandlingar"
        verbose_name_plural = "möteshandlingar"
        ordering: ClassVar = ["-made_at", "-id"]
        indexes: ClassVar = [models.Index(fields=["meeting", "public", "-made_at"], name="pack_latest")]

    class Access:
        resource = Resource.MEETINGS
        committee = "meeting__committee"
        stricter: ClassVar = ((Resource.SECRETS, Q(public=False)),)

    def __str__(self) -> str:
        return f"{self.meeting}{', offentlig' if self.public else ''}"
