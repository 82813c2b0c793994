"""Bookkeeping files that have been read in: what they hold, added up by month, account, unit and service.

The rows themselves lie as a table (Parquet) beside the database; ``LedgerFile.table`` is its name.
"""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from roder.access.matrix import Resource
from roder.core.models import ImportBatch
from roder.economy.models.lines import money
from roder.organisation.models import Body, Unit
from roder.steering.models import AccountGroup, ServiceCode


class LedgerFile(models.Model):
    """A bookkeeping file of a committee's year. It goes when its import is undone."""

    committee = models.ForeignKey(Body, models.PROTECT, related_name="ledger_files", verbose_name="nämnd")
    year = models.PositiveSmallIntegerField("år")
    batch = models.OneToOneField(ImportBatch, models.PROTECT, related_name="+", verbose_name="inläsning")
    kind = models.CharField("SIE-typ", max_length=4)
    letters = models.CharField("teckentabell", max_length=20)
    program = models.CharField("program", max_length=120, blank=True)
    organisation = models.CharField("organisationsnummer", max_length=30, blank=True)
    name = models.CharField("företag", max_length=200, blank=True)
    generated = models.CharField("skapad", max_length=20, blank=True)
    first_month = models.DateField("från")
    last_month = models.DateField("till och med månad")
    vouchers = models.PositiveIntegerField("verifikationer")
    rows = models.PositiveIntegerField("transaktioner")
    table = models.CharField("tabell", max_length=120, blank=True)

    class Meta:
        verbose_name = "bokföringsfil"
        verbose_name_plural = "bokföringsfiler"
        ordering: ClassVar = ["-batch"]

    class Access:
        resource = Resource.ECONOMY
        committee = "committee"

    def __str__(self) -> str:
        return f"Bokföring {self.year}"


class LedgerAccount(models.Model):
    """An account of a file, with its name and the group that holds it."""

    file = models.ForeignKey(LedgerFile, models.CASCADE, related_name="accounts", verbose_name="fil")
    number = models.CharField("konto", max_length=10)
    name = models.CharField("benämning", max_length=200)
    group = models.ForeignKey(
        AccountGroup, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="kontogrupp"
    )

    class Meta:
        verbose_name = "konto"
        verbose_name_plural = "konton"
        ordering: ClassVar = ["number"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["file", "number"], name="ledger_account_once")
        ]

    class Access:
        resource = Resource.ECONOMY
        committee = "file__committee"

    def __str__(self) -> str:
        return f"{self.number} {self.name}"


class LedgerSum(models.Model):
    """What was booked in a month on an account, for a unit and a service; costs are negative.

    ``unit_code`` and ``service_code`` are the file's own; unit and service are empty when the committee has none with
    that code.
    """

    file = models.ForeignKey(LedgerFile, models.CASCADE, related_name="sums", verbose_name="fil")
    month = models.DateField("månad")
    account = models.CharField("konto", max_length=10)
    group = models.ForeignKey(
        AccountGroup, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="kontogrupp"
    )
    unit = models.ForeignKey(
        Unit, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="enhet"
    )
    unit_code = models.CharField("enhet i bokföringen", max_length=40, blank=True)
    service = models.ForeignKey(
        ServiceCode, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="verksamhet"
    )
    service_code = models.CharField("verksamhet i bokföringen", max_length=40, blank=True)
    internal = models.BooleanField("intern")
    amount = money("belopp")
    rows = models.PositiveIntegerField("transaktioner")

    class Meta:
        verbose_name = "bokförd summa"
        verbose_name_plural = "bokförda summor"
        ordering: ClassVar = ["file", "account", "month"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["file", "account", "month", "unit_code", "service_code", "internal"],
                name="ledger_sum_once",
            )
        ]

    class Access:
        resource = Resource.ECONOMY
        committee = "file__committee"
        unit = "unit"

    def __str__(self) -> str:
        return f"{self.account} {self.month:%Y-%m}"
