"""Samples: the frame that is drawn from, the draw that anybody can repeat, and what was found in each item (5.2).

References are pseudonymous: a case's reference, a decision's number. Never a name or a personal identity number.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable
from typing import Any, ClassVar

import pghistory
import pgtrigger
from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Func, Q

from roder.access.matrix import Action, Resource, allows
from roder.access.rights import grants
from roder.control.models.plans import ControlRound
from roder.core.models import Record, full_history, removes_links
from roder.core.persons import FREE_TEXT


def made_seed() -> str:
    """A seed that the system makes: 16 hexadecimal digits that nobody could have foreseen."""
    return secrets.token_hex(8)


def _length(column: str) -> Func:
    return Func(F(column), function="CARDINALITY", output_field=models.IntegerField())


def _seen(to_round: str) -> Callable[[Any, Action], Q]:
    """The rows of rounds that a person sees: in the committee or the unit of a mandate that gives it. A control that
    is not a unit's own is seen by everybody in the committee with the right, and made by those whose role makes it."""
    committee, unit = f"{to_round}__committee", f"{to_round}__control__unit"

    def rows(user: Any, action: Action) -> Q:
        found = Q(pk__in=())
        for grant in grants(user):
            if not allows(grant.role, Resource.SAMPLES, action):
                continue
            here = Q(**{committee: grant.committee_id})
            if grant.unit_id is None:
                found |= here
                continue
            found |= Q(**{f"{unit}__in": grant.units})
            if action is Action.VIEW:
                found |= here & Q(**{unit: None})
            elif action is Action.COMMENT:
                found |= here & Q(**{unit: None, f"{to_round}__control__owner_role": grant.role})
        return found

    return rows


class SampleFrame(models.Model):
    """Urvalsram: the references that a sample is drawn from, as they were. Never changed; no reference twice.

    ``source`` is the file's name, or the register it was taken from with its condition in words. ``seed`` is made when
    the frame is, and so stands there before anybody has seen a draw.
    """

    round = models.ForeignKey(
        ControlRound, models.PROTECT, related_name="frames", verbose_name="genomförande"
    )
    name = models.CharField("vad ramen är", max_length=160, validators=FREE_TEXT)
    source = models.CharField("hämtad ur", max_length=300)
    register = models.CharField("register", max_length=60, blank=True)
    refs = ArrayField(models.CharField(max_length=80), verbose_name="referenser")
    size = models.GeneratedField(
        expression=_length("refs"),
        output_field=models.IntegerField(),
        db_persist=True,
        verbose_name="antal",
    )
    sha256 = models.CharField(max_length=64)
    seed = models.CharField("frö", max_length=64, default=made_seed)
    taken_at = models.DateTimeField("hämtad", auto_now_add=True)
    taken_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="hämtad av"
    )

    class Meta:
        verbose_name = "urvalsram"
        verbose_name_plural = "urvalsramar"
        ordering: ClassVar = ["id"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["round", "name"],
                name="frame_name_once",
                violation_error_message="Genomförandet har redan en ram med det namnet.",
            ),
            models.UniqueConstraint(
                fields=["round", "sha256"],
                name="frame_content_once",
                violation_error_message="Genomförandet har redan en ram med samma referenser.",
            ),
        ]
        triggers: ClassVar = [
            pgtrigger.Protect(name="never_changed", operation=pgtrigger.Update),
            pgtrigger.Trigger(
                name="no_reference_twice",
                operation=pgtrigger.Insert,
                when=pgtrigger.Before,
                func="""
                    IF cardinality(NEW.refs) IS DISTINCT FROM
                       (SELECT count(DISTINCT r) FROM unnest(NEW.refs) AS r)::int
                       OR cardinality(NEW.refs) = 0 THEN
                        RAISE EXCEPTION 'the frame is empty or has a reference twice'
                            USING ERRCODE = 'check_violation', CONSTRAINT = 'frame_has_no_duplicates';
                    END IF;
                    RETURN NEW;
                """,
            ),
        ]

    class Access:
        resource = Resource.SAMPLES
        committee = "round__committee"
        unit = "round__control__unit"
        rows = staticmethod(_seen("round"))

    def __str__(self) -> str:
        return self.name


class ControlSample(models.Model):
    """A sample: the frame, the seed, how many, by which rule. The same frame, seed and size give the same items.

    One for a frame, so two people who draw at once get the same. ``rule`` is the method's name and version, the share
    or number that was asked for and how it was rounded.
    """

    frame = models.OneToOneField(SampleFrame, models.PROTECT, related_name="sample", verbose_name="urvalsram")
    seed = models.CharField("frö", max_length=64)
    size = models.PositiveIntegerField("antal")
    rule = models.JSONField("regel")
    drawn_at = models.DateTimeField("dragen", auto_now_add=True)
    drawn_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="dragen av"
    )

    class Meta:
        verbose_name = "stickprov"
        verbose_name_plural = "stickprov"
        ordering: ClassVar = ["id"]
        triggers: ClassVar = [
            removes_links(),
            pgtrigger.Protect(name="never_changed", operation=pgtrigger.Update),
            pgtrigger.Trigger(
                name="within_frame",
                operation=pgtrigger.Insert,
                when=pgtrigger.Before,
                func="""
                    IF NEW.size < 1 OR NEW.size > (SELECT size FROM control_sampleframe WHERE id = NEW.frame_id) THEN
                        RAISE EXCEPTION 'the sample is larger than its frame'
                            USING ERRCODE = 'check_violation', CONSTRAINT = 'sample_within_frame';
                    END IF;
                    RETURN NEW;
                """,
            ),
        ]

    class Access:
        resource = Resource.SAMPLES
        committee = "frame__round__committee"
        unit = "frame__round__control__unit"
        rows = staticmethod(_seen("frame__round"))

    def __str__(self) -> str:
        return f"{self.frame}: {self.size}"


@pghistory.track(*full_history())
class SampleItem(Record):
    """One drawn item: its reference and what was found. A checklist's answer belongs to it (questionnaires)."""

    sample = models.ForeignKey(ControlSample, models.PROTECT, related_name="items", verbose_name="stickprov")
    position = models.PositiveIntegerField("ordning")
    reference = models.CharField("referens", max_length=80)
    deviates = models.BooleanField("brist", null=True, blank=True)
    note = models.TextField("iakttagelse", blank=True, validators=FREE_TEXT)
    checked_at = models.DateTimeField("granskad", null=True, blank=True)
    checked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="granskad av",
    )

    class Meta:
        verbose_name = "granskad post"
        verbose_name_plural = "granskade poster"
        ordering: ClassVar = ["sample", "position"]
        triggers: ClassVar = [removes_links()]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["sample", "position"], name="sample_position_once"),
            models.UniqueConstraint(fields=["sample", "reference"], name="sample_reference_once"),
            models.CheckConstraint(
                condition=Q(checked_at=None, deviates=None)
                | Q(checked_at__isnull=False, deviates__isnull=False),
                name="checked_item_has_outcome",
            ),
        ]

    class Access:
        resource = Resource.SAMPLES
        committee = "sample__frame__round__committee"
        unit = "sample__frame__round__control__unit"
        rows = staticmethod(_seen("sample__frame__round"))

    def __str__(self) -> str:
        return self.reference
