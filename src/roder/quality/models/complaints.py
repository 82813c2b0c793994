"""Complaints and suggestions, from the public or anybody else."""

from __future__ import annotations

from typing import ClassVar

import pghistory
from django.conf import settings
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVector, SearchVectorField
from django.db import models
from django.db.models import F, Q

from roder.access.matrix import Resource
from roder.core.models import ImportBatch, Record, full_history, old_states, removes_links
from roder.core.persons import FREE_TEXT
from roder.organisation.models import Body, Municipality, Unit
from roder.steering.models import ComplaintSubject, ServiceArea

SEARCHED = ("number", "text", "answer", "action")


@pghistory.track(*full_history(), exclude=["search", "form_token"])
class Complaint(Record):
    """Klagomål eller synpunkt. An anonymous one cannot be answered, and says so. ``number`` is the registration
    number."""

    class Kind(models.TextChoices):
        COMPLAINT = "klagomal", "klagomål"
        VIEW = "synpunkt", "synpunkt"
        PRAISE = "berom", "beröm"
        SUGGESTION = "forslag", "förslag"
        FAULT = "felanmalan", "felanmälan"
        QUESTION = "fraga", "fråga"

    class Channel(models.TextChoices):
        FORM = "formular", "webbformulär"
        POST = "post", "post"
        EMAIL = "epost", "e-post"
        TELEPHONE = "telefon", "telefon"
        STAFF = "personal", "genom personal"
        IVO = "ivo", "IVO"

    class State(models.TextChoices):
        RECEIVED = "received", "inkommen"
        ACKNOWLEDGED = "acknowledged", "bekräftad"
        ANSWERED = "answered", "besvarad"
        CLOSED = "closed", "avslutad"

    committee = models.ForeignKey(Body, models.PROTECT, related_name="complaints", verbose_name="nämnd")
    municipality = models.ForeignKey(Municipality, models.PROTECT, related_name="+", verbose_name="kommun")
    number = models.CharField("diarienummer", max_length=40)
    received_at = models.DateTimeField("inkommen")
    kind = models.CharField("slag", max_length=20, choices=Kind)
    channel = models.CharField("kanal", max_length=20, choices=Channel)
    complainant = models.CharField("lämnad av", max_length=60, blank=True, help_text="kod ur styrmodellen")
    anonymous = models.BooleanField("anonym", default=False)
    name = models.CharField("namn", max_length=120, blank=True)
    contact = models.CharField("e-post eller telefon", max_length=200, blank=True)
    text = models.TextField("vad det gäller", blank=True, validators=FREE_TEXT)
    unit = models.ForeignKey(
        Unit, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="enhet"
    )
    service_area = models.ForeignKey(
        ServiceArea, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="verksamhetsområde"
    )
    concerns_declaration = models.BooleanField("gäller servicedeklarationen", default=False)
    state = models.CharField("läge", max_length=20, choices=State, default=State.RECEIVED)
    acknowledged_at = models.DateTimeField("mottagandet bekräftat", null=True, blank=True)
    answered_at = models.DateTimeField("besvarad", null=True, blank=True)
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="besvarad av",
    )
    answer = models.TextField("svar", blank=True, validators=FREE_TEXT)
    action = models.TextField("vad som gjordes", blank=True, validators=FREE_TEXT)
    closed_at = models.DateTimeField("avslutad", null=True, blank=True)
    contact_erased_at = models.DateTimeField("namn och kontakt raderade", null=True, blank=True)
    form_token = models.CharField(max_length=64, blank=True, default="", editable=False)
    registered_at = models.DateTimeField("registrerad", db_default=models.functions.Now())
    batch = models.ForeignKey(ImportBatch, models.PROTECT, null=True, blank=True, related_name="+")
    search = models.GeneratedField(
        expression=SearchVector(*SEARCHED, config="swedish") + SearchVector(*SEARCHED, config="simple"),
        output_field=SearchVectorField(),
        db_persist=True,
        editable=False,
    )

    class Meta:
        verbose_name = "klagomål eller synpunkt"
        verbose_name_plural = "klagomål och synpunkter"
        ordering: ClassVar = ["-received_at", "-id"]
        triggers: ClassVar = [removes_links()]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["municipality", "number"],
                name="complaint_number_once",
                violation_error_message="Det finns redan ett ärende med diarienumret.",
            ),
            models.UniqueConstraint(
                fields=["form_token"], condition=~Q(form_token=""), name="complaint_form_sent_once"
            ),
            models.CheckConstraint(
                condition=Q(contact_erased_at=None) | Q(name="", contact="", closed_at__isnull=False),
                name="erased_contact_is_gone",
            ),
            models.CheckConstraint(
                condition=Q(anonymous=False) | Q(name="", contact=""), name="anonymous_has_no_name"
            ),
            models.CheckConstraint(
                condition=~Q(state="answered") | Q(answered_at__isnull=False), name="answered_has_moment"
            ),
            models.CheckConstraint(
                condition=Q(answered_at=None) | Q(answered_at__gte=F("received_at")),
                name="answered_after_received",
            ),
            models.CheckConstraint(
                condition=Q(acknowledged_at=None) | Q(acknowledged_at__gte=F("received_at")),
                name="acknowledged_after_received",
            ),
            models.CheckConstraint(
                condition=Q(state="closed", closed_at__isnull=False)
                | (~Q(state="closed") & Q(closed_at=None)),
                name="complaint_closed_has_moment",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["committee", "-received_at", "-id"], name="complaint_latest"),
            models.Index(fields=["unit", "-received_at"], name="complaint_of_unit"),
            models.Index(fields=["batch"], name="complaint_by_batch", condition=Q(batch__isnull=False)),
            GinIndex(fields=["search"], name="complaint_words"),
        ]

    class Access:
        resource = Resource.COMPLAINTS
        committee = "committee"
        unit = "unit"
        common = False

    def __str__(self) -> str:
        return f"{self.get_kind_display().capitalize()} {self.number}"


