"""The steering model as loaded, and what it governs: occasions, goals, assignments, activities, assessments."""

from __future__ import annotations

from typing import ClassVar

import pghistory
import pgtrigger
from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from roder.access.matrix import Resource
from roder.core.models import Record, full_history, removes_links
from roder.organisation.models import Body, Municipality, Unit


class SteeringModelVersion(models.Model):
    """One loaded version of a committee's steering model for a year. Never changed, only followed by the next."""

    committee = models.ForeignKey(Body, models.PROTECT, related_name="steering_models", verbose_name="nämnd")
    year = models.PositiveSmallIntegerField("år")
    version = models.PositiveSmallIntegerField("version")
    content = models.JSONField("innehåll")
    source = models.TextField("källtext")
    sha256 = models.CharField(max_length=64)
    loaded_at = models.DateTimeField("inläst", auto_now_add=True)
    loaded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="inläst av",
    )

    class Meta:
        verbose_name = "styrmodell"
        verbose_name_plural = "styrmodeller"
        ordering: ClassVar = ["committee", "-year", "-version"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["committee", "year", "version"], name="model_version_once")
        ]
        triggers: ClassVar = [
            pgtrigger.Protect(name="never_changed", operation=pgtrigger.Update | pgtrigger.Delete)
        ]

    class Access:
        resource = Resource.STEERING
        committee = "committee"

    def __str__(self) -> str:
        return f"{self.committee.short_name} {self.year} version {self.version}"


class Term(Record):
    """A word of a committee's steering model that rows point at. Kept while rows use it."""

    committee = models.ForeignKey(Body, models.PROTECT, related_name="+", verbose_name="nämnd")
    code = models.CharField("kod", max_length=60)
    label = models.CharField("benämning", max_length=200)
    position = models.PositiveSmallIntegerField("ordning", default=0)

    class Meta:
        abstract = True
        ordering: ClassVar = ["position"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["committee", "code"], name="%(class)s_code_once"),
        ]

    def __str__(self) -> str:
        return self.label


@pghistory.track(*full_history())
class AccountGroup(Term):
    """Kontogrupp: the groups of accounts that budget, forecast and outcome are kept in."""

    class Meta(Term.Meta):
        verbose_name = "kontogrupp"


@pghistory.track(*full_history())
class ServiceCode(Term):
    """Verksamhet: the code of a kind of service, such as 55 Vård och omsorg."""

    class Meta(Term.Meta):
        verbose_name = "verksamhet"


@pghistory.track(*full_history())
class InvestmentCategory(Term):
    """Investeringskategori, such as those of the EIRA model."""

    class Meta(Term.Meta):
        verbose_name = "investeringskategori"


@pghistory.track(*full_history())
class Support(Term):
    """Insats: a kind of support whose volume is followed."""

    area = models.CharField("område", max_length=80, blank=True)
    unit_of_count = models.CharField("räknas i", max_length=20, default="personer")

    class Meta(Term.Meta):
        verbose_name = "insats"


@pghistory.track(*full_history())
class ServiceArea(Term):
    """Verksamhetsområde: cuts across units. ``units`` are the codes of those that belong to it by default."""

    law = models.CharField("lag", max_length=60, blank=True)
    units = ArrayField(models.CharField(max_length=40), verbose_name="enheter", default=list, blank=True)
    external = models.BooleanField("drivs av extern utförare", default=False)

    class Meta(Term.Meta):
        verbose_name = "verksamhetsområde"


@pghistory.track(*full_history())
class DeviationType(Term):
    """Typ av avvikelse. ``clinical`` ones are assessed at once by licensed staff."""

    category = models.CharField("kategori", max_length=60, blank=True)
    category_label = models.CharField("kategorins benämning", max_length=200, blank=True)
    clinical = models.BooleanField("bedöms av legitimerad personal", default=False)
    icon = models.CharField("bild", max_length=60, blank=True)

    class Meta(Term.Meta):
        verbose_name = "typ av avvikelse"


@pghistory.track(*full_history())
class DeviationCause(Term):
    """A cause or sub-type that is counted under a type; its code is unique within the type."""

    type = models.ForeignKey(DeviationType, models.PROTECT, related_name="causes", verbose_name="typ")

    class Meta(Term.Meta):
        verbose_name = "orsak"
        constraints: ClassVar = [models.UniqueConstraint(fields=["type", "code"], name="cause_code_once")]


@pghistory.track(*full_history())
class ComplaintSubject(Term):
    """Vad ett klagomål gäller."""

    class Meta(Term.Meta):
        verbose_name = "klagomålstyp"


