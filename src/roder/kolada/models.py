"""What is known of Kolada beside its values (which lie in a Parquet table, see ``store``): key figures, places, groups
of similar municipalities, and the fetches that were made.

All of it but the fetches is public and the same for everybody; it is replaced when it is fetched again.
"""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models

from roder.organisation.models import Municipality


class Indicator(models.Model):
    """Nyckeltal i Kolada, with when its next values are published."""

    code = models.CharField("Kolada-id", max_length=20, primary_key=True)
    title = models.CharField("nyckeltal", max_length=400)
    description = models.TextField("beskrivning", blank=True)
    area = models.CharField("verksamhetsområde", max_length=200, blank=True)
    by_sex = models.BooleanField("könsuppdelat", default=False)
    has_units = models.BooleanField("finns per enhet", default=False)
    preliminary_on = models.DateField("preliminärt", null=True, blank=True)
    published_on = models.DateField("publiceras", null=True, blank=True)
    published_period = models.CharField("publicerad period", max_length=20, blank=True)

    class Meta:
        verbose_name = "nyckeltal i Kolada"
        verbose_name_plural = "nyckeltal i Kolada"
        ordering: ClassVar = ["code"]

    def __str__(self) -> str:
        return f"{self.title} ({self.code})"


class Place(models.Model):
    """Kommun, region eller riket."""

    code = models.CharField("kod", max_length=20, primary_key=True)
    title = models.CharField("namn", max_length=120)
    kind = models.CharField("slag", max_length=2, blank=True)

    class Meta:
        verbose_name = "kommun i Kolada"
        verbose_name_plural = "kommuner i Kolada"
        ordering: ClassVar = ["title"]

    def __str__(self) -> str:
        return self.title


class Group(models.Model):
    """Jämförelsegrupp: the municipalities that Kolada holds similar to one, in a kind of operations and a year."""

    code = models.CharField("kod", max_length=20, primary_key=True)
    title = models.CharField("namn", max_length=250)
    members = ArrayField(models.CharField(max_length=20), verbose_name="kommuner", default=list)

    class Meta:
        verbose_name = "jämförelsegrupp"
        verbose_name_plural = "jämförelsegrupper"
        ordering: ClassVar = ["title"]

    def __str__(self) -> str:
        return self.title


class Fetch(models.Model):
    """Hämtning: what was asked for, by whom, and how it went."""

    class State(models.TextChoices):
        WAITING = "waiting", "väntar"
        DONE = "done", "klar"
        FAILED = "failed", "gick inte"

    municipality = models.ForeignKey(
        Municipality, models.PROTECT, related_name="kolada_fetches", verbose_name="kommun"
    )
    kpis = ArrayField(models.CharField(max_length=20), verbose_name="nyckeltal", default=list)
    first_year = models.PositiveSmallIntegerField("från och med år")
    last_year = models.PositiveSmallIntegerField("till och med år")
    everybody = models.BooleanField("alla kommuner", default=False)
    example = models.BooleanField("exempelvärden", default=False)
    state = models.CharField("läge", max_length=10, choices=State, default=State.WAITING)
    message = models.TextField("besked", blank=True)
    values_kept = models.PositiveIntegerField("värden", default=0)
    batches = ArrayField(models.BigIntegerField(), verbose_name="inläsningar", default=list)
    asked_at = models.DateTimeField("begärd", db_default=models.functions.Now())
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="begärd av",
    )
    ended_at = models.DateTimeField("slut", null=True, blank=True)

    class Meta:
        verbose_name = "hämtning från Kolada"
        verbose_name_plural = "hämtningar från Kolada"
        ordering: ClassVar = ["-asked_at", "-pk"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(last_year__gte=models.F("first_year")), name="fetch_years_in_order"
            )
        ]

    def __str__(self) -> str:
        return f"{self.municipality} {self.first_year}–{self.last_year}"
