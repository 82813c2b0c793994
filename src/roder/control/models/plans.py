"""The plan of internal control: control points, their controls, and each time a control is made (5.2)."""

from __future__ import annotations

from typing import ClassVar

import pghistory
import pgtrigger
from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q

from roder.access.matrix import Resource
from roder.core.models import ImportBatch, Record, full_history, removes_links
from roder.core.persons import FREE_TEXT
from roder.organisation.models import Body, Role, Unit
from roder.questionnaires.models import QuestionSet
from roder.steering.models import Occasion


@pghistory.track(*full_history())
class ControlPlan(Record):
    """Internkontrollplan: what the committee has checked during a year. Adopted once, by the committee."""

    class State(models.TextChoices):
        DRAFT = "draft", "utkast"
        ADOPTED = "adopted", "antagen"
        CONCLUDED = "concluded", "avslutad"

    committee = models.ForeignKey(Body, models.PROTECT, related_name="control_plans", verbose_name="nämnd")
    year = models.PositiveSmallIntegerField("år")
    title = models.CharField("benämning", max_length=200, validators=FREE_TEXT)
    analysis = models.ForeignKey(
        "control.RiskAnalysis",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="plans",
        verbose_name="riskanalys",
    )
    state = models.CharField("läge", max_length=10, choices=State, default=State.DRAFT)
    adopted_on = models.DateField("antagen", null=True, blank=True)
    decision = models.CharField("beslut", max_length=120, blank=True, validators=FREE_TEXT)
    introduction = models.TextField("inledning", blank=True, validators=FREE_TEXT)
    source = models.CharField("källa", max_length=200, blank=True)

    class Meta:
        verbose_name = "internkontrollplan"
        verbose_name_plural = "internkontrollplaner"
        ordering: ClassVar = ["-year"]
        triggers: ClassVar = [
            removes_links(),
            pgtrigger.Trigger(
                name="adopted_once",
                operation=pgtrigger.UpdateOf("adopted_on", "state"),
                when=pgtrigger.Before,
                condition=pgtrigger.Q(old__adopted_on__isnull=False),
                func="""
                    IF NEW.adopted_on IS DISTINCT FROM OLD.adopted_on OR NEW.state = 'draft' THEN
                        RAISE EXCEPTION 'the plan is already adopted'
                            USING ERRCODE = 'check_violation', CONSTRAINT = 'plan_adopted_once';
                    END IF;
                    RETURN NEW;
                """,
            ),
        ]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["committee", "year"],
                name="control_plan_once_a_year",
                violation_error_message="Nämnden har redan en internkontrollplan för året.",
            ),
            models.CheckConstraint(
                condition=Q(state="draft", adopted_on=None)
                | (~Q(state="draft") & Q(adopted_on__isnull=False)),
                name="adopted_plan_has_day",
                violation_error_message="Ange vilken dag planen antogs.",
            ),
        ]

    class Access:
        resource = Resource.CONTROLS
        committee = "committee"

    def __str__(self) -> str:
        return f"{self.title} {self.year}"


@pghistory.track(*full_history())
class ControlPoint(Record):
    """Kontrollpunkt: a risk that the committee has checked, with one or more controls. The risk stays as long as the
    point does (the database refuses to remove it)."""

    committee = models.ForeignKey(Body, models.PROTECT, related_name="+", verbose_name="nämnd")
    plan = models.ForeignKey(
        ControlPlan, models.PROTECT, related_name="points", verbose_name="internkontrollplan"
    )
    risk = models.ForeignKey(
        "control.Risk", models.PROTECT, null=True, blank=True, related_name="points", verbose_name="risk"
    )
    number = models.CharField("nummer", max_length=20, validators=FREE_TEXT)
    title = models.CharField("kontrollpunkt", max_length=300, validators=FREE_TEXT)
    area = models.CharField("område", max_length=160, blank=True, validators=FREE_TEXT)
    process = models.CharField("process", max_length=160, blank=True, validators=FREE_TEXT)
    obligatory = models.BooleanField("obligatorisk", default=False)
    by_committee = models.BooleanField("nämndens eget initiativ", default=False)
    added_reason = models.CharField(
        "varför punkten lades till i en antagen plan", max_length=300, blank=True, validators=FREE_TEXT
    )
    position = models.PositiveSmallIntegerField("ordning", default=0)

    class Meta:
        verbose_name = "kontrollpunkt"
        verbose_name_plural = "kontrollpunkter"
        ordering: ClassVar = ["position", "id"]
        triggers: ClassVar = [removes_links()]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["plan", "number"],
                name="control_point_number_once",
                violation_error_message="Numret finns redan i planen. Välj ett annat.",
            )
        ]

    class Access:
        resource = Resource.CONTROLS
        committee = "committee"

    def __str__(self) -> str:
        return f"{self.number} {self.title}"