class AccountRow(models.Model):
    """A printed row of the operating table in one version of the steering model: a group, or a sum of groups."""

    model = models.ForeignKey(SteeringModelVersion, models.CASCADE, related_name="account_rows")
    code = models.CharField(max_length=60)
    label = models.CharField(max_length=200)
    position = models.PositiveSmallIntegerField()
    is_sum = models.BooleanField()
    groups: models.ManyToManyField[AccountGroup, models.Model] = models.ManyToManyField(
        AccountGroup, related_name="+"
    )

    class Meta:
        ordering: ClassVar = ["position"]
        constraints: ClassVar = [models.UniqueConstraint(fields=["model", "code"], name="account_row_once")]

    def __str__(self) -> str:
        return self.label


@pghistory.track(*full_history())
class Occasion(Record):
    """Uppföljningstillfälle: when a committee's year is followed up, with its cut-off."""

    class Kind(models.TextChoices):
        PLAN = "plan", "verksamhetsplan och budget"
        MONTHLY = "monthly", "månadsuppföljning"
        IN_DEPTH = "in_depth", "fördjupad månadsuppföljning"
        INTERIM = "interim", "delårsbokslut"
        ANNUAL = "annual", "årsbokslut"
        HALF_YEAR = "half_year", "halvårsuppföljning av kvalitet"
        QUARTER = "quarter", "kvartalsuppföljning av kvalitet"
        QUALITY_YEAR = "quality_year", "årsberättelser om kvalitet"
        MEETING = "meeting", "sammanträde"

    #: Kinds at which quality is followed up, not goals and economy.
    QUALITY_KINDS: ClassVar = frozenset({Kind.HALF_YEAR, Kind.QUARTER, Kind.QUALITY_YEAR, Kind.MEETING})

    committee = models.ForeignKey(Body, models.PROTECT, related_name="occasions", verbose_name="nämnd")
    model = models.ForeignKey(
        SteeringModelVersion, models.PROTECT, related_name="occasions", verbose_name="styrmodell"
    )
    year = models.PositiveSmallIntegerField("år")
    code = models.CharField("kod", max_length=20, help_text="till exempel 2022-05")
    kind = models.CharField("slag", max_length=20, choices=Kind)
    name = models.CharField("namn", max_length=120)
    cut_off = models.DateField("brytdatum")

    class Meta:
        verbose_name = "uppföljningstillfälle"
        verbose_name_plural = "uppföljningstillfällen"
        ordering: ClassVar = ["committee", "cut_off"]
        triggers: ClassVar = [removes_links()]
        constraints: ClassVar = [models.UniqueConstraint(fields=["committee", "code"], name="occasion_once")]

    class Access:
        resource = Resource.STEERING
        committee = "committee"

    def __str__(self) -> str:
        return self.name


@pghistory.track(*full_history())
class Vision(Record):
    """A municipality's vision."""

    municipality = models.ForeignKey(
        Municipality, models.PROTECT, related_name="visions", verbose_name="kommun"
    )
    title = models.CharField("rubrik", max_length=200)
    text = models.TextField("text", blank=True)
    decision = models.CharField("beslut", max_length=200, blank=True)
    source = models.CharField("källa", max_length=200, blank=True)

    class Meta:
        verbose_name = "vision"

    class Access:
        resource = Resource.GOALS
        municipality = "municipality"

    def __str__(self) -> str:
        return self.title


@pghistory.track(*full_history())
class FocusArea(Record):
    """Fokusområde: a part of the vision."""

    vision = models.ForeignKey(Vision, models.PROTECT, related_name="focus_areas", verbose_name="vision")
    code = models.CharField("kod", max_length=40)
    name = models.CharField("namn", max_length=120)
    position = models.PositiveSmallIntegerField("ordning", default=0)

    class Meta:
        verbose_name = "fokusområde"
        verbose_name_plural = "fokusområden"
        ordering: ClassVar = ["position"]
        constraints: ClassVar = [models.UniqueConstraint(fields=["vision", "code"], name="focus_area_once")]

    class Access:
        resource = Resource.GOALS
        municipality = "vision__municipality"

    def __str__(self) -> str:
        return self.name


