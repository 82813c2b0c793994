"""Self-checks (egenkontroll): a unit's yearly quality plan, the risks in its process, the checks and their rounds."""

from __future__ import annotations

from typing import ClassVar

import pghistory
from django.conf import settings
from django.db import models
from django.db.models import F, Q

from roder.access.matrix import Resource
from roder.core.models import Record, full_history, removes_links
from roder.core.persons import FREE_TEXT
from roder.organisation.models import Body, Role, Unit
from roder.questionnaires.models import QuestionSet


class ProcessStep(models.TextChoices):
    """The steps from application to closing, in order."""

    APPLICATION = "application", "Ansökan"
    DECISION = "decision", "Utredning och beslut"
    PLAN = "plan", "Planering"
    CARRY_OUT = "carry_out", "Genomförande"
    FOLLOW_UP = "follow_up", "Uppföljning"
    CLOSE = "close", "Avslut"


class Interval(models.TextChoices):
    """How often a check is made."""

    MONTH = "month", "varje månad"
    QUARTER = "quarter", "varje kvartal"
    THIRD = "third", "tre gånger om året"
    HALF_YEAR = "half_year", "varje halvår"
    YEAR = "year", "en gång om året"


@pghistory.track(*full_history())
class QualityPlan(Record):
    """Kvalitetsplan: what a unit checks during a year. Decided by its manager; then its rounds are planned."""

    class State(models.TextChoices):
        DRAFT = "draft", "utkast"
        DECIDED = "decided", "beslutad"

    committee = models.ForeignKey(Body, models.PROTECT, related_name="+", verbose_name="nämnd")
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="quality_plans", verbose_name="enhet")
    year = models.PositiveSmallIntegerField("år")
    aim = models.TextField("vad vi vill uppnå", blank=True, validators=FREE_TEXT)
    state = models.CharField("läge", max_length=10, choices=State, default=State.DRAFT)
    decided_at = models.DateTimeField("beslutad", null=True, blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="beslutad av",
    )
    registered_at = models.DateTimeField("registrerad", db_default=models.functions.Now())

    class Meta:
        verbose_name = "kvalitetsplan"
        verbose_name_plural = "kvalitetsplaner"
        ordering: ClassVar = ["-year", "unit"]
        triggers: ClassVar = [removes_links()]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["unit", "year"],
                name="quality_plan_once",
                violation_error_message="Enheten har redan en kvalitetsplan för året.",
            ),
            models.CheckConstraint(
                condition=Q(state="draft", decided_at=None) | Q(state="decided", decided_at__isnull=False),
                name="decided_plan_has_moment",
            ),
        ]

    class Access:
        resource = Resource.SELF_CHECKS
        committee = "committee"
        unit = "unit"
        common = False

    def __str__(self) -> str:
        return f"Kvalitetsplan {self.year}, {self.unit}"


@pghistory.track(*full_history())
class ProcessRisk(Record):
    """A risk in a step of the unit's process. Likelihood and consequence from 1 to 4; their product orders the list."""

    plan = models.ForeignKey(QualityPlan, models.CASCADE, related_name="risks", verbose_name="kvalitetsplan")
    step = models.CharField("steg i processen", max_length=20, choices=ProcessStep)
    what = models.CharField("risk", max_length=500, validators=FREE_TEXT)
    likelihood = models.PositiveSmallIntegerField("sannolikhet", default=2)
    consequence = models.PositiveSmallIntegerField("konsekvens", default=2)

    class Meta:
        verbose_name = "risk i processen"
        verbose_name_plural = "risker i processen"
        ordering: ClassVar = ["plan", "id"]
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(step__in=ProcessStep.values), name="risk_known_step"),
            models.CheckConstraint(
                condition=Q(likelihood__range=(1, 4), consequence__range=(1, 4)), name="risk_from_1_to_4"
            ),
        ]

    class Access:
        resource = Resource.SELF_CHECKS
        committee = "plan__committee"
        unit = "plan__unit"
        common = False

    def __str__(self) -> str:
        return self.what

    @property
    def value(self) -> int:
        """Likelihood times consequence, 1 to 16."""
        return self.likelihood * self.consequence