@pghistory.track(*full_history())
class Control(Record):
    """Kontrollmoment: what is checked, how, how much of it, how often, by whom, and when it is told.

    ``scope`` says how much is checked each time: a number, a share in percent, or all. ``occasions`` are the kinds of
    occasion it is reported at (``interim``, ``annual``); ``months`` the months where a municipality names those.
    The texts ``…_text`` are what the plan prints where the fixed values do not say it all.
    """

    class Method(models.TextChoices):
        SAMPLE = "sample", "Stickprov"
        ALL = "all", "Totalundersökning"
        INTERVIEW = "interview", "Intervju"
        SURVEY = "survey", "Enkät"
        DOCUMENTS = "documents", "Granskning av dokument"
        ANALYSIS = "analysis", "Analys"

    class Scope(models.TextChoices):
        NUMBER = "number", "antal"
        SHARE = "share", "andel"
        ALL = "all", "samtliga"

    class State(models.TextChoices):
        PLANNED = "planned", "planerad"
        HANDED_OVER = "handed_over", "överlämnad till egenkontroll"
        WITHDRAWN = "withdrawn", "utgår"

    committee = models.ForeignKey(Body, models.PROTECT, related_name="+", verbose_name="nämnd")
    point = models.ForeignKey(
        ControlPoint, models.PROTECT, related_name="controls", verbose_name="kontrollpunkt"
    )
    number = models.PositiveSmallIntegerField("ordning", default=1)
    what = models.CharField("vad kontrolleras", max_length=500, validators=FREE_TEXT)
    method = models.CharField("metod", max_length=12, choices=Method, default=Method.SAMPLE)
    method_text = models.CharField("metod i ord", max_length=300, blank=True, validators=FREE_TEXT)
    scope = models.CharField("omfattning", max_length=8, choices=Scope, default=Scope.ALL)
    scope_number = models.PositiveIntegerField(
        "antal per gång",
        null=True,
        blank=True,
        validators=[MinValueValidator(1, "Antalet ska vara minst 1.")],
    )
    scope_share = models.DecimalField(
        "andel, procent",
        max_digits=5,
        decimal_places=2,
        null=True,
        blank=True,
        validators=[
            MinValueValidator(0, "Andelen ska vara mellan 0 och 100 procent."),
            MaxValueValidator(100, "Andelen ska vara mellan 0 och 100 procent."),
        ],
    )
    scope_text = models.CharField("omfattning i ord", max_length=200, blank=True, validators=FREE_TEXT)
    frame_text = models.CharField("urvalsram", max_length=300, blank=True, validators=FREE_TEXT)
    frequency = models.CharField("frekvens", max_length=120, blank=True, validators=FREE_TEXT)
    times_a_year = models.PositiveSmallIntegerField("gånger per år", default=1)
    responsible = models.CharField("kontrollansvarig", max_length=120, validators=FREE_TEXT)
    owner_role = models.CharField("görs av rollen", max_length=30, choices=Role)
    unit = models.ForeignKey(
        Unit, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="enhet"
    )
    occasions = ArrayField(
        models.CharField(max_length=20), verbose_name="redovisas vid", default=list, blank=True
    )
    months = ArrayField(
        models.PositiveSmallIntegerField(), verbose_name="redovisas i månad", default=list, blank=True
    )
    reported_text = models.CharField("redovisas, i ord", max_length=200, blank=True, validators=FREE_TEXT)
    question_set = models.ForeignKey(
        QuestionSet, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="checklista"
    )
    state = models.CharField("läge", max_length=12, choices=State, default=State.PLANNED)
    state_reason = models.CharField("skäl", max_length=300, blank=True, validators=FREE_TEXT)
    batch = models.ForeignKey(ImportBatch, models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        verbose_name = "kontrollmoment"
        verbose_name_plural = "kontrollmoment"
        ordering: ClassVar = ["point", "number"]
        triggers: ClassVar = [
            removes_links(),
            # 0 asks for the point's next number: what a file brings is numbered as it is written.
            pgtrigger.Trigger(
                name="gives_number",
                operation=pgtrigger.Insert,
                when=pgtrigger.Before,
                condition=pgtrigger.Q(new__number=0),
                func="""
                    PERFORM pg_advisory_xact_lock(7203322, NEW.point_id::int);
                    NEW.number := (SELECT COALESCE(max(number), 0) + 1 FROM control_control
                                   WHERE point_id = NEW.point_id);
                    RETURN NEW;
                """,
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["batch"], name="control_by_batch", condition=Q(batch__isnull=False))
        ]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["point", "number"],
                name="control_number_once",
                violation_error_message="Kontrollpunkten har redan ett kontrollmoment med den ordningen.",
            ),
            models.UniqueConstraint(
                fields=["point", "what"],
                name="control_once",
                condition=Q(state="planned"),
                violation_error_message="Kontrollpunkten har redan den kontrollen. Ändra den som finns.",
            ),
            models.CheckConstraint(
                condition=~Q(responsible="") & ~Q(owner_role=""),
                name="control_has_responsible",
                violation_error_message="Ange vem som ansvarar för kontrollen.",
            ),
            models.CheckConstraint(
                condition=Q(scope="number", scope_number__gte=1, scope_share=None)
                | Q(scope="share", scope_share__gt=0, scope_share__lte=100, scope_number=None)
                | Q(scope="all", scope_number=None, scope_share=None),
                name="control_scope_whole",
                violation_error_message="Ange antal eller andel så som omfattningen säger.",
            ),
            models.CheckConstraint(
                condition=Q(state="planned") | ~Q(state_reason=""),
                name="control_out_says_why",
                violation_error_message="Skriv varför kontrollen lämnas över eller utgår.",
            ),
        ]

    class Access:
        resource = Resource.CONTROLS
        committee = "committee"
        unit = "unit"

    def __str__(self) -> str:
        return self.what


