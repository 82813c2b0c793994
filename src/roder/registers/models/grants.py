"""Grants to associations and from the state. Money is in kronor."""

from __future__ import annotations

from typing import ClassVar

import pghistory
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q

from roder.access.matrix import Resource
from roder.core.models import ImportBatch, Record, full_history, removes_links
from roder.core.persons import FREE_TEXT
from roder.organisation.models import Body, Unit
from roder.registers.rules.grants import organisation_number_fault

NOT_NEGATIVE = MinValueValidator(0, "Beloppet kan inte vara negativt. Skriv 0 eller mer, i kronor.")


def organisation_number(value: str) -> None:
    """A field's validator: an organisation number as the authorities give it, never a personal number."""
    if fault := organisation_number_fault(value):
        raise ValidationError(fault)


def kronor(label: str) -> models.DecimalField:
    """An amount in kronor that may be missing, and is never negative."""
    return models.DecimalField(
        label, max_digits=14, decimal_places=2, null=True, blank=True, validators=[NOT_NEGATIVE]
    )


@pghistory.track(*full_history())
class Association(Record):
    """Förening eller stiftelse som söker bidrag."""

    committee = models.ForeignKey(Body, models.PROTECT, related_name="+", verbose_name="nämnd")
    name = models.CharField("namn", max_length=200, validators=FREE_TEXT)
    short_name = models.CharField("kortnamn", max_length=60, blank=True, validators=FREE_TEXT)
    organisation_number = models.CharField(
        "organisationsnummer", max_length=11, blank=True, validators=[organisation_number]
    )
    purpose = models.TextField("vad den gör", blank=True, validators=FREE_TEXT)
    position = models.PositiveSmallIntegerField("ordning", default=0)

    class Meta:
        verbose_name = "förening"
        verbose_name_plural = "föreningar"
        ordering: ClassVar = ["position", "name"]
        triggers: ClassVar = [removes_links()]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["committee", "name"],
                name="association_once",
                violation_error_message="Föreningen finns redan i registret.",
            )
        ]

    class Access:
        resource = Resource.GRANTS
        committee = "committee"

    def __str__(self) -> str:
        return self.name


@pghistory.track(*full_history())
class GrantCall(Record):
    """Utlysning: a year's grants to associations, with its frame. ``printed_total`` is the sum that the decision
    printed, kept so that the check can say when its rows do not add up to it."""

    committee = models.ForeignKey(Body, models.PROTECT, related_name="+", verbose_name="nämnd")
    year = models.PositiveSmallIntegerField("bidragsår")
    title = models.CharField("benämning", max_length=200, validators=FREE_TEXT)
    opens_on = models.DateField("ansökan öppnar", null=True, blank=True)
    closes_on = models.DateField("sista ansökningsdag", null=True, blank=True)
    frame = kronor("ram, kronor")
    criteria = models.TextField("kriterier", blank=True, validators=FREE_TEXT)
    printed_total = kronor("summa enligt beslutet, kronor")
    decided_on = models.DateField("beslutad", null=True, blank=True)
    number = models.CharField("diarienummer", max_length=40, blank=True, validators=FREE_TEXT)

    class Meta:
        verbose_name = "utlysning"
        verbose_name_plural = "utlysningar"
        ordering: ClassVar = ["-year"]
        triggers: ClassVar = [removes_links()]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["committee", "year"],
                name="grant_call_once_a_year",
                violation_error_message="Det finns redan en utlysning för året.",
            ),
            models.CheckConstraint(
                condition=Q(closes_on=None) | Q(opens_on=None) | Q(closes_on__gte=F("opens_on")),
                name="grant_call_forwards",
                violation_error_message="Sista ansökningsdag kan inte ligga före dagen då ansökan öppnar.",
            ),
            models.CheckConstraint(
                condition=Q(frame=None) | Q(frame__gte=0),
                name="grant_frame_not_negative",
                violation_error_message="Ramen kan inte vara negativ.",
            ),
        ]

    class Access:
        resource = Resource.GRANTS
        committee = "committee"

    def __str__(self) -> str:
        return f"{self.title} {self.year}"