@pghistory.track(*full_history())
class SelfCheck(Record):
    """Egenkontroll: what is asked (a question set), how (method), of how many (sample) and how often (interval)."""

    plan = models.ForeignKey(QualityPlan, models.CASCADE, related_name="checks", verbose_name="kvalitetsplan")
    risk = models.ForeignKey(
        ProcessRisk, models.PROTECT, null=True, blank=True, related_name="checks", verbose_name="risk"
    )
    title = models.CharField("egenkontroll", max_length=200, validators=FREE_TEXT)
    question_set = models.ForeignKey(QuestionSet, models.PROTECT, related_name="+", verbose_name="frågor")
    method = models.CharField(
        "metod",
        max_length=500,
        validators=FREE_TEXT,
        help_text="till exempel granskning av slumpvis valda akter",
    )
    sample = models.PositiveSmallIntegerField("urval (antal)", default=1)
    sample_of = models.CharField("urval av", max_length=120, blank=True, validators=FREE_TEXT)
    interval = models.CharField("hur ofta", max_length=10, choices=Interval, default=Interval.HALF_YEAR)
    first_on = models.DateField("första gången senast")
    role = models.CharField("görs av", max_length=30, choices=Role, default=Role.UNIT_MANAGER)
    stopped_at = models.DateTimeField("upphörd", null=True, blank=True)

    class Meta:
        verbose_name = "egenkontroll"
        verbose_name_plural = "egenkontroller"
        ordering: ClassVar = ["plan", "first_on", "id"]
        triggers: ClassVar = [removes_links()]
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(sample__range=(1, 200)), name="self_check_sample_1_to_200"),
            models.CheckConstraint(
                condition=Q(interval__in=Interval.values), name="self_check_known_interval"
            ),
        ]

    class Access:
        resource = Resource.SELF_CHECKS
        committee = "plan__committee"
        unit = "plan__unit"
        common = False

    def __str__(self) -> str:
        return self.title


@pghistory.track(*full_history())
class SelfCheckRound(Record):
    """One time a check is to be made: from ``opens_on``, at the latest ``due_on``; and what came of it.

    ``found`` is how many of the ``sampled`` had a shortcoming. ``method_followed`` is None until the round is done.
    """

    class Followed(models.TextChoices):
        YES = "yes", "ja"
        PARTLY = "partly", "delvis"
        NO = "no", "nej"

    control = models.ForeignKey(SelfCheck, models.CASCADE, related_name="rounds", verbose_name="egenkontroll")
    committee = models.ForeignKey(Body, models.PROTECT, related_name="+", verbose_name="nämnd")
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", verbose_name="enhet")
    number = models.PositiveSmallIntegerField("omgång")
    opens_on = models.DateField("från")
    due_on = models.DateField("senast")
    opened_at = models.DateTimeField("öppnad", null=True, blank=True)
    done_at = models.DateTimeField("klar", null=True, blank=True)
    done_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="gjord av",
    )
    sampled = models.PositiveSmallIntegerField("granskade", default=0)
    found = models.PositiveSmallIntegerField("med brist", default=0)
    method_followed = models.CharField(
        "metoden följd", max_length=10, choices=Followed, blank=True, default=""
    )
    method_note = models.CharField("avvek från metoden så", max_length=500, blank=True, validators=FREE_TEXT)
    outcome = models.TextField("resultat", blank=True, validators=FREE_TEXT)
    skipped_at = models.DateTimeField("utebliven", null=True, blank=True)
    skipped_why = models.CharField("varför den uteblev", max_length=500, blank=True, validators=FREE_TEXT)
    registered_at = models.DateTimeField("registrerad", db_default=models.functions.Now())

    class Meta:
        verbose_name = "omgång av egenkontroll"
        verbose_name_plural = "omgångar av egenkontroll"
        ordering: ClassVar = ["due_on", "id"]
        triggers: ClassVar = [removes_links()]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["control", "number"], name="self_check_round_once"),
            models.CheckConstraint(condition=Q(opens_on__lte=F("due_on")), name="round_opens_before_due"),
            models.CheckConstraint(condition=Q(found__lte=F("sampled")), name="round_found_among_sampled"),
            models.CheckConstraint(
                condition=Q(done_at=None, method_followed="")
                | (Q(done_at__isnull=False) & ~Q(method_followed="")),
                name="done_round_says_how",
            ),
            models.CheckConstraint(
                condition=Q(skipped_at=None) | (Q(done_at=None) & ~Q(skipped_why="")),
                name="skipped_round_says_why",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["committee", "due_on"], name="round_by_due"),
            models.Index(
                fields=["opens_on"],
                name="round_to_open",
                condition=Q(opened_at=None, done_at=None, skipped_at=None),
            ),
        ]

    class Access:
        resource = Resource.SELF_CHECKS
        committee = "committee"
        unit = "unit"
        common = False

    def __str__(self) -> str:
        return f"{self.control}, omgång {self.number}"