@pghistory.track(*old_states())
class ComplaintMatter(models.Model):
    """One thing that a complaint is about: a case may hold several."""

    complaint = models.ForeignKey(Complaint, models.CASCADE, related_name="matters", verbose_name="ärende")
    subject = models.ForeignKey(ComplaintSubject, models.PROTECT, related_name="+", verbose_name="typ")

    class Meta:
        verbose_name = "vad klagomålet gäller"
        verbose_name_plural = "vad klagomålen gäller"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["complaint", "subject"], name="complaint_subject_once")
        ]

    class Access:
        resource = Resource.COMPLAINTS
        committee = "complaint__committee"
        unit = "complaint__unit"
        common = False

    def __str__(self) -> str:
        return f"{self.subject}"


class FormSalt(models.Model):
    """The secret that a day's sender addresses are hashed with. It is thrown away when the day is over, and with it
    every way to find out which address a hash was made from."""

    day = models.DateField(unique=True)
    salt = models.BinaryField()

    class Meta:
        verbose_name = "dygnets salt"
        verbose_name_plural = "dygnens salt"

    def __str__(self) -> str:
        return f"{self.day}"


class FormWindow(models.Model):
    """How many public posts were taken in within a stretch of time, for a committee or a hashed address."""

    key = models.CharField(max_length=80)
    starts_at = models.DateTimeField()
    count = models.PositiveIntegerField(default=0)

    class Meta:
        verbose_name = "sändning från formuläret"
        verbose_name_plural = "sändningar från formuläret"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["key", "starts_at"], name="form_window_once")
        ]
        indexes: ClassVar = [models.Index(fields=["starts_at"], name="form_window_age")]

    def __str__(self) -> str:
        return f"{self.key} {self.starts_at}: {self.count}"
