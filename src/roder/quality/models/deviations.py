"""Deviations: care events that should not have happened, their classification over time, and the steps of the flow."""

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
from roder.core.persons import FREE_TEXT, no_personal_number
from roder.organisation.models import Body, Municipality, Unit
from roder.steering.models import DeviationCause, DeviationType, ServiceArea

#: What full text search reads, by stem and as written.
SEARCHED = ("number", "reference", "place", "what", "immediate_action", "consequence", "cause")


class Law(models.TextChoices):
    """The law that the support or care is given under."""

    SOL = "sol", "SoL"
    LSS = "lss", "LSS"
    HSL = "hsl", "HSL"


class Direction(models.TextChoices):
    """From whom to whom a deviation goes."""

    INTERNAL = "intern", "Intern"
    TO_REGION = "till_region", "Till regionen"
    FROM_REGION = "fran_region", "Från regionen"
    EXTERNAL = "extern_utforare", "Extern utförare"


class State(models.TextChoices):
    """How far a deviation has come: the last step of the flow that is finished."""

    REPORTED = "reported", "Rapporterad"
    CLASSIFIED = "classified", "Klassificerad"
    INVESTIGATED = "investigated", "Utredd"
    DECIDED = "decided", "Beslutad"
    FOLLOWED_UP = "followed_up", "Uppföljd"
    CLOSED = "closed", "Avslutad"
    MERGED = "merged", "Sammanförd"