@pghistory.track(*full_history())
class Goal(Record):
    """A goal of the council (prioriterat mål) or of a committee (nämndmål)."""

    class Level(models.TextChoices):
        COUNCIL = "council", "kommunfullmäktiges mål"
        COMMITTEE = "committee", "nämndens mål"

    class Kind(models.TextChoices):
        ORDINARY = "ordinary", "mål"
        WORK_ENVIRONMENT = "work_environment", "arbetsmiljömål"

    class Followed(models.TextChoices):
        INTERIM_AND_ANNUAL = "interim_annual", "delår och år (D/B)"
        ANNUAL = "annual", "endast år (B)"

    municipality = models.ForeignKey(
        Municipality, models.PROTECT, related_name="goals", verbose_name="kommun"
    )
    committee = models.ForeignKey(
        Body, models.PROTECT, null=True, blank=True, related_name="goals", verbose_name="nämnd"
    )
    level = models.CharField("nivå", max_length=20, choices=Level)
    kind = models.CharField("slag", max_length=20, choices=Kind, default=Kind.ORDINARY)
    code = models.CharField("kod", max_length=40)
    number = models.CharField("nummer", max_length=20, blank=True)
    title = models.CharField("mål", max_length=200)
    text = models.TextField("beskrivning", blank=True)
    focus_area = models.ForeignKey(
        FocusArea, models.PROTECT, null=True, blank=True, related_name="goals", verbose_name="fokusområde"
    )
    parent = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="children", verbose_name="bidrar till"
    )
    motive = models.TextField("motiv eller koppling", blank=True)
    agenda2030 = models.CharField("Agenda 2030", max_length=60, blank=True)
    responsible = models.CharField("ansvarig", max_length=120, blank=True)
    population = models.CharField("avser", max_length=200, blank=True)
    followed = models.CharField(
        "följs upp", max_length=20, choices=Followed, default=Followed.INTERIM_AND_ANNUAL
    )
    from_year = models.PositiveSmallIntegerField("från år")
    to_year = models.PositiveSmallIntegerField("till år")
    position = models.PositiveSmallIntegerField("ordning", default=0)
    source = models.CharField("källa", max_length=200, blank=True)

    class Meta:
        verbose_name = "mål"
        verbose_name_plural = "mål"
        ordering: ClassVar = ["level", "position"]
        triggers: ClassVar = [removes_links()]
        indexes: ClassVar = [
            models.Index(fields=["committee", "from_year", "position"], name="goal_by_committee")
        ]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["municipality", "committee", "code"], name="goal_code_once", nulls_distinct=False
            ),
            models.CheckConstraint(
                condition=Q(to_year__gte=models.F("from_year")), name="goal_years_in_order"
            ),
            models.CheckConstraint(
                condition=Q(level="council", committee=None) | Q(level="committee", committee__isnull=False),
                name="goal_level_has_owner",
            ),
        ]

    class Access:
        resource = Resource.GOALS
        committee = "committee"
        municipality = "municipality"

    def __str__(self) -> str:
        return f"{self.number} {self.title}".strip()


@pghistory.track(*full_history())
class Assignment(Record):
    """Uppdrag: what the council, the board or the committee has told somebody to do."""

    class Giver(models.TextChoices):
        COUNCIL = "KF", "kommunfullmäktige"
        BOARD = "KS", "kommunstyrelsen"
        COMMITTEE = "namnd", "nämnden"

    committee = models.ForeignKey(Body, models.PROTECT, related_name="assignments", verbose_name="nämnd")
    code = models.CharField("kod", max_length=40)
    number = models.CharField("nummer", max_length=20, blank=True)
    title = models.CharField("uppdrag", max_length=250)
    text = models.TextField("beskrivning", blank=True)
    giver = models.CharField("givet av", max_length=10, choices=Giver)
    decided_on = models.DateField("beslutsdatum", null=True, blank=True)
    decision_paragraph = models.CharField("paragraf", max_length=20, blank=True)
    case_number = models.CharField("diarienummer", max_length=40, blank=True)
    owner = models.CharField("ansvarig", max_length=120, blank=True)
    due_on = models.DateField("klart senast", null=True, blank=True)
    due_condition = models.CharField("klart när", max_length=250, blank=True)
    from_year = models.PositiveSmallIntegerField("från år")
    to_year = models.PositiveSmallIntegerField("till år")
    position = models.PositiveSmallIntegerField("ordning", default=0)
    source = models.CharField("källa", max_length=200, blank=True)

    class Meta:
        verbose_name = "uppdrag"
        verbose_name_plural = "uppdrag"
        ordering: ClassVar = ["position"]
        triggers: ClassVar = [removes_links()]
        indexes: ClassVar = [
            models.Index(fields=["committee", "from_year", "position"], name="assignment_by_committee")
        ]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["committee", "code"], name="assignment_code_once"),
            models.CheckConstraint(
                condition=Q(to_year__gte=models.F("from_year")), name="assignment_years_in_order"
            ),
        ]

    class Access:
        resource = Resource.GOALS
        committee = "committee"

    def __str__(self) -> str:
        return self.title


