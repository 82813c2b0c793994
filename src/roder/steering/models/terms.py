"""The words of a steering model that rows point at: account groups, services, kinds of support, types and causes."""

from __future__ import annotations

from typing import ClassVar

import pghistory
from django.contrib.postgres.fields import ArrayField
from django.db import models

from roder.core.models import Record, full_history
from roder.organisation.models import Body
from roder.steering.models.versions import SteeringModelVersion


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
        verbose_name_plural = "kontogrupper"


@pghistory.track(*full_history())
class ServiceCode(Term):
    """Verksamhet: the code of a kind of service, such as 55 Vård och omsorg."""

    class Meta(Term.Meta):
        verbose_name = "verksamhet"
        verbose_name_plural = "verksamheter"


@pghistory.track(*full_history())
class InvestmentCategory(Term):
    """Investeringskategori, such as those of the EIRA model."""

    class Meta(Term.Meta):
        verbose_name = "investeringskategori"
        verbose_name_plural = "investeringskategorier"


@pghistory.track(*full_history())
class Support(Term):
    """Insats: a kind of support whose volume is followed."""

    area = models.CharField("område", max_length=80, blank=True)
    unit_of_count = models.CharField("räknas i", max_length=20, default="personer")

    class Meta(Term.Meta):
        verbose_name = "insats"
        verbose_name_plural = "insatser"


@pghistory.track(*full_history())
class ServiceArea(Term):
    """Verksamhetsområde: cuts across units. ``units`` are the codes of those that belong to it by default."""

    law = models.CharField("lag", max_length=60, blank=True)
    units = ArrayField(models.CharField(max_length=40), verbose_name="enheter", default=list, blank=True)
    external = models.BooleanField("drivs av extern utförare", default=False)

    class Meta(Term.Meta):
        verbose_name = "verksamhetsområde"
        verbose_name_plural = "verksamhetsområden"


@pghistory.track(*full_history())
class DeviationType(Term):
    """Typ av avvikelse. ``clinical`` ones are assessed at once by licensed staff."""

    category = models.CharField("kategori", max_length=60, blank=True)
    category_label = models.CharField("kategorins benämning", max_length=200, blank=True)
    clinical = models.BooleanField("bedöms av legitimerad personal", default=False)
    icon = models.CharField("bild", max_length=60, blank=True)

    class Meta(Term.Meta):
        verbose_name = "typ av avvikelse"
        verbose_name_plural = "typer av avvikelser"


@pghistory.track(*full_history())
class DeviationCause(Term):
    """A cause or sub-type that is counted under a type; its code is unique within the type."""

    type = models.ForeignKey(DeviationType, models.PROTECT, related_name="causes", verbose_name="typ")

    class Meta(Term.Meta):
        verbose_name = "orsak"
        verbose_name_plural = "orsaker"
        constraints: ClassVar = [models.UniqueConstraint(fields=["type", "code"], name="cause_code_once")]


@pghistory.track(*full_history())
class ComplaintSubject(Term):
    """Vad ett klagomål gäller."""

    class Meta(Term.Meta):
        verbose_name = "klagomålstyp"
        verbose_name_plural = "klagomålstyper"


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
        verbose_name = "rad i resultaträkningen"
        verbose_name_plural = "rader i resultaträkningen"
        ordering: ClassVar = ["position"]
        constraints: ClassVar = [models.UniqueConstraint(fields=["model", "code"], name="account_row_once")]

    def __str__(self) -> str:
        return self.label
