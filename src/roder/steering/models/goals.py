"""From the vision to what a unit does: focus areas, goals, assignments, activities."""

from __future__ import annotations

from typing import ClassVar

import pghistory
from django.db import models
from django.db.models import Q

from roder.access.matrix import Resource
from roder.core.models import Record, full_history, removes_links
from roder.core.persons import FREE_TEXT
from roder.organisation.models import Body, Municipality, Unit


@pghistory.track(*full_history())
class Vision(Record):
    """A municipality's vision."""

    municipality = models.ForeignKey(
        Municipality, models.PROTECT, related_name="visions", verbose_name="kommun"
    )
    title = models.CharField("rubrik", max_length=200, validators=FREE_TEXT)
    text = models.TextField("text", blank=True, validators=FREE_TEXT)
    decision = models.CharField("beslut", max_length=200, blank=True)
    source = models.CharField("källa", max_length=200, blank=True)

    class Meta:
        verbose_name = "vision"
        verbose_name_plural = "visioner"

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
    title = models.CharField("mål", max_length=200, validators=FREE_TEXT)
    text = models.TextField("beskrivning", blank=True, validators=FREE_TEXT)
    focus_area = models.ForeignKey(
        FocusArea, models.PROTECT, null=True, blank=True, related_name="goals", verbose_name="fokusområde"
    )
    parent = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="children", verbose_name="bidrar till"
    )
    motive = models.TextField("motiv eller koppling", blank=True, validators=FREE_TEXT)
    agenda2030 = models.CharField("Agenda 2030", max_length=60, blank=True)
    responsible = models.CharField("ansvarig", max_length=120, blank=True)
    population = models.CharField("avser", max_length=200, blank=True, validators=FREE_TEXT)
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
    title = models.CharField("uppdrag", max_length=250, validators=FREE_TEXT)
    text = models.TextField("beskrivning", blank=True, validators=FREE_TEXT)
    giver = models.CharField("givet av", max_length=10, choices=Giver)
    decided_on = models.DateField("beslutsdatum", null=True, blank=True)
    decision_paragraph = models.CharField("paragraf", max_length=20, blank=True)
    case_number = models.CharField("diarienummer", max_length=40, blank=True)
    owner = models.CharField("ansvarig", max_length=120, blank=True)
    due_on = models.DateField("klart senast", null=True, blank=True)
    due_condition = models.CharField("klart när", max_length=250, blank=True, validators=FREE_TEXT)
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
    what = models.CharField("vad", max_length=300, validators=FREE_TEXT)
    why = models.TextField("varför (väntad effekt)", blank=True, validators=FREE_TEXT)
    who = models.CharField("vem", max_length=120, blank=True, validators=FREE_TEXT)
    year = models.PositiveSmallIntegerField("år")
    quarter = models.PositiveSmallIntegerField("kvartal", null=True, blank=True)
    followed_how = models.CharField("hur det följs upp", max_length=250, blank=True, validators=FREE_TEXT)
    progress = models.PositiveSmallIntegerField("genomfört i procent", null=True, blank=True)
    followed_up = models.TextField("uppföljning", blank=True, default="", validators=FREE_TEXT)
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