@pghistory.track(*full_history())
class ControlRound(Record):
    """A time a control is made: for an occasion, about a period, due a day; and what came of it.

    ``checked`` and ``deviating`` are counted from the items of its samples, or written where there is no sample.
    Moved: it was not made, why, and when it is told instead.
    """

    class State(models.TextChoices):
        OPEN = "open", "pågår"
        DONE = "done", "genomförd"
        MOVED = "moved", "flyttad"
        HANDED_OVER = "handed_over", "överlämnad till egenkontroll"
        CANCELLED = "cancelled", "inställd"

    committee = models.ForeignKey(Body, models.PROTECT, related_name="+", verbose_name="nämnd")
    control = models.ForeignKey(Control, models.PROTECT, related_name="rounds", verbose_name="kontrollmoment")
    occasion = models.ForeignKey(
        Occasion,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="uppföljningstillfälle",
    )
    number = models.PositiveSmallIntegerField("gång")
    period_from = models.DateField("period från", null=True, blank=True)
    period_to = models.DateField("period till och med", null=True, blank=True)
    due_on = models.DateField("klar senast")
    state = models.CharField("läge", max_length=12, choices=State, default=State.OPEN)
    checked = models.PositiveIntegerField("granskade", null=True, blank=True)
    deviating = models.PositiveIntegerField("med brist", null=True, blank=True)
    result = models.TextField("resultat", blank=True, validators=FREE_TEXT)
    action = models.TextField("åtgärd", blank=True, validators=FREE_TEXT)
    done_at = models.DateTimeField("genomförd", null=True, blank=True)
    done_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="genomförd av",
    )
    moved_to = models.DateField("redovisas senast", null=True, blank=True)
    moved_reason = models.CharField("skäl", max_length=400, blank=True, validators=FREE_TEXT)
    registered_at = models.DateTimeField("registrerad", db_default=models.functions.Now())

    class Meta:
        verbose_name = "genomförande av kontroll"
        verbose_name_plural = "genomföranden av kontroll"
        ordering: ClassVar = ["due_on", "id"]
        triggers: ClassVar = [removes_links()]
        indexes: ClassVar = [models.Index(fields=["committee", "due_on"], name="control_round_by_due")]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["control", "number"], name="control_round_once"),
            models.CheckConstraint(
                condition=Q(period_from=None) | Q(period_to=None) | Q(period_to__gte=F("period_from")),
                name="control_period_forwards",
                violation_error_message="Perioden kan inte sluta innan den börjar.",
            ),
            models.CheckConstraint(
                condition=Q(deviating=None) | Q(deviating__lte=F("checked")),
                name="deviating_among_checked",
                violation_error_message="Fler kan inte ha brist än som är granskade.",
            ),
            models.CheckConstraint(
                condition=~Q(state="done") | Q(done_at__isnull=False), name="done_control_round_has_moment"
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["moved", "handed_over", "cancelled"]) | ~Q(moved_reason=""),
                name="moved_control_says_why",
                violation_error_message="Skriv varför kontrollen flyttas, lämnas över eller ställs in.",
            ),
            models.CheckConstraint(
                condition=~Q(state="moved") | Q(moved_to__isnull=False),
                name="moved_control_says_when",
                violation_error_message="Ange när kontrollen redovisas i stället.",
            ),
        ]

    class Access:
        resource = Resource.CONTROLS
        committee = "committee"
        unit = "control__unit"

    def __str__(self) -> str:
        return f"{self.control}, gång {self.number}"