@pghistory.track(*full_history(), exclude=["search"])
class Deviation(Record):
    """Avvikelse. Times are moments: occurred <= discovered <= reported. ``severity`` 3–4 are serious where the
    steering model says so; ``serious`` holds what it said when the case was classified."""

    class ReporterKind(models.TextChoices):
        STAFF = "staff", "egen personal"
        PROVIDER = "provider", "extern utförare"
        OTHER = "other", "annan vårdgivare"
        RULE = "rule", "regel"

    class Counterpart(models.TextChoices):
        NONE = "", "–"
        PRIMARY = "primary", "primärvård"
        HOSPITAL = "hospital", "sjukhus"

    committee = models.ForeignKey(Body, models.PROTECT, related_name="deviations", verbose_name="nämnd")
    municipality = models.ForeignKey(Municipality, models.PROTECT, related_name="+", verbose_name="kommun")
    number = models.CharField("nummer", max_length=20)
    reporter_kind = models.CharField(
        "rapporterad av", max_length=10, choices=ReporterKind, default=ReporterKind.STAFF
    )
    reporter = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="rapportör",
    )
    occurred_at = models.DateTimeField("hände")
    discovered_at = models.DateTimeField("upptäcktes")
    reported_at = models.DateTimeField("rapporterades")
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="deviations", verbose_name="enhet")
    service_area = models.ForeignKey(
        ServiceArea, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="verksamhetsområde"
    )
    law = models.CharField("lagrum", max_length=3, choices=Law)
    direction = models.CharField("riktning", max_length=20, choices=Direction, default=Direction.INTERNAL)
    counterpart = models.CharField("motpart", max_length=10, choices=Counterpart, blank=True, default="")
    reference = models.CharField(
        "referens",
        max_length=40,
        blank=True,
        validators=[no_personal_number],
        help_text="verksamhetssystemets referens till den enskilde, aldrig namn eller personnummer",
    )
    place = models.CharField("plats", max_length=200, blank=True, validators=FREE_TEXT)
    what = models.TextField("vad hände", blank=True, validators=FREE_TEXT)
    immediate_action = models.TextField("åtgärd direkt", blank=True, validators=FREE_TEXT)
    told = models.CharField("vem har fått veta", max_length=300, blank=True, validators=FREE_TEXT)
    consequence = models.TextField("konsekvens", blank=True, validators=FREE_TEXT)
    cause = models.TextField("orsak", blank=True, validators=FREE_TEXT)
    feedback = models.TextField("återkoppling till rapportören", blank=True, validators=FREE_TEXT)
    severity_reported = models.PositiveSmallIntegerField("rapportörens bedömning", null=True, blank=True)
    severity = models.PositiveSmallIntegerField("allvarlighet", null=True, blank=True)
    serious = models.BooleanField("allvarlig", default=False)
    work_environment = models.BooleanField("rör arbetsmiljön", default=False)
    state = models.CharField("läge", max_length=20, choices=State, default=State.REPORTED)
    classified_at = models.DateTimeField("klassificerad", null=True, blank=True)
    closed_at = models.DateTimeField("avslutad", null=True, blank=True)
    merged_into = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="merged_from",
        verbose_name="sammanförd med",
    )
    split_from = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="split_into", verbose_name="delad från"
    )
    rule = models.CharField("regel", max_length=60, blank=True)
    client_key = models.UUIDField("rapportens nyckel", null=True, blank=True, editable=False)
    registered_at = models.DateTimeField("registrerad", db_default=models.functions.Now())
    batch = models.ForeignKey(ImportBatch, models.PROTECT, null=True, blank=True, related_name="+")
    search = models.GeneratedField(
        expression=SearchVector(*SEARCHED, config="swedish") + SearchVector(*SEARCHED, config="simple"),
        output_field=SearchVectorField(),
        db_persist=True,
        editable=False,
    )

    class Meta:
        verbose_name = "avvikelse"
        verbose_name_plural = "avvikelser"
        ordering: ClassVar = ["-reported_at", "-id"]
        triggers: ClassVar = [removes_links()]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["municipality", "number"],
                name="deviation_number_once",
                violation_error_message="Det finns redan en avvikelse med numret.",
            ),
            models.UniqueConstraint(
                fields=["reporter", "client_key"],
                name="deviation_sent_once",
                condition=Q(client_key__isnull=False),
            ),
            models.UniqueConstraint(
                fields=["committee", "rule", "reference"], name="deviation_rule_once", condition=~Q(rule="")
            ),
            models.CheckConstraint(
                condition=Q(occurred_at__lte=F("discovered_at")), name="deviation_occurred_before_discovered"
            ),
            models.CheckConstraint(
                condition=Q(discovered_at__lte=F("reported_at")), name="deviation_discovered_before_reported"
            ),
            models.CheckConstraint(
                condition=Q(severity=None) | Q(severity__range=(0, 9)), name="deviation_severity_in_range"
            ),
            models.CheckConstraint(
                condition=Q(serious=False) | Q(severity__isnull=False), name="serious_has_severity"
            ),
            models.CheckConstraint(
                condition=Q(state__in=["closed", "merged"], closed_at__isnull=False)
                | (~Q(state__in=["closed", "merged"]) & Q(closed_at=None)),
                name="closed_has_moment",
            ),
            models.CheckConstraint(
                condition=Q(state="merged", merged_into__isnull=False)
                | (~Q(state="merged") & Q(merged_into=None)),
                name="merged_has_target",
            ),
            models.CheckConstraint(condition=Q(law__in=Law.values), name="deviation_known_law"),
            models.CheckConstraint(
                condition=Q(direction__in=Direction.values), name="deviation_known_direction"
            ),
            models.CheckConstraint(condition=Q(state__in=State.values), name="deviation_known_state"),
        ]
        indexes: ClassVar = [
            # With what is counted in it, the statistics and the count of a list are read from the index alone.
            models.Index(
                fields=["committee", "-reported_at", "-id"],
                name="deviation_latest",
                include=[
                    "unit",
                    "state",
                    "direction",
                    "severity",
                    "serious",
                    "occurred_at",
                    "classified_at",
                    "closed_at",
                ],
            ),
            # With the committee in it, a unit's rows are counted in the index alone.
            models.Index(
                fields=["unit", "-reported_at", "-id"], name="deviation_of_unit", include=["committee"]
            ),
            models.Index(fields=["committee", "state", "-reported_at"], name="deviation_by_state"),
            models.Index(fields=["committee", "severity", "-reported_at"], name="deviation_by_severity"),
            models.Index(fields=["reporter", "-reported_at"], name="deviation_by_reporter"),
            models.Index(
                fields=["committee", "reference", "-occurred_at"],
                name="deviation_by_reference",
                condition=~Q(reference=""),
            ),
            models.Index(fields=["batch"], name="deviation_by_batch", condition=Q(batch__isnull=False)),
            GinIndex(fields=["search"], name="deviation_words"),
        ]

    class Access:
        resource = Resource.DEVIATIONS
        committee = "committee"
        unit = "unit"
        common = False
        own = "reporter"
        narrow: ClassVar = {"licensed": Q(law="hsl")}

    def __str__(self) -> str:
        return f"Avvikelse {self.number}"


@pghistory.track(*old_states())
class DeviationMatter(models.Model):
    """One type that a deviation is of, with its sub-cause when known. A deviation may be of several types."""

    deviation = models.ForeignKey(Deviation, models.CASCADE, related_name="matters", verbose_name="avvikelse")
    type = models.ForeignKey(DeviationType, models.PROTECT, related_name="+", verbose_name="typ")
    cause = models.ForeignKey(
        DeviationCause, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="orsak"
    )

    class Meta:
        verbose_name = "typ av avvikelse"
        verbose_name_plural = "typer av avvikelser"
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["deviation", "type", "cause"], name="deviation_type_once", nulls_distinct=False
            )
        ]
        indexes: ClassVar = [models.Index(fields=["type", "deviation"], name="matter_by_type")]

    class Access:
        resource = Resource.DEVIATIONS
        committee = "deviation__committee"
        unit = "deviation__unit"
        common = False
        own = "deviation__reporter"
        narrow: ClassVar = {"licensed": Q(deviation__law="hsl")}

    def __str__(self) -> str:
        return f"{self.type}"


