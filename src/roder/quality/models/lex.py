"""Lex Sarah and lex Maria: the cases, what was decided, and what the inspectorate answered."""

from __future__ import annotations

from typing import ClassVar

import pghistory
from django.conf import settings
from django.db import models
from django.db.models import F, Q

from roder.access.matrix import Resource
from roder.core.models import ImportBatch, Record, full_history, removes_links
from roder.core.persons import FREE_TEXT, no_personal_number
from roder.organisation.models import Body, Municipality, Unit
from roder.quality.models.deviations import Deviation, Law
from roder.steering.models import DeviationType, ServiceArea


@pghistory.track(*full_history())
class LexSarahDecision(Record):
    """A decision of the SAS on delegation, on one report or several together."""

    class Outcome(models.TextChoices):
        NOT_MISCONDUCT = "not_misconduct", "inte ett missförhållande"
        MISCONDUCT = "misconduct", "missförhållande eller påtaglig risk"
        SERIOUS = "serious", "allvarligt missförhållande eller påtaglig risk, anmäls till IVO"
        NOT_OWN = "not_own", "utreds inte: inte egen verksamhet"
        LEX_MARIA = "lex_maria", "förs över till lex Maria"
        WORK_ENVIRONMENT = "work_environment", "arbetsmiljö"

    committee = models.ForeignKey(Body, models.PROTECT, related_name="+", verbose_name="nämnd")
    outcome = models.CharField("beslut", max_length=20, choices=Outcome)
    decided_on = models.DateField("beslutsdatum")
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="beslutat av",
    )
    motive = models.TextField("motivering", blank=True, validators=FREE_TEXT)
    line = models.CharField("en rad till nämnden", max_length=200, blank=True, validators=FREE_TEXT)

    class Meta:
        verbose_name = "lex Sarah-beslut"
        verbose_name_plural = "lex Sarah-beslut"
        ordering: ClassVar = ["-decided_on", "-id"]
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(outcome__in=[
                "not_misconduct", "misconduct", "serious", "not_own", "lex_maria", "work_environment",
            ]), name="known_lex_sarah_outcome"),
        ]  # fmt: skip

    class Access:
        resource = Resource.LEX_SARAH
        committee = "committee"
        common = False

    def __str__(self) -> str:
        return f"{self.get_outcome_display()} {self.decided_on}"


@pghistory.track(*full_history())
class LexSarahCase(Record):
    """A report of (risk of) misconduct and its investigation. Number YYYY-NNN per municipality."""

    class State(models.TextChoices):
        REPORTED = "reported", "rapporterad"
        INVESTIGATED = "investigated", "utredd"
        DECIDED = "decided", "beslutad"
        NOTIFIED = "notified", "anmäld till IVO"
        CLOSED = "closed", "avslutad"

    committee = models.ForeignKey(Body, models.PROTECT, related_name="+", verbose_name="nämnd")
    municipality = models.ForeignKey(Municipality, models.PROTECT, related_name="+", verbose_name="kommun")
    number = models.CharField("nummer", max_length=20)
    deviation = models.ForeignKey(
        Deviation, models.PROTECT, null=True, blank=True, related_name="lex_sarah", verbose_name="avvikelse"
    )
    reporter = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="rapportör",
    )
    reported_at = models.DateTimeField("rapporterad")
    unit = models.ForeignKey(
        Unit, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="enhet"
    )
    service_area = models.ForeignKey(
        ServiceArea, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="verksamhetsområde"
    )
    law = models.CharField("lagrum", max_length=3, choices=Law, default=Law.SOL)
    type = models.ForeignKey(
        DeviationType, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="typ"
    )
    external = models.BooleanField("hos extern utförare", default=False)
    reference = models.CharField("referens", max_length=40, blank=True, validators=[no_personal_number])
    what = models.TextField("vad hände", blank=True, validators=FREE_TEXT)
    shortcoming = models.BooleanField("brist i verksamheten", null=True, blank=True)
    consequence = models.BooleanField("konsekvens eller påtaglig risk", null=True, blank=True)
    consequence_text = models.TextField(
        "konsekvenser, fysiska och psykiska", blank=True, validators=FREE_TEXT
    )
    cause = models.TextField("orsak", blank=True, validators=FREE_TEXT)
    actions_text = models.TextField("åtgärder", blank=True, validators=FREE_TEXT)
    state = models.CharField("läge", max_length=20, choices=State, default=State.REPORTED)
    investigated_at = models.DateTimeField("utredd", null=True, blank=True)
    decision = models.ForeignKey(
        LexSarahDecision, models.PROTECT, null=True, blank=True, related_name="cases", verbose_name="beslut"
    )
    notified_on = models.DateField("anmäld till IVO", null=True, blank=True)
    ivo_answer = models.TextField("IVO:s svar", blank=True, validators=FREE_TEXT)
    ivo_answered_on = models.DateField("IVO svarade", null=True, blank=True)
    closed_on = models.DateField("avslutad", null=True, blank=True)
    registered_at = models.DateTimeField("registrerad", db_default=models.functions.Now())
    batch = models.ForeignKey(ImportBatch, models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        verbose_name = "lex Sarah-ärende"
        verbose_name_plural = "lex Sarah-ärenden"
        ordering: ClassVar = ["-reported_at", "-id"]
        triggers: ClassVar = [removes_links()]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["municipality", "number"],
                name="lex_sarah_number_once",
                violation_error_message="Det finns redan ett lex Sarah-ärende med numret.",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["reported", "investigated"], decision=None)
                | Q(state__in=["decided", "notified", "closed"], decision__isnull=False),
                name="lex_sarah_decided_has_decision",
            ),
            models.CheckConstraint(
                condition=~Q(state="notified") | Q(notified_on__isnull=False),
                name="lex_sarah_notified_has_date",
            ),
            models.CheckConstraint(
                condition=Q(state="closed", closed_on__isnull=False)
                | (~Q(state="closed") & Q(closed_on=None)),
                name="lex_sarah_closed_has_date",
            ),
            models.CheckConstraint(
                condition=Q(ivo_answered_on=None) | Q(notified_on__isnull=False),
                name="lex_sarah_answer_follows_notice",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["committee", "-reported_at"], name="lex_sarah_latest"),
            models.Index(fields=["batch"], name="lex_sarah_by_batch", condition=Q(batch__isnull=False)),
        ]

    class Access:
        resource = Resource.LEX_SARAH
        committee = "committee"
        unit = "unit"
        own = "reporter"
        common = False

    def __str__(self) -> str:
        return f"Lex Sarah {self.number}"


