"""Question sets with their versions, and answers with theirs."""

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
from roder.core.persons import FREE_TEXT
from roder.organisation.models import Body, Unit
from roder.steering.models import Occasion


@pghistory.track(*full_history())
class QuestionSet(Record):
    """Frågeformulär: what it is called and who answers it. What it asks stands in its versions."""

    class Audience(models.TextChoices):
        UNIT = "unit", "enheter vid ett tillfälle"
        OBJECT = "object", "en person om ett objekt"
        PUBLIC = "public", "allmänheten"

    committee = models.ForeignKey(Body, models.PROTECT, related_name="question_sets", verbose_name="nämnd")
    code = models.CharField("kod", max_length=60)
    title = models.CharField("formulär", max_length=300)
    audience = models.CharField("besvaras av", max_length=10, choices=Audience)
    subject_kinds = ArrayField(
        models.CharField(max_length=60), verbose_name="gäller", default=list, blank=True
    )
    closed = models.BooleanField("stängt", default=False, help_text="inga nya svar tas emot")

    class Meta:
        verbose_name = "frågeformulär"
        verbose_name_plural = "frågeformulär"
        ordering: ClassVar = ["title"]
        triggers: ClassVar = [removes_links()]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["committee", "code"], name="question_set_once"),
            models.CheckConstraint(
                condition=Q(audience__in=["unit", "object", "public"]), name="question_set_known_audience"
            ),
        ]

    class Access:
        resource = Resource.QUESTIONNAIRES
        committee = "committee"

    def __str__(self) -> str:
        return self.title


class QuestionSetVersion(models.Model):
    """One loaded version of a set. Never changed, only followed by the next: answers keep the one they answer."""

    question_set = models.ForeignKey(
        QuestionSet, models.PROTECT, related_name="versions", verbose_name="formulär"
    )
    number = models.PositiveSmallIntegerField("version")
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
        verbose_name = "version av frågeformulär"
        verbose_name_plural = "versioner av frågeformulär"
        ordering: ClassVar = ["question_set", "-number"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["question_set", "number"], name="question_set_version_once")
        ]
        triggers: ClassVar = [
            pgtrigger.Protect(name="never_changed", operation=pgtrigger.Update | pgtrigger.Delete)
        ]

    class Access:
        resource = Resource.QUESTIONNAIRES
        committee = "question_set__committee"

    def __str__(self) -> str:
        return f"{self.question_set} version {self.number}"


@pghistory.track(*full_history())
class Answer(Record):
    """Svar: by a unit at an occasion, by a person for an object, or by the public. ``key`` tells several apart.

    Who may see an answer for an object is who may see the object: ask ``questionnaires.visible_answers``.
    """

    class State(models.TextChoices):
        DRAFT = "draft", "utkast"
        FINAL = "final", "lämnat"

    question_set = models.ForeignKey(
        QuestionSet, models.PROTECT, related_name="answers", verbose_name="formulär"
    )
    version = models.ForeignKey(
        QuestionSetVersion, models.PROTECT, related_name="answers", verbose_name="version av formuläret"
    )
    committee = models.ForeignKey(Body, models.PROTECT, related_name="+", verbose_name="nämnd")
    unit = models.ForeignKey(
        Unit, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="enhet"
    )
    occasion = models.ForeignKey(
        Occasion, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="tillfälle"
    )
    subject_kind = models.CharField("avser", max_length=60, blank=True)
    subject_id = models.BigIntegerField(null=True, blank=True)
    key = models.CharField("nyckel", max_length=60, blank=True)
    public = models.BooleanField("från allmänheten", default=False)
    year = models.PositiveSmallIntegerField("år")
    state = models.CharField("läge", max_length=10, choices=State, default=State.DRAFT)
    content = models.JSONField("svar", default=dict, blank=True)
    edition = models.PositiveSmallIntegerField("lämnad gång", default=0)
    remarks = models.PositiveSmallIntegerField("brister", default=0)
    points = models.DecimalField("poäng", max_digits=10, decimal_places=2, null=True, blank=True)
    points_of = models.DecimalField("av poäng", max_digits=10, decimal_places=2, null=True, blank=True)
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="besvarat av",
    )
    answered_at = models.DateTimeField("besvarat", null=True, blank=True)
    registered_at = models.DateTimeField("registrerad", db_default=models.functions.Now())

    class Meta:
        verbose_name = "svar"
        verbose_name_plural = "svar"
        ordering: ClassVar = ["-changed_at", "-id"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["question_set", "subject_kind", "subject_id", "unit", "occasion", "year", "key"],
                name="answered_once",
                condition=Q(public=False),
                nulls_distinct=False,
                violation_error_message="Det finns redan ett svar.",
            ),
            models.CheckConstraint(
                condition=Q(subject_kind="", subject_id=None)
                | (~Q(subject_kind="") & Q(subject_id__isnull=False)),
                name="answer_subject_whole",
            ),
            models.CheckConstraint(
                condition=Q(state="draft") | Q(state="final", answered_at__isnull=False, edition__gt=0),
                name="final_answer_has_moment",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["subject_kind", "subject_id"], name="answer_by_subject"),
            models.Index(fields=["committee", "question_set", "year"], name="answer_by_set"),
        ]
        triggers: ClassVar = [
            removes_links(),
            pgtrigger.Trigger(
                name="subject_exists",
                operation=pgtrigger.Insert | pgtrigger.UpdateOf("subject_kind", "subject_id"),
                when=pgtrigger.Before,
                condition=pgtrigger.Q(new__subject_id__isnull=False),
                func="PERFORM roder_require_record(NEW.subject_kind, NEW.subject_id); RETURN NEW;",
            ),
        ]

    class Access:
        resource = Resource.QUESTIONNAIRES
        committee = "committee"
        unit = "unit"
        own = "answered_by"
        common = False

    def __str__(self) -> str:
        return f"{self.question_set}: {self.unit or self.subject_kind or self.committee.short_name}"


class AnswerEdition(models.Model):
    """What an answer said each time it was handed in. Never changed."""

    answer = models.ForeignKey(Answer, models.CASCADE, related_name="editions", verbose_name="svar")
    number = models.PositiveSmallIntegerField("gång")
    version = models.ForeignKey(QuestionSetVersion, models.PROTECT, related_name="+", verbose_name="version")
    content = models.JSONField("svar")
    at = models.DateTimeField("när")
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="av"
    )
    reopened = models.CharField("skäl att öppna igen", max_length=500, blank=True, validators=FREE_TEXT)

    class Meta:
        verbose_name = "lämnat svar"
        verbose_name_plural = "lämnade svar"
        ordering: ClassVar = ["answer", "number"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["answer", "number"], name="answer_edition_once")
        ]

    class Access:
        resource = Resource.QUESTIONNAIRES
        committee = "answer__committee"
        unit = "answer__unit"
        own = "answer__answered_by"
        common = False

    def __str__(self) -> str:
        return f"{self.answer} ({self.number})"