class Classification(models.Model):
    """One time a deviation was classified: what it was before and after, by whom. Never changed: both are kept."""

    deviation = models.ForeignKey(
        Deviation, models.CASCADE, related_name="classifications", verbose_name="avvikelse"
    )
    at = models.DateTimeField("när")
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="vem"
    )
    role = models.CharField("som", max_length=30, blank=True)
    severity = models.PositiveSmallIntegerField("allvarlighet", null=True, blank=True)
    severity_before = models.PositiveSmallIntegerField("allvarlighet före", null=True, blank=True)
    types = models.JSONField("typer", default=list, help_text="koder: [typ, orsak eller tom]")
    types_before = models.JSONField("typer före", default=list)
    note = models.CharField("motivering", max_length=1000, blank=True, validators=FREE_TEXT)

    class Meta:
        verbose_name = "klassificering"
        verbose_name_plural = "klassificeringar"
        ordering: ClassVar = ["at", "id"]
        indexes: ClassVar = [models.Index(fields=["deviation", "at"], name="classification_in_order")]

    class Access:
        resource = Resource.DEVIATIONS
        committee = "deviation__committee"
        unit = "deviation__unit"
        common = False
        narrow: ClassVar = {"licensed": Q(deviation__law="hsl")}

    def __str__(self) -> str:
        return f"{self.deviation}: {self.severity}"


@pghistory.track(*full_history())
class Step(Record):
    """One step of a deviation's flow: when it is due, and who did it when, with what. Late is seen, not stored."""

    class Code(models.TextChoices):
        ASSESSMENT = "assessment", "Bedömning av legitimerad"
        FACTS = "facts", "Uppgifter om händelsen"
        CLASSIFICATION = "classification", "Klassificering"
        PROFESSION_CLASSIFICATION = "profession_classification", "Klassificering av legitimerad"
        INVESTIGATION = "investigation", "Utredning"
        DEEP_ANALYSIS = "deep_analysis", "Fördjupad analys"
        DECISION = "decision", "Beslut om lex Sarah eller lex Maria"
        FOLLOW_UP = "follow_up", "Uppföljning av enhetens åtgärder"
        PROFESSION_FOLLOW_UP = "profession_follow_up", "Uppföljning av professionens åtgärder"
        REVIEW = "review", "Översyn av MAS"

    deviation = models.ForeignKey(Deviation, models.CASCADE, related_name="steps", verbose_name="avvikelse")
    code = models.CharField("steg", max_length=30, choices=Code)
    due_at = models.DateTimeField("senast", null=True, blank=True)
    done_at = models.DateTimeField("klart", null=True, blank=True)
    done_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="av"
    )
    note = models.TextField("anteckning", blank=True, validators=FREE_TEXT)
    detail = models.JSONField("uppgifter", default=dict, blank=True)

    class Meta:
        verbose_name = "steg"
        verbose_name_plural = "steg"
        ordering: ClassVar = ["deviation", "id"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["deviation", "code"], name="deviation_step_once"),
            models.CheckConstraint(condition=Q(code__in=[
                "assessment", "facts", "classification", "profession_classification", "investigation",
                "deep_analysis", "decision", "follow_up", "profession_follow_up", "review",
            ]), name="known_step"),
        ]  # fmt: skip
        indexes: ClassVar = [models.Index(fields=["due_at"], name="step_waiting", condition=Q(done_at=None))]

    class Access:
        resource = Resource.DEVIATIONS
        committee = "deviation__committee"
        unit = "deviation__unit"
        common = False
        narrow: ClassVar = {"licensed": Q(deviation__law="hsl")}

    def __str__(self) -> str:
        return f"{self.get_code_display()}"


class CaseEvent(models.Model):
    """Something that was done with the case itself, with its reason: handed over, reopened, merged, split, taken up at
    a patient conference. Never changed."""

    class Kind(models.TextChoices):
        HANDED_OVER = "handed_over", "Lämnad över"
        REOPENED = "reopened", "Öppnad igen"
        CLOSED = "closed", "Avslutad"
        MERGED = "merged", "Sammanförd"
        SPLIT = "split", "Delad"
        CONFERENCE = "conference", "Patientkonferens"
        DECISION = "decision", "Beslut"

    deviation = models.ForeignKey(
        Deviation, models.CASCADE, related_name="case_events", verbose_name="avvikelse"
    )
    kind = models.CharField("vad", max_length=20, choices=Kind)
    at = models.DateTimeField("när")
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="vem"
    )
    note = models.TextField("anteckning", blank=True, validators=FREE_TEXT)
    detail = models.JSONField("uppgifter", default=dict, blank=True)

    class Meta:
        verbose_name = "händelse i ärendet"
        verbose_name_plural = "händelser i ärendet"
        ordering: ClassVar = ["at", "id"]
        indexes: ClassVar = [models.Index(fields=["deviation", "at"], name="case_event_in_order")]

    class Access:
        resource = Resource.DEVIATIONS
        committee = "deviation__committee"
        unit = "deviation__unit"
        common = False
        narrow: ClassVar = {"licensed": Q(deviation__law="hsl")}

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.at:%Y-%m-%d}"
