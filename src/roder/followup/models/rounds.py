"""A follow-up round: who is expected to report what at an occasion, and what they have written (3.4).

The state of a sheet is that of its task (assigned, marked ready, returned, attested): there is no second engine. A
sheet that does not exist is one that nobody expects.
"""

from __future__ import annotations

from typing import ClassVar

import pghistory
from django.conf import settings
from django.db import models
from django.db.models import F, Q

from roder.access.matrix import Resource
from roder.core.models import Record, full_history, old_states, removes_links
from roder.core.persons import FREE_TEXT
from roder.organisation.models import Body, Unit
from roder.steering.models import Occasion
from roder.tasks.models import subject_exists


class Part(models.TextChoices):
    """What a sheet is about. How each is filled in is declared in ``followup.parts``."""

    GOALS = "goals", "mål"
    FACTORS = "factors", "kritiska faktorer"
    CONTROLS = "controls", "internkontroll"
    ASSIGNMENTS = "assignments", "uppdrag"
    ACTIVITIES = "activities", "handlingsplan"
    ECONOMY = "economy", "ekonomi"


@pghistory.track(*full_history())
class Share(Record):
    """Delning: a goal, assignment, control or factor that a part of the organisation is to report on. Without a unit:
    every unit that reports. Where a subject has no share, its part's own rule says who is expected."""

    committee = models.ForeignKey(Body, models.PROTECT, related_name="+", verbose_name="nämnd")
    subject_kind = models.CharField("avser", max_length=60)
    subject_id = models.BigIntegerField()
    unit = models.ForeignKey(
        Unit, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="enhet"
    )
    with_below = models.BooleanField("även enheter under", default=True)
    from_year = models.PositiveSmallIntegerField("från år")
    to_year = models.PositiveSmallIntegerField("till år")

    class Meta:
        verbose_name = "delning"
        verbose_name_plural = "delningar"
        ordering: ClassVar = ["subject_kind", "subject_id", "unit"]
        triggers: ClassVar = [subject_exists()]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["subject_kind", "subject_id", "unit", "from_year"],
                name="shared_once",
                nulls_distinct=False,
                violation_error_message="Det är redan delat till enheten från det året.",
            ),
            models.CheckConstraint(condition=Q(to_year__gte=F("from_year")), name="share_years_in_order"),
        ]

    class Access:
        resource = Resource.FOLLOW_UP
        committee = "committee"
        unit = "unit"

    def __str__(self) -> str:
        return f"{self.subject_kind}:{self.subject_id} till {self.unit or 'alla'}"


@pghistory.track(*full_history())
class Round(Record):
    """Uppföljningsomgång: an occasion whose tasks have been handed out. Once closed, what is written is included."""

    committee = models.ForeignKey(Body, models.PROTECT, related_name="follow_up_rounds", verbose_name="nämnd")
    occasion = models.OneToOneField(
        Occasion, models.PROTECT, related_name="follow_up_round", verbose_name="tillfälle"
    )
    opened_at = models.DateTimeField("öppnad", auto_now_add=True)
    opened_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="av"
    )
    closed_at = models.DateTimeField("stängd", null=True, blank=True)
    closed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="av"
    )

    class Meta:
        verbose_name = "uppföljningsomgång"
        verbose_name_plural = "uppföljningsomgångar"
        ordering: ClassVar = ["-occasion__cut_off"]
        triggers: ClassVar = [removes_links()]

    class Access:
        resource = Resource.FOLLOW_UP
        committee = "committee"

    def __str__(self) -> str:
        return f"Uppföljning: {self.occasion.name}"

    @property
    def year(self) -> int:
        """The occasion's year, which its pages stand under."""
        return self.occasion.year