@pghistory.track(*full_history())
class LexMariaCase(Record):
    """A serious care injury, or the risk of one: event analysis and notice to IVO within two months.

    Källa: Patientsäkerhetslagen (2010:659) 3 kap. 5 §; HSLF-FS 2017:41.
    """

    class State(models.TextChoices):
        OPEN = "open", "utreds"
        NOTIFIED = "notified", "anmäld till IVO"
        NOT_NOTIFIED = "not_notified", "anmäls inte"
        CLOSED = "closed", "avslutad"

    committee = models.ForeignKey(Body, models.PROTECT, related_name="+", verbose_name="nämnd")
    municipality = models.ForeignKey(Municipality, models.PROTECT, related_name="+", verbose_name="kommun")
    number = models.CharField("nummer", max_length=20)
    deviation = models.ForeignKey(
        Deviation, models.PROTECT, null=True, blank=True, related_name="lex_maria", verbose_name="avvikelse"
    )
    lex_sarah = models.OneToOneField(
        LexSarahCase,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="lex_maria",
        verbose_name="från lex Sarah",
    )
    unit = models.ForeignKey(
        Unit, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="enhet"
    )
    service_area = models.ForeignKey(
        ServiceArea, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="verksamhetsområde"
    )
    opened_at = models.DateTimeField("öppnad")
    due_on = models.DateField("anmäls senast")
    analysis = models.TextField("händelseanalys", blank=True, validators=FREE_TEXT)
    analysed_on = models.DateField("händelseanalys klar", null=True, blank=True)
    patient_informed = models.BooleanField("patienten informerad", null=True, blank=True)
    patient_informed_on = models.DateField("patienten informerades", null=True, blank=True)
    state = models.CharField("läge", max_length=20, choices=State, default=State.OPEN)
    motive = models.TextField("motivering", blank=True, validators=FREE_TEXT)
    decided_on = models.DateField("beslutad", null=True, blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="beslutad av",
    )
    notified_on = models.DateField("anmäld till IVO", null=True, blank=True)
    outcome = models.TextField("IVO:s beslut", blank=True, validators=FREE_TEXT)
    closed_on = models.DateField("avslutad", null=True, blank=True)
    registered_at = models.DateTimeField("registrerad", db_default=models.functions.Now())

    class Meta:
        verbose_name = "lex Maria-ärende"
        verbose_name_plural = "lex Maria-ärenden"
        ordering: ClassVar = ["-opened_at", "-id"]
        triggers: ClassVar = [removes_links()]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["municipality", "number"], name="lex_maria_number_once"),
            models.CheckConstraint(
                condition=Q(deviation__isnull=False) | Q(lex_sarah__isnull=False),
                name="lex_maria_comes_from_something",
            ),
            models.CheckConstraint(
                condition=~Q(state="notified") | Q(notified_on__isnull=False),
                name="lex_maria_notified_has_date",
            ),
            models.CheckConstraint(
                condition=Q(state="closed", closed_on__isnull=False)
                | (~Q(state="closed") & Q(closed_on=None)),
                name="lex_maria_closed_has_date",
            ),
            models.CheckConstraint(
                condition=Q(patient_informed_on=None) | Q(patient_informed=True),
                name="informed_on_means_informed",
            ),
            models.CheckConstraint(
                condition=Q(closed_on=None) | Q(closed_on__gte=F("opened_at__date")),
                name="lex_maria_closed_after",
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["committee", "-opened_at"], name="lex_maria_latest")]

    class Access:
        resource = Resource.LEX_MARIA
        committee = "committee"
        unit = "unit"

    def __str__(self) -> str:
        return f"Lex Maria {self.number}"