@pghistory.track(*full_history())
class GrantApplication(Record):
    """Ansökan om föreningsbidrag: criteria, completion, assessment, decision, agreement and report back.
    ``printed_share`` is the share that the decision printed, kept for the check."""

    class State(models.TextChoices):
        RECEIVED = "received", "inkommen"
        INCOMPLETE = "incomplete", "komplettering begärd"
        ASSESSED = "assessed", "bedömd"
        DECIDED = "decided", "beslutad"
        REPORTED = "reported", "återrapporterad"

    call = models.ForeignKey(GrantCall, models.PROTECT, related_name="applications", verbose_name="utlysning")
    association = models.ForeignKey(
        Association, models.PROTECT, related_name="applications", verbose_name="förening"
    )
    state = models.CharField("läge", max_length=20, choices=State, default=State.RECEIVED)
    received_on = models.DateField("inkommen", null=True, blank=True)
    sought = kronor("sökt, kronor")
    local = models.BooleanField("verkar i kommunen", null=True, blank=True)
    social = models.BooleanField("inom det sociala området", null=True, blank=True)
    complete = models.BooleanField("fullständig ansökan", null=True, blank=True)
    completion_asked_on = models.DateField("komplettering begärd", null=True, blank=True)
    complete_by = models.DateField("komplettering senast", null=True, blank=True)
    completed_on = models.DateField("kompletterad", null=True, blank=True)
    assessment = models.TextField("bedömning", blank=True, validators=FREE_TEXT)
    proposed = kronor("förslag, kronor")
    reduced_why = models.CharField("skäl för nedsättning", max_length=500, blank=True, validators=FREE_TEXT)
    granted = kronor("beviljat, kronor")
    printed_share = models.PositiveSmallIntegerField(
        "andel enligt handlingen, %", null=True, blank=True, validators=[MaxValueValidator(100)]
    )
    decided_on = models.DateField("beslutad", null=True, blank=True)
    section = models.CharField("§", max_length=20, blank=True, validators=FREE_TEXT)
    other_form = models.CharField(
        "annan bidragsform", max_length=200, blank=True, validators=FREE_TEXT, help_text="till exempel avtal"
    )
    agreement_on = models.DateField("överenskommelse", null=True, blank=True)
    report_by = models.DateField("återrapport senast", null=True, blank=True)
    reported_on = models.DateField("återrapporterad", null=True, blank=True)
    report = models.TextField("återrapport", blank=True, validators=FREE_TEXT)

    class Meta:
        verbose_name = "bidragsansökan"
        verbose_name_plural = "bidragsansökningar"
        ordering: ClassVar = ["call", "association__position", "id"]
        triggers: ClassVar = [removes_links()]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["call", "association"],
                name="one_application_a_year",
                violation_error_message="Föreningen har redan en ansökan för året.",
            ),
            models.CheckConstraint(
                condition=(Q(sought=None) | Q(sought__gte=0))
                & (Q(proposed=None) | Q(proposed__gte=0))
                & (Q(granted=None) | Q(granted__gte=0)),
                name="grant_amounts_not_negative",
                violation_error_message="Beloppen kan inte vara negativa.",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["decided", "reported"]) | Q(granted__isnull=False),
                name="decided_grant_has_amount",
                violation_error_message="Ange det beviljade beloppet (0 vid avslag).",
            ),
        ]

    class Access:
        resource = Resource.GRANTS
        committee = "call__committee"

    def __str__(self) -> str:
        return f"{self.association}, {self.call.year}"


@pghistory.track(*full_history())
class StateGrant(Record):
    """Statsbidrag: authority, conditions, the time it may be used, the days by which to apply, requisition and report,
    and what was applied for, granted, used and paid back. ``decided_on`` is the day the authority granted or refused
    it, or the committee withdrew; ``unit`` None: it is the whole committee's; ``document`` is where it was read."""

    class State(models.TextChoices):
        PLANNED = "planned", "planerad"
        APPLIED = "applied", "sökt"
        GRANTED = "granted", "beviljat"
        REFUSED = "refused", "avslaget"
        REPORTED = "reported", "återrapporterat"

    committee = models.ForeignKey(Body, models.PROTECT, related_name="+", verbose_name="nämnd")
    year = models.PositiveSmallIntegerField("bidragsår")
    name = models.CharField("statsbidrag", max_length=200, validators=FREE_TEXT)
    authority = models.CharField("myndighet", max_length=120, validators=FREE_TEXT)
    source = models.CharField(
        "regler", max_length=120, blank=True, validators=FREE_TEXT, help_text="till exempel HSLF-FS 2016:98"
    )
    conditions = models.TextField("villkor", blank=True, validators=FREE_TEXT)
    unit = models.ForeignKey(
        Unit, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="enhet"
    )
    starts_on = models.DateField("får användas från", null=True, blank=True)
    ends_on = models.DateField("får användas till och med", null=True, blank=True)
    state = models.CharField("läge", max_length=20, choices=State, default=State.PLANNED)
    apply_by = models.DateField("ansök senast", null=True, blank=True)
    applied_on = models.DateField("ansökt", null=True, blank=True)
    sought = kronor("sökt, kronor")
    decided_on = models.DateField("beslutat", null=True, blank=True)
    granted = kronor("beviljat, kronor")
    requisition_by = models.DateField("rekvirera senast", null=True, blank=True)
    requisitioned_on = models.DateField("rekvirerat", null=True, blank=True)
    report_by = models.DateField("återrapportera senast", null=True, blank=True)
    reported_on = models.DateField("återrapporterat", null=True, blank=True)
    used = kronor("använt, kronor")
    returned = kronor("återbetalt, kronor")
    note = models.TextField("anteckning", blank=True, validators=FREE_TEXT)
    document = models.CharField("källa", max_length=200, blank=True, validators=FREE_TEXT)
    batch = models.ForeignKey(
        ImportBatch, models.PROTECT, null=True, blank=True, related_name="+", editable=False
    )

    class Meta:
        verbose_name = "statsbidrag"
        verbose_name_plural = "statsbidrag"
        ordering: ClassVar = ["-year", "apply_by", "id"]
        triggers: ClassVar = [removes_links()]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["committee", "year", "name"],
                name="state_grant_once_a_year",
                violation_error_message="Statsbidraget finns redan för året.",
            ),
            models.CheckConstraint(
                condition=Q(used=None) | Q(granted=None) | Q(used__lte=F("granted")),
                name="used_within_granted",
                violation_error_message="Mer kan inte vara använt än vad som är beviljat.",
            ),
            models.CheckConstraint(
                condition=Q(starts_on=None) | Q(ends_on=None) | Q(ends_on__gte=F("starts_on")),
                name="state_grant_period_in_order",
                violation_error_message="Perioden slutar innan den börjar.",
            ),
            models.CheckConstraint(
                condition=Q(returned=None) | Q(granted=None) | Q(returned__lte=F("granted")),
                name="returned_within_granted",
                violation_error_message="Mer kan inte vara återbetalt än vad som är beviljat.",
            ),
        ]

    class Access:
        resource = Resource.STATE_GRANTS
        committee = "committee"

    def __str__(self) -> str:
        return f"{self.name} {self.year}"