@pghistory.track(*old_states())
class Sheet(Record):
    """Blad: what one part of the organisation reports of one part at an occasion. A unit's is read by its department,
    whose own sheet is the summary that is read above. ``summary`` is what is told upward."""

    round = models.ForeignKey(Round, models.CASCADE, related_name="sheets", verbose_name="omgång")
    committee = models.ForeignKey(Body, models.PROTECT, related_name="+", verbose_name="nämnd")
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", verbose_name="enhet")
    above = models.ForeignKey(
        Unit,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="läses av",
        help_text="enheten ovanför, som den var när omgången öppnades",
    )
    part = models.CharField("del", max_length=20, choices=Part)
    summary = models.TextField("sammanfattning", blank=True, validators=FREE_TEXT)
    written_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="skriven av",
    )
    written_at = models.DateTimeField("senast skriven", null=True, blank=True)
    included_at = models.DateTimeField("tagen med", null=True, blank=True)

    class Meta:
        verbose_name = "uppföljningsblad"
        verbose_name_plural = "uppföljningsblad"
        ordering: ClassVar = ["unit__code", "part"]
        triggers: ClassVar = [removes_links()]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["round", "unit", "part"], name="sheet_once"),
            models.CheckConstraint(condition=Q(part__in=Part.values), name="sheet_known_part"),
        ]
        indexes: ClassVar = [models.Index(fields=["round", "above", "part"], name="sheet_by_above")]

    class Access:
        resource = Resource.FOLLOW_UP
        committee = "committee"
        unit = "unit"
        common = False

    def __str__(self) -> str:
        return f"{self.get_part_display().capitalize()}: {self.unit}"

    @property
    def year(self) -> int:
        """The occasion's year, which its page stands under."""
        return self.round.occasion.year


@pghistory.track(*old_states())
class Line(Record):
    """Rad: what a sheet says of one goal, factor, control or assignment.

    ``facts`` are the outcomes as they stood when the round was opened. One for each measure: ``{"title", "unit",
    "decimals", "target", "outcome", "year", "previous", "trend", "proposed", "tone", "code", "reason", "gid", "own"}``
    with numbers as text (``own``: the unit's own outcome, else the committee's); for other subjects ``{"title",
    "text", "gid"}``. ``status`` is a code of the model's scale for units, where there is one; the proposal may be
    departed from with a reason.
    """

    sheet = models.ForeignKey(Sheet, models.CASCADE, related_name="lines", verbose_name="blad")
    subject_kind = models.CharField("avser", max_length=60)
    subject_id = models.BigIntegerField()
    heading = models.CharField("rubrik", max_length=300, blank=True)
    title = models.CharField("benämning", max_length=300)
    position = models.PositiveSmallIntegerField("ordning", default=0)
    facts = models.JSONField("utfall", default=list, blank=True)
    proposed_status = models.CharField("föreslagen bedömning", max_length=60, blank=True)
    proposal_reason = models.CharField("varför föreslagen", max_length=300, blank=True)
    last_comment = models.TextField("förra kommentaren", blank=True)
    last_said = models.CharField("skriven vid", max_length=120, blank=True)
    status = models.CharField("bedömning", max_length=60, blank=True)
    override_reason = models.TextField("skäl att avvika", blank=True, validators=FREE_TEXT)
    comment = models.TextField("kommentar", blank=True, validators=FREE_TEXT)
    outlook = models.TextField("prognos", blank=True, validators=FREE_TEXT)
    measures_taken = models.TextField("åtgärder", blank=True, validators=FREE_TEXT)
    skipped = models.BooleanField("berör inte enheten", default=False)

    class Meta:
        verbose_name = "uppföljningsrad"
        verbose_name_plural = "uppföljningsrader"
        ordering: ClassVar = ["position", "id"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["sheet", "subject_kind", "subject_id"], name="line_once"),
            models.CheckConstraint(
                condition=Q(proposed_status="")
                | Q(status="")
                | Q(status=F("proposed_status"))
                | ~Q(override_reason=""),
                name="line_override_says_why",
                violation_error_message="Bedömningen avviker från förslaget: skriv varför.",
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["subject_kind", "subject_id"], name="line_by_subject")]

    class Access:
        resource = Resource.FOLLOW_UP
        committee = "sheet__committee"
        unit = "sheet__unit"
        common = False

    def __str__(self) -> str:
        return self.title


@pghistory.track(*full_history())
class Step(Record):
    """Steg: a dialogue, a union consultation or another step of an occasion that was held, with its day and a note."""

    occasion = models.ForeignKey(Occasion, models.PROTECT, related_name="steps", verbose_name="tillfälle")
    phase = models.CharField("fas", max_length=60)
    held_on = models.DateField("hölls")
    note = models.TextField("anteckning", blank=True, validators=FREE_TEXT)
    written_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="av"
    )

    class Meta:
        verbose_name = "steg"
        verbose_name_plural = "steg"
        ordering: ClassVar = ["held_on", "id"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["occasion", "phase"],
                name="step_held_once",
                violation_error_message="Steget är redan antecknat.",
            )
        ]

    class Access:
        resource = Resource.FOLLOW_UP
        committee = "occasion__committee"

    def __str__(self) -> str:
        return f"{self.phase} {self.held_on}"