@pghistory.track(*full_history())
class Activity(Record):
    """Aktivitet: what a unit does to reach a goal."""

    committee = models.ForeignKey(Body, models.PROTECT, related_name="activities", verbose_name="nämnd")
    goal = models.ForeignKey(Goal, models.CASCADE, related_name="activities", verbose_name="mål")
    unit = models.ForeignKey(
        Unit, models.PROTECT, null=True, blank=True, related_name="activities", verbose_name="enhet"
    )
    what = models.CharField("vad", max_length=300)
    why = models.TextField("varför (väntad effekt)", blank=True)
    who = models.CharField("vem", max_length=120, blank=True)
    year = models.PositiveSmallIntegerField("år")
    quarter = models.PositiveSmallIntegerField("kvartal", null=True, blank=True)
    followed_how = models.CharField("hur det följs upp", max_length=250, blank=True)
    progress = models.PositiveSmallIntegerField("genomfört i procent", null=True, blank=True)
    followed_up = models.TextField("uppföljning", blank=True, default="")
    done_on = models.DateField("klar", null=True, blank=True)
    source = models.CharField("källa", max_length=200, blank=True)

    class Meta:
        verbose_name = "aktivitet"
        verbose_name_plural = "aktiviteter"
        ordering: ClassVar = ["goal", "year", "quarter", "id"]
        triggers: ClassVar = [removes_links()]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(quarter=None) | Q(quarter__range=(1, 4)), name="quarter_1_to_4"
            ),
            models.CheckConstraint(
                condition=Q(progress=None)
                | Q(progress__range=(0, 99), done_on=None)
                | Q(progress=100, done_on__isnull=False),
                name="progress_0_to_100",
                violation_error_message="En klar aktivitet är genomförd till 100 procent, en annan till högst 99.",
            ),
        ]

    class Access:
        resource = Resource.GOALS
        committee = "committee"
        unit = "unit"

    def __str__(self) -> str:
        return self.what


@pghistory.track(*full_history())
class Assessment(Record):
    """Bedömning: what people say of a goal, an assignment or a measure at an occasion.

    The status is a code of the steering model's scale for the subject and the kind of occasion. Where the system
    proposed another status, the reason for departing from it is required by the database.
    """

    occasion = models.ForeignKey(
        Occasion, models.PROTECT, related_name="assessments", verbose_name="tillfälle"
    )
    subject_kind = models.CharField("avser", max_length=60)
    subject_id = models.BigIntegerField()
    unit = models.ForeignKey(
        Unit, models.PROTECT, null=True, blank=True, related_name="assessments", verbose_name="enhet"
    )
    status = models.CharField("bedömning", max_length=60, blank=True)
    proposed_status = models.CharField("föreslagen bedömning", max_length=60, blank=True)
    proposal_reason = models.CharField("varför föreslagen", max_length=300, blank=True)
    override_reason = models.TextField("skäl att avvika från förslaget", blank=True)
    analysis = models.TextField("analys", blank=True)
    outlook = models.TextField("prognos", blank=True)
    measures_taken = models.TextField("åtgärder", blank=True)
    assessed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="bedömd av",
    )

    class Meta:
        verbose_name = "bedömning"
        verbose_name_plural = "bedömningar"
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["occasion", "subject_kind", "subject_id", "unit"],
                name="assessed_once",
                nulls_distinct=False,
            ),
            models.CheckConstraint(
                condition=Q(proposed_status="")
                | Q(status="")
                | Q(status=models.F("proposed_status"))
                | ~Q(override_reason=""),
                name="override_says_why",
                violation_error_message="Bedömningen avviker från förslaget: skriv varför.",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["subject_kind", "subject_id"], name="assessment_by_subject")
        ]
        triggers: ClassVar = [
            pgtrigger.Trigger(
                name="subject_exists",
                operation=pgtrigger.Insert | pgtrigger.UpdateOf("subject_kind", "subject_id"),
                when=pgtrigger.Before,
                func="PERFORM roder_require_record(NEW.subject_kind, NEW.subject_id); RETURN NEW;",
            )
        ]

    class Access:
        resource = Resource.GOALS
        committee = "occasion__committee"
        unit = "unit"

    def __str__(self) -> str:
        return f"{self.subject_kind}:{self.subject_id} {self.status}"
